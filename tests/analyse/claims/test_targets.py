"""Whom statements are about: the accused, of whom something is wanted, and by which name."""

from __future__ import annotations

import json
from typing import Any

import pytest

from probata.analyse.claims.attribute import Method, run
from probata.analyse.claims.document import Document
from probata.model import Ask, Candidate


def rows(text: str, lang: str = "en", **options: Any) -> list[dict[str, Any]]:
    ask = Ask(
        candidates=(Candidate("reyk", "Gunnar Reyk", ("Reyk",)),), options={"no_parser": True, **options}
    )
    return run([Document("a", text, lang)], Method.of(ask))[0]


@pytest.mark.parametrize(
    ("lang", "text", "act", "target"),
    [
        ("en", "Ann Lee accused the ferry company of hiding a report.", "accuses", "ferry company"),
        ("en", "Ann Lee said that the archive was looted by government soldiers.", "accuses", "government soldiers"),
        ("en", "Ann Lee urged both sides to leave the hall.", "demands", "sides"),
        ("fr", "Anne Lee accuse le maire sortant d'avoir menti.", "accuses", "maire"),
        ("fr", "Anne Lee demande au régulateur d'infliger une amende.", "demands", "régulateur"),
        ("de", "Anne Lee beschuldigte den Trainer des Betrugs.", "accuses", "Trainer"),
        ("es", "Ana Ruiz acusó al alcalde de cobrar comisiones.", "accuses", "alcalde"),
        ("ru", "Анна Ли обвинила мэра в получении взяток.", "accuses", "мэра"),
    ],
)  # fmt: skip
def test_a_target_without_a_name_is_given_by_its_noun(lang: str, text: str, act: str, target: str) -> None:
    """The one accused or addressed is found as a noun phrase in every language."""
    (row,) = rows(text, lang)
    assert row["act"] == act
    assert target in row["target"]


def test_a_noun_takes_the_name_that_the_article_gives_it() -> None:
    """ "The rector" is whoever the article calls rector."""
    text = "Rector Ernst Holl spoke on Monday. Mina Faber accused the rector of hiding the report."
    assert [row["target"] for row in rows(text)] == ["Ernst Holl"]


def test_the_case_comes_before_the_article() -> None:
    """An alias of the case is given with its id, whoever else is named."""
    (row,) = rows("Ann Lee said that Tom Bay and Reyk had stolen the files.")
    assert (row["target"], row["target_id"]) == ("Gunnar Reyk", "reyk")


def test_a_victim_is_not_the_accused() -> None:
    """Who was attacked is not accused."""
    (row,) = rows("Ann Lee said that Reyk was attacked by a gang of thugs from the harbour.")
    assert row["target"] != "Gunnar Reyk"


def test_a_word_that_only_opens_sentences_is_no_name() -> None:
    """ "Comets" at the start of a quotation is nobody."""
    (row,) = rows('"Comets are like cats and do what they want," Ann Lee said.')
    assert row["target"] == ""


def test_they_are_whoever_was_accused_before() -> None:
    """A pronoun takes the target of the same speaker's last statement."""
    text = 'Ann Lee accused the government of breaking its word. "They lied to us," Ann Lee said.'
    assert [row["target"] for row in rows(text)] == ["government", "government"]


@pytest.mark.parametrize(
    ("lang", "text", "ruled_out"),
    [
        (
            "en",
            "Ann Lee said the raids were organized by a criminal gang and not by lone hackers.",
            "hackers",
        ),
        (
            "fr",
            "Anne Lee accuse un groupe criminel et non des pirates isolés d'avoir attaqué le site.",
            "pirates",
        ),
    ],
)
def test_whoever_is_said_not_to_have_done_it_is_no_target(lang: str, text: str, ruled_out: str) -> None:
    """ "Not by lone hackers" accuses no lone hackers."""
    (row,) = rows(text, lang)
    assert ruled_out not in (row["target"] or "")


def test_the_body_of_which_something_is_demanded_is_no_evidence() -> None:
    """Calling on the government cites no government."""
    (row,) = rows("Ann Lee called on the government to take steps against meddling.")
    assert row["act"] == "demands"
    assert json.loads(row["evidence"]) == []
