"""Who is who in the ledger: speakers, the accused, their organisations, states spoken of by their seats.

An accusation says whom it is about in its content. The first name in it that is not the speaker and not spoken of as
the victim ("the X campaign was being hit", "against X") is the accused, with whoever is joined to it by "and".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from probata.model import Candidate, Source

_STATES = {
    "ru": ("Russia|Moscow|Kremlin|Russie|Moscou", "Russian|russe"),
    "ua": ("Ukraine|Kyiv|Kiev", "Ukrainian|ukrainien"),
    "us": ("United States|Washington|White House|États-Unis|Etats-Unis|Maison Blanche", "American|américain"),
    "uk": ("United Kingdom|Britain|Downing Street|Royaume-Uni|Grande-Bretagne", "British|britannique"),
    "fr": ("France|Élysée|Elysée|Elysee|Quai d'Orsay|Matignon", "French|français"),
    "de": ("Germany|Berlin|Allemagne", "German|allemand"),
    "cn": ("China|Beijing|Chine|Pékin", "Chinese|chinois"),
    "ir": ("Iran|Tehran|Téhéran", "Iranian|iranien"),
    "il": ("Israel|Israël", "Israeli|israélien"),
    "tr": ("Turkey|Ankara|Turquie", "Turkish|turc"),
}
"""Seats and names of a state, and its adjective: news speaks of governments by the place where they sit."""

_TITLES = re.compile(
    r"^(?:mr|mrs|ms|dr|m|mme|monsieur|madame|president|minister|senator|the|a|an|le|la|les|l[’']|un|une)\.?\s+",
    re.IGNORECASE,
)
_VICTIM_BEFORE = re.compile(
    r"\b(?:against|attacks? on|attacked|target(?:ed|ing|s)?|harm(?:ed|ing)?|about|contre|visant|vis[ée]e?|"
    r"attaques? sur)"
    r"\s+(?:the |le |la |l[’'])?$",
    re.IGNORECASE,
)
_VICTIM_AFTER = re.compile(
    r"^(?:[’']s)?(?:\s+(?:campaign|party|team|website|site|movement))?\s+(?:(?:was|were|is|are|has been|had been)\s+"
    r"(?:being |the |a |once again |again |repeatedly )?(?:hit|attacked|target|targeted|victim|spared|smeared|hacked|"
    r"subject|under attack)|(?:est|était|a été|avait été|sont|ont été)\s+(?:la cible|victime|attaqu|vis[ée]))",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"^\s*(?:,|and|or|et|ou|&|,\s*and|as well as|ainsi que)\s*(?:the |le |la )?$", re.IGNORECASE
)


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
    groups = (f"(?P<{code}>{forms[kind]})" for code, forms in _STATES.items())
    tail = r"\b" if kind == 0 else r"(?:s|e|es|ne|nes)?\b"
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
    return match.group() if kind == 0 else _STATES[str(match.lastgroup)][0].split("|")[0]


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
        """The id of a candidate or outlet of the case, ``state:xx``, or the bare name in lower case; "" for ""."""
        bare = _TITLES.sub("", name.strip()).lower().removesuffix("’s").removesuffix("'s")
        known = self._by_alias.get(bare) or self._by_alias.get(name.strip().lower())
        if known:
            return known[0]
        seat = _state_pattern(0).fullmatch(_TITLES.sub("", name.strip()))
        return f"state:{seat.lastgroup}" if seat else bare

    def known(self, text: str) -> list[Mention]:
        """Candidates and outlets of the case that a text names, in order."""
        found = self._pattern.finditer(text) if self._pattern else ()
        return [Mention(m.start(), m.end(), *self._by_alias[m.group().lower()]) for m in found]

    def named(self, text: str, others: Iterable[str] = ()) -> list[Mention]:
        """Everybody named in a text, in order: the case's nouns, other given names, states by name or seat."""
        taken = self.known(text)
        for name in dict.fromkeys(others):
            if len(name) > 2 and not _covered(taken, self.key(name)):
                taken += [
                    Mention(m.start(), m.end(), self.key(name), name)
                    for m in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text)
                ]
        for state in states(text, adjectives=False):
            if not any(m.start <= state.start < m.end for m in taken):
                taken.append(state)
        return sorted(taken, key=lambda mention: (mention.start, -mention.end))

    def same(self, a: str, b: str) -> bool:
        """Whether two keys are one actor: equal, or the words of one end the other ("ferrand", "richard ferrand")."""
        if not a or not b or ":" in a or ":" in b:
            return bool(a) and a == b
        x, y = a.split(), b.split()
        return x[-len(y) :] == y or y[-len(x) :] == x


def _covered(mentions: Sequence[Mention], key: str) -> bool:
    return any(mention.key == key for mention in mentions)


def accused(actors: Actors, content: str, speaker: str, target: str) -> list[Mention]:
    """Whom an accusation is against, first-named first: [] where its content names nobody.

    ``speaker`` is the key of whoever accuses, ``target`` the name that the statement is about ("" where unknown).
    Where nobody else is named, a state that stands as an adjective is taken ("Russian media").
    """
    found: list[Mention] = []
    for mention in actors.named(content, [target] if target else []):
        if found and not _JOINED.match(content[found[-1].end : mention.start]):
            break
        if actors.same(mention.key, speaker) or _is_victim(content, mention):
            continue
        found.append(mention)
    weak = bool(found) and len(found) == 1 and found[0].name == target and not _is_known(actors, found[0])
    if not found or weak:
        adjectives = [m for m in states(content) if not _is_victim(content, m)]
        return adjectives[:1] or found
    return found


def _is_known(actors: Actors, mention: Mention) -> bool:
    return mention.key.startswith("state:") or any(noun.id == mention.key for noun in actors.nouns)


def _is_victim(content: str, mention: Mention) -> bool:
    before = content[max(0, mention.start - 30) : mention.start]
    return bool(_VICTIM_BEFORE.search(before) or _VICTIM_AFTER.match(content[mention.end : mention.end + 60]))
