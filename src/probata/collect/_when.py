"""Dates and times as people and programs write them, turned into closed intervals of UTC.

One value: ``read_when``. A column: ``read_times``, which takes plain ISO strings through numpy without a step a
row and leaves only the rest to ``read_when``. A value without a zone is read as if UTC and says so; what is not a
date is None with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

import numpy as np

from probata.model import When
from probata.store.columns import constant
from probata.store.lettered import Lettered
from probata.text.buffers import Texts, laid_out

FIRST_YEAR, LAST_YEAR = 1800, 2199
"""Years outside are taken for a mistake."""

Array = np.ndarray[Any, np.dtype[Any]]
_US = timedelta(microseconds=1)

_MONTHS = {  # English, German, French, Spanish, Italian, Portuguese, Russian, Ukrainian; long before short
    1: "january januar janvier enero gennaio janeiro январь января январе січень січня jänner jan janv ene янв",
    2: "february februar février fevrier febrero febbraio fevereiro февраль февраля лютий лютого feb févr fév fev фев",
    3: "march märz marz maerz mars marzo março marco март марта березень березня mar mrz мар",
    4: "april avril abril aprile апрель апреля квітень квітня apr avr abr апр",
    5: "may mai mayo maggio maio май мая травень травня mag",
    6: "june juni juin junio giugno junho июнь июня червень червня jun giu июн",
    7: "july juli juillet julio luglio julho июль июля липень липня jul juil lug июл",
    8: "august août aout agosto август августа серпень серпня aug aoû ago авг",
    9: "september septembre septiembre setiembre settembre setembro сентябрь сентября вересень вересня "
    "sep sept set сен сент",
    10: "october oktober octobre octubre ottobre outubro октябрь октября жовтень жовтня oct okt ott out окт",
    11: "november novembre noviembre novembro ноябрь ноября листопад листопада nov ноя нояб",
    12: "december dezember décembre decembre diciembre dicembre dezembro декабрь декабря грудень грудня "
    "dec déc dez dic дек",
}
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
MONTHS = frozenset(_MONTH_OF)
"""Names of months, in small letters."""
_NAME = "|".join(sorted(map(re.escape, _MONTH_OF), key=len, reverse=True))

_ZONES = {
    **dict.fromkeys(("z", "utc", "gmt", "ut", "wet"), 0),
    **dict.fromkeys(("cet", "mez", "west"), 60),
    **dict.fromkeys(("cest", "mesz", "eet"), 120),
    **dict.fromkeys(("eest", "msk", "мск"), 180),
    "mdt": -360, "pdt": -420,
}  # fmt: skip
"""Minutes east of Greenwich of the names that one zone alone goes by.

CST is of Chicago, Shanghai and Havana, EST and EDT of New York and Sydney, BST of London and Dhaka, PST of Los Angeles
and Manila: what several go by tells no zone.
"""
_MOSCOW = frozenset(("msk", "мск")), datetime(2014, 10, 26, tzinfo=UTC)
"""Moscow's clocks went by other rules before that day: the name alone tells no hour of these years."""

_CLOCK = (
    r"(?P<hour>\d{1,2})(?:(?:[:.]|\s?h\s?)(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"|\s?h|(?=\s?[ap]m))"
    r"\s*(?P<half>[ap]\.?m\.?)?"
)
_ZONE = (
    r"(?P<zone>z|[+\-−]\d{1,2}(?::?\d{2})?|(?:utc|gmt)(?P<from>[+\-−]\d{1,2}(?::?\d{2})?)?|[a-z]{2,4}|мск)?"
)
_ASIDE = r"(?:\s*\([^)]*\)|\[[a-z][\w+\-/]*\])?"
"""What stands behind a zone to name it once more: "(CET)", "[Europe/Paris]"."""
_TIME = (
    rf"(?:(?:\s*[,t]\s*|\s+(?:[-–—|]\s+)?)?(?:(?:at|à|um|a las|в|às|alle|ore)\s+)?"
    rf"(?P<time>{_CLOCK})\s*(?:uhr|ч\.?|h\.?)?\s*{_ZONE}{_ASIDE})?"
)
_DAY_NAME = r"(?:[^\W\d_]{2,12}\.?,?\s+)?"

_FORMS = tuple(
    re.compile(rf"^{form}\s*(?:г(?:ода|\.)?,?)?{_TIME}$")
    for form in (
        r"(?P<year>\d{4})(?:[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2}))?)?",
        rf"{_DAY_NAME}(?:le\s+|den\s+)?(?P<day>\d{{1,2}})(?:st|nd|rd|th|er|º|\.)?[\s/-]*(?:de\s+|of\s+)?(?P<name>{_NAME})\.?,?[\s/-]*(?:de\s+|del\s+)?(?P<year>\d{{4}}|\d{{2}}(?=\s|$)):?",
        rf"{_DAY_NAME}(?P<name>{_NAME})\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}}),?",
        rf"(?P<year>\d{{4}})[\s-]+(?P<name>{_NAME})\.?[\s-]+(?P<day>\d{{1,2}})",
        rf"(?P<name>{_NAME})\.?,?\s+(?:de\s+)?(?P<year>\d{{4}})",
        rf"{_DAY_NAME}(?P<one>\d{{1,2}})(?P<mark>[/.-])(?P<two>\d{{1,2}})(?P=mark)(?P<year>\d{{4}}|\d{{2}}),?",
    )
)
_ASCTIME = re.compile(
    rf"^[a-z]{{3}}\s+(?P<name>{_NAME})\s+(?P<day>\d{{1,2}})\s+(?P<time>{_CLOCK})\s*{_ZONE}\s+(?P<year>\d{{4}})$"
)
_COMPACT = re.compile(
    rf"^(?P<year>\d{{4}})(?P<month>\d{{2}})(?P<day>\d{{2}})(?:t?(?P<time>(?P<hour>\d{{2}})(?P<minute>\d{{2}})(?P<second>\d{{2}})?)(?P<fraction>)(?P<half>){_ZONE})?$"
)
_HOUR = re.compile(
    r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})t(?P<time>(?P<hour>\d{2}))"
    r"(?P<zone>z|[+\-−]\d{2}:?\d{2})?$"
)
"""An hour without minutes counts where the ISO form leaves no doubt that it is one."""
_EPOCH = re.compile(r"^(\d{9,10})(?:\.(\d{1,9}))?$|^(\d{12,13})$|^(\d{15,16})$")


class _NotATime(ValueError):
    """The message is the reason."""


def read_when(value: object) -> tuple[When | None, str | None]:
    """Read one date or time in any of the forms that ``docs/formats.md`` lists.

    Numbers are Unix times in seconds, milliseconds or microseconds, by size (and years or YYYYMMDD where they
    look so). ``04/05/2017`` is the interval over both readings.

    Returns:
        The interval and None, or None and the reason; (None, None) where nothing is given.
    """
    if value is None or value == "":
        return None, None
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None, f"a {type(value).__name__} is not a time"
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    return _read(text[:200])


@lru_cache(maxsize=1 << 16)
def _read(given: str) -> tuple[When | None, str | None]:
    text = " ".join(given.replace("\u200e", "").split()).lower()
    if not text:
        return None, None
    try:
        return _parse(text), None
    except _NotATime as error:
        return None, f"{given[:40]!r} {error}"
    except (ValueError, OverflowError) as error:
        return None, f"{given[:40]!r} is no date of the calendar ({error})"


def _parse(text: str) -> When:
    if match := _EPOCH.match(text):
        return _epoch(match)
    if match := _COMPACT.match(text) or _ASCTIME.match(text) or _HOUR.match(text):
        return _interval(match.groupdict())
    for form in _FORMS:
        if match := form.match(text):
            return _interval(match.groupdict())
    raise _NotATime("is not a date or time in a known form")


def _epoch(match: re.Match[str]) -> When:
    seconds, fraction, milli, micro = match.groups()
    if seconds:
        step = 10 ** (6 - min(len(fraction), 6)) if fraction else 1_000_000
        count = int(seconds) * 1_000_000 + (int(fraction[:6]) * step if fraction else 0)
    else:
        count, step = (int(milli) * 1000, 1000) if milli else (int(micro), 1)
    start = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=count)
    _sane(start.year)
    return When(start, start + timedelta(microseconds=step - 1))


def _interval(found: dict[str, str | None]) -> When:
    year = _year(str(found["year"]))
    days = _days(year, found)
    if not found.get("time"):
        return When(days[0], days[1] - _US, zone_known=False)
    if found.get("day") is None and found.get("one") is None:
        raise _NotATime("has a time of day without a day")
    start, length = _clock(found)
    zone = _zone(found)
    if found.get("zone") in _MOSCOW[0] and days[0] < _MOSCOW[1]:
        zone = None
    shift = timedelta(0) if zone is None else zone
    last = days[1] - timedelta(days=1)
    return When(days[0] + start - shift, last + start + length - _US - shift, zone is not None)


def _year(text: str) -> int:
    year = int(text)
    if len(text) == 2:
        year += 2000 if year < 70 else 1900
    _sane(year)
    return year


def _sane(year: int) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise _NotATime(f"lies outside the years {FIRST_YEAR} to {LAST_YEAR}")


def _days(year: int, found: dict[str, str | None]) -> tuple[datetime, datetime]:
    """First day and the day after the last: a day, a month, a year, or two readings of day and month."""
    if found.get("one"):
        return _two_readings(year, int(str(found["one"])), int(str(found["two"])), str(found["mark"]))
    name = found.get("name")
    month = _MONTH_OF[name] if name else int(found.get("month") or 0)
    if not month:
        return datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    if not found.get("day"):
        return datetime(year, month, 1, tzinfo=UTC), datetime(
            year + month // 12, month % 12 + 1, 1, tzinfo=UTC
        )
    day = datetime(year, month, int(str(found["day"])), tzinfo=UTC)
    return day, day + timedelta(days=1)


def _two_readings(year: int, one: int, two: int, mark: str) -> tuple[datetime, datetime]:
    """Day first or month first; dots are written with the day first wherever they are written."""
    readings = []
    for day, month in {(one, two)} if mark == "." else {(one, two), (two, one)}:
        if 1 <= month <= 12 and 1 <= day <= 31:
            readings.append(datetime(year, month, day, tzinfo=UTC))
    if not readings:
        raise _NotATime("is no date of the calendar, whichever way it is read")
    return min(readings), max(readings) + timedelta(days=1)


def _clock(found: dict[str, str | None]) -> tuple[timedelta, timedelta]:
    """Time since midnight and how long the precision given lasts."""
    hour, minute = int(str(found["hour"])), found.get("minute")
    half = (found.get("half") or "").replace(".", "")
    if half:
        if not 1 <= hour <= 12:
            raise _NotATime("has an hour that its am or pm contradicts")
        hour = hour % 12 + (12 if half == "pm" else 0)
    second, fraction = found.get("second"), (found.get("fraction") or "")[:6]
    if hour > 24 or int(minute or 0) > 59 or int(second or 0) > 60:
        raise _NotATime("has no such time of day")
    if hour == 24 and (int(minute or 0) or int(second or 0)):
        raise _NotATime("has no such time of day")
    # a leap second counts as the last second of its minute: no clock of ours has one
    start = timedelta(hours=hour, minutes=int(minute or 0), seconds=min(int(second or 0), 59))
    if fraction:
        return start + timedelta(microseconds=int(fraction.ljust(6, "0"))), _US * 10 ** (6 - len(fraction))
    length = timedelta(seconds=1) if second else timedelta(minutes=1) if minute else timedelta(hours=1)
    return start, length


def _zone(found: dict[str, str | None]) -> timedelta | None:
    """Offset from UTC, or None where it is not stated (an unknown name; RFC 2822's -0000)."""
    text = (found.get("from") or found.get("zone") or "").replace("−", "-")
    if text[:1] not in ("+", "-"):
        minutes = _ZONES.get(text)
        return None if minutes is None else timedelta(minutes=minutes)
    digits = text[1:].replace(":", "")
    hours, rest = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    if text in ("-0000", "-00:00"):
        return None
    if hours > 15 or rest > 59:
        raise _NotATime("has a zone that does not exist")
    offset = timedelta(hours=hours, minutes=rest)
    return timezone(-offset if text[0] == "-" else offset).utcoffset(None)


# ---------------------------------------------------------------- columns


@dataclass(frozen=True, slots=True)
class Times:
    """A column of intervals: ``datetime64[us]`` with NaT, zone known (None where absent), reasons by row."""

    earliest: Array
    latest: Array
    zone_known: Array
    reasons: dict[int, str]


def widened(times: Times) -> tuple[Array, Array]:
    """Both ends, moved apart where the zone is not known: what ``When.bounds`` is to a single one."""
    if np.isnat(times.earliest).all():
        return times.earliest, times.latest
    unsure = np.equal(times.zone_known, False).astype(bool)
    apart = [np.where(unsure, np.timedelta64(hours, "h"), np.timedelta64(0, "h")) for hours in (14, 12)]
    return times.earliest - apart[0], times.latest + apart[1]


def read_times(values: Any) -> Times:
    """Read a column of dates and times: a sequence of text, numbers and None, or text in a buffer (``Lettered``)."""
    count = len(values)
    if _all_absent(values):
        never = constant(np.datetime64("NaT", "us"), count)
        return Times(never, never, constant(None, count), {})
    earliest = np.full(count, "NaT", dtype="datetime64[us]")
    latest = earliest.copy()
    zone = np.full(count, None, dtype=object)
    reasons: dict[int, str] = {}
    left: Any = range(count)
    if count >= 256:
        left = _iso_column(_letters(values), earliest, latest, zone)
    for row, value in zip(left, _some(values, left), strict=True):
        when, reason = read_when(value)
        if reason:
            reasons[int(row)] = reason
        if when is not None:
            earliest[row] = when.earliest.replace(tzinfo=None)
            latest[row] = when.latest.replace(tzinfo=None)
            zone[row] = when.zone_known
    return Times(earliest, latest, zone, reasons)


def _some(values: Any, rows: Any) -> list[Any]:
    """The values of these rows."""
    return values.only(rows).tolist() if isinstance(values, Lettered) else [values[row] for row in rows]


def _all_absent(values: Any) -> bool:
    if isinstance(values, Lettered):
        return bool(values.absent.all())
    return set(map(type, values)) <= {type(None)}


def _letters(values: Any) -> tuple[Texts, Array]:
    """A column as bytes, and where it is absent; what is no text is empty, no sign of a date is more than one byte."""
    if isinstance(values, Lettered):
        return values.texts, values.absent
    listed = np.asarray(values, dtype=object).tolist()
    texts = [value.encode("ascii", "replace") if type(value) is str else b"" for value in listed]
    return laid_out(texts), np.array([value is None for value in listed], bool)


_TEMPLATES = (
    ("dddd-dd-dd", 10),
    ("dddd-dd-ddTdd:dd:dd", 19),
    ("dddd-dd-ddTdd:dd:dd.ddd", 23),
    ("dddd-dd-ddTdd:dd:dd.dddddd", 26),
)
_LAYOUTS = tuple(
    (template + zone, length)
    for template, length in _TEMPLATES
    for zone in (("", "Z", "+dd:dd", "+dd") if length > 10 else ("",))
)
"""Plain ISO forms and where the zone begins in each."""


def _iso_column(letters: tuple[Texts, Array], earliest: Array, latest: Array, zone: Array) -> Array:
    """Fill in every plain ISO value, all rows of one length together; return the rows that are left."""
    texts, absent = letters
    lengths = texts.ends - texts.starts
    left = ~absent
    for template, seconds_end in _LAYOUTS:
        rows = np.flatnonzero((lengths == len(template)) & left)
        if not len(rows):
            continue
        signs = np.stack([texts.data[texts.starts[rows] + place] for place in range(len(template))])
        fits, start, end, known = _iso_rows(signs, template, seconds_end)
        done = rows[fits]
        earliest[done], latest[done], zone[done] = start[fits], end[fits], known
        left[done] = False
    return np.flatnonzero(left)


def _iso_rows(letters: Array, template: str, end: int) -> tuple[Array, Array, Array, bool]:
    """Check letters (place by row) against one layout and work out the moments; ``end`` is where the zone begins."""
    fits = np.ones(letters.shape[1], dtype=bool)
    for mark, column in zip(template, letters, strict=True):
        if mark == "d":
            fits &= (column >= 48) & (column <= 57)
        elif mark == "T":
            fits &= (column == 84) | (column == 32)
        elif mark == "+":
            fits &= (column == 43) | (column == 45)
        else:
            fits &= column == ord(mark)

    def number(start: int, stop: int) -> Array:
        total = np.zeros(len(fits), np.int64)
        for column in letters[start:stop]:
            total = 10 * total + column - 48
        return np.where(fits, total, 0)

    year, month, day = number(0, 4), number(5, 7), number(8, 10)
    fits &= (year >= FIRST_YEAR) & (year <= LAST_YEAR) & (month >= 1) & (month <= 12)
    first = ((year - 1970) * 12 + np.clip(month, 1, 12) - 1).astype("datetime64[M]")
    days = (first + 1).astype("datetime64[D]") - first.astype("datetime64[D]")
    fits &= (day >= 1) & (day <= days.astype(np.int64))
    moment = (first.astype("datetime64[D]").astype(np.int64) + day - 1) * 86_400_000_000
    length = 86_400_000_000
    if end > 10:
        hour, minute, second = number(11, 13), number(14, 16), number(17, 19)
        fits &= (hour < 24) & (minute < 60) & (second < 60)
        moment += (hour * 3600 + minute * 60 + second) * 1_000_000
        length = 1_000_000
    if end > 19:
        length = 10 ** (26 - end)
        moment += number(20, end) * length
    zone = template[end:]
    if zone.startswith("+"):
        hours = number(end + 1, end + 3)
        minutes = number(end + 4, end + 6) if len(zone) == 6 else np.zeros(len(hours), dtype=np.int64)
        west = letters[end] == 45
        # -00:00 says that the zone is not known, and odd zones deserve a reason: both are left to read_when
        fits &= (hours <= 15) & (minutes < 60) & ~(west & (hours + minutes == 0))
        moment -= np.where(west, -1, 1) * (hours * 60 + minutes) * 60_000_000
    start = moment.astype("datetime64[us]")
    return fits, start, start + np.timedelta64(length - 1, "us"), bool(zone)
