"""Saved web pages: text and title by trafilatura, dates by the page's own statements and then htmldate.

Pages are hostile: nothing is fetched, no script runs, size and nesting are bounded, and a page that defeats the
extractor is read with the standard library's parser, which cannot be made to recurse.
"""

from __future__ import annotations

import html as entities
import logging
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import orjson

from probata.collect import Incoming, UnreadableFile
from probata.collect._bytes import Stream
from probata.collect._rows import Rows
from probata.collect._text import decode
from probata.collect._when import read_when
from probata.model import Reject

MAX_PAGE = 8 << 20
"""Longest page that is read, in bytes."""

MAX_DEPTH = 400
"""Nesting past which a page is not given to the extractor, whose tree walks recurse."""

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)[^<>]*?(/?)>")
_VOID = frozenset(
    [
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
        "p",
        "li",
        "td",
        "tr",
        "th",
        "dd",
        "dt",
        "option",
    ]
)
_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-zA-Z0-9_\-]{3,20})""", re.I)
_META = re.compile(r"<meta\b([^<>]{1,2000})>", re.I)
_ATTRIBUTE = re.compile(r"""([a-zA-Z:\-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""")
_LD = re.compile(r"<script\b[^<>]*application/ld\+json[^<>]*>(.*?)</script", re.I | re.S)
_LINK = re.compile(r"""<a\b[^<>]{0,500}?\bhref\s*=\s*["']?(https?://[^\s"'<>]{1,2000})""", re.I)
_CANONICAL = re.compile(r"""<link\b[^<>]{0,500}?\brel\s*=\s*["']?canonical\b[^<>]{0,2000}>""", re.I)

_DATES = {
    "published": ("article:published_time", "datepublished", "og:published_time", "publication_date", "pubdate", "date",
                  "dc.date", "dc.date.issued", "dcterms.created", "parsely-pub-date", "sailthru.date"),
    "updated": ("article:modified_time", "datemodified", "og:updated_time", "last-modified", "dcterms.modified"),
}  # fmt: skip


def read_page(stream: Stream, incoming: Incoming) -> Iterator[Rows]:
    """Yield the one article of a saved page as raw columns, or a reject where it holds no text."""
    data = stream.read_all(MAX_PAGE)
    if data is None:
        yield _rejected(incoming, f"a page of over {MAX_PAGE >> 20} MiB")
        return
    page = page_text(data)
    found = _extract(page)
    if not found["text"]:
        yield _rejected(incoming, "no text found in the page")
        return
    found.update(_stated(page))
    if not found.get("published"):
        found["published"] = _guessed_date(page)
    yield Rows({name: [value or None] for name, value in found.items()}, [1], [0], [])


def page_text(data: bytes) -> str:
    """Decode a page: UTF-8 where it is, else as the page declares, else as its bytes look."""
    try:
        return data.decode("utf-8").lstrip("\ufeff")
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(data[:8192])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8"):
        try:
            return data.decode(declared[1].decode("ascii"), "replace")
        except (LookupError, ValueError):
            pass
    return decode(data).text


def linked_data(page: str) -> list[Any]:
    """Every JSON-LD document that the page embeds and that can be parsed."""
    documents = []
    for match in _LD.finditer(page):
        source = match[1].strip().removeprefix("<!--").removesuffix("-->")
        for form in (source, entities.unescape(source), re.sub(r"[\x00-\x1f]+", " ", source)):
            try:
                documents.append(orjson.loads(form))
                break
            except orjson.JSONDecodeError:
                continue
    return documents


def nodes(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of a JSON document, outer before inner, without recursion."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            yield value
            waiting.extend(reversed(list(value.values())))
        elif isinstance(value, list):
            waiting.extend(reversed(value))


def _rejected(incoming: Incoming, reason: str) -> Rows:
    return Rows({}, [], [], [Reject(incoming.shown, None, reason)])


def _extract(page: str) -> dict[str, Any]:
    """Text, title and host by the extractor where that is safe, else by the plain parser."""
    found: dict[str, Any] = {"text": None, "title": None}
    if _depth(page) <= MAX_DEPTH:
        found.update(_trafilatura(page))
    text = found["text"] or ""
    if len(text) < _SHORT:
        plain = _Plain()
        plain.feed(page)
        read = plain.text()
        if not text or "".join(text.split()) == "".join(read.split()):
            found["text"] = read
            found["title"] = found["title"] or " ".join("".join(plain.title).split())
    return found


_SHORT = 2000
"""Code points of a text below which the extractor may have fallen back to a way that breaks lines at ``<b>``; where
the plain parser reads the same words, its lines are taken."""


def _trafilatura(page: str) -> dict[str, Any]:
    trafilatura = _extractor()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    try:
        document = trafilatura.bare_extraction(
            page,
            include_comments=False,
            include_tables=True,
            with_metadata=True,
            date_extraction_params=_NO_SEARCH,
        )
    except Exception:  # noqa: BLE001 - a foreign parser on hostile input: whatever it raises, the plain parser reads on
        return {}
    if document is None:
        return {}
    return {"text": document.text, "title": document.title, "url": document.url, "source": document.sitename}


def _extractor() -> Any:
    """The extractor's module; a broken installation is said in one line, not hidden behind a poorer text."""
    try:
        import trafilatura
    except ImportError as error:
        reason = " ".join(str(error).split())[:80]
        raise UnreadableFile(
            f"saved pages cannot be read: trafilatura is not whole ({reason}); pip install lxml_html_clean"
        ) from None
    return trafilatura


_NO_SEARCH = {"extensive_search": False, "original_date": True}


def _depth(page: str) -> int:
    """The deepest nesting of tags that need an end; an over-estimate on careless pages, which costs only quality."""
    depth = deepest = 0
    for closing, name, alone in _TAG.findall(page):
        if name.lower() in _VOID or alone:
            continue
        depth = max(0, depth - 1) if closing else depth + 1
        deepest = max(deepest, depth)
    return deepest


class _Plain(HTMLParser):
    """All text that a reader would see, a line a block; scripts and styles left out."""

    _HIDDEN = frozenset(("script", "style", "noscript", "template", "svg", "head"))
    _INLINE = frozenset(
        "a abbr b bdi cite code em font i mark q s small span strong sub sup time u".split()  # noqa: SIM905
    )

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._pieces: list[str] = []
        self._hidden: str | None = None
        self._in_title = False
        self.title: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._in_title = tag == "title"
        if self._hidden is None and tag in self._HIDDEN:
            self._hidden = tag
        elif tag == "body":
            self._hidden = None
        if tag not in self._INLINE:
            self._pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self._in_title = False
        if tag == self._hidden:
            self._hidden = None
        if tag not in self._INLINE:
            self._pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title.append(data)
        elif self._hidden is None:
            self._pieces.append(data)

    def text(self) -> str:
        lines = (" ".join(line.split()) for line in "".join(self._pieces).split("\n"))
        return "\n".join(line for line in lines if line)


def _stated(page: str) -> dict[str, Any]:
    """Address, dates and links as the page itself states them."""
    found: dict[str, Any] = {}
    meta = _meta(page)
    linked = [node for document in linked_data(page) for node in nodes(document)]
    for name, keys in _DATES.items():
        stated = [
            str(node[key]) for key in _LD_DATES[name] for node in linked if isinstance(node.get(key), str)
        ]
        stated += [meta[key] for key in keys if key in meta]
        found[name] = next((value for value in stated if read_when(value)[0] is not None), None)
    if "og:url" in meta:
        found["url"] = meta["og:url"]
    elif canonical := _CANONICAL.search(page):
        found["url"] = _attributes(canonical[0]).get("href")
    if language := re.search(
        r"<html\b[^<>]{0,500}?\blang\s*=\s*[\"']?([a-zA-Z]{2,3})\b", page[:20_000], re.I
    ):
        found["lang"] = language[1].lower()
    links = dict.fromkeys(entities.unescape(link) for link in _LINK.findall(page))
    found["links"] = list(links)
    return {name: value for name, value in found.items() if value}


_LD_DATES = {"published": ("datePublished", "dateCreated"), "updated": ("dateModified",)}


def _meta(page: str) -> dict[str, str]:
    """Contents of the meta tags by lower-case name or property; the first of a name counts."""
    found: dict[str, str] = {}
    for tag in _META.findall(page):
        attributes = _attributes(tag)
        name = attributes.get("property") or attributes.get("name") or attributes.get("itemprop")
        if name and attributes.get("content"):
            found.setdefault(name.lower(), attributes["content"])
    return found


def _attributes(tag: str) -> dict[str, str]:
    found = _ATTRIBUTE.findall(tag)
    return {name.lower(): entities.unescape(one or two or bare).strip() for name, one, two, bare in found}


def _guessed_date(page: str) -> str | None:
    """The day that htmldate reads out of the page, or None."""
    if _depth(page) > MAX_DEPTH:
        return None
    from htmldate import find_date

    try:
        found = find_date(page, original_date=True, extensive_search=False)
    except Exception:  # noqa: BLE001 - a foreign parser on hostile input; without a date the article still counts
        return None
    return str(found) if found else None
