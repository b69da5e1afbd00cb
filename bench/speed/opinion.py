"""OPINION's cost in CPU seconds: fit, placebo dates, a whole answer; ratio to kronikas where a Python has it."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality.opinion_records import series_of
from probata.analyse.opinion.drift import heavy_tailed
from probata.analyse.opinion.events import placebo_days, steps
from probata.analyse.opinion.model import Design, fit, log_likelihood
from probata.analyse.opinion.prepare import Options, prepare
from probata.analyse.opinion.track import track

PARTS = ("nbfarleft", "nbleft", "nbcenter", "nbright", "nbsouverainistes", "nbfarright")


def timed(work: Callable[[], Any], repeats: int = 3) -> tuple[float, Any]:
    """Least CPU seconds of a few runs, and the last result."""
    best, made = float("inf"), None
    for _ in range(repeats):
        begun = time.process_time()
        made = work()
        best = min(best, time.process_time() - begun)
    return best, made


def calendar(data: Path | None) -> Design:
    """The French polls of 2017 where the data are there, else as many drawn at random."""
    path = None if data is None else data / "polls" / "tour1_complet_unitedfl.csv"
    if path is not None and path.exists():
        series = next(one for one in series_of(path) if one.election == "president 2017-04-23")
        return prepare(series.polls, Options(PARTS)).design
    rng = np.random.default_rng(1)
    shares = rng.dirichlet([190, 75, 240, 190, 45, 225, 35], 150)
    day = np.sort(rng.integers(0, 156, 150)).astype(float)
    houses = tuple("abcdefgh")
    return Design(
        (*PARTS, "Other"), houses, day, shares, rng.uniform(600, 2000, 150), rng.integers(0, 8, 150), 0.5
    )


def run(data: Path | None) -> None:
    """Print CPU seconds and the ratio to the rival."""
    design = calendar(data)
    shape = f"{len(design.day)} polls x {len(design.parts)} parts x {len(design.houses)} houses"
    seconds, made = timed(lambda: fit(design))
    print(f"fit, {shape}: {seconds:.3f} CPU s")
    one, _ = timed(lambda: log_likelihood(design, made.scales))
    print(f"one likelihood: {1000 * one:.2f} ms")
    days = placebo_days(design)[:120]
    placebo, _ = timed(lambda: steps(design, made.scales, days))
    print(f"{len(days)} placebo dates: {placebo:.3f} CPU s")
    smooth, _ = timed(lambda: track(design, made.scales))
    print(f"daily smoother: {smooth:.3f} CPU s")
    heavy, _ = timed(lambda: heavy_tailed(design, made), 1)
    print(f"heavy-tailed drift, once an election with events: {heavy:.3f} CPU s")
    _rival(design, seconds)


RIVAL = """
import json, sys
from kronikas import ElectionForecast, ModelConfig
config = ModelConfig(num_tune=300, num_draws=300, num_chains=2, cores=1, progressbar=False)
made = ElectionForecast(polls_csv=sys.argv[1], election_date=sys.argv[2], today=sys.argv[3], config=config).run()
print(json.dumps({row.name: float(row.mean) for row in made.election_day_estimates}))
"""


def _rival(design: Design, ours: float) -> None:
    """kronikas (PyMC): weekly softmax walk with house effects, two chains of 300 + 300 draws, in its own Python."""
    python = os.environ.get("PROBATA_RIVALS_PYTHON", sys.executable)
    if subprocess.run([python, "-c", "import kronikas"], capture_output=True, check=False).returncode:
        print("kronikas: absent (PROBATA_RIVALS_PYTHON names a Python < 3.13 that has it); no ratio")
        return
    days = [date.fromordinal(int(day) if day > 1000 else 736_000 + int(day)) for day in design.day]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "polls.csv"
        path.write_text(_table(design, days), encoding="utf-8")
        asked = [
            python,
            "-c",
            RIVAL,
            str(path),
            (days[-1] + timedelta(days=2)).isoformat(),
            days[-1].isoformat(),
        ]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        done = subprocess.run(asked, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
    theirs = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if done.returncode:
        print(f"kronikas: failed: {done.stderr.strip().splitlines()[-1:]}")
        return
    print(
        f"kronikas: {theirs:.1f} CPU s, {theirs / ours:.0f} times our fit; forecast {done.stdout.strip()[-300:]}"
    )


def _table(design: Design, days: list[date]) -> str:
    lines = ["date,pollster,sample_size," + ",".join(design.parts)]
    for i, day in enumerate(days):
        shares = ",".join(f"{100 * value:.1f}" for value in design.shares[i])
        lines.append(f"{day.isoformat()},{design.houses[design.house[i]]},{design.size[i]:.0f},{shares}")
    return "\n".join(lines) + "\n"
