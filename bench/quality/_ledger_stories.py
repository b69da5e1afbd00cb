"""Our own stories told in several articles, for the ledger: who makes which allegation again, who answers which.

One article a block in ``labels/ledger/*.txt``: id, language, day and outlet in the first line; the id's last
letter tells the articles of one story apart. Spans are marked as in ``_claims_sets``. The last line says what each
statement is: ``1 accuses #a`` makes allegation ``a`` of its story, ``#a~`` somebody else's mere repetition of it,
``#a*`` somebody else's with evidence of its own; ``2 denies ^a`` answers it, as ``demands ^a`` and ``corrects ^a``
stand beside it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bench.quality._claims_sets import BadLabels, Labelled, Statement, marked_spans

LABELS = Path(__file__).parent / "labels" / "ledger"
_HEAD = re.compile(r"^(?=[a-z]{2}\d{2}[a-z] [a-z]{2} \d{4}-\d{2}-\d{2} )", re.MULTILINE)
_ITEM = re.compile(
    r"(\d) (accuses|denies|demands|asserts|declines|corrects)(?: #([a-z])([~*])?)?(?: \^([a-z]+))?"
)


@dataclass
class Told:
    """One article of a story: its text with statements, its day and outlet, and what they are to the allegations."""

    text: Labelled
    day: str
    outlet: str
    makes: dict[int, str] = field(default_factory=dict)
    """Allegation (story and letter) by place of the statement."""
    part: dict[int, str] = field(default_factory=dict)
    """"repeats" or "adds_evidence", for members by somebody else."""
    beside: dict[int, tuple[str, tuple[str, ...]]] = field(default_factory=dict)
    """(role, allegations) by place of the statement: role is denies, demands or corrects."""

    @property
    def story(self) -> str:
        """The story's id."""
        return self.text.id[:-1]

    @property
    def split(self) -> str:
        """ "dev" or "test", by a hash of the story's id: fixed before anything was measured."""
        return "dev" if hashlib.sha256(self.story.encode()).digest()[0] % 2 else "test"


def load(split: str | None = None) -> list[Told]:
    """Articles of a half, in the order of the files.

    Raises:
        BadLabels: mark-up that cannot be read.
    """
    found = [told for path in sorted(LABELS.glob("*.txt")) for told in _read(path)]
    return [told for told in found if split in (None, told.split)]


def _read(path: Path) -> Iterator[Told]:
    for block in _HEAD.split(path.read_text("utf-8")):
        if block.strip():
            head, _, rest = block.strip().partition("\n")
            yield _told(head, rest)


def _told(head: str, rest: str) -> Told:
    name, lang, day, outlet = head.split(" ", 3)
    marked, _, listed = rest.rpartition("\n= ")
    text, spans = marked_spans(name, marked)
    items = [_ITEM.fullmatch(item.strip()) for item in listed.split(" ; ")]
    if not marked or any(item is None for item in items):
        raise BadLabels(f"{name}: cannot read {listed!r}")
    told = Told(Labelled(name, lang, text, []), day, outlet)
    for place, item in enumerate(item for item in items if item is not None):
        number, act, label, mark, answered = item.groups()
        statement = Statement(act="asserts" if act == "corrects" else act)
        for key, span in spans:
            if key[0] == number:
                statement.roles[{"": "Content", "s": "Source", "c": "Cue"}[key[1:]]].append(span)
        if not statement.roles["Content"] or (act == "accuses") != bool(label):
            raise BadLabels(f"{name}: statement {number} has no content, or an accusation no allegation")
        told.text.statements.append(statement)
        if label:
            told.makes[place] = f"{told.story}{label}"
        if mark:
            told.part[place] = "repeats" if mark == "~" else "adds_evidence"
        if answered:
            told.beside[place] = (act, tuple(f"{told.story}{one}" for one in answered))
    return told
