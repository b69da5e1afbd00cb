"""The main flow in one screen: collect, analyse, weigh, report. The command line calls nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from probata import __version__
from probata.analyse import QUESTIONS, analysis_of
from probata.case import assemble, load
from probata.case.file import CaseFile
from probata.collect.intake import Delivery, Progress, Taken, files_below, show_only, take_in
from probata.export.report import RunFacts, write_report
from probata.model import Answer, Ask, Case, Question, content_id
from probata.store import Store, open_store
from probata.store.evidence import Evidence

NEEDS: Mapping[Question, tuple[Question, ...]] = {"slant": ("spread",)}
"""Questions whose tables another reads: they are answered first where a verb runs alone."""

PATH_OPTIONS = ("geo", "rules", "model", "cache")
"""Options of a case that name files."""


@dataclass(frozen=True, slots=True)
class Run:
    """A finished run: the weighed case, the answers behind it and where the files are."""

    case: Case
    answers: tuple[Answer, ...]
    folder: Path
    damaged: tuple[str, ...] = ()
    """What was kept from earlier runs, could not be trusted and was worked out anew."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One question's answer on plain files, what came in, and the store that holds it."""

    answer: Answer
    taken: Taken
    store: Store


def run(
    folder: Path,
    seed: int | None = None,
    progress: Progress | None = None,
    copy_to: Path | None = None,
    jobs: int | None = None,
) -> Run:
    """Collect, analyse, weigh, report one case; a second run on the same inputs gives the same bytes.

    ``jobs`` processes read articles (0: what is worth it; None: this one alone, also where a script calls this).

    Raises:
        CaseError: ``case.toml`` has problems, each named with its line.
    """
    started = datetime.now(UTC)
    case_file = load(folder)
    store = open_store(folder / ".probata" / "tables")
    taken = collect(case_file, store, Evidence(folder / "evidence"), progress)
    ask = _ask(case_file, seed, {"progress": progress, "jobs": jobs})
    identity = content_id("run", __version__, case_file.digest, ask.seed, sorted(taken.hashes.items()))
    answers = analyse(store, ask, identity)
    case = assemble(case_file, answers, taken.rejects, taken.rows)
    target = folder / ".probata" / "runs" / identity
    facts = RunFacts(identity, started, datetime.now(UTC), ask.seed, case_file.digest, taken.hashes)
    write_report(target, case, answers, facts, store.export)
    store.close()
    if copy_to is not None:
        shutil.copytree(target, copy_to, dirs_exist_ok=True)
    return Run(case, answers, copy_to or target, tuple(store.damaged))


def collect(case_file: CaseFile, store: Store, evidence: Evidence, progress: Progress | None) -> Taken:
    """Take in every data entry of a case; the store shows these and no others."""
    taken = Taken()
    for entry in case_file.data:
        files = tuple((path, str(path.relative_to(case_file.folder))) for path in entry.files)
        taken = taken.merged(take_in(store, Delivery(entry.kind, files, entry.options), evidence, progress))
    return show_only(store, taken)


def analyse(store: Store, ask: Ask, identity: str) -> tuple[Answer, ...]:
    """Put every question to the store in turn; each sees its own tests and the tables made before it."""
    answers = []
    for question in QUESTIONS:
        mine = tuple(test for test in ask.tests if test.question == question)
        answer = analysis_of(question)(store, replace(ask, tests=mine))
        keep_tables(store, answer, identity)
        answers.append(answer)
    return tuple(answers)


def ask_files(
    question: Question, kinds: Mapping[str, list[Path]], ask: Ask, folder: Path, keep: Path | None = None
) -> Answered:
    """One question on plain files, with no case. ``folder`` is scratch space for what outgrows memory.

    What was worked out is kept in ``keep`` for the next time; the records themselves are not.
    """
    store = open_store(folder / "tables" if "logs" in kinds else None, keep)
    taken = Taken()
    with ThreadPoolExecutor(1) as beside:
        beside.submit(analysis_of, question)  # what it imports takes a while, and reading waits for the disk
        for kind, paths in kinds.items():
            files = tuple((path, _shown(path, folder)) for path in files_below(paths))
            delivery = Delivery(kind, files, ask.options.get("read", {}))
            taken = taken.merged(take_in(store, delivery, None, ask.options.get("progress")))
    show_only(store, taken)
    for earlier in NEEDS.get(question, ()):
        keep_tables(store, analysis_of(earlier)(store, replace(ask, tests=())), "earlier")
    return Answered(analysis_of(question)(store, ask), taken, store)


def _shown(path: Path, folder: Path) -> str:
    """The path as given; what came by standard input must not carry the name of a scratch folder."""
    return path.name if path.parent == folder else str(path)


def train_tagger(
    folder: Path, out: Path, progress: Progress | None, lang: str = "en", parser: str | None = None
) -> dict[str, Any]:
    """Train CLAIMS' sequence tagger on a user's annotated texts; returns what it was made from, and its hash."""
    from probata.analyse.claims.train import train  # needs the extra "train"

    return train(folder, out, progress, lang, parser)


def keep_tables(store: Store, answer: Answer, identity: str) -> None:
    """Write an answer's tables where later questions can read them, as ``result_<name>``."""
    for name, table in answer.tables.items():
        if len(next(iter(table.values()), ())):
            store.add(f"result_{name}", identity, table)
            store.choose(f"result_{name}", (identity,))


def _ask(case_file: CaseFile, seed: int | None, added: Mapping[str, Any]) -> Ask:
    """What the case asks, with the paths among its options found from the case's folder."""
    ask = case_file.ask if seed is None else replace(case_file.ask, seed=seed)
    options = {name: _placed(case_file.folder, name, value) for name, value in ask.options.items()}
    return replace(
        ask, options={**options, **{name: value for name, value in added.items() if value is not None}}
    )


def _placed(folder: Path, name: str, value: Any) -> Any:
    if name not in PATH_OPTIONS:
        return value
    return [str(folder / path) for path in value] if isinstance(value, list) else str(folder / value)
