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

_PAIRS = st.lists(st.tuples(st.binary(max_size=200), st.binary(max_size=400)), max_size=20)


@given(_PAIRS)
@settings(deadline=None)
def test_many_texts_are_hashed_as_each_by_itself(pairs: list[tuple[bytes, bytes]]) -> None:
    made = _digests.digests(laid_out([head for head, _ in pairs]), laid_out([body for _, body in pairs]))
    if made is None:
        pytest.skip("this Python's hashing cannot be called in one go")
    assert [row.tobytes() for row in made] == [hashlib.sha256(head + body).digest() for head, body in pairs]


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
    assert _ids({**fields, "text": Held(window, np.arange(3))}) == wanted
