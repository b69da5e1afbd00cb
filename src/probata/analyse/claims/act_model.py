"""The act of a statement: a linear model over words, with weights that can be read.

Features are what the word lists say (which of them match, which comes first), and the beginnings of the words of cue
and content, alone and in pairs. Weights lie in ``data/claims/act_weights.json``, one line a language, in hundredths;
``python -m bench.quality.claims_acts_fit`` fits them on statements of our own.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources
from typing import Any

ACTS = ("asserts", "accuses", "denies", "demands", "predicts", "declines")

_WORDS = re.compile(r"[^\W_]+|[!?:«“\"]")
_HEAD = 24
"""Words of the content that are looked at: later ones say little about what the whole does."""
_PAIRS = frozenset({"cues", "pair"})
_PREFIX = 5
"""Letters of a word that are kept: "forg" stands for forged, forgery, forging."""


Weights = dict[str, dict[Any, list[int]]]
"""By kind of feature and key (a word, a pair of words), a weight for each act."""


def parts(cue: str, content: str, told: Iterable[str]) -> dict[str, set[Any]]:
    """Features of a statement by kind: both texts in lower case, ``told`` what the rules found in it."""
    words = [word[:_PREFIX] for word in _WORDS.findall(content.replace("’", "'"))[:_HEAD]]
    cues = [word[:_PREFIX] for word in _WORDS.findall(cue.replace("’", "'"))]
    return {
        "rule": set(told),
        "cue": set(cues),
        "cues": set(itertools.pairwise(("<", *cues, ">"))),
        "has": set(words),
        "pair": set(itertools.pairwise(words)),
        "start": set(words[:4]),
        "first": set(words[:1]),
        "empty": set() if content.strip() else {""},
    }


def named(found: Mapping[str, set[Any]]) -> list[str]:
    """Features as names, for fitting and for the file of weights: "pair foreign power"."""
    return sorted(
        " ".join((kind, *((key,) if isinstance(key, str) else key))).rstrip()
        for kind, keys in found.items()
        for key in keys
    )


def by_kind(table: Mapping[str, list[int]]) -> Weights:
    """Weights by name as weights by kind and key."""
    found: Weights = {}
    for name, row in table.items():
        kind, _, key = name.partition(" ")
        found.setdefault(kind, {})[tuple(key.split(" ")) if kind in _PAIRS else key] = row
    return found


@lru_cache(maxsize=8)
def weights(lang: str) -> Weights:
    """Weights of a language; empty where none were fitted."""
    text = resources.files("probata.data").joinpath("claims/act_weights.json").read_text("utf-8")
    return by_kind(json.loads(text).get(lang, {}))


def best(table: Weights, found: Mapping[str, set[Any]]) -> str:
    """The act with the highest sum of weights; the first of ``ACTS`` where several have it."""
    rows = [table["bias"][""]]
    for kind, keys in found.items():
        of_kind = table.get(kind)
        if of_kind and keys:
            rows += [of_kind[key] for key in keys if key in of_kind]
    total = list(map(sum, zip(*rows, strict=True)))
    return ACTS[total.index(max(total))]
