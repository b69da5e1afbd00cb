"""Whole articles translated, reworded, shortened: own labelled articles in five languages.

Around each anchor stand its translations, a free and shorter one, a rewording, a translation in which one decisive
thing is turned, and articles that are none: two other reporters' own reports of the same event, what came later,
another event of the same people. Two articles of a group are reuse where both come from the anchor's text. The first
two sentences of anchors, translations and other reports are notices of their own. Three writers (``dev``) are for
development: weights and every choice come from them (``--fit``); the others are only reported and held by floors.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality._article_table import article, said_of
from bench.quality.pairs_own import given, recall_at
from probata.analyse.spread.remembered import Memory
from probata.analyse.spread.reworded import Options
from probata.analyse.spread.side_by_side import FEATURES, Sentences, chances, features, laid, shipped_weights
from probata.text.embed import default_embedder
from probata.text.sentences import sentences

OWN = True
LABELS = Path(__file__).parent / "labels" / "documents"
WEIGHTS = Path(__file__).parents[2] / "src" / "probata" / "data" / "guard" / "articles.json"
WHOLE, DERIVED = (
    {"anchor", "translation"},
    {"anchor", "translation", "free_translation", "rewording", "twisted"},
)
SAME = ("copy", "partial", "quote", "reworded", "translated")
FAITHFUL = (*sorted(WHOLE), "followup", "independent", "other")
"""Roles of which the beginnings are looked at: other versions of the anchor may begin with something else of it."""
NEAREST = 4_000
"""Nearest pairs of articles of different groups that are added to the fit: they are no reuse."""
REST, SHORT, REAL, ROUNDS, SHRINK = 0.1, 0.3, 0.3, 60, 1.0
"""What counts in the fit a pair of different groups, one of beginnings, one of real articles; Newton steps; how
strongly weights are drawn to nothing."""
DAYS = 7
Array = np.ndarray[Any, np.dtype[Any]]


def load(half: str) -> list[dict[str, Any]]:
    """Articles of one half ("dev" or "test"), in a fixed order."""
    lines = (line for path in sorted(LABELS.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines())
    return [row for row in map(json.loads, lines) if row["half"] == half]


def beginnings(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The first two sentences of articles as notices, where they are short enough to be compared whole."""
    made = []
    for row in rows:
        spans = sentences(row["text"], row["lang"])
        text = row["text"][: spans[1][1]] if len(spans) > 1 else ""
        if row["role"] in FAITHFUL and 12 <= len(text.split()) <= Options().whole_words:
            made.append({**row, "text": text, "title": ""})
    return made


def sentences_of(rows: list[dict[str, Any]]) -> Sentences:
    """The articles' sentences, laid as the search lays them."""
    memory, most = Memory(None, default_embedder()), Options().passage_sentences
    texts, langs = [row["text"] for row in rows], [row["lang"] for row in rows]
    return laid(memory, texts, langs, np.arange(len(rows)), (60_000, most), lambda done, total: None)


def within(rows: list[dict[str, Any]]) -> Array:
    """Pairs of articles of one group, shape (pairs, 2)."""
    groups: dict[str, list[int]] = {}
    for i, row in enumerate(rows):
        groups.setdefault(row["group"], []).append(i)
    return np.array([pair for group in groups.values() for pair in itertools.combinations(group, 2)])


def measured_pairs(rows: list[dict[str, Any]], sentences: Sentences, pairs: Array) -> Array:
    across = np.array([rows[a]["lang"] != rows[b]["lang"] for a, b in pairs.tolist()])
    limits = Options()
    return features(sentences, pairs, across, np.where(across, limits.across_languages, limits.same_language))


def roles(rows: list[dict[str, Any]], pairs: Array) -> list[tuple[str, str]]:
    """The roles of both articles of each pair, in order of the alphabet."""
    return [tuple(sorted((rows[a]["role"], rows[b]["role"]))) for a, b in pairs.tolist()]  # type: ignore[misc]


def run(data: Path | None) -> dict[str, float]:
    """Figures of the held-back half."""
    return reported(load("test"))


def reported(rows: list[dict[str, Any]], judge: str = "guard") -> dict[str, float]:
    """Whole articles, then their beginnings."""
    shown = judged(rows, judge)
    print("\nfirst two sentences as notices")
    return shown | {f"short_{name}": value for name, value in judged(beginnings(rows), judge).items()}


def judged(rows: list[dict[str, Any]], judge: str = "guard") -> dict[str, float]:
    """SPREAD from end to end, and how well its alignment alone ranks the pairs; prints both, returns figures."""
    pairs = within(rows)
    both = roles(rows, pairs)
    chance = chances(shipped_weights(), measured_pairs(rows, sentences_of(rows), pairs))
    started = time.process_time()
    said = answers(rows, judge)
    spent = time.process_time() - started
    stated = np.array([any(name in said.get((a, b), "") for name in SAME) for a, b in pairs.tolist()])
    across = np.array([rows[a]["lang"] != rows[b]["lang"] for a, b in pairs.tolist()])
    reuse, whole = (np.array([set(pair) <= kinds for pair in both]) for kinds in (DERIVED, WHOLE))
    shown: dict[str, float] = {}
    print(f"{len(rows)} articles, {len(pairs)} pairs of one group; end to end {spent:.1f} CPU s")
    print(f"{'':<24}{'n':>6}{'precision':>11}{'recall':>8}   recall at precision .98, by the alignment alone")
    for name, among in (
        ("translation", across & (whole | ~reuse)),
        ("translation_any", across),
        ("reuse", np.ones(len(pairs), bool)),
    ):
        wanted, given = reuse & among, stated & among
        hits = int((given & wanted).sum())
        precision, recall = hits / max(1, int(given.sum())), hits / max(1, int(wanted.sum()))
        sure = recall_at(reuse[among], chance[among], 0.98)
        print(f"{name:<24}{int(wanted.sum()):>6}{precision:>11.3f}{recall:>8.3f}{sure:>11.3f}")
        shown |= {f"{name}_precision": precision, f"{name}_recall": recall, f"{name}_recall_at_98": sure}
    by_roles(both, [said.get((a, b), "nothing") for a, b in pairs.tolist()])
    others = Counter(said for (a, b), said in said.items() if rows[a]["group"] != rows[b]["group"])
    print(
        "different groups: "
        + (", ".join(f"{name} {n}" for name, n in others.most_common()) or "nothing said")
    )
    shown["other_groups_stated"] = float(
        sum(n for name, n in others.items() if any(same in name for same in SAME))
    )
    return shown


def by_roles(both: list[tuple[str, str]], said: list[str]) -> None:
    for pair in sorted(set(both)):
        count = Counter(answer for roles_, answer in zip(both, said, strict=True) if roles_ == pair)
        print(f"  {' + '.join(pair):<36}" + ", ".join(f"{name} {n}" for name, n in count.most_common()))


def answers(rows: list[dict[str, Any]], judge: str = "guard") -> dict[tuple[int, int], str]:
    """What SPREAD says of pairs of articles (rows, the smaller first): relations joined by "+".

    Each group is of ten hours, every article of it by an outlet of its own.
    """
    made, inside = [], Counter[str]()
    for number, row in enumerate(rows):
        place = inside[row["group"]]
        inside[row["group"]] += 1
        made.append(article(row, f"{number:05d}", f"outlet {place}", 60 * place + 7 * len(inside)))
    return {(int(a), int(b)): said for (a, b), said in said_of(made, judge).items()}


# ---------------------------------------------------------------- fitting, development half only


def unrelated(rows: list[dict[str, Any]], sentences: Sentences) -> Array:
    """The nearest pairs of articles of different groups."""
    vectors = sentences.vectors[sentences.which] * sentences.words[:, None]
    sums = np.add.reduceat(vectors, sentences.edges[:-1])
    sums /= np.linalg.norm(sums, axis=1, keepdims=True)
    near = sums @ sums.T
    group = np.array([row["group"] for row in rows])
    near[(group[:, None] == group) | ~np.triu(np.ones_like(near, bool))] = -1
    order = np.argsort(-near, axis=None, kind="stable")[:NEAREST]
    return np.column_stack(np.unravel_index(order, near.shape))


def real_pairs(data: Path) -> Array:
    """Features of pairs of real election articles of different outlets within a week, for fitting only.

    A few dozen of these pairs share a quotation or a paragraph; none is a rewording of the other as a whole.
    """
    files = sorted(data.glob("polnear/*/text/*"))
    rows = [{"text": path.read_text("utf-8"), "lang": "en"} for path in files]
    day = np.array([np.datetime64(path.name.split("_")[1]) for path in files])
    source = np.array([path.name.split("_")[0] for path in files])
    near = (abs(day[:, None] - day) <= np.timedelta64(DAYS, "D")) & (source[:, None] != source)
    pairs = np.argwhere(np.triu(near))
    return measured_pairs(rows, sentences_of(rows), pairs)


def fitted(found: Array, reuse: Array, weight: Array) -> dict[str, Any]:
    """A logistic model by Newton's method with a ridge."""
    mean, scale = found.mean(axis=0).round(6), np.maximum(found.std(axis=0), 1e-6).round(6)
    columns = np.column_stack([np.ones(len(found)), (found - mean) / scale])
    ridge = np.diag([1e-6, *[SHRINK] * len(FEATURES)])
    value = np.zeros(columns.shape[1])
    for _ in range(ROUNDS):
        chance = 1 / (1 + np.exp(-columns @ value))
        slope = columns.T @ (weight * (reuse - chance)) - ridge @ value
        value += np.linalg.solve(
            (columns * (weight * chance * (1 - chance))[:, None]).T @ columns + ridge, slope
        )
    return {
        "features": list(FEATURES), "mean": mean.tolist(), "scale": scale.tolist(),
        "weights": value[1:].round(5).tolist(), "bias": round(float(value[0]), 5),
    }  # fmt: skip


def fit(data: Path | None) -> None:
    """Write the weights from the development half; print what each of its writers gets from the others' weights."""
    rows = load("dev")
    laid_out, short = sentences_of(rows), beginnings(rows)
    own, others, notices = within(rows), unrelated(rows, laid_out), within(short)
    parts = [
        (rows, laid_out, own, 1.0),
        (rows, laid_out, others, REST),
        (short, sentences_of(short), notices, SHORT),
    ]
    found = np.concatenate([measured_pairs(articles, made, pairs) for articles, made, pairs, _ in parts])
    both = [pair for articles, _, pairs, _ in parts for pair in roles(articles, pairs)]
    weight = np.concatenate([np.full(len(pairs), counts) for _, _, pairs, counts in parts])
    writer = np.array(
        [[articles[i]["writer"] for i in pair] for articles, _, pairs, _ in parts for pair in pairs]
    )
    reuse = np.array([set(pair) <= DERIVED for pair in both]) & (weight != REST)
    real = real_pairs(data) if data else np.empty((0, len(FEATURES)))
    left_out = np.zeros(len(both))
    for name in sorted(set(writer[:, 0])):
        seen, mine = (writer != name).all(axis=1), (writer == name).all(axis=1)
        left_out[mine] = chances(_fit(found[seen], reuse[seen], weight[seen], real), found[mine])
    for name, counts in (("articles", 1.0), ("beginnings", SHORT)):
        print(f"{name}, each writer by weights of the others")
        mine = np.flatnonzero(weight == counts)
        told([both[i] for i in mine], reuse[mine], left_out[mine])
    weights = _fit(found, reuse, weight, real)
    about = {
        "version": "1",
        "model": default_embedder().id,
        "fitted_on": f"{len(own)} pairs of one group, {len(others)} of different groups, {len(notices)} of beginnings,"
        f" {len(real)} of real articles",
    }
    if len(real):
        sure = chances(weights, real)
        print(
            "real articles over .5, .8, .9:",
            [int((sure > least).sum()) for least in (0.5, 0.8, 0.9)],
            len(real),
        )
    WEIGHTS.write_text(json.dumps(about | weights, separators=(",", ":")) + "\n", encoding="utf-8")


def _fit(found: Array, reuse: Array, weight: Array, real: Array) -> dict[str, Any]:
    return fitted(
        np.concatenate([found, real]),
        np.concatenate([reuse, np.zeros(len(real))]),
        np.concatenate([weight, np.full(len(real), REAL)]),
    )


def told(both: list[tuple[str, str]], reuse: Array, chance: Array) -> None:
    """What cut-offs give."""
    print(f"recall at precision .98: {recall_at(reuse, chance, 0.98):.3f} of {int(reuse.sum())} of reuse")
    for least in (0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.97, 0.98):
        said = chance >= least
        hits = int((said & reuse).sum())
        print(
            f"  from {least:.2f}: precision {hits / max(1, said.sum()):.3f}  recall {hits / reuse.sum():.3f}"
        )
    for pair in sorted(set(both)):
        mine = np.array([roles_ == pair for roles_ in both])
        over = int((chance[mine] >= 0.8).sum())
        print(f"  {' + '.join(pair):<36}{mine.sum():>5}{over:>6} from .80{chance[mine].mean():>7.2f} mean")


if __name__ == "__main__":
    place = Path(sys.argv[sys.argv.index("--data") + 1]) if "--data" in sys.argv else None
    if "--fit" in sys.argv:
        fit(place)
    else:
        reported(load("dev" if "--dev" in sys.argv else "test"), given("--judge", "guard"))
