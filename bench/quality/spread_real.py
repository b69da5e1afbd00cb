"""Precision on real news: pairs found in PolNeAR and Reuters, labelled by reading.

    python -m bench.quality spread_real --data DIR

All pairs of different outlets, filled up to 200 with same-outlet pairs drawn at random (reported apart). Labels are
ids and offsets, no text. Guideline: **reuse** - the shared words are one text (copied, reprinted, quoted from one
another, or taken from the same statement, release or agency report); **template** - a form with other contents
(earnings, rates, weekly figures); **boilerplate** - an outlet's own standing words; **chance** - a phrase that
anybody may write. One reader, who also wrote the rules and had read every pair before the last of them (the length
rule) was chosen; three pairs that longer fingerprints brought were read afterwards. Nothing else was held back,
whatever ``half`` in the label file says: the figures say how well the rules fit these pairs, they are an optimistic
guess for other news, and the floors only guard against getting worse on them.
A pair is right where it is claimed as reuse and labelled reuse, or named a template and labelled template.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import numpy as np

from probata.analyse.spread import pairs
from probata.analyse.spread.verbatim import find_shared
from probata.stats import proportion_interval

OWN = False
LABELS = Path(__file__).parent / "labels" / "spread_real.json"
TOTAL = 200
SEED = 11


def articles(data: Path) -> list[tuple[str, str, str, str]]:
    """(id, outlet, day, text) of PolNeAR and Reuters, in order of time."""
    found = []
    with (data / "polnear" / "metadata.tsv").open(encoding="utf-8") as rows:
        known = {row["filename"]: row for row in csv.DictReader(rows, delimiter="\t")}
    for path in sorted((data / "polnear").glob("*/text/*")):
        row = known.get(path.stem, {})
        publisher = row.get("publisher") or path.stem.split("_")[0]
        day = row.get("publication_date") or path.stem.split("_")[1]
        found.append((path.stem, publisher, day, path.read_text(encoding="utf-8", errors="replace")))
    with (data / "news" / "reuters21578.jsonl").open(encoding="utf-8") as lines:
        found += [(r["id"], "reuters", "1987", r["text"]) for r in map(json.loads, lines)]
    return sorted(found, key=lambda item: (item[2], item[0]))


def found_pairs(rows: list[tuple[str, str, str, str]]) -> list[dict[str, object]]:
    """Every pair with its relation, the longest span on both sides and whether the outlets differ."""
    names = sorted({row[1] for row in rows})
    owner = np.array([names.index(row[1]) for row in rows])
    shared = find_shared([row[3] for row in rows], owner, np.arange(len(rows)), {"same_outlet": True})
    links = pairs.link(shared)
    found = []
    for k in range(len(links)):
        best = max(range(links.cut[k], links.cut[k + 1]), key=lambda i: links.passage_words[i])
        x, y = int(links.x[k]), int(links.y[k])
        found.append({
            "a": rows[x][0], "b": rows[y][0], "span_a": links.chars[best][:2].tolist(),
            "span_b": links.chars[best][2:].tolist(), "words": int(links.words[k]),
            "relation": str(links.relation[k]), "cross": rows[x][1] != rows[y][1],
        })  # fmt: skip
    return found


def sample(found: list[dict[str, object]]) -> list[dict[str, object]]:
    """All pairs of different outlets, then same-outlet ones drawn at random up to ``TOTAL``."""
    cross = [pair for pair in found if pair["cross"]][:TOTAL]
    same = [pair for pair in found if not pair["cross"]]
    order = np.random.default_rng(SEED).permutation(len(same))
    return cross + [same[k] for k in order[: max(0, TOTAL - len(cross))]]


def run(data: Path | None) -> dict[str, float]:
    """Print precision with its exact interval, different outlets and same outlet apart; all of it seen beforehand."""
    assert data is not None
    found = {(str(pair["a"]), str(pair["b"])): pair for pair in found_pairs(articles(data))}
    labels = json.loads(LABELS.read_text(encoding="utf-8"))
    metrics: dict[str, float] = {}
    for cross in (True, False):
        rows = [
            (found[row["a"], row["b"]], row["label"]) for row in labels
            if (row["a"], row["b"]) in found and found[row["a"], row["b"]]["cross"] is cross
        ]  # fmt: skip
        metrics |= _precision("different_outlets" if cross else "same_outlet", rows)
    gone = [row["label"] for row in labels if (row["a"], row["b"]) not in found]
    unlabelled = sum(bool(pair["cross"]) for key, pair in found.items()) - int(metrics["n_different_outlets"])
    print(f"labelled pairs that are no longer reported: {dict(Counter(gone))}")
    print(f"pairs of different outlets without a label: {unlabelled}")
    metrics["unlabelled_different_outlets"] = float(unlabelled)
    return metrics


def _precision(name: str, rows: list[tuple[dict[str, object], str]]) -> dict[str, float]:
    claimed = [label for pair, label in rows if pair["relation"] != "template"]
    named = [label for pair, label in rows if pair["relation"] == "template"]
    true = claimed.count("reuse")
    low, high = proportion_interval(true, len(claimed))
    right = (true + named.count("template")) / max(1, len(rows))
    print(
        f"{name:28} labelled {len(rows):3}; claimed as reuse {len(claimed):3}, of which reuse {true:3}: precision "
        f"{true / max(1, len(claimed)):.3f} ({low:.3f} to {high:.3f}); claimed otherwise: "
        f"{dict(Counter(label for label in claimed if label != 'reuse'))}; named templates {len(named)}, of which "
        f"reuse {named.count('reuse')}; named rightly {right:.3f}"
    )
    return {
        f"precision_{name}": true / max(1, len(claimed)),
        f"named_{name}": right,
        f"n_{name}": float(len(rows)),
    }
