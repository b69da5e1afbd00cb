"""Reworded, translated and denying articles are found, and the spans lead back to the text."""

import numpy as np
import pytest

from probata.analyse.spread.reworded import COLUMNS, Options, find_reworded
from probata.model import Table

EN = "Police searched the offices of the Ludmar Foundation on Monday and took away forty boxes of papers."
FR = "La police a perquisitionné lundi les bureaux de la fondation Ludmar et emporté quarante cartons de documents."
RU = "Полиция в понедельник обыскала офисы фонда «Лудмар» и изъяла сорок коробок с документами."
DENIAL = "The Ludmar Foundation denied that police had searched its offices or taken away any papers."
OTHER = "The football club sold its captain to a rival on the last day of the transfer window."
FILLER = "Neighbours said they had been woken early by the noise of engines in the street below."

FRENCH = (
    "Météo : un temps ensoleillé est attendu sur tout le littoral, avec des températures douces pour la saison. Le vent"
    " faiblira dans la soirée avant le retour des nuages."
)


def articles(texts: list[str], sources: str = "", days: list[int] | None = None, **more: list[str]) -> Table:
    count = len(texts)
    start = np.datetime64("2017-02-01T08:00", "us")
    times = np.array([start + np.timedelta64(day, "D") for day in days or [0] * count])
    names = list(sources) if sources else [f"s{i}" for i in range(count)]
    empty = np.array([""] * count, dtype=object)
    given = {name: np.array(column, dtype=object) for name, column in more.items()}
    return {
        "id": np.array([f"id{i}" for i in range(count)], dtype=object),
        "source": np.array(names, dtype=object),
        "title": empty,
        "lang": empty,
        "text": np.array(texts, dtype=object),
        "published_earliest": times,
        "published_latest": times,
        **given,
    }


def relations(table: Table) -> dict[tuple[str, str], str]:
    rows = zip(table["a"], table["b"], table["relation"], strict=True)
    return {(a, b): relation for a, b, relation in rows if relation not in ("differs", "unsure")}


def test_translations_and_denials_are_found_and_told_apart() -> None:
    """Three languages tell one story, a fourth article denies it, a fifth has nothing to do with it."""
    found = relations(find_reworded(articles([EN, FR, RU, DENIAL, OTHER])))
    assert found[("id0", "id1")] == found[("id0", "id2")] == found[("id1", "id2")] == "translated"
    assert found[("id0", "id3")] == "denies"
    assert not any("id4" in pair for pair in found)


def test_spans_hold_the_passages_word_for_word() -> None:
    """Offsets count code points of the text: what is found inside an article is what was put there."""
    a, b = f"{FILLER} {EN} {OTHER}", f"Émission n° 1 😀. {FR} {FRENCH}"
    table = find_reworded(articles([a, b]))
    row = list(table["relation"]).index("translated")
    assert a[table["a_start"][row] : table["a_end"][row]] == EN
    assert b[table["b_start"][row] : table["b_end"][row]] == FR


@pytest.mark.parametrize("marks", [["xx", "en"], ["fr", "en"], ["", "en"]])
def test_a_wrong_mark_of_language_makes_no_translation(marks: list[str]) -> None:
    """Two English texts of which one is marked as something else are a rewording."""
    other = "Forty boxes of papers were taken away by police, who searched the Ludmar Foundation's offices on Monday."
    found = relations(find_reworded(articles([EN, other], lang=marks)))
    assert found == {("id0", "id1"): "reworded"}


def test_a_language_that_the_guard_does_not_know_is_believed() -> None:
    """A text in Ukrainian stays Ukrainian."""
    text = "Поліція в понеділок обшукала офіси фонду «Лудмар» і вилучила сорок коробок із документами."
    table = find_reworded(articles([RU, text], lang=["ru", "uk"]))
    assert set(table["b_lang"]) == {"uk"}


def test_a_copy_in_disguise_is_called_a_copy() -> None:
    """Look-alike letters, hidden characters, capitals and hashtags do not make a copy a new text."""
    homoglyphs = EN.replace("o", "\u043e").replace("a", "\u0430")
    hidden = EN.replace("e", "e\u200b")
    tags = EN.replace("Police", "#Police").upper()
    found = relations(find_reworded(articles([EN, homoglyphs, hidden, tags])))
    assert set(found.values()) == {"copy"}
    assert len(found) == 6


def test_titles_are_compared_too() -> None:
    """A story whose title alone was translated is found through the title, and says so."""
    table = find_reworded(articles([OTHER, "Les voisins ont été réveillés tôt."], title=[EN, FR]))
    row = list(table["relation"]).index("translated")
    assert (table["a_field"][row], table["b_field"][row]) == ("title", "title")


def test_known_pairs_own_repeats_and_distant_days_are_left_out() -> None:
    """What is a copy already, what one source repeats and what lies outside the window is not compared."""
    long = articles([f"{EN} {FILLER} {FILLER}", f"{FR} {OTHER} {OTHER}"])
    assert len(find_reworded(long)["a"]) == 1
    assert len(find_reworded(long, known={("id1", "id0")})["a"]) == 0
    assert len(find_reworded(long, known={"a": ["id0"], "b": ["id1"]})["a"]) == 0
    assert len(find_reworded(articles([EN, FR], sources="xx"))["a"]) == 0
    assert len(find_reworded(articles([EN, FR], sources="xx"), options={"same_source": True})["a"]) == 1
    assert len(find_reworded(articles([EN, FR], days=[0, 30]))["a"]) == 0
    assert len(find_reworded(articles([EN, FR], days=[0, 30]), options=Options(days=40))["a"]) == 1


def test_articles_without_a_time_are_compared_with_all() -> None:
    """An unknown time could be any time, so it hides nothing."""
    table = dict(articles([EN, FR], days=[0, 30]))
    table["published_earliest"] = table["published_latest"] = np.array(
        ["2017-02-01", "NaT"], dtype="datetime64[us]"
    )
    assert relations(find_reworded(table)) == {("id0", "id1"): "translated"}


def test_blocks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small blocks give the same table as one large block."""
    from probata.analyse.spread import candidates

    texts = articles([EN, OTHER, FR, FILLER, RU, DENIAL], days=[0, 1, 2, 3, 4, 5])
    whole = find_reworded(texts)
    monkeypatch.setattr(candidates, "BLOCK", 2)
    parts = find_reworded(texts)
    assert [list(map(str, whole[name])) for name in COLUMNS] == [
        list(map(str, parts[name])) for name in COLUMNS
    ]


def test_empty_and_tiny_texts_give_an_empty_table() -> None:
    """Nothing to compare is an empty table with all columns, not an error."""
    assert tuple(find_reworded(articles([]))) == COLUMNS
    table = find_reworded(articles(["", "Ok.", "?!", "\u200b" * 50]))
    assert [len(table[name]) for name in COLUMNS] == [0] * len(COLUMNS)


def test_an_unknown_option_is_named() -> None:
    """A misspelt option is one line that lists the known ones."""
    with pytest.raises(ValueError, match="unknown option 'dayz'; there are days, nearest"):
        find_reworded(articles([EN]), options={"dayz": 3})


def test_progress_tells_the_stages() -> None:
    """Long work says what it is at."""
    seen: list[str] = []
    find_reworded(articles([EN, FR]), options={"progress": lambda stage, done, total: seen.append(stage)})
    assert {"embedding leads", "comparing leads", "judging"} <= set(seen)


def test_a_text_that_many_carry_is_judged_once() -> None:
    """Forty outlets with one text make many pairs of passages; the same two texts are judged one time."""
    told: dict[str, int] = {}

    def progress(stage: str, done: int, total: int) -> None:
        told[stage] = max(told.get(stage, 0), total)

    table = find_reworded(articles([EN] * 40), options={"progress": progress})
    assert set(table["relation"]) == {"copy"}
    assert len(table["a"]) > 100
    assert told["judging"] == 1


def test_pairs_beyond_the_most_that_are_looked_at_are_told() -> None:
    """Nothing is left out unsaid."""
    said: list[str] = []
    few = articles([EN, FR, RU, DENIAL])
    find_reworded(few, options={"most_candidates": 2}, note=said.append)
    assert len(said) == 1
    assert "were not compared (setting most_candidates)" in said[0]
    find_reworded(few, note=said.append)
    assert len(said) == 1


def test_a_known_near_copy_of_a_notice_is_judged_all_the_same() -> None:
    """A "not" put into a short text that was copied turns round all that it says."""
    turned = EN.replace("searched", "did not search").replace("took away", "did not take away")
    table = find_reworded(articles([EN, turned]), known={("id0", "id1")})
    assert list(table["relation"]) == ["denies"]


def test_a_notice_that_turns_round_what_it_copies_from_an_article_denies_it() -> None:
    """Of a notice that is known to be copied from a longer text only a denial is told."""
    turned = EN.replace("searched", "did not search").replace("took away", "did not take away")
    pair = {("id0", "id1")}
    article = f"{EN} {FILLER} {OTHER} {FILLER} {OTHER}"
    assert list(find_reworded(articles([article, turned]), known=pair)["relation"]) == ["denies"]
    assert len(find_reworded(articles([article, EN]), known=pair)["a"]) == 0
    assert len(find_reworded(articles([f"{article} {DENIAL}", EN]), known=pair)["a"]) == 0


def test_a_notice_of_two_sentences_is_one_passage() -> None:
    """What one outlet says in a sentence another says in two: they are compared whole."""
    two = "Police were at the Ludmar Foundation on Monday. They searched its offices and took forty boxes of papers."
    table = find_reworded(articles([FR, two]))
    assert list(table["relation"]) == ["translated"]
    assert (table["b_start"][0], table["b_end"][0]) == (0, len(two))


def test_the_same_story_of_another_city_is_no_translation() -> None:
    """Everything agrees but the place: that is not the same story in another language."""
    leeds = "The Leeds councillor resigned on Monday after police searched her office and took forty boxes of papers."
    köln = (
        "Die Kölner Stadträtin trat am Montag zurück, nachdem die Polizei ihr Büro durchsucht und vierzig Kartons mit"
        " Unterlagen mitgenommen hatte."
    )
    assert relations(find_reworded(articles([leeds, köln]))) == {}
    same = köln.replace("Die Kölner Stadträtin", "Die Stadträtin von Leeds")
    assert relations(find_reworded(articles([leeds, same]))) == {("id0", "id1"): "translated"}


def test_of_the_sentences_of_longer_texts_only_the_likest_are_judged() -> None:
    """Many long articles on one affair: what is judged grows with their sentences, not with their pairs."""
    texts = [
        f"{FILLER} On day {day} the police of Ludmar took away {day + 3} boxes of papers. {OTHER} {FRENCH}"
        for day in range(8)
    ]
    apart = {
        "certain_whole": 2.0
    }  # no chance is that high: the articles are not laid side by side as a whole
    wide, narrow = (
        len(
            find_reworded(
                articles(texts), options={"nearest_sentence": nearest, "passage_sentences": 3, **apart}
            )["a"]
        )
        for nearest in (25, 1)
    )
    assert narrow < wide
