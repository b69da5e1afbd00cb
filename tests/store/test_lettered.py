"""Columns of text in buffers: the texts they hold, and how these go into JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.store import lettered, open_store
from probata.store.interleave import interleaved, spelled
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
    """Quotes, control characters and letters of any script come back from the JSON, whole and in order."""
    listed = [text for texts in parts for text in texts]
    if listed:
        assert json.loads(f"[{spelled(_whole(parts), True).decode()}]") == listed


def test_control_characters_are_escaped_in_the_shortest_way() -> None:
    """As every other text of a document is: small letters, and letters of their own where there are some."""
    sign = "".join(map(chr, range(32))) + '"\\\x7f'
    assert spelled(_column([sign]), True) == orjson.dumps(sign) + b"\n"


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=40))
def test_cells_of_any_length_are_dealt_whole(numbers: list[int]) -> None:
    """Copies of eight bytes at a time neither lose nor add any."""
    texts: list[str | None] = [str(number) for number in numbers]
    columns = [spelled(_column(texts), quoted) for quoted in (True, False)]
    dealt = interleaved([b"{", b", a lead of some length: ", b"}"], columns, len(texts))
    assert bytes(dealt).decode() == "".join(f'{{"{text}", a lead of some length: {text}}}' for text in texts)


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
