"""Access logs to typed columns, rules, address look-ups: CPU seconds beside GoAccess and Python's ``re``, in one run.

500,000 combined lines are made from the real ones of the data folder (``logs/elastic``) with 60,000 skewed addresses.
GoAccess (Debian's, or the program that the variable GOACCESS names) does its full report and no typed columns;
``re`` does the named groups of the same lines and nothing more. CPU seconds of the process itself or of its child,
best of three, as other work on the machine disturbs them.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from probata.analyse.attacks import RULES, geo
from probata.analyse.attacks.detect import detect
from probata.analyse.attacks.match import evaluate
from probata.analyse.attacks.sigma import load
from probata.collect import Incoming
from probata.collect.logs import read
from probata.store import open_store

LINES = 500_000
_RE = re.compile(
    r'(?P<host>\S+) (?P<ident>\S+) (?P<user>.*?) \[(?P<time>[^\]]+)\] "(?P<request>(?:[^"\\]|\\.)*)" (?P<status>\d{3}) '
    r'(?P<bytes>\d+|-)(?: "(?P<referrer>(?:[^"\\]|\\.)*)" "(?P<agent>(?:[^"\\]|\\.)*)")?'
)


def run(data: Path | None) -> None:
    """Print CPU seconds and ratios."""
    if data is None:
        print("  attacks needs --data (real access lines)")
        return
    with tempfile.TemporaryDirectory() as folder:
        log = _made(data / "logs" / "elastic" / "apache_access_10k.log", Path(folder) / "access.log")
        ours = _best(lambda: _columns(log))
        print(
            f"  Probata, bytes to typed columns    {ours:6.2f} CPU s  ({LINES:,} lines, {log.stat().st_size >> 20} MB)"
        )
        plain = _best(lambda: _plain(log), 1)
        print(f"  Python re, named groups only       {plain:6.2f} CPU s  {plain / ours:5.1f} x")
        _goaccess(log, Path(folder), ours)
        _rules(log)
    _places()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    print(f"  peak memory of this process        {peak:6} MB")


def _made(source: Path, target: Path) -> Path:
    rng = random.Random(1)
    lines = source.read_bytes().split(b"\n")[:-1]
    hosts = [b"%d.%d.%d.%d" % tuple(rng.randrange(1, 224) for _ in range(4)) for _ in range(60_000)]
    with target.open("wb") as out:
        for _ in range(LINES):
            out.write(
                hosts[int(60_000 * rng.random() ** 3)] + b" " + rng.choice(lines).split(b" ", 1)[1] + b"\n"
            )
    return target


def _best(work: Callable[[], object], times: int = 3) -> float:
    spent = []
    for _ in range(times):
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent)


def _columns(log: Path) -> int:
    return sum(len(batch) for batch in read(Incoming(log, "0" * 64, log.name)))


def _plain(log: Path) -> int:
    with log.open(encoding="utf-8", errors="replace") as lines:
        return sum(_RE.match(line) is not None for line in lines)


def _goaccess(log: Path, folder: Path, ours: float) -> None:
    program = os.environ.get("GOACCESS") or shutil.which("goaccess")
    if program is None:
        print("  GoAccess is not installed (apt install goaccess): no ratio")
        return
    spent = []
    for _ in range(2):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [
            program,
            str(log),
            "--log-format=COMBINED",
            "-o",
            str(folder / "out.json"),
            "--no-global-config",
            "--no-progress",
        ]
        subprocess.run(command, check=True, capture_output=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    print(f"  GoAccess, full report (does more)  {min(spent):6.2f} CPU s  {min(spent) / ours:5.1f} x")


def _rules(log: Path) -> None:
    store, rules = open_store(None), load([RULES])
    for number, batch in enumerate(read(Incoming(log, "0" * 64, log.name))):
        store.add("events", str(number), batch.columns)
    names = ("url.original", "user_agent.original", "http.request.referrer")
    rows = store.read("SELECT " + ", ".join(f'"{name}"' for name in names) + " FROM events")
    plain = [rule for rule in rules if rule.tree is not None and set(rule.fields) <= set(names)]
    spent = _best(lambda: evaluate(plain, rows))
    print(f"  rules, {len(plain)} of them, all lines         {spent:6.2f} CPU s")
    runs = iter(range(100))
    spent = _best(lambda: detect(store, rules, part=str(next(runs))))
    print(f"  rules and volumes through the store{spent:6.2f} CPU s  ({len(rules)} rules)")


def _places() -> None:
    rng = np.random.default_rng(0)
    numbers = rng.integers(1 << 24, 224 << 24, 1_000_000, dtype=np.uint32)
    for base in geo.defaults():
        spent = _best(lambda base=base: base.country(base.find(numbers, 4)))  # type: ignore[misc]
        print(f"  1,000,000 look-ups, {base.name:<22}{spent:6.2f} CPU s")
