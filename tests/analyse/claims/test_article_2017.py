"""The article of 14 February 2017, by offsets: who says what, who denies it, and what is the author's own voice.

Offsets are code points into the file as it is. The text itself is not part of the project; without it this skips.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.analyse.claims.attribute import Method
from probata.analyse.claims.attribute import run as attribute
from probata.analyse.claims.document import Document
from probata.analyse.claims.ledger import ledger
from probata.analyse.claims.models import parser_name
from probata.analyse.claims.table import columns_of
from probata.model import Ask, Candidate, Source

NAME = "2017-02-14-macron-fake-news.txt"
SHA256 = "b9e737bdf849f91a1904225e3bf2329386a5641a688774ef4b3f9f85237b7e57"
ASK = Ask(
    candidates=(
        Candidate("macron", "Emmanuel Macron", ("Macron",)),
        Candidate("le-pen", "Marine Le Pen", ("Le Pen",)),
        Candidate("fillon", "Francois Fillon", ("Fillon",)),
    ),
    outlets=(Source("rt", "Russia Today"), Source("sputnik", "Sputnik")),
)
PARTY_CHIEF = "Richard Ferrand"

# what it is: content, speaker, act ("" where it is not asked)
STATEMENTS = {
    "the party accuses both outlets of false reports": ((592, 732), PARTY_CHIEF, "accuses"),
    "the party accuses both outlets of daily fake news": ((3725, 3915), PARTY_CHIEF, "accuses"),
    "attacks come from across the border": ((735, 913), PARTY_CHIEF, "accuses"),
    "an orchestrated attempt by a foreign power": ((915, 1035), PARTY_CHIEF, "accuses"),
    "hundreds if not thousands of attacks": ((1564, 1708), PARTY_CHIEF, "accuses"),
    "half from one country, and a structured group": ((2008, 2160), PARTY_CHIEF, "accuses"),
    "two rivals were mysteriously spared": ((1180, 1400), PARTY_CHIEF, ""),
    "the campaign would become impossible": ((1403, 1511), PARTY_CHIEF, "predicts"),
    "the government is called on to prevent meddling": ((1060, 1164), PARTY_CHIEF, "demands"),
    "authorities at the highest level should act": ((1811, 1999), PARTY_CHIEF, "demands"),
    "the first outlet rejects the allegations": ((4155, 4271), "Russia Today", "denies"),
    "the first outlet: no evidence was shown": ((4273, 4513), "Russia Today", "denies"),
    "interesting information": ((4671, 4820), "Julian Assange", "asserts"),
    "the Kremlin denies being behind attacks": ((4870, 4936), "Kremlin", "denies"),
    "the charges are absurd": ((5028, 5104), "Dmitry Peskov", "denies"),
    "no intention of interfering": ((5107, 5400), "Dmitry Peskov", "denies"),
    "the second outlet: false and without evidence": ((5662, 5773), "Sputnik", "denies"),
    "the second outlet covers events as they are": ((5776, 5901), "Sputnik", "asserts"),
}
AUTHOR = {
    "the opening remark": (67, 90),
    "the aside on accusations": (5402, 5609),
    "the closing": (5911, 6134),
}

pytestmark = pytest.mark.skipif(parser_name("en") is None, reason="no English parser is installed")


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict[str, Any]]:
    """The attributions of the article by the rules that ship."""
    path = shared_data / "article" / NAME
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    raw = path.read_bytes()
    if hashlib.sha256(raw).hexdigest() != SHA256:
        pytest.skip(f"{path} is another version of the article: offsets do not apply")
    return attribute([Document("article", raw.decode("utf-8"), "en")], Method.of(ASK))[0]


@pytest.fixture(scope="module")
def allegations(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The ledger of the article."""
    articles = {
        "id": np.array(["article"], object),
        "published": np.array(["2017-02-14"], object),
        "published_earliest": np.array(["2017-02-14"], "datetime64[us]"),
        "lang": np.array(["en"], object),
    }
    return ledger(columns_of(rows), articles, (*ASK.candidates, *ASK.outlets))[0]


def places(row: dict[str, Any]) -> set[int]:
    """Code points of a row's content."""
    return {at for start, end in json.loads(row["content"]) for at in range(start, end)}


def nearest(rows: list[dict[str, Any]], span: tuple[int, int]) -> dict[str, Any]:
    """The row whose content covers a span best; at least half of the union must be shared."""
    wanted = set(range(*span))
    best = max(rows, key=lambda row: len(places(row) & wanted) / len(places(row) | wanted))
    assert len(places(best) & wanted) / len(places(best) | wanted) >= 0.5, f"nothing found at {span}"
    return best


@pytest.mark.parametrize("what", STATEMENTS)
def test_each_statement_has_its_speaker_and_act(rows: list[dict[str, Any]], what: str) -> None:
    """Every statement is found at its place, with whoever made it and what it does."""
    span, speaker, act = STATEMENTS[what]
    row = nearest(rows, span)
    assert row["speaker"] == speaker
    assert not act or row["act"] == act


@pytest.mark.parametrize("what", AUTHOR)
def test_the_authors_voice_is_nobodys(rows: list[dict[str, Any]], what: str) -> None:
    """What the author says in the article's own voice is attributed to no one."""
    span = set(range(*AUTHOR[what]))
    assert [row["speaker"] for row in rows if row["source_start"] >= 0 and places(row) & span] == []


def of_statement(allegations: list[dict[str, Any]], rows: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """The allegation that holds a statement."""
    id = nearest(rows, STATEMENTS[what][0])["id"]
    found = [a for a in allegations if id in {m["attribution"] for m in a["members"]}]
    assert len(found) == 1, f"{what}: in {len(found)} allegations"
    return found[0]


def deniers(allegation: dict[str, Any]) -> set[str]:
    """Who denies it."""
    return {denial["by"] for denial in allegation["denials"]}


def test_both_charges_of_false_reports_are_one_allegation_against_both_outlets(
    allegations: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    """The party's two statements on the outlets are one allegation, made once and said again."""
    one = of_statement(allegations, rows, "the party accuses both outlets of false reports")
    assert one is of_statement(allegations, rows, "the party accuses both outlets of daily fake news")
    assert one["against_keys"] == ["rt", "sputnik"]
    assert one["made_by"] == PARTY_CHIEF
    assert [member["role"] for member in one["members"]] == ["makes", "again"]


def test_both_outlets_deny_that_allegation_and_no_other(
    allegations: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    """Denials of the outlets stand at the charge against them and nowhere else."""
    one = of_statement(allegations, rows, "the party accuses both outlets of false reports")
    assert deniers(one) == {"Russia Today", "Sputnik"}
    assert not any(deniers(a) & {"Russia Today", "Sputnik"} for a in allegations if a is not one)


def test_the_kremlin_denies_the_attacks(
    allegations: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    """The denials of the Kremlin and its spokesman stand at the charge of attacks from inside the country."""
    attacks = of_statement(allegations, rows, "hundreds if not thousands of attacks")
    assert {"Kremlin", "Dmitry Peskov"} <= deniers(attacks)
    assert attacks["against_keys"] == ["state:ru"]


def test_half_from_one_country_accuses_that_country_and_nobody_answers(
    allegations: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    """The statement on the other country is an allegation of its own, without a denial in the article."""
    one = of_statement(allegations, rows, "half from one country, and a structured group")
    assert one["against_keys"] == ["state:ua"]
    assert deniers(one) == set()


def test_the_demand_for_state_measures_stands_at_the_partys_allegations(
    allegations: list[dict[str, Any]], rows: list[dict[str, Any]]
) -> None:
    """Both demands are attached to an allegation of whoever makes them."""
    for what in (
        "the government is called on to prevent meddling",
        "authorities at the highest level should act",
    ):
        id = nearest(rows, STATEMENTS[what][0])["id"]
        at = [a for a in allegations if id in {d["attribution"] for d in a["demands"]}]
        assert [a["made_by"] for a in at] == [PARTY_CHIEF]


def test_the_author_makes_no_allegation(allegations: list[dict[str, Any]]) -> None:
    """Every allegation has somebody who is given as its source."""
    assert allegations
    assert all(allegation["made_by"] for allegation in allegations)
