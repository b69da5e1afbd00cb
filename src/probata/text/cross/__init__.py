"""Two sentences read together by a small transformer: what word order tells, and no vector of one sentence can."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from probata.text.guard import SecondReader

__all__ = ["JUDGES", "second_reader"]

JUDGES = ("guard", "e5")
"""Who decides a pair: the guard alone, or the guard and, where it is not sure, the cross-encoder."""


def second_reader(judge: str) -> SecondReader | None:
    """The reader beside the guard, None where it decides alone.

    Raises ``ValueError`` for another name, and where the extra ``e5`` is not installed or has other weights.
    """
    if judge not in JUDGES:
        raise ValueError(f"unknown judge {judge!r}; there are {', '.join(JUDGES)}")
    if judge == "guard":
        return None
    from probata.text.cross.pairs import cross_encoder  # loads 160 MB
    from probata.text.embed import WrongWeights

    try:
        return cross_encoder()
    except WrongWeights as problem:
        raise ValueError(f"judge {judge}: {problem}") from None
