"""Articles added, withdrawn or shuffled: what was kept changes the cost and never the answer."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata import pipeline
from probata.model import content_id
from probata.store import open_store

sys.path.insert(0, str(Path(__file__).parent))
from spread_and_killed import shown

CASE = """
[case]
title = "Complaints about a vote"
period = { from = 2017-02-01, to = 2017-02-28 }
[[data]]
id = "articles"
kind = "articles"
path = "articles.jsonl"
"""
PROGRAM = Path(__file__).with_name("spread_and_killed.py")
SAID = [
    "Police searched the offices of the Ludmar Foundation on Monday and took away forty boxes of papers.",
    "La police a perquisitionné lundi les bureaux de la fondation Ludmar et emporté quarante cartons de documents.",
    "Полиция в понедельник обыскала офисы фонда «Лудмар» и изъяла сорок коробок с документами.",
    "The Ludmar Foundation denied that police had searched its offices or taken away any papers.",
    "Officers went through the premises of the Ludmar Foundation on Monday, removing forty boxes of documents.",
    "Neighbours said they had been woken early by the noise of engines in the street below the offices.",
    "Der Fußballverein hat seinen Kapitän am letzten Tag des Transferfensters an einen Rivalen verkauft.",
    "A spokeswoman for the prosecutor, Ana Beltran, declined to say on Monday what the officers had been looking for, "
    "or whether anybody had been questioned, but added that the search had been ordered by a judge last week.",
]


def article(said: list[int], outlet: int, day: int) -> dict[str, str]:
    return {
        "source": f"outlet{outlet}",
        "url": f"https://o.example/{content_id(said, outlet, day)}",
        "text": " ".join(SAID[k] for k in said),
        "published": f"2017-02-{day + 1:02}T08:00:00Z",
    }


ARTICLES = st.builds(
    article,
    st.lists(st.integers(0, len(SAID) - 1), min_size=1, max_size=3),
    st.integers(0, 4),
    st.integers(0, 20),
)


def written(folder: Path, rows: list[dict[str, Any]]) -> Path:
    path = folder / "articles.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return path


@given(
    st.lists(ARTICLES, min_size=2, max_size=14, unique_by=lambda row: row["url"]),
    st.lists(st.integers(0, 2**14 - 1), min_size=1, max_size=3),
    st.randoms(use_true_random=False),
)
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_additions_and_withdrawals_in_any_order_give_the_answer_from_nothing(
    rows: list[dict[str, str]], subsets: list[int], chance: random.Random
) -> None:
    """Over random subsets of a small corpus in random order, with one folder that keeps, tables and findings are
    the same as without it."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for subset in [*subsets, 2**14 - 1]:
            chosen = [row for place, row in enumerate(rows) if subset >> place & 1] or rows[:1]
            chance.shuffle(chosen)
            path = written(folder, chosen)
            assert shown(path, folder / "keep") == (shown(path, None)[0], [])


def made(count: int) -> list[dict[str, str]]:
    """Articles that resemble one another enough to be judged in pairs."""
    chance = random.Random(7)
    rows = []
    for row in range(count):
        place, number = chance.choice(["Lyon", "Kazan", "Bremen", "Toledo"]), row + 2
        text = (
            f"The council of {place} said that {number} complaints about the vote had been filed by Friday. "
            f"{SAID[row % len(SAID)]} Observers in {place} counted {number * 3} posters that had been torn down."
        )
        rows.append({**article([0], row % 7, row % 20), "text": text, "url": f"https://o.example/{row}"})
    return rows


def test_options_do_not_reuse_what_others_made(tmp_path: Path) -> None:
    """After a run with one window, shortest sentence and length of lead, a run with others answers as from nothing."""
    path = written(tmp_path, made(30))
    for options in (
        {"days": 1.0},
        {"days": 30.0},
        {"least_words": 14},
        {"lead_sentences": 1},
        {"same_source": True},
        {"certain_same": 0.9},
    ):
        given = {"reworded_options": options}
        assert shown(path, tmp_path / "keep", **given)[0] == shown(path, None, **given)[0]


def test_kept_work_is_not_done_again_and_is_told(tmp_path: Path) -> None:
    """The second time nothing is embedded or judged, and the progress says how many articles are kept and new."""
    told: list[tuple[str, int]] = []
    options = {"progress": lambda stage, done, total: told.append((stage, total))}
    rows = made(40)
    shown(written(tmp_path, rows[:30]), tmp_path / "keep", **options)
    assert {"embedding leads", "judging"} <= {stage for stage, _ in told}
    told.clear()
    shown(written(tmp_path, rows[:30]), tmp_path / "keep", **options)
    assert not {"embedding leads", "embedding passages", "judging"} & {stage for stage, _ in told}
    assert "rewording: 30 articles kept, 0 new" in [stage for stage, _ in told]
    told.clear()
    shown(written(tmp_path, rows), tmp_path / "keep", **options)
    assert "rewording: 30 articles kept, 10 new" in [stage for stage, _ in told]


def test_damaged_files_change_nothing_but_a_line(tmp_path: Path) -> None:
    """With half of the kept files torn or changed the answer is the same; each is told; then all is whole again."""
    path, keep = written(tmp_path, made(30)), tmp_path / "keep"
    expected = shown(path, keep)[0]
    parts = sorted(keep.glob("*/*.parquet"))
    for number, part in enumerate(parts[::2]):
        data = part.read_bytes()
        part.write_bytes(
            data[: len(data) // 2] if number % 2 else data[:-9] + bytes([data[-9] ^ 1]) + data[-8:]
        )
    answer, damaged = shown(path, keep)
    assert answer == expected
    assert sorted(damaged) == [str(part.relative_to(keep)) for part in parts[::2]]
    assert shown(path, keep) == (expected, [])


def start(*words: object) -> subprocess.Popen[str]:
    command = [sys.executable, str(PROGRAM), *map(str, words)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout is not None
    process.stdout.readline()
    return process


@pytest.mark.xdist_group("killed")
def test_killed_at_many_points_it_goes_on_and_ends_with_the_same_answer(tmp_path: Path) -> None:
    """Killed at moments spread over its work, every next run finds whole files only, adds to them, and the last one
    gives the answer of a run that nobody killed and that kept nothing."""
    path, keep = written(tmp_path, made(120)), tmp_path / "keep"
    begun = time.monotonic()
    expected, errors = start(path).communicate(timeout=300)
    length = time.monotonic() - begun
    assert expected, errors
    chance, counts, killed = random.Random(2017), [], 0
    for _ in range(5):
        process = start(path, keep)
        time.sleep(length * chance.uniform(0.2, 0.6))
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)
        killed += process.returncode == -signal.SIGKILL
        store = open_store(None, keep)
        counts.append(sum(len(store.parts(kind.name, "")) for kind in keep.iterdir()))
        assert list(store.damaged) == []
        assert not list(keep.rglob("*.unfinished"))
        store.close()
    assert start(path, keep).communicate(timeout=300)[0] == expected
    assert killed >= 2
    assert counts == sorted(counts)
    assert counts[-1] > 2


def test_a_case_keeps_by_itself(tmp_path: Path) -> None:
    """A case run again with more articles embeds what is new alone, and writes what a fresh case would write."""
    rows, old, fresh = made(40), tmp_path / "old", tmp_path / "fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "case.toml").write_text(CASE, encoding="utf-8")
    written(old, rows[:30])
    pipeline.run(old)
    written(old, rows)
    written(fresh, rows)
    told: list[str] = []
    kept = pipeline.run(old, progress=lambda stage, done, total: told.append(stage)).folder
    whole = pipeline.run(fresh).folder
    assert "rewording: 30 articles kept, 10 new" in told
    assert "attributing: 30 articles kept, 10 new" in told
    names = sorted(str(file.relative_to(whole)) for file in whole.rglob("*") if file.is_file())
    assert names == sorted(str(file.relative_to(kept)) for file in kept.rglob("*") if file.is_file())
    for name in names:
        if name != "manifest.json":  # holds the moment of the run
            assert (kept / name).read_bytes() == (whole / name).read_bytes(), name
