"""The ledger over languages and over several charges: names in any case, bodies by kind, what is no speaker."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from probata.analyse.claims.ledger import ledger
from probata.analyse.claims.ledger_names import Actors, Cast, accused
from probata.analyse.claims.ledger_words import canon, one_name
from probata.analyse.claims.table import COLUMNS, columns_of

EMPTY = dict.fromkeys(COLUMNS, "") | {
    "cue_start": -1,
    "cue_end": -1,
    "confidence": 1.0,
    "anonymous": False,
}


def row(
    article: str, position: int, speaker: str, act: str, content: str, target: str = ""
) -> dict[str, Any]:
    """One row of the attributions table."""
    spans = {"source_start": 0, "source_end": len(speaker), "content": "[[0, 4]]", "evidence": "[]"}
    who = {"source_text": speaker, "speaker": speaker, "target": target}
    place = {"id": f"{article}-{position}", "article": article, "position": position}
    return EMPTY | spans | who | place | {"act": act, "content_text": content}


def run(rows: list[dict[str, Any]], lang: str = "en") -> list[dict[str, Any]]:
    """Allegations of rows, each article a day after the last."""
    names = sorted({str(item["article"]) for item in rows})
    days = np.datetime64("2030-05-01", "us") + np.arange(len(names)).astype("timedelta64[D]")
    table = {
        "id": np.array(names, object),
        "source": np.array([f"O{i}" for i in range(len(names))], object),
        "published": np.array([str(day)[:10] for day in days], object),
        "published_earliest": days,
        "lang": np.array([lang] * len(names), object),
    }
    return ledger(columns_of(rows), table)[0]


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Игоря Бродова", "Игорь Бродов"),
        ("Донскую", "Вера Донская"),
        ("Тарсии", "Tarsia"),
        ("Bürgermeister Jens Ohlert", "Jens Ohlert"),
        ("El equipo de Alba Reina", "Alba Reina"),
        ("Kühls", "Arno Kühl"),
    ],
)
def test_one_name_in_another_case_or_script_is_the_same(a: str, b: str) -> None:
    """Endings, titles and Cyrillic letters do not make another name."""
    assert one_name(canon(a), canon(b))


@pytest.mark.parametrize(
    ("a", "b"),
    [("Anna Ruch", "Anna Berg"), ("Vigil", "Beacon"), ("the channel", "Channel Tern"), ("Lee", "Leeson")],
)
def test_other_names_are_others(a: str, b: str) -> None:
    """Another last word is another name, and a mere kind is no name at all."""
    assert not one_name(canon(a), canon(b))


@pytest.mark.parametrize(
    ("lang", "channel", "denied"),
    [("en", "The channel", "the charge"), ("fr", "La chaîne", "les accusations"), ("de", "Der Sender", "den Vorwurf"),
     ("es", "La cadena", "la acusación"), ("ru", "Телеканал", "обвинение")],
)  # fmt: skip
def test_a_body_called_by_its_kind_answers_for_the_one_just_accused(
    lang: str, channel: str, denied: str
) -> None:
    """ "The channel rejects the charge" stands at the accusation against the channel, in five languages."""
    found = run(
        [
            row("a", 0, "Fay Lindt", "accuses", "that Vesper had invented a poll", target="Vesper"),
            row("a", 1, channel, "denies", denied),
        ],
        lang,
    )
    assert [denial["by"] for denial in found[0]["denials"]] == [channel]


def test_two_charges_against_one_stay_apart() -> None:
    """Bribed planners and a threatened reporter are two allegations, though accuser and accused are the same."""
    found = run(
        [
            row(
                "a",
                0,
                "Abel Stone",
                "accuses",
                "the lobby Clearway had bribed two planners",
                target="Clearway",
            ),
            row("a", 1, "Abel Stone", "accuses", "Clearway had threatened a reporter", target="Clearway"),
            row("b", 0, "Dana Fitch", "accuses", "Clearway paid planners bribes", target="Clearway"),
        ]
    )
    assert [[member["article"] for member in a["members"]] for a in found] == [["a", "b"], ["a"]]


def test_the_same_words_about_strangers_are_two_allegations() -> None:
    """Accusations that name nobody are one only where their articles tell one story."""
    words = "that the firm had hired detectives to follow union members home"
    rows = [
        row("a", 0, "Ann Dock", "accuses", words),
        row("b", 0, "Luis Muelle", "accuses", words + " at night"),
    ]
    told = [row("a", 1, "Seaway", "asserts", "hello"), row("b", 1, "Seaway", "asserts", "hello")]
    assert (len(run(rows)), len(run([*rows, *told]))) == (2, 1)


def test_accusations_are_no_speaker() -> None:
    """ "Similar accusations" accuse nobody: an allegation has somebody who makes it."""
    charge = "most websites of being distributors of fake news"
    assert run([row("a", 0, "Similar accusations", "accuses", charge)]) == []
    assert run([row("a", 0, "Rumours", "accuses", charge)]) == []
    assert len(run([row("a", 0, "Ada Charge", "accuses", charge)])) == 1


def test_a_quarrel_without_a_charge_opens_no_allegation() -> None:
    """ "Attacked them bitterly" says of nothing that it was done."""
    assert run([row("a", 0, "Fay Lindt", "accuses", "them bitterly")]) == []
    assert len(run([row("a", 0, "Fay Lindt", "accuses", "Stoll of fraud")])) == 1


def test_whoever_speaks_is_accused_before_a_place() -> None:
    """ "Voters of Villasol took money from Peral" is about Peral, who speaks in the article."""
    actors = Actors(())
    cast = Cast(["Villasol", "Nuria Peral", "Solana"], frozenset({actors.key("Nuria Peral")}), actors)
    content = "que vecinos de Villasol recibieron dinero de Peral"
    assert [m.name for m in accused(actors, content, "solana", "Villasol", cast)] == ["Nuria Peral"]


def test_a_later_statement_on_something_else_is_no_reply() -> None:
    """What the accused says far down in the article stands at no accusation."""
    rows = [row("a", 0, "Fay Lindt", "accuses", "that Vesper had invented a poll", target="Vesper")]
    rows += [row("a", k, "Ann Lee", "asserts", f"that it rained for {k} days") for k in range(1, 8)]
    rows += [row("a", 8, "Vesper", "asserts", "that its new studio would open in May")]
    assert run(rows)[0]["replies"] == []


def test_the_owner_of_a_name_is_no_part_of_it() -> None:
    """ "France's Macron" is Macron: nobody denies their own accusation under another form of the name."""
    found = run(
        [
            row("a", 0, "France's Macron", "denies", "He Is Target Of a Fake News Campaign"),
            row("a", 1, "Emmanuel Macron", "accuses", "he was the target of a Russian fake news campaign"),
        ]
    )
    assert found[0]["denials"] == []
