"""Names within an article: who "he", "Ferrand" or "the party chief" is.

Names are runs of capitalised words (no entity recogniser: its small models call outlets persons). A short form
takes the longest earlier name that ends in it; a pronoun the last speaker or the last name before it; a title
the name that the article gives that title to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import resources

import yaml

from probata.analyse.claims.document import Document, Span
from probata.analyse.claims.lexicon import words_of

_NAME = re.compile(
    r"(?:[A-ZÀ-ÝА-ЯЁ][\w’'\-]*\w|[A-Z]\.)(?:[  ](?:(?:de|du|des|la|le|von|van|der|den|del|bin|al|of)[  ])?"
    r"(?:[A-ZÀ-ÝА-ЯЁ][\w’'\-]*\w|[A-Z]\.))*"
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
_STARTS = re.compile(r"(?:[.!?:\n]\s*|^|[«“\"(„‘—–]\s?)$")
_RECENT = 1_500
"""Code points within which a pronoun may go back to whoever spoke last."""
_BODY = re.compile(
    r"^(?:the|le|la|l['’]|der|die|das|el)\s*(?:\w+ ){0,2}(?:channel|newspaper|outlet|agency|broadcaster|network|site|website|"
    r"company|organi[sz]ation|magazine|daily|paper|party|movement|chaîne|journal|quotidien|agence|média|site|parti|mouvement|"
    r"Sender|Zeitung|Agentur|Partei|cadena|periódico|diario|agencia|partido)$",
    re.IGNORECASE,
)
"""A body spoken of by its kind: whoever of its kind spoke last ("the news channel said")."""
_QUALIFIES = re.compile(
    r"\b(?:of|for|from|at|in|de|du|des|à|au|pour|von|vom|der|des|del|para)"
    r"(?: (?:the|la|le|les|l['’]))?\s+$|\b[dl]['’]$",
    re.IGNORECASE,
)
"""Words after which a name qualifies a title: "spokesman of", "candidate du"."""


@lru_cache(maxsize=1)
def _openers() -> frozenset[str]:
    """Words that are capitalised for where they stand only."""
    text = resources.files("probata.data").joinpath("claims/openers.yaml").read_text("utf-8")
    return frozenset(words_of(yaml.safe_load(text)["words"]))


@dataclass(slots=True)
class Names:
    """Names of one article in text order, and who was given which title."""

    spans: list[Span] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def before(self, at: int) -> list[str]:
        """Names that start before a place, last first."""
        return [text for (start, _), text in zip(self.spans, self.texts, strict=True) if start < at][::-1]


def names_of(document: Document) -> Names:
    """Runs of capitalised words that are names: sentence starts and weekdays are left out."""
    found, openers = Names(), _openers()
    for match in _NAME.finditer(document.text):
        start, text = match.start(), match.group()
        opens = _STARTS.search(document.text, max(0, start - 4), start)
        while opens:
            first = re.match(r"[^\W_]+[.’']?", text)
            if first is None or first.group().lower().rstrip(".’'") not in openers:
                break
            cut = first.end()
            cut += len(text[cut:]) - len(text[cut:].lstrip())
            start, text = start + cut, text[cut:]
        stripped = re.sub(r"[’']s$", "", text)
        if len(stripped) > 2:
            found.spans.append((start, start + len(stripped)))
            found.texts.append(stripped)
    return found


def full_name(name: str, known: Sequence[str]) -> str:
    """The longest name of the article that ends in the short one ("Ferrand" -> "Richard Ferrand")."""
    plain = _TITLES.sub("", name)
    words = plain.split()
    best = plain
    for other in known:
        candidate = _TITLES.sub("", other)
        parts = candidate.split()
        if len(parts) > len(best.split()) and len(parts) <= 4 and parts[-len(words) :] == words:
            best = candidate
    return best


class Speakers:
    """Resolves sources in text order: remembers who spoke last."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.names = names_of(document)
        self.last = ""
        self.place = 0
        self.kinds: dict[str, str] = {}

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
        previous = self.names.before(source[0])
        if (
            gender != "o"
            and self.last
            and self.last in {full_name(n, self.names.texts) for n in previous[:12]}
        ):
            return self.last
        near = previous[:1]
        return full_name(near[0], self.names.texts) if near else self.last

    def _named(self, text: str, source: Span) -> str:
        """A source that holds a name: the name that heads it; a title: whoever the article calls so."""
        inside = [
            (span, name)
            for span, name in zip(self.names.spans, self.names.texts, strict=True)
            if span[0] >= source[0] and span[1] <= source[1]
        ]
        if inside:
            head = re.sub(r"^.*\w[’']s ", "", self._head(text, source, inside))
            return full_name(head, self.names.texts) if head else self._titled(text) or text
        if self.last and _BODY.match(text):
            return self.last
        return self._titled(text) or text

    def _head(self, text: str, source: Span, inside: list[tuple[Span, str]]) -> str:
        """The name that speaks: none after "of", "du", "'s"; "" where all of them only qualify a title."""
        for span, name in inside:
            before = self.document.text[source[0] : span[0]]
            after = self.document.text[span[1] : span[1] + 2]
            if not _QUALIFIES.search(before) and not re.match(r"[’']s", after):
                return name
        return ""

    def _titled(self, text: str) -> str:
        """The name next to the same title elsewhere: "party chief, Richard Ferrand"."""
        title = re.sub(r"^(?:the|a|an|his|her|le|la|l['’]|der|die|das|el)\s*", "", text, flags=re.IGNORECASE)
        if len(title) < 4:
            return ""
        for match in re.finditer(re.escape(title), self.document.text, re.IGNORECASE):
            for span, name in zip(self.names.spans, self.names.texts, strict=True):
                gap = self.document.text[match.end() : span[0]] if span[0] >= match.end() else None
                if gap is not None and len(gap) <= 2 and gap.strip(" ,") == "":
                    return full_name(name, self.names.texts)
        return ""
