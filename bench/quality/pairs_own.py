"""Same, denies or differs: the guard on our own labelled pairs in five languages.

Half of the groups (an anchor and all its variants) are for development: weights and every choice come from them
(``python -m bench.quality.pairs_own --fit``). The other half is only reported and held by floors, and so is half of
the second writer's pairs (``blind``), which was kept from whoever worked on the guard. Other labelled pairs are judged
by ``python -m bench.quality.pairs_own --pairs FILE``; with ``--judge e5`` the cross-encoder reads again what the guard
is not sure of.
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from probata.analyse.pool import processes, workers
from probata.analyse.spread.reworded import Options
from probata.text.cross import second_reader
from probata.text.embed import default_embedder
from probata.text.guard import Guard, decide, pair_features, probabilities
from probata.text.guard_features import FEATURES, as_matrix

OWN = True
KEPT_BACK = {
    "blind": "second writer, the half kept from whoever worked on the guard",
    "unseen": "tenth writer, of whom nothing was known when the guard was fitted",
    "later": "thirteenth to sixteenth writers, who wrote after it was",
    "light": "thirty-first and thirty-second writers: light rewordings beside statements that look as near",
}
"""Pairs that are no development pairs, by half: what they are."""
LABELS = Path(__file__).parent / "labels" / "pairs"
WEIGHTS = Path(__file__).parents[2] / "src" / "probata" / "data" / "guard" / "weights.json"

HIDDEN, NETS, EPOCHS, BATCH, SHRINK = 32, 12, 40, 256, 1e-3
"""Width of a net, nets that are averaged, times that all rows are seen, rows a step, and how strongly weights are
drawn to nothing; all but the first chosen by leaving out the ninth, twenty-third and twenty-fourth writer."""
FEWER = 4
"""Nets of which the weights without one writer are made: there are many writers."""
DIRECTIONS = 24
"""Principal components of the gaps between the vectors of two sentences; chosen by leaving out a writer."""
FAVOUR = 0.1
"""Added to the chance of "same" before the likeliest answer is taken; chosen on the development half."""
REAL = 2000
"""Pairs of real news sentences added in the same way where the folder of outside data is given."""
COPIES = 120
"""Lightly changed copies of real sentences, added as pairs that say the same."""
WEIGHT = {
    "background": 0.1,
    "real": 0.5,
    "derived same": 0.5,
    "derived": 0.2,
    "written": 1.0,
    "later writers": 2.0,
}
"""What a pair counts in the fit. A derived pair repeats what its anchor says; the later writers, who knew
nothing of the guard, wrote other pairs than those that it was made on."""
PIECE = 2000
"""Rows of which a process works out the features at once."""
BLOCK = 512
"""Texts compared with all others at a time."""
BACKGROUND = 2
"""Nearest sentences of other groups that are added as pairs that differ, for each sentence fitted on."""


def read_pairs(path: Path) -> list[dict[str, Any]]:
    """Labelled pairs of one file: JSON lines with kind, label, a and b (lang and text)."""
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return [{"written": True, "half": "test", "group": row["id"], **row} for row in rows]


def load(half: str) -> list[dict[str, Any]]:
    """Labelled pairs of one half, in a fixed order."""
    lines = (line for path in sorted(LABELS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [row for row in map(json.loads, lines) if row["half"] == half]


def matrix_of(rows: list[dict[str, Any]]) -> np.ndarray:
    """Features and, behind them, the gaps between the vectors of each pair, shape (rows, features + dim)."""
    with workers(_part_of_matrix, processes(0, len(rows) // PIECE)) as over:
        return np.concatenate(list(over([rows[k : k + PIECE] for k in range(0, len(rows), PIECE)])))


def _part_of_matrix(rows: list[dict[str, Any]]) -> np.ndarray:
    pairs = [tuple((row[side]["text"], row[side]["lang"]) for side in "ab") for row in rows]
    found, gaps = pair_features(default_embedder(), pairs)
    return np.concatenate([as_matrix(found), gaps], axis=1)


def run(data: Path | None, judge: str = "guard") -> dict[str, float]:
    """Judge both held-back halves; print tables by kind and pair of languages; return what the floors hold."""
    shown = judged_rows(load("test"), judge) | no_match(load("test"), judge)
    for half, whose in KEPT_BACK.items():
        print(f"\n{whose}")
        shown |= {f"{half}_{name}": value for name, value in judged_rows(load(half), judge).items()}
    return shown


def judged_rows(rows: list[dict[str, Any]], judge: str = "guard") -> dict[str, float]:
    """Judge labelled pairs, report and return the figures."""
    started = time.process_time()
    pairs = [tuple((row[side]["text"], row[side]["lang"]) for side in "ab") for row in rows]
    judged = Guard(second=second_reader(judge)).judge(pairs)
    spent = time.process_time() - started
    said = np.array([verdict.relation for verdict in judged])
    chance = np.array([[verdict.same, verdict.denies, verdict.differs] for verdict in judged])
    shown = report(rows, said, chance)
    print(f"{len(rows)} pairs in {spent:.1f} CPU s, embedding included")
    by_writer(rows, said, chance)
    return shown


def no_match(rows: list[dict[str, Any]], judge: str = "guard") -> dict[str, float]:
    """Pairs of two languages from different groups, which nobody takes for translations: how many are called one?

    The measure that D3lta published beside the share of translations found. All pairs are compared block by block;
    those under the cosine from which SPREAD hands a pair to the guard are none, the guard decides the others.
    """
    sides = {(row[side]["text"], row[side]["lang"]): row["group"] for row in rows for side in "ab"}
    texts = sorted(sides)
    langs, groups = np.array([lang for _, lang in texts]), np.array([sides[text] for text in texts])
    embedder, limits = default_embedder(), Options()
    vectors = embedder.encode([text for text, _ in texts])
    pairs, near = 0, []
    for top in range(0, len(texts), BLOCK):
        rest = np.arange(top, len(texts))
        block = rest[:BLOCK]
        other = (langs[block, None] != langs[rest]) & (groups[block, None] != groups[rest])
        other &= block[:, None] < rest
        pairs += int(other.sum())
        likeness = vectors[block] @ vectors[rest].T
        near += [(top + x, top + y) for x, y in np.argwhere(other & (likeness >= limits.across_languages))]
    judged = Guard(embedder, second=second_reader(judge)).judge([(texts[x], texts[y]) for x, y in near])
    said = sum(verdict.relation == "same" for verdict in judged)
    stated = sum(verdict.same >= limits.certain_translated for verdict in judged)
    print(
        f"\nno match: {pairs:,} pairs of two languages from different groups, {len(near)} near enough for the guard,"
        f" {said} called same ({stated} stated as translated)"
    )
    return {"no_match_pairs": float(pairs), "no_match_same": float(said), "no_match_stated": float(stated)}


def report(rows: list[dict[str, Any]], said: np.ndarray, chance: np.ndarray) -> dict[str, float]:
    truth = np.array([row["label"] for row in rows])
    written = np.array([row["written"] for row in rows])
    across = np.array([row["a"]["lang"] != row["b"]["lang"] for row in rows])
    kinds = np.array([row["kind"] for row in rows])
    everything = np.ones(len(rows), dtype=bool)
    shown: dict[str, float] = {}
    print(f"{'pairs':<24}{'n':>5}  {'answer':<10}{'precision':>10}{'recall':>8}{'F1':>7}")
    for name, mask in (("written", written), ("derived", ~written), ("all", everything)):
        for answer in ("same", "denies"):
            p, r, f = scores(truth, said, answer, mask)
            print(f"{name:<24}{mask.sum():>5}  {answer:<10}{p:>10.3f}{r:>8.3f}{f:>7.3f}")
            shown |= {f"{answer}_f1_{name}": f}
    for name, mask in (("written", written & across), ("all", across)):
        p, r, f = scores(truth, said, "same", mask)
        print(f"{'translated, ' + name:<24}{mask.sum():>5}  {'same':<10}{p:>10.3f}{r:>8.3f}{f:>7.3f}")
        shown |= {f"translation_precision_{name}": p, f"translation_recall_{name}": r}
        shown[f"translation_recall_at_98_{name}"] = recall_at(truth[mask] == "same", chance[mask, 0], 0.98)
        print(f"{'':<24}       recall at precision .98: {shown[f'translation_recall_at_98_{name}']:.3f}")
    by_kind(kinds, said, truth)
    by_languages(rows, said, truth)
    return shown


def scores(truth: np.ndarray, said: np.ndarray, answer: str, mask: np.ndarray) -> tuple[float, float, float]:
    hit = int(((truth == answer) & (said == answer) & mask).sum())
    given, wanted = int(((said == answer) & mask).sum()), int(((truth == answer) & mask).sum())
    return hit / max(given, 1), hit / max(wanted, 1), 2 * hit / max(given + wanted, 1)


def recall_at(truth: np.ndarray, chance: np.ndarray, precision: float) -> float:
    order = np.argsort(-chance, kind="stable")
    hits = np.cumsum(truth[order])
    good = np.flatnonzero(hits / np.arange(1, len(hits) + 1) >= precision)
    return float(hits[good[-1]] / truth.sum()) if len(good) else 0.0


def by_kind(kinds: np.ndarray, said: np.ndarray, truth: np.ndarray) -> None:
    print(f"\n{'kind':<16}{'n':>5}{'right':>8}  {'same':>6}{'denies':>8}{'differs':>8}{'unsure':>8}")
    for kind in sorted(set(kinds)):
        count = Counter(said[kinds == kind])
        right = float((said == truth)[kinds == kind].mean())
        row = "".join(f"{count[answer]:>8}" for answer in ("denies", "differs", "unsure"))
        print(f"{kind:<16}{(kinds == kind).sum():>5}{right:>8.2f}  {count['same']:>6}{row}")


def by_writer(rows: list[dict[str, Any]], said: np.ndarray, chance: np.ndarray) -> None:
    """One line a writer, where there are several."""
    writer = np.array([row.get("writer", "first writer") for row in rows])
    if len(set(writer)) == 1:
        return
    truth, kind = (np.array([row[name] for row in rows]) for name in ("label", "kind"))
    across = np.array([row["a"]["lang"] != row["b"]["lang"] for row in rows])
    print(
        f"\n{'writer':<20}{'n':>5}{'F1 same':>9}{'denies':>8}{'transl. P':>11}{'R':>6}{'at .98':>8}{'swaps right':>13}"
    )
    for name in sorted(set(writer)):
        mine = writer == name
        f1 = [scores(truth, said, answer, mine)[2] for answer in ("same", "denies")]
        p, r, _ = scores(truth, said, "same", mine & across)
        sure = recall_at(truth[mine & across] == "same", chance[mine & across, 0], 0.98)
        swaps = mine & (kind == "role_swap")
        right = f"{int((said == truth)[swaps].sum())}/{int(swaps.sum())}"
        print(
            f"{name:<20}{mine.sum():>5}{f1[0]:>9.3f}{f1[1]:>8.3f}{p:>11.3f}{r:>6.2f}{sure:>8.3f}{right:>13}"
        )


def by_languages(rows: list[dict[str, Any]], said: np.ndarray, truth: np.ndarray) -> None:
    pair = np.array(["-".join(sorted((row["a"]["lang"], row["b"]["lang"]))) for row in rows])
    print(f"\n{'languages':<10}{'n':>5}{'P same':>8}{'R same':>8}{'P denies':>10}{'R denies':>10}")
    for name in sorted(set(pair)):
        p, r, _ = scores(truth, said, "same", pair == name)
        q, s, _ = scores(truth, said, "denies", pair == name)
        print(f"{name:<10}{(pair == name).sum():>5}{p:>8.2f}{r:>8.2f}{q:>10.2f}{s:>10.2f}")


# ---------------------------------------------------------------- fitting, development half only


def net(columns: np.ndarray, target: np.ndarray, weight: np.ndarray, seed: int) -> dict[str, Any]:
    """One small net fitted by Adam (Kingma & Ba 2015) on small batches in an order drawn by ``seed``."""
    draw = np.random.default_rng(seed)
    columns, target = columns.astype(np.float32), target.astype(np.float32)
    width, answers = columns.shape[1], target.shape[1]
    drawn = [
        draw.normal(0, 1 / np.sqrt(width), (width, HIDDEN)),
        np.zeros(HIDDEN),
        draw.normal(0, 0.5 / np.sqrt(HIDDEN), (HIDDEN, answers)),
        np.zeros(answers),
        np.zeros((width, answers)),
    ]
    values = [value.astype(np.float32) for value in drawn]
    first, second = ([np.zeros_like(value) for value in values] for _ in range(2))
    share = (weight / weight.mean()).astype(np.float32)
    batches = [
        rows
        for _ in range(EPOCHS)
        for rows in np.array_split(draw.permutation(len(columns)), max(1, len(columns) // BATCH))
    ]
    for step, rows in enumerate(batches, start=1):
        pace = 0.0025 * (1 + np.cos(np.pi * step / len(batches)))
        slopes = _slopes(values, columns[rows], target[rows], share[rows] / len(rows))
        for place, slope in enumerate(slopes):
            first[place] = 0.9 * first[place] + 0.1 * slope
            second[place] = 0.999 * second[place] + 0.001 * slope**2
            size = np.sqrt(second[place] / np.float32(1 - 0.999**step)) + np.float32(1e-8)
            values[place] = values[place] - np.float32(pace / (1 - 0.9**step)) * first[place] / size
    names = ("inner", "inner_bias", "outer", "outer_bias", "linear")
    return {name: np.round(value, 4).tolist() for name, value in zip(names, values, strict=True)}


def _slopes(
    values: list[np.ndarray], columns: np.ndarray, target: np.ndarray, share: np.ndarray
) -> list[np.ndarray]:
    """How the loss of a batch changes with each part of a net."""
    hidden = np.tanh(columns @ values[0] + values[1])
    score = hidden @ values[2] + values[3] + columns @ values[4]
    raised = np.exp(score - score.max(axis=1, keepdims=True))
    wrong = (raised / raised.sum(axis=1, keepdims=True) - target) * share[:, None]
    back = wrong @ values[2].T * (1 - hidden * hidden)
    return [
        columns.T @ back + np.float32(SHRINK) * values[0],
        back.sum(axis=0),
        hidden.T @ wrong + np.float32(SHRINK) * values[2],
        wrong.sum(axis=0),
        columns.T @ wrong + np.float32(SHRINK) * values[4],
    ]


def derived(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What the pairs of a group imply of one another: two variants that say what the anchor says say the same, and what
    denies (differs from) the anchor denies (differs from) them. Only for writers whose files hold no such pairs.
    """
    done = {row["group"] for row in rows if not row["written"]}
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["group"] not in done:
            groups.setdefault(row["group"], []).append(row)
    found = []
    for group in groups.values():
        anchors = Counter(row["a"]["text"] for row in group)
        mine = [row for row in group if row["a"]["text"] == anchors.most_common(1)[0][0]]
        for i, one in enumerate(mine):
            for j, two in enumerate(mine):
                if one["label"] == "same" and i != j and (two["label"] != "same" or i < j):
                    both = {"a": one["b"], "b": two["b"], "kind": two["kind"], "label": two["label"]}
                    found.append({**two, **both, "id": f"{one['id']}+{two['id']}", "written": False})
    return found


def background(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Pairs of sentences of different groups that lie near one another: they differ."""
    texts = sorted({(row[side]["text"], row[side]["lang"], row["group"]) for row in rows for side in "ab"})
    vectors = default_embedder().encode([text for text, _, _ in texts])
    groups = np.unique([group for _, _, group in texts], return_inverse=True)[1]
    places = np.arange(len(texts))
    found = []
    for top in range(0, len(texts), BLOCK):
        here = places[top : top + BLOCK]
        near = vectors[here] @ vectors.T
        near[(places <= here[:, None]) | (groups == groups[here, None]) | (near <= 0.33)] = -1
        likest = np.argpartition(-near, BACKGROUND, axis=1)[:, :BACKGROUND]
        kept = np.take_along_axis(near, likest, axis=1) > 0
        for i, j in zip(np.repeat(here, kept.sum(axis=1)).tolist(), likest[kept].tolist(), strict=True):
            row = {"group": texts[i][2], "kind": "background", "label": "differs", "written": False}
            sides = {side: {"text": texts[at][0], "lang": texts[at][1]} for side, at in (("a", i), ("b", j))}
            found.append(row | sides)
    return found


def whole_copies(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every text beside itself: it says the same."""
    sides = {(row[side]["text"], row[side]["lang"]): row["group"] for row in rows for side in "ab"}
    return [
        {"group": group, "kind": "background", "label": "same", "written": False}
        | {side: {"text": text, "lang": lang} for side in "ab"}
        for (text, lang), group in sorted(sides.items())
    ]


def real_background(data: Path) -> list[dict[str, Any]]:
    """Near but different sentences of real political news (NewsMTSC), for fitting only: no text of it is kept.

    Pairs with a cosine of .55 to .75 are taken as different; above that some say the same.
    """
    lines = (data / "slant" / "newsmtsc_train.jsonl").read_text("utf-8").splitlines()
    texts = sorted({json.loads(line)["sentence_normalized"] for line in lines})
    texts = [text for text in texts if 6 <= len(text.split()) <= 60]
    vectors = default_embedder().encode(texts)
    near = vectors @ vectors.T
    first, second = np.nonzero(np.triu((near > 0.55) & (near < 0.75), 1))
    chosen = np.random.default_rng(20170214).choice(len(first), REAL, replace=False)
    found = []
    for i, j in zip(first[chosen], second[chosen], strict=True):
        row = {"group": f"real-{i % 997}", "kind": "background", "label": "differs", "written": False}
        found.append(row | {"a": {"text": texts[i], "lang": "en"}, "b": {"text": texts[j], "lang": "en"}})
    return found + near_copies(texts)


def near_copies(texts: list[str]) -> list[dict[str, Any]]:
    """Real sentences beside lightly cut or framed forms of themselves: they say the same at any length."""
    draw = np.random.default_rng(20170215)
    found = []
    for i in draw.choice(len(texts), COPIES, replace=False):
        words = texts[i].split()
        cut = " ".join(words[: max(6, int(len(words) * draw.uniform(0.75, 0.95)))])
        fewer = " ".join(word for word in words if len(word) > 3 or draw.random() > 0.4)
        framed = f"{texts[i].rstrip('.')}, according to the report"
        other = (cut, fewer, framed)[int(draw.integers(3))]
        row = {"group": f"real-{i % 997}", "kind": "background", "label": "same", "written": False}
        found.append(row | {"a": {"text": texts[i], "lang": "en"}, "b": {"text": other, "lang": "en"}})
    return found


def fitted(rows: list[dict[str, Any]], matrix: np.ndarray, nets: int = NETS) -> dict[str, Any]:
    """The weights of the guard from labelled rows."""
    named, gaps = matrix[:, : len(FEATURES)], matrix[:, len(FEATURES) :]
    middle = gaps.mean(axis=0).round(5)
    _, turned = np.linalg.eigh(np.cov(gaps - middle, rowvar=False))
    directions = (22 * turned[:, ::-1][:, :DIRECTIONS].T).round(3)
    columns = np.concatenate([named, (gaps - middle) @ directions.T], axis=1)
    mean, scale = columns.mean(axis=0).round(6), np.maximum(columns.std(axis=0), 1e-3).round(6)
    truth = np.array([row["label"] for row in rows])
    target = np.stack([truth == answer for answer in ("same", "denies", "differs")], axis=1).astype(float)
    weight = np.array([WEIGHT[_sort(row)] for row in rows])
    scaled = np.clip((columns - mean) / scale, -4, 4)
    return {
        "features": list(FEATURES),
        "gap_mean": middle.tolist(),
        "gap_directions": directions.tolist(),
        "mean": mean.tolist(),
        "scale": scale.tolist(),
        "nets": [net(scaled, target, weight, seed) for seed in range(nets)],
    }


def _sort(row: dict[str, Any]) -> str:
    if row["kind"] == "background":
        return "real" if row["group"].startswith("real-") and row["label"] == "differs" else "background"
    if not row["written"]:
        return "derived same" if row["label"] == "same" else "derived"
    return "later writers" if "writer" in row else "written"


def unseen(rows: list[dict[str, Any]], matrix: np.ndarray, writer: str) -> np.ndarray:
    """Chances of one writer's pairs from weights that saw nothing of that writer, shape (pairs, 3)."""
    own = np.array([row.get("writer", "") == writer and row["kind"] != "background" for row in rows])
    groups = {row["group"] for row, mine in zip(rows, own, strict=True) if mine}
    seen = np.array([row["group"] not in groups for row in rows])
    weights = fitted([row for row, fits in zip(rows, seen, strict=True) if fits], matrix[seen], FEWER)
    return probabilities(weights, matrix[own][:, : len(FEATURES)], matrix[own][:, len(FEATURES) :])


def fit(data: Path | None) -> None:
    """Write the weights from all that is not held back; print what each writer's pairs get from the others' alone."""
    rows = load("dev") + load("train")
    rows += derived(rows)
    labelled = len(rows)
    rows += background(rows) + whole_copies(rows)
    own = len(rows)
    rows += real_background(data) if data else []
    matrix = matrix_of(rows)
    weights = {
        "version": "6",
        "model": default_embedder().id,
        "fitted_on": f"{labelled} labelled, {own - labelled} own and {len(rows) - own} real background pairs",
        "favour_same": FAVOUR,
        "certain_differs": 0.6,
        **fitted(rows, matrix),
    }
    WEIGHTS.parent.mkdir(parents=True, exist_ok=True)
    WEIGHTS.write_text(json.dumps(weights, separators=(",", ":")) + "\n", encoding="utf-8")
    everyone: list[tuple[list[dict[str, Any]], np.ndarray]] = []
    for writer in sorted({row.get("writer", "") for row in rows[:labelled]}):
        print(f"{writer or 'first writer'}: weights from the other writers")
        mine = [row for row in rows[:labelled] if row.get("writer", "") == writer]
        chance = unseen(rows, matrix, writer)
        report(mine, decide(weights, chance), chance)
        everyone.append((mine, chance))
    cut_offs(
        [row for mine, _ in everyone for row in mine], np.concatenate([chance for _, chance in everyone])
    )


def cut_offs(rows: list[dict[str, Any]], chances: np.ndarray) -> None:
    """What a cut-off on the chance of "same" gives: of all written pairs, judged by weights of other writers."""
    for across in (False, True):
        kept = [
            k
            for k, row in enumerate(rows)
            if row["written"] and (row["a"]["lang"] != row["b"]["lang"]) == across
        ]
        truth, chance = np.array([rows[k]["label"] == "same" for k in kept]), chances[kept, 0]
        print(
            f"{'across languages' if across else 'one language'}: {len(kept)} written pairs, cut-off on the chance"
        )
        for least in (0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98):
            said = chance >= least
            hit = int((said & truth).sum())
            p, r = hit / max(int(said.sum()), 1), hit / int(truth.sum())
            print(f"  {least:.2f}  precision {p:.3f}  recall {r:.3f}  F1 {2 * p * r / max(p + r, 1e-9):.3f}")


def given(name: str, otherwise: str = "") -> str:
    """What stands behind an option of the command."""
    return sys.argv[sys.argv.index(name) + 1] if name in sys.argv else otherwise


if __name__ == "__main__":
    if "--fit" in sys.argv:
        fit(Path(given("--data")) if "--data" in sys.argv else None)
    elif "--pairs" in sys.argv:
        judged_rows(read_pairs(Path(given("--pairs"))), given("--judge", "guard"))
    else:
        run(None, given("--judge", "guard"))
