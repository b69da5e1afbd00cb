"""The act of a statement: a linear model over words, with weights that can be read.

Features are what the word lists say (which of them match, which comes first), and the beginnings of the words of cue
and content, alone and in pairs. Weights lie in ``data/claims/act_weights.json``, one line a language, in hundredths;
``python -m bench.quality.claims_acts_fit`` fits them on statements of our own.
"""

from __future__ import annotations

import itertools
import json
import re
from functools import lru_cache
from importlib import resources

ACTS = ("asserts", "accuses", "denies", "demands", "predicts", "declines")

_WORDS = re.compile(r"[^\W_]+|[!?:«“\"]")
_HEAD = 24
"""Words of the content that are looked at: later ones say little about what the whole does."""
_PREFIX = 5
"""Letters of a word that are kept: "forg" stands for forged, forgery, forging."""


def features(cue: str, content: str, told: list[str]) -> list[str]:
    """Names of the features of a statement: both texts in lower case, ``told`` what the rules found in it."""
    words = [word[:_PREFIX] for word in _WORDS.findall(content.replace("’", "'"))[:_HEAD]]
    cues = [word[:_PREFIX] for word in _WORDS.findall(cue.replace("’", "'"))]
    found = {f"rule {one}" for one in told}
    found.update(f"cue {word}" for word in cues)
    found.update(f"cues {a} {b}" for a, b in itertools.pairwise(("<", *cues, ">")))
    found.update(f"has {word}" for word in words)
    found.update(f"pair {a} {b}" for a, b in itertools.pairwise(words))
    found.update(f"start {word}" for word in words[:4])
    found.update(f"first {word}" for word in words[:1])
    if not content.strip():
        found.add("empty")
    return sorted(found)


@lru_cache(maxsize=8)
def weights(lang: str) -> dict[str, list[int]]:
    """Weights of a language by feature, one for each act; empty where none were fitted."""
    text = resources.files("probata.data").joinpath("claims/act_weights.json").read_text("utf-8")
    found: dict[str, list[int]] = json.loads(text).get(lang, {})
    return found


def best(table: dict[str, list[int]], names: list[str]) -> str:
    """The act with the highest sum of weights; the first of ``ACTS`` where several have it."""
    rows = [table[name] for name in names if name in table]
    total = [sum(column) for column in zip(table["bias"], *rows, strict=True)]
    return ACTS[total.index(max(total))]
