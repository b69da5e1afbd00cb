"""What a killed run of ``probata claims`` costs, and what a second process gains: through the verb, answers compared.

    python -m bench.speed claims_keep --data DIR

Real articles (PolNeAR, Reuters) in random order, without a parser; every run is a process of its own, its CPU seconds
and its peak of memory those of the whole (start of Python, reading, ledger, writing). ``CLAIMS_ARTICLES`` (1,000) is
how many. One run from nothing; one into a folder that keeps, killed with signal 9 once a third of its batches is
written, and taken up again; then one and two processes (``CLAIMS_PARSED`` articles, 0, adds both with the parser).
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import DEVNULL, Popen

from bench.speed.spread_keep import real
from probata.analyse.claims.attribute import BATCH


@dataclass(frozen=True)
class Run:
    """What one run took and wrote."""

    cpu: float
    wall: float
    peak: float
    """Of the verb's own process, GB."""
    wrote: dict[str, bytes]

    def __str__(self) -> str:
        return f"{self.cpu:.1f} CPU s ({self.wall:.1f} wall), peak {self.peak:.2f} GB"


def command(folder: Path, options: Sequence[str]) -> list[str]:
    """The verb on the folder's articles."""
    given = ["--quiet", "--format", "json", "--out", str(folder / "out"), *options]
    return [sys.executable, "-m", "probata", "claims", str(folder / "articles.jsonl"), *given]


def finished(folder: Path, options: Sequence[str]) -> Run:
    """Let the verb run to its end."""
    begun = time.perf_counter()
    shown = folder / "shown.json"
    with shown.open("wb") as out:
        process = Popen(command(folder, options), stdout=out)
        _, status, used = os.wait4(process.pid, 0)
    if status:
        raise RuntimeError(f"the verb ended with {status}")
    wall = time.perf_counter() - begun
    wrote = {path.name: path.read_bytes() for path in sorted((folder / "out").iterdir())}
    return Run(
        used.ru_utime + used.ru_stime, wall, used.ru_maxrss / 1e6, {**wrote, "shown": shown.read_bytes()}
    )


def killed(folder: Path, options: Sequence[str], keep: Path, parts: int) -> int:
    """Kill the verb with signal 9 once so many batches are in the folder; how many there were."""
    process = Popen(command(folder, options), stdout=DEVNULL)
    while process.poll() is None and marks(keep) < parts:
        time.sleep(0.02)
    process.kill()
    process.wait()
    return marks(keep)


def marks(keep: Path) -> int:
    """Batches whose articles are marked as done."""
    return sum(1 for path in keep.rglob("*.parquet") if "attributed" in str(path.relative_to(keep)))


def compare(folder: Path, count: int, options: Sequence[str]) -> None:
    """From nothing; killed and taken up; one process and two."""
    first = finished(folder, [*options, "--jobs", "1"])
    statements = json.loads(first.wrote["shown"])["attributions"]
    print(f"{count:,} articles, {len(statements):,} statements, from nothing: {first}")
    keep = folder / "keep"
    kept = [*options, "--jobs", "1", "--keep", str(keep)]
    there = killed(folder, kept, keep, max(1, count // BATCH // 3))
    second = finished(folder, kept)
    print(f"killed after {there * BATCH:,} articles, taken up again: {second}; {same(first, second)}")
    print(f"the same again, all kept: {finished(folder, kept)}")
    jobs(folder, options, first)


def jobs(folder: Path, options: Sequence[str], one: Run) -> None:
    """Two processes beside one."""
    two = finished(folder, [*options, "--jobs", "2"])
    print(f"two processes: {two}; {one.wall / two.wall:.2f} x as fast on the clock; {same(one, two)}")


def same(one: Run, other: Run) -> str:
    """Whether two runs wrote the same."""
    return "the same bytes" if one.wrote == other.wrote else "ANOTHER ANSWER"


def run(data: Path | None) -> None:
    """Print it."""
    assert data is not None
    rows = real(data)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for name, default, options in (("ARTICLES", 1_000, ["--no-parser"]), ("PARSED", 0, [])):
            count = int(os.environ.get(f"CLAIMS_{name}", default))
            if not count:
                continue
            lines = "\n".join(map(json.dumps, rows[:count]))
            (folder / "articles.jsonl").write_text(lines, encoding="utf-8")
            if options:
                compare(folder, count, options)
            else:
                one = finished(folder, ["--jobs", "1"])
                print(f"{count:,} articles with the parser: {one}")
                jobs(folder, options, one)
