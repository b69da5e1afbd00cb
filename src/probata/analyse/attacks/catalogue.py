"""The tests that a case can ask of ATTACKS, and the check of a request."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from probata.model import TestRequest

VERSION = "attacks/1"

_OWN = {
    "volume": "How many attempts (or sources, networks) of a rule or of any kind there were in a period.",
    "country_share": (
        "What share of attempts, sources, sessions or networks several address databases place in a country."
    ),
    "burst": "Whether attempts were more frequent around an event than in every other window of the log.",
}
_OWN_PARAMETERS: dict[str, set[str]] = {
    "volume": {"rule", "from", "to"},
    "country_share": {"country", "unit"},
    "burst": {"event", "date", "days", "before", "rule"},
}
_GROUP = {
    "acting_together": "Sources start and stop together, on several occasions, beyond their rhythms and the day's.",
    "dividing_work": "Sources cover one list with less overlap than independent users of it would have.",
    "hand_over": "A source starts right after another stopped, where the list goes on, again and again.",
    "shared_tooling": "Sources share a client fingerprint or a word list (says nothing about coordination).",
}
TESTS: dict[str, str] = {**_OWN, **_GROUP}
"""Test name -> what it measures."""

PARAMETERS: dict[str, set[str]] = {
    **_OWN_PARAMETERS, "acting_together": {"service", "level"}, "dividing_work": {"service", "level"},
    "hand_over": {"service", "level"}, "shared_tooling": {"service"},
}  # fmt: skip

METRICS: Mapping[str, tuple[str, ...]] = {
    "volume": ("attempts", "sources", "networks"),
    "country_share": ("share_of_events", "share_of_sources", "share_of_sessions", "share_of_networks"),
    "burst": ("ratio",),
}


def check(request: TestRequest) -> None:
    """Check name, parameters and metric of a request.

    Raises:
        ValueError: one line that names the test, what is wrong and what is known.
    """
    if request.test not in TESTS:
        raise ValueError(f"attacks has no test {request.test!r}; there are {', '.join(TESTS)}")
    unknown = sorted(set(request.parameters) - PARAMETERS[request.test])
    if unknown:
        known = ", ".join(sorted(PARAMETERS[request.test]))
        raise ValueError(f"attacks.{request.test} has no parameter {unknown[0]!r}; there are {known}")
    if request.test not in METRICS:
        return
    if request.expects.metric not in METRICS[request.test]:
        raise ValueError(
            f"attacks.{request.test} has no metric {request.expects.metric!r}; there are "
            f"{', '.join(METRICS[request.test])}"
        )
    _values(request.test, request.parameters)


def _values(test: str, given: Mapping[str, Any]) -> None:
    if test == "country_share":
        if not re.fullmatch(r"[A-Za-z]{2}", str(given.get("country", ""))):
            raise ValueError("attacks.country_share needs the parameter country, two letters as in RU")
        if given.get("unit", "events") not in ("events", "sources", "sessions", "networks"):
            raise ValueError(
                f"attacks.country_share: unit {given['unit']!r} is not events, sources, sessions or networks"
            )
    if test == "burst" and not (given.get("event") or given.get("date")):
        raise ValueError("attacks.burst needs the parameter event (an id of the case's events) or date")
    for name in ("from", "to", "date"):
        if given.get(name) is not None:
            day_of(given[name], f"attacks.{test}: {name}")
    for name in ("days", "before"):
        value = given.get(name, 1)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= 366:
            raise ValueError(f"attacks.{test}: {name} is not a whole number of days from 0 to 366")


def day_of(value: Any, what: str) -> date:
    """A day from TOML's own date or from text.

    Raises:
        ValueError: it is no day.
    """
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise ValueError(f"{what}: {value!r} is not a date as 2017-02-13") from None
