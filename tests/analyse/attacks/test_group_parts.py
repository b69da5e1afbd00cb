"""Events as numbers, learned lists and shared kernels: the parts that every group test stands on."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson

from probata.analyse.attacks import group_events, group_kernels, group_lists

START = np.datetime64("2026-01-01T00:00:00", "us")


def table(rows: list[tuple[float | None, str | None, str | None]], **more: list[Any]) -> dict[str, Any]:
    """Events (second, source, user) as a table."""
    time = [
        np.datetime64("NaT") if t is None else START + np.timedelta64(int(t * 1e6), "us") for t, _, _ in rows
    ]
    columns: dict[str, Any] = {
        "@timestamp": np.array(time, dtype="datetime64[us]"),
        "source.ip": np.array([s for _, s, _ in rows] + [None], dtype=object)[:-1],
        "user.name": np.array([u for _, _, u in rows] + [None], dtype=object)[:-1],
    }
    return columns | {name: np.array(values, dtype=object) for name, values in more.items()}


def reads(*sequences: str) -> group_events.Service:
    """One service in which each source tries the letters of one word in order, a minute apart."""
    rows = [(60.0 * k, f"s{n}", letter) for n, word in enumerate(sequences) for k, letter in enumerate(word)]
    return group_events.services(table(rows))[0]


def learned(service: group_events.Service) -> list[str]:
    """The learned lists as words."""
    return [
        "".join(str(service.items[item]) for item in order)
        for order in group_lists.learn_lists(service).order
    ]


def test_a_row_without_an_address_is_known_by_the_host_name_as_written() -> None:
    """Where there is no ``source.ip`` the raw ``source.address`` is the unit."""
    events = table(
        [(0, None, "root"), (1, "192.0.2.1", "root")], **{"source.address": ["evil.example", "192.0.2.1"]}
    )
    assert group_events.services(events)[0].names.tolist() == ["evil.example", "192.0.2.1"]


def test_events_without_time_are_counted_and_left_out_of_the_order() -> None:
    """NaT rows are in ``untimed``, not in the arrays."""
    service = group_events.services(table([(None, "a", "x"), (5, "a", "x"), (3, "b", "y")]))[0]
    assert (len(service.time), service.untimed) == (2, 1)


def test_each_data_set_is_a_service_of_its_own_largest_first() -> None:
    """Rows are split by ``event.dataset``."""
    events = table([(k, "a", "x") for k in range(3)], **{"event.dataset": ["http", "ssh", "ssh"]})
    assert [service.name for service in group_events.services(events)] == ["ssh", "http"]


def test_a_path_is_the_same_item_whatever_its_query() -> None:
    """The part after ``?`` does not make another item."""
    events = table([(0, "a", None), (1, "a", None)], **{"url.original": ["/x?id=1", "/x?id=2"]})
    assert group_events.services(events)[0].items.tolist() == ["/x"]


@given(
    st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc"), st.text("xyz", min_size=1)), max_size=40)
)
@settings(deadline=None, max_examples=60)
def test_whole_seconds_are_spread_without_changing_any_sources_order(
    rows: list[tuple[int, str, str]],
) -> None:
    """Items of each source stay in the order of time and of the log."""
    for service in group_events.services(table([(t, s, u) for t, s, u in rows])):
        for code, name in enumerate(service.names.tolist()):
            own = [u for _, _, u in sorted((t, k, u) for k, (t, s, u) in enumerate(rows) if s == name)]
            mine = service.source == code
            assert [service.items[item] for item in service.item[mine]] == own
            assert np.all(np.diff(service.time[mine]) >= 0)


def test_two_readers_of_one_list_teach_its_order_and_a_longer_one_extends_it() -> None:
    """Reads that share their steps are merged into one list."""
    assert learned(reads("abcdefgh", "defghijklm")) == ["abcdefghijklm"]


def test_items_that_only_one_reader_tried_are_put_where_they_fit() -> None:
    """A missing item is inserted between its neighbours."""
    assert learned(reads("abcdfghij", "abcdefgh")) == ["abcdefghij"]


def test_sources_in_random_order_teach_no_list() -> None:
    """Three shuffles of the same letters share too few steps to count as readers of a list."""
    assert learned(reads("abcdefghij", "jcfahbeigd", "ehbjdagcif")) == []


def test_a_source_that_takes_items_in_its_own_order_is_placed_on_the_list() -> None:
    """A sparse user gets ranks on the list that holds its items."""
    service = reads("abcdefghij", "abcdefghij", "iec")
    lists = group_lists.learn_lists(service)
    assert lists.rank[service.source == 2].tolist() == [8, 4, 2]


def test_a_piece_whose_place_nobody_showed_has_no_known_joint() -> None:
    """What follows an inner item in one read only is kept apart."""
    service = reads("abcdefgh", "abcdxyzw")
    lists = group_lists.learn_lists(service)
    assert "".join(service.items[i] for i in lists.order[0]) == "abcdefghxyzw"
    assert lists.joint[0].tolist() == [False] + [True] * 7 + [False] + [True] * 3


def test_the_weight_of_a_count_is_its_poisson_tail() -> None:
    """-log10 P(X >= k) as scipy has it, up to the cap."""
    for count, mean in [(1, 0.01), (2, 0.3), (5, 4.0), (3, 1e-4), (12, 2.0)]:
        expected = min(group_kernels.CAP, -poisson.logsf(count - 1, mean) / np.log(10))
        assert abs(group_kernels.poisson_weight(count, mean) - expected) < 1e-6


def test_two_dense_groups_joined_by_one_tie_stay_two() -> None:
    """Cohesion: a bridge does not merge what it joins."""
    pairs = [(0, 1), (0, 2), (1, 2), (3, 4), (3, 5), (4, 5), (2, 3)]
    first, second = (np.array(side) for side in zip(*pairs, strict=True))
    label = group_kernels.cohesive(6, first, second, np.array([5.0] * 6 + [3.0]), 1.0)
    assert label.tolist() == [0, 0, 0, 3, 3, 3]


@given(st.integers(0, 10_000))
@settings(deadline=None, max_examples=50)
def test_the_dense_and_the_sparse_grouping_agree(seed: int) -> None:
    """Both kernels give the same clusters and scores on the same positive ties."""
    rng = np.random.default_rng(seed)
    weight = np.triu(np.where(rng.random((9, 9)) < 0.4, rng.random((9, 9)) * 5, 0), 1)
    first, second = np.nonzero(weight)
    order = np.argsort(-weight[first, second], kind="stable")
    first, second = first[order], second[order]
    sparse = group_kernels.cohesive(9, first, second, weight[first, second], 0.8)
    score, _ = group_kernels.group_scores(9, sparse, first, second, weight[first, second])
    dense, inside = group_kernels.cohesive_dense(weight + weight.T, first, second, 0.8)
    assert dense.tolist() == sparse.tolist()
    assert np.allclose(score, inside)


def test_a_pendant_leaves_the_core_and_a_ring_stays_whole() -> None:
    """The weighted core keeps members that are tied well to few others."""
    ring = [(0, 1), (1, 2), (2, 3), (0, 3), (3, 4)]
    first, second = (np.array(side) for side in zip(*ring, strict=True))
    label = group_kernels.core_groups(5, first, second, np.array([2.0, 2.0, 2.0, 2.0, 1.0]), 3.0)
    assert label.tolist() == [0, 0, 0, 0, 4]
