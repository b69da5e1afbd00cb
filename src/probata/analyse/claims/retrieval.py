"""Which checked claims come near to a statement: BM25 fused with sentence vectors, over any language.

Words find the names and figures that two texts share, vectors find what was said in other words or another
language; neither does alone what both do (figures in ``docs/questions/claims.md``). Checked claims whose words are
equal are one candidate. Score = ``WORDS`` x BM25 + ``WHOLE`` x (cosine to the claim + cosine to the title) + ``PART``
x (the same for the statement's best sentence); the weights were chosen on one half of a labelled set and measured on
the other.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.text.embed import Embedder

Array = np.ndarray[Any, np.dtype[Any]]

WORDS, WHOLE, PART = 0.2, 6.0, 4.0
K1, B = 1.2, 0.75
STEM = 6
"""Words are cut to this many letters: inflection is mostly at the end in the five languages."""

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"(?:https?://|www\.|pic\.twitter\.com/)\S+")
_BYLINE = re.compile(r"\s[—–]\s[^—–]{2,80}\(@\w+\).{0,40}$", re.DOTALL)


def words(text: str) -> list[str]:
    """Case, accents and endings dropped."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in folded if not unicodedata.combining(letter))
    return [word[:STEM] for word in _WORD.findall(bare)]


@dataclass(frozen=True, slots=True)
class Bm25:
    """A sparse matrix documents x terms of BM25 weights (Robertson & Zaragoza 2009), k1 1.2, b .75."""

    weights: Any
    terms: dict[str, int]

    @classmethod
    def of(cls, documents: Sequence[str], tokenise: Callable[[str], list[str]] = words) -> Bm25:
        """Index documents; work and memory grow with the number of distinct words a document."""
        from scipy.sparse import csr_matrix

        terms: dict[str, int] = {}
        rows: list[int] = []
        columns: list[int] = []
        counts: list[int] = []
        lengths = np.ones(max(1, len(documents)))
        for row, document in enumerate(documents):
            found = Counter(tokenise(document))
            lengths[row] = max(1, sum(found.values()))
            rows += [row] * len(found)
            columns += [terms.setdefault(word, len(terms)) for word in found]
            counts += found.values()
        column, row_of = np.array(columns, dtype=np.int64), np.array(rows, dtype=np.int64)
        tf = np.array(counts, dtype=np.float64)
        df = np.bincount(column, minlength=len(terms))
        idf = np.log(1 + (len(documents) - df + 0.5) / (df + 0.5))
        long = K1 * (1 - B + B * lengths[row_of] / lengths.mean())
        weights = csr_matrix(
            (idf[column] * tf * (K1 + 1) / (tf + long), (row_of, column)), (len(documents), len(terms))
        )
        return cls(weights, terms)

    def scores(self, queries: Sequence[str], tokenise: Callable[[str], list[str]] = words) -> Array:
        """(queries, documents); each distinct word of a query counts once."""
        from scipy.sparse import csr_matrix

        pairs = [
            (row, self.terms[word])
            for row, query in enumerate(queries)
            for word in sorted(set(tokenise(query)))
            if word in self.terms
        ]
        at = np.array(pairs, int).reshape(-1, 2)
        asked = csr_matrix((np.ones(len(at)), (at[:, 0], at[:, 1])), (len(queries), len(self.terms)))
        return np.asarray((asked @ self.weights.T).toarray())


def encode_once(embedder: Embedder, texts: Sequence[str]) -> Array:
    """Vectors of texts of which many may be equal: each different text is encoded once."""
    distinct = list(dict.fromkeys(texts))
    place = {text: row for row, text in enumerate(distinct)}
    return np.asarray(embedder.encode(distinct))[[place[text] for text in texts]]


class ClaimIndex:
    """Checked claims, ready to be asked for the nearest to a statement."""

    def __init__(
        self, claims: Sequence[str], titles: Sequence[str], embedder: Embedder, vectors: Array | None = None
    ) -> None:
        """``vectors`` (2 x claims, dim) from an earlier ``encode`` saves the time of making them."""
        self._titles = [title or claim for title, claim in zip(titles, claims, strict=True)]
        self._claims = list(claims)
        self._embedder = embedder
        self._bm25 = Bm25.of([f"{title} {claim}" for title, claim in zip(titles, claims, strict=True)])
        self.vectors = self.encode() if vectors is None else vectors
        keys = [" ".join(words(claim)) for claim in claims]
        self._group = np.unique(np.array([*keys, ""], dtype=object).astype(str), return_inverse=True)[1][:-1]

    def encode(self) -> Array:
        """Vectors of all claims, then of all titles."""
        return encode_once(self._embedder, [*self._claims, *self._titles])

    def scores(self, statements: Sequence[str]) -> Array:
        """(statements, claims)."""
        shown = [_ADDRESS.sub(" ", statement) for statement in statements]
        bare = [_BYLINE.sub(" ", text) for text in shown]
        half = len(self._claims)
        whole = self._nearness(self._embedder.encode(bare), half)
        parts, owner = _sentences(bare)
        best = whole.copy()
        if parts:
            near = self._nearness(self._embedder.encode(parts), half)
            np.maximum.at(best, owner, near)
        return np.asarray(WORDS * self._bm25.scores(shown) + WHOLE * whole + PART * best)

    def nearest(self, statements: Sequence[str], top: int = 10) -> list[list[tuple[int, float]]]:
        """For each statement its best claims with scores; of claims with equal words the best only."""
        found = []
        for start in range(0, len(statements), 200):
            for row in self.scores(statements[start : start + 200]):
                found.append(self._top(row, top))
        return found

    def _nearness(self, vectors: Array, half: int) -> Array:
        """Sum of the cosines to claim and title."""
        return np.asarray(vectors @ self.vectors[:half].T + vectors @ self.vectors[half:].T)

    def _top(self, row: Array, top: int) -> list[tuple[int, float]]:
        chosen: dict[int, tuple[int, float]] = {}
        for place in np.argsort(-row, kind="stable")[: 5 * top]:
            chosen.setdefault(int(self._group[place]), (int(place), float(row[place])))
            if len(chosen) == top:
                break
        return list(chosen.values())


def _sentences(texts: Sequence[str]) -> tuple[list[str], Array]:
    """Sentences of at least four words, and the row of the text that each is from."""
    parts, owner = [], []
    for row, text in enumerate(texts):
        for sentence in re.split(r"(?<=[.!?…])\s+|\n+", text):
            if len(sentence.split()) >= 4:
                parts.append(sentence)
                owner.append(row)
    return parts, np.array(owner, dtype=np.int64)
