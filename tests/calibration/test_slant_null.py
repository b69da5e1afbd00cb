"""SLANT raises no more alarms than it says where no outlet differs, stories or not."""

from __future__ import annotations

import numpy as np

from probata.analyse.slant.cells import measure_cells
from probata.analyse.slant.mentions import Coverage

WORLDS = 200


def null_world(rng: np.random.Generator, stories: int, per_story: int) -> Coverage:
    """Two outlets that pick from the same news; articles on one story agree on whom they are about."""
    outlet = np.repeat(np.array(["r", "x"], dtype=object), stories * per_story)
    story = np.repeat([f"s{i}" for i in range(2 * stories)], per_story).astype(object)
    about_a = np.repeat(rng.random(2 * stories) < 0.5, per_story)
    week = np.repeat(rng.integers(0, 4, 2 * stories), per_story)
    n = len(outlet)
    named = np.column_stack([about_a, ~about_a])
    ids = np.array([f"{i}" for i in range(n)], dtype=object)
    return Coverage(("a", "b"), ids, outlet, week, story, named, np.zeros((n, 2), bool), False)


def alarms(stories: int, per_story: int) -> float:
    """Share of null worlds in which the tested outlet differs at p <= .05."""
    rng = np.random.default_rng(11)
    hits = 0
    for world in range(WORLDS):
        cells = measure_cells(null_world(rng, stories, per_story), ("r",), world)
        hits += next(c for c in cells if c.outlet == "x").p <= 0.05
    return hits / WORLDS


def test_false_alarms_stay_near_five_percent_without_stories() -> None:
    """Independent articles: 2 to 9 % of 200 null worlds."""
    assert 0.01 <= alarms(40, 1) <= 0.09


def test_false_alarms_stay_near_five_percent_with_stories() -> None:
    """Eight articles a story that agree wholly: stories are exchanged, not articles."""
    assert 0.01 <= alarms(40, 8) <= 0.09
