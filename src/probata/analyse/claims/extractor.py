"""The contract of every engine: documents in, attributions out, each span verbatim in the text.

``attributions(document, engine)`` is the only way into the tables: it rejects what is not verbatim, whoever
proposed it, so that no engine, rule or language model can put words into an article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

from probata.analyse.claims.document import Document, Span


@dataclass(frozen=True, slots=True)
class Proposal:
    """What an engine proposes: spans as (start, end) in code points, end exclusive.

    ``text`` of a span that the engine claims to have read, if it gives one, is in ``quoted`` (source, cue, content
    in that order as given) and is compared with the document.
    """

    content: tuple[Span, ...]
    source: Span | None = None
    cue: Span | None = None
    confidence: float = 0.5
    lemma: str = ""
    """Dictionary form of the cue, for the act."""
    negated: bool = False
    frame: str = ""
    """What tied content to cue (clause, object, beside ...): for looking into results."""
    quoted: tuple[tuple[Span, str], ...] = ()


class Extractor(Protocol):
    """One engine. ``name`` and ``version`` travel with every row that it proposes."""

    name: str
    version: str

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
        """Yield each document with its proposals, documents in order."""
        ...


def verbatim(document: Document, proposal: Proposal) -> bool:
    """Whether every span lies in the text, holds something, and says what the engine says it does."""
    spans = [*proposal.content, *(s for s in (proposal.source, proposal.cue) if s is not None)]
    size = len(document.text)
    if not proposal.content or any(not 0 <= start < end <= size for start, end in spans):
        return False
    if any(not document.text[start:end].strip() for start, end in spans):
        return False
    return all(document.text[start:end] == text for (start, end), text in proposal.quoted)
