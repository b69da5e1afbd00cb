"""Names within an article: who "he", "Ferrand" or "the party chief" is.

Names are runs of capitalised words (no entity recogniser: its small models call outlets persons). A short form
takes the longest earlier name that ends in it; a pronoun the last speaker or the last name before it; a title
the name that the article gives that title to.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import yaml

from probata.analyse.claims.actors import Actors, Mention, actors_of
from probata.analyse.claims.document import Document, Span
from probata.analyse.claims.lexicon import words_of

_NAME = re.compile(
    r"[A-ZÀ-ÝА-ЯЁ](?:[\w’'\-]*\w|(?<=[A-Z])\.)(?:[  ](?:(?:de|du|des|la|le|von|van|der|den|del|bin|al|of)[  ])?"
    r"[A-ZÀ-ÝА-ЯЁ](?:[\w’'\-]*\w|(?<=[A-Z])\.))*"
)
_TITLES = re.compile(
    r"^(?:(?:President|Mr|Mrs|Ms|Dr|Sen|Senator|Rep|Gov|Governor|Prime Minister|Minister|Chancellor|Secretary|"
    r"Spokesman|Spokeswoman|Former|M|Mme|Président|Ministre|Herr|Frau|Präsident|Bundeskanzlerin|Señor|Presidente)\.?\s+)+"
)
_PRONOUNS = {
    "en": {"he": "m", "she": "f", "they": "", "it": "o", "i": "", "we": "", "who": "r", "which": "r", "that": "r"},
    "fr": {"il": "m", "elle": "f", "ils": "", "elles": "", "on": "", "ce dernier": "m", "cette dernière": "f",
           "celui-ci": "m", "celle-ci": "f", "l'intéressé": "m", "qui": "r", "lui": "m"},
    "de": {"er": "m", "sie": "", "dieser": "m", "diese": "f"},
    "es": {"él": "m", "ella": "f", "este": "m", "ésta": "f", "quien": "r"},
    "ru": {"он": "m", "она": "f", "они": ""},
}  # fmt: skip
_ENDS = frozenset(".!?:")
_OPENERS = frozenset('«“"(„‘—–')
_RECENT = 1_500
"""Code points within which a pronoun may go back to whoever spoke last."""
_BODY = re.compile(
    r"^(?:the|le|la|l['’]|der|die|das|el)\s*(?:\w+ ){0,2}(?:channel|newspaper|outlet|agency|broadcaster|network|site|"
    r"website|company|organi[sz]ation|magazine|daily|paper|party|movement|chaîne|journal|quotidien|agence|média|parti|"
    r"mouvement|Sender|Zeitung|Agentur|Partei|cadena|periódico|diario|agencia|partido)$",
    re.IGNORECASE,
)
"""A body spoken of by its kind: whoever of its kind spoke last ("the news channel said")."""
_QUALIFIED = re.compile(
    r"[’']s\b|(?: (?!and\b|et\b|und\b|who\b)[a-zà-ÿа-яё][\w’'\-]*){1,4} [A-ZÀ-ÝА-ЯЁ]"
    r"|(?: [a-zà-ÿ][\w’'\-]*){1,2}$"
)
"""What follows a name that qualifies a title: "Kremlin spokesman Dmitry Peskov"."""
_QUALIFIES = re.compile(
    r"\b(?:of|for|from|at|in|de|du|des|à|au|pour|von|vom|der|des|del|para)"
    r"(?: (?:the|la|le|les|l['’]))?\s+$|\b[dl]['’]$",
    re.IGNORECASE,
)
"""Words after which a name qualifies a title: "spokesman of", "candidate du"."""


_POSSESSOR = re.compile(r"(.+\w)[’']s (?=.)")
_OWNS = re.compile(r"[’']s$")
_FIRST = re.compile(r"([^\W_]+(?:[’'](?!s\b))?)[  ]*")
_INDEFINITE = frozenset(
    ("a", "an", "un", "une", "ein", "eine", "einen", "einem", "einer", "una", "des", "plusieurs", "some", "several",
     "two", "three", "deux", "trois", "zwei", "drei", "dos", "tres")
)  # fmt: skip
_WORDS = re.compile(r"[^\W_]+")
_APPOSED = re.compile(
    r", (?:(?:the|le|la|l['’]|der|die|das|el|his|her|its|their|son|sa|leur) ?)?(?:[^\W_]+ ){0,2}"
)
"""What stands between a name and the noun set beside it."""


@lru_cache(maxsize=2)
def _no_names(kind: str) -> frozenset[str]:
    """Words that are capitalised for where they stand, or for what they are."""
    text = resources.files("probata.data").joinpath("claims/openers.yaml").read_text("utf-8")
    return frozenset(words_of(yaml.safe_load(text)[kind]))


@dataclass(slots=True)
class Names:
    """Names of one article in text order, and who was given which title."""

    spans: list[Span] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    _full: dict[str, str] = field(default_factory=dict)
    _by_last: dict[str, list[list[str]]] = field(default_factory=dict)
    _by_word: dict[str, list[int]] = field(default_factory=dict)

    def before(self, at: int) -> str:
        """The last name that starts before a place, "" where there is none."""
        place = bisect_left(self.spans, (at, 0))
        return self.texts[place - 1] if place else ""

    def full(self, name: str) -> str:
        """The longest name of the article that ends in the short one ("Ferrand" -> "Richard Ferrand")."""
        if name not in self._full:
            words = _TITLES.sub("", name).split() or [name]
            fits = [other for other in self._ending(words[-1]) if other[-len(words) :] == words]
            best: list[str] = max([words, *fits], key=len)
            self._full[name] = " ".join(best)
        return self._full[name]

    def holding(self, words: Iterable[str]) -> list[int]:
        """Places of the names of several words that hold one of the words, given in lower case; in order."""
        if not self._by_word:
            self._by_word[""] = []
            for place, text in enumerate(self.texts):
                if " " in text:
                    for word in text.lower().split():
                        self._by_word.setdefault(word, []).append(place)
        return sorted({place for word in words for place in self._by_word.get(word, ())})

    def _ending(self, last: str) -> list[list[str]]:
        """Names of two to four words by their last word, titles left out."""
        if not self._by_last:
            for text in dict.fromkeys(self.texts):
                parts = _TITLES.sub("", text).split()
                if 1 < len(parts) <= 4:
                    self._by_last.setdefault(parts[-1], []).append(parts)
            self._by_last.setdefault("", [])
        return self._by_last.get(last, [])


def names_of(document: Document) -> Names:
    """Runs of capitalised words that are names: words that open a sentence, days and peoples are left out.

    A single word that only ever opens sentences is a name only as part of a longer one; in German, where nouns have
    capitals, every single word is held to that, and nouns for actors before a name are no part of it.
    """
    found = Names()
    doubtful: list[bool] = []
    for match in _NAME.finditer(document.text):
        start, text = match.start(), match.group()
        opens = _opens(document.text, start)
        text = _without(text, opens)
        bare = _without_nouns(text) if document.lang == "de" else text
        unsure = opens if document.lang != "de" else bare == text
        text = bare
        start = match.end() - len(text)
        owned = "'" in text or "’" in text
        possessor = _POSSESSOR.match(text) if owned else None
        if possessor:
            _append(found, start, possessor.group(1))
            start, text = start + possessor.end(), text[possessor.end() :]
            unsure = False
        _append(found, start, _OWNS.sub("", text) if owned else text)
        new = len(found.texts) - len(doubtful)
        if new:
            doubtful += [unsure and " " not in found.texts[-1]] * new
    return _sure(found, doubtful)


def _opens(text: str, at: int) -> bool:
    """Whether a word opens a sentence, a line or a quotation."""
    if at > 1 and text[at - 1] == " " and text[at - 2].isalnum():
        return False  # amid a sentence, as nearly all are
    before = text[max(0, at - 4) : at]
    bare = before.rstrip()
    space = len(before) - len(bare)
    last = bare[-1:]
    return not at or last in _ENDS or (last in _OPENERS and space < 2) or "\n" in before[len(bare) :]


def _sure(names: Names, doubtful: list[bool]) -> Names:
    """Names without the doubtful ones that nothing else in the article bears out."""
    borne = {name for name, unsure in zip(names.texts, doubtful, strict=True) if not unsure}
    borne |= {word for name in borne if " " in name for word in name.split()}
    kept = [i for i, unsure in enumerate(doubtful) if not unsure or names.texts[i] in borne]
    return Names([names.spans[i] for i in kept], [names.texts[i] for i in kept])


def _without_nouns(text: str) -> str:
    """A German run without the nouns for actors that lead it: "Ministerin Anna Weber"."""
    actors = actors_of("de")
    words = text.split(" ")
    while actors is not None and len(words) > 1 and actors.pattern.fullmatch(words[0].lower()):
        words.pop(0)
        if words[0][:1].islower():
            return ""  # "Trainer des Betrugs": nouns, no name
    return " ".join(words)


def _append(found: Names, start: int, text: str) -> None:
    if _may_name(text):
        found.spans.append((start, start + len(text)))
        found.texts.append(text)


@lru_cache(maxsize=20_000)
def _may_name(text: str) -> bool:
    return len(text) > 2 and text.lower() not in _no_names("never")


@lru_cache(maxsize=20_000)
def _without(text: str, opens: bool) -> str:
    """A run without the words before the name proper."""
    while True:
        first = _FIRST.match(text)
        if first is None:
            return text
        word = first.group(1).lower()
        if word not in _no_names("never") and not (opens and word in _no_names("words")):
            return text
        text = text[first.end() :]


class Speakers:
    """Resolves sources in text order: remembers who spoke last."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names = names_of(document)
        self.last = ""
        self.place = 0
        self.low = document.low
        self._titles: dict[str, str] = {}
        self._actors = actors_of(document.lang)
        self._described: dict[tuple[str, tuple[str, ...]], list[tuple[int, str]]] = {}

    def described(self, mention: Mention) -> str:
        """The name that the article has for a noun phrase: "the rector" where it has "Rector Ernst Holl".

        A name fits that stands right beside the noun, or that holds it or its like ("the broadcaster": "Channel
        Meridian"). The last one before the phrase is taken, else the first after it; "" where none fits.
        """
        if self._actors is None:
            return ""
        key = (mention.head, mention.modifiers)
        if key not in self._described:
            self._described[key] = sorted(self._fitting(mention, self._actors))
        fitting = self._described[key]
        before = [name for at, name in fitting if at < mention.span[0]]
        name = before[-1] if before else fitting[0][1] if fitting else ""
        first, _, rest = name.partition(" ")
        return rest if " " in rest and first.lower() == mention.head else name

    def _fitting(self, mention: Mention, actors: Actors) -> Iterator[tuple[int, str]]:
        """(place, name) of the names that a noun phrase may stand for."""
        if mention.determiner in _INDEFINITE or not actors.singular(mention.head):
            return
        nouns = actors.kin(mention.head) or (mention.head,)
        for place in self.names.holding((*nouns, mention.head)):
            yield self.names.spans[place][0], self.names.full(self.names.texts[place])
        for noun in dict.fromkeys((mention.head, *nouns)):
            yield from self._beside(noun, mention if noun == mention.head else None)

    def _beside(self, noun: str, mention: Mention | None) -> Iterator[tuple[int, str]]:
        """Names that stand right before or after a noun: "the operator, Northline", "Ann Lee, the mayor"."""
        text, names = self.document.text, self.names
        for start, end in self._places(noun):
            modifiers = set(_WORDS.findall(self.low[max(0, start - 30) : start])[-2:])
            if mention and mention.modifiers and not modifiers & set(mention.modifiers):
                continue
            place = bisect_left(names.spans, (end, 0))
            if place < len(names.spans) and re.fullmatch(
                r",? |,? (?:the|le|la|der|die|das) | «\s?| [“\"„]", text[end : names.spans[place][0]]
            ):
                yield start, names.full(names.texts[place])
            if place and _APPOSED.fullmatch(text[names.spans[place - 1][1] : start]):
                yield start, names.full(names.texts[place - 1])

    def _places(self, noun: str) -> Iterator[Span]:
        """Where a noun stands in the article as a word of its own."""
        low, at = self.low, self.low.find(noun)
        while at >= 0:
            end = at + len(noun)
            if not low[at - 1 : at].isalnum() and not low[end : end + 1].isalnum():
                yield at, end
            at = low.find(noun, end)

    def speaker(self, source: Span | None) -> str:
        """Name of the speaker behind a source span, "" where the article does not tell."""
        if source is None:
            return ""
        text = self.document.text[source[0] : source[1]].strip()
        resolved = self._pronoun(text, source) if self._is_pronoun(text) else self._named(text, source)
        if resolved:
            self.last, self.place = resolved, source[0]
        return resolved

    def _is_pronoun(self, text: str) -> bool:
        return text.lower() in _PRONOUNS.get(self.document.lang, {})

    def _pronoun(self, text: str, source: Span) -> str:
        """The speaker before, or else the last name of the sentence or paragraph before the pronoun."""
        gender = _PRONOUNS[self.document.lang][text.lower()]
        near = self.names.before(source[0])
        if gender not in ("o", "r") and self.last and source[0] - self.place <= _RECENT:
            return self.last
        return self.names.full(near) if near else self.last

    def _named(self, text: str, source: Span) -> str:
        """A source that holds a name: the name that heads it; a title: whoever the article calls so."""
        first = bisect_left(self.names.spans, (source[0], 0))
        last = bisect_left(self.names.spans, (source[1], 0))
        pairs = zip(self.names.spans[first:last], self.names.texts[first:last], strict=True)
        inside = [(span, name) for span, name in pairs if span[1] <= source[1]]
        if inside:
            head = self._head(text, source, inside)
            return self.names.full(head) if head else self._titled(text) or text
        if self.last and _BODY.match(text):
            return self.last
        bare = re.sub(r"^.*\w[’']s ", "", text)
        return self._titled(text) or (
            self.names.full(bare) if bare[:1].isupper() and " " not in bare else text
        )

    def _head(self, text: str, source: Span, inside: list[tuple[Span, str]]) -> str:
        """The name that speaks: none that qualifies a title ("Kremlin spokesman", "candidate of"); "" without one."""
        for span, name in inside:
            before = self.document.text[source[0] : span[0]]
            after = self.document.text[span[1] : source[1]]
            if not _QUALIFIES.search(before) and not _QUALIFIED.match(after):
                return name
        return ""

    def _titled(self, text: str) -> str:
        """The name next to the same title elsewhere: "party chief, Richard Ferrand"."""
        title = re.sub(r"^(?:the|a|an|his|her|le|la|l['’]|der|die|das|el)\s*", "", text, flags=re.IGNORECASE)
        if len(title) < 4:
            return ""
        if title not in self._titles:
            self._titles[title] = self._name_after(title)
        return self._titles[title]

    def _name_after(self, title: str) -> str:
        """The name that stands right after the words of a title somewhere in the article."""
        low, words = self.low, title.lower()
        at = low.find(words) if len(low) == len(self.document.text) else -1
        while at >= 0:
            end = at + len(words)
            place = bisect_left(self.names.spans, (end, 0))
            if place < len(self.names.spans):
                start = self.names.spans[place][0]
                if start - end <= 2 and not low[end:start].strip(" ,"):
                    return self.names.full(self.names.texts[place])
            at = low.find(words, end)
        return ""
