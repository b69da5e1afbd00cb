"""The 18-item rubric: what a text shows is filled in with passages, the rest is asked; totals are added up again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.analyse.claims.ledger import ledger
from probata.analyse.claims.rubric import ITEMS, BadScores, band, read_fiat, rubric, total
from probata.analyse.claims.table import columns_of
from probata.model import Source

TEXT = (
    "Campaign manager Vic Dolan said the site Vesper had spread false reports with the aim of hurting voters. "
    "We analysed 40 logs and published the data at https://dolan.example/data, Dolan said. "
    "We cannot say who paid for it, Dolan said. Rain fell."
)
NAMES = (Source("vesper", "Vesper"),)


def row(position: int, source: str, content: str, act: str) -> dict[str, Any]:
    """A row of the attributions table whose spans are found in ``TEXT``."""
    start, at = TEXT.index(content), TEXT.index(source)
    return {
        "id": f"r{position}", "article": "a", "position": position, "source_text": source,
        "source_start": at, "source_end": at + len(source), "speaker": "Vic Dolan", "anonymous": False,
        "cue_text": "said", "cue_start": 0, "cue_end": 1, "content_text": content,
        "content": json.dumps([[start, start + len(content)]]), "kind": "indirect", "act": act, "target": "Vesper",
        "target_id": "vesper", "evidence": "[]", "confidence": 1.0, "engine": "x",
    }  # fmt: skip


ROWS = [
    row(
        0,
        "Campaign manager Vic Dolan",
        "the site Vesper had spread false reports with the aim of hurting voters",
        "accuses",
    ),
    row(1, "Dolan", "We analysed 40 logs and published the data at https://dolan.example/data", "asserts"),
    row(2, "Dolan", "We cannot say who paid for it", "asserts"),
]
ARTICLES = {"id": np.array(["a"], object), "published_earliest": np.array(["2030-05-01"], "datetime64[us]")}


def filled(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The rubric of the one allegation of these rows, by item."""
    table = columns_of(rows)
    found, _ = ledger(table, ARTICLES, NAMES)
    assert len(found) == 1
    return {line["item"]: line for line in rubric(found[0], table, {"a": TEXT}, NAMES)}


def test_there_are_eighteen_items_in_four_parts() -> None:
    """Five items on credibility, three on objectivity, five on evidence, five on transparency."""
    assert len({item.id for item in ITEMS}) == 18
    assert [sum(i.part == p for i in ITEMS) for p in ("credibility", "objectivity", "evidence", "transparency")] == [
        5, 3, 5, 5,
    ]  # fmt: skip


def test_what_the_text_shows_is_filled_in() -> None:
    """Source in a campaign: no; actor named, aim stated, data open, method explained, limits admitted: yes."""
    answers = {item: line["answer"] for item, line in filled(ROWS).items() if line["answer"] is not None}
    assert answers == {
        "campaign_affiliation": False,
        "identified_responsibility": True,
        "strategic_rationale": True,
        "open_access": True,
        "methodology": True,
        "acknowledge_limitations": True,
    }


def test_every_passage_is_verbatim_and_every_answer_has_one() -> None:
    """No item is answered without a passage, and passages are the words of the text."""
    for line in filled(ROWS).values():
        assert line["answer"] is None or line["passages"]
        for passage in line["passages"]:
            assert TEXT[passage["start"] : passage["end"]] == passage["text"]


def test_what_the_text_does_not_show_is_asked() -> None:
    """Money, record, headline are for the analyst; so is all that a bare accusation leaves out."""
    bare = filled(ROWS[:1])
    for item in (
        "financial_incentive",
        "published_mis_disinfo",
        "convey_content",
        "open_access",
        "corroboration",
    ):
        assert bare[item]["answer"] is None
        assert "ask the analyst" in bare[item]["note"]


def test_words_of_others_answer_nothing() -> None:
    """A link that somebody else gives does not make the accuser's data open."""
    other = ROWS[1] | {"speaker": "Ada Quill"}
    assert filled([ROWS[0], other])["open_access"]["answer"] is None


def test_there_is_no_total_before_a_person_has_answered_everything() -> None:
    """One open item leaves the total open; with all answered it is the number of yeses."""
    answers: dict[str, bool | None] = {item.id: True for item in ITEMS}
    assert total(answers) == 18
    assert total(answers | {"language": None}) is None
    assert total(answers | {"language": False}) == 17
    with pytest.raises(KeyError, match="guilt"):
        total({"guilt": True})


def test_bands_are_those_of_the_tracker() -> None:
    """From 15 especially reliable, up to 6 to be scrutinised."""
    assert [band(n) for n in (6, 7, 14, 15)] == [
        "to be scrutinised", "between", "between", "especially reliable",
    ]  # fmt: skip


def write(path: Path, **cells: str) -> Path:
    """A file of one scored case, all items 1 and totals right unless told otherwise."""
    row = {
        "case_hash": "X1",
        **{f"attribution_{item.id}": "1" for item in ITEMS},
        "attribution_total_score": "18",
    }
    row |= cells
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", "utf-8")
    return path


def test_a_wrong_total_is_reported_and_not_mended(tmp_path: Path) -> None:
    """The fault names case, computed and stored total; the stored one stays as it is."""
    scores = read_fiat(write(tmp_path / "x.csv", attribution_total_score="17"))
    assert [(f.case, f.what, f.computed, f.stored, f.line) for f in scores.faults] == [
        ("X1", "total", 18, 17, 2)
    ]
    assert scores.cases[0].stored == 17
    assert read_fiat(write(tmp_path / "y.csv")).faults == ()


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ({"attribution_language": "2"}, "line 2: attribution_language is '2'"),
        ({"attribution_total_score": "many"}, "line 2: attribution_total_score is 'many'"),
    ],
)
def test_a_bad_cell_is_an_error_with_its_line(tmp_path: Path, cells: dict[str, str], message: str) -> None:
    """An item that is neither 0 nor 1, or a total that is no number, is named in one line."""
    with pytest.raises(BadScores, match=message):
        read_fiat(write(tmp_path / "x.csv", **cells))


def test_another_table_is_refused(tmp_path: Path) -> None:
    """A file without the columns says which is missing; binary rubbish is refused in one line."""
    (tmp_path / "x.csv").write_text("a,b\n1,2\n", "utf-8")
    with pytest.raises(BadScores, match="'case_hash' is missing"):
        read_fiat(tmp_path / "x.csv")
    (tmp_path / "y.csv").write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(BadScores, match="cannot be read"):
        read_fiat(tmp_path / "y.csv")


def test_the_public_cases_have_six_wrong_totals(shared_data: Path) -> None:
    """84 cases, six stored totals that are not the sum of their items, one item left empty, mean 12.1."""
    path = shared_data / "attributions" / "fiat_2020.csv"
    if not path.is_file():
        pytest.skip(f"{path} is absent")
    scores = read_fiat(path)
    assert len(scores.cases) == 84
    assert {f.case: (f.computed, f.stored) for f in scores.faults} == {
        "QHVF6C7V": (10, 9),
        "B3RT49PV": (16, 14),
        "G7LNVVQF": (11, 10),
        "E8YL4KIJ": (12, 13),
        "QVQ936DM": (14, 15),
        "EWEDMP63": (16, 17),
    }
    assert {item for _, item in scores.empty} == {"corroboration"}
    stored = [case.stored for case in scores.cases if case.stored is not None]
    assert round(sum(stored) / len(stored), 1) == 12.1
    assert sum(points >= 15 for points in stored) == 21
    assert sum(points <= 6 for points in stored) == 7
    tech = [case.points for case in scores.cases if case.category == "Technology Company"]
    assert (len(tech), round(sum(tech) / len(tech), 1)) == (25, 13.7)
