"""A run killed at any moment and run again gives the same tables, and the custody log stays whole."""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from probata.store import open_store
from probata.store.evidence import Evidence

PROGRAM = Path(__file__).with_name("kept_and_killed.py")
FILES, ROWS = 24, 120


@pytest.fixture(scope="module")
def inputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Files of articles; every file shares some articles with the one before."""
    folder = tmp_path_factory.mktemp("inputs")
    for file in range(FILES):
        rows = [
            {
                "source": f"outlet{row % 7}",
                "url": f"https://o.example/{row}",
                "lang": "en",
                "text": f"Story {row} " * 90,
            }
            for row in range(file * (ROWS - 20), file * (ROWS - 20) + ROWS)
        ]
        (folder / f"{file:02}.jsonl").write_text("\n".join(map(json.dumps, rows)))
    return folder


def start(inputs: Path, case: Path) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), str(inputs), str(case)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(inputs: Path, case: Path) -> None:
    process = start(inputs, case)
    _, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors


def table(case: Path) -> list[tuple[str, str, str, int]]:
    store = open_store(case / "tables")
    found = store.read("SELECT id, text, path, line FROM articles ORDER BY id, path, line")
    store.close()
    return list(zip(*(found[name].tolist() for name in ("id", "text", "path", "line")), strict=True))


@pytest.fixture(scope="module")
def whole(inputs: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """A run that nobody killed, and how long it took from readiness to its end."""
    case = tmp_path_factory.mktemp("whole")
    process = start(inputs, case)
    assert process.stdout is not None
    process.stdout.readline()
    begun = time.monotonic()
    process.communicate(timeout=120)
    return case, time.monotonic() - begun


@pytest.mark.xdist_group("killed")
def test_killed_at_many_points_and_run_again(
    inputs: Path, whole: tuple[Path, float], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Killed twelve times at moments spread over its work, the next run ends with the tables of an unkilled one."""
    expected = table(whole[0])
    assert len(expected) == FILES * (ROWS - 20) + 20
    chance = random.Random(2017)
    case = tmp_path_factory.mktemp("killed")
    killed = 0
    for attempt in range(12):
        if attempt % 4 == 0:
            if attempt:
                finish(inputs, case)
                assert table(case) == expected
                check_custody(case)
            case = tmp_path_factory.mktemp("killed")
        process = start(inputs, case)
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(whole[1] * chance.uniform(0.0, 0.5))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        killed += process.returncode == -signal.SIGKILL
        assert Evidence(case / "evidence").damaged() == []
        assert list(open_store(case / "tables").tables()) in ([], ["articles"])
    finish(inputs, case)
    assert table(case) == expected
    assert killed >= 8
    check_custody(case)


def check_custody(case: Path) -> None:
    """Every line of the log is whole JSON, and every file is named exactly once."""
    lines = (case / "evidence" / "custody.jsonl").read_text(encoding="utf-8").splitlines()
    entries = [json.loads(line) for line in lines]
    assert sorted(entry["path"] for entry in entries) == [f"{file:02}.jsonl" for file in range(FILES)]
    assert not list((case / "tables").rglob("*.unfinished"))


KEEP = """
import sys
from pathlib import Path
from probata.store.evidence import Evidence
print("ready", flush=True)
Evidence(Path(sys.argv[2])).keep(Path(sys.argv[1]), "large")
"""


def keep(path: Path, folder: Path) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-c", KEEP, str(path), str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.xdist_group("killed")
def test_a_large_original_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    """Killed at ten moments of copying 96 MB, no kept file ever has other bytes than its name says."""
    path = tmp_path / "large"
    with path.open("wb") as handle:
        handle.truncate(96 << 20)
    begun = time.monotonic()
    keep(path, tmp_path / "unkilled").communicate(timeout=60)
    length = time.monotonic() - begun
    for attempt in range(10):
        folder = tmp_path / f"evidence{attempt}"
        process = keep(path, folder)
        time.sleep(length * (attempt + 0.5) / 10)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        evidence = Evidence(folder)
        assert evidence.damaged() == []
        digest = evidence.keep(path, "large")
        assert evidence.path_of(digest).stat().st_size == 96 << 20
        assert [entry["sha256"] for entry in evidence.entries()] == [digest]
        shutil.rmtree(folder)


@pytest.mark.xdist_group("killed")
def test_the_same_run_again_changes_no_byte(inputs: Path, whole: tuple[Path, float]) -> None:
    """A second run writes no part, no evidence and no custody line."""
    case = whole[0]
    before = {
        path: (path.read_bytes(), path.stat().st_mtime_ns) for path in case.rglob("*") if path.is_file()
    }
    finish(inputs, case)
    after = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in case.rglob("*") if path.is_file()}
    assert after == before
