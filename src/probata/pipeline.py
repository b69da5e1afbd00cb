"""The main flow in one screen: collect, analyse, weigh, report. The command line calls nothing else."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from probata import __version__
from probata.analyse import QUESTIONS, analysis_of
from probata.case import assemble, load
from probata.case.file import CaseFile
from probata.collect.intake import Delivery, Progress, Taken, files_below, take_in
from probata.export import report
from probata.model import Answer, Ask, Case, Question, content_id
from probata.store import Store, open_store
from probata.store.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: the weighed case, the answers behind it and where the files are."""

    case: Case
    answers: tuple[Answer, ...]
    folder: Path
    seconds: Mapping[str, float] = field(default_factory=dict)


def run(folder: Path, seed: int | None = None, progress: Progress | None = None) -> Run:
    """Collect, analyse, weigh, report one case; a second run on the same inputs gives the same bytes.

    Raises:
        CaseError: ``case.toml`` has problems, each named with its line.
    """
    started = datetime.now(UTC)
    case_file = load(folder)
    store = open_store(folder / ".probata" / "tables")
    taken = collect(case_file, store, Evidence(folder / "evidence"), progress)
    ask = _ask(case_file, seed, progress)
    answers, seconds = _answer_all(store, taken, ask)
    case = assemble(case_file, answers, taken.rejects, taken.rows)
    identity = content_id("run", __version__, case_file.digest, ask.seed, sorted(taken.hashes.items()))
    target = folder / ".probata" / "runs" / identity
    facts = report.RunFacts(identity, started, ask.seed, taken.hashes, seconds)
    report.write(target, case, answers, facts, parquet=_parquet_writer(store))
    store.close()
    return Run(case, answers, target, seconds)


def collect(case_file: CaseFile, store: Store, evidence: Evidence, progress: Progress | None) -> Taken:
    """Take in every data entry of a case and show the store no others."""
    taken = Taken()
    for entry in case_file.data:
        files = tuple((path, str(path.relative_to(case_file.folder))) for path in entry.files)
        taken = taken.merged(take_in(store, Delivery(entry.kind, files, entry.options), evidence, progress))
    return _shown(store, taken)


def ask_files(question: Question, kinds: Mapping[str, list[Path]], ask: Ask) -> tuple[Answer, Taken, Store]:
    """One question on plain files, with no case: an in-memory store, one analysis."""
    store = open_store(None)
    taken = Taken()
    progress = ask.options.get("progress")
    for kind, paths in kinds.items():
        files = tuple((path, str(path)) for path in files_below(paths))
        read_with = ask.options.get("read", {}) if kind in ("logs", "polls", "reviews", "articles") else {}
        taken = taken.merged(take_in(store, Delivery(kind, files, read_with), None, progress))
    return analysis_of(question)(store, ask), _shown(store, taken), store


def _shown(store: Store, taken: Taken) -> Taken:
    for kind in ("articles", "polls", "reviews", "shares", "events", "rejects", "intake"):
        if kind not in ("rejects", "intake"):
            store.choose(kind, taken.keys.get(kind, ()))
    return taken


def _ask(case_file: CaseFile, seed: int | None, progress: Progress | None) -> Ask:
    ask = case_file.ask if seed is None else replace(case_file.ask, seed=seed)
    return replace(ask, options={**ask.options, "progress": progress} if progress else ask.options)


def _answer_all(store: Store, taken: Taken, ask: Ask) -> tuple[tuple[Answer, ...], dict[str, float]]:
    """Every question in turn; each sees the tests that are put to it."""
    answers, seconds = [], {}
    for question in QUESTIONS:
        begun = time.perf_counter()
        mine = tuple(test for test in ask.tests if test.question == question)
        answers.append(analysis_of(question)(store, replace(ask, tests=mine)))
        seconds[question] = time.perf_counter() - begun
    return tuple(answers), seconds


def _parquet_writer(store: Store) -> Any:
    return store.export
