"""The annotated set itself: bad mark-up is refused, halves are fixed, the scorer knows right from wrong."""

from __future__ import annotations

from pathlib import Path

import pytest
from bench.quality import claims_own
from bench.quality._claims_sets import ACTS, BadLabels, _labelled, load, read, write_brat

from probata.analyse.claims.brat import read_folder


def test_the_set_is_as_large_as_it_says() -> None:
    """At least sixty texts a language, 320 statements in all, and every act in both halves."""
    texts = load()
    assert sum(len(text.statements) for text in texts) >= 320
    for lang in ("en", "fr"):
        assert sum(text.lang == lang for text in texts) >= 60
        for half in ("dev", "test"):
            acts = {s.act for text in load(half, lang) for s in text.statements}
            assert acts == set(ACTS)


def test_texts_have_the_length_of_short_news() -> None:
    """Every text has 40 to 110 words and leaves no mark-up behind."""
    for text in load():
        assert 40 <= len(text.text.split()) <= 110
        assert "[" not in text.text
        assert "]" not in text.text


def test_spans_start_and_end_on_words_or_marks() -> None:
    """No span starts or ends in white space or lies outside its text."""
    for text in load():
        for statement in text.statements:
            for spans in statement.roles.values():
                for start, end in spans:
                    assert 0 <= start < end <= len(text.text)
                    assert text.text[start:end].strip() == text.text[start:end]


@pytest.mark.parametrize(
    "marked",
    [
        "[1s A] [1c said] [1 that B.\n= 1 asserts",
        "A said] that B.\n= 1 asserts",
        "[1s A] [1c said] that B.\n= 1 asserts",
        "[1s A] [1c said] [1 that B].\n= 1 shouts",
        "[1s A] [1c said] [1 that B].\n= 1 asserts + hearsay",
        "[1s A] [1c said] [2 that B].\n= 1 asserts",
        "[1x A] [1c said] [1 that B].\n= 1 asserts",
    ],
)
def test_bad_mark_up_is_refused(marked: str) -> None:
    """Unbalanced marks, unknown acts or kinds and statements without content do not load."""
    with pytest.raises(BadLabels, match=r"^t:"):
        _labelled("t", "en", marked)


def test_pieces_and_shared_sources_are_read() -> None:
    """A content in two pieces keeps both, and one source can serve two statements."""
    text = _labelled(
        "t",
        "en",
        '[1 "No,"] [1s,2s she] [1c said], [1 "never,"] and [2c left].[2  x]\n= 1 denies ; 2 asserts',
    )
    assert text.text == '"No," she said, "never," and left. x'
    assert [text.text[a:b] for a, b in text.statements[0].roles["Content"]] == ['"No,"', '"never,"']
    assert text.statements[0].roles["Source"] == text.statements[1].roles["Source"]


def test_brat_export_is_what_the_trainer_reads(tmp_path: Path) -> None:
    """The development half written as brat standoff reads back with the same spans."""
    assert write_brat(tmp_path, "dev", "en") == len(load("dev", "en"))
    back = {article.name: article for article in read_folder(tmp_path)}
    for text in load("dev", "en"):
        assert back[text.id].text == text.text
        assert [a["Content"] for a in back[text.id].attributions] == [
            s.roles["Content"] for s in text.statements
        ]


def test_scoring_by_act_counts_confusions() -> None:
    """Macro F1 is the mean over all six acts, micro F1 the share that is right."""
    perfect = [(act, act) for act in ACTS]
    assert claims_own.act_scores(perfect)[:2] == (1.0, 1.0)
    macro, micro, by_act = claims_own.act_scores([*perfect, ("denies", "asserts")])
    assert micro == pytest.approx(6 / 7)
    assert by_act["denies"] == pytest.approx(2 / 3)
    assert macro == pytest.approx((4 + 2 / 3 + 2 / 3) / 6)


def test_names_are_compared_by_their_words() -> None:
    """A surname is its full name; an article is no word in common."""
    assert claims_own.same_target("Ruben Stoll", "Stoll")
    assert claims_own.same_target("the ministry", "ministry")
    assert not claims_own.same_target("the ministry", "the court")
    assert not claims_own.same_target("Stoll", "")


def test_without_a_parser_statements_are_still_found() -> None:
    """The parser-free rules link some statements of the development half and invent no span."""
    tally = claims_own.measure(load("dev", "en"), {"no_parser": True})
    assert claims_own.metrics_of(tally)["linked_f1"] > 0.4


def test_other_annotated_files_are_read(tmp_path: Path) -> None:
    """A file of another writer, with longer ids and more than nine statements, reads like our own."""
    path = tmp_path / "en.txt"
    path.write_text("en7001\n[12s Ann] [12c said] [12 that Bea lied].\n= 12 accuses > Bea\n", "utf-8")
    (text,) = read(path, "en")
    assert text.text == "Ann said that Bea lied."
    assert text.statements[0].target == "Bea"


def test_texts_of_other_writers_are_for_development() -> None:
    """Nothing of the second and third writer is held back here."""
    for writer in (2, 3):
        assert {text.split for text in load(writer=writer)} == {"dev"}


def test_a_name_beside_its_title_is_the_same_target() -> None:
    """Where the text sets two names side by side either is right; elsewhere it is not."""
    text = "The rector, Ernst Holl, left."
    assert claims_own.same_target("rector", "Ernst Holl", text)
    assert not claims_own.same_target("rector", "Mina Faber", text)
