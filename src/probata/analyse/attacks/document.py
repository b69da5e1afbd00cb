"""What is written beside the findings: result tables and the extra keys of the JSON document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from probata.analyse.attacks import sources
from probata.model import Ask, Table

if TYPE_CHECKING:
    from probata.analyse.attacks.report import Material

Array = np.ndarray[Any, np.dtype[Any]]

LISTED = 500
"""Sources listed in the JSON document, most attempts first; the table holds all."""


def tables(material: Material) -> dict[str, Table]:
    """Sources, volumes, timeline, targets, ports and user names, whole."""
    table = dict(material.sources)
    for number, base in enumerate(material.databases):
        table[f"country {base.name}"] = table.pop(f"country_{number}")
    volumes = dict(material.found.volumes)
    if len(volumes["events"]):
        volumes["network"] = sources.objects([sources.network(s) for s in volumes["source"]])
    days, counts = np.zeros(0, dtype="datetime64[D]"), np.zeros(0)
    if material.first is not None:
        days, counts = sources.daily(material.found.attempts, None, material.first, material.last)
    made: dict[str, Table] = {"sources": table, "volumes": volumes}
    made["timeline"] = {"day": days.astype("datetime64[us]"), "attempts": counts}
    for name, rows in material.tops.items():
        made[name] = rows
    return made


def document(ask: Ask, material: Material) -> dict[str, Any]:
    """Counts by format, leading sources, rules, what was set aside, bases of times, databases, targets and users."""
    active = material.active
    order = np.argsort(-active["attempts"], kind="stable")[:LISTED]
    hide = mask if ask.options.get("mask") else str
    listed = []
    for row in order.tolist():
        entry = {
            "source": hide(active["source"][row]),
            "events": float(active["events"][row]),
            "attempts": float(active["attempts"][row]),
        }
        entry["sessions"] = float(active["sessions"][row])
        entry["countries"] = {
            base.name: active[f"country_{n}"][row] for n, base in enumerate(material.databases)
        }
        for name in ("asn", "organisation", "mark"):
            if name in active:
                entry[name] = active[name][row]
        listed.append(entry)
    totals: dict[str, float] = {}
    for name, count in zip(
        material.found.volumes.get("rule", ()), material.found.volumes.get("events", ()), strict=False
    ):
        totals[str(name)] = totals.get(str(name), 0.0) + float(count)
    return {
        "events": material.formats,
        "sources": listed,
        "rules": [
            {
                "rule": r.id,
                "title": r.title,
                "techniques": list(r.techniques),
                "level": r.level,
                "events": totals.get(r.id, 0.0),
            }
            for r in material.found.rules
            if not r.support
        ],
        "set_aside": [{"source": hide(s), "rule": r} for s, r in sorted(material.found.aside.items())],
        "times": material.bases,
        "databases": [
            {"name": b.name, "date": b.day.isoformat() if b.day else None, "licence": b.licence}
            for b in material.databases
        ],
        "targets": _listed(material.tops["targets"]),
        "users": _listed(material.tops["users"]),
    }


def _listed(rows: dict[str, Array]) -> list[dict[str, Any]]:
    return [
        {"value": v, "events": float(n), "sources": int(s)}
        for v, n, s in zip(
            rows["value"].tolist(), rows["events"].tolist(), rows["sources"].tolist(), strict=True
        )
    ]


def mask(text: str) -> str:
    """An address without its last part (IPv4: the last number, IPv6: the last 80 bits); a name without its
    first label."""
    net = sources.network(text)
    if net is not None:
        return net
    _, dot, rest = str(text).partition(".")
    return f"*.{rest}" if dot else "*"
