"""Saved pages: what is taken from them, and what hostile ones cannot do."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.collect import Incoming
from probata.collect.articles import read
from probata.model import Reject

PARAGRAPHS = [
    "The ministry said on Monday that the harbour would stay open, whatever the rumours on the market claimed.",
    "Fishermen who had gathered at the quay asked for a written promise and were told that one would come.",
    "A spokesman denied that the letter shown on several sites had ever been sent by his office.",
]
PAGE = f"""<!DOCTYPE html><html lang="en"><head><title>Harbour stays open</title>
<meta property="og:url" content="https://post.example/harbour">
<meta property="article:published_time" content="2017-02-14T10:15:00+01:00">
<meta property="article:modified_time" content="2017-02-15T08:00:00Z">
<script>document.body.innerHTML = "SCRIPTED"</script></head><body><nav><a href="/">Home</a></nav>
<article><h1>Harbour stays open</h1>{"".join(f"<p>{text}</p>" for text in PARAGRAPHS)}
<p>See <a href="https://ministry.example/statement?a=1&amp;b=2">the statement</a>.</p></article></body></html>"""


def page(folder: Path, html: str | bytes) -> tuple[dict[str, Any] | None, list[Reject]]:
    path = folder / "page.html"
    path.write_bytes(html.encode() if isinstance(html, str) else html)
    batches = list(read(Incoming(path, "e" * 64, "page.html")))
    rows = [{name: column[0] for name, column in batch.columns.items()} for batch in batches if len(batch)]
    return (rows[0] if rows else None), [reject for batch in batches for reject in batch.rejects]


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every attempt to open a connection fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a page made the program open a connection")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_a_page_gives_text_dates_address_and_links(tmp_path: Path) -> None:
    """Published and updated are told apart, to the second and with zone; scripts are no text."""
    row, rejects = page(tmp_path, PAGE)
    assert rejects == []
    assert row is not None
    assert all(text in row["text"] for text in PARAGRAPHS)
    assert "SCRIPTED" not in row["text"]
    assert row["title"] == "Harbour stays open"
    assert row["url"] == "https://post.example/harbour"
    assert row["lang"] == "en"
    assert row["published_earliest"] == np.datetime64("2017-02-14T09:15:00")
    assert row["updated_earliest"] == np.datetime64("2017-02-15T08:00:00")
    assert row["links"] == '["https://ministry.example/statement?a=1&b=2"]'


def test_bold_words_break_no_line_of_a_short_page(tmp_path: Path) -> None:
    """A quotation with a word in bold stays one line, however short the page is."""
    row, _ = page(tmp_path, '<html><body><p>Ann said: "It was <b>a lie</b>," on Monday.</p></body></html>')
    assert row is not None
    assert row["text"] == 'Ann said: "It was a lie," on Monday.'


def test_a_date_in_linked_data_is_found(tmp_path: Path) -> None:
    """JSON-LD states the date where no meta tag does."""
    start, end = PAGE.index("<meta property"), PAGE.index("<script>")
    linked = (
        '<script type="application/ld+json">{"@graph": [{"datePublished": "2017-02-13T07:00:00Z"}]}</script>'
    )
    row, _ = page(tmp_path, PAGE[:start] + linked + PAGE[end:])
    assert row is not None
    assert row["published_earliest"] == np.datetime64("2017-02-13T07:00:00")


def test_a_declared_encoding_is_used(tmp_path: Path) -> None:
    """A page in windows-1251 that says so reads as Russian."""
    text = "Министерство заявило в понедельник, что порт останется открытым для всех судов и рыбаков."
    html = f'<html><head><meta charset="windows-1251"></head><body><article><p>{text}</p><p>{text}</p></article></body>'
    row, _ = page(tmp_path, html.encode("cp1251"))
    assert row is not None
    assert text in row["text"]
    assert row["lang"] == "ru"


HOSTILE = {
    "deep": "<html><body>" + "<div>" * 60_000 + "buried text of the page" + "</div>" * 10,
    "unclosed": "<html><body><p>unclosed text of the page" + "<b" * 5000,
    "attributes": "<html><body " + "a=b " * 50_000 + ">plain text of the page</body>",
    "entities": "<!DOCTYPE html [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><html><body><p>&b; text of the page</p>",
    "external": '<!DOCTYPE html SYSTEM "http://evil.example/x.dtd"><html><head><base href="http://evil.example/">'
    '<link rel=stylesheet href="http://evil.example/s.css"></head><body><img src="http://evil.example/i.png">'
    '<iframe src="file:///etc/passwd"></iframe><p>text of the page</p></body></html>',
    "nulls": "<html><body><p>text\ufffd of the page &#0; &#xD800; &#x110000;</p></body></html>",
    "comments": "<html>" + "<!--" * 20_000 + "<body>text of the page",
    "scripts": "<html><body>" + "<script>" * 3000 + "text of the page</body></html>",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_neither_crash_nor_call_out(tmp_path: Path, name: str, no_network: None) -> None:
    """Each gives a text or one reject, without a connection and without an exception."""
    row, rejects = page(tmp_path, HOSTILE[name])
    assert (row is None) == bool(rejects)
    if row is not None:
        assert "root:" not in row["text"]


def test_a_deep_page_still_gives_its_text(tmp_path: Path) -> None:
    """Where the extractor cannot be let in, the plain parser reads the text."""
    row, _ = page(tmp_path, HOSTILE["deep"])
    assert row is not None
    assert row["text"] == "buried text of the page"


def test_a_page_without_text_is_a_reject(tmp_path: Path) -> None:
    """An empty page is set aside with the reason."""
    row, (reject,) = page(tmp_path, "<html><body><script>x()</script></body></html>")
    assert row is None
    assert reject.reason == "no text found in the page"


pieces = st.sampled_from(
    ["<p>", "</p>", "<div", ">", "<script>", "</script>", "<!--", "-->", "&amp;", "&#x0;", "<", '"', "é"]
)


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(st.lists(pieces | st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=10), max_size=40))
def test_any_markup_is_read_or_set_aside(tmp_path: Path, parts: list[str]) -> None:
    """Any soup of tags is one article or one reject."""
    soup = "<html><body>" + "".join(parts)
    row, rejects = page(tmp_path, soup)
    lost = [reject for reject in rejects if not reject.reason.startswith("kept")]
    assert (row is not None) + len(lost) == 1
