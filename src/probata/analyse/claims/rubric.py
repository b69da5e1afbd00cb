"""How well an attribution of blame is made: 18 items, filled in from the text where the text itself shows it.

The rubric judges how an accusation is *made*, never whether it is true and never anybody's guilt. What a text shows is
filled in with the passages that show it; everything else is a question to the analyst. What is not in the text may
still be in the report that the text speaks of: absence answers nothing. There is no total until a person has answered
every item.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from probata.analyse.claims.ledger_names import Actors, Mention, states
from probata.analyse.claims.rubric_items import ITEMS, PARTS, Item
from probata.model import Candidate, Source, Table

__all__ = ["ITEMS", "BadScores", "Case", "Fault", "Scores", "band", "read_fiat", "rubric", "total"]

MOST = 5
"""Passages shown for an item."""
RELIABLE, DOUBTFUL = 15, 6

Span = tuple[str, int, int]
"""Article, start and end in code points of its text."""


@dataclass(frozen=True, slots=True)
class _Material:
    """Where the items look: the accuser's words, how the accuser is described, who is accused, who else says it."""

    words: Sequence[Span]
    source: Sequence[Span]
    accused: Sequence[Span]
    others: Sequence[Span]


def rubric(
    allegation: Mapping[str, Any],
    attributions: Table,
    texts: Mapping[str, str],
    names: Sequence[Candidate | Source] = (),
) -> list[dict[str, Any]]:
    """Fill the 18 items in for one allegation of the ledger as far as its articles show them.

    ``texts`` are the articles by id. Each row has item, part, asks, ``answer`` (True, False, or None: ask the
    analyst), ``passages`` ({article, start, end, text}, verbatim) and ``note``: what the answer rests on.
    """
    material = _material(allegation, attributions, texts, Actors(tuple(names)))
    return [_filled(item, material, texts) for item in ITEMS]


def _filled(item: Item, material: _Material, texts: Mapping[str, str]) -> dict[str, Any]:
    answer, passages, note = _answered(item, material, texts)
    shown = [{"article": a, "start": s, "end": e, "text": texts[a][s:e]} for a, s, e in passages[:MOST]]
    return {
        "item": item.id,
        "part": item.part,
        "asks": item.asks,
        "answer": answer,
        "passages": shown,
        "note": note,
    }


def _answered(
    item: Item, material: _Material, texts: Mapping[str, str]
) -> tuple[bool | None, list[Span], str]:
    """Answer, passages and what they mean."""
    if item.id == "identified_responsibility":
        found = list(material.accused)
        return (True, found, "named in the text") if found else (None, [], "nobody is named: ask the analyst")
    spans = material.source if item.where == "source" else material.words
    for pattern, answer in ((item.no, False), (item.yes, True)):
        found = _search(pattern, spans, texts) if pattern else []
        if found:
            return answer, found, "the text shows it"
    if item.id == "corroboration" and material.others:
        return (
            None,
            list(material.others),
            "others say it too: ask the analyst whether they know it on their own",
        )
    weighed = _search(item.weigh, spans, texts) if item.weigh else []
    if weighed:
        return None, weighed, "passages to weigh: ask the analyst"
    nothing = (
        "nothing in the text: ask the analyst" if item.yes or item.no or item.weigh else "ask the analyst"
    )
    return None, [], nothing


def _search(pattern: re.Pattern[str], spans: Sequence[Span], texts: Mapping[str, str]) -> list[Span]:
    return list(
        dict.fromkeys((a, m.start(), m.end()) for a, s, e in spans for m in pattern.finditer(texts[a], s, e))
    )


def _material(
    allegation: Mapping[str, Any], attributions: Table, texts: Mapping[str, str], actors: Actors
) -> _Material:
    by_id = {str(id): i for i, id in enumerate(attributions["id"])}
    members = [by_id[m["attribution"]] for m in allegation["members"] if m["attribution"] in by_id]
    accuser = actors.key(str(allegation["made_by"]))
    articles = set(allegation["articles"]) & set(texts)
    words: list[Span] = []
    source: list[Span] = []
    for i in range(len(attributions["id"])):
        article = str(attributions["article"][i])
        if article not in articles or not actors.same(
            actors.key(str(attributions["speaker"][i] or "")), accuser
        ):
            continue
        words += _content(attributions, i)
        start, end = int(attributions["source_start"][i]), int(attributions["source_end"][i])
        if start >= 0:
            source.append((article, start, end))
    own = {i for i in members if actors.same(actors.key(str(attributions["speaker"][i] or "")), accuser)}
    others = [span for i in members if i not in own for span in _content(attributions, i)]
    inside = [span for i in members for span in _content(attributions, i) if span[0] in texts]
    accused = list(_accused(inside, set(allegation["against_keys"]), texts, actors))
    return _Material(
        [s for s in words if s[0] in texts], source, accused, [s for s in others if s[0] in texts]
    )


def _content(attributions: Table, i: int) -> list[Span]:
    article = str(attributions["article"][i])
    return [(article, int(s), int(e)) for s, e in json.loads(attributions["content"][i])]


def _accused(
    spans: Sequence[Span], keys: set[str], texts: Mapping[str, str], actors: Actors
) -> Iterator[Span]:
    """Where the accused are named."""
    for article, start, end in spans:
        part = texts[article][start:end]
        found: list[Mention] = [*actors.named(part, [k for k in keys if ":" not in k]), *states(part)]
        bare = {k for k in keys if ":" not in k}
        found += [
            Mention(m.start(), m.end(), k, m.group())
            for k in bare
            for m in re.finditer(rf"(?<!\w){re.escape(k)}(?!\w)", part, re.IGNORECASE)
        ]
        for mention in sorted({(m.start, m.end) for m in found if m.key in keys}):
            yield article, start + mention[0], start + mention[1]


# ---------------------------------------------------------------- totals, and the public scored cases


def total(answers: Mapping[str, bool | None]) -> int | None:
    """Number of items answered yes; None until every one of the 18 has an answer.

    Raises:
        KeyError: an answer to something that is no item.
    """
    unknown = set(answers) - {item.id for item in ITEMS}
    if unknown:
        raise KeyError(f"no rubric item is called {min(unknown)!r}")
    given = [answers.get(item.id) for item in ITEMS]
    return None if None in given else sum(bool(value) for value in given)


def band(points: int) -> str:
    """The tracker's reading of a total: from 15 "especially reliable", up to 6 "to be scrutinised"."""
    return (
        "especially reliable"
        if points >= RELIABLE
        else "to be scrutinised"
        if points <= DOUBTFUL
        else "between"
    )


class BadScores(ValueError):
    """A file of scored cases that cannot be read; the message is one line with file and line."""


@dataclass(frozen=True, slots=True)
class Case:
    """One scored public attribution."""

    id: str
    title: str
    source: str
    category: str
    answers: Mapping[str, bool | None]
    stored: int | None
    """The total as the file has it."""
    line: int

    @property
    def points(self) -> int:
        """Items answered yes, empty ones not counted."""
        return sum(bool(value) for value in self.answers.values())


@dataclass(frozen=True, slots=True)
class Fault:
    """A stored total, of the whole or of a part, that is not the sum of its items."""

    case: str
    what: str
    computed: int
    stored: int | None
    line: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Cases of a file, wrong totals, and (case, item) pairs left empty."""

    cases: tuple[Case, ...]
    faults: tuple[Fault, ...]
    empty: tuple[tuple[str, str], ...]


def read_fiat(path: Path) -> Scores:
    """Read scored cases with columns ``case_hash``, ``attribution_<item>`` and ``attribution_total_score``.

    Totals are added up again: where a stored total (or the sub-total of a part) differs, it is reported as a fault
    and nothing is changed.

    Raises:
        BadScores: not such a file, or an item that is neither 0, 1 nor empty.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            _check_columns(path, reader.fieldnames or ())
            rows = [(reader.line_num, row) for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as problem:
        raise BadScores(f"{path}: cannot be read as a table: {problem}") from None
    cases = tuple(_case(path, line, row) for line, row in rows)
    faults = tuple(
        fault for case, (_, row) in zip(cases, rows, strict=True) for fault in _faults(path, case, row)
    )
    empty = tuple((case.id, item) for case in cases for item, value in case.answers.items() if value is None)
    return Scores(cases, faults, empty)


def _check_columns(path: Path, names: Sequence[str]) -> None:
    wanted = ["case_hash", "attribution_total_score", *(f"attribution_{item.id}" for item in ITEMS)]
    missing = [name for name in wanted if name not in names]
    if missing:
        raise BadScores(f"{path}, line 1: column {missing[0]!r} is missing ({len(missing)} in all)")


def _case(path: Path, line: int, row: Mapping[str, str]) -> Case:
    answers = {}
    for item in ITEMS:
        value = (row[f"attribution_{item.id}"] or "").strip()
        if value not in ("", "0", "1"):
            raise BadScores(
                f"{path}, line {line}: attribution_{item.id} is {value[:20]!r}; give 0, 1 or nothing"
            )
        answers[item.id] = value == "1" if value else None
    return Case(
        id=row["case_hash"],
        title=row.get("short_title") or "",
        source=row.get("source") or "",
        category=row.get("source_category") or "",
        answers=answers,
        stored=_number(path, line, row, "attribution_total_score"),
        line=line,
    )


def _number(path: Path, line: int, row: Mapping[str, str], name: str) -> int | None:
    value = (row.get(name) or "").strip()
    if not value:
        return None
    if not re.fullmatch(r"\d{1,3}", value):
        raise BadScores(f"{path}, line {line}: {name} is {value[:20]!r}, which is no whole number")
    return int(value)


def _faults(path: Path, case: Case, row: Mapping[str, str]) -> Iterator[Fault]:
    if case.stored != case.points:
        yield Fault(case.id, "total", case.points, case.stored, case.line)
    for part in PARTS:
        name = f"attribution_{part}_score"
        if name not in row:
            continue
        computed = sum(bool(case.answers[item.id]) for item in ITEMS if item.part == part)
        stored = _number(path, case.line, row, name)
        if stored != computed:
            yield Fault(case.id, part, computed, stored, case.line)
