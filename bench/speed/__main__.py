"""``python -m bench.speed [--data DIR] [NAME ...]``: cost, as ratios to named rivals in the same run."""

from __future__ import annotations

import argparse
import importlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
SUITES = sorted(p.stem for p in HERE.glob("*.py") if not p.stem.startswith("_"))


def main() -> None:
    """Run the suites asked for, one after the other, so that they do not disturb one another."""
    parser = argparse.ArgumentParser(prog="python -m bench.speed", description=__doc__)
    parser.add_argument("suites", nargs="*", help=f"which (default all): {', '.join(SUITES)}")
    parser.add_argument("--data", type=Path, help="folder of the outside data")
    given = parser.parse_args()
    for name in given.suites or SUITES:
        print(f"== {name}")
        importlib.import_module(f"bench.speed.{name}").run(given.data)


if __name__ == "__main__":
    main()
