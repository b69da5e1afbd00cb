"""The ledger on our own annotated statements: does a denial stand at the accusation that it answers, and no other?

Statements are taken as annotated (spans and acts), speakers as resolved by the program. All texts of a half
and a language are put into one ledger as if published on one day, so that every text is a distractor for every other
(the languages apart: many stories are told in both).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality._claims_sets import LANGUAGES, Labelled, load
from bench.quality.claims_polnear import f1
from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.ledger import ledger
from probata.analyse.claims.table import columns_of, rows_of
from probata.analyse.claims.targets import Known

OWN = True


def annotated_rows(text: Labelled) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of the attributions table from the annotation, and their ids by place of the statement."""
    known = Known(None, {})
    proposals = [
        Proposal(
            content=tuple(statement.roles["Content"]),
            source=_hull(statement.roles["Source"]),
            cue=_hull(statement.roles["Cue"]),
        )
        for statement in text.statements
    ]
    made, _ = rows_of(Document(text.id, text.text, text.lang), proposals, "annotated", known)
    ids = [""] * len(proposals)
    for row in made:
        place = _place(row, proposals)
        ids[place] = row["id"]
        row["act"] = text.statements[place].act
    return made, ids


def _hull(spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None


def _place(row: dict[str, Any], proposals: Sequence[Proposal]) -> int:
    """Which proposal a row came from: by its content."""
    content = tuple(tuple(span) for span in json.loads(row["content"]))
    return next(i for i, p in enumerate(proposals) if tuple(sorted(p.content)) == content)


def pairs_of(texts: Sequence[Labelled]) -> tuple[set[tuple[str, str]], set[tuple[str, str]], dict[str, str]]:
    """(denial, accusation) ids as annotated and as the ledger has them, and what each id is, for looking at."""
    rows: list[dict[str, Any]] = []
    wanted: set[tuple[str, str]] = set()
    shown: dict[str, str] = {}
    for text in texts:
        made, ids = annotated_rows(text)
        rows += made
        shown |= {row["id"]: f"{text.id} {row['speaker']}: {row['content_text'][:60]}" for row in made}
        for place, statement in enumerate(text.statements):
            if statement.answers is not None:
                wanted.add((ids[place], ids[statement.answers]))
    articles = {
        "id": np.array([text.id for text in texts], object),
        "published_earliest": np.array(["2030-05-01"] * len(texts), "datetime64[us]"),
        "lang": np.array([text.lang for text in texts], object),
    }
    allegations, _ = ledger(columns_of(rows), articles)
    found = {
        (denial["attribution"], member["attribution"])
        for allegation in allegations
        for denial in allegation["denials"]
        for member in allegation["members"]
    }
    return wanted, found, shown


def run(data: Path | None) -> dict[str, float]:
    """Measure both halves; print; return the figures of the held-back half."""
    result: dict[str, float] = {}
    for half in ("dev", "test"):
        wanted: set[tuple[str, str]] = set()
        found: set[tuple[str, str]] = set()
        for lang in LANGUAGES:
            a, b, _ = pairs_of(load(half, lang))
            wanted, found = wanted | a, found | b
        right = len(wanted & found)
        p, r, f = f1(right, len(found) - right, len(wanted) - right)
        print(f"{half}: {len(wanted)} answered accusations, precision {p:.3f}, recall {r:.3f}, F1 {f:.3f}")
        if half == "test":
            result = {"denials_p": round(p, 4), "denials_r": round(r, 4), "denials_f1": round(f, 4)}
    return result
