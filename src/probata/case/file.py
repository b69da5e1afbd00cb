"""``case.toml`` read and checked as a whole: every problem is one line, and all are reported together."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Any, cast

from probata.case.check import CaseError, Problems, TableReader, did_you_mean
from probata.case.locate import locate
from probata.case.nouns import CaseFile, DataEntry, Fact, FigureCheck, Hypothesis
from probata.case.options import OPTIONS
from probata.case.requests import Known, read_tests
from probata.collect import COLLECTORS
from probata.model import QUESTIONS, Allegation, CampaignEvent, Candidate, Denial, Gap, Question, Source

FILE = "case.toml"

MOST_BYTES = 4 << 20
"""A case is written by hand."""


def load(folder: Path) -> CaseFile:
    """Read ``folder/case.toml`` and check it as a whole.

    Raises:
        CaseError: every problem found, one line each, ``case.toml:LINE: what; remedy``.
    """
    raw = _bytes(folder)
    text = _text(raw)
    problems = Problems(FILE, locate(text))
    root = TableReader(_values(text), (), problems)
    case = _read(root, folder, hashlib.sha256(raw).hexdigest())
    root.finish()
    problems.raise_if_any()
    return case


def _bytes(folder: Path) -> bytes:
    try:
        with (folder / FILE).open("rb") as source:
            raw = source.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        remedy = f"make one with: probata init {folder}"
        raise CaseError([f"{folder / FILE}:1: there is no {FILE} here; {remedy}"]) from None
    except OSError as problem:
        raise CaseError(
            [f"{folder / FILE}:1: it cannot be read ({problem.strerror}); check the path"]
        ) from None
    if len(raw) > MOST_BYTES:
        raise CaseError([f"{FILE}:1: over {MOST_BYTES >> 20} MiB is no case; put records under [[data]]"])
    return raw


def _text(raw: bytes) -> str:
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise CaseError([f"{FILE}:{line}: this is not UTF-8; save the file as UTF-8"]) from None


def _values(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        message, _, place = str(problem).partition(" (at ")
        number = "".join(mark for mark in place.split(",")[0] if mark.isdigit())
        line = number or str(text.count("\n") + 1)
        shown = "".join(mark if mark.isprintable() else " " for mark in message)
        raise CaseError([f"{FILE}:{line}: not valid TOML: {shown}; mend this line"]) from None
    except RecursionError:
        raise CaseError([f"{FILE}:1: tables nest too deeply; write them flat"]) from None


def _read(root: TableReader, folder: Path, digest: str) -> CaseFile:
    head = root.table("case", required=True) or TableReader({}, ("case",), root.problems)
    candidates = _unique([_candidate(row) for row in root.tables("candidate")], root, "candidate")
    outlets = _unique([_outlet(row) for row in root.tables("outlet")], root, "outlet")
    events = _unique([_event(row) for row in root.tables("event")], root, "event")
    data = _unique([_data(row, folder) for row in root.tables("data")], root, "data")
    hypotheses = _unique([_hypothesis(row) for row in root.tables("hypothesis")], root, "hypothesis")
    known = Known(
        nouns={
            "candidate": [item.id for item in candidates],
            "contestant": [name for item in candidates for name in (item.id, item.party) if name],
            "outlet": [item.id for item in outlets],
            "event": [item.id for item in events],
        },
        data=[item.id for item in data],
        hypotheses=[item.id for item in hypotheses],
    )
    asked = [_allegation(row, known) for row in root.tables("allegation")]
    allegations = _unique(asked, root, "allegation")
    title, period, references, seed = _head(head, known)
    tests = {test.id for allegation in allegations for test in allegation.tests}
    return CaseFile(
        folder=folder,
        title=title,
        period=period,
        candidates=tuple(candidates),
        outlets=tuple(outlets),
        references=references,
        events=tuple(events),
        allegations=tuple(allegations),
        hypotheses=tuple(hypotheses),
        predictions=known.predictions,
        how=known.how,
        data=tuple(data),
        facts=tuple(_fact(row, known) for row in root.tables("fact")),
        gaps=tuple(_gap(row, {*tests, *(item.id for item in allegations)}) for row in root.tables("gap")),
        options=_options(root),
        seed=seed,
        digest=digest,
    )


def _options(root: TableReader) -> dict[str, Any]:
    given = root.free("options")
    for name in given:
        if name not in OPTIONS:
            root.problems.add(
                ("options", name), f"no question has the option {name!r}", did_you_mean(name, OPTIONS)
            )
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in given.items()}


def _head(
    head: TableReader, known: Known
) -> tuple[str, tuple[date, date] | None, tuple[str, ...], int | None]:
    title = head.text("title", required=True)
    period = head.table("period")
    span = None
    if period is not None:
        first, last = period.day("from", required=True), period.day("to", required=True)
        period.finish()
        if first and last and last < first:
            head.wrong("period", "the period ends before it starts", "exchange from and to")
        elif first and last:
            span = (first, last)
    references = head.texts("references")
    for name in references:
        if name not in known.nouns["outlet"]:
            remedy = did_you_mean(name, known.nouns["outlet"])
            head.wrong("references", f"no outlet has the id {name!r}", remedy)
    seed = head.whole("seed")
    head.finish()
    return title, span, references, seed


def _candidate(row: TableReader) -> Candidate:
    noun = Candidate(
        id=row.text("id", required=True),
        name=row.text("name", required=True),
        aliases=row.texts("aliases"),
        role=row.text("role"),
        party=row.text("party"),
    )
    row.finish()
    return noun


def _outlet(row: TableReader) -> Source:
    control = row.table("control")
    stated: dict[str, str] = {}
    if control is not None:
        stated = {
            "state": control.text("state", required=True),
            "kind": control.text("kind"),
            "stated_by": control.text("stated_by", required=True),
            "source": control.text("source", required=True),
        }
        control.finish()
    noun = Source(
        id=row.text("id", required=True),
        name=row.text("name", required=True),
        domains=row.texts("domains"),
        control={key: value for key, value in stated.items() if value},
        wire=row.flag("wire"),
    )
    row.finish()
    return noun


def _event(row: TableReader) -> CampaignEvent:
    day = row.day("date", required=True)
    noun = CampaignEvent(
        row.text("id", required=True), day or date.min, row.text("text", required=True), row.text("source")
    )
    row.finish()
    return noun


def _hypothesis(row: TableReader) -> Hypothesis:
    noun = Hypothesis(row.text("id", required=True), row.text("text", required=True), row.text("held_by"))
    row.finish()
    return noun


def _data(row: TableReader, folder: Path) -> DataEntry:
    id, kind = row.text("id", required=True), row.choice("kind", COLLECTORS)
    pattern, required = row.text("path", required=True), True
    if "required" in row.values:
        required = row.flag("required")
    row.taken.add("required")
    files = _files(row, folder, pattern, required) if pattern else ()
    noun = DataEntry(id, kind, pattern, files, row.free("options"), required)
    row.finish()
    return noun


def _files(row: TableReader, folder: Path, pattern: str, required: bool) -> tuple[Path, ...]:
    """The files that a path or pattern names, in a fixed order; a folder stands for what is below it."""
    if Path(pattern).is_absolute() or ".." in Path(pattern).parts:
        row.wrong(
            "path", f"{pattern!r} lies outside the case folder", "copy or link the data into the folder"
        )
        return ()
    try:
        hits = [folder / pattern] if (folder / pattern).exists() else sorted(folder.glob(pattern))
    except (ValueError, OSError):
        row.wrong("path", f"{pattern!r} is no path", "name a file, a folder or a pattern such as data/*.csv")
        return ()
    files: list[Path] = []
    for hit in hits:
        files += sorted(item for item in hit.rglob("*") if item.is_file()) if hit.is_dir() else [hit]
    shown = tuple(file for file in files if not _is_hidden(file.relative_to(folder)))
    if required and not shown:
        remedy = "add the file, or write required = false to have it shown as a gap"
        row.wrong("path", f"no file at {pattern!r}", remedy)
    return shown


def _is_hidden(path: Path) -> bool:
    return any(part.startswith(".") for part in path.parts)


def _allegation(row: TableReader, known: Known) -> Allegation:
    id = row.text("id", required=True)
    tests = read_tests(row.tables("test"), id, known)
    untestable = row.text("untestable")
    if not tests and not untestable:
        row.wrong(
            "id", f"allegation {id!r} has no test", 'add [[allegation.test]], or say why in untestable = ""'
        )
    noun = Allegation(
        id=id,
        text=row.text("text", required=True),
        made_by=row.text("made_by", required=True),
        made_on=row.moment("made_on", required=True),
        against=row.text("against"),
        source=row.text("source"),
        side=row.text("side"),
        denials=tuple(_denial(item) for item in row.tables("denial")),
        tests=tests,
        untestable=untestable,
        cites=row.text("cites"),
    )
    row.finish()
    return noun


def _denial(row: TableReader) -> Denial:
    noun = Denial(
        by=row.text("by", required=True),
        on=row.moment("on", required=True),
        text=row.text("text", required=True),
        source=row.text("source"),
    )
    row.finish()
    return noun


def _fact(row: TableReader, known: Known) -> Fact:
    check = row.table("check")
    noun = Fact(
        date=row.moment("date", required=True),
        text=row.text("text", required=True),
        source=row.text("source", required=True),
        check=_figure_check(check, known) if check is not None else None,
    )
    row.finish()
    return noun


def _figure_check(row: TableReader, known: Known) -> FigureCheck | None:
    data, day, days = row.text("data", required=True), row.day("date", required=True), row.whole("days")
    if data and data not in known.data:
        row.wrong("data", f"no data has the id {data!r}", did_you_mean(data, known.data))
    shares = row.table("shares", required=True)
    numbers = {name: shares.number(name) for name in shares.values} if shares else {}
    row.finish()
    if day is None or not numbers:
        return None
    return FigureCheck(
        data, day, 3 if days is None else days, {k: v for k, v in numbers.items() if v is not None}
    )


def _gap(row: TableReader, requests: Iterable[str]) -> Gap:
    question = row.choice("question", QUESTIONS)
    about = row.text("about")
    requests = set(requests)
    if about and about not in requests:
        row.wrong("about", f"no allegation or test has the id {about!r}", did_you_mean(about, requests))
    noun = Gap(
        question=cast(Question, question),
        what=row.text("what", required=True),
        who=row.text("who", required=True),
        how=row.text("how", required=True),
        settles=row.text("settles", required=True),
        request=about or None,
    )
    row.finish()
    return noun


def _unique(nouns: list[Any], root: TableReader, kind: str) -> list[Any]:
    """Report ids that are used twice; tests are named after their allegation, so theirs follow."""
    seen: dict[str, int] = {}
    for at, noun in enumerate(nouns):
        if noun.id and noun.id in seen:
            first = root.problems.locator.line((kind, seen[noun.id]))
            what = f"{kind} id {noun.id!r} is used twice (first on line {first})"
            root.problems.add((kind, at, "id"), what, "give each its own id")
        seen.setdefault(noun.id, at)
    return nouns


__all__ = ["FILE", "CaseError", "CaseFile", "DataEntry", "load"]
