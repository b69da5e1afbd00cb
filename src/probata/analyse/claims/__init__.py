"""CLAIMS: who says what about whom, on what evidence, and who denies it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from probata.analyse.claims.attribute import VERSION, Method, attribute
from probata.analyse.claims.cited import evidence_cited
from probata.analyse.claims.sides import Sides, answer_side, both_sides
from probata.analyse.claims.table import document_of
from probata.model import Answer, Ask, Finding, Gap, Table, TestRequest
from probata.store.base import Store

__all__ = ["METRICS", "PARAMETERS", "TESTS", "VERSION", "analyse"]

TESTS = {
    "evidence_cited": "How many of the statements asked about cite evidence of their own.",
    "denied": "How many statements deny the accusations asked about.",
    "fact_checked": "How many statements have a checked claim beside them that reads the same or its denial.",
}
PARAMETERS: dict[str, set[str]] = {
    "evidence_cited": {"speaker", "target", "act"},
    "denied": {"speaker", "target"},
    "fact_checked": set(),
}
METRICS = {
    "evidence_cited": ("share_with_evidence",),
    "denied": ("denials",),
    "fact_checked": ("statements_with_candidate",),
}


def analyse(store: Store, ask: Ask) -> Answer:
    """Attribute every article; answer the case's tests; add what was counted.

    Raises:
        ValueError: an unknown test, parameter or engine, in one line.
    """
    requests = [request for request in ask.tests if request.question == "claims"]
    for request in requests:
        _check(request)
    table = attribute(store, ask)
    sides = both_sides(store, ask, table)
    answers = [_answered(table, sides, request, ask.seed) for request in requests]
    findings = [item for item in answers if isinstance(item, Finding)]
    gaps = [item for item in answers if isinstance(item, Gap)]
    if len(table["article"]):
        findings.append(_counted(table))
    else:
        gaps.append(
            Gap(
                "claims",
                "articles with attributed statements",
                "outlets or an archive",
                "add articles",
                "all",
            )
        )
    gaps += _unanswered(Method.of(ask).unanswered())
    tables = {"attributions": table, **sides.tables()}
    document = {**_document(store, table), **sides.document()}
    return Answer("claims", tuple(findings), tuple(gaps), tables, document)


def _answered(table: Table, sides: Sides, request: TestRequest, seed: int) -> Finding | Gap:
    if request.test == "evidence_cited":
        return evidence_cited(table, request, VERSION, seed)
    return answer_side(sides, table, request)


def _unanswered(failed: Mapping[str, int]) -> list[Gap]:
    """What the endpoint left without an answer, counted."""
    if not failed:
        return []
    what = (
        f"answers of the endpoint on {sum(failed.values())} paragraphs: {len(failed)} articles are left out"
    )
    return [
        Gap(
            "claims",
            what,
            "the endpoint named",
            "run again: what was answered is in the cache",
            "those articles",
        )
    ]


def _check(request: TestRequest) -> None:
    if request.test not in TESTS:
        raise ValueError(f"claims has no test {request.test!r}; there are {', '.join(sorted(TESTS))}")
    unknown = set(request.parameters) - PARAMETERS[request.test]
    if unknown:
        known = ", ".join(sorted(PARAMETERS[request.test]))
        raise ValueError(f"claims {request.test}: unknown parameter {min(unknown)!r}; there are {known}")


def _counted(table: Table) -> Finding:
    """How many statements of which act: a description, without a test."""
    acts = Counter(str(act) for act in table["act"])
    shown = ", ".join(
        f"{count} {act}" for act, count in sorted(acts.items(), key=lambda item: (-item[1], item[0]))
    )
    articles = len(set(table["article"]))
    n = len(table["article"])
    return Finding(
        question="claims",
        test="attributions",
        statement=f"{n} attributed statements in {articles} article{'s' * (articles != 1)}, by act: {shown}.",
        metric="attributions",
        estimate=float(n),
        n=articles,
        null_model="none: a description",
        method="claims",
        version=VERSION,
        caveats=("found by rules or a tagger: see the measured accuracy in the documentation",),
    )


def _document(store: Store, table: Table) -> dict[str, Any]:
    """The ``attributions`` key of the JSON document."""
    if not len(table["article"]):
        return {"attributions": []}
    read = store.read("SELECT id, text FROM articles")
    texts = {str(i): text or "" for i, text in zip(read["id"], read["text"], strict=True)}
    return {"attributions": document_of(table, texts)}
