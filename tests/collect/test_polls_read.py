"""Poll files of every layout become the same long rows; what is wrong with them is said."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.collect import Incoming, UnreadableFile
from probata.collect.polls import read
from probata.collect.polls.entry import moment, number
from probata.model import SCHEMAS, Batch


def taken(folder: Path, content: str | bytes, name: str = "polls.csv", **options: Any) -> Batch:
    """Read a file with that content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    (batch,) = read(Incoming(path, "hash", name, options))
    return batch


def shares(batch: Batch) -> dict[str, float]:
    """Party to share of a batch with one poll."""
    return dict(zip(batch.columns["party"], batch.columns["share"], strict=True))


def reasons(batch: Batch) -> str:
    """Every reject in one text."""
    return " | ".join(reject.reason for reject in batch.rejects)


WIDE = "pollster,end_date,sample_size,Ann,Bob,Cem\n"


def test_a_wide_table_gives_one_row_a_party(tmp_path: Path) -> None:
    """Columns that are no metadata and hold numbers are parties."""
    batch = taken(tmp_path, WIDE + "Ifop,2017-02-13,900,27,22,20.5\n")
    assert shares(batch) == {"Ann": 27.0, "Bob": 22.0, "Cem": 20.5}
    assert batch.columns["end_date"][0] == date(2017, 2, 13)
    assert batch.columns["sample_size"][0] == 900
    assert batch.columns["line"][0] == 2
    assert set(SCHEMAS["polls"]) == set(batch.columns)


def test_a_long_table_brings_the_rows_of_a_poll_together(tmp_path: Path) -> None:
    """Rows of one poll and hypothesis share an id; hypotheses stay apart."""
    rows = ["p1,Ifop,2017-02-13,A,Ann,27", "p1,Ifop,2017-02-13,B,Ann,25", "p1,Ifop,2017-02-13,A,Bob,22"]
    batch = taken(tmp_path, "poll_id,pollster,end_date,hypothesis,party,share\n" + "\n".join(rows))
    ids = batch.columns["id"]
    assert len(set(ids)) == 2
    assert [p for p, i in zip(batch.columns["party"], ids, strict=True) if i == ids[0]] == ["Ann", "Bob"]


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_delimiters_and_decimal_commas_are_read(tmp_path: Path, mark: str) -> None:
    """Semicolons, tabs and bars; ``27,5`` and ``1 004``."""
    text = WIDE + 'Ifop,2017-02-13,1 004,"27,5",22 %,20\n'
    rows = [line.replace('"27,5"', "27#5").replace(",", mark).replace("#", ",") for line in text.split("\n")]
    batch = taken(tmp_path, "\n".join(rows))
    assert shares(batch) == {"Ann": 27.5, "Bob": 22.0, "Cem": 20.0}
    assert batch.columns["sample_size"][0] == 1004


def test_tidy_json_is_read_with_nested_shares(tmp_path: Path) -> None:
    """A list of objects, a document with ``polls``, and one object a line."""
    poll = {
        "pollster": "Ifop",
        "end_date": "2017-02-13",
        "sample_size": 900,
        "shares": {"Ann": 27, "Bob": 22},
    }
    for content in (
        json.dumps([poll]),
        json.dumps({"polls": [poll]}),
        json.dumps(poll) + "\n" + json.dumps(poll),
    ):
        assert shares(taken(tmp_path, content, "polls.json")) == {"Ann": 27.0, "Bob": 22.0}


POSITION = {
    "institut": "Elabe",
    "date_debut": "2021-04-28",
    "date_fin": "2021-05-02",
    "interroges": 1009,
    "premier_tour": [
        {"hypothese": "with X", "intentions": {"Ann": 27, "X": 5}},
        {"hypothese": "without X", "intentions_exprimees": 700, "intentions": {"Ann": 29}},
    ],
    "second_tour": [{"nspp": 19, "intentions": {"Ann": 62, "Bob": 38}}],
}


def test_a_wrong_year_gives_way_to_the_key(tmp_path: Path) -> None:
    """Key 2017, fields 2021: the key is trusted and the row says so."""
    batch = taken(tmp_path, json.dumps({"sondages": {"20170505_elabe": POSITION}}), "p.json")
    assert set(batch.columns["end_date"]) == {date(2017, 5, 5)}
    assert set(batch.columns["start_date"]) == {date(2017, 5, 1)}
    assert "the key is trusted" in batch.columns["note"][0]
    assert set(batch.columns["round"]) == {1, 2}
    assert len(set(batch.columns["id"])) == 3


def test_a_right_year_keeps_its_fields(tmp_path: Path) -> None:
    """Where key and fields agree on the year the fieldwork dates count."""
    batch = taken(tmp_path, json.dumps({"sondages": {"20210505_elabe": POSITION}}), "p.json")
    assert set(batch.columns["end_date"]) == {date(2021, 5, 2)}
    assert set(batch.columns["note"]) == {None}


def test_nsppolls_rows_keep_round_and_hypothesis(tmp_path: Path) -> None:
    """Rounds in words; the number asked of the hypothesis is the number expressed."""
    header = "id,nom_institut,debut_enquete,fin_enquete,echantillon,tour,hypothese,sous_echantillon,candidat,intentions"
    rows = [
        "1,Ifop,2022-04-01,2022-04-03,1500,Premier tour,H1,1200,Ann,27",
        "1,Ifop,2022-04-01,2022-04-03,1500,Premier tour,H1,1200,Bob,23",
        "1,Ifop,2022-04-01,2022-04-03,1500,Deuxième tour,H1,1100,Ann,53",
    ]
    batch = taken(tmp_path, "\n".join([header, *rows]))
    assert batch.columns["round"] == [1, 1, 2]
    assert batch.columns["n_expressed"] == [1200.0, 1200.0, 1100.0]


def test_nested_nsppolls_add_up_the_nameless(tmp_path: Path) -> None:
    """Rounds, hypotheses and candidates below one another; candidates without a name are the remainder."""
    names = [("Ann", 27), ("Bob", 23), (None, 4), (None, 2.5)]
    candidates = [{"candidat": name, "parti": ["P"], "intentions": share} for name, share in names]
    hypothesis = {"hypothese": "Hypothèse 1", "sous_echantillon": 1200, "candidats": candidates}
    poll = {"id": "1", "nom_institut": "Ifop", "debut_enquete": "2022-04-01", "fin_enquete": "2022-04-03"}
    poll["tours"] = [{"tour": "Premier tour", "hypotheses": [hypothesis]}]  # type: ignore[assignment]
    batch = taken(tmp_path, json.dumps([poll]), "nsp.json")
    assert shares(batch) == {"Ann": 27.0, "Bob": 23.0, "other": 6.5}
    assert set(batch.columns["round"]) == {1}
    assert set(batch.columns["n_expressed"]) == {1200.0}


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("Ifop,2017-02-13,900,105,22,20", "105 %"),
        ("Ifop,2017-02-13,900,-3,22,20", "between 0 and 100"),
        ("Ifop,2017-02-13,900,60,40,20", "sum to 120"),
        ("Ifop,never,900,27,22,20", "not a date"),
        ("Ifop,2017-02-31,900,27,22,20", "not a date of the calendar"),
        ("Ifop,2017-02-13,900,,,", "no shares"),
        ("Ifop,,900,27,22,20", "no date"),
    ],
)
def test_an_impossible_poll_is_set_aside_with_its_reason(tmp_path: Path, row: str, reason: str) -> None:
    """The good poll beside it is kept."""
    batch = taken(tmp_path, WIDE + row + "\nIpsos,2017-02-14,900,27,22,20\n" * 1)
    assert reason in reasons(batch)
    assert [reject.line for reject in batch.rejects] == [2]
    assert set(batch.columns["pollster"]) == {"Ipsos"}


def test_a_negative_sample_is_read_as_unknown(tmp_path: Path) -> None:
    """The shares still count; the note says what happened."""
    batch = taken(tmp_path, WIDE + "Ifop,2017-02-13,-900,27,22,20\n")
    assert batch.columns["sample_size"][0] is None
    assert "-900 is not possible" in batch.columns["note"][0]


def test_a_poll_after_the_vote_is_set_aside(tmp_path: Path) -> None:
    """The election's date may stand in the file or come with the reading options."""
    row = WIDE + "Ifop,2017-05-13,900,27,22,20\n"
    assert "after the vote of 2017-04-23" in reasons(taken(tmp_path, row, election_date="2017-04-23"))


def test_repeats_are_set_aside(tmp_path: Path) -> None:
    """Same pollster, dates and figures: one poll."""
    row = "Ifop,2017-02-13,900,27,22,20\n"
    batch = taken(tmp_path, WIDE + row + row)
    assert len(batch) == 3
    assert "repeats the poll of line 2" in reasons(batch)


def test_fractions_become_points(tmp_path: Path) -> None:
    """A file written in fractions of 1 is told by all its polls."""
    batch = taken(tmp_path, WIDE + "Ifop,2017-02-13,900,.27,.22,.20\n" + "BVA,2017-02-14,900,.28,.22,.20\n")
    assert shares(batch)["Ann"] == pytest.approx(28.0)


def test_result_rows_are_results_not_polls(tmp_path: Path) -> None:
    """A row whose pollster reads ``result`` is marked."""
    batch = taken(tmp_path, WIDE + "result,2017-04-23,,24.01,21.3,20.01\nIfop,2017-04-20,900,24,22,20\n")
    assert batch.columns["is_result"] == [True] * 3 + [False] * 3


def test_small_shares_and_footnotes_are_read(tmp_path: Path) -> None:
    """``<1`` counts half of it, a footnote mark counts nothing."""
    batch = taken(tmp_path, WIDE + "Ifop,2017-02-13,900,27[a],22,<1\n")
    assert shares(batch) == {"Ann": 27.0, "Bob": 22.0, "Cem": 0.5}


def test_slashed_dates_follow_the_column(tmp_path: Path) -> None:
    """13 can only be a day, and decides for the whole column."""
    batch = taken(tmp_path, WIDE + "Ifop,02/13/2017,900,27,22,20\nBVA,02/03/2017,900,27,22,20\n")
    assert batch.columns["end_date"][3] == date(2017, 2, 3)


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ("2017-02-13T10:00:00Z", date(2017, 2, 13)),
        ("20170213", date(2017, 2, 13)),
        ("13.02.2017", date(2017, 2, 13)),
        ("13 février 2017", date(2017, 2, 13)),
        ("11–13 Feb 2017", date(2017, 2, 13)),
        ("Feb 11-13, 2017", date(2017, 2, 13)),
        ("30 Jan – 2 Feb 2017", date(2017, 2, 2)),
    ],
)
def test_dates_are_read_as_people_write_them(shown: str, day: date) -> None:
    """Of a range the last day counts."""
    assert moment(shown) == day


@pytest.mark.parametrize(
    "content", ["", "\x00\x01\x02", "{}", "[]", "hello\nworld\n", "[1, 2", "a,b,c\n1,2,3\n"]
)
def test_what_holds_no_polls_is_refused_in_one_line(tmp_path: Path, content: str) -> None:
    """The message names the file and the remedy."""
    with pytest.raises(UnreadableFile) as told:
        taken(tmp_path, content, "odd.csv")
    assert "odd.csv" in str(told.value)
    assert "\n" not in str(told.value)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cells=st.lists(
        st.lists(st.text(max_size=8) | st.integers().map(str) | st.floats().map(str), min_size=4, max_size=7),
        max_size=5,
    )
)
def test_no_table_crashes_the_reader(tmp_path: Path, cells: list[list[str]]) -> None:
    """Any cells under a known header: rows, rejects or one refusal."""
    text = WIDE + "\n".join(",".join(row) for row in cells)
    try:
        batch = taken(tmp_path, text.encode("utf-8", "replace"))
    except UnreadableFile:
        return
    assert all(0 <= share <= 100 for share in batch.columns["share"])


@given(st.text(max_size=20))
def test_a_number_is_a_number_or_refused(shown: str) -> None:
    """Never NaN, never infinite."""
    try:
        value = number(shown)
    except ValueError:
        return
    assert value is None or abs(value) < 1e120


@pytest.mark.parametrize(
    ("name", "polls", "rejects"),
    [
        ("presidentielles_2017.json", 59, ""),
        ("first_round_2017_candidates.csv", 452, "an official result, perhaps of an earlier election"),
        ("tour1_complet_unitedfl.csv", 926, "seats, not shares of the vote"),
    ],
)
def test_the_french_files_are_read_whole(shared_data: Path, name: str, polls: int, rejects: str) -> None:
    """Every poll of the three French files, with what had to be set aside."""
    (batch,) = read(Incoming(shared_data / "polls" / name, "hash", name))
    assert len(set(batch.columns["id"])) == polls
    assert rejects in reasons(batch)


def test_the_american_file_gives_each_race_its_result(shared_data: Path) -> None:
    """One result a race and pair; parties are the candidates' names."""
    (batch,) = read(Incoming(shared_data / "polls" / "us_raw_polls_538.csv", "hash", "538.csv"))
    rows = zip(*(batch.columns[c] for c in ("election", "party", "share", "is_result")), strict=True)
    ohio = {p: s for e, p, s, r in rows if r and e == "2012_Pres-G_OH 2012-11-06"}
    assert ohio == {"Barack Obama": 50.67, "Mitt Romney": 47.69}


def test_the_swedish_file_is_read_with_months_where_days_are_missing(shared_data: Path) -> None:
    """Rows that give only a month stand in its middle, and say so."""
    (batch,) = read(Incoming(shared_data / "polls" / "sweden_polls.csv", "hash", "se.csv"))
    assert len(set(batch.columns["id"])) > 2600
    assert "only the month is known: its middle is used" in batch.columns["note"]
    assert set(batch.columns["party"]) == {"M", "L", "C", "KD", "S", "V", "MP", "SD", "FI"}


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Polling firm,Fieldwork date,Sample size,Ann,Bob,Lead", "Ifop,11–13 Feb 2017,900,27,22,5"),
        ("pollingfirm,year,month,day,n,Ann,Bob", "Ifop,2017,2,13,900,27,22"),
        (
            "state,pollster,number.of.observations,start.date,end.date,Ann,Bob",
            "OH,Ifop,900,2/11/2017,2/13/2017,27,22",
        ),
        (";Institut;Datum;Ann;Bob".replace(";", ","), "1,Ifop,13.02.2017,27,22"),
    ],
)
def test_headers_of_other_countries_are_understood(tmp_path: Path, header: str, row: str) -> None:
    """Columns as encyclopaedias and research data sets call them."""
    batch = taken(tmp_path, f"{header}\n{row}\n")
    assert shares(batch) == {"Ann": 27.0, "Bob": 22.0}
    assert batch.columns["end_date"][0] == date(2017, 2, 13)
    assert batch.columns["pollster"][0] == "Ifop"


def test_a_long_table_in_fractions_with_results_is_understood(tmp_path: Path) -> None:
    """Voting intention as a fraction, and an election result among the pollsters."""
    rows = ["Colmar,2014-09-01,2014,{},{}".format(*pair) for pair in (("Ann", 0.47), ("Bob", 0.25))]
    rows += [
        "Election result,2014-09-20,2014,{},{}".format(*pair) for pair in (("Ann", 0.4704), ("Bob", 0.2513))
    ]
    batch = taken(tmp_path, "Pollster,MidDate,ElectionYear,Party,VotingIntention\n" + "\n".join(rows))
    assert batch.columns["share"] == pytest.approx([47, 25, 47.04, 25.13])
    assert batch.columns["is_result"] == [False, False, True, True]
    assert set(batch.columns["election"]) == {"2014"}
