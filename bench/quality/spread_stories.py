"""Stories do not chain: real articles dealt at random to forty outlets, largest story against joined pairs.

    python -m bench.quality spread_stories --data DIR

924 election articles (PolNeAR) and 10,788 agency reports (Reuters) in order of time. No two of the outlets have
anything to do with each other, so a large story is either a text that was really printed often, or pairs chained
through templates, quotations and standing words. *Joined pairs* are the connected parts of the same pairs.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from bench.quality.spread_real import articles
from probata.analyse.spread import stories
from probata.analyse.spread.pairs import Order, link
from probata.analyse.spread.verbatim import find_shared

OWN = False
SEED, OUTLETS = 20170214, 40


def run(data: Path | None) -> dict[str, float]:
    """Print the largest story and the largest connected part, and return them."""
    assert data is not None
    rows = articles(data)
    owner = np.random.default_rng(SEED).integers(0, OUTLETS, len(rows))
    links = link(find_shared([row[3] for row in rows], owner, np.arange(len(rows))))
    nothing = np.zeros(len(links), dtype=np.int64)
    told = stories.build(links, Order(*(nothing for _ in Order.__dataclass_fields__)))
    sizes = sorted(told.sizes().tolist(), reverse=True)
    joined = _joined(links.x.tolist(), links.y.tolist(), len(rows))
    print(f"  {len(rows):,} articles, {len(links):,} pairs, {len(told):,} stories, of which of two articles "
          f"{sizes.count(2):,}; largest stories {sizes[:5]}; largest connected part {joined}")  # fmt: skip
    return {"largest_story": float(sizes[0]), "largest_connected_part": float(joined)}


def _joined(x: list[int], y: list[int], count: int) -> int:
    parent = list(range(count))

    def root(row: int) -> int:
        while parent[row] != row:
            parent[row] = parent[parent[row]]
            row = parent[row]
        return row

    for a, b in zip(x, y, strict=True):
        parent[root(a)] = root(b)
    return int(np.bincount([root(row) for row in range(count)]).max())
