"""Did opinion move at a date: step and ramp with uncertainty, and the same asked of every other date.

The gains of a Kalman filter do not depend on the data: one pass without any step, carrying the response of the
mean to a unit step on each candidate date, gives every test at once (cf. de Jong 1991, the diffuse filter).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.linalg.lapack import dpotrs

from probata.analyse.opinion.drift import Drift
from probata.analyse.opinion.model import STEP_PRIOR, Array, Design, Filter, Scales, share_slopes

Kind = Literal["step", "ramp"]

KINDS: tuple[Kind, ...] = ("step", "ramp")

RISE_DAYS = {"step": 2.0, "ramp": 14.0}
"""A step is over within two days of fieldwork; a ramp takes two weeks."""

AWAY_DAYS = 14
"""Placebo dates lie further than this from the tested date."""

_FIRST_DAY, _LAST_DAYS = 21, 16


@dataclass(frozen=True)
class Steps:
    """Steps at D dates: means D x (K-1) and covariances D x (K-1) x (K-1) of the log-ratio step."""

    days: Array
    mean: Array
    covariance: Array
    design: Design

    def effects(self, part: int) -> tuple[Array, Array]:
        """Effect on one part in points, and its standard error, for every date."""
        # plug-in shares are those at the nearest poll, as in the filter
        nearest = np.abs(self.design.day[None, :] - self.days[:, None]).argmin(axis=1)
        shares = self.design.local[nearest]
        effect, error = np.empty(len(self.days)), np.empty(len(self.days))
        for i in range(len(self.days)):
            row = share_slopes(shares[i], self.design.basis)[part]
            effect[i] = 100 * row @ self.mean[i]
            error[i] = 100 * np.sqrt(row @ self.covariance[i] @ row)
        return effect, error


def rise(design: Design, days: Array, kind: Kind) -> Array:
    """N x D: how much of a unit shift on each date a poll sees."""
    exposure: Array = np.clip((design.day[:, None] - np.asarray(days)[None, :]) / RISE_DAYS[kind], 0, 1)
    return exposure


def steps(design: Design, scales: Scales, days: Array, kind: Kind = "step") -> Steps:
    """Test every date in one pass over the polls."""
    exposure = rise(design, days, kind)
    running = Filter(design, scales)
    width, count = running.width, len(days)
    response = np.zeros((len(running.mean), count * width))
    information = np.zeros((count, width, width))
    weighted = np.zeros((count, width))
    unit = np.eye(width)
    for i in range(len(design.day)):
        running.predict(float(design.gaps[i]), design.walk_shape[i])
        moved = np.kron(exposure[i], unit)
        expected = moved - running.seen(i, response)
        partial = design.partial[i]
        if partial is not None:
            expected = partial.matrix @ expected
        taken = running.update(i)
        if taken is None:
            break
        gain, factor, innovation = taken
        response += gain @ expected
        solved = dpotrs(factor, expected, lower=1)[0]
        blocks = expected.reshape(len(expected), count, width)
        solved = solved.reshape(len(expected), count, width)
        information += np.einsum("adj,adk->djk", blocks, solved)
        weighted += np.einsum("adj,a->dj", solved, innovation)
    covariance = np.linalg.inv(information + unit / STEP_PRIOR)
    return Steps(np.asarray(days), np.einsum("djk,dk->dj", covariance, weighted), covariance, design)


def placebo_days(design: Design) -> Array:
    """Every day from three weeks after the first poll up to 16 days before the last."""
    days: Array = np.arange(design.day[0] + _FIRST_DAY, design.day[-1] - _LAST_DAYS)
    return days


@dataclass(frozen=True, slots=True)
class Shift:
    """What happened to one part at one date, beside every other date."""

    day: float
    kind: Kind
    part: str
    effect: float
    error: float
    p: float
    p_placebo: float | None
    placebos: int
    polls_before: int
    polls_after: int
    placebo: tuple[tuple[float, float, float], ...] = ()
    """(day, effect in points, z) of every placebo date."""

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval in points."""
        return self.effect - 1.959964 * self.error, self.effect + 1.959964 * self.error

    @property
    def mde(self) -> float:
        """Smallest step seen with 80 % power, in points."""
        return 2.801585 * self.error


def robust_steps(drift: Drift, days: Array, kind: Kind = "step") -> Steps:
    """As ``steps``, with the multipliers of known jumps, except of a jump that the tested move would explain."""
    days = np.asarray(days, dtype=float)
    width = len(drift.design.parts) - 1
    mean, covariance = np.zeros((len(days), width)), np.zeros((len(days), width, width))
    near = [frozenset(j for j, jump in enumerate(drift.jumps) if _meets(jump, day, kind)) for day in days]
    for jumps in dict.fromkeys(near):
        rows = np.array([i for i, own in enumerate(near) if own == jumps])
        made = steps(_without(drift, jumps), drift.fit.scales, days[rows], kind)
        mean[rows], covariance[rows] = made.mean, made.covariance
    return Steps(days, mean, covariance, drift.design)


def _meets(jump: tuple[float, float, float], day: float, kind: Kind) -> bool:
    """Whether a move that starts on a day could be the jump."""
    return jump[0] - RISE_DAYS[kind] - 1 <= day <= jump[1] + 3


def _without(drift: Drift, jumps: frozenset[int]) -> Design:
    if not jumps or drift.design.inflation is None:
        return drift.design
    inflation = drift.design.inflation.copy()
    inflation[np.isin(drift.design.day, [drift.jumps[j][1] for j in jumps])] = 1.0
    return drift.design.with_inflation(inflation)


def shifts(drift: Drift, days: Sequence[float], parts: Sequence[str], kind: Kind = "step") -> list[Shift]:
    """Test every date and part asked for; placebo dates are tested in the same pass."""
    from scipy.special import ndtr

    design = drift.design
    placebos = placebo_days(design)
    asked = np.array([float(day) for day in days])
    tested = robust_steps(drift, np.concatenate([asked, placebos]), kind)
    found = []
    for part in parts:
        effect, error = tested.effects(design.parts.index(part))
        z = effect / error
        for i, day in enumerate(asked):
            away = np.abs(placebos - day) > AWAY_DAYS
            others = z[len(asked) :][away]
            rows = zip(placebos[away], effect[len(asked) :][away], others, strict=True)
            above = int(np.sum(np.abs(others) >= abs(z[i])))
            found.append(
                Shift(
                    day=float(day),
                    kind=kind,
                    part=part,
                    effect=float(effect[i]),
                    error=float(error[i]),
                    p=float(2 * ndtr(-abs(z[i]))),
                    p_placebo=(1 + above) / (1 + len(others)) if len(others) else None,
                    placebos=len(others),
                    polls_before=int(np.sum((design.day > day - 14) & (design.day <= day))),
                    polls_after=int(np.sum((design.day > day) & (design.day <= day + 14))),
                    placebo=tuple((float(a), float(b), float(c)) for a, b, c in rows),
                )
            )
    return found
