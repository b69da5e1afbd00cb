"""case.json, manifest.json and tables: the machine-readable contract."""

from __future__ import annotations

import csv
import io
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from probata.export.document import case_document, manifest_document
from probata.export.report import RunFacts, write_report
from probata.export.tables import csv_text, finding_columns, jsonl_text
from probata.model import Allegation, Answer, Case, Expectation, Finding, Gap, TestRequest, Verdict, Weighed
from probata.store import open_store


def small_case():
    request = TestRequest("a.1", "opinion", "event_step", Expectation("shift", ">", 0, 2), {"party": "P1"})
    found = Finding(
        "opinion", "event_step", "It moved.", "shift", 1.5, (math.nan, 2.5), 0.95, 0.01, n=40, mde=math.inf,
        version="1",
        parameters={"party": "P1"}, seed=7, request="a.1",
    )  # fmt: skip
    allegation = Allegation("a", "Opinion moved", "a spokeswoman", "2030-05-01", tests=(request,))
    return Case(
        "T",
        (allegation,),
        (Weighed("a", request, Verdict.NOT_ENOUGH_INFO, "why", found),),
        (found,),
        (Gap("attacks", "logs", "the party", "ask", "it", "a"),),
        (),
        {"allegations": 1},
        {"sentences": {"a": "One sentence."}, "period": ["2030-01-01", "2030-02-01"]},
    )


def test_the_document_has_the_keys_of_the_contract():
    """Names are those of docs/formats.md; a finding is referred to by its id; no NaN, no Infinity."""
    document = json.loads(json.dumps(case_document(small_case()), allow_nan=False))
    assert {"schema", "title", "allegations", "findings", "gaps", "counts"} <= set(document)
    (allegation,) = document["allegations"]
    assert {"id", "text", "made_by", "made_on", "denials", "tests", "evidence", "gaps", "sentence"} <= set(
        allegation
    )
    (test,) = allegation["tests"]
    assert {"test", "expects", "finding", "verdict", "reason"} <= set(test)
    (found,) = document["findings"]
    assert test["finding"] == found["id"]
    assert test["verdict"] == "NOT_ENOUGH_INFO"
    assert (found["interval"], found["mde"]) == ([None, 2.5], None)
    assert allegation["gaps"] == document["gaps"]
    assert allegation["evidence"][0]["finding"] == found["id"]
    assert "sentences" not in document["facts"]


@dataclass
class Run:
    id: str = "run"
    started: datetime = datetime(2030, 1, 1, tzinfo=UTC)
    ended: datetime = datetime(2030, 1, 1, 1, tzinfo=UTC)
    seed: int = 7
    case_digest: str = "c"
    inputs: dict = field(default_factory=lambda: {"b": "2", "a": "1"})


def test_only_started_and_ended_depend_on_the_clock():
    """Two runs of the same inputs differ in two keys of the manifest and nowhere else."""
    first = manifest_document(Run(), {"case.json": "h"}, small_case())
    later = manifest_document(Run(started=datetime(2031, 1, 1, tzinfo=UTC)), {"case.json": "h"}, small_case())
    assert {key for key in first if first[key] != later[key]} == {"started"}
    assert first["started"] == "2030-01-01T00:00:00Z"
    assert list(first["inputs"]) == ["a", "b"]
    assert first["seeds"] == [7]
    assert first["methods"] == [{"question": "opinion", "test": "event_step", "method": "", "version": "1"}]
    assert {"probata", "python", "duckdb", "numpy"} <= set(first["versions"])


def test_findings_become_columns_that_read_back(tmp_path):
    """One row a finding; absent numbers are null in Parquet; what is nested is JSON."""
    store = open_store(None)
    path = tmp_path / "findings.parquet"
    store.export(path, finding_columns(small_case().findings))
    row = store.read(f"SELECT * FROM '{path}'")
    assert row["statement"][0] == "It moved."
    assert (row["estimate"][0], row["n"][0], row["high"][0]) == (1.5, 40.0, 2.5)
    assert math.isnan(row["low"][0])
    assert math.isnan(row["q"][0])
    assert json.loads(row["parameters"][0]) == {"party": "P1"}


def test_no_finding_still_makes_a_table(tmp_path):
    """A case without findings has an empty findings.parquet with all its columns."""
    store = open_store(None)
    store.export(tmp_path / "f.parquet", finding_columns(()))
    assert len(store.read(f"SELECT * FROM '{tmp_path / 'f.parquet'}'")["id"]) == 0


ROWS = st.lists(
    st.fixed_dictionaries(
        {"a": st.text(st.characters(exclude_categories=["Cs"]), max_size=10), "b": st.floats()}
    ),
    max_size=5,
)


@given(ROWS)
def test_csv_and_json_lines_read_back(rows):
    """Every row comes back; a cell that would run as a formula is quoted."""
    back = list(csv.DictReader(io.StringIO(csv_text(rows), newline="")))
    assert len(back) == len(rows) or not rows
    for row, read in zip(rows, back, strict=False):
        assert read["a"][:1] not in ("=", "+", "-", "@", "\t")
        assert read["a"].lstrip("'").replace("\r\n", "\n") == row["a"].lstrip("'").replace("\r\n", "\n")
    lines = [json.loads(line) for line in jsonl_text(rows).split("\n") if line]
    assert [line["a"] for line in lines] == [row["a"] for row in rows]


def test_a_run_writes_its_files_and_the_hashes_of_them(tmp_path):
    """The manifest comes last and names every other file with its SHA-256; a second run gives the same bytes."""
    facts = RunFacts("r", datetime(2030, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC), 7, "d", {})
    answers = [Answer("opinion", tables={"opinion_average": {"party": ["P1"], "mean": [1.0]}, "empty": {}})]
    for name in ("one", "two"):
        write_report(tmp_path / name, small_case(), answers, facts, open_store(None).export)
    one = {path.name: path.read_bytes() for path in (tmp_path / "one").iterdir()}
    two = {path.name: path.read_bytes() for path in (tmp_path / "two").iterdir()}
    assert one == two
    assert set(one) == {
        "report.html",
        "case.json",
        "findings.parquet",
        "manifest.json",
        "opinion_average.parquet",
    }
    assert set(json.loads(one["manifest.json"])["outputs"]) == set(one) - {"manifest.json"}


def keys_of(value):
    """Every key of a document, at any depth."""
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_every_key_of_the_documents_is_documented(root):
    """docs/questions/case.md names each key of case.json and manifest.json."""
    page = (root / "docs" / "questions" / "case.md").read_text(encoding="utf-8")
    run = manifest_document(Run(inputs={}), {}, None)
    keys = keys_of(case_document(small_case())) | (set(run) - {"party"})
    assert not {key for key in keys - {"party"} if f"`{key}`" not in page}
