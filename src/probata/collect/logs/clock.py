"""Year and zone that a line does not state: settled explicitly, and said how.

A syslog head names neither. The year comes from the option ``year`` (the year of the first line), else from lines
of the same file that do state it, else from a date in the file name, else it is *assumed* to be 2000, which no
reader mistakes for knowledge. From one line to the next it goes up when the month falls by more than six.
The zone comes from the line, else from the option ``zone``, else it is assumed to be UTC.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

from probata.collect.logs.stamp import Heads, NoSuchDate, Stamp, day_number, offset_minutes

STATED, OPTION, EVIDENCE, NAME, ASSUMED = "stated", "option", "neighbouring lines", "file name", "assumed"
ASSUMED_YEAR = 2000
"""A leap year, so that 29 February exists, and long before any campaign: a placeholder that shows."""

_DAY = 86_400_000_000
_START_2000 = day_number(2000, 1, 1) * _DAY
_DATED_NAME = re.compile(r"(?<!\d)(20\d\d|19[89]\d)[-_.]?(0[1-9]|1[0-2])[-_.]?(0[1-9]|[12]\d|3[01])?(?!\d)")


class Settle:
    """Turns stamps of one file into UTC microseconds, with the grounds on which year and zone rest."""

    def __init__(self, options: Any, name: str, sample: str) -> None:
        """``sample`` is the beginning of the file's text, searched for lines that state a year.

        Raises:
            ValueError: option ``year`` or ``zone`` cannot be understood; the message is one line.
        """
        self._heads = Heads()
        self._year, self.year_basis = _first_year(options.get("year"), name, sample)
        self._zone = _zone(options.get("zone"))
        self.zone_basis = ASSUMED if self._zone is None else OPTION
        self._month = 0
        self._hours: dict[int, int] = {}

    def utc(self, stamp: Stamp) -> tuple[int, str, str]:
        """Microseconds since 1970 in UTC, the basis of the year, the basis of the zone.

        Raises:
            NoSuchDate: 29 February in a year that has none.
        """
        moment, year_basis = stamp.micros, STATED
        if stamp.year is None:
            moment, year_basis = self._with_year(stamp), self.year_basis
        if stamp.offset is not None:
            return moment - stamp.offset * 60_000_000, year_basis, STATED
        if self._zone is None:
            return moment, year_basis, ASSUMED
        return moment - self._offset(moment) * 1_000_000, year_basis, OPTION

    def naive(self, micros: int) -> tuple[int, str]:
        """As ``utc`` for a dated wall clock without zone."""
        moment, _, basis = self.utc(Stamp(micros, None, 1970))
        return moment, basis

    def _with_year(self, stamp: Stamp) -> int:
        days, clock = divmod(stamp.micros - _START_2000, _DAY)
        month, day = _month_day(days)
        if self._month - month > 6:
            self._year += 1
        elif month - self._month > 6 and self._month and self._year_may_fall(month):
            return day_number(self._year - 1, month, day) * _DAY + clock  # a late line of the year before
        self._month = month
        return day_number(self._year, month, day) * _DAY + clock

    def _year_may_fall(self, month: int) -> bool:
        return month >= 11 and self._month <= 2

    def _offset(self, moment: int) -> int:
        """Seconds east of UTC at a wall clock time, remembered by the hour."""
        hour = moment // 3_600_000_000
        found = self._hours.get(hour)
        if found is None:
            assert self._zone is not None
            local = datetime(1970, 1, 1) + timedelta(hours=hour)
            east = local.replace(tzinfo=self._zone).utcoffset() or timedelta()
            found = self._hours[hour] = int(east.total_seconds())
        return found


_LENGTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_CALENDAR = tuple((month, day) for month, length in enumerate(_LENGTHS, 1) for day in range(1, length + 1))


def _month_day(day_of_2000: int) -> tuple[int, int]:
    return _CALENDAR[day_of_2000]


def _first_year(option: Any, name: str, sample: str) -> tuple[int, str]:
    if option is not None:
        try:
            year = int(option)
        except (TypeError, ValueError):
            raise ValueError(f"option year: {option!r} is not a year; write four digits") from None
        if not 1970 <= year <= 2200:
            raise ValueError(f"option year: {year} is not between 1970 and 2200")
        return year, OPTION
    neighbour = _neighbour_year(sample)
    if neighbour is not None:
        return neighbour, EVIDENCE
    dated = _DATED_NAME.search(name.replace("\\", "/").rsplit("/", 1)[-1])
    if dated:
        return int(dated[1]), NAME
    return ASSUMED_YEAR, ASSUMED


def _neighbour_year(sample: str) -> int | None:
    """The year that the first dated head among the sample's lines states."""
    heads = Heads()
    for line in sample.split("\n")[:5000]:
        try:
            found = heads.find(line[:80])
        except NoSuchDate:
            continue
        if found and found[0].year is not None:
            moment = datetime.fromtimestamp(found[0].micros // 1_000_000, UTC)
            return moment.year
    return None


def _zone(option: Any) -> Any:
    if option is None:
        return None
    text = str(option).strip()
    if re.fullmatch(r"[+-]\d\d:?\d\d|Z|UTC|GMT", text):
        return timezone(timedelta(minutes=offset_minutes(text) or 0))
    try:
        return ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise ValueError(f"option zone: {text!r} is neither +01:00 nor a name such as Europe/Paris") from None
