"""The question from start to end: verbatim -> citations -> reworded -> stories -> ties -> findings."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import orjson

from probata.analyse.spread import citation, pairs, stories
from probata.analyse.spread.asked import PARAMETERS, REQUIRED, TESTS, VERSION
from probata.analyse.spread.corpus import HOUR, Corpus, load, sortable
from probata.analyse.spread.findings import Result, findings_and_gaps
from probata.analyse.spread.tied import tied_findings
from probata.analyse.spread.verbatim import Times, days_of, find_shared, quiet
from probata.analyse.spread.wire import wire_texts
from probata.model import Answer, Ask, Gap, Table
from probata.store.base import Store
from probata.store.rows import Rows

__all__ = ["PARAMETERS", "REQUIRED", "TESTS", "VERSION", "analyse"]

REWORDED_LIMIT = 20_000
"""Articles up to which reworded and translated passages are looked for unless asked otherwise: minutes, not hours."""

Array = np.ndarray[Any, np.dtype[Any]]


def analyse(store: Store, ask: Ask) -> Answer:
    """Find reuse, its direction, stories, ties; answer the case's tests.

    Options: min_words, max_documents, same_outlet, window_days, fast, threads, reworded (True, False or absent: up to
    ``REWORDED_LIMIT`` articles), reworded_options, judge, jobs, progress.

    Raises:
        ValueError: a test or a parameter that does not exist; an option that cannot be met.
    """
    corpus, shares = load(store), _shares(store)
    if corpus is None and shares is not None:
        return _of_shares(shares, ask)
    if corpus is None:
        return Answer(
            "spread", gaps=_nothing(ask), tables={}, document={"pairs": [], "stories": [], "ties": []}
        )
    result = work(corpus, ask, store)
    if shares is not None:
        result = replace(result, ties=_tied(shares, ask))
    findings, gaps = findings_and_gaps(result, ask, VERSION)
    tables = {
        "pairs": result.pairs,
        "stories": result.stories,
        "ties": result.ties,
        "citations": result.citations,
    }
    document = {"counts": result.counts, **{name: _rows(table) for name, table in tables.items()}}
    document["groups"] = _groups(result.ties)
    return Answer("spread", findings, gaps, tables, document)


def _shares(store: Store) -> Table | None:
    """Plain sharing data, where there is any: who shared what and when, without text."""
    if "shares" not in store.tables():
        return None
    return store.read("SELECT source, object, article, earliest, latest FROM shares ORDER BY earliest, id")


def _of_shares(shares: Table, ask: Ask) -> Answer:
    """Acting in concert from sharing data alone; every other test lacks articles."""
    ties = _tied(shares, ask)
    accounts = frozenset(str(name) for name in shares["source"])
    findings = tied_findings(ties, accounts, ask, VERSION)
    answered = {item.request for item in findings}
    gaps = tuple(gap for gap in _nothing(ask)[1:] if gap.request not in answered)
    counts = {"shares": len(shares["source"]), "accounts": len(accounts), "ties": len(ties["a"])}
    document = {"counts": counts, "pairs": [], "stories": [], "ties": _rows(ties), "groups": _groups(ties)}
    return Answer("spread", findings, gaps, {"ties": ties}, document)


def _tied(shares: Table, ask: Ask) -> Table:
    from probata.analyse.spread import concert

    return concert.ties(shares, ask.seed, _concert_options(ask))


def _concert_options(ask: Ask) -> dict[str, Any]:
    names = ("window_hours", "worlds", "progress")
    return {name: ask.options[name] for name in names if name in ask.options}


def _groups(ties: Table) -> list[list[str]]:
    from probata.analyse.spread import concert

    return concert.groups(ties)


def _rows(table: Table) -> Rows:
    """A table as one object a row, for the JSON document: spans as lists."""
    return Rows({name: np.asarray(column) for name, column in table.items()}, _values, ("spans",))


def _values(name: str, column: Any) -> list[Any]:
    values: list[Any] = np.asarray(column).tolist()
    if name == "spans" and values:
        found: list[Any] = orjson.loads(f"[{','.join(values)}]")  # once for all: ten thousands are usual
        return found
    if name == "articles":
        return [orjson.loads(value) if isinstance(value, str) else value for value in values]
    return values


def work(corpus: Corpus, ask: Ask, store: Store | None = None) -> Result:
    """Everything but the findings. ``store`` keeps, where it outlives the run, what need not be done again."""
    options = ask.options
    progress = options.get("progress") or quiet
    threads = int(options.get("threads") or os.cpu_count() or 1)
    times = Times(corpus.lower, corpus.upper, HOUR)
    shared = find_shared(corpus.texts, corpus.owner, times, options, progress)
    loose, kept = pairs.linked(shared, threads)
    progress("citations", 0, 1)
    with ThreadPoolExecutor(2) as pool:  # the interpreter reads credits and makes tables while kernels work
        names = pool.submit(
            citation.find_citations, corpus, shared.texts, shared.tokens, ask.outlets, threads
        )
        credits = pool.submit(wire_texts, corpus, loose.articles(len(corpus), kept), ask.outlets, threads)
        links = pairs.by_id(corpus, loose, kept)
        cites = names.result()
        ordered = pairs.order(corpus, links, _cited(corpus, links, cites))
        table = pool.submit(lambda: pairs.table(corpus, links, ordered, credits.result()[0], threads))
        progress("rewording", 0, 1)
        found, note = _reworded(corpus, table.result, ask, store)
        reworded = _placed(corpus, found, cites)
        progress("stories", 0, 1)
        told = stories.build(links, ordered, reworded.extra() if reworded else ())
        story_table = pool.submit(stories.table, corpus, told)
        progress("ties", 0, 1)
        wire, agency = credits.result()
        ties = _ties(told, (corpus, wire), ask)
    pair_table = _joined(table.result(), _as_pairs(corpus, reworded, wire) if reworded else None)
    counts = {**corpus.counts, **shared.counts, "pairs": len(pair_table["a"]), "stories": len(told)}
    return Result(
        corpus, pair_table, story_table.result(), ties, citation.table(corpus, cites), counts, told, wire, agency, note
    )  # fmt: skip


def _cited(corpus: Corpus, links: pairs.Links, cites: citation.Citations) -> dict[tuple[int, int], str]:
    """Citations between articles that share text: by link, or by naming the other's outlet."""
    found = cites.pairs(corpus)
    named = cites.outlets()
    if not named:
        return found
    cites_any = np.zeros(len(corpus), bool)
    cites_any[list(named)] = True
    asked = np.flatnonzero(cites_any[links.x] | cites_any[links.y])
    for x, y in zip(links.x[asked].tolist(), links.y[asked].tolist(), strict=True):
        for later, earlier in ((y, x), (x, y)):
            how = named.get(later, {}).get(str(corpus.sources[corpus.owner[earlier]]))
            if how:
                found.setdefault((later, earlier), how)
    return {pair: how for pair, how in found.items() if (pair[1], pair[0]) not in found}


def _reworded(
    corpus: Corpus, table: Callable[[], Table], ask: Ask, store: Store | None
) -> tuple[Table | None, str]:
    """What was found beyond the pairs of the table, of which it settles the relations; else why nothing was."""
    wanted = ask.options.get("reworded")
    if wanted is None and len(corpus) > REWORDED_LIMIT:
        return None, f"rewording and translation were not looked for: more than {REWORDED_LIMIT:,} articles"
    if wanted is False or importlib.util.find_spec("probata.analyse.spread.reworded") is None:
        return None, "rewording and translation were not looked for"
    from probata.analyse.spread.reworded import find_reworded  # loads a sentence encoder

    given = _reworded_options(ask.options)
    if ask.options.get("progress"):
        given["progress"] = ask.options["progress"]
    if ask.options.get("judge"):
        given["judge"] = str(ask.options["judge"])
    if ask.options.get("jobs") is not None:
        given["jobs"] = int(ask.options["jobs"])
    texts = np.array([corpus.texts[row] for row in range(len(corpus))], dtype=object)
    notes: list[str] = []
    found = find_reworded({**corpus.columns, "text": texts}, table(), given, store=store, note=notes.append)
    return _settled(table(), found), "".join(f"rewording and translation: {said}" for said in notes)


def _reworded_options(options: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of copies is asked of rewordings too, unless they have a setting of their own."""
    given: dict[str, Any] = {}
    if days_of(options):
        given["days"] = days_of(options)
    if options.get("same_outlet"):
        given["same_source"] = True
    return given | dict(options.get("reworded_options", {}))


def _settled(table: Table, reworded: Table) -> Table:
    """One relation for a pair that both stages know: the shared words stand, unless the guard says that they are turned
    round or differ (a notice copied with a "not" put in is no copy). Changes the relations of ``table`` in place, which
    are those of its links; what is left of ``reworded`` is returned.
    """
    if not len(reworded["a"]):
        return reworded
    place = {pair: row for row, pair in enumerate(zip(table["a"], table["b"], strict=True))}
    rows = [place.get(pair, -1) for pair in zip(reworded["a"], reworded["b"], strict=True)]
    for row, relation, model in zip(rows, reworded["relation"], reworded["model"], strict=True):
        if row >= 0 and (relation == "denies" or (relation == "differs" and not table["template"][row])):
            table["relation"][row], table["model"][row] = relation, model
    kept = np.array(rows) < 0
    return {name: np.asarray(column)[kept] for name, column in reworded.items()}


@dataclass(frozen=True, slots=True)
class _Placed:
    """Reworded pairs with their articles (rows of the corpus) and their order: -1 where a is first, 1 where b is."""

    table: Table
    a: Array
    b: Array
    order: pairs.Order

    def extra(self) -> list[stories.Extra]:
        """The same as links of stories."""
        columns = (self.a, self.b, np.asarray(self.table["relation"]), self.order.sign)
        rows = zip(*(column.tolist() for column in columns), strict=True)
        return [(a, b, str(relation), sign) for a, b, relation, sign in rows]


def _placed(corpus: Corpus, reworded: Table | None, cites: citation.Citations) -> _Placed | None:
    """Reworded pairs in the order that times and citations give them, as those of copies."""
    if reworded is None or not len(reworded["a"]):
        return None
    place = {name: row for row, name in enumerate(corpus.ids.tolist())}
    a, b = (np.array([place[name] for name in reworded[side]], np.int64) for side in ("a", "b"))
    key, row = np.unique(np.minimum(a, b) << 32 | np.maximum(a, b), return_inverse=True)
    links = _without_passages(key >> 32, key & 0xFFFFFFFF)
    order = pairs.order(corpus, links, _cited(corpus, links, cites))
    sign = np.where(a < b, order.sign[row], -order.sign[row])
    return _Placed(reworded, a, b, pairs.Order(sign, order.reason[row], order.lag[row]))


def _without_passages(x: Array, y: Array) -> pairs.Links:
    """Pairs of rows, the earlier first, that have no words in common."""
    zeros, none = np.zeros(len(x)), np.empty(0, np.int64)
    return pairs.Links(
        x=x, y=y, cut=np.zeros(len(x) + 1, np.int64), begin_x=none, end_x=none, begin_y=none, end_y=none,
        passage_words=none, chars=np.empty((0, 4), np.int32), words=zeros.astype(np.int64), share_x=zeros,
        share_y=zeros, relation=np.full(len(x), "", dtype=object), quoted_x=zeros, quoted_y=zeros, flip=zeros > 0,
    )  # fmt: skip


def _as_pairs(corpus: Corpus, reworded: _Placed, wire: Array) -> Table:
    """Reworded pairs in the columns of the pairs table."""
    a, b, told, order = reworded.a, reworded.b, reworded.table, reworded.order
    owner = np.array(corpus.sources, dtype=object)
    names = [pairs.A_FIRST, pairs.B_FIRST]
    return {
        "a": told["a"], "b": told["b"], "relation": told["relation"], "spans": told["spans"],
        "words": np.zeros(len(a), np.int64), "score": np.asarray(told["score"], float),
        "direction": np.select([order.sign < 0, order.sign > 0], names, pairs.UNDETERMINED).astype(object),
        "lag": order.lag, "reason": order.reason, "share_a": told["share_a"], "share_b": told["share_b"],
        "source_a": owner[corpus.owner[a]], "source_b": owner[corpus.owner[b]],
        "wire": wire[a] | wire[b], "template": np.zeros(len(a), bool),
        "model": np.asarray(told["model"], dtype=object),
    }  # fmt: skip


def _joined(table: Table, more: Table | None) -> Table:
    """Both tables in order of a, b, relation, in which the first is already."""
    if more is None:
        return table
    table = {name: np.concatenate([table[name], np.asarray(more[name])]) for name in table}
    keys = (table["relation"].astype(str), sortable(table["b"]), sortable(table["a"]))
    rows = np.lexsort(keys) if len(table["a"]) else np.empty(0, np.int64)
    return {name: np.asarray(column)[rows] for name, column in table.items()}


def _weights(told: stories.Stories) -> Array:
    """Words by which an article hangs in a story; an origin hangs in it by the longest of them."""
    longest = np.maximum.reduceat(told.words, told.cut[:-1]) if len(told) else told.words
    return np.where(told.words > 0, told.words, longest[told.story])


def _ties(told: stories.Stories, whole: tuple[Corpus, Array], ask: Ask) -> Table:
    from probata.analyse.spread import concert

    shares = _shared_stories(told, *whole)
    given = _concert_options(ask)
    own = ~shares["wire"]
    if own.all():
        return concert.ties(shares, ask.seed, given)
    with ThreadPoolExecutor(1) as pool:  # asked meanwhile, as the answer is nearly always yes
        tied = pool.submit(concert.comparable, shares, given)
        found = concert.ties(shares, ask.seed, given)
        if tied.result():
            return found
    mine = {name: column[own] for name, column in shares.items()}
    return concert.ties(mine, ask.seed, given)  # nothing but agency text is shared: there is nothing to tie


def _shared_stories(told: stories.Stories, corpus: Corpus, wire: Array) -> Mapping[str, Any]:
    """Who shared which story by which article, in numbers; an article in no story is a story of its own."""
    from probata.analyse.spread.concert_shares import Coded

    rows = told.row  # those of the table
    outside = np.ones(len(corpus), bool)
    outside[rows] = False
    alone = np.flatnonzero(outside)  # a source's volume is all that it published
    article = np.concatenate([rows, alone], dtype=np.int32, casting="same_kind")
    objects = np.arange(len(told) - len(rows), len(told) + len(alone), dtype=np.int32)
    objects[: len(rows)] = told.story
    weight = np.zeros(len(article))
    weight[: len(rows)] = _weights(told)
    return {
        "source": Coded(corpus.owner.astype(np.int32)[article], np.array(corpus.sources, dtype=object)),
        "object": Coded(objects, range(len(told) + len(alone))),
        "article": Coded(article, corpus.ids),
        "earliest": Coded(article, corpus.columns["published_earliest"]),
        "latest": Coded(article, corpus.columns["published_latest"]),
        "wire": np.concatenate([told.any(wire[rows])[told.story], wire[alone]]),
        "weight": weight,
    }


def _nothing(ask: Ask) -> tuple[Gap, ...]:
    what = "articles of the outlets in question"
    who = "the outlets, web archives, press databases, or whoever followed them at the time"
    how = "archived pages (WARC), feeds or exports with source, text and time of publication"
    settles = "who published a story first and who took it up"
    general = Gap("spread", what, who, how, settles)
    return (general, *(
        Gap("spread", what, test.who or who, how, test.needs or settles, test.id) for test in ask.tests
    ))  # fmt: skip
