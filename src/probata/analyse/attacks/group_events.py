"""Events as numbers: one compact record a service, sorted by source and time, for every group test.

A *service* is the data set a line came from (and its port, where one data set holds flows to several); tests run a
service at a time and their p-values are corrected over services. The *unit* is the source address: several
addresses of one actor are several units, which is exactly what a group finding may bring to light.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]

ITEM_COLUMNS = ("url.original", "user.name", "destination.port")
TOOL_COLUMNS = ("user_agent.original", "ssh.client", "tls.client.ja3", "hassh")


@dataclass(frozen=True)
class Service:
    """The events of one service: rows sorted by source code, then time, then the order of the log.

    Attributes:
        name: data set, and port where it matters.
        time: seconds since the first event of the service (float64), within a second spread evenly.
        source: source codes 0..S-1, ascending. ``names`` turns them back into addresses.
        item: what was tried (codes into ``items``), -1 where the line says nothing.
        tool: client fingerprint (codes into ``tools``), -1 where unknown.
        row: row in the events table that was given.
        origin: the time of second 0, ``datetime64[us]``.
    """

    name: str
    time: Array
    source: Array
    item: Array
    tool: Array
    row: Array
    names: Array
    items: Array
    tools: Array
    origin: Any
    untimed: int = 0

    @property
    def bounds(self) -> Array:
        """Where each source's rows start; one more entry than there are sources."""
        return np.searchsorted(self.source, np.arange(len(self.names) + 1))

    @property
    def counts(self) -> Array:
        """Events a source."""
        return np.bincount(self.source, minlength=len(self.names))


def services(events: Table, seed: int = 0, most: int = 64) -> list[Service]:
    """Split an events table by service, largest first; rows without a source are left out.

    Args:
        events: flat ECS columns; ``@timestamp`` may hold NaT.
        seed: of the even spread inside a second, where a log tells no finer time.
        most: services beyond this number (the smallest) are left out; the caller sees how many by their events.
    """
    source = _sources(events)
    known = np.flatnonzero(np.array([s is not None for s in source], dtype=bool))
    if not len(known):
        return []
    label, labels = codes(_labels(events, known))
    order = np.argsort(-np.bincount(label, minlength=len(labels)), kind="stable")
    items, tools = _items(events), _tools(events)
    time = _times(events, len(source))
    found = []
    for code in order[:most]:
        rows = known[label == code]
        found.append(_service(str(labels[code]), rows, (source, items, tools), time, seed))
    return [service for service in found if len(service.time)]


def codes(values: Iterable[Any]) -> tuple[Array, Array]:
    """Number values in order of first appearance; ``None`` becomes -1."""
    seen: dict[Any, int] = {}
    numbered = np.fromiter(
        (-1 if value is None else seen.setdefault(value, len(seen)) for value in values), dtype=np.int64
    )
    names = np.empty(len(seen), dtype=object)
    names[:] = list(seen)
    return numbered, names


def _service(name: str, rows: Array, columns: tuple[Array, Array, Array], time: Array, seed: int) -> Service:
    timed = rows[~np.isnat(time[rows])]
    source, names = codes(columns[0][timed].tolist())
    item, items = codes(columns[1][timed].tolist())
    tool, tools = codes(columns[2][timed].tolist())
    micro = time[timed].astype(np.int64)
    start = int(micro.min()) if len(micro) else 0
    seconds = (micro - start) / 1e6
    order = np.lexsort((np.arange(len(timed)), seconds, source))
    seconds = _spread(seconds[order], micro, source[order], seed)
    return Service(
        name=name,
        time=seconds,
        source=source[order],
        item=item[order],
        tool=tool[order],
        row=timed[order],
        names=names,
        items=items,
        tools=tools,
        origin=np.datetime64(start, "us"),
        untimed=len(rows) - len(timed),
    )


def _spread(seconds: Array, micro: Array, source: Array, seed: int) -> Array:
    """Spread events evenly inside the second where the log tells whole seconds only; order inside a source stays."""
    if not len(micro) or np.any(micro % 1_000_000):
        return seconds
    jittered = seconds + np.random.default_rng([seed, 11]).random(len(seconds))
    return jittered[np.lexsort((jittered, source))]


def _sources(events: Table) -> Array:
    ip = _column(events, "source.ip")
    name = _column(events, "source.address")
    if ip is None and name is None:
        return np.empty(0, dtype=object)
    if ip is None or name is None:
        return ip if name is None else name  # type: ignore[return-value]
    missing = np.flatnonzero(np.array([value is None for value in ip], dtype=bool))
    if len(missing):
        ip = ip.copy()
        ip[missing] = name[missing]
    return ip


def _labels(events: Table, rows: Array) -> list[str]:
    """Data set of each row; with the port where a data set has no items of its own (bare flows)."""
    dataset = _column(events, "event.dataset")
    port = _column(events, "destination.port")
    bare = all(_column(events, name) is None for name in ("url.original", "user.name"))
    names = (
        ["events"] * len(rows) if dataset is None else [str(dataset[r] or "events") for r in rows.tolist()]
    )
    if port is None or not bare:
        return names
    return [
        f"{n} port {port[r]}" if port[r] is not None else n for n, r in zip(names, rows.tolist(), strict=True)
    ]


def _items(events: Table) -> Array:
    """What was tried: path, else user name (with the password where one was logged), else port."""
    count = len(_sources(events))
    found = np.full(count, None, dtype=object)
    password = _column(events, "user.secret_hash")
    if password is None:
        password = _column(events, "user.password")
    for name in ITEM_COLUMNS:
        column = _column(events, name)
        if column is None:
            continue
        for index, value in enumerate(column.tolist()):
            if found[index] is None and value is not None:
                found[index] = str(value).partition("?")[0] if name == "url.original" else value
                if name == "user.name" and password is not None and password[index] is not None:
                    found[index] = f"{value}\x1f{password[index]}"
    return found


def _tools(events: Table) -> Array:
    found = np.full(len(_sources(events)), None, dtype=object)
    for name in TOOL_COLUMNS:
        column = _column(events, name)
        if column is not None:
            empty = np.array([value is None for value in found], dtype=bool)
            found[empty] = column[empty]
    return found


def _times(events: Table, count: int) -> Array:
    raw = events.get("@timestamp")
    if raw is None:
        return np.full(count, np.datetime64("NaT"), dtype="datetime64[us]")
    return np.asarray(raw, dtype="datetime64[us]")


def _column(events: Table, name: str) -> Array | None:
    """A column as objects, ``None`` for what is absent (NaN, empty text); ``None`` where all is absent."""
    raw = events.get(name)
    if raw is None:
        return None
    column = np.asarray(raw)
    if column.dtype.kind == "f":
        whole = [None if np.isnan(v) else int(v) for v in column.tolist()]
    else:
        whole = [None if v in (None, "", "-") or v != v else v for v in column.tolist()]
    out = np.empty(len(whole), dtype=object)
    out[:] = whole
    return out if any(value is not None for value in whole) else None
