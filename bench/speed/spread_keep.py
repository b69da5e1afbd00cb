"""What articles added later cost, against doing all of them from nothing; the two answers are compared byte by byte.

    python -m bench.speed spread_keep --data DIR

Real articles (PolNeAR, Reuters) dealt at random to 40 outlets and 60 days; every run is a process of its own (CPU
seconds of user and system, start of Python included). ``KEEP_ARTICLES`` (10,000) is what was there, ``KEEP_NEW``
(100,1000) what comes, ``KEEP_VERBATIM`` (100,000) the size of a made corpus without rewording, to which 1 % is added.
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

from bench.quality._spread_builder import Splicer, build, running_text
from bench.quality.spread_real import articles

SEED = 4711
DAYS = 60


def real(data: Path) -> list[dict[str, str]]:
    """Articles as the verb reads them, in random order."""
    rows = articles(data)
    chance = np.random.default_rng(SEED)
    start = np.datetime64("2017-01-01T00:00:00", "s")
    times = start + chance.integers(0, DAYS * 86_400, len(rows)).astype("timedelta64[s]")
    outlets = chance.integers(0, 40, len(rows))
    made = [
        {"source": f"outlet{outlet}", "url": f"https://a.example/{name}", "text": text, "published": f"{at}Z"}
        for (name, _, _, text), at, outlet in zip(rows, times, outlets, strict=True)
    ]
    return [made[row] for row in chance.permutation(len(made)).tolist()]


def planted(documents: int, data: Path | None) -> list[dict[str, str]]:
    """A made corpus with planted copies."""
    world = build(documents, SEED, splicer=Splicer(running_text(data)))
    start = np.datetime64("2017-01-01T00:00:00", "s")
    return [
        {"source": f"outlet{outlet}", "url": f"https://a.example/{row}", "text": text,
         "published": f"{start + np.timedelta64(int(hour), 'h')}Z", "lang": "en"}
        for row, (text, outlet, hour) in enumerate(zip(world.texts, world.outlet, world.hours, strict=True))
    ]  # fmt: skip


def spread(
    folder: Path, rows: list[dict[str, str]], options: list[str]
) -> tuple[float, float, dict[str, bytes]]:
    """CPU and wall seconds of the verb on some articles, and the bytes it wrote."""
    path, out = folder / "articles.jsonl", folder / "out"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable,
        "-m",
        "probata",
        "spread",
        str(path),
        "--quiet",
        "--format",
        "json",
        "--out",
        str(out),
    ]
    done = subprocess.run([*command, *options], capture_output=True, check=True)
    wall, spent = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    wrote = {file.name: file.read_bytes() for file in sorted(out.iterdir())}
    cpu = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    return cpu, wall, {**wrote, "standard output": done.stdout}


def compare(rows: list[dict[str, str]], there: int, additions: list[int], options: list[str]) -> None:
    """Everything from nothing, then what is there into a folder that keeps it, then each addition."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, keep = Path(scratch), Path(scratch) / "keep"
        kept = [*options, "--keep", str(keep)]
        cpu, wall, _ = spread(folder, rows[:there], kept)
        size = sum(file.stat().st_size for file in keep.rglob("*") if file.is_file())
        print(f"{there:,} articles, kept: {cpu:.1f} CPU s ({wall:.1f} wall), {size / 1e6:.0f} MB kept, "
              f"{size / there / 1e3:.1f} kB an article")  # fmt: skip
        cpu, wall, _ = spread(folder, rows[:there], kept)
        print(f"the same again: {cpu:.1f} CPU s ({wall:.1f} wall)")
        for new in additions:
            added, wall, after = spread(folder, rows[: there + new], kept)
            whole, alone, nothing = spread(folder, rows[: there + new], options)
            same = "the same bytes" if after == nothing else "ANOTHER ANSWER"
            print(f"{new:,} added: {added:.1f} CPU s ({wall:.1f} wall); from nothing {whole:.1f} ({alone:.1f} wall): "
                  f"{added / whole:.1%}; {same}")  # fmt: skip


def run(data: Path | None) -> None:
    """Print both comparisons."""
    assert data is not None
    there = int(os.environ.get("KEEP_ARTICLES", 10_000))
    additions = [int(new) for new in os.environ.get("KEEP_NEW", "100,1000").split(",")]
    print("with rewording")
    compare(real(data), there, additions, ["--reworded"])
    documents = int(os.environ.get("KEEP_VERBATIM", 100_000))
    if documents:
        print("verbatim only")
        compare(planted(documents + documents // 100, data), documents, [documents // 100], ["--verbatim"])
