"""Annotated articles in brat standoff: ``text/`` and ``attributions/`` as PolNeAR, or NAME.txt beside NAME.ann."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from probata.analyse.claims.document import Span

_ID = re.compile(r"[TE]\d+")
_ROLE = re.compile(r"[0-9]+$")


class BadAnnotation(ValueError):
    """An annotation file that cannot be read; the message names file and line."""


@dataclass(slots=True)
class Annotated:
    """One article: text and attributions, each a map of role to spans."""

    name: str
    text: str
    attributions: list[dict[str, list[Span]]] = field(default_factory=list)


def read_folder(folder: Path) -> Iterator[Annotated]:
    """Annotated articles by name; of several annotators of one article the first in name order.

    Raises:
        BadAnnotation: no annotated article at all, or a malformed file.
    """
    pairs = list(_pairs(folder))
    if not pairs:
        raise BadAnnotation(
            f"{folder}: no annotated articles; give a folder with text/ and attributions/, or NAME.txt beside NAME.ann"
        )
    for text, annotation in pairs:
        try:
            content = text.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise BadAnnotation(f"{text}: not UTF-8; save it as UTF-8") from None
        yield Annotated(text.stem, content, read_annotation(annotation, len(content)))


def _pairs(folder: Path) -> Iterator[tuple[Path, Path]]:
    texts = folder / "text"
    if texts.is_dir():
        files = sorted((folder / "attributions").glob("*.ann"))
        by_name: dict[str, Path] = {}
        for file in files:
            by_name.setdefault(file.stem.rpartition("_")[0] or file.stem, file)
            by_name.setdefault(file.stem, file)
        for text in sorted(texts.iterdir()):
            if text.stem in by_name:
                yield text, by_name[text.stem]
        return
    for text in sorted(folder.glob("*.txt")):
        if text.with_suffix(".ann").is_file():
            yield text, text.with_suffix(".ann")


def read_annotation(path: Path, size: int) -> list[dict[str, list[Span]]]:
    """Attributions of one file.

    Raises:
        BadAnnotation: a line that is no brat line, or a span outside the text of ``size`` code points.
    """
    spans: dict[str, list[Span]] = {}
    events: list[tuple[int, str]] = []
    for number, line in enumerate(_read(path).splitlines(), 1):
        fields = line.split("\t")
        if not _ID.fullmatch(fields[0]):
            continue  # other kinds of notes, and the rest of a span's text after a newline
        try:
            if fields[0][0] == "T":
                spans[fields[0]] = _ranges(fields[1], size)
            else:
                events.append((number, fields[1]))
        except (ValueError, IndexError):
            raise BadAnnotation(f"{path}, line {number}: not a brat annotation of this text") from None
    return [_event(value, spans, f"{path}, line {number}") for number, value in events]


def _read(path: Path) -> str:
    """Text of an annotation file, a mark of byte order left out.

    Raises:
        BadAnnotation: it is not UTF-8.
    """
    try:
        return path.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise BadAnnotation(f"{path}: not UTF-8; save it as UTF-8") from None


def _ranges(value: str, size: int) -> list[Span]:
    pieces = value.split(" ", 1)[1].split(";")
    found = [(int(a), int(b)) for a, b in (piece.split() for piece in pieces)]
    if any(not 0 <= a <= b <= size for a, b in found):
        raise ValueError
    return [(a, b) for a, b in found if a < b]


def _event(value: str, spans: dict[str, list[Span]], place: str) -> dict[str, list[Span]]:
    """Spans by role; whatever is numbered behind its name is one role.

    Raises:
        BadAnnotation: it names a span that the file does not hold.
    """
    roles: dict[str, list[Span]] = {}
    for pair in value.split():
        role, _, key = pair.partition(":")
        if key.startswith("T") and key not in spans:
            raise BadAnnotation(f"{place}: names {key}, which the file does not hold")
        roles.setdefault(_ROLE.sub("", role), []).extend(spans.get(key, ()))
    return roles
