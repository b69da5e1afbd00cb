"""Texts in one buffer, whatever order they lie in; fingerprints that may be repeated are never left out."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.buffers import joined, laid_out
from probata.text.fingerprint import _leave_out_lone
from probata.text.head_kernels import tail_starts
from probata.text.tokens import Texts, to_bytes, tokenise


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), min_size=1, max_size=30))
def test_every_text_comes_back_from_the_buffer(texts: list[str]) -> None:
    """Joined from pieces of any size, each text is read back as it was."""
    encoded = [text.encode() for text in texts]
    laid = joined((laid_out(encoded[at : at + 3]) for at in range(0, len(encoded), 3)), len(encoded))
    assert [laid[row] for row in range(len(laid))] == texts


def test_pieces_of_one_buffer_are_not_copied() -> None:
    """Where all pieces share a buffer it is the result's; one of another buffer makes a new one of both."""
    one, other = laid_out([b"one", b"two", b"three"]), laid_out([b"four"])
    pieces = [one.rows(np.array([2, 0])), one.rows(np.array([1]))]
    shared, mixed = joined(pieces, 3), joined([*pieces, other], 4)
    assert np.shares_memory(shared.data, one.data)
    assert not np.shares_memory(mixed.data, one.data)
    assert [shared[row] for row in range(3)] == ["three", "one", "two"]
    assert [mixed[row] for row in range(4)] == ["three", "one", "two", "four"]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=9), st.integers(0, 6))
def test_heads_end_between_signs(texts: list[str], points: int) -> None:
    """The beginning of a text has as many code points as asked for, or all there are."""
    heads = to_bytes(texts).heads(points)
    assert [heads[row] for row in range(len(texts))] == [text[:points] for text in texts]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), max_size=9), st.integers(1, 6))
def test_tails_begin_between_signs(texts: list[str], points: int) -> None:
    """The last code points of each text, whatever bytes they take."""
    laid = to_bytes(texts)
    begins = np.empty_like(laid.starts)
    tail_starts(laid.data, laid.starts, laid.ends, points, begins)
    tails = Texts(laid.data, begins, laid.ends)
    assert [tails[row] for row in range(len(texts))] == [text[-points:] for text in texts]


def test_texts_in_another_order_have_the_same_words() -> None:
    """A corpus in order of time over bytes in order of arrival: nothing is moved, nothing is mixed up."""
    texts = to_bytes(["one two three", "", "vier fünf", "шесть семь восемь девять"])
    order = np.array([3, 0, 2, 1])
    turned, plain = tokenise(texts.rows(order), 2), tokenise(texts, 1)
    assert turned.lengths().tolist() == plain.lengths()[order].tolist() == [4, 3, 2, 0]
    assert turned.digest.tolist() == plain.digest[order].tolist()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 300), max_size=400), st.integers(1, 40))
def test_a_fingerprint_that_occurs_twice_is_never_left_out(values: list[int], free: int) -> None:
    """Equal keys in a bucket all stay, in their order; those left out were alone."""
    bits = 56 - free
    hashes = (np.array(values, np.uint64) * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(64 - free)
    keys = (hashes << np.uint64(bits)) | np.arange(len(values), dtype=np.uint64) % np.uint64(
        1 << min(bits, 60)
    )
    before = keys.copy()
    kept = keys[: _leave_out_lone(keys, free)]
    counts = dict(zip(*np.unique(hashes, return_counts=True), strict=True))
    left_out = np.setdiff1d(before, kept)
    assert all(counts[key >> np.uint64(bits)] == 1 for key in left_out)
    assert kept.tolist() == [key for key in before.tolist() if key in set(kept.tolist())]
