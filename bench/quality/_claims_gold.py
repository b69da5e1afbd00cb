"""Annotated statements put through the program as if an engine had proposed exactly their spans."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from bench.quality._claims_sets import Labelled
from probata.analyse.claims.acts import lemma_in
from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.table import rows_of
from probata.analyse.claims.targets import Known


def annotated_rows(text: Labelled) -> list[dict[str, Any]]:
    """Rows of the attributions table from the annotation, in the order of the statements."""
    proposals = []
    for statement in text.statements:
        cue = " ".join(text.text[a:b] for a, b in statement.roles["Cue"])
        lemma, negated = lemma_in(text.lang, cue)
        proposals.append(
            Proposal(
                content=tuple(statement.roles["Content"]),
                source=_hull(statement.roles["Source"]),
                cue=_hull(statement.roles["Cue"]),
                lemma=lemma,
                negated=negated,
            )
        )
    made, _ = rows_of(Document(text.id, text.text, text.lang), proposals, "annotated", Known(None, {}))
    places = {tuple(sorted(p.content)): i for i, p in enumerate(proposals)}
    made.sort(key=lambda row: places[tuple(tuple(span) for span in json.loads(row["content"]))])
    return made


def _hull(spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    return (min(a for a, _ in spans), max(b for _, b in spans)) if spans else None
