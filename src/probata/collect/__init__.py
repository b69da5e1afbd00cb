"""Bytes in, columns out: one module a family of formats.

Every reader is a function ``read(incoming) -> Iterator[Batch]``. A reader never raises for what a hostile file can
hold: what it cannot read it sets aside as a ``Reject`` with file, line and reason. It raises ``UnreadableFile`` only
when nothing of the file can be read at all; the message is one line that names the file and the remedy.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from probata.model import Batch
from probata.store.base import Store

__all__ = ["COLLECTORS", "Incoming", "Reader", "UnreadableFile", "reader_of", "reader_version"]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file to read: where it is, what its bytes hash to, how to show it, how to read it."""

    path: Path
    evidence: str
    shown: str
    options: Mapping[str, Any] = field(default_factory=dict)
    store: Store | None = None
    """Where the records will go, for readers that can leave texts there."""
    name: str = ""
    """What the file counts as by its name where that is not its own but its folder's."""


class UnreadableFile(Exception):
    """Nothing of this file can be read; the message names file and remedy."""


Reader = Callable[[Incoming], Iterator[Batch]]

COLLECTORS: Mapping[str, str] = {
    "articles": "probata.collect.articles",
    "polls": "probata.collect.polls",
    "logs": "probata.collect.logs",
    "reviews": "probata.collect.reviews",
    "shares": "probata.collect.shares",
}
"""Kinds of data that a case or a verb can name, and the module whose ``read`` takes them."""


def reader_of(kind: str) -> Reader:
    """The reader of a kind of data, imported when asked for."""
    return cast(Reader, importlib.import_module(COLLECTORS[kind]).read)


def reader_version(kind: str) -> str:
    """The version of that reader: a changed reader reads its inputs again."""
    return str(importlib.import_module(COLLECTORS[kind]).VERSION)
