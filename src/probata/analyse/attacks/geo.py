"""From address to country and network, through dated databases side by side.

A country is what a database says of an address on its date; two databases differ, so a share is a range. An
address is not a culprit: it is where the last hop was, by rent, by theft or by relay.
"""

from __future__ import annotations

import csv
import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

FAR = 90
"""Days between log and database from which the report warns."""

NOT_A_CULPRIT = (
    "An address is not a culprit: it shows the last hop of a connection, which may be rented, hijacked or a relay, "
    "and says nothing of who sent it or from where."
)


class GeoError(ValueError):
    """A database cannot be read; the message is one line with its name and the reason."""


@dataclass(frozen=True)
class Database:
    """Ranges of addresses with country, network number and name, and marks.

    IPv4 ranges are searched in 32-bit arrays, IPv6 ranges in their upper 64 bits. ``day`` is the date of the
    data, or None.
    """

    name: str
    day: date | None
    start4: Array
    end4: Array
    start6: Array
    end6: Array
    value4: Array
    value6: Array
    countries: tuple[str | None, ...]
    asns: tuple[int | None, ...] = ()
    names: tuple[str | None, ...] = ()
    marks: tuple[str | None, ...] = ()
    licence: str = ""
    shipped: bool = False
    """Came with the program: whois data names holders even for ranges that are reserved, which is not believed."""

    def find(self, addresses: Array, version: int) -> Array:
        """Place of each address's entry, -1 where there is none. ``addresses``: uint32, or uint64 (upper half
        of IPv6)."""
        start, end, value = (
            (self.start4, self.end4, self.value4) if version == 4 else (self.start6, self.end6, self.value6)
        )
        if not len(start):
            return np.full(len(addresses), -1, dtype=np.int64)
        place = np.searchsorted(start, addresses, side="right") - 1
        safe = np.maximum(place, 0)
        inside = (place >= 0) & (addresses <= end[safe])
        return np.where(inside, value[safe], -1).astype(np.int64)

    def places(self, texts: Sequence[str | None]) -> Array:
        """As ``find`` for addresses as text; None and names give -1."""
        made = np.full(len(texts), -1, dtype=np.int64)
        for version, rows, numbers in split(texts, public=self.shipped):
            if len(rows):
                made[rows] = self.find(numbers, version)
        return made

    def country(self, places: Array) -> Array:
        """ISO codes by place, None where unknown."""
        return _pick(self.countries, places)

    def asn(self, places: Array) -> Array:
        """Network numbers by place, None where unknown."""
        return _pick(self.asns, places)

    def organisation(self, places: Array) -> Array:
        """Network names by place."""
        return _pick(self.names, places)

    def mark(self, places: Array) -> Array:
        """Marks by place (hosting, vpn, tor, proxy)."""
        return _pick(self.marks, places)


def _pick(values: Sequence[Any], places: Array) -> Array:
    table = np.empty(len(values) + 1, dtype=object)
    table[:] = [*values, None]
    return (
        table[np.where(places < len(values), places, -1)] if len(values) else table[np.full(len(places), -1)]
    )


def split(texts: Sequence[str | None], public: bool = False) -> list[tuple[int, Array, Array]]:
    """(version, rows, numbers) of IPv4 and IPv6 addresses written as text; IPv6 by its upper 64 bits.

    ``public``: leave out addresses that nobody holds (private, documentation, reserved).
    """
    rows: dict[int, list[int]] = {4: [], 6: []}
    numbers: dict[int, list[int]] = {4: [], 6: []}
    for row, text in enumerate(texts):
        if not text:
            continue
        try:
            parsed = ipaddress.ip_address(text)
        except ValueError:
            continue
        if public and not parsed.is_global:
            continue
        rows[parsed.version].append(row)
        numbers[parsed.version].append(int(parsed) if parsed.version == 4 else int(parsed) >> 64)
    return [
        (4, np.array(rows[4], dtype=np.int64), np.array(numbers[4], dtype=np.uint32)),
        (6, np.array(rows[6], dtype=np.int64), np.array(numbers[6], dtype=np.uint64)),
    ]


# ---------------------------------------------------------------- reading databases


def load(path: Path, day: date | None = None) -> Database:
    """A database from MMDB, CSV (start, end, country[, number, name, mark]; or network, ...) or our packed form.

    Raises:
        GeoError: the file cannot be read as one.
    """
    try:
        if path.suffix == ".mmdb":
            return _mmdb(path, day)
        if path.suffix == ".npz":
            return packed(path)
        return _csv(path, day)
    except GeoError:
        raise
    except Exception as error:  # noqa: BLE001 - any damage in a user's file must be one clear line
        raise GeoError(
            f"{path.name}: cannot be read as an address database: {type(error).__name__}: {error}"
        ) from None


class _Gather:
    """Collects ranges and packs them."""

    def __init__(self) -> None:
        self._rows: dict[int, list[tuple[int, int, int]]] = {4: [], 6: []}
        self._seen: dict[tuple[Any, ...], int] = {}

    def add(self, low: int, high: int, version: int, entry: tuple[Any, ...]) -> None:
        """A range of 32-bit or 128-bit numbers, ends included, and (country, asn, name, mark)."""
        code = self._seen.setdefault(entry, len(self._seen))
        if version == 6:
            low, high = low >> 64, high >> 64
        self._rows[version].append((low, high, code))

    def database(self, name: str, day: date | None) -> Database:
        parts: list[Array] = []
        for version, kind in ((4, np.uint32), (6, np.uint64)):
            rows = sorted(self._rows[version])
            parts += [np.array([r[0] for r in rows], dtype=kind), np.array([r[1] for r in rows], dtype=kind)]
            parts.append(np.array([r[2] for r in rows], dtype=np.int64))
        if not len(parts[0]) and not len(parts[3]):
            raise GeoError(f"{name}: no range of addresses in it")
        columns = list(zip(*self._seen, strict=True))
        return Database(
            name, day, parts[0], parts[1], parts[3], parts[4], parts[2], parts[5],
            countries=tuple(columns[0]), asns=tuple(columns[1]), names=tuple(columns[2]), marks=tuple(columns[3]),
        )  # fmt: skip


def _mmdb(path: Path, day: date | None) -> Database:
    import maxminddb

    gather = _Gather()
    with maxminddb.open_database(str(path)) as reader:
        built = datetime.fromtimestamp(reader.metadata().build_epoch, UTC).date()
        for network, record in reader:
            if isinstance(record, dict):
                low, high = int(network.network_address), int(network.broadcast_address)
                version = network.version
                if version == 6 and high < 1 << 32:
                    version = 4
                gather.add(low, high, version, _record(record))
    return gather.database(path.name, day or built)


def _record(record: Mapping[str, Any]) -> tuple[Any, ...]:
    country = (
        record.get("country_code")
        or _dig(record, "country", "iso_code")
        or _dig(record, "registered_country", "iso_code")
    )
    if not country and isinstance(record.get("country"), str):
        country = record["country"]
    number = record.get("autonomous_system_number") or record.get("asn")
    name = record.get("autonomous_system_organization") or record.get("as_name") or record.get("name")
    traits = record.get("traits") if isinstance(record.get("traits"), dict) else record
    marks = [word for word, key in _MARKS.items() if traits and traits.get(key)]
    digits = re.sub(r"\D", "", str(number or ""))
    return (
        str(country).upper() if country else None,
        int(digits) if digits else None,
        name,
        marks[0] if marks else None,
    )


_MARKS = {
    "tor": "is_tor_exit_node",
    "vpn": "is_anonymous_vpn",
    "hosting": "is_hosting_provider",
    "proxy": "is_anonymous",
}


def _dig(record: Mapping[str, Any], *names: str) -> Any:
    found: Any = record
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found


def _csv(path: Path, day: date | None) -> Database:
    gather = _Gather()
    with path.open(encoding="utf-8", newline="", errors="replace") as handle:
        for line, row in enumerate(csv.reader(handle), 1):
            if not row or row[0].startswith("#"):
                continue
            if line == 1 and not re.match(r"^[\d\"]|^[0-9A-Fa-f]*:", row[0]):
                continue  # a header: columns are told by the shape of their cells
            try:
                low, high, version, rest = _range(row)
            except ValueError:
                raise GeoError(
                    f"{path.name}, line {line}: {row[0][:40]!r} is no address, number or network"
                ) from None
            gather.add(low, high, version, _cells(rest))
    found = re.search(r"(20\d\d)[-_.]?(\d\d)[-_.]?(\d\d)", path.name)
    try:
        named = date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        named = None
    return gather.database(path.name, day or named)


def _range(row: Sequence[str]) -> tuple[int, int, int, Sequence[str]]:
    """(low, high, version, other cells) of a row that starts with a network, two addresses, or two numbers."""
    first = row[0].strip()
    if "/" in first:
        network = ipaddress.ip_network(first, strict=False)
        return int(network.network_address), int(network.broadcast_address), network.version, row[1:]
    if first.isdigit() and len(row) > 1 and row[1].strip().isdigit():
        low, high = int(first), int(row[1])
        return low, high, 4 if high < 1 << 32 else 6, row[2:]
    start = ipaddress.ip_address(first)
    try:
        end = ipaddress.ip_address(row[1].strip())
    except (ValueError, IndexError):
        return int(start), int(start), start.version, row[1:]
    return int(start), int(end), start.version, row[2:]


def _cells(rest: Sequence[str]) -> tuple[Any, ...]:
    """(country, asn, name, mark), told by the shape of each cell."""
    country = number = name = mark = None
    for cell in (c.strip() for c in rest):
        if re.fullmatch(r"[A-Z]{2}", cell) and country is None:
            country = cell
        elif re.fullmatch(r"(?:AS)?\d{1,10}", cell) and number is None:
            number = int(cell.removeprefix("AS"))
        elif cell.lower() in ("hosting", "vpn", "tor", "proxy"):
            mark = cell.lower()
        elif cell and name is None:
            name = cell
    return (None if country in ("ZZ", "XX") else country, number or None, name, mark)


def packed(path: Path) -> Database:
    """Our own packed form (see ``geo_build``): delta-coded ranges in one compressed archive, no pickled objects."""
    with np.load(path, allow_pickle=False) as box:
        codes = [None if code == "" else str(code) for code in box["codes"].tolist()]
        parts = {name: box[name] for name in box.files}
    start4 = np.cumsum(parts["step4"].astype(np.uint64)).astype(np.uint32)
    start6 = np.cumsum(parts["step6"].astype(np.uint64))
    day = date.fromisoformat(str(parts["day"]))
    return Database(
        str(parts["name"]), day,
        start4, start4 + parts["span4"].astype(np.uint32), start6, start6 + parts["span6"].astype(np.uint64),
        parts["code4"].astype(np.int64), parts["code6"].astype(np.int64),
        countries=tuple(codes), licence=str(parts["licence"]), shipped=True,
    )  # fmt: skip


def defaults() -> tuple[Database, ...]:
    """The databases that come with the program, in the order of their names."""
    folder = Path(__file__).resolve().parent.parent.parent / "data" / "geo"
    return tuple(packed(path) for path in sorted(folder.glob("*.npz")))


def far_apart(log_days: tuple[date, date], databases: Sequence[Database]) -> tuple[str, ...]:
    """One warning a database whose date is more than ``FAR`` days from the nearest day of the log."""
    made = []
    for base in databases:
        if base.day is None:
            made.append(f"The database {base.name} does not say its date.")
            continue
        gap = max((log_days[0] - base.day).days, (base.day - log_days[1]).days, 0)
        if gap > FAR:
            made.append(
                f"The log and the database {base.name} ({base.day}) are {gap} days apart: addresses change hands."
            )
    return tuple(made)
