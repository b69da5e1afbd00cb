"""What an event is made of: flat ECS columns, and how rows become a batch.

ECS names (Elastic Common Schema); three columns are ours: ``event.count`` (a line that stands for several, as in
"message repeated 3 times"), ``event.year_basis`` and ``event.zone_basis`` (on what year and zone of the time rest).
"""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from typing import Any

import numpy as np

from probata.collect import Incoming
from probata.model import Batch, Reject

Array = np.ndarray[Any, np.dtype[Any]]

TEXT = (
    "event.dataset", "event.action", "event.outcome", "source.ip", "source.address", "destination.ip",
    "network.transport", "user.name", "user.secret_hash", "host.name", "process.name", "service.type", "url.original",
    "url.domain", "http.request.method", "user_agent.original", "http.request.referrer", "rule.id", "rule.name",
    "session.id", "ssh.hassh", "tls.client.ja3", "message", "event.year_basis", "event.zone_basis",
)  # fmt: skip
"""Text columns of an event, absent values null."""

NUMBERS = (
    "source.port",
    "destination.port",
    "process.pid",
    "http.response.status_code",
    "http.response.body.bytes",
)
"""Number columns, absent values null."""

ORDER = (
    "@timestamp", "file", "line", *TEXT, *NUMBERS, "event.count", "evidence", "offset",
)  # fmt: skip
"""Every batch has these columns, in this order."""

MESSAGE_LENGTH = 300
"""Code points of the message that an event keeps; the whole line is found by file and line."""

Row = dict[str, Any]


class Unreadable(ValueError):
    """A line that is no event; the message is the reason it is counted under."""


_BYTE = r"(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)"
_PLAIN = re.compile(rf"{_BYTE}\.{_BYTE}\.{_BYTE}\.{_BYTE}", re.ASCII)


def address(text: str) -> tuple[str | None, str | None, int | None]:
    """Raw host, the same where it is an IP address, and a port written after it.

    ``[::1]:443`` and ``1.2.3.4:443`` lose their port; an IPv4 address mapped into IPv6 is shown as IPv4.
    ``-`` and the empty text are no host.
    """
    if _PLAIN.fullmatch(text):
        return text, text, None
    return _address(text)


@lru_cache(maxsize=100_000)
def _address(text: str) -> tuple[str | None, str | None, int | None]:
    host, port = _without_port(text.strip())
    if not host or host == "-" or host.lower() == "unknown":
        return None, None, None
    try:
        parsed = ipaddress.ip_address(host.split("%", 1)[0])
    except ValueError:
        return host, None, port
    mapped = getattr(parsed, "ipv4_mapped", None)
    if mapped is not None:
        return str(mapped), str(mapped), port
    return host, str(parsed), port


def _without_port(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        inside, _, after = text[1:].partition("]")
        return inside, int(after[1:]) if after[1:].isdigit() and len(after) < 8 else None
    head, colon, tail = text.rpartition(":")
    if colon and tail.isdigit() and len(tail) < 6 and ":" not in head:
        return head, int(tail)
    return text, None


class Rows:
    """Rows gathered as dictionaries until they are enough for a batch."""

    def __init__(self, incoming: Incoming) -> None:
        self._incoming = incoming
        self._rows: list[Row] = []
        self._rejects: list[Reject] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, row: Row, line: int, offset: int) -> None:
        """Take one event; ``source.address`` is cleaned, ``source.ip`` and ``source.port`` follow from it."""
        row["line"], row["offset"] = line, offset
        given = row.get("source.address")
        if given is not None:
            host, ip, port = address(given)
            row["source.address"], row["source.ip"] = host, ip
            if port is not None and row.get("source.port") is None:
                row["source.port"] = port
        self._rows.append(row)

    def reject(self, line: int | None, reason: str) -> None:
        """Set a line aside."""
        self._rejects.append(Reject(self._incoming.shown, line, reason))

    def take(self, rejects: tuple[Reject, ...] = ()) -> Batch:
        """Everything gathered so far as one batch of kind ``events``."""
        rows, self._rows = self._rows, []
        set_aside, self._rejects = (*self._rejects, *rejects), []
        columns: dict[str, Any] = {"@timestamp": _times(rows)}
        present = set().union(*rows)
        for name in present.intersection(TEXT):
            columns[name] = _texts(rows, name)
        for name in present.intersection(NUMBERS):
            columns[name] = np.array([_number(row.get(name)) for row in rows], dtype=float)
        columns["event.count"] = np.array([row.get("event.count", 1) for row in rows], dtype=np.int64)
        columns["line"] = np.array([row["line"] for row in rows], dtype=np.int64)
        columns["offset"] = np.array([row["offset"] for row in rows], dtype=np.int64)
        return Batch("events", finish(columns, self._incoming), set_aside)


def finish(columns: dict[str, Any], incoming: Incoming) -> dict[str, Any]:
    """Add where the rows come from; every batch has every column."""
    size = len(columns["line"])
    for name, value in (("evidence", incoming.evidence), ("file", incoming.shown)):
        columns[name] = constant(value, size)
    for name in TEXT:
        if name not in columns:
            columns[name] = constant(None, size)
    for name in NUMBERS:
        if name not in columns:
            columns[name] = np.full(size, np.nan)
    columns.setdefault("event.count", np.ones(size, dtype=np.int64))
    return {name: columns[name] for name in ORDER}


def constant(value: Any, size: int) -> Array:
    """An object column that holds one value."""
    column = np.empty(size, dtype=object)
    column[:] = value
    return column


def _times(rows: list[Row]) -> Array:
    missing = np.iinfo(np.int64).min
    values = [row.get("@timestamp") for row in rows]
    return np.array([missing if v is None else v for v in values], dtype=np.int64).view("datetime64[us]")


def _texts(rows: list[Row], name: str) -> Array:
    column = np.empty(len(rows), dtype=object)
    column[:] = [row.get(name) for row in rows]
    return column


def _number(value: Any) -> float:
    """A JSON number or digits; anything else is absent. Hostile sizes must not overflow."""
    if isinstance(value, bool) or value is None:
        return np.nan
    if isinstance(value, (int, float)):
        return float(value) if abs(value) < 2**53 else np.nan
    text = str(value)
    return float(text) if text.isascii() and text.isdigit() and len(text) < 16 else np.nan
