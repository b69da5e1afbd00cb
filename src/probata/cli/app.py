"""The verbs. Each reads its options and calls the pipeline; nothing is worked out here."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from probata.cli.common import (
    DEFAULT_SEED,
    CaseOption,
    Files,
    Format,
    FormatOption,
    JobsOption,
    KeepOption,
    OutOption,
    QuietOption,
    SeedOption,
    Shared,
    StrictOption,
    answer_verb,
    given,
    make_out,
    progress_bar,
    tell_damaged,
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
        int | None,
        typer.Option("--seed", min=0, help="Seed of every random draw; the case's own by default."),
    ] = None,
    jobs: JobsOption = 0,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Collect, analyse, weigh and report a case: the main job."""
    from probata import pipeline
    from probata.cli import show

    folder = case.parent if case.is_file() else case
    if out is not None:
        make_out(out)
    with progress_bar(quiet) as progress:
        done = pipeline.run(folder, seed=seed, progress=progress, copy_to=out, jobs=jobs)
    show.print_case(done, format.value)
    tell_damaged(done.damaged)
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
    shares: Annotated[
        bool, typer.Option("--shares", help="The files are plain sharing data: account, object, time.")
    ] = False,
    window_hours: Annotated[
        list[float] | None,
        typer.Option("--window-hours", min=0.001, help="Windows of acting in concert; 1 and 24 by default."),
    ] = None,
    window_days: Annotated[
        float | None,
        typer.Option(
            "--window-days", min=0.001, help="Compare only articles that can lie so many days apart or less."
        ),
    ] = None,
    min_words: Annotated[
        int | None,
        typer.Option(
            "--min-words",
            min=9,
            help="Shortest shared passage in distinctive words (12). More: shorter passages and identical texts (else"
            " from 8 words on) are left out. Fewer, down to 9 (10 with --fast): quotations and texts that lie whole in"
            " another; any other passage needs 15 words at least.",
        ),
    ] = None,
    max_documents: Annotated[
        int | None,
        typer.Option(
            "--max-documents",
            min=2,
            help="A run of words in more texts than this is too common to tell of reuse (100).",
        ),
    ] = None,
    same_outlet: Annotated[
        bool, typer.Option("--same-outlet", help="Also compare an outlet's articles with one another.")
    ] = False,
    fast: Annotated[
        bool | None,
        typer.Option("--fast/--thorough", help="Sparser fingerprints; by default from 300,000 articles."),
    ] = None,
    reworded: Annotated[
        bool | None, typer.Option("--reworded/--verbatim", help="Look for rewording and translation too.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(
            "--judge",
            help="Who decides on rewordings: guard (default), or e5: a cross-encoder reads again what the guard is not"
            " sure of (needs the extra e5, some 40 ms a pair).",
        ),
    ] = None,
    jobs: JobsOption = 0,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    keep: KeepOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Who copied, reworded, translated or quoted whom, in what order, and who acts in concert."""
    options = given(
        window_hours=window_hours,
        window_days=window_days,
        min_words=min_words,
        max_documents=max_documents,
        same_outlet=same_outlet or None,
        fast=fast,
        reworded=reworded,
        judge=judge,
        jobs=jobs,
    )
    kinds = {"shares" if shares else "articles": files}
    answer_verb("spread", kinds, options, Shared(format, out, quiet, seed, strict, case, keep))


@app.command(epilog="Example: probata claims article.txt; a tagger of your own: probata claims train DIR")
def claims(
    files: Files,
    reviews: Annotated[
        list[str] | None,
        typer.Option(
            "--reviews", help="Claims that were checked: ClaimReview, EUvsDisinfo or a table; repeatable."
        ),
    ] = None,
    engine: Annotated[
        str | None, typer.Option("--engine", help="rules (default), quotes, tagger or endpoint.")
    ] = None,
    model: Annotated[
        Path | None, typer.Option("--model", help="A tagger made by `probata claims train`.")
    ] = None,
    parser: Annotated[str | None, typer.Option("--parser", help="A spaCy model of your own.")] = None,
    no_parser: Annotated[
        bool, typer.Option("--no-parser", help="Cue and quotation rules without a parser.")
    ] = False,
    endpoint: Annotated[
        str | None,
        typer.Option(
            "--endpoint",
            help="Address of an OpenAI-compatible server; its key is read from PROBATA_ENDPOINT_KEY.",
        ),
    ] = None,
    endpoint_model: Annotated[
        str | None, typer.Option("--endpoint-model", help="Model to ask there.")
    ] = None,
    cache: Annotated[
        Path | None, typer.Option("--cache", help="Folder that keeps the endpoint's answers.")
    ] = None,
    jobs: JobsOption = 0,
    propose: Annotated[
        Path | None,
        typer.Option("--propose", help="Write proposed [[allegation]] entries for a case.toml here."),
    ] = None,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    keep: KeepOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Who says what about whom, who denies it, on what evidence, and has it been checked."""
    options = given(
        engine=engine or ("endpoint" if endpoint else None),
        model=model and str(model),
        parser=parser,
        no_parser=no_parser or None,
        endpoint=endpoint,
        endpoint_model=endpoint_model,
        endpoint_key=os.environ.get("PROBATA_ENDPOINT_KEY"),
        cache=cache and str(cache),
        jobs=jobs,
    )
    kinds = {"articles": files, **({"reviews": reviews} if reviews else {})}
    extras = {"propose": propose} if propose else {}
    answer_verb("claims", kinds, options, Shared(format, out, quiet, seed, strict, case, keep), extras)


@app.command("claims-train", hidden=True)
def claims_train(
    folder: Annotated[
        Path, typer.Argument(help="Texts and brat annotations (.txt and .ann, or text/ and attributions/).")
    ],
    out: Annotated[Path, typer.Option("--out", help="The model file to write.")] = Path("tagger.npz"),
    lang: Annotated[str, typer.Option("--lang", help="Language of the texts: en or fr.")] = "en",
    parser: Annotated[str | None, typer.Option("--parser", help="A spaCy model of your own.")] = None,
    quiet: QuietOption = False,
) -> None:
    """Train a tagger on your own annotated texts: `probata claims train DIR`."""
    from probata import pipeline

    with progress_bar(quiet) as progress:
        told = pipeline.train_tagger(folder, out, progress, lang, parser)
    typer.echo(" ".join(f"{name}={value}" for name, value in told.items()))


@app.command(
    epilog="Example: probata slant examples/mini-drill/data/articles.jsonl --case examples/mini-drill"
)
def slant(
    files: Files,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    keep: KeepOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Is one candidate treated worse than the others by an outlet, against an honest baseline?"""
    answer_verb("slant", {"articles": files}, {}, Shared(format, out, quiet, seed, strict, case, keep))


@app.command(epilog="Example: probata attacks /var/log/auth.log* --year 2017 --zone Europe/Paris")
def attacks(
    files: Files,
    geo: Annotated[
        list[Path] | None,
        typer.Option(
            "--geo", help="A dated address database (MMDB or CSV); repeatable; the shipped ones by default."
        ),
    ] = None,
    rules: Annotated[
        list[Path] | None,
        typer.Option("--rules", help="Detection rules of your own (Sigma YAML, file or folder)."),
    ] = None,
    year: Annotated[int | None, typer.Option("--year", help="Year of lines that state none.")] = None,
    zone: Annotated[str | None, typer.Option("--zone", help="Time zone of lines that state none.")] = None,
    mapping: Annotated[
        str | None,
        typer.Option(
            "--mapping", help="Columns of a CSV or JSON log: field=column,field=column (ECS names)."
        ),
    ] = None,
    permutations: Annotated[
        int | None, typer.Option("--permutations", min=1, help="Worlds of the group tests (999).")
    ] = None,
    groups: Annotated[bool, typer.Option("--groups/--no-groups", help="Test for groups of sources.")] = True,
    observables: Annotated[
        Path | None,
        typer.Option("--observables", help="Write sources for sharing: .csv, or .json for STIX 2.1."),
    ] = None,
    block_list: Annotated[
        Path | None,
        typer.Option("--block-list", help="Write addresses to block for a while, with a warning."),
    ] = None,
    unmask: Annotated[
        bool, typer.Option("--unmask", help="Whole addresses in what is written for sharing.")
    ] = False,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """What one's own logs show: probes, sources, countries, one structured group or many lone actors."""
    options = given(
        geo=geo and [str(path) for path in geo],
        rules=rules and [str(path) for path in rules],
        permutations=permutations,
        groups=None if groups else False,
        read=given(year=year, zone=zone, mapping=mapping) or None,
    )
    extras = given(observables=observables, block_list=block_list, unmask=unmask or None)
    answer_verb("attacks", {"logs": files}, options, Shared(format, out, quiet, seed, strict, case), extras)


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
    party: Annotated[
        list[str] | None, typer.Option("--party", help="Parties or candidates to show; repeatable.")
    ] = None,
    election: Annotated[
        str | None, typer.Option("--election", help="Which election, where a file holds several.")
    ] = None,
    round: Annotated[int | None, typer.Option("--round", help="Round of the vote, 1 or 2.")] = None,
    hypothesis: Annotated[
        str | None, typer.Option("--hypothesis", help="Which hypothesis, where polls ask several.")
    ] = None,
    format: FormatOption = Format.table,
    out: OutOption = None,
    case: CaseOption = None,
    seed: SeedOption = DEFAULT_SEED,
    quiet: QuietOption = False,
    strict: StrictOption = False,
) -> None:
    """Where the polls stand, how sure we are, and whether an event moved them."""
    options = given(
        election_date=election_date,
        events=event,
        parties=party,
        election=election,
        round=round,
        hypothesis=hypothesis,
        read=given(election_date=election_date, round=round) or None,
    )
    answer_verb("opinion", {"polls": files}, options, Shared(format, out, quiet, seed, strict, case))
