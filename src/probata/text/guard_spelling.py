"""Words spelled alike, all against all: inflected, transliterated or misspelled forms of one name.

Letters are numbers, so that two sentences take a few array operations and no loop over words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probata.text.guard_tokens import latin, skeleton

__all__ = ["Spelling", "name_likeness", "spelled_alike", "spelling"]

_LETTERS, _BONES = 14, 10
"""Letters looked at; longer words are cut (their likeness rests on how they begin)."""

Letters = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Spelling:
    """Letters of some words from the front, and of their skeletons from the front and from the back."""

    letters: Letters
    length: Letters
    bones: Letters
    turned: Letters
    bone_length: Letters


def spelling(words: Sequence[str]) -> Spelling:
    """Words as numbers, shape (words, letters); short words are filled with zeros."""
    plain, bone = [latin(word) for word in words], [skeleton(word) for word in words]
    return Spelling(
        _numbers(plain, _LETTERS),
        np.array([len(word) for word in plain], np.int32),
        _numbers(bone, _BONES),
        _numbers([word[::-1] for word in bone], _BONES),
        np.array([len(word) for word in bone], np.int32),
    )


def _numbers(words: Sequence[str], width: int) -> Letters:
    if not words:
        return np.zeros((0, width), np.int32)
    table = np.array(words, dtype=f"U{width}").view(np.int32)
    return np.asarray(table.reshape(len(words), width), np.int32)


def spelled_alike(a: Spelling, b: Spelling) -> npt.NDArray[np.float32]:
    """From 0 (other words) to 1 (the same word), shape (words of a, words of b)."""
    if not len(a.length) or not len(b.length):
        return np.zeros((len(a.length), len(b.length)), np.float32)
    common = _common(a.letters, b.letters)
    shorter = np.minimum(a.length[:, None], b.length[None, :])
    longer = np.maximum(a.length[:, None], b.length[None, :])
    bones = _bones(a, b)
    begins = (common >= 4) & (common >= 0.6 * np.minimum(longer, _LETTERS))
    whole = (common >= np.minimum(longer, _LETTERS)) & (shorter == longer)
    return np.select([whole, begins], [np.float32(1.0), np.float32(0.95)], bones).astype(np.float32)


def _bones(a: Spelling, b: Spelling) -> npt.NDArray[np.float32]:
    """Skeletons that are equal, equal but for a last letter, or (four letters or more) one letter apart."""
    one, two = a.bone_length[:, None], b.bone_length[None, :]
    front, back = _common(a.bones, b.bones), _common(a.turned, b.turned)
    shorter, longer = np.minimum(one, two), np.minimum(np.maximum(one, two), _BONES)
    near = np.abs(one - two) <= 1
    equal = near & (shorter >= 3) & (front >= np.minimum(shorter, _BONES))
    apart = near & (shorter >= 4) & (front >= 1) & (front + back >= longer - 1)
    return np.select([equal, apart], [np.float32(0.9), np.float32(0.8)], np.float32(0.0)).astype(np.float32)


def _common(one: Letters, two: Letters) -> npt.NDArray[np.int64]:
    """Letters in common at the beginning, shape (len(one), len(two)); fillings are not letters."""
    agree = (one[:, None, :] == two[None, :, :]) & (one[:, None, :] != 0)
    return np.asarray(np.logical_and.accumulate(agree, axis=2).sum(axis=2), dtype=np.int64)


def name_likeness(first: str, second: str) -> float:
    """``spelled_alike`` for one word each."""
    return float(spelled_alike(spelling([first]), spelling([second]))[0, 0])
