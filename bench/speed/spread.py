"""Shared passages against three MinHash wheels, same texts, same run, recall beside every ratio; then the whole verb.

    SPREAD_RIVALS=/path/to/python python -m bench.speed spread --data DIR

``SPREAD_RIVALS`` is a Python that has rensa, gaoya and daft (default: this one); absent ones are named and left out.
``SPREAD_DOCUMENTS`` (100,000) sets the size. The second part runs ``probata spread FILE.parquet --out DIR``
on the same articles in a process of its own and prints where the time goes; ``SPREAD_SCALE=1`` does the same for
ten times as many, with and without a window of seven days, and the growth. ``SPREAD_CORPUS`` names a folder that keeps
the planted corpora (0.06 and 0.6 GB) between runs; making the large one takes two minutes and 8 GB.
On two idle cores the first part takes about a minute, the verb a third of one, the large runs some minutes.
"""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.quality._spread_builder import LEVELS, Planted, Splicer, build, running_text
from bench.quality.spread_corpus import reported, score
from bench.speed import _spread_scale as whole
from probata.analyse.spread.pairs import link
from probata.analyse.spread.verbatim import find_shared
from probata.text.tokens import Texts, to_bytes

SEED = 90210
_NAMES = " ".join(f"{name:>7}" for name in (*LEVELS, "precision"))


def ours(
    planted: Planted, texts: Sequence[str] | Texts, runs: int = 3
) -> tuple[float, float, set[tuple[int, int]]]:
    """Best wall and CPU seconds of a few runs (the first compiles), and the pairs."""
    best, pairs = (float("inf"), float("inf")), set()
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        links = link(find_shared(texts, planted.outlet, planted.hours), 2)
        best = min(best, (time.perf_counter() - wall, time.process_time() - cpu))
        pairs = reported(links)
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
    splicer = functools.cache(lambda: Splicer(running_text(data)))
    _rivals(build(documents, SEED, splicer=splicer()))
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(os.environ.get("SPREAD_CORPUS", scratch))
        small = _verb(whole.corpus(folder, documents, SEED, splicer), Path(scratch), {})
        if os.environ.get("SPREAD_SCALE"):
            path = whole.corpus(folder, 10 * documents, SEED, splicer)
            splicer.cache_clear()
            for options in ({}, {"window_days": 7}):
                wall, cpu, _ = _verb(path, Path(scratch), options)
                print(
                    f"ten times the articles: {wall / small[0]:.1f} times the wall, {cpu / small[1]:.1f} times the CPU"
                )


def _rivals(planted: Planted) -> None:
    """The kernels and the wheels on texts in memory."""
    megabytes = sum(len(text.encode()) for text in planted.texts) / 1e6
    wall, cpu, pairs = ours(planted, planted.texts)
    laid = ours(planted, to_bytes(planted.texts))
    print(f"{len(planted.texts)} documents, {megabytes:.0f} MB; loading left out; recall of (source, copy)")
    print(f"{'':10}{'wall s':>8}{'CPU s':>8}{'ratio':>7}  {_NAMES}")
    _line("probata", wall, cpu, 1.0, score(planted, pairs))
    _line("  buffer", laid[0], laid[1], laid[0] / wall, score(planted, laid[2]))
    print("  (buffer: from the one buffer of bytes that reading makes, not from strings as the wheels)")
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


def _verb(path: Path, scratch: Path, options: dict[str, Any]) -> tuple[float, float, float]:
    """Run the verb, print its stages and how well it did; wall, CPU, peak."""
    out = scratch / "out"
    result = whole.measure(path, out, options)
    said = ", ".join(f"{name} = {value}" for name, value in options.items()) or "default options"
    print(
        f"\nthe whole verb, {result['counts']['articles']:,} articles from Parquet to tables and JSON, {said}"
    )
    print("\n".join(whole.table(result)))
    scored = whole.score(path, out, options.get("window_days", 0))
    print(f"{'':10}{_NAMES}\n{'':10}{' '.join(f'{scored[name]:7.3f}' for name in (*LEVELS, 'precision'))}")
    return whole.total(result)


def _line(name: str, wall: float, cpu: float, ratio: float, row: dict[str, float]) -> None:
    shown = " ".join(f"{row[level]:7.3f}" for level in (*LEVELS, "precision"))
    print(f"{name:10}{wall:8.2f}{cpu:8.2f}{ratio:7.1f}  {shown}")
