"""Embedding and judging by several processes: the bytes of one."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from probata.analyse.spread.shared_out import WORTH, Hands
from probata.text.embed import UseEmbedder, default_embedder
from probata.text.guard import Guard

TEXTS = [f"On day {n} the council of Ludmar sold {n % 7 + 2} ships to the port." for n in range(WORTH + 50)]


def test_helpers_give_the_bytes_of_one_process() -> None:
    """Vectors and verdicts are the same, in the same order, whoever worked them out."""
    guard = Guard()
    alone, helped = Hands(default_embedder(), guard, 1), Hands(default_embedder(), guard, 2)
    asked = [(((one, "en"), (two, "en")), 0.9) for one, two in pairwise(TEXTS[:61])]
    try:
        assert helped.encode(TEXTS).tobytes() == alone.encode(TEXTS).tobytes()
        assert helped.judge(asked).tobytes() == alone.judge(asked).tobytes()
    finally:
        helped.close()


def test_little_work_and_another_encoder_stay_in_this_process() -> None:
    """No helper is started for a few texts, nor where the helper could not have the encoder."""
    few = Hands(default_embedder(), Guard(), 2)
    assert few.encode(TEXTS[:3]).shape == (3, 512)
    assert few._over is None
    other = Hands(UseEmbedder(), Guard(), 2)
    assert np.isfinite(other.encode(TEXTS[:3])).all()
    assert other._jobs is None
