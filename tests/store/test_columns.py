"""Columns of one value are stored as any others are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.store import open_store
from probata.store.columns import constant

_VALUES = [
    None,
    "plain",
    "",
    "a quote ' and \"another",
    "lines\nand\ttabs",
    "\x00",
    "☃ é",
    np.datetime64("NaT", "us"),
]


@pytest.mark.parametrize("value", _VALUES, ids=repr)
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("rows", [1, 5])
def test_a_column_of_one_value_reads_as_one_with_that_value_in_every_row(
    value: Any, lasting: bool, rows: int, tmp_path: Path
) -> None:
    found = []
    for number, column in enumerate((constant(value, rows), np.array(constant(value, rows)))):
        store = open_store(tmp_path / str(number) if lasting else None)
        name = "published_earliest" if isinstance(value, np.datetime64) else "path"
        ids = [f"id {row}" for row in range(rows)]
        store.add("articles", "part", {"id": ids, name: column, "line": range(1, rows + 1)})
        read = store.read(f"SELECT id, {name}, line FROM articles ORDER BY line")
        found.append([(column.dtype, column.tolist()) for column in read.values()])
        store.close()
    assert found[0] == found[1]


def test_a_column_without_any_value_is_read_in_the_memory_of_one_row() -> None:
    store = open_store()
    store.add("articles", "part", {"id": ["a", "b"], "title": [None, None]})
    title = store.read("SELECT title FROM articles")["title"]
    assert title.tolist() == [None, None]
    assert title.strides == (0,)
    store.close()
