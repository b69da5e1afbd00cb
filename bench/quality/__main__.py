"""``python -m bench.quality [--own] [--data DIR] [NAME ...]``: measure, print, compare with the floors.

A suite is a module of this package with ``OWN`` (it needs no outside data) and ``run(data) -> {metric: value}``;
its floors lie in ``floors/<name>.json`` as ``{metric: [lowest or null, highest or null]}``. Exit code 1 where a
floor is broken, so that CI can hold the project to its own figures.
"""

from __future__ import annotations

import argparse
import importlib
import json
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUITES = sorted(path.stem for path in (HERE / "floors").glob("*.json"))


def broken_floors(name: str, measured: dict[str, float]) -> list[str]:
    """Lines that say which floor of a suite does not hold; a metric that was not measured breaks its floor."""
    floors = json.loads((HERE / "floors" / f"{name}.json").read_text(encoding="utf-8"))
    lines = []
    for metric, (low, high) in floors.items():
        value = measured.get(metric)
        holds = value is not None and (low is None or value >= low) and (high is None or value <= high)
        print(f"  {'ok    ' if holds else 'BROKEN'} {name}.{metric} = {value} (floor {low}, ceiling {high})")
        if not holds:
            lines.append(f"{name}.{metric} = {value}, floor {low}, ceiling {high}")
    return lines


def main() -> int:
    """Run the suites asked for and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench.quality", description=__doc__)
    parser.add_argument("suites", nargs="*", help=f"which (default all that can run): {', '.join(SUITES)}")
    parser.add_argument("--own", action="store_true", help="only those that need no outside data")
    parser.add_argument("--data", type=Path, help="folder of the outside data")
    given = parser.parse_args()
    broken: list[str] = []
    for name in given.suites or SUITES:
        suite = importlib.import_module(f"bench.quality.{name}")
        if (given.own or given.data is None) and not suite.OWN:
            continue
        print(f"== {name}")
        started = time.process_time()
        broken += broken_floors(name, suite.run(given.data))
        print(f"  {time.process_time() - started:.1f} CPU s")
    print("\n".join(["BROKEN FLOORS:", *broken]) if broken else "all floors hold")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
