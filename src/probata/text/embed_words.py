"""Words in their sentence: which tokens of a text a word is made of.

The encoder (see ``embed_layers``) adds up one state a token and turns the sum into the vector of the sentence. The
state of each word, the mean of its tokens, is turned into a vector by the same last layers, so that words of two
languages can be laid beside one another with what stands around them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

__all__ = ["token_runs", "written"]


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


def written(tokenizer: Any, tokens: Sequence[int], text: str) -> tuple[list[str], str]:
    """The tokens as written (one unknown letter is one token) and the text that they add up to."""
    known = tokenizer._pieces
    pieces = [known[token] if token < len(known) and known[token] != "<unk>" else " " for token in tokens]
    return pieces, str(tokenizer._normalizer.normalize(text))
