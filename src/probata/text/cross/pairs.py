"""A second reader beside the guard: a small transformer that sees both sentences at once (optional, extra ``e5``).

Who did what to whom stands in the order of words, which the guard's figures know little of. The reader gives three
scores a pair; a handful of weights, fitted on writers that neither of the two had seen, bring them together with the
guard's chances. It costs some forty times what the guard does, so it is asked only where the guard is not sure.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.text.cross.layers import Alone, Both
from probata.text.cross.packed import SHA256, Packed, installed
from probata.text.embed import PREPARATION, prepare
from probata.text.embed_layers import one_thread

__all__ = ["CrossEncoder", "columns_of", "cross_encoder"]

Chances = npt.NDArray[np.float64]

_REMEMBERED = 2_000
"""Sentences of which the first layers are kept, some 60 kB each: one is often judged beside many."""
_LEAST = 1e-4
"""Chances below are all the same to the weights."""


class CrossEncoder:
    """Scores pairs of sentences, and brings its scores and the guard's chances together."""

    def __init__(self) -> None:
        packed = Packed(installed())
        with np.load(io.BytesIO(_data("cross.npz")), allow_pickle=False) as changes:
            self._both = Both(packed, changes)
        self._alone = lru_cache(maxsize=_REMEMBERED)(Alone(packed).states)

    @cached_property
    def weights(self) -> Mapping[str, Any]:
        """What brings the scores and the guard's chances together, and how the answer is taken from them."""
        loaded: Mapping[str, Any] = json.loads(_data("cross.json"))
        return loaded

    @property
    def id(self) -> str:
        """Version of the changes, hash of the weights they belong to, version of the preparation."""
        return f"e5-cross/{self.weights['version']}/{SHA256[:16]}/{PREPARATION}"

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Chances:
        """Scores of same, denies and differs, shape (pairs, 3); the order of the two texts does not matter."""
        with one_thread():
            found = [self._scores(*sorted(map(prepare, pair))) for pair in pairs]
        return np.array(found, np.float64).reshape(-1, 3)

    def doubtful(self, chances: Chances) -> npt.NDArray[np.int64]:
        """Rows of the guard's chances that are worth a second reading."""
        return np.flatnonzero(np.maximum(chances[:, 0], chances[:, 2]) < float(self.weights["sure"]))

    def together(self, chances: Chances, scores: Chances, across: npt.NDArray[np.bool_]) -> Chances:
        """Chances from those of the guard and the scores of this reader; ``across``: the languages differ."""
        columns = columns_of(chances, scores)
        answers = np.empty((len(columns), 3))
        for rows, part in ((~across, "one_language"), (across, "two_languages")):
            weight = np.array(self.weights[part], np.float64)
            # row by row: a matrix product may round a row by how many others there are
            answers[rows] = (columns[rows, None, :] * weight[:, :-1]).sum(axis=2) + weight[:, -1]
        return np.asarray(np.exp(_log_chances(answers)))

    def _scores(self, one: str, two: str) -> Chances:
        return self._both.scores(self._alone(one), self._alone(two))


def _data(name: str) -> bytes:
    return resources.files("probata").joinpath("data/guard", name).read_bytes()


def columns_of(chances: Chances, scores: Chances) -> Chances:
    """What the two are brought together by, shape (rows, 6): the logarithms of the chances of either."""
    return np.concatenate([np.log(np.maximum(chances, _LEAST)), _log_chances(scores)], axis=1)


def _log_chances(scores: Chances) -> Chances:
    raised = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(raised - np.log(np.exp(raised).sum(axis=1, keepdims=True)))


@lru_cache(maxsize=1)
def cross_encoder() -> CrossEncoder:
    """The reader, loaded and checked once a process. Raises ``WrongWeights`` where the extra is not installed."""
    return CrossEncoder()
