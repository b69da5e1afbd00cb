"""Plain sharing data: who shared what and when, without any text (the layout of CooRTweet, Righetti & Balluff 2023).

One row a share: an account, an object (link, hashtag, post that was passed on), a time; the id of the share itself is
optional. CSV, TSV, JSON lines or Parquet.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from probata.collect import Incoming, UnreadableFile
from probata.collect._bytes import open_stream
from probata.collect._rows import Rows, delimited, json_lines, parquet
from probata.collect._when import read_times
from probata.collect.articles import as_text, form_of, origin_columns, pick
from probata.model import Batch, Reject, content_id

VERSION = "shares/2"

NAMES: dict[str, tuple[str, ...]] = {
    "source": ("accountid", "account", "source", "user", "userid", "username", "author"),
    "object": ("objectid", "object", "url", "link", "hashtag", "story"),
    "article": ("contentid", "content", "postid", "shareid", "id"),
    "time": ("timestampshare", "timestamp", "time", "date", "published", "createdat"),
}
"""Names under which each column is looked for; case, spaces and underscores do not count."""


def read(incoming: Incoming) -> Iterator[Batch]:
    """Yield batches with columns id, source, object, article, earliest, latest and origin.

    Raises:
        UnreadableFile: no table, or a table without account and object.
    """
    with open_stream(incoming.path, incoming.shown) as stream:
        form = form_of(stream, incoming)
        if form == "parquet":
            found = parquet(incoming.path, incoming)
        elif form == "jsonl":
            found = json_lines(stream, incoming)
        else:
            found = delimited(stream, incoming)
        for rows in found:
            rows.rejects.extend(stream.take_rejects())
            yield _batch(rows, incoming)


def _batch(rows: Rows, incoming: Incoming) -> Batch:
    raw = pick(rows.columns, NAMES, incoming.options.get("columns"))
    missing = {"source", "object"} - set(raw)
    if rows.lines and missing:
        names = ", ".join(str(name) for name in list(rows.columns)[:12])
        raise UnreadableFile(
            f"{incoming.shown}: no column for {' and '.join(sorted(missing))} among {names}; "
            "name columns account_id, object_id, timestamp_share"
        )
    count = len(rows.lines)
    sources, objects = as_text(raw.get("source", [])), as_text(raw.get("object", []))
    good = [row for row in range(count) if sources[row] and objects[row]]
    rejects = [
        Reject(incoming.shown, rows.lines[row], "a share without account or object")
        for row in sorted(set(range(count)) - set(good))
    ]
    kept = Rows({}, [rows.lines[row] for row in good], [rows.offsets[row] for row in good])
    times = read_times([raw["time"][row] if "time" in raw else None for row in good])
    rejects += [
        Reject(incoming.shown, kept.lines[row], f"time not read (share kept without): {reason}")
        for row, reason in sorted(times.reasons.items())
    ]
    given = as_text(raw["article"]) if "article" in raw else [None] * count
    columns: dict[str, Any] = {
        "source": [sources[row] for row in good],
        "object": [objects[row] for row in good],
        "earliest": times.earliest,
        "latest": times.latest,
        **origin_columns(kept, incoming),
    }
    shown = [given[row] or f"{incoming.shown}:{rows.lines[row]}" for row in good]
    ids = [content_id("share", incoming.evidence, rows.lines[row]) for row in good]
    return Batch("shares", {"id": ids, "article": shown, **columns}, (*rows.rejects, *rejects))
