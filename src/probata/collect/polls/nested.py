"""Polls as nested JSON: PollsPosition and nsppolls documents, or a list of tidy objects."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from probata.collect.polls.entry import Entry, moment, number, text
from probata.collect.polls.sheets import Row, entries_of, fill, put_share

_FIELDS = {
    "pollster": "institut",
    "start": "date_debut",
    "end": "date_fin",
    "sample": "interroges",
    "mode": "methode",
    "url": "source",
}
_NSP_FIELDS = {
    "poll_id": "id",
    "pollster": "nom_institut",
    "start": "debut_enquete",
    "end": "fin_enquete",
    "sample": "echantillon",
    "population": "population",
    "rolling": "rolling",
    "sponsor": "commanditaire",
    "url": "lien",
}


def entries_in(document: Any) -> tuple[str, list[Entry]]:
    """Name of the layout and its entries; ``line`` counts polls from 1, as JSON has no rows.

    Raises:
        ValueError: nothing in it looks like polls.
    """
    if isinstance(document, Mapping) and isinstance(document.get("sondages"), Mapping):
        return "PollsPosition", _pollsposition(document["sondages"])
    if isinstance(document, Mapping):
        lists = [value for value in document.values() if isinstance(value, list)]
        document = document.get("polls") or (lists[0] if len(lists) == 1 else None)
    objects = [item for item in document if isinstance(item, Mapping)] if isinstance(document, list) else []
    if not objects:
        raise ValueError("no list of polls")
    if any("tours" in item and "nom_institut" in item for item in objects):
        return "nsppolls", _nsppolls(objects)
    return entries_of([(index, _flat(item)) for index, item in enumerate(objects, 1)])


def _flat(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Shares in an object of their own become columns."""
    for name in ("shares", "intentions", "results", "parties", "values"):
        if isinstance(item.get(name), Mapping):
            rest = {str(key): value for key, value in item.items() if key != name}
            return {**rest, **{str(key): value for key, value in item[name].items()}}
    return {str(key): value for key, value in item.items()}


def _pollsposition(polls: Mapping[str, Any]) -> list[Entry]:
    found: list[Entry] = []
    for index, (key, poll) in enumerate(polls.items(), 1):
        if not isinstance(poll, Mapping):
            found.append(Entry(index, poll_id=str(key), faults=["not an object"]))
            continue
        for round_, name in ((1, "premier_tour"), (2, "second_tour")):
            hypotheses = poll.get(name) or []
            for place, hypothesis in enumerate(hypotheses if isinstance(hypotheses, list) else [], 1):
                if isinstance(hypothesis, Mapping):
                    found.append(_hypothesis(str(key), index, poll, hypothesis))
                    found[-1].round = round_
                    if found[-1].hypothesis is None and len(hypotheses) > 1:
                        found[-1].hypothesis = f"{place} of {len(hypotheses)}"
    return found


def _hypothesis(key: str, index: int, poll: Mapping[str, Any], hypothesis: Mapping[str, Any]) -> Entry:
    entry = Entry(index)
    fill(entry, poll, _FIELDS, slash_day_first=True)
    entry.is_result = False
    entry.poll_id = key
    entry.hypothesis = text(hypothesis.get("hypothese"))
    entry.population = text(hypothesis.get("base"))
    sponsors = poll.get("commanditaires")
    entry.sponsor = ", ".join(str(s) for s in sponsors)[:500] if isinstance(sponsors, list) else None
    _key_against_fields(entry, key)
    for field, name in (("expressed", "intentions_exprimees"), ("undecided", "nspp")):
        try:
            setattr(entry, field, number(hypothesis.get(name)))
        except ValueError as problem:
            entry.notes.append(f"{name}: {problem}")
    shares = hypothesis.get("intentions")
    for party, value in (shares if isinstance(shares, Mapping) else {}).items():
        put_share(entry, str(party), value)
    return entry


def _key_against_fields(entry: Entry, key: str) -> None:
    """Where the date in the key and the date fields disagree on the year, the key is right."""
    stamp = re.match(r"\d{8}", key)
    if stamp is None:
        return
    try:
        meant = moment(stamp[0])
    except ValueError:
        return
    if meant is None or (entry.end is not None and entry.end.year == meant.year):
        return
    if entry.end is not None:
        entry.notes.append(f"date fields say {entry.end.year}, the key says {meant.year}: the key is trusted")
    entry.start = _same_span(entry.start, entry.end, meant)
    entry.end = meant


def _same_span(start: date | None, end: date | None, meant: date) -> date | None:
    """The start of fieldwork moved along with its end, at most a month before it."""
    if start is None or end is None or not 0 <= (end - start).days <= 31:
        return None
    return meant - (end - start)


def _nsppolls(polls: list[Mapping[str, Any]]) -> list[Entry]:
    found = []
    for index, poll in enumerate(polls, 1):
        for part in _listed(poll.get("tours")):
            for hypothesis in _listed(part.get("hypotheses")):
                entry = Entry(index)
                fill(entry, poll, _NSP_FIELDS, slash_day_first=True)
                fill_in = {**part, **hypothesis}
                entry.round = 2 if (text(fill_in.get("tour")) or "").casefold().startswith("deux") else 1
                entry.hypothesis = text(fill_in.get("hypothese"))
                try:
                    entry.expressed = number(fill_in.get("sous_echantillon"))
                except ValueError as problem:
                    entry.notes.append(f"sous_echantillon: {problem}")
                for candidate in _listed(hypothesis.get("candidats")):
                    name = text(candidate.get("candidat"))
                    put_share(entry, name or "other", candidate.get("intentions"))
                found.append(entry)
    return found


def _listed(value: Any) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def json_lines(rows: list[tuple[int, Any]]) -> tuple[str, list[Entry]]:
    """One object a line.

    Raises:
        ValueError: as ``sheets.entries_of``.
    """
    flat: list[Row] = [(line, _flat(item)) for line, item in rows if isinstance(item, Mapping)]
    if not flat:
        raise ValueError("no JSON objects")
    return entries_of(flat)
