"""One question's answer for a terminal: findings, main rows, gaps, and what was set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from probata.export.board import plural
from probata.export.words import measured, number, safe
from probata.model import Answer, Finding, Gap, Reject, plain

FINDINGS_SHOWN = 12
ROWS_SHOWN = 12
CELL = 90
COLUMNS_SHOWN = 7

ROWS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "spread": {
        "stories": ("story", "role", "source", "published", "article"),
        "pairs": ("relation", "a", "b", "direction", "words", "score", "lag"),
        "ties": ("a", "b", "stories", "expected", "p", "q"),
    },
    "claims": {"attributions": ("act", "speaker", "cue", "content", "target", "evidence"), "allegations": ()},
    "slant": {
        "cells": ("outlet", "candidate", "measure", "n", "estimate", "interval", "q", "mde", "verdict")
    },
    "attacks": {
        "rules": ("title", "level", "events", "techniques"),
        "sources": ("source", "events", "attempts", "sessions", "countries"),
        "groups": ("test", "service", "attempts", "share_of_attempts", "p", "q", "first", "last"),
    },
    "opinion": {
        "events": ("date", "kind", "party", "shift", "interval", "p_placebo", "mde"),
        "odds": (),
        "house_effects": ("pollster", "party", "effect", "interval", "polls"),
        "suspect_polls": (),
    },
}
"""The lists of a question's document that are worth showing, and their columns; () takes the first ones. The whole of
it is in the JSON document."""

LARGEST_FIRST = {"rules": "events", "house_effects": "effect"}
"""Lists shown by the size of one column, without the rows in which it is nought."""

_HASH = re.compile(r"[0-9a-f]{16,64}\Z")


def answer_view(answer: Answer, rejects: Sequence[Reject] = ()) -> RenderableType:
    """What a person needs from one question; everything is in ``--format json`` and ``--out``."""
    parts: list[RenderableType] = [Text(answer.question.upper(), "bold")]
    parts += [_finding(finding) for finding in answer.findings[:FINDINGS_SHOWN]]
    if not answer.findings:
        parts.append(Text("no finding", "dim"))
    if len(answer.findings) > FINDINGS_SHOWN:
        parts.append(
            Text(f"  and {len(answer.findings) - FINDINGS_SHOWN} more findings: --format json", "dim")
        )
    parts += _caveats(answer.findings[:FINDINGS_SHOWN])
    for key, columns in ROWS.get(answer.question, {}).items():
        rows = answer.document.get(key)
        if isinstance(rows, Sequence) and rows and isinstance(rows[0], Mapping):
            parts += [Text(""), _rows(key, rows, columns)]
    parts += [_gap(gap) for gap in answer.gaps]
    if rejects:
        parts.append(_set_aside(rejects))
    return Group(*parts)


def _finding(finding: Finding) -> Text:
    text = Text(f"- {safe(finding.statement)}")
    return text.append(f"\n  {safe(measured(finding))}  [{finding.question}.{finding.test}]", "dim")


def _caveats(findings: Sequence[Finding]) -> list[RenderableType]:
    """Each caveat once, with the number of findings that it limits: repeated a dozen times it is not read."""
    counts = Counter(caveat for finding in findings for caveat in dict.fromkeys(finding.caveats))
    if not counts:
        return []
    lines: list[RenderableType] = [Text("but:", "bold")]
    for caveat, count in counts.items():
        whose = "" if count == len(findings) else f" ({count} of {len(findings)})"
        lines.append(Text(f"  {safe(caveat)}{whose}", "dim"))
    return lines


def _rows(name: str, rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> RenderableType:
    if by := LARGEST_FIRST.get(name):
        rows = sorted((row for row in rows if row.get(by)), key=lambda row: -abs(float(row[by]))) or rows
    shown = [plain(row) for row in rows[:ROWS_SHOWN]]
    known = [key for key in columns if key in shown[0]] or [key for key in shown[0] if key != "id"]
    names = [key for key in known if any(_cell(row.get(key)) for row in shown)][
        : max(COLUMNS_SHOWN, len(columns))
    ]
    title = Text(f"{name.replace('_', ' ')}: {len(rows):,}", "bold")
    if len(rows) > ROWS_SHOWN:
        title.append(f" (the {'largest' if by else 'first'} {ROWS_SHOWN})", "dim")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for key in names:
        is_number = all(isinstance(row.get(key), (int, float, type(None))) for row in shown)
        table.add_column(key.replace("_", " "), overflow="fold", justify="right" if is_number else "left")
    for row in shown:
        table.add_row(*(Text(_cell(row.get(key))) for key in names))
    return Group(title, table)


def _cell(value: Any) -> str:
    """A value as text: the words of a span, the start of a hash, the ends of an interval."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Mapping):
        value = value["text"] if "text" in value else ", ".join(f"{k} {_cell(v)}" for k, v in value.items())
    elif isinstance(value, Sequence) and not isinstance(value, str):
        numbers = len(value) == 2 and all(isinstance(item, (int, float)) for item in value)
        value = (" .. " if numbers else ", ").join(_cell(item) for item in value)
    text = safe(value)
    text = text[:8] if _HASH.match(text) else text
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _gap(gap: Gap) -> Text:
    text = Text.assemble(("MISSING  ", "bold magenta"), safe(gap.what))
    said = f"\n  who: {safe(gap.who)}. how: {safe(gap.how)}. it would settle: {safe(gap.settles)}"
    return text.append(said, "dim")


def _set_aside(rejects: Sequence[Reject]) -> Text:
    reasons = Counter(reject.reason for reject in rejects)
    text = Text(f"SET ASIDE: {plural(len(rejects), 'record')} could not be read", "bold yellow")
    for reason, count in reasons.most_common(5):
        text.append(f"\n  {count:,} x {safe(reason)}")
    return text
