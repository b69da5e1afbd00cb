"""Quotation marks of five languages, nested, running and unbalanced."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.text.quotation import paragraphs, quotations, quoted_mask


def quoted(text: str) -> list[tuple[str, int]]:
    return [(text[q.start : q.end], q.depth) for q in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('He said "yes" twice.', [('"yes"', 0)]),
        ("He said “yes” twice.", [("“yes”", 0)]),
        ("Il a dit « oui ».", [("« oui »", 0)]),
        ("„Nein“, sagte er.", [("„Nein“", 0)]),
        ("»Nein«, sagte er.", [("»Nein«", 0)]),
        ("Dijo «no es cierto».", [("«no es cierto»", 0)]),
        ("Он сказал: «Это ложь».", [("«Это ложь»", 0)]),
    ],
)
def test_each_language_has_its_marks(text: str, expected: list[tuple[str, int]]) -> None:
    """English, French, German (both ways), Spanish and Russian quotations are found with their marks."""
    assert quoted(text) == expected


def test_nested_quotations_have_a_depth() -> None:
    """A quotation within one is found at depth 1."""
    assert quoted("« Il a dit « non » hier », dit-il.") == [("« Il a dit « non » hier »", 0), ("« non »", 1)]
    assert quoted("\"They call it 'fake news' today,\" he said.")[1] == ("'fake news'", 1)


def test_a_quotation_runs_over_paragraphs() -> None:
    """A paragraph that opens with a mark while the one before is open goes on with it."""
    found = quotations("“First part.\n\n“Second part,” he said.")
    assert [(q.closed, q.continues) for q in found] == [(False, False), (True, True)]


def test_an_odd_mark_does_not_swallow_the_text() -> None:
    """After a mark without a partner the state starts anew with the next paragraph."""
    text = 'He said "never.\n\nThe vote was held. She said "yes" and left.'
    assert ('"yes"', 0) in quoted(text)
    assert not quoted_mask(text, quotations(text))[text.index("vote")]


def test_a_second_opening_mark_starts_anew() -> None:
    """Two opening marks in a row: the first one was never closed."""
    assert ("“b”", 0) in quoted("“a “b” c")


@pytest.mark.parametrize(
    "text", ["it's the dogs' home", 'a 5" gun', "rock 'n' roll", "l’homme d’État", "the '90s"]
)
def test_apostrophes_and_inch_marks_are_no_quotations(text: str) -> None:
    """Marks that belong to words or numbers open nothing."""
    assert quoted(text) == []


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    """Single newlines within wrapped text do not end a paragraph; blank lines do."""
    line = "words that go on and on until the margin of the page is reached and the line"
    text = "\n".join([line] * 4) + "\n\n" + "\n".join([line] * 4)
    assert len(paragraphs(text)) == 2
    assert len(paragraphs("One.\nTwo.\nThree.")) == 3


@given(st.text(alphabet=st.sampled_from(list("ab \n\"'«»“”„‘’‚`,.")), max_size=150))
def test_any_marks_give_spans_within_the_text(text: str) -> None:
    """Whatever the marks, spans lie in the text, hold something and never cross a paragraph."""
    blocks = paragraphs(text)
    for quote in quotations(text):
        assert 0 <= quote.start < quote.end <= len(text)
        assert any(a <= quote.start and quote.end <= b for a, b in blocks)
