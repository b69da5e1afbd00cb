"""Statements by the order of words alone, in any language: what quotation, clause and tree rules have left over.

«NP accuses NP of X» and «NP will not comment on X»: what follows the cue up to the end of its clause; «X, says NP»:
the clause before the cue. Several cues of a sentence may share the subject of the first.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache

from probata.analyse.claims.document import Document, Span
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.lexicon import lemma_of, lexicon, object_pattern, words_of
from probata.analyse.claims.rules_cue import noun_phrase_after, noun_phrase_before

_AND = r"(?:and|but|while|et|mais|tandis que|alors que|und|aber|während|y|e|pero|mientras|и|но|а)"
_JOINS = re.compile(rf",?\s+{_AND}\s*$", re.IGNORECASE)
_ONLY_JOINS = re.compile(rf"\W*(?:{_AND})?\W*(?:[a-z]+(?:ly|ment|mente)\W*)?$", re.IGNORECASE)
"""Nothing but a conjunction before a cue: its subject is that of the cue before."""
_TRIM = " \t\n,:;–—-"


def leftover(document: Document, taken: Iterable[Span], objects: bool = True) -> list[Proposal]:
    """Proposals around the cues outside quotation marks that touch nothing taken.

    Without ``objects`` a cue must have a conjunction, or its speaker behind it.
    """
    busy = _Busy(taken)
    found: list[Proposal] = []
    for sentence in document.sentences:
        cues = [c for c in document.cues(*sentence) if not document.mask[c[0]] and not busy.touches(c)]
        before: Proposal | None = None
        for place, cue in enumerate(cues):
            bound = cues[place + 1] if place + 1 < len(cues) else None
            right = _right(document, cue[1], sentence[1], bound)
            proposal = _inverted(document, cue, sentence, busy)
            if proposal is None and (objects or _that(document.lang).match(document.text, cue[1], right)):
                proposal = _direct(document, cue, (sentence[0], right), before)
            if proposal is None or any(busy.touches(span) for span in proposal.content):
                continue
            shared = before is not None and proposal.source == before.source
            if proposal.source is not None and not shared and busy.touches(proposal.source):
                continue
            found.append(proposal)
            busy.add(*proposal.content, cue)
            before = proposal
    return found


class _Busy:
    """Spans taken so far."""

    def __init__(self, spans: Iterable[Span]) -> None:
        self._spans = sorted(spans)

    def touches(self, span: Span) -> bool:
        place = bisect_left(self._spans, (span[1], 0))
        return any(a < span[1] and span[0] < b for a, b in self._spans[max(0, place - 4) : place])

    def add(self, *spans: Span) -> None:
        self._spans = sorted([*self._spans, *spans])


def _right(document: Document, start: int, end: int, following: Span | None) -> int:
    """Where the clause after a cue ends: at a semicolon, at the conjunction before the next cue, with the sentence."""
    text = document.text
    stop = text.find(";", start, end)
    end = stop if stop >= 0 else end
    if following is not None and following[0] < end:
        floor = noun_phrase_before(document, start, following[0])
        for place in (floor[0] if floor else following[0], following[0]):
            joins = _JOINS.search(text, start, place)
            if joins:
                return joins.start()
    return end


def _direct(document: Document, cue: Span, within: Span, before: Proposal | None) -> Proposal | None:
    """«NP cue REST»; a cue that needs a conjunction must have one."""
    text, lang = document.text, document.lang
    form = document.low[cue[0] : cue[1]]
    if not object_pattern(lang).fullmatch(form) and not _that(lang).match(text, cue[1], within[1]):
        return None
    left = before.content[-1][1] if before is not None else within[0]
    source = noun_phrase_before(document, left, cue[0])
    if source is None and before is not None and _ONLY_JOINS.fullmatch(text[left : cue[0]]):
        source = before.source
    content = _trimmed(text, (cue[1], within[1]))
    if source is None or content is None:
        return None
    return Proposal((content,), source, cue, 0.4, lemma_of(lang, form), frame="linear")


def _inverted(document: Document, cue: Span, sentence: Span, busy: _Busy) -> Proposal | None:
    """«CLAUSE, cue NP»: a comma right before the cue, nothing but the speaker after it."""
    text = document.text
    if text[sentence[0] : cue[0]].rstrip()[-1:] != ",":
        return None
    source = noun_phrase_after(document, cue[1], sentence[1])
    if (
        source is None
        or source[0] - cue[1] > 2
        or text[source[1] : source[1] + 1] not in (",", ".", ";", ":", "")
    ):
        return None
    start = max((text.rfind(mark, sentence[0], cue[0]) + 1 for mark in ";:"), default=0) or sentence[0]
    content = _trimmed(text, (start, cue[0]))
    if content is None or text.count(" ", *content) < 2 or busy.touches(content):
        return None
    return Proposal(
        (content,), source, cue, 0.4, lemma_of(document.lang, document.low[cue[0] : cue[1]]), frame="linear"
    )


@lru_cache(maxsize=8)
def _that(lang: str) -> re.Pattern[str]:
    words = words_of(lexicon(lang).raw.get("subordinators") or [])
    joined = "|".join(re.escape(word) for word in words) or r"(?!)"
    return re.compile(rf"\s*,?\s*(?:\w+ )?(?:{joined})(?:(?<=[’'])|(?=[\s’']))", re.IGNORECASE)


def _trimmed(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and (text[end - 1] in _TRIM or text[end - 1] == "."):
        end -= 1
    return (start, end) if end - start > 2 else None
