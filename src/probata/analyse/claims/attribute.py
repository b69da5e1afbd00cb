"""Articles of the store into its ``attributions`` table: batch by batch, resumable, each article once a method."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from probata.analyse.claims.document import Document
from probata.analyse.claims.engines import engine_for
from probata.analyse.claims.extractor import Extractor
from probata.analyse.claims.pool import WORTH, chunks
from probata.analyse.claims.table import COLUMNS, Row, columns_of, rows_of
from probata.analyse.claims.targets import Known
from probata.analyse.pool import processes, workers
from probata.model import Ask, Table, content_id
from probata.store.base import Store
from probata.store.kept import code_of

VERSION = "2"
BATCH = 200
"""Articles a part: what a killed run loses at most."""

Progress = Callable[[str, int, int], None]
Found = tuple[list[Row], dict[str, int]]
"""Rows, and how many proposals were not verbatim, by article."""

_ENGINES: dict[tuple[str, str], Extractor] = {}
"""Engines of this process by method and language: a model is loaded once."""
_MOST_ENGINES = 8


@dataclass(frozen=True)
class Method:
    """What decides the rows: engine, its versions by language, options, the case's names."""

    engine: str
    options: Mapping[str, Any]
    known: Known
    key: str

    @property
    def parses(self) -> bool:
        """Whether a parser may be at work."""
        return self.engine in ("rules", "tagger") and not self.options.get("no_parser")

    def engine_of(self, lang: str) -> Extractor:
        """The engine for a language, made once a process."""
        place = (self.key, lang)
        if place not in _ENGINES:
            if len(_ENGINES) >= _MOST_ENGINES:
                _ENGINES.clear()
            _ENGINES[place] = engine_for(self.engine, lang, self.options)
        return _ENGINES[place]

    def unanswered(self) -> dict[str, int]:
        """Paragraphs that an endpoint has not answered in this process, by article."""
        counts: dict[str, int] = {}
        for (key, _), engine in _ENGINES.items():
            if key == self.key:
                counts |= getattr(engine, "unanswered", {})
        return counts

    @classmethod
    def of(cls, ask: Ask) -> Method:
        """Read the engine and its options from the question's options."""
        chosen = {
            name: ask.options[name]
            for name in (
                "parser",
                "no_parser",
                "model",
                "endpoint",
                "endpoint_model",
                "endpoint_key",
                "cache",
            )
            if ask.options.get(name)
        }
        engine = str(ask.options.get("engine") or ("tagger" if "model" in chosen else "rules"))
        known = Known.of(ask)
        shown = {name: value for name, value in chosen.items() if name not in ("endpoint_key", "cache")}
        versions = [engine_for(engine, lang, chosen).version for lang in ("en", "fr", "de")]
        code = code_of("analyse/claims", "data/claims", "text")
        key = content_id(
            "claims", VERSION, code, engine, sorted(shown.items()), versions, sorted(known.ids.items())
        )
        return cls(engine, chosen, known, key)


def attribute(store: Store, ask: Ask) -> Table:
    """Attribute every article that the store shows and return the rows, by article and position.

    Articles done before by the same method are not read again. The table has ``COLUMNS`` and ``method``.
    """
    method = Method.of(ask)
    ids, kept = _todo(store, method)
    progress: Progress | None = ask.options.get("progress")
    if progress and kept:
        progress(f"attributing: {kept:,} articles kept, {len(ids):,} new", 0, 1)
    jobs = ask.options.get("jobs")
    count = processes(jobs if jobs is None else int(jobs), len(ids) // WORTH[method.parses])
    with workers(partial(run_plain, method=method), count if method.engine != "endpoint" else 1) as over:
        for first in range(0, len(ids), BATCH):
            _do_batch(store, method, ids[first : first + BATCH], over)
            if progress:
                progress("attributing", min(first + BATCH, len(ids)), len(ids))
    return _shown(store, method)


def _todo(store: Store, method: Method) -> tuple[list[str], int]:
    """Ids of the articles without a mark of this method, in order, and how many have one."""
    if "articles" not in store.tables():
        return [], 0
    ids = [str(i) for i in store.read("SELECT id FROM articles ORDER BY id")["id"]]
    if "attributed" not in store.tables():
        return ids, 0
    done = set(store.read("SELECT article FROM attributed WHERE method = ?", [method.key])["article"])
    left = [i for i in ids if i not in done]
    return left, len(ids) - len(left)


def _do_batch(store: Store, method: Method, ids: Sequence[str], over: Callable[..., Iterator[Found]]) -> None:
    """Attribute some articles; their rows are written before the mark that they are done."""
    part = f"{method.key}-{content_id(*ids)}"
    marks = ", ".join("?" for _ in ids)
    read = store.read(f"SELECT id, text, lang FROM articles WHERE id IN ({marks}) ORDER BY id", list(ids))  # noqa: S608 - bound
    documents = [
        Document(str(i), text or "", language_of(lang, text or ""))
        for i, text, lang in zip(read["id"], read["text"], read["lang"], strict=True)
    ]
    rows, rejected = _joined(over(chunks(documents)))
    failed = method.unanswered()
    ids = [i for i in ids if i not in failed]  # left out whole, and asked again by the next run
    rows = [row for row in rows if row["article"] not in failed]
    if not ids:
        return
    if rows:
        columns = dict(columns_of(rows))
        columns["method"] = np.array([method.key] * len(rows), dtype=object)
        store.add("attributions", part, columns)
    done = {
        "article": list(ids),
        "method": [method.key] * len(ids),
        "rejected": [rejected.get(i, 0) for i in ids],
    }
    store.add("attributed", part, done)


def run(documents: Sequence[Document], method: Method) -> Found:
    """Rows of some documents, and how many proposals were not verbatim, by article."""
    return _joined(run_plain(piece, method) for piece in chunks(documents))


def _joined(pieces: Iterable[Found]) -> Found:
    """Rows of several chunks, by article and place."""
    rows: list[Row] = []
    rejected: dict[str, int] = {}
    for some, bad in pieces:
        rows += some
        rejected |= bad
    rows.sort(key=lambda row: (row["article"], row["position"]))
    return rows, rejected


def run_plain(articles: Sequence[tuple[str, str, str]], method: Method) -> Found:
    """Rows of one chunk: (id, text, language) of articles of one language."""
    rows: list[Row] = []
    rejected: dict[str, int] = {}
    engine = method.engine_of(articles[0][2])
    name = f"{engine.name}/{engine.version}"
    for document, proposals in engine.extract(Document(*article) for article in articles):
        found, bad = rows_of(document, proposals, name, method.known)
        rows += found
        if bad:
            rejected[document.id] = bad
    return rows, rejected


def language_of(lang: str | None, text: str) -> str:
    """The two-letter language of an article: as stated, else detected; "en" where neither can tell."""
    if lang:
        return lang.lower().replace("_", "-").split("-")[0]
    from probata.text.language import language

    return language(text) or "en"


def _shown(store: Store, method: Method) -> Table:
    """The rows of this method on the articles that the store shows now."""
    if "attributions" not in store.tables():
        return columns_of([])
    names = ", ".join(f"t.{name}" for name in COLUMNS)
    table = store.read(
        f"SELECT {names} FROM attributions t WHERE t.method = ?"  # noqa: S608 - our own column names
        " AND t.article IN (SELECT id FROM articles) ORDER BY t.article, t.position",
        [method.key],
    )
    _, first = np.unique(np.asarray(table["id"], dtype=str), return_index=True)
    keep = np.sort(first)
    return {name: np.asarray(table[name])[keep] for name in COLUMNS}
