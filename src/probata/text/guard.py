"""Whether two sentences say the same, deny one another, differ, or cannot be told: what no cosine can decide.

Sentence vectors rank a negation or a swap of roles above an honest paraphrase. So a candidate pair is taken apart
(``guard_features``) and a few very small neural nets (one layer of 32 beside a linear path), averaged, give the chance
that the two say the same, that one denies the other, that they differ. The weights are data
(``probata/data/guard/weights.json``), fitted by ``bench/quality/pairs_own.py --fit`` on labelled pairs that are not
held back; every decision comes with its numbers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from probata.text.embed import Embedder, Vectors, default_embedder
from probata.text.guard_cast import cast
from probata.text.guard_features import ACTORS, FEATURES, as_matrix, features
from probata.text.guard_reading import Reading, read
from probata.text.language import language

__all__ = [
    "Guard",
    "Judged",
    "Relation",
    "SecondReader",
    "compare",
    "decide",
    "pair_features",
    "probabilities",
]

Relation = Literal["same", "denies", "differs", "unsure"]
Passage = tuple[str, str]
"""A text and the code of its language ("" where unknown)."""
Chances = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision with what it rests on: probabilities of the three answers and the named features."""

    relation: Relation
    same: float
    denies: float
    differs: float
    cosine: float
    features: Mapping[str, float]


class SecondReader(Protocol):
    """Reads a pair again where the guard is not sure (see ``probata.text.cross.pairs``)."""

    @property
    def id(self) -> str:
        """What it is and which weights it has, in one string."""
        ...

    def doubtful(self, chances: Chances) -> npt.NDArray[np.int64]:
        """Rows of the guard's chances, shape (rows, 3), that it should read."""
        ...

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Chances:
        """Scores of same, denies and differs, shape (pairs, 3)."""
        ...

    def together(self, chances: Chances, scores: Chances, across: npt.NDArray[np.bool_]) -> Chances:
        """Chances from both; ``across`` says where the two languages differ."""
        ...

    @property
    def weights(self) -> Mapping[str, Any]:
        """How the answer is taken from these chances, see ``decide``."""
        ...


class Guard:
    """Decides candidate pairs of passages. Words are embedded once and remembered for the life of the guard."""

    def __init__(
        self,
        embedder: Embedder | None = None,
        weights: Mapping[str, Any] | None = None,
        second: SecondReader | None = None,
    ) -> None:
        self._embedder = embedder or default_embedder()
        self._weights = weights or shipped_weights()
        self._second = second
        self._words: dict[str, Vectors] = {}

    @property
    def id(self) -> str:
        """Version of the weights and id of the encoder, and of the second reader where there is one."""
        second = f"+{self._second.id}" if self._second else ""
        return f"guard/{self._weights['version']}+{self._embedder.id}{second}"

    def judge(
        self, pairs: Sequence[tuple[Passage, Passage]], cosines: Sequence[float] | None = None
    ) -> list[Judged]:
        """Decide every pair. ``cosines`` of the whole passages are worked out where they are not given."""
        if not pairs:
            return []
        rows, gaps = pair_features(self._embedder, pairs, cosines, self._words)
        chances = probabilities(self._weights, as_matrix(rows), gaps)
        answers = decide(self._weights, chances)
        self._read_again(pairs, chances, answers)
        return [
            Judged(answer, float(chance[0]), float(chance[1]), float(chance[2]), row["cosine"], row)
            for row, chance, answer in zip(rows, chances, answers, strict=True)
        ]

    def _read_again(
        self, pairs: Sequence[tuple[Passage, Passage]], chances: Chances, answers: npt.NDArray[np.object_]
    ) -> None:
        """Let the second reader read what the guard is not sure of; changes chances and answers in place."""
        if self._second is None:
            return
        rows = self._second.doubtful(chances)
        asked = [pairs[row] for row in rows.tolist()]
        scores = self._second.scores([(a, b) for (a, _), (b, _) in asked])
        across = np.array([one != two for (_, one), (_, two) in asked], bool)
        chances[rows] = self._second.together(chances[rows], scores, across)
        answers[rows] = decide(self._second.weights, chances[rows])


def decide(weights: Mapping[str, Any], chances: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    """The answer for every row of chances: "differs" where it is certain, "unsure" where it is only likeliest."""
    favoured = chances + np.array([float(weights["favour_same"]), 0.0, 0.0])
    answers: npt.NDArray[np.object_] = np.array(["same", "denies", "differs"], dtype=object)[
        favoured.argmax(axis=1)
    ]
    answers[(answers == "differs") & (chances[:, 2] < float(weights["certain_differs"]))] = "unsure"
    return answers


def compare(a: str, b: str, lang_a: str = "", lang_b: str = "") -> Judged:
    """Decide one pair of sentences; languages are guessed where they are not given."""
    pair = ((a, lang_a or language(a) or ""), (b, lang_b or language(b) or ""))
    return Guard().judge([pair])[0]


def pair_features(
    embedder: Embedder,
    pairs: Sequence[tuple[Passage, Passage]],
    cosines: Sequence[float] | None = None,
    memory: dict[str, Vectors] | None = None,
) -> tuple[list[dict[str, float]], Vectors]:
    """The named features of every pair, and how far its vectors lie apart in each direction, shape (pairs, dim).

    ``memory`` keeps the vectors of words between calls.
    """
    passages = sorted({passage for pair in pairs for passage in pair})
    readings = {passage: read(*passage) for passage in passages}
    words = _word_vectors(embedder, readings.values(), {} if memory is None else memory)
    tables = {passage: _table(reading, words, embedder.dim) for passage, reading in readings.items()}
    prototypes = np.stack([words[word] for word in ACTORS])
    acting = {passage: (table @ prototypes.T).max(axis=1) for passage, table in tables.items()}
    around = _in_context(embedder, readings)
    casts = {passage: cast(readings[passage], acting[passage]) for passage in passages}
    whole = _vectors_of(embedder, {passage: passage[0] for passage in passages})
    if cosines is None:
        cosines = [float(whole[a] @ whole[b]) for a, b in pairs]
    gaps = np.stack([np.abs(whole[a] - whole[b]) for a, b in pairs])
    rows = [
        features(
            readings[a],
            readings[b],
            cosine,
            (tables[a] @ tables[b].T, around[a] @ around[b].T),
            (acting[a], acting[b]),
            (casts[a], casts[b]),
        )
        for (a, b), cosine in zip(pairs, cosines, strict=True)
    ]
    return rows, gaps


def _vectors_of(embedder: Embedder, texts: Mapping[Passage, str]) -> dict[Passage, Vectors]:
    """Vectors of one text a passage; the same text is embedded once."""
    distinct = sorted(set(texts.values()))
    vectors = dict(zip(distinct, embedder.encode(distinct), strict=True))
    return {passage: vectors[text] for passage, text in texts.items()}


def _word_vectors(embedder: Embedder, readings: Any, memory: dict[str, Vectors]) -> dict[str, Vectors]:
    fresh = sorted(({word for reading in readings for word in reading.lowered} | set(ACTORS)) - memory.keys())
    if fresh:
        memory.update(zip(fresh, embedder.encode(fresh), strict=True))
    return memory


def _in_context(embedder: Embedder, readings: Mapping[Passage, Reading]) -> dict[Passage, Vectors]:
    """Vectors of the content words of every passage as they stand in it."""
    words = [[reading.words[position] for position in reading.content] for reading in readings.values()]
    found = embedder.encode_words([text for text, _ in readings], words)
    return dict(zip(readings, found, strict=True))


def _table(reading: Reading, words: Mapping[str, Vectors], dim: int) -> Vectors:
    if not reading.content:
        return np.zeros((0, dim), dtype=np.float32)
    return np.stack([words[word] for word in reading.lowered])


def probabilities(
    weights: Mapping[str, Any], matrix: npt.NDArray[np.float64], gaps: Vectors
) -> npt.NDArray[np.float64]:
    """Chances of same, denies and differs, shape (rows, 3), each row summing to one: the mean of the small nets.

    ``gaps`` count by a few directions (principal components of the gaps of the pairs fitted on).
    """
    place = [FEATURES.index(name) for name in weights["features"]]
    apart = _times(gaps - np.array(weights["gap_mean"]), np.array(weights["gap_directions"]).T)
    columns = np.concatenate([matrix[:, place], apart], axis=1)
    scaled = np.clip((columns - np.array(weights["mean"])) / np.array(weights["scale"]), -_FAR, _FAR)
    return np.asarray(np.mean([_net(net, scaled) for net in weights["nets"]], axis=0), dtype=np.float64)


_FAR = 4.0
"""Standard deviations beyond which a feature is not believed."""


def _net(net: Mapping[str, Any], scaled: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """One layer of tanh beside a linear path, then chances."""
    hidden = np.tanh(_times(scaled, np.array(net["inner"])) + np.array(net["inner_bias"]))
    score = _times(hidden, np.array(net["outer"])) + _times(scaled, np.array(net["linear"]))
    score = score + np.array(net["outer_bias"])
    raised = np.exp(score - score.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))


def _times(rows: npt.NDArray[np.float64], table: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Product summed row by row: a matrix product may round a row by how many others there are."""
    return np.asarray(np.stack([(rows * column).sum(axis=1) for column in table.T], axis=1))


@lru_cache(maxsize=1)
def shipped_weights() -> Mapping[str, Any]:
    """The weights that come with the package."""
    text = resources.files("probata").joinpath("data/guard/weights.json").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded
