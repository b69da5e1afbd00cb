"""Who is who in the ledger: speakers, the accused, their organisations, states spoken of by their seats.

An accusation says whom it is about in its content. The first name in it that is not the speaker and not spoken of as
the victim ("the X campaign was being hit", "against X") is the accused, with whoever is joined to it by "and".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from probata.analyse.claims.ledger_words import alternatives, canon, inflected, one_name, state_forms
from probata.model import Candidate, Source

_TITLES = re.compile(
    r"^(?:mr|mrs|ms|dr|m|mme|monsieur|madame|president|minister|senator|the|a|an|le|la|les|l[’']|un|une|der|die|das|el)\.?\s+",
    re.IGNORECASE,
)
_OWNER = re.compile(r"^[^\s].*\w[’']s\s+(?=[A-ZÀ-ÝА-ЯЁ])")
"""Whose somebody is: "France's Macron" is Macron."""
_VICTIM_BEFORE = re.compile(
    rf"\b{alternatives('victim_before')}\s+(?:the |le |la |les |l[’']|den |die |das |el |los )?$",
    re.IGNORECASE,
)
_VICTIM_AFTER = re.compile(
    r"^(?:[’']s)?(?:\s+(?:campaign|party|team|website|site|movement))?\s+(?:(?:was|were|is|are|has been|had been)\s+"
    r"(?:being |the |a |once again |again |repeatedly )?(?:hit|attacked|target|targeted|victim|spared|smeared|hacked|"
    r"subject|under attack)|(?:est|était|a été|avait été|sont|ont été)\s+(?:la cible|victime|attaqu|vis[ée]))",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"^\s*(?:,|and|or|et|ou|und|oder|y|o|и|или|&|,\s*and|as well as|ainsi que|sowie)\s*"
    r"(?:the |le |la |die |der |el )?$",
    re.IGNORECASE,
)
_MARKS = re.compile('[«»“”„"]')
_CAPITAL = re.compile(r"[^\W\d_a-zß-öø-ÿа-яё]")


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in a text: place, key of the actor, name as the case or the text writes it."""

    start: int
    end: int
    key: str
    name: str


@lru_cache(maxsize=2)
def _state_pattern(kind: int) -> re.Pattern[str]:
    """Names (0) or adjectives (1) of states, one named group a state."""
    groups = (f"(?P<{code}>{forms[kind]})" for code, forms in state_forms().items())
    tail = r"\b" if kind == 0 else r"(?:s|e|es|ne|nes|en|er|em|ий|ая|ое|ие|ого|ой|их|им|ому|ую)?\b"
    return re.compile(rf"\b(?:{'|'.join(groups)}){tail}", re.IGNORECASE if kind else 0)


def states(text: str, adjectives: bool = True) -> list[Mention]:
    """States that a text speaks of, in order: by name or seat, then, where asked, by adjective."""
    found = [
        Mention(m.start(), m.end(), f"state:{m.lastgroup}", _shown(m, kind))
        for kind in ((0, 1) if adjectives else (0,))
        for m in _state_pattern(kind).finditer(text)
    ]
    return sorted(found, key=lambda mention: mention.start)


def _shown(match: re.Match[str], kind: int) -> str:
    """A seat as the text has it; an adjective as the name of its state."""
    return match.group() if kind == 0 else state_forms()[str(match.lastgroup)][0].split("|")[0]


@dataclass
class Actors:
    """Names of the case and of the texts, and which of them are one."""

    nouns: Sequence[Candidate | Source] = ()
    _by_alias: dict[str, tuple[str, str]] = field(default_factory=dict)
    _pattern: re.Pattern[str] | None = None

    def __post_init__(self) -> None:
        for noun in self.nouns:
            for alias in (noun.name, *(noun.aliases if isinstance(noun, Candidate) else ())):
                if alias.strip():
                    self._by_alias.setdefault(alias.lower(), (noun.id, noun.name))
        if self._by_alias:
            ordered = sorted(self._by_alias, key=lambda alias: (-len(alias), alias))
            joined = "|".join(re.escape(alias) for alias in ordered)
            self._pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE)

    def key(self, name: str) -> str:
        """The id of a candidate or outlet of the case, ``state:xx``, or the bare name in one form; "" for ""."""
        whole = name.strip().strip("«»“”„\"'")
        bare = _TITLES.sub("", whole).removesuffix("’s").removesuffix("'s")
        for shown in (whole, bare, _OWNER.sub("", bare)):
            known = self._by_alias.get(shown.lower())
            if known:
                return known[0]
        seat = _state_pattern(0).fullmatch(bare)
        if seat:
            return f"state:{seat.lastgroup}"
        return " ".join(canon(_OWNER.sub("", bare))) or bare.lower()

    def known(self, text: str) -> list[Mention]:
        """Candidates and outlets of the case that a text names, in order."""
        found = self._pattern.finditer(text) if self._pattern else ()
        return [Mention(m.start(), m.end(), *self._by_alias[m.group().lower()]) for m in found]

    def named(self, text: str, others: Iterable[str] = (), cast: Cast | None = None) -> list[Mention]:
        """Everybody named in a text, in order: the case's nouns, other given names, states by name or seat."""
        taken = self.known(text)
        for name in dict.fromkeys(others):
            if len(name) > 2 and canon(name) and not any(mention.key == self.key(name) for mention in taken):
                taken += [
                    Mention(m.start(), m.end(), self.key(name), name)
                    for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
                ]
        for mention in [*(cast.mentions(text) if cast else ()), *states(text, adjectives=False)]:
            if not any(m.start < mention.end and mention.start < m.end for m in taken):
                taken.append(mention)
        return sorted(taken, key=lambda mention: (mention.start, -mention.end))

    def same(self, a: str, b: str) -> bool:
        """Whether two keys are one actor: equal, or the words of one end the other ("ferrand", "richard ferrand")."""
        if not a or not b or ":" in a or ":" in b:
            return bool(a) and a == b
        return a == b or one_name(canon(a), canon(b))

    def meet(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether any of some keys is one actor with any of others."""
        return any(self.same(a, b) for a in some for b in others)


class Cast:
    """Names that one article uses, as one expression; ``keys`` are their keys, ``speaks`` those that say something."""

    def __init__(self, names: Iterable[str], speaks: frozenset[str], actors: Actors) -> None:
        self.speaks = speaks
        bare = {" ".join(_MARKS.sub(" ", name).split()) for name in names if is_name(name)}
        ordered = sorted(bare, key=lambda name: (-len(name), name))
        self._names = [(actors.key(name), name) for name in ordered]
        self.keys = frozenset(key for key, _ in self._names)
        whole = [rf"({_loosely(name)})" for name in ordered]
        short = [
            rf"({_loosely(name.split()[-1])})" if len(name.split()[-1]) > 3 else r"((?!))" for name in ordered
        ]
        joined = "|".join([*whole, *short])
        self._pattern = re.compile(rf"(?<!\w)(?:{joined})(?!\w)") if ordered else None

    def mentions(self, text: str) -> list[Mention]:
        """Where a text uses them, whole or by the last word."""
        if self._pattern is None:
            return []
        size = len(self._names)
        return [
            Mention(m.start(), m.end(), *self._names[(int(m.lastindex or 1) - 1) % size])
            for m in self._pattern.finditer(text)
        ]


def is_name(text: str) -> bool:
    """Whether a speaker or target is called by a name, and not by what it is ("the channel", "he")."""
    return bool(_CAPITAL.search(text)) and bool(canon(text)) and len(text.split()) <= _LONGEST


_LONGEST = 6
"""Words of a name."""


def _loosely(name: str) -> str:
    """An expression for a name in any case: Russian endings, a possessive or genitive s."""
    parts = []
    for word in name.split():
        stem = inflected(word)
        parts.append(rf"{re.escape(stem)}\w{{0,3}}" if stem != word else re.escape(word))
    return r"\s+".join(parts) + "s?"


def accused(
    actors: Actors, content: str, speaker: Iterable[str], target: str, cast: Cast | None = None
) -> list[Mention]:
    """Whom an accusation is against, first-named first: [] where its content names nobody.

    ``speaker`` are the keys of whoever accuses, ``target`` the name that the statement is about ("" where unknown),
    ``cast`` the names of its article: whoever speaks there goes before a name that is only mentioned. Where nobody
    else is named, a state that stands as an adjective is taken ("Russian media").
    """
    own = [speaker] if isinstance(speaker, str) else list(speaker)
    named = [
        mention
        for mention in actors.named(content, [target] if target else [], cast)
        if not actors.meet([mention.key], own) and not _is_victim(content, mention)
    ]
    sure = [_is_known(actors, m) or (cast is not None and actors.meet([m.key], cast.speaks)) for m in named]
    first = sure.index(True) if any(sure) else 0
    found: list[Mention] = []
    for mention in named[first:]:
        if found and not _JOINED.match(content[found[-1].end : mention.start]):
            break
        found.append(mention)
    if not any(sure):
        adjectives = [m for m in states(content) if not _is_victim(content, m)]
        return adjectives[:1] or found
    return found


def _is_known(actors: Actors, mention: Mention) -> bool:
    return mention.key.startswith("state:") or any(noun.id == mention.key for noun in actors.nouns)


def _is_victim(content: str, mention: Mention) -> bool:
    before = content[max(0, mention.start - 30) : mention.start]
    return bool(_VICTIM_BEFORE.search(before) or _VICTIM_AFTER.match(content[mention.end : mention.end + 60]))
