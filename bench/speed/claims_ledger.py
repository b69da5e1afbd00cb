"""The ledger: CPU seconds for 500, 1,000 and 2,000 accusations among four times as many statements, and their growth.

Contents are those that the parser-free rules find in news texts (PolNeAR dev below DATA, else our own); where they do
not suffice they come again with a number added. There is no peer to compare with: the growth is what is looked at.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

from bench.speed.claims import texts_of
from probata.analyse.claims.attribute import Method
from probata.analyse.claims.attribute import run as attribute
from probata.analyse.claims.document import Document
from probata.analyse.claims.ledger import ledger
from probata.analyse.claims.table import Row, columns_of
from probata.model import Ask

PER_ARTICLE = 20
ACTS = ("accuses", "denies", "asserts", "demands")


def rows_for(pool: list[Row], accusations: int) -> list[Row]:
    """Statements of four acts in turn, ``PER_ARTICLE`` an article."""
    made = []
    for k in range(len(ACTS) * accusations):
        row = pool[k * 7919 % len(pool)]
        again = f" in case {k}" if k >= len(pool) else ""
        made.append(
            {
                **row,
                "id": f"s{k}",
                "article": f"a{k // PER_ARTICLE:06d}",
                "position": k % PER_ARTICLE,
                "act": ACTS[k % len(ACTS)],
                "content_text": row["content_text"] + again,
            }
        )
    return made


def articles_of(rows: list[Row]) -> dict[str, Any]:
    """Their articles, an hour apart."""
    ids = sorted({row["article"] for row in rows})
    hours = np.datetime64("2031-01-01", "us") + np.arange(len(ids)).astype("timedelta64[h]")
    names = {
        "source": ["outlet"] * len(ids),
        "published": [str(hour)[:10] for hour in hours],
        "lang": ["en"] * len(ids),
    }
    return {"id": np.array(ids, object), "published_earliest": hours} | {
        name: np.array(values, object) for name, values in names.items()
    }


def run(data: Path | None) -> None:
    """Print CPU seconds by size."""
    documents = [Document(str(n), text, "en") for n, text in enumerate(texts_of(data))]
    found, _ = attribute(documents, Method.of(Ask(options={"no_parser": True})))
    pool = [row for row in found if row["speaker"] and len(row["content_text"].split()) > 5]
    for accusations in (500, 1_000, 2_000):
        rows = rows_for(pool, accusations)
        started = time.process_time()
        allegations, _ = ledger(columns_of(rows), articles_of(rows))
        seconds = time.process_time() - started
        print(
            f"{accusations:6,d} accusations among {len(rows):,} statements: {seconds:6.1f} CPU s,"
            f" {1000 * seconds / accusations:.1f} ms an accusation, {len(allegations):,} allegations"
        )


if __name__ == "__main__":
    import os

    run(Path(os.environ["PROBATA_DATA"]) if "PROBATA_DATA" in os.environ else None)
