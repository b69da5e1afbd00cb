"""The time at the head of a log line, in the forms that servers write.

A form is told by a regular expression that is tried at the very start of the line, so that a date inside a
user-controlled field is never taken for the line's own. The result keeps apart what the line states and what
it does not: a syslog head has neither year nor zone.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import NamedTuple

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan janv ene gen",
            "feb fev fév févr febr",
            "mar mars mär mrz marz",
            "apr avr avril abr",
            "may mai mag",
            "jun juin giu",
            "jul juil juill lug",
            "aug aou aoû août ago",
            "sep sept set",
            "oct okt ott",
            "nov",
            "dec déc dez dic",
        ),
        1,
    )
    for name in names.split()
}

_ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 60, "WEST": 60, "CET": 60, "CEST": 120, "MET": 60, "MEST": 120,
    "EET": 120, "EEST": 180, "MSK": 180, "EST": -300, "EDT": -240, "CDT": -300, "MST": -420,
    "MDT": -360, "PST": -480, "PDT": -420, "JST": 540,
}  # fmt: skip
"""Zone names that mean one offset; ambiguous ones (CST, IST) are left out and count as not stated."""


class Stamp(NamedTuple):
    """A time as written: local wall clock in microseconds since 1970, offset in minutes or None, and the year.

    Where ``year`` is None the clock is counted from the start of year 2000 and ``clock.Settle`` puts the year.
    """

    micros: int
    offset: int | None
    year: int | None


class NoSuchDate(ValueError):
    """The head of a line has the form of a time that does not exist (31 February)."""


_days: dict[tuple[int, int, int], int] = {}


def day_number(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01.

    Raises:
        NoSuchDate: there is no such day.
    """
    key = (year, month, day)
    found = _days.get(key)
    if found is None:
        try:
            found = date(year, month, day).toordinal() - 719163
        except ValueError:
            raise NoSuchDate("the date in front does not exist") from None
        if len(_days) < 50_000:
            _days[key] = found
    return found


def micros(days: int, hour: int, minute: int, second: int, fraction: str = "") -> int:
    """Microseconds since 1970 of a wall clock time.

    Raises:
        NoSuchDate: the time of day does not exist (a leap second 60 does).
    """
    if hour > 23 or minute > 59 or second > 60:
        raise NoSuchDate("the time in front does not exist")
    whole = ((days * 24 + hour) * 60 + minute) * 60 + second
    return whole * 1_000_000 + (int((fraction + "000000")[:6]) if fraction else 0)


def month_number(name: str) -> int:
    """1 to 12 from a month's short name in five languages.

    Raises:
        NoSuchDate: no month is called that.
    """
    found = _MONTHS.get(name.lower().rstrip("."))
    if found is None:
        raise NoSuchDate("the month in front is not known")
    return found


def offset_minutes(zone: str | None) -> int | None:
    """Minutes east of UTC of ``+0200``, ``+02:00``, ``Z`` or a name that means one offset; else None."""
    if not zone:
        return None
    if zone[0] in "+-":
        digits = zone[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:4] or 0)
        return -minutes if zone[0] == "-" else minutes
    return _ZONES.get(zone.upper())


_ZONE = r"(?P<z>[+-]\d\d:?\d\d|Z\b|UTC\b|GMT\b)"
_HMS = r"(?P<H>\d{1,2}):(?P<M>\d\d):(?P<S>\d\d)(?:[.,](?P<f>\d{1,9}))?"

Build = Callable[[re.Match[str]], Stamp]


def _build(found: re.Match[str]) -> Stamp:
    """From named groups Y (or y, two digits), m (number) or b (name), d, H, M, S, f, z."""
    given = found.groupdict()
    month = int(given["m"]) if given.get("m") else month_number(given["b"])
    year = int(given["Y"]) if given.get("Y") else None
    if given.get("y"):
        year = 2000 + int(given["y"])
    hour = int(given["H"])
    if given.get("ap"):
        hour = hour % 12 + (12 if given["ap"].upper() == "PM" else 0)
    days = day_number(2000 if year is None else year, month, int(given["d"]))
    clock = micros(days, hour, int(given["M"]), int(given["S"]), given.get("f") or "")
    return Stamp(clock, offset_minutes(given.get("z")), year)


def _epoch(found: re.Match[str]) -> Stamp:
    """From seconds since 1970 and a fraction."""
    return Stamp(int(found["s"]) * 1_000_000 + int(((found["f"] or "") + "000000")[:6]), 0, 1970)


def _tai64n(found: re.Match[str]) -> Stamp:
    """From a multilog label: TAI64 seconds in hexadecimal, taken as UTC plus the 10 s of its epoch."""
    seconds = int(found["t"][:16], 16) - (1 << 62) - 10
    nanos = int(found["t"][16:24] or "0", 16)
    if not 0 <= seconds < 1 << 34:
        raise NoSuchDate("the TAI64N label in front is out of range")
    return Stamp(seconds * 1_000_000 + nanos // 1000, 0, 1970)


_D = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
_B = r"(?P<b>[A-Za-zéûä]{3,5}\.?)"

_TINE = "(?:[0-9a-f]{5} [0-9a-f]{5} -- \\S+ -- - )?"  # ids that tine writes before the time
_FORMS: tuple[tuple[str, str, Build], ...] = (
    ("iso", rf"{_TINE}(?P<Y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)(?:[T ]| {{2}}){_HMS}(?: ?{_ZONE})?", _build),
    ("syslog", rf"{_B} {{1,2}}(?P<d>\d{{1,2}}) (?:(?P<Y>\d{{4}}) )?{_HMS}(?: (?P<z>UTC|GMT)(?= ))?", _build),
    ("slash", rf"(?P<Y>\d{{4}})/(?P<m>\d\d)/(?P<d>\d\d) {_HMS}", _build),
    ("error", rf"\[{_D} {_B} {{1,2}}(?P<d>\d{{1,2}}) {_HMS} (?P<Y>\d{{4}})\]", _build),
    ("ctime", rf"{_D} {_B} {{1,2}}(?P<d>\d{{1,2}}) {_HMS} (?:(?P<z>[A-Z]{{3,4}}) )?(?P<Y>\d{{4}})", _build),
    ("square iso", rf"\[(?P<Y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)[T ]{_HMS} ?{_ZONE}?\]", _build),
    ("square syslog", rf"\[{_B} {{1,2}}(?P<d>\d{{1,2}}) {_HMS}\]", _build),
    ("square zone", rf"\[(?P<z>[A-Z]{{3,4}}) {_B} {{1,2}}(?P<d>\d{{1,2}}) {_HMS}\]", _build),
    ("square dash", rf"\[(?P<d>\d\d)-{_B}-(?P<Y>\d{{4}}) {_HMS}(?: {_ZONE})?\]", _build),
    ("square slash", rf"\[(?P<d>\d\d)/{_B}/(?P<Y>\d{{4}}) {_HMS}\]", _build),
    ("compact", rf"\[(?P<Y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d)-{_HMS}\]", _build),
    ("square epoch", r"\[(?P<s>\d{9,10})(?:\.(?P<f>\d{1,6}))?\]", _epoch),
    ("named dash", rf"(?P<d>\d\d)-(?P<b>[A-Z][a-z]{{2}})-(?P<Y>\d{{4}}) {_HMS}", _build),
    ("dashes", rf"(?:\[\d+:\d+-\d+\] )?(?P<d>\d\d)-(?P<m>\d\d)-(?P<Y>\d{{4}}) {_HMS}(?: {_ZONE})?", _build),
    ("colons", rf"(?P<Y>\d{{4}}):(?P<m>\d\d):(?P<d>\d\d)-{_HMS}", _build),
    ("dots", rf"(?P<Y>\d{{4}})\.(?P<m>\d\d)\.(?P<d>\d\d) {_HMS}", _build),
    ("two digits", rf"{_B}-(?P<d>\d\d)-(?P<y>\d\d) {_HMS}", _build),
    ("months first", rf"(?P<m>\d\d)-(?P<d>\d\d) {_HMS}", _build),
    ("us", rf"(?:L |\d{{9,10}} - )?(?P<m>\d\d)/(?P<d>\d\d)/(?P<Y>\d{{4}}) (?:- )?{_HMS}", _build),
    ("mysql", rf"(?P<y>\d\d)(?P<m>\d\d)(?P<d>\d\d) {{1,2}}{_HMS}", _build),
    ("java", rf"{_B} (?P<d>\d{{1,2}}), (?P<Y>\d{{4}}) {_HMS} (?P<ap>[AP]M)", _build),
    ("tai64n", r"@(?P<t>[0-9a-f]{16,24})(?= )", _tai64n),
    ("epoch", r"(?P<s>\d{9,10})\.(?P<f>\d{1,6})(?= )", _epoch),
    ("logfmt", rf't="?(?P<Y>\d{{4}})-(?P<m>\d\d)-(?P<d>\d\d)T{_HMS}(?:{_ZONE})?"?', _build),
    ("audit", r"type=\w+ msg=audit\((?P<s>\d{9,10})\.(?P<f>\d{1,6}):\d+\)", _epoch),
)  # fmt: skip

_COMPILED = tuple((name, re.compile(pattern), build) for name, pattern, build in _FORMS)


class Heads:
    """Finds the time at the head of a line; the form that fitted last is tried first."""

    def __init__(self) -> None:
        self._order = list(_COMPILED)

    def find(self, line: str) -> tuple[Stamp, int, str] | None:
        """The stamp, where it ends and the name of its form; None where the line starts with no known time.

        Raises:
            NoSuchDate: the form is known and the date does not exist.
        """
        trouble: NoSuchDate | None = None
        for place, (name, pattern, build) in enumerate(self._order):
            found = pattern.match(line)
            if found is None:
                continue
            try:
                stamp = build(found)
            except NoSuchDate as error:
                trouble = error
                continue
            if place:
                self._order.insert(0, self._order.pop(place))
            return stamp, found.end(), name
        if trouble is not None:
            raise trouble
        return None
