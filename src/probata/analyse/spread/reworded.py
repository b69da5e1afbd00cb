"""Articles that say the same in other words or in another language, or that deny what another said.

Leads come first: titles and opening sentences of all articles are embedded and compared inside a window of time, block
by block. Only article pairs whose leads come near one another are then looked at sentence by sentence. A guard
decides the relation of every candidate (``probata.text.guard``); a denial is a relation, not noise. Longer articles are
laid side by side, too: what no single sentence shows, all of them together do.

What costs (languages, sentences, vectors, decisions) is kept in the store, where that outlives the run: articles added
later cost what is new about them, and the answer is the one that a run from nothing would give.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from probata.analyse.spread.candidates import (
    Facts,
    Limits,
    Near,
    Passages,
    near_bodies,
    near_leads,
    pair_numbers,
    ranks,
)
from probata.analyse.spread.corpus import sortable
from probata.analyse.spread.remembered import ANSWERS, Memory, is_short
from probata.analyse.spread.reworded_options import Options, options_of
from probata.analyse.spread.reworded_rows import COLUMNS, RELATIONS, Found, shown, table
from probata.analyse.spread.whole import BODY, COPIED, Asked, Whole, codes, taken_over
from probata.model import Table
from probata.store.base import Store
from probata.store.kept import keys_of
from probata.text.embed import Embedder, default_embedder
from probata.text.function_words import SPOKEN
from probata.text.language import ISO_639
from probata.text.normalise import normalise

__all__ = ["COLUMNS", "Options", "find_reworded"]

Array = npt.NDArray[Any]
_DAY = 86_400_000_000
_HEAD = 4_000
"""Code points of a text in which opening sentences are looked for."""


def find_reworded(
    articles: Table,
    known: Collection[tuple[str, str]] | Table = frozenset(),
    options: Options | Mapping[str, Any] | None = None,
    embedder: Embedder | None = None,
    store: Store | None = None,
    note: Callable[[str], None] | None = None,
) -> Table:
    """Find reworded, translated and denying pairs among ``articles`` (columns of ``SCHEMAS["articles"]``).

    ``known`` are pairs of ids that are copies already, as a set or as a table with columns a and b; they are left out
    unless a text is short: a near copy of a notice may say the contrary. Of a short and a long text that alone is told.
    Returns the columns ``COLUMNS``: at most one row a pair and relation, sorted by a, b, relation. Relations:
    ``translated`` and ``reworded`` (the guard says same), ``copy`` (word for word once disguises are undone),
    ``denies``, ``differs``, ``unsure``. Nothing is drawn at random. ``store``, where it outlives the run, keeps what
    was worked out for the next one; it changes no answer. ``options`` may name ``jobs``, the processes that embed and
    judge (0: what is worth it; absent: this one alone), which change none either. ``note`` is told what was left out.
    """
    chosen = options if isinstance(options, Options) else options_of(options or {})
    encoder = embedder or default_embedder()
    given = options if isinstance(options, Mapping) else {}
    memory = Memory(store, encoder, given.get("jobs"), chosen.judge)
    work = _Work(articles, chosen, memory, given.get("progress") or (lambda *_: None))
    try:
        found = work.table(known)
        if note and work.left_out:
            note(
                f"{work.left_out:,} pairs of passages, the least alike, were not compared (setting most_candidates)"
            )
        return found
    finally:
        memory.hands.close()


@dataclass(frozen=True, slots=True)
class _Judged:
    """Candidates and what was decided of each."""

    passages: Passages
    near: Near
    decided: Array  # DECIDED
    alike: Array  # bool: word for word the same once disguises are undone


class _Work:
    """One search: columns of the articles, their passages, what was decided."""

    def __init__(
        self, articles: Table, options: Options, memory: Memory, report: Callable[[str, int, int], None]
    ) -> None:
        self._ids = np.array([str(value) for value in articles["id"]], dtype=object)
        self._rank = np.empty(len(self._ids), np.int64)
        self._rank[np.argsort(sortable(self._ids), kind="stable")] = np.arange(len(self._ids))
        self._title, self._text, self._source, given = (
            _texts(articles, name, len(self._ids)) for name in ("title", "text", "source", "lang")
        )
        self._options, self._memory, self._report = options, memory, report
        self._lang = _languages(given, memory.languages([
            (text or title)[:1000] for text, title in zip(self._text, self._title, strict=True)
        ]))  # fmt: skip
        self._short = np.array([is_short(text, options.whole_words) for text in self._text], bool)
        self._first, self._last = _times(articles, len(self._ids))
        self._undone: dict[str, str] = {}
        self.left_out = 0

    def table(self, known: Collection[tuple[str, str]] | Table) -> Table:
        facts, notices = self._facts(known)
        leads = self._leads()
        near = near_leads(leads, facts, self._limits(), self._report)
        self.left_out += near.left_out
        pairs = np.unique(pair_numbers(self._rank, leads.article[near.i], leads.article[near.j]))
        by_rank = np.argsort(self._rank)
        one, two = by_rank[pairs // max(1, len(self._ids))], by_rank[pairs % max(1, len(self._ids))]
        near = near.taken(self._plausible(leads, near))
        whole = self._side_by_side(self._alike_in_all(leads, facts, np.column_stack([one, two])))
        longer = ~(self._short[one] & self._short[two])  # two short texts are compared whole, as leads
        one, two = one[longer], two[longer]
        bodies = self._bodies(np.unique(np.concatenate([one, two])))
        self._report("comparing passages", 0, 1)
        deeper = near_bodies(bodies, facts, self._limits(), one, two)
        self.left_out += deeper.left_out
        deeper = deeper.taken(self._plausible(bodies, deeper))
        return self._rows([self._judged(leads, near), self._judged(bodies, deeper)], whole, notices)

    def _alike_in_all(self, leads: Passages, facts: Facts, pairs: Array) -> Array:
        """These pairs and those whose leads as a whole (title and opening sentences summed by their words) come near
        one another: what is told in another order, or loosely, meets in no single sentence.
        """
        o = self._options
        starts = np.flatnonzero(np.diff(leads.article, prepend=-1))
        words = np.array([len(text.split()) for text in leads.texts], np.float32)[leads.which]
        sums = (
            np.add.reduceat(leads.vectors[leads.which] * words[:, None], starts)
            if len(starts)
            else leads.vectors[:0]
        )
        sums /= np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-9)
        none = np.zeros(len(starts), np.int64)
        together = Passages(leads.article[starts], none > 0, none, none, np.arange(len(starts)), (), sums)
        limits = replace(
            self._limits(), same_language=o.same_language_leads, across_languages=o.across_languages_leads
        )
        near = near_leads(together, facts, limits, self._report)
        self.left_out += near.left_out
        more = np.stack([together.article[near.i], together.article[near.j]], axis=1)
        return np.unique(np.sort(np.concatenate([pairs, more]), axis=1), axis=0)

    def _side_by_side(self, pairs: Array) -> Whole:
        """Pairs of articles of which one is taken over as a whole from the other, or both from a third."""
        asked = Asked(
            self._memory,
            self._options,
            self._text,
            self._lang,
            self._rank,
            self._short,
            self._alike,
            self._report,
        )
        return taken_over(asked, pairs)

    def _notices(self, passages: Passages, near: Near) -> Array:
        """Pairs of which both sides are whole short texts."""
        whole = self._short[passages.article] & ~passages.title
        return np.asarray(whole[near.i] & whole[near.j], bool)

    def _across(self, passages: Passages, near: Near) -> Array:
        code = codes(self._lang)[passages.article]
        return np.asarray(code[near.i] != code[near.j], bool)

    def _plausible(self, passages: Passages, near: Near) -> Array:
        """Rows worth the guard's time: of sentences there are many, and few say the same.

        They grow with the articles, not with their pairs: of each sentence only the likest are judged.
        """
        o = self._options
        least = np.where(self._across(passages, near), o.across_languages_sentence, o.same_language_sentence)
        worth = self._notices(passages, near)
        rows = np.flatnonzero(~worth & (near.score >= least))
        worth[rows] = np.minimum(*ranks(near.i[rows], near.j[rows])) < o.nearest_sentence
        return np.flatnonzero(worth)

    def _facts(self, known: Collection[tuple[str, str]] | Table) -> tuple[Facts, Array]:
        """Known pairs are left out, but for short texts: there a word put in may turn round all that is said.

        Returned besides: numbers of the known pairs of a short text and a long one.
        """
        pairs = zip(known["a"], known["b"], strict=True) if isinstance(known, Mapping) else known
        row = {name: number for number, name in enumerate(self._ids.tolist())}
        both = np.array([(row[a], row[b]) for a, b in pairs if a in row and b in row], np.int64).reshape(
            -1, 2
        )
        number, short = pair_numbers(self._rank, both[:, 0], both[:, 1]), self._short[both].sum(axis=1)
        source = codes(self._source)
        source[[self._options.same_source or not name for name in self._source]] = -1
        left_out = np.unique(number[short == 0])
        facts = Facts(self._first, self._last, source, codes(self._lang), self._rank, left_out)
        return facts, np.unique(number[short == 1])

    def _limits(self) -> Limits:
        o = self._options
        return Limits(o.same_language, o.across_languages, int(o.days * _DAY), o.nearest, o.most_candidates)

    # ------------------------------------------------------------ passages

    def _leads(self) -> Passages:
        titled = [
            i for i, title in enumerate(self._title) if len(title.split()) >= self._options.least_words_title
        ]
        titles = [(i, 1, 0, len(self._title[i])) for i in titled]
        rows = np.arange(len(self._ids))
        texts = self._sentences(rows, _HEAD, self._options.lead_sentences)
        return self._passages(np.concatenate([np.array(titles, np.int64).reshape(-1, 4), texts]), "leads")

    def _bodies(self, rows: Array) -> Passages:
        return self._passages(self._sentences(rows, BODY, self._options.passage_sentences), "passages")

    def _sentences(self, rows: Array, longest: int, most: int) -> Array:
        """Sentences of some articles that say enough: article, 0 (not the title), start, end."""
        texts, langs = [self._text[i][:longest] for i in rows], [self._lang[i] for i in rows]
        found = self._memory.spans(texts, langs, most, (self._options.whole_words, self._options.least_words))
        inside = np.arange(most) < found["count"][:, None]
        article = np.repeat(rows, found["count"])
        spans = found["span"][inside].astype(np.int64)
        return np.column_stack([article, np.zeros(len(article), np.int64), spans])

    def _passages(self, spans: Array, stage: str) -> Passages:
        """Embed passages; those with the same words are embedded once."""
        spans = spans[np.argsort(spans[:, 0], kind="stable")]
        texts = [(self._title if title else self._text)[i][s:e] for i, title, s, e in spans.tolist()]
        distinct = sorted(set(texts))
        place = {text: row for row, text in enumerate(distinct)}
        which = np.array([place[text] for text in texts], np.int64)
        if stage == "leads":
            self._tell_kept(spans[:, 0], which, distinct)
        vectors = self._memory.encode(
            distinct, lambda done, total: self._report(f"embedding {stage}", done, total)
        )
        return Passages(
            spans[:, 0], spans[:, 1] == 1, spans[:, 2], spans[:, 3], which, tuple(distinct), vectors
        )

    def _tell_kept(self, article: Array, which: Array, distinct: list[str]) -> None:
        """Say how many articles are new: those of whose leads one is not kept."""
        lacking = self._memory.vectors.lacking(keys_of(distinct))
        if not lacking.all():
            new = len(np.unique(article[lacking[which]]))
            self._report(f"rewording: {len(self._ids) - new:,} articles kept, {new:,} new", 0, 1)

    # ------------------------------------------------------------ decisions

    def _judged(self, passages: Passages, near: Near) -> _Judged:
        """The guard on each pair; the same two texts (one text carried by many) are judged once, in a fixed order."""
        langs = sorted(set(self._lang))
        code = np.array([langs.index(lang) for lang in self._lang], np.int64)[passages.article]
        said = passages.which * len(langs) + code
        one, two = np.minimum(said[near.i], said[near.j]), np.maximum(said[near.i], said[near.j])
        most = max(1, len(passages.texts) * len(langs))
        pairs, first, inverse = np.unique(one * most + two, return_index=True, return_inverse=True)

        def words(at: int) -> tuple[str, str]:
            return passages.texts[at // len(langs)], langs[at % len(langs)]

        texts = [(words(pair // most), words(pair % most)) for pair in pairs.tolist()]
        decided = self._memory.decide(
            texts, near.score[first], lambda done, total: self._report("judging", done, total)
        )
        alike = np.zeros(len(texts), bool)
        for row in np.flatnonzero(decided["cosine"] > COPIED).tolist():
            alike[row] = self._alike(texts[row][0][0], texts[row][1][0])
        return _Judged(passages, near, decided[inverse], alike[inverse])

    def _alike(self, one: str, two: str) -> bool:
        """Word for word the same once disguises are undone."""
        return one == two or self._bare(one) == self._bare(two)

    def _bare(self, text: str) -> str:
        if text not in self._undone:
            self._undone[text] = normalise(text)[0]
        return self._undone[text]

    def _relations(self, judged: _Judged) -> tuple[Array, Array]:
        """Number of the relation in ``RELATIONS`` and its chance, one a candidate."""
        o, decided, near = self._options, judged.decided, judged.near
        across = self._across(judged.passages, near)
        sentence = np.where(across, o.certain_sentence_translated, o.certain_sentence)
        low = np.where(self._notices(judged.passages, near), 0.0, sentence)
        unknown = np.array([not lang for lang in self._lang], bool)[judged.passages.article]
        same, denies = (decided["answer"] == ANSWERS.index(name) for name in ("same", "denies"))
        least = np.maximum(low, np.where(across, o.certain_translated, o.certain_same))
        deny = np.maximum(low, o.certain_denial)
        doubted = (same & (decided["same"] < least)) | (denies & (decided["denies"] < deny))
        copy = judged.alike
        unsure = (doubted | (decided["answer"] == ANSWERS.index("unsure"))) & ~copy
        translated = across & ~unknown[near.i] & ~unknown[near.j]
        names = np.select(
            [copy, unsure, same & translated, same, denies],
            [RELATIONS.index(name) for name in ("copy", "unsure", "translated", "reworded", "denies")],
            RELATIONS.index("differs"),
        )
        likeliest = np.maximum(np.maximum(decided["same"], decided["denies"]), decided["differs"])
        chance = np.select(
            [unsure, copy | same, denies], [likeliest, decided["same"], decided["denies"]], decided["differs"]
        )
        return names, chance

    def _rows(self, judged: list[_Judged], whole: Whole, notices: Array) -> Table:
        """What was decided as a table."""
        parts = [whole.columns()]
        for part in judged:
            relation, chance = self._relations(part)
            i, j = part.near.i, part.near.j
            turned = self._rank[part.passages.article[j]] < self._rank[part.passages.article[i]]
            i, j = np.where(turned, j, i), np.where(turned, i, j)
            p = part.passages
            parts.append([
                p.article[i], p.article[j], relation, part.decided["cosine"], chance,
                p.title[i], p.start[i], p.end[i], p.title[j], p.start[j], p.end[j], np.full(len(i), -1),
            ])  # fmt: skip
        found = Found(*(np.concatenate([part[k] for part in parts]) for k in range(12)))
        rows = shown(found, whole, self._rank, self._options.report_differing)
        rows = rows.taken(self._told(judged, rows, notices))
        return table(rows, whole, (self._ids, self._lang), self._memory.guard.id)

    def _told(self, judged: list[_Judged], rows: Found, notices: Array) -> Array:
        """Rows that are told (bool): of a short text known to be copied from a long one only where it denies it.

        Beside most sentences of the long one it differs, and where one of them says the same it denies another: who
        copies the charge from an article that has the answer, too, has copied.
        """
        same = [np.empty(0, np.int64)]
        for part in judged:
            says = np.flatnonzero((part.decided["answer"] == ANSWERS.index("same")) | part.alike)
            article = part.passages.article
            same.append(pair_numbers(self._rank, article[part.near.i[says]], article[part.near.j[says]]))
        number = pair_numbers(self._rank, rows.a, rows.b)
        denied = (rows.relation == RELATIONS.index("denies")) & ~np.isin(number, np.concatenate(same))
        return np.asarray(denied | ~np.isin(number, notices))


def _languages(given: Sequence[str], guessed: Sequence[str]) -> list[str]:
    """The languages of articles: as given, unless that is no language, or the text itself is surely in another of those
    that the guard knows. A site's mark is often that of the site, and a wrong one would make a translation of a copy.
    """
    told = []
    for code, guess in zip((code[:2].lower() for code in given), guessed, strict=True):
        doubtful = code in SPOKEN and guess in SPOKEN
        told.append(guess if doubtful or code not in ISO_639 else code)
    return told


def _texts(articles: Table, name: str, count: int) -> list[str]:
    column = articles.get(name)
    return [""] * count if column is None else [value if isinstance(value, str) else "" for value in column]


def _times(articles: Table, count: int) -> tuple[Array, Array]:
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
