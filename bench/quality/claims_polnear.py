"""Attribution on PolNeAR (Newell et al. 2018): linked F1, overlap F1, recall by kind; the user's own copy.

Tokens are runs of word characters. An attribution is linked where content IoU >= .5 and source Dice >= .5 (or both
have none). The first annotator's file in name order is gold. ``CLAIMS_RIVALS`` may name a Python with textacy.
"""

from __future__ import annotations

import glob
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

OWN = False
ROLES = ("Source", "Cue", "Content")
_TOKEN = re.compile(r"\w+")

Span = tuple[int, int]
Roles = dict[str, list[Span]]


def read_gold(path: Path) -> list[Roles]:
    """Attributions of a brat standoff file: spans by role."""
    spans: dict[str, list[Span]] = {}
    found = []
    for line in path.read_text("utf-8").splitlines():
        fields = line.split("\t")
        if re.fullmatch(r"T\d+", fields[0]):
            ranges = fields[1].split(" ", 1)[1]
            spans[fields[0]] = [(int(a), int(b)) for a, b in (piece.split() for piece in ranges.split(";"))]
        elif re.fullmatch(r"E\d+", fields[0]):
            roles: Roles = defaultdict(list)
            for pair in fields[1].split():
                role, key = pair.split(":")
                roles[role.rstrip("0123456789")] += spans.get(key, [])
            found.append(roles)
    return found


def f1(tp: int, fp: int, fn: int) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    p = tp / (tp + fp) if tp + fp else 0.0
    r = tp / (tp + fn) if tp + fn else 0.0
    return p, r, 2 * p * r / (p + r) if p + r else 0.0


class Score:
    """Adds up over articles; ``metrics`` gives the figures."""

    def __init__(self) -> None:
        self.overlap = {role: [0, 0, 0] for role in ROLES}
        self.content = [0, 0, 0]
        self.linked = [0, 0, 0]
        self.kinds: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self.articles: list[tuple[int, int, int]] = []
        self.words = 0

    def add(
        self, text: str, gold: Sequence[Mapping[str, Any]], predicted: Sequence[Mapping[str, Any]]
    ) -> None:
        """Score one article; ``gold`` and ``predicted`` map roles to spans."""
        tokens = [(m.start(), m.end()) for m in _TOKEN.finditer(text)]
        self.words += len(tokens)
        covered = {a: i for i, (a, b) in enumerate(tokens) for a in range(a, b)}
        g = [{role: _ids(covered, item.get(role, ())) for role in ROLES} for item in gold]
        p = [{role: _ids(covered, item.get(role, ())) for role in ROLES} for item in predicted]
        for role in ROLES:
            a = set().union(*[item[role] for item in g])
            b = set().union(*[item[role] for item in p])
            for k, size in enumerate((len(a & b), len(b - a), len(a - b))):
                self.overlap[role][k] += size
        self._pair(text, tokens, [x for x in g if x["Content"]], [x for x in p if x["Content"]])

    def _pair(
        self, text: str, tokens: list[Span], g: list[dict[str, set[int]]], p: list[dict[str, set[int]]]
    ) -> None:
        pairs = sorted(
            ((len(a["Content"] & b["Content"]) / len(a["Content"] | b["Content"]), i, j)
             for i, a in enumerate(g) for j, b in enumerate(p) if a["Content"] & b["Content"]),
            reverse=True,
        )  # fmt: skip
        used_g: set[int] = set()
        used_p: set[int] = set()
        linked = 0
        for iou, i, j in pairs:
            if iou < 0.5:
                break
            if i in used_g or j in used_p:
                continue
            used_g.add(i)
            used_p.add(j)
            linked += _same_source(g[i]["Source"], p[j]["Source"])
        for total, hits in ((self.content, len(used_g)), (self.linked, linked)):
            for k, size in enumerate((hits, len(p) - hits, len(g) - hits)):
                total[k] += size
        self.articles.append((linked, len(p), len(g)))
        quoted = quotation_state(text)
        for i, item in enumerate(g):
            share = sum(quoted[tokens[t][0]] for t in item["Content"]) / len(item["Content"])
            kind = "direct" if share >= 0.9 else "indirect" if share < 0.05 else "mixed"
            self.kinds[kind][0] += 1
            self.kinds[kind][1] += i in used_g

    def metrics(self) -> dict[str, float]:
        """Every figure by name."""
        found: dict[str, float] = {}
        for role in ROLES:
            found[f"overlap_{role.lower()}_f1"] = f1(*self.overlap[role])[2]
        found["content_f1"] = f1(*self.content)[2]
        found["linked_p"], found["linked_r"], found["linked_f1"] = f1(*self.linked)
        for kind, (n, hits) in sorted(self.kinds.items()):
            found[f"recall_{kind}"] = hits / n
        return found

    def interval(self, draws: int = 999, seed: int = 1) -> tuple[float, float]:
        """95 % bootstrap interval of the linked F1 over articles."""
        import numpy as np

        rows = np.array(self.articles, dtype=float)
        rng = np.random.default_rng(seed)
        sums = rows[rng.integers(0, len(rows), (draws, len(rows)))].sum(axis=1)
        low, high = np.quantile(2 * sums[:, 0] / (sums[:, 1] + sums[:, 2]), [0.025, 0.975])
        return float(low), float(high)


def _same_source(a: set[int], b: set[int]) -> bool:
    if not a and not b:
        return True
    return 2 * len(a & b) / (len(a) + len(b)) >= 0.5


def _ids(covered: dict[int, int], spans: Iterable[Span]) -> set[int]:
    return {covered[at] for start, end in spans for at in range(start, end) if at in covered}


def quotation_state(text: str) -> list[bool]:
    """Inside double quotation marks or not, per code point; the state ends with the line."""
    inside, state = [False] * len(text), False
    for i, c in enumerate(text):
        if c == "\n" or c in "”»":
            state = False
        elif c in "“«":
            state = True
        elif c == '"':
            state = not state
        inside[i] = state
    return inside


def roles_of(row: Mapping[str, Any]) -> Roles:
    """One row of the machine-readable output as spans by role."""
    found: Roles = {"Content": [(x["start"], x["end"]) for x in row["content"]]}
    for role in ("Source", "Cue"):
        span = row.get(role.lower())
        found[role] = [(span["start"], span["end"])] if span else []
    return found


def articles(folder: Path) -> list[tuple[str, str, list[Roles]]]:
    """(name, text, gold) of each article of a split with ``text/`` and ``attributions/``."""
    found = []
    for path in sorted((folder / "text").iterdir()):
        files = sorted((folder / "attributions").glob(f"{glob.escape(path.stem)}_*.ann"))
        if files:
            with open(path, encoding="utf-8", newline="") as handle:
                found.append((path.stem, handle.read(), read_gold(files[0])))
    return found


def _score(found: Iterable[tuple[str, str, list[Roles]]], options: Mapping[str, Any]) -> tuple[Score, float]:
    """Score one engine on articles; also the words a CPU second, parse included."""
    import time

    from probata.analyse.claims.attribute import Method
    from probata.analyse.claims.attribute import run as attribute
    from probata.analyse.claims.document import Document
    from probata.analyse.claims.table import columns_of, document_of
    from probata.model import Ask

    found = list(found)
    started = time.process_time()
    rows, _ = attribute(
        [Document(name, text, "en") for name, text, _ in found], Method.of(Ask(options=dict(options)))
    )
    seconds = time.process_time() - started
    by_name: dict[str, list[Roles]] = defaultdict(list)
    texts = {name: text for name, text, _ in found}
    for row in document_of(columns_of(rows), texts):
        by_name[row["article"]].append(roles_of(row))
    score = Score()
    for name, text, gold in found:
        score.add(text, gold, by_name[name])
    return score, sum(len(text.split()) for text in texts.values()) / seconds


def run(data: Path | None) -> dict[str, float]:
    """Rules, rules without a parser, quotation rules and a tagger trained on the train split, on the dev split."""
    import tempfile

    folder = data / "polnear" if data is not None else None
    if folder is None or not (folder / "dev").is_dir():
        print("PolNeAR is absent: put its dev (and train) split below DATA/polnear")
        return {}
    dev = articles(folder / "dev")
    found: dict[str, float] = {}
    with tempfile.TemporaryDirectory() as place:
        engines: dict[str, dict[str, Any]] = {
            "rules": {},
            "free": {"no_parser": True},
            "quotes": {"engine": "quotes"},
        }
        if (folder / "train").is_dir():
            from probata.analyse.claims.train import train

            model = Path(place) / "model.npz"
            print("trained on", train(folder / "train", model)["articles"], "articles")
            engines["tagger"] = {"model": str(model)}
        for name, options in engines.items():
            found |= _shown(name, *_score(dev, options))
    _rival(dev)
    return found


def _rival(dev: Sequence[tuple[str, str, list[Roles]]]) -> None:
    """textacy on the same texts, by the Python that ``CLAIMS_RIVALS`` names (it is no dependency of the project)."""
    import json
    import os
    import subprocess
    import tempfile

    python = os.environ.get("CLAIMS_RIVALS")
    if not python:
        print("textacy: name a Python that has it and the parser in CLAIMS_RIVALS to see it here")
        return
    from probata.analyse.claims.models import parser_name

    with tempfile.NamedTemporaryFile("w", suffix=".json", encoding="utf-8") as texts:
        json.dump([text for _, text, _ in dev], texts)
        texts.flush()
        script = str(Path(__file__).with_name("_textacy_rival.py"))
        done = subprocess.run(
            [python, script, str(parser_name("en")), texts.name], capture_output=True, text=True, check=False
        )
    if done.returncode:
        print("textacy failed:", done.stderr.strip().splitlines()[-1:])
        return
    seconds, rows = json.loads(done.stdout.splitlines()[-1])
    score = Score()
    for (_, text, gold), found in zip(dev, rows, strict=True):
        score.add(text, gold, found)
    _shown("textacy", score, sum(len(text.split()) for _, text, _ in dev) / seconds)


def _shown(name: str, score: Score, speed: float) -> dict[str, float]:
    metrics = score.metrics()
    low, high = score.interval()
    linked = f"linked F1 {metrics['linked_f1']:.3f}, 95 % over articles {low:.3f} to {high:.3f}"
    print(f"{name}: {linked}; {speed:,.0f} words/CPU-s")
    print("  " + "  ".join(f"{key} {value:.3f}" for key, value in metrics.items()))
    return {f"{name}_{key}": value for key, value in metrics.items()}


if __name__ == "__main__":
    import os

    run(Path(os.environ["PROBATA_DATA"]) if "PROBATA_DATA" in os.environ else None)
