"""Tables shown as one mapping a row, made when they are looked at: a million of them are never in memory at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, overload

import numpy as np

from probata.model import Table
from probata.store.lettered import Lettered

AT_ONCE = 4096
"""Rows made together."""


def _as_they_are(name: str, column: Any) -> list[Any]:
    values: list[Any] = column.tolist() if isinstance(column, Lettered) else np.asarray(column).tolist()
    return values


def _is_plain(column: Any) -> bool:
    """Whether a column holds numbers, truths or times, all of them known: an array of these is JSON-ready."""
    if not isinstance(column, np.ndarray) or column.ndim != 1:
        return False
    kind = column.dtype.kind
    return kind in "iub" or column.dtype == np.float64 or (kind == "M" and not np.isnat(column).any())


def _told(times: Any) -> list[Any]:
    """Times to the second in UTC, None where there is none."""
    texts = np.datetime_as_string(times, "s", timezone="UTC").tolist()
    return [None if none else text for text, none in zip(texts, np.isnat(times).tolist(), strict=True)]


class Rows(Sequence[dict[str, Any]]):
    """Rows of a table as mappings of JSON-ready values; ``values(name, part of a column)`` makes the values.

    What it makes of numbers and truths are these themselves; times, which it is not given, are text to the second.
    Columns named in ``written`` hold JSON text, which need not be read where it is only to be written again.
    """

    def __init__(
        self,
        table: Table,
        values: Callable[[str, Any], list[Any]] = _as_they_are,
        written: Sequence[str] = (),
    ) -> None:
        self._table, self._values, self._written = dict(table), values, frozenset(written)
        self._count = len(next(iter(table.values()), ()))

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> list[dict[str, Any]]: ...

    def __getitem__(self, place: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        if isinstance(place, int):
            at = range(self._count)[place]  # raises IndexError where there is no such row
            return self[at : at + 1][0]
        return self._rows({name: self._made(name, column[place]) for name, column in self._table.items()})

    def unread(self, start: int, stop: int) -> list[dict[str, Any]]:
        """Some rows, in which JSON text is a ``Fragment`` as it stands."""
        from orjson import Fragment

        found = {}
        for name, column in self._table.items():
            part = column[start:stop]
            if name in self._written:
                found[name] = [Fragment("null" if text is None else text) for text in part.tolist()]
            else:
                found[name] = self._made(name, part)
        return self._rows(found)

    def values_of(self, name: str) -> list[Any]:
        """One value of every row; None for each where there is no such column."""
        return self._made(name, self._table[name]) if name in self._table else [None] * self._count

    def _made(self, name: str, column: Any) -> list[Any]:
        times = isinstance(column, np.ndarray) and column.dtype.kind == "M"
        return _told(column) if times else self._values(name, column)

    def columns(self, start: int, stop: int) -> Iterator[tuple[str, Any, bool]]:
        """Some rows column by column: name, values, and whether these are JSON text already.

        The values are a list, an array of plain numbers or times, or ``Lettered``; JSON text is an array of objects.
        """
        for name, column in self._table.items():
            part, ready = column[start:stop], name in self._written
            as_it_is = ready or isinstance(part, Lettered) or _is_plain(part)
            yield name, part if as_it_is else self._made(name, part), ready

    @staticmethod
    def _rows(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
        names = tuple(columns)
        return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]

    def __iter__(self) -> Iterator[dict[str, Any]]:
        for start in range(0, self._count, AT_ONCE):
            yield from self[start : start + AT_ONCE]

    def __eq__(self, other: object) -> bool:
        """Equal to any sequence of the same rows."""
        if not isinstance(other, Sequence) or len(self) != len(other):
            return False
        return all(mine == theirs for mine, theirs in zip(self, other, strict=True))

    __hash__ = None  # type: ignore[assignment]
