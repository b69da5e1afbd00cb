"""The board reads at 80 and 120 columns, shows both sides, and lets no hostile text act."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from probata.export.answer import answer_view
from probata.export.board import board
from probata.model import (
    Allegation,
    Answer,
    Case,
    Denial,
    Expectation,
    Finding,
    Gap,
    Reject,
    TestRequest,
    Verdict,
    Weighed,
)

HOSTILE = "\x1b[31mred\u202e [bold]x[/bold] <script>alert(1)</script> {{ 7*7 }}"


def shown(renderable, width=80):
    target = io.StringIO()
    Console(file=target, width=width, highlight=False).print(renderable)
    return target.getvalue()


def finding(statement="It moved by 1.5 points.", **more):
    given = {
        "estimate": 1.5,
        "interval": (0.5, 2.5),
        "level": 0.95,
        "p": 0.01,
        "n": 40,
        "mde": 1.1,
        "caveats": ("a move is not a cause",),
    }
    return Finding("opinion", "event_step", statement, "shift", **{**given, **more})


def case(**more):
    request = TestRequest("a.1", "opinion", "event_step", Expectation("shift", ">", 0, 2))
    silent = TestRequest("b.1", "attacks", "volume", Expectation("attempts", ">=", 1000))
    first = Allegation(
        "a",
        "Opinion moved",
        "a spokeswoman",
        "2030-05-01",
        source="https://example.org/said",
        denials=(Denial("a spokesman", "2030-05-02", "it did not move"),),
        tests=(request,),
    )
    second = Allegation("b", "Thousands of attacks", "a secretary", "2030-05-03", tests=(silent,))
    found = finding()
    given = {
        "title": "A case",
        "allegations": (first, second),
        "weighed": (
            Weighed("a", request, Verdict.SUPPORTS, "the interval wholly meets it", found),
            Weighed("b", silent, Verdict.NOT_ENOUGH_INFO, "no data"),
        ),
        "findings": (found, finding("Also this.", q=0.9), finding("And that.", q=0.01)),
        "gaps": (Gap("attacks", "the server logs", "the party", "ask", "how many", "b.1"),),
        "rejects": (Reject("x.csv", 3, "broken row"),),
        "facts": {"sentences": {"a": "The measurements support it.", "b": "Cannot be tested yet."}},
    }
    return Case(**{**given, **more})


@pytest.mark.parametrize("width", [80, 120])
def test_the_board_fits_its_width_and_says_everything(width):
    """No line runs over, and every part of the case is there."""
    text = shown(board(case()), width)
    assert max(map(len, text.splitlines())) <= width
    flat = " ".join(text.split())
    for part in (
        "SUPPORTS REFUTES",
        "the server logs",
        "denied: a spokesman, 2030-05-02: it did not move",
        "interval 0.5 .. 2.5 (95%), p .010, n 40, could have seen 1.1 or more",
        "who: the party. how: ask.",
        "it would settle: how many",
        "=> The measurements support it.",
        "SET ASIDE: 1 record",
        "x.csv:3: broken row",
    ):
        assert part in flat


def test_denials_stand_directly_below_what_they_deny():
    """A denial comes before any measurement and with the same heading weight as the charge."""
    text = shown(board(case()))
    assert (
        text.index("alleged: a spokeswoman")
        < text.index("denied: a spokesman")
        < text.index("SUPPORTS  It moved")
    )


def test_a_charge_without_a_recorded_denial_says_so():
    """Silence is not consent."""
    assert "no denial of this point is recorded" in shown(board(case()))


def test_only_what_stands_out_after_correction_is_listed_among_the_explored():
    """Looking in many places finds something somewhere: q decides, and the rest is counted."""
    text = shown(board(case()))
    assert "And that." in text
    assert "Also this." not in text
    assert "1 of opinion.event_step" in text


def test_hostile_text_does_nothing_on_a_terminal():
    """Escape sequences, direction marks and markup are shown, not obeyed."""
    allegation = Allegation("a", HOSTILE, HOSTILE, "2030", denials=(Denial(HOSTILE, "2030", HOSTILE),))
    hostile = case(
        allegations=(allegation,),
        weighed=(),
        gaps=(Gap("attacks", HOSTILE, HOSTILE, HOSTILE, HOSTILE, "a"),),
        rejects=(Reject(HOSTILE, 1, HOSTILE),),
        findings=(finding(HOSTILE, q=0.001),),
    )
    text = shown(board(hostile), 300)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[bold]x[/bold]" in text


def test_an_answer_shows_findings_caveats_rows_and_what_is_missing():
    """One question alone on the terminal."""
    rows = [{"pollster": f"P{i}", "party": HOSTILE, "effect": 1.5, "interval": [0.5, 2.5]} for i in range(30)]
    answer = Answer(
        "opinion",
        (finding(),),
        (Gap("opinion", "polls", "pollsters", "ask", "it"),),
        {},
        {"house_effects": rows},
    )
    text = shown(answer_view(answer, [Reject("x", 1, "bad")]), 200)
    for part in (
        "It moved by 1.5 points.",
        "  a move is not a cause",
        "house effects: 30 (the largest 6)",
        "0.5 .. 2.5",
    ):
        assert part in text
    assert "MISSING  polls" in text
    assert "SET ASIDE: 1 record\n" in text
    assert "\x1b" not in text


def test_an_answer_without_findings_says_so():
    """Nothing is never shown as nothing."""
    assert "no finding" in shown(answer_view(Answer("claims")))
