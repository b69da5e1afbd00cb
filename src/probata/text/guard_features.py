"""What two sentences are compared by: a few dozen named numbers, each with a meaning one can check by eye.

Words are aligned across languages by the same sentence encoder applied to single words, and by spelling (names,
transliterated). Everything is symmetric in the two sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probata.text.guard_numbers import moments, quantities
from probata.text.guard_tokens import name_likeness, plain_text, words_of
from probata.text.guard_words import NEUTRAL, pattern, stop_words

__all__ = ["FEATURES", "Reading", "features", "read"]

Floats = npt.NDArray[np.float32]

_MATCH = 0.55
"""Likeness of two words from which one may stand for the other."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence taken apart. ``content`` are positions in ``words`` that carry meaning."""

    lang: str
    words: tuple[str, ...]
    content: tuple[int, ...]
    names: tuple[int, ...]
    """Positions *within content* of words written like a name."""
    source: tuple[int, ...]
    """Positions within content of the words beside a verb of saying."""
    denials: int
    negations: int
    passive: bool
    numbers: frozenset[float]
    times: frozenset[str]

    @property
    def lowered(self) -> list[str]:
        """Content words as they are embedded."""
        return [self.words[position].lower() for position in self.content]


def read(text: str, lang: str) -> Reading:
    """Take a sentence apart; disguises are undone first."""
    plain = plain_text(text)
    words = words_of(plain, lang)
    joined = " ".join(words).lower()
    without, denials = pattern("denial", lang).subn(" ", NEUTRAL.sub(" ", joined))
    negations = len(pattern("negation", lang).findall(" ".join(without.split())))
    stops = stop_words(lang)
    content = tuple(i for i, word in enumerate(words) if word.lower() not in stops and not word.isdigit())
    return Reading(
        lang=lang,
        words=tuple(words),
        content=content,
        names=tuple(k for k, i in enumerate(content) if i > 0 and words[i][:1].isupper()),
        source=_source(words, content, lang),
        denials=denials,
        negations=negations,
        passive=bool(pattern("passive", lang).search(joined)),
        numbers=frozenset(quantities(plain, lang)),
        times=frozenset(moments(words, lang)),
    )


def _source(words: list[str], content: tuple[int, ...], lang: str) -> tuple[int, ...]:
    """Content words at most four words away from a verb of saying, the verb itself left out."""
    saying = pattern("saying", lang)
    joined, starts, at = " ".join(words).lower(), [], 0
    for word in words:
        starts.append(at)
        at += len(word) + 1
    near: set[int] = set()
    for found in saying.finditer(joined):
        first = next((i for i, start in enumerate(starts) if start >= found.start()), len(words))
        last = next((i for i, start in enumerate(starts) if start >= found.end()), len(words))
        near.update(range(max(0, first - 4), first))
        near.update(range(last, min(len(words), last + 3)))
        near.difference_update(range(first, last))
    return tuple(k for k, i in enumerate(content) if i in near)


FEATURES = (
    "cosine",
    "across",
    "cosine_across",
    "cover",
    "cover_low",
    "missing_low",
    "missing_high",
    "replaced",
    "name_replaced",
    "name_missing",
    "source_replaced",
    "lead_replaced",
    "number_common",
    "number_replaced",
    "number_missing",
    "time_common",
    "time_replaced",
    "time_missing",
    "flip",
    "denial_flip",
    "negation_flip",
    "both_reversed",
    "swap",
    "swap_verbatim",
    "disorder",
    "disorder_verbatim",
    "voice",
    "swap_voice",
    "length",
)
"""Names of the numbers that ``features`` returns, in order."""


def features(a: Reading, b: Reading, cosine: float, likeness: Floats) -> dict[str, float]:
    """Compare two readings.

    ``cosine`` is that of the whole sentences, ``likeness`` the matrix of cosines of their content words, shape
    (len(a.content), len(b.content)).
    """
    likeness = _with_spelling(a, b, likeness)
    best_a = likeness.max(axis=1) if likeness.size else np.zeros(len(a.content), np.float32)
    best_b = likeness.max(axis=0) if likeness.size else np.zeros(len(b.content), np.float32)
    row: dict[str, float] = {"cosine": cosine, "across": float(a.lang != b.lang)}
    row["cosine_across"] = cosine * row["across"]
    row |= _coverage(a, b, best_a, best_b)
    row |= _sets("number", a.numbers, b.numbers) | _sets("time", a.times, b.times)
    row |= _polarity(a, b)
    row |= _order(a, b, likeness, row["cover_low"])
    row["length"] = float(abs(np.log((len(a.content) + 1) / (len(b.content) + 1))))
    return {name: float(row[name]) for name in FEATURES}


def _with_spelling(a: Reading, b: Reading, likeness: Floats) -> Floats:
    """Raise the likeness of words that are spelled alike: names mean nothing to an encoder."""
    raised = np.array(likeness, dtype=np.float32)
    for i, position in enumerate(a.content):
        for j, other in enumerate(b.content):
            spelled = name_likeness(a.words[position], b.words[other])
            if spelled > raised[i, j]:
                raised[i, j] = spelled
    return raised


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else 0.0


def _worst(best: Floats, chosen: Sequence[int]) -> float:
    """How badly the worst matched of the chosen words is matched (0: all found on the other side)."""
    return float(1.0 - best[list(chosen)].min()) if len(chosen) else 0.0


def _coverage(a: Reading, b: Reading, best_a: Floats, best_b: Floats) -> dict[str, float]:
    lost_a, lost_b = np.maximum(0.0, _MATCH - best_a), np.maximum(0.0, _MATCH - best_b)
    shares = sorted((_mean(best_a < _MATCH), _mean(best_b < _MATCH)))
    named = _worst(best_a, a.names), _worst(best_b, b.names)
    said = 1 - _mean(best_a[list(a.source)]), 1 - _mean(best_b[list(b.source)])
    return {
        "cover": (_mean(best_a) + _mean(best_b)) / 2,
        "cover_low": min(_mean(best_a), _mean(best_b)),
        "missing_low": shares[0],
        "missing_high": shares[1],
        "replaced": float(min(lost_a.sum(), lost_b.sum())),
        "name_replaced": min(named),
        "name_missing": max(named),
        "source_replaced": min(said) if a.source and b.source else 0.0,
        "lead_replaced": min(1 - _mean(best_a[:2]), 1 - _mean(best_b[:2])),
    }


def _sets(
    kind: str, one: frozenset[float] | frozenset[str], two: frozenset[float] | frozenset[str]
) -> dict[str, float]:
    common, only, other = len(one & two), len(one - two), len(two - one)
    return {
        f"{kind}_common": float(common > 0),
        f"{kind}_replaced": float(min(only, other) > 0),
        f"{kind}_missing": float(max(only, other) > 0),
    }


def _polarity(a: Reading, b: Reading) -> dict[str, float]:
    odd_a, odd_b = (a.denials + a.negations) % 2, (b.denials + b.negations) % 2
    return {
        "flip": float(odd_a != odd_b),
        "denial_flip": float((a.denials > 0) != (b.denials > 0)),
        "negation_flip": float((a.negations > 0) != (b.negations > 0)),
        "both_reversed": float(min(a.denials + a.negations, b.denials + b.negations) > 0),
    }


def _order(a: Reading, b: Reading, likeness: Floats, verbatim: float) -> dict[str, float]:
    """Who before whom: pairs of words in another order, and words that changed sides round a third."""
    voice = float(a.passive != b.passive)
    swap, disorder = 0.0, 0.0
    rows, columns = _mutual(likeness)
    if len(rows) >= 3:
        before_a = rows[:, None] < rows[None, :]
        before_b = columns[:, None] < columns[None, :]
        flipped = before_a != before_b
        disorder = float(flipped.sum()) / (len(rows) * (len(rows) - 1))
        left = before_a & ~before_b  # left[x, v]: x precedes v in a and follows it in b
        right = before_b & ~before_a
        np.fill_diagonal(right, False)
        around = np.minimum(left.sum(axis=0), right.sum(axis=0))
        swap = float(np.log1p(around.sum()))
    strict = max(0.0, verbatim - 0.6) * 2.5
    return {
        "swap": swap,
        "swap_verbatim": swap * strict,
        "disorder": disorder,
        "disorder_verbatim": disorder * strict,
        "voice": voice,
        "swap_voice": swap * voice,
    }


def _mutual(likeness: Floats) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Words that are each other's best match."""
    if not likeness.size:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    to_b, to_a = likeness.argmax(axis=1), likeness.argmax(axis=0)
    rows = np.arange(len(likeness))
    kept = (to_a[to_b] == rows) & (likeness[rows, to_b] >= _MATCH)
    return rows[kept].astype(np.int64), to_b[kept].astype(np.int64)


def as_matrix(rows: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float64]:
    """Feature rows in the order of ``FEATURES``, shape (len(rows), len(FEATURES))."""
    return np.array([[row[name] for name in FEATURES] for row in rows], dtype=np.float64).reshape(
        -1, len(FEATURES)
    )
