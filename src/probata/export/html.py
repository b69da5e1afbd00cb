"""``report.html``: the board as one static page. No script, no network, everything escaped, printable."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from jinja2 import DictLoader, Environment, StrictUndefined

from probata.export import words
from probata.export.board import counted, explored, gaps_of, gaps_of_none, lacking, sentence
from probata.export.charts import chart_of_average
from probata.export.poll_charts import event_strip, house_effects_chart, rows_of, run_off_matrix
from probata.model import Allegation, Case, Finding, Table, Verdict

REASONS_SHOWN = 20
RECORDS_SHOWN = 12
PARTS = ("report.html", "allegation.html", "finding.html", "parts.html")


def report_html(case: Case, tables: Mapping[str, Table]) -> str:
    """The report as one page of HTML 5.

    Args:
        case: the weighed case.
        tables: result tables by name; ``opinion_average`` becomes a chart.
    """
    style = _part("report.css")
    standing, quiet = explored(case)
    page = _environment().get_template("report.html")
    return page.render(
        case=case,
        facts=case.facts,
        style=style,
        policy=content_policy(style),
        rows=[_row(case, allegation, place) for place, allegation in enumerate(case.allegations, 1)],
        counted=counted(case),
        others=standing,
        quiet=quiet,
        other_gaps=gaps_of_none(case),
        reasons=Counter(reject.kind for reject in case.rejects).most_common(REASONS_SHOWN),
        chart=chart_of_average(tables.get("opinion_average", {}), case.facts),
        strips=_strips(case, tables),
        houses=house_effects_chart(tables["opinion_house_effects"])
        if _filled(tables, "opinion_house_effects")
        else "",
        pairs=run_off_matrix(tables["opinion_odds"]) if _filled(tables, "opinion_odds") else "",
    )


def _filled(tables: Mapping[str, Table], name: str) -> bool:
    return any(len(column) for column in tables.get(name, {}).values())


def _strips(case: Case, tables: Mapping[str, Table]) -> list[dict[str, str]]:
    """For each event test of an allegation: the shift at its date above the shifts at every other date."""
    if not _filled(tables, "opinion_events"):
        return []
    findings = [item.finding for item in case.weighed if item.finding is not None]
    asked = {(f.test, str(f.parameters.get("date")), str(f.parameters.get("party"))) for f in findings}
    return [
        {
            "title": f"{row['date']} {row.get('label') or ''}".rstrip(),
            "svg": event_strip({**row, "label": ""}, tables.get("opinion_placebos", {})),
        }
        for row in rows_of(tables["opinion_events"])
        if (f"event_{row['kind']}", str(row["date"]), str(row["party"])) in asked
    ]


def content_policy(style: str) -> str:
    """The policy of the page: nothing loads, nothing runs, only this very style sheet applies."""
    digest = base64.b64encode(hashlib.sha256(style.encode("utf-8")).digest()).decode("ascii")
    return (
        f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:; base-uri 'none'; form-action 'none'"
    )


def _row(case: Case, allegation: Allegation, place: int) -> dict[str, Any]:
    """One allegation with everything that the page shows of it."""
    weighed = [item for item in case.weighed if item.allegation == allegation.id]
    found = [item for item in weighed if item.finding is not None]
    return {
        "place": place,
        "allegation": allegation,
        "weighed": found,
        "gaps": gaps_of(case, allegation),
        "sentence": sentence(case, allegation),
        "counts": {verdict.value: sum(item.verdict is verdict for item in found) for verdict in Verdict},
        "tests": len(weighed),
        "lacking": lacking(case, allegation),
    }


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=DictLoader({name: _part(name) for name in PARTS}),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        safe_text=words.safe,
        number=words.number,
        interval=words.interval,
        probability=words.probability,
        measured=words.measured,
        expectation=words.expectation,
        defanged=words.defanged,
        records=_records,
        parameters=_parameters,
    )
    environment.tests["link"] = words.is_link
    environment.globals["verdict_words"] = {
        verdict.value: word for verdict, word in words.VERDICT_WORDS.items()
    }
    return environment


def _records(finding: Finding) -> str:
    """The first record ids that a finding rests on; all of them are in case.json."""
    shown = ", ".join(words.safe(record) for record in finding.records[:RECORDS_SHOWN])
    more = len(finding.records) - RECORDS_SHOWN
    return f"{shown} and {more:,} more" if more > 0 else shown


def _parameters(finding: Finding) -> str:
    return ", ".join(f"{key} = {words.safe(value)}" for key, value in sorted(finding.parameters.items()))


def _part(name: str) -> str:
    return files("probata.export").joinpath("templates", name).read_text(encoding="utf-8")
