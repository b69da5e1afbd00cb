"""Where opinion stands with the error that all polls share, election day, and odds from joint draws."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import combinations
from typing import Any

import numpy as np

from probata.analyse.opinion.model import Array, share_slopes, to_shares, unit_covariance
from probata.analyse.opinion.track import Track

DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class SharedError:
    """The part of polling error that averaging does not remove (Shirani-Mehr et al. 2018).

    Standard deviation in points at a 20 % share: ``sqrt(base^2 + daily^2 * days to the vote)``; Student tails.
    """

    base: float
    daily: float
    freedom: float
    group: str = "given"
    lasting: float = 1.0
    """Share of the walk after the last poll that is still there on election day (campaign moves fade)."""

    def variance(self, days: float) -> float:
        """In squared shares at a 20 % share."""
        return (self.base**2 + self.daily**2 * max(days, 0.0)) / 1e4


NO_SHARED_ERROR = SharedError(0.0, 0.0, 1e9, "none")


@cache
def _calibration() -> Any:
    text = (files("probata") / "data" / "opinion" / "shared_error.json").read_text(encoding="utf-8")
    return json.loads(text)


def shared_error(group: str) -> SharedError:
    """The shipped calibration of a group (``first-round``, ``run-off`` or one that leaves a country out).

    Raises:
        KeyError: no such group.
    """
    row = _calibration()["groups"][group]
    return SharedError(row["base"], row["daily"], row["freedom"], group, row["lasting"])


@dataclass(frozen=True)
class Standing:
    """Log-ratios on one day with everything that makes them uncertain."""

    parts: tuple[str, ...]
    basis: Array
    mean: Array
    covariance: Array
    freedom: float

    @property
    def shares(self) -> Array:
        """K shares at the mean state."""
        return to_shares(self.mean, self.basis)

    @property
    def errors(self) -> Array:
        """K standard deviations of the shares (first order)."""
        slopes = share_slopes(self.shares, self.basis)
        spread: Array = np.sqrt(np.maximum(np.diag(slopes @ self.covariance @ slopes.T), 0.0))
        return spread

    def interval(self, level: float) -> tuple[Array, Array]:
        """K lower and upper ends: symmetric on the logit, so that no share leaves 0..1."""
        shares = np.clip(self.shares, 1e-6, 1 - 1e-6)
        spread = self.errors / (shares * (1 - shares))
        reach = _reach(self.freedom, level) * spread
        logit = np.log(shares / (1 - shares))
        return 1 / (1 + np.exp(-(logit - reach))), 1 / (1 + np.exp(-(logit + reach)))

    def contrast(self, first: int, second: int) -> tuple[float, float]:
        """Lead of one part over another in shares, and its standard deviation."""
        slopes = share_slopes(self.shares, self.basis)
        row = slopes[first] - slopes[second]
        return float(self.shares[first] - self.shares[second]), float(np.sqrt(row @ self.covariance @ row))

    def draws(self, seed: int, count: int = DRAWS) -> Array:
        """count x K joint draws of the shares: multivariate Student with this covariance."""
        rng = np.random.default_rng(seed)
        factor = np.linalg.cholesky(self.covariance + 1e-12 * np.eye(len(self.mean)))
        normal = rng.standard_normal((count, len(self.mean))) @ factor.T
        if self.freedom < 1e6:
            scale = np.sqrt((self.freedom - 2) / rng.chisquare(self.freedom, count))
            normal *= scale[:, None]
        return to_shares(self.mean + normal, self.basis)


@cache
def _reach(freedom: float, level: float) -> float:
    """Standard deviations to either side that hold ``level`` of a Student scaled to unit variance."""
    from scipy.special import ndtri, stdtrit

    if freedom > 1e6:
        return float(ndtri(0.5 + level / 2))
    return float(stdtrit(freedom, 0.5 + level / 2) * np.sqrt((freedom - 2) / freedom))


def standing(track: Track, day: float, error: SharedError) -> Standing:
    """Opinion on a day; days after the last poll also carry the growth of the shared error."""
    mean, covariance = track.opinion(day)
    shares = to_shares(mean, track.design.basis)
    shape = unit_covariance(shares[None], track.design.basis)[0]
    last = float(track.design.day[-1])
    if day > last:  # the walk since the last poll is what was added to the covariance of that day
        settled = track.opinion(last)[1]
        covariance = settled + error.lasting * (covariance - settled)
    total = covariance + error.variance(max(0.0, day - last)) * shape
    return Standing(track.design.parts, track.design.basis, mean, total, error.freedom)


@dataclass(frozen=True, slots=True)
class Odds:
    """Chance of an outcome with the shared polling error and as it would look without."""

    kind: str
    parties: tuple[str, ...]
    probability: float
    without: float


def odds(with_error: Array, without: Array, parts: Sequence[str], run_off: bool, other: str) -> list[Odds]:
    """Plurality for every part and, where there is a second round, qualification and pairings.

    ``other``: the remainder, which cannot win anything (it is several candidates).
    """
    real = [k for k, part in enumerate(parts) if part != other]
    ranks = [np.argsort(-draws[:, real], axis=1, kind="stable") for draws in (with_error, without)]
    found = []
    for j, k in enumerate(real):
        found.append(_odds("plurality", (parts[k],), [np.mean(rank[:, 0] == j) for rank in ranks]))
    if not run_off or len(real) < 3:
        return found
    for j, k in enumerate(real):
        chances = [np.mean((rank[:, :2] == j).any(axis=1)) for rank in ranks]
        found.append(_odds("runoff", (parts[k],), chances))
    for i, j in combinations(range(len(real)), 2):
        chances = [
            np.mean(np.sort(rank[:, :2], axis=1) @ [len(real), 1] == i * len(real) + j) for rank in ranks
        ]
        if max(chances) > 0:
            found.append(_odds("pairing", (parts[real[i]], parts[real[j]]), chances))
    return found


def _odds(kind: str, parties: tuple[str, ...], chances: Sequence[Any]) -> Odds:
    return Odds(kind, parties, float(chances[0]), float(chances[1]))
