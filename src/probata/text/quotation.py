"""Where quotations begin and end: five languages' marks, nested, running over paragraphs, unbalanced.

A stack of open marks is kept within a paragraph. A mark that cannot be paired never swallows the rest of the
text: at the end of its paragraph the state starts anew, unless the next paragraph opens with a mark again
(a running quotation).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

_MARKS = re.compile("[\"“”„‟«»‹›‘’‚'＂]|``|''")
_FAMILY = {
    '"': "straight", "＂": "straight", "``": "ticks", "''": "ticks",
    "“": "curly", "”": "curly", "„": "curly", "‟": "curly",
    "«": "guillemet", "»": "guillemet", "‹": "single guillemet", "›": "single guillemet",
    "‘": "single", "’": "single", "‚": "single", "'": "single straight",
}  # fmt: skip
_SINGLE_MIN = 2
"""Words that a quotation in single straight marks must hold at top level: 'n' is no quotation."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation, marks included: ``start`` .. ``end`` in code points, end exclusive.

    ``depth`` 0 is outermost. ``closed`` is false where the closing mark is missing. ``continues`` says that
    it takes up the quotation that the paragraph before left open.
    """

    start: int
    end: int
    depth: int
    closed: bool = True
    continues: bool = False


@dataclass(slots=True)
class _Open:
    start: int
    mark: str
    family: str
    continues: bool = False


def paragraphs(text: str) -> list[tuple[int, int]]:
    """Spans of the paragraphs, without surrounding white space.

    Paragraphs end at a newline; in hard-wrapped text (blank lines between blocks of lines that end mid-sentence)
    at a blank line only.
    """
    pattern = r"\n[ \t\r\f\v]*\n\s*|\r\n?[ \t]*\r\n?\s*" if _wrapped(text) else r"[\n\r\u2028\u2029\x0b\x0c]+"
    spans, last = [], 0
    for match in re.finditer(pattern, text):
        spans.append((last, match.start()))
        last = match.end()
    spans.append((last, len(text)))
    return [trimmed for span in spans if (trimmed := _trim(text, span)) is not None]


def _trim(text: str, span: tuple[int, int]) -> tuple[int, int] | None:
    piece = text[span[0] : span[1]]
    start = span[0] + len(piece) - len(piece.lstrip())
    end = span[0] + len(piece.rstrip())
    return (start, end) if start < end else None


def _wrapped(text: str) -> bool:
    """Whether single newlines are mere line ends: lines of like width that stop in mid-sentence."""
    if not re.search(r"\n[ \t\r]*\n", text):
        return False
    lines = [line.rstrip() for line in text.split("\n")]
    inner = [a for a, b in pairwise(lines) if a and b]
    if len(inner) < 3:
        return False
    broken = sum(not re.search(r"[.!?…:;][\"”»’')]*$", line) and 40 <= len(line) <= 120 for line in inner)
    return broken / len(inner) > 0.6


def quotations(text: str, spans: Iterable[tuple[int, int]] | None = None) -> list[Quotation]:
    """All quotations in text order, outer before inner. ``spans`` are the paragraphs, if already known.

    Apostrophes are told from single marks by their neighbours; inch and second marks by what stands before.
    Never raises: marks that pair with nothing are passed over.
    """
    found: list[Quotation] = []
    left_open: _Open | None = None
    for start, end in list(spans if spans is not None else paragraphs(text)):
        left_open = _scan(text, start, end, left_open, found)
    found.sort(key=lambda quote: (quote.start, -quote.end))
    return found


def _scan(text: str, start: int, end: int, before: _Open | None, found: list[Quotation]) -> _Open | None:
    """Read one paragraph; return the outermost mark that it leaves open, if any."""
    stack: list[_Open] = []
    for match in _MARKS.finditer(text, start, end):
        mark, at = match.group(), match.start()
        family = _FAMILY[mark]
        continues = before is not None and at == start and before.family == family
        role = _role(text, (start, end), match, stack)
        if continues or role == "open":
            if stack and stack[-1].family == family and family != "guillemet":
                _close(stack, len(stack) - 1, (at, False), found, text)  # the earlier mark was never closed
            stack.append(_Open(at, mark, family, continues))
        elif role == "close":
            depth = max(i for i, item in enumerate(stack) if _pairs(item, mark, family))
            while len(stack) > depth + 1:
                _close(stack, len(stack) - 1, (at, False), found, text)
            _close(stack, depth, (match.end(), True), found, text)
    left = stack[0] if stack else None
    while stack:
        _close(stack, len(stack) - 1, (end, False), found, text)
    return left


def _close(stack: list[_Open], depth: int, end: tuple[int, bool], found: list[Quotation], text: str) -> None:
    item = stack.pop()
    stop, closed = end
    if item.family.startswith("single") and (
        not closed or (depth == 0 and _words(text, item.start, stop) < _SINGLE_MIN)
    ):
        return  # an apostrophe after all
    if stop > item.start + len(item.mark):
        found.append(Quotation(item.start, stop, depth, closed, item.continues))


def _words(text: str, start: int, end: int) -> int:
    return text.count(" ", start, end) + 1


def _pairs(item: _Open, mark: str, family: str) -> bool:
    if item.family != family:
        return family == "curly" and item.family == "straight" and mark == "”"
    return True


def _role(text: str, paragraph: tuple[int, int], match: re.Match[str], stack: list[_Open]) -> str:
    """Say whether a mark opens, closes or is none: "open", "close" or ""."""
    mark, family = match.group(), _FAMILY[match.group()]
    before = text[match.start() - 1] if match.start() > paragraph[0] else " "
    after = text[match.end()] if match.end() < paragraph[1] else " "
    is_open = any(_pairs(item, mark, family) for item in stack)
    if family in ("straight", "ticks"):
        return _straight_role(before, after, is_open)
    if family == "single straight" or mark == "’":
        return _apostrophe_role(mark, before, after, is_open)
    return _paired_role(mark, (before, after), is_open, stack)


def _straight_role(before: str, after: str, is_open: bool) -> str:
    opens = (before.isspace() or before in "([{—–-/«“‘'") and not after.isspace()
    if is_open:
        closes_here = after.isspace() or not after.isalnum() or not before.isspace()
        return "close" if closes_here and not (before.isspace() and after.isalnum()) else "open"
    if opens or (not before.isdigit() and after.isalnum() and not before.isalnum()):
        return "open"
    return ""


def _apostrophe_role(mark: str, before: str, after: str, is_open: bool) -> str:
    if is_open and not before.isspace() and not after.isalnum():
        return "close"
    if mark == "'" and not is_open and (before.isspace() or before in '([“"«—') and after.isalnum():
        return "open"
    return ""


def _paired_role(mark: str, around: tuple[str, str], is_open: bool, stack: list[_Open]) -> str:
    """Marks with a direction; “ closes after „ (German, Russian) and »...« may be turned round."""
    before, after = around
    top = next((item.mark for item in reversed(stack) if item.family == _FAMILY[mark]), "")
    if mark in "„‚‟":
        return "open"
    if mark in "“‘":
        closes = top in ("„", "‚") and not (before.isspace() and after.isalnum())
        return "close" if closes else "open"
    if mark == "”":
        return "close" if is_open else ""
    if mark in "«‹":
        return "close" if top in ("»", "›") and not before.isspace() else "open"
    if is_open and top in ("«", "‹"):
        return "close"
    return "open" if before.isspace() and after.isalnum() else ""


def quoted_mask(text: str, quotes: Iterable[Quotation]) -> bytearray:
    """One byte a code point: 0 outside quotations, 1 inside, 2 opening mark, 3 closing mark (outermost only)."""
    mask = bytearray(len(text))
    for quote in quotes:
        if quote.depth:
            continue
        mask[quote.start : quote.end] = b"\x01" * (quote.end - quote.start)
        width = 2 if text.startswith(("``", "''"), quote.start) else 1
        mask[quote.start : quote.start + width] = b"\x02" * width
        if quote.closed:
            width = 2 if text.endswith("''", quote.start, quote.end) else 1
            mask[quote.end - width : quote.end] = b"\x03" * width
    return mask
