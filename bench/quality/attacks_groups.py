"""False alarms and power of the group tests on simulated worlds that were never used for tuning.

Worlds come from ``probata.drill.attacks`` where that has a ``world(kind, seed, wave)``, and from our development
simulator with fresh seeds. A group counts as found where half of its members are in one reported group that is half
theirs; pairs are members of one reported group. The procedure is the one that users run: 99 permutations, 999
where these leave p at .1 or below, Holm over tests and services.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality import _attack_worlds
from probata.analyse.attacks import group_events, group_tests, groups

OWN = True

World = Callable[[str, int, bool], tuple[dict[str, Any], dict[str, list[str]]]]

FIRST_SEED = 7_000
NULL_WORLDS = 600
HABIT_WORLDS = 60
GROUP_WORLDS = 40
GROUP_KINDS = ("dispatch", "replicate", "handover", "rotation", "evasive")
OWN_LIST = tuple(f"{kind}:own" for kind in GROUP_KINDS)
HABITS = tuple(f"null:{habit}" for habit in _attack_worlds.HABITS if habit not in ("", "own"))


def run(data: Path | None = None) -> dict[str, float]:
    """Evaluate and print; ``data`` is not used, all worlds are simulated."""
    metrics: dict[str, float] = {}
    try:
        drill = importlib.import_module("probata.drill.attacks")
    except ModuleNotFoundError:
        print("no independent simulator (probata.drill.attacks) yet")
    else:
        metrics |= _evaluate(
            "independent simulator", drill.world, "independent_", (), tuple(drill.GROUP_KINDS)
        )
    return metrics | _evaluate("own simulator", _attack_worlds.world, "", HABITS, (*GROUP_KINDS, *OWN_LIST))


def _evaluate(
    title: str, world: World, prefix: str, habits: tuple[str, ...], kinds: tuple[str, ...]
) -> dict[str, float]:
    metrics: dict[str, float] = {}
    print(f"\n{title}: false alarms at 5 %, seeds from {FIRST_SEED}, every second world with a wave")
    print("per test: uncorrected / corrected over tests and services")
    print(f"{'world':20s}{'worlds':>7s}{'any':>6s}" + "".join(f"{test:>17s}" for test in group_tests.TESTS))
    for kind, worlds in [("null", NULL_WORLDS), *((habit, HABIT_WORLDS) for habit in habits)]:
        alarms = _alarms(world, kind, worlds)
        shown = "".join(f"{f'{alarms[test][0]} / {alarms[test][1]}':>17s}" for test in group_tests.TESTS)
        print(f"{kind:20s}{worlds:7d}{alarms['any'][1]:6d}{shown}", flush=True)
        for name, (alone, corrected) in alarms.items():
            metrics[f"{prefix}{kind.replace(':', '_')}_alarms_{name}"] = corrected / worlds
            metrics[f"{prefix}{kind.replace(':', '_')}_uncorrected_{name}"] = alone / worlds
    print(f"\n{title}: power, {GROUP_WORLDS} worlds a kind, groups of {_attack_worlds.SIZES}")
    print(
        f"{'world':20s}{'test':17s}{'groups found, by size':40s}{'precision':>10s}{'recall':>8s}{'CPU s':>7s}"
    )
    for kind in kinds:
        for test, row in _power(world, kind).items():
            shown = " ".join(
                f"{name}: {hit}/{n}" for name, (hit, n) in sorted(row["found"].items(), key=_size)
            )
            print(
                f"{kind:20s}{test:17s}{shown:40s}{row['precision']:10.3f}{row['recall']:8.3f}{row['cpu']:7.2f}"
            )
            if test == "any" or row["groups"]:
                key = f"{prefix}{kind.replace(':', '_')}_{test}"
                metrics[f"{key}_found"], metrics[f"{key}_recall"] = row["groups"], row["recall"]
                metrics[f"{key}_precision"] = row["precision"]
    return metrics


def _size(entry: tuple[str, Any]) -> int:
    return int(entry[0].rpartition("-")[2]) if entry[0].rpartition("-")[2].isdigit() else 0


def outcomes_of(events: dict[str, Any], seed: int, draws: int = 999) -> tuple[list[Any], list[Any]]:
    """Run every test on every service of a world, and the correction over them."""
    found = []
    for service in group_events.services(events, seed):
        ready = group_tests.prepare(service)
        found += [
            o for o in (test(ready, draws, seed) for test in group_tests.TESTS.values()) if o is not None
        ]
    return found, groups.corrected(found)


def _alarms(world: World, kind: str, worlds: int) -> dict[str, tuple[int, int]]:
    """Worlds with a group at 5 %: by each test's own p, and after correction over all tests (``any``: by any test)."""
    counts = {test: [0, 0] for test in ("any", *group_tests.TESTS)}
    for seed in range(FIRST_SEED, FIRST_SEED + worlds):
        events, _ = world(kind, seed, bool(seed % 2))
        found, chosen = outcomes_of(events, seed)
        alone, kept = set(), set()
        for outcome, (_, groups_kept) in zip(found, chosen, strict=True):
            services = sum(other.test == outcome.test for other in found)
            if outcome.p * services <= 0.05:
                alone.add(outcome.test)
            if groups_kept:
                kept.add(outcome.test)
        for test in group_tests.TESTS:
            counts[test][0] += test in alone
            counts[test][1] += test in kept
        counts["any"][0] += bool(alone)
        counts["any"][1] += bool(kept)
    return {test: (uncorrected, corrected) for test, (uncorrected, corrected) in counts.items()}


def _power(world: World, kind: str) -> dict[str, dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {
        test: {"found": {}, "right": 0, "wrong": 0, "true": 0} for test in (*group_tests.TESTS, "any")
    }
    begin = time.process_time()
    for seed in range(FIRST_SEED, FIRST_SEED + GROUP_WORLDS):
        events, truth = world(kind, seed, bool(seed % 2))
        outcomes, chosen = outcomes_of(events, seed)
        reported: dict[str, list[set[str]]] = {test: [] for test in rows}
        for outcome, (_, kept) in zip(outcomes, chosen, strict=True):
            sets = [set(outcome.service.names[outcome.groups[k].members].tolist()) for k in kept]
            reported[outcome.test] += sets
            reported["any"] += sets
        for test, row in rows.items():
            _count(row, reported[test], truth)
    for row in rows.values():
        row["precision"] = row["right"] / max(1, row["right"] + row["wrong"])
        row["recall"] = row["right"] / max(1, row["true"])
        row["groups"] = sum(hit for hit, _ in row["found"].values()) / sum(
            n for _, n in row["found"].values()
        )
        row["cpu"] = (time.process_time() - begin) / GROUP_WORLDS
    return rows


def _count(row: dict[str, Any], reported: list[set[str]], truth: dict[str, list[str]]) -> None:
    for name, members in truth.items():
        hit, n = row["found"].get(name, (0, 0))
        own = set(members)
        match = any(2 * len(g & own) >= len(own) and 2 * len(g & own) >= len(g) for g in reported)
        row["found"][name] = (hit + match, n + 1)
    true = {pair for members in truth.values() for pair in combinations(sorted(members), 2)}
    said = {pair for members in reported for pair in combinations(sorted(members), 2)}
    row["right"] += len(said & true)
    row["wrong"] += len(said - true)
    row["true"] += len(true)


if __name__ == "__main__":
    np.seterr(all="raise", under="ignore")
    run()
