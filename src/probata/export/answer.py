"""One question's answer for a terminal: findings, main rows, gaps, and what was set aside."""

from __future__ import annotations

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

ROWS_SHOWN = 20
CELL = 60
KEYS = {
    "spread": ("stories", "pairs", "ties"),
    "claims": ("attributions", "allegations"),
    "slant": ("cells",),
    "attacks": ("sources", "groups"),
    "opinion": ("house_effects", "odds", "events", "suspect_polls"),
}
"""The lists of a question's document that are worth showing; the rest is in the JSON."""


def answer_view(answer: Answer, rejects: Sequence[Reject] = ()) -> RenderableType:
    """Everything a person needs from one question; the whole of it is in ``--format json`` and ``--out``."""
    parts: list[RenderableType] = [Text(answer.question.upper(), "bold")]
    parts += [_finding(finding) for finding in answer.findings]
    if not answer.findings:
        parts.append(Text("no finding", "dim"))
    for key in KEYS.get(answer.question, ()):
        rows = answer.document.get(key)
        if isinstance(rows, Sequence) and rows and isinstance(rows[0], Mapping):
            parts += [Text(""), _rows(key, rows)]
    parts += [_gap(gap) for gap in answer.gaps]
    if rejects:
        parts.append(_set_aside(rejects))
    return Group(*parts)


def _finding(finding: Finding) -> Text:
    text = Text(f"- {safe(finding.statement)}")
    text.append(f"\n  {safe(measured(finding))}  [{finding.question}.{finding.test}]", "dim")
    for caveat in finding.caveats:
        text.append(f"\n  but: {safe(caveat)}", "dim")
    return text


def _rows(name: str, rows: Sequence[Mapping[str, Any]]) -> RenderableType:
    shown = [plain(row) for row in rows[:ROWS_SHOWN]]
    names = [key for key in shown[0] if any(_cell(row.get(key)) for row in shown)][:9]
    title = Text(f"{name.replace('_', ' ')}: {len(rows):,}", "bold")
    if len(rows) > ROWS_SHOWN:
        title.append(f" (the first {ROWS_SHOWN})", "dim")
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for key in names:
        table.add_column(key, overflow="fold")
    for row in shown:
        table.add_row(*(Text(_cell(row.get(key))) for key in names))
    return Group(title, table)


def _cell(value: Any) -> str:
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Mapping):
        value = value.get("text", ", ".join(f"{key} {_cell(item)}" for key, item in value.items()))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        value = (
            " .. ".join(_cell(item) for item in value) if len(value) == 2 else ", ".join(map(_cell, value))
        )
    text = safe(value)
    return text if len(text) <= CELL else text[: CELL - 1] + "…"


def _gap(gap: Gap) -> Text:
    text = Text.assemble(("MISSING  ", "bold magenta"), safe(gap.what))
    return text.append(
        f"\n  who: {safe(gap.who)}. how: {safe(gap.how)}. it would settle: {safe(gap.settles)}", "dim"
    )


def _set_aside(rejects: Sequence[Reject]) -> Text:
    reasons = Counter(reject.reason for reject in rejects)
    text = Text(f"SET ASIDE: {plural(len(rejects), 'record')} could not be read", "bold yellow")
    for reason, count in reasons.most_common(5):
        text.append(f"\n  {count:,} x {safe(reason)}")
    return text
