"""SLANT: is one candidate treated worse than the others by an outlet, against an honest baseline?

"Mysteriously spared" is more than one claim. *Coverage* is how often an outlet writes of a candidate at all;
*criticism* is how often, where it does, somebody is quoted accusing that candidate. Both are compared as a
difference in differences against declared reference outlets: what every outlet does because one candidate
had the worse news cancels out. See ``docs/questions/slant.md``.
"""

from __future__ import annotations

from collections.abc import Mapping

from probata.analyse.slant.cells import Cell, cells_table, measure_cells
from probata.analyse.slant.mentions import Coverage, read_coverage
from probata.model import Answer, Ask, Finding, Gap, TestRequest
from probata.store.base import Store

VERSION = "slant/1"

TESTS = {
    "coverage_gap": "how much more an outlet writes of one candidate than of another, beyond the reference",
    "criticism_gap": "how much oftener it quotes accusations against one than another, beyond the reference",
}
PARAMETERS = {name: {"outlet", "candidate", "versus"} for name in TESTS}

MEASURE = {"coverage_gap": "coverage", "criticism_gap": "criticism"}

CAVEATS = (
    "A difference says how an outlet wrote, not why; editorial choice, audience and events all differ.",
    "Mentions are found by the names and aliases that the case lists.",
    "Other outlets are the baseline: if they are slanted alike, this cannot show it.",
)


def analyse(store: Store, ask: Ask) -> Answer:
    """Answer the case's slant tests and tabulate every outlet against every pair of candidates."""
    missing = _missing(store, ask)
    if missing:
        gaps = tuple(_gap(missing, request) for request in ask.tests) or (_gap(missing, None),)
        return Answer("slant", gaps=gaps, document={"cells": []})
    coverage = read_coverage(store, ask)
    cells = measure_cells(coverage, ask.references, ask.seed)
    answered = [_answer(coverage, cells, request) for request in ask.tests]
    findings = [item for item in answered if isinstance(item, Finding)]
    asked = {(f.parameters["outlet"], f.parameters["candidate"], f.parameters["measure"]) for f in findings}
    others = [c for c in cells if c.q is not None and c.q <= 0.05]
    findings += [_finding(c, None) for c in others if (c.outlet, c.candidate, c.measure) not in asked]
    table = cells_table(cells)
    return Answer(
        "slant",
        tuple(findings),
        tuple(item for item in answered if isinstance(item, Gap)),
        {"cells": table},
        {"cells": [cell.row() for cell in cells]},
    )


def _missing(store: Store, ask: Ask) -> str:
    """What keeps the question from being asked at all, or nothing."""
    if "articles" not in store.tables():
        return "articles of the outlets and of reference outlets on the candidates"
    if len(ask.candidates) < 2:
        return "at least two candidates with their names and aliases (a case.toml says them)"
    return ""


def _answer(coverage: Coverage, cells: list[Cell], request: TestRequest) -> Finding | Gap:
    """The finding that a test asks for, or what is missing for it."""
    if request.test not in TESTS:
        raise ValueError(f"slant has no test {request.test!r}; there are {', '.join(TESTS)}")
    wanted = {name: request.parameters.get(name) for name in ("outlet", "candidate", "versus")}
    _check(wanted, coverage, request)
    measure = MEASURE[request.test]
    for cell in cells:
        if (cell.outlet, cell.candidate, cell.versus, cell.measure) == (*wanted.values(), measure):
            return _finding(cell, request)
    what = f"articles of {wanted['outlet']} and of reference outlets that name {wanted['candidate']}"
    if measure == "criticism" and not coverage.criticism_known:
        what = "attributed statements of these articles (CLAIMS found none)"
    return _gap(what, request)


def _check(wanted: Mapping[str, object], coverage: Coverage, request: TestRequest) -> None:
    known = {"candidate": coverage.candidates, "versus": coverage.candidates}
    for name, value in wanted.items():
        if value is None:
            raise ValueError(f"test {request.id}: slant.{request.test} needs the parameter {name!r}")
        if name in known and value not in known[name]:
            raise ValueError(f"test {request.id}: no {name} {value!r}; there are {', '.join(known[name])}")


def _finding(cell: Cell, request: TestRequest | None) -> Finding:
    share = (
        "of its articles" if cell.measure == "coverage" else "of its articles on them that quote accusations"
    )
    statement = (
        f"{cell.outlet} gave {cell.candidate} {100 * cell.estimate:+.1f} points more {cell.measure} than "
        f"{cell.versus} ({share}), beyond the same gap at the reference outlets "
        f"({100 * cell.low:+.1f} .. {100 * cell.high:+.1f}); "
        f"a gap under {100 * cell.mde:.1f} points could not have been seen."
    )
    return Finding(
        question="slant",
        test=f"{cell.measure}_gap",
        statement=statement,
        metric="difference",
        estimate=cell.estimate,
        interval=(cell.low, cell.high),
        level=0.95,
        p=cell.p,
        q=cell.q,
        n=cell.n,
        null_model="outlet labels of whole stories exchanged with the reference outlets within the same week",
        mde=cell.mde,
        method="difference in differences of shares; story-cluster bootstrap; permutation within weeks",
        version=VERSION,
        parameters=cell.parameters(),
        seed=cell.seed,
        caveats=(*CAVEATS, *cell.caveats),
        records=cell.records,
        request=request.id if request else None,
    )


def _gap(what: str, request: TestRequest | None) -> Gap:
    return Gap(
        question="slant",
        what=(request.needs if request and request.needs else what),
        who=(
            request.who
            if request and request.who
            else "the outlets' archives, a web archive, a press database"
        ),
        how="collect every article of the period that names a candidate, from each outlet in the same way",
        settles=request.id if request else "whether any outlet treats one candidate differently",
        request=request.id if request else None,
    )
