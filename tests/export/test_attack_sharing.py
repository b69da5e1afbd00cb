"""Observables and block lists: masked, expiring, without names."""

from __future__ import annotations

import csv
import io
from datetime import date
from typing import Any

import numpy as np
import pytest

from probata.export.blocklist import block_list
from probata.export.observables import observables, to_csv, to_stix


def table(**changes: Any) -> dict[str, Any]:
    made = {
        "source": ["8.8.4.4", "8.8.4.9", "10.0.0.1", "host.example", "9.9.9.9"],
        "ip": ["8.8.4.4", "8.8.4.9", "10.0.0.1", None, "9.9.9.9"],
        "network": ["8.8.4.0/24", "8.8.4.0/24", "10.0.0.0/24", None, "9.9.9.0/24"],
        "attempts": np.array([30.0, 40.0, 50.0, 60.0, 70.0]),
        "first": np.array(["2017-02-13T00:00:00"] * 5, dtype="datetime64[us]"),
        "last": np.array(["2017-02-14T00:00:00"] * 5, dtype="datetime64[us]"),
        "set_aside": [None, None, None, None, "known-scanner"],
    }
    return made | changes


def test_shared_observables_are_networks_unless_addresses_are_asked_for() -> None:
    """Masked by default; what lies in one network is one entry."""
    masked = observables(table())
    assert [(o.value, o.attempts, o.sources) for o in masked] == [
        ("10.0.0.0/24", 50, 1),
        ("8.8.4.0/24", 70, 2),
    ]
    assert "8.8.4.4" not in to_csv(masked)
    assert [o.value for o in observables(table(), masked=False)] == ["10.0.0.1", "8.8.4.4", "8.8.4.9"]


def test_csv_can_be_read_back() -> None:
    """One row an observable, under a header."""
    rows = list(csv.DictReader(io.StringIO(to_csv(observables(table(), masked=False)))))
    assert rows[1]["value"] == "8.8.4.4"
    assert rows[1]["first_observed"] == "2017-02-13T00:00:00.000Z"


def test_the_stix_bundle_is_the_same_each_time_and_warns() -> None:
    """Ids follow from the content; the note says that an address names no author."""
    first, second = (to_stix(observables(table()), "logs") for _ in range(2))
    assert first == second
    kinds = [o["type"] for o in first["objects"]]
    assert kinds == ["ipv4-addr", "observed-data", "ipv4-addr", "observed-data", "note"]
    known = {o["id"] for o in first["objects"]}
    assert all(ref in known for o in first["objects"] for ref in o.get("object_refs", ()))
    assert "no person" in first["objects"][-1]["content"]


def test_times_that_are_absent_give_no_observed_data() -> None:
    """STIX wants both times: without them there is the observable alone."""
    none = np.array(["NaT"] * 5, dtype="datetime64[us]")
    kinds = [o["type"] for o in to_stix(observables(table(first=none, last=none)), "x")["objects"]]
    assert "observed-data" not in kinds


def test_a_block_list_ends_and_warns_and_spares() -> None:
    """Private addresses, one's own and self-named scanners are not on it; the expiry is."""
    made = block_list(table(), date(2017, 2, 14), days=7, keep=["8.8.4.9"])
    assert made.expires == date(2017, 2, 21)
    lines = made.text.splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["8.8.4.4"]
    assert "EXPIRES 2017-02-21" in made.text
    assert "WARNING" in made.text


def test_a_block_list_without_end_is_refused() -> None:
    """At most 90 days; a wrong network is one clear line."""
    with pytest.raises(ValueError, match="1 to 90"):
        block_list(table(), date(2017, 2, 14), days=1000)
    with pytest.raises(ValueError, match="moon"):
        block_list(table(), date(2017, 2, 14), keep=["moon"])
