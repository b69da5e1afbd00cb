"""The guard and the cross-encoder beside it (extra ``e5``) on our own labelled pairs: the figures of ``pairs_own``.

The held-back half, and the light rewordings of two writers that are in no fit; the other kept-back pairs by
``python -m bench.quality.pairs_own --judge e5``.
"""

from __future__ import annotations

from pathlib import Path

from bench.quality.pairs_own import KEPT_BACK, judged_rows, load

OWN = True


def run(data: Path | None) -> dict[str, float]:
    """Judge, print, and return what the floors hold."""
    shown = judged_rows(load("test"), "e5")
    print(f"\n{KEPT_BACK['light']}")
    return shown | {f"light_{name}": value for name, value in judged_rows(load("light"), "e5").items()}
