"""Quotation marks one after the other, as ``regions`` meets them: which words stand between them.

Double marks and single ones are followed apart, as apostrophes make single ones doubtful. A mark that is never closed
quotes nothing: a second opening one of its kind takes its place, and so does the end of the paragraph, unless the next
one begins with such a mark again.
"""

# ruff: noqa: SIM109 - "in" takes numba longer to compile
from __future__ import annotations

import numpy as np
from numba import njit

from probata.text.tokens import _decode

_LONGEST, _LONGEST_SINGLE = 4000, 1000
"""Code points after which an unclosed mark is taken for a stray one."""
WRAPPED, SHORT = 120, 40
"""Code points of a line from which on lines are paragraphs; below which one that ends a sentence ends a paragraph."""
NONE = np.int64(1 << 62)
"""The word that an open quotation begins with, where none is open."""
_MARK, _AT, _WORD, _INNER, _INNER_WORD, _NAME, _SINGLE, _SINGLE_AT, _SINGLE_WORD, _HALF, STATE = range(11)
"""What is kept: the outer mark, its place, the first word after it; a mark within it, whether that sets off a name; a
single mark; whether that has been closed by what may as well be an apostrophe; how many these are."""

_STRAIGHT, _APOSTROPHE, _AND = 0x22, 0x27, 0x26
_LEFT, _RIGHT = 0xAB, 0xBB
_SLEFT, _SRIGHT = 0x2039, 0x203A
_HIGH, _CLOSING, _LOW = 0x201C, 0x201D, 0x201E
_SHIGH, _SCLOSING, _SLOW = 0x2018, 0x2019, 0x201A
_CORNER, _WHITE_CORNER = 0x300C, 0x300E


def _packed(*words: str) -> np.ndarray:
    return np.array([int.from_bytes(word.encode()[:8], "little") for word in words], np.uint64)


_NAMES = _packed(
    "quot", "apos", "laquo", "raquo", "lsaquo", "rsaquo", "ldquo", "rdquo", "bdquo", "lsquo", "rsquo", "sbquo",
)  # fmt: skip
_NAMED = np.array(
    [_STRAIGHT, _APOSTROPHE, _LEFT, _RIGHT, _SLEFT, _SRIGHT, _HIGH, _CLOSING, _LOW, _SHIGH, _SCLOSING, _SLOW]
)
_ELIDED = _packed(
    *"bcdfghjklmnpqrstvwxz", "em", "til", "till", "tis", "twas", "twere", "twill", "cause", "cos", "coz", "bout",
    "round", "neath", "tude", "cept", "ndranghe",
)  # fmt: skip
"""Words before which an apostrophe stands for what was left out, also single letters ('n', 's avonds): eight signs."""


@njit(cache=True, nogil=True)
def is_space(point):  # type: ignore[no-untyped-def]
    """Whether a code point is a space, of whatever width."""
    return (
        point <= 32 or point == 0xA0 or 0x2000 <= point <= 0x200B
        or point == 0x202F or point == 0x205F or point == 0x3000
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _letter(point, kinds):  # type: ignore[no-untyped-def]
    return (kinds[point] & 7 != 0) if point < len(kinds) else point < 0x40000


@njit(cache=True, nogil=True)
def _starts(before):  # type: ignore[no-untyped-def]
    """Whether a mark after such a sign may begin a quotation, whatever is open."""
    return (
        is_space(before) or before == 40 or before == 91 or before == 123 or before == 45 or before == 47  # ([{-/
        or before == 58 or before == 61 or before == 62 or before == 124 or before == 0x2013 or before == 0x2014  # :=>|
        or before == _LEFT or before == _HIGH or before == _LOW or before == _SHIGH or before == 0xBF or before == 0xA1
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _goes_on(after):  # type: ignore[no-untyped-def]
    """Whether a quotation may begin with such a sign: no space, and none that ends a clause or a bracket."""
    return not (
        is_space(after) or after == 44 or after == 59 or after == 58 or after == 33 or after == 63  # ,;:!?
        or after == 41 or after == 93 or after == 125 or after == 45 or after == 38  # )]}-&
        or after == _RIGHT or after == _CLOSING or after == _SCLOSING or after == 0x2013 or after == 0x2014
    )  # fmt: skip


@njit(cache=True, nogil=True)
def _closes(opened, point):  # type: ignore[no-untyped-def]
    """Whether the mark closes what another opened, as far as the two alone tell."""
    if opened == _STRAIGHT:
        return point == _STRAIGHT or point == _CLOSING
    if opened == _HIGH:
        return point == _CLOSING or point == _STRAIGHT
    if opened == _LOW:
        return point == _HIGH or point == _CLOSING or point == _STRAIGHT
    if opened == _LEFT or opened == _SLEFT or opened == _CORNER or opened == _WHITE_CORNER:
        return point == (_RIGHT if opened == _LEFT else _SRIGHT if opened == _SLEFT else opened + 1)
    if opened == _RIGHT or opened == _SRIGHT:
        return point == (_LEFT if opened == _RIGHT else _SLEFT)
    if opened == _APOSTROPHE or opened == _SHIGH:
        return point == _APOSTROPHE or point == _SCLOSING
    return opened == _SLOW and (point == _SHIGH or point == _SCLOSING or point == _APOSTROPHE)


@njit(cache=True, nogil=True)
def _looks_open(mark, before, after, kinds):  # type: ignore[no-untyped-def]
    """Whether a double mark that may as well close begins a quotation, by the signs on both sides."""
    if mark == _HIGH or mark == _LEFT or mark == _SLEFT:
        return _starts(before) and _letter(after, kinds)
    return mark == _STRAIGHT and _starts(before) and _goes_on(after)


@njit(cache=True, nogil=True)
def _opens(mark, before, after, kinds):  # type: ignore[no-untyped-def]
    """Whether a double mark begins a quotation where none is open that it may close."""
    if mark == _STRAIGHT:
        if _letter(before, kinds):
            return False
        return _letter(after, kinds) or (_starts(before) and _goes_on(after))
    if mark == _HIGH or mark == _LEFT or mark == _SLEFT:  # they close as well: in German, between words
        return _starts(before) or _letter(after, kinds)
    if mark == _RIGHT or mark == _SRIGHT:
        return _starts(before) and _letter(after, kinds)
    return mark == _LOW or mark == _CORNER or mark == _WHITE_CORNER


@njit(cache=True, nogil=True)
def _packed_letters(data, at, stop):  # type: ignore[no-untyped-def]
    """Up to eight ASCII letters from ``at`` on, made small, and how many there are (nine: more than eight)."""
    packed, many = np.uint64(0), 0
    while at + many < stop and many < 9:
        small = data[at + many] | 32
        if not 97 <= small <= 122:
            break
        if many < 8:
            packed |= np.uint64(small) << np.uint64(8 * many)
        many += 1
    return packed, many


@njit(cache=True, nogil=True)
def _elided(data, at, stop):  # type: ignore[no-untyped-def]
    """Whether what follows an apostrophe has lost its beginning: 'em, the '90s, 's avonds."""
    digits = 0
    while at + digits < stop and digits < 3 and 48 <= data[at + digits] <= 57:
        digits += 1
    if digits:
        return digits == 2
    packed, many = _packed_letters(data, at, stop)
    if many == 1 and data[at] < 97:
        return False
    if at + many < stop and data[at + many] >= 128 and many < 8:
        return False  # the word goes on with a letter of another kind
    return many > 0 and (packed == _ELIDED).any()


@njit(cache=True, nogil=True, inline="always")
def may_be_mark(point):  # type: ignore[no-untyped-def]
    """Whether a sign is a mark, or begins the name of one."""
    if point < 0x2018:
        return (
            point == _STRAIGHT or point == _APOSTROPHE or point == _AND or point == _LEFT or point == _RIGHT
        )
    return (
        point < 0x2020
        or (point == _SLEFT or point == _SRIGHT or point == 0xFF02)
        or _CORNER <= point <= _WHITE_CORNER + 1
    )


@njit(cache=True, nogil=True)
def mark_at(point, data, at, stop):  # type: ignore[no-untyped-def]
    """Which mark a sign is, 0 for none, and where what follows it begins; ``at`` is behind the sign."""
    if point == _AND:
        packed, many = _packed_letters(data, at, stop)
        if 4 <= many <= 6 and at + many < stop and data[at + many] == 59:
            for k in range(len(_NAMES)):
                if _NAMES[k] == packed:
                    return _NAMED[k], at + many + 1
        return 0, at
    if not may_be_mark(point):
        return 0, at
    if point == 0xFF02:
        return _STRAIGHT, at
    if point == 0x201F:
        return _HIGH, at
    return (_SHIGH if point == 0x201B else point), at


@njit(cache=True, nogil=True)
def meet(point, where, around, kinds, state, quoted):  # type: ignore[no-untyped-def]
    """Take in one sign that may be a mark; the first word that an open quotation holds, and whether any is quoted.

    ``where``: its place, how many words there are before it, and how many are wanted; ``around``: the sign before it,
    the bytes, where the next one begins, and where they end.
    """
    before, data, at, stop = around
    mark, at = mark_at(point, data, at, stop)
    if mark == 0:
        return first_open(state), False
    after = np.int64(32)
    if at < stop:
        after = np.int64(data[at]) if data[at] < 128 else _decode(data, at, stop)[0]
    if mark == _APOSTROPHE or _SHIGH <= mark <= _SLOW:
        found = _single(mark, where, (before, after), (data, at, stop), kinds, state, quoted)
    elif mark == _STRAIGHT and 48 <= before <= 57 and (after == 45 or _letter(after, kinds)):
        found = False  # inches
    else:
        found = _double(mark, where, (before, after), (data, at, stop), kinds, state, quoted)
    return first_open(state), found


@njit(cache=True, nogil=True)
def _double(mark, where, around, follows, kinds, state, quoted):  # type: ignore[no-untyped-def]
    place, word, wanted = where
    before, after = around
    if state[_MARK] != 0 and place - state[_AT] > _LONGEST:
        state[_MARK] = state[_INNER] = 0
    outer, inner = state[_MARK], state[_INNER]
    fresh = _looks_open(mark, before, after, kinds)
    if inner != 0 and not fresh and _closes(inner, mark):
        state[_INNER] = 0
        if state[_NAME] != 0 and _is_speech(*follows):
            state[_MARK] = 0
            return _quote(quoted, state[_WORD], min(word, wanted))
        return _quote(quoted, state[_INNER_WORD], min(word, wanted))
    if outer != 0 and not fresh and _closes(outer, mark):
        state[_MARK] = state[_INNER] = 0
        return _quote(quoted, state[_WORD], min(word, wanted))
    if not fresh and not _opens(mark, before, after, kinds):
        return False
    if outer == 0 or (mark == outer and mark != _LEFT) or (outer == _LOW and mark == _HIGH):
        state[_MARK], state[_AT], state[_WORD], state[_INNER] = mark, place, word, 0
    else:
        state[_INNER], state[_INNER_WORD] = mark, word
        state[_NAME] = mark == outer and _after_word(follows[0], follows[1])
    return False


@njit(cache=True, nogil=True)
def _after_word(data, at):  # type: ignore[no-untyped-def]
    """Whether a guillemet before ``at`` and the space before it follow a word, and no sign that ends a clause."""
    byte = data[at - 4] if at >= 4 else 32
    return byte >= 128 or 97 <= byte | 32 <= 122


@njit(cache=True, nogil=True)
def _is_speech(data, at, stop):  # type: ignore[no-untyped-def]
    """Comma and dash, as behind Russian direct speech that ends with a name: «Мы в «Газпроме», - сказал он.

    One mark closes both there.
    """
    if at + 3 >= stop or data[at] != 44:
        return False
    at += 1
    while at + 1 < stop and (data[at] == 32 or data[at] == 0xC2 or data[at] == 0xA0):
        at += 1
    return data[at] == 45 or (
        at + 2 < stop and data[at] == 0xE2 and data[at + 1] == 0x80 and data[at + 2] >> 1 == 0x4A
    )


@njit(cache=True, nogil=True)
def _single(mark, where, around, follows, kinds, state, quoted):  # type: ignore[no-untyped-def]
    place, word, wanted = where
    before, after = around
    letter_before, letter_after = _letter(before, kinds), _letter(after, kinds)
    if letter_before and letter_after and mark != _SLOW:
        return False
    if state[_SINGLE] != 0 and place - state[_SINGLE_AT] > _LONGEST_SINGLE:
        state[_SINGLE] = 0
    if state[_SINGLE] != 0 and _closes(state[_SINGLE], mark) and not is_space(before) and not letter_after:
        if state[_HALF] != 0 and letter_before:
            return False
        state[_HALF] = 1  # "the workers' rights": it may be an apostrophe, then the quotation goes on
        if not (letter_before and is_space(after)):
            state[_SINGLE] = 0
        return _quote(quoted, state[_SINGLE_WORD], min(word, wanted))
    if state[_MARK] != 0 or mark == _SCLOSING or not _starts(before) or not letter_after:
        return False
    data, at, stop = follows
    if mark == _SLOW or not _elided(data, at, stop):
        state[_SINGLE], state[_SINGLE_AT], state[_SINGLE_WORD], state[_HALF] = mark, place, word, 0
    return False


@njit(cache=True, nogil=True)
def first_open(state):  # type: ignore[no-untyped-def]
    """The first word behind an open mark, ``NONE`` where no mark is open."""
    first = NONE
    if state[_MARK] != 0:
        first = state[_WORD]
    if state[_SINGLE] != 0 and state[_SINGLE_WORD] < first:
        first = state[_SINGLE_WORD]
    return first


@njit(cache=True, nogil=True)
def drop(state):  # type: ignore[no-untyped-def]
    """A paragraph begins without a mark: what the one before left open was never closed."""
    state[_MARK] = state[_INNER] = state[_SINGLE] = 0


@njit(cache=True, nogil=True)
def run_on(point, where, follows, state, quoted):  # type: ignore[no-untyped-def]
    """A paragraph begins with some sign: whether it is a mark that goes on with a quotation, and whether any is quoted.

    What the paragraph before left open is quoted if so, and dropped otherwise.
    """
    place, word, wanted = where
    mark, _ = mark_at(point, *follows)
    found, open_mark, open_single = False, state[_MARK], state[_SINGLE]
    again = mark != 0 and (mark == open_mark or (open_mark == _LEFT and mark == _RIGHT))
    if again:
        found = _quote(quoted, state[_WORD], min(word, wanted))
        state[_AT], state[_WORD], state[_INNER], state[_SINGLE] = place, word, 0, 0
    elif mark != 0 and mark == open_single:
        again = True
        found = _quote(quoted, state[_SINGLE_WORD], min(word, wanted))
        state[_SINGLE_AT], state[_SINGLE_WORD], state[_HALF], state[_MARK] = place, word, 0, 0
    else:
        drop(state)
    return again, found


@njit(cache=True, nogil=True)
def ends_sentence(data, at, begin):  # type: ignore[no-untyped-def]
    """Whether what stands before ``at`` ends a sentence, marks and spaces behind it left out."""
    while at > begin:
        at -= 1
        byte = data[at]
        if byte <= 34 or byte == 39 or byte == 41:
            if byte == 33:
                return True
            continue
        if byte < 128:
            return byte == 46 or byte == 63 or byte == 58 or byte == 59
        while at > begin and data[at] & 0xC0 == 0x80:
            at -= 1
        point, _ = _decode(data, at, len(data))
        if point == 0x2026 or point == 0x3002:
            return True
        if not (_SHIGH <= point <= _LOW or (point == _RIGHT or point == _LEFT) or is_space(point)):
            return False
    return False


@njit(cache=True, nogil=True)
def _quote(quoted, low, high):  # type: ignore[no-untyped-def]
    """Mark words as quoted; whether there are any."""
    for word in range(low, high):
        quoted[word] = 1
    return low < high
