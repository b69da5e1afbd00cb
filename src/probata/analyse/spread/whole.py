"""Articles of several sentences of which one is a translation or a rewording of the other as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.analyse.spread import side_by_side
from probata.analyse.spread.remembered import Memory
from probata.analyse.spread.reworded_options import Options

__all__ = ["BODY", "COPIED", "RELATIONS", "Asked", "Whole", "codes", "taken_over"]

Array = npt.NDArray[Any]

BODY = 60_000
"""Code points of a text in which sentences are looked for."""
COPIED = 0.8
"""Cosine that two texts have at least which are word for word the same once disguises are undone."""
_HALF = 0.5
"""Share of one side's words that stands beside the other's in a whole: less than that is a passage in common."""
RELATIONS = ("copy", "denies", "differs", "reworded", "translated", "unsure")


@dataclass(frozen=True, slots=True)
class Asked:
    """What the search has at hand of all articles."""

    memory: Memory
    options: Options
    text: Sequence[str]
    lang: Sequence[str]
    rank: Array
    """Place of an article's id among the sorted ids."""
    short: Array  # bool: a text that is compared whole
    alike: Callable[[str, str], bool]
    """Whether two passages are word for word the same once disguises are undone."""
    report: Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Whole:
    """Pairs of articles (rows, the smaller id first) of which one is taken over as a whole."""

    pairs: Array
    relation: Array  # number in ``RELATIONS``
    chance: Array
    passages: side_by_side.Aligned
    others: Array
    """Pairs of which the rest says that they are two texts, whatever one passage says."""

    def columns(self) -> list[Array]:
        """As the rows of the table begin (``reworded_rows.Found``): from the first passage to the last."""
        spans, cut, none = self.passages.spans, self.passages.cut, np.zeros(len(self.pairs), bool)
        first, last = cut[:-1], cut[1:] - 1
        return [
            self.pairs[:, 0], self.pairs[:, 1], self.relation, self.passages.closeness, self.chance,
            none, spans[first, 0], spans[last, 1], none, spans[first, 2], spans[last, 3], np.arange(len(self.pairs)),
        ]  # fmt: skip


def taken_over(asked: Asked, pairs: Array) -> Whole:
    """Lay pairs of articles (rows) side by side: which are one text? Those of one sentence are left to the guard."""
    o = asked.options
    turned = asked.rank[pairs[:, 0]] > asked.rank[pairs[:, 1]]
    pairs = np.where(turned[:, None], pairs[:, ::-1], pairs)
    laid = side_by_side.laid(
        asked.memory, asked.text, asked.lang, np.unique(pairs), (BODY, o.passage_sentences),
        lambda done, total: asked.report("embedding sentences", done, total),
    )  # fmt: skip
    pairs = pairs[(np.diff(laid.edges)[pairs] > 1).all(axis=1)]
    lang = codes(asked.lang)[pairs]
    across = lang[:, 0] != lang[:, 1]
    least = np.where(across, o.across_languages, o.same_language)
    found = side_by_side.features(laid, pairs, across, least)
    chance = side_by_side.chances(side_by_side.shipped_weights(), found)
    covered = found[:, side_by_side.FEATURES.index("covered")]
    certain = np.where(asked.short[pairs].any(axis=1), o.certain_whole_short, o.certain_whole)
    taken = np.flatnonzero((chance >= certain) & (covered >= _HALF))
    others = pairs[chance < o.least_whole]
    passages = side_by_side.aligned(laid, pairs[taken], least[taken])
    relation = _relations(asked, pairs[taken], across[taken], passages)
    return Whole(pairs[taken], relation, chance[taken], passages, others)


def _relations(asked: Asked, pairs: Array, across: Array, passages: side_by_side.Aligned) -> Array:
    known = np.array([bool(lang) for lang in asked.lang], bool)
    translated = across & known[pairs].all(axis=1)
    relation = np.where(translated, RELATIONS.index("translated"), RELATIONS.index("reworded"))
    relation[_mostly_alike(asked, pairs, passages)] = RELATIONS.index("copy")
    return relation


def _mostly_alike(asked: Asked, pairs: Array, passages: side_by_side.Aligned) -> Array:
    """Pairs whose passages are for the most part word for word the same once disguises are undone."""
    pair = np.repeat(np.arange(len(pairs)), np.diff(passages.cut))
    size = passages.spans[:, 1] - passages.spans[:, 0]
    alike = passages.score > COPIED
    for row in np.flatnonzero(alike).tolist():
        a, b = pairs[pair[row]]
        s, e, t, f = passages.spans[row]
        alike[row] = asked.alike(asked.text[a][s:e], asked.text[b][t:f])
    of_pair = np.bincount(pair, size * alike, len(pairs))
    return np.asarray(of_pair > np.bincount(pair, size, len(pairs)) / 2)


def codes(names: Sequence[str]) -> Array:
    """Number of each name among the distinct ones."""
    place = {name: number for number, name in enumerate(sorted(set(names)))}
    return np.array([place[name] for name in names], np.int64)
