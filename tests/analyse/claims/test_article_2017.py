"""The article of 14 February 2017: every attribution of the dispute, written down as offsets, not text."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from probata.analyse.claims import analyse
from probata.model import Ask
from probata.store import open_store

NAME = "article/2017-02-14-macron-fake-news.txt"

EXPECTED = [
    # first content piece starts, last ends, speaker, act, kind
    (592, 732, "Richard Ferrand", "accuses", "indirect"),  # the party's accusation against the two outlets
    (
        735,
        913,
        "Richard Ferrand",
        "accuses",
        "direct",
    ),  # attacks come over the border, both halves of the quotation
    (915, 1035, "Richard Ferrand", "accuses", "direct"),  # an orchestrated attempt
    (1060, 1164, "Richard Ferrand", "demands", "indirect"),  # called on the government to take steps
    (1180, 1400, "Richard Ferrand", "accuses", "mixed"),  # both rivals "mysteriously spared"
    (1403, 1511, "Richard Ferrand", "predicts", "direct"),  # what would follow if the attacks succeeded
    (1564, 1708, "Richard Ferrand", "accuses", "mixed"),  # the attack figures
    (1811, 1999, "Richard Ferrand", "demands", "direct"),  # the demand for state measures
    (
        2008,
        2160,
        "Richard Ferrand",
        "accuses",
        "mixed",
    ),  # half from one country, a structured group: "He said"
    (
        3725,
        3915,
        "Richard Ferrand",
        "accuses",
        "direct",
    ),  # two outlets spread false stories, others pick them up
    (4155, 4271, "Russia Today", "denies", "indirect"),  # the outlet rejects the allegations
    (4273, 4513, "Russia Today", "denies", "direct"),  # no evidence was shown: "the news channel"
    (4671, 4820, "Julian Assange", "asserts", "mixed"),  # "interesting information": "who"
    (4870, 4936, "Kremlin", "denies", "indirect"),  # the denial from the Kremlin
    (5028, 5104, "Dmitry Peskov", "denies", "indirect"),  # the charges were absurd
    (5107, 5400, "Dmitry Peskov", "denies", "direct"),  # no intention of interfering
    (5662, 5773, "Sputnik", "denies", "indirect"),  # the second outlet's statement
    (5776, 5901, "Sputnik", "asserts", "direct"),  # it covers events as they are: "it"
]

OWN_VOICE = [
    (3230, 3344),  # the favourite in the polls
    (5402, 5420),  # "Well, in a world"
    (5903, 6240),  # the author's last word
]


@pytest.fixture(scope="module")
def rows(shared_data: Path) -> list[dict[str, Any]]:
    path = shared_data / NAME
    if not path.is_file():
        pytest.skip(f"{NAME} is absent")
    with open(path, encoding="utf-8", newline="") as handle:
        text = handle.read()
    store = open_store(None)
    store.add("articles", "p1", {"id": ["a1"], "text": [text], "lang": ["en"]})
    found: list[dict[str, Any]] = analyse(store, Ask()).document["attributions"]
    return found


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda item: f"{item[2]}-{item[0]}")
def test_each_statement_of_the_dispute_has_its_speaker_and_act(
    rows: list[dict[str, Any]], expected: Any
) -> None:
    """Span, resolved speaker, act and kind of each statement are as a reader would mark them."""
    found = [
        (row["content"][0]["start"], row["content"][-1]["end"], row["speaker"], row["act"], row["kind"])
        for row in rows
    ]
    assert expected in found, [item for item in found if abs(item[0] - expected[0]) < 60]


@pytest.mark.parametrize("span", OWN_VOICE)
def test_the_authors_own_voice_is_attributed_to_nobody(
    rows: list[dict[str, Any]], span: tuple[int, int]
) -> None:
    """No content overlaps what the author says for himself."""
    inside = [
        piece["text"]
        for row in rows
        for piece in row["content"]
        if piece["start"] < span[1] and piece["end"] > span[0] and row["speaker"]
    ]
    assert inside == []
