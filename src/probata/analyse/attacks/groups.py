"""One structured group or many lone actors? Separate findings, each with its own null, never one verdict.

``group_findings`` runs three tests of coordination (acting together, dividing work, hand-over) on every service,
corrects them over tests and services (Holm), and describes shared tooling, which says nothing about coordination.
A group is a set of *addresses*; who is behind them, one or many, and where, no log can say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from probata.analyse.attacks import group_events, group_power, group_share, group_tables, group_tests, tooling
from probata.analyse.attacks.group_events import Service
from probata.analyse.attacks.group_tests import Outcome, Prepared
from probata.model import Ask, Finding, Gap, Table, TestRequest
from probata.stats import holm, proportion_interval

VERSION = "groups/1"

TESTS = {
    "acting_together": "Sources start and stop together, on several occasions, beyond their rhythms and the day's.",
    "dividing_work": "Sources cover one list with less overlap than independent users of it would have.",
    "hand_over": "A source starts right after another stopped, where the list goes on, again and again.",
    "shared_tooling": "Sources share a client fingerprint or a word list (says nothing about coordination).",
}
METRICS = dict.fromkeys(TESTS, "share_of_attempts_in_groups") | {
    "shared_tooling": "share_of_sources_sharing_tool"
}
PARAMETERS: dict[str, set[str]] = {name: {"service", "level"} for name in TESTS} | {
    "shared_tooling": {"service"}
}

NULLS = {
    "acting_together": "every source's whole train shifted by its own uniform offset of up to 6 h, in operational "
    "time that runs faster in rushes; largest group score of each draw",
    "dividing_work": "every source keeps its window on the list and the lengths of its unbroken stretches, their "
    "places dealt anew; largest group score of each draw",
    "hand_over": "every source's whole train shifted by its own uniform offset of up to 6 h with its items; "
    "largest group score of each draw",
}

CAVEATS = (
    "structure is not authorship: one actor may hold many addresses, and an address is not a culprit",
    "a group found is a set of addresses whose records should be read side by side (tables group_events, group_ties)",
)

MOST_RECORDS = 200


@dataclass(frozen=True)
class GroupResult:
    """Findings, gaps, tables (``groups``, ``group_events``, ``group_ties``, ``tooling``) and ``groups`` for JSON."""

    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    tables: dict[str, Table] = field(default_factory=dict)
    groups: list[dict[str, Any]] = field(default_factory=list)


def group_findings(events: Table, ask: Ask) -> GroupResult:
    """Test an events table for coordination.

    Args:
        events: flat ECS columns, one row an attempt: ``@timestamp``, ``source.ip`` or ``source.address``, and of
            ``url.original``, ``user.name``, ``destination.port``, ``user_agent.original``, ``event.dataset``,
            ``record`` what there is.
        ask: its tests (those of ``TESTS``), ``seed``, and options ``permutations`` (default 999), ``progress``.

    Raises:
        ValueError: a test asks for a metric, service or parameter that there is not; one line.
    """
    requests = [r for r in ask.tests if r.question == "attacks" and r.test in TESTS]
    for request in requests:
        _check(request)
    found = group_events.services(events, ask.seed)
    if not found:
        return GroupResult(gaps=tuple(_gap(r, "no line names a source") for r in [*requests, None]))
    ready, outcomes = _run(found, ask)
    chosen = corrected(outcomes)
    total = sum(len(s.time) + s.untimed for s in found)
    context = _Context(ask, ready, outcomes, chosen, total)
    records = _records(events)
    groups, rows = _describe(context, records)
    findings, gaps = _answer(context, requests, rows)
    tables = _tables(context, groups, rows)
    return GroupResult(tuple(findings), tuple(gaps), tables, groups)


@dataclass(frozen=True)
class _Context:
    ask: Ask
    ready: list[Prepared]
    outcomes: list[Outcome]
    chosen: list[tuple[float, list[int]]]
    """For each outcome: its p corrected over tests and services, and its significant groups."""
    total: int


def _run(found: list[Service], ask: Ask) -> tuple[list[Prepared], list[Outcome]]:
    progress: Callable[[str, int, int], None] | None = ask.options.get("progress")
    fewest = (
        40 * len(found) * len(group_tests.TESTS)
    )  # else no p could pass the correction over tests and services
    draws = max(int(ask.options.get("permutations", 999)), fewest - 1)
    ready, outcomes = [], []
    for index, service in enumerate(found):
        prepared = group_tests.prepare(service)
        ready.append(prepared)
        for test, run in group_tests.TESTS.items():
            if progress is not None:
                progress(f"{test} in {service.name}", index, len(found))
            outcome = run(prepared, draws, ask.seed)
            if outcome is not None:
                outcomes.append(outcome)
    return ready, outcomes


def corrected(outcomes: list[Outcome], level: float = 0.05) -> list[tuple[float, list[int]]]:
    """Holm over every test of every service; a group counts where its own p passes at its test's step."""
    if not outcomes:
        return []
    p = np.array([outcome.p for outcome in outcomes])
    adjusted = holm(p)
    chosen = []
    for outcome, q in zip(outcomes, adjusted.tolist(), strict=True):
        kept = [k for k, g in enumerate(outcome.groups) if q <= level and g.p * q / outcome.p <= level]
        chosen.append((q, kept))
    return chosen


def _records(events: Table) -> np.ndarray[Any, np.dtype[Any]]:
    column = events.get("record")
    if column is not None:
        return np.asarray(column, dtype=object)
    count = len(next(iter(events.values())))
    return np.array([f"row:{index + 1}" for index in range(count)], dtype=object)


def _describe(
    context: _Context, records: Any
) -> tuple[list[dict[str, Any]], dict[str, list[dict[str, Any]]]]:
    """The significant groups as JSON, and by group the events behind its ties."""
    groups: list[dict[str, Any]] = []
    rows: dict[str, list[dict[str, Any]]] = {}
    ready_of = {id(ready.service): ready for ready in context.ready}
    for outcome, (q, kept) in zip(context.outcomes, context.chosen, strict=True):
        service, ready = outcome.service, ready_of[id(outcome.service)]
        for index in kept:
            found = outcome.groups[index]
            name = f"{outcome.test}-{len(groups) + 1}"
            shown = group_tables.event_rows(ready, outcome.test, found, records)
            rows[name] = [{"group": name, **row} for row in shown]
            attempts = int(service.counts[found.members].sum())
            inside = np.flatnonzero(np.isin(service.source, found.members))
            groups.append(
                {
                    "id": name,
                    "test": outcome.test,
                    "service": service.name,
                    "sources": service.names[found.members].tolist(),
                    "score": round(found.score, 2),
                    "p": found.p,
                    "q": min(1.0, found.p * q / outcome.p),
                    "draws": outcome.draws,
                    "attempts": attempts,
                    "share_of_attempts": attempts / context.total,
                    "first": _moment(service, float(service.time[inside].min())),
                    "last": _moment(service, float(service.time[inside].max())),
                    "events_shown": min(len(shown), group_tables.MOST_ROWS),
                    "events_behind": len(shown),
                }
            )
    return groups, rows


def _moment(service: Service, seconds: float) -> str:
    return f"{np.datetime_as_string(service.origin + np.timedelta64(int(seconds), 's'), unit='s')}Z"


def _answer(
    context: _Context, requests: list[TestRequest], rows: dict[str, list[dict[str, Any]]]
) -> tuple[list[Finding], list[Gap]]:
    findings: list[Finding] = []
    gaps: list[Gap] = []
    asked = {request.test for request in requests}
    wanted: list[tuple[str, TestRequest | None]] = [(r.test, r) for r in requests]
    wanted += [(test, None) for test in TESTS if test not in asked]
    for test, request in wanted:
        answer = (
            _tooling(context, request)
            if test == "shared_tooling"
            else _coordination(context, test, request, rows)
        )
        if isinstance(answer, Finding):
            findings.append(answer)
        else:
            gaps.append(answer)
    return findings, gaps


def _coordination(
    context: _Context, test: str, request: TestRequest | None, rows: dict[str, list[dict[str, Any]]]
) -> Finding | Gap:
    service = (request.parameters if request else {}).get("service")
    picked = [
        (outcome, chosen)
        for outcome, chosen in zip(context.outcomes, context.chosen, strict=True)
        if outcome.test == test and service in (None, outcome.service.name)
    ]
    if not picked:
        return _gap(request, _why_not(test, service), test)
    best = min(range(len(picked)), key=lambda k: picked[k][0].p)
    size = _detectable(context, test, picked[best][0])
    total = (
        context.total if service is None else sum(len(o.service.time) + o.service.untimed for o, _ in picked)
    )
    share = group_share.share_of([o for o, _ in picked], [kept for _, (_, kept) in picked], total, size)
    counts = [len(kept) for _, (_, kept) in picked]
    tested = sum(len(outcome.tested) for outcome, _ in picked)
    own = [row["record"] for group in rows.values() for row in group if row["test"] == test]
    return Finding(
        question="attacks",
        test=test,
        statement=_sentence(test, share, sum(counts), tested, picked[best][0].p),
        metric=METRICS[test],
        estimate=share.estimate,
        interval=(share.low, share.high),
        level=0.95,
        p=picked[best][0].p,
        q=picked[best][1][0],
        n=tested,
        null_model=NULLS[test],
        mde=share.mde,
        method=test,
        version=VERSION,
        parameters={
            "service": service,
            "services": len(picked),
            "draws": max(o.draws for o, _ in picked),
            "smallest_group_seen": size,
            "untestable_share": round(share.untestable, 4),
            "groups": sum(counts),
        },
        seed=context.ask.seed,
        caveats=(*CAVEATS, *group_power.missed(test, size, share.untestable)),
        records=tuple(dict.fromkeys(own))[:MOST_RECORDS],
        request=request.id if request else None,
    )


def _detectable(context: _Context, test: str, outcome: Outcome) -> int | None:
    if test != "acting_together":
        return group_power.smallest(test)
    ready = next(r for r in context.ready if r.service is outcome.service)
    return group_share.planted_size(ready, outcome.critical, context.ask.seed)


def _sentence(test: str, share: group_share.Share, groups: int, tested: int, p: float) -> str:
    what = {
        "acting_together": "act together",
        "dividing_work": "divide a list among themselves",
        "hand_over": "hand over to one another",
    }[test]
    if not groups:
        return (
            f"No group of sources that {what} was found among the {tested} that could be tested (p {p:.3g}); "
            f"groups missed and sources not testable could account for up to {share.high:.0%} of the attempts."
        )
    plural = "group" if groups == 1 else "groups"
    return (
        f"{groups} {plural} of sources {what}, with {share.estimate:.1%} of the attempts "
        f"(bounds {share.low:.1%} to {share.high:.1%}; {tested} sources tested, p {p:.3g})."
    )


def _tooling(context: _Context, request: TestRequest | None) -> Finding | Gap:
    service = (request.parameters if request else {}).get("service")
    parts = [
        tooling.shared_tools(ready.service, ready.lists)
        for ready in context.ready
        if service in (None, ready.service.name)
    ]
    known, sharing = sum(len(part.known) for part in parts), sum(len(part.sharing) for part in parts)
    if not known:
        return _gap(request, "no line names a client or what was tried", "shared_tooling")
    kinds = [row["kind"] for part in parts for row in part.rows]
    return Finding(
        question="attacks",
        test="shared_tooling",
        statement=f"{sharing} of {known} sources share a client fingerprint or a word list with at least two others "
        f"({kinds.count('client')} fingerprints, {kinds.count('list')} lists); tools and lists are public, so this "
        "says nothing about coordination.",
        metric=METRICS["shared_tooling"],
        estimate=sharing / known,
        interval=proportion_interval(sharing, known),
        level=0.95,
        n=known,
        null_model="none: a description",
        mde=1.0 / known,
        method="shared_tooling",
        version=VERSION,
        parameters={"service": service, "fewest_sources": tooling.FEWEST},
        seed=context.ask.seed,
        caveats=("independent actors use the same public tools and lists; never read this as a group",),
        request=request.id if request else None,
    )


def _tables(
    context: _Context, groups: list[dict[str, Any]], rows: dict[str, list[dict[str, Any]]]
) -> dict[str, Table]:
    shown = [row for group in rows.values() for row in group[: group_tables.MOST_ROWS]]
    names = ("id", "test", "service", "score", "p", "q", "attempts", "share_of_attempts", "first", "last")
    members = [{**group, "source.ip": source} for group in groups for source in group["sources"]]
    tools = [row for ready in context.ready for row in tooling.shared_tools(ready.service, ready.lists).rows]
    return {
        "groups": group_tables.columns_of(members, ("source.ip", *names)),
        "group_events": group_tables.columns_of(shown, group_tables.COLUMNS),
        "group_ties": group_tables.columns_of(_tie_rows(context, groups), group_tables.TIE_COLUMNS),
        "tooling": group_tables.columns_of(tools, ("service", "kind", "tool", "sources", "events")),
    }


def _tie_rows(context: _Context, groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows, number = [], 0
    for outcome, (_, kept) in zip(context.outcomes, context.chosen, strict=True):
        for index in kept:
            rows += group_tables.tie_rows(outcome, index, groups[number]["id"])
            number += 1
    return rows


def _check(request: TestRequest) -> None:
    metric = METRICS[request.test]
    if request.expects.metric != metric:
        raise ValueError(f"attacks test {request.test!r} measures {metric!r}, not {request.expects.metric!r}")
    unknown = set(request.parameters) - PARAMETERS[request.test]
    if unknown:
        known = ", ".join(sorted(PARAMETERS[request.test]))
        raise ValueError(f"attacks test {request.test!r} has no parameter {min(unknown)!r}; it has {known}")


def _why_not(test: str, service: str | None) -> str:
    where = f" in service {service!r}" if service else ""
    need = {
        "acting_together": "three sources with four timed events each",
        "dividing_work": "three sources that take a list known from two ordered users sparsely",
        "hand_over": "three sources with timed events",
    }.get(test, "a source")
    return f"no service has {need}{where}"


def _gap(request: TestRequest | None, why: str, test: str = "") -> Gap:
    name = request.test if request else test or "coordination"
    return Gap(
        question="attacks",
        what=f"log lines on which {name} can be tested: {why}",
        who=request.who if request and request.who else "whoever runs the attacked servers, or their hoster",
        how="complete logs of the period, all servers, with source address, time to the second, what was tried",
        settles=name,
        request=request.id if request else None,
    )
