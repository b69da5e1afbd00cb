"""A long document is written piece by piece, and reads as if it had been written whole."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.cli.show import as_json, json_pieces
from probata.model import plain
from probata.store.rows import AT_ONCE, Rows


@pytest.mark.parametrize("count", [0, 1, AT_ONCE, AT_ONCE + 1])
def test_pieces_are_the_whole_document(count: int) -> None:
    """Byte by byte what one call writes, wherever the list stands and however long it is."""
    rows = Rows({"n": np.arange(count), "t": np.array(['é\n"]'] * count, dtype=object)})
    document: dict[str, Any] = {"a": 1, "rows": rows, "none": [], "more": {"x": [1, None]}, "last": rows}
    assert b"".join(json_pieces(document)) == as_json(plain(document))


@pytest.mark.parametrize("value", [[1, [2]], {"a": None}, []])
def test_nested_values_are_written_as_by_one_call(value: Any) -> None:
    """Lists and mappings inside a row keep the indentation of the whole document."""
    column = np.empty(AT_ONCE, dtype=object)
    column[:] = [value] * AT_ONCE
    rows = Rows({"n": np.full(AT_ONCE, np.nan), "v": column})
    assert b"".join(json_pieces({"rows": rows})) == as_json({"rows": list(rows)})


@given(st.lists(st.text(st.characters()), min_size=1, max_size=5))
def test_hostile_text_is_written_whole(texts: list[str]) -> None:
    """Any text, lone halves of surrogate pairs included, comes back from the pieces."""
    column = np.empty(len(texts), dtype=object)
    column[:] = texts
    told = json.loads(b"".join(json_pieces({"rows": Rows({"t": column}), texts[0]: texts})))
    assert [row["t"] for row in told["rows"]] == texts or texts[0] == "rows"
    assert told[texts[0]] == texts
