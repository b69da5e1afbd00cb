"""Stories, spans and credits as the kernels make them."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.spread.corpus import Corpus, arrange
from probata.analyse.spread.pairs import Links, Order, spans_json
from probata.analyse.spread.stories import build
from probata.analyse.spread.told import all_told, by_chance, carried
from probata.analyse.spread.wire import _worth_reading, agency_of
from probata.text.tokens import to_bytes

Passage = tuple[int, int, int, int]


def links(found: dict[tuple[int, int], list[Passage]], chars: list[list[int]] | None = None) -> Links:
    """Copies between earlier and later articles, with passages in words on both sides."""
    x, y = np.array(list(found), np.int64).reshape(-1, 2).T
    places = np.array([place for row in found.values() for place in row], np.int64).reshape(-1, 4)
    cut = np.concatenate([[0], np.cumsum([len(row) for row in found.values()])]).astype(np.int64)
    words, shares = np.full(len(x), 40), np.zeros(len(x))
    return Links(
        x, y, cut, *places.T, places[:, 1] - places[:, 0], np.array(chars or places, np.int32), words, shares, shares,
        np.array(["copy"] * len(x), dtype=object), shares, shares, shares > 0,
    )  # fmt: skip


def unordered(found: Links) -> Order:
    """No pair whose order is known."""
    nothing = np.zeros(len(found), np.int64)
    return Order(nothing, nothing, nothing)


def test_a_story_has_room_for_any_number_of_articles() -> None:
    """Three thousand copies of one text are one story, in order of time."""
    found = links({(0, row): [(0, 40, 0, 40)] for row in range(1, 3000)})
    told = build(found, unordered(found))
    assert told.row.tolist() == list(range(3000))
    assert told.sizes().tolist() == [3000]


def test_another_passage_of_the_same_article_is_another_story() -> None:
    """What is shared from elsewhere in the text joins no story of the first passage."""
    found = links({(0, 1): [(0, 40, 0, 40)], (1, 2): [(100, 140, 0, 40)]})
    told = build(found, unordered(found))
    assert [told.row[told.story == story].tolist() for story in range(len(told))] == [[0, 1], [1, 2]]


def test_a_translation_joins_the_story_that_the_earlier_article_anchors() -> None:
    """Links found by other means extend stories; relations that tell of no take-up do not."""
    found = links({(0, 1): [(0, 40, 0, 40)]})
    told = build(found, unordered(found), [(2, 0, "translated", 0), (0, 3, "differs", 0)])
    assert told.row.tolist() == [0, 1, 2]
    assert told.relation.tolist() == ["origin", "copy", "translated"]


@pytest.mark.parametrize(("sign", "taken"), [(-1, 1), (0, 1), (1, 0)])
def test_a_link_is_kept_with_the_side_that_took_the_passage_over(sign: int, taken: int) -> None:
    """By the order of the pair, which need not be that of the rows; with the later row where it is open."""
    found = links({(0, 1): [(0, 40, 0, 40)]})
    known = Order(np.array([sign]), np.array(["r"], dtype=object), np.zeros(1))
    told = build(found, known)
    whole = build(links({}), unordered(links({})), [(0, 1, "translated", sign)])
    for grown, relation, words in ((told, "copy", 40), (whole, "translated", 0)):
        assert grown.took[taken] == words
        assert grown.took[1 - taken] == -1
        assert grown.relation[taken] == relation
        assert grown.later[taken] == (sign != 0)
        assert not grown.later[1 - taken]


def test_no_links_are_no_stories() -> None:
    """Nothing shared, nothing told."""
    found = links({})
    assert len(build(found, unordered(found))) == 0


def test_spans_read_as_json_whatever_their_numbers() -> None:
    """One digit or ten, one passage or several; ``flip`` changes the sides."""
    chars = [[0, 9, 10, 99], [100, 2**31 - 1, 7, 1_000_000_000], [3, 4, 5, 6]]
    found = links({(0, 1): [(0, 40, 0, 40), (50, 150, 50, 150)], (0, 2): [(0, 12, 0, 12)]}, chars)
    first, second = (json.loads(text) for text in spans_json(found, np.array([False, True])))
    assert first == [
        {"a": [0, 9], "b": [10, 99], "words": 40},
        {"a": [100, 2**31 - 1], "b": [7, 1_000_000_000], "words": 100},
    ]
    assert second == [{"a": [5, 6], "b": [3, 4], "words": 12}]


@pytest.mark.parametrize("around", ["", "é" * 300, "字" * 300, "слово " * 100, "x" * 215 + " "])
@pytest.mark.parametrize("credit", ["(avec AFP)", "dpa/afp", "/ТАСС/", "(Xinhua)", "[ITAR-TASS]"])
def test_no_credit_is_passed_over_unread(credit: str, around: str) -> None:
    """A text that credits an agency is one of those that are read, whatever letters lie between its ends."""
    text = f"{around}{around} {credit}"
    assert agency_of(text)
    assert _worth_reading(to_bytes([text, around]), np.array([0]), 1).tolist() == [True]


def a_corpus(hours: list[int], sources: list[str]) -> Corpus:
    """Articles with the day of their publication, some without any."""
    count = len(hours)
    day = np.datetime64("2017-01-01T00:00:00", "us") + np.array(hours).astype("timedelta64[h]")
    absent = np.array(hours) % 7 == 0
    none = np.full(count, "NaT", "datetime64[us]")
    times = {"published_earliest": day, "published_latest": day + np.timedelta64(9, "h")}
    columns = {
        "id": np.array([f"a{row:03}" for row in range(count)], dtype=object),
        "source": np.array(sources, dtype=object),
        "url": np.array([None] * count, dtype=object),
        "published_zone_known": np.ones(count, bool),
        **{name: np.where(absent, none, column) for name, column in times.items()},
        **{f"{what}_{end}": none for what in ("updated", "retrieved") for end in ("earliest", "latest")},
    }
    return arrange(columns, to_bytes(["text"] * count))


@settings(deadline=None, max_examples=60)
@given(st.integers(0, 2**32 - 1))
def test_columns_tell_of_origins_what_the_stories_tell_one_by_one(seed: int) -> None:
    """The same outlets, counts, origins, expected numbers and p."""
    rng = np.random.default_rng(seed)
    corpus = a_corpus(rng.integers(1, 60, 24).tolist(), [f"s{k}" for k in rng.integers(0, 5, 24)])
    met = {(int(min(x, y)), int(max(x, y))) for x, y in rng.integers(0, 24, (14, 2)) if x != y}
    found = links({pair: [(0, 40, 0, 40)] for pair in sorted(met)})
    stories = build(found, unordered(found))
    told, columns = all_told(corpus, stories), carried(corpus, stories)
    assert columns.owners.tolist() == [len(one.owners) for one in told]
    assert columns.origin.tolist() == [-1 if one.origin is None else one.origin for one in told]
    assert columns.origin_row.tolist() == [one.origin_row for one in told]
    known = columns.origin >= 0
    for owner, places in columns.by_owner(known[columns.story]):
        mine = [one for one in told if owner in one.owners and one.origin is not None]
        assert columns.origin_by_chance(places) == by_chance(mine, owner, "origin")
