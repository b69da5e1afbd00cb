"""Whether a statement answers an accusation: reasons with weights, never nearness alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from probata.analyse.claims.ledger_names import Actors, states
from probata.analyse.claims.ledger_rows import Statement
from probata.analyse.claims.ledger_words import alternatives, words
from probata.analyse.claims.retrieval import encode_once

FOLLOWS = 6
"""Places within which a demand or reply still belongs to an accusation of the same article."""
BATCH = 1000
"""Pairs that the guard reads at once."""
PASSAGE = 3
"""Statements after an accusation within which a denial that points back at something answers it."""
KINDRED = 0.25
"""Cosine from which a denial in the same passage speaks of the same matter without pointing back."""
FEW_WORDS = 5
"""A denial of fewer words ("all lies") has no words to turn round."""
ALIKE = 0.5
"""Cosine from which a denial speaks of the same matter though nobody is named."""


_READ = frozenset({"accuses", "denies"})
"""Acts whose contents are compared; of others demands beside an accusation and corrections."""
RECENT = 0.5
"""What is added to a denial of the same day in another article; less, the later it comes."""
MATTER = 2.0
"""Weight of the cosine between a denial and what it may answer."""
STEP = 0.25
"""What each statement in between takes from a denial in the same passage."""


@dataclass
class Matter:
    """Vectors of the contents of the statements, and the guard that compares two of them word by word."""

    vectors: Any
    place: dict[str, int]
    guard: Any
    candidate: float
    actors: Actors
    window: float
    """Days after an accusation in which a denial in another article may answer it."""
    known: dict[tuple[str, str], str] = field(default_factory=dict)
    """Relations that the guard has given, by ids."""

    @classmethod
    def of(cls, said: Sequence[Statement], actors: Actors, window: float, embedder: Any = None) -> Matter:
        """Encode every content once."""
        from probata.text.embed import default_embedder
        from probata.text.guard import Guard

        encoder = embedder or default_embedder()
        charged = {s.article for s in said if s.act == "accuses"}
        wanted = [
            s for s in said if s.act in _READ or (s.act == "demands" and s.article in charged) or s.corrects
        ]
        texts = [s.content for s in wanted]
        vectors = encode_once(encoder, texts) if wanted else np.zeros((0, 1), np.float32)
        place = {s.id: i for i, s in enumerate(wanted)}
        return cls(vectors, place, Guard(encoder), float(encoder.thresholds["candidate"]), actors, window)

    def cosines(self, statement: Statement, others: Sequence[Statement]) -> Any:
        """Cosine of one statement with each of the others."""
        rows = [self.place[other.id] for other in others]
        return np.asarray(self.vectors[rows] @ self.vectors[self.place[statement.id]])

    def shelf(self, statements: Sequence[Statement]) -> Shelf:
        """The vectors of some statements side by side."""
        return Shelf(self, self.vectors[[self.place[statement.id] for statement in statements]])

    def judge(self, pairs: Sequence[tuple[Statement, Statement]]) -> list[str]:
        """The guard's relation of each pair, remembered; contents equal to the letter are the same without asking.

        Many pairs at once cost a tenth of as many pairs one by one.
        """
        asked = [(a, b) for a, b in pairs if (a.id, b.id) not in self.known and not _alike(a, b)]
        cosines = [float(self.cosines(a, [b])[0]) for a, b in asked]
        texts = [((a.content, a.lang), (b.content, b.lang)) for a, b in asked]
        judged = self.guard.judge(texts, cosines)
        self.known.update(((a.id, b.id), v.relation) for (a, b), v in zip(asked, judged, strict=True))
        return ["same" if _alike(a, b) else self.known[a.id, b.id] for a, b in pairs]


def _alike(a: Statement, b: Statement) -> bool:
    return a.content.lower() == b.content.lower()


def read_ahead(pairs: Sequence[tuple[Statement, Sequence[Statement]]], matter: Matter) -> None:
    """Let the guard read at once what the weighing of (denial, members of an allegation) will ask it."""
    wanted = []
    for statement, members in pairs:
        member = _member_answered(statement, members, matter.window)
        if member is not None and _worth_reading(statement, member, matter):
            wanted.append((member, statement))
    for first in range(0, len(wanted), BATCH):
        matter.judge(wanted[first : first + BATCH])


def _worth_reading(statement: Statement, member: Statement, matter: Matter) -> bool:
    """Whether a denial is long enough and near enough to an accusation to turn its words round."""
    least = matter.candidate if member.article == statement.article else ALIKE
    long = len(statement.content.split()) >= FEW_WORDS
    return long and float(matter.cosines(statement, [member])[0]) >= least


@dataclass
class Shelf:
    """Vectors side by side, so that the nearest of many statements are found in one product."""

    matter: Matter
    rows: Any

    def nearest(self, statements: Sequence[Statement], count: int, least: float) -> list[list[int]]:
        """Places of the nearest to each statement, nearest first, none below ``least``."""
        found: list[list[int]] = []
        for first in range(0, len(statements), BATCH):
            some = [self.matter.place[statement.id] for statement in statements[first : first + BATCH]]
            for cosines in self.matter.vectors[some] @ self.rows.T:
                best = (
                    np.argpartition(-cosines, count)[:count]
                    if len(cosines) > count
                    else np.arange(len(cosines))
                )
                order = best[np.lexsort((best, -cosines[best]))]
                found.append([int(place) for place in order if cosines[place] >= least])
        return found


_CHARGED = words("charge", "charged")
"""Words with which a denial speaks of an accusation, and not merely of the one who made it."""
_REFERS = words("charge", "charged", "refers")
"""Words with which a denial points back at what was said before it."""
_OWNED = re.compile(alternatives("charge"), re.IGNORECASE)
_A_BODY = re.compile(
    rf"(?:the|this|le|la|les|l[’']|der|die|das|el|la|los)?\s*{alternatives('bodies')}", re.IGNORECASE
)
"""Somebody spoken of by kind alone: "the channel", "der Sender"."""


@lru_cache(maxsize=50_000)
def _states_in(content: str) -> frozenset[str]:
    """Keys of the states that a content speaks of."""
    return frozenset(state.key for state in states(content))


def _names_accuser(content: str, accuser: str) -> bool:
    """Whether a denial speaks of what the accuser said: "X's accusations", "charges made by X"."""
    last = accuser.split()[-1] if accuser else ""
    if len(last) < 3 or last not in content or not _CHARGED.search(content):
        return False
    for match in re.finditer(rf"(?<!\w){re.escape(last)}(?!\w)", content):
        owner = re.match(r"[’']s\s+(\w+)", content[match.end() :])
        if owner is None or _OWNED.fullmatch(owner.group(1)):
            return True
    return False


def reasons_for(
    role: str, statement: Statement, members: Sequence[Statement], against: frozenset[str], matter: Matter
) -> dict[str, float]:
    """Why a statement belongs beside an accusation, each reason with its weight; {} where it does not."""
    member = _member_answered(statement, members, matter.window)
    if member is None:
        return {}
    own = any(matter.actors.same(statement.key, m.key) for m in members)
    if role == "demands":
        return _demand(statement, member, own, matter)
    if own and role != "corrects":
        return {}
    reasons = _about(statement, members, against, matter.actors)
    if role in ("replies", "declines"):
        away = statement.position - member.position
        if member.article != statement.article or not 0 < away <= PASSAGE or "is the accused" not in reasons:
            return {}
        return reasons | {"answers in the same passage": 1.5 - STEP * away}
    return _denial(statement, member, members, reasons, matter)


def _member_answered(statement: Statement, members: Sequence[Statement], window: float) -> Statement | None:
    """The member nearest to it: one of its own article, else the last one before it within the window."""
    same = [m for m in members if m.article == statement.article]
    if same:
        return min(same, key=lambda m: (abs(m.position - statement.position), m.position))
    before = [m for m in members if 0 <= statement.moment - m.moment <= window]
    return max(before, key=lambda m: m.order, default=None)


def _about(
    statement: Statement, members: Sequence[Statement], against: frozenset[str], actors: Actors
) -> dict[str, float]:
    """Ties between whoever speaks and the accusation: is the accused, speaks for the state meant, names the accuser."""
    reasons: dict[str, float] = {}
    if any(actors.same(a, b) for a in statement.belongs for b in against):
        reasons["is the accused"] = 3.0
    else:
        meant = frozenset().union(*(_states_in(member.content) for member in members))
        if meant & statement.belongs:
            reasons["speaks for a state that is named"] = 1.5
    if any(_names_accuser(statement.content, member.speaker) for member in members):
        reasons["names the accuser"] = 2.0
    return reasons


def _denial(
    statement: Statement,
    member: Statement,
    members: Sequence[Statement],
    reasons: dict[str, float],
    matter: Matter,
) -> dict[str, float]:
    """A denial needs a tie to accuser or accused, must answer in the same passage, or turn the words round."""
    cosine = float(matter.cosines(statement, members).max())
    here = member.article == statement.article
    if _worth_reading(statement, member, matter) and matter.judge([(member, statement)])[0] == "denies":
        reasons["turns its words round"] = 1.5
    away = statement.position - member.position
    close = here and -1 <= away <= PASSAGE
    speaks = cosine >= KINDRED or bool((_REFERS if close else _CHARGED).search(statement.content))
    if close and speaks:
        reasons["answers in the same passage"] = 1.5 - STEP * (away if away > 0 else 1 - away)
    answers = speaks or "turns its words round" in reasons or (close and "is the accused" in reasons)
    if not reasons or not answers:
        return {}
    if not here:
        reasons["not long after it"] = RECENT * (1 - (statement.moment - member.moment) / (matter.window + 1))
    if cosine > 0:
        reasons["speaks of the same matter"] = MATTER * cosine
    if here:
        reasons["same article"] = 0.5
    return reasons


def _demand(statement: Statement, member: Statement, own: bool, matter: Matter) -> dict[str, float]:
    """A demand belongs to the accusation of the same speaker that it stands nearest to, in one article."""
    away = abs(statement.position - member.position)
    if statement.article != member.article or away > FOLLOWS:
        return {}
    cosine = float(matter.cosines(statement, [member])[0])
    if not own and cosine < ALIKE:
        return {}
    reasons = {"stands near it": 1.0 - away / (FOLLOWS + 1)}
    if own:
        reasons["by the same speaker"] = 1.0
    if cosine > 0:
        reasons["speaks of the same matter"] = 2 * cosine
    return reasons
