"""What two sentences are compared by: a few dozen named numbers, each with a meaning one can check by eye.

Words are aligned across languages by the same sentence encoder applied to single words, and by spelling (names,
transliterated). Everything is symmetric in the two sentences.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

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
    turned: bool
    """Some clause holds an odd number of reversals."""
    passive: bool
    core: str
    """The words without what turns a statement round."""
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
    reversals = [_reversals(clause, lang) for clause in _clauses(plain, lang)]
    stops = stop_words(lang)
    content = tuple(i for i, word in enumerate(words) if word.lower() not in stops and not word.isdigit())
    return Reading(
        lang=lang,
        words=tuple(words),
        content=content,
        names=tuple(k for k, i in enumerate(content) if i > 0 and words[i][:1].isupper()),
        source=_source(words, content, lang),
        denials=sum(denials for denials, _ in reversals),
        negations=sum(negations for _, negations in reversals),
        turned=any((denials + negations) % 2 for denials, negations in reversals),
        passive=bool(pattern("passive", lang).search(joined)),
        core=_core(joined, lang),
        numbers=frozenset(quantities(plain, lang)),
        times=frozenset(moments(words, lang)),
    )


_CLAUSE = re.compile(r"[,;:()«»„“”\"—–]+\s|[«»„“”\"]")


def _clauses(text: str, lang: str) -> list[str]:
    """Lower-cased words of each clause, joined by spaces; punctuation parts clauses."""
    return [" ".join(words_of(part, lang)).lower() for part in _CLAUSE.split(text)]


def _reversals(clause: str, lang: str) -> tuple[int, int]:
    """How many denials and negations a clause holds; denials side by side ("dismissed as untrue") are one."""
    count, end = 0, -99

    def used(match: re.Match[str]) -> str:
        nonlocal count, end
        between = clause_text[max(end, 0) : match.start()].split()
        count += end < 0 or len(between) > 2
        end = match.end()
        parts = match.group().split()
        return " ".join(["", *parts[1:-1], ""]) if len(parts) > 2 and parts[-1] in _PARTICLES else " "

    clause_text = NEUTRAL.sub(" ", clause)
    rest = pattern("denial", lang).sub(used, clause_text)
    negations = len(pattern("negation", lang).findall(" ".join(rest.split())))
    if count and negations and lang in ("fr", "es") and not re.search(r"\b(?:ne|n|no)\b", rest):
        negations = 0  # "nie avoir jamais": the word only strengthens the denial
    return count, negations


def _core(joined: str, lang: str) -> str:
    plain = pattern("denial", lang).sub(" ", NEUTRAL.sub(" ", joined))
    return " ".join(pattern("negation", lang).sub(" ", plain).split())


_PARTICLES = frozenset({"zurück", "aus", "ab"})


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
    "lost",
    "size",
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
    "sequence_replaced",
    "flip",
    "denial_flip",
    "negation_flip",
    "both_reversed",
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
    "actor_turned",
    "actor_first",
    "actor_turned_voice",
    "actor_turned_across",
    "actor_first_voice",
    "actor_count",
    "core",
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


def features(
    a: Reading, b: Reading, cosines: tuple[float, float], likeness: Floats, acting: tuple[Floats, Floats]
) -> dict[str, float]:
    """Compare two readings.

    ``cosines`` are those of the whole sentences and of their cores, ``likeness`` the matrix of cosines of their
    content words, shape (len(a.content), len(b.content)); ``acting`` tells for the content words of either side how
    near they come to one of ``ACTORS``.
    """
    likeness = _with_spelling(a, b, likeness)
    best_a = likeness.max(axis=1) if likeness.size else np.zeros(len(a.content), np.float32)
    best_b = likeness.max(axis=0) if likeness.size else np.zeros(len(b.content), np.float32)
    row: dict[str, float] = {"cosine": cosines[0], "core": cosines[1], "across": float(a.lang != b.lang)}
    row["cosine_across"] = cosines[0] * row["across"]
    row |= _coverage(a, b, best_a, best_b)
    row |= _sets("number", a.numbers, b.numbers) | _sets("time", a.times - _ORDER, b.times - _ORDER)
    row["sequence_replaced"] = _sets("sequence", a.times & _ORDER, b.times & _ORDER)["sequence_replaced"]
    row |= _polarity(a, b)
    row |= _order(a, b, likeness, row["cover_low"])
    row |= _actors((a, b), likeness, (best_a, best_b), acting)
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


def _mean(values: npt.NDArray[Any]) -> float:
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
        "lost": float(np.log1p(min((best_a < _MATCH).sum(), (best_b < _MATCH).sum()))),
        "size": float(np.log1p(min(len(best_a), len(best_b)))),
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
    return {
        "flip": float(a.turned != b.turned),
        "denial_flip": float((a.denials > 0) != (b.denials > 0)),
        "negation_flip": float((a.negations > 0) != (b.negations > 0)),
        "both_reversed": float(min(a.denials + a.negations, b.denials + b.negations) > 0),
    }


def _order(a: Reading, b: Reading, likeness: Floats, verbatim: float) -> dict[str, float]:
    """Who before whom: pairs of words in another order, and words that changed sides round a third."""
    voice = float(a.passive != b.passive)
    swap = disorder = exchange = left_over = 0.0
    rows, columns = _mutual(likeness)
    if len(rows) >= 3:
        before_a = rows[:, None] < rows[None, :]
        before_b = columns[:, None] < columns[None, :]
        disorder = float((before_a != before_b).sum()) / (len(rows) * (len(rows) - 1))
        left = (
            before_a & ~before_b & ~np.eye(len(rows), dtype=bool)
        )  # left[x, v]: x precedes v in a, follows in b
        swap = float(np.log1p(np.minimum(left.sum(axis=0), left.sum(axis=1)).sum()))
        exchange, left_over = _exchange(columns.argsort().argsort())
    strict = max(0.0, verbatim - 0.6) * 2.5
    lead = min(_shift(likeness), _shift(likeness.T))
    across = float(a.lang != b.lang)
    return {
        "swap": swap,
        "swap_verbatim": swap * strict,
        "disorder": disorder,
        "disorder_verbatim": disorder * strict,
        "disorder_across": disorder * across,
        "exchange": exchange,
        "exchange_across": exchange * across,
        "exchange_voice": exchange * voice,
        "exchange_left": exchange * left_over,
        "lead_shift": lead,
        "lead_shift_across": lead * across,
        "voice": voice,
        "swap_voice": swap * voice,
    }


_ACTS = 0.6


def _actors(
    sides: tuple[Reading, Reading],
    likeness: Floats,
    best: tuple[Floats, Floats],
    acting: tuple[Floats, Floats],
) -> dict[str, float]:
    """Those who act: is somebody replaced by somebody else, and do two of them stand in each other's place?"""
    flags = [_acts(side, near) for side, near in zip(sides, acting, strict=True)]
    worst = [_worst(values, np.flatnonzero(flag).tolist()) for values, flag in zip(best, flags, strict=True)]
    rows, columns = _mutual(likeness)
    kept = flags[0][rows] | flags[1][columns]
    rows, columns = rows[kept], columns[kept]
    ahead = rows[:, None] < rows[None, :]
    turned = ahead & (columns[:, None] > columns[None, :] + 1) | ahead.T & (
        columns[:, None] < columns[None, :] - 1
    )
    apart = np.abs(rows[:, None] - rows[None, :]) > 1
    pairs = max(1, len(rows) * (len(rows) - 1))
    share = float((turned & apart).sum()) / pairs
    first = float(len(rows) > 1 and columns.argmin() != 0)
    voice, across = float(sides[0].passive != sides[1].passive), float(sides[0].lang != sides[1].lang)
    return {
        "actor_replaced": min(worst),
        "actor_missing": max(worst),
        "actor_turned": share,
        "actor_first": first,
        "actor_turned_voice": share * voice,
        "actor_turned_across": share * across,
        "actor_first_voice": first * voice,
        "actor_count": float(np.log1p(len(rows))),
    }


def _acts(side: Reading, near: Floats) -> npt.NDArray[np.bool_]:
    """Names (a capital says nothing in German) and words near in meaning to those that act."""
    flag = np.asarray(near >= _ACTS)
    if side.lang != "de" and side.names:
        flag[list(side.names)] = True
    return flag


def _exchange(order: npt.NDArray[np.int64]) -> tuple[float, float]:
    """How much of the disorder goes away when two words (twice at most) change places, and how much stays.

    Two roles swapped leave all else in place: [4 1 2 3 0]. A phrase moved ([3 4 0 1 2]) is not mended so. Words that
    stand side by side do not count (an adjective before or behind its noun). Both from 0 to 1.
    """
    start = left = _inversions(order)
    if not start:
        return 0.0, 0.0
    for _ in range(2):
        best = (left, order)
        for i in range(len(order)):
            for j in range(i + 2, len(order)):
                if order[i] > order[j] + 1:
                    tried = order.copy()
                    tried[i], tried[j] = order[j], order[i]
                    best = min(best, (_inversions(tried), tried), key=lambda item: item[0])
        left, order = best
    pairs = len(order) * (len(order) - 1) / 2
    return (start - left) / start, left / pairs


def _inversions(order: npt.NDArray[np.int64]) -> int:
    return int(np.triu(order[:, None] > order[None, :], 1).sum())


def _shift(likeness: Floats) -> float:
    """How far from the start the first word of one side stands in the other (0: first or not there, 1: last)."""
    if likeness.shape[0] == 0 or likeness.shape[1] < 2 or likeness[0].max() < _MATCH:
        return 0.0
    return float(likeness[0].argmax() / (likeness.shape[1] - 1))


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
