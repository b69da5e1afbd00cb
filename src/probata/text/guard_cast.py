"""Who is in a sentence and in which part: persons and bodies as groups of words, who speaks, who acts, on whom.

No parser: order, small words ("by", "against"), the clause and the verb of saying beside a group decide. So it errs,
and its answers are features with a weight, not verdicts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probata.text.guard_reading import Reading
from probata.text.guard_words import JOINING

__all__ = ["CAST", "Cast", "cast", "compared"]

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

CAST = (
    "cast_lost",
    "cast_share",
    "cast_turned",
    "cast_turned_voice",
    "cast_turned_across",
    "cast_first",
    "cast_first_across",
    "speaker_other",
    "speaker_lost",
    "speaker_acts",
    "cast_count",
)
"""Names of the numbers that ``compared`` returns."""

_ACTS = 0.6
_NEAR = 5
"""Words between a verb of saying and the one who says it, at most."""
_SAME = 0.62


@dataclass(frozen=True, slots=True)
class Cast:
    """The groups of a sentence in order."""

    words: Ints
    """Positions in the content of the words of all groups, group by group."""
    starts: Ints
    """Where each group begins in ``words``."""
    rank: Ints
    """Part of each group: the smaller, the likelier it is the doer."""
    speaker: int
    """The group that speaks, -1 where none does."""


def cast(side: Reading, near: Floats) -> Cast:
    """Find the groups; ``near`` tells how near each content word comes to a word for one who acts."""
    groups = _groups(side, near)
    first = np.array([side.content[group[0]] for group in groups], np.int64)
    last = np.array([side.content[group[-1]] for group in groups], np.int64)
    mark = np.array([int(side.marks[group[0]]) for group in groups], np.int64)
    speaker = _speaker(side, first, last, mark)
    rank = first - 1000 * (mark > 0) + 100 * (mark < 0)
    if speaker >= 0:
        rank[speaker] = -2000
    starts = np.cumsum([0, *(len(group) for group in groups[:-1])]) if groups else np.zeros(0)
    words = [k for group in groups for k in group]
    return Cast(np.array(words, np.int64), starts.astype(np.int64), rank, speaker)


def _groups(side: Reading, near: Floats) -> list[list[int]]:
    acts = (near >= _ACTS) | side.concepts.has("actor") | side.concepts.has("place")
    acts[[k for name in side.entities for k in name]] = True
    joining = JOINING.get(side.lang, frozenset())
    groups: list[list[int]] = []
    for k in np.flatnonzero(acts).tolist():
        if groups and groups[-1][-1] == k - 1 and _joined(side, k, joining):
            groups[-1].append(k)
        else:
            groups.append([k])
    return groups


def _joined(side: Reading, k: int, joining: frozenset[str]) -> bool:
    """Whether only small words of belonging stand between a content word and the one before it."""
    before, here = side.content[k - 1], side.content[k]
    between = [word.lower() for word in side.words[before + 1 : here]]
    return side.clause[before] == side.clause[here] and len(between) <= 3 and joining.issuperset(between)


def _speaker(side: Reading, first: Ints, last: Ints, mark: Ints) -> int:
    """The group beside a verb of saying, in its clause if there is one: before it, else behind it; first of
    all one that is marked as the doer of a passive.
    """
    best, least = -1, 2 * _NEAR + 100
    for start, end, behind in side.speech:
        for group in range(len(first)):
            after = int(first[group]) - end
            ahead = start - int(last[group]) - 1
            gap = after if after >= 0 else ahead
            if gap < 0 or gap > _NEAR or (mark[group] < 0 and not (behind and after >= 0)):
                continue
            cost = gap + 10 * (side.clause[start] != side.clause[int(first[group])])
            cost -= 20 * (mark[group] > 0)  # "was accused by the mayor": it is the mayor who speaks
            cost += 4 * ((after >= 0) != behind)
            if cost < least:
                best, least = group, cost
    return best


def compared(
    sides: tuple[Reading, Reading], casts: tuple[Cast, Cast], names: Floats, words: Floats
) -> dict[str, float]:
    """Compare two casts by the likeness of their words (see ``guard_features.Likeness``)."""
    a, b = casts
    row = dict.fromkeys(CAST, 0.0)
    if not len(a.starts) or not len(b.starts):
        row["cast_share"] = float(len(a.starts) == len(b.starts))
        return row
    met = _met(a, b, names, words)
    to_b, to_a = met.argmax(axis=1), met.argmax(axis=0)
    rows = np.flatnonzero((to_a[to_b] == np.arange(len(to_b))) & (met.max(axis=1) >= _SAME))
    columns = to_b[rows]
    lost = sorted((len(a.starts) - len(rows), len(b.starts) - len(rows)))
    row["cast_lost"] = float(np.log1p(lost[0]))
    row["cast_share"] = len(rows) / max(len(a.starts), len(b.starts))
    row["cast_count"] = float(np.log1p(len(rows)))
    row |= _turned(sides, a.rank[rows], b.rank[columns])
    return row | _speakers(a, b, met, dict(zip(rows.tolist(), columns.tolist(), strict=True)))


def _met(a: Cast, b: Cast, names: Floats, words: Floats) -> Floats:
    """Likeness of groups, shape (groups of a, groups of b): that of their likest words, more where more agree."""
    loose = np.where(words >= _SAME, 0.9 * words, np.float32(0.0))
    inside = np.maximum(names, loose)[np.ix_(a.words, b.words)]
    best = np.maximum.reduceat(np.maximum.reduceat(inside, a.starts, axis=0), b.starts, axis=1)
    sums = np.add.reduceat(
        np.add.reduceat(np.where(inside >= 0.7, inside, 0.0), a.starts, axis=0), b.starts, axis=1
    )
    return np.asarray(best + 0.02 * sums, dtype=np.float32)


def _turned(sides: tuple[Reading, Reading], one: Ints, two: Ints) -> dict[str, float]:
    if len(one) < 2:
        return {}
    upper = np.triu(np.ones((len(one), len(one)), bool), 1)
    other = ((one[:, None] < one[None, :]) != (two[:, None] < two[None, :])) & upper
    share = float(other.sum() / upper.sum())
    first = float(one.argmin() != two.argmin())
    across = float(sides[0].lang != sides[1].lang)
    return {
        "cast_turned": share,
        "cast_turned_voice": share * float(sides[0].passive != sides[1].passive),
        "cast_turned_across": share * across,
        "cast_first": first,
        "cast_first_across": first * across,
    }


def _speakers(a: Cast, b: Cast, met: Floats, pairs: dict[int, int]) -> dict[str, float]:
    """Another speaker, one who is not there on the other side, one who is there and does not speak."""
    lost = acts = 0.0
    for one, two, table in ((a, b, met), (b, a, met.T)):
        if one.speaker >= 0:
            best = float(table[one.speaker].max())
            lost = max(lost, 1.0 - min(best, 1.0))
            acts = max(
                acts, float(two.speaker >= 0 and best >= _SAME and table[one.speaker, two.speaker] < _SAME)
            )
    other = a.speaker >= 0 and b.speaker >= 0 and met[a.speaker, b.speaker] < _SAME
    return {"speaker_other": float(other), "speaker_lost": lost, "speaker_acts": acts}
