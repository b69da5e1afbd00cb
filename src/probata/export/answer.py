"""One question's answer for a terminal: findings, main rows, gaps, and what was set aside."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.text import Text

from probata.export.answer_rows import Names, rows_of
from probata.export.board import plural
from probata.export.words import measured, safe
from probata.model import Answer, Finding, Gap, Reject

FINDINGS_SHOWN = 12

_DOMAIN = re.compile(r"[\w-]+(?:\.[\w-]+)+")
"""An outlet's domain within a sentence: shown by the name that the case gives it."""


def answer_view(answer: Answer, rejects: Sequence[Reject] = (), names: Names | None = None) -> RenderableType:
    """What a person needs from one question; everything is in ``--format json`` and ``--out``.

    Args:
        answer: the question's answer.
        rejects: what was set aside.
        names: what sources, outlets and articles are called, by id.
    """
    parts: list[RenderableType] = [Text(answer.question.upper(), "bold")]
    called = names or {}
    parts += [_finding(finding, called) for finding in answer.findings[:FINDINGS_SHOWN]]
    if not answer.findings:
        parts.append(Text("no finding", "dim"))
    if len(answer.findings) > FINDINGS_SHOWN:
        parts.append(
            Text(f"  and {len(answer.findings) - FINDINGS_SHOWN} more findings: --format json", "dim")
        )
    parts += _caveats(answer.findings[:FINDINGS_SHOWN])
    parts += rows_of(answer.question, answer.document, called)
    parts += [_gap(gap) for gap in answer.gaps]
    if rejects:
        parts.append(_set_aside(rejects))
    return Group(*parts)


def _finding(finding: Finding, names: Names) -> Text:
    said = _DOMAIN.sub(lambda match: names.get(match[0], match[0]), finding.statement)
    text = Text(f"- {safe(said)}")
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


def _gap(gap: Gap) -> Text:
    text = Text.assemble(("MISSING  ", "bold magenta"), safe(gap.what))
    said = f"\n  who: {safe(gap.who)}. how: {safe(gap.how)}. it would settle: {safe(gap.settles)}"
    return text.append(said, "dim")


def _set_aside(rejects: Sequence[Reject]) -> Text:
    reasons = Counter(reject.kind for reject in rejects)
    text = Text(f"SET ASIDE: {plural(len(rejects), 'record')}", "bold yellow")
    first = {reject.kind: reject for reject in reversed(rejects)}
    for reason, count in reasons.most_common(5):
        at = first[reason]
        where = f" ({'first ' * (count > 1)}{safe(at.path)}:{at.line})" if at.line else ""
        text.append(f"\n  {count:,} x {safe(reason)}{where}")
    return text
