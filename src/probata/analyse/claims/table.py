"""Attributions as rows: the ``attributions`` table and the ``attributions`` key of the JSON document."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from probata.analyse.claims.acts import act_for_text
from probata.analyse.claims.document import Document, Span
from probata.analyse.claims.evidence import anonymous, evidence_of
from probata.analyse.claims.extractor import Proposal, verbatim
from probata.analyse.claims.resolve import Speakers
from probata.analyse.claims.targets import Known, Targets
from probata.model import Table, content_id

COLUMNS = (
    "id", "article", "position", "source_text", "source_start", "source_end", "speaker", "anonymous",
    "cue_text", "cue_start", "cue_end", "content_text", "content", "kind", "act", "target", "target_id",
    "evidence", "confidence", "engine",
)  # fmt: skip
"""Columns of the ``attributions`` table. Starts and ends are code points, -1 where there is no such span;
``content`` is a JSON array of [start, end], ``evidence`` one of {kind, text, start, end}; ``content_text`` joins the
pieces with one space; texts of absent spans, speaker, target and target_id are "" where unknown; ``position``
counts the attributions of an article from 0 in text order."""

Row = dict[str, Any]
_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True)


def rows_of(
    document: Document, proposals: Iterable[Proposal], engine: str, known: Known
) -> tuple[list[Row], int]:
    """Complete the verbatim proposals of one article; also the number rejected as not verbatim."""
    proposals = list(proposals)
    kept = sorted((p for p in proposals if verbatim(document, p)), key=_place)
    speakers = Speakers(document)
    targets = Targets(document, speakers, known)
    rows = [_row(document, proposal, engine, (speakers, targets)) for proposal in kept]
    for position, row in enumerate(rows):
        row["position"] = position
        spans = (row["source_start"], row["cue_start"], row["content"])
        row["id"] = content_id("attribution", document.id, position, *spans, engine)
    return rows, len(proposals) - len(kept)


def _place(proposal: Proposal) -> tuple[int, int]:
    spans = [*proposal.content, *(s for s in (proposal.source, proposal.cue) if s is not None)]
    return min(spans)[0], min(proposal.content)[0]


def _row(document: Document, proposal: Proposal, engine: str, tools: tuple[Speakers, Targets]) -> Row:
    speakers, targets = tools
    content = sorted(proposal.content)
    text = " ".join(document.text[start:end] for start, end in content)
    cue = _text(document, proposal.cue)
    speaker = speakers.speaker(proposal.source)
    act = act_for_text(document.lang, cue, text)
    target, target_id = targets.target(proposal, speaker, act)
    nameless = anonymous(document, proposal)
    evidence = evidence_of(document, proposal, act, nameless)
    source_start, source_end = proposal.source or (-1, -1)
    cue_start, cue_end = proposal.cue or (-1, -1)
    return {
        "article": document.id,
        "source_text": _text(document, proposal.source),
        "source_start": source_start,
        "source_end": source_end,
        "speaker": speaker,
        "anonymous": nameless,
        "cue_text": cue,
        "cue_start": cue_start,
        "cue_end": cue_end,
        "content_text": text,
        "content": f"[{', '.join(f'[{start}, {end}]' for start, end in content)}]",
        "kind": document.kind(content),
        "act": act,
        "target": target,
        "target_id": target_id,
        "evidence": _JSON.encode(evidence) if evidence else "[]",
        "confidence": round(proposal.confidence, 3),
        "engine": engine,
    }


def _text(document: Document, span: Span | None) -> str:
    return document.text[span[0] : span[1]] if span else ""


def columns_of(rows: Sequence[Row]) -> Table:
    """Rows as columns of the ``attributions`` table, also where there are none."""
    import numpy as np

    columns: dict[str, Any] = {}
    for name in COLUMNS:
        values = [row[name] for row in rows]
        if name in ("position", "source_start", "source_end", "cue_start", "cue_end"):
            columns[name] = np.array(values, dtype=np.int64)
        elif name == "confidence":
            columns[name] = np.array(values, dtype=np.float64)
        elif name == "anonymous":
            columns[name] = np.array(values, dtype=bool)
        else:
            columns[name] = np.array([*values, None], dtype=object)[:-1]
    return columns


def document_of(table: Table, texts: dict[str, str]) -> list[dict[str, Any]]:
    """The ``attributions`` list of the JSON document from the table; span texts are read from the articles."""
    found = []
    for i in range(len(table["article"])):
        row = {name: table[name][i] for name in COLUMNS}
        text = texts[row["article"]]
        found.append(
            {
                "id": row["id"],
                "article": row["article"],
                "source": _span(text, row["source_start"], row["source_end"]),
                "cue": _span(text, row["cue_start"], row["cue_end"]),
                "content": [_span(text, start, end) for start, end in json.loads(row["content"])],
                "kind": row["kind"],
                "act": row["act"],
                "speaker": row["speaker"] or None,
                "anonymous": bool(row["anonymous"]),
                "target": row["target"] or None,
                "target_id": row["target_id"] or None,
                "evidence": json.loads(row["evidence"]),
                "confidence": float(row["confidence"]),
                "engine": row["engine"],
            }
        )
    return found


def _span(text: str, start: int, end: int) -> dict[str, Any] | None:
    return None if start < 0 else {"text": text[int(start) : int(end)], "start": int(start), "end": int(end)}
