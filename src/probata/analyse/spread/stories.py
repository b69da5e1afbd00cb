"""Stories: one passage of one origin and everything that took it up. No chaining.

Articles are taken in order of time. What an article shares with earlier ones is *attached* to the story to which the
earlier article's overlapping passage belongs, or starts a story with the earlier article as its anchor. A story thus
grows only through the same words, never because some article happens to hold two of them: that article belongs to
both. Templates link nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from probata.analyse.spread.corpus import HOUR, Corpus
from probata.analyse.spread.pairs import Links, Order
from probata.model import Table, content_id

Array = np.ndarray[Any, np.dtype[Any]]

Attached = defaultdict[int, dict[int, tuple[int, int]]]
"""Row -> story -> its passage (words) in that article."""

LEAST = 15
"""Distinctive words of a link that carries a story where it is no copy: under that, phrases meet by chance."""
OVERLAP = 0.5
"""Share of the shorter of two passages of one article from which on they are the same passage."""

SAME = 0.8
"""Share of the longer of two passages of one article from which on they are word for word the same story."""


@dataclass(slots=True)
class Member:
    """An article in a story: its passage there (words), the strongest link that brought it, how many links."""

    begin: int
    end: int
    words: int
    links: int
    relation: str


@dataclass(slots=True)
class Story:
    """Members by corpus row; the anchor is the first."""

    anchor: int
    members: dict[int, Member] = field(default_factory=dict)
    before: set[tuple[int, int]] = field(default_factory=set)
    """Pairs (earlier, later) whose order is certain."""


Extra = tuple[int, int, str, float]
"""A link found by other means: rows of two articles, relation, score."""


def build(links: Links, ordered: Order, extra: list[Extra] | None = None) -> list[Story]:
    """Grow the stories; ``extra`` are reworded or translated pairs, which join whole articles."""
    attached: Attached = defaultdict(dict)
    stories: list[Story] = []
    for x, y, relation, sign, passages in _strong(links, ordered):
        for begin_x, end_x, begin_y, end_y, words in passages:
            if _reprinted(x, y, (begin_x, end_x, begin_y, end_y, words), relation, attached, stories):
                continue
            for number in _stories_of(x, begin_x, end_x, attached, stories):
                _join(stories[number], y, (begin_y, end_y), words, relation)
                _attach(attached[y], number, begin_y, end_y)
                if sign:
                    stories[number].before.add((x, y) if sign < 0 else (y, x))
    for x, y, relation, _score in extra or []:
        _join_whole(min(x, y), max(x, y), relation, attached, stories)
    return [story for story in stories if len(story.members) > 1]


def _reprinted(
    x: int,
    y: int,
    place: tuple[int, int, int, int, int],
    relation: str,
    attached: Attached,
    stories: list[Story],
) -> bool:
    """Let an article that no earlier one brought into a story join the one in which the later has that passage.

    So it is where an outlet prints one text twice before another takes it up: pairs of one outlet are not looked for.
    """
    begin_x, end_x, begin_y, end_y, words = place
    if attached.get(x):
        return False
    for number, (low, high) in attached[y].items():
        common = min(high, end_y) - max(low, begin_y)
        if stories[number].anchor != y and common >= SAME * max(high - low, end_y - begin_y):
            _join(stories[number], x, (begin_x, end_x), words, relation)
            _attach(attached[x], number, begin_x, end_x)
            return True
    return False


def _strong(
    links: Links, ordered: Order
) -> Iterator[tuple[int, int, str, int, list[tuple[int, int, int, int, int]]]]:
    """Links that can carry a story, by later article, then earlier: no templates, no chance phrases."""
    strong = (links.relation == "copy") | (links.words >= LEAST)
    rows = np.flatnonzero((links.relation != "template") & strong)
    rows = rows[np.lexsort((links.x[rows], links.y[rows]))]
    places = np.column_stack(
        [links.begin_x, links.end_x, links.begin_y, links.end_y, links.passage_words]
    ).tolist()
    cut, x, y, sign = links.cut.tolist(), links.x.tolist(), links.y.tolist(), ordered.sign.tolist()
    for k in rows.tolist():
        yield x[k], y[k], str(links.relation[k]), sign[k], places[cut[k] : cut[k + 1]]


def _attach(places: dict[int, tuple[int, int]], number: int, begin: int, end: int) -> None:
    """Remember the passage by which an article belongs to a story: the longest where there are several."""
    known = places.get(number)
    if known is None or known[1] - known[0] < end - begin:
        places[number] = (begin, end)


def _stories_of(row: int, begin: int, end: int, attached: Attached, stories: list[Story]) -> list[int]:
    """Stories to which that passage of an article belongs; a new one where it belongs to none."""
    found: list[int] = []
    covered = 0
    own = -1
    for number, (low, high) in attached[row].items():
        if stories[number].anchor == row:
            own = number
            continue
        common = min(high, end) - max(low, begin)
        if common >= OVERLAP * min(high - low, end - begin):
            found.append(number)
            covered = max(covered, common)
    if found and covered >= OVERLAP * (end - begin):
        return found
    if own < 0:
        own = len(stories)
        stories.append(Story(row, {row: Member(begin, end, 0, 0, "origin")}))
        attached[row][own] = (begin, end)
    return [*found, own]


def _join(story: Story, row: int, place: tuple[int, ...], words: int, relation: str) -> None:
    member = story.members.get(row)
    if member is None:
        story.members[row] = Member(place[0], place[1], words, 1, relation)
        return
    member.links += 1
    if words > member.words and row != story.anchor:
        member.begin, member.end, member.words, member.relation = place[0], place[1], words, relation


def _join_whole(x: int, y: int, relation: str, attached: Attached, stories: list[Story]) -> None:
    """A reworded or translated article joins the story that the earlier one anchors, or starts one."""
    if relation not in ("copy", "reworded", "translated", "denies"):
        return
    number = next((n for n in attached[x] if stories[n].anchor == x), None)
    if number is None:
        number = next(iter(attached[x]), None)
    if number is None:
        number = len(stories)
        stories.append(Story(x, {x: Member(0, 0, 0, 0, "origin")}))
        attached[x][number] = (0, 0)
    _join(stories[number], y, (0, 0), 0, relation)
    _attach(attached[y], number, 0, 0)


def origins(corpus: Corpus, story: Story) -> list[int]:
    """Members that may be the origin: nobody is certainly before them."""
    rows = sorted(story.members)
    first_known = min(int(corpus.upper[row]) for row in rows)
    later = {after for _, after in story.before}
    candidates = [row for row in rows if int(corpus.lower[row]) <= first_known and row not in later]
    return candidates or [row for row in rows if int(corpus.lower[row]) <= first_known] or rows


def table(corpus: Corpus, stories: list[Story]) -> Table:
    """One row an article in a story, in order of story and time.

    ``role``: origin; origin? (one of several that may be it); else copy -> pickup, or the relation of its link.
    ``weakest``: distinctive words of the weakest link that holds the story together.
    """
    rows = [row for story in stories for row in _rows(corpus, story)]
    names = (
        "story", "article", "source", "published", "role", "relation", "lag", "lang", "words", "links", "weakest",
        "sources", "origin", "published_earliest", "published_latest", "row",
    )  # fmt: skip
    columns: dict[str, Any] = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    place = np.array(columns.pop("row"), np.int64)
    for end in ("published_earliest", "published_latest"):
        columns[end] = corpus.columns[end][place]
    columns["lag"] = np.array(columns["lag"], float)
    return {name: _column(column) for name, column in columns.items()}


def _column(values: Any) -> Array:
    if isinstance(values, np.ndarray):
        return values
    if values and isinstance(values[0], int):
        return np.array(values, np.int64)
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array


def story_id(corpus: Corpus, story: Story) -> str:
    """Known by its anchor and the anchor's passage: the same story has the same id in a later run."""
    anchor = story.members[story.anchor]
    return content_id("story", corpus.ids[story.anchor], anchor.begin)


def _rows(corpus: Corpus, story: Story) -> list[tuple[object, ...]]:
    first = origins(corpus, story)
    weakest = min((m.words for row, m in story.members.items() if row != story.anchor), default=0)
    reach = len({int(corpus.owner[row]) for row in story.members})
    shown = "; ".join(str(corpus.sources[corpus.owner[row]]) for row in first[:10])
    named = shown if len(first) == 1 else f"undetermined among {shown}" + ("; ..." if len(first) > 10 else "")
    identity = story_id(corpus, story)
    found: list[tuple[object, ...]] = []
    for row, member in sorted(story.members.items()):
        role = _role(row, first, member)
        known = len(first) == 1 and corpus.dated[row] and corpus.dated[first[0]]
        lag = (int(corpus.middle[row]) - int(corpus.middle[first[0]])) / HOUR if known else float("nan")
        columns = corpus.columns
        found.append((
            identity, corpus.ids[row], corpus.sources[corpus.owner[row]], columns["published"][row], role,
            member.relation, lag, columns["lang"][row], member.words, member.links, weakest, reach, named,
            None, None, row,
        ))  # fmt: skip
    return found


def _role(row: int, first: list[int], member: Member) -> str:
    if row in first:
        return "origin" if len(first) == 1 else "origin?"
    return "pickup" if member.relation in ("copy", "partial", "origin") else member.relation
