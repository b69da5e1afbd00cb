"""Embedding and judging by several processes, where there is enough of it: the same bytes whatever their number.

A vector does not depend on the texts beside it, a verdict not on the pairs beside it, so pieces may be dealt anyhow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.analyse.pool import processes, workers
from probata.text.cross import second_reader
from probata.text.embed import Embedder, Vectors, default_embedder
from probata.text.guard import Guard, Judged

__all__ = ["ANSWERS", "DECIDED", "Hands"]

WORTH = 1_000
"""Texts or pairs from which a further process is worth its start."""
WORTH_READING = 100
"""The same where a second reader reads, who takes some 40 ms a pair."""
PIECE = 100
"""Texts or pairs that a process is given at once."""
ANSWERS = ("same", "denies", "differs", "unsure")
DECIDED = np.dtype([("answer", "u1"), *((name, "f8") for name in ("same", "denies", "differs", "cosine"))])

Array = npt.NDArray[Any]
Passage = tuple[str, str]
"""A text and its language."""
Asked = tuple[tuple[Passage, Passage], float]
"""Two passages and the cosine of their vectors."""


class Hands:
    """This process and those that help it, started when there is work for them; ``jobs`` as in ``processes``.

    Only the default encoder can be had in another process: with any other this one works alone.
    """

    def __init__(self, embedder: Embedder, guard: Guard, jobs: int | None, judge: str = "guard") -> None:
        self._embedder, self._guard, self._judge = embedder, guard, judge
        self._jobs = jobs if embedder is default_embedder() else None
        self._open = ExitStack()
        self._over: Callable[..., Iterator[Any]] | None = None

    def encode(self, texts: list[str]) -> Vectors:
        """A vector a text."""
        found = self._shared(("encode", "", texts), WORTH)
        return self._embedder.encode(texts) if found is None else np.concatenate(found)

    def judge(self, asked: list[Asked]) -> Array:
        """What the guard says of each pair, as ``DECIDED``."""
        worth = WORTH if self._judge == "guard" else WORTH_READING
        found = self._shared(("judge", self._judge, asked), worth)
        return _decided(self._guard, asked) if found is None else np.concatenate(found)

    def close(self) -> None:
        """Let the helpers go."""
        self._open.close()
        self._over = None

    def _shared(self, work: tuple[str, str, Sequence[Any]], worth: int) -> list[Any] | None:
        """The answers piece by piece from helpers; None where this process should do it."""
        what, judge, given = work
        count = processes(self._jobs, len(given) // worth)
        if self._over is None:
            if count <= 1 or len(given) < worth:
                return None
            self._over = self._open.enter_context(workers(_done, count))
        pieces = [(what, judge, given[k : k + PIECE]) for k in range(0, len(given), PIECE)]
        return list(self._over(pieces)) if pieces else None


def _done(piece: tuple[str, str, list[Any]]) -> Array:
    """One piece, in a helper."""
    what, judge, given = piece
    return default_embedder().encode(given) if what == "encode" else _decided(_own_guard(judge), given)


@cache
def _own_guard(judge: str) -> Guard:
    """The guard of a helper, which remembers the vectors of words."""
    return Guard(second=second_reader(judge))


def _decided(guard: Guard, asked: Sequence[Asked]) -> Array:
    judged: list[Judged] = guard.judge([pair for pair, _ in asked], [cosine for _, cosine in asked])
    return np.array(
        [(ANSWERS.index(j.relation), j.same, j.denies, j.differs, j.cosine) for j in judged], DECIDED
    )
