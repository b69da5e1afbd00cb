"""What the verbs print and write: tables for people, documents for machines."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from probata.cli.common import while_read
from probata.model import SCHEMA, plain
from probata.store.lettered import Lettered
from probata.store.rows import AT_ONCE, Rows

if TYPE_CHECKING:
    from probata.model import Ask
    from probata.pipeline import Answered, Run
    from probata.store import Store

ROWS = {
    "spread": "pairs",
    "claims": "attributions",
    "slant": "cells",
    "attacks": "sources",
    "opinion": "average",
}
"""The list of a question's document that ``jsonl`` and ``csv`` print."""


def print_answer(done: Answered, format: str, out: Path | None, ask: Ask) -> None:
    """Print one question's answer; with ``out`` also write its tables and its document.

    ``ask`` tells what the outlets and candidates of a case are called.
    """
    document = answer_document(done)
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        with ThreadPoolExecutor(1) as pool:  # the engine writes the tables while the document is made
            tables = pool.submit(_write_tables, done, out)
            _write_document(document, out / f"{done.answer.question}.json", format == "json")
            tables.result()
    with while_read():
        if format == "table":
            from probata.export.answer import answer_view

            _print_rich(answer_view(done.answer, done.taken.rejects, _names(ask, document)))
        elif format == "json":
            for piece in json_pieces(document) if out is None else ():
                _show(piece)
        else:
            rows = document.get(ROWS[done.answer.question]) or document["findings"]
            _print_rows(rows, format)


def _names(ask: Ask, document: Mapping[str, Any]) -> dict[str, str]:
    """What outlets, candidates and articles are called, by id and by domain."""
    articles = document["articles"]
    names = {}
    if isinstance(articles, Rows) and any(titles := articles.values_of("title")):
        named = zip(articles.values_of("id"), titles, strict=True)
        names = {name: title for name, title in named if title}
    names |= {key: outlet.name for outlet in ask.outlets for key in (outlet.id, *outlet.domains)}
    return names | {candidate.id: candidate.name for candidate in ask.candidates}


def answer_document(done: Answered) -> dict[str, Any]:
    """The machine-readable answer (``docs/formats.md``)."""
    rejects = done.taken.rejects
    reasons: dict[str, int] = {}
    for reject in rejects:
        reasons[reject.kind] = reasons.get(reject.kind, 0) + 1
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "question": done.answer.question,
        "articles": _articles(done.store),
        **done.answer.document,
        "findings": plain(done.answer.findings),
        "gaps": plain(done.answer.gaps),
    }
    document.setdefault("rejects", {"count": len(rejects), "reasons": reasons, "first": plain(rejects[:100])})
    return document


def write_extras(done: Answered, extras: Mapping[str, Any]) -> None:
    """Write what a verb was asked to write beside its answer: observables, a block list, proposed allegations."""
    from probata.export import blocklist, observables

    sources = done.answer.tables.get("sources", {})
    masked = not extras.get("unmask")
    if path := extras.get("observables"):
        found = observables.observables(sources, masked)
        text = observables.to_csv(found)
        if path.suffix == ".json":
            text = as_json(observables.to_stix(found, "Sources seen in one's own logs")).decode()
        path.write_text(text, encoding="utf-8")
    if path := extras.get("block_list"):
        path.write_text(blocklist.block_list(sources, _last_day(done)).text, encoding="utf-8")
    if path := extras.get("propose"):
        path.write_text(str(done.answer.document.get("proposed", "")), encoding="utf-8")
    for path in (extras[name] for name in ("observables", "block_list", "propose") if name in extras):
        sys.stderr.write(f"probata: wrote {path}\n")


def _last_day(done: Answered) -> date:
    """The last day of the log, from which a block list counts."""
    rows = done.store.read('SELECT max("@timestamp") AS last FROM events')["last"]
    return date.fromisoformat(str(rows[0])[:10]) if str(rows[0]) != "NaT" else date.today()


def print_case(done: Run, format: str) -> None:
    """Print the board, or the case document."""
    with while_read():
        _print_case(done, format)


def _print_case(done: Run, format: str) -> None:
    from probata.export.document import case_document

    if format == "table":
        from probata.export.board import board

        _print_rich(board(done.case))
        sys.stdout.write(
            f"\nwritten: {done.folder}/report.html, case.json, findings.parquet, manifest.json\n"
        )
        return
    document = case_document(done.case)
    if format == "json":
        sys.stdout.write(as_json(document).decode())
    else:
        _print_rows(document["findings"], format)


def as_json(document: Mapping[str, Any]) -> bytes:
    """UTF-8 JSON without NaN or Infinity; a lone surrogate from hostile text is written as an escape."""
    import json

    import orjson

    try:
        option = _written() | orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        return orjson.dumps(document, default=plain, option=option)
    except TypeError:  # orjson refuses surrogates and very large integers; the standard library escapes them
        return (json.dumps(plain(document), indent=2, allow_nan=False) + "\n").encode("ascii")


def json_pieces(document: Mapping[str, Any]) -> Iterator[bytes | memoryview]:
    """``as_json`` of a document that is not empty, but each row of its tables on one line; piece by piece."""
    before = b"{\n"
    for key, value in document.items():
        if isinstance(value, Rows) and len(value):
            yield before + as_json({key: []})[2 : -len(b"]\n}\n")]
            for start in range(0, len(value), AT_ONCE):
                lines = _lines(value, start)
                yield lines if start else lines[len(b",") :]
            yield b"\n  ]"
        else:
            yield before + as_json({key: [] if isinstance(value, Rows) else value})[2:-3]
        before = b",\n"
    yield b"\n}\n"


def _lines(rows: Rows, start: int) -> bytes | memoryview:
    """Some rows, a comma and a line break before each; JSON text goes in as it stands."""
    # a short list is not worth the loading of a compiler
    ways = (_by_column, _row_by_row) if len(rows) >= AT_ONCE else (_row_by_row,)
    for way in ways:
        with suppress(TypeError, UnicodeEncodeError):
            return way(rows, start)
    return _escaped(rows, start)


def _by_column(rows: Rows, start: int) -> memoryview:
    """Made column by column: a mapping a row would take most of the time of a long document.

    Raises:
        TypeError: values that are lists or mappings, or that orjson refuses.
        UnicodeEncodeError: JSON text that is no Unicode.
    """
    import orjson

    from probata.store.interleave import interleaved

    leads, columns = [], []
    for name, values, ready in rows.columns(start, start + AT_ONCE):
        leads.append(b"," + orjson.dumps(name) + b":")
        columns.append((values if isinstance(values, Lettered) else _values(values, ready), ready))
    leads[0] = b",\n    {" + leads[0][len(b",") :]
    return interleaved([*leads, b"}"], columns, min(AT_ONCE, len(rows) - start))


def _values(values: Any, ready: bool) -> bytes | memoryview:
    """Values of a column as JSON as they stand in an indented list, a line break after the last."""
    import orjson

    if ready:
        text = ",\n  ".join(values.tolist()) + "\n"
        if text.count("\n") > len(values):
            raise TypeError("JSON text of several lines")
        return text.encode()
    option = _written() | orjson.OPT_INDENT_2
    if isinstance(values, np.ndarray):
        values = np.ascontiguousarray(values)
        # times, as ``Rows`` has them
        option |= orjson.OPT_NAIVE_UTC | orjson.OPT_UTC_Z | orjson.OPT_OMIT_MICROSECONDS
    lines = orjson.dumps(values, default=plain, option=option)
    return memoryview(lines)[len(b"[\n  ") : -len(b"]")]


def _row_by_row(rows: Rows, start: int) -> bytes:
    """Made of a mapping a row.

    Raises:
        TypeError: values that orjson refuses.
    """
    import orjson

    found = rows.unread(start, start + AT_ONCE)
    return b"".join(b",\n    " + orjson.dumps(row, default=plain, option=_written()) for row in found)


def _escaped(rows: Rows, start: int) -> bytes:
    """What orjson refuses, as in ``as_json``."""
    import json

    found = map(plain, rows[start : start + AT_ONCE])
    lines = (json.dumps(row, separators=(",", ":"), allow_nan=False) for row in found)
    return "".join(f",\n    {line}" for line in lines).encode("ascii")


def _written() -> int:
    import orjson

    return orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_NON_STR_KEYS


def _write_document(document: Mapping[str, Any], path: Path, show: bool) -> None:
    """Write a document, and show what is written where it is asked for."""
    with path.open("wb") as target:
        for piece in json_pieces(document):
            target.write(piece)
            if show:
                with while_read():
                    _show(piece)


def _show(piece: bytes | memoryview) -> None:
    """Print UTF-8 as it is, without a way through text, where standard output takes bytes."""
    sys.stdout.flush()  # what was printed as text comes first
    if hasattr(sys.stdout, "buffer"):
        sys.stdout.buffer.write(piece)
    else:
        sys.stdout.write(bytes(piece).decode())


def _write_tables(done: Answered, out: Path) -> None:
    for name, table in done.answer.tables.items():
        done.store.export(out / f"{name}.parquet", table)
    if "events" in done.store.tables():
        done.store.export(out / "events.parquet", "SELECT * FROM events ORDER BY file, line")
    rejects = done.taken.rejects
    columns = {
        "file": [reject.path for reject in rejects],
        "line": [reject.line for reject in rejects],
        "reason": [reject.reason for reject in rejects],
    }
    done.store.export(out / "rejects.parquet", columns)


def _articles(store: Store) -> Sequence[Mapping[str, Any]]:
    """How an article id leads back to the file given."""
    if "articles" not in store.tables():
        return []
    shown = ("id", "path", "title", "source", "given_id", "line")
    return Rows(store.lettered("articles", shown, ("path", "line", "id")), _of_article, ("line",))


def _of_article(name: str, column: Any) -> list[Any]:
    """Text or None, and the line as a whole number."""
    values: list[Any] = column.tolist()
    return [None if line is None else int(line) for line in values] if name == "line" else values


def _print_rows(rows: Iterable[Mapping[str, Any]], format: str) -> None:
    from probata.export.tables import csv_text, jsonl_text

    shown = plain(list(rows))
    text = jsonl_text(shown) if format == "jsonl" else csv_text(shown)
    sys.stdout.write(text.encode("utf-8", "backslashreplace").decode())  # a lone surrogate shows as its code


def _print_rich(view: Any) -> None:
    from rich.console import Console

    class Piped(Console):
        def on_broken_pipe(self) -> None:
            raise BrokenPipeError  # the library would end the program as if it had failed

    console = Piped(highlight=False, soft_wrap=False)
    console.print(view)
