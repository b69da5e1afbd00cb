"""Ids of many articles are those of ``content_id``, whoever does the hashing."""

from __future__ import annotations

import hashlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.collect import _digests
from probata.collect.articles import _ids
from probata.model import content_id
from probata.store.held import Held, Window
from probata.text.buffers import laid_out

_ROWS = st.lists(st.tuples(*3 * [st.binary(max_size=300)]), max_size=20)


@given(_ROWS, st.binary(max_size=70))
@settings(deadline=None)
def test_many_rows_are_hashed_as_each_by_itself(rows: list[tuple[bytes, ...]], between: bytes) -> None:
    pieces = [laid_out([row[k] for row in rows]) for k in range(3)]
    made = _digests.digests(b"head", pieces, between)
    wanted = [hashlib.sha256(between.join((b"head", *row))).digest() for row in rows]
    assert [row.tobytes() for row in made] == wanted


@pytest.mark.parametrize("shown", [True, False])
def test_ids_are_content_ids_whether_the_library_shows_its_functions_or_not(
    shown: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not shown:
        monkeypatch.setattr(_digests, "_functions", lambda: None)
    texts = ["one", "", "Größe ☃ " * 90]
    window = Window(laid_out([text.encode() for text in texts]), np.zeros(3, bool))
    fields = {
        "source": ["a.example", "ü", "c"],
        "url": [None, "https://a.example/1", None],
        "published": ["2017", None, None],
    }
    wanted = [content_id("articles", *row) for row in zip(*fields.values(), texts, strict=True)]
    assert [*_ids({**fields, "text": Held(window, np.arange(3))})] == wanted
