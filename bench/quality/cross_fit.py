"""Fits the cross-encoder and the weights that bring it together with the guard (needs ``pip install torch``).

    python -m bench.quality.cross_fit train       an hour on two cores: src/probata/data/guard/cross.npz
    python -m bench.quality.cross_fit together    minutes: src/probata/data/guard/cross.json

Five writers are kept from the cross-encoder. A guard that saw nothing of them either, and its scores, are brought
together on these writers' pairs alone: whoever is sure of what it was fitted on would be trusted too much.
"""

from __future__ import annotations

import json
import math
import random
import sys
import time
from typing import Any

import numpy as np

from bench.quality.pairs_own import (
    FEWER,
    WEIGHTS,
    background,
    derived,
    fitted,
    load,
    matrix_of,
    recall_at,
    scores,
)
from probata.text.cross.layers import Alone
from probata.text.cross.packed import Packed, installed
from probata.text.cross.pairs import CrossEncoder, columns_of
from probata.text.embed import prepare
from probata.text.guard import probabilities
from probata.text.guard_features import FEATURES

CHANGES, TOGETHER = WEIGHTS.with_name("cross.npz"), WEIGHTS.with_name("cross.json")
VERSION = "1"
APART = {
    "thirtieth writer",
    "thirty-eighth writer",
    "ninth writer",
    "twenty-third writer",
    "twenty-fourth writer",
}
"""Writers whose pairs the cross-encoder is not fitted on: those by which choices of the guard were made, too."""
LABELS = ("same", "denies", "differs")

EPOCHS, BATCH, PACE, WARM = 5, 32, 8e-4, 120
"""Times that the written pairs are seen, pairs a step, the highest pace and the steps until it."""
DERIVED, NEAR = 5_000, 3_000
"""Derived and near pairs drawn beside the written ones each time."""
SMOOTH = 0.05
"""Share of a label that is given to the others."""
ALIKE = 20
"""Batches among which pairs are sorted by length: less is filled up."""
SHRINK, FOLDS = 1.0, 5
"""Inverse of the shrinkage of the weights that bring both together; parts by which they are tried."""
SURE = 0.98
"""The guard's chance of "differs" or "same" from which a pair is not read again."""
FAVOUR, CERTAIN = 0.0, 0.6
"""Added to the chance of "same" before the likeliest answer is taken; chance from which "differs" is said."""
Row = dict[str, Any]
Drawn = tuple[int, int, int, float]
"""Numbers of two texts, the label, what the pair counts."""


def parted() -> tuple[list[Row], list[Row], list[Row], list[Row]]:
    """Pairs of the writers kept apart; of the others written, derived and near ones."""
    rows = load("dev") + load("train")
    more = derived(rows)
    near = background(rows + more)
    apart = [row for row in rows if row.get("writer", "") in APART]
    groups = {row["group"] for row in apart}
    others = ([row for row in part if row["group"] not in groups] for part in (rows, more, near))
    return (apart, *others)  # type: ignore[return-value]


def train() -> None:
    """Fit the changes of the last layers on the pairs of all writers but those kept apart."""
    import torch
    from torch.nn import functional

    from bench.quality._cross_net import Cross, laid

    torch.manual_seed(1)
    draw = random.Random(1)
    apart, *parts = parted()
    texts = sorted({row[side]["text"] for part in (apart, *parts) for row in part for side in "ab"})
    place = {text: number for number, text in enumerate(texts)}
    packed = Packed(installed())
    alone = Alone(packed)
    states = [alone.states(prepare(text)).astype(np.float16) for text in texts]
    drawn = [
        [
            (place[row["a"]["text"]], place[row["b"]["text"]], LABELS.index(row["label"]), weight)
            for row in part
        ]
        for part, weight in zip(parts, (1.0, 0.5, 0.5), strict=True)
    ]
    net = Cross(packed)
    fitted_on = [value for value in net.parameters() if value.requires_grad]
    steps = torch.optim.AdamW(fitted_on, PACE, weight_decay=0.01)
    plan = [batch for _ in range(EPOCHS) for batch in epoch(drawn, states, draw)]
    started, lost = time.perf_counter(), 0.0
    for step, batch in enumerate(plan):
        for group in steps.param_groups:
            group["lr"] = PACE * min(1, (step + 1) / WARM) * (1 + math.cos(math.pi * step / len(plan))) / 2
        pairs = [(a, b) if draw.random() < 0.5 else (b, a) for a, b, _, _ in batch]
        label, weight = torch.tensor([row[2] for row in batch]), torch.tensor([row[3] for row in batch])
        steps.zero_grad()
        with torch.autocast("cpu", torch.bfloat16):
            found = net(*laid(states, pairs)).float()
        loss = (
            functional.cross_entropy(found, label, label_smoothing=SMOOTH, reduction="none") * weight
        ).mean()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(fitted_on, 1.0)
        steps.step()
        lost += 0.02 * (float(loss.detach()) - lost) if step else float(loss.detach())
        if step % 100 == 0:
            print(f"{step}/{len(plan)}  loss {lost:.3f}  {time.perf_counter() - started:.0f} s", flush=True)
    np.savez_compressed(CHANGES, **net.changes())


def epoch(parts: list[list[Drawn]], states: list[np.ndarray], draw: random.Random) -> list[list[Drawn]]:
    """Batches of all written pairs and some of the others, of like length."""
    written, more, near = parts
    rows = written + draw.sample(more, DERIVED) + draw.sample(near, NEAR)
    draw.shuffle(rows)
    found = []
    for top in range(0, len(rows), ALIKE * BATCH):
        some = sorted(
            rows[top : top + ALIKE * BATCH], key=lambda row: len(states[row[0]]) + len(states[row[1]])
        )
        batches = [some[k : k + BATCH] for k in range(0, len(some), BATCH)]
        draw.shuffle(batches)
        found += batches
    return found


def together() -> None:
    """Fit what brings guard and cross-encoder together, on writers that neither has seen; print it beside either."""
    apart, *parts = parted()
    seen = [row for part in parts for row in part]
    guard = fitted(seen, matrix_of(seen), FEWER)
    matrix = matrix_of(apart)
    chances = probabilities(guard, matrix[:, : len(FEATURES)], matrix[:, len(FEATURES) :])
    read = CrossEncoder().scores([(row["a"]["text"], row["b"]["text"]) for row in apart])
    truth = np.array([LABELS.index(row["label"]) for row in apart])
    across = np.array([row["a"]["lang"] != row["b"]["lang"] for row in apart])
    found: dict[str, Any] = {
        "version": VERSION,
        "sure": SURE,
        "favour_same": FAVOUR,
        "certain_differs": CERTAIN,
    }
    for name, rows in (("one_language", ~across), ("two_languages", across)):
        found[name] = joined(columns_of(chances[rows], read[rows]), truth[rows])
    TOGETHER.write_text(json.dumps(found) + "\n", encoding="utf-8")
    told(apart, chances, read)


def joined(columns: np.ndarray, truth: np.ndarray) -> list[list[float]]:
    """Weights of a logistic model, one row an answer: the columns, then the constant."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=SHRINK, max_iter=2_000).fit(columns, truth)
    return np.round(np.column_stack([model.coef_, model.intercept_]), 4).tolist()


def told(rows: list[Row], chances: np.ndarray, read: np.ndarray) -> None:
    """Figures of the guard, of the reader and of both; of both the groups are judged by weights of other groups."""
    truth = np.array([row["label"] for row in rows])
    across = np.array([row["a"]["lang"] != row["b"]["lang"] for row in rows])
    fold = np.unique([row["group"] for row in rows], return_inverse=True)[1] % FOLDS
    number = np.array([LABELS.index(label) for label in truth])
    columns, both = columns_of(chances, read), np.zeros((len(rows), 3))
    for part in (~across, across):
        for out in range(FOLDS):
            fit, judge = part & (fold != out), part & (fold == out)
            weight = np.array(joined(columns[fit], number[fit]))
            both[judge] = columns[judge] @ weight[:, :-1].T + weight[:, -1]
    kind = np.array([row["kind"] for row in rows])
    for name, found in (("guard", chances), ("cross-encoder", read), ("both", both)):
        said = np.array(LABELS)[found.argmax(axis=1)]
        p, r, f = scores(truth, said, "same", np.ones(len(rows), bool))
        denies = scores(truth, said, "denies", np.ones(len(rows), bool))[2]
        q, s, _ = scores(truth, said, "same", across)
        raised = np.exp(found - found.max(axis=1, keepdims=True)) if found is not chances else found
        sure = recall_at((truth == "same")[across], (raised[:, 0] / raised.sum(axis=1))[across], 0.98)
        swaps = kind == "role_swap"
        right = int((said == truth)[swaps].sum())
        print(
            f"{name:<14} same {p:.3f} {r:.3f} F1 {f:.3f}  denies F1 {denies:.3f}  translated {q:.3f} {s:.3f}"
            f"  at .98 {sure:.3f}  swaps {right}/{int(swaps.sum())}"
        )


if __name__ == "__main__":
    {"train": train, "together": together}[sys.argv[1] if len(sys.argv) > 1 else "train"]()
