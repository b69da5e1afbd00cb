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


class DuckStore:
    """Parts as ``folder/<kind>/<part>.parquet``, or as engine tables in memory without a folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._memory: dict[tuple[str, str], str] = {}
        self._known: set[str] = set()
        self._viewed: dict[str, str] = {}
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
            arrays = self._only_new(kind, arrays)
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

    def tables(self) -> tuple[str, ...]:
        """See ``Store.tables``."""
        return tuple(sorted(self._parts()))

    def close(self) -> None:
        """See ``Store.close``."""
        self._connection.close()

    def _only_new(self, kind: str, arrays: dict[str, Array]) -> dict[str, Array]:
        """Drop rows whose id stands earlier in this part or in a part before it."""
        known = f'"known_{kind}"'
        self._load_known(kind, known)
        self._connection.register("arriving", {"id": arrays["id"], "row": np.arange(len(arrays["id"]))})
        rows = self._connection.execute(
            f"SELECT min(row) AS row FROM arriving WHERE id NOT IN (SELECT id FROM {known}) GROUP BY id ORDER BY row"
        ).fetchnumpy()["row"]
        self._connection.execute(
            f"INSERT INTO {known} SELECT DISTINCT id FROM arriving WHERE id NOT IN (SELECT id FROM {known})"
        )
        self._connection.unregister("arriving")
        if len(rows) == len(arrays["id"]):
            return arrays
        index = np.asarray(rows, dtype=np.int64)
        return {name: column[index] for name, column in arrays.items()}

    def _load_known(self, kind: str, known: str) -> None:
        """Ids already stored, read once an opened store; from then on kept beside the parts."""
        if known in self._known:
            return
        self._make_views()
        stored = f'SELECT id FROM "{kind}"' if kind in self.tables() else "SELECT '' AS id WHERE false"
        self._connection.execute(f"CREATE TEMP TABLE {known} AS {stored}")
        self._known.add(known)

    def _typed_select(self, kind: str, arrays: dict[str, Array]) -> str:
        """Give known columns their declared type: an all-empty column must not change type by part."""
        schema = SCHEMAS.get(kind, {})
        shown = [f'CAST("{n}" AS {schema[n]}) AS "{n}"' if n in schema else f'"{n}"' for n in arrays]
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

    def _parts(self) -> dict[str, str]:
        """The SELECT that unites the parts of each kind. Parts may differ in columns (log formats do)."""
        found: dict[str, list[str]] = {}
        if self._folder is None:
            for (kind, _), name in self._memory.items():
                found.setdefault(kind, []).append(f'SELECT * FROM "{name}"')
            return {kind: " UNION ALL BY NAME ".join(parts) for kind, parts in sorted(found.items())}
        for path in sorted(self._folder.glob("*/*.parquet")):
            quoted = str(path).replace("'", "''")
            found.setdefault(path.parent.name, []).append(f"'{quoted}'")
        return {
            kind: f"SELECT * FROM read_parquet([{', '.join(parts)}], union_by_name = true)"
            for kind, parts in sorted(found.items())
        }

    def _make_views(self) -> None:
        """One view a kind, made anew only where parts were added."""
        for kind, select in self._parts().items():
            if self._viewed.get(kind) != select:
                self._connection.execute(f'CREATE OR REPLACE TEMP VIEW "{kind}" AS {select}')
                self._viewed[kind] = select
