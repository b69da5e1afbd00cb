"""Texts into and out of the engine in whole buffers: Arrow's interface of capsules, where the engine offers it.

The only place where a relation is made rather than ``execute`` called: an engine hands over its buffers by no other
way. An engine that lacks it (DuckDB before 2) is found out once, and texts then come one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import duckdb
import numpy as np

from probata.store.columns import Array
from probata.store.lettered import Part, joined_bytes
from probata.text.buffers import Texts


@cache
def offered() -> bool:
    """Whether engine and library can hand over buffers both ways."""
    connection = duckdb.connect()
    try:
        found = [data.tobytes() for data, _, _ in batches(connection, "SELECT encode('a') AS text")]
        texts = Texts(np.frombuffer(b"a", np.uint8), np.zeros(1, np.int64), np.ones(1, np.int64))
        connection.register("given", Scanned({"text": (texts, np.zeros(1, bool))}))
        return found == [b"a"] and connection.execute("SELECT text FROM given").fetchall() == [("a",)]
    except (ImportError, AttributeError, TypeError, duckdb.Error):
        return False
    finally:
        connection.close()


def batches(connection: duckdb.DuckDBPyConnection, select: str) -> Iterator[Part]:
    """Run a SELECT of one column of bytes; yield all bytes in one array, their edges (one more than rows), absences.

    The arrays are the engine's memory, which is freed with the last of them.

    Raises:
        duckdb.Error: as ``execute`` does.
    """
    for (column,) in tables(connection, select, 1):
        yield column


def tables(connection: duckdb.DuckDBPyConnection, select: str, columns: int) -> Iterator[tuple[Part, ...]]:
    """The same for several columns of text or bytes.

    Raises:
        duckdb.Error: as ``execute`` does.
    """
    import nanoarrow

    try:
        for batch in nanoarrow.c_array_stream(connection.sql(select)):
            yield tuple(_part(batch.child(number).view()) for number in range(columns))
    except RuntimeError as error:  # of the library, with the engine's reason in it
        raise duckdb.Error(str(getattr(error, "message", error))) from None


def _part(column: Any) -> Part:
    rows = len(column)
    absent = np.zeros(rows, bool)
    if column.null_count:
        present = np.frombuffer(column.buffer(0), np.uint8)
        absent = np.unpackbits(present, count=rows, bitorder="little") == 0
    return np.frombuffer(column.buffer(2), np.uint8), np.asarray(column.buffer(1)), absent


class Scanned:
    """Columns of texts in buffers as a table, which the engine reads where they lie: of each the texts and absences."""

    def __init__(self, columns: Mapping[str, tuple[Texts, Array]]) -> None:
        self.columns = columns

    def __arrow_c_schema__(self) -> Any:
        return self._schema().__arrow_c_schema__()

    def __arrow_c_array__(self, requested_schema: Any = None) -> Any:
        import nanoarrow

        children = [_large_string(*column) for column in self.columns.values()]
        rows = len(children[0])
        table = nanoarrow.c_array_from_buffers(self._schema(), rows, [None], children=children)
        return table.__arrow_c_array__(requested_schema)

    def _schema(self) -> Any:
        import nanoarrow

        return nanoarrow.struct(dict.fromkeys(self.columns, nanoarrow.large_string()))


def _large_string(texts: Texts, absent: Array) -> Any:
    import nanoarrow

    data, edges = joined_bytes(texts)
    present = np.packbits(~absent, bitorder="little") if absent.any() else None
    return nanoarrow.c_array_from_buffers(nanoarrow.large_string(), len(texts), [present, edges, data])
