"""What the search for rewording looks at and how far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["Options", "options_of"]


@dataclass(frozen=True, slots=True)
class Options:
    """What to look at and how far. Cosines belong to the default encoder."""

    days: float = 7.0
    """Leads further apart in time are not compared."""
    nearest: int = 25
    """Candidates kept for one passage, the likest first. One text that many carry takes a place for each of them."""
    nearest_sentence: int = 5
    """Of these, those judged where one side is a sentence of a longer text, or a title."""
    same_language: float = 0.50
    across_languages: float = 0.42
    """Lowest cosine of two short texts. Loose rewordings and denials across languages lie down there."""
    same_language_sentence: float = 0.60
    across_languages_sentence: float = 0.50
    """Lowest cosine where one side is a sentence of a longer text, or a title."""
    same_language_leads: float = 0.50
    across_languages_leads: float = 0.45
    """Lowest cosine of two leads as a whole from which articles are laid side by side."""
    least_words: int = 6
    """Words of a sentence below which it says too little by itself to be compared (Russian needs few)."""
    whole_words: int = 45
    """Words of a text up to which it is one passage: what a short notice says stands in all its sentences together."""
    least_words_title: int = 5
    lead_sentences: int = 3
    passage_sentences: int = 40
    """Sentences of an article looked at once its lead has come near another's."""
    same_source: bool = False
    """Compare articles of one source, too."""
    certain_same: float = 0.4
    certain_translated: float = 0.4
    certain_denial: float = 0.5
    """Chance from which a relation of two short texts is stated; below it the pair is reported as ``unsure``."""
    certain_sentence: float = 0.9
    certain_sentence_translated: float = 0.8
    """The same where one side is a sentence of a longer text, or a title: of their many pairs few say the same."""
    certain_whole: float = 0.8
    certain_whole_short: float = 0.9
    """Chance from which an article of several sentences is taken for a rewording or a translation of another as a
    whole; the second, where one of them is a short text."""
    least_whole: float = 0.3
    """Chance of the same under which a passage that two articles of several sentences have in common in other words, or
    in another language, is ``unsure``: the rest of them does not bear it out."""
    report_differing: bool = True
    """Give the pairs that differ or cannot be told, too (relation ``differs`` or ``unsure``)."""
    most_candidates: int = 200_000
    """Pairs of passages that are looked at in each step at most, the likest first; what is left out is told."""
    judge: str = "guard"
    """Who decides a pair: ``guard``, or ``e5``: the guard and, where it is not sure, a cross-encoder (extra ``e5``)."""


def options_of(options: Mapping[str, Any]) -> Options:
    """Options by their names; the search itself reads ``progress`` and ``jobs``. Raises ``ValueError`` for others."""
    wanted = {name: value for name, value in options.items() if name not in ("progress", "jobs")}
    if wanted.get("judge") == "e5":
        wanted = _SURER | wanted
    unknown = sorted(set(wanted) - set(Options.__dataclass_fields__))
    if unknown:
        raise ValueError(
            f"unknown option {unknown[0]!r}; there are {', '.join(Options.__dataclass_fields__)}"
        )
    return Options(**wanted)


_SURER = {"certain_sentence": 0.96, "certain_sentence_translated": 0.9}
"""What the cross-encoder asks for besides: it has read labelled pairs only, and is surer than it ought to be of
sentences that are about one matter."""
