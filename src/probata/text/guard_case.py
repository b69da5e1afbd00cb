"""Russian endings: whether a word of a name is one who does something, or one to or by whom it is done.

Russian tells roles by endings, not by order. By themselves the endings are often ambiguous ("Соболева" is a woman who
acts or a man whom somebody accuses); the same name in another language, which keeps its first form, decides.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["BY", "DOES", "TO", "case_beside", "case_of"]

DOES, TO, BY = 1, -1, 2
"""First form; a form of one to whom something is done; the instrumental (the doer of a passive)."""

_BY = re.compile(r".{2,}(?:ом|ем|ём|ами|ями|ым|им)$")
_TO = re.compile(r".{2,}(?:у|ю|ого|его|ому|ему|ых|их|ам|ям|ах|ях)$")
_SOFT_BY = re.compile(r".{2,}(?:ой|ей|ою|ею)$")
_OPEN = frozenset("aeiouy")


@lru_cache(maxsize=65536)
def case_of(word: str) -> int:
    """What the ending of one lower-cased word tells by itself; 0 where it may be several."""
    if _BY.match(word):
        return BY
    if _TO.match(word):
        return TO
    if word.endswith(("ый", "ий", "ец", "ик", "ор", "ер", "ент", "ист", "тель", "арь", "яя", "ая")):
        return DOES
    return 0


@lru_cache(maxsize=65536)
def case_beside(word: str, other: str) -> int:
    """What the ending of a Russian name tells beside the same name in Latin letters (both lower-cased)."""
    if other.endswith(("o", "e", "i", "u", "y", "s")) or not other:
        return case_of(word)  # such names take no ending, or none that shows
    open_end = other.endswith("a")
    if open_end:
        if word.endswith(("а", "я")):
            return DOES
        return BY if _SOFT_BY.match(word) else TO
    if word.endswith(("а", "я", "у", "ю", "е", "ы", "и", "ого", "ому")):
        return TO
    if _BY.match(word) and not other.endswith(("m", "y")):
        return BY
    return DOES
