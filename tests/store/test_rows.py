"""Tables shown as rows that are made when they are looked at."""

from __future__ import annotations

import numpy as np
import orjson
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


def test_json_text_in_a_row_may_stay_unread() -> None:
    """A row of the table has what the text says; one that is only to be written has the text itself."""
    spans = np.array(["[1,  2]", None, "3"], dtype=object)
    rows = Rows({"n": np.arange(3), "spans": spans}, lambda name, part: ["read"] * len(part), ("spans",))
    assert [row["spans"] for row in rows] == ["read"] * 3
    assert [orjson.dumps(row["spans"]) for row in rows.unread(0, 3)] == [b"[1,  2]", b"null", b"3"]


def test_times_are_text_in_rows_and_an_array_where_all_are_known() -> None:
    """Rows show UTC to the second and None; by column, a slice without gaps need not be made into text."""
    times = np.array(["2017-02-01T08:00:00.7", "1969-12-31T23:59:59.5", "NaT"], dtype="datetime64[us]")
    rows = Rows({"t": times})
    shown = ["2017-02-01T08:00:00Z", "1969-12-31T23:59:59Z", None]
    assert rows.values_of("t") == [row["t"] for row in rows] == shown
    assert [values for _, values, _ in rows.columns(1, 3)] == [shown[1:]]
    assert [values.tolist() for _, values, _ in rows.columns(0, 2)] == [times[:2].tolist()]
