"""What comes in is told in one order, whatever the hash seed of the interpreter."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest

from probata.analyse.spread.corpus import load
from probata.collect.intake import Delivery, Taken, show_only, take_in
from probata.store import Store, open_store


def test_counts_of_kinds_stand_in_the_order_of_their_names() -> None:
    """A set has another order in every process: bytes of a run must not depend on it."""
    taken = Taken()
    for kind in ("shares", "polls", "events", "articles", "reviews"):
        taken = taken.merged(Taken(keys={kind: (kind,)}, rows={kind: 1}))
    assert list(taken.rows) == list(taken.keys) == ["articles", "events", "polls", "reviews", "shares"]


STORY = "The ministry said on Monday that the harbour would stay open, whatever the rumours claim."


def taken_in(store: Store, folder: Path, files: dict[str, str]) -> Taken:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(data, encoding="utf-8")
    return show_only(
        store, take_in(store, Delivery("articles", tuple((folder / name, name) for name in files)))
    )


FOLDERS = {
    ("Guardian/1.txt", "Telegraph/1.txt"): ["Guardian", "Telegraph"],
    ("x/Guardian/1.txt", "x/Telegraph/1.md", "x/Telegraph/2.txt"): ["Guardian", "Telegraph", "Telegraph"],
    ("Guardian/texts/1.txt", "Telegraph/texts/1.txt"): ["Guardian", "Telegraph"],
    ("Guardian/1.txt", "Telegraph/2.txt"): ["1", "2"],
    ("all/guardian.txt", "all/telegraph.txt"): ["guardian", "telegraph"],
    ("2017/guardian.txt", "2018/guardian.txt"): ["guardian", "guardian"],
    ("2017-02/guardian.txt", "March/guardian.txt"): ["guardian", "guardian"],
    ("1.txt", "Telegraph/1.txt"): ["1", "1"],
}


@pytest.mark.parametrize("names", FOLDERS, ids=" ".join)
def test_a_folder_names_the_source_where_names_of_files_repeat(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    """Only where files of one name lie in folders with names of their own, and for all files of these."""
    store = open_store(tmp_path / "tables")
    taken_in(store, tmp_path / "in", {name: f"{STORY} {name}" for name in names})
    read = store.read("SELECT path, source FROM articles")
    found = dict(zip(read["path"].tolist(), read["source"].tolist(), strict=True))
    assert [found[name] for name in names] == FOLDERS[names]
    store.close()


def test_what_a_file_says_of_its_source_stands_before_its_folder(tmp_path: Path) -> None:
    """A header, or the host of an address, is the source whatever the folders are called."""
    store = open_store(None)
    said = {"A/1.txt": f"Source: Post\n\n{STORY}", "B/1.txt": f"URL: https://quai.example/2\n\n{STORY}"}
    taken_in(store, tmp_path, said)
    assert sorted(store.read("SELECT source FROM articles")["source"].tolist()) == ["Post", "quai.example"]


COPIES = [
    {"retrieved": "2017-02-14T09:00Z"},
    {"retrieved": "2017-02-20T09:00Z", "updated": "2017-02-18T09:00Z"},
    {"updated": "2017-02-16T09:00Z"},
    {},
]
PAD = " " * 70_000
"""Makes a file large enough to be read by itself."""


@pytest.mark.parametrize("kept", [True, False], ids=["in a folder", "in memory"])
@pytest.mark.parametrize("together", [True, False], ids=["in one file", "in a file each"])
@pytest.mark.parametrize("order", list(permutations(range(4)))[::5], ids=str)
def test_copies_of_a_record_say_together_when_it_was_there(
    tmp_path: Path, order: tuple[int, ...], together: bool, kept: bool
) -> None:
    """The earliest retrieval and the latest update count, whatever the order of the copies and their files."""
    store = open_store(tmp_path / "tables" if kept else None)
    lines = [json.dumps({"source": "Post", "text": STORY, **COPIES[place]}) for place in order]
    files = ["\n".join(lines)] if together else [f"{line}\n{PAD}\n" for line in lines]
    taken = taken_in(store, tmp_path, {f"{number}.jsonl": data for number, data in enumerate(files)})
    corpus = load(store)
    assert corpus is not None
    (row,) = np.flatnonzero(np.asarray(corpus.columns["source"]) == "Post")
    assert corpus.columns["retrieved_latest"][row] == np.datetime64("2017-02-14T09:00:59.999999")
    assert corpus.columns["updated_latest"][row] == np.datetime64("2017-02-18T09:00:59.999999")
    assert taken.rows == {"articles": 1 if together else 4}
    assert len(corpus) == 1
    store.close()


def test_copies_without_times_leave_no_table(tmp_path: Path) -> None:
    """What repeats and says nothing of times is counted, as before, and costs no query."""
    store = open_store(None)
    line = json.dumps({"source": "Post", "text": STORY})
    taken = taken_in(store, tmp_path, {"a.jsonl": f"{line}\n{line}"})
    assert [reject.line for reject in taken.rejects] == [2]
    assert store.tables() == ("articles", "intake", "rejects")


def test_what_another_delivery_repeated_is_not_seen(tmp_path: Path) -> None:
    """Only the copies that are shown count: a file that was taken out again says nothing."""
    store = open_store(tmp_path / "tables")
    early, late = (json.dumps({"source": "Post", "text": STORY, **copy}) for copy in COPIES[:2])
    first = taken_in(store, tmp_path, {"a.jsonl": f"{late}\n{early}"})
    taken_in(store, tmp_path, {"b.jsonl": late})
    corpus = load(store)
    assert corpus is not None
    assert corpus.columns["retrieved_latest"][0] == np.datetime64("2017-02-20T09:00:59.999999")
    show_only(store, first)
    corpus = load(store)
    assert corpus is not None
    assert corpus.columns["retrieved_latest"][0] == np.datetime64("2017-02-14T09:00:59.999999")
