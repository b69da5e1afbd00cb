"""Whom a statement is about.

Names and aliases of the case come first, then names that the article uses, then noun phrases for actors ("the
ministry", "two gunmen"), which are given by the name that the article has for them where it has one. Which of several
is meant depends on what the statement does: the accused, not the victim; of whom something is wanted; for all other
acts only somebody named.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from probata.analyse.claims.actors import Mention, actors_of, before_word, mentions
from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.resolve import Speakers
from probata.model import Ask


@dataclass(frozen=True)
class Known:
    """The case's candidates and outlets as one pattern over their names and aliases."""

    pattern: re.Pattern[str] | None
    ids: dict[str, tuple[str, str]]
    """(id, name) by alias in lower case."""

    @classmethod
    def of(cls, ask: Ask) -> Known:
        """Collect names and aliases; longer ones match first."""
        ids: dict[str, tuple[str, str]] = {}
        for candidate in ask.candidates:
            for alias in (candidate.name, *candidate.aliases):
                ids.setdefault(alias.lower(), (candidate.id, candidate.name))
        for outlet in ask.outlets:
            ids.setdefault(outlet.name.lower(), (outlet.id, outlet.name))
        if not ids:
            return cls(None, {})
        ordered = sorted(ids, key=lambda alias: (-len(alias), alias))
        joined = "|".join(re.escape(alias) for alias in ordered)
        return cls(re.compile(rf"(?<!\w)(?:{joined})(?!\w)", re.IGNORECASE), ids)


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody spoken of in a content: where, by which name ("" for a noun phrase), id of the case."""

    start: int
    end: int
    name: str
    identity: str = ""


_AGENT = frozenset({"by", "par", "von", "vom", "durch", "por"})
_TO = frozenset({"à", "au", "aux", "to", "on", "auf", "a", "al", "на", "with"})
"""Words before the one to whom a deed is put down: «imputer la panique à», "attribute the attack to"."""
_PUTS_DOWN = re.compile(
    r"\b(?:imput\w+|attribu\w+|trac(?:e|ed|es|ing)|link(?:s|ed)?|(?:laid|lay|put|pin(?:s|ned)?) .{0,12}(?:blame|it)|"
    r"führ\w* .*zurück|возл\w+|atribu\w+)\b",
    re.IGNORECASE,
)
_PLACE = frozenset(
    [
        "in",
        "at",
        "near",
        "from",
        "around",
        "outside",
        "inside",
        "across",
        "over",
        "en",
        "dans",
        "près",
        "depuis",
        "chez",
        "sur",
        "vers",
        "im",
        "aus",
        "nach",
        "bei",
        "desde",
        "cerca",
        "hacia",
        "в",
        "во",
        "из",
        "у",
        "около",
    ]
)
_PRONOUN = {
    "en": re.compile(r"\W*(?:that )?(?:he|she|they|him|them|you)\b", re.IGNORECASE),
    "fr": re.compile(
        r"\W*(?:qu['’])?(?:il|elle|ils|elles|vous|ces derniers|ce dernier|cette dernière)\b", re.IGNORECASE
    ),
    "de": re.compile(r"\W*(?:dass )?(?:er|sie|ihr|ihm|ihnen|ihn)\b", re.IGNORECASE),
    "es": re.compile(r"\W*(?:que )?(?:él|ella|ellos|ellas|ustedes)\b", re.IGNORECASE),
    "ru": re.compile(r"\W*(?:что )?(?:он|она|они|вы|его|её|их)\b", re.IGNORECASE),
}
_OBJECT = {
    "fr": re.compile(
        r"\b(?:l['’](?=a)|lui|les|leur|le|la) ?\w*$|^(?:l['’]|lui |les |leur |le |la )", re.IGNORECASE
    )
}
"""An object pronoun before the verb of a French cue: «lui impute», «les accuse»."""


_ADDRESSED = re.compile(
    r"(?:to |on |upon |à |aux? |a los |a las |al |a )?"
    r"(?:(?:the|its|his|her|their|les?|la|l['’]|son|sa|ses|leurs?|los?|las?|el) ?)?"
    r"(?P<who>(?:[^\W\d_][\w-]*[ ]){0,3}?[^\W\d_][\w-]*)(?: not)?(?: to (?!the|a|an|be\b.{0,3}$)[a-z]+\b| of \w+ing\b"
    r"| (?:à |d['’]|de )(?:ne pas |s['’]|se )?\w+(?:er|ir|re|oir)\b| (?:a|de) (?:no )?\w+[aei]r\b)"
)
"""Whoever stands first and is followed by what is wanted of him or held against him: "both sides to leave"."""


_SUFFERS = re.compile(
    r"(?: \w+){0,2} (?:(?:was|were|is|are|been|being) (?:being )?"
    r"(?:hit|attacked|hacked|smeared|beaten|shot|robbed|killed|threatened|targeted|spied|"
    r"(?:a |the |once again the )?(?:\w+ )?(?:target|victim))\b"
    r"|été (?:attaqu|pirat|frapp|battu|vol|menac|vis|tu|espionn|diffam)\w+"
    r"|(?:est|était|sont|étaient|serait) (?:la cible|victimes?)\b"
    r"|(?:fue|fueron|sido) (?:atacad|hackead|golpead|robad|amenazad|espiad)\w+\b)"
)
"""What follows whoever a deed was done to: "was being hit", «a été piraté»."""


_RULED_OUT = re.compile(
    r"(?:\b(?:not|et non|pas|nicht|y no|а не)(?: (?:by|par|von|vom|durch|por))?"
    r"|\b(?:rather than|instead of|plutôt que|statt|en lugar de|а не со стороны)(?: (?:by|par|von|por))?)"
    r"(?: (?:the|a|an|les?|la|des|un|une|d|der|die|das|den|einem|los?|las?|el))?\W{1,2}$",
    re.IGNORECASE,
)
"""What stands before whoever is said *not* to have done it: "and not by lone hackers"."""


class Targets:
    """Targets of the statements of one article, asked for in text order."""

    def __init__(self, document: Document, speakers: Speakers, known: Known) -> None:
        self._document, self._speakers, self._known = document, speakers, known
        self._actors = actors_of(document.lang)
        self._last: list[tuple[str, str]] = []
        """(speaker, target) of the statements before."""

    def target(self, proposal: Proposal, speaker: str, act: str) -> tuple[str, str]:
        """(name, id) of the one whom a statement is about; ("", "") where nobody is.

        The id is that of the case's candidate or outlet, "" for anybody else; the name is a noun phrase without its
        determiner where the article has no name.
        """
        found = self._chosen(proposal, speaker, act)
        if not found[0] and act in ("accuses", "demands") and self._by_pronoun(proposal):
            found = self._before(speaker), ""
        self._last.append((speaker, found[0]))
        return found

    def _chosen(self, proposal: Proposal, speaker: str, act: str) -> tuple[str, str]:
        directed = act in ("accuses", "demands")
        everybody = [
            c
            for c in self._candidates(proposal, directed)
            if not same_name(c.name, speaker)
            and not _RULED_OUT.search(self._document.text, max(0, c.start - 30), c.start)
        ]
        if directed and not any(c.identity for c in everybody):
            start, end = proposal.content[0]
            addressed = _ADDRESSED.match(self._document.text, start, end)
            if addressed and not _overlaps(everybody, *addressed.span("who")):
                everybody.insert(0, Candidate(*addressed.span("who"), addressed.group("who")))
        in_case = [c for c in everybody if c.identity]
        for some in (in_case, everybody):
            best = self._best(proposal, some, act)
            if best is not None:
                return best.name, best.identity
        if act == "accuses":
            in_case = [c for c in in_case if not _SUFFERS.match(self._document.low, c.end, c.end + 60)]
        return (in_case[0].name, in_case[0].identity) if in_case else ("", "")

    def _candidates(self, proposal: Proposal, nouns: bool) -> list[Candidate]:
        """Everybody spoken of in a content, in order; noun phrases only where ``nouns``, and not beside their name."""
        text, names = self._document.text, self._speakers.names
        found: list[Candidate] = []
        for start, end in proposal.content:
            for match in self._known.pattern.finditer(text, start, end) if self._known.pattern else ():
                identity, name = self._known.ids[match.group().lower()]
                found.append(Candidate(match.start(), match.end(), name, identity))
            for place in range(bisect_left(names.spans, (start, 0)), bisect_left(names.spans, (end, 0))):
                a, b = names.spans[place]
                if b <= end and not _overlaps(found, a, b):
                    found.append(Candidate(a, b, names.full(names.texts[place])))
            if nouns and self._actors is not None:
                for mention in mentions(text, self._document.low, (start, end), self._actors):
                    self._add(found, mention)
        return sorted(found, key=lambda c: c.start)

    def _add(self, found: list[Candidate], mention: Mention) -> None:
        """Add a noun phrase, or widen the name that stands right behind it: "the operator Northline"."""
        start, end = mention.span
        beside = next(
            (i for i, c in enumerate(found) if 0 <= c.start - end < 40 and self._runs_on(end, c.start)), -1
        )
        if beside >= 0:
            named = found[beside]
            found[beside] = Candidate(start, named.end, named.name, named.identity)
        elif not _overlaps(found, start, end):
            found.append(Candidate(start, end, self._named(mention)))

    def _runs_on(self, start: int, end: int) -> bool:
        """Whether only an adjective or a mark lies between a noun and a name."""
        between = self._document.text[start:end]
        return bool(re.fullmatch(r"(?: [^\W\d_]{3,})?,? ?[«“\"„]? ?(?:(?:the|le|la) )?", between)) and not (
            self._actors is not None and between.strip().lower() in self._actors.prepositions
        )

    def _named(self, mention: Mention) -> str:
        """The article's name for a noun phrase, else its words."""
        start, end = mention.span
        name = self._speakers.described(mention) if self._actors is not None else ""
        return name or self._document.text[start:end]

    def _best(self, proposal: Proposal, some: list[Candidate], act: str) -> Candidate | None:
        """The candidate in the place where the one meant by this act stands."""
        governed = [(c, self._governor(proposal, c)) for c in some]
        if act == "demands":
            return next((c for c, word in governed if word not in _PLACE), None)
        if act == "accuses":
            cue = self._document.text[proposal.cue[0] : proposal.cue[1]] if proposal.cue else ""
            marks = _TO if _PUTS_DOWN.search(cue) else _AGENT
            agent = next((c for c, word in governed if word in marks), None)
            if agent is not None:
                return agent
            some = [c for c in some if not _SUFFERS.match(self._document.low, c.end, c.end + 60)]
        prepositions = self._actors.prepositions if self._actors is not None else frozenset()
        return next((c for c, word in governed if word not in prepositions and c in some), None)

    def _governor(self, proposal: Proposal, candidate: Candidate) -> str:
        """The preposition that a candidate hangs on, or whatever word stands before it; "" where its piece begins."""
        floor = next((a for a, b in proposal.content if a <= candidate.start < b), 0)
        determiners = self._actors.determiners if self._actors is not None else frozenset()
        return before_word(self._document.text, candidate.start, floor, determiners)

    def _by_pronoun(self, proposal: Proposal) -> bool:
        """Whether the one meant is spoken of as "he", "them" or by a French object pronoun before the verb."""
        lang, text = self._document.lang, self._document.text
        start, end = proposal.content[0]
        if lang in _PRONOUN and _PRONOUN[lang].match(text, start, end):
            return True
        cue = text[proposal.cue[0] : proposal.cue[1]] if proposal.cue else ""
        return bool(lang in _OBJECT and _OBJECT[lang].search(cue))

    def _before(self, speaker: str) -> str:
        """Whom a pronoun means: whom the same speaker spoke of last, else whoever spoke or was spoken of last."""
        for other, target in reversed(self._last):
            if same_name(other, speaker) and target:
                return target
            if other and not same_name(other, speaker):
                return target if target and not same_name(target, speaker) and not other else other
        return ""


def _overlaps(found: list[Candidate], start: int, end: int) -> bool:
    return any(c.start < end and start < c.end for c in found)


def same_name(name: str, speaker: str) -> bool:
    """Whether two names are one: equal, or one ends in the other."""
    a, b = name.lower().split(), speaker.lower().split()
    return bool(a and b) and (a[-len(b) :] == b or b[-len(a) :] == a)
