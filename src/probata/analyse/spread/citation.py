"""Who names or links to whom: "as X reported", "selon X", "по данным X", "laut X", "según X", and hyperlinks.

Outlet names are looked for as runs of words in the tokens of all texts (one pass in a kernel); only around hits is the
text itself read for a cue of citation.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.corpus import Corpus
from probata.model import Source, Table
from probata.text.regions import Stretches, stretches
from probata.text.tokens import Texts, Tokens, chunks, in_threads, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]

_CUES = (
    "according to", "reported by", "as told to", "told", "citing", "cited by", "quoted by", "first reported in", "via",
    "selon", "d'après", "d’après", "rapporté(?:e|es|s)? par", "révélé(?:e|es|s)? par", "cité(?:e|es|s)? par", "citant",
    "confié à", "по данным", "по сообщению", "по информации", "со ссылкой на", "сообщает", "передает", "пишет",
    "как (?:сообщает|сообщил[аио]?|пишет|передает|передаёт|отмечает)", "laut", "nach (?:Angaben|Informationen)",
    "nach einem Bericht", "nach (?:Angaben|Informationen|einem Bericht) (?:von|der|des)", "unter Berufung auf",
    "zufolge", "wie", "según", "de acuerdo con", "citando a", "informó a", "publicado por", "publicó",
)  # fmt: skip
_ARTICLES = (
    r"the|le|la|les|un|der|die|das|dem|den|el|los|newspaper|daily|agency|site|journal|quotidien|agence|газет\w+|"
    r"агентств\w+|издани\w+|Zeitung|Nachrichtenagentur|Agentur|diario|agencia|periódico"
)
_BEFORE = re.compile(
    rf"(?<!\w)(?:{'|'.join(_CUES)})[\s:]+(?:(?:{_ARTICLES})\s+|l['’])*[\"«“„»]?\s*$", re.IGNORECASE
)
_FORMER = re.compile(r".*[ '’]")
_LAST = re.compile("|".join(_FORMER.sub("", cue) for cue in _CUES), re.IGNORECASE)
"""The last word of a cue: looked for first, as the whole pattern costs thirty times as much."""
_LONGEST = 4
"""Words of a cue, at most."""
_ARTICLE = re.compile(rf"{_ARTICLES}|l", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_AFTER = re.compile(
    r"^\s*[\"»”“«]?,?\s*(?:had |has |have |first |also |a |ont |avait |hat |haben |ha )?(?:"
    r"reported|reports|wrote|writes|revealed|claimed|quoted|says|said in a report|"
    r"rapporte|rapporté|écrit|révèle|révélé|affirme|indique|"
    r"сообщил\w*|сообщает|пишет|написал\w*|передает|передаёт|передал\w*|"
    r"berichtet\w*|schreibt|schrieb|meldet\w*|zufolge|"
    r"informó|informa|publicó|publica|escribe|señala|asegura|revela|reveló)\b",
    re.IGNORECASE,
)
_AROUND = 90
_LEAST_LETTERS = 2


@dataclass(frozen=True, slots=True)
class Citations:
    """``rows``: citing article (row), outlet named, article linked to (row or -1), span of the name or -1, how."""

    rows: list[tuple[int, str, int, int, int, str]]

    def pairs(self, corpus: Corpus) -> dict[tuple[int, int], str]:
        """(citing row, cited row) for hyperlinks."""
        return {(row[0], row[2]): row[5] for row in self.rows if row[2] >= 0}

    def outlets(self) -> dict[int, dict[str, str]]:
        """Citing row -> outlets that it names, and how."""
        named: dict[int, dict[str, str]] = defaultdict(dict)
        for row in self.rows:
            named[row[0]].setdefault(row[1], row[5])
        return named


def outlet_names(sources: Sequence[str], outlets: Sequence[Source]) -> dict[str, str]:
    """Spellings under which a text may name a source, each with the source's name in the corpus."""
    names: dict[str, str] = {}
    for source in sources:
        for name in _spellings(source):
            names.setdefault(name, source)
    for outlet in outlets:
        known = {outlet.id, outlet.name, *outlet.domains} & set(sources)
        target = next(iter(sorted(known)), outlet.id)
        for given in (outlet.name, *outlet.domains):
            for name in _spellings(given):
                names.setdefault(name, target)
    return names


def _spellings(name: str) -> list[str]:
    """The name itself and, of a domain, its own part."""
    bare = re.sub(r"^(https?://)?(www\.)?", "", name.strip()).rstrip("/")
    found = [bare]
    if re.fullmatch(r"[\w-]+(\.[\w-]+)+", bare):
        found.append(bare.split(".")[0])
    return [item for item in found if sum(sign.isalnum() for sign in item) > _LEAST_LETTERS and item != "?"]


def find_citations(
    corpus: Corpus, texts: Texts, tokens: Tokens, outlets: Sequence[Source], threads: int = 1
) -> Citations:
    """All citations of outlets by name with a cue, and all links to articles of the corpus."""
    rows = _linked(corpus)
    names = outlet_names(corpus.sources, outlets)
    rows += _named(corpus, texts, tokens, names, threads)
    return Citations(sorted(set(rows)))


_TRACKING = re.compile(r"[?&](utm_\w+|fbclid|gclid|ref|xtor)=[^&]*")


def _address(url: object) -> str:
    """An address without scheme, mobile host, fragment and tracking, so that spellings of one page are equal."""
    if not isinstance(url, str):
        return ""
    bare = url.strip().lower().partition("#")[0]
    for scheme in ("https://", "http://"):
        if bare.startswith(scheme):
            bare = bare.removeprefix(scheme)
            host = next((host for host in ("www.", "m.", "amp.") if bare.startswith(host)), "")
            bare = bare.removeprefix(host)
            break
    if "?" in bare or "&" in bare:
        bare = _TRACKING.sub("", bare)
    return bare.rstrip("/?&")


def _linked(corpus: Corpus) -> list[tuple[int, str, int, int, int, str]]:
    if not any(map(_has_links, set(corpus.columns["links"].tolist()))):  # mostly one and the same nothing
        return []
    places: dict[str, int] = {}
    for row, url in enumerate(corpus.columns["url"]):
        address = _address(url)
        if "/" in address:  # a bare domain is a home page, not an article
            places.setdefault(address, row)
    found = []
    for row, links in enumerate(corpus.columns["links"]):
        for target in _addresses(links):
            linked = places.get(_address(target))
            if linked is not None and linked != row:
                source = corpus.sources[corpus.owner[linked]]
                found.append((row, source, linked, -1, -1, "hyperlink"))
    return found


def _has_links(links: object) -> bool:
    return isinstance(links, str) and len(links) > len("[]")


def _addresses(links: object) -> list[str]:
    if not _has_links(links) or not isinstance(links, str):
        return []
    try:
        parsed = json.loads(links)
    except ValueError:
        return []
    return [item for item in parsed if isinstance(item, str)] if isinstance(parsed, list) else []


def _named(
    corpus: Corpus, texts: Texts, tokens: Tokens, names: dict[str, str], threads: int
) -> list[tuple[int, str, int, int, int, str]]:
    spelled = list(names)
    if not spelled:
        return []
    told = tokenise(to_bytes(spelled), 1)
    hits = _hits(tokens, told, told.lengths(), threads)
    number = {source: owner for owner, source in enumerate(corpus.sources)}
    meant = np.array([number.get(names[name], -1) for name in spelled], np.int64)
    hits = hits[meant[hits[:, 2]] != corpus.owner[hits[:, 0]]]
    rows, word, which = hits.T
    points, _ = stretches(texts, Stretches(rows, word, word + told.lengths()[which]), threads)
    found = []
    read, text = -1, ""
    for row, name, (start, end) in zip(rows.tolist(), which.tolist(), points.tolist(), strict=True):
        if row != read:
            read, text = row, texts[row]
        cue = _cue(text, start, end)
        if cue:
            found.append((row, names[spelled[name]], -1, start, end, f"names its source: {cue}"))
    return found


def _cue(text: str, start: int, end: int) -> str:
    """The words that make a citation of a name, on one line; "" where there are none."""
    name = text[start:end]
    if not name[:1].isupper():
        return ""
    before = text[max(0, start - _AROUND) : start]
    begin = _cue_from(before)
    cue = _BEFORE.search(before, begin) if begin >= 0 else None
    if cue:
        return " ".join((cue.group() + name).split())
    cue = _AFTER.match(text[end : end + _AROUND])
    return " ".join((name + cue.group()).split()) if cue else ""


def _cue_from(before: str) -> int:
    """Where a cue may begin that stands before a name or the articles of one; -1 where there is no last word of any."""
    words = list(_WORD.finditer(before))
    last = -1
    for at in range(len(words) - 1, -1, -1):
        word = words[at].group()
        if _LAST.fullmatch(word):
            last = at
        if not _ARTICLE.fullmatch(word):
            break
    return words[max(0, last - _LONGEST)].start() if last >= 0 else -1


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
