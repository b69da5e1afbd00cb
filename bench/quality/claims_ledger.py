"""The ledger on our own annotated statements: is what says the same one allegation, and what answers it beside it?

Statements are taken as annotated (spans and acts), speakers, evidence and the accused as found by the program. Two
sets: short texts (``labels/claims``), all of a half and a language in one ledger as if published on one day, so that
every text is a distractor for every other; and stories in several articles (``labels/ledger``), all of a half in one
ledger, the five languages together. Grouping is scored by B-cubed over accusations, answers by pairs of statement and
allegation: an allegation that was found is the annotated one that most of its members belong to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality._claims_gold import annotated_rows
from bench.quality._claims_sets import LANGUAGES, Labelled, load
from bench.quality._ledger_stories import Told
from bench.quality._ledger_stories import load as load_stories
from bench.quality.claims_polnear import f1
from probata.analyse.claims.ledger import ledger
from probata.analyse.claims.table import columns_of

OWN = True
BESIDE = {"denies": "denials", "demands": "demands", "corrects": "corrections"}
"""Roles that are annotated, and the ledger's list of each."""


def _annotated(text: Labelled) -> tuple[list[dict[str, Any]], list[str]]:
    """Rows of the annotated statements with their annotated acts, and their ids, by place of the statement."""
    made = annotated_rows(text)
    for row, statement in zip(made, text.statements, strict=True):
        row["act"] = statement.act
    return made, [row["id"] for row in made]


def pairs_of(texts: Sequence[Labelled]) -> tuple[set[tuple[str, str]], set[tuple[str, str]], dict[str, str]]:
    """(denial, accusation) ids as annotated and as the ledger has them, and what each id is, for looking at."""
    rows: list[dict[str, Any]] = []
    wanted: set[tuple[str, str]] = set()
    shown: dict[str, str] = {}
    for text in texts:
        made, ids = _annotated(text)
        rows += made
        shown |= {row["id"]: f"{text.id} {row['speaker']}: {row['content_text'][:60]}" for row in made}
        for place, statement in enumerate(text.statements):
            if statement.answers is not None:
                wanted.add((ids[place], ids[statement.answers]))
    articles = {
        "id": np.array([text.id for text in texts], object),
        "published_earliest": np.array(["2030-05-01"] * len(texts), "datetime64[us]"),
        "lang": np.array([text.lang for text in texts], object),
    }
    allegations, _ = ledger(columns_of(rows), articles)
    found = {
        (denial["attribution"], member["attribution"])
        for allegation in allegations
        for denial in allegation["denials"]
        for member in allegation["members"]
    }
    return wanted, found, shown


@dataclass
class Scored:
    """The ledger on stories: what was annotated and found, by id of the statement."""

    gold: dict[str, str] = field(default_factory=dict)
    """Allegation by accusation."""
    group: dict[str, str] = field(default_factory=dict)
    """Allegation that the ledger put the accusation into; the statement's own id where into none."""
    wanted: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: {role: set() for role in BESIDE})
    """(statement, annotated allegation) by role."""
    found: dict[str, set[tuple[str, str]]] = field(default_factory=lambda: {role: set() for role in BESIDE})
    parts: list[tuple[str, str]] = field(default_factory=list)
    """(annotated, found) part of members by somebody else than who made the allegation."""
    shown: dict[str, str] = field(default_factory=dict)

    def bcubed(self) -> tuple[float, float, float]:
        """Precision, recall and F1 over accusations (Bagga & Baldwin 1998)."""
        precision, recall = [], []
        for one in self.gold:
            put = {other for other in self.gold if self.group[other] == self.group[one]}
            same = {other for other in self.gold if self.gold[other] == self.gold[one]}
            precision.append(len(put & same) / len(put))
            recall.append(len(put & same) / len(same))
        p, r = float(np.mean(precision)), float(np.mean(recall))
        return p, r, 2 * p * r / (p + r)

    def beside(self, role: str) -> tuple[float, float, float]:
        """Precision, recall and F1 of statements set beside allegations in one role."""
        right = len(self.wanted[role] & self.found[role])
        return f1(right, len(self.found[role]) - right, len(self.wanted[role]) - right)


def scored(stories: Sequence[Told]) -> Scored:
    """Put the articles of some stories into one ledger and hold it against the annotation."""
    rows: list[dict[str, Any]] = []
    score = Scored()
    parts: dict[str, str] = {}
    for told in stories:
        made, ids = _annotated(told.text)
        rows += made
        score.shown |= {
            row["id"]: f"{told.text.id} {row['speaker']}: {row['content_text'][:70]}" for row in made
        }
        score.gold |= {ids[place]: label for place, label in told.makes.items()}
        parts |= {ids[place]: part for place, part in told.part.items()}
        for place, (role, labels) in told.beside.items():
            score.wanted[role] |= {(ids[place], label) for label in labels}
    articles = {
        "id": np.array([told.text.id for told in stories], object),
        "source": np.array([told.outlet for told in stories], object),
        "published": np.array([told.day for told in stories], object),
        "published_earliest": np.array([told.day for told in stories], "datetime64[us]"),
        "lang": np.array([told.text.lang for told in stories], object),
    }
    allegations, _ = ledger(columns_of(rows), articles)
    score.group = {one: one for one in score.gold}
    for allegation in allegations:
        _held(score, allegation, parts)
    return score


def _held(score: Scored, allegation: dict[str, Any], parts: dict[str, str]) -> None:
    """Add one allegation of the ledger."""
    members = {member["attribution"]: member["role"] for member in allegation["members"]}
    score.group |= dict.fromkeys(members, allegation["id"])
    labels = Counter(score.gold[one] for one in members)
    label = max(sorted(labels), key=lambda one: labels[one])
    for role, key in BESIDE.items():
        score.found[role] |= {(answer["attribution"], label) for answer in allegation[key]}
    score.parts += [(part, members[one]) for one, part in parts.items() if one in members]


def stories_measured(half: str) -> dict[str, float]:
    """Print and return the figures of one half of the stories."""
    score = scored(load_stories(half))
    p, r, f = score.bcubed()
    print(f"{half}, stories: {len(score.gold)} accusations, B-cubed P {p:.3f} R {r:.3f} F1 {f:.3f}")
    found = {"stories_bcubed_f1": f}
    for role in BESIDE:
        p, r, f = score.beside(role)
        print(f"  {role}: {len(score.wanted[role])} annotated, precision {p:.3f}, recall {r:.3f}, F1 {f:.3f}")
        found |= {f"stories_{role}_p": p, f"stories_{role}_r": r}
    right = sum(a == b for a, b in score.parts)
    print(f"  repeats or adds evidence: {right} of {len(score.parts)} right")
    return {name: round(value, 4) for name, value in found.items()}


def run(data: Path | None) -> dict[str, float]:
    """Measure both halves; print; return the figures of the held-back half."""
    result: dict[str, float] = {}
    for half in ("dev", "test"):
        wanted: set[tuple[str, str]] = set()
        found: set[tuple[str, str]] = set()
        for lang in LANGUAGES:
            a, b, _ = pairs_of(load(half, lang))
            wanted, found = wanted | a, found | b
        right = len(wanted & found)
        p, r, f = f1(right, len(found) - right, len(wanted) - right)
        print(f"{half}: {len(wanted)} answered accusations, precision {p:.3f}, recall {r:.3f}, F1 {f:.3f}")
        stories = stories_measured(half)
        if half == "test":
            result = stories | {"denials_p": round(p, 4), "denials_r": round(r, 4), "denials_f1": round(f, 4)}
    return result
