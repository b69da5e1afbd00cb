"""Long lists of alternatives as a tree of their first letters: the same matches, several times as fast.

Python's engine tries the alternatives of ``\\b(deny|reject|...)`` one by one at every word. Here those that share their
first letters share a branch, so that a word is passed over after a few looks. Only alternatives that begin with plain
letters are moved, and none past one that does not: at any place the first alternative that fits stays the first.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

_BOUNDS = re.compile(r"(?:\\b|\(\?<[!=][^()]*\))*")
_GROUP = re.compile(r"\((?:\?:|(?!\?))")
_SHORT = 12
"""Length of what stands after a group up to which it is written out behind each alternative."""
_PLAIN = re.compile(r"[^\W_](?![?*+{])| (?![?*+{])")
"""A letter that must be there."""


def factored(expression: str) -> str:
    """The expression with the alternatives of its outermost groups by first letters; nothing is captured any more.

    No group may be named or referred to.
    """
    parts: list[str] = []
    for bound, run in itertools.groupby(alternatives(expression), key=_bound):
        inner = [part for one in run for part in _opened(one[len(bound) :])]
        parts.append(f"{bound}(?:{_tree(inner)})" if bound else _tree(inner))
    return "|".join(parts)


def alternatives(expression: str) -> list[str]:
    """The parts between the bars that stand in no group and no set of characters."""
    bars = [at for at, letter, depth in _marks(expression) if letter == "|" and not depth]
    edges = [-1, *bars, len(expression)]
    return [expression[a + 1 : b] for a, b in itertools.pairwise(edges)]


def _marks(expression: str) -> Iterator[tuple[int, str, int]]:
    """(place, mark, groups around it) of brackets and bars that mean something."""
    depth, at = 0, 0
    while at < len(expression):
        letter = expression[at]
        if letter == "\\":
            at += 1
        elif letter == "[":
            at = _set_end(expression, at)
        elif letter in "()|":
            depth += (letter == "(") - (letter == ")")
            yield at, letter, depth
        at += 1


def _set_end(expression: str, start: int) -> int:
    """Where a set of characters closes; a bracket right after its start is one of the characters."""
    at = start + 1 + (expression[start + 1] == "^")
    at += expression[at] == "]"
    while expression[at] != "]":
        at += 2 if expression[at] == "\\" else 1
    return at


def _bound(alternative: str) -> str:
    """The bounds that an alternative begins with: what is the same at a place for all that have it."""
    return _BOUNDS.match(alternative).group()  # type: ignore[union-attr] - it matches everywhere


def _opened(alternative: str) -> list[str]:
    """``(a|b)`` as its alternatives; of ``(a|b)c`` the group by first letters; anything else as it is."""
    opening = _GROUP.match(alternative)
    if opening is None:
        return [alternative]
    start = opening.end()
    rest = alternative[start:]
    end = start + next(at for at, letter, depth in _marks(rest) if letter == ")" and depth < 0)
    inner, after = alternatives(alternative[start:end]), alternative[end + 1 :]
    if len(after) <= _SHORT and after[:1] not in ("?", "*", "+", "{"):
        return [one + after for one in inner]
    return [f"(?:{_tree(inner)}){after}"]


def _tree(some: Sequence[str]) -> str:
    """Alternatives joined; of those side by side that begin with plain letters each letter only once."""
    parts: list[str] = []
    for plain, run in itertools.groupby(some, key=lambda one: bool(_PLAIN.match(one))):
        if not plain:
            parts += run
            continue
        by_letter: dict[str, list[str]] = {}
        for one in run:
            by_letter.setdefault(one[0], []).append(one[1:])
        parts += [a + (f"(?:{_tree(rest)})" if len(rest) > 1 else rest[0]) for a, rest in by_letter.items()]
    return "|".join(parts)
