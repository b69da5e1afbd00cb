"""What two sentences are compared by: a few dozen named numbers, each with a meaning one can check by eye.

Words are aligned across languages by the same sentence encoder applied to single words, by spelling (names,
transliterated) and by what they stand for (``guard_concepts``). Everything is symmetric in the two sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from probata.text.guard_cast import CAST, Cast, compared
from probata.text.guard_concepts import in_common, likeness_of, opposed
from probata.text.guard_context import CONTEXT, in_context
from probata.text.guard_leftover import LEFTOVER, left_over
from probata.text.guard_numbers import CALENDAR
from probata.text.guard_order import order
from probata.text.guard_reading import Reading
from probata.text.guard_spelling import spelled_alike

__all__ = ["ACTORS", "FEATURES", "as_matrix", "features"]

Floats = npt.NDArray[np.float32]

_MATCH = 0.55
"""Likeness of two words from which one may stand for the other."""
_UNLIKE = 0.45
"""Likeness below which a word stands for nothing on the other side."""
_SURE = 0.78
"""Likeness in meaning from which a name translated ("Grey Falcon") is taken as the same name."""

FEATURES = (
    "cosine",
    "across",
    "cosine_across",
    "cover",
    "cover_low",
    "missing_low",
    "missing_high",
    "lost",
    "size",
    "replaced",
    "plain_low",
    "plain_high",
    "plain_lost",
    "name_shared",
    "name_replaced",
    "name_missing",
    "name_share",
    "capital_replaced",
    "capital_replaced_across",
    "word_replaced",
    "source_replaced",
    "source_apart",
    "lead_replaced",
    "number_common",
    "number_replaced",
    "number_missing",
    "time_common",
    "time_replaced",
    "time_missing",
    "time_other",
    "time_other_across",
    "sequence_replaced",
    "place_common",
    "place_replaced",
    "place_missing",
    "city_common",
    "city_replaced",
    "city_missing",
    "office_common",
    "office_replaced",
    "office_missing",
    "rank_replaced",
    "rank_missing",
    "flip",
    "denial_flip",
    "negation_flip",
    "both_reversed",
    "denial_met",
    "negated_met",
    "partly_other",
    "partly_flip",
    "opposite",
    "opposite_flip",
    "turned",
    "swap",
    "swap_verbatim",
    "disorder",
    "disorder_verbatim",
    "disorder_across",
    "exchange",
    "exchange_across",
    "exchange_voice",
    "exchange_left",
    "lead_shift",
    "lead_shift_across",
    "voice",
    "swap_voice",
    "actor_replaced",
    "actor_missing",
    *CAST,
    *CONTEXT,
    *LEFTOVER,
    "length",
)
"""Names of the numbers that ``features`` returns, in order."""

_ORDER = frozenset({"before", "after"})

_ACTORS = (
    "president minister government party police journalist company court army mayor opposition candidate bank"
    " organisation newspaper spokesman voters soldiers union hackers ambassador magazine judge governor senator"
)
ACTORS = tuple(_ACTORS.split())
"""Words that stand for those who act in political news; what is near one of them in meaning, in any language, acts."""
_ACTS = 0.6


class Likeness(NamedTuple):
    """Likeness of the content words, shape (words of a, words of b): all evidence, and what suffices for a name."""

    words: Floats
    names: Floats


def features(
    a: Reading,
    b: Reading,
    cosine: float,
    meaning: tuple[Floats, Floats],
    acting: tuple[Floats, Floats],
    casts: tuple[Cast, Cast],
) -> dict[str, float]:
    """Compare two readings.

    ``cosine`` is that of the whole sentences; ``meaning`` the matrices of cosines of their content words, shape
    (len(a.content), len(b.content)), each word alone and each in its context; ``acting`` tells for the content words
    of either side how near they come to one of ``ACTORS``.
    """
    spelled = spelled_alike(a.spelling, b.spelling)
    likeness = _likeness(a, b, meaning[0], spelled)
    words = likeness.words
    best_a = words.max(axis=1) if words.size else np.zeros(len(a.content), np.float32)
    best_b = words.max(axis=0) if words.size else np.zeros(len(b.content), np.float32)
    across = float(a.lang != b.lang)
    row: dict[str, float] = {"cosine": cosine, "across": across, "cosine_across": cosine * across}
    row |= _coverage(a, b, best_a, best_b)
    row |= _plain(a, b, best_a, best_b)
    row |= _names(a, b, likeness)
    row |= _capitals((a, b), (best_a, best_b), across)
    row |= _sources(a, b, words, best_a, best_b)
    row |= _facts(a, b)
    row |= _polarity(a, b, best_a, best_b)
    row |= order(a, b, words, row["cover_low"])
    row |= _actors((a, b), (best_a, best_b), acting)
    row |= compared((a, b), casts, likeness.names, words)
    row |= in_context(a, b, meaning[1])
    row |= left_over(a, b, spelled, (words, meaning[1]))
    row["length"] = float(abs(np.log((len(a.content) + 1) / (len(b.content) + 1))))
    return {name: float(row[name]) for name in FEATURES}


def _likeness(a: Reading, b: Reading, meaning: Floats, spelled: Floats) -> Likeness:
    """Meaning, corrected by spelling (names mean nothing to an encoder) and by what words stand for."""
    words = likeness_of(a.concepts, b.concepts, np.maximum(meaning, spelled))
    sure = np.where(meaning >= _SURE, meaning, np.float32(0.0))
    return Likeness(words, likeness_of(a.concepts, b.concepts, np.maximum(sure, spelled)))


def _mean(values: npt.NDArray[Any]) -> float:
    return float(values.mean()) if len(values) else 0.0


def _worst(best: Floats, chosen: Sequence[int]) -> float:
    """How badly the worst matched of the chosen words is matched (0: all found on the other side)."""
    return float(1.0 - best[list(chosen)].min()) if len(chosen) else 0.0


def _coverage(a: Reading, b: Reading, best_a: Floats, best_b: Floats) -> dict[str, float]:
    lost_a, lost_b = np.maximum(0.0, _MATCH - best_a), np.maximum(0.0, _MATCH - best_b)
    shares = sorted((_mean(best_a < _MATCH), _mean(best_b < _MATCH)))
    return {
        "cover": (_mean(best_a) + _mean(best_b)) / 2,
        "cover_low": min(_mean(best_a), _mean(best_b)),
        "missing_low": shares[0],
        "missing_high": shares[1],
        "lost": float(np.log1p(min((best_a < _MATCH).sum(), (best_b < _MATCH).sum()))),
        "size": float(np.log1p(min(len(best_a), len(best_b)))),
        "replaced": float(min(lost_a.sum(), lost_b.sum())),
        "lead_replaced": min(1 - _mean(best_a[:2]), 1 - _mean(best_b[:2])),
    }


def _plain(a: Reading, b: Reading, best_a: Floats, best_b: Floats) -> dict[str, float]:
    """Coverage of words that are no names: two sentences about one person share the name, not the rest."""
    rest = [best[_no_names(side)] for side, best in ((a, best_a), (b, best_b))]
    means = sorted(_mean(part) if len(part) else 1.0 for part in rest)
    lost = sorted(float((part < _MATCH).sum()) for part in rest)
    return {"plain_low": means[0], "plain_high": means[1], "plain_lost": float(np.log1p(lost[0]))}


def _no_names(side: Reading) -> npt.NDArray[np.bool_]:
    kept = np.ones(len(side.content), bool)
    if side.lang != "de":
        kept[list(side.names)] = False
    kept[side.concepts.has("place") | side.concepts.has("city") | side.concepts.has("actor")] = False
    return kept


def _names(a: Reading, b: Reading, likeness: Likeness) -> dict[str, float]:
    """Names and places found on the other side by spelling or by what they stand for: one word of a name will do."""
    if not likeness.names.size:
        return dict.fromkeys(
            ("name_shared", "name_replaced", "name_missing", "name_share", "word_replaced"), 0.0
        )
    best = likeness.names.max(axis=1), likeness.names.max(axis=0)
    met = [
        np.array([values[list(run)].max() >= _MATCH for run in side.entities], bool)
        for values, side in zip(best, (a, b), strict=True)
    ]
    lost = [int((~found).sum()) for found in met]
    worst = [
        _worst(values, [k for run in side.entities for k in run])
        for values, side in zip(best, (a, b), strict=True)
    ]
    shared = max(int(found.sum()) for found in met)
    return {
        "name_shared": float(np.log1p(shared)),
        "name_replaced": float(np.log1p(min(lost))),
        "name_missing": float(np.log1p(max(lost))),
        "name_share": shared / max(1, shared + max(lost)),
        "word_replaced": min(worst),
    }


def _capitals(sides: tuple[Reading, Reading], best: tuple[Floats, Floats], across: float) -> dict[str, float]:
    """Words with a capital that nothing on the other side comes near to, in spelling or in meaning.

    Of a lone German noun nobody knows whether it is a name; that nothing answers to it tells enough.
    """
    lost = min(
        int((values[list(side.names)] < _UNLIKE).sum()) for side, values in zip(sides, best, strict=True)
    )
    replaced = float(np.log1p(lost))
    return {"capital_replaced": replaced, "capital_replaced_across": replaced * across}


def _sources(a: Reading, b: Reading, words: Floats, best_a: Floats, best_b: Floats) -> dict[str, float]:
    """Is who speaks replaced; is nobody who speaks here beside a verb of saying there?"""
    if not a.source or not b.source:
        return {"source_replaced": 0.0, "source_apart": 0.0}
    beside = words[np.ix_(list(a.source), list(b.source))]
    said = 1 - _mean(best_a[list(a.source)]), 1 - _mean(best_b[list(b.source)])
    apart = min(1 - _mean(beside.max(axis=1)), 1 - _mean(beside.max(axis=0)))
    return {"source_replaced": min(said), "source_apart": apart}


def _facts(a: Reading, b: Reading) -> dict[str, float]:
    """Numbers, times, places, offices and ordinals as sets."""
    row = _compared("number", _numbers(a.numbers, b.numbers))
    row |= _compared("time", _sets(a.times - _ORDER, b.times - _ORDER))
    other = float(np.log1p(_other_times(a.times, b.times)))
    row |= {"time_other": other, "time_other_across": other * float(a.lang != b.lang)}
    row["sequence_replaced"] = float(min(_sets(a.times & _ORDER, b.times & _ORDER)[1:]) > 0)
    row |= _compared("place", in_common(a.concepts, b.concepts, "place"))
    row |= _compared("city", in_common(a.concepts, b.concepts, "city"))
    row |= _compared("office", in_common(a.concepts, b.concepts, "actor"))
    rank = in_common(a.concepts, b.concepts, "order")[1:]
    row |= {"rank_replaced": float(min(rank) > 0), "rank_missing": float(max(rank) > 0)}
    return row


def _other_times(one: frozenset[str], two: frozenset[str]) -> int:
    """Sorts of moments (days, months, parts of a day ...) that both sides name and have none of in common."""
    return sum(bool(one & sort) and bool(two & sort) and not one & two & sort for sort in CALENDAR)


def _sets(one: frozenset[str], two: frozenset[str]) -> tuple[int, int, int]:
    return len(one & two), len(one - two), len(two - one)


def _numbers(one: frozenset[float], two: frozenset[float]) -> tuple[int, int, int]:
    """Numbers in common; a share ("one in three") stands for the whole per cent that are nearest."""
    if one == two:
        return len(one), 0, 0
    met = {(x, y) for x in one for y in two if x == y or ((_share(x) or _share(y)) and abs(x - y) < 0.5)}
    return len(met), len(one - {x for x, _ in met}), len(two - {y for _, y in met})


def _share(value: float) -> bool:
    return not (100 * value).is_integer()


def _compared(kind: str, counts: tuple[int, int, int]) -> dict[str, float]:
    common, only, other = counts
    return {
        f"{kind}_common": float(np.log1p(common)),
        f"{kind}_replaced": float(min(only, other) > 0),
        f"{kind}_missing": float(max(only, other) > 0),
    }


def _polarity(a: Reading, b: Reading, best_a: Floats, best_b: Floats) -> dict[str, float]:
    """Reversals on one side; a word of denial that the other side has in other words turns nothing round."""
    flip, opposite = float(a.turned != b.turned), opposed(a.concepts, b.concepts)
    denied = float((a.denials > 0) != (b.denials > 0))
    cues = best_a[list(a.cues)] if a.denials else best_b[list(b.cues)]
    met = float(cues.max()) * denied if len(cues) else 0.0
    negation = float((a.negations > 0) != (b.negations > 0))
    beside = best_a[list(a.negated)] if a.negations else best_b[list(b.negated)]
    other = b if a.negations + a.denials > b.negations + b.denials else a
    return {
        "flip": flip,
        "denial_flip": denied,
        "negation_flip": negation,
        "both_reversed": float(min(a.denials + a.negations, b.denials + b.negations) > 0),
        "denial_met": met,
        "negated_met": (_mean(beside) if len(beside) else 0.5) * negation,
        "partly_other": float(other.partly > 0) * negation,
        "partly_flip": float((a.partly > 0) != (b.partly > 0)),
        "opposite": float(opposite > 0),
        "opposite_flip": float(opposite > 0) * flip,
        "turned": float((opposite + int(flip)) % 2),
    }


def _actors(
    sides: tuple[Reading, Reading],
    best: tuple[Floats, Floats],
    acting: tuple[Floats, Floats],
) -> dict[str, float]:
    """Is somebody who acts replaced by somebody else, or left out?"""
    flags = tuple(_acts(side, near) for side, near in zip(sides, acting, strict=True))
    worst = [_worst(values, np.flatnonzero(flag).tolist()) for values, flag in zip(best, flags, strict=True)]
    return {"actor_replaced": min(worst), "actor_missing": max(worst)}


def _acts(side: Reading, near: Floats) -> npt.NDArray[np.bool_]:
    """Names (a capital says nothing in German), places, offices and words near in meaning to those that act."""
    flag = (near >= _ACTS) | side.concepts.has("actor") | side.concepts.has("place")
    if side.lang != "de" and side.names:
        flag[list(side.names)] = True
    return flag


def as_matrix(rows: Sequence[Mapping[str, float]]) -> npt.NDArray[np.float64]:
    """Feature rows in the order of ``FEATURES``, shape (len(rows), len(FEATURES))."""
    return np.array([[row[name] for name in FEATURES] for row in rows], dtype=np.float64).reshape(
        -1, len(FEATURES)
    )
