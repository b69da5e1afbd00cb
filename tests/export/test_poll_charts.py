"""Charts are well-formed SVG without script, whatever the names, and show the numbers they are given."""

from __future__ import annotations

import xml.etree.ElementTree as ElementTree
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.export.poll_charts import average_chart, event_strip, house_effects_chart, run_off_matrix

SVG = "{http://www.w3.org/2000/svg}"
HOSTILE = '"><script>alert(1)</script>'


def parsed(svg: str) -> ElementTree.Element:
    """The picture as a tree; a broken one raises."""
    tree = ElementTree.fromstring(svg)
    assert not [e for e in tree.iter() if e.tag == f"{SVG}script"]
    assert not [name for e in tree.iter() for name in e.attrib if name.startswith("on") or name == "style"]
    return tree


def average(party: str = "blue") -> list[dict[str, Any]]:
    """Two days of two parties."""
    return [
        {"date": f"2021-01-0{day}", "party": name, "mean": mean, "i95": [mean - 3, mean + 3]}
        for day in (1, 2)
        for name, mean in ((party, 30.0), ("red", 40.0))
    ]


EVENT = {
    "date": "2021-02-01",
    "kind": "step",
    "party": "blue",
    "shift": -1.1,
    "interval": [-4.6, 2.4],
    "mde": 5.0,
}


def placebos(party: str = "blue") -> list[dict[str, Any]]:
    """Three other dates."""
    return [
        {
            "event": "2021-02-01",
            "kind": "step",
            "party": party,
            "date": f"2021-03-0{i}",
            "shift": i - 2.0,
            "z": 0.5,
        }
        for i in (1, 2, 3)
    ]


def test_the_average_has_a_line_and_a_band_a_party_and_a_dot_a_poll() -> None:
    """Two parties, one poll, one result."""
    polls = [{"date": "2021-01-01", "party": "blue", "share": 31}]
    tree = parsed(average_chart(average(), polls, {"red": 41.0}))
    assert len(tree.findall(f"{SVG}polyline")) == 2
    assert len(tree.findall(f"{SVG}polygon")) == 2
    assert len(tree.findall(f"{SVG}circle")) == 1
    assert len(tree.findall(f"{SVG}path")) == 1


def test_columns_and_rows_draw_the_same_picture() -> None:
    """The flat table of the result files and the JSON rows."""
    rows = average()
    columns = {name: [row[name] for row in rows] for name in ("date", "party", "mean")}
    columns |= {"i95_low": [r["i95"][0] for r in rows], "i95_high": [r["i95"][1] for r in rows]}
    assert average_chart(columns) == average_chart(rows)


def test_a_larger_share_stands_higher() -> None:
    """SVG counts downwards."""
    lines = parsed(average_chart(average())).findall(f"{SVG}polyline")
    heights = [float(line.attrib["points"].split(",")[1].split()[0]) for line in lines]
    assert heights[0] < heights[1]  # red, at 40, is drawn first


def test_house_effects_have_a_dot_a_pollster_and_party() -> None:
    """Names of pollsters stand on the left."""
    rows = [
        {"pollster": house, "party": party, "effect": 1.0, "interval": [-0.5, 2.5]}
        for house in ("Ifop", "BVA")
        for party in ("blue", "red")
    ]
    svg = house_effects_chart(rows)
    assert len(parsed(svg).findall(f"{SVG}circle")) == 4
    assert "Ifop" in svg


def test_the_matrix_shows_each_pair_twice() -> None:
    """Three parties: six cells, the likeliest party first."""
    odds = [
        {"kind": "pairing", "parties": ["a", "b"], "probability": 0.7},
        {"kind": "pairing", "parties": "a | c", "probability": 0.2},
        {"kind": "pairing", "parties": ["b", "c"], "probability": 0.1},
        {"kind": "plurality", "parties": ["a"], "probability": 0.9},
    ]
    svg = run_off_matrix(odds)
    assert len(parsed(svg).findall(f"{SVG}rect")) == 6
    assert ">70<" in svg
    assert "a 90 %" in svg


def test_the_strip_has_a_dot_a_placebo_date_beside_the_event() -> None:
    """Only dates of the same event, party and kind."""
    tree = parsed(event_strip(EVENT, placebos() + placebos("red")))
    assert len(tree.findall(f"{SVG}circle")) == 1 + 3


@pytest.mark.parametrize("draw", [average_chart, house_effects_chart, run_off_matrix])
def test_no_rows_draw_an_empty_picture(draw: Any) -> None:
    """Nothing to show is no error."""
    parsed(draw([]))


def test_hostile_names_stay_text() -> None:
    """A party called like a script is shown as its letters."""
    effects = [{"pollster": HOSTILE, "party": HOSTILE, "effect": 1.0, "interval": [0, 2]}]
    pairs = [{"kind": "pairing", "parties": [HOSTILE, "b"], "probability": 1.0}]
    event = {**EVENT, "party": HOSTILE, "label": HOSTILE}
    pictures = (average_chart(average(HOSTILE)), house_effects_chart(effects), run_off_matrix(pairs))
    for svg in (*pictures, event_strip(event, placebos(HOSTILE))):
        parsed(svg)
        assert "<script" not in svg


@settings(max_examples=40, deadline=None)
@given(name=st.text(max_size=12), mean=st.floats(0, 100), half=st.floats(0, 50))
def test_any_name_and_share_gives_well_formed_pictures(name: str, mean: float, half: float) -> None:
    """Control characters, quotes, surrogate-free text of any script."""
    rows = [{"date": "2021-01-01", "party": name, "mean": mean, "i95": [mean - half, mean + half]}]
    parsed(average_chart(rows))
    parsed(event_strip({**EVENT, "party": name, "shift": mean}, placebos(name)))
