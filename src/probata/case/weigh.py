"""Findings set beside allegations by one computed rule; what is missing becomes a gap.

The rule: the interval of the finding wholly meets what the test expects -> SUPPORTS; it wholly fails it ->
REFUTES; anything else, or less power than the test declares, -> NOT_ENOUGH_INFO. A result that is merely not
significant never refutes. Nothing is added up: no score, no arithmetic of guilt.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from probata.case.facts import case_facts
from probata.case.nouns import CaseFile
from probata.case.requests import tests_of
from probata.case.sentence import sentence_of
from probata.model import (
    Allegation,
    Answer,
    Case,
    Expectation,
    Finding,
    Gap,
    Reject,
    TestRequest,
    Verdict,
    Weighed,
)

NO_DATA = "no data: see what is missing"


def weigh(finding: Finding, expects: Expectation) -> tuple[Verdict, str]:
    """The verdict of one finding on one expectation, and its reason in one phrase.

    An end of the interval that is None is unbounded. A reversed or not-a-number interval counts as none.
    """
    unknown = Verdict.NOT_ENOUGH_INFO
    wanted = f"{expects.metric} {expects.op} {number(expects.value)}"
    if finding.metric != expects.metric:
        return unknown, f"it measures {finding.metric}, the test expects {expects.metric}"
    ends = _ends(finding.interval)
    if ends is None:
        return unknown, "the finding has no interval, so it can neither meet nor fail what is expected"
    if weak := _weakness(finding, expects):
        return unknown, weak
    low, high = ends
    shown = f"the interval {number(low)} to {number(high)}"
    if _meets(low, expects) and _meets(high, expects):
        return Verdict.SUPPORTS, f"{shown} wholly meets {wanted}"
    if not _meets(low, expects) and not _meets(high, expects):
        return Verdict.REFUTES, f"{shown} wholly fails {wanted}"
    return unknown, f"{shown} holds values that meet {wanted} and values that fail it"


def number(value: float) -> str:
    """A number as people write it: at most three significant digits, no trailing zeros."""
    if math.isinf(value):
        return "no lower end" if value < 0 else "no upper end"
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


def _ends(interval: tuple[float | None, float | None] | None) -> tuple[float, float] | None:
    if interval is None or interval == (None, None):
        return None
    low = -math.inf if interval[0] is None else float(interval[0])
    high = math.inf if interval[1] is None else float(interval[1])
    return None if math.isnan(low) or math.isnan(high) or low > high else (low, high)


def _weakness(finding: Finding, expects: Expectation) -> str:
    """Why the finding has less power than the test declares; "" where it has enough."""
    if expects.resolution is None:
        return ""
    needed = number(expects.resolution)
    if finding.mde is None or math.isnan(finding.mde):
        return f"the test must be able to see {needed}; the finding does not say what it could have seen"
    if finding.mde > expects.resolution:
        return f"an effect under {number(finding.mde)} could not have been seen; the test must be able to see {needed}"
    return ""


def _meets(value: float, expects: Expectation) -> bool:
    """One end of the interval against the expectation. Both ends decide for all: the set is a half line."""
    if expects.op == ">=":
        return value >= expects.value
    if expects.op == ">":
        return value > expects.value
    if expects.op == "<=":
        return value <= expects.value
    return value < expects.value


def assemble(
    case_file: CaseFile,
    answers: Sequence[Answer],
    rejects: Sequence[Reject] = (),
    rows: Mapping[str, int] | None = None,
) -> Case:
    """Set every answer beside the allegation that asked for it.

    Args:
        case_file: the case as its folder states it.
        answers: what the questions returned; findings and gaps name the test in ``request``.
        rejects: what the readers set aside.
        rows: records read, by kind; shown with the counts.
    """
    findings = tuple(finding for answer in answers for finding in answer.findings)
    weighed = tuple(
        _weighed(allegation, test, findings)
        for allegation in case_file.allegations
        for test in allegation.tests
    )
    gaps = _gaps(case_file, weighed, answers)
    facts = {
        **case_facts(case_file, weighed),
        "sentences": {
            allegation.id: sentence_of(allegation, [w for w in weighed if w.allegation == allegation.id])
            for allegation in case_file.allegations
        },
    }
    return Case(
        title=case_file.title,
        allegations=case_file.allegations,
        weighed=weighed,
        findings=findings,
        gaps=gaps,
        rejects=tuple(rejects),
        counts=_counts(case_file, weighed, findings, gaps, rejects)
        | {f"rows_{k}": v for k, v in (rows or {}).items()},
        facts=facts,
    )


def _weighed(allegation: Allegation, test: TestRequest, findings: Sequence[Finding]) -> Weighed:
    """One test with its finding. Several findings of one test must agree, or the test cannot tell."""
    mine = [finding for finding in findings if finding.request == test.id]
    asked = [finding for finding in mine if finding.metric == test.expects.metric] or mine
    if not asked:
        return Weighed(allegation.id, test, Verdict.NOT_ENOUGH_INFO, NO_DATA)
    verdicts = [weigh(finding, test.expects) for finding in asked]
    if len({verdict for verdict, _ in verdicts}) > 1:
        reason = f"{len(asked)} findings of this test disagree"
        return Weighed(allegation.id, test, Verdict.NOT_ENOUGH_INFO, reason, asked[0])
    return Weighed(allegation.id, test, *verdicts[0], asked[0])


def _gaps(case_file: CaseFile, weighed: Sequence[Weighed], answers: Sequence[Answer]) -> tuple[Gap, ...]:
    """Gaps of tests without a finding, gaps the case declares, and gaps no test asked for; each once."""
    returned = [gap for answer in answers for gap in answer.gaps]
    silent = {item.request.id for item in weighed if item.finding is None}
    gaps = [
        _gap_of(item, next((gap for gap in returned if gap.request == item.request.id), None), case_file)
        for item in weighed
        if item.finding is None
    ]
    gaps += case_file.gaps
    gaps += [gap for gap in returned if gap.request is None or gap.request not in silent]
    return tuple({gap.id: gap for gap in gaps}.values())


def _gap_of(item: Weighed, returned: Gap | None, case_file: CaseFile) -> Gap:
    """What the case says its test needs, completed by what the question said was missing."""
    test = item.request
    how = case_file.how.get(test.id, "")
    return Gap(
        question=test.question,
        what=test.needs or (returned.what if returned else f"data for {test.question}.{test.test}"),
        who=test.who or (returned.who if returned else "whoever holds the records"),
        how=how or (returned.how if returned else "add it to the case under [[data]] and run again"),
        settles=_settles(test),
        request=test.id,
    )


def _settles(test: TestRequest) -> str:
    """What the missing evidence would decide: the test in words, and what it expects."""
    expects = test.expects
    sentence = tests_of(test.question).get(test.test, "")
    said = f" ({sentence.rstrip('.')})" if sentence else ""
    wanted = f"{expects.metric} {expects.op} {number(expects.value)}"
    return f"{test.question}.{test.test}{said}, which expects {wanted}"


def _counts(
    case_file: CaseFile,
    weighed: Sequence[Weighed],
    findings: Sequence[Finding],
    gaps: Sequence[Gap],
    rejects: Sequence[Reject],
) -> dict[str, int]:
    verdicts = [item.verdict for item in weighed if item.finding is not None]
    return {
        "allegations": len(case_file.allegations),
        "tests": len(weighed),
        "findings": len(findings),
        "gaps": len(gaps),
        "supports": verdicts.count(Verdict.SUPPORTS),
        "refutes": verdicts.count(Verdict.REFUTES),
        "cannot_tell": verdicts.count(Verdict.NOT_ENOUGH_INFO),
        "missing": sum(item.finding is None for item in weighed),
        "set_aside": len(rejects),
    }
