"""From rows of the ``polls`` table to a design: which election, which parts, which polls, which weights."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from probata.analyse.opinion.model import Array, Design

OTHER = "Other"
WINDOW_DAYS = 240
RECENT_DAYS = 60
MOST_HOUSES = 40
"""Pollsters with an effect of their own; those with fewest polls beyond share the doubt of a nameless one."""
_FLOOR = 0.3
_OTHER_RANGE = (-3.0, 60.0)
_DEFAULT_SIZE = 1000.0
_SIZE_RANGE = (100.0, 2500.0)
_ROLLING_DAYS = 3.0


@dataclass(frozen=True, slots=True)
class Poll:
    """One hypothesis of one poll, shares in points by party."""

    id: str
    poll_id: str
    pollster: str
    day: int
    """Proleptic ordinal of the end of fieldwork (or of publication)."""
    size: float | None
    round: int | None
    hypothesis: str
    election: str
    is_result: bool
    shares: dict[str, float]
    place: str
    """File and line, for messages."""
    rolling: bool = False
    note: str = ""
    start: int | None = None
    undecided: float | None = None


@dataclass(frozen=True, slots=True)
class Options:
    """How polls become a design."""

    parties: tuple[str, ...] = ()
    """Parts to keep apart; chosen from the polls where empty."""
    rounding: float | None = None
    """Rounding step in points where known; detected otherwise."""
    two_way: bool = False
    """Shares among the named parts only, without a remainder."""
    before: int | None = None
    """Use polls up to this ordinal only."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A design, the polls behind its rows, and what was left out or assumed."""

    design: Design
    polls: tuple[Poll, ...]
    notes: tuple[str, ...] = field(default=())

    @property
    def last_day(self) -> float:
        """Ordinal of the last poll used."""
        return float(self.design.day[-1])


class TooFewPolls(ValueError):
    """There is nothing to average; the message says what is there."""


def house_key(name: str) -> str:
    """Pollster names compared without case, spaces and punctuation."""
    return re.sub(r"[\W_]+", "", name.casefold())


def rounding_step(values: Array) -> float:
    """1, 0.5 or 0.1 points: the coarsest step that more than nine values in ten keep to."""
    values = values[~np.isnan(values)]
    for step in (1.0, 0.5):
        if len(values) and np.mean(np.abs(values / step - np.round(values / step)) < 1e-6) > 0.9:
            return step
    return 0.1


def choose_parts(polls: Sequence[Poll], wanted: Sequence[str] = (), most: int = 9) -> tuple[str, ...]:
    """Parties that more than four recent polls in five show at 2 % or more on average, and those asked for.

    Recent: the last 60 days where they hold ten polls, so that a candidate chosen late is not lost. Order of first
    appearance, so that a party's place does not depend on its share.
    """
    last = max((poll.day for poll in polls), default=0)
    recent = [poll for poll in polls if poll.day > last - RECENT_DAYS]
    recent = recent if len(recent) >= 10 else list(polls)
    shown, mean = _presence(recent)
    often = [party for party in mean if shown[party] > 0.8 and mean[party] >= 2 and not _rest(party)]
    often = sorted(often, key=lambda party: -mean[party])[:most]
    kept = _compatible([*wanted, *often], recent)
    parties = dict.fromkeys(party for poll in polls for party in poll.shares)
    return tuple(party for party in parties if party in kept)


def _presence(polls: Sequence[Poll]) -> tuple[dict[str, float], dict[str, float]]:
    """Part of the house-days on which a party is shown by some hypothesis, and its mean share where shown."""
    days: dict[str, set[tuple[str, int]]] = defaultdict(set)
    sums: dict[str, list[float]] = defaultdict(list)
    every = set()
    for number, poll in enumerate(polls):
        key = (house_key(poll.pollster) or f"#{number}", poll.day)
        every.add(key)
        for party, share in poll.shares.items():
            days[party].add(key)
            sums[party].append(share)
    presence = {party: len(seen) / len(every) for party, seen in days.items()}
    return presence, {party: sum(values) / len(values) for party, values in sums.items()}


def _compatible(parties: Sequence[str], polls: Sequence[Poll]) -> set[str]:
    """Leave out a party that no poll shows beside one named before it: rivals for one candidacy."""
    kept: list[str] = []
    for party in dict.fromkeys(parties):
        beside = {other for poll in polls if party in poll.shares for other in poll.shares}
        if beside and all(other in beside for other in kept):
            kept.append(party)
    return set(kept)


def _rest(party: str) -> bool:
    return (
        re.fullmatch(
            r"(nb)?(other|others|autre|autres|övriga|sonstige|andere|rest|divers)s?", party.casefold()
        )
        is not None
    )


def one_per_house_and_day(polls: Iterable[Poll], parts: Sequence[str] = ()) -> tuple[list[Poll], int]:
    """Keep one hypothesis for each pollster and day, the last in the file that shows most of ``parts``.

    Polls that name no pollster are kept unless they repeat another's figures of that day.
    """
    kept: dict[tuple[Any, ...], Poll] = {}
    dropped = 0
    for poll in polls:
        named = house_key(poll.pollster)
        figures = tuple(sorted(poll.shares.items()))
        key: tuple[Any, ...] = (named, poll.day) if named else ("", poll.day, figures)
        before = kept.get(key)
        if before is not None:
            dropped += 1
            if _match(poll, parts) < _match(before, parts):
                continue
            del kept[key]
        kept[key] = poll
    return sorted(kept.values(), key=lambda poll: poll.day), dropped


def _match(poll: Poll, parts: Sequence[str]) -> int:
    return sum(part in poll.shares for part in parts)


def prepare(polls: Sequence[Poll], options: Options | None = None) -> Prepared:
    """Polls of one election and round, in file order, as a design.

    Raises:
        TooFewPolls: no poll shows at least two of the parts.
    """
    options = options or Options()
    chosen = [p for p in polls if not p.is_result and (options.before is None or p.day <= options.before)]
    if not chosen:
        raise TooFewPolls("no poll before that date")
    last = max(poll.day for poll in chosen)
    chosen = [poll for poll in chosen if poll.day >= last - WINDOW_DAYS]
    parts = options.parties or choose_parts(chosen)
    if len(parts) < 2:
        raise TooFewPolls(f"the {len(chosen)} polls show fewer than two parties in common")
    chosen, repeats = one_per_house_and_day(chosen, parts)
    notes = (
        [f"{repeats} further hypotheses or repeats of the same pollster and day left out"] if repeats else []
    )
    rows = np.array([[poll.shares.get(part, np.nan) for part in parts] for poll in chosen])
    rows, seen, kept = _complete(rows, two_way=options.two_way)
    if not kept.any():
        raise TooFewPolls("no poll shows two of the parties with shares that sum to 100 or less")
    if not kept.all():
        notes.append(f"{int((~kept).sum())} polls left out: too few of the parties, or shares far from 100")
    used = [poll for poll, good in zip(chosen, kept, strict=True) if good]
    values = np.array([poll.shares.get(part, np.nan) for poll in used for part in parts])
    step = rounding_step(values) if options.rounding is None else options.rounding
    names = parts if options.two_way else (*parts, OTHER)
    design = _design(used, names, np.clip(rows[kept], _FLOOR, None), seen[kept], step)
    return Prepared(design, tuple(used), tuple(notes + _size_notes(used)))


def _size_notes(polls: Sequence[Poll]) -> list[str]:
    unsized = sum(poll.size is None for poll in polls)
    last: dict[str, int] = {}
    overlapping = 0
    for poll in polls:
        key = house_key(poll.pollster)
        overlapping += bool(key) and poll.day - last.get(key, -(10**9)) < _ROLLING_DAYS
        last[key] = poll.day
    nameless = sum(not poll.pollster for poll in polls)
    notes = []
    if unsized:
        notes.append(f"{unsized} of {len(polls)} polls give no sample size: 1,000 assumed")
    if overlapping:
        notes.append(
            f"{overlapping} polls follow their pollster's last within three days: they share respondents and count less"
        )
    if nameless:
        notes.append(f"{nameless} of {len(polls)} polls name no pollster: house effects count as noise there")
    return notes


def _complete(rows: Array, two_way: bool) -> tuple[Array, Array, Array]:
    """Add the remainder, fill a single missing part by its mean, mark what several missing parts hide.

    Returns shares in points N x K, what each poll shows N x K, and which polls to keep N.
    """
    missing = np.isnan(rows)
    several = missing.sum(axis=1) > 1
    kept = (~missing).sum(axis=1) >= 2
    counted = np.maximum((~missing).sum(axis=0), 1)
    means = np.where(missing, 0.0, rows).sum(axis=0) / counted
    filled = np.where(missing, means, rows)
    if two_way:
        return filled, np.ones_like(missing), kept & ~missing.any(axis=1) & (filled.sum(axis=1) > 0)
    shown = np.where(missing, 0.0, rows).sum(axis=1)
    rest = np.where(several, 100 - shown, 100 - filled.sum(axis=1))
    kept &= (rest > _OTHER_RANGE[0]) & ((rest < _OTHER_RANGE[1]) | several)
    # what several missing parts hide is one sum with the remainder: split evenly, only the sum is used
    hidden = missing & several[:, None]
    split = np.maximum(rest, _FLOOR) / (1 + hidden.sum(axis=1))
    filled = np.where(hidden, split[:, None], filled)
    shares = np.column_stack([filled, np.where(several, split, rest)])
    return shares, np.column_stack([~hidden, ~several]), kept


def _design(polls: Sequence[Poll], parts: Sequence[str], points: Array, seen: Array, step: float) -> Design:
    counts = Counter(house_key(poll.pollster) for poll in polls if house_key(poll.pollster))
    busiest = {key for key, _ in sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:MOST_HOUSES]}
    names: dict[str, str] = {}
    for poll in polls:
        if house_key(poll.pollster) in busiest:
            names.setdefault(house_key(poll.pollster), poll.pollster)
    index = {key: j for j, key in enumerate(sorted(names))}
    house = np.array([index.get(house_key(poll.pollster), -1) for poll in polls])
    return Design(
        parts=tuple(parts),
        houses=tuple(names[key] for key in sorted(names)),
        day=np.array([float(poll.day) for poll in polls]),
        shares=points / points.sum(axis=1, keepdims=True),
        size=_effective_sizes(polls, house),
        house=house,
        rounding=step,
        seen=None if seen.all() else seen,
    )


def _effective_sizes(polls: Sequence[Poll], house: Array) -> Array:
    """Sample sizes within bounds; a poll that follows its house's last within three days shares its people."""
    given = np.array([_DEFAULT_SIZE if poll.size is None else poll.size for poll in polls])
    sizes: Array = np.clip(given, *_SIZE_RANGE)
    last: dict[int, int] = {}
    for i, poll in enumerate(polls):
        before = last.get(int(house[i]))
        if before is not None and house[i] >= 0 and poll.day - before < _ROLLING_DAYS:
            sizes[i] *= max(poll.day - before, 1) / _ROLLING_DAYS
        last[int(house[i])] = poll.day
    return sizes


def iso(day: float) -> str:
    """Ordinal as YYYY-MM-DD."""
    return date.fromordinal(int(day)).isoformat()
