"""Our own annotated news texts, read from their mark-up into texts with spans.

One text a block in ``labels/claims/<lang>.txt`` (first writer) and ``labels/claims/second`` and ``third`` (writers who
knew nothing of the program: all of it for development), blocks apart by their id line. ``[1s ...]`` is the source of
statement 1, ``[1c ...]`` its cue, ``[1 ...]`` its content; a role may come in several pieces, pieces may lie inside one
another, ``[1s,3s ...]`` is the source of two statements. The last line says what each statement is:
``= 1 accuses > target + kind,kind ; 2 denies ^1`` (the denial answers statement 1), ``+ anonymous`` among the kinds of
evidence where the source is.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from pathlib import Path

LABELS = Path(__file__).parent / "labels" / "claims"
LANGUAGES = ("en", "fr")
"""Languages that the first writer's set has, in two halves."""
ALL_LANGUAGES = ("en", "fr", "de", "es", "ru")
ACTS = ("asserts", "accuses", "denies", "demands", "predicts", "declines")
EVIDENCE = ("document", "data", "link", "study", "official", "anonymous")

_ID = re.compile(r"^(?=[a-z]{2}\w*\d{2,}$)", re.MULTILINE)
_OPEN = re.compile(r"\[((?:\d+[sc]?)(?:,\d+[sc]?)*) ")
_ATTRIBUTE = re.compile(r"(\d+) (\w+)(?: \^(\d+))?(?: > ([^+;]+?))?(?: \+ ([\w,]+))?")
_ROLE = {"": "Content", "s": "Source", "c": "Cue"}

Span = tuple[int, int]


class BadLabels(ValueError):
    """Mark-up that cannot be read; the message names the text."""


@dataclass
class Statement:
    """One annotated statement: spans by role (Source, Cue, Content), act, target, evidence."""

    roles: dict[str, list[Span]] = field(default_factory=lambda: {"Source": [], "Cue": [], "Content": []})
    act: str = ""
    target: str = ""
    evidence: tuple[str, ...] = ()
    answers: int | None = None
    """Place (from 0) of the accusation in the same text that a denial answers."""

    @property
    def anonymous(self) -> bool:
        """Whether its source is spoken of without a name."""
        return "anonymous" in self.evidence


@dataclass
class Labelled:
    """One text with its statements, in the order of their numbers."""

    id: str
    lang: str
    text: str
    statements: list[Statement]
    writer: int = 1

    @property
    def split(self) -> str:
        """ "dev" or "test", by a hash of the id: fixed before anything was measured; another writer's is "dev"."""
        if self.writer > 1:
            return "dev"
        return "dev" if hashlib.sha256(self.id.encode()).digest()[0] % 2 else "test"


def load(split: str | None = None, lang: str | None = None, writer: int | None = 1) -> list[Labelled]:
    """Texts of a half, a language and a writer (None: of all), in the order of the files.

    Raises:
        BadLabels: unbalanced mark-up, an unknown act or kind, a statement without content.
    """
    found: list[Labelled] = []
    for code in ALL_LANGUAGES:
        if lang not in (None, code):
            continue
        for number, folder in enumerate((LABELS, LABELS / "second", LABELS / "third"), 1):
            path = folder / f"{code}.txt"
            if writer in (None, number) and path.exists():
                found += read(path, code, number)
    return [text for text in found if split in (None, text.split)]


def read(path: Path, lang: str, writer: int = 1) -> list[Labelled]:
    """The texts of one annotated file.

    Raises:
        BadLabels: see ``load``.
    """
    found = []
    for block in _ID.split(path.read_text("utf-8")):
        if block.strip():
            name, _, rest = block.strip().partition("\n")
            found.append(_labelled(name, lang, rest, writer))
    return found


def _labelled(name: str, lang: str, rest: str, writer: int = 1) -> Labelled:
    marked, _, attributes = rest.rpartition("\n= ")
    text, spans = marked_spans(name, marked)
    statements = {}
    answers: dict[str, str] = {}
    for item in attributes.split(" ; "):
        match = _ATTRIBUTE.fullmatch(item.strip())
        if match is None:
            raise BadLabels(f"{name}: cannot read {item!r}")
        number, act, answered, target, kinds = match.groups()
        statement = Statement(act=act, target=target or "", evidence=tuple(kinds.split(",")) if kinds else ())
        if act not in ACTS or set(statement.evidence) - set(EVIDENCE) or number in statements:
            raise BadLabels(f"{name}: unknown act or evidence, or a number twice, in {item!r}")
        statements[number] = statement
        if answered:
            answers[number] = answered
    for key, span in spans:
        number = key.rstrip("sc")
        if number not in statements:
            raise BadLabels(f"{name}: statement {number} is marked but not described")
        statements[number].roles[_ROLE[key[len(number) :]]].append(span)
    order = sorted(statements, key=int)
    for number, statement in statements.items():
        if answers.get(number):
            statement.answers = order.index(answers[number])
    empty = [number for number, statement in statements.items() if not statement.roles["Content"]]
    if empty:
        raise BadLabels(f"{name}: statement {empty[0]} has no content")
    return Labelled(name, lang, text, [statements[number] for number in order], writer)


def marked_spans(name: str, marked: str) -> tuple[str, list[tuple[str, Span]]]:
    """Text without mark-up, and (number and role, span) of every marked piece."""
    out: list[str] = []
    size = at = 0
    opened: list[tuple[str, int]] = []
    spans: list[tuple[str, Span]] = []
    while at < len(marked):
        match = _OPEN.match(marked, at)
        if match:
            opened.append((match.group(1), size))
            at = match.end()
        elif marked[at] == "]":
            if not opened:
                raise BadLabels(f"{name}: a bracket is closed that was never opened")
            keys, start = opened.pop()
            spans += [(key, (start, size)) for key in keys.split(",")]
            at += 1
        elif marked[at] == "[":
            raise BadLabels(f"{name}: cannot read the mark at {marked[at : at + 20]!r}")
        else:
            out.append(marked[at])
            size += 1
            at += 1
    if opened:
        raise BadLabels(f"{name}: a bracket is never closed")
    return "".join(out), sorted(spans, key=lambda item: item[1])


def write_brat(folder: Path, split: str | None = None, lang: str | None = None) -> int:
    """Write NAME.txt beside NAME.ann, as ``probata claims train`` reads them; return the number of texts."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = load(split, lang)
    for item in texts:
        (folder / f"{item.id}.txt").write_text(item.text, "utf-8")
        lines: list[str] = []
        events: list[str] = []
        for statement in item.statements:
            parts = []
            for role, spans in statement.roles.items():
                for piece, (start, end) in enumerate(spans):
                    key = f"T{len(lines) + 1}"
                    shown = item.text[start:end].replace("\n", " ")
                    lines.append(f"{key}\t{role} {start} {end}\t{shown}")
                    parts.append(f"{role}{piece or ''}:{key}")
            events.append(f"E{len(events) + 1}\t{' '.join(parts)}")
        (folder / f"{item.id}.ann").write_text("\n".join([*lines, *events]) + "\n", "utf-8")
    return len(texts)
