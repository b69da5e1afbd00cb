"""Rules as data: each with a sample and the lines it must find."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.attacks import RULES
from probata.analyse.attacks.detect import detect
from probata.analyse.attacks.literals import Literals
from probata.analyse.attacks.match import evaluate
from probata.analyse.attacks.sigma import Rule, RuleError, load, parse, read
from probata.analyse.attacks.windows import flagged
from probata.collect import Incoming
from probata.collect.logs import read as read_logs
from probata.store import Store, open_store

NAMES = sorted(path.stem for path in RULES.glob("*.yml"))


def stored(*paths: Path) -> Store:
    """A store in memory that holds the events of log files."""
    store = open_store(None)
    for path in paths:
        for number, batch in enumerate(read_logs(Incoming(path, "0" * 64, path.name, {"year": 2017}))):
            store.add("events", f"{path.stem}-{number}", batch.columns)
    return store


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_finds_the_lines_of_its_sample_and_no_others(name: str) -> None:
    """A rule is one YAML, one sample log and one expected result."""
    expected = json.loads((RULES / f"{name}.expected.json").read_text())["lines"]
    rule = next(r for r in load([RULES]) if r.id == name)
    store = stored(RULES / f"{name}.log")
    rows = store.read("SELECT * FROM events ORDER BY line")
    if rule.window is None:
        truth = evaluate([rule], {f: rows[f] for f in rule.fields})[rule.id]
        assert rows["line"][truth].astype(int).tolist() == expected
        return
    found = detect(store, load([RULES]))
    mine = found.volumes["rule"].astype(str) == name
    wanted = np.isin(rows["line"].astype(int), expected)
    assert found.volumes["events"][mine].sum() == len(expected)
    assert set(found.volumes["source"][mine]) == set(rows["source.address"][wanted])
    assert 0 < len(expected) <= len(rows["line"])


def test_every_rule_says_what_it_is_evidence_of() -> None:
    """A reported rule carries an ATT&CK technique or is set aside; names are unique."""
    rules = load([RULES])
    assert len({rule.id for rule in rules}) == len(rules) >= 20
    assert all(rule.techniques or rule.set_aside or rule.support for rule in rules)


@given(
    st.lists(st.text("abA/.%é", min_size=1, max_size=5), min_size=1, max_size=8),
    st.lists(st.text("abA/.%é", max_size=30), max_size=8),
)
@settings(max_examples=150, deadline=None)
def test_the_automaton_finds_what_a_plain_search_finds(literals: list[str], texts: list[str]) -> None:
    """All literals at once give the same answer as one search each."""
    machine = Literals(literals)
    plain = [[literal in text.lower() for literal in machine.literals] for text in texts]
    assert machine.hits(texts).tolist() == plain


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.integers(-1, 4)), max_size=40),
    st.integers(1, 20), st.integers(1, 5), st.booleans(),
)  # fmt: skip
@settings(max_examples=150, deadline=None)
def test_a_window_is_flagged_exactly_where_counting_by_hand_says_so(
    rows: list[tuple[int, int, int]], span: int, least: int, values: bool
) -> None:
    """The sliding count agrees with looking at every window."""
    group, time, value = (np.array([r[i] for r in rows], dtype=np.int64) for i in range(3))
    marks = flagged(group, time, value if values else None, span, least)
    wanted = np.zeros(len(rows), dtype=bool)
    for end in range(len(rows)):
        inside = (group == group[end]) & (time <= time[end]) & (time >= time[end] - span)
        seen = len(set(value[inside]) - {-1}) if values else int(inside.sum())
        if seen >= least:
            wanted |= inside
    assert marks.tolist() == wanted.tolist()


SIGMA = """
title: Test
id: 0a1b
tags: [attack.t1190]
logsource: {category: webserver}
detection:
  a:
    cs-method: POST
    cs-uri-query|contains|all: [x=1, y=2]
  b:
    cs-user-agent|startswith: bad
  filter:
    sc-status: 404
  words:
    - secret
  condition: (a or 1 of b*) and not filter or words
"""


def test_a_sigma_rule_decides_as_its_condition_says(tmp_path: Path) -> None:
    """Fields, modifiers, brackets, not, 1 of, keywords."""
    path = tmp_path / "rule.yml"
    path.write_text(SIGMA)
    (rule,) = read(path)
    rows = {
        "http.request.method": ["POST", "POST", "GET", "GET", "GET"],
        "url.original": ["/?y=2&x=1", "/?x=1", "/", "/", "/Secret"],
        "user_agent.original": ["-", "-", "Bad bot", "Bad bot", None],
        "http.response.status_code": [200.0, 200.0, 200.0, 404.0, 404.0],
        "http.request.referrer": [None] * 5,
        "message": [None] * 5,
    }
    assert evaluate([rule], rows)[rule.id].tolist() == [True, False, True, False, True]
    assert rule.techniques == ("T1190",)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        (("condition: (a", "condition: (zzz"), "zzz"),
        (("contains|all", "base64|all"), "base64"),
        (("or words", "or words | count() > 5"), "aggregation"),
        (("title: Test", "name: x"), "title"),
        (("(a or", "(a or or"), "or"),
    ],
)  # fmt: skip
def test_a_rule_outside_the_subset_is_one_clear_error(
    tmp_path: Path, change: tuple[str, str], word: str
) -> None:
    """Half a rule is never applied: file and reason are named."""
    path = tmp_path / "rule.yml"
    path.write_text(SIGMA.replace(*change))
    with pytest.raises(RuleError, match=rf"rule\.yml: .*{word}") as error:
        load([path])
    assert "\n" not in str(error.value)


WILD = st.recursive(
    st.none() | st.text(max_size=8) | st.integers(),
    lambda x: st.lists(x, max_size=3) | st.dictionaries(st.text(max_size=8), x, max_size=3),
    max_leaves=12,
)


@given(WILD)
@settings(max_examples=150, deadline=None)
def test_a_hostile_rule_is_an_error_or_a_rule(document: Any) -> None:
    """Whatever the YAML holds, parsing ends in a rule or in its own error."""
    detection = {"condition": "a", "a": document}
    for given_ in (document, {"title": "x", "detection": document}, {"title": "x", "detection": detection},
                   {"title": "x", "correlation": document}):  # fmt: skip
        try:
            assert isinstance(parse(given_), Rule)
        except RuleError:
            continue


def test_a_regular_expression_that_explodes_does_not_hang() -> None:
    """A rule from elsewhere may be slow on purpose: each value has its time."""
    rule = parse({"title": "x", "detection": {"a": {"url|re": "(a+)+$"}, "condition": "a"}})
    assert evaluate([rule], {"url.original": ["a" * 5000 + "!"]})["x"].tolist() == [False]


def test_encoded_attacks_are_found_in_every_layer() -> None:
    """A request is searched as written, decoded once and decoded twice."""
    rule = next(r for r in load([RULES]) if r.id == "web-traversal")
    urls = [
        "/?f=../../etc/passwd",
        "/?f=%2e%2e%2f%2e%2e%2fetc%2fpasswd",
        "/?f=%252e%252e%252f%252e%252e%252fetc%252fpasswd",
        "/index.html",
    ]
    assert evaluate([rule], {"url.original": urls})[rule.id].tolist() == [True, True, True, False]


def test_known_scanners_are_set_aside_and_named(tmp_path: Path) -> None:
    """A research scanner's attempts are not counted among the attacks."""
    path = tmp_path / "a.log"
    line = '{} - - [12/Feb/2017:10:00:00 +0000] "GET /.env HTTP/1.1" 404 1 "-" "{}"\n'
    path.write_text(line.format("192.0.2.1", "CensysInspect/1.1") + line.format("192.0.2.2", "Mozilla/5.0"))
    found = detect(stored(path), load([RULES]))
    assert found.aside == {"192.0.2.1": "known-scanner"}
