"""Sections of the terminal view: long lists are shown as their rows are, whether these exist already or not."""

from __future__ import annotations

import io

import numpy as np
from rich.console import Console

from probata.export.answer import answer_view
from probata.model import Answer
from probata.store.rows import Rows

TABLES = {
    "stories": {
        "story": np.array(["s1", "s1", "s2", "s2", "s2"], dtype=object),
        "source": np.array(["a", "b", "a", "b", "c"], dtype=object),
        "article": np.array([f"x{k}" for k in range(5)], dtype=object),
        "role": np.array(["origin", "pickup"] * 2 + ["pickup"], dtype=object),
        "lag": np.array([0.0, 2.5, 0.0, np.nan, 50.0]),
        "published": np.array([f"2017-02-0{k + 1}T08:00:00Z" for k in range(5)], dtype=object),
    },
    "pairs": {"relation": np.array(["copy", "copy", "quote"], dtype=object)},
    "ties": {
        "a": np.array(["a", "b"], dtype=object),
        "b": np.array(["b", "c"], dtype=object),
        "shared": np.array([9, 4]),
        "expected": np.array([1.5, 3.0]),
        "p": np.array([0.001, 0.3]),
        "q": np.array([0.002, 0.3]),
    },
}


def shown(document: dict[str, object]) -> str:
    console = Console(file=io.StringIO(), width=80)
    console.print(answer_view(Answer("spread", document=document)))
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def test_rows_made_when_looked_at_are_shown_like_rows_that_exist() -> None:
    """The same text from both; the story that most sources carry comes first, an unknown lag says so."""
    lazy = {name: Rows(table) for name, table in TABLES.items()}
    text = shown(lazy)
    assert text == shown({name: list(rows) for name, rows in lazy.items()})
    assert "pairs of articles: 3 (2 copy, 1 quote)" in text
    assert text.index("-> c +2.1 days") < text.index("-> b +2.5 h")
    assert "order unknown" in text
    assert "ties beyond chance (q <= .05): 1" in text
