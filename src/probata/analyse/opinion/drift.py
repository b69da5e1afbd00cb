"""Heavy-tailed drift: a few known jumps must not make every other day look restless.

The walk gets Student steps, as a scale mixture of normal ones: each gap between poll days has its own multiplier of
the walk variance, estimated by expectation and maximisation in turn (Lange, Little & Taylor 1989). Only gaps that move
clearly more than the rest keep a multiplier, and a test at a date never uses the multiplier of that very date.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from probata.analyse.opinion.model import Array, Design, Filter, Fit, Scales, fit

FREEDOM = 4.0
JUMP = 2.0
"""Multipliers below this are set to 1: ordinary variation of ordinary steps."""


@dataclass(frozen=True, slots=True)
class Drift:
    """Scales of the ordinary walk, and the poll days that a jump leads to."""

    design: Design
    fit: Fit
    jumps: tuple[tuple[float, float, float], ...]
    """(day before, day after, multiplier)."""


def heavy_tailed(design: Design, first: Fit, rounds: int = 4) -> Drift:
    """Alternate between multipliers given scales and scales given multipliers."""
    found, made = first, design
    for _ in range(rounds):
        multipliers = gap_multipliers(made, found.scales)
        made = design.with_inflation(np.where(multipliers > JUMP, multipliers, 1.0))
        if not (multipliers > JUMP).any():
            return Drift(design, first, ())
        before, found = found.scales, fit(made, start=found.scales)
        if abs(found.scales.walk / before.walk - 1) < 0.02:
            break
    assert made.inflation is not None
    rows = np.flatnonzero((made.inflation > 1) & (np.diff(design.day, prepend=design.day[0]) > 0))
    jumps = tuple((float(design.day[i - 1]), float(design.day[i]), float(made.inflation[i])) for i in rows)
    return Drift(made, found, jumps)


def gap_multipliers(design: Design, scales: Scales) -> Array:
    """N expected multipliers of the walk variance of the gap before each poll; 1 where no day passes.

    With d log-ratios and freedom v a gap that moved by m standard squared units gets (v + m) / (v + d).
    """
    moved = _squared_moves(design, scales)
    width = len(design.parts) - 1
    multipliers = np.ones(len(design.day))
    for i, value in moved.items():
        multipliers[i] = max(1.0, (FREEDOM + value) / (FREEDOM + width))
    return multipliers


def _squared_moves(design: Design, scales: Scales) -> dict[int, float]:
    """For the first poll of each day: expected squared move of the gap before it, in units of the plain walk."""
    running = Filter(design, scales)
    firsts, means, covariances, predicted_by = [], [], [], []
    for i, gap in enumerate(design.gaps):
        if gap > 0:
            firsts.append(i)
            means.append(running.mean.copy())
            covariances.append(running.covariance.copy())
            walk = scales.walk**2 * gap * design.walk_shape[i]
            predicted_by.append(walk)
            running.predict(float(gap), design.walk_shape[i])
        running.update(i)
    mean, covariance = running.mean, running.covariance
    moved: dict[int, float] = {}
    width = running.width
    for t in range(len(firsts) - 1, -1, -1):
        walk, i = predicted_by[t], firsts[t]
        predicted = covariances[t].copy()
        predicted[:width, :width] += walk
        predicted.flat[:: len(predicted) + 1] += 1e-12
        selector = np.zeros((len(predicted), width))
        selector[:width] = walk
        lost = cho_solve(cho_factor(predicted, lower=True), selector).T
        # the smoothed move of x is lost @ (smoothed next state - predicted state)
        change = mean - means[t]
        move = lost @ change
        spread = walk - lost @ (predicted - covariance) @ lost.T
        plain = walk / (1.0 if design.inflation is None else design.inflation[i])
        moved[i] = float(np.trace(np.linalg.solve(plain, np.outer(move, move) + spread)))
        gain = np.eye(len(predicted))
        gain[:width] -= lost
        mean = means[t] + gain @ change
        covariance = covariances[t] + gain @ (covariance - predicted) @ gain.T
    return moved
