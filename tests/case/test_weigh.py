"""The computed rule: interval against expectation; nothing is summed, non-significance never refutes."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.case import CaseFile, Hypothesis, assemble, weigh
from probata.model import (
    Allegation,
    Answer,
    Expectation,
    Finding,
    Gap,
    Reject,
    TestRequest,
    Verdict,
)

OPERATORS = {
    ">=": lambda a, b: a >= b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    "<": lambda a, b: a < b,
}
NUMBERS = st.floats(-50, 50, allow_nan=False)


def finding(interval, mde=None, metric="shift", request="a.1", statement="it moved"):
    return Finding(
        "opinion", "event_step", statement, metric, estimate=0.0, interval=interval, mde=mde, request=request
    )


def expects(op=">", value=0.0, resolution=None):
    return Expectation("shift", op, value, resolution)


@given(low=NUMBERS, width=st.floats(0, 30), op=st.sampled_from(sorted(OPERATORS)), value=NUMBERS)
def test_the_rule_is_what_it_says(low, width, op, value):
    """SUPPORTS where every value of the interval meets the expectation, REFUTES where none does, else neither."""
    high = low + width
    verdict, reason = weigh(finding((low, high)), expects(op, value))
    points = [low, high, (low + high) / 2, *([value] if low <= value <= high else [])]
    points += [
        math.nextafter(value, side) for side in (-99, 99) if low <= math.nextafter(value, side) <= high
    ]
    met = [OPERATORS[op](point, value) for point in points]
    wanted = Verdict.SUPPORTS if all(met) else Verdict.NOT_ENOUGH_INFO if any(met) else Verdict.REFUTES
    assert verdict is wanted
    assert reason


@given(low=NUMBERS, width=st.floats(0, 30), value=NUMBERS, op=st.sampled_from(sorted(OPERATORS)))
def test_a_finding_without_power_never_decides(low, width, value, op):
    """Less power than the test declares gives NOT_ENOUGH_INFO wherever the interval lies."""
    verdict, reason = weigh(finding((low, low + width), mde=3.01), expects(op, value, resolution=3))
    assert verdict is Verdict.NOT_ENOUGH_INFO
    assert "could not have been seen" in reason


@given(below=st.floats(0.001, 30), above=st.floats(0.001, 30), p=st.floats(0.05, 1))
def test_non_significance_never_refutes(below, above, p):
    """An interval that holds values meeting the expectation cannot refute it, whatever p."""
    weak = Finding("opinion", "event_step", "s", "shift", interval=(-below, above), p=p)
    assert weigh(weak, expects(">", 0.0))[0] is Verdict.NOT_ENOUGH_INFO
    assert weigh(weak, expects("<", 0.0))[0] is Verdict.NOT_ENOUGH_INFO


@pytest.mark.parametrize("interval", [None, (None, None), (2.0, 1.0), (math.nan, 1.0)])
def test_no_interval_decides_nothing(interval):
    """Absent, reversed and not-a-number intervals neither support nor refute."""
    verdict, reason = weigh(finding(interval), expects())
    assert (verdict, "no interval" in reason) == (Verdict.NOT_ENOUGH_INFO, True)


def test_an_open_end_is_unbounded():
    """An interval without an upper end supports a lower bound and never an upper one."""
    assert weigh(finding((1.0, None)), expects(">", 0.5))[0] is Verdict.SUPPORTS
    assert weigh(finding((1.0, None)), expects("<", 5.0))[0] is Verdict.NOT_ENOUGH_INFO
    assert weigh(finding((None, 1.0)), expects(">", 2.0))[0] is Verdict.REFUTES


def test_another_metric_decides_nothing():
    """A share is not weighed as a shift."""
    verdict, reason = weigh(finding((1.0, 2.0), metric="share"), expects())
    assert (verdict, reason) == (Verdict.NOT_ENOUGH_INFO, "it measures share, the test expects shift")


def test_a_finding_that_does_not_state_its_power_fails_a_test_that_asks_for_it():
    """Silence on power is not power."""
    assert weigh(finding((1.0, 2.0), mde=None), expects(resolution=1))[0] is Verdict.NOT_ENOUGH_INFO
    assert weigh(finding((1.0, 2.0), mde=0.9), expects(resolution=1))[0] is Verdict.SUPPORTS


# ---------------------------------------------------------------- the whole case


def request(id="a.1", needs="", who="", op=">"):
    return TestRequest(id, "opinion", "event_step", expects(op), needs=needs, who=who)


def case_file(tmp_path, *tests, untestable="", **more):
    allegation = Allegation("a", "Opinion moved", "a spokeswoman", "2030", tests=tests, untestable=untestable)
    return CaseFile(tmp_path, "T", None, allegations=(allegation,), **more)


def test_each_test_is_weighed_once_with_its_own_finding(tmp_path):
    """Findings go to the test that asked for them; others stay exploratory."""
    answers = [Answer("opinion", (finding((1, 2)), finding((1, 2), request=None, statement="by the way")))]
    case = assemble(case_file(tmp_path, request(), request("a.2")), answers)
    assert [(w.request.id, w.verdict.value, w.finding is None) for w in case.weighed] == [
        ("a.1", "SUPPORTS", False),
        ("a.2", "NOT_ENOUGH_INFO", True),
    ]
    assert len(case.findings) == 2
    assert (case.counts["supports"], case.counts["missing"], case.counts["cannot_tell"]) == (1, 1, 0)


def test_findings_of_one_test_that_disagree_cannot_tell(tmp_path):
    """Nobody picks the finding that suits."""
    both = (finding((1, 2)), finding((-2, -1), statement="it fell"))
    (item,) = assemble(case_file(tmp_path, request()), [Answer("opinion", both)]).weighed
    assert (item.verdict, item.reason) == (Verdict.NOT_ENOUGH_INFO, "2 findings of this test disagree")


def test_what_a_test_needs_becomes_a_gap_where_there_is_no_finding(tmp_path):
    """The case's own words on what is missing and who has it are completed by the question's."""
    said = Gap("opinion", "no polls at all", "nobody", "add polls", "whether it moved", request="a.1")
    tested = case_file(tmp_path, request(needs="the party's own polls", who="the party"))
    (gap,) = assemble(tested, [Answer("opinion", gaps=(said,))]).gaps
    assert (gap.what, gap.who, gap.how) == ("the party's own polls", "the party", "add polls")
    assert gap.settles.startswith("opinion.event_step (")
    assert gap.settles.endswith("which expects shift > 0")


def test_silence_of_a_question_is_a_gap_too(tmp_path):
    """A question that answers nothing leaves a gap that says so."""
    (gap,) = assemble(case_file(tmp_path, request()), []).gaps
    assert gap.request == "a.1"
    assert "opinion.event_step" in gap.what


def test_a_declared_need_is_no_gap_once_there_is_a_finding(tmp_path):
    """What has been found is not missing."""
    case = assemble(case_file(tmp_path, request(needs="polls")), [Answer("opinion", (finding((1, 2)),))])
    assert case.gaps == ()


SENTENCES = {
    ((1.0, 2.0),): "The measurements support it: 1 of 1 test supports.",
    ((-2.0, -1.0),): "The measurements speak against it: 1 of 1 test refutes.",
    ((-1.0, 1.0),): "Not shown either way: 1 of 1 test cannot tell.",
    (None,): "Cannot be tested yet: 1 of 1 test has no data.",
    ((1.0, 2.0), (-2.0, -1.0)): "The measurements are divided: 1 of 2 tests supports; 1 of 2 tests refutes.",
    ((1.0, 2.0), None): "Supported in part: 1 of 2 tests supports; 1 of 2 tests has no data.",
}


@pytest.mark.parametrize("intervals", SENTENCES)
def test_the_sentence_says_what_the_tests_say(tmp_path, intervals):
    """One plain sentence an allegation, from its verdicts alone."""
    tests = [request(f"a.{at}") for at in range(len(intervals))]
    found = [
        finding(ends, request=f"a.{at}", statement=str(at))
        for at, ends in enumerate(intervals)
        if ends is not None
    ]
    case = assemble(case_file(tmp_path, *tests), [Answer("opinion", tuple(found))])
    assert case.facts["sentences"]["a"] == SENTENCES[intervals]


def test_what_cannot_be_tested_is_said(tmp_path):
    """Intent is never tested; the sentence says so beside what was."""
    case = assemble(case_file(tmp_path, untestable="The intent."), [])
    assert case.facts["sentences"]["a"] == "No test here can settle it: the intent."
    case = assemble(
        case_file(tmp_path, request(), untestable="the intent"), [Answer("opinion", (finding((1, 2)),))]
    )
    assert case.facts["sentences"]["a"].endswith("; what no test here can settle: the intent.")


MATRIX = {(1.0, 2.0): ("C", "I", "N"), (-2.0, -1.0): ("I", "C", "N"), (-1.0, 1.0): ("N", "N", "N")}


@pytest.mark.parametrize("interval", MATRIX)
def test_hypotheses_stand_side_by_side_without_a_sum(tmp_path, interval):
    """A cell is consistent, inconsistent or neither; no row, column or case holds a total."""
    hypotheses = tuple(Hypothesis(name, name) for name in ("yes", "no", "silent"))
    tested = case_file(
        tmp_path, request(), hypotheses=hypotheses, predictions={"a.1": {"yes": "met", "no": "failed"}}
    )
    (row,) = assemble(tested, [Answer("opinion", (finding(interval),))]).facts["matrix"]
    assert tuple(row["cells"].values()) == MATRIX[interval]
    assert row["tells_apart"] is True
    assert not {"score", "sum", "total"} & set(row)


def test_a_test_on_which_all_agree_does_not_tell_hypotheses_apart(tmp_path):
    """Evidence that every explanation predicts is evidence for none."""
    hypotheses = (Hypothesis("x", "x"), Hypothesis("y", "y"))
    tested = case_file(
        tmp_path, request(), hypotheses=hypotheses, predictions={"a.1": {"x": "met", "y": "met"}}
    )
    (row,) = assemble(tested, [Answer("opinion", (finding((1, 2)),))]).facts["matrix"]
    assert row["tells_apart"] is False


def test_rejects_and_rows_are_counted(tmp_path):
    """What was set aside and what was read stand on the board."""
    case = assemble(case_file(tmp_path, request()), [], [Reject("x.csv", 3, "broken")], {"polls": 5})
    assert (case.counts["set_aside"], case.counts["rows_polls"]) == (1, 5)
