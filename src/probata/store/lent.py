"""Texts that the engine reads where they lie: columns in buffers, and windows of a file in tables of its own."""

from __future__ import annotations

import uuid
import weakref
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from probata.model import SCHEMAS, Table
from probata.store import arrow
from probata.store.columns import Array, clean, literal
from probata.store.held import Held, Room, Window
from probata.store.lettered import Lettered
from probata.store.parquet import parquet_rows, quoted_name, select_rows, shown_columns, windows
from probata.text.buffers import Texts, laid_out

Lent = dict[str, tuple[str, str]]
"""By column: the table and the column in which the engine has it."""


def shown(kind: str, name: str, array: Array) -> str:
    """A column of ``incoming``, a known one in its declared type: an all-empty one must not change it by part."""
    declared = SCHEMAS.get(kind, {}).get(name)
    if declared is None:
        return cast(name, array)
    return f"CAST({literal(array) or quoted_name(name)} AS {declared}) AS {quoted_name(name)}"


def cast(name: str, array: Array) -> str:
    """A column without any value has no type of its own: it is text, as most columns of objects are."""
    empty = array.dtype.kind == "O" and all(value is None for value in array)
    return f'CAST("{name}" AS VARCHAR) AS "{name}"' if empty else f'"{name}"'


def taken_from(place: str, column: str, name: str) -> str:
    """A column of a table under a name."""
    return f'"{place}".{quoted_name(column)} AS {quoted_name(name)}'


def side_by_side(places: Iterator[str] | Mapping[str, Any]) -> str:
    """Tables of the same rows as one."""
    return " POSITIONAL JOIN ".join(f'"{place}"' for place in places)


def places_of(lent: Lent) -> dict[str, None]:
    """The tables in which lent columns lie."""
    return dict.fromkeys(place for place, _ in lent.values())


def typed_select(
    kind: str, arrays: Mapping[str, Array], held: Mapping[str, Held | Lettered], lent: Lent
) -> str:
    """Columns in their types.

    The column of held texts has the number of its row in the window; where it is lent, both go row by row.
    """
    columns = []
    source = side_by_side({**places_of(lent), "incoming": None})
    for n, array in arrays.items():
        column = held.get(n)
        if n in lent:
            columns.append(taken_from(*lent[n], n))
        elif isinstance(column, Held):
            columns.append(f'held.text AS "{n}"')
            source = f'incoming JOIN "{column.window.name}" AS held ON held.rowid = incoming."{n}"'
        else:
            columns.append(shown(kind, n, array))
    return f"SELECT {', '.join(columns)} FROM {source}"


class Lender:
    """What is lent to one connection, and the tables of windows that are still used."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self._windows: dict[str, weakref.ref[Window]] = {}

    def lend(self, held: Mapping[str, Held | Lettered], arrays: Mapping[str, Array]) -> Lent:
        """Let the engine have these rows of text columns, and no others, for good."""
        lent: Lent = {}
        buffers: dict[str, tuple[Texts, Array]] = {}
        for n, column in held.items():
            rows = arrays[n]
            window = column.window if isinstance(column, Held) else column
            if isinstance(window, Lettered) or window.name is None:
                buffers[n] = window.texts.rows(rows), window.absent[rows]
            elif len(rows) == len(window.texts):
                self._windows.pop(window.name, None)
                lent[n] = window.name, "text"
        if buffers:
            place = f"held_{uuid.uuid4().hex}"
            self._connection.register(place, arrow.Scanned(buffers))
            lent.update({n: (place, n) for n in buffers})
        return lent

    def take_back(self, lent: Lent) -> None:
        """The engine has what was lent in a file of its own now."""
        for place in places_of(lent):
            self._connection.unregister(place)

    def in_tables(self, path: Path, others: Mapping[str, str], text: str, rows: int) -> Iterator[Table]:
        """Windows of a file as temporary tables; one is dropped after the last ``Held`` of it is gone."""
        room = Room(parquet_rows(path))
        for start, stop in windows(self._connection, path, rows):
            self.drop_unused()
            name = f"held_{uuid.uuid4().hex}"
            select = select_rows(path, f"CAST({quoted_name(text)} AS VARCHAR) AS text", start, stop)
            self._connection.execute(f'CREATE TEMP TABLE "{name}" AS {select}')
            window = self._window(name, room)
            self._windows[name] = weakref.ref(window)
            found: dict[str, Any] = {}
            if others:
                select = select_rows(path, shown_columns(others), start, stop)
                found = clean(self._connection.execute(select).fetchnumpy())
            found["row"] = np.arange(start, stop, dtype=np.int64)
            found[text] = Held(window, np.arange(stop - start))
            del window
            yield found

    def _window(self, name: str, room: Room) -> Window:
        """The texts of a temporary table."""
        select = f'SELECT rowid AS place, encode(text) AS text FROM "{name}"'
        found = self._connection.execute(select).fetchnumpy()
        texts = clean(found)["text"][np.argsort(np.asarray(found["place"], dtype=np.int64))].tolist()
        absent = np.fromiter((text is None for text in texts), bool, len(texts))
        laid = laid_out([text or b"" for text in texts])
        edges = np.append(laid.starts[:1], laid.ends)
        return Window(room.put([(laid.data, edges)]), absent, name)

    def drop_unused(self) -> None:
        """Drop the tables of windows that nobody holds any more."""
        for name in [name for name, window in self._windows.items() if window() is None]:
            self._connection.execute(f'DROP TABLE IF EXISTS "{name}"')
            del self._windows[name]
