"""The verbs. Each reads its options and calls the pipeline; nothing is worked out here."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from probata.cli.common import (
    DEFAULT_SEED,
    CaseOption,
    Files,
    Format,
    FormatOption,
    OutOption,
    QuietOption,
    SeedOption,
    Shared,
    StrictOption,
    answer_verb,
    progress_bar,
)

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    help="Put accusations of election interference to the test on measured evidence.",
    epilog="Example: probata run examples/mini-drill",
)


def _version(wanted: bool) -> None:
    if wanted:
        from probata import __version__

        typer.echo(f"probata {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Put accusations of election interference to the test on measured evidence."""


@app.command(epilog="Example: probata run examples/france-2017 --format json > case.json")
def run(
    case: Annotated[Path, typer.Argument(help="The case folder, with its case.toml.")],
    format: FormatOption = Format.table,
    out: OutOption = None,
    seed: Annotated[
        int | None, typer.Option("--seed", help="Seed of every random draw; the case's own by default.")
    ] = None,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Collect, analyse, weigh and report a case: the main job."""
    from probata import pipeline
    from probata.cli import show

    folder = case.parent if case.is_file() else case
    with progress_bar(quiet) as progress:
        done = pipeline.run(folder, seed=seed, progress=progress, copy_to=out)
    show.print_case(done, format.value)
    raise typer.Exit(3 if strict and done.case.rejects else 0)


@app.command(epilog="Example: probata init my-case")
def init(folder: Annotated[Path, typer.Argument(help="The folder to make.")]) -> None:
    """Write a commented case.toml to fill in."""
    from probata.case.init import write_template

    path = write_template(folder)
    typer.echo(f"wrote {path}; fill it in, then: probata run {folder}", err=True)


@app.command(epilog="Example: probata spread articles.jsonl --format json --out result/")
def spread(
    files: Files,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Who copied, reworded, translated or quoted whom, in what order, and who acts in concert."""
    answer_verb("spread", {"articles": files}, {}, Shared(format, out, quiet, seed, strict, case))


@app.command(epilog="Example: probata claims article.txt --format json")
def claims(
    files: Files,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Who says what about whom, who denies it, on what evidence, and has it been checked."""
    answer_verb("claims", {"articles": files}, {}, Shared(format, out, quiet, seed, strict, case))


@app.command(epilog="Example: probata slant articles.jsonl --case examples/mini-drill")
def slant(
    files: Files,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Is one candidate treated worse than the others by an outlet, against an honest baseline?"""
    answer_verb("slant", {"articles": files}, {}, Shared(format, out, quiet, seed, strict, case))


@app.command(epilog="Example: probata attacks /var/log/auth.log* --year 2017 --zone Europe/Paris")
def attacks(
    files: Files,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """What one's own logs show: probes, sources, countries, one structured group or many lone actors."""
    answer_verb("attacks", {"logs": files}, {}, Shared(format, out, quiet, seed, strict, case))


@app.command(epilog="Example: probata opinion polls.csv --election-date 2017-04-23 --event 2017-02-13")
def opinion(
    files: Files,
    election_date: Annotated[
        str | None, typer.Option("--election-date", help="Day of the vote, YYYY-MM-DD.")
    ] = None,
    event: Annotated[
        list[str] | None,
        typer.Option("--event", help="A date to test for a move, YYYY-MM-DD[:label]; repeatable."),
    ] = None,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Where the polls stand, how sure we are, and whether an event moved them."""
    options = {"election_date": election_date, "events": event or []}
    answer_verb("opinion", {"polls": files}, options, Shared(format, out, quiet, seed, strict, case))
