"""Which addresses are those of one page."""

from __future__ import annotations

import pytest

from probata.analyse.spread.citation_links import address


@pytest.mark.parametrize(("one", "other"), [
    ("https://g.example/a?id=5", "https://g.example/a?utm_source=x&id=5"),
    ("https://g.example/a?id=5", "https://g.example/a?fbclid=1&id=5"),
    ("https://g.example/a?id=5", "https://g.example/a?id=5&UTM_source=x"),
    ("https://g.example/a", "https://g.example/a?utm_source=x&utm_medium=y"),
    ("https://g.example/a", "https://g.example/a&utm_source=x"),
    ("https://g.example/новости/1", "https://g.example/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1"),
    ("https://g.example/новости/1", "https://g.example/%d0%bd%d0%be%d0%b2%d0%be%d1%81%d1%82%d0%b8/1"),
    ("https://g.example/caf\u00e9", "https://g.example/cafe\u0301"),
    ("https://g.example/~me", "https://g.example/%7Eme"),
    ("https://g.example:443/a", "https://g.example/a"),
    ("http://g.example:80/a", "https://www.g.example/a"),
    ("HTTPS://WWW.G.Example/a", "http://g.example/a/"),
    ("https://g.example/a", "https://g.example/a#top"),
    ("G.example/a", "g.example/a"),
])  # fmt: skip
def test_spellings_of_one_page_are_equal(one: str, other: str) -> None:
    """Scheme, default port, capitals of the host, tracking, fragment and escaped letters do not part them."""
    assert address(one) == address(other)


@pytest.mark.parametrize(("one", "other"), [
    ("https://v.example/watch?v=AbC", "https://v.example/watch?v=aBc"),
    ("https://g.example/A", "https://g.example/a"),
    ("https://g.example/a?id=5", "https://g.example/a?id=6"),
    ("https://g.example/a?id=5", "https://g.example/a"),
    ("https://g.example/a?href=5", "https://g.example/a"),
    ("https://g.example:8443/a", "https://g.example/a"),
    ("http://g.example:443/a", "http://g.example/a"),
    ("https://g.example/a%2Fb", "https://g.example/a/b"),
    ("https://g.example/a%3Fid=5", "https://g.example/a?id=5"),
    ("https://g.example/%E0", "https://g.example/à"),
])  # fmt: skip
def test_other_pages_are_told_apart(one: str, other: str) -> None:
    """Capitals of the path, other parameters, other ports, escaped separators, letters of another encoding."""
    assert address(one) != address(other)


@pytest.mark.parametrize("url", [None, 5, "", "%", "http://", "https://%zz/%", "://", "?&#", "\ud800/%ff"])
def test_what_is_no_address_does_no_harm(url: object) -> None:
    assert isinstance(address(url), str)
