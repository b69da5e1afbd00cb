"""Allegations of the ledger as ``[[allegation]]`` entries that an analyst reads, changes and accepts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["proposed_toml"]

LONGEST = 400
"""Code points of a quoted text; longer ones end in an ellipsis."""
_MOMENT = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")

_HEAD = """\
# Proposed from the ledger of statements: read each against its articles, reword it neutrally, drop what is none.
# The test counts whether those who make the allegation cite evidence; put better tests in its place.
"""


def proposed_toml(allegations: Sequence[Mapping[str, Any]]) -> str:
    """TOML text that ``probata.case`` reads as part of a case file.

    An allegation whose articles have no date is written as a comment: ``made_on`` is for the analyst to fill in.
    Denials without a date are left out of the entry and named in a comment. "" where there is no allegation.
    """
    used: set[str] = set()
    entries = [_entry(allegation, used) for allegation in allegations]
    return "\n".join([_HEAD, *entries]) if entries else ""


def _entry(allegation: Mapping[str, Any], used: set[str]) -> str:
    made_on = _moment(allegation["made_on"])
    cites = sorted({kind for member in allegation["members"] for kind in member["evidence"]})
    lines = [
        "[[allegation]]",
        f"id = {_quoted(_slug(allegation, used))}",
        f"text = {_quoted(allegation['text'])}",
        f"made_by = {_quoted(allegation['made_by'])}",
        f"made_on = {_quoted(made_on or 'YYYY-MM-DD')}",
    ]
    if allegation["against"]:
        lines.append(f"against = {_quoted(' and '.join(allegation['against']))}")
    if cites:
        lines.append(f"cites = {_quoted('cited in the text: ' + ', '.join(cites))}")
    for denial in allegation["denials"]:
        lines += _denial(denial)
    speaker = _quoted(allegation["made_by"])
    lines += [
        "",
        "[[allegation.test]]",
        'question = "claims"',
        'test = "evidence_cited"',
        f'parameters = {{ speaker = {speaker}, act = "accuses" }}',
        'expects = { metric = "share_with_evidence", op = ">", value = 0 }',
        'needs = "articles that report the statement"',
    ]
    if not made_on:
        lines = ["# no date is known: fill in made_on", *(f"# {line}".rstrip() for line in lines)]
    return "\n".join(lines) + "\n"


def _denial(denial: Mapping[str, Any]) -> list[str]:
    on = _moment(denial["on"])
    if not on:
        return [f"# denied by {_one_line(denial['by'])}, date unknown"]
    return [
        "",
        "[[allegation.denial]]",
        f"by = {_quoted(denial['by'])}",
        f"on = {_quoted(on)}",
        f"text = {_quoted(denial['text'])}",
    ]


def _slug(allegation: Mapping[str, Any], used: set[str]) -> str:
    """An id of letters, digits and hyphens from accuser and accused, numbered where taken."""
    words = f"{allegation['made_by'].split()[-1]}-on-{'-'.join(allegation['against']) or 'nobody-named'}"
    plain = unicodedata.normalize("NFKD", words.lower()).encode("ascii", "ignore").decode()
    slug = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60].strip("-") or "allegation"
    number = 1
    while (name := slug if number == 1 else f"{slug}-{number}") in used:
        number += 1
    used.add(name)
    return name


def _moment(value: Any) -> str:
    match = _MOMENT.match(str(value or ""))
    return match.group() if match else ""


def _one_line(text: str) -> str:
    """Text without line ends and control characters, cut where it is long."""
    plain = "".join(c if c.isprintable() else " " for c in text)
    plain = " ".join(plain.split())
    return plain if len(plain) <= LONGEST else plain[: LONGEST - 1].rstrip() + "…"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = _one_line(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
