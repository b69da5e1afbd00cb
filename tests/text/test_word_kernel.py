"""The kernel that hashes words eight bytes at a time, against the same rules written plainly."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.normalise import ALONE, EXPANDS, IGNORED, LIMIT, SEPARATOR, UPPER, fold_tables
from probata.text.tokens import Texts, places, to_bytes, tokenise

Word = tuple[int, ...]

PIECES = (
    *("a", "B", "Z", "0", "9", "@", "[", "`", "{", "/", ":", "#", " ", "\n", "\x00", "\x7f", "’", "«"),
    *("é", "É", "e\u0301", "ß", "ﬁ", "œ", "İ", "ı", "а", "В", "Я", "中", "日", "\U00020000", "한", "ـ"),
    *(
        "\u200b",
        "\u00ad",
        "\ufeff",
        "\U000e0041",
        "１",
        "²",
        "½",
        "Ⅷ",
        "①",
        "ǅ",
        "\U0001d7cf",
        "㎏",
        "ﷺ",
        "Ａ",
    ),
    *("MacronLeaks", "abcdefg", "abcdefgh", "abcdefghi", "12345678", "ABCDEFGHIJKLMNOP", "#aBcD"),
)
"""Signs of every class, and words about as long as a block."""

BROKEN = (b"\xc3", b"\xe4\xb8", b"\xf0\x9f", b"\x80", b"\xff", b"\xc0\xa3", b"\xc1\xa1")
"""Cut signs, bytes that are none, overlong forms."""

some_bytes = st.lists(
    st.sampled_from([*(piece.encode() for piece in PIECES), *BROKEN])
    | st.characters(exclude_categories=["Cs"]).map(str.encode),
    max_size=40,
).map(b"".join)


def points(data: bytes) -> Iterator[int]:
    """Code points as the kernels read them: without a check of the bytes that follow; broken ends are NUL."""
    at = 0
    while at < len(data):
        lead = data[at]
        width = 1 if lead < 0xC0 else 2 if lead < 0xE0 else 3 if lead < 0xF0 else 4
        if lead >= 0x80 and (width == 1 or at + width > len(data)):
            width, lead = 1, 0
        point = lead & (0x7F, 31, 15, 7)[width - 1]
        for byte in data[at + 1 : at + width]:
            point = point << 6 | byte & 63
        yield point
        at += width


def folded(point: int) -> Word:
    """What one sign becomes."""
    tables = fold_tables()
    if point >= LIMIT:
        return (point,)
    start = int(tables.folded[point])
    if tables.kind[point] & 7 != EXPANDS:
        return (start,)
    return tuple(tables.sequence[start : start + int(tables.length[point])].tolist())


def words(data: bytes) -> list[Word]:
    """Folded words of a text, one sign at a time."""
    found: list[Word] = []
    word: Word = ()
    hashtag = lower = False
    for point in points(data):
        kind = int(fold_tables().kind[point]) if point < LIMIT else ALONE if point < 0x40000 else IGNORED
        capital, kind = bool(kind & UPPER), kind & 7
        if kind == IGNORED:
            continue
        if word and (kind in (SEPARATOR, ALONE) or (hashtag and capital and lower)):
            found.append(word)
            word = ()
        lower = not capital and kind != SEPARATOR
        if kind == SEPARATOR:
            hashtag = point == ord("#")
            continue
        word += folded(point)
        if kind == ALONE:
            found.append(word)
            word = ()
    return [*found, word] if word else found


def laid(documents: list[bytes], before: bytes, gap: bytes) -> Texts:
    """Documents that begin anywhere in a buffer, with other bytes around them."""
    data, starts = bytearray(before), []
    for document in documents:
        starts.append(len(data))
        data += document + gap
    first = np.array(starts, np.int64)
    ends = first + np.array([len(document) for document in documents], np.int64)
    return Texts(np.frombuffer(data, np.uint8), first, ends)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(some_bytes, min_size=1, max_size=8),
    st.integers(0, 7),
    st.sampled_from([b"", b"a", b"#", b"\xc3 Z"]),
)
def test_words_are_those_of_the_plain_rules(documents: list[bytes], shift: int, gap: bytes) -> None:
    """Wherever a text lies: the same words, equal numbers for equal words alone, places in step, any threads."""
    texts = laid(documents, b"Z" * shift, gap)
    made, wide = tokenise(texts), tokenise(texts, 2)
    numbers: dict[Word, int] = {}
    for row, document in enumerate(documents):
        expected = words(document)
        slots = made.slots[made.first[row] : made.last[row]].tolist()
        assert slots == wide.slots[wide.first[row] : wide.last[row]].tolist()
        assert len(slots) == len(expected)
        assert all(numbers.setdefault(word, slot) == slot for word, slot in zip(expected, slots, strict=True))
        begins, ends = places(texts, row, len(slots))
        assert (ends > begins).all()
        assert (begins[1:] >= ends[:-1]).all()
    assert len(set(numbers.values())) == len(numbers)
    assert all(slot & 1 == (ord("0") <= word[0] <= ord("9")) for word, slot in numbers.items())


def test_a_part_of_a_larger_buffer_is_read_as_it_lies() -> None:
    """A view that begins at an odd byte of other memory has the same words."""
    whole = np.frombuffer(b"xxxAbcdefghijk 12, def", np.uint8)
    for start in range(3, 12):
        part = Texts(whole[start:], np.zeros(1, np.int64), np.array([len(whole) - start]))
        alone = to_bytes([bytes(whole[start:]).decode()])
        assert tokenise(part).digest.tolist() == tokenise(alone).digest.tolist()


def test_a_figure_in_another_guise_is_the_same_figure() -> None:
    """Full-width and mathematical digits count as figures as plain ones do."""
    plain, guise = tokenise(to_bytes(["2017 12"])), tokenise(to_bytes(["２０１７ \U0001d7cf\U0001d7d0"]))
    assert plain.slots[:2].tolist() == guise.slots[:2].tolist()
    assert plain.digest.tolist() == guise.digest.tolist()
