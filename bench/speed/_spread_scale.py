"""The whole verb on a planted corpus: Parquet file -> collect -> store -> analyse -> tables and JSON written.

    python -m bench.speed._spread_scale FILE.parquet OUT [OPTION=VALUE ...]      one run, one JSON line

With ``SPREAD_TWICE=1`` the second of two runs in the process is told (of its stage "start" the wall time counts alone).

Every run is a process of its own, so that its peak of memory is its own. Stages are those that the verb reports as
progress; the time of a stage runs until the next one begins.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from bench.quality._spread_builder import LEVELS, Planted, build

HOUR = 3600


class Stages:
    """Wall and CPU seconds and the peak of memory (GB) by stage, from the calls that report progress."""

    def __init__(self) -> None:
        self.rows: dict[str, list[float]] = {}
        self._name = "start"
        self._since = (time.perf_counter(), 0.0)  # the import of the program counts

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Progress, as the verb reports it."""
        if stage != self._name:
            self.close()
            self._name = stage

    def close(self) -> None:
        """End the stage that is going on."""
        now = (time.perf_counter(), time.process_time())
        row = self.rows.setdefault(self._name, [0.0, 0.0, 0.0])
        row[0] += now[0] - self._since[0]
        row[1] += now[1] - self._since[1]
        row[2] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        self._since = now


def run_here(path: Path, out: Path, options: dict[str, Any]) -> dict[str, Any]:
    """Run the verb in this process as the command line does; what it costs, by stage."""
    stages = Stages()
    from probata import pipeline
    from probata.cli import show
    from probata.model import Ask

    ask = Ask(
        options={"progress": stages, "reworded": False, **options}
    )  # the verb's default from 10,000 articles on
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        done = pipeline.ask_files("spread", {"articles": [path]}, ask, Path(scratch))
        stages("tables and JSON written", 0, 1)
        with (out / "shown.txt").open("w", encoding="utf-8") as target, contextlib.redirect_stdout(target):
            show.print_answer(done, "table", out, ask)
        stages.close()
        done.store.export(out / "given.parquet", "SELECT id, given_id FROM articles")
    counts = {name: int(value) for name, value in done.answer.document["counts"].items()}
    return {"stages": stages.rows, "counts": counts}


def measure(path: Path, out: Path, options: dict[str, Any] | None = None) -> dict[str, Any]:
    """The same in a process of its own.

    Raises:
        RuntimeError: the run failed; its last line.
    """
    given = [f"{name}={json.dumps(value)}" for name, value in (options or {}).items()]
    command = [sys.executable, "-m", "bench.speed._spread_scale", str(path), str(out), *given]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr.strip()[-300:])
    result: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return result


def corpus(folder: Path, documents: int, seed: int, splicer: Any) -> Path:
    """A planted corpus as Parquet (id, source, published, text) and its truth beside it; made once a folder.

    ``splicer`` is called for the running text only where the corpus has to be made.
    """
    path = folder / f"planted-{documents}-{seed}.parquet"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        write(path, build(documents, seed, splicer=splicer()))
    return path


def write(path: Path, planted: Planted) -> None:
    """Write the articles in order of time, to the second, and the truth as ``.npz``."""
    import duckdb

    count = len(planted.texts)
    hours = planted.hours.astype(np.int64)
    place = np.arange(count) - np.searchsorted(hours, hours)  # among the articles of that hour
    seconds = hours * HOUR + place * HOUR // np.bincount(hours)[hours]
    moments = np.datetime64("2016-12-12T00:00:00") + seconds.astype("timedelta64[s]")
    columns = {
        "id": np.array([f"d{row}" for row in range(count)], dtype=object),
        "source": np.array(
            [f"outlet{number:03d}.example" for number in planted.outlet.tolist()], dtype=object
        ),
        "published": np.array([f"{text}Z" for text in np.datetime_as_string(moments).tolist()], dtype=object),
        "text": np.array(planted.texts, dtype=object),
    }
    connection = duckdb.connect()
    connection.register("columns", columns)
    unfinished = path.with_suffix(".unfinished")
    connection.execute(f"COPY (SELECT * FROM columns) TO '{unfinished}' (FORMAT parquet, COMPRESSION zstd)")
    connection.close()
    family = np.full(count, -1)
    for number, members in enumerate(planted.families):
        family[sorted(members)] = number
    copies = [(source, copy, LEVELS.index(level)) for source, copy, level in planted.copies]
    truth = {"copies": np.array(copies, np.int64).reshape(-1, 3), "family": family, "hours": hours}
    np.savez(path.with_suffix(".npz"), **truth)
    unfinished.rename(path)


def texts_of(path: Path) -> list[str]:
    """The texts of a planted corpus in their order."""
    from probata.store.parquet import read_parquet

    return [
        text for table in read_parquet(path, columns={"text": "VARCHAR"}) for text in table["text"].tolist()
    ]


def score(path: Path, out: Path, window_days: float = 0) -> dict[str, float]:
    """Recall by level (source and copy reported as a pair) and precision (both in one family) of a run.

    With a window only copies that lie inside it are looked for.
    """
    import duckdb

    select = (
        "SELECT CAST(x.given_id[2:] AS INTEGER) AS x, CAST(y.given_id[2:] AS INTEGER) AS y "
        f"FROM '{out}/pairs.parquet' AS p JOIN '{out}/given.parquet' AS x ON x.id = p.a "
        f"JOIN '{out}/given.parquet' AS y ON y.id = p.b WHERE p.relation <> 'template'"
    )
    rows = duckdb.connect().execute(select).fetchnumpy()
    low, high = (
        np.minimum(rows["x"], rows["y"]).astype(np.int64),
        np.maximum(rows["x"], rows["y"]).astype(np.int64),
    )
    truth = np.load(path.with_suffix(".npz"))
    family, copies = truth["family"], truth["copies"]
    hours = truth["hours"]
    if window_days:
        copies = copies[hours[copies[:, 1]] - hours[copies[:, 0]] <= 24 * window_days]
    found = np.isin(copies[:, 0] << 32 | copies[:, 1], low << 32 | high)
    scored = {level: float(found[copies[:, 2] == k].mean()) for k, level in enumerate(LEVELS)}
    right = (family[low] >= 0) & (family[low] == family[high])
    return {**scored, "precision": float(right.mean()), "pairs": float(len(low))}


def table(result: dict[str, Any]) -> Iterator[str]:
    """Lines of the stage table."""
    rows = result["stages"]
    yield f"{'stage':34}{'wall s':>8}{'CPU s':>8}{'peak GB':>9}"
    for name, (wall, cpu, peak) in rows.items():
        yield f"{name:34}{wall:8.2f}{cpu:8.2f}{peak:9.2f}"
    wall, cpu, peak = total(result)
    yield f"{'end to end':34}{wall:8.2f}{cpu:8.2f}{peak:9.2f}"


def total(result: dict[str, Any]) -> tuple[float, float, float]:
    """Wall, CPU, peak of the whole run."""
    rows = np.array(list(result["stages"].values()))
    return float(rows[:, 0].sum()), float(rows[:, 1].sum()), float(rows[:, 2].max())


def main() -> None:
    """One run, as the parent asked for it."""
    path, out, *given = sys.argv[1:]
    options = {name: json.loads(value) for name, _, value in (item.partition("=") for item in given)}
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        if os.environ.get("SPREAD_TWICE"):  # a run before, after which an allocator may have memory at hand
            run_here(Path(path), Path(out), options)
        result = run_here(Path(path), Path(out), options)
    print(json.dumps(result))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)  # the operating system frees gigabytes faster than the interpreter does
