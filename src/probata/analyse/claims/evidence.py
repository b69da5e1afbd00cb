"""What a statement cites for itself, and whether its source is named.

``evidence`` of a row is a list of {kind, text, start, end}; kinds: document, data, link, study, official, anonymous.
An empty list says that nothing was cited in the statement itself.
"""

from __future__ import annotations

import re
from typing import Any

from probata.analyse.claims.acts import pattern
from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal

KINDS = ("document", "data", "link", "study", "official", "anonymous")

_WINDOW = 600
"""Code points of a span that are looked at."""
_LINK = re.compile(r"https?://[^\s<>\"”»)]+|\bwww\.[^\s<>\"”»)]+")


def anonymous(document: Document, proposal: Proposal) -> bool:
    """Whether the source is spoken of without a name: "officials who asked not to be named"."""
    if proposal.source is None:
        return False
    start, end = proposal.source
    return bool(pattern(document.lang, "patterns", "anonymous").search(document.text[start:end].lower()))


def evidence_of(document: Document, proposal: Proposal) -> list[dict[str, Any]]:
    """Evidence cited in the source phrase or the content of one statement, each span verbatim."""
    found: list[dict[str, Any]] = []
    spans = [*([proposal.source] if proposal.source else []), *proposal.content]
    for start, end in spans:
        for kind in ("document", "data", "study", "official"):
            _add(found, document, kind, pattern(document.lang, "evidence", kind), (start, end))
        _add(found, document, "link", _LINK, (start, end))
    if anonymous(document, proposal) and proposal.source is not None:
        start, end = proposal.source
        found.append({"kind": "anonymous", "text": document.text[start:end], "start": start, "end": end})
    return sorted(found, key=lambda item: (item["start"], item["kind"]))


def _add(
    found: list[dict[str, Any]], document: Document, kind: str, what: re.Pattern[str], span: tuple[int, int]
) -> None:
    """Add the first match of a kind within a span; a kind is cited once a statement."""
    if any(item["kind"] == kind for item in found):
        return
    match = what.search(document.text, span[0], min(span[1], span[0] + _WINDOW))
    if match:
        found.append({"kind": kind, "text": match.group(), "start": match.start(), "end": match.end()})
