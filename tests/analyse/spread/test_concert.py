"""Ties between sources on made-up shares."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from probata.analyse.spread.concert import comparable, groups, ties
from probata.analyse.spread.concert_shares import Coded
from probata.model import Table

START = np.datetime64("2017-02-01T00:00:00", "us")


def shares(rows: list[tuple[str, str, float]], known: bool = True, wire: set[str] | None = None) -> Table:
    """Rows of (source, story, hours after the start)."""
    at = np.array([START + np.timedelta64(int(3600 * hours), "s") for _, _, hours in rows])
    none = np.full(len(rows), "NaT", dtype="datetime64[us]")
    return {
        "source": [source for source, _, _ in rows],
        "object": [story for _, story, _ in rows],
        "earliest": at if known else none,
        "latest": at if known else none,
        "article": [f"{source}/{story}" for source, story, _ in rows],
        "wire": [story in (wire or set()) for _, story, _ in rows],
    }


def background(
    rng: np.random.Generator, sources: int = 12, each: int = 60, stories: int = 400
) -> list[tuple[str, str, float]]:
    """Sources that pick stories by themselves, some stories more popular than others."""
    popularity = 1 / np.arange(1, stories + 1) ** 0.7
    popularity /= popularity.sum()
    born = rng.uniform(0, 24 * 40, stories)
    return [
        (f"s{source}", f"story{story}", born[story] + rng.exponential(6))
        for source in range(sources)
        for story in rng.choice(stories, each, replace=False, p=popularity)
    ]


def significant(table: Table) -> set[frozenset[str]]:
    """Pairs at q <= .05."""
    return {
        frozenset((a, b)) for a, b, q in zip(table["a"], table["b"], table["q"], strict=True) if q <= 0.05
    }


def test_two_sources_that_share_rare_stories_within_minutes_are_tied() -> None:
    """Twelve stories that nobody else carries, always within minutes, make one tie and no other."""
    rows = background(np.random.default_rng(1))
    rows += [(name, f"own{k}", 50.0 * k + 0.1 * n) for k in range(12) for n, name in enumerate(("s0", "s1"))]
    assert significant(ties(shares(rows), 1)) == {frozenset(("s0", "s1"))}


@pytest.mark.parametrize("later", [0.0, 0.2, 50.0])
def test_who_shares_everything_twice_stays_tied(later: float) -> None:
    """Rows given twice, and shares repeated within the hour or two days after, hide no ring."""
    rows = background(np.random.default_rng(1))
    ring = [(name, f"own{k}", 50.0 * k + 0.1 * n) for k in range(30) for n, name in enumerate(("r0", "r1"))]
    table = ties(apart(rows + ring + [(name, story, hour + later) for name, story, hour in ring]), 1)
    assert significant(table) == {frozenset(("r0", "r1"))}


def test_that_all_others_repeat_themselves_hides_no_tie() -> None:
    """Twice the rows of everybody else, as two exports that overlap give them."""
    rows = background(np.random.default_rng(1))
    ring = [(name, f"own{k}", 50.0 * k + 0.1 * n) for k in range(12) for n, name in enumerate(("r0", "r1"))]
    assert significant(ties(apart(rows + rows + ring), 1)) == {frozenset(("r0", "r1"))}


def apart(rows: list[tuple[str, str, float]]) -> Table:
    """Shares of which every one is an article of its own."""
    return dict(shares(rows)) | {"article": [str(number) for number in range(len(rows))]}


def test_a_tie_names_the_articles_behind_it() -> None:
    """Both articles of every shared story are listed, pair by pair."""
    rows = background(np.random.default_rng(2), sources=6)
    rows += [(name, f"own{k}", 50.0 * k) for k in range(8) for name in ("s0", "s1")]
    table = ties(shares(rows), 1)
    row = next(i for i in range(len(table["a"])) if {table["a"][i], table["b"][i]} == {"s0", "s1"})
    assert {f"s0/own{k}" for k in range(8)} <= set(table["articles"][row])
    assert len(table["articles"][row]) == 2 * table["shared"][row]


def test_stories_that_everybody_carries_tie_nobody() -> None:
    """Thirty agency-like stories in all outlets within the hour are no sign of concert."""
    rows = background(np.random.default_rng(3), sources=8)
    rows += [(f"s{n}", f"all{k}", 30.0 * k + 0.1 * n) for k in range(30) for n in range(8)]
    assert not significant(ties(shares(rows), 1))


def test_agency_stories_are_counted_apart() -> None:
    """Stories known to come from a wire make no tie, and their number is shown."""
    rows = background(np.random.default_rng(4), sources=8)
    wire = {f"w{k}" for k in range(15)}
    rows += [(name, story, 10.0 * n) for n, story in enumerate(sorted(wire)) for name in ("s0", "s1")]
    rows += [(name, f"own{k}", 55.0 * k) for k in range(2) for name in ("s0", "s1")]
    table = ties(shares(rows, wire=wire), 1)
    assert not significant(table)
    row = next(i for i in range(len(table["a"])) if {table["a"][i], table["b"][i]} == {"s0", "s1"})
    assert table["wire_shared"][row] == 15


def test_without_times_sharing_at_any_time_still_counts() -> None:
    """Sources that carry the same rare stories are tied although no time is known."""
    rows = background(np.random.default_rng(5))
    rows += [(name, f"own{k}", 0.0) for k in range(15) for name in ("s0", "s1")]
    table = ties(shares(rows, known=False), 1)
    assert significant(table) == {frozenset(("s0", "s1"))}
    assert table["basis"][0].startswith("any time")


def test_one_source_alone_has_no_ties() -> None:
    """All shares from one source: an empty table, no error."""
    table = ties(shares([("only", f"story{k}", float(k)) for k in range(30)]), 1)
    assert len(table["a"]) == 0


def test_no_shares_at_all_are_no_error() -> None:
    """An empty table in, an empty table out, with its columns."""
    table = ties(shares([]), 1)
    assert set(table) >= {"a", "b", "shared", "expected", "p", "q", "articles"}
    assert len(table["q"]) == 0


def test_the_same_seed_gives_the_same_ties() -> None:
    """Two runs agree to the last digit."""
    rows = background(np.random.default_rng(6))
    one, two = ties(shares(rows), 7), ties(shares(rows), 7)
    assert (one["p"] == two["p"]).all()


def test_groups_join_significant_ties_only() -> None:
    """A chain of two ties is one group; a weak tie adds nobody."""
    table = {"a": ["a", "b", "x"], "b": ["b", "c", "y"], "q": [0.01, 0.04, 0.2]}
    assert groups(table)[0] == ["a", "b", "c"]
    assert ["x", "y"] not in groups(table)


def known_and_unknown(rows: list[tuple[str, str, float]], blank: set[int]) -> Table:
    """The shares of the rows, some of them without time."""
    table = dict(shares(rows))
    hidden = np.isin(np.arange(len(rows)), sorted(blank))
    for end in ("earliest", "latest"):
        table[end] = np.where(hidden, np.datetime64("NaT"), np.asarray(table[end]))
    return table


def shared_by(table: Table, a: str, b: str) -> list[tuple[str, int]]:
    """What two sources share, with its basis."""
    return [
        (str(basis), int(count))
        for x, y, basis, count in zip(table["a"], table["b"], table["basis"], table["shared"], strict=True)
        if {x, y} == {a, b}
    ]


def test_a_share_without_time_lies_in_no_window() -> None:
    """Twelve stories that one of two sources shared at an unknown time are shared at any time, never within an hour."""
    rows = background(np.random.default_rng(7))
    own = [(name, f"own{k}", 50.0 * k) for k in range(12) for name in ("s0", "s1")]
    blank = {len(rows) + 2 * k for k in range(12)}
    table = ties(known_and_unknown(rows + own, blank), 1)
    assert [basis.startswith("any time") for basis, _ in shared_by(table, "s0", "s1")] == [True]


def test_a_second_share_without_time_hides_no_tie() -> None:
    """Stories shared within minutes stay so where a source also shared them at an unknown time."""
    rows = background(np.random.default_rng(8))
    rows += [(name, f"own{k}", 50.0 * k + 0.1 * n) for k in range(12) for n, name in enumerate(("s0", "s1"))]
    plain = shared_by(ties(shares(rows), 1, {"window_hours": 1}), "s0", "s1")
    again = [("s0", f"own{k}", 0.0) for k in range(12)]
    blank = set(range(len(rows), len(rows) + len(again)))
    table = ties(known_and_unknown(rows + again, blank), 1, {"window_hours": 1})
    assert shared_by(table, "s0", "s1")[0][1] == plain[0][1] >= 12


def test_one_absurd_year_changes_nothing_for_the_others() -> None:
    """A share dated to the year 1 and one to 9999 make no ties of what was none, and hide none."""
    rng = np.random.default_rng(9)
    rows = background(rng)
    rows += [(name, f"own{k}", 50.0 * k) for k in range(12) for name in ("s0", "s1")]
    table = dict(shares([*rows, ("s3", "old", 0.0), ("s4", "new", 0.0)]))
    for end in ("earliest", "latest"):
        at = np.asarray(table[end]).copy()
        at[-2:] = np.array(["0001-01-01", "9999-12-31"], dtype="datetime64[us]")
        table[end] = at
    assert significant(ties(table, 1)) == {frozenset(("s0", "s1"))}


def test_sources_active_in_different_months_are_no_group() -> None:
    """Two halves of the outlets print in two different months: those of one month are not tied for that."""
    rng = np.random.default_rng(10)
    rows = []
    for half in range(2):
        popularity = rng.pareto(1.0, 150) + 0.1
        for source in range(6):
            chosen = rng.choice(150, 60, replace=False, p=popularity / popularity.sum())
            rows += [
                (f"s{half}{source}", f"m{half}/{k}", 24 * 40 * half + rng.uniform(0, 24 * 30)) for k in chosen
            ]
    assert not significant(ties(shares(rows), 1))


def test_a_story_that_very_many_share_is_left_out_of_the_count() -> None:
    """Identical posts of 20,000 accounts are no 200 million pairs of shares, and tie nobody."""
    rows = [(f"s{k}", "same", 0.001 * k) for k in range(20_000)]
    rows += [(f"s{k % 50}", f"other{k % 35}", float(k)) for k in range(200)]
    assert not significant(ties(shares(rows), 1))


def test_the_interval_of_an_effect_holds_the_effect() -> None:
    """Shared over expected lies inside its interval, which is wide for small numbers."""
    rows = background(np.random.default_rng(11))
    rows += [(name, f"own{k}", 50.0 * k) for k in range(12) for name in ("s0", "s1")]
    table = ties(shares(rows), 1)
    assert (table["effect_low"] <= table["effect"]).all()
    assert (table["effect"] <= table["effect_high"]).all()
    assert table["effect_low"][0] > 1


def test_numbered_columns_give_the_ties_that_names_give() -> None:
    """Columns of numbers, in whatever order the numbers were given out, make the same table as columns of text."""
    rng = np.random.default_rng(9)
    rows = background(rng, sources=7)
    rows += [(name, f"own{k}", 50.0 * k) for k in range(8) for name in ("s0", "s1")]
    given: dict[str, Any] = dict(shares([rows[k] for k in rng.permutation(len(rows))]))
    given["article"] = [f"a{k // 2}" for k in range(len(rows))]  # articles that stand in two stories
    given["weight"] = rng.integers(10, 14, len(rows))
    told = dict(given)
    for name in ("source", "object", "article"):
        names = np.array([*dict.fromkeys(given[name]), "not used"], dtype=object)
        names = names[rng.permutation(len(names))]
        place = {text: number for number, text in enumerate(names)}
        told[name] = Coded(np.array([place[text] for text in given[name]]), names)
    by_text, by_number = ties(given, 1), ties(told, 1)
    assert len(by_text["a"]) > 0
    assert all(np.array_equal(by_text[name], by_number[name]) for name in by_text)


@pytest.mark.parametrize("seed", range(12))
def test_what_is_comparable_without_agency_text_has_ties_without_it(seed: int) -> None:
    """An article that stands in a story of its own and in an agency's counts in its own where that alone is asked."""
    rng = np.random.default_rng(seed)
    rows = [(f"s{rng.integers(3)}", f"story{rng.integers(9)}", float(hour)) for hour in range(5 + 2 * seed)]
    given = {name: np.asarray(column) for name, column in shares(rows, wire={"story0", "story1"}).items()}
    given["article"] = np.array([f"a{number}" for number in rng.integers(0, len(rows), len(rows))])
    given["weight"] = rng.integers(0, 40, len(rows)).astype(float)
    own = ~given["wire"]
    without = ties({name: column[own] for name, column in given.items()}, 1)
    assert comparable(given) == bool(len(without["a"]))
