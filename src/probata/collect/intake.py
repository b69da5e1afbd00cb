"""Files into the store: hash, keep, read once, remember what was read and what was set aside.

A file's parts are named after its hash, its reader and the reading options; the row of ``intake`` that says
"read whole" is written last. A killed run therefore finds on the next start the parts that it finished.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from probata.collect import Incoming, UnreadableFile, reader_of, reader_version
from probata.collect._again import Again
from probata.collect._names import folder_names
from probata.collect._rows import only
from probata.collect._seen import Seen
from probata.model import REPEATED, Batch, Reject, content_id
from probata.store.base import Store
from probata.store.evidence import Evidence, sha256_of
from probata.store.held import Held
from probata.store.lettered import Lettered

Progress = Callable[[str, int, int], None]

_GROUP_BYTES = 64_000
"""Files up to this size share parts: a thousand small texts must not become a thousand tables."""

_GROUP_FILES = 500


@dataclass(frozen=True, slots=True)
class Taken:
    """What came in: the part keys to show, and what was set aside."""

    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)
    """SHA-256 by the path as shown."""
    rejects: tuple[Reject, ...] = ()
    rows: Mapping[str, int] = field(default_factory=dict)

    def merged(self, other: Taken) -> Taken:
        """Both together."""
        keys = {k: (*self.keys.get(k, ()), *other.keys.get(k, ())) for k in sorted({*self.keys, *other.keys})}
        rows = {k: self.rows.get(k, 0) + other.rows.get(k, 0) for k in sorted({*self.rows, *other.rows})}
        return Taken(keys, {**self.hashes, **other.hashes}, self.rejects + other.rejects, rows)


@dataclass(frozen=True, slots=True)
class Delivery:
    """Files of one kind that arrive together, and how to read them."""

    kind: str
    files: tuple[tuple[Path, str], ...]
    """(path, path as shown)."""
    options: Mapping[str, Any] = field(default_factory=dict)


def show_only(store: Store, taken: Taken) -> Taken:
    """Let the store show what was taken in, and no record of an earlier delivery."""
    for kind in ("articles", "polls", "reviews", "shares", "events"):
        store.choose(kind, taken.keys.get(kind, ()))
    store.choose(REPEATED, taken.keys.get("articles", ()))
    return taken


def files_below(paths: Iterable[Path]) -> list[Path]:
    """Files named, and those below folders named, in a fixed order; hidden ones are left out.

    Raises:
        UnreadableFile: a path that does not exist.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            below = sorted(item for item in path.rglob("*") if item.is_file())
            found += [f for f in below if not any(p.startswith(".") for p in f.relative_to(path).parts)]
        elif path.exists():
            found.append(path)
        else:
            raise UnreadableFile(f"{path}: no such file or folder; check the path")
    return found


def take_in(
    store: Store, delivery: Delivery, evidence: Evidence | None = None, progress: Progress | None = None
) -> Taken:
    """Read files into the store, each at most once, and return what to show of them."""
    taken = Taken()
    total = len(delivery.files)
    names = folder_names([shown for _, shown in delivery.files]) if delivery.kind == "articles" else {}
    for group in _groups(delivery.files):
        hashes = {shown: _hash(path, shown, evidence) for path, shown in group}
        incoming = [
            Incoming(path, hashes[shown], shown, delivery.options, store, names.get(shown, ""))
            for path, shown in group
        ]
        taken = taken.merged(_take_group(store, delivery.kind, incoming))
        if progress:
            progress(f"read {delivery.kind}", len(taken.hashes), total)
    return taken


def _groups(files: Iterable[tuple[Path, str]]) -> Iterator[list[tuple[Path, str]]]:
    """Large files alone, small ones together."""
    small: list[tuple[Path, str]] = []
    for path, shown in files:
        if path.stat().st_size > _GROUP_BYTES:
            yield [(path, shown)]
            continue
        small.append((path, shown))
        if len(small) == _GROUP_FILES:
            yield small
            small = []
    if small:
        yield small


def _take_group(store: Store, kind: str, incoming: list[Incoming]) -> Taken:
    hashes = {item.shown: item.evidence for item in incoming}
    given = sorted((key, str(value)) for key, value in incoming[0].options.items())
    folders = sorted((item.shown, item.name) for item in incoming if item.name)
    named = [given, sorted(hashes.items()), *([folders] if folders else [])]
    key = content_id("part", kind, reader_version(kind), *named)
    if not store.has("intake", key):
        rows, rejects = _read_all(store, kind, key, incoming)
        _remember(store, key, rows, rejects)
    return _recall(store, key, hashes)


def _hash(path: Path, shown: str, evidence: Evidence | None) -> str:
    return evidence.keep(path, shown) if evidence is not None else sha256_of(path)


def _read_all(
    store: Store, kind: str, key: str, incoming: list[Incoming]
) -> tuple[dict[str, int], list[Reject]]:
    """Read every file of a group; small batches of the same columns are written as one part."""
    read = reader_of(kind)
    rows: dict[str, int] = {}
    rejects: list[Reject] = []
    waiting: list[Batch] = []
    seen, again = Seen(), Again()
    number = 0
    for item in incoming:
        try:
            for batch in read(item):
                rejects += batch.rejects
                kept, repeats = _first_ones(batch, seen, again)
                rejects += repeats
                if len(kept):
                    waiting.append(kept)
                if sum(len(b) for b in waiting) >= 50_000:
                    number = _write(store, key, number, waiting, rows)
                    waiting = []
        except UnreadableFile as problem:
            rejects.append(Reject(item.shown, None, str(problem)))
    _write(store, key, number, waiting, rows)
    if told := again.table():
        store.add(REPEATED, f"{key}-", told)
    return rows, rejects


def _first_ones(batch: Batch, seen: Seen, again: Again) -> tuple[Batch, list[Reject]]:
    """The records not read before; one that repeats an earlier one in every identifying part is set aside."""
    if batch.kind not in ("articles", "reviews"):
        return batch, []
    columns = batch.columns
    ids, lines = columns["id"], columns.get("line", [None] * len(batch))
    if seen.add(ids, lines):
        return batch, []
    keep, repeated, repeats, known = [], [], [], seen.lines
    for row, (name, path, line) in enumerate(zip(ids, columns["path"], lines, strict=True)):
        if name in known:
            at = _line(known[name])
            place = "" if at is None else f" (line {at})"
            repeated.append(row)
            repeats.append(Reject(str(path), _line(line), f"repeats a record that was read before{place}"))
        else:
            known[name] = line
            keep.append(row)
    again.add(batch, repeated)
    fewer = {name: only(column, keep) for name, column in columns.items()}
    return Batch(batch.kind, fewer), repeats


def _line(given: Any) -> int | None:
    """A line's number, which comes as NaN where a column of numbers has none."""
    return None if given is None or given != given else int(given)


def _write(store: Store, key: str, number: int, waiting: list[Batch], rows: dict[str, int]) -> int:
    """Write the waiting batches, those with the same columns together, and return the next part number."""
    alike: dict[tuple[str, tuple[str, ...], int], list[Batch]] = {}
    for place, batch in enumerate(waiting):
        apart = (
            place if any(isinstance(column, (Held, Lettered)) for column in batch.columns.values()) else -1
        )
        alike.setdefault((batch.kind, tuple(batch.columns), apart), []).append(batch)
    for (kind, _, _), batches in alike.items():
        columns = batches[0].columns if len(batches) == 1 else _joined(batches)
        store.add(kind, f"{key}-{number:05d}", columns)
        rows[kind] = rows.get(kind, 0) + sum(len(batch) for batch in batches)
        number += 1
    return number


def _joined(batches: list[Batch]) -> dict[str, Any]:
    import numpy as np

    from probata.store.columns import to_arrays

    tables = [to_arrays(batch.columns) for batch in batches]
    return {name: np.concatenate([_wide(t[name], name, tables) for t in tables]) for name in tables[0]}


def _wide(column: Any, name: str, tables: list[dict[str, Any]]) -> Any:
    """Where batches disagree on the type of a column (empty in one, numbers in the other): objects."""
    return column if len({str(table[name].dtype) for table in tables}) == 1 else column.astype(object)


def _remember(store: Store, key: str, rows: Mapping[str, int], rejects: list[Reject]) -> None:
    if rejects:
        columns = {
            "path": [reject.path for reject in rejects],
            "line": [reject.line for reject in rejects],
            "reason": [reject.reason for reject in rejects],
        }
        store.add("rejects", key, columns)
    kinds = sorted(rows) or [""]
    store.add("intake", key, {"kind": kinds, "rows": [rows.get(kind, 0) for kind in kinds]})


def _recall(store: Store, key: str, hashes: Mapping[str, str]) -> Taken:
    """What the parts of this key hold, whether they were read just now or in an earlier run."""
    store.choose("intake", (key,))
    intake = store.read("SELECT kind, rows FROM intake")
    rows = {str(k): int(n) for k, n in zip(intake["kind"], intake["rows"], strict=True) if k}
    rejects: tuple[Reject, ...] = ()
    if store.has("rejects", key):
        store.choose("rejects", (key,))
        told = store.read("SELECT path, line, reason FROM rejects")
        rejects = tuple(
            Reject(str(path), _line(line), str(reason))
            for path, line, reason in zip(told["path"], told["line"], told["reason"], strict=True)
        )
    keys = dict.fromkeys(rows, (f"{key}-",))
    return Taken(keys, dict(hashes), rejects, rows)
