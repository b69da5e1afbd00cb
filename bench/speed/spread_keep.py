"""What articles added later cost, against doing all of them from nothing; the two answers are compared byte by byte.

    python -m bench.speed spread_keep --data DIR

Real articles (PolNeAR, Reuters) dealt at random to 40 outlets and 60 days; every run is a process of its own (CPU
seconds of user and system, start of Python included). ``KEEP_ARTICLES`` (10,000) is what was there, ``KEEP_NEW``
(100,1000) what comes. Then how the comparison of leads grows, in the same window of time. Last, what is *not* kept:
words and fingerprints of ``KEEP_VERBATIM`` (100,000) articles with planted copies, made anew and read back.
``KEEP_LARGE`` (0) adds a run with rewording on so many made articles of 60 days.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from bench.quality._spread_builder import Splicer, build, running_text
from bench.quality.spread_real import articles
from bench.speed._spread_scale import Stages
from probata import pipeline
from probata.model import Ask
from probata.store import open_store
from probata.text.fingerprint import winnow
from probata.text.tokens import to_bytes, tokenise

SEED = 4711
DAYS = 60


def real(data: Path) -> list[dict[str, str]]:
    """Articles as the verb reads them, in random order."""
    rows = articles(data)
    chance = np.random.default_rng(SEED)
    start = np.datetime64("2017-01-01T00:00:00", "s")
    times = start + chance.integers(0, DAYS * 86_400, len(rows)).astype("timedelta64[s]")
    outlets = chance.integers(0, 40, len(rows))
    made = [
        {"source": f"outlet{outlet}", "url": f"https://a.example/{name}", "text": text, "published": f"{at}Z"}
        for (name, _, _, text), at, outlet in zip(rows, times, outlets, strict=True)
    ]
    return [made[row] for row in chance.permutation(len(made)).tolist()]


def spread(
    folder: Path, rows: list[dict[str, str]], options: list[str]
) -> tuple[float, float, dict[str, bytes]]:
    """CPU and wall seconds of the verb on some articles, and the bytes it wrote."""
    path, out = folder / "articles.jsonl", folder / "out"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    begun, used = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        sys.executable,
        "-m",
        "probata",
        "spread",
        str(path),
        "--quiet",
        "--format",
        "json",
        "--out",
        str(out),
    ]
    done = subprocess.run([*command, *options], capture_output=True, check=True)
    wall, spent = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    wrote = {file.name: file.read_bytes() for file in sorted(out.iterdir())}
    cpu = spent.ru_utime + spent.ru_stime - used.ru_utime - used.ru_stime
    return cpu, wall, {**wrote, "standard output": done.stdout}


def compare(rows: list[dict[str, str]], there: int, additions: list[int], options: list[str]) -> None:
    """Everything from nothing, then what is there into a folder that keeps it, then each addition."""
    with tempfile.TemporaryDirectory() as scratch:
        folder, keep = Path(scratch), Path(scratch) / "keep"
        kept = [*options, "--keep", str(keep)]
        cpu, wall, _ = spread(folder, rows[:there], kept)
        size = sum(file.stat().st_size for file in keep.rglob("*") if file.is_file())
        print(f"{there:,} articles, kept: {cpu:.1f} CPU s ({wall:.1f} wall), {size / 1e6:.0f} MB kept, "
              f"{size / there / 1e3:.1f} kB an article")  # fmt: skip
        cpu, wall, _ = spread(folder, rows[:there], kept)
        print(f"the same again: {cpu:.1f} CPU s ({wall:.1f} wall)")
        for new in additions:
            added, wall, after = spread(folder, rows[: there + new], kept)
            whole, alone, nothing = spread(folder, rows[: there + new], options)
            same = "the same bytes" if after == nothing else "ANOTHER ANSWER"
            print(f"{new:,} added: {added:.1f} CPU s ({wall:.1f} wall); from nothing {whole:.1f} ({alone:.1f} wall): "
                  f"{added / whole:.1%}; {same}")  # fmt: skip


def search(rows: list[dict[str, str]]) -> None:
    """CPU seconds of comparing leads, for a quarter, a half and all of the articles, all else being kept."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "articles.jsonl"
        for count in (len(rows), len(rows) // 4, len(rows) // 2, len(rows)):
            path.write_text("\n".join(map(json.dumps, rows[:count])), encoding="utf-8")
            stages = Stages()
            ask = Ask(options={"progress": stages, "reworded": True})
            pipeline.ask_files(
                "spread", {"articles": [path]}, ask, Path(scratch), Path(scratch) / "keep"
            ).store.close()
            stages.close()
            seconds = {name: row[1] for name, row in stages.rows.items()}
            told = ", ".join(
                f"{name} {seconds.get(name, 0.0):.2f}" for name in ("comparing leads", "comparing passages")
            )
            print(f"{count:,} articles: {told} CPU s")


def words(documents: int, data: Path) -> None:
    """What is worked out of each article by itself when passages are looked for: made anew, and read back."""
    texts = to_bytes(build(documents, SEED, splicer=Splicer(running_text(data))).texts)
    spent = []
    for _ in range(3):  # the first compiles
        begun = time.process_time()
        tokens = tokenise(texts)
        _, keys, _ = winnow(tokens, 5, 4)
        spent.append(time.process_time() - begun)
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(None, Path(folder))
        edges = np.linspace(0, documents, documents // 5_000 + 1).astype(int)
        print(f"words and fingerprints of {documents:,} articles made anew: {min(spent[1:]):.2f} CPU s")
        lengths = np.cumsum([0, *(len(piece) for piece in keys)])
        flat, cuts = np.concatenate(keys), np.interp(edges, [0, documents], [0, lengths[-1]]).astype(int)
        begun = time.process_time()
        for part, (low, high) in enumerate(pairwise(edges.tolist())):
            row = np.concatenate([tokens.slots[tokens.first[d] : tokens.last[d]] for d in range(low, high)])
            made = flat[cuts[part] : cuts[part + 1]]
            store.add("kept_words", f"p{part}", {"word": [row.tobytes()], "key": [made.tobytes()]})
        wrote = time.process_time() - begun
        store.close()
        size = sum(file.stat().st_size for file in Path(folder).rglob("*.parquet"))
        begun = time.process_time()
        store = open_store(None, Path(folder))
        for part in store.parts("kept_words", "p"):
            columns = store.part("kept_words", part, ("word", "key"))
            (
                np.frombuffer(columns["word"][0], np.uint32).copy(),
                np.frombuffer(columns["key"][0], np.uint64).copy(),
            )
        read = time.process_time() - begun
        print(
            f"kept and read back: {read:.2f} CPU s (written in {wrote:.1f}, {size / documents / 1e3:.1f} kB an article)"
        )


def large(documents: int, data: Path) -> None:
    """One run with rewording on many made articles: CPU, wall and the peak of memory."""
    world = build(documents, SEED, splicer=Splicer(running_text(data)))
    start = np.datetime64("2017-01-01T00:00:00", "s")
    at = start + np.random.default_rng(SEED).integers(0, DAYS * 86_400, documents).astype("timedelta64[s]")
    rows = [
        {
            "source": f"outlet{outlet}",
            "url": f"https://a.example/{row}",
            "text": text,
            "published": f"{time}Z",
        }
        for row, (text, outlet, time) in enumerate(zip(world.texts, world.outlet, np.sort(at), strict=True))
    ]
    with tempfile.TemporaryDirectory() as scratch:
        cpu, wall, _ = spread(Path(scratch), rows, ["--reworded"])
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(
        f"{documents:,} made articles with rewording: {cpu:.0f} CPU s ({wall:.0f} wall), peak {peak:.1f} GB"
    )


def run(data: Path | None) -> None:
    """Print all three."""
    assert data is not None
    there = int(os.environ.get("KEEP_ARTICLES", 10_000))
    additions = [int(new) for new in os.environ.get("KEEP_NEW", "100,1000").split(",")]
    rows = real(data)
    compare(rows, there, additions, ["--reworded"])
    search(rows[: there + max(additions)])
    words(int(os.environ.get("KEEP_VERBATIM", 100_000)), data)
    if int(os.environ.get("KEEP_LARGE", 0)):
        large(int(os.environ["KEEP_LARGE"]), data)
