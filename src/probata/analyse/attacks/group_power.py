"""What the frozen tests find and miss in simulated worlds: measured figures, built in, with their seeds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Power:
    """Groups of one size and kind found by one test: ``found`` of ``worlds``."""

    test: str
    kind: str
    size: int
    found: int
    worlds: int


MEASURED: tuple[Power, ...] = tuple(
    Power(test, kind, size, found, 40)
    for test, kinds in {
        "acting_together": {
            "shared queue": (38, 40, 40),
            "on command": (29, 39, 40),
            "hand-over": (12, 18, 5),
            "hours of delay": (0, 0, 0),
        },
        "dividing_work": {
            "shared queue": (24, 28, 14),
            "on command": (0, 0, 0),
            "hand-over": (1, 3, 0),
            "hours of delay": (21, 24, 15),
        },
        "hand_over": {
            "shared queue": (2, 14, 28),
            "on command": (1, 11, 20),
            "hand-over": (22, 31, 37),
            "hours of delay": (0, 0, 0),
        },
    }.items()
    for kind, hits in kinds.items()
    for size, found in zip((4, 8, 16), hits, strict=True)
)
"""Printed by ``python -m bench.quality.attacks_groups`` for the independent simulator, each test after correction."""

SEEDS = "7000-7039"


def smallest(test: str) -> int | None:
    """Smallest group that a test finds in 80 % of simulated worlds of the kind that suits it best."""
    found = [row.size for row in MEASURED if row.test == test and row.found >= 0.8 * row.worlds]
    return min(found, default=None)


def missed(test: str, size: int | None, untestable: float) -> tuple[str, ...]:
    """What "nothing found" does not exclude, in sentences."""
    said = [
        f"sources with {untestable:.0%} of the attempts have too few events, occasions or list items to be tested"
    ]
    if size is None:
        said.append("how large a group must be to be seen is not known for this log: absence says nothing")
    else:
        said.append(
            f"groups of fewer than {size} sources would often be missed (found in less than 80 % of trials)"
        )
    for row in MEASURED:
        if row.test == test and row.found < 0.5 * row.worlds:
            said.append(
                f"{row.kind} groups of {row.size}: found in {row.found} of {row.worlds} simulated worlds"
            )
    return tuple(said)
