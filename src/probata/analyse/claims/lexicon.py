"""Cue words by language, read once from the shipped lists; forms for engines without a lemmatiser."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources
from typing import Any

from probata.text.alternation import factored

LANGUAGES = ("en", "fr", "de", "es", "ru")


@dataclass(frozen=True)
class Lexicon:
    """Cue words of one language. ``frames`` maps a lemma to what it may govern; ``acts`` a lemma to its act."""

    lang: str
    frames: dict[str, frozenset[str]] = field(default_factory=dict)
    nouns: frozenset[str] = frozenset()
    adjectives: frozenset[str] = frozenset()
    acts: dict[str, str] = field(default_factory=dict)
    raw: dict[str, Any] = field(default_factory=dict)

    def governs(self, lemma: str, frame: str) -> bool:
        """Whether the verb may govern that frame: clause, infinitive, object or phrase."""
        return frame in self.frames.get(lemma, ())


def words_of(value: Any) -> list[str]:
    """A YAML entry as words: text is split at white space, a list is taken as it is."""
    return value.split() if isinstance(value, str) else [str(item) for item in value or ()]


@lru_cache(maxsize=8)
def lexicon(lang: str) -> Lexicon:
    """The lexicon of a language; an empty one where none is shipped."""
    if lang not in LANGUAGES:
        return Lexicon(lang)
    import yaml

    text = resources.files("probata.data").joinpath(f"claims/cues_{lang}.yaml").read_text("utf-8")
    raw = yaml.safe_load(text)
    frames: dict[str, set[str]] = {}
    for frame in ("clause", "infinitive", "object", "phrase"):
        for lemma in words_of(raw.get(frame)):
            frames.setdefault(lemma, set()).add(frame)
    acts = {lemma: act for act, value in (raw.get("acts") or {}).items() for lemma in words_of(value)}
    return Lexicon(
        lang,
        {lemma: frozenset(kinds) for lemma, kinds in frames.items()},
        frozenset(words_of(raw.get("nouns"))),
        frozenset(words_of(raw.get("adjectives"))),
        acts,
        raw,
    )


@lru_cache(maxsize=10_000)
def lemma_of(lang: str, form: str) -> str:
    """Dictionary form of a cue form, for the act: by the list's stems, in English by stripping endings."""
    words = lexicon(lang)
    low = form.lower()
    for stem, lemma in sorted((words.raw.get("lemmas") or {}).items(), key=lambda item: -len(item[0])):
        if re.search(rf"(?<!\w){re.escape(stem)}", low):
            return str(lemma)
    for ending, other in (
        ("ied", "y"),
        ("ies", "y"),
        ("ed", ""),
        ("ed", "e"),
        ("es", ""),
        ("s", ""),
        ("d", ""),
        ("", ""),
    ):
        if low.endswith(ending) and (low[: len(low) - len(ending)] + other) in (
            words.acts.keys() | words.frames.keys()
        ):
            return low[: len(low) - len(ending)] + other
    return low


_ER = (
    "e",
    "es",
    "ent",
    "ait",
    "aient",
    "a",
    "èrent",
    "é",
    "ée",
    "és",
    "ées",
    "ant",
    "era",
    "eront",
    "erait",
    "er",
)


@lru_cache(maxsize=1)
def french_forms() -> dict[str, str]:
    """Cue verb by inflected form: the small French model lemmatises common ones wrongly ("estime", "dément").

    Regular verbs in -er are conjugated; the others are listed.
    """
    words = lexicon("fr")
    forms: dict[str, str] = {}
    for lemma in words.frames:
        if lemma.endswith("er"):
            stem = lemma[:-2]
            forms.update({stem + ending: lemma for ending in _ER})
            if stem.endswith("g"):
                forms.update({f"{stem}e{ending}": lemma for ending in ("ait", "aient", "a", "ant")})
            if stem.endswith("c"):
                forms.update({f"{stem[:-1]}ç{ending}": lemma for ending in ("ait", "aient", "a", "ant")})
    for lemma, listed in (words.raw.get("irregular") or {}).items():
        forms.update({form: str(lemma) for form in words_of(listed)})
    return forms


def _flat(expression: str) -> str:
    return re.sub(r"\|\s+", "|", " ".join(expression.split()))


@lru_cache(maxsize=8)
def breaks(lang: str) -> frozenset[str]:
    """Words that cannot stand in a noun phrase."""
    return frozenset(words_of(lexicon(lang).raw.get("breaks")))


@lru_cache(maxsize=8)
def object_pattern(lang: str) -> re.Pattern[str]:
    """Cue forms, that need no conjunction before what they govern; matches nothing where none are listed."""
    return re.compile(_flat(lexicon(lang).raw.get("objects") or "(?!)"))


@lru_cache(maxsize=8)
def cue_pattern(lang: str) -> re.Pattern[str]:
    """Every cue form of a language as one expression for lower case; all languages' forms for one without a list.

    A word boundary first lets the engine skip what starts no word, and no case has to be ignored: three times as fast.
    """
    langs = [lang] if lexicon(lang).raw else ["en", "fr", "de", "es"]
    flat = "|".join(
        _flat(lexicon(one).raw[key])
        for one in langs
        for key in ("objects", "forms")
        if lexicon(one).raw.get(key)
    )
    flat = re.sub(r"\)\s+\(\?:", r")\\s(?:", flat)
    return re.compile(factored(rf"\b(?<![’'])(?:{flat})(?!\w)"))
