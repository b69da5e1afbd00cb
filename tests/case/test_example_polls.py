"""The poll figures of the 2017 example are what the public files say."""

from __future__ import annotations

import csv
import shutil
import subprocess
import sys
from collections import Counter


def test_the_shipped_file_is_what_the_script_makes_of_the_public_files(root, shared_data, tmp_path):
    """Byte for byte; and 142 of 151 polls stand in a third file, most of them dated a day later."""
    example, polls = root / "examples" / "france-2017", shared_data / "polls"
    shutil.copy(example / "build_polls.py", tmp_path)
    (tmp_path / "data").mkdir()
    names = ("tour1_complet_unitedfl.csv", "presidentielles_2017.json", "first_round_2017_candidates.csv")
    command = [sys.executable, str(tmp_path / "build_polls.py"), *(str(polls / name) for name in names)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (tmp_path / "data" / "polls.csv").read_bytes() == (example / "data" / "polls.csv").read_bytes()
    assert "{0: 40, 1: 81, 2: 17, 3: 4, None: 9}" in done.stdout


def test_the_shipped_file_holds_polls_and_no_results(root):
    """151 polls by eight houses before the vote; no row of the official result; shares of each sum to about 100."""
    with (root / "examples" / "france-2017" / "data" / "polls.csv").open(
        encoding="utf-8", newline=""
    ) as file:
        rows = list(csv.DictReader(file))
    sums: Counter[tuple[str, str]] = Counter()
    for row in rows:
        sums[row["poll_id"], row["hypothesis"]] += float(row["share"])
    assert len(sums) == 151
    assert len({row["pollster"] for row in rows}) == 8
    assert max(row["end_date"] for row in rows) == "2017-04-21"
    assert all(88 <= total <= 101.6 for total in sums.values()), min(sums.values())
