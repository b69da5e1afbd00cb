"""Polls drawn without any move raise few alarms; planted moves are found; intervals cover what they claim."""

from __future__ import annotations

import numpy as np

from probata.analyse.opinion.drift import heavy_tailed
from probata.analyse.opinion.events import placebo_days, robust_steps
from probata.analyse.opinion.forecast import NO_SHARED_ERROR, standing
from probata.analyse.opinion.model import Design, Scales, fit, helmert, to_shares, unit_covariance
from probata.analyse.opinion.suspect import left_out
from probata.analyse.opinion.track import track

TRUE = Scales(0.004, 0.010, 1.2)


def world(seed: int, step: float = 0.0, day_of_step: float = 50) -> tuple[Design, np.ndarray]:
    """60 polls of 4 houses over 100 days from the model itself, and the true shares on the last day."""
    rng = np.random.default_rng(seed)
    base = np.array([0.35, 0.3, 0.2, 0.15])
    basis = helmert(4)
    day = np.sort(rng.integers(0, 100, 60)).astype(float)
    house, size = rng.integers(0, 4, 60), rng.uniform(600, 1500, 60)
    shape = unit_covariance(base[None], basis)[0]
    houses = rng.multivariate_normal(np.zeros(3), TRUE.house**2 * shape, 4)
    moved = base * (1 - base[0] - step) / (1 - base[0])
    moved[0] = base[0] + step
    jump = basis @ np.log(moved / base)
    state, rows, last = basis @ np.log(base), [], day[0]
    for i in range(60):
        state = state + rng.multivariate_normal(
            np.zeros(3), TRUE.walk**2 * (day[i] - last) * shape + 1e-15 * np.eye(3)
        )
        last = day[i]
        seen = state + houses[house[i]] + jump * np.clip((day[i] - day_of_step) / 2, 0, 1)
        noise = TRUE.design * basis @ np.diag(1 / (size[i] * base)) @ basis.T
        rows.append(to_shares(seen + rng.multivariate_normal(np.zeros(3), noise), basis))
    truth = to_shares(state + jump, basis)
    return Design(("a", "b", "c", "Other"), tuple("wxyz"), day, np.array(rows), size, house, 0.1), truth


def test_false_alarms_keep_to_their_level() -> None:
    """Over 40 worlds without a move, 2 to 8 % of tests fall under p = .05."""
    z: list[float] = []
    for seed in range(40):
        design, _ = world(seed)
        drift = heavy_tailed(design, fit(design))
        tested = robust_steps(drift, placebo_days(design)[::12])
        for part in range(3):
            effect, error = tested.effects(part)
            z += list(np.abs(effect / error))
    rate = float(np.mean(np.array(z) > 1.959964))
    assert len(z) > 500
    assert 0.02 < rate < 0.08


def test_planted_steps_are_found() -> None:
    """Six points on a third: found in at least 17 of 20 worlds; the estimates average to six."""
    found, sizes = 0, []
    for seed in range(20):
        design, _ = world(100 + seed, step=0.06)
        drift = heavy_tailed(design, fit(design))
        effect, error = robust_steps(drift, np.array([50.0])).effects(0)
        found += abs(effect[0] / error[0]) > 1.959964
        sizes.append(effect[0])
    assert found >= 17
    assert abs(np.mean(sizes) - 6) < 0.8


def test_intervals_cover_the_truth() -> None:
    """Polls-only 80 % intervals hold the true share of the last day in 70 to 90 % of cases."""
    held = []
    for seed in range(40):
        design, truth = world(200 + seed)
        made = track(design, fit(design).scales)
        low, high = standing(made, float(design.day[-1]), NO_SHARED_ERROR).interval(0.8)
        held += [bool(a <= t <= b) for a, t, b in zip(low, truth, high, strict=True)]
    assert 0.7 < np.mean(held) < 0.9


def test_genuine_polls_rarely_look_invented() -> None:
    """Left-out chances of genuine polls are near uniform: 3 to 8 % of them under .05."""
    p: list[float] = []
    for seed in range(15):
        design, _ = world(300 + seed)
        made = track(design, fit(design).scales)
        polls = tuple(range(60))
        p += [one.p for one in left_out(made, polls)]  # type: ignore[arg-type]
    assert 0.03 < np.mean(np.array(p) < 0.05) < 0.08
