"""One fitted election: polls, scales, daily track, shared error; made once and asked many times."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from probata.analyse.opinion.drift import Drift, heavy_tailed
from probata.analyse.opinion.forecast import SharedError, Standing, shared_error, standing
from probata.analyse.opinion.model import Fit, fit
from probata.analyse.opinion.prepare import OTHER, Options, Poll, Prepared, choose_parts, prepare
from probata.analyse.opinion.series import Series
from probata.analyse.opinion.track import Track, track

_TWO_WAY_SUM = 80.0


@dataclass(frozen=True)
class Study:
    """A series of polls with everything that is worked out of it once."""

    series: Series
    prepared: Prepared
    vote: int
    """Ordinal of the day that the forecast is for."""
    error: SharedError

    @cached_property
    def fit(self) -> Fit:
        """Fitted scales."""
        return fit(self.prepared.design)

    @cached_property
    def drift(self) -> Drift:
        """The walk with its known jumps set apart, for the event tests."""
        return heavy_tailed(self.prepared.design, self.fit)

    @cached_property
    def track(self) -> Track:
        """Daily state from the first poll to the vote."""
        return track(self.prepared.design, self.fit.scales, until=float(self.vote))

    @property
    def parts(self) -> tuple[str, ...]:
        """Parts in order, the remainder (if any) last."""
        return self.prepared.design.parts

    @property
    def real_parts(self) -> tuple[str, ...]:
        """Parts without the remainder."""
        return tuple(part for part in self.parts if part != OTHER)

    def standing(self, day: float, error: SharedError | None = None) -> Standing:
        """Opinion on a day, with the shared error unless another is given."""
        return standing(self.track, day, self.error if error is None else error)

    def leading(self, count: int) -> list[str]:
        """The parts with the largest shares at the last poll."""
        shares = self.standing(self.prepared.last_day).shares
        order = [self.parts[k] for k in np.argsort(-shares, kind="stable")]
        return [part for part in order if part != OTHER][:count]


def pairs(series: Series) -> list[tuple[str, str]]:
    """Pairs of a second round, the most recently and most often polled first."""
    counts: dict[tuple[str, str], tuple[int, int]] = {}
    for poll in series.polls:
        if len(poll.shares) == 2:
            first, second = poll.shares
            key = (first, second) if (second, first) not in counts else (second, first)
            number, last = counts.get(key, (0, 0))
            counts[key] = (number + 1, max(last, poll.day))
    return sorted(counts, key=lambda key: (-(counts[key][1] // 14), -counts[key][0]))


def study(
    series: Series, vote: int | None, parties: Sequence[str] = (), before: int | None = None,
    error: SharedError | None = None, rounding: float | None = None,
) -> Study:  # fmt: skip
    """Prepare one series for an election day; without one the forecast is for the day of the last poll.

    Raises:
        TooFewPolls: nothing to average.
    """
    polls: list[Poll] = [poll for poll in series.polls if vote is None or poll.day < vote]
    until = min(day for day in (before, vote, 10**9) if day is not None)
    used = [poll for poll in polls if until - 240 <= poll.day <= until] or polls
    options = _options(series, used, parties, before, rounding)
    if options.two_way:
        polls = [poll for poll in polls if set(options.parties) <= set(poll.shares)]
    prepared = prepare(polls, options)
    if error is None:
        error = shared_error("run-off" if series.round == 2 else "first-round")
    return Study(series, prepared, vote if vote is not None else int(prepared.last_day), error)


def _options(
    series: Series, polls: Sequence[Poll], parties: Sequence[str], before: int | None, rounding: float | None
) -> Options:
    """Parts, and whether shares are taken among two parties only."""
    if series.round == 2:
        ranked = pairs(series)
        meant = [pair for pair in ranked if set(parties) <= set(pair)] or ranked
        return Options(meant[0] if meant else (), rounding, True, before)
    parts = choose_parts(polls, parties)
    sums = [sum(poll.shares.get(part, 0.0) for part in parts) for poll in polls]
    two_way = len(parts) == 2 and bool(sums) and float(np.median(sums)) >= _TWO_WAY_SUM
    return Options(parts, rounding, two_way, before)
