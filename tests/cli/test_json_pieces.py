"""A long document is written piece by piece: indented, each row of a table on one line."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.cli.show import as_json, json_pieces
from probata.store.rows import AT_ONCE, Rows

LENGTHS = (1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1)
"""Rows made one by one and column by column, in one piece and in several."""


def objects(values: list[Any]) -> Any:
    column = np.empty(len(values), dtype=object)
    column[:] = values
    return column


def written(rows: Rows) -> list[str]:
    """The lines of the table as they stand in a document."""
    lines = b"".join(json_pieces({"rows": rows})).decode().split("\n")
    assert (lines[:2], lines[-3:]) == (["{", '  "rows": ['], ["  ]", "}", ""])
    return lines[2:-3]


@pytest.mark.parametrize("count", LENGTHS)
def test_a_row_is_a_line(count: int) -> None:
    """However long a table is, each of its rows is compact and on a line of its own."""
    rows = Rows({"n": np.arange(count), "t": objects(['é\n"]'] * count), "x": np.full(count, np.nan)})
    lines = [f'    {{"n":{n},"t":"é\\n\\"]","x":null}},' for n in range(count)]
    assert written(rows) == [*lines[:-1], lines[-1][:-1]]


@pytest.mark.parametrize("count", LENGTHS)
def test_all_but_rows_is_indented_as_by_one_call(count: int) -> None:
    """Tables may stand first, last and next to one another; without their rows all is as ``as_json`` has it."""
    rows = Rows({"n": np.arange(count)})
    document = {"first": rows, "a": 1, "none": Rows({}), "more": {"x": [1, None]}, "é": rows, "last": rows}
    pieces = b"".join(json_pieces(document))
    shown = [line for line in pieces.splitlines(keepends=True) if not line.startswith(b'    {"n":')]
    expected = as_json({key: [] if isinstance(value, Rows) else value for key, value in document.items()})
    assert b"".join(shown).replace(b"[\n  ]", b"[]") == expected
    assert json.loads(pieces) == {
        key: list(value) if isinstance(value, Rows) else value for key, value in document.items()
    }


@pytest.mark.parametrize("count", LENGTHS)
@pytest.mark.parametrize("value", [[1, [2]], {"a": None}, [], 10**30, "\ud800", {"b": "\ud800"}, None])
def test_nested_and_odd_values_are_rows_on_a_line(value: Any, count: int) -> None:
    """Lists, mappings, numbers of any size and lone surrogates keep to the line of their row."""
    rows = Rows({"n": np.full(count, 0.5), "v": objects([value] * count), "é": objects(["é"] * count)})
    told = [json.loads(line.rstrip(",")) for line in written(rows)]
    assert told == [{"n": 0.5, "v": value, "é": "é"}] * count


@pytest.mark.parametrize("count", LENGTHS)
@pytest.mark.parametrize("text", ["[1, 2]", '{"a": null}', "1", "[\n\n\n1]", '"\\ud800"', '"é"'])
def test_json_text_goes_in_as_it_stands(text: str, count: int) -> None:
    """What is JSON already is neither read nor written anew, whatever white space is in it."""
    rows = Rows({"n": np.arange(count), "v": objects([text] * count)}, written=("v",))
    lines = [f'    {{"n":{n},"v":{text}}}' for n in range(count)]
    assert "\n".join(written(rows)) == ",\n".join(lines)


@pytest.mark.parametrize("count", LENGTHS)
@pytest.mark.parametrize("gaps", [False, True])
@pytest.mark.parametrize(
    "first", ["2017-02-01T08:00:59.999999", "1969-12-31T23:59:59.5", "9999-12-31", "0033-01-01"]
)
def test_times_are_text_to_the_second(first: str, gaps: bool, count: int) -> None:
    """In UTC, in any year, alone or among many; a time that is not known is null."""
    times = np.full(count, np.datetime64(first, "us"))
    times[1:] = np.datetime64("NaT" if gaps else first)
    second = f"{first:0<19}"[:19] if "T" in first else f"{first}T00:00:00"
    told = [json.loads(line.rstrip(","))["t"] for line in written(Rows({"t": times}))]
    assert told == [f"{second}Z", *[None if gaps else f"{second}Z"] * (count - 1)]


@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.uint64, np.int8, np.bool_])
def test_numbers_are_the_same_in_a_short_and_in_a_long_table(dtype: Any) -> None:
    """To the last digit: a number is no other one because the table grew."""
    values = np.array([0, 1, 0.1, 1e-7, 123.456] * AT_ONCE).astype(dtype)
    assert [line.rstrip(",") for line in written(Rows({"n": values}))] == [
        line.rstrip(",") for line in written(Rows({"n": values[:5]}))
    ] * AT_ONCE


@given(st.lists(st.text(st.characters()), min_size=1, max_size=5))
def test_hostile_text_is_written_whole(texts: list[str]) -> None:
    """Any text, lone halves of surrogate pairs included, comes back from the pieces."""
    told = json.loads(b"".join(json_pieces({"rows": Rows({"t": objects(texts)}), texts[0]: texts})))
    assert [row["t"] for row in told["rows"]] == texts or texts[0] == "rows"
    assert told[texts[0]] == texts


def test_many_rows_are_what_orjson_writes() -> None:
    """Byte for byte, a table of many columns is its rows as mappings, dumped one by one."""
    count = 2 * AT_ONCE + 7
    rng = np.random.default_rng(5)
    table = {
        "text": objects([chr(code) * (code % 19) for code in rng.integers(1, 0xD7FF, count).tolist()]),
        'a "name" of some length, with é': objects([None] * count),
        "number": rng.normal(size=count) * 10.0 ** rng.integers(-30, 30, count),
        "whole": rng.integers(-(2**62), 2**62, count),
        "": rng.random(count) < 0.5,
    }
    rows = Rows(table)
    assert "\n".join(written(rows)) == ",\n".join(f"    {orjson.dumps(row).decode()}" for row in rows)
