"""The mini-drill: planted truth in, the right verdicts out, the same bytes twice, whatever kills the program."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.xdist_group("drill")


@pytest.fixture(scope="module")
def drill(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the drill, run once."""
    folder = tmp_path_factory.mktemp("drill") / "mini-drill"
    shutil.copytree(
        root / "examples" / "mini-drill", folder, ignore=shutil.ignore_patterns(".probata", "evidence")
    )
    done = run(folder)
    assert done.returncode == 0, done.stderr
    return folder


def run(folder: Path) -> subprocess.CompletedProcess[str]:
    """The program in a process of its own."""
    command = [sys.executable, "-m", "probata", "run", str(folder)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def run_folder(folder: Path) -> Path:
    """The folder of the one run."""
    (found,) = (folder / ".probata" / "runs").iterdir()
    return found


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of the run but the manifest, which alone tells the times."""
    return {p.name: p.read_bytes() for p in sorted(run_folder(folder).iterdir()) if p.name != "manifest.json"}


def test_planted_truth_gets_the_expected_verdicts(drill: Path) -> None:
    """Each test of each allegation says what expected.json says."""
    case = json.loads((run_folder(drill) / "case.json").read_text(encoding="utf-8"))
    told = {a["id"]: [test["verdict"] for test in a["tests"]] for a in case["allegations"]}
    assert told == json.loads((drill / "expected.json").read_text(encoding="utf-8"))


def test_a_second_run_gives_the_same_bytes(drill: Path) -> None:
    """All files but the manifest are equal; the run has the same id."""
    before = files_of(drill)
    assert run(drill).returncode == 0
    assert files_of(drill) == before


def test_the_manifest_knows_every_input_and_every_file(drill: Path) -> None:
    """Hashes of inputs and outputs are those of the files on disk."""
    import hashlib

    manifest = json.loads((run_folder(drill) / "manifest.json").read_text(encoding="utf-8"))
    text = json.dumps(manifest)
    for name in ("articles.jsonl", "access.log", "polls.csv"):
        assert hashlib.sha256((drill / "data" / name).read_bytes()).hexdigest() in text
    for path in run_folder(drill).glob("*.json"):
        if path.name != "manifest.json":
            assert hashlib.sha256(path.read_bytes()).hexdigest() in text


def test_originals_are_kept_and_logged_once(drill: Path) -> None:
    """Two runs leave one custody entry a file and the bytes as received."""
    entries = [
        json.loads(line) for line in (drill / "evidence" / "custody.jsonl").read_text("utf-8").splitlines()
    ]
    assert len(entries) == len({entry["path"] for entry in entries}) == 3
    for entry in entries:
        kept = drill / "evidence" / entry["sha256"][:2] / entry["sha256"]
        assert kept.read_bytes() == (drill / entry["path"]).read_bytes()


@pytest.mark.parametrize("seconds", [0.5, 1.5, 2.5, 4.0])
def test_a_killed_run_leaves_nothing_half_done(drill: Path, tmp_path: Path, seconds: float) -> None:
    """SIGKILL at any moment, then a new run: the same files as if nothing had happened."""
    folder = tmp_path / "mini-drill"
    shutil.copytree(drill, folder, ignore=shutil.ignore_patterns(".probata", "evidence"))
    command = [sys.executable, "-m", "probata", "run", str(folder)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(seconds)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert run(folder).returncode == 0
    assert files_of(folder) == files_of(drill)
    assert not [p for p in folder.rglob("*.unfinished") if os.path.exists(p)]


def test_a_data_entry_taken_out_is_no_longer_seen(drill: Path, tmp_path: Path) -> None:
    """Parts of an earlier run do not speak in a case that no longer names their file."""
    folder = tmp_path / "mini-drill"
    shutil.copytree(drill, folder)
    toml = (folder / "case.toml").read_text(encoding="utf-8")
    entry = '[[data]]\nid = "polls"\nkind = "polls"\npath = "data/polls.csv"\n'
    assert entry in toml
    (folder / "case.toml").write_text(
        toml.replace(entry, "").replace('data = ["polls"]', "data = []"), "utf-8"
    )
    assert run(folder).returncode == 0
    newest = max((folder / ".probata" / "runs").iterdir(), key=lambda path: path.stat().st_mtime)
    case = json.loads((newest / "case.json").read_text(encoding="utf-8"))
    moved = next(a for a in case["allegations"] if a["id"] == "opinion-moved")
    assert moved["tests"][0]["verdict"] == "NOT_ENOUGH_INFO"
