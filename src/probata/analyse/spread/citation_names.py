"""Under which spellings a text may name an outlet, and whether a run of words in a text is such a name as written.

Words are looked for without regard to capitals and accents; what is found counts only if its capitals are those of a
name: "the Guardian" is one, "the guardian" is not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from probata.analyse.spread.citation_split import Vocabulary, split_names
from probata.model import Source

_ARTICLES = {
    "the": ("the",), "le": ("le", "du", "au"), "la": ("la",), "les": ("les", "des", "aux"), "l": ("l",),
    "der": ("der", "dem", "des", "den", "vom", "im", "beim"), "die": ("die", "der"),
    "das": ("das", "dem", "des", "vom", "im", "beim"), "el": ("el", "del", "al"), "los": ("los",), "las": ("las",),
}  # fmt: skip
"""The articles with which names begin, and what they become in a sentence."""


def _words(listed: str) -> frozenset[str]:
    return frozenset(listed.split())


_GERMAN = ("der", "die", "das")
_ANY = frozenset(
    {"presse", "press", "prensa", "zeitung", "medien", "media", "news", "nachrichten", "west", "westen"}
)
"""With a small article, or without one, these are no names: "die Presse berichtet"."""
_SMALL = _words(
    "the le la les l der die das el los las de du des d of and et y und for on in am al en à i и в на"
)
_WEAK = re.compile(r"(?:\w*zeitung|presse|post|rundschau|nachrichten|allgemeine)", re.IGNORECASE)
"""Last words of German names whose adjectives take an ending: "laut der Süddeutschen Zeitung"."""
_LABELS = _words(
    "www www2 m mobile amp web online news edition blog blogs tv live sport sports politics local beta app"
)
"""Parts of a host that name no outlet."""
_SECOND = _words("co com org net ac gov edu or gob gouv")
_DOMAIN = re.compile(r"[\w-]+(\.[\w-]+)+")
_WORD = re.compile(r"\w+")
_TORN = re.compile(r"[.,;:!?…]\s|\n\s*\n")
_SHORT = 2
_JUDGED = 3
"""As many names of as many letters tell whether the sources are written in small letters throughout."""


@dataclass(frozen=True)
class Spelling:
    """Words to look for, and how they have to be written."""

    words: str
    source: str
    name: str  # the own words of the name, as registered
    article: str = ""  # that of the name, "" where it has none
    lead: int = 0  # words before the own ones: an article, "laut"
    oblique: bool = False  # a form that is no subject
    small: bool = False  # may be written in small letters, as it is registered so

    @cached_property
    def domain(self) -> bool:
        """Whether it is a whole domain."""
        return bool(_DOMAIN.fullmatch(self.name))

    @cached_property
    def short(self) -> bool:
        """Whether it is a name of two letters."""
        return len(self.name) <= _SHORT

    @cached_property
    def plain(self) -> bool:
        """Whether it is nothing but one word, as most names are."""
        told = self.article or self.lead or self.oblique or self.small or self.short
        return not told and bool(_WORD.fullmatch(self.name))

    @cached_property
    def capitals(self) -> tuple[bool, ...]:
        """Which of its words have to begin with a capital."""
        words = _WORD.findall(self.name)
        if self.name == self.name.lower():
            return tuple(word not in _SMALL and word[0].isalpha() for word in words)
        russian = self.name[0] > "\u0370"  # of whose names the first word alone has a capital
        return tuple(word[0].isupper() and not (russian and at) for at, word in enumerate(words))


@dataclass(frozen=True, slots=True)
class Written:
    """A name as it stands in a text: where it begins in the run of words, and what that says of it."""

    begin: int
    oblique: bool = False  # it can not be a subject
    small: bool = False  # nothing but small letters, which a word may be as well


def spellings(
    sources: Sequence[str], outlets: Sequence[Source], vocabulary: Vocabulary | None = None
) -> list[Spelling]:
    """All spellings; registered names come before what is derived, and what may mean two outlets is left out."""
    given = list(_registered(sources, outlets))
    small = _small_letters([name for name, _ in given])
    exact = [found for name, source in given for found in _exact(name, source, small)]
    known: dict[str, Spelling] = {}
    for found in sorted(
        exact, key=lambda found: bool(found.article) > found.lead
    ):  # those without their article last
        known.setdefault(found.words.casefold(), found)
    taken = set(known)
    labels = _labels(given)
    inflected = [found for name, source in given for found in _forms(name, source)]
    own = [Spelling(label, source, label) for label, held in labels.items() for source in held]
    for tier in (inflected, own, list(_in_words(labels, vocabulary))):
        forms: dict[str, list[Spelling]] = {}
        for found in tier:
            forms.setdefault(found.words.casefold(), []).append(found)
        for words, alike in forms.items():
            if words not in taken and len({form.source for form in alike}) == 1:
                known[words] = alike[0]
        taken |= forms.keys()
    return list(known.values())


def _registered(sources: Sequence[str], outlets: Sequence[Source]) -> Iterator[tuple[str, str]]:
    """Names with the source that each means; domains of one outlet of a case mean one."""
    same: dict[str, str] = {}
    known = set(sources)
    for outlet in outlets:
        held = sorted({outlet.id, outlet.name, *outlet.domains} & known)
        for name in (outlet.name, *outlet.domains):
            same.setdefault(name, held[0] if held else outlet.id)
    for name in sources:
        yield _bare(name), name
    for name, source in same.items():
        if name not in known:
            yield _bare(name), source


def _bare(name: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", name.strip()).rstrip("/")


def _small_letters(names: Sequence[str]) -> bool:
    """Whether the names are put in small letters throughout, so that small letters tell nothing of one of them."""
    told = {name for name in names if not _DOMAIN.fullmatch(name) and sum(map(str.isalpha, name)) >= _JUDGED}
    return len(told) >= _JUDGED and all(name == name.lower() for name in told)


def _letters(name: str) -> int:
    return sum(map(str.isalnum, name))


def _exact(name: str, source: str, small: bool) -> Iterator[Spelling]:
    """The name as registered; an article that it begins with may be written small where one word is left."""
    if _letters(name) < _SHORT:
        return
    article, rest = _parted(name)
    if not article:
        own = not small and name == name.lower() and _letters(name) > _SHORT and len(_WORD.findall(name)) <= 2
        yield Spelling(name, source, name, small=own and not _DOMAIN.fullmatch(name))
    elif len(_WORD.findall(rest)) == 1:
        yield Spelling(name, source, rest, article, lead=1)
    else:
        yield Spelling(rest, source, rest, article)


def _parted(name: str) -> tuple[str, str]:
    """The article and the rest of a name that begins with one, else "" and the name."""
    found = re.fullmatch(r"(\w+)(?:\s+|['’]\s*)(\S.*)", name)
    if not found or found.group(1).casefold() not in _ARTICLES or _letters(found.group(2)) <= _SHORT:
        return "", name
    return found.group(1), found.group(2)


def _labels(given: Sequence[tuple[str, str]]) -> dict[str, list[str]]:
    """The own parts of domains, with the sources that each may mean."""
    labels: dict[str, set[str]] = {}
    for name, source in given:
        label = _label(name)
        if label:
            labels.setdefault(label, set()).add(source)
    return {label: sorted(held) for label, held in labels.items()}


def _in_words(labels: dict[str, list[str]], vocabulary: Vocabulary | None) -> Iterator[Spelling]:
    for label, names in split_names(list(labels), vocabulary).items():
        for source in labels[label]:
            for name in names:
                yield from _exact(name, source, True)
                yield from _forms(name, source)


def _label(name: str) -> str:
    """The part of a domain that names an outlet: "rt" of "de.rt.com"."""
    if not _DOMAIN.fullmatch(name):
        return ""
    labels = name.lower().split(".")
    while len(labels) > 2 and labels[1] not in _SECOND and (labels[0] in _LABELS or len(labels[0]) <= _SHORT):
        labels = labels[1:]
    return labels[0] if _letters(labels[0]) >= _SHORT else ""


def _forms(name: str, source: str) -> Iterator[Spelling]:
    article, rest = _parted(name)
    words = _WORD.findall(rest)
    if article and len(words) == 1 and rest.casefold() not in _ANY:
        for form in _ARTICLES[article.casefold()]:
            if form != article.casefold():
                yield Spelling(f"{form} {rest}", source, rest, article, lead=1, oblique=True)
        if article.casefold() in ("der", "das"):
            yield Spelling(f"des {rest}s", source, f"{rest}s", article, lead=1, oblique=True)
        if article.casefold() in _GERMAN:
            yield Spelling(f"laut {rest}", source, rest, article, lead=1)
    elif len(words) > 1 and _WEAK.fullmatch(words[-1]):
        ended = [word + "n" if word.endswith("e") and (at + 1 < len(words) or word == "Allgemeine") else word
                 for at, word in enumerate(words)]  # fmt: skip
        if ended != words:
            yield Spelling(" ".join(ended), source, " ".join(ended), article, oblique=True)


def written(text: str, start: int, end: int, spelling: Spelling) -> Written | None:
    """The name in ``text[start:end]``; None where capitals or signs between the words say that it is none."""
    run = text[start:end]
    if spelling.plain:
        return Written(start) if run[0].isupper() else None
    if spelling.domain:
        same = run.count(".") == spelling.name.count(".") and len(run.split()) == 1
        return Written(start) if same else None
    words = list(_WORD.finditer(run))
    own = words[spelling.lead :]
    if not own or _TORN.search(run):
        return None
    said = [word.group() for word in own]
    small = False
    if spelling.short:
        if said != [spelling.name.upper()]:
            return None
    elif not _capital(said, spelling.capitals):
        small = spelling.small and " ".join(said) == spelling.name
        if not small:
            return None
    if spelling.article:
        return _with_article(text, start, words, spelling)
    return Written(start + own[0].start(), spelling.oblique, small)


def _capital(words: Sequence[str], capitals: tuple[bool, ...]) -> bool:
    if len(words) != len(capitals):  # a sign of no width parts a word
        return words[0][:1].isupper()
    return any(capitals) and all(
        word[:1].isupper() for word, needed in zip(words, capitals, strict=True) if needed
    )


def _with_article(
    text: str, start: int, words: Sequence[re.Match[str]], spelling: Spelling
) -> Written | None:
    """The name with its article where it is written as registered, else without."""
    article = spelling.article[:1].upper() + spelling.article[1:]
    if not spelling.lead:
        begin = start + words[0].start()
        whole = re.search(rf"(?<!\w){re.escape(article)}\s+$", text[max(0, begin - 20) : begin])
        return Written(begin - len(whole.group()) if whole else begin, spelling.oblique)
    stands = words[0].group()
    if not spelling.oblique and stands in (article, article.upper()):
        return Written(start)
    if spelling.name.casefold() in _ANY:
        return None
    if article == "L":
        return Written(start)
    return Written(start + words[spelling.lead].start(), spelling.oblique)
