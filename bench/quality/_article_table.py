"""Own labelled articles as a table of the store, and what SPREAD says of them."""

from __future__ import annotations

from typing import Any

import numpy as np

from probata.analyse.spread.answer import analyse
from probata.model import Ask
from probata.store import open_store

START = np.datetime64("2017-02-01T06:00:00", "us")


def article(given: dict[str, Any], name: str, source: str, minutes: int) -> dict[str, Any]:
    """One row: ``given`` has text, lang and perhaps a title and an id; published so many minutes after ``START``."""
    moment = START + np.timedelta64(minutes, "m")
    return {
        "id": name, "given_id": given.get("id", name), "url": None, "source": source,
        "title": given.get("title") or None, "text": given["text"], "lang": given["lang"], "published": str(moment),
        "published_earliest": moment, "published_latest": moment, "published_zone_known": True,
        **{f"{what}_{end}": np.datetime64("NaT", "us")
           for what in ("updated", "retrieved") for end in ("earliest", "latest")},
        "links": "[]", "personal": False, "evidence": "e", "path": "p", "line": 1, "offset": 0,
    }  # fmt: skip


def table(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """Rows as columns."""
    times = ("_earliest", "_latest")
    return {
        name: np.array([row[name] for row in rows], "datetime64[us]") if name.endswith(times)
        else [row[name] for row in rows]
        for name in rows[0]
    }  # fmt: skip


def said_of(rows: list[dict[str, Any]], judge: str = "guard") -> dict[tuple[str, str], str]:
    """The relations of each pair of ids (the smaller first), joined by "+"; of other pairs nothing is said."""
    store = open_store(None)
    store.add("articles", "part1", table(rows))
    found = analyse(store, Ask(options={"judge": judge})).tables["pairs"]
    said: dict[tuple[str, str], list[str]] = {}
    for a, b, relation in zip(found["a"], found["b"], found["relation"], strict=True):
        said.setdefault((str(a), str(b)), []).append(str(relation))
    return {pair: "+".join(sorted(names)) for pair, names in said.items()}
