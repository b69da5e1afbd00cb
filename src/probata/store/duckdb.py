"""DuckDB over Parquet parts: the default engine, in one process, without a server.

Only ``execute`` is used, never the relational methods, which changed between DuckDB 1.5 and 2.0.
"""

from __future__ import annotations

import hashlib
import os
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from probata.model import MERGED, SCHEMAS, Table
from probata.store import arrow
from probata.store.ahead import ahead, held_windows
from probata.store.base import is_kept
from probata.store.columns import Array, clean, constant, literal, to_arrays
from probata.store.held import Held
from probata.store.lent import Lender, cast, places_of, shown, side_by_side, taken_from, typed_select
from probata.store.lettered import Lettered, hashes_of
from probata.store.parquet import WINDOW, NotParquet, one_line
from probata.text.buffers import Texts, laid_out

_SUMMED = re.compile(r"(.+)\.([0-9a-f]{20})")
"""Name of a kept part, and the sum of its bytes."""


def _identified(kind: str) -> bool:
    """Whether rows of that table are one record each, known by their id (poll rows are one a party)."""
    return "id" in SCHEMAS.get(kind, {}) and kind != "polls"


class DuckStore:
    """Parts as ``folder/<kind>/<part>.parquet``, or as engine tables in memory without a folder.

    Kept tables rest in ``keep`` (default: the folder), as ``<part>.<sum of the file>.parquet``.
    """

    def __init__(self, folder: Path | None = None, keep: Path | None = None) -> None:
        self._folder, self._keep = folder, keep or folder
        self._whole: set[Path] = set()
        self._damaged: list[str] = []
        self._memory: dict[tuple[str, str], str] = {}
        self._viewed: dict[str, str] = {}
        self._chosen: dict[str, tuple[str, ...]] = {}
        self._laid: dict[str, tuple[list[str] | Lettered, Texts]] = {}
        self._repeated: set[str] = set()
        self._single: set[str] = set()
        self._hashes: dict[str, tuple[bool, Array]] = {}
        self._connection = duckdb.connect()
        self._lender = Lender(self._connection)
        self._connection.execute("SET preserve_insertion_order = true")
        self._connection.execute("SET TimeZone = 'UTC'")
        for place in dict.fromkeys((self._folder, self._keep)):
            if place is not None:
                place.mkdir(parents=True, exist_ok=True)
                _drop_unfinished(place)

    @property
    def lasting(self) -> bool:
        """See ``Store.lasting``."""
        return self._keep is not None

    @property
    def damaged(self) -> Sequence[str]:
        """See ``Store.damaged``."""
        return self._damaged

    def add(self, kind: str, part: str, columns: Table) -> int:
        """See ``Store.add``. A part appears by one atomic rename: a killed run leaves none half written."""
        if self.has(kind, part):
            return 0
        columns = self._as_it_takes_them(columns)
        held = {name: c for name, c in columns.items() if isinstance(c, (Held, Lettered))}
        arrays = to_arrays({**columns, **{name: column.rows for name, column in held.items()}})
        hashes = np.sort(hashes_of(columns["id"])) if _identified(kind) else None
        if hashes is not None and not _all_differ(hashes):
            arrays, hashes = self._distinct(arrays, columns["id"]), None
        rows = len(next(iter(arrays.values()))) if arrays else 0
        self._connection.register("incoming", arrays)
        folder = self._place(kind)
        if folder is None:
            place = self._memory[kind, part] = self._in_memory(kind, arrays, held)
            if hashes is not None:
                self._hashes[place] = isinstance(columns["id"], Lettered), hashes
        else:
            lent = self._lender.lend(held, arrays)
            select = typed_select(kind, arrays, held, lent)
            path = self._write_part(folder / f"{part}.parquet", select, summed=is_kept(kind))
            if is_kept(kind):
                self._whole.add(path)
            self._lender.take_back(lent)
        self._connection.unregister("incoming")
        return rows

    def has(self, kind: str, part: str) -> bool:
        """See ``Store.has``."""
        folder = self._place(kind)
        if folder is None:
            return (kind, part) in self._memory
        if is_kept(kind):
            return bool(self.parts(kind, f"{part}."))
        return (folder / f"{part}.parquet").exists()

    def parts(self, kind: str, prefix: str) -> list[str]:
        """See ``Store.parts``."""
        folder = self._place(kind)
        if folder is None:
            return sorted(part for stored, part in self._memory if stored == kind and part.startswith(prefix))
        found = sorted(path for path in folder.glob("*.parquet") if path.name.startswith(prefix))
        return [path.stem for path in found if self._is_whole(path)]

    def part(self, kind: str, name: str, columns: Sequence[str]) -> Table:
        """See ``Store.part``."""
        folder = self._place(kind)
        if folder is None:
            place = f'"{self._memory[kind, name]}"'
        else:
            place = f"read_parquet({_quoted(folder / f'{name}.parquet')})"
        shown = ", ".join(f'"{column}"' for column in columns)
        return clean(self._connection.execute(f"SELECT {shown} FROM {place}").fetchnumpy())

    def _place(self, kind: str) -> Path | None:
        """The folder of a table, None where it rests in memory."""
        folder = self._keep if is_kept(kind) else self._folder
        return None if folder is None else folder / kind

    def _viewable(self, path: Path) -> bool:
        """Packed parts (``kept_...``) are read one by one and make no table; kept rows must be whole."""
        kind = path.parent.name
        if path.parent != self._place(kind):
            return False
        return not is_kept(kind) or (not kind.startswith("kept_") and self._is_whole(path))

    def _is_whole(self, path: Path) -> bool:
        """Whether a kept part has the bytes that were written; else it and its namesakes are dropped.

        A file whose name holds no sum is none of ours: it is neither read nor touched.
        """
        if path in self._whole:
            return True
        named = _SUMMED.fullmatch(path.stem)
        if named is None:
            return False
        name, total = named.groups()
        try:
            if total == _sum(path):
                self._whole.add(path)
                return True
        except OSError:
            pass
        assert self._keep is not None
        self._damaged.append(str(path.relative_to(self._keep)))
        for kind in filter(is_kept, os.listdir(self._keep)):
            for same in (self._keep / kind).glob(f"{name}.{20 * '[0-9a-f]'}.parquet"):
                same.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return False

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> Table:
        """See ``Store.read``."""
        self._lender.drop_unused()
        self._make_views()
        return clean(self._connection.execute(sql, list(parameters)).fetchnumpy())

    def lettered(self, kind: str, columns: Sequence[str], order: Sequence[str] = ()) -> Table:
        """See ``Store.lettered``. Rows of one file lie in its order: to see that is cheaper than to sort them."""
        self._lender.drop_unused()
        self._make_views()
        alone = self._alone(kind, *order[:2]) if len(order) > 1 and arrow.offered() else {}
        names = [name for name in columns if name not in alone]
        shown = ", ".join(f'CAST("{name}" AS VARCHAR) AS "{name}"' for name in names)
        sql = f'SELECT {shown} FROM "{kind}" AS given'
        if order and not alone:
            sql += f" ORDER BY {', '.join(f'given.{name}' for name in order)}"
        if not arrow.offered():
            return self.read(sql)
        parts = list(arrow.tables(self._connection, sql, len(names)))
        found = {name: Lettered([part[k] for part in parts]) for k, name in enumerate(names)}
        return {name: alone[name] if name in alone else found[name] for name in columns}

    def _alone(self, kind: str, first: str, second: str) -> Table:
        """The first of two columns where all rows share its value and rise by the second, else none."""
        rows = f'SELECT {first} AS first, {second} AS given, lag({second}) OVER () AS before FROM "{kind}"'
        shown = "min(first), max(first), count(first), count(*), count(*) FILTER (before < given)"
        found = self._connection.execute(f"SELECT {shown} FROM ({rows})").fetchall()
        low, high, known, total, rising = found[0]
        return {first: constant(low, total)} if low == high and known == total == rising + 1 else {}

    def batches(self, sql: str, rows: int = 100_000) -> Iterator[Table]:
        """See ``Store.batches``: rows come in the order of the query, numbered by the engine."""
        self._make_views()
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE cursor_rows AS {sql}")
        counted = self._connection.execute("SELECT count(*) FROM cursor_rows").fetchone()
        total = int(counted[0]) if counted else 0
        for start in range(0, total, rows):
            window = f"SELECT * FROM cursor_rows WHERE rowid >= {start} AND rowid < {start + rows}"
            yield clean(self._connection.execute(window).fetchnumpy())

    def texts(self, kind: str, rows: int = 8192) -> Iterator[tuple[list[str] | Lettered, Texts]]:
        """See ``Store.texts``; a result that is fetched piece by piece is never whole in memory."""
        self._make_views()
        parts = self._parts()[kind]
        if kind not in self._repeated and all(place in self._laid for _, place in parts):
            for _, place in parts:
                ids, texts = self._laid[place]
                yield ids, texts
            return
        self._connection.execute(f"SELECT id, encode(coalesce(text, '')) FROM \"{kind}\"")
        while fetched := self._connection.fetchmany(rows):
            names, found = zip(*fetched, strict=True)
            yield list(names), laid_out(found)

    def holding(self, path: Path, columns: Mapping[str, str], text: str) -> Iterator[Table]:
        """See ``Store.holding``: buffers where the engine hands them over, else what it has in a table of its own."""
        others = {name: kind for name, kind in columns.items() if name != text}
        try:
            if arrow.offered():
                yield from ahead(held_windows(path, others, text, WINDOW))
            else:
                yield from self._lender.in_tables(path, others, text, WINDOW)
        except duckdb.Error as error:
            raise NotParquet(one_line(error)) from None

    def tables(self) -> tuple[str, ...]:
        """See ``Store.tables``."""
        return tuple(sorted(self._parts()))

    def export(self, path: Path, what: Table | str) -> None:
        """See ``Store.export``. Packed a tenth or two less closely than parts are, in half the time."""
        if isinstance(what, str):
            self._make_views()
            self._write_part(path, what, level=1)
            return
        arrays = to_arrays(what)
        self._connection.register("incoming", arrays)
        columns = [cast(name, array) for name, array in arrays.items()]
        self._connection.execute("SET threads = 1")  # several would only wait for the interpreter's lock
        self._write_part(path, f"SELECT {', '.join(columns)} FROM incoming", level=1)
        self._connection.execute("RESET threads")
        self._connection.unregister("incoming")

    def choose(self, kind: str, keys: Sequence[str]) -> None:
        """See ``Store.choose``."""
        self._chosen[kind] = tuple(keys)
        self._viewed.pop(kind, None)
        self._connection.execute(f'DROP VIEW IF EXISTS "{kind}"')

    def close(self) -> None:
        """See ``Store.close``."""
        self._connection.close()

    def _distinct(self, arrays: dict[str, Array], ids: Any) -> dict[str, Array]:
        """Keep the first of the rows that share an id within this part."""
        listed = to_arrays({"id": list(ids)})["id"]
        self._connection.register("arriving", {"id": listed, "row": np.arange(len(ids))})
        first = "SELECT min(row) AS row FROM arriving GROUP BY id ORDER BY row"
        rows = np.asarray(self._connection.execute(first).fetchnumpy()["row"], dtype=np.int64)
        self._connection.unregister("arriving")
        if len(rows) == len(ids):
            return arrays
        return {name: column[rows] for name, column in arrays.items()}

    def _in_memory(self, kind: str, arrays: dict[str, Array], held: Mapping[str, Held | Lettered]) -> str:
        """Make a table, or a view on one with the texts beside it that are held elsewhere; its name."""
        name = f"part_{uuid.uuid4().hex}"
        lent = self._lender.lend(held, arrays)
        fixed = {n: shown(kind, n, a) for n, a in arrays.items() if lent and kind in SCHEMAS and literal(a)}
        stored = {n: a for n, a in arrays.items() if n not in lent and n not in fixed}
        places = places_of(lent)
        if stored:
            select = typed_select(kind, stored, held, {})
            self._connection.execute("SET threads = 1")  # several would only wait for the interpreter's lock
            self._connection.execute(f'CREATE TABLE "{name}" AS {select}')
            self._connection.execute("RESET threads")
            places[name] = None
        if lent:
            columns = {n: taken_from(name, n, n) for n in stored}
            columns |= {n: taken_from(*at, n) for n, at in lent.items()} | fixed
            name = f"{name}_with_texts"
            select = f"SELECT {', '.join(columns[n] for n in arrays)} FROM {side_by_side(places)}"
            self._connection.execute(f'CREATE TEMP VIEW "{name}" AS {select}')
        for text, column in held.items():
            if "id" in arrays and isinstance(column, Held):
                told = held.get("id")
                ids = told.only(arrays["id"]) if isinstance(told, Lettered) else arrays["id"].tolist()
                self._laid[name] = ids, column.window.texts.rows(arrays[text])
        return name

    def _as_it_takes_them(self, columns: Table) -> Table:
        """Columns of text in buffers as lists, where the engine cannot read buffers."""
        if arrow.offered():
            return columns
        return {n: c.tolist() if isinstance(c, Lettered) else c for n, c in columns.items()}

    def _write_part(self, path: Path, select: str, summed: bool = False, level: int = 3) -> Path:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_name(f".{path.stem}.{os.getpid()}.unfinished")
        options = f"FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL {level}"
        self._connection.execute(f"COPY ({select}) TO {_quoted(unfinished)} ({options})")
        if summed:
            path = path.with_name(f"{path.stem}.{_sum(unfinished)}.parquet")
        os.replace(unfinished, path)
        return path

    def _parts(self) -> dict[str, list[tuple[str, str]]]:
        """Name and place of the parts to show, by kind, in an order that does not depend on history."""
        places = [(kind, part, name) for (kind, part), name in self._memory.items()]
        for folder in (folder for folder in dict.fromkeys((self._folder, self._keep)) if folder):
            shown = [path for path in sorted(folder.glob("*/*.parquet")) if self._viewable(path)]
            if self._damaged:  # a damaged part may have taken along one that was found whole
                shown = [path for path in shown if path.exists()]
            places += [(path.parent.name, path.stem, str(path)) for path in shown]
        found: dict[str, list[tuple[str, str]]] = {}
        for kind, part, place in places:
            chosen = self._chosen.get(kind)
            if chosen is None or part.startswith(chosen):
                found.setdefault(kind, []).append((part, place))
        return dict(sorted(found.items()))

    def _make_views(self) -> None:
        """One view a kind, made anew only where the parts to show have changed."""
        for kind, parts in self._parts().items():
            union = self._union(kind, parts)
            if self._viewed.get(kind) == union:
                continue
            shown = self._without_repeats(kind, union, parts) if _identified(kind) else union
            self._connection.execute(
                f'CREATE OR REPLACE TEMP VIEW "{kind}" AS SELECT * EXCLUDE (part) FROM ({shown})'
            )
            self._viewed[kind] = union

    def _union(self, kind: str, parts: list[tuple[str, str]]) -> str:
        """Parts may differ in columns (log formats do), so they are united by name."""
        if self._place(kind) is None:
            selects = [f"SELECT *, '{part}' AS part FROM \"{place}\"" for part, place in parts]
            return " UNION ALL BY NAME ".join(selects)
        files = ", ".join(_quoted(place) for _, place in parts)
        return f"SELECT * FROM read_parquet([{files}], union_by_name = true, filename = 'part')"

    def _surely_single(self, parts: list[tuple[str, str]]) -> bool:
        """Whether the hashes of the ids, where all are at hand and of one kind, show that no two rows have one id."""
        known = [self._hashes[place] for _, place in parts if place in self._hashes]
        if len(known) < len(parts) or len({lettered for lettered, _ in known}) > 1:
            return False
        return _all_differ(np.sort(np.concatenate([hashes for _, hashes in known])))

    def _without_repeats(self, kind: str, union: str, parts: list[tuple[str, str]]) -> str:
        """Show a record that several parts hold once, from the first of them but for what is merged."""
        self._repeated.discard(kind)
        if self._surely_single(parts):
            self._single.add(union)
        if union not in self._single:  # the same parts are the same rows: no part is ever written again
            count = f"SELECT count(*) = count(DISTINCT id) FROM ({union})"
            counted = self._connection.execute(count).fetchone()
            if counted and counted[0]:
                self._single.add(union)
        if union in self._single:
            return union
        self._repeated.add(kind)
        ids = f"SELECT id, part FROM ({union})"
        later = f"SELECT id, part, min(part) OVER (PARTITION BY id) AS first FROM ({ids})"
        table = f'"repeated_{kind}"'
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT id, part FROM ({later}) WHERE part <> first"
        )
        first = f"SELECT * FROM ({union}) WHERE (id, part) NOT IN (SELECT (id, part) FROM {table})"
        return self._with_merged(kind, union, first)

    def _with_merged(self, kind: str, union: str, first: str) -> str:
        """The first copies with the least or greatest of what all copies of a repeated record say."""
        described = self._connection.execute(f"DESCRIBE SELECT * FROM ({union})").fetchall()
        present = {name for name, *_ in described}
        ways = {name: way for name, way in MERGED.get(kind, {}).items() if name in present}
        if not ways:
            return first
        table = f'"merged_{kind}"'
        told = ", ".join(f"{way}({name}) AS {name}" for name, way in ways.items())
        again = f'SELECT id FROM "repeated_{kind}"'
        self._connection.execute(
            f"CREATE OR REPLACE TEMP TABLE {table} AS "
            f"SELECT id, {told} FROM ({union}) WHERE id IN ({again}) GROUP BY id"
        )
        columns = ", ".join(f"coalesce(merged.{name}, first.{name}) AS {name}" for name in ways)
        return (
            f"SELECT first.* REPLACE ({columns}) FROM ({first}) AS first "
            f"LEFT JOIN {table} AS merged ON merged.id = first.id"
        )


def _all_differ(hashes: Array) -> bool:
    """Whether no number of a sorted array comes twice."""
    return not bool((hashes[1:] == hashes[:-1]).any())


def _quoted(place: Path | str) -> str:
    return "'" + str(place).replace("'", "''") + "'"


def _sum(path: Path) -> str:
    """Short sum of a file's bytes, by which a torn or changed one is known."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()[:20]


def _drop_unfinished(folder: Path) -> None:
    """Remove what killed runs left half written; what a run that goes on is writing stays."""
    for leftover in folder.glob("*/.*.unfinished"):
        if not _alive(leftover.name.split(".")[-2]):
            leftover.unlink(missing_ok=True)


def _alive(process: str) -> bool:
    if os.name != "posix" or not process.isdigit() or int(process) == os.getpid():
        return False
    try:
        os.kill(int(process), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True
