"""Sources of attacks for sharing: CSV or STIX 2.1 observables, masked to networks unless asked otherwise.

Reads the columns of the table ``sources`` that ATTACKS writes: ``source``, ``ip``, ``network``, ``events``,
``attempts``, ``first``, ``last``, ``set_aside``. What is shared is where connections came from; it names no actor.
"""

from __future__ import annotations

import csv
import io
import json
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from probata.model import Table

_SCO = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
"""Namespace of deterministic observable ids (STIX 2.1, section 2.9)."""
_OWN = uuid.uuid5(uuid.NAMESPACE_URL, "https://probata/attacks")

WARNING = (
    "Addresses are where connections came from, often rented, hijacked or shared: they "
    "identify no person and no author."
)


@dataclass(frozen=True, slots=True)
class Observable:
    """One address or network with what was seen from it."""

    value: str
    version: int
    attempts: int
    first: str
    last: str
    sources: int


def observables(sources: Table, masked: bool = True, least: float = 1) -> list[Observable]:
    """Addresses (or networks where ``masked``) with at least ``least`` attempts; self-named scanners are left
    out."""
    kept: dict[str, Observable] = {}
    for row in _rows(sources):
        if row["ip"] is None or row.get("set_aside") or float(row["attempts"]) < least:
            continue
        value = row["network"] if masked else row["ip"]
        if value is None:
            continue
        seen = kept.get(value)
        mine = Observable(
            value, 6 if ":" in value else 4, int(row["attempts"]), _iso(row["first"]), _iso(row["last"]), 1
        )
        kept[value] = mine if seen is None else _joined(seen, mine)
    return [kept[value] for value in sorted(kept)]


def to_csv(found: list[Observable]) -> str:
    """CSV with a header."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["value", "type", "attempts", "sources", "first_observed", "last_observed"])
    for item in found:
        kind = f"ipv{item.version}-addr"
        writer.writerow([item.value, kind, item.attempts, item.sources, item.first, item.last])
    return out.getvalue()


def to_stix(found: list[Observable], title: str) -> dict[str, Any]:
    """A STIX 2.1 bundle: one observable and one observed-data an entry, and a note with the warning.

    Ids follow from the content, so that the same log gives the same bundle. Entries without times give an
    observable only.
    """
    objects: list[dict[str, Any]] = []
    for item in found:
        kind = f"ipv{item.version}-addr"
        key = json.dumps({"value": item.value}, separators=(",", ":"))
        address = {
            "type": kind,
            "spec_version": "2.1",
            "id": f"{kind}--{uuid.uuid5(_SCO, key)}",
            "value": item.value,
        }
        objects.append(address)
        if item.first and item.last:
            objects.append(_observed(item, str(address["id"])))
    if objects:
        objects.append(_note(title, found, [str(o["id"]) for o in objects if "-addr" in str(o["type"])]))
    identity = uuid.uuid5(_OWN, title + json.dumps([o["id"] for o in objects]))
    return {"type": "bundle", "id": f"bundle--{identity}", "objects": objects}


def _observed(item: Observable, reference: str) -> dict[str, Any]:
    key = f"{reference}|{item.first}|{item.last}|{item.attempts}"
    return {
        "type": "observed-data",
        "spec_version": "2.1",
        "id": f"observed-data--{uuid.uuid5(_OWN, key)}",
        "created": item.last,
        "modified": item.last,
        "first_observed": item.first,
        "last_observed": item.last,
        "number_observed": min(max(1, item.attempts), 999_999_999),
        "object_refs": [reference],
    }


def _note(title: str, found: list[Observable], references: list[str]) -> dict[str, Any]:
    when = max((item.last for item in found if item.last), default="1970-01-01T00:00:00.000Z")
    return {
        "type": "note",
        "spec_version": "2.1",
        "id": f"note--{uuid.uuid5(_OWN, title + when + str(len(found)))}",
        "created": when,
        "modified": when,
        "abstract": title,
        "content": WARNING,
        "object_refs": references,
    }


def _joined(one: Observable, two: Observable) -> Observable:
    first = min(t for t in (one.first, two.first) if t) if one.first or two.first else ""
    return Observable(
        one.value,
        one.version,
        one.attempts + two.attempts,
        first,
        max(one.last, two.last),
        one.sources + two.sources,
    )


def _rows(table: Table) -> Iterator[dict[str, Any]]:
    names = [name for name in ("ip", "network", "attempts", "first", "last", "set_aside") if name in table]
    columns = [
        table[name].tolist() if hasattr(table[name], "tolist") else list(table[name]) for name in names
    ]
    for values in zip(*columns, strict=True):
        yield dict(zip(names, values, strict=True))


def _iso(moment: Any) -> str:
    """STIX timestamp of a naive UTC time; empty where there is none."""
    if moment is None or not hasattr(moment, "isoformat") or moment != moment:
        return ""
    return f"{moment.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"
