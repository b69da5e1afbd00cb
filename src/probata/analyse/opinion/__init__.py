"""OPINION: where the polls stand, how sure we are, and whether opinion moved at a date.

A state space on log-ratios with house effects, sampling and rounding noise and the error that all polls share; the
event tests are set beside the same test at every other date. Nothing here says what caused a move.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from probata.analyse.opinion import document
from probata.analyse.opinion.asking import events as asked_events
from probata.analyse.opinion.asking import resolve, wanted
from probata.analyse.opinion.events import KINDS, Shift, shifts
from probata.analyse.opinion.findings import VERSION, Frame, corrected, shift_finding, standing_finding
from probata.analyse.opinion.prepare import OTHER, iso
from probata.analyse.opinion.requests import (
    METRICS,
    PARAMETERS,
    TESTS,
    Desk,
    Unanswerable,
    answer,
    check,
    plain_requests,
    untestable,
)
from probata.analyse.opinion.series import group, load
from probata.analyse.opinion.study import Study
from probata.model import Answer, Ask, Finding, Gap
from probata.store.base import Store

SHOWN_P = 0.05
"""A case that asks its own tests sees further moves only below this p; the table has all, with q over all of them."""

__all__ = ["METRICS", "PARAMETERS", "TESTS", "VERSION", "analyse"]


def analyse(store: Store, ask: Ask) -> Answer:
    """Average, house effects, odds, event tests and suspect polls of one election, and the tests of a case.

    Options: ``election_date``, ``election`` (part of its name), ``round``, ``party`` (list), ``events`` (list of
    ``DATE[:LABEL]``), ``hypothesis`` (part of its name), ``rounding`` (points), ``runoff``, ``shared_error`` (base,
    daily, freedom).

    Raises:
        ValueError: a test, parameter or option that does not exist, or no election day in data or options.
    """
    ask = replace(ask, tests=plain_requests(ask.tests))
    check(ask.tests)
    asked, events = wanted(ask), asked_events(ask)
    polls = load(store)
    hypothesis = str(ask.options.get("hypothesis") or "").casefold()
    if hypothesis:
        polls = [p for p in polls if p.is_result or not p.hypothesis or hypothesis in p.hypothesis.casefold()]
    desk, frame = Desk(ask, group(polls), asked), Frame(ask.seed)
    findings, gaps = answer(desk, frame, ask.tests)
    parties = [p for p in asked.parties if any(resolve(p, s.parties, ask.candidates) for s in desk.series)]
    gaps += [_unknown_party(party, desk) for party in asked.parties if party not in parties]
    try:
        made = desk.study(parties, asked, None)
    except Unanswerable as problem:
        gaps.append(_no_polls(str(problem)))
        return Answer("opinion", tuple(findings), tuple(gaps), document=_empty())
    if asked.vote is None and made.series.vote is None and not ask.tests and ask.period is None:
        raise ValueError("opinion: the polls do not say when the vote is; give --election-date YYYY-MM-DD")
    return _whole(desk, frame, made, events, (findings, gaps))


def _whole(
    desk: Desk,
    frame: Frame,
    made: Study,
    events: Sequence[tuple[int, str]],
    done: tuple[list[Finding], list[Gap]],
) -> Answer:
    """Everything about the main election, after the tests of the case."""
    findings, gaps = done
    tell = desk.ask.options.get("progress") or (lambda *_: None)
    tell("polls fitted", 0, 3)
    parts = _parts(desk, made)
    tested, more_gaps = _events(made, events, parts)
    tell("events tested", 1, 3)
    gaps = gaps + more_gaps
    found = corrected([shift_finding(frame, made, shift, label) for shift, label in tested])
    q = {(s.day, s.kind, s.part): f.q for (s, _), f in zip(tested, found, strict=True) if f.q is not None}
    run_off = bool(desk.ask.options.get("runoff", made.series.round == 1))
    rows = {
        "average": document.average(made),
        "house_effects": document.houses(made),
        "odds": document.odds_rows(
            document.outcome_odds(made, desk.ask.seed, run_off)
            + document.duels(desk.series, made, desk.ask.seed)
        ),
        "events": document.event_rows(tested, q),
        "suspect_polls": document.suspect_rows(document.suspects(made)),
    }
    tell("odds drawn", 2, 3)
    shown_moves = [f for f in found if not desk.ask.tests or (f.p is not None and f.p < SHOWN_P)]
    exploratory = shown_moves + [standing_finding(frame, made, part, float(made.vote)) for part in parts]
    flat = {**rows, "placebos": document.placebo_rows(tested)}
    tables = {f"opinion_{name}": document.table(part) for name, part in flat.items() if part}
    shown: dict[str, Any] = {**rows, "election": _about(made), "notes": _notes(desk, made)}
    tell("opinion", 3, 3)
    return Answer("opinion", tuple(findings + exploratory), tuple(gaps), tables, shown)


def _parts(desk: Desk, made: Study) -> list[str]:
    """Parties to test: those asked for, else the case's candidates that the polls show, else the first four."""
    asked = [resolve(party, made.real_parts, desk.ask.candidates) for party in desk.wanted.parties]
    if not any(asked):
        asked = [resolve(c.id, made.real_parts, desk.ask.candidates) for c in desk.ask.candidates]
    named = [part for part in dict.fromkeys(asked) if part]
    return named or made.leading(4)


def _events(
    made: Study, events: Sequence[tuple[int, str]], parts: Sequence[str]
) -> tuple[list[tuple[Shift, str]], list[Gap]]:
    """Steps and ramps at every event that the polls surround; a gap for each other."""
    gaps, days = [], []
    for day, label in events:
        reason = untestable(made, day)
        if reason:
            gaps.append(_no_event(day, label, reason))
        else:
            days.append((day, label))
    if not days:
        return [], gaps
    ordinals = [float(day) for day, _ in days]
    labels = {float(day): label for day, label in days}
    found = [s for kind in KINDS for s in shifts(made.drift, ordinals, parts, kind)]
    return [(shift, labels[shift.day]) for shift in found], gaps


def _about(made: Study) -> dict[str, Any]:
    """What was analysed."""
    design = made.prepared.design
    return {
        "label": made.series.label,
        "election_day": iso(made.vote),
        "round": made.series.round,
        "polls": len(made.prepared.polls),
        "first_poll": iso(design.day[0]),
        "last_poll": iso(design.day[-1]),
        "pollsters": len(design.houses),
        "parties": list(made.parts),
        "rounding_step": design.rounding,
        "shared_error_group": made.error.group,
    }


def _notes(desk: Desk, made: Study) -> list[str]:
    """What was chosen, assumed or corrected on the way."""
    others = sorted({s.label for s in desk.series if s is not made.series})
    said = []
    if others:
        more = f" and {len(others) - 5} more" if len(others) > 5 else ""
        said.append(f"analysed {made.series.label}; the data also hold {'; '.join(others[:5])}{more}")
    if desk.wanted.vote is None and made.series.vote is None:
        said.append("no election day known: the forecast is for the day of the last poll")
    late = sum(poll.day >= made.vote for poll in made.series.polls)
    if late and made.vote > made.prepared.last_day:
        said.append(f"{late} polls dated on or after the vote of {iso(made.vote)} left out")
    if OTHER not in made.parts:
        said.append("shares are among the two named, without the undecided and others")
    corrections = sorted({note for poll in made.prepared.polls for note in poll.note.split("; ") if note})
    return [*said, *made.prepared.notes, *corrections]


def _empty() -> dict[str, Any]:
    return {"average": [], "house_effects": [], "odds": [], "events": [], "suspect_polls": [], "notes": []}


def _no_polls(problem: str) -> Gap:
    return Gap(
        "opinion",
        f"polls of the election: {problem}",
        "pollsters, archives of published polls, the polling commission",
        "CSV or JSON with date, pollster, sample size and shares",
        "where the parties stood and whether opinion moved",
    )


def _no_event(day: int, label: str, reason: str) -> Gap:
    shown = f"{iso(day)} ({label})" if label else iso(day)
    return Gap(
        "opinion",
        f"polls before and after {shown}: {reason}",
        "pollsters, archives of published polls",
        "polls with fieldwork in the weeks on both sides of the date",
        f"whether opinion moved at {shown}",
    )


def _unknown_party(party: str, desk: Desk) -> Gap:
    shown = ", ".join(sorted({name for s in desk.series for name in s.parties})[:12])
    return Gap(
        "opinion",
        f"polls that show {party}; the polls show {shown}",
        "pollsters that named this party or candidate",
        "polls with a column for it, or a candidate whose party names the column",
        f"where {party} stood",
    )
