"""Groups of identical texts: who is in them, and what is shown between their members and others."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from probata.analyse.spread import verbatim
from probata.analyse.spread.verbatim import IDENTICAL_LEAST, Times, identical_groups, with_identical
from probata.text.align import Passages, Rules
from probata.text.tokens import Tokens

HERE = st.integers(0, 2**32 - 1)


def tokens_of(texts: list[int], words: list[int]) -> Tokens:
    """Texts of so many words of which only the digest is known."""
    last = np.cumsum(words)
    return Tokens(
        np.zeros(int(last[-1]), np.uint32), last - words, last, np.array(texts, np.uint64) << np.uint64(40)
    )


def none() -> Passages:
    """No passage was found."""
    return Passages(*np.empty((7, 0), np.int64))


def shown(passages: Passages) -> list[tuple[int, int]]:
    """Pairs of articles in their order."""
    return list(zip(passages.a.tolist(), passages.b.tolist(), strict=True))


def test_of_identical_texts_only_the_first_is_searched() -> None:
    """It stands for several owners where there are several; short texts are each alone."""
    texts, words = [7, 3, 7, 3, 5, 5], [9, 8, 9, 8, IDENTICAL_LEAST - 1, IDENTICAL_LEAST - 1]
    groups = identical_groups(tokens_of(texts, words), np.array([1, 2, 4, 2, 1, 3]))
    assert groups.first.tolist() == [True, True, False, False, True, True]
    assert groups.owner[:2].tolist() == [-1, 2]
    assert groups.until(np.arange(6)).tolist() == [2, 3, 2, 3, 4, 5]
    assert groups.since(np.arange(6, 0, -1)).tolist() == [4, 3, 4, 3, 2, 1]


def test_all_pairs_of_a_few_identical_texts_are_shown_and_of_many_the_nearest() -> None:
    """Of more members than the rules allow each is shown with the first and the two before it."""
    many = 6
    tokens, owner = tokens_of([1] * many, [20] * many), np.arange(many)
    times = Times(np.zeros(many, np.int64), np.zeros(many, np.int64))
    groups = identical_groups(tokens, owner)
    few = with_identical(none(), groups, tokens, (owner, times), Rules(full=many))
    assert shown(few) == list(combinations(range(many), 2))
    assert (few.begin_a.max(), few.end_a.min(), few.words.min()) == (0, 20, 20)
    nearest = with_identical(none(), groups, tokens, (owner, times), Rules(full=many - 1))
    assert shown(nearest) == [
        pair for pair in combinations(range(many), 2) if pair[0] in {0, pair[1] - 2, pair[1] - 1}
    ]


@given(HERE)
def test_a_passage_of_groups_is_shown_once_for_each_later_text(seed: int) -> None:
    """Beside each of the later group's first texts stands the earlier group's first of another owner in the window."""
    rng = np.random.default_rng(seed)
    count = int(rng.integers(2, 40))
    texts = rng.integers(0, 8, count)
    owner, hours = rng.integers(0, 4, count), np.sort(rng.integers(0, 30, count))
    latest = hours + rng.integers(0, 2) * rng.integers(0, 9, count)
    tokens = tokens_of(texts.tolist(), [20] * count)
    groups, window = identical_groups(tokens, owner), int(rng.integers(0, 2) * 9)
    firsts = np.flatnonzero(groups.first)
    found = np.array([(a, b, 1, 2, 3, 4, 5) for a, b in combinations(firsts, 2)], np.int64).reshape(-1, 7)
    rules = Rules(full=0, window=window)
    passages = with_identical(Passages(*found.T), groups, tokens, (owner, Times(hours, latest)), rules)
    told = {pair for pair in shown(passages) if texts[pair[0]] != texts[pair[1]]}
    expected = set()
    for a, b in combinations(firsts, 2):
        alone = (texts == texts[a]).sum() == (texts == texts[b]).sum() == 1
        for y in np.flatnonzero(texts == texts[b])[: verbatim.EXPAND]:
            apart = np.maximum(hours, hours[y]) - np.minimum(latest, latest[y])
            near = (texts == texts[a]) & (owner != owner[y]) & ((apart <= window) | (window == 0))
            if alone:  # as it was found
                near = texts == texts[a]
            if near.any():
                x = int(np.flatnonzero(near)[0])
                expected.add((min(x, int(y)), max(x, int(y))))
    assert told == expected
