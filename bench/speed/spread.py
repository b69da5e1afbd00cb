"""Shared passages against three MinHash wheels, same texts, same run, recall beside every ratio.

    SPREAD_RIVALS=/path/to/python python -m bench.speed spread --data DIR

``SPREAD_RIVALS`` is a Python that has rensa, gaoya and daft (default: this one); absent ones are named and left out.
``SPREAD_DOCUMENTS`` (100,000) sets the size; ``SPREAD_SCALE=1`` adds ten times as many, from Parquet, end to end.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from bench.quality._spread_builder import LEVELS, Planted, Splicer, build, running_text
from bench.quality.spread_corpus import score
from probata.analyse.spread.pairs import link
from probata.analyse.spread.verbatim import find_shared

SEED = 90210


def ours(planted: Planted, runs: int = 3) -> tuple[float, float, set[tuple[int, int]]]:
    """Best wall and CPU seconds of a few runs (the first compiles), and the pairs."""
    best, pairs = (float("inf"), float("inf")), set()
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        links = link(find_shared(planted.texts, planted.outlet, planted.hours), 2)
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
        pairs = set(zip(links.x.tolist(), links.y.tolist(), strict=True))
    return *best, pairs


def rival(name: str, texts: Path) -> dict[str, object]:
    """Run one rival in its own process."""
    python = os.environ.get("SPREAD_RIVALS", sys.executable)
    script = Path(__file__).with_name("_spread_rivals.py")
    done = subprocess.run(
        [python, str(script), name, str(texts)], capture_output=True, text=True, check=False
    )
    last = done.stdout.strip().splitlines()[-1:] or [""]
    return json.loads(last[0]) if last[0].startswith("{") else {"absent": done.stderr.strip()[-120:]}


def run(data: Path | None) -> None:
    """Print seconds, ratios and recall."""
    documents = int(os.environ.get("SPREAD_DOCUMENTS", 100_000))
    splicer = Splicer(running_text(data))
    planted = build(documents, SEED, splicer=splicer)
    megabytes = sum(len(text.encode()) for text in planted.texts) / 1e6
    wall, cpu, pairs = ours(planted)
    print(f"{documents} documents, {megabytes:.0f} MB; loading left out; recall of (source, copy)")
    print(
        f"{'':10}{'wall s':>8}{'CPU s':>8}{'ratio':>7}  "
        + " ".join(f"{level:>7}" for level in (*LEVELS, "precision"))
    )
    _line("probata", wall, cpu, 1.0, score(planted, pairs))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "texts.json"
        path.write_text(json.dumps(planted.texts), encoding="utf-8")
        for name in ("rensa", "daft", "gaoya"):
            got = rival(name, path)
            if "absent" in got:
                print(f"{name:10}absent: {got['absent']}")
                continue
            found = {(a, b) for a, b in got["pairs"] if planted.outlet[a] != planted.outlet[b]}  # type: ignore[union-attr]
            seconds = float(got["wall"])  # type: ignore[arg-type]
            _line(name, seconds, float(got["cpu"]), seconds / wall, score(planted, found))  # type: ignore[arg-type]
    if os.environ.get("SPREAD_SCALE"):
        _scale(splicer, documents, wall)


def _line(name: str, wall: float, cpu: float, ratio: float, row: dict[str, float]) -> None:
    shown = " ".join(f"{row[level]:7.3f}" for level in (*LEVELS, "precision"))
    print(f"{name:10}{wall:8.2f}{cpu:8.2f}{ratio:7.1f}  {shown}")


def _scale(splicer: Splicer, documents: int, wall: float) -> None:
    """Ten times the documents, from a Parquet file through the store to pairs with spans."""
    from probata.store import open_store

    planted = build(10 * documents, SEED + 1, splicer=splicer)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(Path(folder))
        for part in range(10):
            rows = slice(part * documents, (part + 1) * documents)
            store.add(
                "texts", f"part{part}", {"row": np.arange(10 * documents)[rows], "text": planted.texts[rows]}
            )
        texts, outlet, hours = planted.texts, planted.outlet, planted.hours
        del texts
        planted.texts = []
        started, cpu = time.perf_counter(), time.process_time()
        read = store.read("SELECT text FROM texts ORDER BY row")["text"]
        loaded = time.perf_counter() - started
        links = link(find_shared(read, outlet, hours), 2)
        total = time.perf_counter() - started
    pairs = set(zip(links.x.tolist(), links.y.tolist(), strict=True))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{10 * documents} documents end to end: {total:.1f} s wall ({loaded:.1f} s of it reading), "
          f"{time.process_time() - cpu:.1f} CPU s, peak {memory:.1f} GB (the builder included); "
          f"{(total - loaded) / wall:.1f} times the time for 10 times the documents")  # fmt: skip
    planted.texts = [""] * len(outlet)
    _line("probata", total, time.process_time() - cpu, 1.0, score(planted, pairs))
