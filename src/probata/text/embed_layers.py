"""The layers of the encoder over many texts at once, so laid out that a text has the same bytes in any company.

Kernels of matrix products treat the rows of a tile in two ways (twelve rows for AVX2 in OpenBLAS, the first six and the
last six), and those left over at the end in a third: the last bits of a row depend on where it stands. So texts begin
where tiles begin and the rows end where a tile does. How large a tile is gets found out, once a process; where rows
follow no such rule each text goes alone.

The layers are those of the convolutional multilingual universal sentence encoder (see ``embed``), from the weights that
its package has loaded: letters' table, projection, three convolutions of two layers each, sum, three dense layers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

Vectors = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_LETTERS, _BRANCH = 512, 256
"""Width of the states: the token itself, then three convolutions."""
_ORDERS = ((2, 0), (3, 1), (5, 2))
"""Tokens that a convolution sees, and how many of them before its own."""
_REACH = 2
"""Tokens that a convolution sees to either side at most."""
_LEAST = 48
"""Rows of a product at least: a few are worked out by other routines."""
_TILES = (1, 2, 4, 6, 8, 12, 16, 24, 48)
_TRIED = (48, 49, 51, 54, 56, 60, 64, 72, 84, 90, 96, 132, 144, 160, 183, 240, 252, 288, 336, 360, 384, 432)
"""Rows of the products by which tiles are found out."""
_ROWS = 384
"""Rows of a batch: its states fit into the cache."""


def one_thread() -> AbstractContextManager[Any]:
    """Matrix products by one thread: several cut the rows otherwise, and take longer for these sizes."""
    found: AbstractContextManager[Any] = _threads().limit(limits=1, user_api="blas")
    return found


@lru_cache(maxsize=1)
def _threads() -> Any:
    from threadpoolctl import ThreadpoolController  # it looks through all loaded libraries, once

    return ThreadpoolController()


@lru_cache(maxsize=1)
def tile() -> tuple[int, int]:
    """Rows after which a product treats the next ones alike, and how many of the first of these it treats alike.

    (0, 1) where there is no such number.
    """
    draw = np.random.default_rng(0)
    found, alike = list(_TILES), _LEAST
    for depth, width in ((512, 768), (512, 256), (768, 256), (1280, 256), (1280, 512), (512, 512)):
        row, weights = (draw.standard_normal(size, dtype=np.float32) for size in (depth, (depth, width)))
        with one_thread():
            products = {rows: np.repeat(row[None], rows, axis=0) @ weights for rows in _TRIED}
        found = [size for size in found if _repeating(products, size)]
        same = (products[_LEAST] == products[_LEAST][0]).all(axis=1)
        alike = min(alike, int(np.argmin(same)) if not same.all() else _LEAST)
    return (found[0], min(alike, found[0])) if found else (0, 1)


def _repeating(products: Mapping[int, Vectors], size: int) -> bool:
    """Whether every product of whole tiles repeats the rows of its first tile, which are those of all others."""
    head = products[_LEAST][:size]
    whole = [product.reshape(-1, *head.shape) for rows, product in products.items() if rows % size == 0]
    return all(bool((tiles == head).all()) for tiles in whole)


def batches(lengths: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs of texts whose rows fit into a batch; a longer text is a run of its own, or each where there is no tile."""
    size = tile()[0]
    start = total = 0
    for end, length in enumerate(lengths):
        rows = -(-length // size) * size if size else _ROWS
        if end > start and total + rows > _ROWS:
            yield start, end
            start, total = end, 0
        total += rows
    if lengths:
        yield start, len(lengths)


class Layers:
    """States of tokens, and vectors of sums of states."""

    def __init__(self, backend: Any) -> None:
        """``backend`` is the package's numpy backend, of which the weights are used."""
        self._use = backend

    def states(self, texts: Sequence[Sequence[int]]) -> tuple[Vectors, Ints]:
        """One state a token, shape (rows, 1280), and where each text begins; rows of no text mean nothing."""
        use = self._use
        lengths = np.array([len(text) for text in texts], np.int64)
        starts, rows = _placed(lengths)
        inside = _inside(starts, lengths)
        found = np.zeros((rows, _LETTERS + 3 * _BRANCH), np.float32)
        flat = np.fromiter(chain.from_iterable(texts), np.int64, len(inside))
        chunk = flat % len(use.scale)
        own = use.table[flat] * use.scale[chunk, None]
        own += use.lo[chunk, None]
        found[inside, :_LETTERS] = own
        inner = found[:, :_LETTERS] @ use.proj_W
        inner += use.proj_b
        _normalised(inner, use.ln_g_all, use.ln_b_all, use.eps)
        outside = _outside(starts, lengths, rows)
        for branch, (width, before) in enumerate(_ORDERS):
            values = inner[:, branch * _BRANCH : (branch + 1) * _BRANCH]
            for weight, bias in ((use.w1, use.b1), (use.w2, use.b2)):
                mixed = _beside(values, outside, width, before) @ weight[branch]
                mixed += bias[branch]
                np.maximum(mixed, 0, out=mixed)
                mixed += values
                values = mixed
            place = _LETTERS + branch * _BRANCH
            found[:, place : place + _BRANCH] = values
        _normalised(found, use.ln_g, use.ln_b, use.eps)
        return found, starts

    def sums(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """The sum of the states of each text, shape (texts, 1280)."""
        states, starts = self.states(texts)
        edges = np.stack([starts, starts + [len(text) for text in texts]], axis=1).ravel()
        return np.asarray(np.add.reduceat(states, edges[edges < len(states)], axis=0)[::2])

    def sentences(self, texts: Sequence[Sequence[int]]) -> Vectors:
        """A vector of length one for each text (lists of tokens, none empty)."""
        lengths = [len(text) for text in texts]
        sums = [self.sums(texts[start:end]) for start, end in batches(lengths)]
        return self.vectors(np.concatenate(sums), np.array(lengths, np.int64))

    def vectors(self, sums: Vectors, counts: Ints | None = None) -> Vectors:
        """Vectors of length one for sums of so many states (default: of one), one a row."""
        size, alike = tile()
        step = _ROWS // (size or _ROWS) * alike
        many = np.ones(len(sums), np.float32) if counts is None else counts.astype(np.float32)
        found = [np.empty((0, _LETTERS), np.float32)]
        for low in range(0, len(sums), step):
            part = sums[low : low + step]
            place = np.arange(len(part))
            place = place // alike * (size or 1) + place % alike
            rows = _whole(int(place[-1]) + 1)
            block, counted = np.zeros((rows, sums.shape[1]), np.float32), np.ones((rows, 1), np.float32)
            block[place], counted[place, 0] = part, many[low : low + step]
            found.append(self._dense(block, counted)[place])
        return np.concatenate(found)

    def _dense(self, sums: Vectors, counts: Vectors) -> Vectors:
        """The layers behind the sum."""
        use = self._use
        mean = (sums @ use.cnn_W + counts * use.cnn_b) * np.reciprocal(np.sqrt(counts))
        one = np.maximum(mean @ use.p1 + np.maximum(mean @ use.d0, 0) @ use.d1, 0)
        last = np.tanh(one @ use.p3 + np.maximum(one @ use.d2, 0) @ use.d3)
        length = np.sqrt(np.maximum((last * last).sum(axis=1, keepdims=True), use.eps))
        return np.asarray(last / length, dtype=np.float32)


def _whole(rows: int) -> int:
    """Rows filled up to whole tiles; as they are where there is no tile."""
    size = tile()[0]
    return max(_whole_tiles(_LEAST, size), _whole_tiles(rows, size)) if size else rows


def _whole_tiles(rows: int, size: int) -> int:
    return -(-rows // size) * size


def _placed(lengths: Ints) -> tuple[Ints, int]:
    """Where each text begins, and how many rows there are."""
    size = tile()[0] or 1
    ends = np.cumsum(-(-lengths // size) * size)
    return np.concatenate([[0], ends[:-1]]), _whole(int(ends[-1]))


def _inside(starts: Ints, lengths: Ints) -> Ints:
    """The rows of all texts, one text after the other."""
    before = np.cumsum(lengths) - lengths
    return np.asarray(np.arange(int(lengths.sum())) + np.repeat(starts - before, lengths), np.int64)


def _outside(starts: Ints, lengths: Ints, rows: int) -> dict[int, Ints]:
    """For each step from a token to one beside it: the rows from which that step leads out of the text."""
    text = np.full(rows + 2 * _REACH, -1)
    text[_inside(starts, lengths) + _REACH] = np.repeat(np.arange(len(lengths)), lengths)
    own = text[_REACH : _REACH + rows]
    return {
        step: np.flatnonzero((own < 0) | (text[_REACH + step : _REACH + step + rows] != own))
        for step in range(-_REACH, _REACH + 1)
    }


def _beside(values: Vectors, outside: Mapping[int, Ints], width: int, before: int) -> Vectors:
    """For each row the states of ``width`` tokens around it side by side; what lies outside the text counts zero."""
    rows, depth = values.shape
    found = np.empty((rows, width * depth), np.float32)
    for k in range(width):
        step = k - before
        part = found[:, k * depth : (k + 1) * depth]
        low, high = max(0, -step), rows - max(0, step)
        part[low:high] = values[low + step : high + step]
        part[outside[step]] = 0.0
    return found


def _normalised(rows: Vectors, gain: Vectors, shift: Vectors, least: float) -> None:
    """Every row with mean zero and variance one, then scaled and shifted, in place."""
    rows -= rows.mean(axis=1, keepdims=True)
    spread = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
    rows *= np.reciprocal(np.sqrt(spread + least))[:, None]
    rows *= gain
    rows += shift
