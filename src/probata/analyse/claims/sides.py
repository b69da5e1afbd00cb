"""What CLAIMS adds to attributed statements: the ledger of allegations, the rubric, and checked claims beside them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from probata.analyse.claims.checked import TEST as FACT_CHECKED
from probata.analyse.claims.checked import answer_checked, candidates
from probata.analyse.claims.ledger import ledger, proposed_toml
from probata.analyse.claims.rubric import rubric
from probata.model import Ask, Candidate, Finding, Gap, Source, Table, TestRequest, plain
from probata.store.base import Store

RUBRIC_FOR = 25
"""Allegations of one answer for which the rubric is filled in; more are asked of the analyst one by one."""


@dataclass(frozen=True, slots=True)
class Sides:
    """Allegations with what answers them, checked claims, and what was left out."""

    allegations: list[dict[str, Any]]
    ledger: Table
    checked: Table
    has_reviews: bool
    note: str

    def document(self) -> dict[str, Any]:
        """The keys that they add to the machine-readable answer."""
        names = list(self.checked)
        rows = [dict(zip(names, row, strict=True)) for row in zip(*self.checked.values(), strict=True)]
        found = {"allegations": self.allegations, "checked": plain(rows)}
        return {**found, "proposed": proposed_toml(self.allegations)}

    def tables(self) -> dict[str, Table]:
        """The tables that they add to the answer."""
        return {"ledger": self.ledger, "checked": self.checked}


def both_sides(store: Store, ask: Ask, attributions: Table) -> Sides:
    """Group accusations, pair them with what answers them, look up checked claims, fill in the rubric."""
    if not len(attributions["article"]):
        return Sides([], {}, {}, False, "")
    articles = store.read("SELECT id, source, published, published_earliest, lang FROM articles ORDER BY id")
    names: tuple[Candidate | Source, ...] = (*ask.candidates, *ask.outlets)
    found, table = ledger(attributions, articles, names, ask.options)
    texts = _texts(store, found[:RUBRIC_FOR])
    for allegation in found[:RUBRIC_FOR]:
        allegation["rubric"] = rubric(allegation, attributions, texts, names)
    checked, note = candidates(store, ask, attributions)
    return Sides(found, table, checked, "reviews" in store.tables(), note)


def _texts(store: Store, allegations: list[dict[str, Any]]) -> dict[str, str]:
    """Texts of the articles that these allegations rest on."""
    wanted = sorted({str(a) for allegation in allegations for a in allegation["articles"]})
    if not wanted:
        return {}
    marks = ", ".join("?" for _ in wanted)
    rows = store.read(f"SELECT id, text FROM articles WHERE id IN ({marks})", wanted)  # noqa: S608 marks only
    return {str(i): str(text) for i, text in zip(rows["id"], rows["text"], strict=True)}


def answer_side(sides: Sides, attributions: Table, request: TestRequest) -> Finding | Gap:
    """The finding of a test on denials or fact-checks."""
    if request.test == FACT_CHECKED:
        return answer_checked(sides.checked, attributions, request, sides.has_reviews)
    return _denied(sides, request)


def _denied(sides: Sides, request: TestRequest) -> Finding | Gap:
    """How many statements deny an accusation against a target (or by a speaker); a Gap where there is none."""
    wanted = {name: str(request.parameters.get(name, "")).casefold() for name in ("speaker", "target")}
    met = [allegation for allegation in sides.allegations if _meets(allegation, wanted)]
    if not met:
        what = "articles that report such an accusation and what answers it"
        who, how = "the outlets, web archives, press databases", "add articles of the days after it"
        return Gap("claims", request.needs or what, request.who or who, how, request.id, request.id)
    denials = [d for allegation in met for d in allegation["denials"]]
    count = float(len(denials))
    return Finding(
        question="claims",
        test="denied",
        statement=f"{len(met)} such accusations were found; {len(denials)} statements deny one of them.",
        metric="denials",
        estimate=count,
        interval=(count, count),
        level=1.0,
        n=len(met),
        null_model="none: a count of what the articles report",
        method="accusations and denials paired by target, matter and time",
        version="ledger/1",
        parameters=dict(request.parameters),
        caveats=("A denial that the articles do not report is not counted.",),
        records=tuple(str(allegation["id"]) for allegation in met),
        request=request.id,
    )


def _meets(allegation: Mapping[str, Any], wanted: Mapping[str, str]) -> bool:
    shown = {"speaker": str(allegation.get("made_by", "")), "target": str(allegation.get("against", ""))}
    return all(not text or text in shown[name].casefold() for name, text in wanted.items())
