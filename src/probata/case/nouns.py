"""What ``case.toml`` holds, once it has been read and found whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal

from probata.model import Allegation, Ask, CampaignEvent, Candidate, Gap, Source, TestRequest

Prediction = Literal["met", "failed"]


@dataclass(frozen=True, slots=True)
class DataEntry:
    """One ``[[data]]``: files of one kind, and how to read them. ``files`` is empty where none is at hand."""

    id: str
    kind: str
    pattern: str
    files: tuple[Path, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    required: bool = True


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One explanation, as a column beside the others: who holds it and what it says."""

    id: str
    text: str
    held_by: str = ""


@dataclass(frozen=True, slots=True)
class FigureCheck:
    """Published poll figures to look for among the case's polls: shares by party, near a day."""

    data: str
    day: date
    days: int
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Fact:
    """A dated fact with its public source; with ``check``, a figure that the program looks up itself."""

    date: str
    text: str
    source: str
    check: FigureCheck | None = None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as its folder states it, before anything is measured."""

    folder: Path
    title: str
    period: tuple[date, date] | None
    candidates: tuple[Candidate, ...] = ()
    outlets: tuple[Source, ...] = ()
    references: tuple[str, ...] = ()
    events: tuple[CampaignEvent, ...] = ()
    allegations: tuple[Allegation, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    predictions: Mapping[str, Mapping[str, Prediction]] = field(default_factory=dict)
    """By test id: what each hypothesis predicts of the test's expectation."""
    how: Mapping[str, str] = field(default_factory=dict)
    """By test id: how the evidence that the test needs could be had."""
    data: tuple[DataEntry, ...] = ()
    facts: tuple[Fact, ...] = ()
    gaps: tuple[Gap, ...] = ()
    """Evidence declared missing outright; ``request`` names a test or an allegation."""
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    digest: str = ""
    """SHA-256 of ``case.toml``."""

    @property
    def tests(self) -> tuple[TestRequest, ...]:
        """Every test of every allegation, in order."""
        return tuple(test for allegation in self.allegations for test in allegation.tests)

    @property
    def ask(self) -> Ask:
        """What the questions are asked."""
        ask = Ask(
            candidates=self.candidates,
            outlets=self.outlets,
            references=self.references,
            period=self.period,
            events=self.events,
            tests=self.tests,
            options=self.options,
        )
        return ask if self.seed is None else replace(ask, seed=self.seed)

    def entry(self, id: str) -> DataEntry | None:
        """The data entry of that id."""
        return next((entry for entry in self.data if entry.id == id), None)
