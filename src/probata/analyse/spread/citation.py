"""Who names or links to whom: "as X reported", "selon X", "по данным X", "laut X", "según X", and hyperlinks.

Outlet names (``citation_names``) are looked for as runs of words in the tokens of all texts (one pass in a kernel);
only around hits is the text itself read for a cue of citation (``citation_cues``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.citation_cues import cue, longer_name
from probata.analyse.spread.citation_links import linked
from probata.analyse.spread.citation_names import Spelling, spellings, written
from probata.analyse.spread.citation_split import vocabulary
from probata.analyse.spread.corpus import Corpus
from probata.model import Source, Table
from probata.text.regions import Stretches, stretches
from probata.text.tokens import Texts, Tokens, chunks, in_threads, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]

Row = tuple[int, str, int, int, int, str]


@dataclass(frozen=True, slots=True)
class Citations:
    """``rows``: citing article (row), outlet named, article linked to (row or -1), span of the name or -1, how."""

    rows: list[Row]

    def pairs(self, corpus: Corpus) -> dict[tuple[int, int], str]:
        """(citing row, cited row) for hyperlinks."""
        return {(row[0], row[2]): row[5] for row in self.rows if row[2] >= 0}

    def outlets(self) -> dict[int, dict[str, str]]:
        """Citing row -> outlets that it names in words, and how. A link is evidence of the article linked to alone."""
        named: dict[int, dict[str, str]] = defaultdict(dict)
        for row in self.rows:
            if row[2] < 0:
                named[row[0]].setdefault(row[1], row[5])
        return named


def find_citations(
    corpus: Corpus, texts: Texts, tokens: Tokens, outlets: Sequence[Source], threads: int = 1
) -> Citations:
    """All citations of outlets by name with a cue, and all links to articles of the corpus."""
    rows = _linked(corpus)
    domains = any("." in name for name in corpus.sources) or any(outlet.domains for outlet in outlets)
    names = spellings(corpus.sources, outlets, vocabulary(tokens) if domains else None)
    rows += _named(corpus, texts, tokens, names, threads)
    return Citations(sorted(set(rows)))


def _linked(corpus: Corpus) -> list[Row]:
    found = linked(corpus.columns["url"], corpus.columns["links"])
    return [(row, corpus.sources[corpus.owner[to]], to, -1, -1, "hyperlink") for row, to in found]


def _named(
    corpus: Corpus, texts: Texts, tokens: Tokens, names: Sequence[Spelling], threads: int
) -> list[Row]:
    if not names:
        return []
    told = tokenise(to_bytes([name.words for name in names]), 1)
    hits = _hits(tokens, told, told.lengths(), threads)
    number = {source: owner for owner, source in enumerate(corpus.sources)}
    meant = np.array([number.get(name.source, -1) for name in names], np.int64)
    hits = hits[meant[hits[:, 2]] != corpus.owner[hits[:, 0]]]
    rows, word, which = hits.T
    points, _ = stretches(texts, Stretches(rows, word, word + told.lengths()[which]), threads)
    found = []
    read, text = -1, ""
    longer: dict[str, bool] = {}
    for row, at, (start, end) in zip(rows.tolist(), which.tolist(), points.tolist(), strict=True):
        if row != read:
            read, text, longer = row, texts[row], {}
        name = written(text, start, end, names[at])
        said = cue(text, name.begin, end, name.oblique, name.small) if name else ""
        if name and said and not (names[at].lead and _longer(text, names[at].name, longer)):
            found.append((row, names[at].source, -1, name.begin, end, f"names its source: {said}"))
    return found


def _longer(text: str, name: str, known: dict[str, bool]) -> bool:
    """Asked of the text once for each name, however often it stands there."""
    if name not in known:
        known[name] = longer_name(text, name)
    return known[name]


def _hits(tokens: Tokens, told: Tokens, lengths: Array, threads: int) -> Array:
    known = np.flatnonzero(lengths > 0)
    firsts = told.slots[told.first[known]]
    table = np.zeros(1 << 16, np.uint8)  # small enough to stay in the nearest memory
    table[firsts >> np.uint32(16)] = 1
    order = known[np.lexsort((known, -lengths[known], firsts))]  # by first word; the longest spelling first
    sorted_firsts = told.slots[told.first[order]]

    def one(low: int, high: int) -> Array:
        return np.asarray(_scan(
            tokens.slots, tokens.first, tokens.last, low, high, table, told.slots, told.first, lengths, order,
            sorted_firsts, np.empty((1024, 3), np.int64),
        ))  # fmt: skip

    pieces = in_threads(one, chunks(len(tokens.first), threads), threads)
    return np.concatenate([*pieces, np.empty((0, 3), np.int64)])


@njit(cache=True, nogil=True)
def _scan(  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901 - one hot loop
    slots, first, last, low, high, table, names, starts, lengths, order, firsts, out
):
    """Document, word and number of the name for every place where a name stands."""
    made = 0
    for document in range(low, high):
        slot = first[document]
        end = last[document]
        while True:
            while (
                slot < end and table[slots[slot] >> np.uint32(16)] == 0
            ):  # nearly all words: as fast as reading
                slot += 1
            if slot >= end:
                break
            step = 1
            word = slots[slot]
            for at in range(np.searchsorted(firsts, word), len(firsts)):
                if firsts[at] != word:
                    break
                k = order[at]
                length = lengths[k]
                if slot + length > end:
                    continue
                same = True
                for i in range(1, length):
                    if slots[slot + i] != names[starts[k] + i]:
                        same = False
                        break
                if same:
                    if made == len(out):
                        grown = np.empty((2 * made, 3), np.int64)
                        for row in range(made):  # slices assigned at once take the compiler seconds
                            for i in range(3):
                                grown[row, i] = out[row, i]
                        out = grown
                    out[made, 0], out[made, 1], out[made, 2] = document, slot - first[document], k
                    made += 1
                    step = length
                    break
            slot += step
    return out[:made]


def table(corpus: Corpus, citations: Citations) -> Table:
    """Citations as columns: article, outlet, cites (article id or null), start, end (code points or null), how."""
    rows = citations.rows

    def text(values: list[Any]) -> Array:
        column = np.empty(len(values), dtype=object)
        column[:] = values
        return column

    return {
        "article": text([corpus.ids[row[0]] for row in rows]),
        "outlet": text([row[1] for row in rows]),
        "cites": text([corpus.ids[row[2]] if row[2] >= 0 else None for row in rows]),
        "start": np.array([row[3] if row[3] >= 0 else np.nan for row in rows], float),
        "end": np.array([row[4] if row[4] >= 0 else np.nan for row in rows], float),
        "how": text([row[5] for row in rows]),
    }
