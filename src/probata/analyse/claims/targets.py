"""Whom a statement is about: names and aliases of the case first, then names that the article itself uses."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.resolve import Names
from probata.model import Ask


@dataclass(frozen=True)
class Known:
    """The case's candidates and outlets as one pattern over their names and aliases."""

    pattern: re.Pattern[str] | None
    ids: dict[str, tuple[str, str]]
    """(id, name) by alias in lower case."""

    @classmethod
    def of(cls, ask: Ask) -> Known:
        """Collect names and aliases; longer ones match first."""
        ids: dict[str, tuple[str, str]] = {}
        for candidate in ask.candidates:
            for alias in (candidate.name, *candidate.aliases):
                ids.setdefault(alias.lower(), (candidate.id, candidate.name))
        for outlet in ask.outlets:
            ids.setdefault(outlet.name.lower(), (outlet.id, outlet.name))
        if not ids:
            return cls(None, {})
        ordered = sorted(ids, key=lambda alias: (-len(alias), alias))
        joined = "|".join(re.escape(alias) for alias in ordered)
        return cls(re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE), ids)


def target_of(
    document: Document, proposal: Proposal, names: Names, speaker: str, known: Known
) -> tuple[str, str]:
    """(name, id) of the first one named in the content who is not the speaker; ("", "") where nobody is.

    The id is that of the case's candidate or outlet, "" for a name that only the article knows.
    """
    for start, end in proposal.content:
        for match in known.pattern.finditer(document.text, start, end) if known.pattern else ():
            identity, name = known.ids[match.group().lower()]
            if not _same(name, speaker):
                return name, identity
    for start, end in proposal.content:
        for place in range(bisect_left(names.spans, (start, 0)), bisect_left(names.spans, (end, 0))):
            name = names.full(names.texts[place])
            if names.spans[place][1] <= end and not _same(name, speaker):
                return name, ""
    return "", ""


def _same(name: str, speaker: str) -> bool:
    """Whether two names are one: equal, or one ends in the other."""
    a, b = name.lower().split(), speaker.lower().split()
    return bool(a and b) and (a[-len(b) :] == b or b[-len(a) :] == a)
