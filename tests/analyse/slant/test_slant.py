"""SLANT on small made-up coverage with and without a planted difference."""

from __future__ import annotations

import numpy as np
import pytest

from probata.analyse.slant import analyse
from probata.model import Ask, Candidate, Expectation, Finding, TestRequest
from probata.store import Store, open_store

CANDIDATES = (Candidate("a", "Anna Alder", ("Alder",)), Candidate("b", "Boris Birch", ("Birch",)))
TEXT = {"a": "Alder spoke in the hall.", "b": "Birch spoke in the hall.", "ab": "Alder met Birch."}


def coverage_store(rng: np.random.Generator, share_of_a: dict[str, float], articles: int = 120) -> Store:
    """Outlets that write of Alder with the given probability and of Birch otherwise, spread over weeks."""
    store = open_store(None)
    sources, texts = [], []
    for outlet, share in share_of_a.items():
        sources += [outlet] * articles
        texts += [TEXT["a"] if rng.random() < share else TEXT["b"] for _ in range(articles)]
    n = len(sources)
    days = np.datetime64("2017-01-02", "us") + rng.integers(0, 60, n).astype("timedelta64[D]")
    store.add(
        "articles",
        "p",
        {
            "id": [f"x{i}" for i in range(n)],
            "source": sources,
            "text": texts,
            "title": [""] * n,
            "published_earliest": days,
        },
    )
    return store


def request(outlet: str = "x") -> TestRequest:
    """The test that a case would ask for."""
    wanted = {"outlet": outlet, "candidate": "a", "versus": "b"}
    return TestRequest("t1", "slant", "coverage_gap", Expectation("difference", ">=", 0.1), wanted)


def test_a_planted_difference_in_coverage_is_found() -> None:
    """An outlet that writes of one candidate far oftener than the reference does is seen to do so."""
    store = coverage_store(np.random.default_rng(1), {"x": 0.9, "r1": 0.5, "r2": 0.5})
    ask = Ask(candidates=CANDIDATES, references=("r1", "r2"), tests=(request(),))
    found = next(f for f in analyse(store, ask).findings if f.request == "t1")
    assert found.interval is not None
    assert found.interval[0] is not None
    assert found.interval[0] > 0.4
    assert found.p is not None
    assert found.p < 0.01


def test_every_finding_tells_what_it_could_not_have_seen() -> None:
    """The smallest detectable gap stands in the field and in the sentence."""
    store = coverage_store(np.random.default_rng(2), {"x": 0.5, "r1": 0.5})
    finding = analyse(store, Ask(candidates=CANDIDATES, tests=(request(),))).findings[0]
    assert finding.mde is not None
    assert f"{100 * finding.mde:.1f} points" in finding.statement


def test_no_articles_is_a_gap_for_every_test() -> None:
    """Without articles the answer names what is missing."""
    answer = analyse(open_store(None), Ask(candidates=CANDIDATES, tests=(request(),)))
    assert [gap.request for gap in answer.gaps] == ["t1"]
    assert not answer.findings


def test_an_outlet_without_articles_is_a_gap() -> None:
    """A test about an outlet of which nothing was collected cannot be answered."""
    store = coverage_store(np.random.default_rng(3), {"r1": 0.5, "r2": 0.5})
    answer = analyse(store, Ask(candidates=CANDIDATES, tests=(request("elsewhere"),)))
    assert [gap.request for gap in answer.gaps] == ["t1"]


def test_an_unknown_candidate_is_a_clear_error() -> None:
    """A test that names nobody of the case says so and lists who there is."""
    store = coverage_store(np.random.default_rng(4), {"x": 0.5, "r1": 0.5})
    wrong = TestRequest(
        "t1",
        "slant",
        "coverage_gap",
        Expectation("difference", ">", 0),
        {"outlet": "x", "candidate": "z", "versus": "b"},
    )
    with pytest.raises(ValueError, match="no candidate 'z'; there are a, b"):
        analyse(store, Ask(candidates=CANDIDATES, tests=(wrong,)))


@pytest.mark.parametrize("text", ["ALDER won", "«Alder»", "Alder's plan", "(Alder)"])
def test_names_are_found_as_whole_words_in_any_case(text: str) -> None:
    """Capitals and punctuation do not hide a name."""
    assert named(text)


@pytest.mark.parametrize("text", ["Alderman", "Kalder", "Алдер"])
def test_a_name_inside_another_word_is_not_a_mention(text: str) -> None:
    """A surname must stand by itself."""
    assert not named(text)


def named(text: str) -> bool:
    """Whether the first candidate is found in a text."""
    from probata.analyse.slant.mentions import read_coverage

    store = open_store(None)
    at = np.array(["2017-01-02"], dtype="datetime64[us]")
    store.add(
        "articles",
        "p",
        {"id": ["1"], "source": ["s"], "title": [""], "text": [text], "published_earliest": at},
    )
    return bool(len(read_coverage(store, Ask(candidates=CANDIDATES)).ids))


def test_a_story_carried_by_all_counts_once_an_outlet() -> None:
    """Articles of one outlet on one story are one unit of the exchange."""
    store = coverage_store(np.random.default_rng(5), {"x": 0.5, "r1": 0.5}, articles=40)
    ids = store.read("SELECT id FROM articles ORDER BY id")["id"]
    store.add("result_stories", "s", {"article": ids, "story": [f"s{i // 8}" for i in range(len(ids))]})
    answer = analyse(store, Ask(candidates=CANDIDATES, tests=(request(),)))
    assert all("No story clusters" not in c for f in answer.findings for c in f.caveats)
    assert isinstance(answer.findings[0], Finding)
