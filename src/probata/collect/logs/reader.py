"""Bytes of a log to batches of events: content decides the format, line by line where formats mix."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from probata.collect import Incoming, UnreadableFile
from probata.collect._bytes import Block, Stream, open_stream
from probata.collect.logs.clock import Settle
from probata.collect.logs.columns import Rows, Unreadable
from probata.collect.logs.json_lines import event
from probata.collect.logs.lines import Lines
from probata.collect.logs.tables import Columns, Zeek, sniff_csv
from probata.model import Batch

BLOCK = 32 << 20
"""Bytes taken at a time: what bounds the memory."""

LONGEST = 1 << 20
"""Longest line that is read, in bytes; a longer one is a reject."""

ROWS = 50_000
"""Rows of a batch of the slow way."""

SAMPLE = 1 << 20
_MARKS = re.compile(rb'\\.|["{}\[\]]', re.DOTALL)
ARRAY = 256 << 20
"""Longest JSON array (a file that is one value) that is read."""


def read(incoming: Incoming) -> Iterator[Batch]:
    """See ``probata.collect.logs``."""
    with open_stream(incoming.path, incoming.shown) as stream:
        sample = stream.peek(SAMPLE).decode("utf-8", "replace").removeprefix("\ufeff")
        try:
            settle = Settle(incoming.options, incoming.shown, sample)
            mapping = mapping_of(incoming.options.get("mapping"))
        except ValueError as error:
            raise UnreadableFile(f"{incoming.shown}: {error}") from None
        if not sample.strip():
            return
        if "\0" in sample[:4096] and sample[:4096].count("\0") > 64:
            raise UnreadableFile(f"{incoming.shown}: not a text log (binary data); name text files")
        if sample.lstrip()[:1] == "[" and _is_array(sample):
            yield from _array(stream, incoming, settle)
            return
        table = sniff_csv(sample, mapping)
        yield from (_columns(stream, incoming, settle, table) if table else _text(stream, incoming, settle))


def mapping_of(option: Any) -> Mapping[str, str]:
    """ECS field to column name, from a mapping or from ``field=column,field=column``.

    Raises:
        ValueError: the text is no such list.
    """
    if not option:
        return {}
    if isinstance(option, Mapping):
        return {str(field): str(column) for field, column in option.items()}
    pairs = [part.partition("=") for part in str(option).split(",")]
    if not all(field.strip() and column.strip() for field, _, column in pairs):
        raise ValueError(
            f"option mapping: {option!r} is not field=column,field=column (as source.ip=src,@timestamp=ts)"
        )
    return {field.strip(): column.strip() for field, _, column in pairs}


def _is_array(sample: str) -> bool:
    start = sample.lstrip()[1:].lstrip()
    return start[:1] == "{"


def _array(stream: Stream, incoming: Incoming, settle: Settle) -> Iterator[Batch]:
    """A file that is one JSON array of events; ``line`` is the line on which an entry starts."""
    rows = Rows(incoming)
    data = stream.read_all(ARRAY)
    if data is None:
        raise UnreadableFile(
            f"{incoming.shown}: a JSON array of more than {ARRAY >> 20} MB; write one object a line instead"
        )
    starts = list(_entries(data))
    for start, end, line in starts:
        try:
            value = orjson.loads(data[start:end])
            made = event(value, settle, None)
        except orjson.JSONDecodeError:
            rows.reject(line, "an entry of the array that is not JSON")
            continue
        if made is None:
            rows.reject(line, "a JSON object without a source address or a known layout")
            continue
        rows.add(made, line, start)
        if len(rows) >= ROWS:
            yield rows.take()
    yield rows.take(stream.take_rejects())


def _entries(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(start, end, line) of each object right under the top array, found by brackets outside of strings."""
    depth, start, inside, line, at = 0, 0, False, 1, 0
    for found in _MARKS.finditer(data):
        mark = found[0]
        line += data.count(b"\n", at, found.start())
        at = found.start()
        if mark == b'"':
            inside = not inside
        elif inside or len(mark) > 1:
            continue
        elif mark in b"{[":
            depth += 1
            if depth == 2 and mark == b"{":
                start, first = found.start(), line
        else:
            depth -= 1
            if depth == 1 and mark == b"}":
                yield start, found.end(), first


def _columns(stream: Stream, incoming: Incoming, settle: Settle, table: Columns) -> Iterator[Batch]:
    rows = Rows(incoming)
    for number, offset, data in stream.lines(LONGEST):
        if number == 1 or not data.strip():
            continue
        made = table.row(data.decode("utf-8", "replace").rstrip("\r"), settle)
        if made is None:
            rows.reject(number, "a row with another number of cells than the header, or without a source")
        else:
            rows.add(made, number, offset)
        if len(rows) >= ROWS:
            yield rows.take(stream.take_rejects())
    yield rows.take(stream.take_rejects())


def _text(stream: Stream, incoming: Incoming, settle: Settle) -> Iterator[Batch]:
    """Lines: what the access scan does not take goes to the text parsers."""
    from probata.collect.logs import scan  # numba: imported when there is something to scan

    state = _Text(incoming, settle)
    for block in stream.blocks(BLOCK, LONGEST):
        scanned = scan.block(block.data) if scan.worth(block.data) else None
        if scanned is not None and scanned.taken:
            yield scanned.batch(incoming, block, settle)
        state.slow(block, scanned)
        if len(state.rows) >= ROWS:
            yield state.rows.take(stream.take_rejects())
    yield state.rows.take(stream.take_rejects())


class _Text:
    """The slow way through one file."""

    def __init__(self, incoming: Incoming, settle: Settle) -> None:
        self.rows = Rows(incoming)
        self._lines = Lines(settle)
        self._settle = settle
        self._zeek = Zeek()

    def slow(self, block: Block, scanned: Any) -> None:
        """Parse the lines of a block that the scan left."""
        for start, end, number in _left(block, scanned):
            data = block.data[start:end]
            text = data.decode("utf-8", "replace").rstrip("\r\n")
            if number == 1:
                text = text.removeprefix("\ufeff")
            if not text.strip():
                continue
            try:
                row = self._one(text)
                if row is not None:
                    self.rows.add(row, number, block.offset + start)
            except Unreadable as reason:
                self.rows.reject(number, str(reason))

    def _one(self, text: str) -> dict[str, Any] | None:
        if text[0] == "#":
            if self._zeek.header(text):
                return None
            raise Unreadable("comment line, not an event")
        if self._zeek.fields:
            row = self._zeek.row(text, self._settle)
            if row is not None:
                return row
        return self._lines.parse(text)


def _left(block: Block, scanned: Any) -> Iterator[tuple[int, int, int]]:
    """(start, end, line number) of each line that the scan did not take, in order."""
    if scanned is not None:
        yield from ((int(s), int(e), int(n) + block.line) for s, e, n in scanned.left())
        return
    start, number, data = 0, block.line, block.data
    while start < len(data):
        end = data.find(b"\n", start)
        end = len(data) if end < 0 else end
        yield start, end, number
        start, number = end + 1, number + 1
