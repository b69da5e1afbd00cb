"""Statements of the ledger: rows of the ``attributions`` table with what is known of their article."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.claims.ledger_names import Actors, Mention, accused
from probata.model import Table

_CORRECTION = re.compile(
    r"\b(?:correct(?:ed|s|ion)|retract(?:ed|s|ion)|withdr(?:ew|awn|aws)|apologi[sz]e[ds]?|regret(?:ted|s)? the error|"
    r"rectifi\w+|rétract\w+|retir(?:é|e) son|excuses|droit de réponse|erratum)\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Statement:
    """One attributed statement with its article's outlet, date and language."""

    row: int
    id: str
    article: str
    position: int
    speaker: str
    """Name as resolved, "" where nobody is named."""
    key: str
    """Key of the speaker (see ``Actors.key``)."""
    belongs: frozenset[str]
    """Keys of the speaker and of whoever the article ties to them ("Kremlin spokesman")."""
    act: str
    cue: str
    content: str
    lang: str
    outlet: str
    published: str
    moment: float
    """Earliest moment of publication in days since 1970; NaN where unknown."""
    evidence: tuple[str, ...]
    anonymous: bool
    against: tuple[Mention, ...] = ()

    @property
    def order(self) -> tuple[float, str, int]:
        """By date (unknown last), article, place in the article."""
        return (self.moment if self.moment == self.moment else float("inf"), self.article, self.position)

    @property
    def corrects(self) -> bool:
        """Whether it takes something back."""
        return bool(_CORRECTION.search(f"{self.cue} {self.content[:120]}"))


def statements(attributions: Table, articles: Table, actors: Actors) -> list[Statement]:
    """Statements in order of date and place. Rows of articles that are not in ``articles`` have no date."""
    about = _articles(articles)
    ties = _ties(attributions, actors)
    found = []
    for i in range(len(attributions["article"])):
        article = str(attributions["article"][i])
        outlet, published, moment, lang = about.get(article, ("", "", float("nan"), ""))
        speaker = _speaker(attributions, i)
        key = actors.key(speaker)
        item = Statement(
            row=i,
            id=str(attributions["id"][i]),
            article=article,
            position=int(attributions["position"][i]),
            speaker=speaker,
            key=key,
            belongs=ties.get((article, key), frozenset({key} - {""})),
            act=str(attributions["act"][i]),
            cue=str(attributions["cue_text"][i] or ""),
            content=" ".join(str(attributions["content_text"][i] or "").split()),
            lang=lang,
            outlet=outlet,
            published=published,
            moment=moment,
            evidence=_evidence(attributions["evidence"][i]),
            anonymous=bool(attributions["anonymous"][i]),
        )
        if item.act == "accuses":
            item.against = tuple(accused(actors, item.content, key, str(attributions["target"][i] or "")))
        found.append(item)
    return sorted(found, key=lambda item: item.order)


def _speaker(attributions: Table, i: int) -> str:
    if int(attributions["source_start"][i]) < 0:
        return ""
    return " ".join(str(attributions["speaker"][i] or attributions["source_text"][i] or "").split())


def _evidence(value: Any) -> tuple[str, ...]:
    """Kinds of evidence cited, an anonymous source apart (it can be checked by nobody)."""
    kinds = {str(item["kind"]) for item in json.loads(value or "[]")}
    return tuple(sorted(kinds - {"anonymous"}))


def _articles(articles: Table) -> dict[str, tuple[str, str, float, str]]:
    """Outlet, date as given, earliest moment in days, language, by article."""
    if not len(articles.get("id", ())):
        return {}
    size = len(articles["id"])

    def column(name: str) -> Any:
        return articles[name] if name in articles else [None] * size

    moments = np.asarray(column("published_earliest"), dtype="datetime64[us]")
    days = moments.astype("int64") / 86_400e6
    days = np.where(np.isnat(moments), np.nan, days)
    found = {}
    for i in range(size):
        given = str(column("published")[i] or "")
        day = "" if np.isnat(moments[i]) else str(moments[i])[:10]
        found[str(articles["id"][i])] = (
            str(column("source")[i] or ""),
            given[:10] or day,
            float(days[i]),
            str(column("lang")[i] or "")[:2],
        )
    return found


def _ties(attributions: Table, actors: Actors) -> dict[tuple[str, str], frozenset[str]]:
    """Whom each speaker of an article belongs to: names in the phrases that the article calls them by."""
    found: dict[tuple[str, str], set[str]] = {}
    for i in range(len(attributions["article"])):
        key = actors.key(_speaker(attributions, i))
        if key:
            named = actors.named(str(attributions["source_text"][i] or ""))
            entry = found.setdefault((str(attributions["article"][i]), key), {key})
            entry |= {mention.key for mention in named}
    return {place: frozenset(keys) for place, keys in found.items()}
