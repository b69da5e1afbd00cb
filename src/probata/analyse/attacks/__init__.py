# ruff: noqa: S608  (names of columns and tables are the program's own, values are bound)
"""ATTACKS: from one's own logs to evidence: how many, what, from where, one structured group or many lone actors.

Strictly defensive. The engine counts, the rules are data (``probata/data/rules``), places come from dated
databases, and no finding names a culprit.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from probata.analyse.attacks import geo
from probata.analyse.attacks.catalogue import PARAMETERS, TESTS, VERSION, check
from probata.model import Answer, Ask, Gap
from probata.store.base import Store

__all__ = ["PARAMETERS", "TESTS", "VERSION", "analyse"]

RULES = Path(__file__).resolve().parent.parent.parent / "data" / "rules"

_MOST_EVENTS = 5_000_000
"""Rows that the group tests are given; a longer log is cut to its first ones, and that is said."""


def analyse(store: Store, ask: Ask) -> Answer:
    """Count, classify, place and time the attacks of the store's events and answer the tests asked.

    Options: ``geo`` (paths of MMDB or CSV databases; the shipped ones where none is given), ``rules`` (paths
    of Sigma rules, beside the shipped ones), ``mask`` (hide the last part of addresses), ``groups`` (False
    leaves the group tests out).

    Raises:
        ValueError: an unknown test or parameter, or a database or rule that cannot be read; one line.
    """
    for request in ask.tests:
        check(request)
    if "events" not in store.tables() or not len(store.read("SELECT 1 AS x FROM events LIMIT 1")["x"]):
        return Answer("attacks", gaps=_no_data(ask))
    from probata.analyse.attacks.report import Material, findings, gather

    progress = ask.options.get("progress")
    _tell(progress, "rules", 0)
    material: Material = gather(store, ask, _rules(ask), _databases(ask))
    _tell(progress, "groups", 1)
    groups = _groups(store, ask, material)
    _tell(progress, "findings", 2)
    made, gaps, tables, document = findings(ask, material)
    document["groups"] = groups.groups if groups else []
    _tell(progress, "findings", 3)
    return Answer(
        "attacks",
        findings=(*made, *(groups.findings if groups else ())),
        gaps=(*gaps, *(groups.gaps if groups else ())),
        tables={**tables, **(groups.tables if groups else {})},
        document=document,
    )


def _tell(progress: Any, stage: str, done: int) -> None:
    if progress is not None:
        progress(f"attacks: {stage}", done, 3)


def _rules(ask: Ask) -> Any:
    from probata.analyse.attacks.sigma import load

    return load([RULES, *(Path(p) for p in ask.options.get("rules") or ())])


def _databases(ask: Ask) -> tuple[geo.Database, ...]:
    given: Sequence[Any] = ask.options.get("geo") or ()
    return tuple(geo.load(Path(path)) for path in given) if given else geo.defaults()


def _groups(store: Store, ask: Ask, material: Any) -> Any:
    """The group tests on the attempts; a log that is all events (flows) is given whole."""
    if ask.options.get("groups") is False:
        return None
    from probata.analyse.attacks.groups import group_findings

    names = (
        "@timestamp",
        "source.ip",
        "source.address",
        "url.original",
        "user.name",
        "destination.port",
        "user_agent.original",
        "tls.client.ja3",
        "event.dataset",
    )
    shown = ", ".join(f'e."{name}"' for name in names)
    where = "TRUE" if material.everything else f"({material.found.where})"
    rows = dict(
        store.read(
            f"SELECT {shown}, e.\"ssh.hassh\" AS hassh, e.file || ':' || CAST(e.line AS VARCHAR) "
            f"AS record FROM events e {material.found.joins} "
            f'WHERE {where} AND e."@timestamp" IS NOT NULL AND e."source.address" IS NOT NULL '
            f'ORDER BY e."@timestamp", e.file, e.line LIMIT {_MOST_EVENTS}'
        )
    )
    if material.found.aside:
        keep = np.array([s not in material.found.aside for s in rows["source.address"]], dtype=bool)
        rows = {name: column[keep] for name, column in rows.items()}
    return group_findings(rows, ask)


def _no_data(ask: Ask) -> tuple[Gap, ...]:
    return tuple(
        Gap(
            question="attacks",
            what="server logs of the period (web access, authentication, mail, firewall or sensor logs)",
            who=request.who
            if request and request.who
            else "whoever runs the servers: the party, its hosting company, the authority that investigated",
            how=request.needs
            if request and request.needs
            else "original files, compressed or not, with the zone of the server's clock and what was rotated away",
            settles=TESTS[request.test]
            if request
            else "how many attacks there were, of what kind, from where, and whether they acted together",
            request=request.id if request else None,
        )
        for request in (ask.tests or (None,))
    )
