# ruff: noqa: S608  (names of columns and tables are the program's own, values are bound)
"""Rules over the events of a store: decided once a distinct value, counted by the engine.

For each set of fields that rules look at, the distinct values are read, the rules are decided on those, and
the values that match go back as a small table that the engine joins with the events. Memory follows the number
of distinct values, not the number of lines.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from probata.analyse.attacks.match import evaluate
from probata.analyse.attacks.sigma import Rule, Window
from probata.analyse.attacks.windows import flagged
from probata.model import Table, content_id
from probata.store.base import Store

Array = np.ndarray[Any, np.dtype[Any]]

ATTEMPT = "failed-login"
"""A support rule whose events are attempts even where no correlation flags them."""

_DAY = "CAST(date_trunc('day', e.\"@timestamp\") AS TIMESTAMP)"


@dataclass
class Detection:
    """What the rules found.

    ``volumes``: rule, source, day, events. ``attempts``: source, day, dataset, events (each line once,
    whatever number of rules it matches). ``aside``: sources that named themselves known scanners, with the
    rule. ``skipped``: rules that need a column that no log has.
    """

    rules: tuple[Rule, ...]
    volumes: dict[str, Array]
    attempts: dict[str, Array]
    aside: dict[str, str] = field(default_factory=dict)
    skipped: tuple[str, ...] = ()
    where: str = "FALSE"
    joins: str = ""


def detect(store: Store, rules: Sequence[Rule], part: str = "") -> Detection:
    """Apply every rule to the events of the store."""
    have = set(store.read("SELECT * FROM events LIMIT 0"))
    plain = [rule for rule in rules if rule.tree is not None]
    usable = [rule for rule in plain if have.intersection(rule.fields)]
    tables = _Tuples(store, have)
    for fields in sorted({tuple(f for f in rule.fields if f in have) for rule in usable}):
        mine = [rule for rule in usable if tuple(f for f in rule.fields if f in have) == fields]
        tables.decide(fields, mine, part)
    found = Detection(tuple(rules), *_empty(), skipped=tuple(r.id for r in plain if r not in usable))
    found.joins, found.where = tables.joins(), tables.where()
    columns = tables.volumes()
    found.aside = tables.aside(columns, {rule.id for rule in usable if rule.set_aside})
    attempts = [tables.attempts()]
    for rule in rules:
        if rule.window is not None:
            volume, further = _correlated(tables, rule, rule.window, {r.id: r for r in usable})
            columns.append(volume)
            attempts.append(further)
    found.volumes = _stack(columns, _empty()[0])
    found.attempts = _stack(attempts, _empty()[1])
    return found


def _empty() -> tuple[dict[str, Array], dict[str, Array]]:
    names = ("rule", "source", "day", "events"), ("source", "day", "dataset", "events")
    return tuple({n: np.zeros(0, dtype=object) for n in group} for group in names)  # type: ignore[return-value]


class _Tuples:
    """The tables of matching values, one pair a set of fields, and the queries over them."""

    def __init__(self, store: Store, have: set[str]) -> None:
        self._store, self._have = store, have
        self._sets: list[tuple[str, tuple[str, ...]]] = []
        self._home: dict[str, int] = {}
        self._reported: dict[int, set[str]] = {}
        self._matched: set[str] = set()
        self._hit: set[int] = set()

    def decide(self, fields: tuple[str, ...], rules: Sequence[Rule], part: str) -> None:
        """Read the distinct values of these fields, decide, and store what matches."""
        shown = ", ".join(f'"{name}"' for name in fields)
        rows = self._store.read(f"SELECT DISTINCT {shown} FROM events ORDER BY ALL")
        truth = evaluate(rules, rows)
        number = len(self._sets)
        self._sets.append((f"attack_values_{number}", fields))
        names, at = [], []
        hit = np.zeros(len(next(iter(rows.values()))), dtype=bool)
        for rule in rules:
            self._home[rule.id] = number
            places = np.flatnonzero(truth[rule.id])
            names += [rule.id] * len(places)
            at.append(places)
            if len(places):
                self._matched.add(rule.id)
                if not rule.support:
                    self._reported.setdefault(number, set()).add(rule.id)
            if (not rule.support or rule.id == ATTEMPT) and not rule.set_aside:
                hit[places] = True
        index = np.concatenate(at) if at else np.zeros(0, dtype=np.int64)
        self._keep(f"attack_values_{number}", rows, index, {"rule": np.array(names, dtype=object)}, part)
        chosen = np.flatnonzero(hit)
        if len(chosen):
            self._hit.add(number)
        self._keep(f"attack_any_{number}", rows, chosen, {"hit": np.ones(len(chosen), dtype=bool)}, part)

    def _keep(self, kind: str, rows: Table, index: Array, more: Mapping[str, Array], part: str) -> None:
        """Store the chosen tuples; a row that matches nothing keeps an empty table from having no type."""
        columns: dict[str, Array] = {
            f"f{i}": np.asarray(column)[index] for i, column in enumerate(rows.values())
        }
        columns |= more
        if not len(index):
            columns = {f"f{i}": np.asarray(column)[:1] for i, column in enumerate(rows.values())}
            columns |= {
                name: np.array(["" if name == "rule" else False], dtype=object if name == "rule" else bool)
                for name in more
            }
        key = content_id(kind, part, [[str(v) for v in column] for column in columns.values()])
        self._store.add(kind, key, columns)
        self._store.choose(kind, (key,))

    def _on(self, alias: str, fields: tuple[str, ...]) -> str:
        return " AND ".join(f'e."{name}" IS NOT DISTINCT FROM {alias}.f{i}' for i, name in enumerate(fields))

    def joins(self) -> str:
        """Joins that give every event its hit flags (``t0.hit`` ...), at most one row each."""
        parts = [
            f"LEFT JOIN attack_any_{n} t{n} ON {self._on(f't{n}', fields)}"
            for n, (_, fields) in enumerate(self._sets)
            if n in self._hit
        ]
        return " ".join(parts)

    def where(self) -> str:
        """Truth of "some reported rule matches this line"."""
        return " OR ".join(f"coalesce(t{n}.hit, FALSE)" for n in sorted(self._hit)) or "FALSE"

    def volumes(self) -> list[dict[str, Array]]:
        """Events by rule, source and day, for every reported rule that matches anything."""
        made = []
        for number, ids in sorted(self._reported.items()):
            kind, fields = self._sets[number]
            rows = self._store.read(
                f'SELECT m.rule AS rule, e."source.address" AS source, {_DAY} AS day, sum(e."event.count") AS events '
                f"FROM events e JOIN {kind} m ON {self._on('m', fields)} WHERE m.rule IN ({', '.join('?' * len(ids))}) "
                "GROUP BY ALL ORDER BY ALL",
                sorted(ids),
            )
            made.append(dict(rows))
        return made

    def attempts(self) -> dict[str, Array]:
        """Events by source, day and data set that some reported rule matches, each line once."""
        if not self._hit:
            return _empty()[1]
        return dict(
            self._store.read(
                f'SELECT e."source.address" AS source, {_DAY} AS day, e."event.dataset" AS '
                f'dataset, sum(e."event.count") AS events '
                f"FROM events e {self.joins()} WHERE {self.where()} GROUP BY ALL ORDER BY ALL"
            )
        )

    @staticmethod
    def aside(volumes: Sequence[Mapping[str, Array]], rules: set[str]) -> dict[str, str]:
        """Sources that known scanners name themselves on, and under which rule."""
        return {
            str(source): str(rule)
            for table in volumes
            for rule, source in zip(table["rule"].tolist(), table["source"].tolist(), strict=True)
            if rule in rules and source is not None
        }

    def base(self, window: Window, rules: Mapping[str, Rule]) -> Table | None:
        """The events that a correlation counts: groups, time, value, whether some other rule matches the line
        too."""
        known = [name for name in window.base if name in rules and name in self._matched]
        groups = [g for g in window.group if g in self._have]
        if not known or not groups or (window.field and window.field not in self._have):
            return None
        number = self._home[known[0]]
        kind, fields = self._sets[number]
        shown = ", ".join(f'e."{g}" AS g{i}' for i, g in enumerate(groups))
        value = f', e."{window.field}" AS value' if window.field else ""
        return self._store.read(
            f'SELECT {shown}{value}, e."source.address" AS source, e."event.dataset" AS dataset, '
            f'e."@timestamp" AS time, '
            f'e."event.count" AS events, ({self.where()}) AS already FROM events e JOIN {kind} m '
            f"ON {self._on('m', fields)} {self.joins()} "
            f'WHERE m.rule IN ({", ".join("?" * len(known))}) AND e."@timestamp" IS NOT NULL '
            f'ORDER BY e."@timestamp", e.line',
            known,
        )


def _correlated(
    tables: _Tuples, rule: Rule, window: Window, rules: Mapping[str, Rule]
) -> tuple[dict[str, Array], dict[str, Array]]:
    """Volumes of a correlation, and the lines that only it makes an attempt."""
    rows = tables.base(window, rules)
    volumes, attempts = _empty()
    if rows is None or not len(rows["time"]):
        return volumes, attempts
    columns = [rows[name] for name in rows if name.startswith("g") and name[1:].isdigit()]
    group = codes(columns[0]) if len(columns) == 1 else codes(_pairs(columns))
    time = np.asarray(rows["time"]).astype("datetime64[us]").astype(np.int64)
    counts = np.maximum(1, np.nan_to_num(np.asarray(rows["events"], dtype=float), nan=1)).astype(np.int64)
    if window.kind == "event_count" and counts.max() > 1:
        repeat = np.repeat(np.arange(len(time)), np.minimum(counts, 1000))  # one line that stands for several
        marks = np.zeros(len(time), dtype=bool)
        marks[
            repeat[flagged(group[repeat], time[repeat], None, window.seconds * 1_000_000, window.least)]
        ] = True
    else:
        value = codes(rows["value"]) if window.field else None
        marks = flagged(group, time, value, window.seconds * 1_000_000, window.least, window.most_per_value)
    days = np.asarray(rows["time"]).astype("datetime64[D]").astype("datetime64[us]")
    volumes = _grouped({"source": rows["source"][marks], "day": days[marks]}, counts[marks])
    volumes = {"rule": _same(rule.id, len(volumes["day"])), **volumes}
    new = marks & ~np.asarray(rows["already"], dtype=bool)
    attempts = _grouped(
        {"source": rows["source"][new], "day": days[new], "dataset": rows["dataset"][new]}, counts[new]
    )
    return volumes, attempts


def _pairs(columns: Sequence[Array]) -> list[Any]:
    return [
        None if any(v is None for v in row) else row
        for row in zip(*(c.tolist() for c in columns), strict=True)
    ]


def codes(column: Any) -> Array:
    """Whole numbers for values, equal for equal ones, in order of appearance; -1 for None and NaN."""
    seen: dict[Any, int] = {}
    values = column.tolist() if hasattr(column, "tolist") else column
    return np.array(
        [-1 if v is None or v != v else seen.setdefault(v, len(seen)) for v in values], dtype=np.int64
    )


def _same(value: Any, size: int) -> Array:
    column = np.empty(size, dtype=object)
    column[:] = value
    return column


def _grouped(keys: Mapping[str, Array], counts: Array) -> dict[str, Array]:
    """Sum of counts by key, keys in order."""
    totals: dict[tuple[Any, ...], int] = {}
    for *key, count in zip(*(list(column) for column in keys.values()), counts.tolist(), strict=True):
        totals[tuple(key)] = totals.get(tuple(key), 0) + count
    made: dict[str, Array] = {}
    for place, (name, column) in enumerate(keys.items()):
        values = np.empty(len(totals), dtype=column.dtype)
        values[:] = [key[place] for key in totals]
        made[name] = values
    made["events"] = np.array(list(totals.values()), dtype=float)
    return made


def _stack(parts: Sequence[Mapping[str, Array]], empty: Mapping[str, Array]) -> dict[str, Array]:
    """Rows of all parts under one another."""
    full = [part for part in parts if len(next(iter(part.values())))]
    if not full:
        return dict(empty)
    names = list(full[0])
    return {name: np.concatenate([np.asarray(part[name]) for part in full]) for name in names}
