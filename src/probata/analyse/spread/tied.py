"""What the ties between sources answer: the test of concert, on stories or on plain sharing data."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from probata.analyse.spread.asked import LEVEL, MOST_RECORDS, VERSION, absent, check, smallest_seen
from probata.model import Ask, Finding, Gap, Table, TestRequest
from probata.stats import detectable_effect, proportion_interval

_BEAT = "two that cover one region or subject, or print one agency without credit, are tied as well"
_CONCERT_NULL = "who shares which story is exchanged; volumes, popularity and times of day are kept"


def tied_findings(ties: Table, accounts: frozenset[str], ask: Ask, version: str) -> tuple[Finding, ...]:
    """The tests of concert on plain sharing data, and how many pairs of accounts survive.

    Raises:
        ValueError: unknown test or parameter.
    """
    caveats = ("shares without text: that two accounts share the same object does not say why",)
    found = []
    for test in ask.tests:
        check(test)
        if test.test == "concert":
            answer = tie_finding(ties, accounts, test, ask, caveats)
            if isinstance(answer, Finding):
                found.append(answer)
    significant = int(np.count_nonzero(np.asarray(ties["q"], float) <= 0.05))
    n = len(accounts) * (len(accounts) - 1) // 2
    statement = (
        f"{significant:,} of {n:,} pairs of accounts share objects oftener than their volumes, the objects' "
        "popularity and the times of day explain (q <= .05)"
    )
    if not n:
        statement = "all shares come from one account: there is nobody to compare it with"
    share, interval = significant / max(1, n), proportion_interval(significant, n, LEVEL)
    found.append(Finding(
        "spread", "ties", statement, "share_of_pairs", share, interval, LEVEL, n=n, null_model=_CONCERT_NULL,
        mde=smallest_seen(share, max(1, n)), version=version, seed=ask.seed, caveats=caveats,
    ))  # fmt: skip
    return tuple(replace(item, version=version) for item in found)


def _names_of(name: str, ask: Ask, known: frozenset[str]) -> set[str]:
    """The sources of the data that an id of the case stands for."""
    noun = next((item for item in ask.outlets if item.id == name), None)
    given = {name, *((noun.name, *noun.domains) if noun else ())}
    folded = {item.casefold() for item in given} | {f"www.{item}".casefold() for item in given}
    return {item for item in known if item.casefold() in folded}


def tie_finding(
    ties: Table, known: frozenset[str], test: TestRequest, ask: Ask, caveats: tuple[str, ...]
) -> Finding | Gap:
    """What is known of the tie between the two sources that a test names."""
    first, second = str(test.parameters["a"]), str(test.parameters["b"])
    firsts, seconds = _names_of(first, ask, known), _names_of(second, ask, known)
    for name, found in ((first, firsts), (second, seconds)):
        if not found:
            return absent(name, test)
    rows = [
        k for k, (a, b) in enumerate(zip(ties["a"], ties["b"], strict=True))
        if (a in firsts and b in seconds) or (a in seconds and b in firsts)
    ]  # fmt: skip
    common = {
        "null_model": _CONCERT_NULL, "version": VERSION, "parameters": dict(test.parameters), "seed": ask.seed,
        "caveats": (*caveats, _BEAT), "request": test.id,
    }  # fmt: skip
    row = min(rows, key=lambda k: float(ties["p"][k]), default=None)
    shared, expected = (
        (float(ties["shared"][row]), float(ties["expected"][row])) if row is not None else (0.0, 0.0)
    )
    p, q = (float(ties["p"][row]), float(ties["q"][row])) if row is not None else (1.0, 1.0)
    low, high = -expected, 0.0
    if row is not None:
        low, high = float(ties["excess_low"][row]), float(ties["excess_high"][row])
    values = {"excess": shared - expected, "p": p, "q": q}
    metric = test.expects.metric if test.expects.metric in values else "excess"
    told = "fewer than two stories, or no more than chance explains: no tie"
    if row is not None:
        told = f"{shared:.0f} stories {ties['basis'][row]}, {expected:.2f} expected by chance (p {p:.2g}, q {q:.2g})"
    return Finding(
        "spread", test.test, f"{first} and {second} share {told}", metric, values[metric],
        (low, high) if metric == "excess" else (values[metric], values[metric]), LEVEL,
        p=p, q=q, n=int(shared), mde=detectable_effect(max(expected, 1.0) ** 0.5),
        records=_tie_records(ties["articles"][row]) if row is not None else (), **common,  # type: ignore[arg-type]
    )  # fmt: skip


def _tie_records(articles: Any) -> tuple[str, ...]:
    listed = json.loads(articles) if isinstance(articles, str) else list(articles)
    return tuple(str(item) for item in listed[:MOST_RECORDS])
