"""Nouns for those who can act: "the ministry", "two gunmen", "le maire sortant"; and the names they stand for.

The nouns lie in ``data/claims/actors.yaml``. A noun is looked for where it is needed, in a content and then in the
article around names, never in the whole of an archive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

from probata.analyse.claims.document import Span
from probata.analyse.claims.lexicon import breaks, words_of
from probata.text.alternation import factored

_STEMS = frozenset({"de", "ru"})
"""Languages whose nouns are listed as stems, for their cases; German compounds end in the noun."""
_ENDINGS = {
    "en": r"(?:s|es)?",
    "fr": r"(?:s|x|es)?",
    "es": r"(?:s|es)?",
    "de": r"(?:s|es|n|en|e|er|ern|in|innen)?",
    "ru": r"\w{0,6}",
}
_WORD = re.compile(r"[^\W_]+(?:[-][^\W_]+)*|[lLdD](?=['’])")
_AUXILIARY = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "be",
        "been",
        "being",
        "has",
        "have",
        "had",
        "do",
        "does",
        "did",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "must",
        "shall",
        "should",
        "not",
        "who",
        "which",
        "and",
        "or",
        "but",
        "that",
        "if",
        "told",
        "said",
        "to",
        "out",
        "up",
        "not",
        "never",
        "then",
        "than",
        "as",
        "also",
        "only",
        "even",
        "still",
        "a",
        "ont",
        "avait",
        "avaient",
        "est",
        "sont",
        "était",
        "étaient",
        "aurait",
        "auraient",
        "doit",
        "doivent",
        "que",
        "qu",
        "qui",
        "et",
        "ou",
        "ne",
        "pas",
        "se",
        "ist",
        "sind",
        "war",
        "waren",
        "hat",
        "haben",
        "hatte",
        "hatten",
        "habe",
        "hätte",
        "hätten",
        "wird",
        "werde",
        "werden",
        "muss",
        "dass",
        "und",
        "oder",
        "nicht",
        "ha",
        "han",
        "había",
        "habían",
        "es",
        "son",
        "era",
        "eran",
        "fue",
        "fueron",
        "debe",
        "deben",
        "que",
        "y",
        "o",
        "no",
        "se",
        "и",
        "или",
        "что",
        "чтобы",
        "не",
        "был",
        "была",
        "были",
        "будет",
    ]
)
_MODIFIERS = 2
_COMPLEMENT = re.compile(
    r" (?:de la|de l['’]|des?|du|d['’]|del|de los|de las) ?(?![^\W_]+(?:er|ir|oir|re|ar)\b)[^\W\d_]{3,}(?:-\w+)?"
)


@dataclass(frozen=True)
class Actors:
    """The nouns of one language: a pattern over them, and the group of those that name a kind of body."""

    lang: str
    pattern: re.Pattern[str]
    groups: tuple[tuple[str, ...], ...]
    nouns: frozenset[str]
    determiners: frozenset[str]
    prepositions: frozenset[str]

    def singular(self, noun: str) -> bool:
        """Whether a noun is meant for one: as listed, or of a language that lists stems."""
        return self.lang in _STEMS or noun.lower() in self.nouns

    def kin(self, noun: str) -> tuple[str, ...]:
        """Nouns that may stand for this one ("channel": broadcaster, network, station); itself alone for people."""
        return _kin(self.lang, noun.lower())


@lru_cache(maxsize=20_000)
def _kin(lang: str, low: str) -> tuple[str, ...]:
    actors = actors_of(lang)
    return next(
        (group for group in actors.groups if any(_is(lang, low, one) for one in group))
        if actors
        else iter(()),
        (),
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """A noun phrase for an actor: its span, the noun, the words between determiner and noun."""

    span: Span
    head: str
    modifiers: tuple[str, ...]
    determiner: str


def _is(lang: str, low: str, noun: str) -> bool:
    return bool(re.fullmatch(_form(lang, noun), low))


def _form(lang: str, noun: str) -> str:
    stem = re.escape(noun)
    if lang == "en" and noun.endswith("y"):
        return rf"{re.escape(noun[:-1])}(?:y|ies)"
    return (rf"\w*{stem}" if lang == "de" else stem) + _ENDINGS[lang]


@lru_cache(maxsize=8)
def actors_of(lang: str) -> Actors | None:
    """The nouns of a language, None where none are listed."""
    text = resources.files("probata.data").joinpath("claims/actors.yaml").read_text("utf-8")
    raw: dict[str, Any] = yaml.safe_load(text).get(lang) or {}
    if not raw:
        return None
    groups = tuple(tuple(re.findall(r'"([^"]+)"|(\S+)', line)) for line in raw["bodies"])
    bodies = tuple(tuple(a or b for a, b in group) for group in groups)
    nouns = sorted({*words_of(raw["people"]), *(n for g in bodies for n in g)}, key=len, reverse=True)
    joined = "|".join(_form(lang, noun) for noun in nouns)
    return Actors(
        lang,
        re.compile(factored(rf"\b(?<!-)(?:{joined})(?![\w-])")),
        bodies,
        frozenset(nouns),
        frozenset(words_of(raw["determiners"])),
        frozenset(words_of(raw["prepositions"])),
    )


def mentions(text: str, low: str, span: Span, actors: Actors) -> Iterator[Mention]:
    """Noun phrases for actors in a stretch of text (``low``: in lower case); of "government soldiers" the soldiers."""
    found = list(actors.pattern.finditer(low, *span))
    for place, match in enumerate(found):
        after = found[place + 1] if place + 1 < len(found) else None
        if after and actors.lang == "en" and text[match.end() : after.start()] == " ":
            continue  # the noun before a noun qualifies it
        if re.match(r"['’]s \w", text[match.end() : match.end() + 4]):
            continue  # "the minister's brother" is another one
        yield _mention(text, (max(span[0], match.start() - 60), match.start()), match, actors)


def _mention(text: str, before: Span, match: re.Match[str], actors: Actors) -> Mention:
    """Widen a noun to its phrase: determiner and modifiers before it, in Romance languages «de» and a noun after it."""
    start, determiner = match.start(), ""
    modifiers: list[str] = []
    stop = breaks(actors.lang)
    for word in reversed(list(_WORD.finditer(text, *before))):
        low = word.group().lower()
        if not re.fullmatch(r"[\s'’]*", text[word.end() : start]):
            break
        if low in actors.determiners or f"{low}'" in actors.determiners:
            determiner = low
            break
        if (
            low in _AUXILIARY
            or low in stop
            or low in actors.prepositions
            or len(modifiers) >= _MODIFIERS
            or (actors.lang != "de" and word.group()[0].isupper())
        ):
            break
        modifiers.insert(0, low)
        start = word.start()
    end = match.end()
    if actors.lang in ("fr", "es"):
        tail = _COMPLEMENT.match(text, end)
        end = tail.end() if tail else end
    return Mention((start, end), match.group().lower(), tuple(modifiers), determiner)


_JOINED = frozenset(["au", "aux", "du", "des", "del", "al", "im", "am", "vom", "zum", "zur", "beim"])
"""Preposition and determiner in one word: such a word is both."""


def before_word(text: str, at: int, floor: int, determiners: frozenset[str] = frozenset()) -> str:
    """The word right before a place in lower case, determiners passed over; "" where a mark or the floor is there."""
    words: list[str] = re.findall(r"[^\W_]+['’]?(?=\s*|$)|[^\w\s]", text[max(floor, at - 40) : at].lower())
    while words:
        word = words.pop().replace("’", "'")
        if not word[0].isalnum():
            return ""
        if word in _JOINED or word not in determiners:
            return word
    return ""
