"""The layers of the cross-encoder: the first four read a sentence by itself, the last eight both sentences at once.

Weights are those of ``multilingual-e5-small``; in the last eight layers a low-rank change fitted on labelled pairs is
added (Hu et al. 2022, "LoRA"), and two small layers turn what comes out into three scores. Every pair is worked out by
itself: what is said of it does not depend on the pairs beside it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import erf

from probata.text.cross.packed import WIDTH, Packed

__all__ = ["ALONE", "Alone", "Both"]

States = npt.NDArray[np.float32]
ALONE = 4
"""Layers that see one sentence only."""
MOST_TOKENS = 160
"""Pieces of a sentence that are read; those that the changes were fitted on have some 40."""
_PARTS = ("q", "k", "v", "ao", "fi", "fo")
_EPS = 1e-12


class Alone:
    """What reads a sentence by itself: words, places and the first layers."""

    def __init__(self, packed: Packed) -> None:
        self._packed = packed
        self._place = packed.floats("emb.pos").reshape(-1, WIDTH)
        self._kind = packed.floats("emb.type")[:WIDTH]
        self._norm = (packed.floats("emb.ln.w"), packed.floats("emb.ln.b"))
        self._blocks = [_block(packed, layer) for layer in range(ALONE)]

    def states(self, text: str) -> States:
        """One state a token, shape (tokens, 384); what follows the first ``MOST_TOKENS`` is not read."""
        tokens = self._packed.tokens(f"query: {text}", MOST_TOKENS)
        states = _normed(self._packed.words(tokens) + self._place[: len(tokens)] + self._kind, *self._norm)
        for block in self._blocks:
            states = _through(block, states, self._packed.heads)
        return states


class Both:
    """What reads two sentences at once: the last layers, changed, and what turns them into scores."""

    def __init__(self, packed: Packed, changes: Mapping[str, Any]) -> None:
        self._heads = packed.heads
        given = {name: np.asarray(value, np.float32) for name, value in changes.items()}
        self._blocks = [_block(packed, layer, given) for layer in range(ALONE, packed.layers)]
        self._given = given

    def scores(self, one: States, two: States) -> npt.NDArray[np.float64]:
        """Scores (log chances but for a constant) of same, denies and differs for two sentences."""
        given = self._given
        states = np.concatenate([one, two + given["second"]])
        for block in self._blocks:
            states = _through(block, states, self._heads)
        a, b = states[: len(one)].mean(axis=0), states[len(one) :].mean(axis=0)
        both = np.concatenate([states[0], a + b, np.abs(a - b), a * b])
        hidden = np.tanh(given["inner"] @ both + given["inner_bias"])
        return np.asarray(given["outer"] @ hidden + given["bias"], np.float64)


def _through(block: Mapping[str, States], states: States, heads: int) -> States:
    """One layer: what each token takes from the others, then what it makes of it."""

    def split(part: str) -> States:
        """The heads of every token, shape (heads, tokens, 384 / heads)."""
        return _line(block, part, states).reshape(len(states), heads, -1).transpose(1, 0, 2)

    weight = split("q") @ split("k").transpose(0, 2, 1) * np.float32((WIDTH // heads) ** -0.5)
    weight = np.exp(weight - weight.max(axis=2, keepdims=True))
    weight /= weight.sum(axis=2, keepdims=True)
    taken = (weight @ split("v")).transpose(1, 0, 2).reshape(len(states), WIDTH)
    states = _normed(states + _line(block, "ao", taken), block["aln.w"], block["aln.b"])
    inner = _line(block, "fi", states)
    inner *= np.float32(0.5) * (1 + erf(inner * np.float32(0.5**0.5)))
    return _normed(states + _line(block, "fo", inner), block["oln.w"], block["oln.b"])


def _block(packed: Packed, layer: int, given: Mapping[str, States] | None = None) -> dict[str, States]:
    """Weights of one layer, changed as ``given`` says."""
    found = {}
    for part in _PARTS:
        weight = packed.matrix(f"l{layer}.{part}.w", 4 * WIDTH if part == "fo" else WIDTH)
        if given is not None:
            weight = weight + given[f"l{layer}.{part}.b"] @ given[f"l{layer}.{part}.a"]
        found[f"{part}.w"], found[f"{part}.b"] = weight, packed.floats(f"l{layer}.{part}.b")
    for name in ("aln.w", "aln.b", "oln.w", "oln.b"):
        full = f"l{layer}.{name}"
        found[name] = packed.floats(full) if given is None else given[full]
    return found


def _line(block: Mapping[str, States], part: str, states: States) -> States:
    return np.asarray(states @ block[f"{part}.w"].T + block[f"{part}.b"])


def _normed(states: States, weight: States, bias: States) -> States:
    centred = states - states.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=1, keepdims=True) + np.float32(_EPS))
    return np.asarray(centred / spread * weight + bias, np.float32)
