"""The articles as columns in order of time, with what their times surely bound."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np

from probata.model import REPEATED, Table
from probata.store.base import Store
from probata.store.lettered import Lettered, same_texts
from probata.text.buffers import Texts, joined

Array = np.ndarray[Any, np.dtype[Any]]

HOUR = 3_600_000_000
"""Microseconds."""
EARLY, LATE = -(2**62), 2**62
"""Stand for "any time before" and "any time after"."""

_QUERY = (
    "SELECT id, url, title, published_earliest, published_latest, published_zone_known, "
    "updated_earliest, updated_latest, retrieved_earliest, retrieved_latest, links FROM articles"
)
_MERGED = (
    "SELECT given.id, url, title, published_earliest, published_latest, published_zone_known, "
    "greatest(given.updated_earliest, again.updated_earliest) AS updated_earliest, "
    "greatest(given.updated_latest, again.updated_latest) AS updated_latest, "
    "least(given.retrieved_earliest, again.retrieved_earliest) AS retrieved_earliest, "
    "least(given.retrieved_latest, again.retrieved_latest) AS retrieved_latest, links "
    "FROM articles AS given LEFT JOIN (SELECT id, "
    "max(updated_earliest) AS updated_earliest, max(updated_latest) AS updated_latest, "
    "min(retrieved_earliest) AS retrieved_earliest, min(retrieved_latest) AS retrieved_latest "
    "FROM seen_again GROUP BY id) AS again ON again.id = given.id"
)
"""The same where records came again: a text was there when the first copy was fetched, and changed with the last."""
_LETTERED = ("id", "source", "lang", "published")
"""Columns of which the text itself is needed of few articles."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles in order of their earliest possible time, then id; all arrays have one entry an article.

    ``lower`` is before anything of the article can have been public, ``upper`` is when the text as we have it
    surely was, in microseconds UTC with zone doubt included.
    """

    columns: Table  # all but the texts
    texts: Texts
    owner: Array  # int64: number of the source
    sources: tuple[str, ...]
    lower: Array  # int64
    upper: Array  # int64
    changed: Array  # bool: updated after it was published
    middle: Array  # int64: middle of the published interval as given, for lags
    dated: Array  # bool: there is a published time
    counts: dict[str, int]

    def __len__(self) -> int:
        return len(self.owner)

    @property
    def ids(self) -> Array:
        """Article ids."""
        return np.asarray(self.columns["id"])


def load(store: Store) -> Corpus | None:
    """Read every article; None where there is none."""
    if "articles" not in store.tables():
        return None
    columns = dict(store.read(_MERGED if REPEATED in store.tables() else _QUERY))
    if not len(columns["id"]):
        return None
    ids = columns["id"].tolist()
    told = {
        name: column.copy()  # which makes one part of many
        for name, column in store.lettered("articles", _LETTERED).items()
    }
    places = _places(ids, [told["id"]])
    wanted = told.pop("id") if isinstance(places, slice) else ids
    columns |= {name: taken(column, places) for name, column in told.items()}
    given: list[Any] = []
    texts = joined(_kept(store.texts("articles"), given), len(ids))
    return arrange(columns, texts.rows(_places(wanted, given)))


def _kept(pieces: Iterable[tuple[Any, Texts]], given: list[Any]) -> Iterator[Texts]:
    """The texts of each piece, its ids put by."""
    for ids, texts in pieces:
        given.append(ids)
        yield texts


def _places(wanted: Any, given: list[Any]) -> Any:
    """Where each wanted id stands among those given: an engine may answer two queries in two orders.

    Ids are lists, arrays or ``Lettered``.
    """
    at = 0
    for ids in given:
        if not same_texts(ids, wanted[at : at + len(ids)]):
            place = {name: row for row, name in enumerate(chain.from_iterable(given))}
            return np.array([place[name] for name in wanted], np.int64)
        at += len(ids)
    return slice(None)


def arrange(columns: Table, texts: Texts) -> Corpus:
    """Work out the bounds and put the articles in order of time."""
    published = _interval(columns, "published", zone=columns["published_zone_known"])
    updated = _interval(columns, "updated")
    retrieved = _interval(columns, "retrieved")
    lower, upper, counts = _bounds(published, updated, retrieved)
    ids = np.asarray(columns["id"], dtype=object)
    known = np.where(lower > EARLY, lower, np.where(upper < LATE, upper, LATE))
    order = _ordered(known, ids)
    if (order[1:] > order[:-1]).all():
        order = slice(None)  # many a file is in order of time, and need not be copied
    sources, owner = _numbered(columns["source"])
    arranged = {name: taken(column, order) for name, column in columns.items()}
    counts |= {
        "articles": len(ids),
        "sources": len(sources),
        "without text": _blank(texts),
        "without source": int(np.count_nonzero(owner == sources.index("?"))) if "?" in sources else 0,
        "same address": _at_one_address(columns["url"]),
    }
    changed = (updated[1] > published[1]) & (updated[1] < LATE)
    given = _interval(columns, "published")
    # a publication after the retrieval tells no time; a day is over with the retrieval
    dated = (given[0] > EARLY) & (given[1] < LATE) & (given[0] <= upper)
    middle = np.where(dated, np.minimum(given[0] + (given[1] - given[0]) // 2, upper), 0)
    return Corpus(
        arranged,
        texts.rows(order),
        owner[order],
        sources,
        lower[order],
        upper[order],
        changed[order],
        middle[order],
        dated[order],
        counts,
    )


def taken(column: Any, rows: Any) -> Any:
    """These rows of a column; one that has a single value stays as it is where all of it is taken."""
    if isinstance(column, Lettered):
        return column if isinstance(rows, slice) else column.only(rows)
    array = np.asarray(column)
    whole = isinstance(rows, slice) or len(rows) == len(array)
    return array if whole and array.strides == (0,) else array[rows]


def _ordered(known: Array, ids: Array) -> Any:
    """Places in order of time; only those of one time are compared by their ids, which is slow."""
    order = np.argsort(known, kind="stable")
    same = known[order[1:]] == known[order[:-1]]
    tied = np.flatnonzero(np.append(same, False) | np.append(np.zeros(1, bool), same))
    rows = order[tied]
    order[tied] = rows[np.lexsort((sortable(ids[rows]), known[rows]))]
    return order


def _blank(texts: Texts) -> int:
    """Texts with nothing but space in them; only those that begin with a space are read."""
    filled = texts.ends > texts.starts
    first = texts.data[texts.starts[filled]]
    beginning = np.isin(first, np.array([*range(33), 0xC2, 0xE1, 0xE2, 0xE3], np.uint8))
    doubtful = np.flatnonzero(filled)[beginning]
    return int(np.count_nonzero(~filled)) + sum(texts[row].isspace() for row in doubtful.tolist())


def sortable(ids: Array) -> Array:
    """Ids as fixed-width bytes, which sort a good deal faster than text; as text where they are not plain ASCII."""
    try:
        return ids.astype("S")
    except UnicodeEncodeError:
        return ids.astype(str)


def _at_one_address(urls: Any) -> int:
    """Articles whose address other articles have too; identical records were dropped before."""
    held = Counter(filter(None, np.asarray(urls, dtype=object).tolist()))
    return sum(times for times in held.values() if times > 1)


def _numbered(sources: Any) -> tuple[tuple[str, ...], Array]:
    """The distinct sources in order, "?" for none, and the place of each article's among them."""
    if isinstance(sources, Lettered):
        names, owner = sources.numbered()
        if "" not in names:
            return tuple(names), owner
    listed = [str(value) if value else "?" for value in np.asarray(sources, dtype=object).tolist()]
    distinct = sorted(set(listed))
    place = {name: number for number, name in enumerate(distinct)}
    return tuple(distinct), np.fromiter(map(place.__getitem__, listed), np.int64, len(listed))


def _interval(columns: Table, name: str, zone: Any = None) -> tuple[Array, Array]:
    """Earliest and latest in microseconds; unknown ends are EARLY and LATE. An unknown zone widens both.

    The reader has widened ``updated`` and ``retrieved`` already, which are shown nowhere as they were given.
    """
    ends = [np.asarray(columns[f"{name}_{end}"]) for end in ("earliest", "latest")]
    if all(_without_value(end) for end in ends):
        return np.broadcast_to(np.int64(EARLY), len(ends[0])), np.broadcast_to(np.int64(LATE), len(ends[1]))
    low, high = map(_micros, ends)
    absent_low, absent_high = low == np.iinfo(np.int64).min, high == np.iinfo(np.int64).min
    if zone is not None:
        unsure = _unsure(np.asarray(zone))
        low = np.where(unsure, low - 14 * HOUR, low)
        high = np.where(unsure, high + 12 * HOUR, high)
    return np.where(absent_low, EARLY, low), np.where(absent_high, LATE, high)


def _unsure(zone: Array) -> Array:
    if zone.dtype.kind == "b":
        return ~zone
    return np.array([value is None or not bool(value) for value in zone.tolist()], bool)


def _without_value(column: Array) -> bool:
    """Whether a column is one absent time for all rows, as the store hands it over."""
    return column.dtype.kind == "M" and column.strides == (0,) and bool(np.isnat(column[:1]).all())


def _micros(array: Array) -> Array:
    if array.dtype.kind != "M":  # a column without any value has no type
        array = np.array(array, dtype="datetime64[us]")
    return np.asarray(array.astype("datetime64[us]").astype(np.int64))


def _bounds(
    published: tuple[Array, Array], updated: tuple[Array, Array], retrieved: tuple[Array, Array]
) -> tuple[Array, Array, dict[str, int]]:
    """Bounds of when the text as we have it became public.

    It may have held a passage from its publication on, or only since its last update: hence published to
    updated. It was public at the latest when it was fetched. A publication after the fetch contradicts
    itself and bounds nothing.
    """
    lower = published[0]
    has_update = updated[1] < LATE
    upper = np.where(has_update, np.maximum(published[1], updated[1]), published[1])
    upper = np.where((published[1] == LATE) & has_update, updated[1], upper)
    future = (lower > retrieved[1]) & (retrieved[1] < LATE)
    upper = np.where(retrieved[1] < LATE, np.minimum(upper, retrieved[1]), upper)
    lower = np.where(future, EARLY, lower)
    counts = {
        "without time": int(((published[0] == EARLY) & (upper == LATE)).sum()),
        "published after retrieval": int(future.sum()),
    }
    return lower, np.maximum(upper, lower), counts
