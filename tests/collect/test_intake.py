"""What comes in is told in one order, whatever the hash seed of the interpreter."""

from __future__ import annotations

from probata.collect.intake import Taken


def test_counts_of_kinds_stand_in_the_order_of_their_names() -> None:
    """A set has another order in every process: bytes of a run must not depend on it."""
    taken = Taken()
    for kind in ("shares", "polls", "events", "articles", "reviews"):
        taken = taken.merged(Taken(keys={kind: (kind,)}, rows={kind: 1}))
    assert list(taken.rows) == list(taken.keys) == ["articles", "events", "polls", "reviews", "shares"]
