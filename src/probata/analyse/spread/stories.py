"""Stories: one passage of one origin and everything that took it up. No chaining.

Articles are taken in order of time. What an article shares with earlier ones is *attached* to the story to which the
earlier article's overlapping passage belongs, or starts a story with the earlier article as its anchor. A story thus
grows only through the same words, never because some article happens to hold two of them: that article belongs to
both. Templates link nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from probata.analyse.spread import story_kernels as kernels
from probata.analyse.spread.corpus import Corpus, taken
from probata.analyse.spread.pairs import Links, Order, lag_between
from probata.model import Table, content_id

Array = np.ndarray[Any, np.dtype[Any]]

LEAST = 15
"""Distinctive words of a link that carries a story where it is no copy: under that, phrases meet by chance."""
_MOST = np.iinfo(np.int64).max
NAMED = 10
"""Possible origins that are named."""
WHOLE = ("copy", "reworded", "translated", "denies")
"""Relations of whole articles that carry a story."""

_GIVEN = ("id", "published", "lang", "published_earliest", "published_latest")

Extra = tuple[int, int, str, int]
"""A link found by other means: rows of two articles, relation, order (-1: the first one is first, 1: the second)."""


@dataclass(frozen=True, slots=True)
class Stories:
    """Every story and its members; the members of story s are ``cut[s]:cut[s + 1]``, in order of time.

    Of a story: its anchor. Of a member: its story, the article's row, its passage there (words) by the strongest link
    that brought it, that link's distinctive words, how many links, the relation of the strongest link by which it took
    the passage over and its words (-1: by none; the relation is that of the link that brought it), and whether it
    surely came after another member.
    """

    anchor: Array
    cut: Array
    story: Array
    row: Array
    begin: Array
    end: Array
    words: Array
    links: Array
    relation: Array  # text
    took: Array
    later: Array  # bool
    undetermined: Array
    """Pairs of rows, the earlier first, that share a passage and whose order is not known."""

    def __len__(self) -> int:
        return len(self.anchor)

    def sizes(self) -> Array:
        """Members of each story."""
        return np.diff(self.cut)

    def smallest(self, values: Array) -> Array:
        """For each story the smallest of its members' values."""
        return np.minimum.reduceat(values, self.cut[:-1]) if len(self) else values[:0]

    def any(self, truths: Array) -> Array:
        """For each story whether it holds for one of its members."""
        return np.bincount(self.story, truths, minlength=len(self)) > 0


def build(links: Links, ordered: Order, extra: Sequence[Extra] = ()) -> Stories:
    """Grow the stories; ``extra`` are reworded or translated pairs, which join whole articles."""
    extra = [link for link in extra if link[2] in WHOLE]
    names = ["origin", *sorted({*links.relation.tolist(), *(link[2] for link in extra)})]
    code = {name: number for number, name in enumerate(names)}
    whole = [
        (min(x, y), max(x, y), code[relation], sign if x < y else -sign) for x, y, relation, sign in extra
    ]
    rows = _strong(links)
    known = np.fromiter(map(code.__getitem__, links.relation[rows].tolist()), np.int64, len(rows))
    strong = np.column_stack(
        [links.x[rows], links.y[rows], ordered.sign[rows], known, links.cut[rows], links.cut[rows + 1]]
    )
    columns = links.begin_x, links.end_x, links.begin_y, links.end_y, links.passage_words
    passages = np.stack(columns, axis=1, dtype=np.int32, casting="same_kind")
    others = np.array(whole, np.int64).reshape(-1, 4)
    articles = 1 + int(max(strong[:, :2].max(initial=-1), others[:, :2].max(initial=-1)))
    members, anchors = kernels.grow(strong, passages, others, articles)
    unknown = np.concatenate([strong[strong[:, 2] == 0, :2], others[others[:, 3] == 0, :2]])
    return _arranged(members, anchors, np.array(names, dtype=object), unknown)


def _strong(links: Links) -> Array:
    """Links that can carry a story, by later article, then earlier: no templates, no chance phrases."""
    strong = (links.relation == "copy") | (links.words >= LEAST)
    rows = np.flatnonzero((links.relation != "template") & strong)
    return rows[np.argsort(links.y[rows] << 32 | links.x[rows])]


def _arranged(members: Array, anchors: Array, names: Array, undetermined: Array) -> Stories:
    """Stories of two or more articles in the order in which they began, their members in order of time."""
    story = members[:, kernels.STORY].astype(np.int64)
    sizes = np.bincount(story, minlength=len(anchors))
    kept = sizes > 1
    order = np.argsort(story << 32 | members[:, kernels.ROW])
    order = order[kept[story[order]]]
    row, begin, end, words, many, relation, later, took, taken_by = (
        members[order, column].astype(np.int64)
        for column in (
            kernels.ROW, kernels.BEGIN, kernels.END, kernels.WORDS, kernels.LINKS, kernels.RELATION, kernels.LATER,
            kernels.TOOK, kernels.TAKEN,
        )
    )  # fmt: skip
    cut = np.concatenate([[0], np.cumsum(sizes[kept])])
    return Stories(
        anchors[kept].astype(np.int64), cut, np.repeat(np.arange(len(cut) - 1), sizes[kept]),
        row, begin, end, words, many, names[np.where(took < 0, relation, taken_by)], took, later > 0, undetermined,
    )  # fmt: skip


def origins(corpus: Corpus, told: Stories) -> Array:
    """Whether a member may be the origin of its story: nobody is certainly before it, by its pairs or by time."""
    early = _early(corpus, told)
    first = early & ~told.later
    first |= early & ~told.any(first)[told.story]  # links that contradict one another rule nobody out
    return first


def _early(corpus: Corpus, told: Stories) -> Array:
    """Whether no member was surely public before: one whose pair is undetermined all the same, as other evidence
    contradicts the times, is none.
    """
    lower, upper = corpus.lower[told.row], corpus.upper[told.row]
    early = np.asarray(lower <= told.smallest(upper)[told.story])
    before, after = told.undetermined.T
    disputed = np.flatnonzero(corpus.upper[before] < corpus.lower[after])
    if not len(disputed):
        return early
    doubted: dict[int, list[int]] = {}
    for row, other in zip(after[disputed].tolist(), before[disputed].tolist(), strict=True):
        doubted.setdefault(row, []).append(other)
    for place in np.flatnonzero(np.isin(told.row, after[disputed]) & ~early).tolist():
        story = slice(*told.cut[told.story[place] :][:2])
        sure = ~np.isin(told.row[story], doubted[int(told.row[place])])
        early[place] = not (upper[story][sure] < lower[place]).any()
    return early


def table(corpus: Corpus, told: Stories) -> Table:
    """One row an article in a story, in order of story and time.

    ``role``: origin (of several versions of one outlet each that may be first); origin? (one of several outlets' that
    may be it); else copy -> pickup, or the relation of its link.
    ``weakest``: distinctive words of the weakest link that holds the story together.
    """
    first = origins(corpus, told)
    owner = corpus.owner[told.row]
    alone = told.smallest(np.where(first, owner, _MOST)) == -told.smallest(np.where(first, -owner, _MOST))
    sources = np.array(corpus.sources, dtype=object)
    of_anchor = told.row == told.anchor[told.story]
    weakest = told.smallest(np.where(of_anchor, _MOST, told.words))
    relation = _relations(told, first)
    given = {name: np.asarray(taken(corpus.columns[name], told.row)) for name in _GIVEN}
    return {
        "story": _ids(corpus, told, of_anchor)[told.story],
        "article": given["id"].astype(object, copy=False),
        "source": sources[owner],
        "published": given["published"].astype(object, copy=False),
        "role": _roles(relation, first, alone[told.story]),
        "relation": relation,
        "lag": _lags(corpus, told, first, alone),
        "lang": given["lang"].astype(object, copy=False),
        "words": np.where(told.took >= 0, told.took, np.where(relation == "origin", 0, told.words)),
        "links": told.links,
        "weakest": weakest[told.story],
        "sources": _reach(told, owner, len(sources))[told.story],
        "origin": _named(told, first, sources[owner])[told.story],
        "published_earliest": given["published_earliest"],
        "published_latest": given["published_latest"],
    }


def _ids(corpus: Corpus, told: Stories, of_anchor: Array) -> Array:
    """Known by its anchor and the anchor's passage: the same story has the same id in a later run."""
    anchors, begins = corpus.ids[told.anchor].tolist(), told.begin[of_anchor].tolist()
    return _text([content_id("story", name, begin) for name, begin in zip(anchors, begins, strict=True)])


def _relations(told: Stories, first: Array) -> Array:
    """How a member took the passage over; of one that took nothing over "origin", unless it is another print."""
    printed = (told.relation == "copy") | (told.relation == "partial")
    relation = told.relation.copy()
    relation[(told.took < 0) & (first | ~printed)] = "origin"
    return relation


def _roles(relation: Array, first: Array, alone: Array) -> Array:
    role = relation.copy()
    role[(role == "copy") | (role == "partial") | (role == "origin")] = "pickup"
    role[first & alone] = "origin"
    role[first & ~alone] = "origin?"
    return role


def _lags(corpus: Corpus, told: Stories, first: Array, alone: Array) -> Array:
    """Hours since the earliest article of the origin, as the table of pairs has them; NaN where no outlet surely is it,
    for its further versions that may be first, and where a time is unknown.
    """
    since = told.smallest(np.where(first, told.row, _MOST))[told.story]
    itself = alone[told.story] & (told.row == since)
    lag = lag_between(corpus, since, told.row, np.where(alone[told.story] & ~first, -1, 0))
    lag[itself & corpus.dated[told.row]] = 0.0
    return lag


def _reach(told: Stories, owner: Array, sources: int) -> Array:
    """Sources of each story."""
    held = np.sort(told.story * sources + owner)
    return np.bincount(told.story, np.diff(held, prepend=-1) != 0, minlength=len(told)).astype(np.int64)


def _named(told: Stories, first: Array, source: Array) -> Array:
    """The origin of each story in words."""
    names = source[first].tolist()
    edges = np.concatenate([[0], np.cumsum(np.bincount(told.story[first], minlength=len(told)))])
    return _text([_named_one(names[low:high]) for low, high in pairwise(edges.tolist())])


def _named_one(given: list[str]) -> str:
    names = list(dict.fromkeys(given))
    if len(names) == 1:
        return names[0]
    return f"undetermined among {'; '.join(names[:NAMED])}{'; ...' if len(names) > NAMED else ''}"


def _text(values: list[str]) -> Array:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
