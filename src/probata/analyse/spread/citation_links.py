"""Hyperlinks between articles: one spelling for every address of a page."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

_TRACKING = re.compile(r"(?:utm_\w+|fbclid|gclid|ref|xtor)=", re.IGNORECASE)
_ESCAPED = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_PORTS = {"https": ":443", "http": ":80"}
_HOSTS = ("www.", "m.", "amp.")


def address(url: object) -> str:
    """An address without scheme, default port, mobile host, fragment and tracking, so that spellings of one page are
    equal. Capitals count in the path and behind it, not before.
    """
    if not isinstance(url, str):
        return ""
    bare = url.strip().partition("#")[0]
    scheme, found, rest = bare.partition("://")
    port = _PORTS.get(scheme.lower(), "") if found else ""
    if port:
        bare = rest
    cut = next((at for at, sign in enumerate(bare) if sign in "/?&"), len(bare))
    host = bare[:cut].lower()
    if port:
        mobile = next((start for start in _HOSTS if host.startswith(start)), "")
        host = host.removeprefix(mobile).removesuffix(port)
    return (host + _page(bare[cut:])).rstrip("/?&")


def _page(path: str) -> str:
    """Path and query with signs as they are read, less what only tells where a reader came from."""
    if "%" in path:
        path = _ESCAPED.sub(_unescaped, path)
    if not path.isascii():
        path = unicodedata.normalize("NFC", path)
    if "?" not in path and "&" not in path:
        return path
    head, mark, query = path.partition("?" if "?" in path else "&")
    kept = [given for given in re.split("[?&]", query) if given and not _TRACKING.match(given)]
    return head + mark + "&".join(kept) if kept else head


def _unescaped(run: re.Match[str]) -> str:
    """Letters as such; what separates parts of an address stays escaped, and so does what is no UTF-8."""
    try:
        signs = bytes.fromhex(run.group().replace("%", "")).decode()
    except UnicodeDecodeError:
        return run.group().upper()
    return "".join(
        sign if sign.isalnum() or sign in "-._~" or ord(sign) > 159 else f"%{ord(sign):02X}" for sign in signs
    )


def linked(urls: Sequence[Any], links: Any) -> list[tuple[int, int]]:
    """Rows of articles that link to another, and the row of that one."""
    if not any(map(_has_links, set(links.tolist()))):  # mostly one and the same nothing
        return []
    places: dict[str, int] = {}
    for row, url in enumerate(urls):
        page = address(url)
        if "/" in page:  # a bare domain is a home page, not an article
            places.setdefault(page, row)
    found = []
    for row, given in enumerate(links):
        for target in _addresses(given):
            at = places.get(address(target))
            if at is not None and at != row:
                found.append((row, at))
    return found


def _has_links(links: object) -> bool:
    return isinstance(links, str) and len(links) > len("[]")


def _addresses(links: object) -> list[str]:
    if not _has_links(links) or not isinstance(links, str):
        return []
    try:
        parsed = json.loads(links)
    except ValueError:
        return []
    return [item for item in parsed if isinstance(item, str)] if isinstance(parsed, list) else []
