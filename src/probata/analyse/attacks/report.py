"""From counts to findings: what is said, with its numbers, its null and its caveats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from probata.analyse.attacks import document, geo, sources
from probata.analyse.attacks.catalogue import VERSION, day_of
from probata.analyse.attacks.detect import Detection, detect
from probata.analyse.attacks.measures import burst, country_share
from probata.analyse.attacks.sigma import Rule
from probata.model import Ask, CampaignEvent, Finding, Gap, Table, TestRequest
from probata.stats import benjamini_hochberg, proportion_interval
from probata.store.base import Store

Array = np.ndarray[Any, np.dtype[Any]]

CENSUS = (
    "A log shows what arrived and was kept: not who sent it, not what was rotated away, not "
    "what other servers saw."
)
NOISE = "Every public server is probed all day by scanners that aim at no one: a count alone is no sign of a campaign."
DAYS, BEFORE = 3, 0


@dataclass
class Material:
    """Everything measured once, from which findings and answers are written."""

    found: Detection
    sources: dict[str, Array]
    databases: tuple[geo.Database, ...]
    everything: bool
    tops: dict[str, dict[str, Array]]
    formats: dict[str, int]
    bases: dict[str, dict[str, int]]
    first: date | None
    last: date | None

    @property
    def active(self) -> dict[str, Array]:
        """Sources with attempts, self-named scanners left out."""
        keep = (self.sources["attempts"] > 0) & np.array(
            [a is None for a in self.sources["set_aside"]], dtype=bool
        )
        return {name: column[keep] for name, column in self.sources.items()}


def gather(store: Store, ask: Ask, rules: Sequence[Rule], databases: tuple[geo.Database, ...]) -> Material:
    """Count everything once."""
    found = detect(store, rules)
    everything = not len(found.attempts.get("events", ())) or float(np.sum(found.attempts["events"])) == 0
    if everything:
        found.attempts = dict(
            store.read(
                'SELECT "source.address" AS source, CAST(date_trunc(\'day\', "@timestamp") AS '
                'TIMESTAMP) AS day, "event.dataset" AS dataset, '
                'sum("event.count") AS events FROM events WHERE "source.address" IS NOT NULL GROUP BY ALL ORDER BY ALL'
            )
        )
    span = store.read('SELECT min("@timestamp") AS first, max("@timestamp") AS last FROM events')
    first, last = (
        None if np.isnat(span[name][0]) else span[name][0].astype("datetime64[D]").item()
        for name in ("first", "last")
    )
    table = sources.source_table(store, found, databases, everything)
    return Material(
        found,
        table,
        databases,
        everything,
        sources.tops(store, found),
        sources.formats(store),
        sources.bases(store),
        first,
        last,
    )


def findings(
    ask: Ask, material: Material
) -> tuple[list[Finding], list[Gap], dict[str, Table], dict[str, Any]]:
    """Answers to the tests asked, findings nobody asked for, tables and document."""
    made: list[Finding] = []
    gaps: list[Gap] = []
    for request in ask.tests:
        answer = {"volume": _volume, "country_share": _country, "burst": _burst_asked}.get(request.test)
        if answer is None:
            continue
        result = answer(ask, material, request)
        (gaps if isinstance(result, Gap) else made).append(result)  # type: ignore[arg-type]
    made += _unasked(ask, material)
    return made, gaps, document.tables(material), document.document(ask, material)


# ---------------------------------------------------------------- single findings


def _caveats(material: Material, *more: str) -> tuple[str, ...]:
    said = [CENSUS, *more]
    for name, basis in material.bases.items():
        if "assumed" in basis:
            share = basis["assumed"] / max(1, sum(basis.values()))
            said.append(
                f"The {name} of {share:.0%} of the times is not stated by the log and was assumed "
                f"(option --{name} settles it)."
            )
    if material.everything:
        said.append("No rule matched any line, so that every event with a source counts as an attempt.")
    return tuple(said)


def _rows(material: Material, rule: str | None) -> dict[str, Array]:
    table = material.found.attempts if rule is None else material.found.volumes
    keep = np.ones(len(table["events"]), dtype=bool)
    if rule is not None:
        keep &= table["rule"].astype(str) == rule
    return {name: np.asarray(column)[keep] for name, column in table.items()}


def _check_rule(material: Material, rule: Any) -> str | None:
    known = [r.id for r in material.found.rules]
    if rule is not None and rule not in known:
        raise ValueError(f"attacks.volume: no rule {rule!r}; there are {', '.join(known)}")
    return None if rule is None else str(rule)


def _volume(ask: Ask, material: Material, request: TestRequest) -> Finding | Gap:
    rule = _check_rule(material, request.parameters.get("rule"))
    first, last = _period(ask, request)
    if material.first is None or material.last is None:
        return _gap(request, "times in the log lines", "a log whose lines carry their time")
    if last < material.first or first > material.last:
        return _gap(
            request,
            f"logs of {first} to {last} (those at hand run from {material.first} to {material.last})",
            "the rotated or archived files",
        )
    rows = _rows(material, rule)
    days = np.asarray(rows["day"]).astype("datetime64[D]")
    inside = ~np.isnat(days) & (days >= np.datetime64(first)) & (days <= np.datetime64(last))
    who = np.asarray(rows["source"])[inside]
    counts = np.asarray(rows["events"], dtype=float)[inside]
    own = np.array([s not in material.found.aside for s in who], dtype=bool)
    metric = request.expects.metric
    full, without = _counted(metric, who, counts), _counted(metric, who[own], counts[own])
    covered = (min(last, material.last) - max(first, material.first)).days + 1
    short = covered < (last - first).days + 1
    what = f"matched by rule {rule}" if rule else "matched by some rule"
    more = [NOISE] + (
        [f"The log covers {covered} of the {(last - first).days + 1} days asked for."] if short else []
    )
    upper: float | None = full if not short else None
    return Finding(
        "attacks",
        "volume",
        f"From {first} to {last} the log holds {without:,.0f} {metric} {what}"
        + (f" ({full:,.0f} with self-named scanners)." if full != without else "."),
        metric,
        without,
        (without, upper),
        1.0,
        n=int(counts.sum()),
        null_model="none: a count of what the log holds",
        method="rules over lines, each line once",
        version=VERSION,
        parameters=dict(request.parameters),
        seed=ask.seed,
        mde=1.0 if not short else None,
        caveats=_caveats(material, *more),
        request=request.id,
    )


def _counted(metric: str, who: Array, counts: Array) -> float:
    if metric == "attempts":
        return float(counts.sum())
    known = {s for s in who if s is not None}
    return (
        float(len(known)) if metric == "sources" else float(len({sources.network(s) for s in known} - {None}))
    )


def _period(ask: Ask, request: TestRequest) -> tuple[date, date]:
    default = ask.period or (date(1970, 1, 1), date(2200, 1, 1))
    first = day_of(request.parameters.get("from", default[0]), "from")
    last = day_of(request.parameters.get("to", default[1]), "to")
    if last < first:
        raise ValueError(f"attacks.{request.test}: the period ends ({last}) before it starts ({first})")
    return first, last


def _country(ask: Ask, material: Material, request: TestRequest) -> Finding | Gap:
    unit = str(request.parameters.get("unit") or request.expects.metric.removeprefix("share_of_"))
    if f"share_of_{unit}" != request.expects.metric:
        raise ValueError(
            f"attacks.country_share: unit {unit!r} and metric {request.expects.metric!r} do not agree"
        )
    country = str(request.parameters["country"]).upper()
    made = _country_finding(ask, material, country, unit)
    if made is None:
        return _gap(
            request,
            "an attempt from an address that is not a name",
            "logs that keep addresses, or an address database (--geo)",
        )
    return replace(made, parameters=dict(request.parameters), request=request.id)


def _country_finding(ask: Ask, material: Material, country: str, unit: str) -> Finding | None:
    if not material.databases:
        return None
    share = country_share(material.active, material.databases, country, unit, ask.seed)
    if share is None:
        return None
    shown = "; ".join(
        f"{base.name} of {base.day or 'unknown date'}: {share.by_database[base.name][0]:.1%}"
        for base in material.databases
    )
    lone = (
        ()
        if len(material.databases) > 1
        else ("Only one address database: the range between databases is not known.",)
    )
    far = (
        geo.far_apart((material.first, material.last), material.databases)
        if material.first and material.last
        else ()
    )
    return Finding(
        "attacks",
        "country_share",
        f"Address databases place {share.low:.1%} to {share.high:.1%} of the {unit} in {country} ({shown}).",
        f"share_of_{unit}",
        share.estimate,
        (share.low, share.high),
        0.95,
        n=int(share.n),
        null_model="none: a range over databases, unknown addresses and the chance of these sources",
        mde=max(share.estimate - share.low, share.high - share.estimate),
        method=(
            "dated address databases side by side; exact binomial over sources and networks, "
            "sources drawn again for events and sessions"
        ),
        version=VERSION,
        parameters={
            "country": country,
            "unit": unit,
            "databases": [f"{b.name} {b.day}" for b in material.databases],
        },
        seed=ask.seed,
        caveats=_caveats(material, geo.NOT_A_CULPRIT, *lone, *far),
    )


def _burst_asked(ask: Ask, material: Material, request: TestRequest) -> Finding | Gap:
    given = request.parameters
    if given.get("event") is not None:
        chosen = [event for event in ask.events if event.id == given["event"]]
        if not chosen:
            known = ", ".join(event.id for event in ask.events) or "none"
            raise ValueError(f"attacks.burst: no event {given['event']!r}; there are {known}")
        event = chosen[0]
    else:
        day = day_of(given["date"], "attacks.burst: date")
        event = CampaignEvent(str(day), day, str(day))
    made = _burst(
        ask,
        material,
        event,
        _check_rule(material, given.get("rule")),
        given.get("days", DAYS),
        given.get("before", BEFORE),
    )
    if made is None:
        return _gap(
            request,
            f"a log that covers {event.date} and at least 20 further windows of the same length",
            "the rotated or archived files",
        )
    return replace(made, parameters=dict(given), request=request.id)


def _burst(
    ask: Ask, material: Material, event: CampaignEvent, rule: str | None, days: int, before: int
) -> Finding | None:
    if material.first is None or material.last is None or days + before < 1:
        return None
    rows = _rows(material, rule)
    own = np.array([s not in material.found.aside for s in rows["source"]], dtype=bool)
    rows = {name: np.asarray(column)[own] for name, column in rows.items()}
    _, counts = sources.daily(rows, None, material.first, material.last)
    start = (event.date - timedelta(days=before) - material.first).days
    result = burst(counts, start, days + before, ask.seed)
    if result is None:
        return None
    word = "more" if result.ratio >= 1 else "less"
    return Finding(
        "attacks",
        "burst",
        f"In the {days + before} days from {event.date - timedelta(days=before)} ({event.text}) "
        f"there were {result.inside:,.1f} attempts a day against "
        f"{result.outside:,.1f} on other days: {result.ratio:.2f} times as many ({word} than "
        f"{1 - result.p:.0%} of {result.placements} other windows).",
        "ratio",
        result.ratio,
        (result.low, result.high),
        0.95,
        p=result.p,
        n=int(counts.sum()),
        null_model=(
            f"the window could have stood anywhere else in the log: {result.placements} "
            f"placements that do not overlap it"
        ),
        mde=result.needed,
        method="exact permutation of the window's place; interval from blocks of seven days drawn again",
        version=VERSION,
        parameters={"event": event.id, "days": days, "before": before, "rule": rule},
        seed=ask.seed,
        caveats=_caveats(
            material,
            "The date was chosen by someone who may have seen the attacks: the p-value holds for "
            "a date fixed in advance.",
        ),
    )


def _gap(request: TestRequest, what: str, how: str) -> Gap:
    who = (
        request.who
        or "whoever runs the servers: the party, its hosting company, the authority that investigated"
    )
    return Gap("attacks", what, who, request.needs or how, f"test {request.id}: {request.test}", request.id)


# ---------------------------------------------------------------- what nobody asked for


def _unasked(ask: Ask, material: Material) -> list[Finding]:
    made = [_overview(ask, material)]
    made += _by_rule(ask, material)
    if material.databases:
        for country in _leading(material):
            for unit in ("events", "sources"):
                found = _country_finding(ask, material, country, unit)
                if found is not None:
                    made.append(found)
    made += _marked(ask, material)
    bursts = [b for e in ask.events if (b := _burst(ask, material, e, None, DAYS, BEFORE)) is not None]
    q: Any = benjamini_hochberg(np.array([b.p for b in bursts], dtype=float)) if bursts else []
    return made + [replace(b, q=float(value)) for b, value in zip(bursts, q, strict=True)]


def _overview(ask: Ask, material: Material) -> Finding:
    active = material.active
    total, count = float(active["attempts"].sum()), len(active["source"])
    aside = material.found.aside
    span = f" from {material.first} to {material.last}" if material.first else ""
    text = f"The logs hold {total:,.0f} attempts by {count:,} sources{span}"
    text += f"; {len(aside):,} self-named research scanners are set aside." if aside else "."
    return Finding(
        "attacks",
        "volume",
        text,
        "attempts",
        total,
        (total, total),
        1.0,
        n=sum(material.formats.values()),
        null_model="none: a count of what the log holds",
        mde=1.0,
        method="rules over lines, each line once",
        version=VERSION,
        parameters={"rules": len(material.found.rules)},
        seed=ask.seed,
        caveats=_caveats(material, NOISE, geo.NOT_A_CULPRIT),
    )


def _by_rule(ask: Ask, material: Material) -> list[Finding]:
    table = material.found.volumes
    made = []
    for rule in material.found.rules:
        rows = (
            np.asarray(table["rule"]).astype(str) == rule.id
            if len(table["events"])
            else np.zeros(0, dtype=bool)
        )
        if not rows.any() or rule.support:
            continue
        count = float(np.asarray(table["events"], dtype=float)[rows].sum())
        who = {s for s in np.asarray(table["source"])[rows] if s is not None}
        nets = {sources.network(s) for s in who} - {None}
        marks = f" ({', '.join(rule.techniques)})" if rule.techniques else ""
        made.append(
            Finding(
                "attacks",
                "volume",
                f"{rule.title}{marks}: {count:,.0f} lines from {len(who):,} sources in {len(nets):,} networks.",
                "attempts",
                count,
                (count, count),
                1.0,
                n=int(count),
                null_model="none: a count of what the log holds",
                mde=1.0,
                method=f"rule {rule.id}",
                version=VERSION,
                parameters={"rule": rule.id, "techniques": list(rule.techniques), "level": rule.level},
                seed=ask.seed,
                caveats=_caveats(material, NOISE),
            )
        )
    return made


def _marked(ask: Ask, material: Material) -> list[Finding]:
    """Sources that a database marks as hosting, VPN, Tor or proxy: rented or relayed last hops."""
    active = material.active
    made = []
    for mark in sorted({m for m in active.get("mark", ()) if m is not None}):
        hits, n = int(sum(m == mark for m in active["mark"])), len(active["source"])
        low, high = proportion_interval(hits, n)
        made.append(
            Finding(
                "attacks",
                "marked_sources",
                f"{hits:,} of {n:,} sources ({hits / n:.1%}) are marked {mark} by an address database.",
                "share_of_sources",
                hits / n,
                (low, high),
                0.95,
                n=n,
                null_model="none: a share with the chance of these sources",
                mde=max(hits / n - low, high - hits / n),
                method="address database's own marks; exact binomial interval",
                version=VERSION,
                parameters={"mark": mark},
                seed=ask.seed,
                caveats=_caveats(
                    material, geo.NOT_A_CULPRIT, "A source without a mark may be one all the same."
                ),
            )
        )
    return made


def _leading(material: Material) -> list[str]:
    """The three countries with most attempts in the first database."""
    active = material.active
    totals: dict[str, float] = {}
    for code, count in zip(active["country_0"], active["attempts"], strict=True):
        if code is not None:
            totals[code] = totals.get(code, 0.0) + float(count)
    return [code for code, _ in sorted(totals.items(), key=lambda item: (-item[1], item[0]))[:3]]
