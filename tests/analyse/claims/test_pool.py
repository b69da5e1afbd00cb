"""Articles over processes: the same rows in the same order, and no worker left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from functools import partial

import pytest

from probata.analyse.claims.attribute import Method, run, run_plain
from probata.analyse.claims.document import Document
from probata.analyse.claims.pool import CHUNK, chunks
from probata.analyse.pool import processes, workers
from probata.model import Ask

TEXTS = [f'Ann Lee said that {n} ships had sailed. "They were late," said Bob Ray.' for n in range(3 * CHUNK)]


def test_rows_do_not_depend_on_the_number_of_processes() -> None:
    """Two processes give what one gives, in the same order."""
    method = Method.of(Ask(options={"no_parser": True}))
    documents = [Document(f"a{n:03d}", text, "en") for n, text in enumerate(TEXTS)]
    with workers(partial(run_plain, method=method), 2) as over:
        pieces = list(over(chunks(documents)))
    rows = sorted((row for found, _ in pieces for row in found), key=lambda r: (r["article"], r["position"]))
    assert rows == run(documents, method)[0]
    assert len(rows) == 2 * len(TEXTS)


def test_chunks_hold_one_language_each_and_lose_nothing() -> None:
    """Every article is in one chunk, with others of its language."""
    documents = [Document(str(n), "x", ("en", "fr", "ru")[n % 3]) for n in range(50)]
    pieces = chunks(documents)
    assert sorted(article[0] for piece in pieces for article in piece) == sorted(d.id for d in documents)
    assert all(len({lang for _, _, lang in piece}) == 1 and len(piece) <= CHUNK for piece in pieces)


@pytest.mark.parametrize(("worth", "most"), [(0, 1), (1, 1), (10**6, 4)])
def test_little_work_is_not_worth_a_process(worth: int, most: int) -> None:
    """The automatic number stays at one for little work and is bounded for much; a number given is taken."""
    assert 1 <= processes(0, worth) <= most
    assert processes(3, worth) == 3
    assert processes(None, worth) == 1


SCRIPT = """
import multiprocessing, sys, time
from probata.analyse.pool import workers
if __name__ == "__main__":
    with workers(len, 2) as over:
        list(over([["a"], ["b"], ["c"]]))
        print(*[child.pid for child in multiprocessing.active_children()], flush=True)
        time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_killed_run_leaves_no_process_behind(tmp_path: os.PathLike[str]) -> None:
    """After kill -9 of the run its workers end by themselves."""
    script = os.path.join(tmp_path, "run.py")
    with open(script, "w", encoding="utf-8") as target:
        target.write(SCRIPT)
    parent = subprocess.Popen([sys.executable, script], stdout=subprocess.PIPE, text=True)
    assert parent.stdout is not None
    children = [int(pid) for pid in parent.stdout.readline().split()]
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert children
    deadline = time.monotonic() + 20
    while any(_alive(pid) for pid in children) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(_alive(pid) for pid in children)


def _alive(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as state:
            return state.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
