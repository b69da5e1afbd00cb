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
from probata.analyse.spread.corpus import HOUR, Corpus, taken
from probata.analyse.spread.pairs import Links, Order
from probata.model import Table, content_id

Array = np.ndarray[Any, np.dtype[Any]]

LEAST = 15
"""Distinctive words of a link that carries a story where it is no copy: under that, phrases meet by chance."""
NAMED = 10
"""Possible origins that are named."""
WHOLE = ("copy", "reworded", "translated", "denies")
"""Relations of whole articles that carry a story."""

_GIVEN = ("id", "published", "lang", "published_earliest", "published_latest")

Extra = tuple[int, int, str, float]
"""A link found by other means: rows of two articles, relation, score."""


@dataclass(frozen=True, slots=True)
class Stories:
    """Every story and its members; the members of story s are ``cut[s]:cut[s + 1]``, in order of time.

    Of a story: its anchor. Of a member: its story, the article's row, its passage there (words) by the strongest link
    that brought it, that link's distinctive words and relation, how many links, and whether it surely came after
    another member.
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
    later: Array  # bool

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
    whole = [(min(x, y), max(x, y), code[relation]) for x, y, relation, _score in extra]
    rows = _strong(links)
    known = np.fromiter(map(code.__getitem__, links.relation[rows].tolist()), np.int64, len(rows))
    strong = np.column_stack(
        [links.x[rows], links.y[rows], ordered.sign[rows], known, links.cut[rows], links.cut[rows + 1]]
    )
    columns = links.begin_x, links.end_x, links.begin_y, links.end_y, links.passage_words
    passages = np.stack(columns, axis=1, dtype=np.int32, casting="same_kind")
    others = np.array(whole, np.int64).reshape(-1, 3)
    articles = 1 + int(max(strong[:, :2].max(initial=-1), others[:, :2].max(initial=-1)))
    members, anchors = kernels.grow(strong, passages, others, articles)
    return _arranged(members, anchors, np.array(names, dtype=object))


def _strong(links: Links) -> Array:
    """Links that can carry a story, by later article, then earlier: no templates, no chance phrases."""
    strong = (links.relation == "copy") | (links.words >= LEAST)
    rows = np.flatnonzero((links.relation != "template") & strong)
    return rows[np.argsort(links.y[rows] << 32 | links.x[rows])]


def _arranged(members: Array, anchors: Array, names: Array) -> Stories:
    """Stories of two or more articles in the order in which they began, their members in order of time."""
    story = members[:, kernels.STORY].astype(np.int64)
    sizes = np.bincount(story, minlength=len(anchors))
    kept = sizes > 1
    order = np.argsort(story << 32 | members[:, kernels.ROW])
    order = order[kept[story[order]]]
    row, begin, end, words, many, relation, later = (
        members[order, column].astype(np.int64)
        for column in (
            kernels.ROW, kernels.BEGIN, kernels.END, kernels.WORDS, kernels.LINKS, kernels.RELATION, kernels.LATER,
        )
    )  # fmt: skip
    cut = np.concatenate([[0], np.cumsum(sizes[kept])])
    return Stories(
        anchors[kept].astype(np.int64), cut, np.repeat(np.arange(len(cut) - 1), sizes[kept]),
        row, begin, end, words, many, names[relation], later > 0,
    )  # fmt: skip


def origins(corpus: Corpus, told: Stories) -> Array:
    """Whether a member may be the origin of its story: nobody is certainly before it."""
    first_known = told.smallest(corpus.upper[told.row])
    early = corpus.lower[told.row] <= first_known[told.story]
    first = early & ~told.later
    first |= early & ~told.any(first)[told.story]  # links that contradict one another rule nobody out
    return first


def table(corpus: Corpus, told: Stories) -> Table:
    """One row an article in a story, in order of story and time.

    ``role``: origin; origin? (one of several that may be it); else copy -> pickup, or the relation of its link.
    ``weakest``: distinctive words of the weakest link that holds the story together.
    """
    first = origins(corpus, told)
    alone = np.bincount(told.story, first, minlength=len(told)) == 1
    owner = corpus.owner[told.row]
    sources = np.array(corpus.sources, dtype=object)
    of_anchor = told.row == told.anchor[told.story]
    weakest = told.smallest(np.where(of_anchor, np.iinfo(np.int64).max, told.words))
    given = {name: np.asarray(taken(corpus.columns[name], told.row)) for name in _GIVEN}
    return {
        "story": _ids(corpus, told, of_anchor)[told.story],
        "article": given["id"].astype(object, copy=False),
        "source": sources[owner],
        "published": given["published"].astype(object, copy=False),
        "role": _roles(told, first, alone),
        "relation": told.relation,
        "lag": _lags(corpus, told, first, alone),
        "lang": given["lang"].astype(object, copy=False),
        "words": told.words,
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


def _roles(told: Stories, first: Array, alone: Array) -> Array:
    role = told.relation.copy()
    role[(role == "copy") | (role == "partial") | (role == "origin")] = "pickup"
    role[first & alone[told.story]] = "origin"
    role[first & ~alone[told.story]] = "origin?"
    return role


def _lags(corpus: Corpus, told: Stories, first: Array, alone: Array) -> Array:
    """Hours since the origin, where there is a single one and both have a time; else NaN."""
    origin = np.zeros(len(told), np.int64)
    origin[told.story[first]] = told.row[first]
    since = origin[told.story]
    known = alone[told.story] & corpus.dated[told.row] & corpus.dated[since]
    return np.where(known, (corpus.middle[told.row] - corpus.middle[since]) / HOUR, np.nan)


def _reach(told: Stories, owner: Array, sources: int) -> Array:
    """Sources of each story."""
    held = np.sort(told.story * sources + owner)
    return np.bincount(told.story, np.diff(held, prepend=-1) != 0, minlength=len(told)).astype(np.int64)


def _named(told: Stories, first: Array, source: Array) -> Array:
    """The origin of each story in words."""
    names = source[first].tolist()
    edges = np.concatenate([[0], np.cumsum(np.bincount(told.story[first], minlength=len(told)))])
    return _text([_named_one(names[low:high]) for low, high in pairwise(edges.tolist())])


def _named_one(names: list[str]) -> str:
    if len(names) == 1:
        return names[0]
    return f"undetermined among {'; '.join(names[:NAMED])}{'; ...' if len(names) > NAMED else ''}"


def _text(values: list[str]) -> Array:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
