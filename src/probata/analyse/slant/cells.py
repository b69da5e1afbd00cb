"""A cell is an outlet, an ordered pair of candidates and a measure: estimate, interval, p, smallest gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import permutations
from typing import Any

import numpy as np

from probata.analyse.slant.mentions import Array, Coverage
from probata.model import Table, content_id
from probata.stats import benjamini_hochberg

DRAWS = 999
LEAST_UNITS = 5
"""Fewer stories than this on either side and there is nothing to exchange."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A measured difference in differences; shares are fractions, not points."""

    outlet: str
    candidate: str
    versus: str
    measure: str
    n: int
    estimate: float
    low: float
    high: float
    p: float
    mde: float
    seed: int
    q: float | None = None
    shares: Mapping[str, float] = field(default_factory=dict)
    caveats: tuple[str, ...] = ()
    records: tuple[str, ...] = ()

    @property
    def verdict(self) -> str:
        """Difference, no difference larger than what could be seen, or cannot tell."""
        if self.q is not None and self.q <= 0.05:
            return "difference"
        if max(abs(self.low), abs(self.high)) <= self.mde:
            return "no difference larger than mde"
        return "cannot tell"

    def parameters(self) -> dict[str, Any]:
        """What a finding tells of how it was made."""
        named = {"outlet": self.outlet, "candidate": self.candidate, "versus": self.versus}
        return {**named, "measure": self.measure, "draws": DRAWS, **self.shares}

    def row(self) -> dict[str, Any]:
        """The row of the machine-readable output."""
        return {
            "outlet": self.outlet,
            "candidate": self.candidate,
            "versus": self.versus,
            "measure": self.measure,
            "n": self.n,
            "estimate": self.estimate,
            "interval": [self.low, self.high],
            "p": self.p,
            "q": self.q,
            "mde": self.mde,
            "verdict": self.verdict,
        }


def measure_cells(coverage: Coverage, references: Sequence[str], seed: int) -> list[Cell]:
    """Every outlet against the reference outlets (all others where none are declared), q over the family."""
    cells = []
    measures = ["coverage", *(["criticism"] if coverage.criticism_known else [])]
    for outlet in sorted(set(coverage.outlet.tolist())):
        baseline = _baseline(coverage, outlet, references)
        for a, b in permutations(range(len(coverage.candidates)), 2):
            for measure in measures:
                cell = _measure(coverage, (outlet, baseline), (a, b), measure, seed)
                cells += [cell] if cell else []
    qs = benjamini_hochberg(np.array([cell.p for cell in cells]))
    return [replace(cell, q=float(q)) for cell, q in zip(cells, qs, strict=True)]


def cells_table(cells: list[Cell]) -> Table:
    """The cells as columns."""
    rows = [cell.row() for cell in cells]
    names = [name for name in Cell.__dataclass_fields__ if name in (rows[0] if rows else {})]
    table: dict[str, list[Any]] = {name: [row[name] for row in rows] for name in [*names, "verdict"]}
    table["low"], table["high"] = [c.low for c in cells], [c.high for c in cells]
    return table if rows else {}


def _baseline(coverage: Coverage, outlet: str, references: Sequence[str]) -> Array:
    """Rows of the outlets to compare with."""
    others = coverage.outlet != outlet
    return (
        np.asarray(others & np.isin(coverage.outlet, list(references))) if references else np.asarray(others)
    )


def _measure(
    coverage: Coverage, sides: tuple[str, Array], pair: tuple[int, int], measure: str, seed: int
) -> Cell | None:
    """None where either side has too few stories for the exchange to mean anything."""
    outlet, baseline = sides
    mine = coverage.outlet == outlet
    value, counts = _values(coverage, pair, measure)
    used = np.flatnonzero((mine | baseline) & counts)
    units = _units(coverage, used)
    tally = _Tally.of(value[used], mine[used], coverage.week[used], units)
    if min(np.count_nonzero(tally.mine), np.count_nonzero(~tally.mine)) < LEAST_UNITS:
        return None
    names = (coverage.candidates[pair[0]], coverage.candidates[pair[1]])
    drawn = int(content_id(seed, outlet, *names, measure)[:8], 16)
    rng = np.random.default_rng(drawn)
    estimate = float(tally.difference(tally.mine[None, :])[0])
    null = tally.difference(tally.exchanged(rng, DRAWS))
    boot = tally.resampled(rng, DRAWS)
    low, high = np.quantile(boot, [0.025, 0.975])
    p = float((1 + np.count_nonzero(np.abs(null) >= abs(estimate) - 1e-12)) / (1 + DRAWS))
    caveats = (
        () if np.unique(units).size < len(used) else ("No story clusters: every article is its own story.",)
    )
    return Cell(
        outlet,
        *names,
        measure,
        n=len(used),
        estimate=estimate,
        low=float(low),
        high=float(high),
        p=p,
        mde=float(2.8 * null.std()),
        seed=drawn,
        shares=tally.shares(),
        caveats=caveats,
        records=tuple(coverage.ids[used[mine[used]]][:50].tolist()),
    )


def _values(coverage: Coverage, pair: tuple[int, int], measure: str) -> tuple[Array, Array]:
    """Per article +1, 0 or -1 for "the first, both or neither, the second", and which articles count."""
    a, b = pair
    marks = coverage.named if measure == "coverage" else coverage.accused & coverage.named
    value = marks[:, a].astype(float) - marks[:, b].astype(float)
    counts = np.ones(len(value), bool) if measure == "coverage" else coverage.named[:, [a, b]].any(axis=1)
    return value, np.asarray(counts)


def _units(coverage: Coverage, used: Array) -> Array:
    """An outlet's articles on one story are one unit: they do not vary independently."""
    named = np.array(
        [f"{o}\x1f{s}" for o, s in zip(coverage.outlet[used], coverage.story[used], strict=True)]
    )
    return np.unique(named, return_inverse=True)[1] if len(named) else np.empty(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class _Tally:
    """Units with the sum of their values, their number of articles, their side and their week."""

    total: Array
    size: Array
    mine: Array
    week: Array

    @classmethod
    def of(cls, value: Array, mine: Array, week: Array, unit: Array) -> _Tally:
        count = int(unit.max()) + 1 if len(unit) else 0
        first = np.full(count, len(unit))
        np.minimum.at(first, unit, np.arange(len(unit)))
        return cls(
            np.bincount(unit, value, count),
            np.bincount(unit, minlength=count).astype(float),
            mine[first] if count else np.empty(0, bool),
            week[first] if count else np.empty(0, int),
        )

    def difference(self, mine: Array) -> Array:
        """Mean value on my side less that on the other, for every row of labels ``mine`` (draws, units)."""
        chosen = mine.astype(float)
        sums, sizes = chosen @ self.total, chosen @ self.size
        other = np.maximum(self.size.sum() - sizes, 1)
        return np.asarray(sums / np.maximum(sizes, 1) - (self.total.sum() - sums) / other)

    def exchanged(self, rng: np.random.Generator, draws: int) -> Array:
        """Labels exchanged among the units of the same week, so that the news of the week cancels out."""
        order = np.argsort(self.week, kind="stable")
        shuffled = np.argsort(self.week[None, :] + rng.random((draws, len(self.week))), axis=1)
        labels = np.empty((draws, len(self.week)), dtype=bool)
        np.put_along_axis(labels, shuffled, np.broadcast_to(self.mine[order], shuffled.shape), axis=1)
        return labels

    def resampled(self, rng: np.random.Generator, draws: int) -> Array:
        """The difference over units drawn with replacement, each side by itself."""
        values = np.zeros(draws)
        for side, sign in ((self.mine, 1.0), (~self.mine, -1.0)):
            rows = np.flatnonzero(side)
            weight = rng.multinomial(len(rows), np.full(len(rows), 1 / len(rows)), size=draws)
            values += sign * (weight @ self.total[rows]) / np.maximum(weight @ self.size[rows], 1)
        return values

    def shares(self) -> dict[str, float]:
        """Mean values on both sides, for the reader."""
        mine, other = self.mine, ~self.mine
        return {
            "outlet_difference": float(self.total[mine].sum() / max(1.0, self.size[mine].sum())),
            "reference_difference": float(self.total[other].sum() / max(1.0, self.size[other].sum())),
        }
