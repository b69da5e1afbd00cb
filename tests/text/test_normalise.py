"""Folding: what reads the same becomes the same, with a way back."""

from __future__ import annotations

import unicodedata

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.normalise import normalise
from probata.text.tokens import places, to_bytes, tokenise


def words(text: str) -> list[int]:
    laid = to_bytes([text])
    told = tokenise(laid, 1)
    return told.slots[told.first[0] : told.last[0]].tolist()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("« Bonjour »", "Bonjour"),
        ("«\u00a0Bonjour\u202f»", "bonjour"),
        ("Été à l’Élysée", "ETE A L'ELYSEE"),
        ("E\u0301te\u0301", "Été"),
        ("СМИ ЁЛКА", "сми елка"),
        ("и\u0306од", "йод"),
        ("Straße", "STRASSE"),
        ("рrоpаgаndа", "propaganda"),
        ("pro\u200bpa\u00adganda", "propaganda"),
        ("#MacronLeaks", "Macron Leaks"),
        ("ｆｕｌｌ ｗｉｄｔｈ", "full width"),
        ("𝐁𝐨𝐥𝐝 ﬁnd", "bold find"),
        ("œuvre", "OEUVRE"),
        ("„Zitat“ – Ende", "Zitat Ende"),
    ],
)
def test_disguised_words_are_the_same_words(one: str, other: str) -> None:
    """Capitals, accents, quotation marks, look-alikes, zero-width signs and hashtags change no word."""
    assert words(one) == words(other)
    assert normalise(one)[0].replace(" ", "") == normalise(other)[0].replace(" ", "")


def test_different_words_differ() -> None:
    """Folding does not make everything the same."""
    assert words("Macron") != words("Marcon")
    assert words("la part") != words("lapart")


def test_offsets_lead_back_to_the_text() -> None:
    """Every folded sign knows the code point that it came from."""
    text = "«\u00a0E\u0301te\u0301 ﬁn\u200b»"
    folded, offsets = normalise(text)
    assert folded == "ete fin"
    assert text[offsets[0]] == "E"
    assert text[offsets[4]] == text[offsets[5]] == "ﬁ"
    assert offsets[-1] == len(text)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_has_as_many_places_as_words_in_order(text: str) -> None:
    """Whatever the text, word places are ordered, inside it and hold a letter or digit each."""
    laid = to_bytes([text])
    told = tokenise(laid, 1)
    count = int(told.last[0] - told.first[0])
    begins, ends = places(laid, 0, count)
    assert np.all(begins < ends)
    assert np.all(begins[1:] >= ends[:-1])
    assert count == 0 or ends[-1] <= len(text)
    assert words(text) == words(unicodedata.normalize("NFD", text)) or not text.isascii()


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=80))
def test_broken_bytes_never_crash_the_tokeniser(raw: bytes) -> None:
    """The tokeniser reads inside its buffer and its slots, whatever the bytes are."""
    from probata.text.tokens import Texts

    laid = Texts(np.frombuffer(raw, np.uint8), np.array([0]), np.array([len(raw)]))
    told = tokenise(laid, 1)
    assert told.last[0] <= len(told.slots)
