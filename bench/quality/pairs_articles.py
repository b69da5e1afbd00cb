"""Labelled pairs from end to end: every side is a short article of its own, SPREAD looks for the pairs itself.

The guard alone is measured by ``pairs_own``. Here a pair must first be found among all articles (an anchor comes back
in every pair that it belongs to), must not be lost to the verbatim stage, and what the answer says of it counts:
copied, reworded and translated are "same", ``denies`` is "denies", all else and silence are "differs".
``python -m bench.quality.pairs_articles [--dev | --pairs FILE] [--judge e5]`` measures the held-back pairs (the
development half, another file).
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality._article_table import article, said_of
from bench.quality.pairs_own import KEPT_BACK, given, load, read_pairs, scores

OWN = True
SAME = ("copy", "reworded", "translated", "partial", "quote")
SOURCES = 12


def run(data: Path | None, judge: str = "guard") -> dict[str, float]:
    """Figures of the held-back written pairs, and of those of other writers that were kept back."""
    shown = measured([row for row in load("test") if row["written"]], judge)
    for half in ("blind", "unseen", "light"):
        whose = KEPT_BACK[half]
        print(whose)
        shown |= {f"{half}_{name}": value for name, value in measured(load(half), judge).items()}
    return shown


def answers(rows: list[dict[str, Any]], judge: str = "guard") -> list[str]:
    """What SPREAD says of each labelled pair: relations joined by "+", "" where it says nothing.

    Two articles a pair, a before b, the two sides of different sources.
    """
    made = []
    for number, row in enumerate(rows):
        for place, side in enumerate("ab"):
            source = f"outlet {(2 * number + place) % SOURCES}"
            made.append(article(row[side], f"{number:05d}{side}", source, 7 * number + 60 * place))
    said = said_of(made, judge)
    return [said.get((f"{number:05d}a", f"{number:05d}b"), "") for number in range(len(rows))]


def measured(rows: list[dict[str, Any]], judge: str = "guard") -> dict[str, float]:
    """Print what was said of each kind; return the figures."""
    started = time.process_time()
    relations = answers(rows, judge)
    spent = time.process_time() - started
    said = np.array([_meant(relation) for relation in relations])
    truth = np.array([row["label"] for row in rows])
    across = np.array([row["a"]["lang"] != row["b"]["lang"] for row in rows])
    kinds = np.array([row["kind"] for row in rows])
    shown: dict[str, float] = {}
    for answer in ("same", "denies"):
        p, r, f = scores(truth, said, answer, np.ones(len(rows), bool))
        print(f"{answer:<12}{len(rows):>5} pairs  precision {p:.3f}  recall {r:.3f}  F1 {f:.3f}")
        shown |= {f"{answer}_f1": f, f"{answer}_precision": p, f"{answer}_recall": r}
    p, r, f = scores(truth, said, "same", across)
    print(f"{'translated':<12}{across.sum():>5} pairs  precision {p:.3f}  recall {r:.3f}  F1 {f:.3f}")
    shown |= {"translation_precision": p, "translation_recall": r}
    shown["reported"] = float(np.mean([bool(relation) for relation in relations]))
    print(f"said anything of {shown['reported']:.3f} of the pairs; {spent:.1f} CPU s")
    for kind in sorted(set(kinds)):
        count = Counter(np.array(relations)[kinds == kind].tolist())
        print(f"  {kind:<14}" + ", ".join(f"{name or 'nothing'} {n}" for name, n in count.most_common()))
    return shown


def _meant(relation: str) -> str:
    if "denies" in relation:
        return "denies"
    return "same" if any(name in relation for name in SAME) else "differs"


if __name__ == "__main__":
    judge = given("--judge", "guard")
    if "--pairs" in sys.argv:
        measured(read_pairs(Path(given("--pairs"))), judge)
    elif "--dev" in sys.argv:
        measured([row for row in load("dev") if row["written"]], judge)
    else:
        run(None, judge)
