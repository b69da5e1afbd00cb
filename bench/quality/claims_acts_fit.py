"""Fit the weights of the act model on our own statements, and say by cross-validation what they are worth.

Training statements: ``labels/claims_training/acts.jsonl`` and the development half of the annotated texts. Ten folds;
statements of one text stay together. ``--write`` stores the weights; without it only the figures are printed.
Needs scikit-learn (fitting only): multinomial logistic regression, small weights left out.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.quality._claims_sets import load
from bench.quality.claims_own import act_scores
from probata.analyse.claims import act_model, acts

TRAINING = Path(__file__).parent / "labels" / "claims_training" / "acts.jsonl"
WEIGHTS = Path(acts.__file__).parents[2] / "data" / "claims" / "act_weights.json"
FITTED = ("en", "fr")
STRENGTH = 1.0
"""Inverse of the regularisation, chosen by the cross-validation below among .3, 1 and 3."""
_SMALL = 0.04
FOLDS = 10

Example = tuple[str, str, str, str]
"""(group, cue, content, act)"""


def examples(lang: str) -> list[Example]:
    """Statements to fit on: the training file and the development half."""
    found = []
    for number, line in enumerate(TRAINING.read_text("utf-8").splitlines()):
        row = json.loads(line)
        if row["lang"] == lang:
            found.append((f"t{number}", row["cue"], row["content"], row["act"]))
    for text in load("dev", lang):
        for statement in text.statements:
            cue, content = (
                " ".join(text.text[a:b] for a, b in statement.roles[role]) for role in ("Cue", "Content")
            )
            found.append((text.id, cue, content, statement.act))
    return found


def fit(lang: str, rows: Sequence[Example], strength: float = STRENGTH) -> dict[str, list[float]]:
    """Weights by feature of a multinomial logistic regression on the given statements."""
    from sklearn.feature_extraction import DictVectorizer
    from sklearn.linear_model import LogisticRegression

    vectorizer = DictVectorizer()
    matrix = vectorizer.fit_transform([dict.fromkeys(_features(lang, row), 1.0) for row in rows])
    model: Any = LogisticRegression(C=strength, max_iter=2000)
    model.fit(matrix, [row[3] for row in rows])
    order = [list(model.classes_).index(act) for act in act_model.ACTS]
    found = {"bias": [round(float(model.intercept_[place]), 3) for place in order]}
    for name, column in zip(vectorizer.get_feature_names_out(), model.coef_.T, strict=True):
        if max(abs(column)) >= _SMALL:
            found[str(name)] = [round(float(column[place]), 3) for place in order]
    return found


def _features(lang: str, row: Example) -> list[str]:
    lemma, negated = acts.lemma_in(lang, row[1])
    return acts.features_of(lang, lemma, negated, row[1], row[2])


def cross_validate(lang: str, strength: float = STRENGTH) -> dict[str, list[tuple[str, str]]]:
    """(annotated, given) acts of statements left out of the fit, by origin: training file and development half."""
    rows = examples(lang)
    groups = sorted({row[0] for row in rows})
    fold_of = {group: number * 7 % FOLDS for number, group in enumerate(groups)}
    pairs: dict[str, list[tuple[str, str]]] = {"training": [], "development": []}
    for fold in range(FOLDS):
        table = fit(lang, [row for row in rows if fold_of[row[0]] != fold], strength)
        for row in rows:
            if fold_of[row[0]] == fold:
                lemma, negated = acts.lemma_in(lang, row[1])
                act = acts.act_of(lang, lemma, negated, row[1], row[2], table)
                pairs["training" if row[0].startswith("t") else "development"].append((row[3], act))
    return pairs


def main() -> None:
    """Print the cross-validated figures; with ``--write`` fit on everything and store the weights."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="store the weights")
    parser.add_argument("--strength", type=float, default=STRENGTH, help="inverse of the regularisation")
    given = parser.parse_args()
    for lang in FITTED:
        for origin, pairs in cross_validate(lang, given.strength).items():
            macro, micro, by_act = act_scores(pairs)
            shown = " ".join(f"{act} {value:.2f}" for act, value in by_act.items())
            print(f"{lang} {origin:<12} {len(pairs)} macro {macro:.3f} micro {micro:.3f}  {shown}")
    if given.write:
        tables = {lang: fit(lang, examples(lang), given.strength) for lang in FITTED}
        lines = [
            f'"{lang}": {{\n'
            + ",\n".join(f"{json.dumps(name, ensure_ascii=False)}: {row}" for name, row in table.items())
            + "\n}"
            for lang, table in tables.items()
        ]
        WEIGHTS.write_text("{\n" + ",\n".join(lines) + "\n}\n", "utf-8")
        print({lang: len(table) for lang, table in tables.items()}, "features written")


if __name__ == "__main__":
    main()
