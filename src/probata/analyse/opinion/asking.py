"""What is asked: options of the verb, candidates and events of a case, turned into plain values with clear errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from probata.analyse.opinion.series import Wanted
from probata.model import Ask, Candidate


def day_of(value: Any, name: str) -> int:
    """Ordinal of a date or ISO text.

    Raises:
        ValueError: it is neither.
    """
    if isinstance(value, date):
        return value.toordinal()
    try:
        return date.fromisoformat(str(value)[:10]).toordinal()
    except ValueError:
        raise ValueError(f"opinion: {name} {str(value)[:40]!r} is not a date; write YYYY-MM-DD") from None


def wanted(ask: Ask) -> Wanted:
    """Election, round and parties as asked.

    Raises:
        ValueError: an option has no meaning.
    """
    vote = ask.options.get("election_date")
    round_ = ask.options.get("round")
    if round_ not in (None, "", 1, 2, "1", "2"):
        raise ValueError(f"opinion: round {round_!r} is neither 1 nor 2")
    period = None
    if ask.period is not None:
        period = (ask.period[0].toordinal(), ask.period[1].toordinal())
    return Wanted(
        vote=day_of(vote, "election date") if vote else None,
        round=int(round_) if round_ else None,
        election=str(ask.options.get("election") or ""),
        parties=tuple(
            str(party) for party in _listed(ask.options.get("party") or ask.options.get("parties"))
        ),
        period=period,
    )


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return [value] if isinstance(value, str) else list(value)


def events(ask: Ask) -> list[tuple[int, str]]:
    """(ordinal, label) of every event: those of the case, then those of the verb (``DATE[:LABEL]``).

    Raises:
        ValueError: an event without a date.
    """
    found = [(event.date.toordinal(), event.text or event.id) for event in ask.events]
    for given in _listed(ask.options.get("events") or ask.options.get("event")):
        if isinstance(given, (tuple, list)) and len(given) == 2:
            found.append((day_of(given[0], "event"), str(given[1] or "")))
        elif hasattr(given, "date") and hasattr(given, "text"):
            found.append((given.date.toordinal(), str(given.text)))
        else:
            stamp, _, label = str(given).partition(":")
            found.append((day_of(given if isinstance(given, date) else stamp, "event"), label.strip()))
    return list(dict.fromkeys(found))


def names_of(asked: str, candidates: Sequence[Candidate]) -> tuple[str, ...]:
    """Names under which polls may show what was asked for: itself, then those of the candidate it names."""
    folded = asked.casefold().strip()
    for candidate in candidates:
        names = (candidate.id, candidate.name, candidate.party, *candidate.aliases)
        if folded in {name.casefold() for name in names if name}:
            return tuple(
                dict.fromkeys(n for n in (asked, candidate.party, candidate.name, *candidate.aliases) if n)
            )
    return (asked,)


def resolve(asked: str, parties: Sequence[str] | set[str], candidates: Sequence[Candidate]) -> str | None:
    """The column that shows a party or candidate, compared without case; None where no column does."""
    folded: Mapping[str, str] = {party.casefold(): party for party in sorted(parties)}
    for name in names_of(asked, candidates):
        if name.casefold() in folded:
            return folded[name.casefold()]
    return None
