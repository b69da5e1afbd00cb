"""Texts of a Parquet file that stay in the engine: they are hashed and stored, and never become Python text."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import numpy as np

from probata.store.columns import Array, clean

HEAD = 600
"""Code points at the beginning of each text that are at hand."""
WIDEST = 4
"""Bytes of a code point."""


class Window:
    """A temporary table of the engine that holds the texts of a run of rows in its column ``text``."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, name: str) -> None:
        self.name = name
        select = f'SELECT rowid AS place, encode(text) AS text FROM "{name}"'  # noqa: S608 - the program's own
        found = connection.execute(select).fetchnumpy()
        place, texts = np.asarray(found["place"], dtype=np.int64), clean(found)["text"]
        self.texts = texts if bool((np.diff(place) == 1).all()) else texts[np.argsort(place)]


class Held:
    """A column of texts that are rows of a window; as UTF-8 bytes they are at hand, as text their heads are."""

    def __init__(self, window: Window, rows: Array) -> None:
        self.window, self.rows = window, rows

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, places: Sequence[int] | Array) -> Held:
        """The column of these places."""
        return Held(self.window, self.rows[np.asarray(places, dtype=np.int64)])

    @property
    def whole(self) -> bool:
        """Whether every row of the window is in the column."""
        return len(self.rows) == len(self.window.texts)

    def encoded(self) -> list[bytes | None]:
        """The texts as UTF-8 bytes."""
        texts: list[bytes | None] = (
            self.window.texts if self.whole else self.window.texts[self.rows]
        ).tolist()
        return texts

    def heads(self) -> list[str]:
        """The beginnings of the texts."""
        return [_head(text) if text else "" for text in self.encoded()]

    def filled(self) -> list[str | None]:
        """By which to tell whether there is a text: its first letter, or the whole where that is a space."""
        return [_sample(text) for text in self.encoded()]


def _head(text: bytes) -> str:
    if text[:HEAD].isascii():
        return text[:HEAD].decode()
    return text[: WIDEST * HEAD].decode("utf-8", "ignore")[:HEAD]


def _sample(text: bytes | None) -> str | None:
    if not text:
        return None if text is None else ""
    return "x" if 32 < text[0] < 128 else text.decode()
