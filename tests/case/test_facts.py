"""Figures are looked up among the polls, and named or not found."""

from __future__ import annotations

from datetime import date

import pytest

from probata.case.facts import PollSeen, look_up, margin
from probata.case.nouns import FigureCheck


def poll(day, sample=900, pollster="House", **shares):
    return PollSeen(pollster, "", sample, "", day, "", "", shares)


CHECK = FigureCheck("polls", date(2030, 2, 13), 3, {"p1": 27, "p2": 22})


def test_the_poll_behind_a_figure_is_named_with_its_margin():
    """House, sample, day and sampling margin are shown; polls outside the window are not searched."""
    polls = [
        poll("2030-02-12", p1=27.0, p2=22.0),
        poll("2030-02-12", p1=26.0, p2=22.0),
        poll("2030-01-01", p1=27.0, p2=22.0),
    ]
    said = look_up(CHECK, polls, {"p1": "Ada"})
    assert said == (
        "Looked up: 1 of 2 polls of the file dated 2030-02-10 to 2030-02-16 shows Ada 27 and p2 22: "
        "House, sponsor not in the file, 900 asked, dated 2030-02-12: 27 (margin 2.9), 22 (margin 2.7)."
    )


def test_a_figure_that_no_poll_shows_is_said_to_be_so():
    """Nothing near counts as found."""
    said = look_up(CHECK, [poll("2030-02-12", p1=27.0, p2=21.0)], {})
    assert said.startswith("Looked up: none of 1 polls")


def test_the_margin_is_that_of_simple_random_sampling():
    """Half a share of 1,000 people: 3.1 points; without a sample there is none."""
    assert margin(50, 1000) == pytest.approx(3.1, abs=0.01)
    assert margin(22, 894) == pytest.approx(2.72, abs=0.01)
    assert margin(50, None) is None
    assert margin(120, 1000) == 0
