"""A sentence taken apart: words that carry meaning, names, who speaks, who acts, what turns the statement round."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from probata.text.guard_concepts import Concepts, concepts
from probata.text.guard_numbers import counts, moments, quantities
from probata.text.guard_spelling import Spelling, spelling
from probata.text.guard_tokens import plain_text, words_of
from probata.text.guard_words import AGENT, BEHIND, MARKED, NEUTRAL, pattern, stop_words

__all__ = ["Reading", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence taken apart. ``content`` are positions in ``words`` that carry meaning."""

    lang: str
    words: tuple[str, ...]
    content: tuple[int, ...]
    names: tuple[int, ...]
    """Positions *within content* of words written like a name."""
    entities: tuple[tuple[int, ...], ...]
    """Names and places: positions within content of the words of each, side by side."""
    source: tuple[int, ...]
    """Positions within content of the words beside a verb of saying."""
    clause: tuple[int, ...]
    """Number of the clause that each word stands in; punctuation parts clauses."""
    speech: tuple[tuple[int, int, bool], ...]
    """Verbs of saying: first word, word behind the last, and whether the speaker stands behind ("according to")."""
    cues: tuple[int, ...]
    """Positions within content of the words by which something is denied."""
    negated: tuple[int, ...]
    """Positions within content of the words that a negation stands beside."""
    partly: int
    """Words that turn a part of the statement round ("without", "undeclared")."""
    marks: npt.NDArray[np.int8]
    """For each content word: 1 marked as the doer of a passive, -1 as one to whom something is done, 0 unmarked."""
    denials: int
    negations: int
    turned: bool
    """Some clause holds an odd number of reversals."""
    passive: bool
    numbers: frozenset[float]
    times: frozenset[str]
    concepts: Concepts
    spelling: Spelling

    @property
    def lowered(self) -> list[str]:
        """Content words as they are embedded."""
        return [self.words[position].lower() for position in self.content]


def read(text: str, lang: str) -> Reading:
    """Take a sentence apart; disguises are undone first."""
    plain = plain_text(text)
    clauses = [words_of(part, lang) for part in _CLAUSE.split(plain)]
    words = [word for clause in clauses for word in clause]
    low = [word.lower() for word in words]
    joined = " ".join(low)
    reversals = [_reversals(" ".join(clause).lower(), lang) for clause in clauses]
    stops = stop_words(lang)
    content = tuple(i for i, word in enumerate(low) if word not in stops and not counts(word, lang))
    names = tuple(k for k, i in enumerate(content) if i > 0 and words[i][:1].isupper())
    passive = bool(pattern("passive", lang).search(joined))
    denied = frozenset(word for _, _, used in reversals for word in used)
    found = concepts(low, lang, content, [word[:1].isupper() for word in words])
    return Reading(
        lang=lang,
        words=tuple(words),
        content=content,
        names=names,
        entities=_entities(words, content, lang, found),
        source=_source(low, content, lang),
        clause=tuple(number for number, clause in enumerate(clauses) for _ in clause),
        speech=_speech(low, lang),
        cues=tuple(k for k, i in enumerate(content) if low[i] in denied),
        negated=_negated(low, content, lang),
        partly=len(pattern("without", lang).findall(joined)),
        marks=_marks(low, content, lang, passive),
        denials=sum(denials for denials, _, _ in reversals),
        negations=sum(negations for _, negations, _ in reversals),
        turned=any((denials + negations) % 2 for denials, negations, _ in reversals),
        passive=passive,
        numbers=frozenset(quantities(plain, lang)),
        times=frozenset(moments(words, lang)),
        concepts=found,
        spelling=spelling([words[i] for i in content]),
    )


_CLAUSE = re.compile(r"[,;:()«»„“”\"—–]+\s|[«»„“”\"]|[.!?…]\s")


def _reversals(clause: str, lang: str) -> tuple[int, int, list[str]]:
    """Denials, negations and the words that deny, of a clause; denials side by side ("dismissed as untrue") are one."""
    count, end = 0, -99
    cues: list[str] = []

    def used(match: re.Match[str]) -> str:
        nonlocal count, end
        between = clause_text[max(end, 0) : match.start()].split()
        count += end < 0 or len(between) > 2
        end = match.end()
        parts = match.group().split()
        inner = len(parts) > 2 and parts[-1] in _PARTICLES
        cues.extend([parts[0], parts[-1]] if inner else parts)
        return " ".join(["", *parts[1:-1], ""]) if inner else " "

    clause_text = NEUTRAL.sub(" ", clause)
    rest = pattern("denial", lang).sub(used, clause_text)
    negations = len(pattern("negation", lang).findall(" ".join(rest.split())))
    if count and negations and lang in ("fr", "es") and not re.search(r"\b(?:ne|n|no)\b", rest):
        negations = 0  # "nie avoir jamais": the word only strengthens the denial
    if negations > 1 and lang in _AND and _AND[lang].search(rest):
        negations = 1  # "did not come and did not call": two statements, both turned round
    return count, negations, cues


_AND = {
    lang: re.compile(rf"\b(?:{words})\b")
    for lang, words in {"en": "and|nor", "fr": "et|ni", "de": "und|noch", "es": "y|ni", "ru": "и|ни"}.items()
}


_PARTICLES = frozenset({"zurück", "aus", "ab"})


def _entities(
    words: list[str], content: tuple[int, ...], lang: str, found: Concepts
) -> tuple[tuple[int, ...], ...]:
    """Words with a capital side by side, offices left out ("Minister Paul Granger" is Paul Granger), and places.

    In German, where every noun has a capital, only two or more side by side are a name; a word that begins the
    sentence is part of one if a capital follows.
    """
    office, place = found.has("actor"), found.has("place") | found.has("city")
    runs: list[list[int]] = []
    last = -9
    for k, i in enumerate(content):
        capital = words[i][:1].isupper() and not office[k]
        first = i == 0 and not (len(words) > 1 and words[1][:1].isupper())
        if place[k] or (capital and not first):
            if i == last + 1 and runs and not place[k]:
                runs[-1].append(k)
            else:
                runs.append([k])
            last = -9 if place[k] else i
    kept = [
        run
        for run in runs
        if lang != "de" or len(run) > 1 or place[run[0]] or words[content[run[0]]].isupper()
    ]
    return tuple(tuple(run) for run in kept)


def _starts(low: list[str]) -> npt.NDArray[np.int64]:
    """Where each word begins in the words joined by spaces."""
    return np.cumsum([0, *(len(word) + 1 for word in low[:-1])]) if low else np.zeros(0, np.int64)


def _negated(low: list[str], content: tuple[int, ...], lang: str) -> tuple[int, ...]:
    """Content words inside an expression of negation or up to three words behind it (in German before it, too)."""
    starts = _starts(low)
    near: set[int] = set()
    for found in pattern("negation", lang).finditer(
        NEUTRAL.sub(lambda m: "_" * len(m.group()), " ".join(low))
    ):
        first, last = (int(at) for at in np.searchsorted(starts, (found.start(), found.end())))
        near.update(range(first - 2 if lang == "de" else first, min(len(low), last + 3)))
    return tuple(k for k, i in enumerate(content) if i in near)


def _speech(low: list[str], lang: str) -> tuple[tuple[int, int, bool], ...]:
    starts, found = _starts(low), []
    for said in pattern("speech", lang).finditer(" ".join(low)):
        first, last = (int(at) for at in np.searchsorted(starts, (said.start(), said.end())))
        found.append((first, last, bool(BEHIND.match(said.group()))))
    return tuple(found)


def _source(low: list[str], content: tuple[int, ...], lang: str) -> tuple[int, ...]:
    """Content words at most four words away from a verb of saying, the verb itself left out."""
    joined = " ".join(low)
    starts = _starts(low)
    near: set[int] = set()
    for found in pattern("saying", lang).finditer(joined):
        first, last = (int(at) for at in np.searchsorted(starts, (found.start(), found.end())))
        near.update(range(max(0, first - 4), first))
        near.update(range(last, min(len(low), last + 3)))
        near.difference_update(range(first, last))
    return tuple(k for k, i in enumerate(content) if i in near)


_BY = frozenset({"by", "par"})
"""Small words that stand before a doer without an auxiliary, too ("the letter signed by the mayor")."""


_INSTRUMENT = re.compile(r"\w\w\w(?:[оеё]м|[ое]й|[ое]ю|[ыи]м|[ая]ми|ью)$")
"""Endings of the Russian case in which the doer of a passive stands."""


def _marks(low: list[str], content: tuple[int, ...], lang: str, passive: bool) -> npt.NDArray[np.int8]:
    """What the small words before a content word (and endings in Russian) say of its part in the sentence.

    A mark holds for the words of one group ("by the | prefect Jean Dupont"): up to the next small word. In a Russian
    passive every word without a preposition shows by its own ending whether it belongs to the doer.
    """
    marks = np.zeros(len(content), np.int8)
    agent, marked = AGENT.get(lang, frozenset()), MARKED.get(lang, frozenset())
    before = -1
    for k, i in enumerate(content):
        between = low[before + 1 : i]
        before = i
        if lang == "ru" and passive and not marked.intersection(between):
            marks[k] = _INSTRUMENT.search(low[i]) is not None
        elif not between and k:
            marks[k] = marks[k - 1]
        elif (passive and agent.intersection(between)) or _BY.intersection(between):
            marks[k] = 1
        elif marked.intersection(between):
            marks[k] = -1
    return marks
