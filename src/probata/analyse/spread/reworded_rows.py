"""The table of reworded pairs: one row a pair and relation, the whole or the surest passage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.analyse.spread.whole import RELATIONS, Whole
from probata.model import Table

__all__ = ["COLUMNS", "RELATIONS", "Found", "shown", "table"]

Array = npt.NDArray[Any]

COLUMNS = (
    "a",
    "b",
    "relation",
    "score",
    "probability",
    "a_field",
    "a_start",
    "a_end",
    "b_field",
    "b_start",
    "b_end",
    "a_lang",
    "b_lang",
    "model",
    "spans",
    "share_a",
    "share_b",
)
"""``a`` is the smaller id; a span counts code points of ``a_field`` (title or text), end exclusive.

``spans`` (JSON) are all passages of the row: one, or of whole articles those that stand beside one another, from the
first to the last of which ``a_start`` to ``b_end`` reach. ``share``: of a side's words in them; absent for one passage.
"""


@dataclass(frozen=True, slots=True)
class Found:
    """What was found as columns: ``a`` and ``b`` are rows of the articles, ``a`` that of the smaller id."""

    a: Array
    b: Array
    relation: Array
    """Number in ``RELATIONS``."""
    cosine: Array
    chance: Array
    a_title: Array
    a_start: Array
    a_end: Array
    b_title: Array
    b_start: Array
    b_end: Array
    whole: Array
    """Place among the pairs of whole articles, -1 for a single passage."""

    def taken(self, rows: Array) -> Found:
        """Some of them."""
        return Found(*(getattr(self, field.name)[rows] for field in fields(self)))

    def pair(self) -> Array:
        """A number a pair of articles."""
        return self.a.astype(np.int64) << 32 | self.b


def shown(found: Found, whole: Whole, rank: Array, differing: bool) -> Found:
    """The rows of the table, in order: of each pair and relation the whole, else the surest passage.

    Of a pair that says or denies it is not told that it differs. ``differing``: tell so of others.
    """
    relation = np.where(_single(found, whole), RELATIONS.index("unsure"), found.relation)
    found = replace(found, relation=relation)
    order = np.lexsort(
        (-found.cosine, -found.chance, found.whole < 0, relation, rank[found.b], rank[found.a])
    )
    keys = np.stack([found.pair(), relation])[:, order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (keys[:, 1:] != keys[:, :-1]).any(axis=0)
    return _told(found.taken(order[fresh]), differing)


def _single(found: Found, whole: Whole) -> Array:
    """Rows that call two articles one by a passage of theirs, while the rest tells two texts: reports of one event have
    such sentences in common, and the guard takes some for the same that are not.
    """
    same = np.isin(found.relation, [RELATIONS.index("reworded"), RELATIONS.index("translated")])
    others = whole.others.astype(np.int64)
    return np.asarray(same & (found.whole < 0) & np.isin(found.pair(), others[:, 0] << 32 | others[:, 1]))


def _told(found: Found, differing: bool) -> Found:
    """``differs`` only of a pair of which nothing else is said, ``unsure`` of one of which nothing is stated."""
    _, pair = np.unique(found.pair(), return_inverse=True)
    differs, unsure = (found.relation == RELATIONS.index(name) for name in ("differs", "unsure"))
    stated = np.zeros(len(pair) + 1, bool)
    stated[pair[~differs & ~unsure]] = True
    vague = np.zeros(len(pair) + 1, bool)
    vague[pair[unsure]] = True
    told = ~stated[pair] if differing else np.zeros(len(pair), bool)
    return found.taken(np.where(differs, told & ~vague[pair], np.where(unsure, told, True)))


def table(found: Found, whole: Whole, articles: tuple[Array, Sequence[str]], model: str) -> Table:
    """``COLUMNS`` of what was found; ``articles`` are their ids and languages."""
    ids, langs = articles[0], np.array(articles[1], dtype=object)
    names = np.array(["text", "title"], dtype=object)
    a_field, b_field = names[found.a_title.astype(int)], names[found.b_title.astype(int)]
    models = np.empty(len(found.a), dtype=object)
    models[:] = model
    passages = whole.passages
    share_a, share_b = (
        np.where(found.whole >= 0, np.append(share, np.nan)[found.whole], np.nan).round(4)
        for share in (passages.share_a, passages.share_b)
    )
    return dict(zip(COLUMNS, (
        ids[found.a], ids[found.b], np.array(RELATIONS, dtype=object)[found.relation], found.cosine.round(4),
        found.chance.round(4), a_field, found.a_start, found.a_end, b_field, found.b_start, found.b_end,
        langs[found.a], langs[found.b], models, _spans(found, whole, (a_field, b_field)), share_a, share_b,
    ), strict=True))  # fmt: skip


def _spans(found: Found, whole: Whole, names: tuple[Array, Array]) -> Array:
    """All passages of each row as the table of pairs has them: JSON, code points, no words in common."""
    places = np.stack([found.a_start, found.a_end, found.b_start, found.b_end], axis=1)
    spans, cut = whole.passages.spans, whole.passages.cut
    made = np.empty(len(places), dtype=object)
    for row, (at, a_field, b_field) in enumerate(zip(found.whole.tolist(), *names, strict=True)):
        inside = places[row : row + 1] if at < 0 else spans[cut[at] : cut[at + 1]]
        parts = (
            f'{{"a": [{s}, {e}], "b": [{t}, {f}], "words": 0, "a_field": "{a_field}", "b_field": "{b_field}"}}'
            for s, e, t, f in inside.tolist()
        )
        made[row] = f"[{', '.join(parts)}]"
    return made
