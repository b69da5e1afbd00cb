"""What is kept between runs is given back as it was made, and nothing else is."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.store import kept as module
from probata.store import open_store
from probata.store.kept import Kept, code_of, keys_of

PAIR = np.dtype((np.float64, (2,)))


def lengths(
    folder: Path, texts: Sequence[str], method: str = "m"
) -> tuple[list[list[float]], list[str], list[str]]:
    """Length and number of vowels of each text, the texts that were worked on, and the damaged parts."""
    worked: list[str] = []

    def work(at: np.ndarray) -> np.ndarray:
        worked.extend(texts[i] for i in at)
        return np.array([(len(texts[i]), sum(letter in "aeiou" for letter in texts[i])) for i in at], float)

    store = open_store(None, folder)
    rows = Kept(store, "lengths", (method,), PAIR).rows(keys_of(texts), work)
    damaged = list(store.damaged)
    store.close()
    return rows.tolist(), worked, damaged


@given(st.lists(st.lists(st.text(max_size=4), max_size=30), max_size=4))
@settings(max_examples=30, deadline=None)
def test_every_text_is_worked_on_once_and_has_its_own_row(runs: list[list[str]]) -> None:
    """Over any runs each distinct text is worked on one time, and every answer is that of a run from nothing."""
    with tempfile.TemporaryDirectory() as folder:
        done: list[str] = []
        for texts in runs:
            rows, worked, _ = lengths(Path(folder), texts)
            assert rows == [[len(text), sum(letter in "aeiou" for letter in text)] for text in texts]
            done += worked
        assert sorted(done) == sorted({text for texts in runs for text in texts})


def test_another_method_finds_nothing(tmp_path: Path) -> None:
    """What another version or option made is not taken for this one's."""
    lengths(tmp_path, ["one", "two"])
    assert lengths(tmp_path, ["one", "two"], "m2")[1] == ["one", "two"]
    assert lengths(tmp_path, ["one", "two"])[1] == []


@pytest.mark.parametrize(
    "harm",
    [
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data[:-30] + bytes([data[-30] ^ 1]) + data[-29:],
        lambda data: bytes([data[40] ^ 1]).join((data[:40], data[41:])),
        lambda data: b"not what was written" * 50,
    ],
    ids=["torn", "empty", "changed at the end", "changed at the start", "replaced"],
)
def test_a_damaged_part_is_told_and_worked_out_anew(tmp_path: Path, harm: Callable[[bytes], bytes]) -> None:
    """A file with other bytes than were written is dropped, named and made again; the next run finds it whole."""
    texts = ["alpha", "beta", "gamma"]
    rows = lengths(tmp_path, texts)[0]
    (part,) = tmp_path.glob("*/*.parquet")
    part.write_bytes(harm(part.read_bytes()))
    again, worked, damaged = lengths(tmp_path, texts)
    assert (again, worked, damaged) == (rows, texts, [f"kept_lengths/{part.name}"])
    assert lengths(tmp_path, texts)[1:] == ([], [])


def test_a_damaged_part_takes_its_namesakes_along(tmp_path: Path) -> None:
    """Rows that are lost must not be marked as done: the mark of the same name is dropped with them."""
    store = open_store(tmp_path)
    store.add("attributions", "p", {"article": ["a"]})
    store.add("attributed", "p", {"article": ["a"]})
    store.add("attributed", "q", {"article": ["b"]})
    store.close()
    (rows,) = (tmp_path / "attributions").glob("*.parquet")
    rows.write_bytes(rows.read_bytes()[:-1])
    store = open_store(tmp_path)
    assert store.read("SELECT article FROM attributed")["article"].tolist() == ["b"]
    assert store.tables() == ("attributed",)
    assert len(store.damaged) == 1


def test_files_of_others_are_left_alone(tmp_path: Path) -> None:
    """A file that somebody put into the folder is not read, not called damaged and not removed."""
    (tmp_path / "attributions").mkdir()
    foreign = tmp_path / "attributions" / "mine.parquet"
    foreign.write_bytes(b"not ours")
    store = open_store(None, tmp_path)
    store.add("attributions", "p", {"article": ["a"]})
    assert store.read("SELECT article FROM attributions")["article"].tolist() == ["a"]
    assert (list(store.damaged), foreign.read_bytes()) == ([], b"not ours")


def test_work_is_written_batch_by_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run that ends in the third batch leaves the first two."""
    monkeypatch.setattr(module, "BATCH", 2)
    texts = ["a", "b", "c", "d", "e", "f"]
    store = open_store(tmp_path)

    def fail_late(at: np.ndarray) -> np.ndarray:
        if 4 in at:
            raise KeyboardInterrupt
        return np.ones((len(at), 2))

    with pytest.raises(KeyboardInterrupt):
        Kept(store, "lengths", ("m",), PAIR).rows(keys_of(texts), fail_late)
    assert lengths(tmp_path, texts)[1] == ["e", "f"]


def test_without_a_lasting_store_nothing_is_kept() -> None:
    """In memory everything is worked out, and no table is made."""
    store = open_store(None)
    rows = Kept(store, "lengths", (), PAIR).rows(keys_of(["a", "a"]), lambda at: np.ones((len(at), 2)))
    assert rows.tolist() == [[1, 1], [1, 1]]
    assert store.tables() == ()


def test_the_code_of_a_folder_changes_with_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A changed, renamed or added file of code or weights is another method."""
    monkeypatch.setattr("probata.store.kept.resources.files", lambda _: tmp_path)
    seen = set()
    for name, text in (("a.py", "x = 1"), ("a.py", "x = 2"), ("b.py", "x = 2")):
        (tmp_path / name).write_text(text)
        code_of.cache_clear()
        seen.add(code_of("."))
    code_of.cache_clear()
    assert len(seen) == 3
