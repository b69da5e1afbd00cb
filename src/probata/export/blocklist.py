"""A block list of one's own: plain text, with an expiry and a warning at its head.

Reads the table ``sources`` of ATTACKS. Private, reserved and own addresses, names, and scanners that name
themselves are left out. An address that attacked last month may be a voter's telephone today: lists without an
end do harm.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from probata.export.observables import _rows
from probata.model import Table

DAYS = 14
"""Days after which a list ends unless another number is given."""

LEAST = 20
"""Attempts from which an address is listed."""


@dataclass(frozen=True, slots=True)
class BlockList:
    """The text, how many addresses it holds and the day from which it must not be used."""

    text: str
    size: int
    expires: date


def block_list(
    sources: Table, made: date, days: int = DAYS, least: float = LEAST, keep: Collection[str] = ()
) -> BlockList:
    """Addresses with at least ``least`` attempts, one a line, in order.

    Args:
        sources: columns ``ip``, ``attempts``, ``set_aside``.
        made: the day the list counts from (the last day of the log, for instance).
        days: how long it holds, 1 to 90.
        least: attempts from which an address is listed.
        keep: addresses or networks that are never listed (one's own, one's partners').

    Raises:
        ValueError: ``days`` outside 1 to 90, or ``keep`` holds something that is no network.
    """
    if not 1 <= days <= 90:
        raise ValueError(f"a block list holds 1 to 90 days, not {days}")
    own = [_network(text) for text in keep]
    listed = sorted(
        {
            parsed
            for row in _rows(sources)
            if row["ip"] is not None and not row.get("set_aside") and float(row["attempts"]) >= least
            for parsed in [ipaddress.ip_address(str(row["ip"]))]
            if parsed.is_global
            and not any(parsed in network for network in own if network.version == parsed.version)
        },
        key=lambda parsed: (parsed.version, int(parsed)),
    )
    expires = made + timedelta(days=days)
    head = (
        f"# Block list made from one's own logs up to {made}; {len(listed)} addresses with at "
        f"least {least:g} attempts.",
        f"# EXPIRES {expires}: do not load it from that day on.",
        "# WARNING: addresses change hands and are shared (mobile networks, schools, relays). Blocking them also shuts",
        "# out people who did nothing. Read the list before you load it. It names no author of any attack.",
    )
    text = "\n".join([*head, *(str(parsed) for parsed in listed)]) + "\n"
    return BlockList(text, len(listed), expires)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        raise ValueError(f"block list: {text!r} is neither an address nor a network") from None
