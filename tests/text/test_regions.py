"""Words in code points, read for a whole document or for some stretches of it."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.regions import Stretches, numbers_shared, stretches
from probata.text.tokens import Texts, Tokens, places, to_bytes, tokenise

_TEXTS = st.lists(
    st.text(st.sampled_from("ab 1É#Zß\n\"“”„«»中\u200b'-😀" + "long" * 3), max_size=60),
    min_size=1,
    max_size=4,
)


def word_by_word(texts: Texts, tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Places of all words, each a stretch of its own, and which of them are quoted; every document is read whole."""
    rows = np.repeat(np.arange(len(texts)), tokens.lengths())
    words = np.arange(len(rows)) - tokens.first[rows] + tokens.first[0]
    return stretches(texts, Stretches(rows, words, words + 1))


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(_TEXTS)
def test_words_lie_where_they_are_told_one_by_one(given_texts: list[str]) -> None:
    """Reading eight letters at a time finds the same places as letter by letter."""
    texts = to_bytes(given_texts)
    tokens = tokenise(texts)
    found, _ = word_by_word(texts, tokens)
    told = [np.column_stack(places(texts, row, int(n))) for row, n in enumerate(tokens.lengths())]
    assert found.tolist() == np.concatenate(told).tolist()


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(_TEXTS, st.randoms())
def test_stretches_are_those_of_the_whole_document(given_texts: list[str], chance: random.Random) -> None:
    """A document is read no further than its stretches need, which changes neither places nor quoted words."""
    texts = to_bytes(given_texts)
    tokens = tokenise(texts)
    words, quoted = word_by_word(texts, tokens)
    rows, begins, ends = [], [], []
    for row, length in enumerate(tokens.lengths().tolist()):
        for _ in range(3 if length else 0):
            low = chance.randint(0, length - 1)
            rows.append(row)
            begins.append(low)
            ends.append(chance.randint(low + 1, length))
    asked = Stretches(*(np.array(column, np.int64) for column in (rows, begins, ends)))
    base = tokens.first[asked.document] - tokens.first[0]
    low, high = base + asked.begin, base + asked.end
    for threads in (1, 2):
        points, quotes = stretches(texts, asked, threads)
        assert points[:, 0].tolist() == words[low, 0].tolist()
        assert points[:, 1].tolist() == words[high - 1, 1].tolist()
        spans = zip(low.tolist(), high.tolist(), strict=True)
        assert quotes.tolist() == [int(quoted[begin:end].sum()) for begin, end in spans]


def test_what_is_set_in_quotation_marks_is_quoted() -> None:
    """Marks of any language, also where the stretch ends before the closing one."""
    texts = to_bytes(['he said "one two three" and left', "так «один два три» и"])
    asked = Stretches(np.array([0, 0, 1]), np.array([0, 2, 0]), np.array([3, 4, 5]))
    assert stretches(texts, asked)[1].tolist() == [1, 2, 3]


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(st.integers(0, 9), max_size=90), st.lists(st.integers(0, 9), max_size=90))
def test_numbers_in_common_are_counted_as_often_as_both_have_them(one: list[int], two: list[int]) -> None:
    """Odd words are numbers; order does not matter."""
    slots = np.array([*one, *two], np.uint32)
    edges = [np.array([place], np.int64) for place in (0, len(one), len(one), len(slots))]
    found = np.empty((3, 1), np.int64)
    numbers_shared(slots, *edges, found)
    odd = [[word for word in words if word % 2] for words in (one, two)]
    common = sum(min(odd[0].count(word), odd[1].count(word)) for word in set(odd[0]))
    assert found[:, 0].tolist() == [len(odd[0]), len(odd[1]), common]
