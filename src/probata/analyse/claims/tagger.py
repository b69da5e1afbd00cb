"""Engine ``tagger``: a linear-chain model that users train on their own annotated articles.

The model is one npz file without pickled objects: feature names, weights, transitions, cue table, and what it was
trained on. Its SHA-256 travels with every row. Decoding is Viterbi in numpy; nothing of the training library is
needed to run it.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from probata.analyse.claims.document import Document, Span, Tree, parsed
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.linker import Linked, Piece, link
from probata.analyse.claims.rules_dep import spans_of
from probata.analyse.claims.tagger_features import CueTable, features
from probata.stats import Array

FORMAT = "probata-tagger/1"
LABELS = ("O", "B-Source", "I-Source", "B-Cue", "I-Cue", "B-Content", "I-Content")
_LARGEST = 500_000_000
"""Bytes of a model file that are read: a model is a few megabytes."""


class BadModel(ValueError):
    """A model file that is none, in one line."""


@dataclass(frozen=True)
class Model:
    """Weights of one trained tagger. ``weights`` is [features, labels], ``transitions`` [labels, labels]."""

    names: Mapping[str, int]
    weights: Array
    transitions: Array
    cues: CueTable
    about: Mapping[str, Any]
    sha256: str = ""

    def tags(self, tree: Tree) -> list[str]:
        """The likeliest label of each token."""
        rows = features(tree, self.cues)
        if not rows:
            return []
        return [LABELS[k] for k in viterbi(self._scores(rows), self.transitions)]

    def _scores(self, rows: Sequence[Sequence[str]]) -> Array:
        get = self.names.get
        known = [[k for name in row if (k := get(name)) is not None] for row in rows]
        scores = np.zeros((len(rows), len(LABELS)))
        for i, indices in enumerate(known):
            if indices:
                scores[i] = self.weights[indices].sum(axis=0)
        return scores


def viterbi(scores: Array, transitions: Array) -> list[int]:
    """Best label path of [n, labels] scores under [from, to] transition scores."""
    n = len(scores)
    best = scores[0].copy()
    back = np.zeros((n, scores.shape[1]), dtype=np.int64)
    for i in range(1, n):
        reached = best[:, None] + transitions
        back[i] = reached.argmax(axis=0)
        best = reached.max(axis=0) + scores[i]
    path = [int(best.argmax())]
    for i in range(n - 1, 0, -1):
        path.append(int(back[i, path[-1]]))
    return path[::-1]


def save(path: Path, model: Model) -> str:
    """Write a model file and return its SHA-256; equal models give equal bytes."""
    names = "\n".join(sorted(model.names, key=lambda name: model.names[name]))
    about = {**model.about, "format": FORMAT, "labels": list(LABELS)}
    cues = sorted([lemma, pos, share] for (lemma, pos), share in model.cues.items())
    arrays: dict[str, Array] = {
        "about": np.frombuffer(json.dumps(about, sort_keys=True).encode(), dtype=np.uint8),
        "cues": np.frombuffer(json.dumps(cues).encode(), dtype=np.uint8),
        "names": np.frombuffer(names.encode(), dtype=np.uint8),
        "transitions": model.transitions.astype(np.float32),
        "weights": model.weights.astype(np.float32),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            buffer = io.BytesIO()
            np.lib.format.write_array(buffer, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), buffer.getvalue())
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load(path: Path) -> Model:
    """Read a model file.

    Raises:
        BadModel: absent, too large, or not a tagger of this format.
    """
    if not path.is_file():
        raise BadModel(f"{path}: no such model file; train one with: probata claims train DIR")
    if path.stat().st_size > _LARGEST:
        raise BadModel(f"{path}: too large for a tagger model")
    try:
        with np.load(path, allow_pickle=False) as file:
            about = json.loads(bytes(file["about"]))
            cues = {(str(a), str(b)): float(c) for a, b, c in json.loads(bytes(file["cues"]))}
            names = bytes(file["names"]).decode().split("\n")
            weights, transitions = file["weights"].astype(float), file["transitions"].astype(float)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as problem:
        raise BadModel(f"{path}: not a tagger model ({type(problem).__name__})") from None
    shaped = weights.shape == (len(names), len(LABELS)) and transitions.shape == (len(LABELS), len(LABELS))
    if about.get("format") != FORMAT or not shaped:
        raise BadModel(f"{path}: a tagger model of another format than {FORMAT}; train it anew")
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Model({name: k for k, name in enumerate(names)}, weights, transitions, cues, about, digest)


def pieces_of(tags: Sequence[str]) -> list[Piece]:
    """Tagged tokens as spans; an inside tag after another role opens a span."""
    found: list[Piece] = []
    for i, tag in enumerate(tags):
        role = tag[2:]
        if tag == "O":
            continue
        if tag[0] == "I" and found and found[-1].role == role and found[-1].last == i - 1:
            found[-1].last = i
        else:
            found.append(Piece(role, i, i))
    return found


class Tagger:
    """Engine ``tagger``."""

    name = "tagger"

    def __init__(self, path: Path, lang: str, parser: str | None = None, model: Model | None = None) -> None:
        self.model = model or load(path)
        self._lang, self._parser = lang, parser
        self.version = self.model.sha256[:12]

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
        """See ``Extractor.extract``."""
        for document in parsed(documents, self._lang, self._parser):
            yield document, self.proposals(document)

    def proposals(self, document: Document) -> list[Proposal]:
        """Attributions of a parsed article."""
        tree = document.tree
        if tree is None or not len(tree):
            return []
        linked = link(tree, pieces_of(self.model.tags(tree)))
        return [p for item in linked if (p := _proposal(tree, item)) is not None]


def _proposal(tree: Tree, item: Linked) -> Proposal | None:
    tokens = {i for piece in item.contents for i in range(piece.first, piece.last + 1)}
    content = spans_of(tree, tokens)
    if not content:
        return None
    lemma, negated = "", False
    if item.cue is not None:
        inside = range(item.cue.first, item.cue.last + 1)
        verbs = [i for i in inside if tree.pos[i] == "VERB"] or list(inside)
        lemma = tree.lemma[verbs[-1]]
        negated = any(tree.dep[i] == "neg" or tree.lemma[i] in ("not", "ne", "pas", "never") for i in inside)
    return Proposal(
        content=tuple(content),
        source=_span(tree, item.source),
        cue=_span(tree, item.cue),
        confidence=0.7 if item.source is not None else 0.4,
        lemma=lemma,
        negated=negated,
        frame="tagger",
    )


def _span(tree: Tree, piece: Piece | None) -> Span | None:
    return (tree.start[piece.first], tree.end[piece.last]) if piece is not None else None
