"""The events behind each tie: what the members of a group did, side by side, with the lines to look up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from probata.analyse.attacks import handover
from probata.analyse.attacks.group_tests import Found, Outcome, Prepared
from probata.analyse.attacks.timing import WIDTHS
from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]

MOST_ROWS = 400
"""Rows shown of one group; the number of those left out stands in its entry."""

COLUMNS = (
    "group",
    "test",
    "service",
    "occasion",
    "@timestamp",
    "seconds",
    "source.ip",
    "role",
    "item",
    "rank",
    "record",
)


def event_rows(ready: Prepared, test: str, group: Found, records: Array) -> list[dict[str, Any]]:
    """Rows of one group, in the order that shows its ties: by occasion and second, or by place in the list."""
    rows = {"acting_together": _moments, "hand_over": _handings, "dividing_work": _shares}[test](
        ready, group.members
    )
    service = ready.service
    out = []
    for occasion, seconds, row, role in rows:
        item = service.item[row]
        out.append(
            {
                "service": service.name,
                "test": test,
                "occasion": occasion,
                "@timestamp": service.origin + np.timedelta64(int(service.time[row] * 1e6), "us"),
                "seconds": round(float(seconds), 1),
                "source.ip": service.names[service.source[row]],
                "role": role,
                "item": None if item < 0 else str(service.items[item]).replace("\x1f", ":"),
                "rank": int(ready.lists.rank[row]),
                "record": records[service.row[row]],
            }
        )
    return out


def columns_of(rows: Sequence[dict[str, Any]], names: Sequence[str]) -> Table:
    """Rows as columns; times typed, an absent rank -1."""
    table: dict[str, Any] = {}
    for name in names:
        values = [row.get(name) for row in rows]
        if name == "@timestamp":
            table[name] = np.array(values, dtype="datetime64[us]")
        elif name in ("occasion", "rank", "sources", "events", "attempts"):
            table[name] = np.array(values, dtype=np.int64)
        elif name in ("seconds", "weight", "p", "q", "score", "share_of_attempts"):
            table[name] = np.array(values, dtype=float)
        else:
            column = np.empty(len(values), dtype=object)
            column[:] = values
            table[name] = column
    return table


def _moments(ready: Prepared, members: Array) -> list[tuple[int, float, int, str]]:
    """First and last event of every run of a member that meets another member's within the wider width."""
    runs, service = ready.runs, ready.service
    inside = np.flatnonzero(np.isin(runs.source, members))
    starts = np.searchsorted(service.source, runs.source[inside])
    found = []
    for run, base in zip(inside.tolist(), starts.tolist(), strict=True):
        stop = np.searchsorted(service.source, runs.source[run] + 1)
        times = service.time[base:stop]
        found.append((runs.onset[run], base + int(np.searchsorted(times, runs.onset[run])), "starts"))
        if runs.offset[run] > runs.onset[run]:
            found.append((runs.offset[run], base + int(np.searchsorted(times, runs.offset[run])), "stops"))
    found.sort()
    rows: list[tuple[int, float, int, str]] = []
    occasion, batch = 0, found[:1]
    for entry in [*found[1:], (np.inf, -1, "")]:
        if entry[0] - batch[-1][0] <= WIDTHS[-1]:
            batch.append(entry)
            continue
        if len({int(service.source[row]) for _, row, _ in batch}) > 1:
            occasion += 1
            rows += [(occasion, time - batch[0][0], row, role) for time, row, role in batch]
        batch = [entry]
    return rows


def _handings(ready: Prepared, members: Array) -> list[tuple[int, float, int, str]]:
    """Stop of one member and start of the next, one occasion a relay."""
    segments = ready.segments
    giver, taker, _, lag = handover.relays(segments, ready.clock, ready.rate)
    inside = np.isin(segments.source[giver], members) & np.isin(segments.source[taker], members)
    rows: list[tuple[int, float, int, str]] = []
    for number, k in enumerate(np.flatnonzero(inside).tolist(), 1):
        last, first = int(segments.end_row[giver[k]]), int(segments.begin_row[taker[k]])
        rows += [(number, 0.0, last, "stops"), (number, float(lag[k]), first, "takes over")]
    return rows


def _shares(ready: Prepared, members: Array) -> list[tuple[int, float, int, str]]:
    """The list in order, and which member took each item."""
    service, rank = ready.service, ready.lists.rank
    rows = np.flatnonzero(np.isin(service.source, members) & (rank >= 0))
    rows = rows[np.lexsort((service.time[rows], rank[rows]))]
    begin = float(service.time[rows].min()) if len(rows) else 0.0
    return [(1, service.time[row] - begin, int(row), "takes") for row in rows.tolist()]


TIE_COLUMNS = ("group", "test", "service", "a", "b", "weight", "strength")


def tie_rows(outcome: Outcome, index: int, name: str) -> list[dict[str, Any]]:
    """The ties inside one group, strongest first; ``strength`` says in what unit the weight is."""
    members, ties, names = outcome.groups[index].members, outcome.ties, outcome.service.names
    inside = np.flatnonzero(np.isin(ties.first, members) & np.isin(ties.second, members))
    unit = "log-likelihood ratio, nats" if outcome.test == "dividing_work" else "-log10 p"
    return [
        {
            "group": name,
            "test": outcome.test,
            "service": outcome.service.name,
            "a": names[ties.first[k]],
            "b": names[ties.second[k]],
            "weight": round(float(ties.weight[k]), 3),
            "strength": unit,
        }
        for k in inside.tolist()
    ]
