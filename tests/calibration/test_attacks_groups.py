"""The group tests under their nulls and under planted groups: p-values conservative, groups recovered."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.stats import binom

from probata.analyse.attacks import group_events, group_tests
from probata.stats import proportion_interval

START = np.datetime64("2026-03-01T00:00:00", "us")
HOUR, DAY = 3_600.0, 86_400.0
WORLDS = 40


def service(rows: list[tuple[float, str, str]]) -> group_events.Service:
    """Events (second, source, item) as one service."""
    return group_events.services(
        {
            "@timestamp": START + np.array([int(t * 1e6) for t, _, _ in rows]).astype("timedelta64[us]"),
            "source.ip": np.array([s for _, s, _ in rows], dtype=object),
            "user.name": np.array([u for _, _, u in rows], dtype=object),
        }
    )[0]


def actors(rng: np.random.Generator, wave: bool, count: int = 60) -> list[tuple[float, str, str]]:
    """Independent users of two public lists: some top-down, some at random, by day, half of them in a rush."""
    rows = []
    for actor in range(count):
        word_list, n = rng.integers(2), int(rng.integers(8, 80))
        items = np.arange(n) if rng.random() < 0.6 else rng.permutation(120)[:n]
        starts = rng.integers(0, 14, 3) * DAY + np.mod(rng.normal(14, 5, 3), 24) * HOUR
        if wave:
            starts = np.where(rng.random(3) < 0.5, 6 * DAY + rng.exponential(3 * HOUR, 3), starts)
        times = np.sort(starts)[np.sort(rng.integers(0, 3, n))] + np.sort(rng.exponential(600, n))
        rows += [
            (float(t), f"s{actor}", f"{word_list}.{k}") for t, k in zip(np.sort(times), items, strict=True)
        ]
    return rows


@pytest.fixture(scope="module")
def p_values() -> dict[str, np.ndarray[Any, Any]]:
    """p of the best group of each test in worlds without any group, with and without a rush."""
    p: dict[str, list[float]] = {test: [] for test in group_tests.TESTS}
    for seed in range(WORLDS):
        ready = group_tests.prepare(service(actors(np.random.default_rng([seed, 5]), bool(seed % 2))))
        for test, run in group_tests.TESTS.items():
            outcome = run(ready, 99, seed)
            p[test].append(1.0 if outcome is None else outcome.p)
    return {test: np.array(values) for test, values in p.items()}


@pytest.mark.parametrize("test", sorted(group_tests.TESTS))
@pytest.mark.parametrize("level", [0.05, 0.1, 0.3])
def test_p_is_uniform_or_conservative_without_groups(p_values: Any, test: str, level: float) -> None:
    """No more worlds at or below a level than a binomial with that rate allows in 999 of 1,000 cases."""
    hits = int((p_values[test] <= level).sum())
    assert hits <= binom.ppf(0.999, WORLDS, level), (hits, proportion_interval(hits, WORLDS))


def test_dividing_work_is_exercised_where_independent_users_take_a_list_sparsely() -> None:
    """Thirty users of 25 random items each: groups form by chance, and p stays near its level all the same."""
    p = []
    for seed in range(40):
        rng = np.random.default_rng([seed, 7])
        rows = [(float(60 * k), f"reader{n}", f"u{k}") for n in range(2) for k in range(120)]
        for user in range(30):
            own = rng.permutation(120)[:25]
            rows += [
                (float(t), f"s{user}", f"u{k}")
                for t, k in zip(np.sort(rng.uniform(0, DAY, 25)), own, strict=True)
            ]
        ready = group_tests.prepare(service(rows))
        outcome = group_tests.dividing_work(ready, 99, seed)
        assert outcome is not None
        assert len(outcome.tested) == 30
        p.append(outcome.p)
    below = np.array(p) <= 0.3
    assert 1 <= below.sum() <= binom.ppf(0.999, 40, 0.3)
    assert (np.array(p) <= 0.05).sum() <= binom.ppf(0.999, 40, 0.05)


@pytest.mark.parametrize("wave", [False, True])
def test_bots_on_command_are_recovered_whole(wave: bool) -> None:
    """Five bots, three commands: found in nine of ten worlds or more, without a wrong member."""
    whole = 0
    for seed in range(12):
        rng = np.random.default_rng([seed, 6])
        rows = actors(rng, wave)
        for start in rng.choice(13, 3, replace=False) * DAY + rng.uniform(0, DAY, 3):
            for bot in range(5):
                times = start + rng.uniform(0, 60) + np.cumsum(rng.exponential(15, 20))
                rows += [(float(t), f"bot{bot}", f"0.{k}") for k, t in enumerate(times)]
        outcome = group_tests.acting_together(group_tests.prepare(service(sorted(rows))), 99, seed)
        assert outcome is not None
        names = outcome.service.names
        found = [set(names[group.members]) for group in outcome.groups if group.p <= 0.05]
        whole += {f"bot{bot}" for bot in range(5)} in found
    assert whole >= 11
