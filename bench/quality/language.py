"""Languages told by function words against the model: how many texts need no model, and how often the two disagree.

    python -m bench.quality language --data DIR

English only (Reuters, PolNeAR, single sentences of NewsMTSC): the other four languages and those that stand guard
are covered by tests on sentences of our own. The lists and their limits were chosen on these texts.
"""

from __future__ import annotations

import json
from pathlib import Path

from probata.text.function_words import plain_languages
from probata.text.language import PREFIX, language

OWN = False


def run(data: Path | None) -> dict[str, float]:
    """Share of texts told without the model, and share of these on which the model says something else."""
    assert data is not None
    with (data / "news" / "reuters21578.jsonl").open(encoding="utf-8") as lines:
        texts = [str(json.loads(line)["text"]) for line in lines]
    texts += [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((data / "polnear").rglob("*.txt"))
    ]
    with (data / "slant" / "newsmtsc_train.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    texts += [str(row.get("sentence_normalized") or row.get("sentence") or "") for row in rows]
    told = [
        (found, text)
        for found, text in zip(plain_languages([t[:PREFIX] for t in texts]), texts, strict=True)
        if found
    ]
    other = sum(found != language(text) for found, text in told)
    print(f"{len(texts)} texts, {len(told)} told without the model, {other} told otherwise by it")
    return {"told": len(told) / len(texts), "otherwise": other / max(1, len(told))}
