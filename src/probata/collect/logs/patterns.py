"""What a message says: patterns with named groups, each tied to one action and outcome.

Log injection is answered by structure: a pattern is anchored at both ends of what it reads, a field that a client
chooses (user name, HELO, request) is bounded by program text on both sides, and where the program writes the
address last the field before it is greedy, so that an address inside it is not taken. A pattern for one
program is never tried on another program's message.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from probata.collect.logs.columns import Row

FAILURE, SUCCESS, UNKNOWN = "failure", "success", "unknown"

ADDRESS = r"\[?(?P<addr>(?:IPv6:)?[0-9A-Za-z_.:%-]*[0-9A-Za-z_])\]?"
"""A host as written: address or name; brackets left out."""

PORT = r"(?P<port>\d{1,5})"

_FIELDS = {
    "addr": "source.address",
    "port": "source.port",
    "user": "user.name",
    "dst": "destination.ip",
    "dport": "destination.port",
    "url": "url.original",
    "verb": "http.request.method",
    "status": "http.response.status_code",
    "rule": "rule.name",
    "session": "session.id",
    "proto": "network.transport",
}


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of message. ``hint`` is a literal that it holds: looked for first, as that is cheap."""

    hint: str
    regex: re.Pattern[str]
    action: str
    outcome: str | None = FAILURE
    link: str = ""
    """``uses``: takes the address that the same process named before; ``clears``: forgets it."""


@dataclass(frozen=True, slots=True)
class Service:
    """A server program: how it is called in a syslog tag, and what it says."""

    name: str
    programs: re.Pattern[str]
    patterns: tuple[Pattern, ...]
    inner_head: bool = False
    """Its messages may start with a time of their own."""
    strip: re.Pattern[str] | None = None
    """Program text before the message (levels, ids)."""
    quiet: bool = field(default=False)


def pattern(hint: str, text: str, action: str, outcome: str | None = FAILURE, link: str = "") -> Pattern:
    """Compile; ``<A>`` stands for a host, ``<P>`` for a port number."""
    ready = text.replace("<A>", ADDRESS).replace("<P>", PORT)
    return Pattern(hint, re.compile(ready, re.DOTALL), action, outcome, link)


def service(name: str, programs: str, rows: Iterable[Sequence[str | None]], **more: object) -> Service:
    """A service from rows of (hint, regex, action[, outcome[, link]])."""
    made = tuple(pattern(*row) for row in rows)  # type: ignore[arg-type]
    return Service(name, re.compile(programs, re.IGNORECASE), made, **more)  # type: ignore[arg-type]


_BEGIN = re.compile(r"\^([A-Za-z_]+)(.?)")


def may_begin(item: Pattern, word: str) -> bool:
    """Whether a message whose first word is ``word`` may fit, told by the letters with which the pattern begins."""
    begin = _BEGIN.match(item.regex.pattern)
    if begin is None or "|" in _outside(item.regex.pattern):
        return True
    letters, after = begin[1], begin[2]
    if after in ("?", "*", "{"):
        letters = letters[:-1]
    return word == letters if after == " " else word.startswith(letters)


def _outside(pattern: str) -> str:
    """What of a pattern stands outside of every bracket (where a bar would start another pattern)."""
    depth, made = 0, []
    for place, char in enumerate(pattern):
        if place and pattern[place - 1] == "\\":
            continue
        depth += (char in "([") - (char in ")]")
        if depth == 0:
            made.append(char)
    return "".join(made)


def fill(found: re.Match[str], action: str, outcome: str | None) -> Row:
    """The row that a match gives: its named groups under their ECS names."""
    row: Row = {"event.action": action, "event.outcome": outcome}
    for group, text in found.groupdict().items():
        name = _FIELDS.get(group)
        if name is not None and text is not None:
            row[name] = text[5:] if group == "addr" and text.startswith("IPv6:") else text
    return row
