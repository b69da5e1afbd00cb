"""Unicode folding for comparison: what looks or reads the same becomes the same, with a way back to the text.

One table a code point (``fold_tables``) serves both the fast tokeniser and ``normalise``. Folding is NFKC and full
case folding (Unicode 3.13), accents dropped (French capitals lose them, decomposed text writes them apart), letters
of other scripts that look like Latin ones taken for these (a small part of the confusables of UTS #39), zero-width
characters and soft hyphens removed. Everything that is no letter and no digit separates words: guillemets, every
kind of space, apostrophes, hyphens, the mark of a hashtag.
"""

from __future__ import annotations

import functools
import unicodedata
from typing import Any, NamedTuple

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

SEPARATOR, WORD, IGNORED, EXPANDS, ALONE = 0, 1, 2, 3, 4
"""Classes of code points: between words; in words; as if absent; folds to several; a word by itself (ideographs)."""
UPPER = 8
"""Flag beside the class: a capital, where a hashtag such as #MacronLeaks starts its next word."""
LIMIT = 0x20000
"""Code points from here on are ideographs (below 0x40000) or ignored (tags, selectors)."""

VERSION = "1"

_LOOKALIKES = str.maketrans(
    "авсенкмортухіјѕԁԛԝһӏүґ" + "αβεζηικμνορτυχ" + "ıɑɡɩʟɪⅼ",
    "abcehkmoptyxijsdqwhlyr" + "abezhikmvoptux" + "iagilil",
)
_LIGATURES = {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th"}
_MARKS = (
    (0x0300, 0x036F),
    (0x0483, 0x0487),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE20, 0xFE2F),
)
_IDEOGRAPHS = ((0x3040, 0x30FF), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF))
_PLAIN = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0xAC00, 0xD7A3),
    (0xA000, 0xA48F),
    (0x13000, 0x1467F),
    (0x17000, 0x18CFF),
)
"""Ranges whose letters fold to themselves: not asked one by one."""
_IGNORED = {0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180E, 0x2060, 0x3164, 0xFEFF, 0xFFA0}


class FoldTables(NamedTuple):
    """Class, folded code point (or start in ``sequence``) and length of the sequence for each code point."""

    kind: Array  # uint8 [LIMIT]
    folded: Array  # uint32 [LIMIT]
    length: Array  # uint8 [LIMIT]
    sequence: Array  # uint32: the folded code points of those that expand


@functools.cache
def fold_tables() -> FoldTables:
    """Build the table once a process (about a tenth of a second)."""
    kind = np.zeros(LIMIT, np.uint8)
    folded = np.arange(LIMIT, dtype=np.uint32)
    length = np.ones(LIMIT, np.uint8)
    sequence: list[int] = []
    for low, high in _PLAIN:
        kind[low : high + 1] = WORD
    for low, high in _IDEOGRAPHS:
        kind[low : high + 1] = ALONE
    plain = kind != 0
    for point in range(LIMIT):
        if plain[point] and point < 0xF900:
            continue
        _classify(point, (kind, folded, length), sequence)
    for point in _IGNORED:
        kind[point] = IGNORED
    return FoldTables(kind, folded, length, np.array(sequence or [0], np.uint32))


def _classify(point: int, tables: tuple[Array, Array, Array], sequence: list[int]) -> None:
    kind = tables[0]
    sign = chr(point)
    if not sign.isalnum():
        category = unicodedata.category(sign)
        if _is_mark(point) or category in ("Cf", "Me") or 0xFE00 <= point <= 0xFE0F:
            kind[point] = IGNORED
        elif category in ("Mn", "Mc"):
            kind[point] = WORD
        elif category == "So":
            _set(point, _folded(sign), tables, sequence)  # circled and squared letters
        return
    _set(point, _folded(sign), tables, sequence)
    if sign.isupper():
        kind[point] |= UPPER


def _set(point: int, target: str, tables: tuple[Array, Array, Array], sequence: list[int]) -> None:
    kind, folded, length = tables
    if not target:
        return
    if kind[point] != ALONE:
        kind[point] = WORD if len(target) == 1 else EXPANDS
    if len(target) == 1:
        folded[point] = ord(target)
    elif kind[point] == EXPANDS:
        folded[point], length[point] = len(sequence), len(target)
        sequence.extend(ord(item) for item in target)


def _folded(sign: str) -> str:
    """What one sign becomes: letters and digits only, marks taken off."""
    plain = unicodedata.normalize("NFKC", sign).casefold()
    apart = unicodedata.normalize("NFKD", plain)
    kept = "".join(item for item in apart if item.isalnum() and not _is_mark(ord(item)))
    kept = unicodedata.normalize("NFC", kept.translate(_LOOKALIKES))
    return "".join(_LIGATURES.get(item, item) for item in kept)


def _is_mark(point: int) -> bool:
    return any(low <= point <= high for low, high in _MARKS)


def normalise(text: str) -> tuple[str, Array]:
    """Fold a text into words with one space between them, and say where each sign came from.

    Returns ``(folded, offsets)``: ``offsets[i]`` is the code point of ``text`` behind sign ``i`` of ``folded``, and
    ``offsets[len(folded)] == len(text)``; spaces carry the place of the sign that separates.
    """
    tables = fold_tables()
    signs: list[str] = []
    places: list[int] = []
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    for place, point in enumerate(points.tolist()):
        kind = int(tables.kind[point]) & 7 if point < LIMIT else (ALONE if point < 0x40000 else IGNORED)
        if kind == IGNORED:
            continue
        if kind == SEPARATOR:
            if signs and signs[-1] != " ":
                signs.append(" ")
                places.append(place)
            continue
        target = _target(tables, point, kind)
        signs.extend(target)
        places.extend([place] * len(target))
    if signs and signs[-1] == " ":
        signs.pop()
        places.pop()
    return "".join(signs), np.array([*places, len(text)], np.int64)


def _target(tables: FoldTables, point: int, kind: int) -> str:
    if point >= LIMIT:
        return chr(point)
    start = int(tables.folded[point])
    if kind != EXPANDS:
        return chr(start)
    return "".join(map(chr, tables.sequence[start : start + int(tables.length[point])].tolist()))
