"""The fast way through access logs: one pass over the bytes of a block, strings as codes.

``_scan`` takes the lines of exactly the usual shape (common, combined, with or without virtual host) and
leaves every other line, and every line that holds a backslash, to the slow way. ``_encode`` gives equal byte
strings equal codes, so that each distinct address, path and user agent is decoded once.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

from probata.collect import Incoming
from probata.collect._bytes import Block
from probata.collect.logs.clock import Settle
from probata.collect.logs.columns import address, constant, finish
from probata.model import Batch

Array = np.ndarray[Any, np.dtype[Any]]

FIELDS = ("host", "user", "method", "url", "referrer", "agent", "vhost")
_HOST, _USER, _METHOD, _URL, _REFERRER, _AGENT, _VHOST = range(7)
_WIDTH = len(FIELDS)


def worth(data: bytes) -> bool:
    """Whether a block may hold access lines: a bracket and a quoted part near its start."""
    head = data[:65536]
    return b'] "' in head and b'" ' in head


@njit(cache=True, nogil=True)
def _month(a: int, b: int, c: int) -> int:
    """1 to 12 from the three letters of an English month, 0 for others."""
    key = (a << 16) | (b << 8) | c
    months = (
        4874606, 4613474, 5071218, 4288626, 5071225, 4879726, 4879724, 4289895, 5465456, 5202804, 5140342, 4482403,
    )  # fmt: skip
    for at in range(12):
        if months[at] == key:
            return at + 1
    return 0


@njit(cache=True, nogil=True)
def _digits(data: Array, start: int, size: int) -> int:
    """The number written in ``size`` digits, or -1."""
    value = 0
    for at in range(start, start + size):
        digit = data[at] - 48
        if digit < 0 or digit > 9:
            return -1
        value = value * 10 + digit
    return value


@njit(cache=True, nogil=True)
def _days(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01 in the Gregorian calendar (Hinnant's days_from_civil); -1e9 for no such day."""
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    longest = lengths[month - 1] + (1 if leap and month == 2 else 0)
    if day < 1 or day > longest or year < 1970:
        return -1_000_000_000
    y = year - (1 if month <= 2 else 0)
    era = y // 400
    yoe = y - era * 400
    doy = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    doe = yoe * 365 + yoe // 4 - yoe // 100 + doy
    return era * 146097 + doe - 719468


@njit(cache=True, nogil=True)
def _time(data: Array, at: int, end: int) -> tuple[int, int]:
    """(microseconds UTC, end) of ``dd/Mon/yyyy:HH:MM:SS +zzzz]`` from ``at``; end -1 where the form is another."""
    if (
        at + 27 > end
        or data[at + 2] != 47
        or data[at + 6] != 47
        or data[at + 11] != 58
        or data[at + 14] != 58
    ):
        return 0, -1
    if data[at + 17] != 58 or data[at + 20] != 32 or data[at + 26] != 93:
        return 0, -1
    day, year = _digits(data, at, 2), _digits(data, at + 7, 4)
    month = _month(data[at + 3], data[at + 4], data[at + 5])
    hour, minute, second = _digits(data, at + 12, 2), _digits(data, at + 15, 2), _digits(data, at + 18, 2)
    zone_h, zone_m = _digits(data, at + 22, 2), _digits(data, at + 24, 2)
    sign = data[at + 21]
    if min(day, year, hour, minute, second, zone_h, zone_m) < 0 or month == 0 or (sign != 43 and sign != 45):
        return 0, -1
    days = _days(year, month, day)
    if days < -1_000_000 or hour > 23 or minute > 59 or second > 60:
        return 0, -1
    offset = (zone_h * 60 + zone_m) * (1 if sign == 43 else -1)
    return (((days * 24 + hour) * 60 + minute - offset) * 60 + second) * 1_000_000, at + 27


@njit(cache=True, nogil=True)
def _looks_like_address(data: Array, start: int, end: int) -> bool:
    """Digits and dots, or hexadecimal digits with two colons or more."""
    dots = colons = others = hexes = 0
    for at in range(start, end):
        c = data[at]
        if c == 46:
            dots += 1
        elif c == 58:
            colons += 1
        elif c < 48 or c > 57:
            if 97 <= c <= 102 or 65 <= c <= 70:
                hexes += 1
            else:
                others += 1
    if others:
        return False
    return (dots == 3 and hexes == 0 and colons == 0) or colons >= 2


@njit(cache=True, nogil=True)
def _front(data: Array, start: int, end: int, spans: Array) -> bool:
    """``host ident user`` or ``vhost host ident user`` between ``start`` and the blank before the bracket."""
    marks = np.empty(5, dtype=np.int64)
    count = 0
    for at in range(start, end):
        if data[at] == 32:
            if count == 4:
                return False
            marks[count] = at
            count += 1
    if count == 2:
        spans[_HOST, 0], spans[_HOST, 1] = start, marks[0]
        spans[_USER, 0], spans[_USER, 1] = marks[1] + 1, end
        spans[_VHOST, 0], spans[_VHOST, 1] = start, start
        return bool(marks[0] > start and marks[1] + 1 < end and data[marks[0] - 1] != 44)
    if count == 3:
        if _looks_like_address(data, start, marks[0]) or not _looks_like_address(
            data, marks[0] + 1, marks[1]
        ):
            return False
        spans[_VHOST, 0], spans[_VHOST, 1] = start, marks[0]
        spans[_HOST, 0], spans[_HOST, 1] = marks[0] + 1, marks[1]
        spans[_USER, 0], spans[_USER, 1] = marks[2] + 1, end
        return bool(marks[2] + 1 < end)
    return False


@njit(cache=True, nogil=True)
def _request(data: Array, start: int, end: int, spans: Array) -> bool:
    """``METHOD address HTTP/x`` between the quotes."""
    first = start
    while first < end and data[first] != 32:
        c = data[first]
        if c < 65 or c > 90:
            return False
        first += 1
    last = end - 1
    while last > first and data[last] != 32:
        last -= 1
    if first == start or first - start > 20 or last <= first + 1 or end - last < 7:
        return False
    if (
        data[last + 1] != 72
        or data[last + 2] != 84
        or data[last + 3] != 84
        or data[last + 4] != 80
        or data[last + 5] != 47
    ):
        return False
    spans[_METHOD, 0], spans[_METHOD, 1] = start, first
    spans[_URL, 0], spans[_URL, 1] = first + 1, last
    return True


@njit(cache=True, nogil=True)
def _answer(data: Array, at: int, end: int) -> tuple[int, int, int]:
    """(status, bytes or -1, end) of `` 200 1234`` from ``at``; end -1 where the form is another."""
    if at + 5 >= end or data[at] != 32 or data[at + 4] != 32:
        return 0, 0, -1
    status = _digits(data, at + 1, 3)
    if status < 0:
        return 0, 0, -1
    at += 5
    if data[at] == 45:
        return status, -1, at + 1
    start, size = at, 0
    while at < end and 48 <= data[at] <= 57:
        size = size * 10 + data[at] - 48
        at += 1
    if at == start or at - start > 15:
        return 0, 0, -1
    return status, size, at


@njit(cache=True, nogil=True)
def _find(data: Array, at: int, end: int, byte: int) -> int:
    while at < end and data[at] != byte:
        at += 1
    return at


@njit(cache=True, nogil=True)
def _tail(data: Array, at: int, end: int, spans: Array) -> bool:
    """Nothing, or `` "referrer" "agent"`` and then anything behind a blank."""
    spans[_REFERRER, 0] = spans[_REFERRER, 1] = spans[_AGENT, 0] = spans[_AGENT, 1] = at
    if at == end:
        return True
    if at + 6 > end or data[at] != 32 or data[at + 1] != 34:
        return False
    close = _find(data, at + 2, end, 34)
    if close + 3 > end or data[close + 1] != 32 or data[close + 2] != 34:
        return False
    last = _find(data, close + 3, end, 34)
    if last >= end or (last + 1 < end and data[last + 1] != 32):
        return False
    spans[_REFERRER, 0], spans[_REFERRER, 1] = at + 2, close
    spans[_AGENT, 0], spans[_AGENT, 1] = close + 3, last
    return True


@njit(cache=True, nogil=True)
def _scan(data: Array, spans: Array, numbers: Array, lines: Array, left: Array) -> tuple[int, int]:
    """Fill spans (row, field, start/end), numbers (time, status, bytes), lines (start, number) of the lines
    taken, and left (start, end, number) of the others; return how many of each."""
    size, at, taken, other, line = len(data), 0, 0, 0, 0
    while at < size:
        end = at
        plain = True
        while end < size and data[end] != 10:
            if data[end] == 92:
                plain = False
            end += 1
        stop = end - 1 if end > at and data[end - 1] == 13 else end
        good = False
        if plain and stop - at > 40:
            bracket = _find(data, at, min(stop, at + 400), 91)
            if (
                bracket < stop
                and bracket > at + 1
                and data[bracket - 1] == 32
                and _front(data, at, bracket - 1, spans[taken])
            ):
                moment, after = _time(data, bracket + 1, stop)
                if after > 0 and after + 2 < stop and data[after] == 32 and data[after + 1] == 34:
                    quote = _find(data, after + 2, stop, 34)
                    if quote < stop and _request(data, after + 2, quote, spans[taken]):
                        status, length, rest = _answer(data, quote + 1, stop)
                        if rest > 0 and _tail(data, rest, stop, spans[taken]):
                            good = True
                            numbers[taken, 0], numbers[taken, 1], numbers[taken, 2] = moment, status, length
                            lines[taken, 0], lines[taken, 1] = at, line
                            taken += 1
        if not good:
            left[other, 0], left[other, 1], left[other, 2] = at, end, line
            other += 1
        line += 1
        at = end + 1
    return taken, other


@njit(cache=True, nogil=True)
def _encode(data: Array, spans: Array, field: int, table: Array, codes: Array, firsts: Array) -> int:
    """Equal strings, equal codes, numbered as they first appear; ``firsts`` is the row of each code's first
    appearance."""
    mask = len(table) - 1
    distinct = 0
    for row in range(len(codes)):
        start, end = spans[row, field, 0], spans[row, field, 1]
        value = np.uint64(14695981039346656037)
        for at in range(start, end):
            value = (value ^ np.uint64(data[at])) * np.uint64(1099511628211)
        value ^= value >> np.uint64(29)
        slot = np.int64(value & np.uint64(mask))
        while True:
            code = table[slot]
            if code < 0:
                table[slot] = distinct
                codes[row] = distinct
                firsts[distinct] = row
                distinct += 1
                break
            other = spans[firsts[code], field, 0]
            if spans[firsts[code], field, 1] - other == end - start:
                same = True
                for at in range(end - start):
                    if data[other + at] != data[start + at]:
                        same = False
                        break
                if same:
                    codes[row] = code
                    break
            slot = (slot + 1) & mask
    return distinct


class Scanned:
    """What the scan took from one block, and which lines it left."""

    def __init__(self, data: bytes, spans: Array, numbers: Array, lines: Array, others: Array) -> None:
        self._data, self._spans, self._numbers, self._lines, self._others = (
            data,
            spans,
            numbers,
            lines,
            others,
        )
        self.taken = len(numbers)

    def left(self) -> list[list[int]]:
        """(start, end, line from 0) of each line left to the slow way."""
        return list(self._others.tolist())

    def batch(self, incoming: Incoming, block: Block, settle: Settle) -> Batch:
        """The lines taken as one batch, in order."""
        size = self.taken
        columns: dict[str, Any] = {"@timestamp": self._numbers[:, 0].copy().view("datetime64[us]")}
        codes, hosts = self._coded(_HOST)
        known = [address(host) for host in hosts]
        columns["source.address"] = _objects([k[0] for k in known])[codes]
        columns["source.ip"] = _objects([k[1] for k in known])[codes]
        ports = np.array([np.nan if k[2] is None else k[2] for k in known])
        columns["source.port"] = ports[codes]
        for field, name in (
            (_USER, "user.name"), (_METHOD, "http.request.method"), (_URL, "url.original"),
            (_REFERRER, "http.request.referrer"), (_AGENT, "user_agent.original"), (_VHOST, "url.domain"),
        ):  # fmt: skip
            codes, texts = self._coded(field)
            columns[name] = _objects([None if t in ("", "-") else t for t in texts])[codes]
        status, length = self._numbers[:, 1], self._numbers[:, 2]
        columns["http.response.status_code"] = status.astype(float)
        columns["http.response.body.bytes"] = np.where(length < 0, np.nan, length)
        columns["event.outcome"] = _objects(["success", "failure"])[(status >= 400).astype(np.int64)]
        columns["event.dataset"] = constant("http.access", size)
        columns["event.action"] = constant("http_request", size)
        columns["event.year_basis"] = columns["event.zone_basis"] = constant("stated", size)
        columns["line"] = self._lines[:, 1] + block.line
        columns["offset"] = self._lines[:, 0] + block.offset
        return Batch("events", finish(columns, incoming))

    def _coded(self, field: int) -> tuple[Array, list[str]]:
        """Codes of a field and the text of each."""
        size = self.taken
        slots = 1 << max(4, int(size * 1.6).bit_length())
        codes, firsts = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
        raw = np.frombuffer(self._data, dtype=np.uint8)
        distinct = _encode(raw, self._spans, field, np.full(slots, -1, dtype=np.int32), codes, firsts)
        edges = self._spans[firsts[:distinct], field].tolist()
        return codes, [self._data[a:b].decode("utf-8", "replace") for a, b in edges]


def block(data: bytes) -> Scanned:
    """Scan a block of whole lines."""
    most = data.count(b"\n") + 1
    raw = np.frombuffer(data, dtype=np.uint8)
    spans = np.empty((most + 1, _WIDTH, 2), dtype=np.int32)
    numbers = np.empty((most + 1, 3), dtype=np.int64)
    lines, left = np.empty((most + 1, 2), dtype=np.int64), np.empty((most + 1, 3), dtype=np.int64)
    taken, other = _scan(raw, spans, numbers, lines, left)
    return Scanned(data, spans[:taken], numbers[:taken], lines[:taken], left[:other])


def _objects(values: list[Any]) -> Array:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column
