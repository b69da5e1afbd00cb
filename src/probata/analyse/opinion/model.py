"""The state space: opinion as a random walk on log-ratios, seen through polls with house effects.

State: ``x`` (K-1 isometric log-ratios, Egozcue et al. 2003) and one constant vector per pollster. Everything is
linear and Gaussian, so that the Kalman filter gives the exact likelihood (Harvey 1989; Jackman 2005 for polls).
Shares are fractions here; points (hundredths) appear only in what is shown.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from scipy.linalg.lapack import dpotrf, dpotrs

Array = np.ndarray[Any, np.dtype[Any]]

REFERENCE_SHARE = 0.2
"""A scale of 1 means a standard deviation of 1 at this share."""

SPREAD_POWER = 1.0
"""Standard deviations grow with share ** (1 - SPREAD_POWER / 2): the square root of the share."""

STEP_PRIOR = 0.25
"""Prior variance of a step in each log-ratio: wide (a step of 40 % of a share is one standard deviation)."""

_START_VARIANCE = 0.25
_JITTER = 1e-10
_IMPOSSIBLE = -1e10
_SMOOTHING_DAYS = 10.0


@dataclass(frozen=True, slots=True)
class Scales:
    """The three learnt numbers: walk per square-root day, house spread, design effect."""

    walk: float
    house: float
    design: float


@dataclass(frozen=True, slots=True)
class Partial:
    """A poll that shows only some parts: ``matrix @ log-ratios + offset`` is what it shows."""

    matrix: Array
    offset: Array


@dataclass(frozen=True)
class Design:
    """Polls ready for the filter: N polls in date order, K parts that sum to 1, H pollsters."""

    parts: tuple[str, ...]
    houses: tuple[str, ...]
    day: Array
    """N days as floats, not decreasing."""
    shares: Array
    """N x K, rows sum to 1."""
    size: Array
    """N effective sample sizes."""
    house: Array
    """N indices into ``houses``; -1 where no pollster is named."""
    rounding: float
    """Rounding step of the data in points."""
    seen: Array | None = None
    """N x K truths: which parts each poll shows by itself; None where every poll shows all."""
    inflation: Array | None = field(default=None)
    """N multipliers of the walk variance of the gap that ends at each poll (heavy-tailed drift)."""

    @cached_property
    def basis(self) -> Array:
        """(K-1) x K matrix of orthonormal contrasts."""
        return helmert(len(self.parts))

    @cached_property
    def local(self) -> Array:
        """N x K plug-in shares around each poll, used inside variances only."""
        return local_mean(self.day, self)

    @cached_property
    def observed(self) -> list[Array]:
        """What each poll shows, as log-ratios (K-1, or fewer for a partial poll)."""
        whole = np.log(self.shares) @ self.basis.T
        return [
            whole[i] if (p := self.partial[i]) is None else self._shown(i, p) for i in range(len(self.day))
        ]

    @cached_property
    def partial(self) -> list[Partial | None]:
        """For each poll the map from log-ratios to what it shows, or None where it shows everything."""
        if self.seen is None:
            return [None] * len(self.day)
        return [None if row.all() else self._partial(i) for i, row in enumerate(self.seen)]

    @cached_property
    def noise(self) -> list[Array]:
        """Sampling and rounding covariance of each poll at a design effect of 1 (delta method)."""
        step = self.rounding / 100
        variance = 1 / (self.size[:, None] * self.local) + step**2 / (12 * self.local**2)
        full = np.einsum("ik,nk,jk->nij", self.basis, variance, self.basis)
        return [full[i] if p is None else self._partial_noise(i) for i, p in enumerate(self.partial)]

    @cached_property
    def walk_shape(self) -> Array:
        """N x (K-1) x (K-1): covariance of a unit walk at each poll's plug-in shares."""
        return unit_covariance(self.local, self.basis)

    @cached_property
    def house_shape(self) -> Array:
        """(K-1) x (K-1): covariance of a unit house effect at the mean plug-in shares."""
        shape: Array = unit_covariance(self.local.mean(axis=0)[None], self.basis)[0]
        return shape

    @cached_property
    def gaps(self) -> Array:
        """N days since the poll before, times the inflation of that gap."""
        gaps = np.diff(self.day, prepend=self.day[:1])
        return gaps if self.inflation is None else gaps * self.inflation

    def with_inflation(self, inflation: Array | None) -> Design:
        """The same polls with other walk multipliers; what does not depend on them is kept."""
        fresh = replace(self, inflation=inflation)
        kept = ("basis", "local", "observed", "partial", "noise", "walk_shape", "house_shape")
        for name in kept:
            fresh.__dict__[name] = getattr(self, name)
        return fresh

    def _groups(self, i: int) -> Array:
        """G x K truths: each seen part alone, and all unseen parts together."""
        assert self.seen is not None
        row = self.seen[i]
        alone = np.eye(len(row), dtype=bool)[row]
        return np.vstack([alone, ~row])

    def _partial(self, i: int) -> Partial:
        """Unseen parts are seen as one sum: its logarithm is linear in theirs near the plug-in shares."""
        groups = self._groups(i)
        weights = groups * self.local[i]
        totals = weights.sum(axis=1)
        weights = weights / totals[:, None]
        contrast = helmert(len(groups))
        offset = np.log(totals) - weights @ np.log(self.local[i])
        return Partial(contrast @ weights @ self.basis.T, contrast @ offset)

    def _shown(self, i: int, partial: Partial) -> Array:
        totals = self._groups(i) @ self.shares[i]
        shown: Array = helmert(len(totals)) @ np.log(totals) - partial.offset
        return shown

    def _partial_noise(self, i: int) -> Array:
        totals = self._groups(i) @ self.local[i]
        step = self.rounding / 100
        contrast = helmert(len(totals))
        variance = 1 / (self.size[i] * totals) + step**2 / (12 * totals**2)
        noise: Array = contrast @ np.diag(variance) @ contrast.T
        return noise


def helmert(parts: int) -> Array:
    """(K-1) x K orthonormal rows that sum to zero (Helmert contrasts)."""
    rows = np.zeros((parts - 1, parts))
    for i in range(1, parts):
        rows[i - 1, :i] = 1 / i
        rows[i - 1, i] = -1
        rows[i - 1] *= np.sqrt(i / (i + 1))
    return rows


def unit_covariance(shares: Array, basis: Array) -> Array:
    """N x (K-1) x (K-1) covariances of log-ratios that move a share near 0.2 by 1."""
    scale = (shares / REFERENCE_SHARE) ** (-SPREAD_POWER / 2) / REFERENCE_SHARE
    unit: Array = np.einsum("ik,nk,jk->nij", basis, scale**2, basis)
    return unit


def local_mean(days: Array, design: Design) -> Array:
    """Shares around each of ``days``: a Gaussian kernel of ten days, weighted by sample size."""
    distance = (np.asarray(days)[:, None] - design.day[None, :]) / _SMOOTHING_DAYS
    # shifted so that a day far from every poll still leans on the nearest one
    exponent = -(distance**2) / 2
    weight = design.size * np.exp(exponent - exponent.max(axis=1, keepdims=True))
    mean: Array = weight @ design.shares / weight.sum(axis=1, keepdims=True)
    return mean


def to_shares(ratios: Array, basis: Array) -> Array:
    """Back from log-ratios (..., K-1) to shares (..., K)."""
    logs = ratios @ basis
    raised = np.exp(logs - logs.max(axis=-1, keepdims=True))
    shares: Array = raised / raised.sum(axis=-1, keepdims=True)
    return shares


def share_slopes(shares: Array, basis: Array) -> Array:
    """K x (K-1) derivatives of the shares with respect to the log-ratios."""
    slopes: Array = shares[:, None] * (basis.T - basis @ shares)
    return slopes


class Filter:
    """One pass over the polls; keeps mean and covariance of the state [x, house 1, ..., house H]."""

    def __init__(self, design: Design, scales: Scales) -> None:
        self.design, self.scales = design, scales
        self.width = width = len(design.parts) - 1
        size = width * (1 + len(design.houses))
        self.mean = np.zeros(size)
        self.mean[:width] = design.basis @ np.log(design.local[0])
        self.covariance = np.zeros((size, size))
        self.covariance[:width, :width] = _START_VARIANCE * np.eye(width)
        for j in range(len(design.houses)):
            block = self.block(j)
            self.covariance[block, block] = scales.house**2 * design.house_shape
        self.log_likelihood = 0.0

    def block(self, house: int) -> slice:
        """Where a pollster's vector sits in the state."""
        return slice((house + 1) * self.width, (house + 2) * self.width)

    def predict(self, gap: float, shape: Array) -> None:
        """Let ``gap`` days pass."""
        self.covariance[: self.width, : self.width] += self.scales.walk**2 * gap * shape

    def noise(self, i: int) -> Array:
        """Covariance of what is seen of poll ``i`` beyond the state."""
        noise: Array = self.scales.design * self.design.noise[i]
        if self.design.house[i] < 0:  # a pollster without a name: its house effect is noise
            partial = self.design.partial[i]
            house = self.scales.house**2 * self.design.house_shape
            noise = noise + (house if partial is None else partial.matrix @ house @ partial.matrix.T)
        return noise

    def seen(self, i: int, rows: Array) -> Array:
        """Rows of the state (or of its covariance) that poll ``i`` looks at, summed: (width, ...)."""
        house = self.design.house[i]
        return rows[: self.width] if house < 0 else rows[: self.width] + rows[self.block(house)]

    def update(self, i: int) -> tuple[Array, Array, Array] | None:
        """Take in poll ``i``; return (gain, factor of the innovation covariance, innovation)."""
        partial = self.design.partial[i]
        cross = self.seen(i, self.covariance)
        expected = self.seen(i, self.mean)
        if partial is not None:
            cross, expected = partial.matrix @ cross, partial.matrix @ expected
        inner = self.seen(i, cross.T).T
        if partial is not None:
            inner = inner @ partial.matrix.T
        inner = inner + self.noise(i)
        inner.flat[:: len(inner) + 1] += _JITTER
        factor, failed = dpotrf(inner, lower=1)
        if failed:
            return None
        innovation = self.design.observed[i] - expected
        gain = dpotrs(factor, cross, lower=1)[0].T
        weighted = dpotrs(factor, innovation, lower=1)[0]
        self.mean += cross.T @ weighted
        self.covariance -= gain @ cross
        self.covariance = (self.covariance + self.covariance.T) / 2
        logs = 2 * np.log(factor.diagonal()).sum()
        self.log_likelihood -= 0.5 * (logs + innovation @ weighted + len(innovation) * np.log(2 * np.pi))
        return gain, factor, innovation

    def run(self) -> Filter:
        """All polls in order; ``log_likelihood`` is hugely negative where the numbers break down."""
        for i in range(len(self.design.day)):
            self.predict(float(self.design.gaps[i]), self.design.walk_shape[i])
            if self.update(i) is None:
                self.log_likelihood = _IMPOSSIBLE
                break
        return self


def log_likelihood(design: Design, scales: Scales) -> float:
    """Exact log-likelihood of the polls."""
    return Filter(design, scales).run().log_likelihood


_PRIOR_MEAN = np.log([0.0025, 0.010, 1.0])
_PRIOR_SD = np.array([0.6, 0.6, 0.5])
_BOUNDS = [(-9.0, -3.0), (-8.0, -2.5), (-2.5, 2.5)]


@dataclass(frozen=True, slots=True)
class Fit:
    """The fitted scales and how likely the polls are under them."""

    scales: Scales
    log_likelihood: float


def fit(design: Design, start: Scales | None = None) -> Fit:
    """Most probable scales given the polls (MAP, L-BFGS-B)."""
    from scipy.optimize import minimize

    def loss(theta: Array) -> float:
        prior = 0.5 * np.sum(((theta - _PRIOR_MEAN) / _PRIOR_SD) ** 2)
        return float(prior - log_likelihood(design, Scales(*np.exp(theta))))

    first = _PRIOR_MEAN if start is None else np.log([start.walk, start.house, start.design])
    best = minimize(loss, first, method="L-BFGS-B", bounds=_BOUNDS, options={"maxiter": 40, "ftol": 1e-6})
    scales = Scales(*(float(value) for value in np.exp(best.x)))
    return Fit(scales, log_likelihood(design, scales))
