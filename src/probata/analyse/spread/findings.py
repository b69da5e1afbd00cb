"""What a case asks of SPREAD, as findings: origins, early pick-ups, stories picked up, concert."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from probata.analyse.spread.asked import LEVEL, MOST_RECORDS, absent, check, smallest_seen
from probata.analyse.spread.corpus import HOUR, Corpus
from probata.analyse.spread.stories import Stories
from probata.analyse.spread.tied import tie_finding
from probata.analyse.spread.told import Carried, Told, all_told, by_chance, carried
from probata.model import Ask, Finding, Gap, Table, TestRequest
from probata.stats import proportion_interval
from probata.text.align import TELLING, Rules

Array = np.ndarray[Any, np.dtype[Any]]

_ORDER_NULL = "the order of the articles inside each story is random"


@dataclass(frozen=True, slots=True)
class Result:
    """What was worked out: tables, and the stories with their rows of the corpus."""

    corpus: Corpus
    pairs: Table
    stories: Table
    ties: Table
    citations: Table
    counts: dict[str, int]
    told: Stories
    wire: Array
    agency: dict[int, str]
    note: str


@dataclass(slots=True)
class _Work:
    result: Result
    ask: Ask
    version: str
    _told: list[Told] | None = None

    @property
    def told(self) -> list[Told]:
        """Every story; made where a test asks for them."""
        if self._told is None:
            self._told = all_told(self.result.corpus, self.result.told)
        return self._told

    def owner_of(self, outlet: str) -> int | None:
        """Number of the source that an outlet of the case is: by id, name or domain."""
        known = {name.casefold(): number for number, name in enumerate(self.result.corpus.sources)}
        nouns = [item for item in self.ask.outlets if item.id == outlet]
        names = [outlet, *(n for item in nouns for n in (item.name, *item.domains))]
        for name in names:
            for spelled in (name, f"www.{name}", name.removeprefix("www.")):
                if spelled.casefold() in known:
                    return known[spelled.casefold()]
        return None


def findings_and_gaps(result: Result, ask: Ask, version: str) -> tuple[tuple[Finding, ...], tuple[Gap, ...]]:
    """Answer every test of the case and add what was seen without being asked.

    Raises:
        ValueError: unknown test or parameter.
    """
    work = _Work(result, ask, version)
    findings: list[Finding] = []
    gaps: list[Gap] = []
    for test in ask.tests:
        check(test)
        answer = _ANSWERS[test.test](work, test)
        (gaps if isinstance(answer, Gap) else findings).append(answer)  # type: ignore[arg-type]
    findings += _exploratory(work)
    if len(result.corpus.sources) < 2:
        gaps.append(_single_source(work, None))
    if result.note:
        gaps.append(_not_looked_for(result.note))
    return tuple(findings), tuple(gaps)


def _about(work: _Work, candidate: str | None) -> list[Told]:
    """Stories of two or more outlets, of which an article names the candidate (if one is given)."""
    shared = [told for told in work.told if len(told.owners) > 1]
    pattern = _names(work.ask, candidate)
    if pattern is None:
        return shared
    corpus = work.result.corpus
    return [told for told in shared if any(_names_it(corpus, row, pattern) for row in told.rows)]


def _names_it(corpus: Corpus, row: int, pattern: re.Pattern[str]) -> bool:
    return bool(pattern.search(corpus.columns["title"][row] or "") or pattern.search(corpus.texts[row]))


def _names(ask: Ask, candidate: str | None) -> re.Pattern[str] | None:
    if candidate is None:
        return None
    noun = next((item for item in ask.candidates if item.id == candidate), None)
    names = (noun.name, *noun.aliases) if noun else (candidate,)
    return re.compile("|".join(rf"(?<!\w){re.escape(name)}(?!\w)" for name in names if name))


def _origin_or_pickup(work: _Work, test: TestRequest) -> Finding | Gap:
    outlet, role = str(test.parameters["outlet"]), str(test.parameters.get("role", "origin"))
    owner = work.owner_of(outlet)
    if owner is None:
        return absent(outlet, test)
    if len(work.result.corpus.sources) < 2:
        return _single_source(work, test)
    candidate = test.parameters.get("candidate")
    told = _about(work, candidate)
    if not told:
        return _no_stories(test)
    hits = [t for t in told if t.of(role) == owner]
    unknown = sum(t.of(role) is None and owner in t.owners for t in told)
    expected, p = by_chance([t for t in told if owner in t.owners and t.of(role) is not None], owner, role)
    share, interval = len(hits) / len(told), proportion_interval(len(hits), len(told), LEVEL)
    others = _base_rates(told, owner, role)
    what = "the origin of" if role == "origin" else "the first to take up"
    on = f" on {candidate}" if candidate else ""
    statement = (
        f"{outlet} was {what} {len(hits)} of {len(told)} stories{on} that two or more outlets carried ({share:.1%}); "
        f"the other outlets: {_percent(others)} each on average; {expected:.1f} expected if the order were chance"
    )
    return Finding(
        "spread", test.test, statement, "share_of_stories", share, interval, LEVEL, p=p, n=len(told),
        null_model=_ORDER_NULL,
        mde=smallest_seen(share, len(told)),
        method="stories of shared passages; origin where times, citations or quotations leave one outlet only",
        version=work.version, parameters=dict(test.parameters), seed=work.ask.seed,
        caveats=_caveats(work, unknown, what), records=_records(work, hits), request=test.id,
    )  # fmt: skip


def _base_rates(told: list[Told], owner: int, role: str) -> list[float]:
    """The same share for every other outlet that takes part in a story."""
    others = sorted({o for t in told for o in t.owners} - {owner})
    counts = dict.fromkeys(others, 0)
    for t in told:
        found = t.of(role)
        if found is not None and found != owner:
            counts[found] = counts.get(found, 0) + 1
    return [counts[o] / len(told) for o in others]


def _picked_up(work: _Work, test: TestRequest) -> Finding | Gap:
    outlet = str(test.parameters["outlet"])
    owner = work.owner_of(outlet)
    if owner is None:
        return absent(outlet, test)
    if len(work.result.corpus.sources) < 2:
        return _single_source(work, test)
    by = test.parameters.get("by")
    taker = work.owner_of(str(by)) if by else None
    if by and taker is None:
        return absent(str(by), test)
    within = float(test.parameters.get("within_hours", 72))
    taken, doubtful = _taken(work, taker, within)
    corpus = work.result.corpus
    later = _taken_over(work) - taken
    pool = [row for row in _articles_about(work, test.parameters.get("candidate"), taker) if row not in later]
    mine = [row for row in pool if int(corpus.owner[row]) == owner]
    if not mine:
        return _no_stories(test)
    hits = [row for row in mine if row in taken]
    rest = [row for row in pool if int(corpus.owner[row]) != owner]
    base = sum(row in taken for row in rest) / len(rest) if rest else float("nan")
    share, interval = len(hits) / len(mine), proportion_interval(len(hits), len(mine), LEVEL)
    who = str(by) if by else "another outlet"
    compared = f"; of the other outlets' articles {base:.1%} were" if rest else ""
    statement = (
        f"{len(hits)} of {len(mine)} articles of {outlet} ({share:.1%}) that it did not take over itself were "
        f"taken up by {who} within {within:g} hours{compared}"
    )
    unknown = sum(row in doubtful and row not in taken for row in mine)
    return Finding(
        "spread", test.test, statement, "share_picked_up", share, interval, LEVEL,
        p=_fisher(len(hits), len(mine), sum(row in taken for row in rest), len(rest)), n=len(mine),
        null_model="articles of this outlet are taken up as often as those of the others (Fisher's exact test)",
        mde=smallest_seen(share, len(mine)),
        method="members of a story that surely come after its single origin, by the latest possible lag",
        version=work.version, parameters={**test.parameters, "within_hours": within}, seed=work.ask.seed,
        caveats=_caveats(work, unknown, "the origin of"),
        records=tuple(str(corpus.ids[row]) for row in hits[:MOST_RECORDS]), request=test.id,
    )  # fmt: skip


def _taken(work: _Work, taker: int | None, within: float) -> tuple[set[int], set[int]]:
    """Rows of origin articles that were surely taken up in time, and of those where time leaves it open."""
    corpus = work.result.corpus
    taken: set[int] = set()
    doubtful: set[int] = set()
    for told in work.told:
        start = told.origin_row
        others = [row for row in told.rows if corpus.owner[row] != corpus.owner[start]
                  and (taker is None or corpus.owner[row] == taker)]  # fmt: skip
        if not others:
            continue
        if told.origin is None:
            doubtful.update(told.rows)
        elif any(corpus.upper[row] - corpus.lower[start] <= within * HOUR for row in others):
            taken.add(start)
        elif any(corpus.lower[row] - corpus.upper[start] <= within * HOUR for row in others):
            doubtful.add(start)
    return taken, doubtful


def _taken_over(work: _Work) -> set[int]:
    """Rows of articles that surely took a story up from another outlet: these are nobody's to take up."""
    return {
        row
        for told in work.told
        if told.origin is not None
        for row in told.rows
        if work.result.corpus.owner[row] != told.origin
    }


def _articles_about(work: _Work, candidate: str | None, taker: int | None) -> list[int]:
    corpus = work.result.corpus
    pattern = _names(work.ask, candidate)
    rows: Iterable[int] = range(len(corpus))
    if taker is not None:
        rows = [row for row in rows if int(corpus.owner[row]) != taker]
    if pattern is None:
        return list(rows)
    return [row for row in rows if _names_it(corpus, row, pattern)]


def _fisher(hits: int, n: int, other_hits: int, other_n: int) -> float | None:
    if not other_n:
        return None
    from scipy.stats import hypergeom  # scipy.stats takes half a second to import

    return float(hypergeom.sf(hits - 1, n + other_n, hits + other_hits, n))


def _concert(work: _Work, test: TestRequest) -> Finding | Gap:
    return tie_finding(
        work.result.ties, frozenset(work.result.corpus.sources), test, work.ask, _caveats(work, 0, "")
    )


_ANSWERS: dict[str, Callable[[_Work, TestRequest], Finding | Gap]] = {
    "origin_or_pickup": _origin_or_pickup,
    "picked_up": _picked_up,
    "concert": _concert,
}


def _percent(values: list[float]) -> str:
    return f"{np.mean(values):.1%}" if values else "none to compare with"


def _caveats(work: _Work, unknown: int, what: str) -> tuple[str, ...]:
    said = ["only articles that were collected can be an origin: the true one may lie outside the corpus"]
    if unknown:
        said.append(
            f"in {unknown} further cases times do not tell whether it was {what} the story "
            "(a date without its zone can lie two days off)"
        )
    shared = int(np.count_nonzero(np.asarray(work.result.pairs["wire"], bool)))
    if shared:
        said.append(f"{shared} pairs carry text of a news agency: both may have it from there")
    counts = work.result.counts
    said += _too_common(work)
    for name, told in _OF_NOTE.items():
        if counts.get(name):
            said.append(f"{counts[name]:,} {told}")
    if work.result.note:
        said.append(work.result.note)
    return tuple(said)


def _too_common(work: _Work) -> list[str]:
    """What was left out because too many articles carry it, and how to look again."""
    counts = work.result.counts
    said = []
    if common := counts.get("common", 0):
        said.append(
            f"{common:,} runs of {Rules().n} words were left out: too many articles carry them to tell a story"
        )
    if texts := counts.get("common texts", 0):
        said.append(
            f"{texts:,} different texts hold {counts['common words']:,} words in runs of {TELLING} or more that over "
            f"{_most(work)} texts of several outlets carry: left out as too common, so that the widest stories may be "
            f"missing; to look again: --max-documents {counts['articles']} (option max_documents)"
        )
    return said


def _most(work: _Work) -> int:
    return int(work.ask.options.get("max_documents", Rules().most))


_OF_NOTE = {
    "without time": "articles have no time at all: they are neither origin nor pick-up for certain",
    "published after retrieval": "articles bear a time after they were fetched: that time was not used",
    "same address": "articles stand at an address that holds other texts too: each counts as an article of its own",
    "without source": "articles name no source: they count as one outlet, '?'",
}


def _records(work: _Work, hits: list[Told]) -> tuple[str, ...]:
    return tuple(str(work.result.corpus.ids[t.origin_row]) for t in hits[:MOST_RECORDS])


def _exploratory(work: _Work) -> list[Finding]:
    """What there is to see, unasked: reuse, quickest origins."""
    result = work.result
    articles, stories = len(result.corpus), carried(result.corpus, result.told)
    shared = stories.owners > 1
    rows = np.unique(result.told.row[shared[result.told.story]])
    share, interval = len(rows) / articles, proportion_interval(len(rows), articles, LEVEL)
    known = shared & (stories.origin >= 0)
    together, determined = int(shared.sum()), int(known.sum())
    statement = f"none of {articles:,} articles shares a passage with another outlet's"
    if result.counts.get("common texts"):
        statement += f", leaving aside what over {_most(work)} texts carry (see the caveats)"
    if together:
        statement = (
            f"{len(rows):,} of {articles:,} articles ({share:.1%}) share a passage with another outlet's; stories: "
            f"{together:,}, of which with a single possible origin: {determined:,}"
        )
    reuse = Finding(
        "spread", "reuse", statement, "share_of_articles", share, interval, LEVEL, n=articles,
        mde=smallest_seen(share, articles),
        method="winnowed word n-grams, seed and extend; templates and house text left out", version=work.version,
        seed=work.ask.seed, caveats=_caveats(work, together - determined, "the origin of"),
        records=tuple(str(result.corpus.ids[row]) for row in rows[:MOST_RECORDS].tolist()),
    )  # fmt: skip
    return [reuse, *_origins_by_outlet(work, stories, known)]


def _origins_by_outlet(work: _Work, stories: Carried, known: Array) -> list[Finding]:
    """The outlets that were the origin oftener than chance, most telling first, with q over all outlets."""
    from probata.stats import benjamini_hochberg

    found, caveats, ids = [], _caveats(work, 0, ""), work.result.corpus.ids
    for owner, mine in stories.by_owner(known[stories.story]):
        of_mine = stories.story[mine]
        hits = of_mine[stories.origin[of_mine] == owner]
        name = work.result.corpus.sources[owner]
        share, interval = len(hits) / len(mine), proportion_interval(len(hits), len(mine), LEVEL)
        expected, p = stories.origin_by_chance(mine)
        found.append(Finding(
            "spread", "origin_by_outlet",
            f"{name} was the origin of {len(hits)} of the {len(mine)} stories with a known origin that it carried "
            f"({expected:.1f} expected if the order were chance)",
            "share_of_stories", share, interval, LEVEL, p=p,
            n=len(mine), null_model=_ORDER_NULL,
            mde=smallest_seen(share, len(mine)),
            version=work.version, parameters={"outlet": name}, seed=work.ask.seed,
            caveats=caveats, records=tuple(map(str, ids[stories.origin_row[hits[:MOST_RECORDS]]])),
        ))  # fmt: skip
    q = benjamini_hochberg(np.array([item.p for item in found], float))
    rated = [replace(item, q=float(value)) for item, value in zip(found, q, strict=True)]
    told = sorted(rated, key=lambda item: (item.q or 0.0, item.p or 0.0, item.statement))
    beyond = [item for item in told if (item.q or 0.0) <= 1 - LEVEL]
    if beyond or not told:
        return beyond[:20]
    none = f"none of {len(told)} outlets was the origin oftener than chance has it (q > .05); nearest to it: "
    return [replace(told[0], statement=none + told[0].statement)]


def _no_stories(test: TestRequest) -> Gap:
    return Gap(
        "spread", "stories that two or more outlets carried on that subject",
        test.who or "web archives, press databases",
        "more articles of the period, of more outlets", test.needs or "who published first and who took it up", test.id,
    )  # fmt: skip


def _single_source(work: _Work, test: TestRequest | None) -> Gap:
    name = work.result.corpus.sources[0] if work.result.corpus.sources else "?"
    return Gap(
        "spread", f"articles of other outlets: all come from {name}",
        "the other outlets, web archives, press databases",
        "archived pages, feeds or exports of the same days", "who took up what from whom", test.id if test else None,
    )  # fmt: skip


def _not_looked_for(note: str) -> Gap:
    return Gap(
        "spread", note, "whoever runs the analysis",
        "ask for it (options reworded, reworded_options), or take fewer articles",
        "whether stories were taken up in other words or another language",
    )  # fmt: skip
