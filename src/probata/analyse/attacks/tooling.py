"""Shared tooling: who shares a client fingerprint or a word list. A description: tools and lists are public."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.attacks.group_events import Service
from probata.analyse.attacks.group_lists import Lists

Array = np.ndarray[Any, np.dtype[Any]]

FEWEST = 3
"""A tool counts as shared from this many sources on."""


@dataclass(frozen=True)
class Tooling:
    """Sources of one service that share something, and a row for each thing shared."""

    known: Array
    sharing: Array
    rows: tuple[dict[str, Any], ...]


def shared_tools(service: Service, lists: Lists) -> Tooling:
    """Fingerprints and learned lists used by at least three sources of a service."""
    sources = len(service.names)
    sharing = np.zeros(sources, dtype=bool)
    rows: list[dict[str, Any]] = []
    seen = np.flatnonzero(service.tool >= 0)
    pairs = np.unique(service.source[seen] * np.int64(1 << 31) + service.tool[seen])
    users, tools = pairs >> 31, pairs & ((1 << 31) - 1)
    for tool in np.flatnonzero(np.bincount(tools) >= FEWEST).tolist() if len(tools) else []:
        members = users[tools == tool]
        sharing[members] = True
        rows.append(_row(service, "client", str(service.tools[tool]), members))
    for number, order in enumerate(lists.order):
        members = np.flatnonzero(lists.of_source == number)
        if len(members) >= FEWEST:
            sharing[members] = True
            shown = ", ".join(str(service.items[item]).replace("\x1f", ":") for item in order[:3].tolist())
            rows.append(_row(service, "list", f"{shown} ... ({len(order)} items)", members))
    known = np.zeros(sources, dtype=bool)
    known[users] = True
    known[service.source[service.item >= 0]] = True
    return Tooling(np.flatnonzero(known), np.flatnonzero(sharing & known), tuple(rows))


def _row(service: Service, kind: str, tool: str, members: Array) -> dict[str, Any]:
    events = int(service.counts[members].sum())
    return {"service": service.name, "kind": kind, "tool": tool, "sources": len(members), "events": events}
