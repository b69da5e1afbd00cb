"""Web access lines of any odd shape: the strict and slow way (the fast one is ``scan``).

Shape: [virtual host] address ident user [time] "request" status bytes ["referrer" "user agent" ...]. The quoted
parts may hold escaped quotes; the address is read from the left end, where the server writes it.
"""

from __future__ import annotations

import re
from typing import Any

from probata.collect.logs.clock import Settle
from probata.collect.logs.columns import Row
from probata.collect.logs.stamp import NoSuchDate, day_number, micros, month_number, offset_minutes

_QUOTED = r'(?:[^"\\]|\\.)*'

LINE = re.compile(
    r"^(?P<front>(?:\[[0-9A-Fa-f:.%]+\](?::\d{1,5})?\s)?[^\[\"]{1,2000}?)\s+\[(?P<d>\d{1,2})/(?P<b>[^/\s]{3,6})/(?P<Y>\d{4}):(?P<H>\d\d):(?P<M>\d\d):(?P<S>\d\d)"
    r"(?:[.,](?P<f>\d{1,9}))? ?(?P<z>[+-]\d{4}|[+-]\d\d:\d\d|GMT|UTC|Z)? ?\](?: (?P<vhost>[\w.:-]+))? "
    rf'"(?P<request>{_QUOTED})" (?P<status>\d{{3}}) (?P<bytes>\d+|-)(?:/\d+)?'
    rf'(?:\s+"(?P<referrer>{_QUOTED})"\s+"(?P<agent>{_QUOTED})"(?P<more>\s.*)?|(?P<rest>\s.*)?)\s*$',
    re.DOTALL,
)
_REQUEST = re.compile(r"^(?P<verb>[A-Za-z][A-Za-z_-]{0,30}) (?P<url>.*?)(?: HTTP/\d(?:\.\d)?)?$", re.DOTALL)
_IPV4 = re.compile(r"^\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?,?$")
_IPV6 = re.compile(
    r"^\[?[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,7}(?:\.\d{1,3}){0,3}(?:%\w+)?\]?(?::\d{1,5})?,?$"
)


_NAME = re.compile(r"^[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?(?:\.[A-Za-z0-9_-]+)*(?::\d{1,5})?$")


def is_address(token: str) -> bool:
    """Whether a token has the form of an IP address, perhaps with a port or a comma behind it."""
    return bool(_IPV4.match(token) or _IPV6.match(token))


def slow(line: str, settle: Settle) -> Row | None:
    """The event of an access line, or None where the line has another shape."""
    found = LINE.match(line)
    if found is None:
        return None
    front = _front(found["front"])
    if front is None:
        return None
    try:
        days = day_number(int(found["Y"]), month_number(found["b"]), int(found["d"]))
        clock = micros(days, int(found["H"]), int(found["M"]), int(found["S"]), found["f"] or "")
    except NoSuchDate:
        return None
    offset = offset_minutes(found["z"])
    moment, zone_basis = (
        (clock - offset * 60_000_000, "stated") if offset is not None else settle.naive(clock)
    )
    vhost, host, user = front
    row: Row = {
        "@timestamp": moment,
        "event.year_basis": "stated",
        "event.zone_basis": zone_basis,
        "source.address": host,
        "user.name": user,
        "url.domain": vhost or found["vhost"],
        "http.response.status_code": found["status"],
        "http.response.body.bytes": found["bytes"],
        "http.request.referrer": _shown(found["referrer"]),
        "user_agent.original": _shown(found["agent"]),
    }
    return row | requested(found["request"], int(found["status"]))


def requested(request: str, status: int) -> Row:
    """Method, address and outcome of a request as written by the client; one of no known form is kept whole."""
    row: Row = {
        "event.dataset": "http.access",
        "event.action": "http_request",
        "event.outcome": outcome(status),
    }
    found = _REQUEST.match(request)
    if found:
        row |= {"http.request.method": found["verb"], "url.original": found["url"]}
    elif request not in ("", "-"):
        row |= {"url.original": request, "event.action": "http_bad_request"}
    else:
        row["event.action"] = "http_bad_request"
    return row


def outcome(status: int) -> str:
    """Failure from 400 on, as ECS counts it."""
    return "failure" if status >= 400 else "success"


def _front(front: str) -> tuple[str | None, str, str | None] | None:
    """Virtual host, address, user of the part before the time."""
    tokens = front.split()
    vhost: str | None = None
    start = next((i for i, token in enumerate(tokens[:2]) if is_address(token)), None)
    if start is None:
        # the server resolves names: host ident user, or virtual host, host, ident, user; anything else is no
        # access line
        if len(tokens) not in (3, 4) or not all(_NAME.match(token) for token in tokens[: len(tokens) - 2]):
            return None
        start = len(tokens) - 3
    elif start == 1 and tokens[0] != "-" and len(tokens) < 4:
        start = 0  # name, ident, user: an address among them is not the server's word
    if start == 1:
        vhost = None if tokens[0] == "-" else tokens[0]
    while start + 1 < len(tokens) and tokens[start].endswith(",") and is_address(tokens[start + 1]):
        start += 1  # a list of forwarders: the last one was written by the own proxy
    after = tokens[start + 1 :]
    user = " ".join(after[1:]) if len(after) >= 2 else None
    user = None if user in ("-", "", None) or user == "- -" else user
    return vhost, tokens[start].rstrip(","), user


def _shown(text: str | None) -> str | None:
    return None if text in (None, "", "-") else text


def seconds(value: Any) -> int | None:
    """Microseconds since 1970 from a number of seconds, where it is one and plausible."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    if 1e11 < number < 1e13:
        number /= 1000
    elif 1e14 < number < 1e16:
        number /= 1e6
    return round(number * 1e6) if 0 <= number < 1e10 else None
