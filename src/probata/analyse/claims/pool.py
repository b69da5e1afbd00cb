"""Articles over several processes: in chunks of one language, how many processes they are worth."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from probata.analyse.claims.document import Document

CHUNK = 8
"""Articles of one language that are read at once."""
WORTH = {True: 40, False: 2_000}
"""Articles from which a further process is worth its start, with a parser and without."""

Plain = tuple[str, str, str]
"""Id, text and language of an article."""


def chunks(documents: Sequence[Document]) -> list[list[Plain]]:
    """Articles by language in pieces of ``CHUNK``, in order."""
    ordered = sorted(documents, key=lambda document: document.lang)
    pieces = []
    for _, group in groupby(ordered, key=lambda document: document.lang):
        plain = [(document.id, document.text, document.lang) for document in group]
        pieces += [plain[first : first + CHUNK] for first in range(0, len(plain), CHUNK)]
    return pieces
