"""The tables and JSON keys of the opinion verb: average, house effects, odds, events, suspect polls."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from probata.analyse.opinion.events import Kind, Shift
from probata.analyse.opinion.forecast import NO_SHARED_ERROR, Odds, odds
from probata.analyse.opinion.prepare import OTHER, house_key, iso
from probata.analyse.opinion.series import Series
from probata.analyse.opinion.study import Study, pairs, study
from probata.analyse.opinion.suspect import Suspect, left_out
from probata.analyse.opinion.track import house_effects
from probata.stats import benjamini_hochberg

LEVELS = {"i50": 0.5, "i80": 0.8, "i95": 0.95}


def average(study: Study) -> list[dict[str, Any]]:
    """One row a day and part: mean and intervals in points, to election day.

    Intervals hold the error that all polls share; ``i95_polls_only`` is what the polls alone would claim.
    """
    rows = []
    for day in study.track.days:
        now, bare = study.standing(day), study.standing(day, NO_SHARED_ERROR)
        ends = {name: now.interval(level) for name, level in LEVELS.items()}
        alone = bare.interval(0.95)
        shares = now.shares
        for k, part in enumerate(study.parts):
            row: dict[str, Any] = {"date": iso(day), "party": part, "mean": _points(shares[k])}
            row |= {name: [_points(low[k]), _points(high[k])] for name, (low, high) in ends.items()}
            row["i95_polls_only"] = [_points(alone[0][k]), _points(alone[1][k])]
            rows.append(row)
    return rows


def _points(share: float) -> float:
    return round(100 * float(share), 3)


def houses(study: Study) -> list[dict[str, Any]]:
    """One row a pollster and part: how far it stands from the average, in points.

    ``usual_size``: how large the pollster's effects were in earlier elections (all parties), where that is known.
    """
    return [
        {
            "pollster": effect.pollster,
            "party": effect.party,
            "effect": round(effect.effect, 3),
            "interval": [
                round(effect.effect - 1.96 * effect.error, 3),
                round(effect.effect + 1.96 * effect.error, 3),
            ],
            "polls": effect.polls,
            "usual_size": usual_sizes().get(house_key(effect.pollster)),
        }
        for effect in house_effects(study.track)
    ]


@cache
def usual_sizes() -> dict[str, float]:
    """Root mean square of a pollster's effects in the shipped table of earlier elections, in points."""
    text = (files("probata") / "data" / "opinion" / "house_effects.csv").read_text(encoding="utf-8")
    found: dict[str, list[float]] = {}
    for row in csv.DictReader(text.splitlines()):
        found.setdefault(house_key(row["pollster"]), []).append(float(row["effect"]))
    return {house: round(float(np.sqrt(np.mean(np.square(values)))), 2) for house, values in found.items()}


def outcome_odds(study: Study, seed: int, run_off: bool) -> list[Odds]:
    """Odds of election day with and without the shared error, from the same random numbers."""
    with_error = study.standing(study.vote).draws(seed)
    without = study.standing(study.vote, NO_SHARED_ERROR).draws(seed)
    return odds(with_error, without, study.parts, run_off, OTHER)


def duels(series: Sequence[Series], made: Study, seed: int, fewest: int = 3, most: int = 6) -> list[Odds]:
    """Who would win each run-off that was polled before the first round, with its own wider error."""
    if made.series.round != 1:
        return []
    found = []
    for other in series:
        if other.round != 2 or other.election != made.series.election:
            continue
        early = replace(other, polls=tuple(poll for poll in other.polls if poll.day < made.vote))
        for pair in pairs(early)[:most]:
            asked = [poll for poll in early.polls if set(poll.shares) == set(pair)]
            if len(asked) < fewest:
                continue
            duel = study(replace(early, polls=tuple(asked)), made.vote, pair)
            first = outcome_odds(duel, seed, run_off=False)[0]
            rival = next(party for party in duel.real_parts if party != first.parties[0])
            found.append(replace(first, kind="duel", parties=(first.parties[0], rival)))
    return found


def odds_rows(found: Sequence[Odds]) -> list[dict[str, Any]]:
    """JSON rows of odds."""
    return [
        {
            "kind": one.kind,
            "parties": list(one.parties),
            "probability": round(one.probability, 5),
            "probability_without_shared_error": round(one.without, 5),
        }
        for one in found
    ]


def event_rows(
    found: Sequence[tuple[Shift, str]], q: Mapping[tuple[float, Kind, str], float]
) -> list[dict[str, Any]]:
    """JSON rows of event tests."""
    return [
        {
            "date": iso(shift.day),
            "label": label,
            "kind": shift.kind,
            "party": shift.part,
            "shift": round(shift.effect, 4),
            "interval": [round(end, 4) for end in shift.interval],
            "p": shift.p,
            "p_placebo": shift.p_placebo,
            "placebos": shift.placebos,
            "q": q.get((shift.day, shift.kind, shift.part)),
            "mde": round(shift.mde, 4),
            "polls_before": shift.polls_before,
            "polls_after": shift.polls_after,
        }
        for shift, label in found
    ]


def placebo_rows(found: Sequence[tuple[Shift, str]]) -> list[dict[str, Any]]:
    """Flat rows: the same test at every other date, for each event test."""
    return [
        {
            "event": iso(shift.day),
            "kind": shift.kind,
            "party": shift.part,
            "date": iso(day),
            "shift": round(effect, 4),
            "z": round(z, 4),
        }
        for shift, _ in found
        for day, effect, z in shift.placebo
    ]


def suspects(study: Study, alpha: float = 0.05) -> list[tuple[Suspect, float]]:
    """Shares that no genuine poll would show, false discovery rate ``alpha`` over all shares of all polls."""
    if len(study.prepared.polls) < 5:
        return []
    tested = left_out(study.track, study.prepared.polls)
    if not tested:
        return []
    q = benjamini_hochberg(np.array([one.p for one in tested]))
    return [(one, float(q[i])) for i, one in enumerate(tested) if q[i] <= alpha]


def suspect_rows(found: Sequence[tuple[Suspect, float]]) -> list[dict[str, Any]]:
    """JSON rows of suspect polls."""
    return [
        {
            "poll": one.poll.poll_id,
            "pollster": one.poll.pollster,
            "date": iso(one.poll.day),
            "party": one.party,
            "share": _points(one.share),
            "expected": _points(one.expected),
            "p": one.p,
            "q": q,
            "place": one.poll.place,
        }
        for one, q in found
    ]


def table(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """Rows as flat columns: intervals become ``_low`` and ``_high``, lists of parties text."""
    columns: dict[str, list[Any]] = {}
    for row in rows:
        for name, value in row.items():
            if name == "parties":
                columns.setdefault(name, []).append(" | ".join(value))
            elif isinstance(value, list):
                columns.setdefault(f"{name}_low", []).append(value[0])
                columns.setdefault(f"{name}_high", []).append(value[1])
            else:
                columns.setdefault(name, []).append(value)
    return columns
