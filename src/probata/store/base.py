"""The seam to an engine: a few small methods, behind which the only SQL connections of Probata live.

Tables are kept as *parts*: one part for one input read by one reader version. A part that exists is
never written again, which is what makes adding the same thing twice change nothing, and what lets
a thousand new articles redo a thousand.

Tables of ``KEPT`` kinds hold what an analysis worked out and need not work out again. They can be made anew,
so a part that is torn or changed is dropped and never trusted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

from probata.model import Table
from probata.store.lettered import Lettered
from probata.text.buffers import Texts

KEPT = ("attributed", "attributions", "kept_")
"""Kinds (or how their names start) of what is kept between runs; each of their parts is checked before it is read."""


def is_kept(kind: str) -> bool:
    """Whether a table holds work kept between runs."""
    return kind.startswith(KEPT)


class Store(Protocol):
    """Where records and derived tables rest. ``part`` names are content hashes chosen by the caller."""

    @property
    def lasting(self) -> bool:
        """Whether ``KEPT`` kinds outlive the process: where not, keeping them is work for nothing."""
        ...

    @property
    def damaged(self) -> Sequence[str]:
        """Places of the kept parts that were found torn or changed, and dropped."""
        ...

    def add(self, kind: str, part: str, columns: Table) -> int:
        """Write a part of table ``kind`` unless it is there; return the number of rows written."""
        ...

    def has(self, kind: str, part: str) -> bool:
        """Say whether that part was written whole before."""
        ...

    def parts(self, kind: str, prefix: str) -> list[str]:
        """Names of the parts of a kept table that start with ``prefix`` and are whole, in order.

        A damaged one is dropped, together with the parts of that name of other kept tables, and told in ``damaged``.
        """
        ...

    def part(self, kind: str, name: str, columns: Sequence[str]) -> Table:
        """Some columns of one part that ``parts`` named."""
        ...

    def read(self, sql: str, parameters: Sequence[Any] = ()) -> Table:
        """Run one SELECT of the common SQL subset; record tables are views named by their kind.

        Text columns come as object arrays with ``None``, times as ``datetime64[us]`` with NaT, numbers as
        float arrays with NaN where a value is absent. Rows that share an ``id`` over parts are kept once.
        """
        ...

    def lettered(self, kind: str, columns: Sequence[str], order: Sequence[str] = ()) -> Table:
        """Columns of a record table as text, ``Lettered`` where the engine hands over buffers, else as ``read``."""
        ...

    def batches(self, sql: str, rows: int = 100_000) -> Iterator[Table]:
        """As ``read`` without parameters, a limited number of rows at a time."""
        ...

    def texts(self, kind: str, rows: int = 8192) -> Iterator[tuple[list[str] | Lettered, Texts]]:
        """Ids and texts of a record table; both together in pieces, about ``rows`` rows or a whole part at a time.

        No text is ever a string of its own. An absent text is empty. Take all before asking the store anything else.
        """
        ...

    def holding(self, path: Path, columns: Mapping[str, str], text: str) -> Iterator[Table]:
        """As ``read_parquet``, but the texts of column ``text`` lie in a buffer (``Held``) and are no Python text.

        Raises:
            NotParquet: truncated, damaged or not Parquet at all; tables given before count.
        """
        ...

    def tables(self) -> tuple[str, ...]:
        """Names of the tables that hold at least one part."""
        ...

    def export(self, path: Path, what: Table | str) -> None:
        """Write columns, or the rows of a SELECT, to one Parquet file, replacing it whole."""
        ...

    def choose(self, kind: str, keys: Sequence[str]) -> None:
        """From now on show only those parts of a record table whose name starts with one of the keys.

        A case whose data entry was taken out must not see that entry's rows, though its parts remain.
        """
        ...

    def close(self) -> None:
        """Let go of the engine; parts stay."""
        ...
