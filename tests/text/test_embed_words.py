"""Words in their sentence: tokens are laid to words, and a word changes with what stands around it."""

import numpy as np
import pytest

from probata.text.embed import default_embedder
from probata.text.embed_words import token_runs

PLAIN = "The bank lends money to the town."


def test_tokens_are_laid_to_the_words_they_spell() -> None:
    """A word of two tokens has both, a word that the text does not hold has none."""
    pieces = ["▁The", "▁may", "or", "▁left"]
    assert token_runs(pieces, "▁The▁mayor▁left", ["mayor", "not", "left"]) == [(1, 3), (0, 0), (3, 4)]


def test_a_word_lies_nearer_to_itself_among_the_same_neighbours() -> None:
    """One word in two sentences has two vectors; a sentence that says the same brings them nearer."""
    texts = [PLAIN, "The bank lends cash to the town.", "They sat on the bank of the river."]
    one, same, other = (vectors[0] for vectors in default_embedder().encode_words(texts, [["bank"]] * 3))
    assert one @ same > one @ other


def test_words_that_are_not_there_have_no_direction() -> None:
    """A word that the text does not hold gets the zero vector, a text without words an empty table."""
    first, second = default_embedder().encode_words([PLAIN, ""], [["lends", "zebra"], []])
    assert np.linalg.norm(first[0]) == pytest.approx(1, abs=1e-4)
    assert not first[1].any()
    assert second.shape == (0, 512)
