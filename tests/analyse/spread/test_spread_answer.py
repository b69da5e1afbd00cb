"""SPREAD from articles to findings: relations, spans, direction, stories, tests of a case."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.analyse.spread import PARAMETERS, REQUIRED, TESTS, analyse
from probata.model import Answer, Ask, Candidate, Expectation, Finding, Source, TestRequest, plain
from probata.store import open_store

RNG = np.random.default_rng(21)
VOCABULARY = ["".join(RNG.choice(list("abcdefghijklmnoprstuv"), 6)) for _ in range(4000)]


def prose(words: int) -> str:
    return " ".join(VOCABULARY[k] for k in RNG.integers(0, len(VOCABULARY), words))


def article(id: str, source: str, published: str | None, text: str | None, **more: Any) -> dict[str, Any]:
    low, high = span(published)
    return {
        "id": id, "given_id": id, "source": source, "url": more.get("url"), "title": more.get("title"), "text": text,
        "lang": "en", "published": published, "published_earliest": low, "published_latest": high,
        "published_zone_known": more.get("zone", True),
        **{f"updated_{e}": v for e, v in zip(("earliest", "latest"), span(more.get("updated")), strict=True)},
        **{f"retrieved_{e}": v for e, v in zip(("earliest", "latest"), span(more.get("retrieved")), strict=True)},
        "links": json.dumps(more.get("links", [])), "personal": False,
        "evidence": "e", "path": "p", "line": 1, "offset": 0,
    }  # fmt: skip


def span(time: str | None) -> tuple[np.datetime64, np.datetime64]:
    """A day is the interval of its hours; a full time is a moment."""
    if time is None:
        return np.datetime64("NaT", "us"), np.datetime64("NaT", "us")
    if len(time) == 10:
        return np.datetime64(f"{time}T00:00:00", "us"), np.datetime64(f"{time}T23:59:59", "us")
    return np.datetime64(time, "us"), np.datetime64(time, "us")


def answer(rows: list[dict[str, Any]], **ask: Any) -> Answer:
    store = open_store(None)
    if rows:
        columns: dict[str, Any] = {}
        for name in rows[0]:
            values = [row[name] for row in rows]
            is_time = name.endswith(("_earliest", "_latest"))
            columns[name] = np.array(values, "datetime64[us]") if is_time else values
        store.add("articles", "part1", columns)
    options = {"reworded": False, **ask.pop("options", {})}
    return analyse(store, Ask(options=options, **ask))


def pairs(got: Answer) -> dict[tuple[str, str], dict[str, Any]]:
    return {(row["a"], row["b"]): row for row in got.document["pairs"]}


def test_spans_are_verbatim_code_points_on_both_sides() -> None:
    """The span of a passage cuts the same words out of both texts, whatever signs stand before."""
    passage = prose(30)
    one, two = (
        f"Été « À » 𝐁old 😀 {prose(20)} {passage}. {prose(20)}",
        f"{prose(60)} «\u00a0{passage}\u00a0» {prose(70)}",
    )
    got = answer([article("a", "x", "2017-02-01", one), article("b", "y", "2017-02-03", two)])
    (found,) = pairs(got)[("a", "b")]["spans"]
    assert one[slice(*found["a"])] == two[slice(*found["b"])] == passage
    assert found["words"] == 30


@pytest.mark.parametrize(("days", "met"), [(0.01, 1), (1.5, 1), (2, 3), (0, 3)])
def test_articles_farther_apart_than_asked_are_no_pair(days: float, met: int) -> None:
    """Also where a text is word for word the same, and where less than an hour is asked for."""
    text = prose(40)
    times = ("2017-02-01T08:00:00", "2017-02-01T08:00:20", "2017-02-03T08:00:00")
    rows = [article(f"a{k}", f"s{k}.example", time, text) for k, time in enumerate(times)]
    assert len(pairs(answer(rows, options={"window_days": days}))) == met


def test_a_near_copy_of_a_text_that_was_printed_again_is_found_within_the_window() -> None:
    """What was printed weeks ago and again yesterday is compared with what is printed today."""
    text = prose(60)
    rows = [
        article("old", "s0.example", "2017-02-01", text),
        article("again", "s1.example", "2017-02-20", text),
        article("near", "s2.example", "2017-02-21", f"{text} {prose(9)}"),
    ]
    assert set(pairs(answer(rows, options={"window_days": 3}))) == {("again", "near")}


def test_relations_are_told_apart() -> None:
    """A whole text is a copy, a paragraph is partial, words in quotation marks are a quotation."""
    text, part, said = prose(120), prose(50), prose(22)
    got = answer([
        article("a1", "x", "2017-02-01", text),
        article("a2", "y", "2017-02-02", f"{prose(8)} {text}"),
        article("b1", "x", "2017-02-01", f"{prose(150)} {part} {prose(90)}"),
        article("b2", "y", "2017-02-02", f"{prose(130)} {part} {prose(120)}"),
        article("c1", "x", "2017-02-01", f"{prose(90)} {said} {prose(80)}"),
        article("c2", "y", "2017-02-02", f"{prose(90)} “{said}” {prose(80)}"),
    ])  # fmt: skip
    relations = {key: row["relation"] for key, row in pairs(got).items()}
    assert relations == {("a1", "a2"): "copy", ("b1", "b2"): "partial", ("c1", "c2"): "quote"}


@pytest.mark.parametrize("marks", ["«\u00a0{}\u00a0»", "„{}“", "“{}”", '"{}"', "»{}«", "„{}”"])
def test_quotation_marks_of_five_languages_are_seen(marks: str) -> None:
    """A passage inside any of their quotation marks is a quotation."""
    said = prose(25)
    got = answer([
        article("a", "x", "2017-02-01", f"{prose(90)} {said} {prose(80)}"),
        article("b", "y", "2017-02-02", f"{prose(90)} {marks.format(said)} {prose(80)}"),
    ])  # fmt: skip
    assert pairs(got)[("a", "b")]["relation"] == "quote"


def test_a_form_with_other_numbers_is_a_template() -> None:
    """The same words with other numbers are named a template and make no story."""
    form = "net profit of {} million against {} million in the quarter and revenue of {} million for the whole group"
    got = answer([
        article("a", "x", "2017-02-01", form.format(12, 14, 190)),
        article("b", "y", "2017-02-02", form.format(37, 31, 455)),
    ])  # fmt: skip
    assert pairs(got)[("a", "b")]["template"] is True
    assert got.document["stories"] == []


def test_a_copy_that_spells_its_numbers_otherwise_is_no_template() -> None:
    """1,200 is 1200; the same form with other numbers stays a template, however these are spelled."""
    form = f"{prose(9)} {{}} {prose(4)} {{}} {prose(9)} {{}} {prose(9)}"
    (first, other) = (("1,200", "3,400", "25,000"), ("1,300", "5,400", "26,000"))
    relations = []
    for numbers in (first, other):
        got = answer([
            article("a", "x", "2017-02-01", form.format(*numbers)),
            article("b", "y", "2017-02-02", form.format(1200, 3400, 25000)),
        ])  # fmt: skip
        relations.append((pairs(got)[("a", "b")]["relation"], len(got.document["stories"])))
    assert relations == [("copy", 2), ("template", 0)]


def direction(first: dict[str, Any], second: dict[str, Any]) -> tuple[str, str]:
    row = pairs(answer([first, second]))[("a", "b")]
    return row["direction"], row["reason"]


def test_order_follows_times_only_where_they_do_not_overlap() -> None:
    """A day and a moment of that day leave the order open; two days apart do not."""
    text = prose(60)
    assert (
        direction(article("a", "x", "2017-02-01", text), article("b", "y", "2017-02-03", text))[0]
        == "a_first"
    )
    assert (
        direction(article("a", "x", "2017-02-03", text), article("b", "y", "2017-02-01", text))[0]
        == "b_first"
    )
    same_day = article("a", "x", "2017-02-01", text), article("b", "y", "2017-02-01T09:00:00", text)
    assert direction(*same_day) == ("undetermined", "times overlap")


def test_an_unknown_zone_widens_the_interval() -> None:
    """Six hours apart with an unknown zone prove nothing; two days do."""
    text = prose(60)
    early = article("a", "x", "2017-02-01T06:00:00", text, zone=False)
    assert direction(early, article("b", "y", "2017-02-01T12:00:00", text))[0] == "undetermined"
    assert direction(early, article("b", "y", "2017-02-03T12:00:00", text))[0] == "a_first"


def test_a_change_after_publication_gives_no_false_direction() -> None:
    """An article changed after the other appeared may have taken the passage over then."""
    text = prose(60)
    changed = article("a", "x", "2017-02-01", text, updated="2017-02-09")
    assert direction(changed, article("b", "y", "2017-02-05", text)) == (
        "undetermined",
        "changed after publication",
    )
    assert direction(changed, article("b", "y", "2017-02-12", text))[0] == "a_first"


def test_retrieval_bounds_an_unknown_publication() -> None:
    """What was fetched before another was published is earlier, though its own time is unknown."""
    text = prose(60)
    fetched = article("a", "x", None, text, retrieved="2017-02-01")
    assert direction(fetched, article("b", "y", "2017-02-05", text))[0] == "a_first"
    assert direction(fetched, article("b", "y", "2017-01-05", text))[0] == "undetermined"


def test_a_time_after_retrieval_is_counted_and_proves_nothing() -> None:
    """An article "published" after it was fetched has no usable time."""
    text = prose(60)
    future = article("a", "x", "2031-01-01", text, retrieved="2017-03-01")
    got = answer([future, article("b", "y", "2017-02-05", text)])
    assert pairs(got)[("a", "b")]["direction"] == "undetermined"
    assert got.document["counts"]["published after retrieval"] == 1


@pytest.mark.parametrize(
    "cue",
    ["As Morning Post reported, {}", "Selon Morning Post, {}", "По данным Morning Post, {}", "Laut Morning Post {}",
     "Según Morning Post, {}", "Morning Post сообщает: {}", "Wie Morning Post berichtet, {}",
     "Morning Post a révélé {}"],
)  # fmt: skip
def test_who_names_its_source_is_later(cue: str) -> None:
    """A citation of the other outlet decides where times overlap, in five languages."""
    text = prose(60)
    first = article("a", "Morning Post", "2017-02-01", text)
    second = article("b", "y", "2017-02-01", cue.format(text))
    sign, reason = direction(first, second)
    assert sign == "a_first"
    assert "Morning Post" in reason


def test_a_name_without_a_cue_is_no_citation() -> None:
    """Naming an outlet is not citing it."""
    text = prose(60)
    second = article("b", "y", "2017-02-01", f"The owner of Morning Post died. {text}")
    assert direction(article("a", "Morning Post", "2017-02-01", text), second)[0] == "undetermined"


def test_a_hyperlink_to_the_other_article_decides() -> None:
    """Who links to the other article is later, tracking parameters aside."""
    text = prose(60)
    first = article("a", "x", "2017-02-01", text, url="https://www.x.example/story/1")
    second = article("b", "y", "2017-02-01", text, links=["http://x.example/story/1?utm_source=y"])
    assert direction(first, second) == ("a_first", "citation: hyperlink")


def test_citation_against_certain_times_is_undetermined() -> None:
    """Evidence that contradicts itself decides nothing."""
    text = prose(60)
    first = article("a", "Morning Post", "2017-02-09", text)
    second = article("b", "y", "2017-02-01", f"According to Morning Post, {text}")
    sign, reason = direction(first, second)
    assert sign == "undetermined"
    assert "contradict" in reason


def test_two_stories_meet_in_one_article_without_becoming_one() -> None:
    """An article that holds passages of two stories belongs to both; the stories stay apart."""
    one, two = prose(60), prose(60)
    got = answer([
        article("a", "x", "2017-02-01", one), article("b", "y", "2017-02-02", two),
        article("c", "z", "2017-02-05", f"{one} {prose(30)} {two}"),
        article("d", "w", "2017-02-06", one), article("e", "v", "2017-02-07", two),
    ])  # fmt: skip
    members: dict[str, set[str]] = {}
    for row in got.document["stories"]:
        members.setdefault(row["story"], set()).add(row["article"])
    assert sorted(members.values(), key=sorted) == [{"a", "c", "d"}, {"b", "c", "e"}]


def test_a_story_names_its_origin_or_the_candidates_for_it() -> None:
    """One certain first is the origin; two of the same day are candidates."""
    text = prose(60)
    rows = [article("a", "x", "2017-02-01", text), article("b", "y", "2017-02-03", text),
            article("c", "z", "2017-02-05", text)]  # fmt: skip
    roles = {row["article"]: row["role"] for row in answer(rows).document["stories"]}
    assert roles == {"a": "origin", "b": "pickup", "c": "pickup"}
    rows[1] = article("b", "y", "2017-02-01", text)
    told = answer(rows).document["stories"]
    assert {row["article"]: row["role"] for row in told} == {"a": "origin?", "b": "origin?", "c": "pickup"}
    assert told[0]["origin"] == "undetermined among x; y"


@pytest.mark.parametrize(
    "credit", ["PARIS, Feb 3 (Reuters) - {}", "{} (avec AFP)", "МОСКВА, 3 фев - РИА Новости. {}", "{} /ТАСС/",
               "{} dpa/afp",                "MADRID (EFE). {}"],
)  # fmt: skip
def test_agency_text_is_recognised_and_said(credit: str) -> None:
    """A credit of a news agency marks the pair."""
    text = prose(60)
    got = answer([
        article("a", "x", "2017-02-01", credit.format(text)), article("b", "y", "2017-02-03", credit.format(text))
    ])  # fmt: skip
    assert pairs(got)[("a", "b")]["wire"] is True


def test_the_name_of_an_agency_inside_a_text_is_no_credit() -> None:
    """Reuters named in the middle makes no agency text."""
    text = f"{prose(60)} he told Reuters on Monday {prose(60)}"
    got = answer([article("a", "x", "2017-02-01", text), article("b", "y", "2017-02-03", text)])
    assert pairs(got)[("a", "b")]["wire"] is False


def request(test: str, metric: str, **parameters: Any) -> TestRequest:
    return TestRequest("t1", "spread", test, Expectation(metric, ">=", 0.5), parameters)


def world(stories: int = 20) -> list[dict[str, Any]]:
    """RT is the origin of every story; the others take it up two and four days later."""
    rows = []
    for k in range(stories):
        text = f"Macron {prose(60)}"
        rows += [article(f"r{k}", "rt.com", "2017-02-01", text), article(f"s{k}", "sputnik", "2017-02-04", text),
                 article(f"l{k}", "late", "2017-02-09", text)]  # fmt: skip
    return rows


def test_origin_of_stories_is_a_finding_with_the_base_rate() -> None:
    """An outlet that starts all of 20 stories is their origin, far beyond chance, and the answer says so."""
    ask = {
        "outlets": (Source("rt", "RT", ("rt.com",)),),
        "candidates": (Candidate("m", "Emmanuel Macron", ("Macron",)),),
    }
    got = answer(
        world(), tests=(request("origin_or_pickup", "share_of_stories", outlet="rt", candidate="m"),), **ask
    )
    found = next(item for item in got.findings if item.request == "t1")
    assert found.estimate == 1.0
    assert found.n == 20
    assert found.p is not None
    assert found.p < 1e-6
    assert found.interval is not None
    assert found.interval[0] is not None
    assert found.interval[0] > 0.8
    assert "other outlets" in found.statement
    second = request("origin_or_pickup", "share_of_stories", outlet="sputnik", role="pickup")
    again = answer(world(), tests=(second,), **ask)
    assert next(item for item in again.findings if item.request == "t1").estimate == 1.0


def test_pick_up_within_hours_counts_only_what_is_certain() -> None:
    """Taken up within 96 hours surely; within 60 hours not at the latest possible lag."""

    def share(hours: int) -> Finding:
        test = request("picked_up", "share_picked_up", outlet="rt.com", by="sputnik", within_hours=hours)
        return next(item for item in answer(world(), tests=(test,)).findings if item.request == "t1")

    assert share(96).estimate == 1.0
    assert share(60).estimate == 0.0
    assert any("times do not tell" in caveat for caveat in share(60).caveats)


def test_absent_outlet_is_a_gap() -> None:
    """No articles of an outlet: a gap that names it, not a zero."""
    got = answer(world(3), tests=(request("origin_or_pickup", "share_of_stories", outlet="tass"),))
    assert [gap.request for gap in got.gaps if gap.request] == ["t1"]
    assert "tass" in next(gap for gap in got.gaps if gap.request).what


def test_no_articles_and_a_single_source_are_gaps() -> None:
    """Nothing to compare is said, for the question and for each test."""
    test = request("picked_up", "share_picked_up", outlet="x")
    assert {gap.request for gap in answer([], tests=(test,)).gaps} == {None, "t1"}
    alone = answer([article("a", "x", "2017-02-01", prose(50))], tests=(test,))
    assert any("all come from x" in gap.what for gap in alone.gaps)


@pytest.mark.parametrize(
    ("test", "parameters", "message"),
    [("originn", {"outlet": "x"}, "no test 'originn'"),
     ("picked_up", {"outlet": "x", "hours": 1}, "no parameter 'hours'"),
     ("concert", {"a": "x"}, "needs the parameter 'b'"),
     ("origin_or_pickup", {"outlet": "x", "role": "boss"}, "role is")],
)  # fmt: skip
def test_wrong_tests_and_parameters_are_refused(test: str, parameters: dict[str, Any], message: str) -> None:
    """An unknown test or parameter is one line that names the known ones."""
    with pytest.raises(ValueError, match=message):
        answer(world(2), tests=(request(test, "p", **parameters),))


def test_every_test_lists_its_parameters() -> None:
    """TESTS, PARAMETERS and REQUIRED agree."""
    assert TESTS.keys() == PARAMETERS.keys() == REQUIRED.keys()
    assert all(REQUIRED[name] <= PARAMETERS[name] for name in TESTS)


def test_bad_input_is_counted_not_fatal() -> None:
    """Empty texts, no source, no time, one address with two texts: all are articles, counted."""
    text = prose(40)
    got = answer([
        article("a", "x", None, ""), article("b", "x", None, None), article("c", None, "2017-02-01", text),  # type: ignore[arg-type]
        article("d", "y", "2017-02-03", text, url="https://y.example/1"),
        article("e", "y", "2017-02-04", prose(50), url="https://y.example/1"),
        article("f", "z", "2017-02-05", "Bonjour"),
    ])  # fmt: skip
    counts = got.document["counts"]
    assert (counts["articles"], counts["without text"], counts["without source"], counts["without time"]) == (
        6,
        2,
        1,
        2,
    )
    assert ("c", "d") in pairs(got)


def test_two_runs_give_the_same_answer() -> None:
    """The answer depends on nothing but its inputs."""
    rows = world(5)
    first, second = answer(rows), answer(list(reversed(rows)), options={"threads": 1})
    assert json.dumps(plain(first.document), sort_keys=True) == json.dumps(
        plain(second.document), sort_keys=True
    )
    assert [item.id for item in first.findings] == [item.id for item in second.findings]


def test_plain_shares_answer_a_test_of_concert() -> None:
    """Two accounts that share thirty objects within minutes, while ten others share at random, are tied."""
    rng = np.random.default_rng(3)
    rows = []
    for k in range(30):
        start = np.datetime64("2017-02-01T12:00:00", "us") + np.timedelta64(
            int(rng.integers(0, 40 * 86400)), "s"
        )
        rows += [("x", f"o{k}", start), ("y", f"o{k}", start + np.timedelta64(60, "s"))]
    for _ in range(1500):
        time = np.datetime64("2017-02-01T12:00:00", "us") + np.timedelta64(
            int(rng.integers(0, 40 * 86400)), "s"
        )
        rows.append((f"other{rng.integers(10)}", f"p{rng.integers(300)}", time))
    times = np.array([row[2] for row in rows])
    store = open_store(None)
    store.add("shares", "part1", {
        "id": [f"s{k}" for k in range(len(rows))], "source": [row[0] for row in rows],
        "object": [row[1] for row in rows],
        "article": [f"s{k}" for k in range(len(rows))], "earliest": times, "latest": times,
    })  # fmt: skip
    tests = (
        TestRequest("t1", "spread", "concert", Expectation("q", "<=", 0.05), {"a": "x", "b": "y"}),
        TestRequest("t2", "spread", "picked_up", Expectation("share_picked_up", ">=", 0.5), {"outlet": "x"}),
    )
    got = analyse(store, Ask(tests=tests))
    found = next(item for item in got.findings if item.request == "t1")
    assert found.q is not None
    assert found.q <= 0.05
    assert [gap.request for gap in got.gaps] == ["t2"]
    assert ["x", "y"] in [sorted(group) for group in got.document["groups"]]


def test_a_notice_copied_with_a_denial_put_in_is_no_copy() -> None:
    """Two short texts that share nearly all words get one relation, and the one that the guard gives."""
    said = (
        "The election commission announced on Monday that voting machines in Harlan County had been opened"
        " by unknown persons during the night before the count."
    )
    turned = said.replace("announced on Monday that", "denied on Monday that")
    got = answer(
        [
            article("one", "x", "2017-01-01T10:00:00", said),
            article("two", "y", "2017-01-01T12:00:00", turned),
        ],
        options={"reworded": True},
    )
    assert [row["relation"] for row in pairs(got).values()] == ["denies"]
    assert len(got.tables["pairs"]["a"]) == 1


def test_quotation_marks_do_not_outweigh_dates_a_day_and_more_apart() -> None:
    """Zones of two outlets hardly excuse two days: the order stays open, and the reason is told."""
    words = prose(40)
    rows = [
        article("a", "a.com", "2017-02-07", f"{prose(30)} “{words}” {prose(30)}", zone=False),
        article("b", "b.com", "2017-02-09", f"{prose(30)} {words} {prose(30)}", zone=False),
    ]
    row = pairs(answer(rows))[("a", "b")]
    assert (row["direction"], row["reason"]) == ("undetermined", "dates and quotation contradict one another")


def test_reprints_of_one_outlet_make_no_second_story() -> None:
    """A text printed three times by one outlet before another takes it up is one story of four articles."""
    text = prose(60)
    rows = [article(f"a{k}", "a.com", f"2017-02-0{k + 1}", text) for k in range(3)]
    got = answer([*rows, article("b", "b.com", "2017-02-05", text)])
    assert len({row["story"] for row in got.document["stories"]}) == 1
    assert len(got.document["stories"]) == 4


def test_one_address_with_several_texts_is_told() -> None:
    """Two texts at one address count apart, and the caveats say so."""
    rows = [
        article(f"a{k}", "a.com", f"2017-02-0{k + 1}", prose(40), url="https://a.com/1") for k in range(2)
    ]
    got = answer([*rows, article("b", "b.com", "2017-02-05", prose(40))])
    assert any("2 articles stand at an address" in caveat for caveat in got.findings[0].caveats)


def test_papers_that_are_fed_by_agencies_are_no_group(shared_data: Path) -> None:
    """Nine American outlets that all print Reuters and AP (PolNeAR) are not tied to one another."""
    rows = []
    for path in sorted((shared_data / "polnear").glob("*/text/*")):
        source, day = path.stem.split("_")[:2]
        rows.append(article(path.stem, source, day, path.read_text(encoding="utf-8"), zone=False))
    got = answer(rows)
    assert len(rows) > 900
    assert got.document["groups"] == []
