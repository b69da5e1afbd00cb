"""Sources that pick for themselves are tied in at most 5 % of worlds."""

from __future__ import annotations

import numpy as np

from probata.analyse.spread.concert import ties
from probata.model import Table

START = np.datetime64("2017-02-01T00:00:00", "us")
WORLDS = 100


def null_world(rng: np.random.Generator) -> Table:
    """Sources of unequal volume and rhythm choose from stories of unequal popularity soon after each breaks."""
    stories, sources = 500, 15
    popularity = rng.pareto(1.2, stories) + 0.1
    born = rng.uniform(0, 24 * 30, stories)
    rows = []
    for source in range(sources):
        hour = rng.integers(0, 24)
        volume = int(rng.integers(20, 160))
        chosen = rng.choice(stories, volume, replace=False, p=popularity / popularity.sum())
        late = (
            np.floor((born[chosen] + rng.exponential(5, volume)) / 24) * 24
            + (hour + rng.normal(0, 3, volume)) % 24
        )
        rows += [(f"s{source}", f"story{s}", at) for s, at in zip(chosen, late, strict=True)]
    at = np.array([START + np.timedelta64(int(3600 * hours), "s") for _, _, hours in rows])
    ids = [f"{a}/{b}" for a, b, _ in rows]
    return {
        "source": [r[0] for r in rows],
        "object": [r[1] for r in rows],
        "earliest": at,
        "latest": at,
        "article": ids,
    }


def test_null_worlds_show_ties_in_at_most_five_percent() -> None:
    """100 worlds with rhythm and unequal popularity; binomial 95 % bound around 5 %."""
    rng = np.random.default_rng(20170214)
    alarms = sum(
        bool((ties(null_world(rng), world, {"worlds": 60})["q"] <= 0.05).any()) for world in range(WORLDS)
    )
    assert alarms <= 9
