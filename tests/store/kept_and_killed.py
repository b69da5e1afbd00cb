"""A program to be killed: keeps files as evidence and adds their articles to a store. Not a test by itself.

Usage: kept_and_killed.py INPUTS CASE
"""

import sys
from pathlib import Path

from probata.collect import Incoming
from probata.collect.articles import VERSION, read
from probata.model import content_id
from probata.store import open_store
from probata.store.evidence import Evidence


def main(inputs: Path, case: Path) -> None:
    evidence = Evidence(case / "evidence")
    store = open_store(case / "tables")
    print("ready", flush=True)
    for path in sorted(inputs.iterdir()):
        digest = evidence.keep(path, path.name)
        for number, batch in enumerate(
            read(Incoming(evidence.path_of(digest), digest, path.name, {"format": "jsonl"}))
        ):
            part = content_id(digest, VERSION, number)
            if not store.has("articles", part):
                store.add("articles", part, batch.columns)
        print("kept", path.name, flush=True)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
