"""The tests that a case may ask of OPINION: each answered by a finding or a gap, never by silence."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from probata.analyse.opinion.asking import day_of, names_of, resolve
from probata.analyse.opinion.document import outcome_odds
from probata.analyse.opinion.events import Kind, shifts
from probata.analyse.opinion.findings import (
    Frame,
    corrected,
    lead_finding,
    shift_finding,
    standing_finding,
)
from probata.analyse.opinion.forecast import SharedError
from probata.analyse.opinion.prepare import TooFewPolls, iso
from probata.analyse.opinion.series import NoElection, Series, Wanted, choose
from probata.analyse.opinion.study import Study, study
from probata.analyse.opinion.suspect import predictive
from probata.analyse.opinion.track import house_effects
from probata.model import Ask, Finding, Gap, TestRequest

TESTS: dict[str, str] = {
    "event_step": "a party's share moves at a date (over within two days of fieldwork); metric shift, in points",
    "event_ramp": "a party's share moves over the two weeks after a date; metric shift, in points",
    "standing": "where a party stands on a date, shared polling error included; metric share, in points",
    "lead": "how far a party stands before another on a date; metric lead, in points",
    "looks_like_poll": "chance that a genuine poll shows a share (or shares) as far off on a date; metric p",
    "plurality": "chance that a party comes first on election day; metric probability",
    "runoff": "chance that a party is among the first two on election day; metric probability",
    "house_effect": "how far a pollster stands from the average on a party; metric effect, in points",
}
"""Test name and what it measures."""

_COMMON = {"party", "candidate", "date", "round", "election", "election_date"}
PARAMETERS: dict[str, set[str]] = {
    "event_step": _COMMON | {"event"},
    "event_ramp": _COMMON | {"event"},
    "standing": _COMMON,
    "lead": _COMMON | {"versus"},
    "looks_like_poll": _COMMON | {"share", "shares", "n"},
    "plurality": _COMMON,
    "runoff": _COMMON,
    "house_effect": _COMMON | {"pollster"},
}
"""Test name and the parameters it knows."""

METRICS: dict[str, str] = {
    "event_step": "shift", "event_ramp": "shift", "standing": "share", "lead": "lead", "looks_like_poll": "p",
    "plurality": "probability", "runoff": "probability", "house_effect": "effect",
}  # fmt: skip
"""Test name and the metric it returns."""

_NEEDED: dict[str, tuple[str, ...]] = {"lead": ("versus",), "house_effect": ("pollster",)}


class Unanswerable(Exception):
    """The data cannot answer; the message says what is missing."""


@dataclass
class Desk:
    """Series and fitted studies of a run, each fitted once whatever the number of tests."""

    ask: Ask
    series: Sequence[Series]
    wanted: Wanted
    studies: dict[Any, Study] = field(default_factory=dict)

    def study(
        self, parties: Sequence[str], wanted: Wanted, near: int | None, before: int | None = None
    ) -> Study:
        """The study that shows the parties asked for and has most polls around the day asked about.

        Raises:
            Unanswerable: no polls fit.
        """
        fitting = [s for s in self.series if all(self._column(p, s) for p in parties)]
        if not fitting:
            shown = ", ".join(sorted({party for s in self.series for party in s.parties})[:12])
            raise Unanswerable(f"no polls that show {' and '.join(parties)}; the polls show {shown}")
        try:
            best, vote, _ = choose(_around(fitting, near), wanted)
            columns = tuple(str(self._column(party, best)) for party in parties)
            key = (id(best), vote, before, best.round)
            made = self.studies.get(key)
            if made is None or not set(columns) <= set(made.parts):
                given = self.ask.options.get("shared_error")
                error = SharedError(*given) if given else None
                rounding = self.ask.options.get("rounding")
                made = self.studies[key] = study(best, vote, columns, before, error, rounding)
            return made
        except (NoElection, TooFewPolls) as problem:
            raise Unanswerable(str(problem)) from None

    def part(self, asked: str, made: Study) -> str:
        """The part of a study that a party or candidate is called there.

        Raises:
            Unanswerable: too few polls show it.
        """
        found = resolve(asked, made.real_parts, self.ask.candidates)
        if found is None:
            raise Unanswerable(f"too few polls of {made.series.label} show {asked}")
        return found

    def _column(self, asked: str, series: Series) -> str | None:
        return resolve(asked, series.parties, self.ask.candidates)


def _around(series: Sequence[Series], near: int | None) -> list[Series]:
    """Series with polls on both sides of a day, the fullest (named pollsters count four times) alone."""
    if near is None:
        return list(series)

    def weight(one: Series) -> float:
        close = [p for p in one.polls if abs(p.day - near) <= 30]
        return sum(1.0 if poll.pollster else 0.25 for poll in close)

    best = max(weight(one) for one in series)
    return [one for one in series if weight(one) == best]


def plain_requests(requests: Sequence[TestRequest]) -> tuple[TestRequest, ...]:
    """``candidate`` is another name for ``party``: the candidate's id leads to the column."""
    made = []
    for request in requests:
        given = dict(request.parameters)
        if "candidate" in given:
            given.setdefault("party", given.pop("candidate"))
        made.append(replace(request, parameters=given))
    return tuple(made)


def check(requests: Sequence[TestRequest]) -> None:
    """Refuse tests and parameters that do not exist.

    Raises:
        ValueError: one line that names the test and what is known.
    """
    for request in requests:
        if request.test not in TESTS:
            raise ValueError(
                f"opinion: test {request.id!r} asks for {request.test!r}; known: {', '.join(TESTS)}"
            )
        unknown = sorted(set(request.parameters) - PARAMETERS[request.test])
        if unknown:
            known = ", ".join(sorted(PARAMETERS[request.test]))
            raise ValueError(
                f"opinion: test {request.id!r} ({request.test}): unknown {unknown[0]!r}; known: {known}"
            )
        for name in (*_needed(request), *_NEEDED.get(request.test, ())):
            if request.parameters.get(name) in (None, ""):
                raise ValueError(f"opinion: test {request.id!r} ({request.test}) needs {name!r}")
        gives = METRICS[request.test]
        if request.expects.metric != gives:
            raise ValueError(
                f"opinion: test {request.id!r} ({request.test}) gives {gives!r}, not {request.expects.metric!r}"
            )


def _needed(request: TestRequest) -> tuple[str, ...]:
    if request.test == "looks_like_poll" and request.parameters.get("shares"):
        return ("date",)
    if request.test == "looks_like_poll":
        return ("party", "share", "date")
    if request.test.startswith("event_"):
        return ("party",) if request.parameters.get("event") else ("party", "date")
    return ("party",)


def answer(desk: Desk, frame: Frame, requests: Sequence[TestRequest]) -> tuple[list[Finding], list[Gap]]:
    """A finding or a gap for each test; event tests are corrected together."""
    findings: list[Finding] = []
    gaps = []
    for request in requests:
        try:
            found = _ANSWERS[request.test](desk, frame, request)
            findings.append(replace(found, request=request.id))
        except Unanswerable as problem:
            gaps.append(_gap(request, str(problem)))
    tested = [f for f in findings if f.test.startswith("event_")]
    others = [f for f in findings if not f.test.startswith("event_")]
    return corrected(tested) + others, gaps


def _gap(request: TestRequest, problem: str) -> Gap:
    return Gap(
        question="opinion",
        what=f"polls that could answer this: {problem}",
        who=request.who or "pollsters, archives of published polls, the polling commission",
        how="CSV or JSON with date, pollster, sample size and shares; name the file as data of kind polls",
        settles=request.test,
        request=request.id,
    )


def _wanted(desk: Desk, parameters: Mapping[str, Any]) -> Wanted:
    wanted = desk.wanted
    if parameters.get("election_date"):
        wanted = replace(wanted, vote=day_of(parameters["election_date"], "election_date"))
    if parameters.get("round"):
        wanted = replace(wanted, round=int(parameters["round"]))
    if parameters.get("election"):
        wanted = replace(wanted, election=str(parameters["election"]))
    return wanted


def _event(desk: Desk, frame: Frame, request: TestRequest) -> Finding:
    parameters = request.parameters
    day, label = _event_day(desk, request)
    party = str(parameters["party"])
    made = desk.study([party], _wanted(desk, parameters), day)
    part = desk.part(party, made)
    reason = untestable(made, day)
    if reason:
        raise Unanswerable(reason)
    kind = cast(Kind, request.test.removeprefix("event_"))
    shift = shifts(made.drift, [float(day)], [part], kind)[0]
    return shift_finding(frame, made, shift, label)


def untestable(made: Study, day: float) -> str | None:
    """Why the polls cannot show a move at a day, if they cannot."""
    first, last = made.prepared.design.day[0], made.prepared.design.day[-1]
    if day < first or day >= last:
        return f"no polls on both sides of {iso(day)}; they run from {iso(first)} to {iso(last)}"
    if len(made.prepared.polls) < 5:
        return f"{len(made.prepared.polls)} polls are too few to tell a move from noise"
    return None


def _event_day(desk: Desk, request: TestRequest) -> tuple[int, str]:
    """The day of an event named by its id in the case, or given as a date."""
    named = request.parameters.get("event")
    for event in desk.ask.events:
        if named is not None and str(named) == event.id:
            return event.date.toordinal(), event.text
    if request.parameters.get("date"):
        return day_of(request.parameters["date"], f"test {request.id!r}: date"), str(named or "")
    try:
        return day_of(named, "event"), ""
    except ValueError:
        known = ", ".join(event.id for event in desk.ask.events) or "none"
        raise ValueError(
            f"opinion: test {request.id!r}: no event {named!r}; events of the case: {known}"
        ) from None


def _day(desk: Desk, request: TestRequest) -> int | None:
    given = request.parameters.get("date")
    return day_of(given, f"test {request.id!r}: date") if given else None


def _on(made: Study, day: int | None) -> float:
    """The day asked about, the last poll where none is.

    Raises:
        Unanswerable: the polls do not reach that day.
    """
    if day is None:
        return made.prepared.last_day
    if not made.track.days[0] <= day <= made.track.days[-1]:
        ends = f"{iso(made.track.days[0])} to {iso(made.track.days[-1])}"
        raise Unanswerable(f"no polls for {iso(day)}; they reach from {ends}")
    return float(day)


def _standing(desk: Desk, frame: Frame, request: TestRequest) -> Finding:
    day, party = _day(desk, request), str(request.parameters["party"])
    made = desk.study([party], _wanted(desk, request.parameters), day)
    return standing_finding(frame, made, desk.part(party, made), _on(made, day))


def _lead(desk: Desk, frame: Frame, request: TestRequest) -> Finding:
    day = _day(desk, request)
    party, versus = (str(request.parameters[name]) for name in ("party", "versus"))
    made = desk.study([party, versus], _wanted(desk, request.parameters), day)
    return lead_finding(frame, made, desk.part(party, made), desk.part(versus, made), _on(made, day))


def _looks_like_poll(desk: Desk, frame: Frame, request: TestRequest) -> Finding:
    parameters = request.parameters
    day = _day(desk, request)
    given = parameters.get("shares") or {parameters["party"]: parameters["share"]}
    size = float(parameters.get("n") or 1000)
    if size < 1 or any(not 0 <= float(share) <= 100 for share in given.values()):
        raise ValueError(f"opinion: test {request.id!r}: shares lie between 0 and 100, n is 1 or more")
    made = desk.study([str(name) for name in given], _wanted(desk, parameters), day)
    shares = {made.parts.index(desk.part(str(name), made)): float(v) / 100 for name, v in given.items()}
    on = _on(made, day)
    chances = []
    for factor in (1.0, 0.5, 2.0):
        expected = predictive(made.track, on, size * factor)
        one = next(iter(shares))
        chances.append(expected.p(one, shares[one]) if len(shares) == 1 else expected.joint_p(shares))
    expected = predictive(made.track, on, size)
    named = ", ".join(f"{made.parts[k]} at {100 * share:g} %" for k, share in shares.items())
    usual = ", ".join(f"{100 * expected.shares[k]:.1f} ± {100 * expected.errors[k]:.1f}" for k in shares)
    statement = (
        f"A genuine poll of {size:,.0f} people on {iso(on)} would show {named} or further off with a chance of "
        f"{100 * chances[0]:.2g} % (expected {usual})."
    )
    return frame.finding(
        made,
        "looks_like_poll",
        statement,
        metric="p",
        estimate=chances[0],
        interval=(min(chances), max(chances)),
        level=None,
        p=chances[0],
        null_model="predictive distribution of a genuine poll that day: opinion, an unknown house effect, sampling",
        mde=2.801585 * 100 * float(max(expected.errors[k] for k in shares)),
        method="predictive tail of the state space; the interval is half and double the sample size",
        parameters={
            "shares": {made.parts[k]: 100 * share for k, share in shares.items()},
            "date": iso(on),
            "n": size,
        },
        caveats=("mde is in points of share", "a figure that looks like a poll need not be one"),
    )


def _chance(desk: Desk, frame: Frame, request: TestRequest) -> Finding:
    day, party = _day(desk, request), str(request.parameters["party"])
    made = desk.study([party], _wanted(desk, request.parameters), day, before=day)
    part = desk.part(party, made)
    chances, alone = [], 0.0
    for factor in (1.0, 0.5, 1.5):
        error = made.error
        scaled = SharedError(
            error.base * factor, error.daily * factor, error.freedom, error.group, error.lasting
        )
        found = outcome_odds(replace(made, error=scaled), frame.seed, run_off=True)
        mine = next((one for one in found if one.kind == request.test and one.parties == (part,)), None)
        if mine is None:
            raise Unanswerable(f"fewer than three parties in {made.series.label}: no run-off to qualify for")
        chances.append(mine.probability)
        alone = mine.without
    place = "first" if request.test == "plurality" else "among the first two"
    statement = (
        f"From the polls up to {iso(made.prepared.last_day)}, {part} comes {place} on {iso(made.vote)} with a chance "
        f"of {100 * chances[0]:.0f} % ({100 * alone:.0f} % if the polls shared no error)."
    )
    return frame.finding(
        made,
        request.test,
        statement,
        metric="probability",
        estimate=chances[0],
        interval=(min(chances), max(chances)),
        level=None,
        method="joint draws of election day; the interval is half and one and a half times the shared error",
        parameters={"party": part, "without_shared_error": alone},
    )


def _house_effect(desk: Desk, frame: Frame, request: TestRequest) -> Finding:
    party, pollster = (str(request.parameters[name]) for name in ("party", "pollster"))
    made = desk.study([party], _wanted(desk, request.parameters), _day(desk, request))
    part = desk.part(party, made)
    effects = [e for e in house_effects(made.track) if e.party == part]
    mine = next((e for e in effects if e.pollster.casefold() == pollster.casefold()), None)
    if mine is None:
        known = ", ".join(effect.pollster for effect in effects[:12])
        raise Unanswerable(f"no polls by {pollster}; pollsters here: {known}")
    low, high = mine.effect - 1.96 * mine.error, mine.effect + 1.96 * mine.error
    from scipy.special import ndtr

    return frame.finding(
        made,
        "house_effect",
        f"{mine.pollster} shows {part} {mine.effect:+.1f} points from the average of pollsters (95 %: {low:+.1f} to "
        f"{high:+.1f}, {mine.polls} polls).",
        metric="effect",
        estimate=mine.effect,
        interval=(low, high),
        level=0.95,
        p=float(2 * ndtr(-abs(mine.effect / mine.error))),
        null_model="no house effect",
        mde=2.801585 * mine.error,
        method="state space with house effects",
        parameters={"party": part, "pollster": mine.pollster},
        caveats=("the average of pollsters is not the truth: all may be off together",),
    )


_ANSWERS: dict[str, Callable[[Desk, Frame, TestRequest], Finding]] = {
    "event_step": _event,
    "event_ramp": _event,
    "standing": _standing,
    "lead": _lead,
    "looks_like_poll": _looks_like_poll,
    "plurality": _chance,
    "runoff": _chance,
    "house_effect": _house_effect,
}

__all__ = [
    "METRICS",
    "PARAMETERS",
    "TESTS",
    "Desk",
    "Unanswerable",
    "answer",
    "check",
    "names_of",
    "plain_requests",
    "untestable",
]
