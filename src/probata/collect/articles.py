"""Articles and posts: JSON lines, a JSON array, CSV or TSV, Parquet, plain text, saved HTML.

The form is told from the content first and the suffix second (``options["format"]`` overrules). The text of a plain
text file without header lines is the file exactly as it was decoded, so that offsets into it hold.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import orjson

from probata.collect import Incoming, UnreadableFile
from probata.collect import _rows as rows_of
from probata.collect._bytes import MAX_LINE, Stream, open_stream
from probata.collect._links import links
from probata.collect._names import sources
from probata.collect._rows import Rows
from probata.collect._text import decode
from probata.collect._when import read_times, widened
from probata.model import SCHEMAS, Batch, Reject
from probata.store.columns import constant
from probata.store.held import Held
from probata.store.lettered import Lettered
from probata.text.buffers import Texts, laid_out

VERSION = "articles/3"

NAMES: Mapping[str, tuple[str, ...]] = {
    "text": ("text", "body", "content", "fulltext", "articlebody", "maintext", "bodytext", "message", "description"),
    "title": ("title", "headline", "storytitle", "name"),
    "url": ("url", "link", "storyurl", "permalink", "sourceurl", "canonicalurl"),
    "source": ("source", "outlet", "publisher", "site", "domain", "account", "username"),
    "published": ("published", "date", "publishedat", "publishedon", "publishdate", "pubdate", "datepublished",
                  "publicationdate", "createdat", "timestamp", "time", "datetime"),
    "updated": ("updated", "updatedat", "modified", "datemodified", "lastmodified"),
    "retrieved": ("retrieved", "retrievedat", "crawled", "datedownload", "fetched"),
    "lang": ("lang", "language"),
    "links": ("links", "outlinks"),
    "personal": ("personal",),
    "given_id": ("id", "guid", "uid", "articleid"),
}  # fmt: skip
"""Names under which each column of ours is looked for, best first; case, spaces and underscores do not count."""

_HEAD = re.compile(
    r"(source|url|title|published|date|updated|retrieved|lang|language|id):[ \t]*(.*?)\r?(?:\n|\Z)", re.I
)
_HTML = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_CONTROLS = bytes({*range(32)} - {*b"\t\n\v\f\r\x1b"})
"""Bytes that hardly stand in a text; one in fifty of them makes a file binary."""

_PACKED = (".gz", ".zst", ".zstd", ".bz2")


def read(incoming: Incoming) -> Iterator[Batch]:
    """Yield batches of ``SCHEMAS["articles"]`` columns; what cannot be read is in their rejects.

    Options: ``format`` (jsonl, json, csv, parquet, text, html), ``columns`` ({ours: theirs}), ``source``, ``lang``
    (for every article that states none), ``delimiter``, ``quoting`` ("none").

    Raises:
        UnreadableFile: the file cannot be opened, is empty, or is no text.
    """
    with open_stream(incoming.path, incoming.shown) as stream:
        form = str(incoming.options.get("format") or form_of(stream, incoming))
        if form not in _FORMS:
            raise UnreadableFile(
                f"{incoming.shown}: unknown format {form!r}; known are {', '.join(sorted(_FORMS))}"
            )
        empty = True
        for rows in _FORMS[form](stream, incoming):
            rows.rejects.extend(stream.take_rejects())
            if rows.lines or rows.rejects:
                empty = False
                yield batch_of(rows, incoming)
        if empty:
            yield batch_of(Rows({}, [], [], [Reject(incoming.shown, None, "no article in it")]), incoming)


def form_of(stream: Stream, incoming: Incoming) -> str:
    """Tell the form of the content from its beginning, then from the name of the file.

    Raises:
        UnreadableFile: empty, or binary data of no known kind.
    """
    start = stream.peek()
    if not start and not stream.layers and not stream.size:
        raise UnreadableFile(f"{incoming.shown}: the file is empty")
    if start.startswith(b"PAR1"):
        return "parquet"
    if len(start[:4096].translate(None, _CONTROLS)) < 0.98 * len(start[:4096]):
        raise UnreadableFile(
            f"{incoming.shown}: binary data, not text; name a JSONL, CSV, Parquet, text or HTML file"
        )
    suffix = _suffix(incoming.path)
    body = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if suffix in (".html", ".htm", ".xhtml") or _HTML.match(body):
        return "html"
    if suffix in (".csv", ".tsv", ".tab"):
        return "csv"
    if suffix == ".parquet":
        raise UnreadableFile(
            f"{incoming.shown}: named .parquet but does not begin as Parquet does; is it whole?"
        )
    return _json_form(body, suffix) or _table_form(body, suffix) or "text"


def _suffix(path: Path) -> str:
    suffixes = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in _PACKED]
    return suffixes[-1] if suffixes else ""


def _json_form(body: bytes, suffix: str) -> str | None:
    if suffix in (".jsonl", ".ndjson"):
        return "jsonl"
    after = body[1:64].lstrip()[:1]
    if body[:1] == b"[" and (after in (b"{", b"]") or suffix == ".json"):
        return "json"
    if body[:1] == b"{" and after in (b'"', b"}", b""):
        first = body.split(b"\n", 1)[0].strip()
        return "jsonl" if first.endswith(b"}") or len(first) == len(body) >= 1 << 16 else "json"
    return "json" if suffix == ".json" else None


def _table_form(body: bytes, suffix: str) -> str | None:
    """A header line that names a text column and another of ours makes a table of a file without a telling name."""
    if suffix in (".txt", ".text", ".md"):
        return None
    header, _ = rows_of.header_of(body.decode("utf-8", "replace"))
    names = [_plain(name) for name in re.split(r'[,;\t|"]+', header.strip())]
    known = {ours for ours, theirs in NAMES.items() if set(theirs) & set(names)}
    return "csv" if "text" in known and len(known) > 1 else None


def _plain(name: str) -> str:
    return re.sub(r"[\s_\-:]", "", name).lower()


# ---------------------------------------------------------------- forms


def _json(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    data = stream.read_all(rows_of.MAX_JSON)
    if data is None:
        reason = f"a JSON document over {rows_of.MAX_JSON >> 20} MiB; give it as JSON lines"
        yield Rows({}, [], [], [Reject(incoming.shown, None, reason)])
        return
    yield from rows_of.json_document(data, incoming)


def _with_text(found: Iterator[Rows], incoming: Incoming) -> Iterator[Rows]:
    """Pass rows of a table on; a table without a column of texts is refused once, not row by row.

    Raises:
        UnreadableFile: no column of texts.
    """
    for rows in found:
        if rows.lines and "text" not in pick(rows.columns, NAMES, incoming.options.get("columns")):
            shown = ", ".join(list(rows.columns)[:12])
            remedy = "name it with columns = { text = ... }"
            raise UnreadableFile(f"{incoming.shown}: no column of texts among {shown}; {remedy}")
        yield rows


def _table(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    return _with_text(rows_of.delimited(stream, incoming), incoming)


def _parquet(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    if stream.layers:
        reason = "a compressed Parquet file; unpack it (Parquet is compressed inside)"
        yield Rows({}, [], [], [Reject(incoming.shown, None, reason)])
        return
    yield from _with_text(rows_of.parquet(incoming.path, incoming, _text_alone(incoming)), incoming)


def _text_alone(incoming: Incoming) -> str | None:
    """The Parquet file's column that is our text and no other column of ours."""
    from probata.store.parquet import NotParquet, parquet_columns

    try:
        given = {name: [name] for name in parquet_columns(incoming.path)}
    except NotParquet:
        return None  # whoever reads it says why
    chosen = pick(given, NAMES, incoming.options.get("columns"))
    name = chosen.get("text", [None])[0]
    return name if [*chosen.values()].count([name]) == 1 else None


def _text(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    """One article: the whole file, or what follows a header of ``Key: value`` lines and an empty line."""
    data = stream.read_all(MAX_LINE)
    if data is None:
        reason = f"a text of over {MAX_LINE >> 20} MiB is no single article; give JSON lines"
        yield Rows({}, [], [], [Reject(incoming.shown, 1, reason)])
        return
    decoded = decode(data)
    fields, start = _header(decoded.text)
    row: dict[str, list[Any]] = {name: [value] for name, value in fields.items()}
    row["text"] = [decoded.text[start:]]
    skipped = len(decoded.text[:start].encode(decoded.encoding, "replace")) if start else 0
    line = decoded.text.count("\n", 0, start) + 1
    rejects = []
    if decoded.replaced:
        reason = f"kept, but {decoded.replaced} bytes are no text in {decoded.encoding} and read as U+FFFD"
        rejects.append(Reject(incoming.shown, None, reason))
    yield Rows(row, [line], [skipped], rejects)


def _header(text: str) -> tuple[dict[str, str], int]:
    """Fields of the header and where the body begins; no header unless every line up to an empty one is known."""
    fields: dict[str, str] = {}
    place = 1 if text.startswith("\ufeff") else 0
    while match := _HEAD.match(text, place):
        fields[match[1].lower()] = match[2].strip()
        place = match.end()
    blank = re.compile(r"[ \t]*\r?\n").match(text, place)
    return (fields, blank.end()) if fields and blank else ({}, 0)


def _html(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    from probata.collect.html import read_page

    return read_page(stream, incoming)


_FORMS: Mapping[str, Callable[[Stream, Incoming], Iterator[Rows]]] = {
    "jsonl": rows_of.json_lines,
    "json": _json,
    "csv": _table,
    "parquet": _parquet,
    "text": _text,
    "html": _html,
}


# ---------------------------------------------------------------- columns


def batch_of(rows: Rows, incoming: Incoming) -> Batch:
    """Turn raw rows into the columns of ``articles``: checked text, intervals, language, ids, origin."""
    raw = pick(rows.columns, NAMES, incoming.options.get("columns"))
    count = len(rows.lines)
    text = raw.get("text", [None] * count)
    good, rejects = _sound(text, rows, incoming.shown)
    if len(good) < count:
        raw = {name: rows_of.only(column, good) for name, column in raw.items()}
        rows = Rows({}, [rows.lines[row] for row in good], [rows.offsets[row] for row in good], rows.rejects)
    columns = _columns(raw, len(good), incoming)
    given = columns["lang"], columns["text"], incoming.options.get("lang")
    with ThreadPoolExecutor(1) as beside:  # languages of texts in a buffer need little of the interpreter
        lang = beside.submit(_languages, *given) if isinstance(columns["text"], Held) else None
        rejects += _times(columns, raw, rows, incoming.shown)
        columns["id"] = _ids(columns)
        columns["lang"] = lang.result() if lang else _languages(*given)
    columns.update(origin_columns(rows, incoming))
    ordered = {name: _short(columns[name]) for name in SCHEMAS["articles"]}
    return Batch("articles", ordered, (*rows.rejects, *rejects))


def _short(column: Any) -> Any:
    """A column without any value in the memory of one row."""
    listed = type(column) is list and column.count(None) == len(column)
    absent = listed or (isinstance(column, Lettered) and bool(column.absent.all()))
    return constant(None, len(column)) if absent else column


def pick(
    given: Mapping[str, list[Any]], names: Mapping[str, tuple[str, ...]], options: Any
) -> dict[str, list[Any]]:
    """Choose for each column of ours the file's column: the one named in the options, else the best known name."""
    plain = {_plain(name): name for name in reversed(list(given))}
    chosen: dict[str, list[Any]] = {}
    wanted = options if isinstance(options, Mapping) else {}
    for ours, theirs in names.items():
        asked = str(wanted.get(ours) or "")
        found = [asked] if asked in given else [plain[name] for name in theirs if name in plain]
        if found:
            chosen[ours] = given[found[0]]
    return chosen


def _sound(texts: Any, rows: Rows, shown: str) -> tuple[list[int], list[Reject]]:
    """Rows whose text is a text with something in it; the others as rejects."""
    if isinstance(texts, Held):
        return _sound_held(texts, rows, shown)
    good, rejects = [], []
    for row, text in enumerate(texts):
        if type(text) is str and text and not text.isspace():
            good.append(row)
            continue
        reason = (
            "no text" if text is None else "empty text" if isinstance(text, str) else "text is not a text"
        )
        rejects.append(Reject(shown, rows.lines[row], reason))
    return good, rejects


def _sound_held(texts: Held, rows: Rows, shown: str) -> tuple[list[int], list[Reject]]:
    """The same for texts that lie in a buffer."""
    blank = texts.blank()
    bad, absent = np.flatnonzero(blank).tolist(), texts.absent
    rejects = [Reject(shown, rows.lines[row], "no text" if absent[row] else "empty text") for row in bad]
    return np.flatnonzero(~blank).tolist(), rejects


def _columns(raw: Mapping[str, list[Any]], count: int, incoming: Incoming) -> dict[str, Any]:
    absent: list[Any] = [None] * count
    columns: dict[str, Any] = {
        name: _text_column(raw[name]) if name in raw else absent
        for name in ("given_id", "url", "title", "lang", "published")
    }
    columns["text"] = raw.get("text", absent)
    columns["source"] = sources(_text_column(raw.get("source", absent)), columns["url"], incoming)
    columns["links"] = [links(value) for value in raw["links"]] if "links" in raw else absent
    columns["personal"] = np.zeros(count, dtype=bool)
    if "personal" in raw:
        said = [value in (True, "true", "True", "1", 1) for value in raw["personal"]]
        columns["personal"] = np.array(said, dtype=bool)
    return columns


def _text_column(values: Any) -> Any:
    """``as_text`` of a column, which stays in its buffer where it lies in one."""
    return values.filled() if isinstance(values, Lettered) else as_text(values)


def as_text(values: list[Any]) -> list[str | None]:
    """Every value as text: numbers as written, lists and objects as JSON, empty as None."""
    if set(map(type, values)) <= {str, type(None)}:
        return [value or None for value in values]
    return [_one_text(value) for value in values]


def _one_text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    if isinstance(value, Mapping) and isinstance(value.get("name"), str):
        return str(value["name"]) or None
    return value if isinstance(value, str) else orjson.dumps(value, default=str).decode()


def _languages(given: Any, texts: Any, otherwise: Any) -> Any:
    if isinstance(given, Lettered):
        given = given if not given.absent.any() else given.tolist()
    if None not in given:
        return given
    if otherwise:
        return [lang or str(otherwise) for lang in given]
    from probata.text.language import languages, languages_in

    if isinstance(texts, Held) and given.count(None) == len(given):
        return languages_in(texts.texts)
    unsaid = [row for row, lang in enumerate(given) if not lang]
    told = iter(
        languages_in(texts.only(unsaid).texts)
        if isinstance(texts, Held)
        else languages([texts[row] for row in unsaid])
    )
    return [lang or next(told) for lang in given]


def _times(columns: dict[str, Any], raw: Mapping[str, list[Any]], rows: Rows, shown: str) -> list[Reject]:
    """Add the intervals; a date that cannot be read leaves its article without that time, and is reported.

    Of ``published`` it is kept whether the zone is known; the other intervals hold the doubt in themselves.
    """
    rejects: list[Reject] = []
    for name in ("published", "updated", "retrieved"):
        values = raw.get(name)
        times = read_times(values if values is not None else [None] * len(rows.lines))
        ends = (times.earliest, times.latest) if name == "published" else widened(times)
        columns[f"{name}_earliest"], columns[f"{name}_latest"] = ends
        if name == "published":
            columns["published_zone_known"] = times.zone_known
        for row, reason in times.reasons.items():
            rejects.append(Reject(shown, rows.lines[row], f"kept without {name} time: {reason}"))
    return rejects


def _ids(columns: Mapping[str, Any]) -> Any:
    """``content_id("articles", source, url, published, text)`` of every row, without a call a row."""
    text = columns["text"]
    before = [columns[name] for name in ("source", "url", "published")]
    if isinstance(text, Held):
        return _ids_in([_laid(column) for column in before], text.texts)
    rows = zip(*([value or "" for value in column] for column in (*before, text)), strict=True)
    return [
        hashlib.sha256("\x1f".join(("articles", *row)).encode("utf-8", "surrogatepass")).hexdigest()[:20]
        for row in rows
    ]


def _laid(column: Any) -> Texts:
    """A column of text in a buffer, what is absent as empty."""
    if isinstance(column, Lettered):
        return column.texts
    if column.count(None) == len(column):
        nowhere = np.zeros(len(column), np.int64)
        return Texts(np.zeros(1, np.uint8), nowhere, nowhere)
    return laid_out([(text or "").encode("utf-8", "surrogatepass") for text in column])


def _ids_in(before: list[Texts], text: Texts) -> Lettered:
    """The same of columns that lie in buffers."""
    # imported here: a compiler is not loaded for small files
    from probata.collect._digests import digests

    signs = digests(b"articles", (*before, text), b"\x1f")[:, :10].tobytes().hex().encode()
    edges = np.arange(0, len(signs) + 1, 20)
    return Lettered([(np.frombuffer(signs, np.uint8), edges, np.zeros(len(text), bool))])


def origin_columns(rows: Rows, incoming: Incoming) -> dict[str, Any]:
    """Where each row was read."""
    count = len(rows.lines)
    return {
        "evidence": constant(incoming.evidence, count),
        "path": constant(incoming.shown, count),
        "line": rows.lines,
        "offset": _short(rows.offsets),
    }
