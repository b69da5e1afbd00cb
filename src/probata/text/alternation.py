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
_QUANTIFIERS = ("?", "*", "+", "{")
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
        parts.append(f"{bound}{_ahead(inner)}(?:{_tree(inner)})" if bound else _tree(inner))
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
    found = _BOUNDS.match(alternative)
    return found.group() if found else ""


def _closing(expression: str, start: int) -> int:
    """Where the group closes whose inside begins at a place."""
    marks = _marks(expression[start:])
    return start + next(at for at, letter, depth in marks if letter == ")" and depth < 0)


def _optional(alternative: str, opening: re.Match[str] | None) -> bool:
    """Whether the group that an alternative begins with may be absent or come again."""
    return opening is not None and alternative[_closing(alternative, opening.end()) + 1 :][:1] in _QUANTIFIERS


def _opened(alternative: str) -> list[str]:
    """``(a|b)`` as its alternatives; of ``(a|b)c`` the group by first letters; anything else as it is."""
    opening = _GROUP.match(alternative)
    if opening is None:
        return [alternative]
    end = _closing(alternative, opening.end())
    inner, after = alternatives(alternative[opening.end() : end]), alternative[end + 1 :]
    if len(after) <= _SHORT and not _optional(alternative, opening):
        return [one + after for one in inner]
    return [f"(?:{_tree(inner)}){after}"]


def _ahead(some: Sequence[str]) -> str:
    """A look at the first letter, where all alternatives have one that can be told: most words end there."""
    letters: set[str] = set()
    for one in some:
        opening = _GROUP.match(one)
        inner = [one] if opening is None else alternatives(one[opening.end() : _closing(one, opening.end())])
        if not all(_PLAIN.match(other) for other in inner) or _optional(one, opening):
            return ""
        letters.update(other[0] for other in inner)
    return f"(?=[{''.join(sorted(letters))}])"


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
