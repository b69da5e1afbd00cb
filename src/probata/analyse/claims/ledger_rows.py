"""Statements of the ledger: rows of the ``attributions`` table with what is known of their article."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from probata.analyse.claims.ledger_names import Actors, Cast, Mention, accused, is_name
from probata.analyse.claims.ledger_words import alternatives, canon, words
from probata.model import Table

NEAR = 3
"""Statements after an accusation within which "the channel" is the channel that it accuses."""
_LEAST = 4
"""Words from which any accusation says what is charged."""
_QUOTED = re.compile('["“„«]')
_NO_SPEAKER = re.compile(rf"(?:[\w’']+\s+){{0,3}}{alternatives('no_speaker')}")


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
    names: frozenset[str] = frozenset()
    """Keys of everybody whom its article names."""

    @property
    def order(self) -> tuple[float, str, int]:
        """By date (unknown last), article, place in the article."""
        return (self.moment if self.moment == self.moment else float("inf"), self.article, self.position)

    @property
    def charges(self) -> bool:
        """Whether it says what is charged: "them during the debates" names a quarrel and no charge."""
        content = self.content
        return len(content.split()) >= _LEAST or bool(
            _QUOTED.search(content) or words("clause", "charged").search(content)
        )

    @property
    def corrects(self) -> bool:
        """Whether it takes something back."""
        return bool(words("correction").search(f"{self.cue} {self.content[:120]}"))


def statements(attributions: Table, articles: Table, actors: Actors) -> list[Statement]:
    """Statements in order of date and place. Rows of articles that are not in ``articles`` have no date."""
    about = _articles(articles)
    casts = _casts(attributions, actors)
    ties = _ties(attributions, actors, casts)
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
            names=casts[article].keys,
        )
        if item.act == "accuses":
            target = str(attributions["target"][i] or "")
            item.against = tuple(
                accused(actors, item.content, item.belongs, target if is_name(target) else "", casts[article])
            )
        found.append(item)
    found.sort(key=lambda item: (item.article, item.position))
    _meant(found)
    return sorted(found, key=lambda item: item.order)


def _meant(found: Sequence[Statement]) -> None:
    """Let a speaker who is called by kind or office alone ("the channel") stand for whoever was accused just before."""
    last: Statement | None = None
    for item in found:
        if last is not None and item.article != last.article:
            last = None
        if item.against:
            last = item
        elif last is not None and _kind_alone(item, last):
            item.belongs |= keys_of(last)


def _kind_alone(item: Statement, last: Statement) -> bool:
    """Whether an answer soon after an accusation is given by somebody without a name who is not the accuser."""
    near = item.position - last.position <= NEAR and item.act in ("denies", "declines")
    return near and bool(item.speaker) and not canon(item.speaker) and item.key != last.key


def keys_of(statement: Statement) -> frozenset[str]:
    """Keys of those whom a statement accuses."""
    return frozenset(mention.key for mention in statement.against)


def _speaker(attributions: Table, i: int) -> str:
    if int(attributions["source_start"][i]) < 0:
        return ""
    speaker = " ".join(str(attributions["speaker"][i] or attributions["source_text"][i] or "").split())
    return "" if _NO_SPEAKER.fullmatch(speaker[:1].lower() + speaker[1:]) else speaker


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


def _casts(attributions: Table, actors: Actors) -> dict[str, Cast]:
    """The names that each article uses for speakers and for those spoken about."""
    names: dict[str, set[str]] = {}
    speaks: dict[str, set[str]] = {}
    for i in range(len(attributions["article"])):
        article, speaker = str(attributions["article"][i]), _speaker(attributions, i)
        names.setdefault(article, set()).update((speaker, str(attributions["target"][i] or "")))
        if is_name(speaker):
            speaks.setdefault(article, set()).add(actors.key(speaker))
    return {
        article: Cast(found, frozenset(speaks.get(article, ())), actors) for article, found in names.items()
    }


def _ties(
    attributions: Table, actors: Actors, casts: Mapping[str, Cast]
) -> dict[tuple[str, str], frozenset[str]]:
    """Whom each speaker of an article belongs to: names in the phrases that the article calls them by."""
    found: dict[tuple[str, str], set[str]] = {}
    for i in range(len(attributions["article"])):
        article, key = str(attributions["article"][i]), actors.key(_speaker(attributions, i))
        if key:
            shown = str(attributions["source_text"][i] or "")
            named = actors.named(shown, cast=casts[article])
            entry = found.setdefault((article, key), {key})
            entry |= {mention.key for mention in named}
    return {place: frozenset(keys) for place, keys in found.items()}
