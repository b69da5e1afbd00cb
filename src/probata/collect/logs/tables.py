"""Logs that are tables: Zeek TSV, W3C extended logs, CSV flows with a header or a mapping, JSON arrays."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from typing import Any

from probata.collect.logs.access import seconds as from_number
from probata.collect.logs.clock import Settle
from probata.collect.logs.columns import Row
from probata.collect.logs.json_lines import _NAMES, _generic, completed, mapped, text_time, zeek

_W3C = {
    "c-ip": "source.address",
    "c-port": "source.port",
    "s-ip": "destination.ip",
    "s-port": "destination.port",
    "cs-username": "user.name",
    "cs-method": "http.request.method",
    "cs-uri-stem": "url.original",
    "sc-status": "http.response.status_code",
    "sc-bytes": "http.response.body.bytes",
    "cs(user-agent)": "user_agent.original",
    "cs(referer)": "http.request.referrer",
    "cs-host": "url.domain",
    "x-edge-location": "host.name",
    "cs(host)": "url.domain",
}


class Zeek:
    """Zeek TSV and W3C extended logs: ``#fields`` (or ``#Fields:``) names the columns of what follows."""

    def __init__(self) -> None:
        self.separator = "\t"
        self.fields: list[str] = []
        self.w3c = False
        self.unset = "-"

    def header(self, line: str) -> bool:
        """Take a ``#`` line; True where it belongs to such a log."""
        name, _, rest = line.partition(" ")
        if name == "#separator":
            self.separator = (
                re.sub(r"\\x([0-9a-fA-F]{2})", lambda m: chr(int(m[1], 16)), rest.strip())[:1] or "\t"
            )
            return True
        if name == "#Fields:":
            self.fields, self.w3c, self.separator = rest.split(), True, " "
            return True
        if line.startswith(("#Software:", "#Version:", "#Date:", "#Remark:", "#Start-Date:", "#End-Date:")):
            return True
        parts = line.split(self.separator)
        if parts[0] == "#fields":
            self.fields, self.w3c = parts[1:], False
            return True
        if parts[0] == "#unset_field" and len(parts) > 1:
            self.unset = parts[1]
        return parts[0] in (
            "#set_separator",
            "#empty_field",
            "#unset_field",
            "#path",
            "#open",
            "#close",
            "#types",
        )

    def row(self, line: str, settle: Settle) -> Row | None:
        """The event of a line under the last header; None where it has another number of columns."""
        cells = line.split("\t") if self.w3c and "\t" in line else line.split(self.separator)
        if len(cells) != len(self.fields):
            return None
        value: dict[str, Any] = {
            n: (None if c in (self.unset, "(empty)") else c) for n, c in zip(self.fields, cells, strict=True)
        }
        if self.w3c:
            return self._w3c_row(value, settle)
        if "id.orig_h" not in value:
            return None
        made = zeek(value)
        made["@timestamp"] = from_number(made.pop("time", None))
        made |= {"event.year_basis": "stated", "event.zone_basis": "stated"}
        return made

    def _w3c_row(self, value: Mapping[str, Any], settle: Settle) -> Row | None:
        lower = {name.lower(): cell for name, cell in value.items()}
        made: Row = {field: lower[name] for name, field in _W3C.items() if lower.get(name) is not None}
        if made.get("source.address") is None:
            return None
        query = lower.get("cs-uri-query")
        if query and made.get("url.original"):
            made["url.original"] = f"{made['url.original']}?{query}"
        if lower.get("date") and lower.get("time"):
            # W3C extended log format: times are GMT
            moment, _, _ = text_time(f"{lower['date']} {lower['time']}Z", settle)
            made |= {"@timestamp": moment, "event.year_basis": "stated", "event.zone_basis": "stated"}
        return completed(made, {})


_TIME_NAMES = (
    "@timestamp",
    "timestamp",
    "datetime",
    "time",
    "ts",
    "date",
    "start_time",
    "first_seen",
    "stime",
    "te",
    "starttime",
    "event_time",
)


class Columns:
    """A CSV file of flows or events: a header whose names are known, or a mapping that says which is which."""

    def __init__(self, header: Sequence[str], delimiter: str, mapping: Mapping[str, str]) -> None:
        self.names = [name.strip().lower() for name in header]
        self.delimiter = delimiter
        self._mapping = dict(mapping)

    def row(self, line: str, settle: Settle) -> Row | None:
        """The event of a line; None where the number of cells differs or there is no source."""
        try:
            cells = next(csv.reader([line], delimiter=self.delimiter))
        except (csv.Error, StopIteration):
            return None
        if len(cells) != len(self.names):
            return None
        flat = {name: cell.strip() for name, cell in zip(self.names, cells, strict=True)}
        return self.event(flat, settle)

    def event(self, flat: Mapping[str, Any], settle: Settle) -> Row | None:
        """The event of a row given by column name."""
        made = _generic(flat) or {}
        if self._mapping:
            made = completed(made | mapped(flat, self._mapping), flat)
        given = made.pop("@timestamp", None) or next((flat[n] for n in _TIME_NAMES if flat.get(n)), None)
        if made.get("source.address") in (None, ""):
            return None
        made["event.year_basis"] = made["event.zone_basis"] = "stated"
        moment = from_number(given) if re.fullmatch(r"[\d.]{1,20}", str(given)) else None
        if moment is not None:
            made["@timestamp"] = moment
        elif given is not None:
            made["@timestamp"], made["event.year_basis"], made["event.zone_basis"] = text_time(
                str(given), settle
            )
        if made.get("event.dataset") == "json":
            made["event.dataset"] = "flow"
        return made


_KNOWN = frozenset(name for names in _NAMES.values() for name in names)


def sniff_csv(sample: str, mapping: Mapping[str, str]) -> Columns | None:
    """The columns of a CSV file, told by its first line; None where that is no header of ours."""
    first = sample.split("\n", 1)[0].strip("\r")
    best = max(",;\t|", key=first.count)
    if first.count(best) < 1 or first[:1] in "{[<" or len(first) > 4000:
        return None
    try:
        header = next(csv.reader([first], delimiter=best))
    except (csv.Error, StopIteration):
        return None
    names = {name.strip().lower() for name in header}
    wanted = {column.lower() for column in mapping.values()}
    if wanted and wanted <= names:
        return Columns(header, best, mapping)
    sources = names & set(_NAMES["source.address"])
    times = names & set(_TIME_NAMES)
    if sources and times and len(names & (_KNOWN | set(_TIME_NAMES))) >= 3:
        return Columns(header, best, mapping)
    if sources and len(names & _KNOWN) >= 2 and times:
        return Columns(header, best, mapping)
    return None
