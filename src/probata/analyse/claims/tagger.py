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
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, islice, repeat
from pathlib import Path
from typing import Any

import numpy as np

from probata.analyse.claims import rules_dep
from probata.analyse.claims.document import Document, Span, Tree, parsed
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.linker import Linked, Piece, link
from probata.analyse.claims.rules_dep import spans_of
from probata.analyse.claims.tagger_features import CueTable, features
from probata.stats import Array

FORMAT = "probata-tagger/1"
LABELS = ("O", "B-Source", "I-Source", "B-Cue", "I-Cue", "B-Content", "I-Content")
TOGETHER = 16
"""Articles whose labels are decoded at once."""
SAME_CONTENT = 0.5
"""Share of their common characters from which two contents are one."""
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

    @cached_property
    def _padded(self) -> Array:
        """The weights and a row of zeros, for features that are unknown."""
        return np.vstack([self.weights, np.zeros((1, len(LABELS)))])

    def tags(self, trees: Sequence[Tree]) -> list[list[str]]:
        """The likeliest label of each token of some articles; many at once cost much less than one by one."""
        filled = [place for place, tree in enumerate(trees) if len(tree)]
        paths = viterbi(
            [self._scores(features(trees[place], self.cues)) for place in filled], self.transitions
        )
        found: list[list[str]] = [[] for _ in trees]
        for place, path in zip(filled, paths, strict=True):
            found[place] = [LABELS[k] for k in path]
        return found

    def _scores(self, rows: Sequence[Sequence[str]]) -> Array:
        """[tokens, labels]: sums of the weights of each token's features; unknown ones weigh nothing."""
        nothing = len(self.weights)
        places = np.array(
            list(map(self.names.get, chain.from_iterable(rows), repeat(nothing))), dtype=np.intp
        )
        starts = np.zeros(len(rows), dtype=np.intp)
        np.cumsum([len(row) for row in rows[:-1]], out=starts[1:])
        return np.asarray(np.add.reduceat(self._padded[places], starts, axis=0))


def viterbi(scores: Sequence[Array], transitions: Array) -> list[list[int]]:
    """Best label path of each [n, labels] table of scores (n at least 1) under [from, to] transition scores.

    All tables go forward together, longest first, so that a step is one array operation over those still running.
    """
    order = sorted(range(len(scores)), key=lambda place: -len(scores[place]))
    if not order:
        return []
    lengths = np.array([len(scores[place]) for place in order])
    longest, labels = int(lengths[0]), scores[0].shape[1]
    table = np.zeros((longest, len(order), labels))
    for column, place in enumerate(order):
        table[: lengths[column], column] = scores[place]
    back = np.zeros((longest, len(order), labels), dtype=np.int8)
    best = table[0]
    running = np.searchsorted(-lengths, -np.arange(longest), side="left")
    for i in range(1, longest):
        many = running[i]
        reached = best[:many, :, None] + transitions
        back[i, :many] = reached.argmax(axis=1)
        best[:many] = reached.max(axis=1) + table[i, :many]
    found: list[list[int]] = [[] for _ in scores]
    for column, place in enumerate(order):
        path = [int(best[column].argmax())]
        for i in range(int(lengths[column]) - 1, 0, -1):
            path.append(int(back[i, column, path[-1]]))
        found[place] = path[::-1]
    return found


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
        self.version = f"{self.model.sha256[:12]}+rules {rules_dep.VERSION}"

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
        """See ``Extractor.extract``."""
        trees = parsed(documents, self._lang, self._parser)
        while some := list(islice(trees, TOGETHER)):
            yield from zip(some, self.proposals(some), strict=True)

    def proposals(self, documents: Sequence[Document]) -> list[list[Proposal]]:
        """Attributions of parsed articles."""
        trees = [document.tree or Tree() for document in documents]
        found = []
        for document, tree, tags in zip(documents, trees, self.model.tags(trees), strict=True):
            mine = [p for item in link(tree, pieces_of(tags)) if (p := _proposal(tree, item)) is not None]
            found.append(_with_sources(mine, rules_dep.extract(document, tree)) if mine else mine)
        return found


def _with_sources(mine: Sequence[Proposal], rules: Sequence[Proposal]) -> list[Proposal]:
    """What the rules find with the same content says whose it is: they link better, the tagger finds more."""
    told = [(p, _places(p)) for p in rules if p.source is not None]
    found = []
    for proposal in mine:
        places = _places(proposal)
        shares = [(len(places & other) / len(places | other), -n) for n, (_, other) in enumerate(told)]
        share, place = max(shares, default=(0.0, 0))
        source = told[-place][0].source if share >= SAME_CONTENT else proposal.source
        found.append(replace(proposal, source=source))
    return found


def _places(proposal: Proposal) -> set[int]:
    return {at for start, end in proposal.content for at in range(start, end)}


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
