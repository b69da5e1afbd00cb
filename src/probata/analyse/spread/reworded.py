"""Articles that say the same in other words or in another language, or that deny what another said.

Leads come first: titles and opening sentences of all articles are embedded and compared inside a window of time, block
by block. Only article pairs whose leads come near one another are then looked at sentence by sentence. A guard
decides the relation of every candidate (``probata.text.guard``); a denial is a relation, not noise.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.model import Table
from probata.text.embed import Embedder, Vectors, default_embedder
from probata.text.guard import Guard, Judged
from probata.text.guard_tokens import plain_text
from probata.text.language import language
from probata.text.normalise import normalise
from probata.text.sentences import sentences

__all__ = ["COLUMNS", "VERSION", "Options", "find_reworded"]

VERSION = "reworded-1"

COLUMNS = (
    "a",
    "b",
    "relation",
    "score",
    "probability",
    "a_field",
    "a_start",
    "a_end",
    "b_field",
    "b_start",
    "b_end",
    "a_lang",
    "b_lang",
    "model",
)
"""``a`` is the smaller id; a span counts code points of ``a_field`` (title or text), end exclusive."""

Ints = npt.NDArray[np.int64]
_BLOCK = 2048
_DAY = 86_400_000_000


@dataclass(frozen=True, slots=True)
class Options:
    """What to look at and how far. Cosines belong to the default encoder."""

    days: float = 7.0
    """Leads further apart in time are not compared."""
    nearest: int = 10
    """Candidates kept for one passage, the likest first."""
    same_language: float = 0.60
    across_languages: float = 0.50
    """Lowest cosine of a candidate."""
    least_words: int = 8
    """Words of a sentence below which it says too little by itself to be compared."""
    least_words_title: int = 5
    lead_sentences: int = 3
    passage_sentences: int = 40
    """Sentences of an article looked at once its lead has come near another's."""
    same_source: bool = False
    """Compare articles of one source, too."""
    certain_same: float = 0.6
    certain_translated: float = 0.5
    certain_denial: float = 0.85
    """Chance from which a relation is stated; below it the pair is reported as ``unsure``. Among the many pairs of a
    real corpus few say the same, so more is asked than of a pair that somebody picked."""
    report_differing: bool = True
    """Give the pairs that differ or cannot be told, too (relation ``differs`` or ``unsure``)."""
    most_candidates: int = 200_000
    """Passage pairs that the guard is given at most, the likest first; what is left is counted in the progress."""


@dataclass(frozen=True, slots=True)
class _Passages:
    """Passages of many articles as columns."""

    article: Ints
    field: list[str]
    start: Ints
    end: Ints
    text: list[str]


def find_reworded(
    articles: Table,
    known: Collection[tuple[str, str]] | Table = frozenset(),
    options: Options | Mapping[str, Any] | None = None,
    embedder: Embedder | None = None,
    seed: int = 0,
) -> Table:
    """Find reworded, translated and denying pairs among ``articles`` (columns of ``SCHEMAS["articles"]``).

    ``known`` are pairs of ids that are copies already, as a set or as a table with columns a and b; they are left out.
    Returns the columns ``COLUMNS``: at most one row a pair and relation, sorted by a, b, relation. Relations:
    ``translated`` and ``reworded`` (the guard says same), ``copy`` (word for word once disguises are undone),
    ``denies``, ``differs``, ``unsure``. Nothing is drawn at random: ``seed`` is accepted and changes nothing.
    """
    chosen = options if isinstance(options, Options) else Options(**_known_options(options or {}))
    encoder = embedder or default_embedder()
    report = (options or {}).get("progress") if isinstance(options, Mapping) else None
    work = _Work(articles, _pairs_of(known), chosen, encoder, report)
    return work.table()


def _known_options(options: Mapping[str, Any]) -> dict[str, Any]:
    wanted = {name: value for name, value in options.items() if name != "progress"}
    unknown = sorted(set(wanted) - set(Options.__dataclass_fields__))
    if unknown:
        raise ValueError(
            f"unknown option {unknown[0]!r}; there are {', '.join(Options.__dataclass_fields__)}"
        )
    return wanted


def _pairs_of(known: Collection[tuple[str, str]] | Table) -> set[tuple[str, str]]:
    pairs = zip(known["a"], known["b"], strict=True) if isinstance(known, Mapping) else known
    return {(min(a, b), max(a, b)) for a, b in pairs}


class _Work:
    """One search: columns of the articles, their passages, what was decided."""

    def __init__(
        self, articles: Table, known: set[tuple[str, str]], options: Options, embedder: Embedder, report: Any
    ) -> None:
        self._ids = [str(value) for value in articles["id"]]
        count = len(self._ids)
        self._title = _texts(articles, "title", count)
        self._text = _texts(articles, "text", count)
        self._source = _texts(articles, "source", count)
        given = _texts(articles, "lang", count)
        self._lang = [
            code[:2].lower() or _guessed(self._text[i] or self._title[i]) for i, code in enumerate(given)
        ]
        self._first, self._last = _times(articles, count)
        self._known, self._options, self._embedder = known, options, embedder
        self._report = report or (lambda *_: None)
        self._guard = Guard(embedder)
        self._undone: dict[str, str] = {}

    def table(self) -> Table:
        leads = self._leads()
        vectors = self._vectors(leads, "leads")
        near = self._near(leads, vectors)
        pairs = sorted({self._pair(leads.article[i], leads.article[j]) for i, j, _ in near})
        found = self._judged(leads, near)
        deeper = self._deeper(pairs)
        found += self._judged(*deeper)
        return self._rows(found)

    # ------------------------------------------------------------ passages

    def _leads(self) -> _Passages:
        spans = [(i, *span) for i in range(len(self._ids)) for span in self._lead_spans(i)]
        return self._passages(spans)

    def _lead_spans(self, article: int) -> Iterator[tuple[str, int, int]]:
        title, text = self._title[article], self._text[article]
        if len(title.split()) >= self._options.least_words_title:
            yield "title", 0, len(title)
        head = text[:4000]
        for start, end in sentences(head, self._lang[article])[: self._options.lead_sentences]:
            if len(head[start:end].split()) >= self._options.least_words:
                yield "text", start, end

    def _body_spans(self, article: int) -> Iterator[tuple[str, int, int]]:
        text = self._text[article][:60_000]
        for start, end in sentences(text, self._lang[article])[: self._options.passage_sentences]:
            if len(text[start:end].split()) >= self._options.least_words:
                yield "text", start, end

    def _passages(self, spans: list[tuple[int, str, int, int]]) -> _Passages:
        texts = [(self._title if field == "title" else self._text)[i][s:e] for i, field, s, e in spans]
        columns = np.array([(i, s, e) for i, _, s, e in spans], dtype=np.int64).reshape(-1, 3)
        return _Passages(columns[:, 0], [span[1] for span in spans], columns[:, 1], columns[:, 2], texts)

    def _vectors(self, passages: _Passages, stage: str) -> Vectors:
        """Embed in batches; passages with the same words are embedded once."""
        distinct = sorted(set(passages.text))
        place = {text: row for row, text in enumerate(distinct)}
        parts = []
        for start in range(0, len(distinct), 2000):
            self._report(f"embedding {stage}", start, len(distinct))
            parts.append(self._embedder.encode(distinct[start : start + 2000]))
        table = np.concatenate(parts) if parts else np.zeros((0, self._embedder.dim), np.float32)
        return np.asarray(table[[place[text] for text in passages.text]], dtype=np.float32)

    # ------------------------------------------------------------ candidates

    def _near(self, leads: _Passages, vectors: Vectors) -> list[tuple[int, int, float]]:
        """Candidate lead pairs: blocks in order of time, each against the blocks that its window reaches."""
        order = np.argsort(self._first[leads.article], kind="stable")
        first, last = self._first[leads.article][order], self._last[leads.article][order]
        window = int(self._options.days * _DAY)
        kept: list[tuple[int, int, float]] = []
        for top in range(0, len(order), _BLOCK):
            rows = order[top : top + _BLOCK]
            self._report("comparing leads", top, len(order))
            end = int(np.searchsorted(first, last[top : top + _BLOCK].max() + window, side="right"))
            for left in range(top, end, _BLOCK):
                columns = order[left : min(left + _BLOCK, end)]
                kept += self._block(leads, vectors, rows, columns)
        return self._nearest(kept)

    def _block(
        self, leads: _Passages, vectors: Vectors, rows: Ints, columns: Ints
    ) -> list[tuple[int, int, float]]:
        likeness = vectors[rows] @ vectors[columns].T
        low = min(self._options.same_language, self._options.across_languages)
        x, y = np.nonzero(likeness >= low)
        i, j, score = rows[x], columns[y], likeness[x, y]
        a, b = leads.article[i], leads.article[j]
        gap = np.maximum(self._first[a], self._first[b]) - np.minimum(self._last[a], self._last[b])
        keep = (i < j) if rows is columns or rows[0] == columns[0] else np.ones(len(i), bool)
        keep &= (a != b) & (gap <= self._options.days * _DAY)
        pairs = zip(i[keep].tolist(), j[keep].tolist(), score[keep].tolist(), strict=True)
        return [
            (p, q, s) for p, q, s in pairs if self._wanted(int(leads.article[p]), int(leads.article[q]), s)
        ]

    def _wanted(self, a: int, b: int, score: float) -> bool:
        alike = self._lang[a] == self._lang[b]
        if score < (self._options.same_language if alike else self._options.across_languages):
            return False
        if not self._options.same_source and self._source[a] and self._source[a] == self._source[b]:
            return False
        return self._pair(a, b) not in self._known

    def _pair(self, a: int, b: int) -> tuple[str, str]:
        one, two = self._ids[a], self._ids[b]
        return (one, two) if one < two else (two, one)

    def _nearest(self, found: list[tuple[int, int, float]]) -> list[tuple[int, int, float]]:
        """Keep what is among the likest of either of its two passages, and no more than the guard is to be given."""
        found.sort(key=lambda item: (-item[2], item[0], item[1]))
        count: dict[int, int] = {}
        kept = []
        for i, j, score in found:
            count[i], count[j] = count.get(i, 0) + 1, count.get(j, 0) + 1
            if min(count[i], count[j]) <= self._options.nearest:
                kept.append((i, j, score))
        return kept[: self._options.most_candidates]

    def _deeper(self, pairs: list[tuple[str, str]]) -> tuple[_Passages, list[tuple[int, int, float]]]:
        """Sentences of the articles whose leads came near, compared pair by pair: the likest of each sentence."""
        row = {name: i for i, name in enumerate(self._ids)}
        wanted = sorted({row[name] for pair in pairs for name in pair})
        bodies = self._passages([(i, *span) for i in wanted for span in self._body_spans(i)])
        vectors = self._vectors(bodies, "passages")
        span = {int(i): (int(s), int(e)) for i, s, e in _groups(bodies.article)}
        found: list[tuple[int, int, float]] = []
        for done, (one, two) in enumerate(pairs):
            if done % 1000 == 0:
                self._report("comparing passages", done, len(pairs))
            if row[one] in span and row[two] in span:
                found += self._likest(vectors, span[row[one]], span[row[two]], row[one], row[two])
        found.sort(key=lambda item: (-item[2], item[0], item[1]))
        return bodies, found[: self._options.most_candidates]

    def _likest(
        self, vectors: Vectors, one: tuple[int, int], two: tuple[int, int], a: int, b: int
    ) -> list[tuple[int, int, float]]:
        likeness = vectors[one[0] : one[1]] @ vectors[two[0] : two[1]].T
        best = likeness.argmax(axis=1)
        scores = likeness[np.arange(len(best)), best]
        order = np.argsort(-scores, kind="stable")[:3]
        found = [(int(one[0] + i), int(two[0] + best[i]), float(scores[i])) for i in order]
        return [item for item in found if self._wanted(a, b, item[2])]

    # ------------------------------------------------------------ decisions

    def _judged(
        self, passages: _Passages, near: list[tuple[int, int, float]]
    ) -> list[tuple[_Passages, int, int, Judged]]:
        """The guard on each pair; the same two texts (one text carried by many) are judged once."""
        said = [(self._said(passages, i), self._said(passages, j)) for i, j, _ in near]
        first: dict[tuple[tuple[str, str], tuple[str, str]], float] = {}
        for texts, (_, _, score) in zip(said, near, strict=True):
            first.setdefault(texts, score)
        distinct = list(first)
        verdicts: dict[tuple[tuple[str, str], tuple[str, str]], Judged] = {}
        for start in range(0, len(distinct), 2000):
            self._report("judging", start, len(distinct))
            part = distinct[start : start + 2000]
            judged = self._guard.judge(part, [first[texts] for texts in part])
            verdicts |= zip(part, judged, strict=True)
        return [(passages, i, j, verdicts[texts]) for (i, j, _), texts in zip(near, said, strict=True)]

    def _said(self, passages: _Passages, i: int) -> tuple[str, str]:
        return passages.text[i], self._lang[int(passages.article[i])]

    def _rows(self, found: list[tuple[_Passages, int, int, Judged]]) -> Table:
        """One row a pair and relation, the surest passage; a pair that says or denies is not reported as differing."""
        best: dict[tuple[str, str, str], tuple[float, tuple[Any, ...]]] = {}
        for passages, i, j, verdict in found:
            relation, chance = self._relation(passages, i, j, verdict)
            row = self._row(passages, i, j, verdict, relation, chance)
            key = (row[0], row[1], relation)
            if key not in best or (chance, verdict.cosine) > (best[key][0], best[key][1][3]):
                best[key] = (chance, row)
        clear = {key[:2] for key in best if key[2] not in ("differs", "unsure")}
        vague = {key[:2] for key in best if key[2] == "unsure"}
        shown = [
            row
            for (a, b, relation), (_, row) in sorted(best.items())
            if relation not in ("differs", "unsure")
            or (
                self._options.report_differing
                and (a, b) not in clear
                and (relation == "unsure" or (a, b) not in vague)
            )
        ]
        return _columns(shown)

    def _relation(self, passages: _Passages, i: int, j: int, verdict: Judged) -> tuple[str, float]:
        across = self._lang[int(passages.article[i])] != self._lang[int(passages.article[j])]
        same = self._options.certain_translated if across else self._options.certain_same
        least = {"same": same, "denies": self._options.certain_denial}
        if float(getattr(verdict, verdict.relation, 1.0)) < least.get(verdict.relation, 0.0):
            return self._doubted(passages, i, j, verdict)
        if verdict.relation == "same":
            one, two = (self._lang[int(passages.article[k])] for k in (i, j))
            alike = one == two or not one or not two
            if self._alike(passages, i, j):
                return "copy", verdict.same
            return ("reworded" if alike else "translated"), verdict.same
        if verdict.relation == "unsure":
            return "unsure", max(verdict.same, verdict.denies, verdict.differs)
        return verdict.relation, float(getattr(verdict, verdict.relation))

    def _doubted(self, passages: _Passages, i: int, j: int, verdict: Judged) -> tuple[str, float]:
        if self._alike(passages, i, j):
            return "copy", verdict.same
        return "unsure", max(verdict.same, verdict.denies, verdict.differs)

    def _alike(self, passages: _Passages, i: int, j: int) -> bool:
        """Word for word the same once disguises are undone."""
        return passages.text[i] == passages.text[j] or self._bare(passages.text[i]) == self._bare(
            passages.text[j]
        )

    def _bare(self, text: str) -> str:
        if text not in self._undone:
            self._undone[text] = normalise(text)[0]
        return self._undone[text]

    def _row(
        self, passages: _Passages, i: int, j: int, verdict: Judged, relation: str, chance: float
    ) -> tuple[Any, ...]:
        if self._ids[int(passages.article[j])] < self._ids[int(passages.article[i])]:
            i, j = j, i
        a, b = int(passages.article[i]), int(passages.article[j])
        ends = (passages.field[i], int(passages.start[i]), int(passages.end[i]))
        others = (passages.field[j], int(passages.start[j]), int(passages.end[j]))
        head = (self._ids[a], self._ids[b], relation, round(verdict.cosine, 4), round(chance, 4))
        return (*head, *ends, *others, self._lang[a], self._lang[b], self._guard.id)


def _columns(rows: list[tuple[Any, ...]]) -> Table:
    table: dict[str, Any] = {}
    for place, name in enumerate(COLUMNS):
        values = [row[place] for row in rows]
        if name in ("score", "probability"):
            table[name] = np.array(values, dtype=np.float64)
        elif name.endswith(("_start", "_end")):
            table[name] = np.array(values, dtype=np.int64)
        else:
            table[name] = np.array(values, dtype=object)
    return table


def _guessed(text: str) -> str:
    """Language of a text once disguises are undone, "" where it cannot be told."""
    return language(plain_text(text[:1000])) or ""


def _groups(article: Ints) -> Iterator[tuple[int, int, int]]:
    """Article, first and end row of every run of equal values."""
    edges = np.flatnonzero(np.diff(article, prepend=-1, append=-1))
    for start, end in pairwise(edges.tolist()):
        yield int(article[start]), int(start), int(end)


def _texts(articles: Table, name: str, count: int) -> list[str]:
    column = articles.get(name)
    return [""] * count if column is None else [value if isinstance(value, str) else "" for value in column]


def _times(articles: Table, count: int) -> tuple[Ints, Ints]:
    """Interval of publication in microseconds; an article without a time could be of any time."""
    ends = []
    for name, absent in (("published_earliest", -(1 << 60)), ("published_latest", 1 << 60)):
        column = articles.get(name)
        values = np.full(count, absent, dtype=np.int64)
        if column is not None:
            times = np.asarray(column, dtype="datetime64[us]")
            values = np.where(np.isnat(times), absent, times.astype(np.int64))
        ends.append(values)
    return ends[0], ends[1]
