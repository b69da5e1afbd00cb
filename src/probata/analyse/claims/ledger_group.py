"""Accusations that are one allegation: the same charge against the same, whoever makes it again.

Every accusation gets a few candidates (nearest sentence vectors, the same accused, the same story) in blocks of array
operations; the guard reads them many at once. It joins the allegation that scores best, compared with that allegation's
*first* statement only, so that no chain of small steps joins two things.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from probata.analyse.claims.ledger_pair import Matter
from probata.analyse.claims.ledger_rows import Statement, keys_of
from probata.analyse.claims.ledger_words import block, canon

JOIN = 0.65
"""Score from which two accusations are one: cosine of their contents and what else speaks for it."""
ACCUSED, PERHAPS, SPEAKER, STORY = 0.15, 0.15, 0.05, 0.2
"""What is added where both accuse the same; where one names nobody, though its article names the other's accused;
in two articles, where one side speaks both times and where the articles share a name that few articles use. Within one
article these tell nothing: whoever says two things against somebody there mostly says two things."""
READ = 0.5
"""Score from which the guard is asked whether they say the same or deny one another."""
NEAREST = 8
"""Earlier accusations that a new one is compared with."""
BLOCK = 256
"""Accusations that are looked up at once."""
FEW, SHARE = 5, 0.02
"""A name is few articles' own where at most so many articles, or this share of them, use it."""


@dataclass
class Group:
    """One allegation while it is put together: member accusations, earliest first, and what answers them."""

    members: list[Statement]
    answers: list[tuple[str, Statement, float, tuple[str, ...]]] = field(default_factory=list)

    @property
    def first(self) -> Statement:
        """The earliest member."""
        return self.members[0]

    @property
    def against(self) -> frozenset[str]:
        """Keys of the accused, as the earliest member that names somebody names them."""
        return next((keys_of(s) for s in self.members if s.against), frozenset())


def blocks_of(keys: frozenset[str]) -> set[str]:
    """What the names behind some keys share with other forms of them."""
    return {key if ":" in key else block(canon(key)) or key for key in keys} - {""}


class Rare:
    """Names that few articles use: articles that share one tell one story."""

    def __init__(self, said: Sequence[Statement]) -> None:
        by_article = {statement.article: blocks_of(statement.names) for statement in said}
        uses = Counter(name for names in by_article.values() for name in names)
        most = max(FEW, SHARE * len(by_article))
        self.names = {
            article: frozenset(name for name in names if uses[name] <= most)
            for article, names in by_article.items()
        }

    def one_story(self, a: Statement, b: Statement) -> bool:
        """Whether two statements are of one article, or their articles share such a name."""
        return a.article == b.article or not self.names[a.article].isdisjoint(self.names[b.article])


def grouped(accusations: Sequence[Statement], said: Sequence[Statement], matter: Matter) -> list[Group]:
    """Each accusation joins the allegation that it scores best with, else opens one; earliest first."""
    groups: list[Group] = []
    of: list[int] = []
    rare = Rare(said)
    finder = _Finder(accusations, rare, matter)
    for start in range(0, len(accusations), BLOCK):
        near = finder.near(start, min(start + BLOCK, len(accusations)))
        ahead = [
            (groups[of[j]].first if j < start else accusations[j], accusations[start + row])
            for row, places in enumerate(near)
            for j in places
        ]
        matter.judge([pair for pair in ahead if _readable(pair, rare, matter)])
        for row, places in enumerate(near):
            statement = accusations[start + row]
            some = list(dict.fromkeys(of[j] for j in places))
            best = _best(statement, [groups[g] for g in some], rare, matter)
            if best is None:
                of.append(len(groups))
                groups.append(Group([statement]))
            else:
                of.append(some[best])
                groups[some[best]].members.append(statement)
    return groups


def _best(statement: Statement, some: Sequence[Group], rare: Rare, matter: Matter) -> int | None:
    """Which of some allegations a statement belongs to, None where it makes a new one."""
    scored = [(_fits(statement, group, rare, matter), -place) for place, group in enumerate(some)]
    best = max(scored, default=(0.0, 0))
    return -best[1] if best[0] >= JOIN else None


def _fits(statement: Statement, group: Group, rare: Rare, matter: Matter) -> float:
    """Score of a statement with an allegation; 0 where they accuse different ones or deny one another."""
    pair = (group.first, statement)
    accused, bonus = _accused(keys_of(statement), group.against, pair, matter)
    if accused == "clash":
        return 0.0
    own, story = matter.actors.meet(statement.belongs, group.first.belongs), rare.one_story(*pair)
    score = float(matter.cosines(statement, [group.first])[0]) + bonus
    if statement.article != group.first.article:
        score += SPEAKER * own + STORY * story
    if _readable(pair, rare, matter):
        verdict = matter.judge([pair])[0]
        if verdict == "denies":
            return 0.0
        if verdict == "same" and (accused == "same" or story or own):
            return max(score, JOIN)
    return score if accused == "same" or story else 0.0


def _accused(
    mine: frozenset[str], theirs: frozenset[str], pair: tuple[Statement, Statement], matter: Matter
) -> tuple[str, float]:
    """Whether two accusations are against the same ("same"), others ("clash"), or that is open (""); the bonus."""
    if mine and theirs:
        return ("same", ACCUSED) if matter.actors.meet(mine, theirs) else ("clash", 0.0)
    known = mine or theirs
    silent = pair[0] if mine else pair[1]
    return "", PERHAPS * matter.actors.meet(known, silent.names)


def _readable(pair: tuple[Statement, Statement], rare: Rare, matter: Matter) -> bool:
    """Whether a pair is worth the guard's time."""
    a, b = pair
    accused, bonus = _accused(keys_of(b), keys_of(a), pair, matter)
    cosine = float(matter.cosines(a, [b])[0])
    return accused != "clash" and cosine >= matter.candidate and cosine + bonus + STORY >= READ


class _Finder:
    """Finds the earlier accusations that are worth comparing, a block at a time."""

    def __init__(self, accusations: Sequence[Statement], rare: Rare, matter: Matter) -> None:
        rows = [matter.place[statement.id] for statement in accusations]
        self._vectors = matter.vectors[rows]
        self._accused = _table([blocks_of(keys_of(statement)) for statement in accusations])
        self._story = _table(
            [{*rare.names[statement.article], f"in {statement.article}"} for statement in accusations]
        )

    def near(self, start: int, end: int) -> list[list[int]]:
        """For each accusation of a block its best earlier ones, best first."""
        score = self._vectors[start:end] @ self._vectors[:end].T
        score += ACCUSED * ((self._accused[start:end] @ self._accused[:end].T).toarray() > 0)
        score += STORY * ((self._story[start:end] @ self._story[:end].T).toarray() > 0)
        found = []
        for row in range(end - start):
            earlier = score[row, : start + row]
            many = len(earlier) > NEAREST
            best = np.argpartition(-earlier, NEAREST)[:NEAREST] if many else np.arange(len(earlier))
            order = best[np.lexsort((best, -earlier[best]))]
            found.append([int(place) for place in order if earlier[place] >= READ])
        return found


def _table(keys: Sequence[set[str]]) -> Any:
    """Statements x keys, one where a statement has the key."""
    from scipy.sparse import csr_matrix

    place: dict[str, int] = {}
    pairs = [
        (row, place.setdefault(key, len(place))) for row, some in enumerate(keys) for key in sorted(some)
    ]
    at = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    ones = np.ones(len(at), dtype=np.float32)
    return csr_matrix((ones, (at[:, 0], at[:, 1])), (len(keys), max(1, len(place))))
