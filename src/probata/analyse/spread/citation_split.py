"""The words in the name of a domain: "washingtonpost" is "Washington Post"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from probata.text.tokens import Tokens, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]
Vocabulary = Array
"""Numbers of words that occur in the texts."""

_LABEL = re.compile(r"[a-z]{5,28}")
_MOST_WORDS = 5
_MOST = 8
"""Readings of one label, those of fewest words first."""
_SAMPLE, _BLOCKS = 1 << 20, 64


def vocabulary(tokens: Tokens) -> Vocabulary:
    """The words of the texts; of many texts those of a million words from all over them, which hold every word that is
    common enough to be part of several outlets' names.
    """
    slots = tokens.slots[: int(tokens.last.max(initial=0))]
    if len(slots) > _SAMPLE:
        size = _SAMPLE // _BLOCKS
        begins = np.linspace(0, len(slots) - size, _BLOCKS).astype(np.int64).tolist()
        slots = np.concatenate([slots[begin : begin + size] for begin in begins])
    return np.unique(slots)


def split_names(labels: Sequence[str], known: Vocabulary | None) -> dict[str, list[str]]:
    """Ways to read a label as two words or more that occur in the texts. Which is meant need not be decided: a text
    names an outlet only where the words stand together, with capitals.
    """
    asked = [label for label in labels if _LABEL.fullmatch(label)]
    if known is None or not asked:
        return {}
    parts = sorted({part for label in asked for part in _parts(label)})
    numbers = tokenise(to_bytes(parts), 1).slots[: len(parts)]
    place = np.minimum(np.searchsorted(known, numbers), max(0, len(known) - 1))
    occurs = known[place] == numbers if len(known) else np.zeros(len(parts), bool)
    words = {parts[k] for k in np.flatnonzero(occurs).tolist()}
    read = {label: sorted(_readings(label, words), key=len)[:_MOST] for label in asked}
    return {label: [_titled(words) for words in found] for label, found in read.items() if found}


def _parts(label: str) -> Iterator[str]:
    size = len(label)
    for begin in range(size - 1):
        for end in range(begin + 2, size + 1):
            if end - begin < size:
                yield label[begin:end]


def _readings(label: str, words: set[str], many: int = _MOST_WORDS) -> Iterator[list[str]]:
    for end in range(2, len(label) - 1) if many > 1 else ():
        if label[:end] in words:
            if label[end:] in words:
                yield [label[:end], label[end:]]
            for rest in _readings(label[end:], words, many - 1):
                yield [label[:end], *rest]


def _titled(words: Sequence[str]) -> str:
    small = ("of", "and", "de", "du", "des", "et", "y", "und")
    return " ".join(word if at and word in small else word.capitalize() for at, word in enumerate(words))
