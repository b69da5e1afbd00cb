"""Parquet files of other makers, a limited number of rows at a time, through the engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb
import numpy as np

from probata.model import Table
from probata.store.columns import Array, clean

WINDOW = 131_072
"""Rows that are read at a time."""


class NotParquet(ValueError):
    """The file cannot be read as Parquet; the message is the engine's reason in one line."""


def parquet_columns(path: Path) -> Mapping[str, str]:
    """Names and types of the columns of a Parquet file.

    Raises:
        NotParquet: truncated, damaged or not Parquet at all.
    """
    connection = duckdb.connect()
    try:
        source = f"read_parquet({_quoted(path)})"
        rows = connection.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()  # noqa: S608 - quoted
        return {str(name): str(kind) for name, kind, *_ in rows}
    except duckdb.Error as error:
        raise NotParquet(one_line(error)) from None
    finally:
        connection.close()


def parquet_rows(path: Path) -> int:
    """Rows of a Parquet file, as its end tells.

    Raises:
        NotParquet: truncated, damaged or not Parquet at all.
    """
    connection = duckdb.connect()
    try:
        return max((stop for _, stop in windows(connection, path, 1 << 40)), default=0)
    except duckdb.Error as error:
        raise NotParquet(one_line(error)) from None
    finally:
        connection.close()


def read_parquet(path: Path, rows: int = WINDOW, columns: Mapping[str, str] | None = None) -> Iterator[Table]:
    """Yield the rows of a Parquet file in their order, about ``rows`` at a time, and ``row`` from 0.

    ``columns`` maps the names wanted to SQL types; default: every column as it is. Windows follow the
    file's row groups, so that none is unpacked twice. Text columns are object arrays with None.

    Raises:
        NotParquet: truncated, damaged or not Parquet at all; batches given before count.
    """
    kinds = columns if columns is not None else dict.fromkeys(parquet_columns(path))
    shown = shown_columns(kinds)
    connection = duckdb.connect()
    try:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute("SET preserve_insertion_order = true")
        for start, stop in windows(connection, path, rows):
            select = select_rows(path, shown, start, stop)
            found: dict[str, Array] = clean(connection.execute(select).fetchnumpy())
            found["row"] = np.arange(start, stop, dtype=np.int64)
            yield found
    except duckdb.Error as error:
        raise NotParquet(one_line(error)) from None
    finally:
        connection.close()


def select_rows(path: Path, shown: str, start: int, stop: int) -> str:
    """Query for some rows of a file, in their order."""
    return (
        f"SELECT {shown} FROM read_parquet({_quoted(path)}, file_row_number = true) "  # noqa: S608 - quoted
        f"WHERE file_row_number >= {start} AND file_row_number < {stop}"
    )


def windows(connection: duckdb.DuckDBPyConnection, path: Path, rows: int) -> Iterator[tuple[int, int]]:
    """Runs of rows that start and end where row groups do; only a very large group is cut."""
    source = f"parquet_metadata({_quoted(path)})"
    select = f"SELECT row_group_id, any_value(row_group_num_rows) FROM {source} GROUP BY 1 ORDER BY 1"  # noqa: S608
    groups = [int(count) for _, count in connection.execute(select).fetchall()]
    start = stop = 0
    for count in groups:
        if stop > start and stop + count - start > rows:
            yield start, stop
            start = stop
        stop += count
        while stop - start > 4 * rows:
            yield start, start + rows
            start += rows
    if stop > start:
        yield start, stop


def shown_columns(kinds: Mapping[str, str | None]) -> str:
    """Columns of a query, each in the type asked for."""
    return ", ".join(_column(name, kind) for name, kind in kinds.items())


def _column(name: str, kind: str | None) -> str:
    quoted = quoted_name(name)
    return f"CAST({quoted} AS {kind}) AS {quoted}" if kind else quoted


def quoted_name(name: str) -> str:
    """A name as SQL writes it."""
    return '"' + name.replace('"', '""') + '"'


def _quoted(path: Path) -> str:
    """A literal; glob signs in a file's own name are put in brackets so that they mean themselves."""
    text = "".join(f"[{letter}]" if letter in "*?[" else letter for letter in str(path))
    return "'" + text.replace("'", "''") + "'"


def one_line(error: Exception) -> str:
    """The engine's reason, short, without the query that it was given."""
    reason = re.split(r"\n+LINE \d+:", str(error))[0]
    return " ".join(reason.split())[:200]
