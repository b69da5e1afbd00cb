# ruff: noqa: S608  (names of columns and tables are the program's own, values are bound)
"""Sources, sessions, targets, user names and days: the tables that every finding rests on."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from probata.analyse.attacks.detect import Detection
from probata.analyse.attacks.geo import Database
from probata.store.base import Store

Array = np.ndarray[Any, np.dtype[Any]]

SESSION = 1800
"""Seconds without an event after which a source's next one starts a new session."""

TOP = 100
"""Rows of the lists of targets and user names."""


def network(text: str | None) -> str | None:
    """The /24 or /48 that an address lies in, None for names."""
    try:
        parsed = ipaddress.ip_address(text or "")
    except ValueError:
        return None
    return str(ipaddress.ip_network(f"{parsed}/{24 if parsed.version == 4 else 48}", strict=False))


def source_table(
    store: Store, found: Detection, databases: Sequence[Database], everything: bool
) -> dict[str, Array]:
    """One row a source: events, attempts, sessions, first and last time, network, country by database, set
    aside or not.

    ``everything``: no rule matched any line (bare flows), so that every event of a source counts as an attempt.
    """
    rows = dict(
        store.read(
            'SELECT "source.address" AS source, min("source.ip") AS ip, sum("event.count") AS '
            'events, min("@timestamp") AS first, '
            'max("@timestamp") AS last, count(DISTINCT "user.name") AS users, count(DISTINCT "url.original") AS urls '
            'FROM events WHERE "source.address" IS NOT NULL GROUP BY "source.address" ORDER BY "source.address"'
        )
    )
    attempts = _by_source(found.attempts)
    hosts = rows["source"]
    rows["attempts"] = (
        rows["events"].astype(float) if everything else np.array([attempts.get(h, 0.0) for h in hosts])
    )
    rows["sessions"] = _sessions(store, found, hosts, everything)
    rows["network"] = objects([network(ip) for ip in rows["ip"]])
    rows["set_aside"] = objects([found.aside.get(h) for h in hosts])
    for number, base in enumerate(databases):
        places = base.places(rows["ip"].tolist())
        rows[f"country_{number}"] = base.country(places)
        if any(base.asns):
            rows.setdefault("asn", base.asn(places))
            rows.setdefault("organisation", base.organisation(places))
        if any(base.marks):
            rows.setdefault("mark", base.mark(places))
    return rows


def _by_source(table: Mapping[str, Array]) -> dict[Any, float]:
    totals: dict[Any, float] = {}
    for source, count in zip(table.get("source", ()), table.get("events", ()), strict=False):
        totals[source] = totals.get(source, 0.0) + float(count)
    return totals


def _sessions(store: Store, found: Detection, hosts: Array, everything: bool) -> Array:
    where = "TRUE" if everything else f"({found.where})"
    rows = store.read(
        'SELECT source, count(*) AS sessions FROM (SELECT e."source.address" AS source, '
        "date_diff('second', lag(e.\"@timestamp\") OVER "
        '(PARTITION BY e."source.address" ORDER BY e."@timestamp"), e."@timestamp") AS gap '
        f'FROM events e {found.joins} WHERE {where} AND e."source.address" IS NOT NULL AND e."@timestamp" IS NOT NULL) '
        f"WHERE gap IS NULL OR gap > {SESSION} GROUP BY source"
    )
    counted = dict(zip(rows["source"].tolist(), rows["sessions"].tolist(), strict=True))
    return np.array([float(counted.get(host, 0)) for host in hosts])


def tops(store: Store, found: Detection) -> dict[str, dict[str, Array]]:
    """What was aimed at and which user names were tried, most often first."""
    made: dict[str, dict[str, Array]] = {}
    for name, column in (("targets", "url.original"), ("ports", "destination.port"), ("users", "user.name")):
        made[name] = dict(
            store.read(
                f'SELECT e."{column}" AS value, sum(e."event.count") AS events, count(DISTINCT '
                f'e."source.address") AS sources FROM events e '
                f'{found.joins} WHERE ({found.where}) AND e."{column}" IS NOT NULL GROUP BY value '
                f"ORDER BY events DESC, value LIMIT {TOP}"
            )
        )
    return made


def formats(store: Store) -> dict[str, int]:
    """Events by data set."""
    rows = store.read(
        'SELECT "event.dataset" AS name, count(*) AS n FROM events GROUP BY name ORDER BY n DESC, name'
    )
    return {str(name): int(n) for name, n in zip(rows["name"], rows["n"], strict=True)}


def bases(store: Store) -> dict[str, dict[str, int]]:
    """On what the years and zones of the times rest, by number of events."""
    made: dict[str, dict[str, int]] = {}
    for name in ("year", "zone"):
        rows = store.read(
            f'SELECT "event.{name}_basis" AS basis, count(*) AS n FROM events WHERE "@timestamp" '
            f"IS NOT NULL GROUP BY basis ORDER BY n DESC"
        )
        made[name] = {str(b): int(n) for b, n in zip(rows["basis"], rows["n"], strict=True) if b is not None}
    return made


def daily(
    table: Mapping[str, Array], rules: Sequence[str] | None, first: Any, last: Any
) -> tuple[Array, Array]:
    """Days from first to last and the events on each; ``rules`` narrows a table that has them."""
    days = np.arange(np.datetime64(first, "D"), np.datetime64(last, "D") + 1)
    counts = np.zeros(len(days))
    known = (
        np.asarray(table["day"]).astype("datetime64[D]")
        if len(table.get("day", ()))
        else np.zeros(0, dtype="datetime64[D]")
    )
    keep = ~np.isnat(known)
    if rules is not None and "rule" in table:
        keep &= np.isin(table["rule"].astype(str), list(rules))
    place = (known[keep] - days[0]).astype(int)
    inside = (place >= 0) & (place < len(days))
    np.add.at(counts, place[inside], np.asarray(table["events"], dtype=float)[keep][inside])
    return days, counts


def objects(values: Sequence[Any]) -> Array:
    """An object column."""
    column = np.empty(len(values), dtype=object)
    column[:] = list(values)
    return column
