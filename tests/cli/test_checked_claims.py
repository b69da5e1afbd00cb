"""``probata claims --reviews``: checked claims beside statements, through the verb."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from probata.cli.app import app

TABLE = """date,id,title,countries,keywords,languages,outlets
2031-02-18,https://checks.example/port,The mayor of Sandford sold the harbour to a bank,Freedonia,port,English,Bugle
2031-02-19,https://checks.example/lake,The minister owns three houses on the lake,Freedonia,lake,English,Bugle
2031-02-20,https://checks.example/milk,Vaccinated cows give blue milk,Freedonia,milk,English,Bugle
"""
STATED = {
    "en": "Ann Lee said on Monday that the minister owns three houses on the lake.",
    "fr": "Anne Petit a affirmé que le ministre possède trois maisons au bord du lac.",
    "de": "Anna Weber behauptete, dass der Minister drei Häuser am See besitzt.",
    "es": "Ana Ruiz afirmó que el ministro posee tres casas en el lago.",
    "ru": "Анна Петрова заявила, что министр владеет тремя домами на озере.",
}


def claims(folder: Path, text: str, *options: str) -> str:
    """What the verb prints for one article and the table of checked claims."""
    (folder / "checks.csv").write_text(TABLE, "utf-8")
    (folder / "article.txt").write_text(text, "utf-8")
    given = [str(folder / "article.txt"), "--reviews", str(folder / "checks.csv"), "--no-parser", "--quiet"]
    done = CliRunner().invoke(app, ["claims", *given, *options])
    assert done.exit_code == 0, done.output
    return done.output


def beside(folder: Path, text: str) -> list[dict[str, Any]]:
    """The candidates of the JSON document."""
    found: list[dict[str, Any]] = json.loads(claims(folder, text, "--format", "json"))["checked"]
    return found


@pytest.mark.parametrize("lang", sorted(STATED))
def test_a_statement_in_five_languages_finds_the_claim_checked_in_english(tmp_path: Path, lang: str) -> None:
    """The best candidate is the claim, with who checked it and where."""
    best = beside(tmp_path, STATED[lang])[0]
    assert best["url"] == "https://checks.example/lake"
    assert best["relation"] == "same"


def test_a_denied_claim_is_denied_and_not_repeated(tmp_path: Path) -> None:
    """The relation is that of the statement to the claim."""
    text = "Ann Lee denied that the minister owns three houses on the lake."
    assert beside(tmp_path, text)[0]["relation"] == "denies"


def test_a_statement_on_another_matter_is_no_candidate(tmp_path: Path) -> None:
    """What is far from every claim has nothing beside it."""
    assert beside(tmp_path, "Ann Lee said that the train to the coast leaves at seven.") == []


def test_every_candidate_belongs_to_a_statement_and_says_nothing_of_its_truth(tmp_path: Path) -> None:
    """No statement carries a rating; only the checked claim does."""
    document = json.loads(claims(tmp_path, STATED["en"], "--format", "json"))
    stated = {row["id"]: row for row in document["attributions"]}
    assert document["checked"]
    for row in document["checked"]:
        assert "rating" not in stated[row["attribution"]]


def test_the_table_shows_relation_and_address_and_asks_a_person(tmp_path: Path) -> None:
    """Whoever reads sees what the candidate is and that nobody has confirmed it."""
    shown = " ".join(claims(tmp_path, STATED["fr"]).split())
    assert "for a person to say" in shown
    assert "same: The minister owns three houses on the lake" in shown
    assert "https://checks.example/lake" in shown
