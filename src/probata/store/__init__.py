"""Where records rest: ``open_store`` gives the engine, ``evidence`` keeps the originals."""

from __future__ import annotations

from pathlib import Path

from probata.store.base import Store

__all__ = ["Store", "open_store"]


def open_store(folder: Path | None = None, keep: Path | None = None) -> Store:
    """Open the default engine over Parquet parts in ``folder``, or in memory where none is named.

    ``keep`` is where work worth keeping rests where the records themselves do not outlive the run.
    """
    from probata.store.duckdb import DuckStore  # imported here: the engine costs a tenth of a second

    return DuckStore(folder, keep)
