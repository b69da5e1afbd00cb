"""Stories: one passage of one origin and everything that took it up. No chaining.

Articles are taken in order of time. What an article shares with earlier ones is *attached* to the story to which the
earlier article's overlapping passage belongs, or starts a story with the earlier article as its anchor. A story thus
grows only through the same words, never because some article happens to hold two of them: that article belongs to
both. Templates link nothing.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from probata.analyse.spread.corpus import EARLY, HOUR, Corpus
from probata.analyse.spread.pairs import Links, Order
from probata.model import Table, content_id

OVERLAP = 0.5
"""Share of the shorter of two passages of one article from which on they are the same passage."""


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
    attached: defaultdict[int, list[tuple[int, int, int]]] = defaultdict(list)  # row -> (begin, end, story)
    stories: list[Story] = []
    rows = [k for k in np.lexsort((links.x, links.y)).tolist() if links.relation[k] != "template"]
    for k in rows:
        x, y = int(links.x[k]), int(links.y[k])
        for i in range(int(links.cut[k]), int(links.cut[k + 1])):
            places = (int(links.begin_x[i]), int(links.end_x[i]), int(links.begin_y[i]), int(links.end_y[i]))
            link_words = int(links.passage_words[i])
            for number in _stories_of(x, places[0], places[1], attached, stories):
                _join(stories[number], y, places[2:], link_words, str(links.relation[k]))
                attached[y].append((places[2], places[3], number))
                _note_order(stories[number], x, y, int(ordered.sign[k]))
    for x, y, relation, _score in extra or []:
        _join_whole(min(x, y), max(x, y), relation, attached, stories)
    return [story for story in stories if len(story.members) > 1]


def _stories_of(
    row: int, begin: int, end: int, attached: dict[int, list[tuple[int, int, int]]], stories: list[Story]
) -> list[int]:
    """Stories to which that passage of an article belongs; a new one where it belongs to none."""
    found: dict[int, None] = {}
    covered = 0
    for low, high, number in attached[row]:
        common = min(high, end) - max(low, begin)
        if common >= OVERLAP * min(high - low, end - begin):
            found[number] = None
            covered = max(covered, common)
    if found and covered >= OVERLAP * (end - begin):
        return list(found)
    own = next((n for _, _, n in attached[row] if stories[n].anchor == row), None)
    if own is None:
        own = len(stories)
        stories.append(Story(row, {row: Member(begin, end, 0, 0, "origin")}))
    attached[row].append((begin, end, own))
    return [*[number for number in found if number != own], own]


def _join(story: Story, row: int, place: tuple[int, ...], words: int, relation: str) -> None:
    member = story.members.get(row)
    if member is None:
        story.members[row] = Member(place[0], place[1], words, 1, relation)
        return
    member.links += 1
    if words > member.words and row != story.anchor:
        member.begin, member.end, member.words, member.relation = place[0], place[1], words, relation


def _note_order(story: Story, x: int, y: int, sign: int) -> None:
    if sign:
        story.before.add((x, y) if sign < 0 else (y, x))


def _join_whole(
    x: int, y: int, relation: str, attached: dict[int, list[tuple[int, int, int]]], stories: list[Story]
) -> None:
    """A reworded or translated article joins the story that the earlier one anchors, or starts one."""
    if relation not in ("same", "reworded", "translated", "denies"):
        return
    number = next((n for _, _, n in attached[x] if stories[n].anchor == x), None)
    if number is None and attached[x]:
        number = attached[x][0][2]
    if number is None:
        number = len(stories)
        stories.append(Story(x, {x: Member(0, 0, 0, 0, "origin")}))
        attached[x].append((0, 0, number))
    _join(stories[number], y, (0, 0), 0, relation)
    attached[y].append((0, 0, number))


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
    columns = {name: [row[k] for row in rows] for k, name in enumerate(names)}
    place = np.array(columns.pop("row"), np.int64)
    for end in ("published_earliest", "published_latest"):
        columns[end] = corpus.columns[end][place]
    columns["lag"] = np.array(columns["lag"], float)
    return {name: _column(column) for name, column in columns.items()}


def _column(values: object) -> np.ndarray:  # type: ignore[type-arg]
    if isinstance(values, np.ndarray):
        return values
    assert isinstance(values, list)
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
    start = int(corpus.lower[first[0]]) if len(first) == 1 else EARLY
    reach = len({int(corpus.owner[row]) for row in story.members})
    shown = "; ".join(str(corpus.sources[corpus.owner[row]]) for row in first[:10])
    named = shown if len(first) == 1 else f"undetermined among {shown}" + ("; ..." if len(first) > 10 else "")
    identity = story_id(corpus, story)
    found = []
    for row, member in sorted(story.members.items()):
        role = _role(row, first, member)
        low = int(corpus.lower[row])
        lag = (low - start) / HOUR if start > EARLY and low > EARLY and low >= start else float("nan")
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
