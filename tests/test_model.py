"""Facts about the nouns."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.model import Finding, When, content_id, plain

NOON = datetime(2017, 2, 14, 12, tzinfo=UTC)


def test_ids_keep_the_borders_between_their_parts() -> None:
    """("ab", "c") and ("a", "bc") are two records."""
    assert content_id("ab", "c") != content_id("a", "bc")


def test_an_id_takes_a_lone_surrogate() -> None:
    """Hostile text must not stop the hashing."""
    assert len(content_id("\ud800")) == 20


def test_a_time_without_zone_could_be_up_to_fourteen_hours_earlier() -> None:
    """Noon somewhere is between 22:00 UTC the day before and 24:00 UTC."""
    low, high = When(NOON, NOON, zone_known=False).bounds()
    assert (NOON - low, high - NOON) == (timedelta(hours=14), timedelta(hours=12))


def test_order_is_claimed_only_where_every_possible_moment_agrees() -> None:
    """An hour apart with zones known is an order; without zones it is none."""
    later = NOON + timedelta(hours=1)
    assert When(NOON, NOON).before(When(later, later))
    assert not When(NOON, NOON, zone_known=False).before(When(later, later))


def test_an_interval_that_ends_before_it_starts_is_refused() -> None:
    """A When is checked when it is made."""
    with pytest.raises(ValueError, match="ends before"):
        When(NOON, NOON - timedelta(seconds=1))


def test_plain_values_hold_no_nan() -> None:
    """Machine-readable output has null where a number is absent."""
    assert plain({"a": [math.nan, math.inf, 1.5], "b": np.array([np.nan, 2.0])}) == {
        "a": [None, None, 1.5],
        "b": [None, 2.0],
    }


def test_times_are_shown_in_utc() -> None:
    """A zone is turned into Z."""
    assert plain(datetime(2017, 2, 14, 13, tzinfo=timezone(timedelta(hours=1)))) == "2017-02-14T12:00:00Z"


@given(
    st.recursive(
        st.none() | st.floats() | st.text() | st.integers(),
        lambda c: st.lists(c) | st.dictionaries(st.text(), c),
    )
)
def test_whatever_goes_in_strict_json_comes_out(value: object) -> None:
    """No nesting of plain values makes invalid JSON."""
    json.dumps(plain(value), allow_nan=False)


def test_a_finding_has_the_same_id_on_the_same_records() -> None:
    """Two runs name the same result alike, whatever order its parameters came in."""
    one = Finding("opinion", "standing", "s", "share", 1.0, parameters={"a": 1, "b": 2})
    two = Finding("opinion", "standing", "s", "share", 1.0, parameters={"b": 2, "a": 1})
    assert one.id == two.id
