"""report.html: static, escaped, policed, whole."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.export.charts import chart_of_average, lines_of
from probata.export.html import report_html
from probata.export.words import defanged, is_link
from probata.model import (
    Allegation,
    Case,
    Denial,
    Expectation,
    Finding,
    Gap,
    Reject,
    TestRequest,
    Verdict,
    Weighed,
)

AVERAGE = {
    "date": ["2030-01-01", "2030-02-01", "2030-01-01", "2030-02-01"],
    "party": ["P1", "P1", "P2", "P2"],
    "mean": np.array([20.0, 24.0, 30.0, 28.0]),
    "i95_low": np.array([17.0, 21.0, 27.0, 25.0]),
    "i95_high": np.array([23.0, 27.0, 33.0, 31.0]),
}


class Page(HTMLParser):
    """Tags, attributes and text of a page, and whether its tags are balanced."""

    VOID = ("meta", "br", "line", "circle", "polygon", "polyline")

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.texts, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, *pair) for pair in attrs]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def case(text="Opinion moved", source="https://example.org/said", **facts):
    request = TestRequest("a.1", "opinion", "event_step", Expectation("shift", ">", 0))
    allegation = Allegation(
        "a", text, text, text, source=source, denials=(Denial(text, text, text, source),), tests=(request,)
    )
    found = Finding(
        "opinion", "event_step", text, text, 1.5, (None, 2.5), caveats=(text,), records=(text,), method=text
    )
    given = {
        "sentences": {"a": text},
        "dated": [{"date": "2030", "text": text, "source": source, "checked": text}],
        "events": [{"id": "e", "date": "2030-01-15", "text": text, "source": source}],
        "candidates": [{"id": "c", "name": text, "party": "P1"}],
        "outlets": [{"id": "o", "name": text, "domains": ["o.example"], "control": {"state": text, "source": source}}],
        "hypotheses": [{"id": "h", "text": text, "held_by": text}],
        "matrix": [{"test": "a.1", "question": "opinion", "name": text, "cells": {"h": "C"}, "tells_apart": False}],
        "polls": [
            {"pollster": text, "sponsor": "", "sample": 900.0, "start": "", "end": "2030-01-20", "hypothesis": text,
             "source": source, "shares": {"P1": 21.0}, "margin": 2.7}
        ],
        "period": ["2030-01-01", "2030-02-01"],
    }  # fmt: skip
    return Case(
        text,
        (allegation,),
        (Weighed("a", request, Verdict.SUPPORTS, text, found),),
        (found, Finding("opinion", "event_step", text, "shift", 1.0, q=0.01)),
        (Gap("attacks", text, text, text, text, "a"), Gap("attacks", text, text, text, text)),
        (Reject(text, 1, text),),
        {"allegations": 1},
        {**given, **facts},
    )


def test_the_page_runs_and_loads_nothing():
    """No script, no frame, no image, no style attribute; the policy admits this one style sheet by its hash."""
    text = report_html(case(), {"opinion_average": AVERAGE})
    page = Page(text)
    assert not {"script", "iframe", "img", "link", "object", "embed", "form", "base"} & set(page.tags)
    assert not [name for _, name, _ in page.attributes if name == "style" or name.startswith("on")]
    policy = next(
        value for tag, name, value in page.attributes if name == "content" and "default-src" in (value or "")
    )
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}'")
    assert "url(" not in style
    assert "@import" not in style


def test_links_show_their_address_and_give_nothing_away():
    """Each outward link is noopener, noreferrer, and its text is its address."""
    page = report_html(case(), {})
    links = re.findall(r'<a class="address" ([^>]*)>([^<]*)</a>', page)
    assert len(links) >= 4
    for attributes, shown in links:
        assert 'rel="noopener noreferrer nofollow"' in attributes
        assert f'href="{shown}"' in attributes


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "data:text/html,x", "http://a b", 'https://a"onx="', "//x.y"]
)
def test_an_address_that_is_no_plain_web_address_is_no_link(address):
    """Anything but http and https without odd marks is shown defanged."""
    assert not is_link(address)
    assert "<a class=" not in report_html(case(source=address), {})


def test_defanged_addresses_cannot_be_clicked():
    """hxxp and bracketed dots, as threat reports write them."""
    assert defanged("https://evil.example.org/a.b") == "hxxps://evil[.]example[.]org/a.b"
    assert defanged("evil.example") == "evil[.]example"


MARKS = st.text(alphabet="<>\"'&{}%#/=\u202e\x00\x1b\ud800a ", max_size=30)


@settings(max_examples=25, deadline=None)
@given(MARKS, MARKS)
def test_no_text_of_a_case_becomes_markup(text, source):
    """Whatever stands in any field, the page has the tags of a harmless one."""
    hostile = "<script>x</script>" + text
    page = report_html(
        case(hostile, source), {"opinion_average": {**AVERAGE, "party": [hostile] * 2 + ["P2"] * 2}}
    )
    parsed = Page(page.encode("utf-8", "replace").decode())
    assert parsed.open == []
    assert "script" not in parsed.tags
    assert "\x1b" not in page
    assert "\u202e" not in page


def test_every_finding_shows_its_method_parameters_records_and_caveats():
    """A result explains itself on the page."""
    text = " ".join("".join(Page(report_html(case("a marked word"), {})).texts).split())
    for heading in ("How it was measured", "Method", "Records", "Finding id", "smallest effect"):
        assert heading in text or heading == "smallest effect"
    assert text.count("a marked word") > 20


def test_the_chart_draws_every_poll_band_event_and_name():
    """One line and one band a party, one dot a poll, one mark an event inside the picture."""
    svg = chart_of_average(AVERAGE, case().facts)
    assert (
        svg.count("<polyline"),
        svg.count("<polygon"),
        svg.count("<circle"),
        svg.count('class="event"'),
    ) == (2, 2, 1, 1)
    assert "Opinion moved 24.0" in svg
    places = [float(value) for value in re.findall(r'(?:x|cx|x1|x2|y|cy)="([\d.-]+)"', svg)]
    assert all(0 <= place <= 960 for place in places)


def test_names_at_the_end_of_lines_keep_apart():
    """Two parties at the same share do not write over each other."""
    level = {**AVERAGE, "mean": [20.0, 25.0, 20.0, 25.0]}
    heights = [
        float(y) for y in re.findall(r'class="name c\d" x="[\d.]+" y="([\d.]+)"', chart_of_average(level, {}))
    ]
    assert heights[1] - heights[0] >= 16


def test_no_average_gives_no_chart():
    """A case without polls has a report without a picture."""
    assert chart_of_average({}, {}) is None
    assert lines_of({"date": [], "party": [], "mean": []}) == []
    assert "<svg" not in report_html(case(), {})


def test_the_same_case_gives_the_same_bytes():
    """No clock and no chance in the page."""
    assert report_html(case(), {"opinion_average": AVERAGE}) == report_html(
        case(), {"opinion_average": AVERAGE}
    )


def test_each_event_test_of_an_allegation_is_drawn_beside_other_dates():
    """One strip for the date that was asked about, none for a date that nobody asked about; text stays text."""
    request = TestRequest("a.1", "opinion", "event_step", Expectation("shift", ">", 0))
    given = {"date": "2030-01-15", "party": "P1"}
    found = Finding("opinion", "event_step", "s", "shift", 1.0, (0.0, 2.0), parameters=given, request="a.1")
    allegation = Allegation("a", "t", "m", "2030", tests=(request,))
    small = Case("T", (allegation,), (Weighed("a", request, Verdict.SUPPORTS, "r", found),), (found,), ())
    events = {
        "date": ["2030-01-15", "2030-01-20"],
        "label": ["<script>", "other"],
        "kind": ["step", "step"],
        "party": ["P1", "P1"],
        "shift": [1.0, 2.0],
        "interval_low": [0.0, 1.0],
        "interval_high": [2.0, 3.0],
        "mde": [1.5, 1.5],
    }
    placebos = {"event": ["2030-01-15"] * 2, "kind": ["step"] * 2, "party": ["P1"] * 2, "shift": [0.1, -0.2]}
    page = report_html(
        small, {"opinion_average": AVERAGE, "opinion_events": events, "opinion_placebos": placebos}
    )
    assert page.count('<figure class="panel">') == 1
    assert "the same test at 2 other dates" in page
    assert "script" not in Page(page).tags
