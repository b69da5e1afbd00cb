"""Attribution: words a CPU second with the parser, without, and by quotation marks, beside the parse and textacy.

All in one run on the same texts: PolNeAR dev where it is below DATA, else our own annotated texts. Rivals: spaCy with
all its components (what a parse alone costs) and textacy's ``direct_quotations`` where it is installed, which reads
quotation marks only and needs the parse as well.
"""

from __future__ import annotations

import importlib.util
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from probata.analyse.claims.attribute import Method
from probata.analyse.claims.attribute import run as attribute
from probata.analyse.claims.document import Document
from probata.analyse.claims.models import load_parser, parser_name
from probata.model import Ask


def texts_of(data: Path | None) -> list[str]:
    """English news texts."""
    folder = data / "polnear" / "dev" / "text" if data is not None else None
    if folder is not None and folder.is_dir():
        return [path.read_text("utf-8") for path in sorted(folder.iterdir())]
    from bench.quality._claims_sets import load

    return [text.text for text in load("en")]


def cpu(work: Callable[[], Any], times: int = 2) -> float:
    """CPU seconds of the best of some runs; of short ones more, which the neighbours on a machine disturb most."""
    best, done = float("inf"), 0
    while done < times or (best < 1 and done < 5 * times):
        done += 1
        started = time.process_time()
        work()
        best = min(best, time.process_time() - started)
    return best


def ours(texts: list[str], **options: Any) -> Callable[[], Any]:
    """The whole of attribution: spans, speakers, acts, targets, evidence."""
    method = Method.of(Ask(options=options))
    return lambda: attribute([Document(str(n), text, "en") for n, text in enumerate(texts)], method)


def rivals(texts: list[str]) -> dict[str, Callable[[], Any]]:
    """The parse with all components; textacy on top of it."""
    import spacy

    name = parser_name("en")
    if name is None:
        return {}
    full = spacy.load(name)
    found: dict[str, Callable[[], Any]] = {"spaCy, all components": lambda: list(full.pipe(texts))}
    if importlib.util.find_spec("textacy") is None:
        print("textacy is not installed: pip install textacy to see it here")
        return found

    from textacy.extract.triples import direct_quotations

    def quotations() -> None:
        for doc in full.pipe(texts):
            try:
                list(direct_quotations(doc))
            except ValueError:
                continue  # it raises on an odd number of marks

    found["textacy direct_quotations, parse included"] = quotations
    return found


def run(data: Path | None) -> None:
    """Print words a CPU second and ratios to the full parse."""
    texts = texts_of(data)
    words = sum(len(text.split()) for text in texts)
    print(f"{len(texts)} texts, {words:,} words")
    jobs = {"without a parser": ours(texts, no_parser=True), "quotation marks": ours(texts, engine="quotes")}
    if parser_name("en") is not None:
        load_parser("en")
        jobs = {"rules with the parser": ours(texts), **jobs, **rivals(texts)}
    rates = {name: words / cpu(job) for name, job in jobs.items()}
    base = rates.get("spaCy, all components")
    for name, rate in rates.items():
        ratio = f"  {rate / base:7.2f} x the full parse" if base else ""
        print(f"{name:45s} {rate:12,.0f} words/CPU-s{ratio}")


if __name__ == "__main__":
    import os

    run(Path(os.environ["PROBATA_DATA"]) if "PROBATA_DATA" in os.environ else None)
