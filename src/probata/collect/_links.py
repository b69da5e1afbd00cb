"""Addresses that an article links to, however a cell or a list holds them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import orjson

from probata.collect._names import HOST

_BETWEEN = re.compile(r"\s+|[,;|]+(?=[a-z][a-z0-9+.\-]*://)", re.I)
"""An address may hold a comma or a semicolon: without a space these part two only where the next begins."""
_is_absolute = HOST.match


def links(value: Any) -> str | None:
    """Absolute addresses as a JSON array: of a list, an object, JSON of these, or a text with one or several."""
    if type(value) is str:
        value = _in_text(value)
    elif isinstance(value, Mapping):
        value = [value]
    if type(value) is not list:
        return None
    found = [link for link in value if type(link) is str and _is_absolute(link)]
    if len(found) < len(value):
        found = list(filter(_is_absolute, map(_address, value)))
    return orjson.dumps(found).decode()


def _in_text(text: str) -> Any:
    """What a text holds: JSON, several addresses or, most often, one, which is told without a search."""
    if text[:4] == "http" and not ("," in text or ";" in text or "|" in text) and len(text.split()) == 1:
        return [text]
    if text.lstrip().startswith(("[", "{")):
        try:
            found = orjson.loads(text)
        except orjson.JSONDecodeError:
            return None
        return [found] if isinstance(found, Mapping) else found
    return [piece.rstrip(",;|") for piece in _BETWEEN.split(text)]


def _address(link: Any) -> str:
    """A link that is a text or an object; empty where it is neither."""
    if isinstance(link, Mapping):
        link = next((link[name] for name in ("href", "url") if isinstance(link.get(name), str)), "")
    return link if isinstance(link, str) else ""
