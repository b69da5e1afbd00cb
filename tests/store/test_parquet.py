"""Parquet of other makers, read a few rows at a time."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from probata.store.parquet import NotParquet, parquet_columns, read_parquet


@pytest.mark.parametrize("group", [3, 10, 1000])
@pytest.mark.parametrize("rows", [1, 7, 10_000])
def test_rows_come_once_and_in_order(tmp_path: Path, group: int, rows: int) -> None:
    """Whatever the row groups and the window, every row comes once, in the file's order, with its number."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "it's [a] file?.parquet"
    pq.write_table(pa.table({"n": list(range(100)), "t": ["x", None] * 50}), path, row_group_size=group)
    tables = list(read_parquet(path, rows))
    assert np.concatenate([table["n"] for table in tables]).tolist() == list(range(100))
    assert np.concatenate([table["row"] for table in tables]).tolist() == list(range(100))
    assert np.concatenate([table["t"] for table in tables]).tolist() == ["x", None] * 50


def test_types_can_be_asked_for(tmp_path: Path) -> None:
    """A named column comes in the type asked for."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    pq.write_table(pa.table({"n": [1, 2], 'odd "name"': [True, False]}), tmp_path / "a.parquet")
    assert list(parquet_columns(tmp_path / "a.parquet")) == ["n", 'odd "name"']
    (table,) = read_parquet(tmp_path / "a.parquet", columns={"n": "VARCHAR"})
    assert table["n"].tolist() == ["1", "2"]


@pytest.mark.parametrize("data", [b"", b"PAR1", b"PAR1" + b"\0" * 400 + b"PAR1", b"text"])
def test_what_is_no_parquet_is_one_line(tmp_path: Path, data: bytes) -> None:
    """Empty, cut and made-up files raise the reason in one line."""
    (tmp_path / "a.parquet").write_bytes(data)
    with pytest.raises(NotParquet) as error:
        list(read_parquet(tmp_path / "a.parquet"))
    assert "\n" not in str(error.value)
