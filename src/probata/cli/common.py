"""Options that verbs share, and the one way in which a question verb runs."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from probata.collect.intake import Progress
    from probata.model import Ask, Question, Reject


class Format(StrEnum):
    """What standard output holds."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"


Files = Annotated[
    list[str],
    typer.Argument(help="Files or folders; gzip, zstd and bzip2 are read as they are; - is standard input."),
]
FormatOption = Annotated[
    Format, typer.Option("--format", help="table for people; json, jsonl or csv for machines.")
]
OutOption = Annotated[Path | None, typer.Option("--out", help="Folder for the results as Parquet and JSON.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on standard error.")]
SeedOption = Annotated[int, typer.Option("--seed", min=0, help="Seed of every random draw.")]
StrictOption = Annotated[bool, typer.Option("--strict", help="Exit with 3 where records were set aside.")]
JobsOption = Annotated[
    int,
    typer.Option(
        "--jobs", min=0, help="Processes that share the work; 0 (default): what cores and work are worth."
    ),
]
CaseOption = Annotated[
    Path | None,
    typer.Option("--case", help="A case folder or case.toml: candidates, outlets, period, dates."),
]
KeepOption = Annotated[
    Path | None,
    typer.Option(
        "--keep",
        help="Folder that keeps what was worked out, so that articles added later cost only what is new.",
    ),
]

DEFAULT_SEED = 20170214


@dataclass(frozen=True, slots=True)
class Shared:
    """The shared options of one call."""

    format: Format = Format.table
    out: Path | None = None
    quiet: bool = False
    seed: int = DEFAULT_SEED
    strict: bool = False
    case: Path | None = None
    keep: Path | None = None


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """Progress on standard error, only where a person watches it."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, Any] = {}

        def report(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bar.add_task(stage, total=total)
            bar.update(tasks[stage], completed=done, total=total)

        yield report


@contextmanager
def while_read() -> Iterator[None]:
    """Print for as long as somebody reads: where the reader goes, as `| head` does, only the printing ends."""
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        let_go_of_stdout()


def let_go_of_stdout() -> None:
    """Nothing more can be written there: the interpreter's own last flush must not fail."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def given(**options: Any) -> dict[str, Any]:
    """The options that were given: what is absent takes the analysis's own default."""
    return {name: value for name, value in options.items() if value is not None and value != []}


def _where(reject: Reject) -> str:
    """A reason with the file and line it was met at, where it does not name the file itself."""
    if reject.path in reject.reason:
        return reject.reason
    return f"{reject.path}{f':{reject.line}' if reject.line else ''}: {reject.reason}"


def answer_verb(
    question: Question,
    kinds: Mapping[str, list[str]],
    options: Mapping[str, Any],
    shared: Shared,
    extras: Mapping[str, Any] | None = None,
) -> None:
    """Read the files, ask the question, print the answer, exit with the code that says how it went.

    ``extras`` name files to write beside the answer (``show.write_extras``).
    """
    from probata import pipeline
    from probata.cli import show

    if shared.out is not None:
        make_out(shared.out)
    if shared.keep is not None:
        make_out(shared.keep, "--keep")
    with scratch() as folder, progress_bar(shared.quiet) as progress:
        ask = _ask(shared, {**options, **({"progress": progress} if progress else {})})
        done = pipeline.ask_files(question, _paths(kinds, folder), ask, folder, shared.keep)
        show.print_answer(done, shared.format.value, shared.out, ask)
        show.write_extras(done, extras or {})
    tell_damaged(done.store.damaged)
    if not any(done.taken.rows.values()):
        first = {reject.reason: reject for reject in reversed(done.taken.rejects)}
        reasons = "; ".join(_where(first[reason]) for reason in sorted(first)[:3]) or "nothing in them"
        sys.stderr.write(f"probata: no record could be read from the files given: {reasons}\n")
        raise typer.Exit(2)
    if done.taken.rejects and not shared.quiet:
        count = len(done.taken.rejects)
        told = "1 record was" if count == 1 else f"{count:,} records were"
        sys.stderr.write(f'probata: {told} set aside; see "rejects"\n')
    raise typer.Exit(3 if shared.strict and done.taken.rejects else 0)


def tell_damaged(parts: Sequence[str]) -> None:
    """Say in one line what was kept from earlier runs and could not be trusted: it was worked out anew."""
    if parts:
        told = "1 kept file was" if len(parts) == 1 else f"{len(parts):,} kept files were"
        sys.stderr.write(f"probata: {told} damaged and worked out anew (first: {parts[0]})\n")


def make_out(folder: Path, option: str = "--out") -> None:
    """Make the folder for the results before the work, not after it.

    Raises:
        ValueError: it is a file, or cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        told = str(problem.strerror).lower()
        raise ValueError(f"{option} {folder}: not a folder that can be written to ({told})") from None


def _ask(shared: Shared, options: Mapping[str, Any]) -> Ask:
    """What a case says of candidates, outlets and dates, without its tests; or nothing of the kind."""
    from probata.model import Ask

    if shared.case is None:
        return Ask(options=options, seed=shared.seed)
    from probata.case import load

    folder = shared.case.parent if shared.case.is_file() else shared.case
    ask = load(folder).ask
    return replace(ask, tests=(), options={**ask.options, **options}, seed=shared.seed)


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder that goes away with the verb."""
    with tempfile.TemporaryDirectory(prefix="probata-") as folder:
        yield Path(folder)


def _paths(kinds: Mapping[str, list[str]], folder: Path) -> dict[str, list[Path]]:
    """Paths to read; standard input is written to a file first, since readers look at a start twice."""
    return {
        kind: [_stdin_file(folder) if name == "-" else Path(name) for name in names]
        for kind, names in kinds.items()
    }


def _stdin_file(folder: Path) -> Path:
    path = folder / "stdin"
    with path.open("wb") as target:
        shutil.copyfileobj(sys.stdin.buffer, target)
    return path
