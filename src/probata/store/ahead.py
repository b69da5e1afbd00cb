"""A large Parquet file window by window, the next one unpacked by the engine while the caller works on this one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np

from probata.model import Table
from probata.store import arrow
from probata.store.columns import clean
from probata.store.held import Held, Room, Window
from probata.store.lettered import Lettered, Part
from probata.store.parquet import parquet_rows, quoted_name, select_rows, shown_columns, windows

_T = TypeVar("_T")

TEXT = "VARCHAR"
"""The kind of column that comes as ``Lettered``."""


def ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The same items, each made in another thread while the one before is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
            del item


def held_windows(path: Path, others: Mapping[str, str], text: str, rows: int) -> Iterator[Table]:
    """Tables of about ``rows`` rows: ``row`` from 0, the texts as ``Held``, the other columns as they are asked for,
    of which those asked for as text are ``Lettered``.

    While the texts of one window are copied, the next one is unpacked.

    Raises:
        duckdb.Error: truncated, damaged or not Parquet at all; tables given before count.
    """
    room = Room(parquet_rows(path))
    for (texts, *parts), found in ahead(_unpacked(path, others, text, rows)):
        absent = np.concatenate([absent for *_, absent in texts])
        window = Window(room.put([(data, edges) for data, edges, _ in texts]), absent)
        written = [name for name, kind in others.items() if kind == TEXT]
        found.update({name: Lettered(part).copy() for name, part in zip(written, parts, strict=True)})
        texts.clear()
        parts.clear()  # the engine's memory is free for the window after the next
        found[text] = Held(window, np.arange(len(absent)))
        yield found


def _unpacked(
    path: Path, others: Mapping[str, str], text: str, rows: int
) -> Iterator[tuple[list[list[Part]], dict[str, Any]]]:
    """The texts of each window and the columns of text as the engine hands them over, and the other columns."""
    connection = duckdb.connect()  # of its own: it works while the store's own connection does
    written = {name: kind for name, kind in others.items() if kind == TEXT}
    plain = {name: kind for name, kind in others.items() if kind != TEXT}
    shown = ", ".join(
        [f"encode(CAST({quoted_name(text)} AS VARCHAR)) AS text", *filter(None, [shown_columns(written)])]
    )
    try:
        for setting in (
            "TimeZone = 'UTC'",
            "preserve_insertion_order = true",
            "arrow_large_buffer_size = true",
        ):
            connection.execute(f"SET {setting}")
        for start, stop in windows(connection, path, rows):
            batches = list(arrow.tables(connection, select_rows(path, shown, start, stop), 1 + len(written)))
            found: dict[str, Any] = {}
            if plain:
                select = select_rows(path, shown_columns(plain), start, stop)
                found.update(clean(connection.execute(select).fetchnumpy()))
            found["row"] = np.arange(start, stop, dtype=np.int64)
            yield [list(parts) for parts in zip(*batches, strict=True)], found
    finally:
        connection.close()
