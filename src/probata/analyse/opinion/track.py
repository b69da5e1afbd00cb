"""The average day by day: the filter forward, the smoother backward (Rauch, Tung & Striebel 1965)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.linalg import cho_factor, cho_solve

from probata.analyse.opinion.model import (
    Array,
    Design,
    Filter,
    Scales,
    local_mean,
    share_slopes,
    to_shares,
    unit_covariance,
)


@dataclass(frozen=True)
class Track:
    """State on every day from the first poll to the end: D days, each with mean and covariance."""

    design: Design
    scales: Scales
    days: Array
    mean: Array
    """D x S state means given all polls."""
    covariance: Array
    """D x S x S."""

    @property
    def width(self) -> int:
        """Number of log-ratios."""
        return len(self.design.parts) - 1

    def index(self, day: float) -> int:
        """Position of the nearest day."""
        return int(np.argmin(np.abs(self.days - day)))

    def opinion(self, day: float) -> tuple[Array, Array]:
        """Mean and covariance of the log-ratios on a day."""
        i, width = self.index(day), self.width
        return self.mean[i, :width], self.covariance[i, :width, :width]

    def shares(self) -> Array:
        """D x K shares at the mean state."""
        return to_shares(self.mean[:, : self.width], self.design.basis)


def track(design: Design, scales: Scales, until: float | None = None) -> Track:
    """Smooth over every day from the first poll to the last, or to ``until`` where that is later."""
    end = max(float(design.day[-1]), until or 0.0)
    days = np.arange(design.day[0], end + 1)
    shapes = _daily_shapes(design, days)
    running = Filter(design, scales)
    means, covariances, next_poll = [], [], 0
    for t, day in enumerate(days):
        if t:
            running.predict(shapes[t][0], shapes[t][1])
        while next_poll < len(design.day) and design.day[next_poll] <= day:
            running.update(next_poll)
            next_poll += 1
        means.append(running.mean.copy())
        covariances.append(running.covariance.copy())
    _smooth_back(means, covariances, [s[0] * scales.walk**2 * s[1] for s in shapes])
    return Track(design, scales, days, np.array(means), np.array(covariances))


def _daily_shapes(design: Design, days: Array) -> list[tuple[float, Array]]:
    """(inflation, unit covariance) of the walk that leads to each day: those of the next poll."""
    position = np.searchsorted(design.day, days)
    inside = np.minimum(position, len(design.day) - 1)
    inflation = np.ones(len(days)) if design.inflation is None else design.inflation[inside]
    inflation = np.where(position < len(design.day), inflation, 1.0)
    return [(float(inflation[t]), design.walk_shape[inside[t]]) for t in range(len(days))]


def _smooth_back(means: list[Array], covariances: list[Array], walks: list[Array]) -> None:
    """Replace filtered by smoothed moments in place; the walk moves the first block only."""
    width = len(walks[0])
    for t in range(len(means) - 2, -1, -1):
        predicted = covariances[t].copy()
        predicted[:width, :width] += walks[t + 1]
        predicted.flat[:: len(predicted) + 1] += 1e-12
        # gain = P (P + W)^-1 = 1 - W (P + W)^-1, and W is zero outside the first block
        selector = np.zeros((len(predicted), width))
        selector[:width] = walks[t + 1]
        lost = cho_solve(cho_factor(predicted, lower=True), selector).T
        gain = np.eye(len(predicted))
        gain[:width] -= lost
        change = covariances[t + 1] - predicted
        means[t] = means[t] + gain @ (means[t + 1] - means[t])
        smoothed = covariances[t] + gain @ change @ gain.T
        covariances[t] = (smoothed + smoothed.T) / 2


@dataclass(frozen=True, slots=True)
class HouseEffect:
    """How far a pollster stands from the average on one party, in points."""

    pollster: str
    party: str
    effect: float
    error: float
    polls: int


def house_effects(track: Track) -> list[HouseEffect]:
    """House effects at the mean shares, with their standard errors."""
    design, width = track.design, track.width
    slopes = share_slopes(design.local.mean(axis=0), design.basis)
    found = []
    for j, pollster in enumerate(design.houses):
        block = slice((j + 1) * width, (j + 2) * width)
        effect = 100 * slopes @ track.mean[-1, block]
        spread = 100 * np.sqrt(np.diag(slopes @ track.covariance[-1, block, block] @ slopes.T))
        polls = int(np.sum(design.house == j))
        for k, party in enumerate(design.parts):
            found.append(HouseEffect(pollster, party, float(effect[k]), float(spread[k]), polls))
    return found


def shape_at(design: Design, day: float) -> tuple[Array, Array]:
    """Plug-in shares on a day and the unit covariance there."""
    shares = local_mean(np.array([day]), design)
    return shares[0], unit_covariance(shares, design.basis)[0]
