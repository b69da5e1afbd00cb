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
from probata.store.held import Held, Room, Window
from probata.store.lettered import Lettered, Part
from probata.store.parquet import parquet_rows, quoted_name, select_rows, windows

_T = TypeVar("_T")


def ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The same items, each made in another thread while the one before is used."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
            del item


def held_windows(path: Path, others: Mapping[str, str], text: str, rows: int) -> Iterator[Table]:
    """Tables of many rows: ``row`` from 0, the texts as ``Held``, each other column as the text that its kind gives it
    (``Lettered``).

    While the texts of one table are copied, the next one is unpacked.

    Raises:
        duckdb.Error: truncated, damaged or not Parquet at all; tables given before count.
    """
    room = Room(parquet_rows(path))
    start = 0
    for texts, *parts in ahead(_unpacked(path, others, text, rows)):
        absent = np.concatenate([absent for *_, absent in texts])
        window = Window(room.put([(data, edges) for data, edges, _ in texts]), absent)
        found: dict[str, Any] = {
            name: Lettered(part).copy() for name, part in zip(others, parts, strict=True)
        }
        texts.clear()
        parts.clear()  # the engine's memory is free for the table after the next
        found["row"] = np.arange(start, start + len(absent), dtype=np.int64)
        found[text] = Held(window, np.arange(len(absent)))
        start += len(absent)
        yield found


def _unpacked(path: Path, others: Mapping[str, str], text: str, rows: int) -> Iterator[list[list[Part]]]:
    """The texts and the other columns of each table, as the engine hands them over.

    All in one go; where that ends in damage, what is left before it comes by row groups.
    """
    connection = duckdb.connect()  # of its own: it works while the store's own connection does
    shown = f"encode(CAST({quoted_name(text)} AS VARCHAR)) AS text"
    for name, kind in others.items():
        shown += f", CAST(CAST({quoted_name(name)} AS {kind}) AS VARCHAR) AS {quoted_name(name)}"
    try:
        for setting in (
            "TimeZone = 'UTC'",
            "preserve_insertion_order = true",
            "arrow_large_buffer_size = true",
            "threads = 1",  # the others have work already
        ):
            connection.execute(f"SET {setting}")
        given = 0
        try:
            for batch in arrow.tables(connection, select_rows(path, shown, 0, 1 << 60), 1 + len(others)):
                given += len(batch[0][2])
                yield [[part] for part in batch]
        except duckdb.Error:
            for start, stop in windows(connection, path, rows):
                if stop > given:
                    select = select_rows(path, shown, max(start, given), stop)
                    batches = list(arrow.tables(connection, select, 1 + len(others)))
                    yield [list(parts) for parts in zip(*batches, strict=True)]
    finally:
        connection.close()
