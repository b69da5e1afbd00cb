"""Findings of SPREAD where order and pick-ups are chance: p is as seldom small as it says."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from probata.analyse.spread import analyse
from probata.model import Ask, Expectation, Source, TestRequest
from probata.store import open_store

OUTLETS = tuple(f"o{k}.example" for k in range(8))
COPIERS = 4
"""The outlets from here on take over more than the others."""
START = np.datetime64("2017-02-01T00:00:00", "us")
WORLDS = 25


WORDS = np.array([f"{a}{b}{c}" for a, b, c in itertools.product("bdfgklmnprst", "aeiou", "bdfgklmnprst")])


def text(rng: np.random.Generator) -> str:
    """45 words that no other article has in that order."""
    return " ".join(rng.choice(WORDS, 45))


def later(rng: np.random.Generator, days: float) -> np.timedelta64:
    """A time within that many days."""
    return np.timedelta64(int(rng.integers(1, int(days * 86_400))), "s")


def stories_in_random_order(rng: np.random.Generator) -> list[tuple[str, str, np.datetime64]]:
    """(outlet, text, time): 60 stories of two to four outlets; one outlet prints each of its own three times."""
    rows = []
    for _ in range(60):
        told = text(rng)
        for outlet in rng.choice(len(OUTLETS), int(rng.integers(2, 5)), replace=False):
            rows += [(OUTLETS[outlet], told, START + later(rng, 40)) for _ in range(3 if outlet == 0 else 1)]
    return rows


def taken_up_by_chance(rng: np.random.Generator) -> list[tuple[str, str, np.datetime64]]:
    """(outlet, text, time): of every outlet's 30 own articles three in ten are taken up, mostly by the last four."""
    rows = []
    for number in range(240):
        outlet, told, time = number % len(OUTLETS), text(rng), START + later(rng, 40)
        rows.append((OUTLETS[outlet], told, time))
        if rng.random() < 0.3:
            takers = [k for k in range(len(OUTLETS)) if k != outlet]
            eager = np.array([9.0 if k >= COPIERS else 1.0 for k in takers])
            rows.append((OUTLETS[rng.choice(takers, p=eager / eager.sum())], told, time + later(rng, 1)))
    return rows


def p_values(rng: np.random.Generator, test: str, outlets: tuple[str, ...]) -> list[float]:
    """p of one test for each of the outlets in one world."""
    rows = stories_in_random_order(rng) if test == "origin_or_pickup" else taken_up_by_chance(rng)
    at = np.array([time for _, _, time in rows])
    none = np.full(len(rows), "NaT", dtype="datetime64[us]")
    store = open_store(None)
    store.add("articles", "world", {
        "id": [f"a{k}" for k in range(len(rows))], "source": [row[0] for row in rows],
        "url": [f"https://{row[0]}/{k}" for k, row in enumerate(rows)], "title": [""] * len(rows),
        "text": [row[1] for row in rows], "lang": ["en"] * len(rows), "published": [str(time) for time in at],
        "published_earliest": at, "published_latest": at, "published_zone_known": np.ones(len(rows), dtype=bool),
        "updated_earliest": none, "updated_latest": none, "retrieved_earliest": none, "retrieved_latest": none,
        "links": [[]] * len(rows),
    })  # fmt: skip
    tests = tuple(
        TestRequest(outlet, "spread", test, Expectation("share_of_stories", ">=", 0.5), {"outlet": outlet})
        for outlet in outlets
    )
    ask = Ask(tests=tests, outlets=tuple(Source(name, name) for name in outlets), options={"reworded": False})
    answer = analyse(store, ask)
    return [float(item.p) for item in answer.findings if item.request and item.p is not None]


@pytest.mark.parametrize(
    ("test", "outlets"), [("origin_or_pickup", OUTLETS[:4]), ("picked_up", OUTLETS[:COPIERS])]
)
def test_small_p_is_as_rare_as_it_says_where_chance_decides(test: str, outlets: tuple[str, ...]) -> None:
    """Of 100 outlets that are like the others at most eleven (99 % bound) have p <= .05."""
    rng = np.random.default_rng(20170214)
    found = [p for _ in range(WORLDS) for p in p_values(rng, test, outlets)]
    assert len(found) == WORLDS * len(outlets)
    assert sum(p <= 0.05 for p in found) <= 11
