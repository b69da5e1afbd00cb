"""Reporting clauses set inside quotation marks, as French news style has them: « A, a répondu X. B. »."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from probata.analyse.claims.lexicon import cue_pattern
from probata.text.quotation import Quotation

_SUBJECT = r"(?:[^,.;:!?«»“”\"]{2,80}(?:,[^,.;:!?«»“”\"]{2,60}(?=,))?)"
CLITIC = re.compile(r"-(?:t-)?(il|elle|ils|elles|on|je|nous)\b", re.IGNORECASE)


@lru_cache(maxsize=4)
def _pattern(lang: str) -> re.Pattern[str]:
    """«, a-t-il dit», «, dit-il», «, a répondu NP» up to the next mark."""
    cue = cue_pattern(lang).pattern
    clitic = r"(?:-(?:t-)?(?:il|elle|ils|elles|on|je)\b(?: \w+é)?[^,.;:!?«»“”\"]{0,50})"
    return re.compile(
        rf"(?<=[,!?…])\s*(?P<cue>{cue})(?:{clitic}|\s+{_SUBJECT})?(?=[,.;!?»”\"])", re.IGNORECASE
    )


def incises(text: str, quotes: Iterable[Quotation], lang: str) -> list[tuple[int, int]]:
    """Spans of reporting clauses within quotations; only French is known to set them there.

    A clause that ends with the quotation itself is none: there the mark would stand before it.
    """
    if lang != "fr":
        return []
    found: list[tuple[int, int]] = []
    for quote in quotes:
        if quote.depth:
            continue
        for match in _pattern(lang).finditer(text, quote.start, quote.end):
            start = match.start("cue")
            if match.end() < quote.end - 1 and _inverted(text, match):
                found.append((start, match.end()))
                break
    return found


def _inverted(text: str, match: re.Match[str]) -> bool:
    """Verb before subject: a clitic, or a noun phrase that starts with a capital, a title or an article."""
    rest = match.group()[match.end("cue") - match.start() :]
    if "-t-" in match.group("cue") or CLITIC.search(match.group()):
        return True
    return bool(re.match(r"\s+(?:[A-ZÀ-Ý]|(?:le|la|les|un|une|son|sa|leur|M\.|Mme)\b|l[’'])", rest))
