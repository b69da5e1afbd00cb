"""Does this number look like a poll? The predictive chance that a genuine poll shows it on that day."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from probata.analyse.opinion.model import Array, share_slopes, to_shares, unit_covariance
from probata.analyse.opinion.prepare import OTHER, Poll
from probata.analyse.opinion.track import Track


@dataclass(frozen=True)
class Predictive:
    """What a genuine poll of a given size would show: mean and covariance of its log-ratios."""

    parts: tuple[str, ...]
    basis: Array
    mean: Array
    covariance: Array

    @property
    def shares(self) -> Array:
        """K expected shares."""
        return to_shares(self.mean, self.basis)

    @property
    def errors(self) -> Array:
        """K standard deviations of the shares."""
        slopes = share_slopes(self.shares, self.basis)
        spread: Array = np.sqrt(np.maximum(np.diag(slopes @ self.covariance @ slopes.T), 1e-12))
        return spread

    def p(self, part: int, share: float) -> float:
        """Two-sided chance that the poll shows that part as far from its mean as ``share`` (0..1)."""
        from scipy.special import ndtr

        mean, spread = self.shares[part], self.errors[part]
        return float(2 * ndtr(-abs(share - mean) / spread))

    def joint_p(self, shares: dict[int, float]) -> float:
        """Chance that several parts together lie as far from their means (Mahalanobis distance)."""
        from scipy.special import gammaincc

        index = sorted(shares)[: len(self.parts) - 1]
        slopes = share_slopes(self.shares, self.basis)[index]
        away = np.array([shares[k] for k in index]) - self.shares[index]
        distance = away @ np.linalg.solve(
            slopes @ self.covariance @ slopes.T + 1e-12 * np.eye(len(index)), away
        )
        return float(gammaincc(len(index) / 2, distance / 2))

    def chance_first(self, part: int, seed: int, other: int | None, draws: int = 20_000) -> float:
        """Chance that a genuine poll shows that part in front of every other (the remainder aside)."""
        rng = np.random.default_rng(seed)
        factor = np.linalg.cholesky(self.covariance + 1e-12 * np.eye(len(self.mean)))
        shown = to_shares(self.mean + rng.standard_normal((draws, len(self.mean))) @ factor.T, self.basis)
        if other is not None:
            shown[:, other] = 0
        return float(np.mean(shown.argmax(axis=1) == part))


def predictive(track: Track, day: float, size: float) -> Predictive:
    """A poll of ``size`` people on ``day`` by a pollster like the others, house effect unknown."""
    design, scales = track.design, track.scales
    mean, covariance = track.opinion(day)
    shares = to_shares(mean, design.basis)
    step = design.rounding / 100
    variance = 1 / (size * shares) + step**2 / (12 * shares**2)
    noise = scales.design * (design.basis * variance) @ design.basis.T
    house = scales.house**2 * unit_covariance(shares[None], design.basis)[0]
    return Predictive(design.parts, design.basis, mean, covariance + house + noise)


@dataclass(frozen=True, slots=True)
class Suspect:
    """One share of one poll beside what the other polls lead one to expect."""

    poll: Poll
    party: str
    share: float
    expected: float
    error: float
    p: float


def left_out(track: Track, polls: tuple[Poll, ...]) -> list[Suspect]:
    """Every share of every whole poll against its prediction from all other polls.

    The poll's own weight is taken out of the smoothed state in closed form (leave one out).
    """
    from scipy.special import ndtr

    design, width = track.design, track.width
    found = []
    for i, poll in enumerate(polls):
        if design.partial[i] is not None:
            continue
        t = track.index(design.day[i])
        house = int(design.house[i])
        look = np.zeros((width, track.mean.shape[1]))
        look[:, :width] = np.eye(width)
        noise = track.scales.design * design.noise[i]
        if house < 0:
            noise = noise + track.scales.house**2 * design.house_shape
        else:
            look[:, (house + 1) * width : (house + 2) * width] = np.eye(width)
        spread = look @ track.covariance[t] @ look.T
        remainder = noise - spread + 1e-12 * np.eye(width)
        residual = noise @ np.linalg.solve(remainder, design.observed[i] - look @ track.mean[t])
        covariance = noise @ np.linalg.solve(remainder, noise)
        # around what the others predict: the slopes there turn log-ratios into shares
        expected = to_shares(design.observed[i] - residual, design.basis)
        slopes = share_slopes(expected, design.basis)
        errors = np.sqrt(np.maximum(np.diag(slopes @ covariance @ slopes.T), 1e-12))
        p = 2 * ndtr(-np.abs(slopes @ residual) / errors)
        for k, party in enumerate(design.parts):
            if party == OTHER:  # a remainder of changing composition
                continue
            row = (poll, party, design.shares[i, k], expected[k], errors[k], p[k])
            found.append(Suspect(row[0], row[1], *(float(value) for value in row[2:])))
    return found
