"""MinHash wheels that find whole near-duplicates, run on the same texts; each yields pairs of document numbers.

Called in a process of its own: ``python _spread_rivals.py NAME TEXTS.json``; prints one JSON line.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
import time
from collections import defaultdict
from pathlib import Path

WORD = re.compile(r"\w+")


def shingles(text: str, n: int = 5) -> list[str]:
    words = WORD.findall(text.lower())
    return [" ".join(words[i : i + n]) for i in range(max(1, len(words) - n + 1))]


def banded(rows, bands, size):  # type: ignore[no-untyped-def]
    """Neighbours that share a band of the signature."""
    found: set[tuple[int, int]] = set()
    for band in range(bands):
        cells = defaultdict(list)
        for number, row in enumerate(rows):
            cells[tuple(row[band * size : (band + 1) * size])].append(number)
        for members in cells.values():
            found.update(itertools.pairwise(members))
    return found


def rensa(texts: list[str]) -> tuple[float, set[tuple[int, int]]]:
    import rensa as library

    started = time.perf_counter()
    index = library.RMinHashLSH(threshold=0.8, num_perm=128, num_bands=16)
    hashes = []
    for number, text in enumerate(texts):
        hashed = library.RMinHash(num_perm=128, seed=42)
        hashed.update(text.split())
        index.insert(number, hashed)
        hashes.append(hashed)
    pairs = {(min(a, b), max(a, b)) for a, hashed in enumerate(hashes) for b in index.query(hashed) if a != b}
    return time.perf_counter() - started, pairs


def gaoya(texts: list[str]) -> tuple[float, set[tuple[int, int]]]:
    from gaoya.minhash import MinHashStringIndex

    started = time.perf_counter()
    index = MinHashStringIndex(
        hash_size=32, jaccard_threshold=0.5, num_bands=42, band_size=3, num_hashes=126,
        analyzer="word", lowercase=True, ngram_range=(5, 5),
    )  # fmt: skip
    index.par_bulk_insert_docs(list(range(len(texts))), texts)
    answers = index.par_bulk_query(texts, return_similarity=False)
    pairs = {(min(a, b), max(a, b)) for a, near in enumerate(answers) for b in near if a != b}
    return time.perf_counter() - started, pairs


def daft(texts: list[str]) -> tuple[float, set[tuple[int, int]]]:
    import daft as library

    started = time.perf_counter()
    frame = library.from_pydict({"text": texts})
    clean = frame["text"].normalize(remove_punct=True, lowercase=True, nfd_unicode=True, white_space=True)
    signed = frame.select(clean.minhash(num_hashes=64, ngram_size=5, seed=42).alias("hash")).to_pydict()[
        "hash"
    ]
    pairs = banded(signed, 21, 3)
    return time.perf_counter() - started, pairs


if __name__ == "__main__":
    given = json.loads(Path(sys.argv[2]).read_text(encoding="utf-8"))
    try:
        wall, found = {"rensa": rensa, "gaoya": gaoya, "daft": daft}[sys.argv[1]](given)
        print(json.dumps({"wall": wall, "cpu": time.process_time(), "pairs": sorted(found)}))
    except ImportError as absent:
        print(json.dumps({"absent": str(absent)}))
