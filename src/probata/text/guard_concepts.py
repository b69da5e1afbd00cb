"""Words that mean one thing in five languages: countries, those who act, opposite ends of a scale, ordinals.

A sentence encoder puts "mayor" beside "prefect" and "banned" beside "allowed". Here a table of such words
(``probata/data/guard/concepts.txt``, general knowledge, written for this) tells the same from the other. Russia, the
Russians and Moscow are one place: news names a government by its capital.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["Concepts", "concepts", "stands_for"]

Bits = npt.NDArray[np.int64]

LANGUAGES = ("en", "fr", "de", "es", "ru")
KINDS = ("place", "city", "actor", "order", "high", "low")
"""``high`` and ``low`` are the two ends of the scales (``axis`` in the table)."""
_HALF, _NUMBERS = 62, 5
"""Concepts of a kind that go into one number, and numbers a kind."""

_Rows = list[tuple[re.Pattern[str], int, int]]


@dataclass(frozen=True, slots=True)
class Concepts:
    """What each of some words stands for: one set of bits a word and kind, shape (words, len(KINDS), 5)."""

    bits: Bits

    def of(self, kind: str) -> Bits:
        """Bits of one kind, five numbers a word, shape (words, 5)."""
        return np.asarray(self.bits[:, KINDS.index(kind)])

    def has(self, kind: str) -> npt.NDArray[np.bool_]:
        """Which words stand for something of a kind."""
        return np.asarray(self.of(kind).any(axis=1))

    def any(self, kind: str) -> int:
        """All concepts of one kind in the sentence."""
        parts = np.bitwise_or.reduce(self.of(kind), axis=0, initial=0).tolist()
        return sum(int(part) << _HALF * place for place, part in enumerate(parts))


def concepts(
    words: Sequence[str], lang: str, chosen: Sequence[int], capital: Sequence[bool] = ()
) -> Concepts:
    """Concepts of the lower-cased words at the positions ``chosen``; an expression of two counts at its first.

    ``capital`` tells which words were written with a capital: others are no cities, but for Russian adjectives.
    """
    found = np.zeros((len(words), len(KINDS), _NUMBERS), dtype=np.int64)
    for i, word in enumerate(words):
        pair = f"{word}_{words[i + 1]}" if i + 1 < len(words) else ""
        joint = stands_for(pair, lang) if pair else ()
        for kind, bit in (*(() if joint else stands_for(word, lang)), *joint):
            found[i, kind, bit // _HALF] |= 1 << bit % _HALF
    if len(capital) and lang != "ru":
        found[~np.array(capital, bool), KINDS.index("city")] = 0
    return Concepts(found[list(chosen)])


@lru_cache(maxsize=131072)
def stands_for(word: str, lang: str) -> tuple[tuple[int, int], ...]:
    """Concepts of one lower-cased word (or of two joined by "_"): pairs of kind and bit."""
    wanted = "_" in word
    tables = [_tables()[lang]] if lang in LANGUAGES else list(_tables().values())
    rows = [row for table in tables for row in (*table.get(word[:2], ()), *table.get("", ()))]
    return tuple(
        dict.fromkeys(
            (kind, bit)
            for expression, kind, bit in rows
            if ("_" in expression.pattern) == wanted and expression.match(word)
        )
        | (dict.fromkeys(_form(word)) if lang != "ru" else {})
    )


_ENDINGS = ("", "s", "er", "ers", "ern", "e", "en")
"""Endings of a name in Latin letters that leave it the same name (Berlins, Grazer, sudanesischen)."""


def _form(word: str) -> list[tuple[int, int]]:
    """The city or country that a word in Latin letters names."""
    forms = _forms()
    return [
        forms[stem]
        for end in _ENDINGS
        if word.endswith(end) and (stem := word[: len(word) - len(end)]) in forms
    ][:1]


@lru_cache(maxsize=1)
def _forms() -> dict[str, tuple[int, int]]:
    return {form: (kind, bit) for kind, bit, forms, _ in _cities() for form in forms}


def _cities() -> list[tuple[int, int, list[str], list[str]]]:
    """Kind, bit, forms in Latin letters and Russian stems of each line; bits go on behind those of the first table."""
    text = resources.files("probata").joinpath("data/guard/cities.txt").read_text(encoding="utf-8")
    counts = {"city": 0, "place": _COUNTRIES}
    rows = []
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        kind, forms, stems = (part.split() for part in line.split(" | "))
        rows.append((KINDS.index(kind[0]), counts[kind[0]], forms, stems))
        counts[kind[0]] += 1
    return rows


_COUNTRIES = 80
"""Bit at which the countries of the second table begin."""


@lru_cache(maxsize=1)
def _tables() -> dict[str, dict[str, _Rows]]:
    """Expressions by language and first two letters ("" where the beginning is open)."""
    text = resources.files("probata").joinpath("data/guard/concepts.txt").read_text(encoding="utf-8")
    tables: dict[str, dict[str, _Rows]] = {lang: {} for lang in LANGUAGES}
    numbers: dict[str, dict[str, int]] = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        head, *columns = line.split(" | ")
        kind, bit = _place(head.split(), numbers)
        for lang, column in zip(LANGUAGES, columns, strict=True):
            for stem in column.split():
                start = stem[:2] if re.fullmatch(r"\w{2}", stem[:2]) and stem[2:3] not in "?*{" else ""
                start = "" if stem[2:3] and stem[2:3] in "?*{" else start
                tables[lang].setdefault(start, []).append((re.compile(stem), kind, bit))
    for kind, bit, _, stems in _cities():
        for stem in stems:
            tables["ru"].setdefault(stem[:2] if stem[2:3] not in "?*{[" else "", []).append(
                (re.compile(stem), kind, bit)
            )
    return tables


def _place(head: list[str], numbers: dict[str, dict[str, int]]) -> tuple[int, int]:
    """Kind and bit of a line: keys are numbered as they come, both ends of a scale alike."""
    kind, key = head
    own = numbers.setdefault(kind, {})
    bit = own.setdefault(key.rstrip("+-"), len(own))
    if kind == "axis":
        kind = "high" if key.endswith("+") else "low"
    return KINDS.index(kind), bit


def likeness_of(a: Concepts, b: Concepts, likeness: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Likeness of words corrected: one concept is alike, two concepts of one kind are not; opposites stand in line."""
    result = likeness
    for kind in ("city", "place", "actor", "order"):
        same = _share(a.of(kind), b.of(kind))
        other = a.has(kind)[:, None] & b.has(kind)[None, :] & ~same
        result = np.where(same, np.maximum(result, 0.9), np.where(other, np.minimum(result, 0.4), result))
    return np.asarray(np.where(_on_one_scale(a, b), np.maximum(result, 0.75), result), dtype=np.float32)


def _on_one_scale(a: Concepts, b: Concepts) -> Any:
    return _share(a.of("high") | a.of("low"), b.of("high") | b.of("low"))


def _share(one: Bits, two: Bits) -> Any:
    """Whether words have a concept in common, shape (len(one), len(two))."""
    return ((one[:, None, :] & two[None, :, :]) != 0).any(axis=2)


def opposed(a: Concepts, b: Concepts) -> int:
    """How many scales the two sentences stand at opposite ends of (a sentence at both ends stands at none)."""
    high = (a.any("high"), b.any("high"))
    low = (a.any("low"), b.any("low"))
    up, down = (high[0] & ~low[0], high[1] & ~low[1]), (low[0] & ~high[0], low[1] & ~high[1])
    return ((up[0] & down[1]) | (down[0] & up[1])).bit_count()


def in_common(a: Concepts, b: Concepts, kind: str) -> tuple[int, int, int]:
    """Concepts of a kind that both have, that only the first has, that only the second has."""
    one, two = a.any(kind), b.any(kind)
    return (one & two).bit_count(), (one & ~two).bit_count(), (two & ~one).bit_count()
