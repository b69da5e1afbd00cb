"""The files of a run: report.html, case.json, findings.parquet, manifest.json and the result tables."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from probata.export.document import case_document, manifest_document
from probata.export.html import report_html
from probata.export.tables import finding_columns
from probata.model import Answer, Case, Table

ParquetWriter = Callable[[Path, Table], None]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What identifies a run; only the manifest tells the times."""

    id: str
    started: datetime
    ended: datetime
    seed: int
    case_digest: str
    inputs: Mapping[str, str]
    """SHA-256 of every input by its path in the case."""


def write_report(
    folder: Path, case: Case, answers: Sequence[Answer], facts: RunFacts, parquet: ParquetWriter
) -> None:
    """Write the files of a run; the manifest comes last, so that a folder with one is whole."""
    folder.mkdir(parents=True, exist_ok=True)
    tables = {name: table for answer in answers for name, table in answer.tables.items()}
    for name, table in tables.items():
        if not table:  # a table without columns is no Parquet file
            continue
        parquet(folder / f"{name}.parquet", table)
    parquet(folder / "findings.parquet", finding_columns(case.findings))
    _write(folder / "case.json", _json(case_document(case)))
    _write(folder / "report.html", report_html(case, tables).encode("utf-8", "replace"))
    written = {path.name: _sha256(path) for path in sorted(folder.iterdir()) if path.name != "manifest.json"}
    _write(folder / "manifest.json", _json(manifest_document(facts, written, case)))


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n").encode("ascii")


def _write(path: Path, content: bytes) -> None:
    """Replace a file whole: a killed run leaves the old one or the new one."""
    unfinished = path.with_name(f".{path.name}.unfinished")
    unfinished.write_bytes(content)
    os.replace(unfinished, path)


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
