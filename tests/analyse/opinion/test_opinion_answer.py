"""The whole question on plain rows: what is answered, what becomes a gap, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.analyse import analysis_of
from probata.analyse.opinion import METRICS, PARAMETERS, TESTS
from probata.collect import Incoming
from probata.collect.polls import read
from probata.model import Answer, Ask, CampaignEvent, Candidate, Expectation, TestRequest, plain
from probata.store import open_store

HOUSES = ("Ifop", "Ipsos", "BVA")
START = date(2021, 1, 1)
ANN = Candidate("ann", "Ann Archer", ("Archer",), party="blue")


def campaign(polls: int = 60, jump: float = 0.0, seed: int = 4) -> list[dict[str, Any]]:
    """A poll every other day of three parties; from day 60 the first has ``jump`` points more."""
    rng = np.random.default_rng(seed)
    rows = []
    for i in range(polls):
        day = 2 * i
        lead = 0.30 + (jump / 100 if day >= 60 else 0)
        counts = rng.multinomial(1000, [lead, 0.35, 0.65 - lead - 0.05, 0.05])
        shares = dict(zip(("blue", "red", "green"), (round(x / 10, 1) for x in counts), strict=False))
        rows.append({"pollster": HOUSES[i % 3], "day": day, "size": 1000, "shares": shares})
    return rows


def answer(rows: list[dict[str, Any]], **asked: Any) -> Answer:
    """Put rows into a store as a reader would and ask."""
    columns: dict[str, list[Any]] = {
        name: []
        for name in (
            "id",
            "pollster",
            "end_date",
            "sample_size",
            "round",
            "hypothesis",
            "election",
            "party",
            "share",
        )
    }
    columns["is_result"] = []
    for number, row in enumerate(rows):
        for party, share in row["shares"].items():
            columns["id"].append(f"poll{number}")
            columns["pollster"].append(row["pollster"])
            columns["end_date"].append(START + timedelta(days=row["day"]))
            columns["sample_size"].append(row["size"])
            columns["round"].append(row.get("round"))
            columns["hypothesis"].append(row.get("hypothesis"))
            columns["election"].append(row.get("election"))
            columns["party"].append(party)
            columns["share"].append(float(share))
            columns["is_result"].append(bool(row.get("result")))
    store = open_store(None)
    if rows:
        store.add("polls", "part", columns)
    made = analysis_of("opinion")(store, Ask(**asked))
    store.close()
    json.dumps(plain(made.document), allow_nan=False)
    return made


def request(test: str, **parameters: Any) -> TestRequest:
    """A test of a case with its metric."""
    metric = METRICS.get(test, "shift")
    return TestRequest("t1", "opinion", test, Expectation(metric, ">=", 0.0), parameters)


DAY = "2021-05-03"


def test_the_document_has_the_promised_keys() -> None:
    """average, house_effects, odds, events and suspect_polls with the columns of the contract."""
    made = answer(campaign(), options={"election_date": DAY, "events": ["2021-03-02:the debate"]})
    assert set(made.document) >= {"average", "house_effects", "odds", "events", "suspect_polls"}
    assert set(made.document["average"][0]) >= {"date", "party", "mean", "i50", "i80", "i95"}
    wanted = {"date", "kind", "party", "shift", "interval", "p", "p_placebo", "placebos", "mde"}
    assert set(made.document["events"][0]) >= wanted
    wanted = {"kind", "parties", "probability", "probability_without_shared_error"}
    assert set(made.document["odds"][0]) >= wanted
    assert made.document["average"][-1]["date"] == DAY
    assert {row["kind"] for row in made.document["events"]} == {"step", "ramp"}


def test_a_planted_step_is_found_and_its_size_covered() -> None:
    """Eight points at day 60: p under .01 and the interval holds 8; the red party's does not move."""
    made = answer(campaign(jump=8), options={"election_date": DAY, "events": ["2021-03-01"]})
    blue = next(f for f in made.findings if f.test == "event_step" and f.parameters["party"] == "blue")
    red = next(f for f in made.findings if f.test == "event_step" and f.parameters["party"] == "red")
    assert blue.p is not None
    assert blue.p < 0.01
    assert blue.interval is not None
    assert blue.interval[0] is not None
    assert blue.interval[1] is not None
    assert blue.interval[0] < 8 < blue.interval[1]
    assert red.p is not None
    assert red.p > 0.05


def test_an_event_never_reads_as_a_cause() -> None:
    """The sentences name size, interval, other dates and what could not have been seen; never a cause."""
    made = answer(campaign(jump=8), options={"election_date": DAY, "events": ["2021-03-01:the leak"]})
    for finding in (f for f in made.findings if f.test.startswith("event_")):
        assert "could not have been seen" in finding.statement
        assert "other dates" in finding.statement
        for word in ("caused", "because", "no influence", "no effect", "due to"):
            assert word not in finding.statement
        assert finding.mde is not None
        assert any("does not show what caused it" in caveat for caveat in finding.caveats)
        assert finding.q is not None
        assert finding.p is not None
        assert finding.q >= finding.p


def test_intervals_with_the_shared_error_are_wider_than_without() -> None:
    """The reader sees both."""
    row = answer(campaign(), options={"election_date": DAY}).document["average"][-2]
    low, high = row["i95"]
    bare_low, bare_high = row["i95_polls_only"]
    assert low < bare_low < row["mean"] < bare_high < high
    assert low < row["i80"][0] < row["i50"][0] < row["mean"]


def test_odds_are_less_sure_with_the_shared_error() -> None:
    """Red leads by five points: likelier without the error that all polls share."""
    made = answer(campaign(), options={"election_date": DAY})
    red = next(o for o in made.document["odds"] if o["kind"] == "plurality" and o["parties"] == ["red"])
    assert 0.5 < red["probability"] < red["probability_without_shared_error"] <= 1


def test_run_off_odds_come_with_a_first_round() -> None:
    """Qualification sums to two places, pairings to one pair."""
    rows = [{**row, "round": 1} for row in campaign()]
    odds = answer(rows, options={"election_date": DAY}).document["odds"]
    total = {
        kind: sum(o["probability"] for o in odds if o["kind"] == kind)
        for kind in ("plurality", "runoff", "pairing")
    }
    assert total["plurality"] == pytest.approx(1, abs=1e-3)
    assert total["runoff"] == pytest.approx(2, abs=1e-3)
    assert total["pairing"] == pytest.approx(1, abs=1e-3)


def test_a_second_round_has_a_wider_error() -> None:
    """The same shares in round 2 are less certain than in a two-party first vote."""
    rows = [
        {**row, "shares": {"blue": 55.0 + row["day"] % 3, "red": 45.0 - row["day"] % 3}} for row in campaign()
    ]
    widths = []
    for round_ in (None, 2):
        average = answer([{**row, "round": round_} for row in rows], options={"election_date": DAY}).document[
            "average"
        ]
        widths.append(average[-1]["i95"][1] - average[-1]["i95"][0])
    assert widths[1] > 1.2 * widths[0]


def test_polled_run_offs_give_duel_odds() -> None:
    """The first named wins with the chance given; the shared error makes it less sure."""
    rows: list[dict[str, Any]] = [{**row, "round": 1} for row in campaign()]
    rows += [{**row, "round": 2, "shares": {"blue": 46.0, "red": 54.0}} for row in campaign(10)]
    odds = answer(rows, options={"election_date": DAY, "round": 1}).document["odds"]
    (duel,) = [one for one in odds if one["kind"] == "duel"]
    assert set(duel["parties"]) == {"blue", "red"}
    chance = duel["probability"] if duel["parties"][0] == "red" else 1 - duel["probability"]
    alone = duel["probability_without_shared_error"]
    assert 0.5 < chance < (alone if duel["parties"][0] == "red" else 1 - alone)


def test_hypotheses_are_kept_apart() -> None:
    """Of two hypotheses of one house and day only one counts; a named one can be chosen."""
    rows = []
    for row in campaign():
        rows.append({**row, "hypothesis": "with green"})
        rows.append({**row, "hypothesis": "without green", "shares": {"blue": 40.0, "red": 55.0}})
    made = answer(rows, options={"election_date": DAY})
    assert made.document["election"]["polls"] == 60
    last = {r["party"]: r["mean"] for r in made.document["average"] if r["date"] == DAY}
    assert last["green"] > 20
    made = answer(rows, options={"election_date": DAY, "hypothesis": "without green"})
    last = {r["party"]: r["mean"] for r in made.document["average"] if r["date"] == DAY}
    assert last["blue"] == pytest.approx(100 * 40 / 95, abs=1)


def test_polls_that_name_fewer_parties_still_count() -> None:
    """Two of three houses leave out two small parties: the average of the large ones uses all polls."""
    rows = campaign()
    for i, row in enumerate(rows):
        row["shares"] |= {"pink": 4.0, "grey": 3.0}
        row["shares"]["green"] -= 7
        if i % 3 and i < 34:
            del row["shares"]["pink"], row["shares"]["grey"]
    made = answer(rows, options={"election_date": DAY})
    assert made.document["election"]["polls"] == 60
    last = {r["party"]: r["mean"] for r in made.document["average"] if r["date"] == DAY}
    assert last["pink"] == pytest.approx(4, abs=0.8)
    assert last["grey"] == pytest.approx(3, abs=0.8)
    assert last["red"] == pytest.approx(35, abs=2)


def test_a_house_effect_is_found() -> None:
    """One house shows blue four points high: its effect is positive and away from zero."""
    rows = campaign()
    for row in rows:
        if row["pollster"] == "BVA":
            row["shares"]["blue"] += 4
            row["shares"]["green"] -= 4
    effects = answer(rows, options={"election_date": DAY}).document["house_effects"]
    bva = next(e for e in effects if e["pollster"] == "BVA" and e["party"] == "blue")
    assert bva["interval"][0] > 0
    assert 1.5 < bva["effect"] < 4
    assert 0 < bva["usual_size"] < 3  # from the shipped table of earlier elections


def test_an_invented_poll_is_suspect() -> None:
    """One poll with blue at 45 among polls near 30 is listed, and no genuine one."""
    rows = campaign()
    rows[30]["shares"] = {"blue": 45.0, "red": 30.0, "green": 20.0}
    suspects = answer(rows, options={"election_date": DAY}).document["suspect_polls"]
    assert {s["poll"] for s in suspects} == {"poll30"}
    assert any(s["party"] == "blue" and s["p"] < 1e-4 for s in suspects)


def test_every_test_answers_with_its_metric_and_request() -> None:
    """A finding for each test of a case, under the name of the candidate or of the column."""
    given: dict[str, dict[str, Any]] = {
        "event_step": {"candidate": "ann", "event": "leak"},
        "event_ramp": {"party": "blue", "date": "2021-03-01"},
        "standing": {"party": "Archer", "date": "2021-03-01"},
        "lead": {"party": "ann", "versus": "red"},
        "looks_like_poll": {"party": "blue", "share": 0, "date": "2021-03-01"},
        "plurality": {"party": "blue", "date": "2021-03-01"},
        "runoff": {"party": "blue"},
        "house_effect": {"party": "blue", "pollster": "bva"},
    }
    assert set(given) == set(TESTS) == set(PARAMETERS) == set(METRICS)
    tests = tuple(replace(request(t, **p), id=t) for t, p in given.items())
    leak = CampaignEvent("leak", date(2021, 3, 1), "the leak")
    made = answer(campaign(), candidates=(ANN,), events=(leak,), tests=tests, options={"election_date": DAY})
    found = {f.request: f for f in made.findings if f.request}
    assert set(found) == set(TESTS)
    for name, finding in found.items():
        assert finding.metric == METRICS[name]
        assert finding.test == name
        assert finding.estimate is not None
        assert finding.interval is not None
        assert finding.records


@pytest.mark.parametrize(
    ("test", "parameters", "said"),
    [
        ("event_stop", {"party": "blue"}, "known: event_step"),
        ("event_step", {"party": "blue", "when": 1}, "unknown 'when'"),
        ("event_step", {"party": "blue"}, "needs 'date'"),
        ("lead", {"party": "blue"}, "needs 'versus'"),
        ("event_step", {"party": "blue", "date": "soon"}, "not a date"),
        ("looks_like_poll", {"party": "blue", "share": 120, "date": DAY}, "between 0 and 100"),
    ],
)
def test_a_wrong_request_is_refused_in_one_line(test: str, parameters: dict[str, Any], said: str) -> None:
    """The message names the test and what is known."""
    with pytest.raises(ValueError, match="opinion") as told:
        answer(campaign(), tests=(request(test, **parameters),), options={"election_date": DAY})
    assert said in str(told.value)
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("test", "parameters"),
    [
        ("standing", {"party": "purple"}),
        ("standing", {"party": "blue", "date": "2020-01-01"}),
        ("event_step", {"party": "blue", "date": "2022-01-01"}),
        ("house_effect", {"party": "blue", "pollster": "Nobody"}),
    ],
)
def test_what_the_polls_cannot_answer_becomes_a_gap(test: str, parameters: dict[str, Any]) -> None:
    """The gap carries the request and says what would settle it."""
    made = answer(campaign(), tests=(request(test, **parameters),), options={"election_date": DAY})
    (gap,) = [gap for gap in made.gaps if gap.request == "t1"]
    assert gap.what
    assert gap.who
    assert not [f for f in made.findings if f.request == "t1"]


def test_no_polls_are_a_gap_and_no_crash() -> None:
    """Every key is there, empty."""
    made = answer([], tests=(request("standing", party="blue"),))
    assert len(made.gaps) == 2
    assert made.document["average"] == []


def test_one_poll_is_an_average_with_its_doubt() -> None:
    """Wide intervals, a caveat, and a gap for the event."""
    made = answer(campaign(1), options={"election_date": "2021-01-05", "events": ["2021-01-02"]})
    last = made.document["average"][-1]
    assert last["i95"][0] < last["mean"] < last["i95"][1]
    assert any("one poll only" in caveat for f in made.findings for caveat in f.caveats)
    assert any("2021-01-02" in gap.what for gap in made.gaps)


def test_polls_without_house_sample_or_round_are_answered() -> None:
    """No pollster, no sample: house effects count as noise, and the notes say so."""
    rows = [{**row, "pollster": "", "size": None} for row in campaign()]
    made = answer(rows, options={"election_date": DAY})
    assert made.document["house_effects"] == []
    assert any("name no pollster" in note for note in made.document["notes"])
    assert any("no sample size" in note for note in made.document["notes"])


def test_polls_after_the_vote_do_not_count() -> None:
    """They are left out and counted."""
    made = answer(campaign(), options={"election_date": "2021-04-01"})
    assert made.document["election"]["last_poll"] < "2021-04-01"
    assert any("dated on or after the vote" in note for note in made.document["notes"])


def test_without_an_election_day_the_verb_asks_for_it() -> None:
    """One line that names the option; a result row or a dated election makes it unnecessary."""
    with pytest.raises(ValueError, match="--election-date"):
        answer(campaign())
    dated = [{**row, "election": f"council {DAY}"} for row in campaign()]
    assert answer(dated).document["election"]["election_day"] == DAY
    result = {
        "pollster": "result",
        "day": 122,
        "size": None,
        "shares": {"blue": 31, "red": 36},
        "result": True,
    }
    assert answer([*campaign(), result]).document["election"]["election_day"] == DAY


def test_several_elections_are_told_apart() -> None:
    """The day asked for decides; the notes name the others."""
    rows = [{**row, "election": f"council {DAY}"} for row in campaign()]
    rows += [{**row, "election": "mayor 2021-06-01", "shares": {"x": 60, "y": 38}} for row in campaign(20)]
    made = answer(rows, options={"election_date": DAY})
    assert made.document["election"]["label"] == f"council {DAY}"
    assert any("mayor" in note for note in made.document["notes"])
    made = answer(rows, options={"election": "mayor"})
    assert made.document["election"]["election_day"] == "2021-06-01"


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Two runs on the same polls."""
    first, second = (answer(campaign(), options={"election_date": DAY}) for _ in range(2))
    assert json.dumps(plain(first.document)) == json.dumps(plain(second.document))


def test_the_social_media_poll_of_march_2017_does_not_look_like_one(shared_data: Path) -> None:
    """Fillon first with 23.6 on 29 March has a chance under 1 %; 27 and 22 on 13 February looks genuine."""
    path = shared_data / "polls" / "tour1_complet_unitedfl.csv"
    store = open_store(None)
    for number, batch in enumerate(read(Incoming(path, "e", "blocs.csv"))):
        store.add("polls", str(number), batch.columns)
    tests = (
        replace(request("looks_like_poll", party="nbright", share=23.6, date="2017-03-29"), id="sputnik"),
        replace(
            request("looks_like_poll", shares={"nbfarright": 27, "nbcenter": 22}, date="2017-02-13", n=894),
            id="feb",
        ),
        replace(request("event_step", party="nbcenter", date="2017-02-13"), id="ferrand"),
        replace(request("event_step", party="nbcenter", date="2017-02-22"), id="bayrou"),
    )
    made = analysis_of("opinion")(store, Ask(tests=tests, options={"election_date": "2017-04-23"}))
    found = {f.request: f for f in made.findings if f.request}
    assert found["sputnik"].estimate is not None
    assert found["sputnik"].estimate < 0.01
    assert found["feb"].estimate is not None
    assert found["feb"].estimate > 0.2
    assert found["ferrand"].p is not None
    assert found["ferrand"].p > 0.3
    assert found["ferrand"].mde is not None
    assert 4 < found["ferrand"].mde < 5.5
    assert found["bayrou"].p is not None
    assert found["bayrou"].p < 0.05
