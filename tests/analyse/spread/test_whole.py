"""Whole articles that were translated or reworded are found as such, with the passages beside one another."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.analyse.spread.test_reworded import articles, relations

from probata.analyse.spread import bitext_kernels as kernels
from probata.analyse.spread import side_by_side
from probata.analyse.spread.reworded import find_reworded
from probata.model import Table
from probata.store import open_store

EN = (
    "The mayor of Brenn kept a study on polluted drinking water under lock and key for five months. Commissioned"
    " by the city's own utility, it found too much lead in eleven of 40 schools. Her office received it on 3"
    " September and marked it confidential. Parents learned of it last week, when a teacher put two pages"
    " online. The opposition is calling for an inquiry. Nobody had been in danger, a spokesman for the mayor"
    " said."
)
FR = (
    "Pendant cinq mois, la maire de Brenn a gardé sous clef une étude sur la pollution de l'eau potable."
    " Commandée par la régie municipale, elle relevait trop de plomb dans onze écoles sur 40. Ses services l'ont"
    " reçue le 3 septembre et l'ont classée confidentielle. Les parents l'ont apprise la semaine dernière, quand"
    " un enseignant en a publié deux pages en ligne. L'opposition réclame une enquête. Personne n'a été en"
    " danger, a dit un porte-parole."
)
REWORDED = (
    "For almost half a year a report about contaminated tap water lay locked away in the town hall of Brenn. It"
    " had been ordered by the municipal water works and showed excessive lead levels in 11 out of 40 schools. On"
    " September 3 it reached the mayor, whose staff declared it secret. Only last week did families hear of it,"
    " after two of its pages were posted on the internet by a teacher. Councillors of the opposition want the"
    " matter investigated. According to the mayor's spokesman, there was no risk to anybody."
)
REPORT = (
    "About three hundred parents gathered in front of the town hall of Brenn on Friday evening. Many had brought"
    " empty bottles, one a drum. They feel deceived about the lead in the water of their schools. A mother of"
    " two told us that she now buys water at the supermarket and will send the bill to the city. Police spoke of"
    " a peaceful evening. The council meets on Monday."
)


def only(table: Table, a: str, b: str) -> dict[str, object]:
    """The one row of a pair."""
    rows = [row for row, pair in enumerate(zip(table["a"], table["b"], strict=True)) if pair == (a, b)]
    assert len(rows) == 1
    return {name: column[rows[0]] for name, column in table.items()}


@pytest.fixture(scope="module")
def found() -> Table:
    return find_reworded(articles([EN, FR, REWORDED, REPORT], lang=["en", "fr", "en", "en"]))


def test_a_whole_article_is_translated_or_reworded_whatever_order_its_clauses_have(found: Table) -> None:
    """One row a pair tells the relation of the whole."""
    assert relations(found) == {
        ("id0", "id1"): "translated",
        ("id0", "id2"): "reworded",
        ("id1", "id2"): "translated",
    }


def test_spans_are_the_passages_that_stand_beside_one_another(found: Table) -> None:
    """Each leads back to a sentence of either text, in order, and together they cover both."""
    row = only(found, "id0", "id1")
    spans = json.loads(str(row["spans"]))
    assert [EN[slice(*span["a"])].split()[0] for span in spans] == [
        "The",
        "Commissioned",
        "Her",
        "Parents",
        "The",
        "Nobody",
    ]
    assert [FR[slice(*span["b"])].split()[0] for span in spans] == [
        "Pendant", "Commandée", "Ses", "Les", "L'opposition", "Personne",
    ]  # fmt: skip
    assert (row["a_start"], row["a_end"], row["b_start"], row["b_end"]) == (0, len(EN), 0, len(FR))
    assert row["share_a"] == row["share_b"] == 1.0


def test_another_report_of_the_event_is_no_rewording(found: Table) -> None:
    """Its facts in common are those of the event."""
    assert not [pair for pair in relations(found) if "id3" in pair]


def test_a_sentence_in_common_does_not_make_two_articles_one() -> None:
    """The guard alone calls the two sentences the same; the rest of the articles tells that they are two."""
    shared = (
        "The opposition is calling for an inquiry into the water of Brenn.",
        "L'opposition réclame une enquête sur l'eau de Brenn.",
    )
    other = (
        "Le club de football a vendu son capitaine. Les supporters sont en colère et veulent être remboursés. Le"
        " président se tait depuis deux jours. Le stade sera fermé pendant tout le mois de mars pour des travaux."
    )
    table = find_reworded(
        articles([f"{shared[0]} {REPORT}", f"{shared[1]} {other}"], lang=["en", "fr"]),
        options={"certain_sentence_translated": 0.3},
    )
    assert relations(table) == {}
    alone = find_reworded(articles(list(shared), lang=["en", "fr"]))
    assert relations(alone) == {("id0", "id1"): "translated"}


def test_a_disguised_copy_of_a_whole_article_is_a_copy() -> None:
    """Zero-width characters and look-alike letters in every sentence hide nothing."""
    hidden = EN.replace("a", "\u0430").replace(" the ", " th\u200be ")
    assert relations(find_reworded(articles([EN, hidden], lang=["en", "en"]))) == {("id0", "id1"): "copy"}


def test_notices_of_two_sentences_are_laid_side_by_side_too() -> None:
    """A short text is compared whole by the guard, and sentence by sentence where it has several."""
    one = "Eleven of forty schools in Brenn have too much lead in their water. The mayor knew of it for five months."
    two = "Onze écoles de Brenn sur quarante ont trop de plomb dans leur eau. La maire le savait depuis cinq mois."
    table = find_reworded(articles([one, two], lang=["en", "fr"]))
    assert relations(table) == {("id0", "id1"): "translated"}
    assert len(json.loads(str(only(table, "id0", "id1")["spans"]))) == 2


def test_articles_that_end_up_in_any_order_give_the_same_rows() -> None:
    """``a`` is the smaller id, whichever article is given first."""
    texts, langs = [EN, FR, REPORT], ["en", "fr", "en"]
    there = articles(texts, lang=langs)
    back = {name: column[::-1] for name, column in there.items()}
    one, two = find_reworded(there), find_reworded(back)
    assert {name: list(map(str, column)) for name, column in one.items()} == {
        name: list(map(str, column)) for name, column in two.items()
    }


def laid(vectors: np.ndarray, edges: list[int], words: list[float] | None = None) -> tuple[np.ndarray, ...]:
    count = len(vectors)
    return (
        vectors.astype(np.float32),
        np.arange(count),
        np.array(words or [10.0] * count),
        np.array(edges),
    )


def test_the_same_sentences_stand_beside_one_another() -> None:
    """An article beside itself: every sentence beside itself, all covered."""
    vectors = np.eye(4)
    table = laid(np.concatenate([vectors, vectors]), [0, 4, 8])
    spans, score, cut = kernels.beads(*table, np.array([[0, 1]]), np.array([0.5]))
    assert spans.tolist() == [[i, i + 1, 4 + i, 5 + i] for i in range(4)]
    assert score.tolist() == [1.0] * 4
    assert cut.tolist() == [0, 4]


def test_a_sentence_that_was_split_stands_beside_both_halves() -> None:
    """The vector of two sentences is their sum: no half alone is near, both together are."""
    halves = np.eye(3)[:2]
    together = halves.sum(axis=0, keepdims=True) / np.sqrt(2)
    table = laid(
        np.concatenate([together, np.eye(3)[2:], halves, np.eye(3)[2:]]), [0, 2, 5], [20, 10, 10, 10, 10]
    )
    spans, score, _ = kernels.beads(*table, np.array([[0, 1]]), np.array([0.8]))
    assert spans.tolist() == [[0, 1, 2, 4], [1, 2, 4, 5]]
    assert score == pytest.approx([1.0, 1.0])


def test_articles_without_anything_near_have_no_passages() -> None:
    """Nothing is aligned, nothing covered."""
    table = laid(np.eye(4), [0, 2, 4])
    row = kernels.measure(*table, np.array([[0, 1]]), np.array([0.5]))[0]
    assert dict(zip(kernels.COLUMNS, row.tolist(), strict=True))["covered_a"] == 0.0


@given(st.integers(0, 2**32 - 1), st.integers(1, 6), st.integers(1, 6))
def test_it_does_not_matter_which_of_two_articles_comes_first(seed: int, n: int, m: int) -> None:
    """The features of (a, b) are those of (b, a)."""
    draw = np.random.default_rng(seed)
    vectors = draw.normal(size=(n + m, 8)) + 0.7
    vectors = (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)
    place = np.arange(n + m)
    sentences = side_by_side.Sentences(
        np.array([0, n, n + m]), place, place + 1, place, draw.integers(3, 30, n + m).astype(float), vectors,
        np.array([1, 2, 3, 2, 3, 9]), np.array([0, 3, 6]),
    )  # fmt: skip
    across, least = np.array([1.0, 1.0]), np.array([0.5, 0.5])
    there, back = side_by_side.features(sentences, np.array([[0, 1], [1, 0]]), across, least)
    assert there == pytest.approx(back, abs=1e-6)


@given(st.lists(st.sets(st.integers(0, 20)), min_size=2, max_size=2))
def test_numbers_in_common_are_those_of_both(sets: list[set[int]]) -> None:
    """Counted by going through both in order once."""
    values = np.array([value for one in sets for value in sorted(one)], np.int64)
    at = np.array([0, len(sets[0]), len(sets[0]) + len(sets[1])])
    assert kernels.in_common(values, at, np.array([[0, 1]])).tolist() == [len(sets[0] & sets[1])]


def test_a_number_is_the_same_however_its_thousands_are_set_off() -> None:
    """Blank, full stop, comma, apostrophe, thin space."""
    forms = ["1 200", "1.200", "1,200", "1’200", "1\u202f200", "1200"]
    assert {found for form in forms for found in side_by_side.numbers_of(f"about {form} of 7 people")} == {
        "1200",
        "7",
    }


def test_what_is_kept_changes_no_answer(tmp_path: Path) -> None:
    """A second run with kept vectors gives the same rows."""
    given_ = articles([EN, FR, REPORT], lang=["en", "fr", "en"])
    fresh = find_reworded(given_)
    for _ in range(2):
        again = find_reworded(given_, store=open_store(tmp_path))
        assert [list(map(str, again[name])) for name in again] == [
            list(map(str, fresh[name])) for name in fresh
        ]
