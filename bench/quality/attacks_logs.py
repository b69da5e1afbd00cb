"""Hosts that annotated log lines name, and what of them the readers recover.

Outside data: the folder ``logs/fail2ban`` of the data folder (test cases of fail2ban, one file a service, in which
a ``# failJSON: {...}`` comment before a line gives the expected host and time). Counted are the annotated
hosts that stand in their line; services named ``zzz-`` are made up. ``match: false`` lines must not be taken
for failures.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from probata.collect import Incoming
from probata.collect.logs import read

OWN = False

_NOTE = re.compile(r"#\s*failJSON:\s*(\{.*\})")
NAMED = (
    "sshd",
    "apache-",
    "nginx-",
    "postfix",
    "dovecot",
    "exim",
    "proftpd",
    "vsftpd",
    "pam-generic",
    "roundcube",
)


def run(data: Path | None) -> dict[str, float]:
    """Print one row a service and return the shares."""
    if data is None:
        raise ValueError("attacks_logs needs --data")
    total: Counter[str] = Counter()
    named: Counter[str] = Counter()
    print("  service                 hosts  right  wrong  times right  false alarms/negatives")
    for path in sorted((data / "logs" / "fail2ban").glob("*.log")):
        if path.name.startswith("zzz-"):
            continue
        counted = service(path)
        total.update(counted)
        if path.name.startswith(NAMED):
            named.update(counted)
        print(
            f"  {path.stem:<22} {counted['hosts']:>6} {counted['right']:>6} {counted['wrong']:>6} "
            f"{counted['times right']:>6}/{counted['times']:<6} {counted['alarms']:>4}/{counted['negatives']}"
        )
    made = {
        "hosts": float(total["hosts"]),
        "hosts_right": total["right"] / total["hosts"],
        "hosts_right_named_services": named["right"] / named["hosts"],
        "hosts_wrong": float(total["wrong"]),
        "times_right": total["times right"] / total["times"],
        "negatives_taken_for_failures": total["alarms"] / total["negatives"],
        "lines_of_real_logs_set_aside": float(_set_aside(data / "logs")),
    }
    for name, value in made.items():
        print(f"  {name} = {value:.4f}")
    return made


def service(path: Path) -> Counter[str]:
    """Counts over one annotated file."""
    lines = path.read_text(encoding="utf-8", errors="replace").split("\n")
    found, counted = _found(path), Counter[str]()
    for number, note in _notes(lines).items():
        rows = found.get(number, [])
        if note.get("match") is False:
            counted["negatives"] += 1
            counted["alarms"] += any(row["event.outcome"] == "failure" for row in rows)
        elif note.get("match") and note.get("host") and note["host"] in lines[number - 1]:
            hosts = {row["source.address"] for row in rows}
            counted["hosts"] += 1
            counted["right"] += note["host"] in hosts
            counted["wrong"] += bool(hosts - {None, note["host"]})
            moment = next((row["@timestamp"] for row in rows if row["@timestamp"] is not None), None)
            if note.get("time") and moment is not None:
                counted["times"] += 1
                counted["times right"] += str(moment)[14:19] == str(note["time"])[-5:]
    return counted


def _notes(lines: list[str]) -> dict[int, dict[str, Any]]:
    """The annotation of each annotated line, by line number."""
    made = {}
    for at, line in enumerate(lines):
        match = _NOTE.match(line)
        if match is None:
            continue
        try:
            note = json.loads(match[1])
        except ValueError:
            continue
        after = at + 1
        while after < len(lines) and lines[after].startswith("#"):
            after += 1
        if after < len(lines):
            made[after + 1] = note
    return made


def _found(path: Path) -> dict[int, list[dict[str, Any]]]:
    names = ("line", "@timestamp", "source.address", "event.outcome")
    made: dict[int, list[dict[str, Any]]] = {}
    for batch in read(Incoming(path, "0" * 64, path.name)):
        columns = [batch.columns[name].tolist() for name in names]
        for values in zip(*columns, strict=True):
            made.setdefault(values[0], []).append(dict(zip(names, values, strict=True)))
    return made


def _set_aside(folder: Path) -> int:
    """Rejects over the real logs that are no test cases."""
    files = [p for p in sorted(folder.rglob("*")) if p.is_file() and "fail2ban" not in p.parts]
    return sum(len(b.rejects) for path in files for b in read(Incoming(path, "0" * 64, path.name)))
