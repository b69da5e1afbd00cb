"""Claim retrieval: statements to checked claims, against plain BM25 in the same run.

Weights were chosen on the first, third, fifth ... pair; the others are reported as ``held``. Claims with equal words
count as one for both systems.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from probata.analyse.claims.retrieval import Array, Bm25, ClaimIndex, words
from probata.text.embed import default_embedder

OWN = False


def run(data: Path | None) -> dict[str, float]:
    """Print success@1, success@10 and MRR for plain BM25 and for the fused ranking."""
    assert data is not None
    folder = data / "claims"
    claims = _rows(folder / "known_lies_claims.tsv")
    facts, titles = [row["fact"] or "" for row in claims], [row["title"] or "" for row in claims]
    place = {fact: row for row, fact in enumerate(facts)}
    pairs = [pair for pair in _rows(folder / "known_lies_pairs_part1.tsv") if pair["fact"] in place]
    gold = np.array([place[pair["fact"]] for pair in pairs])
    asked = [pair["claim"] for pair in pairs]
    group = np.unique(np.array([" ".join(words(fact)) for fact in facts]), return_inverse=True)[1]
    plain = _ranks(Bm25.of(facts, _plain).scores(asked, _plain), gold, group)
    fused = _ranks(ClaimIndex(facts, titles, default_embedder()).scores(asked), gold, group)
    held = np.arange(len(pairs)) % 2 == 1
    for name, ranks in (("plain BM25", plain), ("fused", fused)):
        for half, chosen in (("chosen on", ~held), ("held", held)):
            print(f"  {name:10s} {half:9s} n {chosen.sum()}: " + _shown(ranks[chosen]))
    return {
        "held_success_at_1": float((fused[held] < 1).mean()),
        "held_success_at_10": float((fused[held] < 10).mean()),
        "gain_over_bm25_at_1": float((fused[held] < 1).mean() - (plain[held] < 1).mean()),
    }


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as stream:
        return list(csv.DictReader(stream, delimiter="\t"))


def _plain(text: str) -> list[str]:
    """What a plain BM25 does: lower case, words."""
    import re

    return re.findall(r"\w+", text.lower())


def _ranks(scores: Array, gold: Array, group: Array) -> Array:
    """Number of claims (of equal words: one) that score above the right one."""
    order = np.argsort(group, kind="stable")
    starts = np.searchsorted(group[order], np.arange(group.max() + 1))
    best = np.maximum.reduceat(scores[:, order], starts, axis=1)
    return np.asarray((best > best[np.arange(len(gold)), group[gold]][:, None]).sum(axis=1))


def _shown(ranks: Array) -> str:
    first, ten = (ranks < 1).mean(), (ranks < 10).mean()
    return f"success@1 {first:.3f}, @10 {ten:.3f}, MRR {(1 / (1 + ranks)).mean():.3f}"
