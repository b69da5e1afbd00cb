"""Fit the weights of the act model on our own statements, and say by cross-validation what they are worth.

Training statements: ``labels/claims_training`` and the development texts of all writers. Ten folds; statements of one
text stay together. ``--write`` stores the weights and leaves the folds out; ``--writers 1`` fits on these only, to see
what the model is worth on texts of a writer it does not know.
Needs scikit-learn (fitting only): multinomial logistic regression, small weights left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.quality._claims_sets import ALL_LANGUAGES, load
from bench.quality.claims_own import act_scores
from probata.analyse.claims import act_model, acts

TRAINING = Path(__file__).parent / "labels" / "claims_training"
WEIGHTS = Path(acts.__file__).parents[2] / "data" / "claims" / "act_weights.json"
FITTED = ALL_LANGUAGES
STRENGTH = 2.0
"""Inverse of the regularisation, between the best in en, fr (1) and in de, es, ru (3) on a writer left out."""
_SMALL = 7
"""Hundredths below which all six weights of a feature must lie for it to be left out."""
FOLDS = 10

Example = tuple[str, str, str, str]
"""(group, cue, content, act)"""


def examples(lang: str, writers: Sequence[int] = (1, 2, 3)) -> list[Example]:
    """Statements to fit on: the training file, and the development texts of some writers."""
    found = []
    for number, line in enumerate((TRAINING / f"{lang}.tsv").read_text("utf-8").splitlines()):
        act, cue, content = line.split("\t")
        found.append((f"t{number}", cue, content, act))
    for writer in writers:
        for text in load("dev", lang, writer=writer):
            for statement in text.statements:
                cue, content = (
                    " ".join(text.text[a:b] for a, b in statement.roles[role]) for role in ("Cue", "Content")
                )
                found.append((f"{writer}{text.id}", cue, content, statement.act))
    return found


def fit(lang: str, rows: Sequence[Example], strength: float = STRENGTH) -> dict[str, list[int]]:
    """Weights in hundredths by feature of a multinomial logistic regression on the given statements."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(_features(lang, row), 1.0) for row in rows])
    model: Any = LogisticRegression(C=strength, max_iter=500, tol=1e-3)
    model.fit(matrix, [row[3] for row in rows])
    order = [list(model.classes_).index(act) for act in act_model.ACTS]
    found = {"bias": [round(100 * float(model.intercept_[place])) for place in order]}
    for name, column in zip(vectorizer.get_feature_names_out(), model.coef_.T, strict=True):
        row = [round(100 * float(column[place])) for place in order]
        if max(map(abs, row)) >= _SMALL:
            found[str(name)] = row
    return found


def _features(lang: str, row: Example) -> list[str]:
    lemma, negated = acts.lemma_in(lang, row[1])
    return act_model.named(acts.features_of(lang, lemma, negated, row[1], row[2]))


def cross_validate(lang: str, strength: float = STRENGTH) -> dict[str, list[tuple[str, str]]]:
    """(annotated, given) acts of statements left out of the fit, by origin: training file and development half."""
    rows = examples(lang)
    groups = sorted({row[0] for row in rows})
    fold_of = {group: number * 7 % FOLDS for number, group in enumerate(groups)}
    pairs: dict[str, list[tuple[str, str]]] = {
        origin: [] for origin in ("training", "writer 1", "writer 2", "writer 3")
    }
    for fold in range(FOLDS):
        table = fit(lang, [row for row in rows if fold_of[row[0]] != fold], strength)
        for row in rows:
            if fold_of[row[0]] == fold:
                lemma, negated = acts.lemma_in(lang, row[1])
                act = acts.act_of(lang, lemma, negated, row[1], row[2], act_model.by_kind(table))
                pairs["training" if row[0][0] == "t" else f"writer {row[0][0]}"].append((row[3], act))
    return pairs


def main() -> None:
    """Print the cross-validated figures; with ``--write`` fit on everything and store the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the weights")
    parser.add_argument("--writers", type=int, nargs="*", default=(1, 2, 3), help="annotated texts to fit on")
    parser.add_argument("--strength", type=float, default=STRENGTH, help="inverse of the regularisation")
    given = parser.parse_args()
    for lang in () if given.write else FITTED:
        for origin, pairs in cross_validate(lang, given.strength).items():
            if not pairs:
                continue
            macro, micro, by_act = act_scores(pairs)
            shown = " ".join(f"{act} {value:.2f}" for act, value in by_act.items())
            print(f"{lang} {origin:<12} {len(pairs)} macro {macro:.3f} micro {micro:.3f}  {shown}")
    if given.write:
        tables = {lang: fit(lang, examples(lang, given.writers), given.strength) for lang in FITTED}
        lines = [
            f'"{lang}": ' + json.dumps(table, ensure_ascii=False, separators=(",", ":"))
            for lang, table in tables.items()
        ]
        WEIGHTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        print({lang: len(table) for lang, table in tables.items()}, "features written")


if __name__ == "__main__":
    main()
