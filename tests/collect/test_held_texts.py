"""Texts of a large Parquet file lie in a buffer: nothing about the records may depend on it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.collect import _rows
from probata.collect.intake import Delivery, take_in
from probata.model import SCHEMAS
from probata.store import arrow, duckdb, open_store

_WILD = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_TEXTS = st.one_of(
    st.none(),
    _WILD,
    st.sampled_from(["", " ", "\u2003", "\t\n", " " * 700, " " * 700 + "x", "\u00e9" * 700, "the same text"]),
)
_DATES = st.one_of(
    st.none(),
    st.sampled_from(
        [
            "2017-05-04",
            "2017-05-04T10:00:00Z",
            "2017-05-04T10:00:00.123+02:00",
            "4 mai 2017",
            "someday",
            "2017",
        ]
    ),
    _WILD,
)
_NAMES = st.sampled_from([None, "a.example", "b.example", " a.example\u00a0", "\u200b", "A  B"])
_ROWS = st.lists(st.fixed_dictionaries({
    "text": _TEXTS, "published": _DATES, "source": _NAMES, "title": _WILD, "lang": st.sampled_from([None, "en"]),
    "retrieved": st.sampled_from([None, "2017-05-04", "2017-05-05T10:00:00Z"]),
}), min_size=1, max_size=12)  # fmt: skip


@pytest.fixture(params=["buffers of the engine", "texts one by one"])
def every_window_is_held(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Texts lie in a buffer from one row on, with an engine that hands over its own and with one that does not."""
    whole = request.param == "buffers of the engine"
    if whole and not arrow.offered():
        pytest.skip("this engine hands over no buffers")
    monkeypatch.setattr(arrow, "offered", lambda: whole)
    monkeypatch.setattr(_rows, "HELD", 1)


def _file(folder: Path, rows: list[dict[str, Any]]) -> Path:
    store = open_store(None, None)
    columns: dict[str, Any] = {}
    for name in rows[0]:
        columns[name] = np.array([*(row[name] for row in rows), None], dtype=object)[:-1]
    store.export(folder / "articles.parquet", columns)
    store.close()
    return folder / "articles.parquet"


def _records(path: Path, folder: Path | None) -> tuple[Any, Any, Any]:
    store = open_store(folder, None)
    taken = take_in(store, Delivery("articles", ((path, path.name),), {}))
    names = [name for name in SCHEMAS["articles"] if name != "text"]
    read: dict[str, Any] = {}
    if "articles" in store.tables():
        shown = ", ".join(f'"{name}"' for name in [*names, "text"])
        read = {name: column.tolist() for name, column in store.read(f"SELECT {shown} FROM articles").items()}
    texts = dict(zip(read.get("id", ()), read.get("text", ()), strict=True))
    if texts:
        pieces = [(found, [laid[row] for row in range(len(laid))]) for found, laid in store.texts("articles")]
        laid_out = [pair for names, found in pieces for pair in zip(names, found, strict=True)]
        assert laid_out == list(texts.items())
    store.close()
    return repr(read), taken.rejects, dict(taken.rows)


@given(rows=_ROWS, kept=st.booleans())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=60,
)
def test_held_texts_make_the_same_records(
    rows: list[dict[str, Any]], kept: bool, every_window_is_held: None
) -> None:
    """Ids, texts, times, languages, lines, order, rejects and repeats are those of rows read one by one."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = _file(folder, rows)
        held = _records(path, folder / "held" if kept else None)
        _rows.HELD = 1 << 40
        told = _records(path, folder / "told" if kept else None)
        _rows.HELD = 1
        assert held == told


def test_windows_come_in_order(
    tmp_path: Path, every_window_is_held: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several windows make one table in the order of the file, rows with nothing in them left out."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    texts = [f"text number {row} of the file" if row % 7 else "" for row in range(400)]
    path = tmp_path / "articles.parquet"
    pq.write_table(pa.table({"text": texts, "source": ["a.example"] * 400}), path, row_group_size=30)
    monkeypatch.setattr(duckdb, "WINDOW", 50)
    store = open_store(None, None)
    taken = take_in(store, Delivery("articles", ((path, path.name),), {}))
    read = store.read("SELECT text, line FROM articles")
    assert read["text"].tolist() == [text for text in texts if text]
    assert read["line"].tolist() == [row + 1 for row, text in enumerate(texts) if text]
    assert [reject.line for reject in taken.rejects] == [
        row + 1 for row, text in enumerate(texts) if not text
    ]


def test_a_damaged_later_group_leaves_what_came_before(
    tmp_path: Path, every_window_is_held: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole windows are kept, and the reject gives the reason that reading row by row gives."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    path = tmp_path / "articles.parquet"
    texts = [f"text {row} {row * 7919} {row * 104729}" for row in range(3000)]
    pq.write_table(pa.table({"text": texts, "source": ["a.example"] * 3000}), path, row_group_size=1000)
    start = pq.ParquetFile(path).metadata.row_group(2).column(0).data_page_offset
    data = bytearray(path.read_bytes())
    data[start + 30 : start + 200] = bytes(170)
    path.write_bytes(data)
    monkeypatch.setattr(duckdb, "WINDOW", 1000)
    _, rejects, rows = _records(path, None)
    assert rows == {"articles": 2000}
    assert len(rejects) == 1
    monkeypatch.setattr(_rows, "HELD", 1 << 40)
    assert rejects[0].reason == _records(path, None)[1][0].reason


def test_a_text_that_two_files_share_is_shown_once(tmp_path: Path, every_window_is_held: None) -> None:
    """Records that a later part repeats are left out of the texts as they are of the table."""
    rows = [{"text": f"text {row}", "source": "a.example"} for row in range(4)]
    for name, some in (("one", rows[:3]), ("two", rows[1:])):
        (tmp_path / name).mkdir()
        _file(tmp_path / name, some)
    store = open_store(None, None)
    files = tuple((tmp_path / name / "articles.parquet", name) for name in ("one", "two"))
    for file in files:
        take_in(store, Delivery("articles", (file,), {}))
    found = [texts[row] for _, texts in store.texts("articles") for row in range(len(texts))]
    assert sorted(found) == [row["text"] for row in rows]


@pytest.mark.parametrize(
    "columns",
    [
        "text, row % 5 AS source, TIMESTAMP '2017-02-01' + to_seconds(row * 7) AS published",
        "text, row % 2 = 0 AS links, row % 3 = 0 AS published, row % 5 = 0 AS source",
        "text, row AS date, CAST(row * 1.5 AS DECIMAL(9, 3)) AS source",
        "text, if(row % 3 = 0, NULL, ['https://a.example/' || row, 'no link']) AS links, row % 2 = 0 AS personal",
        "text, {'name': 'Title ' || row} AS title, row / 3 AS id, if(row % 2 = 0, 'en', NULL) AS lang",
        "text, 'https://a.example/' || row AS url, NULL AS source, '' AS published, DATE '2017-03-01' AS updated",
    ],
)
def test_columns_of_any_type_make_the_same_records(
    columns: str, tmp_path: Path, every_window_is_held: None
) -> None:
    """Numbers, times, lists, truths and structures are read as they are where rows are read one by one."""
    path = tmp_path / "articles.parquet"
    store = open_store(None, None)
    store.export(
        path, f"SELECT {columns} FROM (SELECT range AS row, 'text ' || range AS text FROM range(300))"
    )
    store.close()
    held = _records(path, None)
    _rows.HELD = 1 << 40
    assert held == _records(path, None)
    assert held[2] == {"articles": 300}
