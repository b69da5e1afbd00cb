"""Poll tables (CSV rows or flat JSON objects): known layouts by their columns, and tidy long or wide ones."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from probata.collect.polls.entry import Entry, day_first, moment, number, text, tour, whether

Row = tuple[int, Mapping[str, Any]]
"""Line number and the values by column as written."""

RESULT_NAME = re.compile(
    r"(?i)\b(results?|election|résultats?|resultats?|scrutin|official|valresultat|wahlergebnis|ergebnis)\b"
)

_ALIASES: Mapping[str, tuple[str, ...]] = {
    name: tuple(aliases.split())
    for name, aliases in {
        "poll_id": "poll_id pollid id question_id",
        "pollster": "pollster polling_firm pollingfirm firm institut institute institution house company sondage "
        "nom_institut polling_organisation polling_organization organisation polling_company pollster_name "
        "polling_firm_client instituut",
        "sponsor": "sponsor client commanditaire media commissioner",
        "start": "start_date startdate start fieldwork_start date_debut debut_enquete from field_start",
        "end": "end_date enddate end fieldwork_end date_fin fin_enquete to date polldate poll_date fieldwork_date "
        "date_s_conducted fieldwork dates field_end date_conducted datum dato mid_date middate",
        "published": "published_date published publdate publication_date release_date pub_date",
        "sample": "sample_size samplesize sample n size interroges echantillon respondents number_of_observations "
        "nobs n_respondents",
        "expressed": "n_expressed expressed intentions_exprimees sous_echantillon",
        "population": "population base",
        "mode": "mode methode methodology method",
        "round": "round tour",
        "hypothesis": "hypothesis hypothese scenario question",
        "rolling": "rolling",
        "undecided": "undecided uncertain dont_know nspp don't_know unsure",
        "url": "source_url url source lien link",
        "election": "election race election_date electiondate election_year electionyear year cycle",
        "party": "party candidate candidat parti answer choice option",
        "share": "share pct percent percentage intentions value support votingintention voting_intention "
        "intention vote_share result",
        "is_result": "is_result",
        "place": "country location state",
        "year": "year",
        "month": "month",
        "day": "day",
    }.items()
}
_REST = {"other", "others", "autre", "autres", "andere", "sonstige", "övriga", "divers"}
"""A remainder may be given in several rows: they add up."""

_NOT_PARTIES = {
    name
    for line in (
        "abstention turnout lead margin sum total index type notes note comment area region week publyearmonth",
        "approxperiod weight blank nota seats moe margin_of_error error erreur_sup erreur_inf rank rating row",
        "wikipediarow unnamed:_0 no number",
    )
    for name in line.split()
} | {""}


@dataclass(frozen=True)
class Layout:
    """What a header means: the field each column fills, and which columns are parties."""

    fields: Mapping[str, str]
    parties: tuple[str, ...] = ()


def entries_of(rows: Sequence[Row]) -> tuple[str, list[Entry]]:
    """Name of the layout, and one entry a poll and hypothesis.

    Raises:
        ValueError: no column holds dates, or none holds shares.
    """
    header = list(dict.fromkeys(name for _, row in rows[:50] for name in row))
    lowered = {name.casefold().strip() for name in header}
    for name, needed, reader in _KNOWN:
        if needed <= lowered:
            return name, reader(rows)
    layout = _layout(header)
    if not {"end", "published", "start", "day"} & set(layout.fields):
        raise ValueError("no column of dates (date, end_date or published_date)")
    if {"party", "share"} <= set(layout.fields):
        return "tidy long", _long(rows, layout)
    return "tidy wide", _wide(rows, _with_parties(rows, header, layout))


def _layout(header: Sequence[str]) -> Layout:
    """Match columns to fields by name, the first alias that is there."""
    names = {_key(name): name for name in reversed(header)}
    found: dict[str, str] = {}
    for meaning, aliases in _ALIASES.items():
        for alias in aliases:
            if alias in names and names[alias] not in found.values():
                found[meaning] = names[alias]
                break
    parts = {"year", "month", "day"}
    if not parts <= set(names):
        found = {meaning: name for meaning, name in found.items() if meaning not in parts}
    elif found.get("election") == names["year"]:
        found["year"] = found.pop("election")
    return Layout(found)


def _key(name: str) -> str:
    """A column name as the aliases are written."""
    return re.sub(r"[\s_.()/-]+", "_", name.casefold().strip()).strip("_")


def _with_parties(rows: Sequence[Row], header: Sequence[str], layout: Layout) -> Layout:
    """Party columns of a wide table: those left over whose values are numbers."""
    spoken_for = {_key(name) for name in layout.fields.values()} | _NOT_PARTIES
    spoken_for |= {alias for aliases in _ALIASES.values() for alias in aliases} - {"party"}
    candidates = [name for name in header if _key(name) not in spoken_for]
    parties = tuple(name for name in candidates if _numeric([row.get(name) for _, row in rows]))
    if not parties:
        raise ValueError("no column of shares: name them party and share, or give one column a party")
    return Layout({k: v for k, v in layout.fields.items() if k not in ("party", "share")}, parties)


def _numeric(values: Sequence[Any]) -> bool:
    """At least one value, nine in ten of those there are numbers, and half of these could be shares."""
    good, bad = [], 0
    for value in values:
        try:
            good.append(share_value(value))
        except ValueError:
            bad += 1
    there = [value for value in good if value is not None]
    possible = sum(0 <= value <= 100 for value in there)
    return bool(there) and bad <= 0.1 * (len(there) + bad) and possible >= 0.5 * len(there)


def fill(entry: Entry, row: Mapping[str, Any], fields: Mapping[str, str], slash_day_first: bool) -> None:
    """Copy metadata from a row; what cannot be read becomes a fault (dates) or a note (the rest)."""

    def get(name: str) -> Any:
        return row.get(fields[name]) if name in fields else None

    entry.pollster = text(get("pollster")) or ""
    entry.poll_id = text(get("poll_id")) or ""
    entry.sponsor, entry.url = text(get("sponsor")), text(get("url"))
    entry.population, entry.mode = text(get("population")), text(get("mode"))
    entry.hypothesis = text(get("hypothesis"))
    entry.rolling, entry.round = whether(get("rolling")), tour(get("round"))
    entry.election = " ".join(word for word in (text(get("place")), text(get("election"))) if word)
    entry.is_result = bool(whether(get("is_result"))) or bool(RESULT_NAME.search(entry.pollster))
    for name in ("start", "end", "published"):
        try:
            setattr(entry, name, moment(get(name), slash_day_first))
        except ValueError as problem:
            entry.faults.append(str(problem))
    if {"year", "month", "day"} <= set(fields) and entry.end is None:
        _joined_date(entry, [get(name) for name in ("year", "month", "day")])
    for name in ("sample", "expressed", "undecided"):
        try:
            setattr(entry, name, number(get(name)))
        except ValueError as problem:
            entry.notes.append(f"{name}: {problem}")


def _joined_date(entry: Entry, parts: Sequence[Any]) -> None:
    """A date given as three columns."""
    try:
        entry.end = moment("-".join(str(int(float(part))) for part in parts if text(part)))
    except ValueError:
        entry.faults.append("year, month and day make no date")


def share_value(value: Any) -> float | None:
    """A share as written: footnote marks count nothing, ``<1`` counts half of it.

    Raises:
        ValueError: there is something, and it is no number.
    """
    if isinstance(value, str):
        value = re.sub(r"\[[^\]]*\]", "", value)
        if below := re.fullmatch(r"\s*[<≤]\s*(\d+(?:[.,]\d+)?)\s*%?\s*", value):
            return float(below[1].replace(",", ".")) / 2
    return number(value)


def put_share(entry: Entry, party: str, value: Any) -> None:
    """Add one party's share; something that is no number makes the poll faulty."""
    try:
        share = share_value(value)
    except ValueError as problem:
        entry.faults.append(f"{party}: {problem}")
        return
    if share is not None:
        if party in entry.shares and party.casefold() in _REST:
            share += entry.shares[party]
        elif party in entry.shares and entry.shares[party] != share:
            entry.faults.append(f"{party} has two shares, {entry.shares[party]:g} and {share:g}")
        entry.shares[party] = share


def _slashes(rows: Sequence[Row], fields: Mapping[str, str]) -> bool:
    columns = [fields[name] for name in ("start", "end", "published") if name in fields]
    return day_first([row.get(column) for _, row in rows for column in columns])


def _wide(rows: Sequence[Row], layout: Layout) -> list[Entry]:
    slashes = _slashes(rows, layout.fields)
    found = []
    for line, row in rows:
        entry = Entry(line)
        fill(entry, row, layout.fields, slashes)
        for party in layout.parties:
            put_share(entry, " ".join(party.split()), row.get(party))
        found.append(entry)
    return found


def _long(rows: Sequence[Row], layout: Layout) -> list[Entry]:
    """Rows of one poll, round and hypothesis are brought together, wherever they stand in the file."""
    slashes = _slashes(rows, layout.fields)
    together: dict[tuple[Any, ...], Entry] = {}
    for line, row in rows:
        entry = Entry(line)
        fill(entry, row, layout.fields, slashes)
        key: tuple[Any, ...] = (
            entry.poll_id,
            entry.pollster.casefold(),
            entry.start,
            entry.end,
            entry.published,
            entry.round,
        )
        key += (entry.hypothesis, entry.election, entry.sample)
        kept = together.setdefault(key, entry)
        kept.faults += [fault for fault in entry.faults if fault not in kept.faults]
        party = text(row.get(layout.fields["party"]))
        if party is None:
            if "a share without a party is left out" not in kept.notes:
                kept.notes.append("a share without a party is left out")
        else:
            put_share(kept, party, row.get(layout.fields["share"]))
    return list(together.values())


# ---------------------------------------------------------------- layouts with their own rules


def _blocs(rows: Sequence[Row]) -> list[Entry]:
    """French elections by bloc (PollsPosition): ``sondage`` is the pollster or ``result`` or ``seats``."""
    fields = {"pollster": "sondage", "end": "date", "sample": "samplesize", "undecided": "undecided"}
    found = []
    for line, row in rows:
        entry = Entry(line)
        fill(entry, row, fields, slash_day_first=True)
        kind = text(row.get("type")) or ""
        entry.election = f"{kind} {text(row.get('dateelection')) or ''}".strip()
        entry.round = None if kind.startswith("europ") else 1
        if entry.pollster.casefold() == "seats":
            entry.faults.append("seats, not shares of the vote")
        for name in row:
            if name and name.startswith("nb"):
                put_share(entry, name, row[name])
        found.append(entry)
    return found


def _swedish(rows: Sequence[Row]) -> list[Entry]:
    """SwedishPolls: one column a party, ``Company`` asks in the name of ``house``."""
    names = {name.casefold(): name for _, row in rows[:1] for name in row}
    fields = {
        "pollster": names.get("house", names["company"]),
        "start": names["collectperiodfrom"],
        "end": names["collectperiodto"],
        "published": names["publdate"],
        "sample": names.get("n", ""),
        "undecided": names.get("uncertain", ""),
    }
    spoken_for = {
        "publyearmonth",
        "company",
        "approxperiod",
        "house",
        *(n.casefold() for n in fields.values()),
    }
    parties = [name for name in names.values() if name and name.casefold() not in spoken_for]
    entries = _wide(rows, Layout(fields, tuple(parties)))
    for entry, (_, row) in zip(entries, rows, strict=True):
        if entry.day is None:
            entry.published = _middle_of_month(row.get(names.get("publyearmonth", "")))
            if entry.published:
                entry.notes.append("only the month is known: its middle is used")
        entry.undecided = None  # the shares are of those who chose: what is uncertain comes on top
    return entries


def _middle_of_month(value: Any) -> date | None:
    """The 15th of ``2003-jan``."""
    try:
        return moment(f"15 {' '.join((text(value) or '').split('-')[::-1])}")
    except ValueError:
        return None


def _raw_538(rows: Sequence[Row]) -> list[Entry]:
    """FiveThirtyEight raw polls: two candidates (sometimes a third) a row, and the race's result."""
    found: list[Entry] = []
    results: dict[str, Entry] = {}
    for line, row in rows:
        entry = Entry(line)
        fields = {"poll_id": "question_id", "pollster": "pollster", "end": "polldate", "sample": "samplesize"}
        fields |= {"mode": "methodology"}
        fill(entry, row, fields, slash_day_first=False)
        entry.is_result = False
        vote = _us_date(row.get("electiondate"), entry)
        race = text(row.get("race")) or ""
        entry.election = f"{race} {vote.isoformat() if vote else ''}".strip()
        result = Entry(line, pollster="result", end=vote, election=entry.election, is_result=True)
        for place, party in enumerate(_pair(row), 1):
            put_share(entry, party, row.get(f"cand{place}_pct"))
            put_share(result, party, row.get(f"cand{place}_actual"))
        put_share(entry, "third candidate", row.get("cand3_pct"))
        found.append(entry)
        if vote and len(result.shares) == 2:
            # the same race may have been polled with other pairs: one result for each pair
            results.setdefault(f"{entry.election} {sorted(result.shares)}", result)
    return found + list(results.values())


def _pair(row: Mapping[str, Any]) -> tuple[str, str]:
    """Names of the two candidates, with their parties where the names do not tell them apart."""
    first, second = (text(row.get(f"cand{i}_name")) or f"candidate {i}" for i in (1, 2))
    if first != second:
        return first, second
    parties = [text(row.get(f"cand{i}_party")) or f"candidate {i}" for i in (1, 2)]
    return f"{first} ({parties[0]})", f"{second} ({parties[1]})"


def _us_date(value: Any, entry: Entry) -> date | None:
    try:
        return moment(value, day_first=False)
    except ValueError as problem:
        entry.faults.append(str(problem))
        return None


def _nsppolls(rows: Sequence[Row]) -> list[Entry]:
    """nsppolls: one row a candidate; round and hypothesis in words."""
    header = {name.casefold(): name for _, row in rows[:1] for name in row}
    wanted = {
        "poll_id": "id", "pollster": "nom_institut", "start": "debut_enquete", "end": "fin_enquete",
        "sample": "echantillon", "expressed": "sous_echantillon", "population": "population", "rolling": "rolling",
        "sponsor": "commanditaire", "url": "lien", "round": "tour", "hypothesis": "hypothese", "party": "candidat",
        "share": "intentions",
    }  # fmt: skip
    return _long(rows, Layout({field: header[name] for field, name in wanted.items() if name in header}))


_KNOWN: tuple[tuple[str, set[str], Callable[[Sequence[Row]], list[Entry]]], ...] = (
    ("FiveThirtyEight raw polls", {"cand1_name", "cand1_pct", "cand2_pct", "polldate"}, _raw_538),
    ("SwedishPolls", {"company", "publdate", "collectperiodfrom", "collectperiodto"}, _swedish),
    ("French blocs", {"dateelection", "sondage", "date"}, _blocs),
    ("nsppolls", {"nom_institut", "candidat", "intentions", "fin_enquete"}, _nsppolls),
)
