"""Under which spellings a text may name an outlet."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from tests.analyse.spread.test_spread_answer import answer, article, pairs, prose

from probata.analyse.spread.citation import find_citations
from probata.analyse.spread.citation_names import spellings
from probata.analyse.spread.corpus import load
from probata.model import Source
from probata.store import open_store
from probata.text.tokens import tokenise


def named(text: str, sources: Sequence[str], outlets: Sequence[Source] = ()) -> list[tuple[str, str]]:
    """What an article of another source cites: the source, and its name as the text has it."""
    rows = [article("a", "the citing one", "2017-02-01", text)]
    rows += [article(f"s{k}", name, "2017-02-01", "nothing") for k, name in enumerate(sources)]
    store = open_store(None)
    store.add("articles", "part1", {
        name: [row[name] for row in rows] for name in rows[0] if not name.endswith(("_earliest", "_latest"))
    } | {
        f"{of}_{end}": [row[f"{of}_{end}"] for row in rows]
        for of in ("published", "updated", "retrieved") for end in ("earliest", "latest")
    })  # fmt: skip
    corpus = load(store)
    assert corpus is not None
    found = find_citations(corpus, corpus.texts, tokenise(corpus.texts), outlets).rows
    return [(row[1], text[row[3] : row[4]]) for row in found if corpus.ids[row[0]] == "a"]


@pytest.mark.parametrize(("source", "text", "name"), [
    ("RT", "According to RT, it rained.", "RT"),
    ("rt.com", "According to RT, it rained.", "RT"),
    ("rt.com", "According to rt.com, it rained.", "rt.com"),
    ("The New York Times", "As the New York Times reported, it rained.", "New York Times"),
    ("The New York Times", "The New York Times reported rain.", "The New York Times"),
    ("The New York Times", "On Monday New York Times reported rain.", "New York Times"),
    ("The Guardian", "As the Guardian reported, it rained.", "Guardian"),
    ("Der Spiegel", "Es regnet, wie der Spiegel berichtet.", "Spiegel"),
    ("Der Spiegel", "Laut dem Spiegel regnet es.", "Spiegel"),
    ("Der Spiegel", "Laut einem Bericht des Spiegels regnet es.", "Spiegels"),
    ("Der Spiegel", "Laut Spiegel regnet es.", "Spiegel"),
    ("Die Zeit", "Der Zeit zufolge regnet es.", "Zeit"),
    ("Le Monde", "Selon un article du Monde, il pleut.", "Monde"),
    ("L'Express", "Selon l’Express, il pleut.", "l’Express"),
    ("Süddeutsche Zeitung", "Laut der Süddeutschen Zeitung regnet es.", "Süddeutschen Zeitung"),
    ("20 Minuten", "Laut 20 Minuten regnet es.", "20 Minuten"),
    ("taz", "Laut taz hat es geregnet.", "taz"),
    ("tagesschau.de", "Laut tagesschau.de regnet es.", "tagesschau.de"),
    ("Новая газета", "Об этом пишет «Новая газета».", "Новая газета"),
    ("lemonde.fr", "Comme le rapporte Le Monde, il pleut.", "Le Monde"),
    ("theguardian.com", "As the Guardian reported, it rained.", "Guardian"),
    ("washingtonpost.com", "According to The Washington Post, it rained.", "Washington Post"),
    ("timesofindia.com", "According to the Times of India, it rained.", "Times of India"),
    ("de.sputniknews.com", "Laut Sputnik News regnet es.", "Sputnik News"),
    ("uk.reuters.com", "Reuters reported rain.", "Reuters"),
])  # fmt: skip
def test_an_outlet_is_known_by_the_name_that_texts_use(source: str, text: str, name: str) -> None:
    """Two letters, articles in a sentence or left out, names with a small letter or a digit, domains in words."""
    assert named(text, [source, "Sputnik France"]) == [(source, name)]


@pytest.mark.parametrize(("source", "text"), [
    ("RT", "According to rt, and according to Rt, it rained."),
    ("RT", "ART reported rain, and PCR-RT reported it."),
    ("The Guardian", "As the guardian reported, the boy left."),
    ("The Hill", "French Hill said no. According to Hill, it rained. Hill reported it."),
    ("The Times", "The Financial Times reported rain. Later the Times reported sun."),
    ("Le Point", "Selon le point de vue, il pleut. Le point a révélé cela."),
    ("El País", "El país informó de la lluvia."),
    ("Die Presse", "Wie die Presse berichtet, regnet es."),
    ("Russia Today", "Russia today reported record rain."),
    ("Der Spiegel", "Der Chefredakteur des Spiegel schreibt."),
    ("New Times", "It rained in New York. Times reported rain, and according to New. Times go by."),
    ("20 Minuten", "According to 20 minuten it rained."),
    ("independent", "According to independent sources it rained."),
    ("lemonde.fr", "Selon le monde entier, il pleut. Le monde a révélé cela."),
    ("washingtonpost.com", "The washington post reported rain; in Washington. Post reported it."),
    ("nytimes.com", "As the New York Times reported, it rained."),
    ("uk.reuters.com", "According to UK officials and according to UK, it rained."),
    ("news.sky.com", "According to News, it rained. News reported it."),
    ("tagesschau.de", "Laut tagesschau de regnet es."),
])  # fmt: skip
def test_other_words_are_no_outlet(source: str, text: str) -> None:
    """Common words, other capitals, longer names, persons, initials."""
    assert named(text, [source, "Sputnik France"]) == []


def test_small_letters_tell_nothing_where_all_names_are_in_small_letters() -> None:
    """ "Citing independent, unnamed people" names no outlet of a table that writes every source so."""
    text = "Citing independent, unnamed people; citing Mirror, too."
    assert named(text, ["independent", "mirror", "sputnik"]) == [("mirror", "Mirror")]


def test_a_registered_name_comes_before_one_that_is_made_of_a_domain() -> None:
    """And what may mean two outlets alike means neither."""
    assert named("According to Le Monde, it rained.", ["lemonde.fr", "Le Monde"]) == [
        ("Le Monde", "Le Monde")
    ]
    two = ["independent.example", "independent.invalid"]
    assert named("The Independent reported rain.", two) == []
    case = [Source("independent", "The Independent", tuple(two))]
    assert named("The Independent reported rain.", two, case) == [("independent.example", "The Independent")]


def test_spellings_name_every_source() -> None:
    """A name of one letter, or of none, is not looked for."""
    assert spellings(["?", "X", ""], []) == []
    assert {form.source for form in spellings(["RT", "a.example", "L'Humanité"], [])} == {
        "RT",
        "a.example",
        "L'Humanité",
    }


@pytest.mark.parametrize("other", ["Small Blog", "RT"])
def test_a_link_to_another_article_of_an_outlet_decides_nothing(other: str) -> None:
    """A link to old football says nothing on who had the tankers first."""
    text = prose(60)
    old = article("old", "Guardian", "2016-05-01", prose(40), url="https://g.example/football")
    blog = article("b", other, "2017-02-14", f"{prose(5)} {text}", links=["https://g.example/football"])
    ships = article("g", "Guardian", "2017-02-14", text, url="https://g.example/ships")
    row = pairs(answer([old, blog, ships]))[("b", "g")]
    assert (row["direction"], row["reason"]) == ("undetermined", "times overlap")
