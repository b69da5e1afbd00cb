"""The case board for a terminal: what supports each allegation, refutes it, cannot tell, and is missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from probata.export.words import VERDICT_WORDS, expectation, measured, safe
from probata.model import Allegation, Case, Denial, Finding, Gap, Verdict, Weighed

STYLES = {Verdict.SUPPORTS: "green", Verdict.REFUTES: "red", Verdict.NOT_ENOUGH_INFO: "yellow"}
FACT = "cyan"
REASONS_SHOWN = 8
OTHERS_SHOWN = 12
STANDS_OUT = 0.05


def board(case: Case) -> RenderableType:
    """The whole board. It reads at 80 columns and wider; colour only repeats what the words say."""
    parts: list[RenderableType] = [_title(case), _overview(case)]
    for place, allegation in enumerate(case.allegations, 1):
        parts += [Text(""), *_section(case, allegation, place)]
    for part in (_matrix(case), _facts(case), _other_findings(case), _other_gaps(case), _set_aside(case)):
        if part is not None:
            parts += [Text(""), part]
    return Group(*parts)


def _title(case: Case) -> Text:
    return Text.assemble((safe(case.title), "bold"), f"\n{counted(case)}\n")


def counted(case: Case) -> str:
    """What there is, in one line."""
    asked = len({item.finding.id for item in case.weighed if item.finding is not None})
    return ", ".join(
        (
            plural(len(case.allegations), "allegation"),
            plural(len(case.weighed), "test"),
            f"{plural(asked, 'finding')} on them ({len(case.findings) - asked} more by looking around)",
            plural(len(case.gaps), "gap"),
        )
    )


def plural(count: int, noun: str) -> str:
    """A count with its noun."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _overview(case: Case) -> Table:
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True, show_edge=False, padding=(0, 1))
    table.add_column("#", justify="right", width=2)
    table.add_column("ALLEGATION", ratio=5)
    for name in ("SUPPORTS", "REFUTES"):
        table.add_column(name, justify="center", width=8)
    table.add_column("CANNOT\nTELL", justify="center", width=6)
    table.add_column("MISSING", ratio=4)
    for place, allegation in enumerate(case.allegations, 1):
        table.add_row(str(place), Text(safe(allegation.text)), *_tally(case, allegation))
    return table


def _tally(case: Case, allegation: Allegation) -> list[Text]:
    mine = _weighed(case, allegation)
    cells = []
    for verdict in Verdict:
        count = sum(item.finding is not None and item.verdict is verdict for item in mine)
        cells.append(Text(str(count) if count else "-", STYLES[verdict] if count else "dim"))
    if missing := lacking(case, allegation):
        return [*cells, Text(safe(missing), "magenta")]
    return [*cells, Text("not testable here" if not mine else "-", "dim")]


def lacking(case: Case, allegation: Allegation) -> str:
    """What would have to exist; or, where all data are there, why a test cannot tell all the same."""
    if gaps := gaps_of(case, allegation):
        return "; ".join(gap.what for gap in gaps)
    unsure = [w.reason for w in _weighed(case, allegation) if w.verdict is Verdict.NOT_ENOUGH_INFO]
    return "; ".join(dict.fromkeys(unsure))


def _weighed(case: Case, allegation: Allegation) -> list[Weighed]:
    return [item for item in case.weighed if item.allegation == allegation.id]


def gaps_of(case: Case, allegation: Allegation) -> list[Gap]:
    """The gaps of an allegation and of its tests; what several tests lack is named once."""
    ids = {allegation.id, *(test.id for test in allegation.tests)}
    mine = [gap for gap in case.gaps if gap.request in ids]
    return list({(gap.what, gap.who, gap.how): gap for gap in reversed(mine)}.values())[::-1]


def gaps_of_none(case: Case) -> list[Gap]:
    """The gaps that belong to no allegation and to no test of one."""
    ids = {name for a in case.allegations for name in (a.id, *(test.id for test in a.tests))}
    return [gap for gap in case.gaps if gap.request not in ids]


def _section(case: Case, allegation: Allegation, place: int) -> Iterator[RenderableType]:
    """One allegation: who says it, who denies it with the same prominence, then what was measured."""
    yield Text(f"{place}  {safe(allegation.text)}", "bold")
    yield _indent(_stated("alleged", allegation.made_by, allegation.made_on, allegation.source))
    if allegation.cites:
        yield _indent(Text.assemble(("shown with it: ", "bold"), safe(allegation.cites)))
    for denial in allegation.denials:
        yield _indent(_denial(denial))
    if not allegation.denials:
        yield _indent(Text("denied: no denial of this point is recorded in the case", "dim"))
    for item in _weighed(case, allegation):
        if item.finding is not None:
            yield _indent(_result(item, item.finding))
    for gap in gaps_of(case, allegation):
        yield _indent(_gap(gap))
    yield _indent(Text.assemble(("=> ", "bold"), Text(safe(sentence(case, allegation)), "bold")))


def sentence(case: Case, allegation: Allegation) -> str:
    """The one plain sentence that the case gives an allegation."""
    return str(case.facts.get("sentences", {}).get(allegation.id, ""))


def _indent(renderable: RenderableType) -> Padding:
    return Padding(renderable, (0, 0, 0, 3))


def _stated(word: str, by: str, on: str, source: str) -> Text:
    text = Text.assemble((f"{word}: ", "bold"), f"{safe(by)}, {safe(on)}")
    return text.append(f"  {safe(source)}", FACT) if source else text


def _denial(denial: Denial) -> Text:
    text = _stated("denied", denial.by, denial.on, "")
    text.append(f": {safe(denial.text)}")
    return text.append(f"  {safe(denial.source)}", FACT) if denial.source else text


def _result(item: Weighed, finding: Finding) -> Text:
    word = VERDICT_WORDS[item.verdict].upper()
    text = Text.assemble((f"{word}  ", f"bold {STYLES[item.verdict]}"), safe(finding.statement))
    text.append(f"\n  {safe(measured(finding))}")
    text.append(f"\n  expected: {safe(expectation(item.request))}; {safe(item.reason)}", "dim")
    return text.append(f"  [{finding.question}.{finding.test}]", "dim")


def _gap(gap: Gap) -> Text:
    text = Text.assemble(("MISSING  ", "bold magenta"), safe(gap.what))
    text.append(f"\n  who: {safe(gap.who)}. how: {safe(gap.how)}.")
    return text.append(f"\n  it would settle: {safe(gap.settles)}", "dim")


def _matrix(case: Case) -> RenderableType | None:
    """Competing hypotheses: the layout is an audit trail; nothing in it is counted or summed."""
    rows: Sequence[dict[str, Any]] = case.facts.get("matrix", [])
    hypotheses: Sequence[dict[str, Any]] = case.facts.get("hypotheses", [])
    if not rows or not hypotheses:
        return None
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, expand=True)
    table.add_column("test", ratio=4, overflow="fold")
    for hypothesis in hypotheses:
        table.add_column(Text(safe(hypothesis["text"])), justify="center", ratio=3)
    table.add_column("tells them apart", justify="center", ratio=2)
    for row in rows:
        cells = [_matrix_cell(row, h["id"]) for h in hypotheses]
        table.add_row(
            safe(f"{row['test']}  {row['question']}.{row['name']}"),
            *cells,
            "yes" if row["tells_apart"] else "no",
        )
    note = (
        "C consistent, I inconsistent, N cannot tell or no data; in brackets what the explanation predicts. "
        "A layout to read, never a sum."
    )
    return Group(Text("EXPLANATIONS SIDE BY SIDE", "bold"), table, Text(note, "dim"))


def _matrix_cell(row: Mapping[str, Any], hypothesis: str) -> str:
    cell = row["cells"].get(hypothesis, "N")
    predicted = row.get("predicts", {}).get(hypothesis)
    return f"{cell} ({'yes' if predicted == 'met' else 'no'})" if predicted else str(cell)


def _facts(case: Case) -> RenderableType | None:
    facts = case.facts.get("dated", [])
    if not facts:
        return None
    parts: list[RenderableType] = [Text("DATED FACTS", "bold")]
    for fact in facts:
        text = Text.assemble((f"{safe(fact['date'])}  ", "bold"), safe(fact["text"]))
        if fact.get("checked"):
            text.append(f" {safe(fact['checked'])}", "italic")
        parts.append(text.append(f"  {safe(fact['source'])}", FACT))
    return Group(*parts)


def explored(case: Case) -> tuple[list[Finding], list[tuple[str, int]]]:
    """Findings that no allegation asked for: those that stand out, and how many of each test do not.

    A finding stands out where its q is at most .05, or where it is a plain count without a p-value and the only
    one of its test. Looking in many places finds something somewhere; q corrects for that.
    """
    asked = {item.finding.id for item in case.weighed if item.finding is not None}
    others = [finding for finding in case.findings if finding.id not in asked]
    tests = Counter((finding.question, finding.test) for finding in others)
    standing = [f for f in others if _stands_out(f, tests[(f.question, f.test)])]
    quiet = tests - Counter((finding.question, finding.test) for finding in standing)
    return standing, [(f"{question}.{test}", count) for (question, test), count in quiet.items()]


def _stands_out(finding: Finding, of_its_test: int) -> bool:
    if finding.q is not None:
        return finding.q <= STANDS_OUT
    return finding.p is None and of_its_test == 1


def _other_findings(case: Case) -> RenderableType | None:
    standing, quiet = explored(case)
    if not standing and not quiet:
        return None
    lines = [Text("ALSO MEASURED, asked by no allegation", "bold")]
    for finding in standing[:OTHERS_SHOWN]:
        line = Text(f"- {safe(finding.statement)}")
        lines.append(line.append(f"  {safe(measured(finding))}  [{finding.question}.{finding.test}]", "dim"))
    if len(standing) > OTHERS_SHOWN:
        lines.append(Text(f"  and {len(standing) - OTHERS_SHOWN} more in case.json and findings.parquet"))
    if quiet:
        shown = ", ".join(f"{count} of {test}" for test, count in quiet)
        lines.append(Text(f"  Nothing that stands out (q over {STANDS_OUT:g}, or no test): {shown}.", "dim"))
    return Group(*lines)


def _other_gaps(case: Case) -> RenderableType | None:
    others = gaps_of_none(case)
    if not others:
        return None
    return Group(Text("ALSO MISSING", "bold"), *(_indent(_gap(gap)) for gap in others))


def _set_aside(case: Case) -> RenderableType | None:
    if not case.rejects:
        return Text("set aside: nothing; every record given was read", "dim")
    reasons = Counter(reject.kind for reject in case.rejects)
    lines = [Text(f"SET ASIDE: {plural(len(case.rejects), 'record')}", "bold yellow")]
    lines += [Text(f"  {count:,} x {safe(reason)}") for reason, count in reasons.most_common(REASONS_SHOWN)]
    first = case.rejects[0]
    where = f"{first.path}:{first.line}" if first.line else first.path
    return Group(*lines, Text(f"  the first: {safe(where)}: {safe(first.reason)}", "dim"))
