"""Which polls belong together: one election, one round, one vocabulary of parties; and which of them to analyse."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from probata.analyse.opinion.prepare import Poll, iso
from probata.store.base import Store


@dataclass(frozen=True)
class Series:
    """Polls of one election and round that name the same parties."""

    election: str
    round: int | None
    polls: tuple[Poll, ...]
    """In file order."""
    result: Mapping[str, float] = field(default_factory=dict)
    vote: int | None = None
    """Ordinal of election day where the data tell it."""

    @property
    def parties(self) -> set[str]:
        """Every party that any of its polls shows."""
        return {party for poll in self.polls for party in poll.shares}

    @property
    def label(self) -> str:
        """Election and round in words."""
        name = self.election or "polls without a named election"
        return f"{name}, round {self.round}" if self.round else name


def load(store: Store) -> list[Poll]:
    """Every poll of the store, one object a poll and hypothesis."""
    if "polls" not in store.tables():
        return []
    table = store.read("SELECT * FROM polls")
    rows: dict[str, Poll] = {}
    shares: dict[str, dict[str, float]] = {}
    names = list(table)
    columns = [_plain(table[name]) for name in names]
    for values in zip(*columns, strict=True):
        row = dict(zip(names, values, strict=True))
        identity = str(row["id"])
        if identity not in rows:
            poll = _poll(identity, row, shares.setdefault(identity, {}))
            if poll is None:
                continue
            rows[identity] = poll
        if row["party"] and row["share"] is not None:
            shares[identity][str(row["party"])] = float(row["share"])
    return [_rebased(poll) for poll in rows.values() if poll.shares]


def _plain(column: Any) -> list[Any]:
    """Python values with None for what is absent."""
    if column.dtype.kind == "M":
        return [None if np.isnat(v) else v.astype("datetime64[D]").item() for v in column]
    if column.dtype.kind == "f":
        return [None if v != v else v for v in column.tolist()]
    values: list[Any] = column.tolist()
    return values


def _poll(identity: str, row: Mapping[str, Any], shares: dict[str, float]) -> Poll | None:
    day = row.get("end_date") or row.get("published_date") or row.get("start_date")
    if day is None:
        return None
    start = row.get("start_date")
    return Poll(
        id=identity,
        poll_id=str(row.get("poll_id") or identity),
        pollster=str(row.get("pollster") or ""),
        day=_ordinal(day),
        size=row.get("n_expressed") or row.get("sample_size"),
        round=int(row["round"]) if row.get("round") else None,
        hypothesis=str(row.get("hypothesis") or ""),
        election=str(row.get("election") or ""),
        is_result=bool(row.get("is_result")),
        shares=shares,
        place=f"{row.get('path') or ''}:{int(row['line']) if row.get('line') else ''}",
        rolling=bool(row.get("rolling")),
        note=str(row.get("note") or ""),
        start=None if start is None else _ordinal(start),
        undecided=row.get("undecided"),
    )


def _ordinal(day: Any) -> int:
    return day.toordinal() if isinstance(day, date) else date.fromisoformat(str(day)[:10]).toordinal()


def _rebased(poll: Poll) -> Poll:
    """Shares of all who were asked become shares of those who chose, where they and the undecided make 100."""
    total, undecided = sum(poll.shares.values()), poll.undecided or 0.0
    if not poll.is_result and 5 <= undecided < 60 and 97 <= total + undecided <= 103:
        for party in poll.shares:
            poll.shares[party] *= 100 / total
    return poll


def group(polls: Sequence[Poll]) -> list[Series]:
    """Series by election and round; files that share few parties (blocs, candidates) stay apart."""
    apart: dict[tuple[str, int | None, str], list[Poll]] = {}
    for poll in polls:
        apart.setdefault((poll.election, poll.round, poll.place.rpartition(":")[0]), []).append(poll)
    results: dict[str, list[Poll]] = {}
    for poll in polls:
        if poll.is_result:
            results.setdefault(poll.election, []).append(poll)
    found: dict[tuple[str, int | None], list[list[Poll]]] = {}
    for (election, round_, _), members in apart.items():
        if all(poll.is_result for poll in members):
            continue
        peers = found.setdefault((election, round_), [])
        alike = next((peer for peer in peers if _alike(peer, members)), None)
        if alike is not None:
            alike.extend(members)
        else:
            peers.append(list(members))
    return [_series(m, results.get(key[0], [])) for key, peers in found.items() for m in peers]


def _alike(first: Sequence[Poll], second: Sequence[Poll]) -> bool:
    """More than half of the smaller vocabulary is in the larger."""
    a, b = ({party for poll in polls for party in poll.shares} for polls in (first, second))
    return len(a & b) > 0.5 * min(len(a), len(b))


def _series(members: Sequence[Poll], results: Sequence[Poll]) -> Series:
    election, round_ = members[0].election, members[0].round
    parties = {party for poll in members for party in poll.shares}
    fitting = [poll for poll in results if set(poll.shares) & parties]
    result = max(fitting, key=lambda poll: len(set(poll.shares) & parties), default=None)
    vote = dated(election)
    if vote is None and result is not None and result.day >= max(poll.day for poll in members):
        vote = result.day
    polls = tuple(poll for poll in members if not poll.is_result)
    return Series(election, round_, polls, result.shares if result else {}, vote)


def dated(election: str) -> int | None:
    """Ordinal of the date at the end of an election's name."""
    found = re.search(r"(\d{4}-\d{2}-\d{2})$", election)
    try:
        return date.fromisoformat(found[1]).toordinal() if found else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the asker says about the election, as far as they do."""

    vote: int | None = None
    round: int | None = None
    election: str = ""
    parties: tuple[str, ...] = ()
    period: tuple[int, int] | None = None


class NoElection(ValueError):
    """The data and the asker leave open which election is meant; the message says what to give."""


def choose(series: Sequence[Series], wanted: Wanted) -> tuple[Series, int | None, list[str]]:
    """The series to analyse, its election day where known, and in words what was chosen among what.

    Raises:
        NoElection: no series fits.
    """
    fitting = [
        s for s in series if not wanted.election or wanted.election.casefold() in s.election.casefold()
    ]
    if not fitting:
        known = "; ".join(sorted({s.election for s in series if s.election})[:8])
        raise NoElection(f"no polls of an election named {wanted.election!r}; there are: {known}")
    if wanted.round is not None:
        fitting = [s for s in fitting if s.round == wanted.round] or [s for s in fitting if s.round is None]
        if not fitting:
            raise NoElection(f"no polls of round {wanted.round}")
    if wanted.vote is not None:
        fitting = [s for s in fitting if s.vote in (None, wanted.vote)] or fitting
    scored = sorted(fitting, key=lambda s: _score(s, wanted), reverse=True)
    best = scored[0]
    vote = wanted.vote if wanted.vote is not None else best.vote
    if not _near(best, vote):
        ends = f"{iso(min(p.day for p in best.polls))} to {iso(max(p.day for p in best.polls))}"
        raise NoElection(f"no polls in the 240 days before {iso(vote or 0)}; the polls run from {ends}")
    others = sorted({s.label for s in scored[1:] if s.label != best.label})
    notes = []
    if others:
        shown = "; ".join(others[:4]) + (f" and {len(others) - 4} more" if len(others) > 4 else "")
        notes.append(f"analysed: {best.label} ({len(best.polls)} polls); also in the data: {shown}")
    return best, vote, notes


def _score(series: Series, wanted: Wanted) -> tuple[float, ...]:
    """Prefer the asked parties, the asked day, the round that the day belongs to, then the most polls."""
    named = sum(party in series.parties for party in wanted.parties)
    vote = wanted.vote if wanted.vote is not None else series.vote
    exact = float(wanted.vote is not None and series.vote == wanted.vote)
    inside = 1.0
    if wanted.vote is None and wanted.period is not None and vote is not None:
        inside = float(wanted.period[0] <= vote <= wanted.period[1])
    return (
        named,
        exact,
        inside,
        _round_fit(series, vote, wanted.round),
        float(len(_near(series, vote))),
        vote or 0,
    )


def _round_fit(series: Series, vote: int | None, asked: int | None) -> float:
    """A first round is meant unless its polls stop more than ten days before the vote and the second's do not."""
    if asked is not None or series.round is None or vote is None:
        return 0.0 if series.round == 2 and asked is None else 1.0
    near = any(0 <= vote - poll.day <= 10 for poll in series.polls)
    return 2.0 * near - (0.5 if series.round == 2 else 0.0)


def _near(series: Series, vote: int | None) -> list[Poll]:
    return [poll for poll in series.polls if vote is None or vote - 240 <= poll.day < vote]
