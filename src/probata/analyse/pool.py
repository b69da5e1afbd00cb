"""Work over several processes: the same pieces whatever their number, so that the answers are the same too.

A worker is a new process with its own models and one thread for linear algebra. It ends with the process that started
it, also where that one is killed.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from typing import Any, TypeVar

MOST = 4
"""Processes at most where their number is left to the program: each holds models of some hundred MB."""
_THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS")

Piece = TypeVar("Piece")
Answer = TypeVar("Answer")


def processes(jobs: int | None, worth: int) -> int:
    """How many processes to use: ``jobs`` where given, else what cores and the work (``worth`` processes) allow.

    1 is this process alone. A library call stays in its process: 0 asks for the automatic number.
    """
    if jobs is None:
        return 1
    if jobs > 0:
        return jobs
    return max(1, min(MOST, os.cpu_count() or 1, worth))


@contextmanager
def workers(work: Callable[[Piece], Answer], count: int) -> Iterator[Callable[..., Iterator[Answer]]]:
    """A ``map`` of ``work`` over pieces, in their order, in ``count`` processes.

    Raises (from the map):
        RuntimeError: a worker died, in one line.
    """
    if count <= 1:
        yield lambda pieces: map(work, pieces)
        return
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))  # read where a worker first loads the library
    pool = ProcessPoolExecutor(count, mp_context=get_context("spawn"), initializer=_started)
    try:
        yield lambda pieces: _mapped(pool, work, pieces)
    finally:
        pool.shutdown(cancel_futures=True)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def _mapped(
    pool: ProcessPoolExecutor, work: Callable[[Piece], Answer], pieces: Sequence[Piece]
) -> Iterator[Answer]:
    try:
        yield from pool.map(work, pieces)
    except BrokenProcessPool:
        raise RuntimeError(
            "a process that shares the work died, perhaps for lack of memory; try --jobs 1"
        ) from None


def _started() -> None:
    """Leave Ctrl-C to the process above, and end when it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with, args=(parent_process(),), daemon=True).start()


def _end_with(parent: Any) -> None:
    connection.wait([parent.sentinel])
    os._exit(1)
