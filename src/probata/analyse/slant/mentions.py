"""Who is written of where and when: one row an article, one column a candidate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.model import Ask, Candidate
from probata.store.base import Store

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Articles that name at least one candidate. ``n`` articles, ``c`` candidates."""

    candidates: tuple[str, ...]
    ids: Array  # (n,) article ids
    outlet: Array  # (n,) outlet ids
    week: Array  # (n,) whole weeks since 1970, -1 where the time is unknown
    story: Array  # (n,) story ids; an article of no story is a story of its own
    named: Array  # (n, c) bool
    accused: Array  # (n, c) bool: an attributed accusation against the candidate
    criticism_known: bool


def read_coverage(store: Store, ask: Ask) -> Coverage:
    """Match names in the engine (no loop over articles) and join what SPREAD and CLAIMS found."""
    flags = [f"regexp_matches(body, ?) AS named_{i}" for i in range(len(ask.candidates))]
    body = "SELECT *, concat_ws(' ', title, text) AS body FROM articles"
    shown = ", ".join(["id", "source", "published_earliest AS at", *flags])
    sql = f"SELECT {shown} FROM ({body}) ORDER BY id"  # noqa: S608 the parts are ours, names are bound
    rows = store.read(sql, [name_pattern(candidate) for candidate in ask.candidates])
    named = np.column_stack([rows[f"named_{i}"].astype(bool) for i in range(len(flags))])  # null is False
    kept = named.any(axis=1) & _in_period(rows["at"], ask)
    ids = rows["id"][kept]
    candidates = tuple(candidate.id for candidate in ask.candidates)
    accused, known = _accused(store, ids, ask.candidates)
    outlets = _outlet_ids(rows["source"][kept], ask)
    week = _weeks(rows["at"][kept])
    return Coverage(candidates, ids, outlets, week, _stories(store, ids), named[kept], accused, known)


def name_pattern(candidate: Candidate) -> str:
    """RE2 pattern of a candidate's names, whole words in any script."""
    names = sorted({candidate.name, *candidate.aliases}, key=lambda name: (-len(name), name))
    letters = r"[\p{L}\p{N}]"
    return rf"(?i)(^|[^\p{{L}}\p{{N}}])({'|'.join(re.escape(name) for name in names)})($|[^{letters[1:-1]}])"


def _in_period(at: Array, ask: Ask) -> Array:
    """Articles of unknown time stay in: leaving them out would hide them."""
    if ask.period is None:
        return np.ones(len(at), dtype=bool)
    first, last = (np.datetime64(day, "us") for day in ask.period)
    inside = (at >= first) & (at < last + np.timedelta64(1, "D"))
    return np.asarray(inside | np.isnat(at))


def _weeks(at: Array) -> Array:
    days = at.astype("datetime64[D]").astype(np.int64)
    return np.where(np.isnat(at), -1, days // 7)


def _outlet_ids(sources: Array, ask: Ask) -> Array:
    """The case's id of an outlet where its id, name or a domain is the article's source."""
    known = {name.lower(): o.id for o in ask.outlets for name in (o.id, o.name, *o.domains)}
    distinct, position = np.unique(
        np.array([str(s or "") for s in sources], dtype=object), return_inverse=True
    )
    named = np.array([known.get(str(name).lower(), str(name)) for name in distinct], dtype=object)
    return named[position] if len(distinct) else np.empty(0, dtype=object)


def _stories(store: Store, ids: Array) -> Array:
    """Story of each article where SPREAD found one, its own id elsewhere."""
    if "result_stories" not in store.tables():
        return ids.copy()
    rows = store.read("SELECT article, min(story) AS story FROM result_stories GROUP BY article")
    story_of = dict(zip(rows["article"], rows["story"], strict=True))
    return np.array([str(story_of.get(i, i)) for i in ids], dtype=object)


def _accused(store: Store, ids: Array, candidates: tuple[Candidate, ...]) -> tuple[Array, bool]:
    """Whether an article carries an attributed accusation whose target is the candidate."""
    accused = np.zeros((len(ids), len(candidates)), dtype=bool)
    if "result_attributions" not in store.tables():
        return accused, False
    row_of = {article: row for row, article in enumerate(ids)}
    rows = store.read("SELECT article, target FROM result_attributions WHERE act = 'accuses'")
    column_of = {n.lower(): i for i, c in enumerate(candidates) for n in (c.id, c.name, *c.aliases)}
    for article, target in zip(rows["article"], rows["target"], strict=True):
        column = column_of.get(str(target).lower())
        if column is not None and article in row_of:
            accused[row_of[article], column] = True
    return accused, True
