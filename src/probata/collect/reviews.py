"""Fact-checks: ClaimReview (schema.org JSON-LD), EUvsDisinfo cases as CSV, any table of checked claims.

ClaimReview is found in a JSON document, in JSON lines, under ``@graph``, and in the script tags of a saved page.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from probata.collect import Incoming, UnreadableFile
from probata.collect import _rows as rows_of
from probata.collect._bytes import Stream, open_stream
from probata.collect._names import registered_host
from probata.collect._rows import Rows
from probata.collect._when import read_times
from probata.collect.articles import as_text, form_of, origin_columns, pick
from probata.model import SCHEMAS, Batch, Reject, content_id

VERSION = "reviews/2"

NAMES: Mapping[str, tuple[str, ...]] = {
    "claim": ("claim", "claimreviewed", "fact", "claimtext", "vclaim", "statement", "text"),
    "claimant": ("claimant", "claimauthor", "speaker", "saidby", "author"),
    "claim_date": ("claimdate", "claimeddate", "statementdate", "saidon"),
    "reviewer": ("reviewer", "factchecker", "publisher", "organization", "organisation", "checkedby"),
    "rating": ("rating", "verdict", "label", "ratingname", "textualrating", "conclusion"),
    "url": ("url", "reviewurl", "link", "id"),
    "title": ("title", "headline", "name"),
    "published": ("published", "date", "reviewdate", "datepublished", "publishedat"),
    "lang": ("lang", "language"),
    "outlets": ("outlets", "outlet", "appearances"),
    "keywords": ("keywords", "tags", "topics"),
}
"""Names under which each column of ours is looked for; ``options["claim_column"]`` and the like overrule them."""

_EUVSDISINFO = {"date", "id", "title", "countries", "keywords", "languages", "outlets"}
EUVSDISINFO = "EUvsDisinfo"
"""A project of the East StratCom Task Force of the EU's diplomatic service: a party with a view, shown as such."""

CUT = "…"
_PLACEHOLDERS = frozenset({"show more", "show less"})


def read(incoming: Incoming) -> Iterator[Batch]:
    """Yield batches of ``SCHEMAS["reviews"]`` columns.

    Options: ``format`` (json, jsonl, csv, html, parquet), ``<column>_column`` (``claim_column``, ``rating_column``
    ...) naming the file's column, ``delimiter``, ``quoting`` ("none"), ``reviewer`` and ``lang`` where the file states
    none.

    Raises:
        UnreadableFile: the file cannot be opened, is empty, holds no text, or has no column of claims.
    """
    with open_stream(incoming.path, incoming.shown) as stream:
        empty = True
        for rows in _rows(stream, incoming):
            rows.rejects.extend(stream.take_rejects())
            if rows.lines or rows.rejects:
                empty = False
                yield _batch(rows, incoming)
        if empty:
            yield _batch(Rows({}, [], [], [Reject(incoming.shown, None, "no fact-check in it")]), incoming)


def _rows(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    form = str(incoming.options.get("format") or form_of(stream, incoming))
    if form == "text":
        form = "csv"  # a table whose names are not those of articles
    if form == "csv":
        return _tables(rows_of.delimited(stream, incoming), incoming)
    if form == "parquet":
        return _tables(rows_of.parquet(incoming.path, incoming), incoming)
    if form == "html":
        return _page(stream, incoming)
    if form == "jsonl":
        return (_reviews_in(rows, incoming) for rows in rows_of.json_lines(stream, incoming))
    if form == "json":
        return _document(stream, incoming)
    known = "csv, html, json, jsonl, parquet"
    raise UnreadableFile(f"{incoming.shown}: unknown format {form!r}; known are {known}")


# ---------------------------------------------------------------- tables


def _tables(found: Iterator[Rows], incoming: Incoming) -> Iterator[Rows]:
    for rows in found:
        if not rows.columns:
            yield rows
        elif set(rows.columns) >= _EUVSDISINFO:
            yield _euvsdisinfo(rows, incoming)
        else:
            yield _checked_claims(rows, incoming)


def _euvsdisinfo(rows: Rows, incoming: Incoming) -> Rows:
    """Cases of the EU's database: a title is the claim in the reviewers' words, cut ones end in an ellipsis."""
    given = rows.columns
    count = len(rows.lines)
    rows.columns = {
        "claim": given["title"],
        "title": given["title"],
        "url": given["id"],
        "published": given["date"],
        "reviewer": [EUVSDISINFO] * count,
        "rating": [None] * count,
        "outlets": [_parts(value) for value in given["outlets"]],
        "keywords": [_parts(value) for value in given["keywords"]],
        "lang": ["en"] * count,
    }
    return rows


def _parts(value: Any) -> list[str]:
    """Names joined by '+'; the web page's own "Show more" button is no outlet."""
    parts = (part.strip() for part in str(value or "").split("+"))
    return [part for part in parts if part and part.lower() not in _PLACEHOLDERS]


def _checked_claims(rows: Rows, incoming: Incoming) -> Rows:
    asked = {name: incoming.options.get(f"{name}_column") for name in NAMES}
    for name, column in asked.items():
        if column and column not in rows.columns:
            shown = ", ".join(list(rows.columns)[:12])
            raise UnreadableFile(
                f"{incoming.shown}: no column {column!r} ({name}_column); the columns are {shown}"
            )
    chosen = pick(rows.columns, NAMES, {name: column for name, column in asked.items() if column})
    if "claim" not in chosen and "title" in chosen:
        chosen["claim"] = chosen["title"]
    if "claim" not in chosen:
        shown = ", ".join(list(rows.columns)[:12])
        raise UnreadableFile(
            f"{incoming.shown}: no column of claims among {shown}; name it with claim_column"
        )
    rows.columns = chosen
    return rows


# ---------------------------------------------------------------- ClaimReview


def _document(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    data = stream.read_all(rows_of.MAX_JSON)
    if data is None:
        reason = f"a JSON document over {rows_of.MAX_JSON >> 20} MiB; give it as JSON lines"
        yield Rows({}, [], [], [Reject(incoming.shown, None, reason)])
        return
    for rows in rows_of.json_document(data, incoming):
        yield _reviews_in(rows, incoming)


def _page(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    from probata.collect.html import MAX_PAGE, linked_data, page_text

    data = stream.read_all(MAX_PAGE)
    if data is None:
        yield Rows({}, [], [], [Reject(incoming.shown, None, f"a page of over {MAX_PAGE >> 20} MiB")])
        return
    documents = linked_data(page_text(data))
    wrapped = Rows({"@graph": documents}, [1] * len(documents), [None] * len(documents))
    found = _reviews_in(wrapped, incoming, quiet=True)
    if not found.lines and not found.rejects:
        found.rejects.append(Reject(incoming.shown, None, "no ClaimReview in the page"))
    yield found


def _reviews_in(rows: Rows, incoming: Incoming, quiet: bool = False) -> Rows:
    """Every ClaimReview within each row; a row without one that has a claim by name is read as a table's row."""
    from probata.collect.html import nodes

    kept: list[dict[str, Any]] = []
    lines: list[int | None] = []
    found = Rows({}, lines, [], list(rows.rejects))
    for place, line in enumerate(rows.lines):
        row = {name: column[place] for name, column in rows.columns.items()}
        reviews = [_flat(node) for node in nodes(row) if _is_review(node)]
        if not reviews and not quiet:
            named = pick({name: [value] for name, value in row.items()}, NAMES, None)
            reviews = [{name: values[0] for name, values in named.items()}] if named.get("claim") else []
        if not reviews and not quiet:
            found.rejects.append(Reject(incoming.shown, line, "no ClaimReview and no claim in it"))
        kept += reviews
        lines += [line] * len(reviews)
        found.offsets += [rows.offsets[place]] * len(reviews)
    found.columns = {name: [row.get(name) for row in kept] for name in NAMES}
    return found


def _is_review(node: Mapping[str, Any]) -> bool:
    kinds = node.get("@type")
    names = kinds if isinstance(kinds, list) else [kinds]
    return any(isinstance(name, str) and re.split(r"[/:#]", name)[-1] == "ClaimReview" for name in names)


def _flat(node: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of one ClaimReview, as schema.org and Google's page on it lay it out."""
    item = _first(node.get("itemReviewed"))
    rating = _first(node.get("reviewRating"))
    return {
        "claim": node.get("claimReviewed") or item.get("name") or item.get("text"),
        "claimant": _name(item.get("author")),
        "claim_date": item.get("datePublished"),
        "reviewer": _name(node.get("author")) or _name(node.get("publisher")),
        "rating": rating.get("alternateName") or _scale(rating),
        "url": node.get("url") or node.get("@id"),
        "title": node.get("headline") or node.get("name"),
        "published": node.get("datePublished"),
        "lang": node.get("inLanguage"),
        "outlets": _appearances(item),
        "keywords": node.get("keywords"),
    }


def _first(value: Any) -> Mapping[str, Any]:
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, Mapping) else {}


def _name(value: Any) -> str | None:
    value = value[0] if isinstance(value, list) and value else value
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("url")
    return value if isinstance(value, str) and value else None


def _scale(rating: Mapping[str, Any]) -> str | None:
    """A rating given only as a number, with its scale."""
    value, best, worst = (rating.get(name) for name in ("ratingValue", "bestRating", "worstRating"))
    if value is None:
        return None
    return f"{value} ({worst} to {best})" if best is not None and worst is not None else str(value)


def _appearances(item: Mapping[str, Any]) -> list[str]:
    places = item.get("appearance") or []
    every = [*(places if isinstance(places, list) else [places]), item.get("firstAppearance")]
    found = [place.get("url") if isinstance(place, Mapping) else place for place in every]
    return list(dict.fromkeys(place for place in found if isinstance(place, str) and place))


# ---------------------------------------------------------------- columns


def _batch(rows: Rows, incoming: Incoming) -> Batch:
    count = len(rows.lines)
    raw = {name: rows.columns.get(name, [None] * count) for name in NAMES}
    good = [place for place, claim in enumerate(raw["claim"]) if isinstance(claim, str) and claim.strip()]
    rejects = [
        Reject(incoming.shown, rows.lines[place], "no claim")
        for place in sorted(set(range(count)) - set(good))
    ]
    raw = {name: [column[place] for place in good] for name, column in raw.items()}
    kept = Rows({}, [rows.lines[place] for place in good], [rows.offsets[place] for place in good])
    columns: dict[str, Any] = {
        name: as_text(raw[name]) for name in NAMES if name not in ("outlets", "keywords")
    }
    columns["outlets"] = [_array(value) for value in raw["outlets"]]
    columns["keywords"] = [_array(value) for value in raw["keywords"]]
    columns["reviewer"] = _reviewers(columns, incoming)
    if otherwise := incoming.options.get("lang"):
        columns["lang"] = [lang or str(otherwise) for lang in columns["lang"]]
    times = read_times(columns["published"])
    columns["published_earliest"], columns["published_latest"] = times.earliest, times.latest
    for place, reason in times.reasons.items():
        rejects.append(Reject(incoming.shown, kept.lines[place], f"kept without published time: {reason}"))
    identity = zip(
        *(columns[name] for name in ("reviewer", "url", "published", "claim", "rating")), strict=True
    )
    columns["id"] = [content_id("reviews", *parts) for parts in identity]
    columns.update(origin_columns(kept, incoming))
    ordered = {name: columns[name] for name in SCHEMAS["reviews"]}
    return Batch("reviews", ordered, (*rows.rejects, *rejects))


def _reviewers(columns: Mapping[str, Any], incoming: Incoming) -> list[str | None]:
    """Who checked: as stated, else as the options say, else the registered host of the review's address."""
    otherwise = incoming.options.get("reviewer")
    pairs = zip(columns["reviewer"], columns["url"], strict=True)
    return [
        given or (str(otherwise) if otherwise else registered_host(url or "") or None) for given, url in pairs
    ]


def _array(value: Any) -> str | None:
    """A JSON array of texts; a text with commas is taken for a list."""
    if isinstance(value, str):
        if value.lstrip().startswith("["):
            return value
        value = [part.strip() for part in value.split(",")]
    if not isinstance(value, list):
        return None
    found = [part for part in value if isinstance(part, str) and part]
    return orjson.dumps(found).decode() if found else None
