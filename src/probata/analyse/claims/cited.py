"""The test ``evidence_cited``: how many of the statements asked about show any evidence of their own."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np

from probata.model import Finding, Gap, Table, TestRequest
from probata.stats import Array, bootstrap_interval, detectable_effect, proportion_interval

FIRM = frozenset({"document", "data", "link", "study", "official"})
"""Kinds that count: an anonymous source is no evidence that a reader can check."""

_CAVEATS = (
    "counts what a statement itself names, not whether the evidence exists or shows what is claimed",
    "articles that carry the same agency text count each",
)


def evidence_cited(table: Table, request: TestRequest, version: str, seed: int) -> Finding | Gap:
    """Share of statements (by speaker, target, act) that cite a document, data, link, study or official body."""
    wanted = dict(request.parameters)
    rows = matching(table, wanted)
    if not len(rows):
        return Gap(
            question="claims",
            what="articles with statements" + _of(wanted),
            who=request.who or "the outlets that reported them, or an archive",
            how="add the articles to the case's data",
            settles="whether those who make the claim show evidence with it",
            request=request.id,
        )
    cites = np.array([_cites(table["evidence"][i]) for i in rows], dtype=float)
    share = float(cites.mean())
    interval = _interval(cites, np.asarray(table["article"])[rows], seed)
    return Finding(
        question="claims",
        test="evidence_cited",
        statement=f"{int(cites.sum())} of {len(rows)} statements{_of(wanted)} cite evidence ({share:.0%},"
        f" 95 % interval {interval[0]:.0%} to {interval[1]:.0%}).",
        metric="share_with_evidence",
        estimate=share,
        interval=interval,
        level=0.95,
        n=len(rows),
        null_model="none: a description; interval over whole articles",
        mde=detectable_effect(0.5 / len(rows) ** 0.5),
        method="claims",
        version=version,
        parameters=wanted,
        seed=seed,
        caveats=_CAVEATS,
        records=tuple(str(table["id"][i]) for i in rows[:200]),
        request=request.id,
    )


def matching(table: Table, wanted: Mapping[str, Any]) -> Array:
    """Row numbers whose speaker, target (name or id) and act are as wanted; names match without case."""
    keep = np.ones(len(table["article"]), dtype=bool)
    if "act" in wanted:
        keep &= np.asarray(table["act"] == wanted["act"], dtype=bool)
    for name, columns in (("speaker", ("speaker", "source_text")), ("target", ("target", "target_id"))):
        if name in wanted:
            needle = str(wanted[name]).lower()
            keep &= np.array(
                [any(needle in str(table[c][i]).lower() for c in columns) for i in range(len(keep))],
                dtype=bool,
            )
    return np.flatnonzero(keep)


def _cites(evidence: str) -> bool:
    return any(item["kind"] in FIRM for item in json.loads(evidence))


def _interval(cites: Array, articles: Array, seed: int) -> tuple[float, float]:
    """Over whole articles where there are enough of them, else exact binomial over statements."""
    names = np.unique(articles.astype(str))
    if len(names) < 10 or cites.min() == cites.max():
        return proportion_interval(int(cites.sum()), len(cites))
    groups = [cites[articles.astype(str) == name] for name in names]
    sums = np.array([[group.sum(), len(group)] for group in groups])
    return bootstrap_interval(sums, lambda drawn: float(drawn[:, 0].sum() / drawn[:, 1].sum()), seed)


def _of(wanted: Mapping[str, Any]) -> str:
    said = {"speaker": "by", "target": "about", "act": "of the act"}
    return "".join(f" {said[name]} {wanted[name]}" for name in ("speaker", "target", "act") if name in wanted)
