"""One hypothesis of one poll as read, and the plain values that poll files are made of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

ABSENT = {"", "na", "n/a", "nan", "none", "null", "-", "–", "—", "?", "nc"}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan januari januar janvier january enero gennaio",
            "feb februari februar février fevrier february febrero febbraio fév",
            "mar mars märz marz march marzo mär",
            "apr april avril abril aprile avr",
            "maj mai may mayo maggio",
            "jun juni juin june junio giugno",
            "jul juli juillet july julio luglio juil",
            "aug augusti august août aout agosto aoû",
            "sep september septembre septiembre settembre sept",
            "okt oct oktober octobre october octubre ottobre",
            "nov november novembre noviembre",
            "dec dez december dezember décembre decembre diciembre dicembre déc",
        ),
        start=1,
    )
    for name in names.split()
}


@dataclass
class Entry:
    """One hypothesis of one poll: metadata and shares in points by party; ``line`` is where it was read."""

    line: int | None
    poll_id: str = ""
    pollster: str = ""
    sponsor: str | None = None
    start: date | None = None
    end: date | None = None
    published: date | None = None
    sample: float | None = None
    expressed: float | None = None
    population: str | None = None
    mode: str | None = None
    round: int | None = None
    hypothesis: str | None = None
    rolling: bool | None = None
    undecided: float | None = None
    url: str | None = None
    election: str = ""
    is_result: bool = False
    shares: dict[str, float] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    """Why this poll is set aside; empty for a good one."""

    @property
    def day(self) -> date | None:
        """The date a poll counts for: the end of fieldwork, else publication, else the start."""
        return self.end or self.published or self.start


def text(value: Any) -> str | None:
    """A trimmed string, or None where there is nothing."""
    if value is None or isinstance(value, (list, dict)):
        return None
    shown = " ".join(str(value).split())
    return None if shown.casefold() in ABSENT else shown[:500]


def number(value: Any) -> float | None:
    """A number as written in poll files: ``27,5``, ``27.5 %``, ``1 004``, ``1,004``; None where absent.

    Raises:
        ValueError: there is something, and it is no finite number.
    """
    shown = text(value)
    if shown is None or isinstance(value, bool):
        return None
    bare = re.sub(r"[\s%'\u00a0\u202f]", "", shown)
    if re.fullmatch(r"-?\d{1,3}(,\d{3})+(\.\d+)?", bare):
        bare = bare.replace(",", "")
    bare = bare.replace(",", ".")
    if not re.fullmatch(r"[-+]?(\d{1,15}(\.\d*)?|\.\d+)([eE][-+]?\d{1,2})?", bare):
        raise ValueError(f"{shown[:40]!r} is not a number")
    return float(bare)


def whether(value: Any) -> bool | None:
    """True or false as written in several languages; None where absent or something else."""
    if isinstance(value, bool):
        return value
    shown = (text(value) or "").casefold()
    if shown in {"true", "yes", "oui", "ja", "1", "t", "y", "vrai"}:
        return True
    return False if shown in {"false", "no", "non", "nej", "nein", "0", "f", "n", "faux"} else None


def moment(value: Any, day_first: bool = True) -> date | None:
    """A date: ISO, slashes (order as told), dots, ``13 Feb 2017``, or a range, of which the end counts.

    Raises:
        ValueError: there is something, and it is no date.
    """
    shown = text(value)
    if shown is None:
        return None
    found = re.match(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)", shown) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})", shown
    )
    if found:
        year, month, day = (int(part) for part in found.groups())
        return _date(year, month, day, shown)
    found = re.match(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)", shown)
    if found:
        first, second, year = (int(part) for part in found.groups())
        day, month = (first, second) if day_first else (second, first)
        return _date(year, month, day, shown)
    return _named(shown)


def _named(shown: str) -> date:
    """``13 Feb 2017``, ``11–13 Feb 2017``, ``Feb 11-13, 2017``: the last day named."""
    words = re.findall(r"[^\W\d_]+|\d+", shown.casefold())
    months = [_MONTHS[word] for word in words if word in _MONTHS]
    years = [int(word) for word in words if word.isdigit() and len(word) == 4]
    days = [int(word) for word in words if word.isdigit() and len(word) <= 2]
    if not (months and years and days):
        raise ValueError(f"{shown[:40]!r} is not a date; write YYYY-MM-DD")
    return _date(years[-1], months[-1], days[-1], shown)


def _date(year: int, month: int, day: int, shown: str) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{shown[:40]!r} is not a date of the calendar") from None


def day_first(values: Sequence[Any]) -> bool:
    """Whether dates with slashes put the day first: decided by the first that leaves no choice."""
    for value in values:
        found = re.match(r"\s*(\d{1,2})/(\d{1,2})/\d{4}", str(value or ""))
        if found and int(found[1]) > 12:
            return True
        if found and int(found[2]) > 12:
            return False
    return True


def tour(value: Any) -> int | None:
    """1 or 2 from ``1``, ``first``, ``Premier tour``, ``Deuxième tour``, ``runoff``."""
    shown = (text(value) or "").casefold()
    if shown.startswith(("1", "first", "prem")):
        return 1
    second = ("2", "second", "deux", "runoff", "run-off", "stich")
    return 2 if shown.startswith(second) else None


def columns_of(entries: Sequence[Entry], evidence: str, shown: str, identify: Any) -> dict[str, list[Any]]:
    """Long columns of the ``polls`` table: one row a party of each entry."""
    rows: dict[str, list[Any]] = {name: [] for name in _COLUMNS}
    for index, entry in enumerate(entries):
        identity = identify("poll", evidence, entry.line, entry.round, entry.hypothesis, index)
        fixed = _fixed(entry, identity)
        for party, share in entry.shares.items():
            for name, value in fixed.items():
                rows[name].append(value)
            rows["party"].append(party)
            rows["share"].append(float(share))
            rows["evidence"].append(evidence)
            rows["path"].append(shown)
            rows["offset"].append(None)
    return rows


def _fixed(entry: Entry, identity: str) -> Mapping[str, Any]:
    return {
        "id": identity,
        "poll_id": entry.poll_id or identity,
        "pollster": entry.pollster,
        "sponsor": entry.sponsor,
        "start_date": entry.start,
        "end_date": entry.end,
        "published_date": entry.published,
        "sample_size": entry.sample,
        "n_expressed": entry.expressed,
        "population": entry.population,
        "mode": entry.mode,
        "round": entry.round,
        "hypothesis": entry.hypothesis,
        "rolling": entry.rolling,
        "undecided": entry.undecided,
        "source_url": entry.url,
        "election": entry.election,
        "is_result": entry.is_result,
        "note": "; ".join(entry.notes) or None,
        "line": entry.line,
    }


_COLUMNS = (
    *("id", "poll_id", "pollster", "sponsor", "start_date", "end_date", "published_date", "sample_size"),
    *("n_expressed", "population", "mode", "round", "hypothesis", "rolling", "undecided", "source_url"),
    *("election", "is_result", "note", "line", "party", "share", "evidence", "path", "offset"),
)
