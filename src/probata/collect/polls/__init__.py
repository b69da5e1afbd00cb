"""Polls from any table or JSON document of polls: one record a poll and hypothesis, one row a party.

Layouts known by their columns or keys: PollsPosition JSON, nsppolls (CSV and JSON), SwedishPolls, FiveThirtyEight
raw polls, the French file by bloc, and tidy tables, long (``party``, ``share``) or wide (one column a party).
Reading options: ``election`` (label), ``election_date`` (YYYY-MM-DD) and ``round`` (1 or 2) for files that say neither.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from probata.collect import Incoming, UnreadableFile
from probata.collect._bytes import Stream, open_stream
from probata.collect.polls.checks import check
from probata.collect.polls.entry import Entry, columns_of
from probata.collect.polls.nested import entries_in, json_lines
from probata.collect.polls.sheets import entries_of
from probata.model import Batch, Reject, content_id

VERSION = "1"

_MOST_BYTES = 256 << 20
_REMEDY = "give CSV or JSON with a date, a pollster and one column a party (or party and share)"


def read(incoming: Incoming) -> Iterator[Batch]:
    """Read one file of polls into a batch of the ``polls`` table.

    Raises:
        UnreadableFile: it is no table and no JSON, or nothing in it looks like polls.
    """
    with open_stream(incoming.path, incoming.shown) as stream:
        text = _text(stream, incoming.shown)
        rejects = list(stream.take_rejects())
    try:
        entries, broken = _entries(text)
    except ValueError as problem:
        raise UnreadableFile(f"{incoming.shown}: no polls found: {problem}; {_REMEDY}") from None
    rejects += [Reject(incoming.shown, line, reason) for line, reason in broken]
    check(entries, incoming.options)
    good = [entry for entry in entries if not entry.faults]
    rejects += [Reject(incoming.shown, e.line, "; ".join(e.faults)) for e in entries if e.faults]
    yield Batch("polls", columns_of(good, incoming.evidence, incoming.shown, content_id), tuple(rejects))


def _text(stream: Stream, shown: str) -> str:
    data = stream.read_all(_MOST_BYTES)
    if data is None:
        raise UnreadableFile(f"{shown}: over {_MOST_BYTES >> 20} MiB is no list of polls; split it")
    if b"\0" in data[:4096]:
        raise UnreadableFile(f"{shown}: binary data, not a table of polls; {_REMEDY}")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _entries(text: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    """Entries of the file, and lines that are no JSON or have too few or too many values."""
    start = text.lstrip()[:1]
    if start in ("{", "["):
        return _json(text)
    return _csv(text)


def _json(text: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    try:
        return entries_in(json.loads(text))[1], []
    except RecursionError:
        raise ValueError("JSON nested too deeply") from None
    except json.JSONDecodeError as problem:
        if not text.lstrip().startswith("{"):
            raise ValueError(f"broken JSON at line {problem.lineno}") from None
    objects, broken = [], []
    for line, row in enumerate(text.split("\n"), 1):
        if row.strip():
            try:
                objects.append((line, json.loads(row)))
            except (ValueError, RecursionError):
                broken.append((line, "not a JSON object"))
    return json_lines(objects)[1], broken


def _csv(text: str) -> tuple[list[Entry], list[tuple[int, str]]]:
    first = text.split("\n", 1)[0]
    delimiter = Counter({mark: first.count(mark) for mark in ",;\t|"}).most_common(1)[0][0]
    rows: list[tuple[int, dict[str, Any]]] = []
    broken = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    header: list[str] = []
    try:
        for values in reader:
            if not any(value.strip() for value in values):
                continue
            if not header:
                header = _unique(values)
            elif len(values) > len(header):
                broken.append((reader.line_num, f"{len(values)} values under {len(header)} column names"))
            else:
                rows.append((reader.line_num, dict(zip(header, values, strict=False))))
    except csv.Error as problem:
        broken.append((reader.line_num, f"broken CSV: {problem}"))
    if len(header) < 3 or not rows:
        raise ValueError("no table with a header and rows")
    return entries_of(rows)[1], broken


def _unique(names: list[str]) -> list[str]:
    """Column names trimmed; a repeated one gets its number."""
    counts: Counter[str] = Counter()
    found = []
    for name in names:
        name = name.strip()
        counts[name] += 1
        found.append(name if counts[name] == 1 else f"{name} {counts[name]}")
    return found
