"""The shared polling error and house effects, learnt from open data: rebuilds the tables that the package ships.

``python -m bench.quality.opinion_calibrate --data DIR`` writes ``src/probata/data/opinion/``. Groups that leave a
country out are what the backtest of that country uses.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality.opinion_records import Record, house_tracks, records
from probata.analyse.opinion.forecast import NO_SHARED_ERROR, SharedError
from probata.analyse.opinion.model import Array, helmert, unit_covariance
from probata.analyse.opinion.prepare import OTHER
from probata.analyse.opinion.track import house_effects

TABLES = Path(__file__).resolve().parents[2] / "src" / "probata" / "data" / "opinion"

FREEDOM = 8.0
"""Degrees of freedom of the Student tails: a choice, not learnt."""

LASTING = 0.5
"""Share of the walk after the last poll that counts: of 0, 1/2 and 1 the likeliest on all elections together."""

PRIMARIES = ("Pres-R", "Pres-D")
"""Contests without a party to hold voters; between their two leaders, the nearest thing to a run-off with results in
the data."""


@dataclass(frozen=True)
class Residual:
    """Result minus forecast in log-ratios, rotated so that a shared error adds its variance to every axis."""

    country: str
    ahead: float
    values: Array
    moved: Array
    constant: float


def residual(record: Record, centre: str, leaders: bool = False) -> Residual:
    """Rotate: with Q = L L', the covariance P + b^2 Q becomes diagonal for every b at once.

    ``leaders``: only the contest between the two first in the polls, as a run-off between them would be.
    """
    known = np.flatnonzero(~np.isnan(record.result))
    if leaders:
        known = np.sort(known[np.argsort(-record.bare.shares[known], kind="stable")][:2])
    basis = helmert(len(known))
    full = record.bare.basis
    pick = basis @ np.eye(full.shape[1])[known] @ full.T
    if centre == "model":
        covariance = record.settled + LASTING * (record.bare.covariance - record.settled)
        mean, covariance = pick @ record.bare.mean, pick @ covariance @ pick.T
        shares = record.bare.shares
    else:
        shares = np.clip(record.recent, 0.003, None)
        mean, covariance = basis @ np.log(shares[known]), np.zeros((len(known) - 1, len(known) - 1))
    shape = pick @ unit_covariance(shares[None], full)[0] @ pick.T
    lower = np.linalg.cholesky(shape)
    inner = np.linalg.solve(lower, np.linalg.solve(lower, covariance).T)
    values, vectors = np.linalg.eigh((inner + inner.T) / 2)
    away = basis @ np.log(np.clip(record.result[known], 0.003, None)) - mean
    constant = 2 * np.log(np.diag(lower)).sum()
    return Residual(
        record.country,
        record.ahead,
        np.maximum(values, 0),
        vectors.T @ np.linalg.solve(lower, away),
        constant,
    )


def log_density(one: Residual, error: SharedError) -> float:
    """Multivariate Student log-density of the result, per log-ratio."""
    from scipy.special import gammaln

    variance = one.values + error.variance(one.ahead)
    size, nu = len(variance), error.freedom
    distance = np.sum(one.moved**2 / variance) * nu / (nu - 2)
    logs = np.log(variance * (nu - 2) / nu).sum() + one.constant
    shape = gammaln((nu + size) / 2) - gammaln(nu / 2) - size / 2 * np.log(nu * np.pi)
    return float(shape - 0.5 * logs - (nu + size) / 2 * np.log1p(distance / nu)) / size


def learn(rows: Sequence[Record], centre: str = "model", leaders: bool = False) -> SharedError:
    """The grid point under which the results are most likely, every country counting the same."""
    best, found = -np.inf, NO_SHARED_ERROR
    countries = sorted({row.country for row in rows})
    residuals = [residual(row, centre, leaders) for row in rows]
    for base in np.arange(0.5, 6.01, 0.25):
        for daily in np.arange(0, 0.81, 0.1):
            error = SharedError(float(base), float(daily), FREEDOM, "learnt", LASTING)
            each = [(one.country, log_density(one, error)) for one in residuals]
            score = sum(np.mean([value for name, value in each if name == country]) for country in countries)
            if score > best:
                best, found = float(score), error
    return found


def is_primary(record: Record) -> bool:
    """Whether the race is a presidential primary."""
    return any(name in record.election for name in PRIMARIES)


def tables(made: Sequence[Record]) -> dict[str, Any]:
    """Every group of the shipped table, with what it was learnt from."""
    chosen = {
        "first-round": list(made),
        "first-round without FR": [record for record in made if record.country != "FR"],
        "first-round without US": [record for record in made if record.country != "US"],
        "run-off": [record for record in made if is_primary(record)],
    }
    groups = {}
    for name, rows in chosen.items():
        error = learn(rows, leaders=name == "run-off")
        elections = len({row.election for row in rows})
        groups[name] = {
            "base": round(error.base, 2),
            "daily": round(error.daily, 2),
            "freedom": error.freedom,
            "lasting": error.lasting,
            "elections": elections,
            "countries": sorted({row.country for row in rows}),
        }
    unit = "points at a 20 % share; daily: points per root day; learnt by bench/quality/opinion_calibrate.py"
    return {"unit": unit, "groups": groups}


def house_table(data: Path) -> str:
    """House effects of every French election with 20 polls: CSV in points, zero mean over pollsters by assumption."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["election", "pollster", "party", "effect", "error", "polls"])
    for made in house_tracks(data):
        for effect in house_effects(made.track):
            if effect.party != OTHER and effect.polls >= 3:
                row = (
                    effect.pollster,
                    effect.party,
                    f"{effect.effect:.2f}",
                    f"{effect.error:.2f}",
                    effect.polls,
                )
                writer.writerow([made.series.election, *row])
    return out.getvalue()


def main() -> None:
    """Rebuild the shipped tables."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with polls/")
    data = parser.parse_args().data
    made = tables(records(data))
    TABLES.mkdir(parents=True, exist_ok=True)
    (TABLES / "shared_error.json").write_text(
        json.dumps(made, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    (TABLES / "house_effects.csv").write_text(house_table(data), encoding="utf-8")
    print(json.dumps(made, indent=1))


if __name__ == "__main__":
    main()
