"""Winnowing and extension: the guarantee, the evasion, house text, threads, long documents."""

from __future__ import annotations

import numpy as np

from probata.analyse.spread.verbatim import find_shared
from probata.text.fingerprint import BUCKETS, fingerprint
from probata.text.tokens import to_bytes, tokenise

RNG = np.random.default_rng(5)
VOCABULARY = ["".join(RNG.choice(list("abcdefghijklmnoprstuvé"), 6)) for _ in range(5000)]


def prose(words: int, rng: np.random.Generator) -> list[str]:
    return [VOCABULARY[k] for k in rng.integers(0, len(VOCABULARY), words)]


def shared_pairs(texts: list[str], owners: list[int], **options: object) -> set[tuple[int, int]]:
    found = find_shared(texts, np.array(owners), np.arange(len(texts)), options)
    return set(zip(found.passages.a.tolist(), found.passages.b.tolist(), strict=True))


def test_a_shared_run_of_n_plus_w_minus_one_words_always_shares_a_fingerprint() -> None:
    """Two texts that share 8 words in a row share a fingerprint at n=5, w=4, in 300 of 300 draws."""
    rng = np.random.default_rng(11)
    for _ in range(300):
        run = prose(8, rng)
        texts = [" ".join(prose(int(rng.integers(0, 30)), rng) + run + prose(9, rng)) for _ in range(2)]
        keys = fingerprint(tokenise(to_bytes(texts)), 5, 4)
        kept = np.concatenate([keys.bucket(number) for number in range(BUCKETS)])
        hashes = kept >> np.uint64(keys.bits)
        assert len(np.unique(hashes)) < len(hashes)


def test_a_document_that_repeats_a_quote_cannot_hide_it_elsewhere() -> None:
    """Common is counted in documents: one that repeats a quote 150 times leaves the honest pair visible."""
    rng = np.random.default_rng(3)
    quote = prose(20, rng)
    honest = [" ".join(prose(60, rng) + quote + prose(60, rng)) for _ in range(2)]
    assert (0, 1) in shared_pairs([*honest, " ".join(quote * 150)], [0, 1, 2])


def test_the_tail_of_one_outlet_links_nothing_and_the_same_words_in_six_outlets_do() -> None:
    """House text is known by the share of one outlet, not by how often it stands there."""
    rng = np.random.default_rng(4)
    tail = prose(25, rng)
    texts = [" ".join(prose(80, rng) + tail) for _ in range(12)]
    assert not shared_pairs(texts, [0] * 11 + [1])
    assert len(shared_pairs(texts[:6], [0, 1, 2, 3, 4, 5])) == 15


def test_five_outlets_in_eight_documents_are_no_house_text() -> None:
    """A passage that several outlets repeat is a story, even where one repeats it most."""
    rng = np.random.default_rng(6)
    passage = prose(30, rng)
    texts = [" ".join(prose(80, rng) + passage) for _ in range(8)]
    assert shared_pairs(texts, [0, 0, 0, 0, 1, 2, 3, 4])


def test_one_and_two_threads_find_the_same() -> None:
    """The result does not depend on the number of threads."""
    rng = np.random.default_rng(8)
    sources = [prose(200, rng) for _ in range(40)]
    texts = [" ".join(sources[k % 40][: 200 - k % 7] + prose(20, rng)) for k in range(200)]
    owners = np.arange(200) % 9
    one = find_shared(texts, owners, np.arange(200), {"threads": 1}).passages
    two = find_shared(texts, owners, np.arange(200), {"threads": 2}).passages
    assert len(one) > 100
    for name in ("a", "b", "begin_a", "end_a", "begin_b", "end_b", "words"):
        assert np.array_equal(getattr(one, name), getattr(two, name))


def test_a_document_of_two_million_words_is_searched_to_its_end() -> None:
    """A passage at the very end of a document with more than 2^20 n-grams is found, with its place."""
    rng = np.random.default_rng(9)
    passage = prose(30, rng)
    vocabulary = np.array(VOCABULARY, dtype=object)
    long = " ".join(vocabulary[rng.integers(0, len(vocabulary), 2_000_000)].tolist() + passage)
    found = find_shared([long, " ".join(prose(50, rng) + passage)], np.array([0, 1]), np.arange(2)).passages
    assert found.begin_a.tolist() == [2_000_000]
    assert found.words.tolist() == [30]


def test_every_passage_of_a_pair_is_reported_once() -> None:
    """Two passages apart give two regions that overlap neither in A nor in B."""
    rng = np.random.default_rng(10)
    first, second = prose(25, rng), prose(25, rng)
    a = " ".join(prose(40, rng) + first + prose(60, rng) + second + prose(40, rng))
    b = " ".join(prose(10, rng) + second + prose(90, rng) + first)
    found = find_shared([a, b], np.array([0, 1]), np.arange(2)).passages
    assert found.words.tolist() == [25, 25]
    assert found.end_a[0] <= found.begin_a[1]
    assert found.begin_b[1] + 25 <= found.begin_b[0]


def test_passages_of_one_outlet_are_an_option() -> None:
    """An outlet's own re-publication is found when asked for and only then."""
    rng = np.random.default_rng(12)
    passage = prose(30, rng)
    texts = [" ".join(prose(50, rng) + passage) for _ in range(2)]
    assert not shared_pairs(texts, [0, 0])
    assert shared_pairs(texts, [0, 0], same_outlet=True)


def test_a_window_of_days_keeps_distant_documents_apart() -> None:
    """With window_days, documents further apart are not compared."""
    rng = np.random.default_rng(13)
    passage = prose(30, rng)
    texts = [" ".join(prose(50, rng) + passage) for _ in range(2)]
    owners, hours = np.array([0, 1]), np.array([0, 24 * 40])
    assert len(find_shared(texts, owners, hours, {"window_days": 60}).passages) == 1
    assert len(find_shared(texts, owners, hours, {"window_days": 30}).passages) == 0


def test_thousands_of_identical_posts_make_few_pairs() -> None:
    """A text that 3,000 outlets carry word for word costs about three pairs an article, not millions."""
    rng = np.random.default_rng(14)
    texts = [" ".join(prose(40, rng))] * 3000
    pairs = shared_pairs(texts, list(range(3000)))
    assert 2999 <= len(pairs) <= 9000
    assert {(0, k) for k in range(1, 3000)} <= pairs


def test_empty_and_one_word_texts_are_no_obstacle() -> None:
    """Texts without words, None among them, share nothing and break nothing."""
    assert shared_pairs(["", None, "a", "…", "a"], [0, 1, 2, 3, 4]) == set()  # type: ignore[list-item]
    assert shared_pairs([], []) == set()


def test_passages_are_verbatim_in_both_texts_after_edits_of_spelling() -> None:
    """A copy with homoglyphs, capitals and zero-width signs is found over its whole length."""
    rng = np.random.default_rng(15)
    passage = prose(40, rng)
    disguised = [
        w.upper() if k % 3 else w.replace("a", "а").replace("e", "е\u200b") for k, w in enumerate(passage)
    ]
    texts = [" ".join(prose(30, rng) + passage), " ".join(prose(30, rng) + disguised)]
    found = find_shared(texts, np.array([0, 1]), np.arange(2)).passages
    assert found.words.tolist() == [40]
