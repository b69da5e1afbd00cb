"""DuckDB over Parquet parts: the default engine, in one process, without a server.

Only ``execute`` is used, never the relational methods, which changed between DuckDB 1.5 and 2.0.
"""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from probata.model import SCHEMAS, Table
from probata.store.columns import Array, clean, to_arrays


def _identified(kind: str) -> bool:
    """Whether rows of that table are one record each, known by their id (poll rows are one a party)."""
    return "id" in SCHEMAS.get(kind, {}) and kind != "polls"


def _cast(name: str, array: Array) -> str:
    """A column without any value has no type of its own: it is text, as most columns of objects are."""
    empty = array.dtype.kind == "O" and all(value is None for value in array)
    return f'CAST("{name}" AS VARCHAR) AS "{name}"' if empty else f'"{name}"'


class DuckStore:
    """Parts as ``folder/<kind>/<part>.parquet``, or as engine tables in memory without a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._memory: dict[tuple[str, str], str] = {}
        self._viewed: dict[str, str] = {}
        self._chosen: dict[str, tuple[str, ...]] = {}
        self._connection = duckdb.connect()
        self._connection.execute("SET preserve_insertion_order = true")
        self._connection.execute("SET TimeZone = 'UTC'")
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            self._drop_unfinished()

    def add(self, kind: str, part: str, columns: Table) -> int:
        """See ``Store.add``. A part appears by one atomic rename: a killed run leaves none half written."""
        if self.has(kind, part):
            return 0
        arrays = to_arrays(columns)
        if _identified(kind):
            arrays = self._distinct(arrays)
        rows = len(next(iter(arrays.values()))) if arrays else 0
        self._connection.register("incoming", arrays)
        select = self._typed_select(kind, arrays)
        if self._folder is None:
            name = f"part_{uuid.uuid4().hex}"
            self._connection.execute(f'CREATE TABLE "{name}" AS {select}')
            self._memory[kind, part] = name
        else:
            self._write_part(self._folder / kind / f"{part}.parquet", select)
        self._connection.unregister("incoming")
        return rows

    def has(self, kind: str, part: str) -> bool:
        """See ``Store.has``."""
        if self._folder is None:
            return (kind, part) in self._memory
        return (self._folder / kind / f"{part}.parquet").exists()

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> Table:
        """See ``Store.read``."""
        self._make_views()
        return clean(self._connection.execute(sql, list(parameters)).fetchnumpy())

    def batches(self, sql: str, rows: int = 100_000) -> Iterator[Table]:
        """See ``Store.batches``: rows come in the order of the query, numbered by the engine."""
        self._make_views()
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE cursor_rows AS {sql}")
        counted = self._connection.execute("SELECT count(*) FROM cursor_rows").fetchone()
        total = int(counted[0]) if counted else 0
        for start in range(0, total, rows):
            window = f"SELECT * FROM cursor_rows WHERE rowid >= {start} AND rowid < {start + rows}"
            yield clean(self._connection.execute(window).fetchnumpy())

    def texts(self, sql: str, rows: int = 8192) -> Iterator[tuple[list[str], list[bytes]]]:
        """See ``Store.texts``; a result that is fetched piece by piece is never whole in memory."""
        self._make_views()
        self._connection.execute(f"SELECT id, encode(coalesce(text, '')) FROM ({sql}) AS asked(id, text)")
        while fetched := self._connection.fetchmany(rows):
            names, texts = zip(*fetched, strict=True)
            yield list(names), list(texts)

    def tables(self) -> tuple[str, ...]:
        """See ``Store.tables``."""
        return tuple(sorted(self._parts()))

    def export(self, path: Path, what: Table | str) -> None:
        """See ``Store.export``."""
        if isinstance(what, str):
            self._make_views()
            self._write_part(path, what)
            return
        arrays = to_arrays(what)
        self._connection.register("incoming", arrays)
        shown = [_cast(name, array) for name, array in arrays.items()]
        self._write_part(path, f"SELECT {', '.join(shown)} FROM incoming")
        self._connection.unregister("incoming")

    def choose(self, kind: str, keys: Sequence[str]) -> None:
        """See ``Store.choose``."""
        self._chosen[kind] = tuple(keys)
        self._viewed.pop(kind, None)
        self._connection.execute(f'DROP VIEW IF EXISTS "{kind}"')

    def close(self) -> None:
        """See ``Store.close``."""
        self._connection.close()

    def _distinct(self, arrays: dict[str, Array]) -> dict[str, Array]:
        """Keep the first of the rows that share an id within this part."""
        self._connection.register("arriving", {"id": arrays["id"], "row": np.arange(len(arrays["id"]))})
        first = "SELECT min(row) AS row FROM arriving GROUP BY id ORDER BY row"
        rows = np.asarray(self._connection.execute(first).fetchnumpy()["row"], dtype=np.int64)
        self._connection.unregister("arriving")
        if len(rows) == len(arrays["id"]):
            return arrays
        return {name: column[rows] for name, column in arrays.items()}

    def _typed_select(self, kind: str, arrays: dict[str, Array]) -> str:
        """Give known columns their declared type: an all-empty column must not change type by part."""
        schema = SCHEMAS.get(kind, {})
        shown = [
            f'CAST("{n}" AS {schema[n]}) AS "{n}"' if n in schema else _cast(n, a) for n, a in arrays.items()
        ]
        return f"SELECT {', '.join(shown)} FROM incoming"

    def _write_part(self, path: Path, select: str) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.stem}.{os.getpid()}.unfinished")
        quoted = str(unfinished).replace("'", "''")
        self._connection.execute(f"COPY ({select}) TO '{quoted}' (FORMAT parquet, COMPRESSION zstd)")
        os.replace(unfinished, path)

    def _drop_unfinished(self) -> None:
        assert self._folder is not None
        for leftover in self._folder.glob("*/.*.unfinished"):
            leftover.unlink(missing_ok=True)

    def _parts(self) -> dict[str, list[tuple[str, str]]]:
        """Name and place of the parts to show, by kind, in an order that does not depend on history."""
        if self._folder is None:
            places = [(kind, part, name) for (kind, part), name in self._memory.items()]
        else:
            paths = sorted(self._folder.glob("*/*.parquet"))
            places = [(path.parent.name, path.stem, str(path)) for path in paths]
        found: dict[str, list[tuple[str, str]]] = {}
        for kind, part, place in places:
            chosen = self._chosen.get(kind)
            if chosen is None or part.startswith(chosen):
                found.setdefault(kind, []).append((part, place))
        return dict(sorted(found.items()))

    def _make_views(self) -> None:
        """One view a kind, made anew only where the parts to show have changed."""
        for kind, parts in self._parts().items():
            union = self._union(parts)
            if self._viewed.get(kind) == union:
                continue
            shown = self._without_repeats(kind, union) if _identified(kind) else union
            self._connection.execute(
                f'CREATE OR REPLACE TEMP VIEW "{kind}" AS SELECT * EXCLUDE (part) FROM ({shown})'
            )
            self._viewed[kind] = union

    def _union(self, parts: list[tuple[str, str]]) -> str:
        """Parts may differ in columns (log formats do), so they are united by name."""
        if self._folder is None:
            selects = [f"SELECT *, '{part}' AS part FROM \"{place}\"" for part, place in parts]
            return " UNION ALL BY NAME ".join(selects)
        files = ", ".join("'" + place.replace("'", "''") + "'" for _, place in parts)
        return f"SELECT * FROM read_parquet([{files}], union_by_name = true, filename = 'part')"

    def _without_repeats(self, kind: str, union: str) -> str:
        """Show a record that several parts hold once, from the first of them."""
        counted = self._connection.execute(f"SELECT count(*) = count(DISTINCT id) FROM ({union})").fetchone()
        if counted and counted[0]:
            return union
        ids = f"SELECT id, part FROM ({union})"
        later = f"SELECT id, part, min(part) OVER (PARTITION BY id) AS first FROM ({ids})"
        table = f'"repeated_{kind}"'
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT id, part FROM ({later}) WHERE part <> first"
        )
        return f"SELECT * FROM ({union}) WHERE (id, part) NOT IN (SELECT (id, part) FROM {table})"
