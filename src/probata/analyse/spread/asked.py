"""What all findings of SPREAD share: the tests a case may ask, their parameters, and how a gap is worded."""

from __future__ import annotations

from probata.model import Gap, TestRequest
from probata.stats import detectable_effect

TESTS: dict[str, str] = {
    "origin_or_pickup": "An outlet was the origin, or the first to take up, a share of the stories (on a candidate).",
    "picked_up": "Articles of an outlet were taken up by another (or by anybody) within a number of hours.",
    "concert": "Two outlets share stories at the same time oftener than their volumes and rhythms explain.",
}
PARAMETERS: dict[str, set[str]] = {
    "origin_or_pickup": {"outlet", "candidate", "role"},
    "picked_up": {"outlet", "by", "within_hours", "candidate"},
    "concert": {"a", "b"},
}
REQUIRED: dict[str, set[str]] = {
    "origin_or_pickup": {"outlet"},
    "picked_up": {"outlet"},
    "concert": {"a", "b"},
}

LEVEL = 0.95
VERSION = "spread-1"
MOST_RECORDS = 200
"""Article ids shown with a finding."""


def check(test: TestRequest) -> None:
    """Refuse an unknown test, parameter or role, with the known ones in one line.

    Raises:
        ValueError: as said.
    """
    if test.test not in TESTS:
        raise ValueError(f"test {test.id}: spread has no test {test.test!r}; there are {', '.join(TESTS)}")
    for name in test.parameters:
        if name not in PARAMETERS[test.test]:
            known = ", ".join(sorted(PARAMETERS[test.test]))
            raise ValueError(
                f"test {test.id}: spread.{test.test} has no parameter {name!r}; there are {known}"
            )
    for name in REQUIRED[test.test]:
        if not test.parameters.get(name):
            raise ValueError(f"test {test.id}: spread.{test.test} needs the parameter {name!r}")
    if test.parameters.get("role", "origin") not in ("origin", "pickup"):
        raise ValueError(f"test {test.id}: role is 'origin' or 'pickup', not {test.parameters['role']!r}")


def smallest_seen(share: float, n: int) -> float:
    """Smallest difference from that share that would be seen; a share cannot differ by more than 1."""
    return min(1.0, detectable_effect((max(share * (1 - share), 1 / n) / n) ** 0.5))


def absent(outlet: str, test: TestRequest) -> Gap:
    """The gap of an outlet of which there are no articles."""
    return Gap(
        "spread", f"articles of {outlet}", test.who or f"{outlet}, web archives or press databases",
        "archived pages, feeds or exports of the period with source, text and time of publication",
        test.needs or f"whether {outlet} was an origin or a pick-up", test.id,
    )  # fmt: skip
