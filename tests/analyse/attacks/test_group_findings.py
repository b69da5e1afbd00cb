"""One structured group or many lone actors: what comes out, for what goes in."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from probata.analyse.attacks import group_events, group_tests, handover, timing, work
from probata.analyse.attacks.groups import GroupResult, group_findings
from probata.model import Ask, Expectation, Finding, TestRequest

START = np.datetime64("2026-03-01T00:00:00", "us")
HOUR = 3_600.0


def events(rows: list[tuple[float, str, str]]) -> dict[str, Any]:
    """Events (second, source, user) as a table with record ids."""
    rows = sorted(rows)
    return {
        "@timestamp": START + np.array([int(t * 1e6) for t, _, _ in rows]).astype("timedelta64[us]"),
        "source.ip": np.array([s for _, s, _ in rows], dtype=object),
        "user.name": np.array([u for _, _, u in rows], dtype=object),
        "record": np.array([f"auth.log:{k + 1}" for k in range(len(rows))], dtype=object),
    }


def lone(rng: np.random.Generator, actors: int = 40) -> list[tuple[float, str, str]]:
    """Independent top-down readers of one public list, two or three runs each over ten days."""
    rows = []
    for actor in range(actors):
        item = 0
        for start in np.sort(rng.uniform(0, 240 * HOUR, rng.integers(2, 4))):
            for t in start + np.cumsum(rng.exponential(15, int(rng.integers(10, 40)))):
                rows.append((float(t), f"198.51.100.{actor}", f"u{item}"))
                item += 1
    return rows


def on_command(rng: np.random.Generator, members: int = 6) -> list[tuple[float, str, str]]:
    """Members that all start within a minute, on four commands."""
    rows = []
    for command, start in enumerate((30 * HOUR, 77 * HOUR, 121 * HOUR, 200 * HOUR)):
        for member in range(members):
            times = start + rng.uniform(0, 50) + np.cumsum(rng.exponential(12, 15))
            rows += [(float(t), f"203.0.113.{member}", f"u{15 * command + k}") for k, t in enumerate(times)]
    return rows


def from_one_queue(rng: np.random.Generator, members: int = 6) -> list[tuple[float, str, str]]:
    """Members that take the next item of one queue at random, each hours late."""
    times = np.linspace(10 * HOUR, 200 * HOUR, 90) + rng.exponential(3 * HOUR, 90)
    return [(float(t), f"203.0.113.{rng.integers(members)}", f"u{k}") for k, t in enumerate(times)]


def handed_over(rng: np.random.Generator, members: int = 5) -> list[tuple[float, str, str]]:
    """One member at a time; the next goes on where the last stopped, some seconds later."""
    rows, clock, item = [], 100 * HOUR, 0
    for turn in range(4 * members):
        for _ in range(4):
            rows.append((clock, f"203.0.113.{turn % members}", f"u{item}"))
            clock += rng.exponential(20)
            item += 1
        clock += rng.uniform(5, 25)
    return rows


def answer(rows: list[tuple[float, str, str]], *tests: TestRequest) -> GroupResult:
    return group_findings(events(rows), Ask(tests=tests, options={"permutations": 199}))


def request(test: str, metric: str = "share_of_attempts_in_groups", **parameters: Any) -> TestRequest:
    return TestRequest("r1", "attacks", test, Expectation(metric, ">=", 0.5), parameters)


def finding(result: GroupResult, test: str) -> Finding:
    return next(f for f in result.findings if f.test == test)


def members(result: GroupResult, test: str) -> list[list[str]]:
    return [sorted(group["sources"]) for group in result.groups if group["test"] == test]


def addresses(count: int) -> list[str]:
    return [f"203.0.113.{k}" for k in range(count)]


def test_sources_that_act_on_common_commands_are_one_group() -> None:
    """Bots on command are found whole, by timing, and nothing else is."""
    rng = np.random.default_rng(1)
    result = answer(lone(rng) + on_command(rng))
    assert members(result, "acting_together") == [addresses(6)]


def test_patient_sources_that_share_a_queue_are_found_by_what_they_leave_to_each_other() -> None:
    """Hours of delay hide the timing but not that nobody tries what another tried."""
    rng = np.random.default_rng(2)
    result = answer(lone(rng) + from_one_queue(rng))
    assert members(result, "dividing_work") == [addresses(6)]
    assert members(result, "acting_together") == []


def test_a_relay_of_sources_is_found_by_hand_over() -> None:
    """One after another along the list, some seconds apart."""
    rng = np.random.default_rng(3)
    assert members(answer(lone(rng) + handed_over(rng)), "hand_over") == [addresses(5)]


def test_independent_users_of_one_public_list_share_tools_and_are_no_group() -> None:
    """Every source shares the list; no group is reported, and the sentence says what could be missed."""
    result = answer(lone(np.random.default_rng(4)))
    assert finding(result, "shared_tooling").estimate == 1.0
    assert result.groups == []
    assert "could account for up to" in finding(result, "acting_together").statement


def test_the_events_behind_a_group_stand_side_by_side_with_their_lines() -> None:
    """Each member's starts and stops of one command fall into one occasion and lead back to the log."""
    rng = np.random.default_rng(1)
    rows = lone(rng) + on_command(rng)
    shown = answer(rows).tables["group_events"]
    log = events(rows)
    assert set(shown["occasion"].tolist()) == {1, 2, 3, 4}
    first = [
        k for k in range(len(shown["group"])) if shown["occasion"][k] == 1 and shown["role"][k] == "starts"
    ]
    assert sorted(shown["source.ip"][k] for k in first) == addresses(6)
    for k in first:
        line = int(shown["record"][k].split(":")[1]) - 1
        assert log["source.ip"][line] == shown["source.ip"][k]
        assert log["user.name"][line] == shown["item"][k]


def test_a_test_of_the_case_is_answered_by_its_share_with_bounds() -> None:
    """The finding carries the request, the metric, bounds around the share, n, p, q and mde."""
    rng = np.random.default_rng(1)
    rows = lone(rng) + on_command(rng)
    found = finding(answer(rows, request("acting_together")), "acting_together")
    share = 6 * 4 * 15 / len(rows)
    assert found.request == "r1"
    assert found.estimate == pytest.approx(share)
    assert found.interval is not None
    low, high = found.interval
    assert low is not None
    assert high is not None
    assert low <= share <= high < 1
    assert found.q is not None
    assert found.q <= 0.05
    assert found.mde is not None
    assert found.mde > 0


def test_an_unknown_parameter_or_metric_is_one_line_that_names_the_known_ones() -> None:
    """The case checker can show the message as it is."""
    with pytest.raises(ValueError, match=r"hand_over.*no parameter 'speed'; it has level, service"):
        answer(lone(np.random.default_rng(5), 3), request("hand_over", speed=3))
    with pytest.raises(ValueError, match="share_of_attempts_in_groups"):
        answer(lone(np.random.default_rng(5), 3), request("hand_over", "sources"))


def test_without_events_there_is_a_gap_for_the_request_and_no_finding() -> None:
    """Silence is never the answer."""
    result = group_findings(events([]), Ask(tests=(request("hand_over"),)))
    assert result.findings == ()
    assert "r1" in {gap.request for gap in result.gaps}


@pytest.mark.parametrize(
    "rows", [[(0.0, "a", "x")], [(0.0, "a", "x")] * 50, [(float(k), "a", "") for k in range(9)]]
)
def test_a_log_of_a_single_source_gives_gaps_or_no_group(rows: list[tuple[float, str, str]]) -> None:
    """Degenerate logs do not fail."""
    assert answer(rows).groups == []


def test_the_same_log_and_seed_give_the_same_answer() -> None:
    """Groups, p-values and tables repeat."""
    rng = np.random.default_rng(6)
    rows = lone(rng) + handed_over(rng)
    one, two = answer(rows), answer(rows)
    assert one.groups == two.groups
    assert one.findings == two.findings


def test_expected_meetings_are_those_of_shifted_trains() -> None:
    """The closed form of the expected count agrees with a simulation of independent shifts."""
    rng = np.random.default_rng(7)
    a, b = np.sort(rng.uniform(0, 20 * HOUR, 12)), np.sort(rng.uniform(0, 20 * HOUR, 9))
    moved = rng.uniform(-timing.SHIFT, timing.SHIFT, (4_000, 2))
    lag = (a[:, None] - b[None, :])[None] + (moved[:, :1] - moved[:, 1:])[:, :, None]
    simulated = (np.abs(lag) <= 600).sum(axis=(1, 2)).mean()
    from probata.analyse.attacks.timing_kernels import _density

    assert 2 * 600 * _density(a, b, np.ones(12), timing.SHIFT) == pytest.approx(simulated, rel=0.05)


def test_jobs_on_the_full_hour_are_recognised_and_one_command_is_not() -> None:
    """Runs at one minute of many hours are a schedule; many sources at one moment are not."""
    rng = np.random.default_rng(8)
    hourly = [(HOUR * int(rng.integers(240)) + 5 * k, f"s{n}", "x") for n in range(60) for k in range(5)]
    assert timing.on_schedule(timing.runs_of(group_events.services(events(hourly))[0]))
    mixed = lone(rng) + on_command(rng, 20)
    assert not timing.on_schedule(timing.runs_of(group_events.services(events(mixed))[0]))


def test_a_rush_within_one_hour_ties_nobody() -> None:
    """What happens once to everybody is a public event: ties need two occasions hours apart."""
    rng = np.random.default_rng(9)
    rush = [
        (50 * HOUR + t, f"s{n}", f"u{k}") for n in range(60) for k, t in enumerate(rng.uniform(0, HOUR, 8))
    ]
    runs = timing.runs_of(group_events.services(events(rush))[0])
    assert len(timing.timing_groups(runs, timing.clock_of(runs)).ties.first) == 0


def test_dealing_keeps_each_users_window_and_stretches() -> None:
    """The null of divided work keeps first and last rank and the lengths of unbroken stretches."""
    rng = np.random.default_rng(10)
    own = np.sort(rng.choice(200, 60, replace=False)).astype(np.int64)
    dealt = work.deal(own, np.array([0, 60]), 5)

    def lengths(rank: Any) -> list[int]:
        return sorted(len(part) for part in np.split(rank, np.flatnonzero(np.diff(rank) > 1) + 1))

    assert (dealt[0], dealt[-1]) == (own[0], own[-1])
    assert lengths(dealt) == lengths(own)
    assert dealt.tolist() != own.tolist()


def test_a_relay_weighs_more_where_the_list_goes_on_than_where_it_does_not() -> None:
    """Content counts for and against."""
    rng = np.random.default_rng(11)
    ready = group_tests.prepare(group_events.services(events(lone(rng) + handed_over(rng)))[0])
    giver, taker, weight, _ = handover.relays(ready.segments, ready.clock, ready.rate)
    step = ready.segments.first[taker] - ready.segments.last[giver]
    known = (ready.segments.first[taker] >= 0) & (ready.segments.last[giver] >= 0)
    assert weight[known & (step == 1)].min() > weight[known & (step != 1)].max()


def test_real_logs_of_unrelated_sources_show_no_group(shared_data: Any) -> None:
    """A public web log, in which every line was moved to one minute of its hour, is no conspiracy."""
    import re

    pattern = re.compile(r'^(\S+) \S+ \S+ \[([^\]]+)\] "\S+ (\S+)')
    month = {"May": 5}
    rows = []
    for line in (shared_data / "logs" / "elastic" / "apache_access_10k.log").open(
        encoding="utf-8", errors="replace"
    ):
        if match := pattern.match(line):
            host, when, path = match.groups()
            day, name, rest = when.split("/")
            year, clock = rest.split(":", 1)
            moment = np.datetime64(f"{year}-{month[name]:02d}-{day}T{clock.split()[0]}", "us")
            rows.append((float((moment - START) / np.timedelta64(1, "s")), host, path))
    assert len(rows) > 9_000
    assert answer(rows).groups == []
