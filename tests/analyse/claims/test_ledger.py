"""The ledger on invented statements: what is one allegation, what answers it, who only repeats it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.claims.ledger import COLUMNS, ledger
from probata.analyse.claims.ledger_names import Actors, accused
from probata.analyse.claims.ledger_toml import proposed_toml
from probata.analyse.claims.table import columns_of
from probata.case import file as case_file
from probata.model import Candidate, Source

NOUNS = (
    Candidate("stoll", "Ruben Stoll", ("Stoll",)),
    Candidate("lindt", "Fay Lindt", ("Lindt",)),
    Source("vesper", "Vesper"),
    Source("polar", "Polar Wire"),
)
CHARGE = "that Vesper and Polar Wire had spread false reports about her campaign"


def row(article: str, position: int, speaker: str, act: str, content: str, **more: Any) -> dict[str, Any]:
    """One row of the attributions table."""
    base = {
        "id": f"{article}-{position}", "article": article, "position": position, "source_text": speaker,
        "source_start": 0 if speaker else -1, "source_end": len(speaker) or -1, "speaker": speaker,
        "anonymous": False, "cue_text": "said", "cue_start": 0, "cue_end": 4, "content_text": content,
        "content": "[[0, 4]]", "kind": "indirect", "act": act, "target": "", "target_id": "", "evidence": "[]",
        "confidence": 1.0, "engine": "x",
    }  # fmt: skip
    return base | more


def articles(*days: str) -> dict[str, Any]:
    """Articles a, b, c ... published on these days by outlets O0, O1 ...; "" for an unknown day."""
    names = [chr(97 + i) for i in range(len(days))]
    return {
        "id": np.array(names, object),
        "source": np.array([f"O{i}" for i in range(len(days))], object),
        "published": np.array(days, object),
        "published_earliest": np.array([day or "NaT" for day in days], "datetime64[us]"),
        "lang": np.array(["en"] * len(days), object),
    }


def run(rows: list[dict[str, Any]], *days: str) -> list[dict[str, Any]]:
    """Allegations of these rows."""
    return ledger(columns_of(rows), articles(*days), NOUNS)[0]


def test_the_same_accusation_in_two_articles_is_one_allegation() -> None:
    """A statement that a second outlet carries joins the allegation, and the outlet is named as a carrier."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE),
            row("b", 0, "Fay Lindt", "accuses", CHARGE + " for weeks"),
        ],
        "2030-05-01",
        "2030-05-03",
    )
    assert len(found) == 1
    assert [m["role"] for m in found[0]["members"]] == ["makes", "carries"]
    assert found[0]["merely_repeated_by"] == ["O1"]
    assert found[0]["dates"] == {"first": "2030-05-01", "last": "2030-05-03"}
    assert found[0]["against"] == ["Vesper", "Polar Wire"]


def test_the_same_charge_against_another_is_another_allegation() -> None:
    """Equal wording against another target stays apart."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", "that Vesper had invented the polls"),
            row("a", 1, "Fay Lindt", "accuses", "that Polar Wire had invented the polls"),
        ],
        "2030-05-01",
    )
    assert [a["against"] for a in found] == [["Vesper"], ["Polar Wire"]]


def test_whoever_adds_evidence_does_not_merely_repeat() -> None:
    """A later speaker who cites nothing repeats; one who cites a document adds evidence."""
    document = json.dumps([{"kind": "document", "text": "letter", "start": 0, "end": 1}])
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE),
            row("b", 0, "Ada Quill", "accuses", CHARGE),
            row("c", 0, "Obi Trask", "accuses", CHARGE, evidence=document),
        ],
        "2030-05-01",
        "2030-05-02",
        "2030-05-03",
    )
    assert [m["role"] for m in found[0]["members"]] == ["makes", "repeats", "adds_evidence"]
    assert found[0]["merely_repeated_by"] == ["Ada Quill"]
    assert {"name": "Obi Trask", "evidence": ["document"]} in found[0]["sides"][0]["who"]


def test_a_denial_stands_at_the_accusation_that_it_answers() -> None:
    """The outlet's denial answers the charge against the outlet, not the other charge of the same speaker."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE),
            row("a", 1, "Fay Lindt", "accuses", "that Ruben Stoll had bought votes in Greyport"),
            row("a", 2, "Vesper", "denies", "it rejected allegations that it spread false reports"),
        ],
        "2030-05-01",
    )
    assert [[d["by"] for d in a["denials"]] for a in found] == [["Vesper"], []]
    assert "is the accused" in found[0]["denials"][0]["why"]
    assert [side["side"] for side in found[0]["sides"]] == ["accuses", "denies"]


def test_a_spokesman_denies_for_the_state_that_is_accused() -> None:
    """A source called "Kremlin spokesman" speaks for Russia, also where he is later called by name alone."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", "the campaign was being hit by attacks from inside Russia"),
            row("a", 1, "Oleg Ritter", "asserts", "hello", source_text="Kremlin spokesman Oleg Ritter"),
            row(
                "a",
                2,
                "Oleg Ritter",
                "denies",
                "the attacks had nothing to do with the authorities",
                source_text="Ritter",
            ),
        ],
        "2030-05-01",
    )
    assert [d["by"] for d in found[0]["denials"]] == ["Oleg Ritter"]


def test_standing_near_is_no_answer() -> None:
    """A denial of something else by somebody else stands at no allegation."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE),
            row("a", 1, "Maud Perrin", "denies", "that the ferry would be late on Sundays"),
        ],
        "2030-05-01",
    )
    assert found[0]["denials"] == []


def test_nobody_denies_their_own_accusation() -> None:
    """The accuser's own denials stand at no allegation of the accuser."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE),
            row("a", 1, "Fay Lindt", "denies", "that Vesper had ever been offered money by her campaign"),
        ],
        "2030-05-01",
    )
    assert found[0]["denials"] == []


def test_a_denial_in_a_later_article_answers_within_the_window() -> None:
    """The same denial counts three days later and no longer after a year."""
    for day, expected in (("2030-05-04", 1), ("2031-05-04", 0), ("2030-04-01", 0)):
        found = run(
            [
                row("a", 0, "Fay Lindt", "accuses", CHARGE),
                row("b", 0, "Vesper", "denies", "Lindt's accusations of false reports were untrue"),
            ],
            "2030-05-01",
            day,
        )
        assert len(found[0]["denials"]) == expected, day


def test_demands_declines_and_corrections_are_attached() -> None:
    """The accuser's demand, the accused's refusal to comment and a retraction stand at the allegation."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE),
            row("a", 1, "Fay Lindt", "demands", "that the press council act against the false reports"),
            row("a", 2, "Polar Wire", "declines", "to comment", cue_text="declined"),
            row(
                "a",
                3,
                "Vesper",
                "asserts",
                "the false reports about Lindt's campaign",
                cue_text="has retracted",
            ),
        ],
        "2030-05-01",
    )
    assert [len(found[0][key]) for key in ("demands", "declined", "corrections")] == [1, 1, 1]


def test_the_author_alleges_nothing() -> None:
    """What nobody is given as the source of is no allegation."""
    assert run([row("a", 0, "", "accuses", CHARGE)], "2030-05-01") == []


def test_the_table_has_a_row_for_every_statement_of_an_allegation() -> None:
    """Members and answers are rows; members have no score."""
    rows = [
        row("a", 0, "Fay Lindt", "accuses", CHARGE),
        row("a", 1, "Vesper", "denies", "Lindt's accusations of false reports were untrue"),
    ]
    found, table = ledger(columns_of(rows), articles("2030-05-01"), NOUNS)
    assert tuple(table) == COLUMNS
    assert list(table["role"]) == ["makes", "denies"]
    assert np.isnan(table["score"][0])
    assert set(table["allegation"]) == {found[0]["id"]}


def test_no_articles_no_allegations() -> None:
    """Empty tables give an empty ledger with its columns."""
    found, table = ledger(columns_of([]), articles(), NOUNS)
    assert found == []
    assert [len(table[name]) for name in COLUMNS] == [0] * len(COLUMNS)
    assert proposed_toml([]) == ""


@pytest.mark.parametrize(
    ("content", "speaker", "expected"),
    [
        ("that Stoll had lied", "lindt", ["stoll"]),
        ("that Lindt and Stoll took money", "lindt", ["stoll"]),
        ("the Lindt campaign was being hit by attacks from inside Russia", "quill", ["state:ru"]),
        ("an orchestrated attempt by a foreign power", "lindt", []),
        ("Vesper and Polar Wire spread lies against Stoll", "lindt", ["vesper", "polar"]),
        ("he was the target of Russian media", "lindt", ["state:ru"]),
        ("Vesper d'avoir publié de faux sondages contre Stoll", "lindt", ["vesper"]),
    ],
)
def test_the_accused_is_not_the_victim(content: str, speaker: str, expected: list[str]) -> None:
    """Whoever is attacked is not accused; whoever is joined by "and" is accused as well."""
    assert [m.key for m in accused(Actors(NOUNS), content, speaker, "")] == expected


HEAD = """[case]
title = "t"
[[candidate]]
id = "stoll"
name = "Ruben Stoll"
role = "candidate"
"""


def test_what_is_proposed_loads_as_a_case(tmp_path: Path) -> None:
    """The proposed entries pass the case checker and keep speaker, date, accused and denial."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", CHARGE + ' "on\n purpose" \\ '),
            row("a", 1, "Vesper", "denies", "Lindt's accusations of false reports were untrue"),
            row("a", 2, "Fay Lindt", "accuses", "that Ruben Stoll had bought votes in Greyport"),
        ],
        "2030-05-01",
    )
    (tmp_path / "case.toml").write_text(HEAD + proposed_toml(found), "utf-8")
    case = case_file.load(tmp_path)
    assert [a.made_by for a in case.allegations] == ["Fay Lindt", "Fay Lindt"]
    assert case.allegations[0].against == "Vesper and Polar Wire"
    assert case.allegations[0].denials[0].by == "Vesper"
    assert case.allegations[0].tests[0].parameters == {"speaker": "Fay Lindt", "act": "accuses"}


def test_without_a_date_the_entry_is_a_comment() -> None:
    """An allegation of an undated article is proposed as a comment, for the analyst to date."""
    text = proposed_toml(run([row("a", 0, "Fay Lindt", "accuses", CHARGE)], ""))
    assert tomllib.loads(text) == {}
    assert '# made_by = "Fay Lindt"' in text


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=80), st.text(max_size=40))
def test_any_text_becomes_valid_toml(content: str, speaker: str) -> None:
    """Whatever a text holds, the proposal parses as TOML."""
    member = {"evidence": []}
    allegation = {
        "text": content, "made_by": speaker or "x", "made_on": "2030-05-01", "against": [speaker],
        "members": [member], "denials": [{"by": speaker, "on": "2030", "text": content}],
    }  # fmt: skip
    if speaker.split():
        assert len(tomllib.loads(proposed_toml([allegation, allegation]))["allegation"]) == 2
