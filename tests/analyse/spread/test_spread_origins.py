"""Who is the origin of a story: what its pairs say of direction, whatever the ids and the means of taking up."""

from __future__ import annotations

import math
from typing import Any

import pytest
from tests.analyse.spread.test_spread_answer import answer, article, pairs, prose

from probata.model import Answer

MORE = {"url": "https://harbour.example/news/ferry"}
ENGLISH = (
    "The harbour authority of Westport will close the old ferry terminal in March because inspectors found cracks in"
    " three of its pillars. About four thousand commuters a day must take the bus until a new terminal opens in 2019."
)
GERMAN = (
    "Die Hafenbehörde von Westport wird das alte Fährterminal im März schließen, weil Prüfer Risse in drei seiner"
    " Pfeiler gefunden haben. Rund viertausend Pendler am Tag müssen den Bus nehmen, bis 2019 ein neues Terminal"
    " öffnet."
)


def told(got: Answer) -> dict[str, dict[str, Any]]:
    return {row["article"]: row for row in got.document["stories"]}


def test_a_pair_whose_times_and_citation_contradict_leaves_the_origin_open() -> None:
    """Who names the other as its source is no origin by an earlier date alone, and the other is none either."""
    text = prose(60)
    got = answer([
        article("blog", "Small Blog", "2017-02-14T10:00:00", f"As Guardian reported: {text}"),
        article("paper", "Guardian", "2017-02-15T10:00:00", f"{text} More soon."),
    ])  # fmt: skip
    assert pairs(got)[("blog", "paper")]["direction"] == "undetermined"
    rows = told(got)
    assert {row["role"] for row in rows.values()} == {"origin?"}
    assert {row["origin"] for row in rows.values()} == {"undetermined among Small Blog; Guardian"}
    assert all(math.isnan(row["lag"]) for row in rows.values())


def test_an_article_before_both_sides_of_a_contradiction_is_the_origin() -> None:
    """Two articles whose order is disputed both come after a third that was surely public before them."""
    text = prose(60)
    got = answer([
        article("first", "Agency", "2017-02-10T10:00:00", text),
        article("blog", "Small Blog", "2017-02-14T10:00:00", f"As Guardian reported: {text}"),
        article("paper", "Guardian", "2017-02-15T10:00:00", f"{text} More soon."),
    ])  # fmt: skip
    assert {name: row["role"] for name, row in told(got).items()} == {
        "first": "origin",
        "blog": "pickup",
        "paper": "pickup",
    }


@pytest.mark.parametrize(("quoter", "original"), [("a", "b"), ("b", "a")])
def test_who_quotes_has_the_role_of_the_quotation_whatever_the_ids(quoter: str, original: str) -> None:
    """Of two articles of one date the one that sets the words in quotation marks took them over."""
    said = prose(30)
    rows = told(answer([
        article(quoter, "Post", "2017-02-14", f"{prose(30)} “{said}” {prose(30)}"),
        article(original, "Office", "2017-02-14", f"{prose(30)} {said} {prose(30)}"),
    ]))  # fmt: skip
    shown = {name: (row["role"], row["relation"], row["words"]) for name, row in rows.items()}
    assert shown == {quoter: ("quote", "quote", 30), original: ("origin", "origin", 0)}
    assert {row["weakest"] for row in rows.values()} == {30}
    assert rows[quoter]["origin"] == "Office"


def test_two_versions_of_one_outlet_are_one_origin() -> None:
    """The outlet is named once, either version may be the first, and hours count from the earlier one."""
    text = prose(60)
    got = answer([
        article("g1", "Guardian", "2017-02-14T08:00:00", f"{text} {prose(5)}", updated="2017-02-14T12:00:00"),
        article("g2", "Guardian", "2017-02-14T10:00:00", f"{prose(5)} {text}"),
        article("post", "Post", "2017-02-15T08:00:00", text),
    ])  # fmt: skip
    rows = told(got)
    assert {row["origin"] for row in rows.values()} == {"Guardian"}
    assert {name: row["role"] for name, row in rows.items()} == {
        "g1": "origin",
        "g2": "origin",
        "post": "pickup",
    }
    assert (rows["g1"]["lag"], rows["post"]["lag"]) == (0.0, 24.0)
    assert math.isnan(rows["g2"]["lag"])
    assert "single possible origin: 1" in got.findings[0].statement


def test_versions_of_two_outlets_that_may_be_first_are_named_once_each() -> None:
    """Three articles of one day by two outlets: each outlet is named, none twice."""
    text = prose(60)
    rows = [article(f"a{k}", source, "2017-02-14", f"{text} {prose(5)}") for k, source in enumerate("xyx")]
    assert {row["origin"] for row in told(answer(rows)).values()} == {"undetermined among x; y"}


@pytest.mark.parametrize(
    ("published", "later"), [("2017-02-14", "2017-02-14T09:00:00"), ("2017-03-01", "2017-02-20T09:00:00")]
)
def test_a_certain_pick_up_has_the_lag_of_its_pair(published: str, later: str) -> None:
    """Also where the retrieval, not the date, says which of the two was first: no pick-up lies before its origin."""
    text = prose(60)
    got = answer([
        article("a", "x", published, text, retrieved="2017-02-14T08:00:00"),
        article("b", "y", later, f"{text} {prose(5)}"),
    ])  # fmt: skip
    row = pairs(got)[("a", "b")]
    assert row["direction"] == "a_first"
    lag = told(got)["b"]["lag"]
    assert lag == row["lag"] or (math.isnan(lag) and math.isnan(row["lag"]))
    assert not lag < 0


@pytest.mark.parametrize(("original", "translation"), [("a", "b"), ("b", "a")])
def test_a_translation_that_names_and_links_its_source_is_the_later_one(
    original: str, translation: str
) -> None:
    """Citations and links decide the order of translations as that of copies, in the pairs and in the stories."""
    link = {"links": [MORE["url"]]}
    rows = [
        article(original, "Harbour Herald", "2017-02-14", ENGLISH, **MORE),
        {**article(translation, "Kurier", "2017-02-14", GERMAN, **link), "lang": "de"},
    ]
    got = answer(rows, options={"reworded": True})
    row = pairs(got)[("a", "b")]
    assert row["relation"] == "translated"
    assert row["direction"] == ("a_first" if original == "a" else "b_first")
    assert row["reason"].startswith("citation")
    roles = {name: row["role"] for name, row in told(got).items()}
    assert roles == {original: "origin", translation: "translated"}


def test_a_translation_of_the_same_date_without_any_reference_stays_open() -> None:
    """Nothing but the language tells nothing of the order."""
    rows = [
        article("a", "Harbour Herald", "2017-02-14", ENGLISH, **MORE),
        {**article("b", "Kurier", "2017-02-14", GERMAN), "lang": "de"},
    ]
    row = pairs(answer(rows, options={"reworded": True}))[("a", "b")]
    assert (row["relation"], row["direction"], row["reason"]) == (
        "translated",
        "undetermined",
        "times overlap",
    )
