"""Which records were read before, whether they come in large batches or one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.collect import _seen
from probata.collect._seen import Seen
from probata.store.lettered import Lettered

_FIRST = [f"record {number}" for number in range(300)]
_OTHERS = [f"another {number}" for number in range(200)]


@pytest.fixture(params=[1, 250, 1000])
def seen(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Seen:
    """Sorted hashes for every batch, for the larger one, for none."""
    monkeypatch.setattr(_seen, "LARGE", request.param)
    found = Seen()
    assert found.add(_FIRST, range(300))
    return found


def test_other_records_are_added(seen: Seen) -> None:
    assert seen.add(_OTHERS, range(200))
    assert seen.lines == {
        **dict(zip(_FIRST, range(300), strict=True)),
        **dict(zip(_OTHERS, range(200), strict=True)),
    }


def test_a_batch_with_a_record_read_before_is_told_and_not_added(seen: Seen) -> None:
    assert not seen.add([*_OTHERS, "record 7"], range(201))
    assert seen.lines == dict(zip(_FIRST, range(300), strict=True))


def test_a_batch_with_one_record_twice_is_told_and_not_added(seen: Seen) -> None:
    assert not seen.add([*_OTHERS, "another 7"], range(201))
    assert "another 7" not in seen.lines


def test_after_a_repeat_others_are_added_and_repeats_told_as_before(seen: Seen) -> None:
    seen.add(_FIRST, range(300))
    assert seen.add(_OTHERS, range(200))
    assert not seen.add(_OTHERS, range(200))


def test_two_ids_with_one_hash_are_two_records(seen: Seen) -> None:
    class Alike(str):
        def __hash__(self) -> int:
            return hash("record 7")

    assert seen.add([*_OTHERS, Alike("not read before")], range(201))
    assert seen.lines[Alike("not read before")] == 200


def _in_a_buffer(ids: list[str]) -> Lettered:
    edges = np.arange(0, 20 * len(ids) + 1, 20)
    return Lettered([(np.frombuffer("".join(ids).encode(), np.uint8), edges, np.zeros(len(ids), bool))])


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), max_size=8), max_size=12), st.sampled_from([1, 3, 1000]))
def test_batches_in_buffers_are_told_apart_as_lists_are(batches: list[list[int]], large: int) -> None:
    """Whatever the sizes of the batches, what is new and what repeats does not depend on how the ids lie."""
    before, _seen.LARGE = _seen.LARGE, large
    try:
        listed, buffered, known = Seen(), Seen(), set[str]()
        for batch in batches:
            ids = [f"{number:020d}" for number in batch]
            new = len(set(ids)) == len(ids) and known.isdisjoint(ids)
            assert listed.add(ids, batch) == buffered.add(_in_a_buffer(ids), batch) == new
            known |= set(ids) if new else set()
        assert listed.lines == buffered.lines == {name: int(name) for name in known}
    finally:
        _seen.LARGE = before
