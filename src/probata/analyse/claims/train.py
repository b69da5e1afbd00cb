"""Train the tagger on annotated articles: ``train(folder, out)``; needs the ``train`` and ``nlp`` extras."""

from __future__ import annotations

import contextlib
import ctypes
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from probata.analyse.claims.brat import Annotated, BadAnnotation, read_folder
from probata.analyse.claims.document import Document, Tree, parsed
from probata.analyse.claims.models import parser_version
from probata.analyse.claims.tagger import LABELS, Model, save
from probata.analyse.claims.tagger_features import CUE_POS, CueTable, features

Progress = Callable[[str, int, int], None]

_ROLES = ("Source", "Cue", "Content")
_SEEN = 4
ITERATIONS = 15
"""Passes of the averaged perceptron over the articles."""


def train(
    folder: Path, out: Path, progress: Progress | None = None, lang: str = "en", parser: str | None = None
) -> dict[str, Any]:
    """Read the annotated articles below ``folder``, train, write the model to ``out``; say what was done.

    Returns ``{articles, attributions, features, cues, sha256, path}``.

    Raises:
        BadAnnotation: no or malformed annotations.
        MissingParser: no parser for the language.
        RuntimeError: python-crfsuite is not installed.
    """
    articles = list(read_folder(folder))
    if not any(item.get("Content") for article in articles for item in article.attributions):
        raise BadAnnotation(
            f"{folder}: {len(articles)} articles and no attribution with a Content; roles are Source, Cue and Content"
        )
    documents = [Document(a.name, a.text, lang) for a in articles]
    trees: list[Tree] = []
    for document in parsed(documents, lang, parser):
        assert document.tree is not None
        trees.append(document.tree)
        _tell(progress, "parsing", len(trees), len(articles))
    labels = [labels_of(tree, article) for tree, article in zip(trees, articles, strict=True)]
    cues = cue_table(trees, labels)
    state, transitions = _fit(trees, labels, cues, progress)
    about = {"articles": len(articles), "lang": lang, "parser": parser_version(lang, parser)}
    model = _model(state, transitions, cues, about)
    digest = save(out, model)
    return {
        "articles": len(articles),
        "attributions": sum(len(article.attributions) for article in articles),
        "features": len(model.names),
        "cues": len(cues),
        "sha256": digest,
        "path": str(out),
    }


def _tell(progress: Progress | None, stage: str, done: int, total: int) -> None:
    if progress is not None:
        progress(stage, done, total)


def labels_of(tree: Tree, article: Annotated) -> list[str]:
    """One label a token: inside a span of some role or outside all; the first role of a token wins."""
    role_at: dict[int, tuple[str, int]] = {}
    for number, attribution in enumerate(article.attributions):
        for role in _ROLES:
            for start, end in attribution.get(role, ()):
                for at in range(start, end):
                    role_at.setdefault(at, (role, number * 1000 + start))
    labels, previous = [], None
    for start, end in zip(tree.start, tree.end, strict=True):
        here = next((role_at[at] for at in range(start, end) if at in role_at), None)
        labels.append("O" if here is None else ("I-" if here == previous else "B-") + here[0])
        previous = here
    return labels


def cue_table(trees: Sequence[Tree], labels: Sequence[Sequence[str]]) -> CueTable:
    """Share of the tokens of each (lemma, part of speech) that end a cue or are a verb or noun in one."""
    seen: Counter[tuple[str, str]] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    for tree, tags in zip(trees, labels, strict=True):
        for i, tag in enumerate(tags):
            if tree.pos[i] not in CUE_POS:
                continue
            key = (tree.lemma[i], tree.pos[i])
            seen[key] += 1
            ends = i + 1 == len(tags) or tags[i + 1] != "I-Cue"
            hits[key] += tag.endswith("Cue") and (ends or tree.pos[i] in ("VERB", "NOUN"))
    return {
        key: round(hits[key] / count, 4)
        for key, count in sorted(seen.items())
        if count >= _SEEN and hits[key]
    }


def _fit(
    trees: Sequence[Tree], labels: Sequence[Sequence[str]], cues: CueTable, progress: Progress | None
) -> tuple[Mapping[tuple[str, str], float], Mapping[tuple[str, str], float]]:
    """Weights by (feature, label) and (label, label): averaged perceptron (Collins 2002)."""
    try:
        import pycrfsuite
    except ImportError:
        raise RuntimeError("python-crfsuite is not installed; pip install 'probata[train]'") from None
    trainer = pycrfsuite.Trainer(algorithm="ap", verbose=False)
    small = len(trees) < 150
    trainer.set_params(
        {
            "max_iterations": ITERATIONS,
            "feature.minfreq": 2 if small else _SEEN,
            "feature.possible_transitions": True,
        }
    )
    for done, (tree, tags) in enumerate(zip(trees, labels, strict=True), 1):
        if len(tree):
            trainer.append(features(tree, cues), tags)
        _tell(progress, "features", done, len(trees))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model"
        _tell(progress, "training", 0, 1)
        _seed()
        trainer.train(str(path))
        _tell(progress, "training", 1, 1)
        tagger = pycrfsuite.Tagger()
        with tagger.open(str(path)):
            info = tagger.info()
    return info.state_features, info.transitions


def _seed() -> None:
    """The library shuffles articles with the C library's generator: start it anew, so that runs agree."""
    with contextlib.suppress(
        OSError, AttributeError
    ):  # no C library to be found: the model may differ by run
        ctypes.CDLL(None).srand(20170214)


def _model(
    state: Mapping[tuple[str, str], float],
    transitions: Mapping[tuple[str, str], float],
    cues: CueTable,
    about: Mapping[str, Any],
) -> Model:
    """Weights as matrices; features that carry no weight are left out."""
    column = {label: k for k, label in enumerate(LABELS)}
    kept = {key: weight for key, weight in state.items() if abs(weight) > 1e-6}
    names = sorted(_names(kept))
    rows = {name: k for k, name in enumerate(names)}
    weights = np.zeros((len(names), len(LABELS)), dtype=np.float32)
    for (name, label), weight in kept.items():
        weights[rows[name], column[label]] = weight
    matrix = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for (before, after), weight in transitions.items():
        matrix[column[before], column[after]] = weight
    return Model(rows, weights, matrix, cues, about)


def _names(keys: Iterable[tuple[str, str]]) -> set[str]:
    return {name for name, _ in keys}
