"""Statements and claims that were checked before."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from probata.analyse.claims.checked import answer_checked, candidates
from probata.analyse.claims.retrieval import Bm25, ClaimIndex
from probata.model import Ask, Finding, Gap, Table
from probata.store import Store, open_store
from probata.text.embed import default_embedder

CLAIMS = [
    "The mayor of Sandford sold the harbour to a foreign bank.",
    "Vaccinated cows give blue milk.",
    "The old bridge was built by prisoners in 1903.",
    "The minister owns three houses on the lake.",
]


def statements(*texts: str) -> Table:
    """Attributions with these contents."""
    count = len(texts)
    return {
        "id": [f"a{i}" for i in range(count)],
        "article": ["x"] * count,
        "act": ["asserts"] * count,
        "cue_text": ["said"] * count,
        "content_text": list(texts),
    }


def reviewed_in(folder: Path | None) -> Store:
    """A store with four checked claims."""
    store = open_store(folder)
    rows = {name: [None] * len(CLAIMS) for name in ("reviewer", "url", "published", "lang")}
    ids = [f"r{i}" for i in range(len(CLAIMS))]
    store.add(
        "reviews",
        "p",
        {"id": ids, "claim": CLAIMS, "title": [""] * len(CLAIMS), "rating": ["false"] * 4, **rows},
    )
    return store


@pytest.fixture
def reviewed() -> Store:
    """One in memory."""
    return reviewed_in(None)


def test_a_statement_finds_the_claim_in_other_words(reviewed: Store) -> None:
    """Rewording does not hide a checked claim."""
    table, _ = candidates(
        reviewed, Ask(), statements("a bank from abroad was sold the port by Sandford's mayor")
    )
    assert table["claim"][0] == CLAIMS[0]


def test_a_statement_finds_the_claim_in_another_language(reviewed: Store) -> None:
    """French meets English."""
    table, _ = candidates(reviewed, Ask(), statements("Le ministre possède trois maisons au bord du lac"))
    assert table["claim"][0] == CLAIMS[3]


def test_a_rating_is_never_carried_over(reviewed: Store) -> None:
    """The finding speaks of candidates for a person, and carries no rating."""
    asked = statements("the minister owns three houses on the lake")
    table, _ = candidates(reviewed, Ask(), asked)
    finding = answer_checked(table, asked, None, True)
    assert isinstance(finding, Finding)
    assert "false" not in finding.statement
    assert "for a person to confirm" in finding.statement


def test_without_reviews_there_is_a_gap() -> None:
    """Nothing to compare with is said, with who could supply it."""
    assert isinstance(answer_checked({"attribution": [], "relation": []}, statements(), None, False), Gap)


def test_vectors_are_made_once(tmp_path: Path) -> None:
    """A store that lasts keeps them; the second look-up adds none and answers alike."""
    store = reviewed_in(tmp_path)
    one, _ = candidates(store, Ask(), statements("the old bridge was built by prisoners"))
    written = store.parts("kept_claim_vectors", "")
    two, _ = candidates(store, Ask(), statements("the old bridge was built by prisoners"))
    assert written == store.parts("kept_claim_vectors", "") != []
    assert one == two


@pytest.mark.parametrize(
    ("cue", "relation"), [("said", "same"), ("denied", "denies"), ("did not deny", "same")]
)
def test_the_relation_is_that_of_the_statement(reviewed: Store, cue: str, relation: str) -> None:
    """Who denies what was checked does not say the same."""
    asked = statements("the minister owns three houses on the lake")
    table, _ = candidates(reviewed, Ask(), {**asked, "cue_text": [cue]})
    assert (table["claim"][0], table["relation"][0]) == (CLAIMS[3], relation)


def test_claims_of_equal_words_are_one_candidate() -> None:
    """Quotation marks and capitals do not make two claims of one."""
    claims = ["The 'king' is dead now.", 'The "King" is dead now.', "Something else entirely happened."]
    near = ClaimIndex(claims, ["", "", ""], default_embedder()).nearest(["the king is dead now"], 3)[0]
    assert len(near) == 2


def test_bm25_prefers_the_document_with_the_rarer_word() -> None:
    """A word that few documents hold says more."""
    index = Bm25.of(["apple common", "pear common", "plum common"])
    assert int(np.argmax(index.scores(["common pear"])[0])) == 1


def test_an_empty_query_scores_nothing() -> None:
    """No words, no score, no error."""
    assert not Bm25.of(["apple"]).scores([""]).any()
