"""Acting in concert on made-up worlds: false ties where every source picks for itself, power where a network does not.

    python -m bench.quality spread_null

The simulators know nothing of the test. The length of its blocks of the day was chosen on other seeds of
these worlds, everything else before they were written. *Null worlds* (200 a shape): sources of
unequal volume, rhythm and period pick stories of unequal popularity some time after each breaks. *Networks*: five of
forty outlets republish part of their output from one desk, with a delay of minutes, hours, days or at dates that have
nothing to do with the original; the rest of what they print is picked like everybody's.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from probata.analyse.spread.concert import ties
from probata.model import Table

OWN = True
WORLDS, NETWORKS = 200, 10
START = np.datetime64("2017-02-01T00:00:00", "us")
HOUR = np.timedelta64(3_600_000_000, "us")


@dataclass(frozen=True)
class Shape:
    """One kind of world; days, hours and shares of the whole."""

    sources: int = 20
    stories: int = 500
    tail: float = 1.2
    """Pareto index of popularity: under 1 a few stories hold most shares."""
    volume: tuple[int, int] = (20, 160)
    days: int = 30
    active: float = 1.0
    """Part of the days in which a source is active."""
    day: float = 0.0
    month: float = 0.0
    unknown: float = 0.0
    """Shares of which only the day, the month, or nothing is known."""
    again: bool = False
    """Stories are drawn with replacement: who shares much shares the same thing repeatedly."""
    wire: float = 0.0
    """Part of the stories that an agency sends to every second source and to nobody else."""
    credited: bool = True


NULL = {
    "few sources": Shape(sources=6),
    "few shares": Shape(sources=5, stories=60, volume=(6, 14)),
    "many sources": Shape(sources=100, stories=2000),
    "heavy-tailed popularity": Shape(tail=0.7),
    "dates only": Shape(day=1.0),
    "hour, day, month, unknown mixed": Shape(day=0.3, month=0.2, unknown=0.2),
    "sources active at different times": Shape(active=0.4, days=90),
    "accounts that share repeatedly": Shape(sources=60, volume=(5, 400), again=True),
    "papers fed by a credited agency": Shape(wire=0.4),
}
UNCREDITED = Shape(wire=0.4, credited=False)
DELAYS = {"minutes": 0.2, "hours": 8.0, "days": 72.0, "dates anew": None}
PARTS = (0.05, 0.1, 0.2, 0.4)


def null_world(rng: np.random.Generator, shape: Shape) -> Table:
    """Sources pick for themselves."""
    popularity = rng.pareto(shape.tail, shape.stories) + 0.05
    born = rng.uniform(0, 24 * shape.days, shape.stories)
    wired = rng.random(shape.stories) < shape.wire
    rows: list[tuple[int, int, float]] = []
    for source in range(shape.sources):
        begin = rng.uniform(0, 24 * shape.days * (1 - shape.active))
        open_ = (born >= begin) & (born <= begin + 24 * shape.days * shape.active)
        weight = popularity * open_ * (~wired | (source % 2 == 0))
        volume = min(int(rng.integers(*shape.volume)), int(np.count_nonzero(weight)))
        chosen = rng.choice(shape.stories, volume, replace=shape.again, p=weight / weight.sum())
        rows += _shared(rng, source, chosen, born)
    return _table(rng, rows, shape, wired)


def _shared(
    rng: np.random.Generator, source: int, chosen: np.ndarray, born: np.ndarray  # type: ignore[type-arg]
) -> list[tuple[int, int, float]]:  # fmt: skip
    """A share some hours after the story breaks, moved to about the source's own time of day."""
    own = rng.integers(0, 24)
    at = np.floor((born[chosen] + rng.exponential(5, len(chosen))) / 24) * 24 + (
        own + rng.normal(0, 3, len(chosen))
    )
    return [(source, int(story), float(hour)) for story, hour in zip(chosen, at, strict=True)]


def _table(
    rng: np.random.Generator, rows: list[tuple[int, int, float]], shape: Shape, wired: np.ndarray  # type: ignore[type-arg]
) -> Table:  # fmt: skip
    at = START + (np.array([hour for _, _, hour in rows]) * 3_600_000_000).astype("timedelta64[us]")
    early, late = at.copy(), at.copy()
    drawn = rng.random(len(rows))
    for unit, below in (("D", shape.day), ("M", shape.day + shape.month)):
        held = (drawn < below) & (early == late)
        whole = at[held].astype(f"datetime64[{unit}]")
        early[held] = whole
        late[held] = (whole + 1).astype("datetime64[us]") - np.timedelta64(1, "us")
    held = (drawn >= shape.day + shape.month) & (drawn < shape.day + shape.month + shape.unknown)
    early[held] = late[held] = np.datetime64("NaT")
    return {
        "source": [f"s{source}" for source, _, _ in rows],
        "object": [f"story{story}" for _, story, _ in rows],
        "earliest": early, "latest": late,
        "article": [f"{number}" for number in range(len(rows))],
        "wire": np.array([wired[story] and shape.credited if story < len(wired) else False for _, story, _ in rows]),
    }  # fmt: skip


def network_world(
    rng: np.random.Generator, part: float, delay: float | None
) -> tuple[Table, set[frozenset[str]]]:
    """Forty outlets, of which five print that part of their output from one desk, seven tenths of what it offers."""
    shape = Shape(sources=40, stories=1500, days=90, day=0.5)
    base = null_world(rng, replace(shape, day=0.0))
    rows = [
        (int(source[1:]), int(story[5:]), float((at - START) / HOUR))
        for source, story, at in zip(base["source"], base["object"], base["earliest"], strict=True)
    ]
    volume = np.bincount([source for source, _, _ in rows])
    wanted = np.maximum(2, volume[:5] * part / (1 - part)).astype(int)
    pool = shape.stories + np.arange(max(3, round(float(np.median(wanted)) / 0.7)))
    born = rng.uniform(0, 24 * shape.days, len(pool))
    for site in range(5):
        number = min(len(pool), int(wanted[site]))
        for k in rng.choice(len(pool), number, replace=False):
            late = rng.uniform(0, 24 * shape.days) if delay is None else born[k] + rng.exponential(delay)
            rows.append((site, int(pool[k]), float(late)))
    pairs = {frozenset((f"s{a}", f"s{b}")) for a, b in itertools.combinations(range(5), 2)}
    return _table(rng, rows, shape, np.zeros(shape.stories, dtype=bool)), pairs


def run(_data: Path | None) -> dict[str, float]:
    """Print both tables and return the figures that have floors."""
    worst, metrics = 0.0, {}
    for number, (name, shape) in enumerate(
        {**NULL, "papers fed by an agency without credit": UNCREDITED}.items()
    ):
        alarms, small, pairs = 0, 0, 0
        for world in range(WORLDS):
            rng = np.random.default_rng([1881, number, world])
            found = ties(null_world(rng, shape), world)
            alarms += bool((found["q"] <= 0.05).any())
            small += int(np.count_nonzero(found["p"] <= 0.05))
            pairs += shape.sources * (shape.sources - 1) // 2
        print(f"  {name:40} worlds with a tie {alarms:3}/{WORLDS}; pairs with p <= .05: {small / pairs:.4f}")
        if shape is not UNCREDITED:
            worst = max(worst, alarms / WORLDS)
    metrics["null_worlds_with_a_tie_worst_shape"] = worst
    return metrics | _power()


def _power() -> dict[str, float]:
    wrong, found_at = 0, {}
    for (number, (name, delay)), part in itertools.product(enumerate(DELAYS.items()), PARTS):
        hit = 0
        for world in range(NETWORKS):
            rng = np.random.default_rng([1882, number, int(100 * part), world])
            table, pairs = network_world(rng, part, delay)
            found = ties(table, world)
            tied = {
                frozenset((a, b))
                for a, b, q in zip(found["a"], found["b"], found["q"], strict=True)
                if q <= 0.05
            }
            hit += len(tied & pairs)
            wrong += len(tied - pairs)
        found_at[name, part] = hit / (10 * NETWORKS)
    for name in DELAYS:
        shown = ", ".join(f"{part:.0%}: {found_at[name, part]:.2f}" for part in PARTS)
        print(f"  network pairs tied, delay {name:12} by part of the output from the desk: {shown}")
    worlds = NETWORKS * len(found_at)
    print(f"  wrong ties in {worlds} networks: {wrong}")
    return {
        "network_pairs_tied_at_two_fifths": min(found_at[name, 0.4] for name in DELAYS),
        "network_pairs_tied_at_a_fifth": min(found_at[name, 0.2] for name in DELAYS),
        "wrong_ties_a_network_world": wrong / worlds,
    }
