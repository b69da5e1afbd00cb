"""Columns of text in buffers: the texts they hold, and how these go into JSON."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.store import lettered, open_store
from probata.store.interleave import interleaved
from probata.store.lettered import Lettered, hashes_of, same_texts

_TEXTS = st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=("Cs",)))), max_size=6)


def _column(texts: Sequence[str | None]) -> Lettered:
    """Texts in a buffer of one part."""
    written = [(text or "").encode() for text in texts]
    edges = np.cumsum([0, *map(len, written)])
    absent = np.array([text is None for text in texts], bool)
    return Lettered([(np.frombuffer(b"".join(written), np.uint8), edges, absent)])


def _whole(parts: list[list[str | None]]) -> Lettered:
    return Lettered([part for texts in parts for part in _column(texts).parts])


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(_TEXTS, max_size=4), st.integers(0, 25), st.integers(0, 25))
def test_a_slice_over_parts_is_that_of_the_list(parts: list[list[str | None]], start: int, stop: int) -> None:
    """Wherever parts end, a slice holds the texts that the list of all has there."""
    listed = [text for texts in parts for text in texts]
    assert _whole(parts)[start:stop].tolist() == listed[start:stop]


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(_TEXTS, min_size=1, max_size=4))
def test_any_text_is_spelled_as_the_json_of_it(parts: list[list[str | None]]) -> None:
    """Quotes, control characters and letters of any script come out as orjson writes them, whole and in order."""
    listed = [text for texts in parts for text in texts]
    dealt = interleaved([b"<", b">"], [(_whole(parts), False)], len(listed))
    assert bytes(dealt) == b"".join(b"<" + orjson.dumps(text) + b">" for text in listed)


@pytest.mark.parametrize("code", [*range(0x82), 0x7FF, 0x800, 0xFFFF, 0x10FFFF])
def test_every_sign_is_escaped_in_the_shortest_way(code: int) -> None:
    """Wherever in eight bytes it stands, and whatever stands around it."""
    texts: list[str | None] = [
        f"{before}{chr(code)}{after}" for before in ("", "a", "é23456\\") for after in ("", "b", "\n")
    ]
    dealt = interleaved([b"", b"\n"], [(_column(texts), False)], len(texts))
    assert bytes(dealt) == b"".join(orjson.dumps(text) + b"\n" for text in texts)


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=40), st.integers(0, 40))
def test_cells_of_any_length_are_dealt_whole(numbers: list[int], length: int) -> None:
    """Copies of eight bytes at a time neither lose nor add any: of texts, of JSON text, of values a line, of leads."""
    texts: list[str | None] = [str(number) for number in numbers]
    values = orjson.dumps(texts, option=orjson.OPT_INDENT_2)[len(b"[\n  ") : -len(b"]")]
    columns = [(_column(texts), False), (_column(texts), True), (values, False)]
    lead = length * "-"
    dealt = interleaved([b"{", lead.encode(), b": ", b"}"], columns, len(texts))
    assert bytes(dealt).decode() == "".join(f'{{"{text}"{lead}{text}: "{text}"}}' for text in texts)


@pytest.mark.parametrize("values", [[[1]], [1, [2, 3]], [{"a": 1}, 2], [[], [[]]], [[1], [2], [3], 4, 5]])
def test_values_of_several_lines_are_refused(values: list[object]) -> None:
    """Indented lists and mappings do not go into a row."""
    lines = orjson.dumps(values, option=orjson.OPT_INDENT_2)[len(b"[\n  ") : -len(b"]")]
    with pytest.raises(TypeError, match="several lines"):
        interleaved([b"{", b"}"], [(lines, False)], len(values))


def test_a_table_is_read_in_order_and_as_text() -> None:
    """Numbers come as their text, absent values stay absent, and the order goes by the values themselves."""
    store = open_store(None, None)
    rows = {"id": ["b", "a", "c"], "line": [10, 9, 2], "title": [None, "é", ""]}
    store.add("articles", "part", rows)
    found = store.lettered("articles", ("id", "line", "title"), ("line",))
    assert [list(column[:].tolist()) for column in found.values()] == [
        ["c", "a", "b"],
        ["2", "9", "10"],
        ["", "é", None],
    ]


@pytest.mark.parametrize(
    "lines", [[1, 2, 3], [3, 2, 1], [1, 1, 1], [2, None, 1], [None, None, None], [7, 8, 8]]
)
def test_a_table_is_sorted_whatever_the_order_it_lies_in(lines: list[int | None]) -> None:
    """Rows in order, out of order, alike in the first keys, and without a value, which come last."""
    store = open_store(None, None)
    store.add("articles", "part", {"id": ["b", "a", "c"], "path": ["p", "p", "p"], "line": lines})
    found = store.lettered("articles", ("id",), ("path", "line", "id"))
    rows = sorted(zip(lines, "bac", strict=True), key=lambda row: (row[0] is None, row[0] or 0, row[1]))
    assert found["id"][:].tolist() == [name for _, name in rows]


@settings(deadline=None)
@given(st.lists(_TEXTS, min_size=1, max_size=4), st.data())
def test_rows_of_a_column_are_those_of_the_list(parts: list[list[str | None]], data: st.DataObject) -> None:
    """In any order and any number of times, and with empty texts taken for absent ones where that is asked for."""
    listed = [text for texts in parts for text in texts]
    rows = data.draw(st.lists(st.integers(0, len(listed) - 1), max_size=9)) if listed else []
    column = _whole(parts).copy()
    assert column.only(rows).tolist() == [listed[row] for row in rows]
    assert column.filled().only(rows).tolist() == [listed[row] or None for row in rows]
    assert list(column[len(listed) // 2 :].copy()) == listed[len(listed) // 2 :]


@given(st.lists(st.text("ab", min_size=20, max_size=20), max_size=30))
def test_texts_of_one_length_have_one_number_each_by_their_bytes(texts: list[str]) -> None:
    """Equal beginnings of sixteen letters give equal numbers, others differ."""
    numbers = hashes_of(_column(texts)).tolist()
    assert len(set(numbers)) == len({text[:16] for text in texts})
    assert len(set(zip(numbers, (text[:16] for text in texts), strict=True))) == len(set(numbers))


@given(st.lists(st.text("aé\0", max_size=3), max_size=4), st.lists(st.text("aé\0", max_size=3), max_size=4))
def test_texts_in_a_buffer_are_the_same_as_a_list_if_each_is(texts: list[str], others: list[str]) -> None:
    """Texts that only run together to the same letters are others."""
    assert same_texts(_column(texts), others) == (texts == others)
    assert same_texts(_column(texts), list(texts))
    assert not same_texts(_column([*texts, None]), [*texts, ""])


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(st.sampled_from(["", None, "a", "b", "ab", "ü", "a\0"]), max_size=40), st.booleans())
def test_equal_texts_have_one_number(texts: list[str | None], few: bool) -> None:
    """The number is the place among the distinct texts in order; an absent text counts as an empty one."""
    with pytest.MonkeyPatch.context() as patch:
        if few:
            patch.setattr(lettered, "_CELLS", 2)  # as good as full at once
        names, numbers = _column(texts).numbered()
    assert names == sorted({text or "" for text in texts})
    assert [names[number] for number in numbers.tolist()] == [text or "" for text in texts]


def test_many_rows_are_gathered_as_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a kernel, or text by text."""
    column = _column(["one", None, "", "drei", "四"] * 3)
    rows = [14, 3, 3, 0, 1, 7]
    few = column.only(rows).tolist()
    monkeypatch.setattr(lettered, "_MANY", 0)
    assert column.only(rows).tolist() == few == ["四", "drei", "drei", "one", None, ""]
