"""A program to be killed: SPREAD with rewording on a file of articles into a folder that keeps. Not a test by itself.

Usage: spread_and_killed.py ARTICLES [KEEP]
"""

import sys
import tempfile
from pathlib import Path

import numpy as np

from probata import pipeline
from probata.model import Ask
from probata.store import kept
from probata.store.rows import Rows

BATCH = 16


def shown(path: Path, keep: Path | None, **options: object) -> tuple[str, list[str]]:
    """The whole answer in writing, and the damaged parts."""
    with tempfile.TemporaryDirectory() as folder:
        ask = Ask(options={"reworded": True, **options})
        done = pipeline.ask_files("spread", {"articles": [path]}, ask, Path(folder), keep)
        tables = {
            name: {column: np.asarray(values).tolist() for column, values in table.items()}
            for name, table in done.answer.tables.items()
        }
        document = {
            name: list(value) if isinstance(value, Rows) else value
            for name, value in done.answer.document.items()
        }
        answer = repr((tables, done.answer.findings, done.answer.gaps, document))
        damaged = list(done.store.damaged)
        done.store.close()
    return answer, damaged


if __name__ == "__main__":
    kept.BATCH = BATCH
    print("ready", flush=True)
    sys.stdout.write(shown(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)[0])
