"""Reading a table of ``case.toml`` key by key: take what is known, then account for the rest."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from probata.case.locate import Locator

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?\Z")


class CaseError(Exception):
    """The problems of a case, all together: ``lines`` holds one line each, ``FILE:LINE: what; remedy``."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = tuple(lines)
        super().__init__("\n".join(self.lines))


@dataclass(slots=True)
class Problems:
    """What is wrong with a file so far."""

    shown: str
    locator: Locator = field(default_factory=Locator)
    found: list[tuple[int, str]] = field(default_factory=list)

    def add(self, path: tuple[str | int, ...], what: str, remedy: str) -> None:
        """Note one problem at the place of ``path``."""
        self.found.append((self.locator.line(path), f"{what}; {remedy}"))

    def raise_if_any(self) -> None:
        """Raise everything noted, in the order of the file."""
        if self.found:
            ordered = sorted(dict.fromkeys(self.found), key=lambda problem: problem[0])
            raise CaseError(_one_line(f"{self.shown}:{line}: {message}") for line, message in ordered)


def _one_line(text: str) -> str:
    """A message stays one line whatever the file holds."""
    return "".join(mark if mark.isprintable() else " " for mark in text)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A remedy: the nearest known word, or all of them."""
    known = sorted(known)
    near = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}?" if near else f"known here: {', '.join(known) or 'none'}"


@dataclass(slots=True)
class TableReader:
    """One table of the file. Each method takes a key; ``finish`` reports the keys nobody took."""

    values: Mapping[str, Any]
    path: tuple[str | int, ...]
    problems: Problems
    taken: set[str] = field(default_factory=set)

    def text(self, key: str, required: bool = False) -> str:
        """A text without surrounding white space, or ""."""
        value = self._take(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._wrong(key, "a text in quotes", value)
            return ""
        if required and not value.strip():
            self.problems.add((*self.path, key), f"{key!r} is empty", "fill it in")
        return value.strip()

    def flag(self, key: str) -> bool:
        """True or false; false where absent."""
        value = self._take(key, False)
        if value is not None and not isinstance(value, bool):
            self._wrong(key, "true or false", value)
            return False
        return bool(value)

    def number(self, key: str, required: bool = False) -> float | None:
        """A finite number."""
        value = self._take(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
            self._wrong(key, "a finite number", value)
            return None
        return float(value)

    def whole(self, key: str) -> int | None:
        """A whole number."""
        value = self._take(key, False)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            self._wrong(key, "a whole number", value)
            return None
        return value

    def day(self, key: str, required: bool = False) -> date | None:
        """A day: a TOML date, or its ISO text."""
        value = self._take(key, required)
        if value is None:
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        try:
            return date.fromisoformat(value)
        except (TypeError, ValueError):
            self._wrong(key, "a day such as 2017-02-13", value)
            return None

    def moment(self, key: str, required: bool = False) -> str:
        """A day, month or year as ISO text."""
        value = self._take(key, required)
        if value is None:
            return ""
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, str) and _PARTIAL_DATE.match(value) and _is_real(value):
            return value
        self._wrong(key, "a day, month or year such as 2017-02-13", value)
        return ""

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._take(key, False)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            self._wrong(key, "a list of texts", value)
            return ()
        return tuple(item.strip() for item in value)

    def choice(self, key: str, known: Iterable[str], required: bool = True) -> str:
        """One of the known words."""
        known = tuple(known)
        value = self.text(key, required)
        if value and value not in known:
            remedy = did_you_mean(value, known)
            self.problems.add((*self.path, key), f"{key!r} cannot be {value!r}", remedy)
            return ""
        return value

    def free(self, key: str) -> dict[str, Any]:
        """A table whose keys are checked elsewhere."""
        value = self._take(key, False)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._wrong(key, "a table such as { name = value }", value)
            return {}
        return dict(value)

    def table(self, key: str, required: bool = False) -> TableReader | None:
        """A table below this one, to be read in the same way."""
        value = self._take(key, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            self._wrong(key, "a table", value)
            return None
        return TableReader(value, (*self.path, key), self.problems)

    def tables(self, key: str) -> list[TableReader]:
        """The tables of ``[[key]]``."""
        value = self._take(key, False)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            name = ".".join(str(part) for part in (*self.path, key) if isinstance(part, str))
            self.problems.add(
                (*self.path, key), f"{key!r} is not a list of tables", f"write [[{name}]] above each"
            )
            return []
        return [TableReader(item, (*self.path, key, at), self.problems) for at, item in enumerate(value)]

    def finish(self) -> None:
        """Report every key that nobody took."""
        for key in self.values:
            if key not in self.taken:
                remedy = did_you_mean(key, self.taken)
                self.problems.add((*self.path, key), f"unknown key {key!r}{self._where()}", remedy)

    def wrong(self, key: str, what: str, remedy: str) -> None:
        """Note a problem of a key that only the caller can see."""
        self.problems.add((*self.path, key), what, remedy)

    def _take(self, key: str, required: bool) -> Any:
        self.taken.add(key)
        if key not in self.values and required:
            self.problems.add(self.path, f"{key!r} is missing{self._where()}", "add it")
        return self.values.get(key)

    def _wrong(self, key: str, wanted: str, value: object) -> None:
        shown = repr(value)
        shown = shown if len(shown) <= 60 else shown[:57] + "..."
        self.problems.add((*self.path, key), f"{key!r} is {shown}", f"it must be {wanted}")

    def _where(self) -> str:
        names = [str(part) for part in self.path if isinstance(part, str)]
        return f" in {'.'.join(names)}" if names else ""


def _is_real(text: str) -> bool:
    padded = text + "-01" * (2 - text.count("-"))
    try:
        date.fromisoformat(padded)
    except ValueError:
        return False
    return True
