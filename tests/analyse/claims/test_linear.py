"""Statements found by the order of words, in languages with and without a parser."""

from __future__ import annotations

from typing import Any

import pytest

from probata.analyse.claims.attribute import Method, run
from probata.analyse.claims.document import Document
from probata.model import Ask


def rows(text: str, lang: str) -> list[dict[str, Any]]:
    return run([Document("a", text, lang)], Method.of(Ask(options={"no_parser": True})))[0]


@pytest.mark.parametrize(
    ("lang", "text", "source", "content", "act"),
    [
        ("fr", "La société minière nie tout déversement.", "La société minière", "tout déversement", "denies"),
        ("fr", "Le ministère n'a pas souhaité nous recevoir.", "Le ministère", "nous recevoir", "declines"),
        ("fr", "Les listes compteraient des morts, affirme le site Dalil.", "le site Dalil",
         "Les listes compteraient des morts", "asserts"),
        ("de", "Die Bürgerliste verlangt eine neue Auszählung.", "Die Bürgerliste", "eine neue Auszählung", "demands"),
        ("de", "Die Ernte werde geringer ausfallen, sagte Bauer Jan Holm.", "Bauer Jan Holm",
         "Die Ernte werde geringer ausfallen", "predicts"),
        ("es", "El sindicato exige mejores salarios.", "El sindicato", "mejores salarios", "demands"),
        ("es", "La empresa declinó dar cifras.", "La empresa", "dar cifras", "declines"),
        ("ru", "Министерство опровергло сообщения о сговоре.", "Министерство", "сообщения о сговоре", "denies"),
        ("ru", "Профсоюз требует повышения зарплат.", "Профсоюз", "повышения зарплат", "demands"),
    ],
)  # fmt: skip
def test_a_cue_may_govern_an_object(lang: str, text: str, source: str, content: str, act: str) -> None:
    """Speaker, cue and object in their order make a statement, and so does a clause before its cue."""
    (row,) = rows(text, lang)
    assert (row["source_text"], row["content_text"], row["act"]) == (source, content, act)


def test_a_second_cue_shares_the_speaker() -> None:
    """«Dément ... et réclame ...» are two statements of one speaker."""
    found = rows("La réalisatrice dément tout retard et réclame une enquête.", "fr")
    assert [row["act"] for row in found] == ["denies", "demands"]
    assert {row["source_text"] for row in found} == {"La réalisatrice"}


def test_what_is_quoted_is_not_read_for_cues() -> None:
    """A cue inside quotation marks opens no statement of its own."""
    (row,) = rows("«El sindicato exige mejores salarios», dijo Ana Ruiz.", "es")
    assert row["source_text"] == "Ana Ruiz"
