"""Acting in concert: one known network among unrelated outlets, null worlds, and what an interval rule would report.

* MassMove: sites of one network, mixed with ten pseudo-outlets dealt at random from Reuters; stories are equal texts.
* Null worlds: the same shares with stories and times dealt anew over all sources.
* CooRTweet: the usual rule (shares of one object within 10 s, weights above the 95th percentile) beside what survives
  the null.
"""

from __future__ import annotations

import csv
import hashlib
import itertools
import json
import random
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from dateutil import parser

from probata.analyse.spread.concert import groups, ties

OWN = False
PER_SITE, NULL_WORLDS = 4000, 100


def run(data: Path | None) -> dict[str, float]:
    """Print the three tables and return the figures that have floors."""
    assert data is not None
    csv.field_size_limit(1 << 30)
    return {**_massmove(data), **_coortweet(data)}


def _massmove(data: Path) -> dict[str, float]:
    rows, sites = _site_rows(data / "coordination" / "massmove")
    rows += _pseudo_outlets(
        data / "news" / "reuters21578.jsonl", [row[2] for row in rows if not np.isnat(row[2])]
    )
    table = _shares(rows)
    found = ties(table, 1)
    network = {frozenset(pair) for pair in itertools.combinations(sites, 2)}
    tied = {
        frozenset((a, b)) for a, b, q in zip(found["a"], found["b"], found["q"], strict=True) if q <= 0.05
    }
    print(
        f"  {len(sites)} sites: {len(tied & network)}/{len(network)} pairs tied; wrong ties {len(tied - network)}"
    )
    alarms = 0
    rng = np.random.default_rng(20170214)
    for world in range(NULL_WORLDS):
        dealt, dated = rng.permutation(len(rows)), rng.permutation(len(rows))
        null = {
            **table,
            "object": [table["object"][i] for i in dealt],
            "earliest": table["earliest"][dated],
            "latest": table["latest"][dated],
        }
        alarms += bool((ties(null, world, {"worlds": 40})["q"] <= 0.05).any())
    print(f"  null worlds (stories and times dealt anew): {alarms}/{NULL_WORLDS} with any tie")
    return {
        "massmove_pairs_tied": len(tied & network) / len(network),
        "massmove_wrong_ties": float(len(tied - network)),
        "null_worlds_with_a_tie": alarms / NULL_WORLDS,
    }


def _site_rows(folder: Path) -> tuple[list[tuple[Any, ...]], list[str]]:
    rows, sites = [], []
    days: dict[str, np.datetime64] = {"": np.datetime64("NaT")}
    for path in sorted(folder.glob("*.csv")):
        sites.append(path.stem)
        with path.open(encoding="utf8", errors="replace") as stream:
            for i, row in enumerate(itertools.islice(csv.DictReader(stream), PER_SITE)):
                given = row["publishedOn"] or ""
                if given not in days:
                    days[given] = _day(given)
                text = f"{row['storyTitle']}. {row['description']}"
                rows.append((path.stem, _key(text), days[given], f"{path.stem}/{i}"))
    return rows, sites


def _day(given: str) -> np.datetime64:
    try:
        return np.datetime64(parser.parse(given).date())
    except (ValueError, OverflowError):
        return np.datetime64("NaT")


def _key(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:20]


def _pseudo_outlets(path: Path, days: list[np.datetime64]) -> list[tuple[Any, ...]]:
    rnd = random.Random(7)
    known = sorted(set(days))
    articles = [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]
    rnd.shuffle(articles)
    return [
        (f"outlet{i % 10}.example", _key(a["title"] + a["text"][:400]), rnd.choice(known), f"r/{i}")
        for i, a in enumerate(articles)
    ]


def _shares(rows: list[tuple[Any, ...]]) -> dict[str, Any]:
    at = np.array([row[2] for row in rows], dtype="datetime64[D]").astype("datetime64[us]")
    return {
        "source": [row[0] for row in rows],
        "object": [row[1] for row in rows],
        "earliest": at,
        "latest": at + np.timedelta64(86_399_999_999, "us"),
        "article": [row[3] for row in rows],
    }


def _coortweet(data: Path) -> dict[str, float]:
    with (data / "coordination" / "coortweet_russian.csv").open(encoding="utf8") as stream:
        rows = list(csv.DictReader(stream))
    at = np.array([int(float(row["timestamp_share"]) * 1e6) for row in rows], dtype="datetime64[us]")
    table = {
        "source": [row["account_id"] for row in rows],
        "object": [row["object_id"] for row in rows],
        "earliest": at,
        "latest": at,
        "article": [row["content_id"] for row in rows],
    }
    naive = _interval_rule(table, 10)
    weights = np.array(list(naive.values()))
    cut = {pair for pair, weight in naive.items() if weight > np.quantile(weights, 0.95)}
    found = ties(table, 1, {"window_hours": 10 / 3600})
    kept = {
        frozenset((a, b)) for a, b, q in zip(found["a"], found["b"], found["q"], strict=True) if q <= 0.05
    }
    print(
        f"  CooRTweet set, 10 s: {len(naive)} pairs share at least once; the 95 % percentile keeps {len(cut)};"
    )
    print(
        f"  of those {len(cut & kept)} survive the null; of the {len(naive)} pairs {len(set(naive) & kept)} are tied; "
        f"ties in all {len(kept)} in {len(groups(found))} groups, by what: "
        f"{dict(Counter(b for b, q in zip(found['basis'], found['q'], strict=True) if q <= 0.05))}"
    )
    return {
        "coortweet_percentile_edges": float(len(cut)),
        "coortweet_edges_surviving": float(len(cut & kept)),
    }


def _interval_rule(table: dict[str, Any], seconds: int) -> dict[frozenset[str], int]:
    """Pairs of accounts that share one object within an interval, with how often they do."""
    events = sorted(zip(table["object"], table["earliest"].astype(np.int64), table["source"], strict=True))
    counts: Counter[frozenset[str]] = Counter()
    for _, group in itertools.groupby(events, key=lambda event: event[0]):
        shares = list(group)
        together = {
            frozenset((one[2], other[2]))
            for x, one in enumerate(shares)
            for other in shares[x + 1 :]
            if other[1] - one[1] <= seconds * 1_000_000 and one[2] != other[2]
        }
        counts.update(together)
    return dict(counts)
