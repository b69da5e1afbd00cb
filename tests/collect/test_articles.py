"""Articles from every form, and what becomes of bad input."""

from __future__ import annotations

import bz2
import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.collect import Incoming, UnreadableFile
from probata.collect._names import registered_host
from probata.collect.articles import read
from probata.model import SCHEMAS, Batch, Reject, content_id
from probata.store import open_store

wild = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
STORY = "The ministry said on Monday that the harbour would stay open, whatever the rumours claim."


def saved(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read_all(path: Path, **options: Any) -> tuple[dict[str, list[Any]], list[Reject]]:
    batches: list[Batch] = list(read(Incoming(path, "e" * 64, path.name, options)))
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMAS["articles"]}
    for batch in batches:
        assert list(batch.columns) == list(SCHEMAS["articles"])
        assert {len(column) for column in batch.columns.values()} == {len(batch)}
        for name, column in batch.columns.items():
            columns[name].extend(column)
    return columns, [reject for batch in batches for reject in batch.rejects]


def lost(rejects: list[Reject]) -> list[Reject]:
    """Rejects that stand for a row (a row kept without its time is reported too)."""
    return [reject for reject in rejects if not reject.reason.startswith("kept")]


ROWS = [
    {"id": "a1", "source": "Harbour Post", "url": "https://post.example/1", "title": "Open", "text": STORY,
     "published": "2017-02-14T10:15:00+01:00", "lang": "en", "links": ["https://x.example/y", "/relative"]},
    {"id": "a2", "source": "Le Quai", "url": "https://quai.example/2", "title": "Port", "published": "14 février 2017",
     "text": "Le ministère a déclaré lundi que le port resterait ouvert, malgré les rumeurs qui circulent."},
]  # fmt: skip


def form(name: str) -> bytes:
    if name == "jsonl":
        return b"\n".join(json.dumps(row).encode() for row in ROWS)
    if name == "json":
        return json.dumps(ROWS, indent=1).encode()
    names = ["id", "source", "url", "title", "text", "published", "lang"]
    sign = "\t" if name == "tsv" else ";"
    lines = [sign.join(f'"{row.get(key, "")}"' for key in names) for row in ROWS]
    return "\r\n".join([sign.join(names), *lines]).encode()


@pytest.mark.parametrize("name", ["jsonl", "json", "csv", "tsv"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress, zstd.compress])
def test_every_form_gives_the_same_articles(tmp_path: Path, name: str, pack: Any) -> None:
    """The same two articles come out of each form, packed or not, named by its suffix or not at all."""
    for file in (f"input.{name}", "input"):
        columns, rejects = read_all(saved(tmp_path, file, pack(form(name))))
        assert rejects == []
        assert columns["given_id"] == ["a1", "a2"]
        assert columns["text"] == [row["text"] for row in ROWS]
        assert columns["lang"] == ["en", "fr"]
        assert columns["published_earliest"][0] == np.datetime64("2017-02-14T09:15:00")
        assert columns["published_latest"][1] == np.datetime64("2017-02-14T23:59:59.999999")
        assert columns["published_zone_known"] == [True, False]


def test_parquet_gives_the_same_articles(tmp_path: Path) -> None:
    """Parquet with a real timestamp column reads as text forms do, with rows numbered from 1."""
    pa = pytest.importorskip("pyarrow")
    pq = pytest.importorskip("pyarrow.parquet")
    stamps = np.array(["2017-02-14T09:15:00", "2017-02-15T00:00:00"], dtype="datetime64[us]")
    table = {name: [row.get(name) for row in ROWS] for name in ("source", "url", "text", "links")}
    path = tmp_path / "odd [name]*.parquet"
    pq.write_table(pa.table({**table, "published": pa.array(stamps, pa.timestamp("us", "UTC"))}), path)
    columns, rejects = read_all(path)
    assert rejects == []
    assert columns["line"] == [1, 2]
    assert columns["published_earliest"][0] == stamps[0]
    assert columns["published_zone_known"] == [True, True]
    assert columns["links"][0] == '["https://x.example/y"]'


def test_truncated_parquet_is_one_reject(tmp_path: Path) -> None:
    """A Parquet file cut in half gives a reject with the engine's reason."""
    _, (reject,) = read_all(saved(tmp_path, "cut.parquet", b"PAR1" + bytes(range(256)) * 4))
    assert "not Parquet to the end" in reject.reason
    assert "SELECT" not in reject.reason


def test_origin_leads_back_to_the_bytes(tmp_path: Path) -> None:
    """Line and offset of a JSON line point at that line of the file."""
    path = saved(tmp_path, "a.jsonl", b"\n" + form("jsonl"))
    columns, _ = read_all(path)
    data = path.read_bytes()
    assert columns["line"] == [2, 3]
    for offset, text in zip(columns["offset"], columns["text"], strict=True):
        assert json.loads(data[offset:].split(b"\n")[0])["text"] == text


def test_plain_text_is_the_file_as_read(tmp_path: Path) -> None:
    """Without a header the text is the whole file, byte order mark, carriage returns and all."""
    text = "\ufeffUn titre : déjà\r\n\r\nLe texte\u2028suit.\r\n"
    columns, rejects = read_all(saved(tmp_path, "note.txt", text))
    assert columns["text"] == [text]
    assert columns["source"] == ["note"]
    assert rejects == []


def test_plain_text_with_a_header(tmp_path: Path) -> None:
    """Header lines become columns; text and offsets count from the body, whose byte offset is kept."""
    text = f"Source: Le Quai été\r\nPublished: 14 Feb 2017\r\nURL: https://quai.example/2\r\n\r\n{STORY}\n"
    columns, _ = read_all(saved(tmp_path, "note.txt", text))
    assert columns["text"] == [f"{STORY}\n"]
    assert columns["source"] == ["Le Quai été"]
    assert columns["published_earliest"] == [np.datetime64("2017-02-14")]
    assert text.encode()[columns["offset"][0] :].decode() == f"{STORY}\n"
    assert columns["line"] == [5]


def test_a_colon_in_the_first_line_is_no_header(tmp_path: Path) -> None:
    """Only known keys, up to an empty line, make a header."""
    for text in ("Source: nobody knew\nwho it was.\n\nSo they said.", "Paris: rain\n\nIt rained."):
        columns, _ = read_all(saved(tmp_path, "note.txt", text))
        assert columns["text"] == [text]


@pytest.mark.parametrize("encoding", ["windows-1251", "koi8-r", "utf-16", "utf-8-sig"])
def test_russian_in_its_encodings(tmp_path: Path, encoding: str) -> None:
    """Russian text is read in the encodings it comes in, as plain text and as a table."""
    text = "Министерство заявило в понедельник, что порт останется открытым, несмотря на слухи о закрытии."
    columns, rejects = read_all(saved(tmp_path, "note.txt", text.encode(encoding)))
    assert columns["text"][0].lstrip("\ufeff") == text
    assert rejects == []
    table = f"source,text\nГавань,«{text.replace(',', '')}»\n".replace("«", "").replace("»", "")
    columns, rejects = read_all(saved(tmp_path, "t.csv", table.encode(encoding)))
    assert columns["source"] == ["Гавань"]
    assert columns["lang"] == ["ru"]


def test_bytes_that_are_no_text_are_reported(tmp_path: Path) -> None:
    """A damaged byte in a UTF-8 text becomes U+FFFD, the text is kept, and the loss is reported."""
    data = STORY.encode() + "é".encode() * 20 + b" \xff end"
    columns, (reject,) = read_all(saved(tmp_path, "note.txt", data))
    assert columns["text"][0].count("\ufffd") == 1
    assert "1 bytes are no text" in reject.reason


def test_source_falls_back_to_the_registered_host(tmp_path: Path) -> None:
    """Without a source the address's registered domain is the source, without either the file's name."""
    rows = [{"text": STORY, "url": "https://news.post.co.uk:8080/a?b"}, {"text": STORY}]
    columns, _ = read_all(saved(tmp_path, "site.example.jsonl", "\n".join(map(json.dumps, rows))))
    assert columns["source"] == ["post.co.uk", "site.example"]
    assert registered_host("http://[::1") == "["
    assert registered_host("/relative") == ""


@pytest.mark.parametrize(
    "name",
    [
        "Le Quai été",
        " Le Quai été\t",
        "Le\u00a0Quai  été\u2003",
        "\ufeffLe Quai été\u200b ",
        "Le Quai e\u0301te\u0301",
    ],
)
def test_one_outlet_has_one_name(tmp_path: Path, name: str) -> None:
    """Spaces and invisible marks at the ends, runs of spaces and split accents make no other outlet."""
    columns, _ = read_all(saved(tmp_path, "a.jsonl", json.dumps({"text": STORY, "source": name})))
    assert columns["source"] == ["Le Quai été"]


def test_other_names_are_other_outlets(tmp_path: Path) -> None:
    """Letters, case, signs and marks within a name stay as they are; a name with nothing in it is none."""
    names = ["Post", "post", "P ost", "Post.", "Post\u200dB", "\u200b \u00a0"]
    lines = "\n".join(json.dumps({"text": STORY, "source": name}) for name in names)
    columns, _ = read_all(saved(tmp_path, "file.jsonl", lines))
    assert columns["source"] == [*names[:-1], "file"]


@pytest.mark.parametrize("name", ["updated", "retrieved"])
def test_a_time_without_zone_is_widened_by_what_the_zone_may_be(tmp_path: Path, name: str) -> None:
    """Eight o'clock of nowhere is eight somewhere between UTC+14 and UTC-12; with a zone it is a minute."""
    rows = [
        {"text": STORY, name: value}
        for value in ("2017-02-14T08:00", "2017-02-14T08:00Z", "2017-02-14", None)
    ]
    columns, _ = read_all(saved(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows))))
    assert [str(time) for time in columns[f"{name}_earliest"]] == [
        "2017-02-13T18:00:00.000000", "2017-02-14T08:00:00.000000", "2017-02-13T10:00:00.000000", "NaT"
    ]  # fmt: skip
    assert [str(time) for time in columns[f"{name}_latest"]] == [
        "2017-02-14T20:00:59.999999", "2017-02-14T08:00:59.999999", "2017-02-15T11:59:59.999999", "NaT"
    ]  # fmt: skip


LINKS = {
    "https://a.example/1": ["https://a.example/1"],
    "https://a.example/1, https://b.example/2": ["https://a.example/1", "https://b.example/2"],
    "https://a.example/1;http://b.example/2;": ["https://a.example/1", "http://b.example/2"],
    "https://a.example/1 https://b.example/2\nhttps://c.example": [
        "https://a.example/1", "https://b.example/2", "https://c.example"
    ],
    "https://a.example/1,2;3?q=a,b": ["https://a.example/1,2;3?q=a,b"],
    "see https://a.example/1, and /relative, too": ["https://a.example/1"],
    '{"href": "https://a.example/1"}': ["https://a.example/1"],
    '["https://a.example/1", {"url": "https://b.example/2"}]': ["https://a.example/1", "https://b.example/2"],
    '[{"href": "/relative"}, {"href": 3}, {"title": "https://a.example"}, 5, [""]]': [],
    "no link": [],
}  # fmt: skip


@pytest.mark.parametrize("cell", LINKS, ids=str)
def test_links_are_read_however_a_cell_holds_them(tmp_path: Path, cell: str) -> None:
    """Several addresses in one text, objects and JSON are absolute addresses in a list, a comma of theirs kept."""
    columns, _ = read_all(saved(tmp_path, "a.jsonl", json.dumps({"text": STORY, "links": cell})))
    assert json.loads(columns["links"][0]) == LINKS[cell]


@pytest.mark.parametrize(
    "links", [{"url": "https://a.example"}, [{"href": "https://a.example", "text": "A"}]]
)
def test_links_that_are_objects_are_read(tmp_path: Path, links: Any) -> None:
    """An object with ``href`` or ``url`` is a link, alone or in a list."""
    columns, _ = read_all(saved(tmp_path, "a.jsonl", json.dumps({"text": STORY, "links": links})))
    assert columns["links"] == ['["https://a.example"]']


@pytest.mark.parametrize("first", ["sep=;", "\ufeffSEP=;\r", '"sep=;"', "sep=|", "sep=\t"])
@pytest.mark.parametrize("name", ["t.csv", "t"])
def test_a_line_that_names_the_delimiter_is_no_header(tmp_path: Path, first: str, name: str) -> None:
    """A spreadsheet's first line tells the delimiter; lines and offsets count it."""
    sign = first.strip('\r"')[-1]
    data = f"{first}\nsource{sign}text\nPost{sign}One, two, three.\n"
    columns, rejects = read_all(saved(tmp_path, name, data))
    assert (columns["source"], columns["text"], rejects) == (["Post"], ["One, two, three."], [])
    assert columns["line"] == [3]
    assert data.encode()[columns["offset"][0] :].startswith(b"Post")


def test_a_header_that_begins_alike_is_a_header(tmp_path: Path) -> None:
    """Only a line of its own names a delimiter."""
    columns, _ = read_all(saved(tmp_path, "t.csv", "sep=;,text\na,One two.\n"))
    assert columns["text"] == ["One two."]


def test_ids_are_content_hashes(tmp_path: Path) -> None:
    """Two outlets with one text are two articles; one address with two texts is two; the same again is the same."""
    rows = [
        {"source": "a", "url": "https://a.example", "text": STORY},
        {"source": "b", "url": "https://a.example", "text": STORY},
        {"source": "a", "url": "https://a.example", "text": STORY + " More."},
        {"source": "a", "url": "https://a.example", "text": STORY, "title": "other title"},
    ]
    columns, _ = read_all(saved(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows))))
    assert len(set(columns["id"])) == 3
    assert (
        columns["id"][0] == columns["id"][3] == content_id("articles", "a", "https://a.example", None, STORY)
    )


BAD_LINES = {
    '{"source": "a"}': "no text",
    '{"source": "a", "text": ""}': "empty text",
    '{"source": "a", "text": 12}': "not a text",
    '{"source": "a", "text": NaN}': "not JSON",
    '{"text": "one", "text": "two"}': "stands twice",
    '{"text": "lone \\ud800 surrogate"}': "not JSON",
    '["text"]': "a list where an object",
    '"text"': "a text where an object",
    "{" + '"a":{' * 5000: "not JSON",
    '{"text": "cut': "not JSON",
}


@pytest.mark.parametrize("line", BAD_LINES, ids=BAD_LINES.get)
def test_a_bad_line_is_set_aside_with_its_reason(tmp_path: Path, line: str) -> None:
    """The bad line is a reject with its number; the lines beside it are read."""
    good = json.dumps(ROWS[0])
    columns, (reject,) = read_all(saved(tmp_path, "a.jsonl", f"{good}\n{line}\n{good}\n"))
    assert columns["line"] == [1, 3]
    assert reject.line == 2
    assert BAD_LINES[line] in reject.reason


def test_a_key_twice_with_one_value_is_harmless(tmp_path: Path) -> None:
    """The same key with the same value is read; quoted JSON within a text is no duplicate."""
    lines = ['{"text": "one", "text": "one"}', json.dumps({"text": '{"text": "a", "text": "b"}'})]
    columns, rejects = read_all(saved(tmp_path, "a.jsonl", "\n".join(lines)))
    assert len(columns["id"]) == 2
    assert rejects == []


def test_an_unreadable_date_keeps_the_article_and_is_reported(tmp_path: Path) -> None:
    """The article stays, without a time, and a reject says which line and why."""
    row = {**ROWS[0], "published": "the day before yesterday"}
    columns, (reject,) = read_all(saved(tmp_path, "a.jsonl", json.dumps(row)))
    assert np.isnat(columns["published_earliest"][0])
    assert columns["published"] == ["the day before yesterday"]
    assert reject.line == 1
    assert reject.reason.startswith("kept without published time")


def test_ragged_table_rows_are_set_aside(tmp_path: Path) -> None:
    """Too few or too many fields reject the row at its line, also after a field that spans lines."""
    table = 'source,text\na,"one\nline"\nb\nc,x,y\nd,last\n'
    columns, rejects = read_all(saved(tmp_path, "t.csv", table))
    assert columns["text"] == ["one\nline", "last"]
    assert columns["line"] == [2, 6]
    assert [reject.line for reject in rejects] == [4, 5]


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.jsonl", b""), ("a.bin", bytes(range(256)) * 9), ("a.parquet", b"no"), ("a.zip", b"PK\3\4")],
)
def test_what_is_no_text_is_refused_in_one_line(tmp_path: Path, name: str, data: bytes) -> None:
    """Empty, binary, misnamed and archive files raise one line that names the file."""
    with pytest.raises(UnreadableFile, match=name) as error:
        read_all(saved(tmp_path, name, data))
    assert "\n" not in str(error.value)


def test_a_table_without_texts_is_refused_with_the_remedy(tmp_path: Path) -> None:
    """Columns that hold no text are one line that names them, not a reject a row."""
    with pytest.raises(UnreadableFile, match=r"no column of texts among party, share.*columns ="):
        read_all(saved(tmp_path, "polls.csv", "party,share\na,1\nb,2\n"))


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.json", b"[]"), ("a.csv", b"text,source\n"), ("a.jsonl.gz", gzip.compress(b"", mtime=0))],
    ids=["list", "header", "archive"],
)
def test_nothing_to_read_is_said(tmp_path: Path, name: str, data: bytes) -> None:
    """An empty list, a header alone and an empty archive are a reject, not silence."""
    _, (reject,) = read_all(saved(tmp_path, name, data))
    assert reject.reason == "no article in it"


def test_a_stray_zero_byte_does_not_cost_the_file(tmp_path: Path) -> None:
    """A table with one zero byte is read; the byte shows as U+FFFD."""
    columns, _ = read_all(saved(tmp_path, "t.csv", "text,source\n" + f"{STORY.replace(',', '')}\0,x\n" * 3))
    assert columns["text"][0].endswith("\ufffd")


def test_a_truncated_gzip_counts_what_came_before(tmp_path: Path) -> None:
    """Whole lines before the cut are articles; the cut line and the cut itself are rejects."""
    data = "".join(
        json.dumps({"text": f"{STORY} {number * 7919 % 10007}", "n": number}) + "\n"
        for number in range(20_000)
    )
    packed = gzip.compress(data.encode())
    columns, rejects = read_all(saved(tmp_path, "a.jsonl.gz", packed[: len(packed) // 2]), lang="en")
    assert 1000 < len(columns["id"]) < 19_000
    assert any("truncated" in reject.reason for reject in rejects)
    assert len(rejects) <= 2


def test_hundred_megabytes_on_one_line(tmp_path: Path) -> None:
    """One endless JSON line is one reject with its number."""
    path = tmp_path / "a.jsonl"
    with path.open("wb") as handle:
        handle.write(form("jsonl") + b'\n{"text": "')
        for _ in range(100):
            handle.write(b"x" * (1 << 20))
        handle.write(b'"}\n')
    columns, (reject,) = read_all(path)
    assert len(columns["id"]) == 2
    assert reject.line == 3


@wild
@given(
    data=st.binary(max_size=2000),
    name=st.sampled_from(["jsonl", "json", "csv", "txt", "html", "parquet", "bin"]),
)
def test_any_bytes_are_read_set_aside_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    """No bytes under any name raise anything but the one-line refusal."""
    refusal, columns = "", {}
    try:
        columns, _ = read_all(saved(tmp_path, f"input.{name}", data))
    except UnreadableFile as error:
        refusal = str(error)
    assert "\n" not in refusal
    assert refusal or all(columns["text"])


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
field_names = st.sampled_from(
    ["text", "title", "url", "source", "published", "lang", "links", "personal", "id", "x"]
)


@wild
@given(st.lists(st.dictionaries(field_names, json_values, max_size=8), min_size=1, max_size=12))
def test_every_row_in_is_an_article_or_a_reject(tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    """For any values under our names, rows out and rows set aside add up, and the store takes the columns."""
    lines = "\n".join(json.dumps(row) for row in rows)
    try:
        lines.encode()
    except UnicodeEncodeError:
        return
    columns, rejects = read_all(saved(tmp_path, "a.jsonl", lines))
    assert sorted(columns["line"] + [reject.line for reject in lost(rejects)]) == list(
        range(1, len(rows) + 1)
    )
    store = open_store(None)
    assert store.add("articles", "part", columns) == len(set(columns["id"]))
    store.close()


def test_own_samples_read_whole(root: Path) -> None:
    """The samples beside the tests give the counts that they were written for."""
    samples = root / "tests" / "collect" / "samples"
    columns, rejects = read_all(samples / "articles.jsonl")
    assert len(columns["id"]) == 3
    assert [reject.line for reject in lost(rejects)] == [3]


def test_the_article_reads_as_it_is(shared_data: Path) -> None:
    """The article of the case is one text, unchanged, in English."""
    path = shared_data / "article" / "2017-02-14-macron-fake-news.txt"
    columns, rejects = read_all(path)
    assert columns["text"] == [path.read_bytes().decode()]
    assert columns["lang"] == ["en"]
    assert rejects == []


def test_newswire_reads_whole(shared_data: Path) -> None:
    """All 10,788 newswire texts are read; a year is an interval of a year."""
    columns, rejects = read_all(shared_data / "news" / "reuters21578.jsonl", lang="en")
    assert len(columns["id"]) == 10_788
    assert rejects == []
    assert columns["published_latest"][0] - columns["published_earliest"][0] > np.timedelta64(364, "D")
