"""Where a key stands in a TOML file: ``tomllib`` gives values without lines, messages need lines."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Path = tuple[str | int, ...]

_PART = re.compile(r'\s*(?:"((?:[^"\\\n]|\\.)*)"|\'([^\'\n]*)\'|([A-Za-z0-9_-]+))\s*')
_STRINGS = ('"""', "'''", '"', "'")


@dataclass(slots=True)
class Locator:
    """Lines by path; a path that was not seen has the line of the nearest table that holds it."""

    lines: dict[Path, int] = field(default_factory=dict)

    def line(self, path: Sequence[str | int]) -> int:
        """The line (from 1) where this key or table is written, or that of what holds it."""
        sought = tuple(path)
        while sought:
            if sought in self.lines:
                return self.lines[sought]
            sought = sought[:-1]
        return 1


def locate(text: str) -> Locator:
    """Find the line of every table header and key of a TOML document that ``tomllib`` accepts.

    Keys inside inline tables have the line of the key that holds them. Broken TOML gives as many lines as
    could be made out; nothing is raised.
    """
    found = Locator()
    counts: dict[Path, int] = {}
    base: Path = ()
    at = 0
    while at < len(text):
        at = _skip_blank(text, at)
        if at >= len(text):
            break
        line = text.count("\n", 0, at) + 1
        if text[at] == "[":
            base = _header(text[at : _line_end(text, at)], counts)
            found.lines.setdefault(base, line)
            at = _line_end(text, at)
            continue
        keys, after = _dotted(text, at)
        for length in range(1, len(keys) + 1):
            found.lines.setdefault((*base, *keys[:length]), line)
        at = _value_end(text, after)
    return found


def _skip_blank(text: str, at: int) -> int:
    """The next place that is neither white space nor in a comment."""
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] == "#":
            at = _line_end(text, at)
        else:
            break
    return at


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _header(line: str, counts: dict[Path, int]) -> Path:
    """The path that ``[a.b]`` or ``[[a.b]]`` opens; an array of tables counts up below its holder's last."""
    is_array = line.startswith("[[")
    keys, _ = _dotted(line, 2 if is_array else 1)
    path: Path = ()
    for place, key in enumerate(keys):
        path = (*path, key)
        if place == len(keys) - 1 and is_array:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _dotted(text: str, at: int) -> tuple[tuple[str, ...], int]:
    """A dotted key from ``at``: its parts, and the place after it."""
    keys: list[str] = []
    while match := _PART.match(text, at):
        keys.append(next(group for group in match.groups() if group is not None))
        at = match.end()
        if at >= len(text) or text[at] != ".":
            break
        at += 1
    return tuple(keys), max(at, 1)


def _value_end(text: str, at: int) -> int:
    """The end of the line on which the value ends: strings and brackets may run over lines."""
    depth = 0
    while at < len(text):
        mark = text[at]
        if mark in "\"'":
            at = _string_end(text, at)
            continue
        if mark == "#":
            at = _line_end(text, at)
            continue
        if mark == "\n" and depth <= 0:
            return at
        depth += (mark in "[{") - (mark in "]}")
        at += 1
    return at


def _string_end(text: str, at: int) -> int:
    """The place after the string that starts at ``at``; an unclosed one ends with its line, or the file."""
    quote = next(mark for mark in _STRINGS if text.startswith(mark, at))
    at += len(quote)
    while at < len(text):
        if text.startswith(quote, at):
            return at + len(quote)
        if text[at] == "\n" and len(quote) == 1:
            return at
        at += 2 if text[at] == "\\" and quote[0] == '"' else 1
    return at
