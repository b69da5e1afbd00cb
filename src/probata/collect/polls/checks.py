"""What is wrong with a poll as read: faults set it aside, notes stay with it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from probata.collect.polls.entry import Entry

MOST = 103.0
"""Rounding alone cannot make shares of one question sum to more."""


def check(entries: Sequence[Entry], options: Mapping[str, Any]) -> None:
    """Add faults and notes in place: shares, samples, dates, fractions, earlier results."""
    _fractions(entries)
    label = str(options.get("election") or "")
    vote = _vote(options)
    _poll_years(entries)
    for entry in entries:
        if vote is not None and not _dated(entry.election):
            entry.election = f"{label or entry.election} {vote.isoformat()}".strip()
        elif label and not entry.election:
            entry.election = label
        if options.get("round") in (1, 2, "1", "2") and entry.round is None:
            entry.round = int(options["round"])
        _shares(entry)
        _sample(entry)
        _dates(entry)
    _earlier_results(entries)
    _duplicates(entries)


def _poll_years(entries: Sequence[Entry]) -> None:
    """A column of years that only repeats the year of each poll names no election."""
    named = [e for e in entries if re.fullmatch(r"\d{4}", e.election) and e.day is not None]
    if len({e.election for e in named}) > 1 and all(e.day and int(e.election) == e.day.year for e in named):
        for entry in named:
            entry.election = ""


def _vote(options: Mapping[str, Any]) -> date | None:
    value = options.get("election_date")
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)) if value else None
    except ValueError:
        return None


def _dated(election: str) -> date | None:
    """The date at the end of an election's name."""
    found = re.search(r"(\d{4}-\d{2}-\d{2})$", election)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def _fractions(entries: Sequence[Entry]) -> None:
    """Shares written as fractions of 1 become points, where every poll of the file is written so."""
    sums = [sum(e.shares.values()) for e in entries if len(e.shares) >= 2]
    most = max((share for e in entries for share in e.shares.values()), default=0)
    if sums and most <= 1 and sorted(sums)[len(sums) // 2] > 0.5:
        for entry in entries:
            entry.shares = {party: 100 * share for party, share in entry.shares.items()}
            entry.notes.append("shares written as fractions of 1")


def _shares(entry: Entry) -> None:
    for party, share in entry.shares.items():
        if not 0 <= share <= 100:
            entry.faults.append(f"{party} at {share:g} %: a share lies between 0 and 100")
    total = sum(entry.shares.values())
    if not entry.shares:
        entry.faults.append("no shares")
    elif total > MOST and not entry.faults:
        entry.faults.append(f"shares sum to {total:g} %")


def _sample(entry: Entry) -> None:
    for name, shown in (("sample", "sample size"), ("expressed", "number who expressed a choice")):
        value = getattr(entry, name)
        if value is not None and not 1 <= value <= 1e8:
            entry.notes.append(f"{shown} {value:g} is not possible: read as unknown")
            setattr(entry, name, None)
    if entry.sample and entry.expressed and entry.expressed > entry.sample:
        entry.notes.append("more expressed a choice than were asked: that number is ignored")
        entry.expressed = None


def _dates(entry: Entry) -> None:
    if entry.day is None:
        if not entry.faults:
            entry.faults.append("no date")
        return
    if entry.start and entry.end and entry.start > entry.end:
        entry.notes.append("fieldwork starts after it ends: the start is ignored")
        entry.start = None
    vote = _dated(entry.election)
    if vote and entry.day > vote:
        entry.faults.append(f"dated {entry.day.isoformat()}, after the vote of {vote.isoformat()}")
    elif not 1900 <= entry.day.year <= 2100:
        entry.faults.append(f"the year {entry.day.year} is not plausible")


def _earlier_results(entries: Sequence[Entry]) -> None:
    """Rows of an earlier election at the end of a file: no pollster, figures to the hundredth, long before.

    Polls are rounded to a tenth or coarser; official results are not.
    """
    good = [entry for entry in entries if not entry.faults and not entry.is_result and not entry.pollster]
    if len(good) < 20 or sum(_fine(entry) > 0 for entry in good) > 0.05 * len(good):
        return
    for entry in good:
        if _fine(entry) >= 2:
            entry.is_result = True
            entry.faults.append(
                "figures to the hundredth without a pollster: an official result, perhaps of an earlier election"
            )


def _fine(entry: Entry) -> int:
    """How many shares do not keep to a tenth of a point."""
    return sum(abs(share * 10 - round(share * 10)) > 1e-6 for share in entry.shares.values())


def _duplicates(entries: Sequence[Entry]) -> None:
    """The same pollster, dates, question and figures a second time."""
    seen: dict[Any, Entry] = {}
    for entry in entries:
        if entry.faults or entry.is_result or not entry.pollster:
            continue
        figures = tuple(sorted(entry.shares.items()))
        key = (
            entry.pollster.casefold(),
            entry.start,
            entry.end,
            entry.published,
            entry.round,
            entry.election,
        )
        first = seen.setdefault((*key, entry.sample, figures), entry)
        if first is not entry:
            entry.faults.append(f"repeats the poll of line {first.line}")
