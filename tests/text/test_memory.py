"""Memory that arrays and threads share."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from probata.text.memory import PIECE, Arena, InTurn, OfThread
from probata.text.tokens import in_threads, to_bytes, tokenise


def test_arrays_of_an_arena_do_not_overlap_whoever_asks() -> None:
    """What a thread writes to its array stays, whatever others write to theirs; sizes beyond a piece are met."""
    arena = Arena()
    sizes = [0, 1, 7, 8, 9, 1000, PIECE // 4 - 3, PIECE // 4 + 5, 12] * 4

    def fill(number: int, size: int) -> np.ndarray:
        mine = arena.take(size, np.uint32)
        mine[:] = number
        return mine

    filled = in_threads(fill, list(enumerate(sizes)), 4)
    assert [len(one) for one in filled] == sizes
    assert all((one == number).all() for number, one in enumerate(filled))


def test_pieces_get_their_places_in_the_order_of_their_numbers() -> None:
    """Whichever thread is ready first, piece 2 lies behind piece 1."""
    turns = InTurn()
    with ThreadPoolExecutor(3) as pool:
        last, middle = pool.submit(turns.place, 2, 30), pool.submit(turns.place, 1, 20)
        first = turns.place(0, 10)
        assert (first, middle.result(), last.result(), turns.end) == (0, 10, 30, 60)


def test_nobody_waits_for_a_piece_that_failed() -> None:
    """Who waits behind it is told."""
    turns = InTurn()
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(turns.place, 1, 20)
        turns.give_up()
        with pytest.raises(RuntimeError, match="failed"):
            waiting.result()


def test_memory_of_a_thread_grows_and_is_used_again() -> None:
    """The same array comes back until more is wanted."""
    own = OfThread()
    first = own.take("x", 10, np.int64)
    assert own.take("x", 5, np.int64) is first
    assert len(own.take("x", 1000, np.int64)) >= 1000


def test_slots_leave_no_room_between_documents() -> None:
    """Each document begins where the one before it ends, for any number of threads."""
    texts = to_bytes([f"one two three {'word ' * (k % 50)}" for k in range(3000)])
    one, two = tokenise(texts, 1), tokenise(texts, 2)
    assert (two.first[1:] == two.last[:-1]).all()
    for name in ("slots", "first", "last", "digest"):
        assert np.array_equal(getattr(one, name), getattr(two, name))
