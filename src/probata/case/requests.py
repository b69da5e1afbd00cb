"""The tests of an allegation: which question is asked what, and what would count as support."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal, cast

from probata.case.check import TableReader, did_you_mean
from probata.case.nouns import Prediction
from probata.model import QUESTIONS, Expectation, Question, TestRequest

OPERATORS = (">=", ">", "<=", "<")

NOUN_PARAMETERS: Mapping[str, str] = {
    "candidate": "candidate",
    "versus": "contestant",
    "outlet": "outlet",
    "a": "outlet",
    "b": "outlet",
    "event": "event",
}
"""Parameters that name a noun of the case, and which."""


PARTY = "party|candidate"
DAY = "date|event"
REQUIRED: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "opinion": {
        "event_step": (PARTY, DAY),
        "event_ramp": (PARTY, DAY),
        "standing": (PARTY,),
        "lead": (PARTY, "versus"),
        "looks_like_poll": ("party|candidate|shares", "date"),
        "plurality": (PARTY,),
        "runoff": (PARTY,),
        "house_effect": (PARTY, "pollster"),
    },
    "attacks": {"country_share": ("country",)},
    "slant": dict.fromkeys(("coverage_gap", "criticism_gap", "tone_gap"), ("outlet", "candidate", "versus")),
}
"""Parameters without which a test means nothing, for questions whose package does not list them itself."""

METRICS: Mapping[str, Mapping[str, str | Iterable[str]]] = {
    "claims": {"evidence_cited": "share_with_evidence"},
}
"""Metrics of tests, for questions whose package does not list them itself."""


@dataclass(slots=True)
class Known:
    """Ids that tests may name, and what reading the tests adds to the case."""

    nouns: Mapping[str, Sequence[str]]
    data: Sequence[str]
    hypotheses: Sequence[str]
    predictions: dict[str, dict[str, Prediction]] = field(default_factory=dict)
    how: dict[str, str] = field(default_factory=dict)
    tests: set[str] = field(default_factory=set)


def tests_of(question: str) -> Mapping[str, str]:
    """The tests that a question knows: name and one sentence; empty where it does not list them."""
    tests = getattr(importlib.import_module(f"probata.analyse.{question}"), "TESTS", {})
    return cast(Mapping[str, str], tests)


def parameters_of(question: str) -> Mapping[str, Iterable[str]]:
    """The parameter names that each test of a question knows; empty where it does not list them."""
    names = getattr(importlib.import_module(f"probata.analyse.{question}"), "PARAMETERS", {})
    return cast(Mapping[str, Iterable[str]], names)


def required_of(question: str) -> Mapping[str, Iterable[str]]:
    """The parameters without which a test cannot be run; "a|b" means one of them."""
    own = getattr(importlib.import_module(f"probata.analyse.{question}"), "REQUIRED", None)
    return cast(Mapping[str, Iterable[str]], REQUIRED.get(question, {}) if own is None else own)


def metrics_of(question: str) -> Mapping[str, str | Iterable[str]]:
    """The metric, or metrics, that each test of a question gives; empty where it does not list them."""
    metrics = getattr(importlib.import_module(f"probata.analyse.{question}"), "METRICS", None)
    return cast(Mapping[str, str | Iterable[str]], METRICS.get(question, {}) if metrics is None else metrics)


def read_tests(rows: list[TableReader], allegation: str, known: Known) -> tuple[TestRequest, ...]:
    """Read ``[[allegation.test]]``; a test's id is its own, or the allegation's with its number."""
    return tuple(_test(row, f"{allegation}.{at}", known) for at, row in enumerate(rows, 1))


def _test(row: TableReader, default_id: str, known: Known) -> TestRequest:
    id = row.text("id") or default_id
    if id in known.tests:
        row.wrong("id", f"test id {id!r} is used twice", "give each its own id")
    known.tests.add(id)
    question = row.choice("question", QUESTIONS)
    test = row.text("test", required=True)
    parameters = row.free("parameters")
    if question and test:
        _check_test(row, question, test, parameters)
    _check_nouns(row, parameters, known)
    expects = _expectation(row)
    if question and test:
        _check_metric(row, question, test, expects.metric)
    data = row.texts("data")
    for name in data:
        if name not in known.data:
            row.wrong("data", f"no data has the id {name!r}", did_you_mean(name, known.data))
    known.how[id] = row.text("how")
    known.predictions[id] = _predictions(row, known)
    request = TestRequest(
        id=id,
        question=cast(Question, question),
        test=test,
        expects=expects,
        parameters={key: _plain(value) for key, value in parameters.items()},
        data=data,
        needs=row.text("needs"),
        who=row.text("who"),
    )
    row.finish()
    return request


def _plain(value: Any) -> Any:
    """A TOML date becomes ISO text: parameters are printed, hashed and compared."""
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def _check_test(row: TableReader, question: str, test: str, parameters: Mapping[str, Any]) -> None:
    tests = tests_of(question)
    if tests and test not in tests:
        row.wrong("test", f"{question} has no test {test!r}", did_you_mean(test, tests))
        return
    names = parameters_of(question)
    if test in names:
        for name in parameters:
            if name not in names[test]:
                remedy = did_you_mean(name, names[test])
                row.wrong("parameters", f"{question}.{test} has no parameter {name!r}", remedy)
    for wanted in required_of(question).get(test, ()):
        if not any(name in parameters for name in wanted.split("|")):
            shown = wanted.replace("|", " or ")
            where = "parameters" if parameters else "test"
            row.wrong(where, f"{question}.{test} needs the parameter {shown}", "add it to parameters = { }")


def _check_metric(row: TableReader, question: str, test: str, metric: str) -> None:
    given = metrics_of(question).get(test)
    known = (given,) if isinstance(given, str) else tuple(given or ())
    if known and metric and metric not in known:
        row.wrong("expects", f"{question}.{test} gives no metric {metric!r}", did_you_mean(metric, known))


def _check_nouns(row: TableReader, parameters: Mapping[str, Any], known: Known) -> None:
    for name, noun in NOUN_PARAMETERS.items():
        value = parameters.get(name)
        for given in value if isinstance(value, list) else [value]:
            if isinstance(given, str) and given not in known.nouns[noun]:
                remedy = did_you_mean(given, known.nouns[noun])
                row.wrong("parameters", f"no {noun} has the id {given!r}", remedy)
    for name in ("date", "from", "to"):
        value = parameters.get(name)
        if value is not None and not _is_day(value):
            row.wrong("parameters", f"{name} = {value!r} is no day", "write a day such as 2017-02-13")


def _is_day(value: object) -> bool:
    if isinstance(value, date):
        return True
    try:
        date.fromisoformat(value if isinstance(value, str) else "")
    except ValueError:
        return False
    return True


def _expectation(row: TableReader) -> Expectation:
    table = row.table("expects", required=True)
    if table is None:
        return Expectation("", ">", 0.0)
    metric = table.text("metric", required=True)
    op = table.choice("op", OPERATORS)
    value, resolution = table.number("value", required=True), table.number("resolution")
    if resolution is not None and resolution <= 0:
        table.wrong("resolution", "'resolution' is not above 0", "name the smallest effect that must be seen")
    table.finish()
    known_op = cast(Literal[">=", ">", "<=", "<"], op or ">")
    return Expectation(metric, known_op, 0.0 if value is None else value, resolution)


def _predictions(row: TableReader, known: Known) -> dict[str, Prediction]:
    """What each hypothesis predicts: that the expectation is ``met``, or that it is ``failed``."""
    given: dict[str, Prediction] = {}
    for name, value in row.free("predicts").items():
        if name not in known.hypotheses:
            row.wrong("predicts", f"no hypothesis has the id {name!r}", did_you_mean(name, known.hypotheses))
        elif value not in ("met", "failed"):
            row.wrong(
                "predicts", f"{name} = {value!r}", "a hypothesis predicts that a test is 'met' or 'failed'"
            )
        else:
            given[name] = value
    return given
