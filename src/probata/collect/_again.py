"""What the further copies of a record say of its times: none of them is a row, but they count."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from probata.collect._rows import only
from probata.model import MERGED, Batch
from probata.store.columns import Array


class Again:
    """Ids and times of the records that came again, those that have a time."""

    def __init__(self) -> None:
        self._pieces: list[dict[str, Array]] = []

    def add(self, batch: Batch, rows: Sequence[int]) -> None:
        """Put by what these rows of a batch say."""
        names = MERGED.get(batch.kind)
        if not names or not rows:
            return
        places = np.asarray(rows, np.int64)
        times = {name: np.asarray(batch.columns[name])[places] for name in names}
        told = ~np.logical_and.reduce([np.isnat(column) for column in times.values()])
        if told.any():
            ids = np.array(only(batch.columns["id"], places[told].tolist()), dtype=object)
            self._pieces.append({"id": ids, **{name: column[told] for name, column in times.items()}})

    def table(self) -> dict[str, Array]:
        """All of it as one table; empty where there is nothing."""
        names = self._pieces[0] if self._pieces else ()
        return {name: np.concatenate([piece[name] for piece in self._pieces]) for name in names}
