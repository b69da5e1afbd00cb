"""From shared passages to pairs of articles: relation, spans in code points, direction, lag and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.corpus import EARLY, HOUR, LATE, Corpus, sortable
from probata.analyse.spread.verbatim import Shared
from probata.model import Table
from probata.text.regions import Stretches, numbers_shared, stretches
from probata.text.tokens import chunks, in_threads

Array = np.ndarray[Any, np.dtype[Any]]

MOST = 0.5
"""Share of the shorter text that a copy has in common with the other."""
QUOTED = 0.8
"""Share of the common words that stand in quotation marks on one side of a quotation."""
FAR = 12 * HOUR
"""Gap between two times as given that two outlets' zones can hardly excuse."""
NUMBERS = 3
"""Numbers from which on a passage whose numbers disagree is a template."""
FORM = 40
"""Distinctive words up to which one number that disagrees is enough: a short form filled in anew."""
RUN = 15
"""Words that the longest passage needs outside quotation marks: shorter ones are phrases that anybody may write."""
SCATTERED = 20
"""Words that two or more passages need together where none of them is that long."""
A_FIRST, B_FIRST, UNDETERMINED = "a_first", "b_first", "undetermined"


@dataclass(frozen=True, slots=True)
class Links:
    """One row a pair of articles (rows of the corpus, ``x`` the earlier row) and its passages.

    ``cut`` bounds the passages of each pair; ``begin_x`` .. ``end_y`` are words, ``chars`` code points of the passages
    (begin and end on the side of x, then of y).
    """

    x: Array
    y: Array
    cut: Array
    begin_x: Array
    end_x: Array
    begin_y: Array
    end_y: Array
    passage_words: Array
    chars: Array  # int32 [passages, 4]
    words: Array  # distinctive words a pair
    share_x: Array
    share_y: Array
    relation: Array  # text
    quoted_x: Array  # share of the common words in quotation marks
    quoted_y: Array
    flip: Array  # bool: y has the smaller id; false as long as the pairs are not in order of them

    def __len__(self) -> int:
        return len(self.x)

    def articles(self, count: int, pairs: Array | slice = slice(None)) -> Array:
        """Rows of the articles that are in any of these pairs, of so many."""
        linked = np.zeros(count, bool)
        linked[self.x[pairs]] = linked[self.y[pairs]] = True
        return np.flatnonzero(linked)


def link(shared: Shared, threads: int = 1) -> Links:
    """Join the passages of each pair and say what kind of reuse they are."""
    return _rows(*linked(shared, threads))


def linked(shared: Shared, threads: int = 1) -> tuple[Links, Array]:
    """The same before chance phrases are left out, and which pairs are no such phrases."""
    p = shared.passages
    fresh = np.ones(len(p), bool)
    fresh[1:] = (p.a[1:] != p.a[:-1]) | (p.b[1:] != p.b[:-1])
    starts = np.flatnonzero(fresh)
    cut = np.append(starts, len(p))
    chars, quoted_a, quoted_b = _read(shared, threads)
    facts = (
        p.words,
        p.end_a - p.begin_a,
        p.end_b - p.begin_b,
        *_numbers(shared, threads),
        quoted_a,
        quoted_b,
    )
    sums = tuple(np.add.reduceat(column, starts) if len(starts) else column[:0] for column in facts)
    words, length_x, length_y, *_, quotes_x, quotes_y = sums
    x, y = p.a[starts], p.b[starts]
    lengths = shared.tokens.lengths()
    share_x = np.minimum(1.0, length_x / np.maximum(1, lengths[x]))
    share_y = np.minimum(1.0, length_y / np.maximum(1, lengths[y]))
    quoted_x, quoted_y = quotes_x / np.maximum(1, length_x), quotes_y / np.maximum(1, length_y)
    shorter = np.where(lengths[x] <= lengths[y], share_x, share_y)
    relation = _relation(sums, shorter, quoted_x, quoted_y)
    together = np.minimum(length_x, length_y)
    long = _long_enough(np.minimum(facts[1], facts[2]), starts, together, cut)
    links = Links(
        x, y, cut, p.begin_a, p.end_a, p.begin_b, p.end_b, p.words, chars,
        words, share_x, share_y, relation, quoted_x, quoted_y, np.zeros(len(x), bool),
    )  # fmt: skip
    return links, np.flatnonzero(long | (relation == "quote") | (shorter == 1.0))


def _long_enough(length: Array, starts: Array, together: Array, cut: Array) -> Array:
    if not len(starts):
        return np.zeros(0, bool)
    return np.asarray(
        (np.maximum.reduceat(length, starts) >= RUN) | ((np.diff(cut) > 1) & (together >= SCATTERED))
    )


def _rows(links: Links, rows: Array) -> Links:
    """Those pairs in that order, with their passages."""
    sizes = np.diff(links.cut)[rows]
    cut = np.concatenate([[0], np.cumsum(sizes)])
    inside = np.arange(cut[-1]) + np.repeat(links.cut[rows] - cut[:-1], sizes)
    return Links(
        links.x[rows], links.y[rows], cut, links.begin_x[inside], links.end_x[inside], links.begin_y[inside],
        links.end_y[inside], links.passage_words[inside], np.take(links.chars, inside, axis=0), links.words[rows],
        links.share_x[rows], links.share_y[rows], links.relation[rows], links.quoted_x[rows], links.quoted_y[rows],
        links.flip[rows],
    )  # fmt: skip


def by_id(corpus: Corpus, links: Links, rows: Array) -> Links:
    """These pairs by the smaller of their ids, then the larger: the order of the table."""
    articles = links.articles(len(corpus), rows)
    rank = np.zeros(len(corpus), np.int32)
    rank[articles[np.argsort(sortable(corpus.ids[articles]))]] = np.arange(len(articles))
    x, y = rank[links.x[rows]], rank[links.y[rows]]
    order = np.argsort(np.minimum(x, y).astype(np.int64) << 32 | np.maximum(x, y))
    return replace(_rows(links, rows[order]), flip=x[order] > y[order])


def _read(shared: Shared, threads: int) -> tuple[Array, Array, Array]:
    """Code points of the passages, see ``Links``, and their quoted words on either side."""
    p = shared.passages
    sides = Stretches(
        np.concatenate([p.a, p.b]), np.concatenate([p.begin_a, p.begin_b]), np.concatenate([p.end_a, p.end_b])
    )
    points, quotes = stretches(shared.texts, sides, threads)
    return np.hstack([points[: len(p)], points[len(p) :]]), quotes[: len(p)], quotes[len(p) :]


def _numbers(shared: Shared, threads: int) -> tuple[Array, Array, Array]:
    """Numbers in each passage on the side of a, on that of b, and in common."""
    p = shared.passages
    found = np.empty((3, len(p)), np.int64)
    first_a, first_b = shared.tokens.first[p.a], shared.tokens.first[p.b]
    bounds = (first_a + p.begin_a, first_a + p.end_a, first_b + p.begin_b, first_b + p.end_b)

    def one(low: int, high: int) -> None:
        numbers_shared(shared.tokens.slots, [bound[low:high] for bound in bounds], found[:, low:high])

    in_threads(one, chunks(len(p), threads), threads)
    return found[0], found[1], found[2]


def _relation(sums: Sequence[Array], shorter: Array, quoted_x: Array, quoted_y: Array) -> Array:
    """Template before quotation before copy before partial.

    A template is a form filled in anew: the words agree, the numbers do not. Numbers that one side only has (an edit
    put them in or took them out) prove nothing.
    """
    words, _, _, numbers_x, numbers_y, common, *_ = sums
    fewest = np.minimum(numbers_x, numbers_y)
    template = (fewest >= NUMBERS) & (2 * common < fewest)
    template |= (fewest >= 1) & (3 * common < 2 * fewest) & (words < FORM)
    quote = np.maximum(quoted_x, quoted_y) >= QUOTED
    copy = shorter >= MOST
    return _named(("template", "quote", "copy", "partial"), np.select([template, quote, copy], [0, 1, 2], 3))


def _named(names: Sequence[str], number: Array) -> Array:
    """Names by number: a column that holds a few texts often, not each anew."""
    return np.array(names, dtype=object)[number]


@dataclass(frozen=True, slots=True)
class Order:
    """Direction of each pair in terms of its rows: -1 x first, 1 y first, 0 undetermined; by what; lag in hours."""

    sign: Array
    reason: Array
    lag: Array


def order(corpus: Corpus, links: Links, cited: dict[tuple[int, int], str]) -> Order:
    """Say which of two articles came first where that is certain.

    Times decide where the whole interval of one lies before the other's. Where they overlap, a citation decides
    (``cited[(y, x)]``: y names or links to x), then a quotation: who quotes is later than who is quoted. Evidence that
    contradicts certain times, or dates that lie more than ``FAR`` apart, leaves the pair undetermined.
    """
    x, y = links.x, links.y
    sign = np.where(corpus.upper[x] < corpus.lower[y], -1, np.where(corpus.upper[y] < corpus.lower[x], 1, 0))
    reason = _doubt(corpus, x, y)
    reason[sign != 0] = "time"
    quote = np.where(
        (links.quoted_y >= QUOTED) & (links.quoted_x < 0.2), -1,
        np.where((links.quoted_x >= QUOTED) & (links.quoted_y < 0.2), 1, 0),
    )  # fmt: skip
    given = _given(corpus, x, y)
    by_quote = (sign == 0) & (quote != 0)
    against = by_quote & (given * quote < 0)
    reason[against] = "dates and quotation contradict one another"
    by_quote &= ~against
    reason[by_quote] = "quotation: one side sets the words in quotation marks"
    sign[by_quote] = quote[by_quote]
    if cited:
        _apply_citations(links, cited, sign, reason, given)
    return Order(sign, reason, lag_between(corpus, x, y, sign))


def _given(corpus: Corpus, x: Array, y: Array) -> Array:
    """-1 or 1 where the dates as given put one side ``FAR`` before the other, whatever their zones could excuse."""
    low, high = (
        np.asarray(corpus.columns[f"published_{end}"]).astype("datetime64[us]", copy=False).view(np.int64)
        for end in ("earliest", "latest")
    )
    both = corpus.dated[x] & corpus.dated[y]
    return np.asarray(
        np.select([both & (low[y] - high[x] > FAR), both & (low[x] - high[y] > FAR)], [-1, 1], 0)
    )


def _apply_citations(
    links: Links, cited: dict[tuple[int, int], str], sign: Array, reason: Array, given: Array
) -> None:
    key = links.x << 32 | links.y
    order = np.argsort(key)
    for (later, earlier), how in sorted(cited.items()):
        pair = min(later, earlier) << 32 | max(later, earlier)
        at = int(np.searchsorted(key, pair, sorter=order))
        if at == len(key) or key[order[at]] != pair:
            continue
        k = int(order[at])
        says = -1 if links.x[k] == earlier else 1
        if (reason[k] == "time" and sign[k] != says) or given[k] * says < 0:
            sign[k], reason[k] = 0, f"times and citation contradict one another ({how})"
        elif reason[k] != "time":
            sign[k], reason[k] = says, f"citation: {how}"


def _doubt(corpus: Corpus, x: Array, y: Array) -> Array:
    unknown = (corpus.lower[x] == EARLY) | (corpus.lower[y] == EARLY)
    unknown |= (corpus.upper[x] == LATE) | (corpus.upper[y] == LATE)
    changed = corpus.changed[x] | corpus.changed[y]
    said = ("time unknown", "changed after publication", "times overlap")
    return _named(said, np.select([unknown, changed], [0, 1], 2))


def lag_between(corpus: Corpus, x: Array, y: Array, sign: Array) -> Array:
    """Hours between the middles of the two published intervals; NaN where unknown or undetermined."""
    known = corpus.dated[x] & corpus.dated[y] & (sign != 0)
    return np.where(known, np.abs(corpus.middle[y] - corpus.middle[x]) / HOUR, np.nan)


def table(corpus: Corpus, links: Links, ordered: Order, wire: Array, threads: int = 1) -> Table:
    """The pairs as columns of the contract: ``a`` is the article with the smaller id."""
    ids, flip = corpus.ids, links.flip
    first, second = np.where(flip, links.y, links.x), np.where(flip, links.x, links.y)
    sign = np.where(flip, -ordered.sign, ordered.sign)
    template = links.relation == "template"
    share_a = np.where(flip, links.share_y, links.share_x)
    share_b = np.where(flip, links.share_x, links.share_y)
    owner = np.array(corpus.sources, dtype=object)
    agency = wire[links.x] | wire[links.y]
    return {
        "a": ids[first],
        "b": ids[second],
        "relation": links.relation,
        "spans": spans_json(links, flip, threads),
        "words": links.words,
        "score": np.round(np.maximum(links.share_x, links.share_y), 4),
        "direction": _named((UNDETERMINED, B_FIRST, A_FIRST), sign),
        "lag": ordered.lag,
        "reason": ordered.reason,
        "share_a": np.round(share_a, 4),
        "share_b": np.round(share_b, 4),
        "source_a": owner[corpus.owner[first]],
        "source_b": owner[corpus.owner[second]],
        "wire": agency,
        "template": template,
        "model": np.full(len(links.x), "", dtype=object),  # no model decides on shared words
    }


def spans_json(links: Links, flip: Array, threads: int = 1) -> Array:
    """Spans of each pair as JSON text: ``[{"a": [start, end], "b": [start, end], "words": n}, ...]``."""
    before = tuple(np.frombuffer(item, np.uint8) for item in _SPAN)
    longest = sum(map(len, before)) + 5 * _DIGITS
    found = np.empty(len(links), dtype=object)

    def one(low: int, high: int) -> None:
        cut = links.cut[low : high + 1]
        room = np.empty(int(cut[-1] - cut[0]) * longest + 3 * (high - low), np.uint8)
        size = _write_spans((links.chars, links.passage_words), cut, flip[low:high], before, room)
        found[low:high] = str(room[:size].data, "ascii").splitlines()

    in_threads(one, chunks(len(links), threads), threads)
    return found


_SPAN = (b', {"a": [', b", ", b'], "b": [', b", ", b'], "words": ', b"}")
"""What stands before each number of a passage, and after the last one; before the first of a pair no comma."""
_DIGITS = 20
_TEN = np.uint64(10)  # divided by as a whole number without a sign: in a third of the time


@njit(cache=True, nogil=True)
def _write_spans(numbers, cut, flip, before, out):  # type: ignore[no-untyped-def]
    """A line a pair; how many bytes that makes."""
    chars, words = numbers
    at = 0
    for pair in range(len(cut) - 1):
        out[at] = ord("[")
        at += 1
        for passage in range(cut[pair], cut[pair + 1]):
            skipped = 2 if passage == cut[pair] else 0
            for k in range(4):
                number = chars[passage, (k + 2) & 3 if flip[pair] else k]
                at = _write_number(number, _copy(before[k], 0 if k else skipped, out, at), out)
            at = _write_number(words[passage], _copy(before[4], 0, out, at), out)
            at = _copy(before[5], 0, out, at)
        out[at], out[at + 1] = ord("]"), ord("\n")
        at += 2
    return at


@njit(cache=True, nogil=True)
def _copy(signs, skipped, out, at):  # type: ignore[no-untyped-def]
    for k in range(skipped, len(signs)):
        out[at] = signs[k]
        at += 1
    return at


@njit(cache=True, nogil=True)
def _write_number(number, at, out):  # type: ignore[no-untyped-def]
    """Digits of a number that is not negative; where they end."""
    left, digits = np.uint64(number), 1
    while left >= _TEN:
        left //= _TEN
        digits += 1
    left = np.uint64(number)
    for k in range(at + digits - 1, at - 1, -1):
        out[k] = ord("0") + left % _TEN
        left //= _TEN
    return at + digits
