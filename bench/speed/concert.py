"""Acting in concert: CPU seconds and peak memory of all ties against the number of shares.

    python -m bench.speed concert

Two made-up worlds: *outlets* (300 sources, eight stories in ten are carried by one of them alone, as in a press
corpus) and *accounts* (one source to 25 shares, objects of heavy-tailed popularity, as in sharing data).
``CONCERT_SHARES`` (10000,100000,1000000) sets the sizes.
"""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import numpy as np

from probata.analyse.spread.concert import ties
from probata.model import Table

SEED = 52_317


def outlets(rng: np.random.Generator, shares: int) -> Table:
    """300 sources of unequal volume; one share in five falls on a story that several carry."""
    sources = 300
    volume = rng.pareto(1.5, sources) + 0.2
    common = shares // 5
    popular = rng.zipf(2.2, common).clip(max=40) + 1
    story = np.repeat(np.arange(common), popular)[:common]
    story = np.concatenate([story, shares + np.arange(shares - len(story))])
    return _table(rng, rng.choice(sources, len(story), p=volume / volume.sum()), story)


def accounts(rng: np.random.Generator, shares: int) -> Table:
    """Many accounts share objects, few of which are shared by very many."""
    sources = max(50, shares // 25)
    popular = rng.zipf(1.9, shares).clip(max=min(1500, sources // 4))
    story = np.repeat(np.arange(shares), popular)[:shares]
    volume = rng.pareto(1.2, sources) + 0.2
    return _table(rng, rng.choice(sources, len(story), p=volume / volume.sum()), story)


def _table(rng: np.random.Generator, source: np.ndarray, story: np.ndarray) -> Table:  # type: ignore[type-arg]
    hours = rng.uniform(0, 24 * 90, int(story.max()) + 1)[story] + rng.exponential(8, len(story))
    at = np.datetime64("2017-01-01T00:00:00", "us") + (hours * 3600).astype(np.int64).astype("timedelta64[s]")
    return {
        "source": np.array([f"s{k}" for k in source], dtype=object),
        "object": np.array([f"o{k}" for k in story], dtype=object),
        "earliest": at, "latest": at,
        "article": np.array([f"a{k}" for k in range(len(story))], dtype=object),
    }  # fmt: skip


def run(_data: Path | None) -> None:
    """Print one line a world and size; the first run compiles and is left out."""
    sizes = [int(size) for size in os.environ.get("CONCERT_SHARES", "10000,100000,1000000").split(",")]
    ties(outlets(np.random.default_rng(1), 2_000), 1, {"worlds": 20})
    print(f"{'':10}{'shares':>9}{'CPU s':>8}{'wall s':>8}{'ties':>6}{'peak GB':>9}")
    for world in (outlets, accounts):
        for size in sizes:
            table = world(np.random.default_rng(SEED), size)
            wall, cpu = time.perf_counter(), time.process_time()
            found = ties(table, 1)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            tied = int(np.count_nonzero(found["q"] <= 0.05))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            print(f"{world.__name__:10}{size:9}{cpu:8.2f}{wall:8.2f}{tied:6}{peak:9.2f}", flush=True)
