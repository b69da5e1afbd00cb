"""The ledger: who alleges what against whom, who repeats it, who denies it, what is demanded, on what evidence.

Accusations that say the same of the same are one allegation. A denial stands at the accusations that it answers, with
the reasons why it is thought to answer them; none is set beside an accusation for standing near it alone. The ledger
describes: it never says who is right, and an analyst accepts what becomes an ``[[allegation]]`` of a case.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from probata.analyse.claims.ledger_group import Group, blocks_of, grouped
from probata.analyse.claims.ledger_names import Actors
from probata.analyse.claims.ledger_pair import Matter, read_ahead, reasons_for
from probata.analyse.claims.ledger_rows import Statement, statements
from probata.analyse.claims.ledger_toml import proposed_toml
from probata.analyse.claims.ledger_words import capitals
from probata.model import Candidate, Source, Table, content_id

__all__ = ["COLUMNS", "ledger", "proposed_toml"]

NEAR_MATTER = 20
"""Allegations of other articles that a denial is weighed against."""
LAST = 20
"""Allegations against one name, or by one, that a denial in a later article is weighed against: the last ones."""
BEST_SHARE = 0.85
"""A denial also stands at other allegations whose score comes this near to its best."""

COLUMNS = ("allegation", "attribution", "article", "role", "speaker", "score")
"""Columns of the ``ledger`` table, one row a statement and allegation: role is ``makes``, ``again``, ``carries``,
``repeats``, ``adds_evidence``, ``denies``, ``declines``, ``replies``, ``demands`` or ``corrects``."""


def ledger(
    attributions: Table,
    articles: Table,
    candidates: Sequence[Candidate | Source] = (),
    options: Mapping[str, Any] | None = None,
) -> tuple[list[dict[str, Any]], Table]:
    """Put the allegations of some articles together.

    ``attributions`` has the columns of ``claims.table``; ``articles`` at least ``id`` and, where known, ``source``,
    ``published``, ``published_earliest``, ``lang``. ``candidates`` are the case's nouns whose names are recognised
    (candidates and outlets). Options: ``window_days`` (30: how long after an accusation a denial in another article
    may answer it), ``embedder`` (another encoder of ``text.embed``).

    Returns:
        allegations, earliest first, as the ``allegations`` list of the JSON contract; the table ``COLUMNS``.
    """
    chosen = dict(options or {})
    actors = Actors(tuple(candidates))
    said = statements(attributions, articles, actors)
    matter = Matter.of(said, actors, float(chosen.get("window_days", 30)), chosen.get("embedder"))
    groups = grouped([s for s in said if s.act == "accuses" and s.speaker and s.charges], said, matter)
    _answer(groups, said, matter)
    found = [_document(group) for group in groups]
    return found, _table(groups, found)


# ---------------------------------------------------------------- what answers an allegation


def _answer(groups: Sequence[Group], said: Sequence[Statement], matter: Matter) -> None:
    """Set denials, declined comments, replies, demands and corrections beside the allegations they belong to."""
    index = _Index(groups, matter)
    parts = [(role, statement) for statement in said if (role := _role(statement))]
    near = index.near(parts)
    read_ahead(
        [
            (s, g.members)
            for (role, s), some in zip(parts, near, strict=True)
            if role == "denies"
            for g in some
        ],
        matter,
    )
    for (role, statement), some in zip(parts, near, strict=True):
        scored = []
        for group in some:
            reasons = reasons_for(role, statement, group.members, group.against, matter)
            if reasons:
                scored.append((sum(reasons.values()), group, tuple(reasons)))
        best = max((score for score, _, _ in scored), default=0.0)
        share = BEST_SHARE if role in ("denies", "corrects") else 0.999
        for score, group, why in scored:
            if score >= share * best:
                group.answers.append((role, statement, round(score, 3), why))


class _Index:
    """Which allegations a statement could belong to, without asking all of them."""

    def __init__(self, groups: Sequence[Group], matter: Matter) -> None:
        self.groups = groups
        self.by_article: dict[str, set[int]] = {}
        self.by_name: dict[str, list[int]] = {}
        self.firsts = matter.shelf([group.first for group in groups])
        for number, group in enumerate(groups):
            for member in group.members:
                self.by_article.setdefault(member.article, set()).add(number)
            accusers = {member.key for member in group.members}
            for name in sorted(blocks_of(group.against) | blocks_of(frozenset(accusers))):
                self.by_name.setdefault(name, []).append(number)

    def near(self, said: Sequence[tuple[str, Statement]]) -> list[list[Group]]:
        """Those of its article; for denials and corrections also those whose matter is nearest anywhere, and the
        last ones against whoever speaks or by whoever is named."""
        wide = [statement for role, statement in said if role in ("denies", "corrects")]
        nearest = dict(
            zip(
                (statement.id for statement in wide), self.firsts.nearest(wide, NEAR_MATTER, 0.2), strict=True
            )
        )
        return [self._near(statement, nearest.get(statement.id)) for _, statement in said]

    def _near(self, statement: Statement, nearest: Sequence[int] | None) -> list[Group]:
        found = set(self.by_article.get(statement.article, ()))
        if nearest is not None:
            found.update(nearest)
            for name in blocks_of(statement.belongs) | blocks_of(frozenset(capitals(statement.content))):
                some = self.by_name.get(name, [])
                place = bisect_right(
                    some, statement.order, key=lambda number: self.groups[number].first.order
                )
                found.update(some[max(0, place - LAST) : place])
        return [self.groups[number] for number in sorted(found)]


def _role(statement: Statement) -> str | None:
    """The part that a statement may play beside an accusation; None for none."""
    if not statement.speaker or statement.act in ("accuses", "predicts"):
        return None
    if statement.act == "asserts":
        return "corrects" if statement.corrects else "replies"
    return {"denies": "denies", "declines": "declines", "demands": "demands"}.get(statement.act)


# ---------------------------------------------------------------- output


def _document(group: Group) -> dict[str, Any]:
    """One allegation as the JSON contract has it."""
    first = group.first
    against = next((s.against for s in group.members if s.against), ())
    members = [_member(group, statement) for statement in group.members]
    answers = {role: [_reply(a) for a in group.answers if a[0] == role] for role in _ANSWERS}
    dates = sorted({s.published for s in group.members if s.published})
    return {
        "id": content_id("allegation", first.id),
        "text": first.content,
        "made_by": first.speaker,
        "made_on": first.published or None,
        "against": [m.name for m in against],
        "against_keys": [m.key for m in against],
        "dates": {"first": dates[0] if dates else None, "last": dates[-1] if dates else None},
        "articles": sorted({s.article for s in group.members}),
        "outlets": sorted({s.outlet for s in group.members if s.outlet}),
        "members": members,
        "merely_repeated_by": sorted(
            {m["speaker"] for m in members if m["role"] == "repeats"}
            | {m["outlet"] for m in members if m["role"] == "carries" and m["outlet"]}
        ),
        **{_ANSWERS[role]: rows for role, rows in answers.items()},
        "sides": _sides(group),
    }


_ANSWERS = {
    "denies": "denials",
    "declines": "declined",
    "replies": "replies",
    "demands": "demands",
    "corrects": "corrections",
}


def _part(group: Group, statement: Statement) -> str:
    """What a member does for the allegation: makes it, says it again, carries it on, repeats it, adds evidence."""
    first = group.first
    if statement is first:
        return "makes"
    if statement.key == first.key:
        return "again" if statement.article == first.article else "carries"
    earlier = {kind for s in group.members if s.order < statement.order for kind in s.evidence}
    return "adds_evidence" if set(statement.evidence) - earlier else "repeats"


def _member(group: Group, statement: Statement) -> dict[str, Any]:
    return {
        "attribution": statement.id,
        "article": statement.article,
        "outlet": statement.outlet or None,
        "on": statement.published or None,
        "speaker": statement.speaker,
        "role": _part(group, statement),
        "evidence": list(statement.evidence),
        "anonymous": statement.anonymous,
        "text": statement.content,
    }


def _reply(answer: tuple[str, Statement, float, tuple[str, ...]]) -> dict[str, Any]:
    _, statement, score, why = answer
    return {
        "attribution": statement.id,
        "article": statement.article,
        "outlet": statement.outlet or None,
        "on": statement.published or None,
        "by": statement.speaker,
        "text": statement.content,
        "evidence": list(statement.evidence),
        "score": score,
        "why": list(why),
    }


def _sides(group: Group) -> list[dict[str, Any]]:
    """Who accuses and who denies, each with the kinds of evidence that they cite."""
    sides = []
    for side, rows in (
        ("accuses", group.members),
        ("denies", [a[1] for a in group.answers if a[0] == "denies"]),
    ):
        by: dict[str, set[str]] = {}
        for statement in rows:
            by.setdefault(statement.speaker, set()).update(statement.evidence)
        if by:
            sides.append({"side": side, "who": [{"name": n, "evidence": sorted(k)} for n, k in by.items()]})
    return sides


def _table(groups: Sequence[Group], found: Sequence[Mapping[str, Any]]) -> Table:
    rows: list[tuple[str, str, str, str, str, float]] = []
    for group, allegation in zip(groups, found, strict=True):
        for statement in group.members:
            part = _part(group, statement)
            rows.append((allegation["id"], statement.id, statement.article, part, statement.speaker, np.nan))
        for role, statement, score, _ in group.answers:
            rows.append((allegation["id"], statement.id, statement.article, role, statement.speaker, score))
    table: dict[str, Any] = {
        name: np.array([*(row[k] for row in rows), None], dtype=object)[:-1] for k, name in enumerate(COLUMNS)
    }
    table["score"] = np.array([row[5] for row in rows], dtype=np.float64)
    return table
