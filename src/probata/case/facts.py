"""What the board shows beside the allegations: dated facts, looked-up figures, hypotheses side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from probata.case.nouns import CaseFile, DataEntry, Fact, FigureCheck
from probata.collect import Incoming, UnreadableFile, reader_of
from probata.model import Verdict, Weighed, plain

POLLS_SHOWN = 400
"""Polls listed in the report; a longer series is in its own file."""


@dataclass(frozen=True, slots=True)
class PollSeen:
    """One poll (and hypothesis) as published: shares in percent by party."""

    pollster: str
    sponsor: str
    sample: float | None
    start: str
    end: str
    hypothesis: str
    source: str
    shares: Mapping[str, float]


def case_facts(case_file: CaseFile, weighed: Sequence[Weighed]) -> dict[str, Any]:
    """Everything the case states that is not an allegation, as plain values."""
    polls = {entry.id: _polls(entry) for entry in case_file.data if entry.kind == "polls" and entry.files}
    return {
        "period": plain(case_file.period),
        "candidates": plain(case_file.candidates),
        "outlets": plain(case_file.outlets),
        "references": list(case_file.references),
        "events": plain(case_file.events),
        "dated": [_fact(fact, polls, case_file) for fact in sorted(case_file.facts, key=lambda f: f.date)],
        "hypotheses": plain(case_file.hypotheses),
        "matrix": matrix(case_file, weighed),
        "polls": [_poll_row(poll) for rows in polls.values() for poll in rows][-POLLS_SHOWN:],
    }


def matrix(case_file: CaseFile, weighed: Sequence[Weighed]) -> list[dict[str, Any]]:
    """Competing hypotheses side by side: one row a test, one cell a hypothesis.

    A cell is C (the finding is consistent with what the hypothesis predicts), I (inconsistent) or N (the
    finding cannot tell, there is none, or the hypothesis predicts nothing). ``tells_apart`` says whether one
    hypothesis predicts what another excludes; a row that does not tell them apart is no evidence for either. The
    layout is an audit trail: cells are never counted, weighted or summed.
    """
    rows = []
    for item in weighed:
        predictions = case_file.predictions.get(item.request.id, {})
        if not predictions:
            continue
        cells = {h.id: _cell(item, predictions.get(h.id)) for h in case_file.hypotheses}
        distinct = {predictions.get(h.id) for h in case_file.hypotheses}
        rows.append(
            {
                "test": item.request.id,
                "question": item.request.question,
                "name": item.request.test,
                "cells": cells,
                "predicts": dict(predictions),
                "tells_apart": {"met", "failed"} <= distinct,
            }
        )
    return rows


def _cell(item: Weighed, prediction: str | None) -> str:
    if prediction is None or item.finding is None or item.verdict is Verdict.NOT_ENOUGH_INFO:
        return "N"
    met = item.verdict is Verdict.SUPPORTS
    return "C" if met == (prediction == "met") else "I"


def _fact(fact: Fact, polls: Mapping[str, list[PollSeen]], case_file: CaseFile) -> dict[str, Any]:
    row = {"date": fact.date, "text": fact.text, "source": fact.source, "checked": ""}
    if fact.check is not None:
        row["checked"] = look_up(fact.check, polls.get(fact.check.data, []), _names(case_file))
    return row


def _names(case_file: CaseFile) -> dict[str, str]:
    return {candidate.party or candidate.id: candidate.name for candidate in case_file.candidates}


def look_up(check: FigureCheck, polls: Sequence[PollSeen], names: Mapping[str, str]) -> str:
    """Name the polls near a day that hold exactly these figures, or say that none does."""
    first, last = check.day - timedelta(days=check.days), check.day + timedelta(days=check.days)
    near = [poll for poll in polls if first <= date.fromisoformat(poll.end) <= last]
    hits = [poll for poll in near if all(_same(poll.shares.get(k), v) for k, v in check.shares.items())]
    figures = " and ".join(f"{names.get(party, party)} {share:g}" for party, share in check.shares.items())
    window = f"{len(near)} polls of the file dated {first.isoformat()} to {last.isoformat()}"
    if not hits:
        return f"Looked up: none of {window} shows {figures}."
    found = "; ".join(_describe(poll, check) for poll in hits)
    return f"Looked up: {len(hits)} of {window} {'shows' if len(hits) == 1 else 'show'} {figures}: {found}."


def _same(share: float | None, wanted: float) -> bool:
    return share is not None and abs(share - wanted) < 0.05


def _describe(poll: PollSeen, check: FigureCheck) -> str:
    shares = ", ".join(f"{share:g} (margin {_margin(share, poll.sample)})" for share in check.shares.values())
    sample = f"{poll.sample:.0f} asked" if poll.sample else "sample not stated"
    sponsor = f" for {poll.sponsor}" if poll.sponsor else ", sponsor not in the file"
    return f"{poll.pollster}{sponsor}, {sample}, dated {poll.end}: {shares}"


def _margin(share: float, sample: float | None) -> str:
    """95 % sampling margin in points of a simple random sample: the least doubt there is, not all of it."""
    value = margin(share, sample)
    return "unknown" if value is None else f"{value:.1f}"


def margin(share: float, sample: float | None) -> float | None:
    """Half the 95 % interval of a share (in percent) under simple random sampling, in points."""
    if not sample or sample <= 0:
        return None
    portion = min(max(share / 100, 0.0), 1.0)
    return 196.0 * math.sqrt(portion * (1 - portion) / sample)


def _poll_row(poll: PollSeen) -> dict[str, Any]:
    largest = max(poll.shares.values(), default=0.0)
    return {
        "pollster": poll.pollster,
        "sponsor": poll.sponsor,
        "sample": poll.sample,
        "start": poll.start,
        "end": poll.end,
        "hypothesis": poll.hypothesis,
        "source": poll.source,
        "shares": dict(poll.shares),
        "margin": margin(largest, poll.sample),
    }


def _polls(entry: DataEntry) -> list[PollSeen]:
    """The polls of a data entry, one a poll and hypothesis, by date."""
    rows: list[dict[str, Any]] = []
    for path in entry.files:
        try:
            for batch in reader_of("polls")(Incoming(path, "", path.name, entry.options)):
                columns = {name: plain(column) for name, column in batch.columns.items()}
                names = list(columns)
                rows += [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]
        except UnreadableFile:
            continue  # collecting the case reports it
    rows = [row for row in rows if not row.get("is_result") and row.get("share") is not None]
    rows.sort(key=lambda row: (_day(row), str(row.get("pollster") or ""), str(row.get("id") or "")))
    grouped = groupby(rows, key=lambda row: (_day(row), row.get("pollster"), row.get("id")))
    return [_seen(list(group)) for _, group in grouped]


def _day(row: Mapping[str, Any]) -> str:
    return str(row.get("end_date") or row.get("published_date") or "0001-01-01")[:10]


def _seen(rows: list[dict[str, Any]]) -> PollSeen:
    first = rows[0]
    return PollSeen(
        pollster=str(first.get("pollster") or ""),
        sponsor=str(first.get("sponsor") or ""),
        sample=first.get("sample_size"),
        start=str(first.get("start_date") or "")[:10],
        end=_day(first),
        hypothesis=str(first.get("hypothesis") or ""),
        source=str(first.get("source_url") or ""),
        shares={str(row["party"]): float(row["share"]) for row in rows},
    )
