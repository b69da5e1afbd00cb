"""Which encoding a text is in, and that no byte is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.collect._text import decode
from probata.text.language import language, languages

RUSSIAN = "Министерство заявило в понедельник, что порт останется открытым, несмотря на слухи о его закрытии."
FRENCH = "Le ministère a déclaré lundi que le port resterait ouvert « malgré les rumeurs » ; rien d'arrêté."
GERMAN = "Das Ministerium erklärte am Montag, der Hafen bleibe für alle größeren Schiffe geöffnet; Gerüchte trügen."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(RUSSIAN, "cp1251"), (RUSSIAN, "koi8-r"), (RUSSIAN, "utf-8"), (FRENCH, "cp1252"), (FRENCH, "latin-1"),
     (GERMAN, "latin-1"), (FRENCH, "utf-8"), ("plain", "ascii")],
)  # fmt: skip
def test_texts_come_back_as_written(text: str, encoding: str) -> None:
    """A text in one of its encodings is read as the same text."""
    assert decode(text.encode(encoding)).text == text


def test_damaged_utf8_stays_utf8() -> None:
    """A few bad bytes in a UTF-8 text are counted, not taken for another encoding."""
    decoded = decode(FRENCH.encode() * 3 + b"\xff\xfe end")
    assert decoded.encoding == "utf-8"
    assert decoded.replaced == 2


@given(st.binary(max_size=300))
def test_any_bytes_decode(data: bytes) -> None:
    """Any bytes give a text that can be written, with every loss counted."""
    decoded = decode(data)
    decoded.text.encode()
    lossless = decoded.text.encode(decoded.encoding, "replace") == data
    assert lossless or decoded.replaced


@given(st.text(max_size=300))
def test_utf8_is_unchanged(text: str) -> None:
    """What is UTF-8 is read unchanged, newlines and byte order marks included."""
    data = text.encode("utf-8", "replace")
    assert decode(data).text == data.decode()


def test_languages_of_sentences() -> None:
    """Whole sentences are told apart; a few letters are not guessed at."""
    assert languages([RUSSIAN, FRENCH, GERMAN]) == ["ru", "fr", "de"]
    assert language("OK 22 %") is None
    assert language("") is None
