"""Quotation rules: the floor, any language, no model.

Each quotation of some length is a content. Cue and source are looked for in what stands between it and the next
mark: a cue form beside a name or pronoun; without one the content stands alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from probata.analyse.claims.document import Document, Span
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.rules_cue import beside

_MIN_WORDS = 4
"""Words from which a quotation counts as speech; shorter ones are mostly names and scare quotes."""


class Quotes:
    """Engine ``quotes``."""

    name = "quotes"
    version = "2"

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
        """See ``Extractor.extract``."""
        for document in documents:
            yield document, quotation_proposals(document, _MIN_WORDS)


def quotation_proposals(document: Document, minimum: int) -> list[Proposal]:
    """One proposal a spoken quotation; pieces around one cue ("A", she said, "B") and running paragraphs join."""
    found: list[Proposal] = []
    for quote in document.quotations:
        if quote.depth:
            continue
        span = (quote.start, quote.end)
        words = document.text.count(" ", *span) + 1
        if words < 2:
            continue
        source, cue, lemma = beside(document, span)
        if words < minimum and (source is None or not _set_off(document.text, span)):
            continue
        last = found[-1] if found else None
        if last is not None and (
            quote.continues or (last.cue is not None and _split(document, last, span, cue))
        ):
            joined = (*last.content, span)
            found[-1] = Proposal(
                joined, last.source or source, last.cue or cue, last.confidence, last.lemma or lemma
            )
        else:
            found.append(Proposal((span,), source, cue, 0.6 if source else 0.3, lemma))
    return found


def _set_off(text: str, span: Span) -> bool:
    """Whether a comma, colon or dash sets the quotation off: a short one is speech then, not a name."""
    inside, after = text[span[0] : span[1]].rstrip('"”»“ ')[-1:], text[span[1] : span[1] + 2].strip()[:1]
    return inside == "," or after in tuple(",—–-") or text[: span[0]].rstrip()[-1:] == ":"


def _split(document: Document, last: Proposal, span: Span, cue: Span | None) -> bool:
    """Whether this quotation goes on with the last one: same paragraph, no cue of its own in between."""
    between = document.text[last.content[-1][1] : span[0]]
    own = cue is not None and cue != last.cue
    return "\n" not in between and not own and len(between) < 120
