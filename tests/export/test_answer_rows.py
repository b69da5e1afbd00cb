"""One question on a terminal of 80 columns."""

from __future__ import annotations

import io

from rich.console import Console

from probata.export.answer import answer_view
from probata.model import Answer, Finding

NAMES = {"polar.example": "Polar Voice", "echo.example": "Echo Meridian", "0a" * 10: "Quay to close"}


def shown(answer: Answer) -> str:
    """What a terminal of 80 columns shows."""
    target = io.StringIO()
    Console(file=target, width=80, highlight=False).print(answer_view(answer, names=NAMES))
    return target.getvalue()


def member(source: str, role: str, lag: float, relation: str) -> dict[str, object]:
    """A row of the table of stories."""
    told = {"story": "5" * 20, "article": "0a" * 10, "published": "2031-02-10T07:10:00Z"}
    return {**told, "source": source, "role": role, "lag": lag, "relation": relation}


def test_a_story_is_its_origin_and_its_pickups_by_name() -> None:
    """Outlets have the names of the case, the lag has a unit, and no id of a record is shown."""
    rows = [member("polar.example", "origin", 0.0, "origin"), member("echo.example", "pickup", 0.25, "copy")]
    text = shown(Answer("spread", document={"stories": rows}))
    assert "- Polar Voice, 2031-02-10 07:10: Quay to close" in text
    assert "-> Echo Meridian +15 min (copy)" in text
    assert "0a0a" not in text


def test_a_story_without_a_known_origin_says_so() -> None:
    """Where times do not settle it, nobody is shown as first."""
    rows = [member("polar.example", "unknown", 0.0, "copy"), member("echo.example", "unknown", 0.0, "copy")]
    text = shown(Answer("spread", document={"stories": rows}))
    assert "no single origin" in text
    assert "- Polar Voice" not in text


def test_a_story_without_a_known_origin_has_the_title_of_its_first_article() -> None:
    """Whoever was first, the reader is told what the story is about."""
    rows = [member("polar.example", "unknown", 0.0, "copy"), member("echo.example", "unknown", 0.0, "copy")]
    assert "who was first): Quay to close" in shown(Answer("spread", document={"stories": rows}))


def test_a_sentence_calls_an_outlet_by_its_name() -> None:
    """A finding that names the domain of an outlet is printed with the name of the case."""
    finding = Finding("spread", "reuse", "polar.example was the origin of 6 of 12.5 stories.", "share")
    assert "Polar Voice was the origin of 6 of 12.5 stories." in shown(Answer("spread", (finding,)))


def test_a_denial_stands_beside_the_allegation() -> None:
    """A denial is shown in the same block, and its absence is told."""
    denied = {
        "made_by": "A",
        "against": ["B"],
        "text": "it lied",
        "denials": [{"by": "B", "text": "we did not"}],
    }
    alone = {"made_by": "C", "against": [], "text": "it hid", "denials": []}
    text = shown(Answer("claims", document={"allegations": [denied, alone]}))
    assert "- A, about B: it lied\n    DENIED by B: we did not" in text
    assert "no denial found in these texts" in text


def test_a_statement_is_short_and_shows_its_evidence() -> None:
    """A long quotation is cut; what it cites stands below."""
    row = {
        "act": "asserts",
        "speaker": "A",
        "content": [{"text": "x" * 500}],
        "evidence": [{"text": "a memo"}],
    }
    text = shown(Answer("claims", document={"attributions": [row]}))
    assert 140 < text.count("x") < 160
    assert "evidence cited: a memo" in text


def test_odds_by_draws_are_never_shown_as_certain() -> None:
    """Nought of the draws is under one per cent, all of them over ninety-nine."""
    odds = [
        {"kind": "plurality", "parties": ["A"], "probability": 1.0},
        {"kind": "plurality", "parties": ["B"], "probability": 0.0},
        {"kind": "pairing", "parties": ["A", "B"], "probability": 0.5},
    ]
    text = shown(Answer("opinion", document={"odds": odds}))
    assert "> 99 %" in text
    assert "< 1 %" in text
    assert "pairing A and B: 50 %" in text


def test_databases_that_disagree_on_a_country_are_both_shown() -> None:
    """A place is what each database says."""
    row = {"source": "192.0.2.1", "events": 9.0, "attempts": 4.0, "countries": {"one": "SG", "two": "AU"}}
    assert "SG or AU" in shown(Answer("attacks", document={"sources": [row]}))


def test_rows_with_nothing_in_them_do_not_fail() -> None:
    """Whatever a document lacks, the view stands."""
    for question in ("spread", "claims", "slant", "attacks", "opinion"):
        keys = (
            "stories",
            "pairs",
            "ties",
            "allegations",
            "attributions",
            "cells",
            "sources",
            "rules",
            "groups",
        )
        more = ("average", "odds", "house_effects", "suspect_polls")
        assert shown(Answer(question, document={key: [{}] for key in (*keys, *more)}))  # type: ignore[arg-type]


def test_only_pairs_beyond_chance_are_shown_as_tied() -> None:
    """A pair that was compared and is within chance is no tie, and groups are named."""
    rows = [
        {
            "a": "x.example",
            "b": "y.example",
            "shared": 9,
            "expected": 0.5,
            "basis": "within 1 h",
            "p": 1e-9,
            "q": 1e-7,
        },
        {
            "a": "v.example",
            "b": "w.example",
            "shared": 2,
            "expected": 1.5,
            "basis": "any time",
            "p": 0.6,
            "q": 1.0,
        },
    ]
    view = shown(Answer("spread", document={"ties": rows, "groups": [["x.example", "y.example"]]}))
    assert "x.example and y.example: 9 in common within 1 h" in view
    assert "group of 2: x.example, y.example" in view
    assert "v.example" not in view


def test_a_date_is_not_shown_to_the_minute() -> None:
    """Two articles of one date, without hour, are of the same day; nobody is '+0 min' later."""
    rows = [
        {"story": "s", "source": "x.example", "published": "2016-06-09", "role": "origin", "lag": 0.0},
        {
            "story": "s",
            "source": "y.example",
            "published": "2016-06-09",
            "role": "pickup",
            "lag": 0.0,
            "relation": "quote",
        },
    ]
    assert "y.example the same day (quote)" in shown(Answer("spread", document={"stories": rows}))
