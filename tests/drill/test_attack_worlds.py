"""The simulator keeps to its spec."""

from __future__ import annotations

import numpy as np
import pytest

from probata.drill.attacks import KINDS, SIZES, world


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_seed_makes_the_same_world(kind: str) -> None:
    """Two calls agree event by event."""
    one, two = world(kind, 5, True), world(kind, 5, True)
    assert one[1] == two[1]
    assert all(
        (np.asarray(one[0][name]) == np.asarray(two[0][name])).all() for name in ("@timestamp", "source.ip")
    )


@pytest.mark.parametrize("kind", KINDS[1:])
def test_every_planted_member_acts(kind: str) -> None:
    """Groups have the sizes told, and each member left events."""
    events, truth = world(kind, 6)
    assert sorted(len(members) for members in truth.values()) == sorted(SIZES)
    assert {m for members in truth.values() for m in members} <= set(events["source.ip"])


def test_a_null_world_has_no_group() -> None:
    """Lone actors only."""
    assert world("null", 7, True)[1] == {}


def test_a_relay_never_has_two_members_at_once() -> None:
    """In a hand-over group the next member begins after the last has stopped."""
    events, truth = world("handover", 8)
    inside = np.isin(events["source.ip"].astype(str), truth["handover-8"])
    who = events["source.ip"][inside]
    turns = np.count_nonzero(who[1:] != who[:-1])
    assert turns <= 8 * 6


def test_an_unknown_kind_names_the_known_ones() -> None:
    """The error lists what there is."""
    with pytest.raises(ValueError, match="null, queue, command, handover, delay"):
        world("relay", 1)
