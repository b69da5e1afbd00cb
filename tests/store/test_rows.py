"""Tables shown as rows that are made when they are looked at."""

from __future__ import annotations

import numpy as np
import pytest

from probata.store.rows import AT_ONCE, Rows


def test_rows_are_those_of_a_list() -> None:
    """Length, places from either end, slices, order and comparison are those of the list of all rows."""
    count = 2 * AT_ONCE + 3
    rows = Rows({"n": np.arange(count), "t": np.array(["x"] * count, dtype=object)})
    listed = [{"n": n, "t": "x"} for n in range(count)]
    assert list(rows) == listed
    assert (rows[3], rows[-1], rows[5:9], len(rows)) == (listed[3], listed[-1], listed[5:9], count)
    assert rows == listed
    assert rows != listed[:-1]


def test_no_row_is_beyond_the_last() -> None:
    """A place that does not exist is an IndexError, as in a list; no columns are no rows."""
    with pytest.raises(IndexError):
        Rows({"n": np.arange(3)})[3]
    assert not Rows({})


def test_json_text_goes_out_as_it_stands() -> None:
    """What is to be written again is not read first."""
    spans = np.array(["[1]", "[2]", "[3]"], dtype=object)
    rows = Rows({"n": np.arange(3), "spans": spans}, written=("spans",))
    told = [(name, list(values), ready) for name, values, ready in rows.columns(1, 3)]
    assert told == [("n", [1, 2], False), ("spans", ["[2]", "[3]"], True)]
