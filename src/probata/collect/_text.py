"""Bytes to text: the encoding is found and named, and no byte is dropped without a word."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

_SAMPLE = 1 << 16
_DAMAGED_SHARE = 0.2
"""With fewer bad sequences than this a good one, a text is damaged UTF-8 and not in another encoding."""

_CANDIDATES = ["cp1251", "koi8_r", "cp1252", "latin_1", "iso8859_5", "cp866"]
"""What Western European and Russian texts come in; more candidates make short texts less sure."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding it was read in, and how many characters stand for bytes that could not be read."""

    text: str
    encoding: str
    replaced: int = 0


def decode(data: bytes) -> Decoded:
    """Read bytes as text: UTF-8 (a byte order mark stays as U+FEFF), else the likeliest 8-bit encoding.

    Newlines are left as they are. Bytes that are no text in the encoding found become U+FFFD each and are counted
    in ``replaced``; the caller reports them.
    """
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    encoding = encoding_of(data)
    text = data.decode(encoding, "replace")
    return Decoded(text, encoding, text.count("�"))


def encoding_of(sample: bytes) -> str:
    """Name the encoding of a piece of text: ``utf-8``, or one of the 8-bit encodings of Europe.

    A sample that was cut inside a character is still UTF-8; so is one with a few damaged sequences.
    """
    if sample.startswith(codecs.BOM_UTF8):
        return "utf-8"
    text = sample.decode("utf-8", "replace")
    beyond = sum(byte > 127 for byte in sample[:_SAMPLE])
    if not beyond or "�" not in text[:-1]:
        return "utf-8"
    good = sum(character > "\x7f" and character != "�" for character in text[:_SAMPLE])
    bad = text[:_SAMPLE].count("�")
    if good and bad <= max(1, _DAMAGED_SHARE * good):
        return "utf-8"
    return _eight_bit(_telling(sample))


def _telling(sample: bytes) -> bytes:
    """The part of a large text where bytes beyond ASCII are: the detector sees what there is to see."""
    if len(sample) <= _SAMPLE:
        return sample
    first = next(index for index, byte in enumerate(sample) if byte > 127)
    return sample[max(0, first - 2048) : first + _SAMPLE]


def _eight_bit(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_CANDIDATES, enable_fallback=False).best()
    if best is None:
        return "latin-1"  # gives every byte a character: nothing is lost, if it may be misread
    return codecs.lookup(best.encoding).name
