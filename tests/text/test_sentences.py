"""Sentence boundaries in five languages."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.text.sentences import LONGEST, sentences


def split(text: str, lang: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text, lang)]


CASES = {
    "en": [
        ("Mr. Smith met Sen. Jones on Feb. 14. They talked.", 2),
        ('"Is it true?" he asked. Nobody knew.', 2),
        ("The U.S. Senate voted. It passed.", 2),
        ("He left the U.S. The vote went on.", 2),
        ("It rose 3.5 percent. J. R. Hartley left.", 2),
        ("The En Marche! (Onwards!) party won.", 1),
    ],
    "fr": [
        ("M. Dupont a parlé le 14 févr. 2017. Il est parti.", 2),
        ("« C’est faux ! » a-t-il dit. Rien de plus.", 2),
        ("Le T.G.V. arrive, etc. Mais il est tard.", 2),
    ],
    "de": [
        ("Das ist z. B. falsch. Am 14. Februar sprach Dr. Müller.", 2),
        ("„Warum?“ fragte er. Sie schwieg.", 2),
        ("Der 2. Wahlgang beginnt. Alle warten.", 2),
    ],
    "es": [
        ("Los EE. UU. votaron. El Sr. Pérez dijo: «No es cierto».", 2),
        ("¿Quién lo dijo? Nadie.", 2),
    ],
    "ru": [
        ("В 2017 г. он сказал это. Потом ушёл.", 2),
        ("«Это ложь», — заявил Песков. Т. е. ничего.", 2),
    ],
}


@pytest.mark.parametrize(("lang", "text", "count"), [(k, t, n) for k, v in CASES.items() for t, n in v])
def test_abbreviations_initials_and_ordinals_end_no_sentence(lang: str, text: str, count: int) -> None:
    """A full stop that belongs to a word does not end its sentence."""
    assert len(split(text, lang)) == count, split(text, lang)


def test_a_megabyte_without_a_full_stop_is_cut() -> None:
    """Text without any sentence end comes in pieces of bounded length that hold every word."""
    text = "word " * 200_000
    spans = sentences(text, "en")
    assert max(b - a for a, b in spans) <= LONGEST
    assert sum(len(text[a:b].split()) for a, b in spans) == 200_000


def test_empty_text_has_no_sentence() -> None:
    """Nothing in, nothing out."""
    assert sentences("", "en") == []
    assert sentences(" \n\n ", "fr") == []


@given(
    st.text(alphabet=st.sampled_from(list("aA.!?… \n\"'«»“”(1")), max_size=200),
    st.sampled_from(["en", "de", "xx"]),
)
def test_spans_are_ordered_and_cover_all_but_white_space(text: str, lang: str) -> None:
    """Whatever the text, spans do not overlap and leave out white space only."""
    spans = sentences(text, lang)
    assert all(a < b for a, b in spans)
    assert all(x[1] <= y[0] for x, y in pairwise(spans))
    covered = {i for a, b in spans for i in range(a, b)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)
