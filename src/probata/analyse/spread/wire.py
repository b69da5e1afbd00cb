"""Text of news agencies: recognised by its credit line, or by a source that is said to be an agency.

A credit stands in a dateline ("PARIS, Feb 3 (Reuters) -", "МОСКВА, 3 фев - РИА Новости.") or at the end ("(avec AFP)",
"dpa/afp", "/ТАСС/"). The name of an agency anywhere else is a citation, not a credit.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
from numba import njit

from probata.analyse.spread.corpus import Corpus
from probata.model import Source
from probata.text.head_kernels import head_ends, tail_starts
from probata.text.tokens import Texts, chunks, in_threads, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]

AGENCIES = (
    "Reuters", "Reuter", "AFP", "Agence France-Presse", "AP", "Associated Press", "UPI",
    "PA Media", "Press Association",
    "Bloomberg News", "TASS", "ITAR-TASS", "ТАСС", "ИТАР-ТАСС", "RIA Novosti", "РИА Новости", "Interfax", "Интерфакс",
    "dpa", "Deutsche Presse-Agentur", "APA", "sda", "Keystone-SDA", "epd", "KNA", "SID", "EFE", "Europa Press", "ANSA",
    "Belga", "ATS", "Xinhua", "Kyodo", "Ukrinform", "Укринформ", "УНИАН", "Anadolu",
)  # fmt: skip
_NAMES = "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(AGENCIES, key=len, reverse=True))
_HEAD, _TAIL = 260, 220
_IN_HEAD = re.compile(
    rf"(?:\(|\[|/)\s*(?:avec\s+|con\s+|mit\s+)?({_NAMES})(?:\s*[/,]\s*[\w .-]{{2,20}})?\s*(?:\)|\]|/)|"
    rf"^\W*({_NAMES})\s*[-–—:]\s|[-–—]\s*({_NAMES})\s*(?:[-–—.]|$)|\b(?:By|Par|Von|Por)\s+({_NAMES})\b"
)
_IN_TAIL = re.compile(
    rf"(?:\(|\[|/|[-–—]\s*|\b(?:avec|with|mit|con|Source|Quelle|Fuente|Источник)\s*:?\s+)({_NAMES})"
    rf"(?:\s*[/,]\s*(?:{_NAMES}))*\s*(?:\)|\]|/|\.)?\s*$|"
    rf"\b((?i:{_NAMES}))\s*/\s*(?i:{_NAMES})\s*\.?\s*$|Reporting by [^;]{{3,80}};?\s*[Ee]diting by (\w)"
)


_WORD = re.compile(r"\w+")
_FIRST_WORDS = frozenset(_WORD.findall(name.casefold())[0] for name in (*AGENCIES, "Reporting by"))
"""Without one of these words there is no credit."""
_BEGINNINGS = tuple(dict.fromkeys(_WORD.findall(name)[0] for name in AGENCIES))
_ENDINGS = re.compile("|".join(dict.fromkeys(_WORD.findall(name)[-1] for name in AGENCIES)), re.IGNORECASE)


def agency_of(text: str | None) -> str:
    """The agency that a text credits at its head or end, or ""."""
    if not text:
        return ""
    head, tail = text[:_HEAD], text[-_TAIL:].rstrip()
    found = _IN_HEAD.search(head) if any(map(head.__contains__, _BEGINNINGS)) else None
    if found is None or not _may_credit(head):
        found = _IN_TAIL.search(tail) if _may_end(tail) and _may_credit(tail) else None
    if found is None:
        return ""
    name = next((group for group in found.groups() if group), "")
    return "Reuters" if len(name) == 1 else " ".join(name.split())


def _may_end(tail: str) -> bool:
    """Whether a text ends with a name or names its reporters: the pattern costs thirty times as much."""
    last = _WORD.search(tail[::-1])
    return "Reporting by " in tail or bool(last and _ENDINGS.fullmatch(last.group()[::-1]))


def _may_credit(piece: str) -> bool:
    return not _FIRST_WORDS.isdisjoint(_WORD.findall(piece.casefold()))


def wire_texts(
    corpus: Corpus, rows: Array, outlets: Sequence[Source], threads: int = 1
) -> tuple[Array, dict[int, str]]:
    """Which articles carry agency text (one truth an article; only ``rows`` are looked at), and which agency."""
    agency: dict[int, str] = {}
    flagged = {
        name for outlet in outlets if outlet.wire for name in (outlet.id, outlet.name, *outlet.domains)
    }
    known = {name.casefold() for name in AGENCIES} | {name.casefold() for name in flagged}
    agencies = np.array([re.sub(r"\.\w+$", "", name).casefold() in known or name.casefold() in known
                         for name in corpus.sources], bool)  # fmt: skip
    wire = agencies[corpus.owner]
    for row in rows[wire[rows] | _worth_reading(corpus.texts, rows, threads)].tolist():
        if wire[row]:
            agency[row] = str(corpus.sources[corpus.owner[row]])
            continue
        name = agency_of(corpus.texts[row])
        if name:
            wire[row], agency[row] = True, name
    return wire, agency


def _worth_reading(texts: Texts, rows: Array, threads: int) -> Array:
    """Whether one of ``_FIRST_WORDS`` stands in the head or the tail, as the numbers of the words there tell.

    Most texts need never be made into text.
    """
    wanted = tokenise(to_bytes(sorted(_FIRST_WORDS)), 1)
    numbers = wanted.slots[wanted.first]
    found = np.zeros(len(rows), bool)

    def one(low: int, high: int) -> None:
        starts, ends = texts.starts[rows[low:high]], texts.ends[rows[low:high]]
        heads, tails = np.empty_like(ends), np.empty_like(starts)
        head_ends(texts.data, starts, ends, _HEAD, heads)
        tail_starts(texts.data, starts, ends, _TAIL, tails)
        for piece in (Texts(texts.data, starts, heads), Texts(texts.data, tails, ends)):
            words = tokenise(piece)
            _look(words.slots, words.first, words.last, numbers, found[low:high])

    in_threads(one, chunks(len(rows), threads), threads)
    return found


@njit(cache=True, nogil=True)
def _look(slots, first, last, numbers, found):  # type: ignore[no-untyped-def]
    wanted = np.zeros(1 << 16, np.uint8)  # small enough to stay in the nearest memory
    for number in numbers:
        wanted[number >> np.uint32(16)] = 1
    for k in range(len(first)):
        for slot in range(first[k], last[k]):
            word = slots[slot]
            if wanted[word >> np.uint32(16)] != 0 and (numbers == word).any():
                found[k] = True
                break
