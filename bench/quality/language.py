"""Languages told by function words against the model: how many texts need no model, and how often the two disagree.

    python -m bench.quality language --data DIR

English only (Reuters, PolNeAR, single sentences of NewsMTSC): the other four languages and those that stand guard
are covered by tests on sentences of our own. The lists and their limits were chosen on these texts. The model reads the
first 300 characters in either case, so for texts that took a second look it answers for less than that look saw.
"""

from __future__ import annotations

import json
from pathlib import Path

from probata.text.function_words import plain_languages
from probata.text.language import PREFIX, language

OWN = False


def run(data: Path | None) -> dict[str, float]:
    """By look and in all: share of texts told without the model, and share of these that it tells otherwise."""
    assert data is not None
    texts = _texts(data)
    first = plain_languages([text[:PREFIX] for text in texts])
    told = plain_languages(texts)
    second = [None if before else after for before, after in zip(first, told, strict=True)]
    otherwise = [answer and answer != language(text) for answer, text in zip(told, texts, strict=True)]
    measured: dict[str, float] = {}
    for name, look, answers in (
        ("in all", "", told),
        ("first look", "_first", first),
        ("second look", "_second", second),
    ):
        given = [row for row, answer in enumerate(answers) if answer]
        other = sum(bool(otherwise[row]) for row in given)
        print(
            f"{name}: {len(given)} of {len(texts)} texts told without the model, {other} told otherwise by it"
        )
        measured |= {f"told{look}": len(given) / len(texts), f"otherwise{look}": other / max(1, len(given))}
    return measured


def _texts(data: Path) -> list[str]:
    with (data / "news" / "reuters21578.jsonl").open(encoding="utf-8") as lines:
        texts = [str(json.loads(line)["text"]) for line in lines]
    texts += [
        path.read_text(encoding="utf-8", errors="replace")
        for path in sorted((data / "polnear").rglob("*.txt"))
    ]
    with (data / "slant" / "newsmtsc_train.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return texts + [str(row.get("sentence_normalized") or row.get("sentence") or "") for row in rows]
