"""Rows by column from JSON, CSV and Parquet, whatever the columns are called: shared by articles and reviews.

Readers of a format yield ``Rows``: raw values by the names the file gives them, the line (or row) of each and its
byte offset. They never raise for a bad row: it becomes a reject.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from probata.collect import Incoming
from probata.collect._bytes import MAX_LINE, Stream
from probata.collect._text import decode, encoding_of
from probata.model import Reject
from probata.store.held import Held
from probata.store.lettered import Lettered

BATCH = 20_000
HELD = 50_000
"""Rows of a Parquet file from which on its texts stay in the engine."""
MAX_JSON = 512 << 20
"""Longest JSON document that is read whole; longer ones should come as JSON lines."""

_PAIRS = re.compile(rb'"\s*:')


@dataclass(slots=True)
class Rows:
    """Raw columns by name as given, with the line (from 1) and byte offset of each row (None: not known)."""

    columns: dict[str, Any]
    lines: Sequence[int | None]
    offsets: list[int | None]
    rejects: list[Reject] = field(default_factory=list)


class _Collected:
    """Rows given one at a time as mappings, handed on as columns."""

    def __init__(self, shown: str) -> None:
        self.shown = shown
        self.rows: list[Mapping[str, Any]] = []
        self.lines: list[int | None] = []
        self.offsets: list[int | None] = []
        self.rejects: list[Reject] = []

    def add(self, row: Mapping[str, Any], line: int | None, offset: int | None) -> None:
        self.rows.append(row)
        self.lines.append(line)
        self.offsets.append(offset)

    def reject(self, line: int | None, reason: str) -> None:
        self.rejects.append(Reject(self.shown, line, reason))

    @property
    def full(self) -> bool:
        return len(self.rows) >= BATCH or len(self.rejects) >= BATCH

    def take(self) -> Rows:
        names = dict.fromkeys(name for row in self.rows for name in row)
        columns = {name: [row.get(name) for row in self.rows] for name in names}
        taken = Rows(columns, self.lines, self.offsets, self.rejects)
        self.__init__(self.shown)  # type: ignore[misc]
        return taken


# ---------------------------------------------------------------- JSON


def json_lines(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    """One JSON object a line; empty lines are skipped, anything else that is no object is a reject."""
    kept = _Collected(incoming.shown)
    encoding = encoding_of(stream.peek())
    for number, offset, line in stream.lines():
        data = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not data or data.isspace():
            continue
        if encoding != "utf-8":
            data = data.decode(encoding, "replace").encode()
        row = _object(data, number, kept)
        if row is not None:
            kept.add(row, number, offset)
        if kept.full:
            yield kept.take()
    yield kept.take()


def json_document(data: bytes, incoming: Incoming) -> Iterator[Rows]:
    """A JSON array of objects (or one object); ``line`` is the place in the array, from 1."""
    kept = _Collected(incoming.shown)
    try:
        document = orjson.loads(_utf8(data))
    except orjson.JSONDecodeError as error:
        kept.reject(_line_of(error), f"not JSON: {_short(error)}")
        yield kept.take()
        return
    for number, row in enumerate(document if isinstance(document, list) else [document], 1):
        if isinstance(row, dict):
            kept.add(row, number, None)
        else:
            kept.reject(number, f"a {_kind(row)} where an object is expected")
        if kept.full:
            yield kept.take()
    yield kept.take()


def _object(data: bytes, number: int, kept: _Collected) -> dict[str, Any] | None:
    try:
        row = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        if error.msg.startswith("str is not valid UTF-8") or "invalid utf-8" in error.msg.lower():
            kept.reject(number, "not text in UTF-8: the line has bytes that are no character")
        else:
            kept.reject(number, f"not JSON: {_short(error)}")
        return None
    if not isinstance(row, dict):
        kept.reject(number, f"a {_kind(row)} where an object is expected")
        return None
    # cheap sieve: only a line with more `":` than keys can have a key twice
    if data.count(b'":') + data.count(b'" :') > len(row):
        twice = _twice(data)
        if twice is not None:
            kept.reject(number, f"key {twice[:40]!r} stands twice with different values")
            return None
    return row


def _twice(data: bytes) -> str | None:
    """A key that the outermost object holds twice with different values (twice the same is harmless)."""
    found: list[str] = []

    def pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
        held: dict[str, Any] = {}
        twice = ""
        for key, value in items:
            if key in held and held[key] != value:
                twice = key
            held[key] = value
        found.append(twice)
        return held

    try:
        json.loads(data, object_pairs_hook=pairs)
    except (ValueError, RecursionError):
        return None
    return found[-1] or None  # the outermost object is finished last


def _utf8(data: bytes) -> bytes:
    data = data.removeprefix(codecs.BOM_UTF8)
    encoding = encoding_of(data[:MAX_LINE])
    return data if encoding == "utf-8" else data.decode(encoding, "replace").encode()


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:120]


def _line_of(error: json.JSONDecodeError) -> int:
    return error.lineno


def _kind(value: object) -> str:
    names = {list: "list", str: "text", int: "number", float: "number", bool: "true or false", dict: "object"}
    return names.get(type(value), "null")


# ---------------------------------------------------------------- CSV


def delimited(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    """A table with a header line: comma, semicolon, tab or bar, told from the header itself.

    A row with more fields than the header, or fewer, is a reject; so is a field over 16 MiB.
    """
    kept = _Collected(incoming.shown)
    sample = stream.peek()
    encoding = encoding_of(sample)
    text = _Lines(stream, "utf-8" if encoding == "utf-8" else encoding)
    first, sign = header_of(decode(sample).text)
    if sign:
        next(text, None)
    csv.field_size_limit(MAX_LINE)
    quoting = csv.QUOTE_NONE if incoming.options.get("quoting") == "none" else csv.QUOTE_MINIMAL
    delimiter = str(incoming.options.get("delimiter") or sign or _delimiter(first))
    reader = csv.reader(text, delimiter=delimiter, quoting=quoting)  # type: ignore[arg-type]
    header: list[str] | None = None
    while True:
        try:
            start, offset = text.line + 1, text.offset
            fields = next(reader, None)
        except csv.Error as error:
            reason = "lines end in CR alone; convert them" if "new-line" in str(error) else _short(error)
            kept.reject(start, f"not a row: {reason}")
            continue
        if fields is None:
            break
        if not fields:
            continue
        if header is None:
            header = _header(fields)
        elif len(fields) != len(header):
            runs = f"; it runs to line {text.line}: a quote that does not close?" if text.line > start else ""
            kept.reject(start, f"{len(fields)} fields where the header has {len(header)}{runs}")
        else:
            kept.add(dict(zip(header, fields, strict=True)), start, offset)
        if kept.full:
            yield kept.take()
    for number, count in text.replaced:
        kept.reject(number, f"kept, but {count} bytes are no text in {encoding} and read as U+FFFD")
    yield kept.take()


_SIGN = re.compile(r'"?sep=([^\w"\r\n])"?\r?\n', re.I)
"""A line by which a spreadsheet is told the delimiter; it is no header."""


def header_of(text: str) -> tuple[str, str]:
    """The header line of a table as text, and the delimiter where a line before it names one."""
    text = text.lstrip("\ufeff")
    named = _SIGN.match(text)
    return text[named.end() if named else 0 :].split("\n", 1)[0], named[1] if named else ""


class _Lines:
    """Lines of text for the csv module, which knows neither bytes nor offsets; newlines are kept."""

    def __init__(self, stream: Stream, encoding: str) -> None:
        self._lines = stream.lines()
        self._encoding = encoding
        self.line = 0
        self.offset = 0
        self.replaced: list[tuple[int, int]] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        number, offset, data = next(self._lines)
        self.line, self.offset = number, offset + len(data) + 1
        if number == 1:
            data = data.removeprefix(codecs.BOM_UTF8)
        try:
            text = data.decode(self._encoding)
        except UnicodeDecodeError:
            text = data.decode(self._encoding, "replace")
            self.replaced.append((number, text.count("�")))
        return text.replace("\0", "�") + "\n"


def _header(fields: list[str]) -> list[str]:
    """Names of the columns; an empty or repeated name gets its number, so that no column hides another."""
    names: list[str] = []
    for place, name in enumerate(fields, 1):
        name = name.strip()
        names.append(name if name and name not in names else f"{name}#{place}")
    return names


def _delimiter(first: str) -> str:
    """The sign that cuts the header into most fields, quoted ones whole."""
    counts = {}
    for sign in ",;\t|":
        try:
            counts[sign] = len(next(csv.reader(io.StringIO(first), delimiter=sign), []))
        except csv.Error:
            counts[sign] = 0
    return max(counts, key=lambda sign: counts[sign])


# ---------------------------------------------------------------- Parquet


def parquet(path: Path, incoming: Incoming, text: str | None = None) -> Iterator[Rows]:
    """A Parquet file; ``line`` is the row from 1. Numbers and times come as the text that SQL gives them.

    ``text`` names a column whose texts are left in the store (``Held``) where the file is large and the column plain.
    """
    from probata.store.parquet import NotParquet, parquet_columns, parquet_rows, read_parquet

    try:
        given = parquet_columns(path)
        kinds = {name: _as_text(kind) for name, kind in given.items() if name.lower() != "row"}
        if incoming.store and text and given.get(text) == "VARCHAR" and parquet_rows(path) >= HELD:
            tables = incoming.store.holding(path, kinds, text)
        else:
            tables = read_parquet(path, columns=kinds)
        for table in tables:
            first = int(table["row"][0]) + 1  # rows are read in their order, none left out
            lines = range(first, first + len(table["row"]))
            columns = {name: _listed(table[name]) for name in kinds}
            del table
            yield Rows(columns, lines, [None] * len(lines))
    except NotParquet as error:
        yield Rows(
            {},
            [],
            [],
            [Reject(incoming.shown, None, f"not Parquet to the end: {str(error).splitlines()[0]}")],
        )


def _listed(column: Any) -> Any:
    return column if isinstance(column, (Held, Lettered)) else column.tolist()


def only(column: Any, places: list[int]) -> Any:
    """These places of a column."""
    if isinstance(column, (Held, Lettered)):
        return column.only(places)
    return [column[place] for place in places]


def _as_text(kind: str) -> str:
    return "JSON" if kind.endswith("[]") or kind.startswith(("STRUCT", "MAP")) else "VARCHAR"
