"""Originals and the custody log."""

from __future__ import annotations

import hashlib
import json
import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.store.evidence import Evidence


@pytest.fixture
def original(tmp_path: Path) -> Path:
    path = tmp_path / "letter.txt"
    path.write_bytes(b"as received\r\n")
    return path


def test_an_original_is_kept_under_its_hash_and_read_only(tmp_path: Path, original: Path) -> None:
    """The kept bytes are those received, and nobody may write them by accident."""
    evidence = Evidence(tmp_path / "evidence")
    digest = evidence.keep(original)
    kept = evidence.path_of(digest)
    assert digest == hashlib.sha256(b"as received\r\n").hexdigest()
    assert kept.read_bytes() == b"as received\r\n"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o444


def test_the_log_says_what_when_who_and_with_what(tmp_path: Path, original: Path) -> None:
    """An entry has UTC time, path, hash, size, tool and operator."""
    evidence = Evidence(tmp_path / "evidence")
    digest = evidence.keep(original, "letters/letter.txt")
    (entry,) = evidence.entries()
    assert (entry["sha256"], entry["path"], entry["bytes"]) == (digest, "letters/letter.txt", 13)
    assert str(entry["time"]).endswith("Z")
    assert str(entry["tool"]).startswith("probata ")
    assert entry["operator"]


def test_keeping_twice_changes_nothing_and_a_second_name_is_logged(tmp_path: Path, original: Path) -> None:
    """The same file under the same name leaves the log as it is; under another name it is one more line."""
    evidence = Evidence(tmp_path / "evidence")
    evidence.keep(original, "a")
    log = (tmp_path / "evidence" / "custody.jsonl").read_bytes()
    evidence.keep(original, "a")
    assert (tmp_path / "evidence" / "custody.jsonl").read_bytes() == log
    evidence.keep(original, "b")
    assert [entry["path"] for entry in evidence.entries()] == ["a", "b"]


def test_erasing_leaves_a_tombstone(tmp_path: Path, original: Path) -> None:
    """The bytes are gone, the log says so and why, and earlier lines stand."""
    evidence = Evidence(tmp_path / "evidence")
    digest = evidence.keep(original)
    assert evidence.forget(digest, "asked for by the person")
    assert not evidence.path_of(digest).exists()
    assert [entry["action"] for entry in evidence.entries()] == ["kept", "erased"]
    assert not evidence.forget(digest, "again")


def test_changed_bytes_are_found(tmp_path: Path, original: Path) -> None:
    """An original that no longer matches its name is named."""
    evidence = Evidence(tmp_path / "evidence")
    digest = evidence.keep(original)
    assert evidence.damaged() == []
    evidence.path_of(digest).chmod(0o600)
    evidence.path_of(digest).write_bytes(b"changed")
    assert evidence.damaged() == [digest]


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(cut=st.integers(1, 150))
def test_a_torn_last_line_spoils_no_other(tmp_path: Path, original: Path, cut: int) -> None:
    """However much of the last line a crash cut off, later entries are whole and the file is logged again."""
    folder = tmp_path / f"evidence{cut}"
    evidence = Evidence(folder)
    evidence.keep(original, "first")
    evidence.keep(original, "second")
    log = folder / "custody.jsonl"
    log.write_bytes(log.read_bytes()[:-cut])
    evidence.keep(original, "second")
    names = [entry["path"] for entry in evidence.entries()]
    assert names[0] == "first"
    assert names.count("second") == 1
    assert json.loads(log.read_bytes().splitlines()[-1])["path"] == "second"
    evidence.keep(original, "third")
    assert [entry["path"] for entry in evidence.entries()][-1] == "third"
