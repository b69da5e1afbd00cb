"""Findings as columns, and rows as CSV or JSON lines. Parquet is written by the store from these columns."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from probata.model import Finding, Table, plain

TEXT = ("question", "test", "statement", "metric", "null_model", "method", "version", "request")
NUMBERS = ("estimate", "level", "p", "q", "mde")


def finding_columns(findings: Sequence[Finding]) -> Table:
    """One row a finding: scalars as columns, parameters, caveats and record ids as JSON text.

    Numbers that are absent are NaN, so that every column has one type; ``n`` and ``seed`` are floats for
    that reason.
    """
    rows = [plain(finding) for finding in findings]
    columns: dict[str, list[Any]] = {"id": [row["id"] for row in rows]}
    for name in TEXT:
        columns[name] = [row[name] for row in rows]
    for name in (*NUMBERS, "n", "seed"):
        columns[name] = [_float(row[name]) for row in rows]
    for place, name in enumerate(("low", "high")):
        columns[name] = [_float(row["interval"][place]) if row["interval"] else float("nan") for row in rows]
    for name in ("parameters", "caveats", "records"):
        columns[name] = [json.dumps(row[name], ensure_ascii=False, sort_keys=True) for row in rows]
    return columns


def _float(value: Any) -> float:
    return float("nan") if value is None else float(value)


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as CSV (RFC 4180); a cell that a spreadsheet would run as a formula is quoted (CSV injection)."""
    rows = list(rows)
    names = list(dict.fromkeys(name for row in rows for name in row))
    target = io.StringIO()
    # every text is quoted: a lone carriage return in a bare cell would read back as a new row
    writer = csv.DictWriter(target, names, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return target.getvalue()


def jsonl_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Rows as JSON, one a line; no NaN or Infinity."""
    return "".join(json.dumps(plain(row), ensure_ascii=False, allow_nan=False) + "\n" for row in rows)


def _cell(value: Any) -> Any:
    value = plain(value)
    if isinstance(value, (list, dict)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return "'" + value
    return value
