"""OPINION measured: forecasts against results, false alarms of the event tests, power.

Intervals of a country use a shared error learnt on the other country; ``shipped`` ones use the table of the package.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.quality.opinion_calibrate import learn
from bench.quality.opinion_records import HORIZONS, Record, placebo_studies, records
from probata.analyse.opinion.drift import heavy_tailed
from probata.analyse.opinion.events import KINDS, Kind, placebo_days, robust_steps
from probata.analyse.opinion.forecast import NO_SHARED_ERROR, SharedError, Standing, shared_error
from probata.analyse.opinion.model import (
    STEP_PRIOR,
    Array,
    Design,
    Scales,
    fit,
    share_slopes,
    to_shares,
    unit_covariance,
)
from probata.analyse.opinion.prepare import OTHER
from probata.analyse.opinion.study import Study

OWN = False

_DRAWS = 2000


# ---------------------------------------------------------------- scores


@dataclass(frozen=True)
class Score:
    """Absolute error, CRPS and coverage of one record, means over its named parts, in points."""

    mae: float
    crps: float
    covered: tuple[float, ...]
    width: float


LEVELS = (0.5, 0.8, 0.95)


def crps(draws: Array, result: Array) -> Array:
    """Continuous ranked probability score by part from sorted draws n x K (Gneiting & Raftery 2007)."""
    ordered = np.sort(draws, axis=0)
    n = len(ordered)
    weights = 2 * np.arange(1, n + 1) - n - 1
    score: Array = np.abs(ordered - result).mean(axis=0) - weights @ ordered / n**2
    return score


def standing_of(record: Record, error: SharedError, centre: str) -> Standing:
    """The forecast with a shared error; the recent mean has no other uncertainty."""
    bare = record.bare
    mean, covariance = bare.mean, record.settled + error.lasting * (bare.covariance - record.settled)
    if centre == "mean":
        mean = bare.basis @ np.log(np.clip(record.recent, 0.003, None))
        covariance = np.zeros_like(covariance)
    shape = unit_covariance(to_shares(mean, bare.basis)[None], bare.basis)[0]
    covariance = covariance + error.variance(record.ahead) * shape
    return Standing(bare.parts, bare.basis, mean, covariance, error.freedom)


def score(record: Record, error: SharedError, centre: str) -> Score:
    """Score one forecast on the named parts that the result tells; intervals are the shipped ones."""
    made = standing_of(record, error, centre)
    named = [k for k, p in enumerate(made.parts) if p != OTHER and not np.isnan(record.result[k])]
    result = 100 * record.result[named]
    draws = 100 * made.draws(1, _DRAWS)[:, named]
    inside = []
    for level in LEVELS:
        low, high = made.interval(level)
        inside.append(float(np.mean((100 * low[named] <= result) & (result <= 100 * high[named]))))
    low, high = made.interval(0.95)
    point = made.shares if centre == "model" else record.recent
    return Score(
        float(np.mean(np.abs(100 * point[named] - result))),
        float(np.mean(crps(draws, result))),
        tuple(inside),
        float(np.mean(100 * (high - low)[named])),
    )


def backtest(data: Path) -> dict[str, float]:
    """Error, CRPS and coverage by country and horizon, beside the 14-day mean with its own learnt error."""
    made = records(data)
    metrics: dict[str, float] = {}
    print(
        f"{len({r.election for r in made})} elections, {len(made)} forecasts; error learnt on the other country"
    )
    scored = {centre: _scored(made, centre) for centre in ("model", "mean")}
    print("country days   n | MAE model  mean | CRPS model  mean | coverage 50/80/95 | 95 % width")
    for country in ("FR", "US", "all"):
        for horizon in HORIZONS:
            rows = [i for i, r in enumerate(made) if r.horizon == horizon and country in ("all", r.country)]
            if not rows:
                continue
            model, mean = (_mean([scored[centre][i] for i in rows]) for centre in ("model", "mean"))
            covered = "/".join(f"{100 * value:.0f}" for value in model.covered)
            print(
                f"{country:7} {horizon:4} {len(rows):3} | {model.mae:9.2f} {mean.mae:5.2f} | {model.crps:10.3f} "
                f"{mean.crps:5.3f} | {covered:>17} | {model.width:.1f}"
            )
            metrics[f"mae_minus_mean_{country}_{horizon}"] = model.mae - mean.mae
            metrics[f"crps_minus_mean_{country}_{horizon}"] = model.crps - mean.crps
    shipped = [score(record, shared_error("first-round"), "model") for record in made]
    for name, rows_scored in (("held_out", scored["model"]), ("shipped", shipped)):
        for country in ("FR", "US", "all"):
            total = _mean(
                [s for s, r in zip(rows_scored, made, strict=True) if country in ("all", r.country)]
            )
            print(f"coverage {name} {country}: " + " / ".join(f"{100 * v:.1f}" for v in total.covered))
            for level, value in zip(LEVELS, total.covered, strict=True):
                metrics[f"coverage_{name}_{country}_{100 * level:.0f}"] = value
    return metrics


def run_off_scores(made: Sequence[Record]) -> dict[str, float]:
    """Log score a party of run-off qualification in French presidential elections with 40 polls; lower is better."""
    chosen = [r for r in made if r.election.startswith("president") and r.polls >= 40 and r.country == "FR"]
    metrics = {}
    for horizon in HORIZONS:
        rows = [record for record in chosen if record.horizon == horizon]
        for name, error in (("shared", shared_error("first-round without FR")), ("bare", NO_SHARED_ERROR)):
            scores = [value for record in rows for value in _qualification(record, error)]
            if scores:
                metrics[f"runoff_log_score_{name}_{horizon}"] = float(np.mean(scores))
    told = [r for r in chosen if r.horizon == 1]
    shown = ", ".join(
        f"{h} days {metrics[f'runoff_log_score_shared_{h}']:.3f} ({metrics[f'runoff_log_score_bare_{h}']:.3f} without)"
        for h in HORIZONS
        if f"runoff_log_score_shared_{h}" in metrics
    )
    print(f"run-off qualification, log score, {len(told)} French presidential elections on the eve: {shown}")
    return metrics


def _qualification(record: Record, error: SharedError) -> list[float]:
    named = [k for k, p in enumerate(record.bare.parts) if p != OTHER and not np.isnan(record.result[k])]
    draws = standing_of(record, error, "model").draws(1, 10 * _DRAWS)[:, named]
    ranks = np.argsort(-draws, axis=1)[:, :2]
    through = set(np.argsort(-record.result[named])[:2].tolist())
    scores = []
    for k in range(len(named)):
        chance = float(np.clip(np.mean((ranks == k).any(axis=1)), 1e-4, 1 - 1e-4))
        scores.append(-float(np.log(chance if k in through else 1 - chance)))
    return scores


def _scored(made: Sequence[Record], centre: str) -> list[Score]:
    """Scores with the shared error learnt on every other country."""
    errors = {
        country: learn([record for record in made if record.country != country], centre)
        for country in sorted({record.country for record in made})
    }
    return [score(record, errors[record.country], centre) for record in made]


def _mean(scores: Sequence[Score]) -> Score:
    return Score(
        float(np.mean([s.mae for s in scores])),
        float(np.mean([s.crps for s in scores])),
        tuple(float(v) for v in np.mean([s.covered for s in scores], axis=0)),
        float(np.mean([s.width for s in scores])),
    )


# ---------------------------------------------------------------- event tests


def placebo_rates(campaigns: Sequence[tuple[str, Study]]) -> dict[str, float]:
    """Share of arbitrary dates at which a test claims a move at 5 % (real events are among them)."""
    z: dict[tuple[str, Kind], list[float]] = {}
    errors: list[float] = []
    dates = 0
    for country, made in campaigns:
        days = dates_between(made.prepared.design, every=1)
        if not len(days):
            continue
        dates += len(days)
        for kind in KINDS:
            tested = robust_steps(made.drift, days, kind)
            for part in made.leading(4):
                effect, error = tested.effects(made.parts.index(part))
                z.setdefault((country, kind), []).extend(np.abs(effect / error))
                errors += list(error) if kind == "step" else []
    metrics: dict[str, float] = {"placebo_dates": float(dates)}
    for kind in KINDS:
        together = np.concatenate([np.array(v) for (_, k), v in z.items() if k == kind])
        rates = {country: float(np.mean(np.array(v) > 1.96)) for (country, k), v in z.items() if k == kind}
        metrics[f"false_positives_{kind}"] = float(np.mean(together > 1.96))
        shown = ", ".join(f"{country} {100 * rate:.1f} %" for country, rate in rates.items())
        print(
            f"{kind}: {100 * metrics[f'false_positives_{kind}']:.1f} % of {len(together)} tests at 5 % ({shown})"
        )
    print(f"{dates} placebo dates; median smallest detectable step {2.8 * np.median(errors):.2f} points")
    return metrics


def dates_between(design: Design, every: int) -> Array:
    """Every n-th placebo date with three polls in the two weeks on either side."""

    def near(day: float, low: float, high: float) -> int:
        return int(np.sum((design.day > day + low) & (design.day <= day + high)))

    days = placebo_days(design)[::every]
    return np.array([day for day in days if near(day, -14, 0) >= 3 and near(day, 0, 14) >= 3])


def simulated(design: Design, scales: Scales, seed: int) -> Design:
    """New polls on the same calendar from the fitted model, without any step, rounded as the real ones."""
    rng = np.random.default_rng(seed)
    width = len(design.parts) - 1
    state = design.basis @ np.log(design.local[0])
    houses = rng.multivariate_normal(
        np.zeros(width), scales.house**2 * design.house_shape, len(design.houses)
    )
    rows = []
    for i in range(len(design.day)):
        state = state + rng.multivariate_normal(
            np.zeros(width), scales.walk**2 * design.gaps[i] * design.walk_shape[i], method="svd"
        )
        sampling = design.basis @ np.diag(1 / (design.size[i] * design.local[i])) @ design.basis.T
        noise = rng.multivariate_normal(np.zeros(width), scales.design * sampling)
        house = houses[design.house[i]] if design.house[i] >= 0 else 0.0
        shares = 100 * to_shares(state + house + noise, design.basis)
        rounded = np.clip(np.round(shares / design.rounding) * design.rounding, 0.3, None)
        rows.append(rounded / rounded.sum())
    return replace(design, shares=np.array(rows))


def null_rates(campaigns: Sequence[tuple[str, Study]], draws: int = 25) -> dict[str, float]:
    """Share of tests that claim a move where the polls were drawn without any; scales are fitted anew."""
    metrics = {}
    for country, made in campaigns:
        z: list[float] = []
        for seed in range(draws):
            design = simulated(made.prepared.design, made.fit.scales, seed)
            drift = heavy_tailed(design, fit(design, made.fit.scales))
            tested = robust_steps(drift, dates_between(design, every=9))
            for part in made.leading(4):
                effect, error = tested.effects(made.parts.index(part))
                z += list(np.abs(effect / error))
        metrics[f"simulated_null_{country}"] = float(np.mean(np.array(z) > 1.96))
        print(
            f"simulated null, {country} calendar: {100 * metrics[f'simulated_null_{country}']:.1f} % of {len(z)}"
        )
    return metrics


def power(made: Study, part: str, points: float) -> float:
    """Share of dates at which a planted step of one part is found at 5 %, both signs; scales held.

    The test is linear in the polls: a planted step adds ``covariance @ information @ step`` to its estimate.
    """
    days = dates_between(made.prepared.design, every=3)
    tested = robust_steps(made.drift, days)
    k = made.parts.index(part)
    effect, error = tested.effects(k)
    design = made.prepared.design
    hits = []
    for i, day in enumerate(days):
        shares = design.local[np.abs(design.day - day).argmin()]
        information = np.linalg.inv(tested.covariance[i]) - np.eye(len(shares) - 1) / STEP_PRIOR
        row = 100 * share_slopes(shares, design.basis)[k]
        for sign in (1, -1):
            moved = shares * (1 - (shares[k] + sign * points / 100)) / (1 - shares[k])
            moved[k] = shares[k] + sign * points / 100
            step = design.basis @ np.log(np.clip(moved, 0.003, None) / shares)
            shifted = effect[i] + row @ tested.covariance[i] @ information @ step
            hits.append(abs(shifted / error[i]) > 1.96)
    return float(np.mean(hits))


def run(data: Path | None) -> dict[str, float]:
    """Every figure; needs the folder of open data."""
    if data is None:
        print("opinion: no data folder given; nothing measured")
        return {}
    begun = time.process_time()
    metrics = backtest(data)
    metrics |= run_off_scores(records(data))
    metrics["backtest_cpu_seconds"] = time.process_time() - begun
    print(f"backtest: {metrics['backtest_cpu_seconds']:.1f} CPU s")
    campaigns = placebo_studies(data)
    metrics |= placebo_rates(campaigns)
    france = next(c for c in campaigns if c[1].series.election == "president 2017-04-23")
    sweden = max((c for c in campaigns if c[0] == "SE"), key=lambda c: len(c[1].prepared.polls))
    chosen = [france, sweden]
    metrics |= null_rates(chosen)
    print("power at 5 %, by points: " + "  ".join(f"{p:>5}" for p in (0, 0.5, 1, 2, 3, 4, 5)))
    for country, made in chosen:
        part = "nbcenter" if country == "FR" else made.leading(1)[0]
        curve = [power(made, part, points) for points in (0, 0.5, 1, 2, 3, 4, 5)]
        print(
            f"{country} {made.series.label[:24]:24} {part[:12]:12} " + "  ".join(f"{v:5.2f}" for v in curve)
        )
        metrics[f"power_3_{country}"], metrics[f"power_5_{country}"] = curve[4], curve[6]
    return metrics
