"""Languages told by function words alone, for texts in which these leave no doubt.

The lists of Portuguese, Italian, Dutch and other near languages only stand guard: a text in one of them is left to the
model, as is every text in which two languages come near one another. A word that several languages have counts for
each of them.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from probata.text.tokens import Texts, chunks, in_threads, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]

_ONE, _BYTE = np.uint64(1), np.uint64(255)

LEAST = 6
"""Function words that the language must have in the piece."""
SHARE = 0.12
"""Of all words of the piece; running text has twice as many."""
OWN = 4
"""Function words that any one other language lacks."""
RIVAL = 2
"""These are so many times the function words that the other language has and this one lacks."""

_WORDS = {
    "en": "the of and to in that is was for on with as by at from it he his be this are have has had not but "
    "they which an or were will would their been its who said after about more when than there one all "
    "also we you she her",
    "fr": "le la les de des du et en un une que qui dans pour est par sur au aux il elle ne pas plus ce cette "
    "se son sa ses ont été avec sont mais nous vous leur comme ou où l d qu c n s même fait être après "
    "entre",
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine einen einer als auch es "
    "an werden aus er hat dass sie nach wird bei einem um am sind noch wie über so war haben nur oder "
    "aber vor zur zum",
    "es": "el la los las de y en que un una del se por con para al no es su lo más como pero sus le ha sobre "
    "este entre cuando muy sin también hasta desde todo nos durante fue están era según esta",
    "ru": "и в не на что с по как это из к от за его для а но он она они было был так же у о до при или если "
    "также только который которые которых после может году этом время том все мы бы ее их во со под между",
    "pt": "o a os as de do da dos das e em no na nos nas um uma que não por com para ao mais como mas se foi "
    "sua seu são pelo pela também até isso ele ela entre depois sem já quando muito há",
    "it": "il lo la gli le di del della dei delle e in un una che non per con da al alla nel nella si sono è ha "
    "come più anche ma dal dalla suo sua questo questa essere stato stata dopo tra",
    "nl": "de het een van en in is dat op te zijn voor met niet aan er om ook als maar bij door naar uit over "
    "wordt werd heeft hebben nog deze dit geen kan hij zij meer dan ze",
    "ca": "el la els les de i en que un una del per amb no és al dels s l d va com més però ha aquest aquesta "
    "són també seva entre després sobre",
    "gl": "o a os as de do da dos das e en no na nos nas un unha que non por con para ao máis como pero foi súa "
    "seu tamén entre polo pola",
    "ro": "de și în la a o cu pe care din nu este un sa să mai pentru al fi au lui ca le se prin după dar sau "
    "fost",
    "uk": "і в не на що з у до за як та від це для по про але він вона вони був було або які який також після "
    "може року через й при його її під між ще вже щоб",
    "be": "і ў не на што з у да за як ад гэта для па пра але ён яна яны быў было або якія які таксама пасля "
    "можа",
    "bg": "и в на да не се за от че с по как като са си това ще е то но при след до или която който които беше "
    "има само още бъде тя той",
    "sr": "и у на је да се су за од не са као који која које што то из али по до је био била није ће или о",
    "mk": "и во на да не се за од дека со по како што е но при до или која кој кои беше има само уште ќе тој "
    "таа",
    "pl": "w i na z się nie do że o jest to po jak za od przez ale dla był była być oraz czy który która które "
    "już",
    "cs": "a v se na je že s z do o i to jako za by ale pro po jsou které který která byl nebo od jeho také než",
    "sv": "och i att det som en på är av för med den till inte har de om ett han men var sig från så kan efter "
    "vid",
    "da": "og i at det er en til på af som for med den ikke har de et han var om men fra sig kan der efter ved "
    "blev",
    "no": "og i å det er en til på av som for med den ikke har de et han var om men fra seg kan der etter ved "
    "ble",
    "la": "et in est non ad ut cum qui quod sed ex quae per si ab esse sunt autem enim eius hoc aut",
    "eo": "la de kaj en al ne estas por kun ke li ĝi ili sed el per ĉi tiu",
    "af": "die van en in is dat op te nie vir met aan het om ook as maar by deur uit oor word was sy hulle",
}
SPOKEN = ("en", "fr", "de", "es", "ru")
"""The languages that are told; the others of the list only stand guard."""


@cache
def _table() -> tuple[Array, Array, tuple[str, ...]]:
    """Open-addressed table: word numbers, the languages of each, and the names of the languages.

    A word adds one to the byte of each of its languages: eight bytes to a number, so that one addition counts eight.
    """
    names = (*SPOKEN, *(name for name in _WORDS if name not in SPOKEN))
    bits: dict[int, int] = {}
    for place, name in enumerate(names):
        words = tokenise(to_bytes([_WORDS[name]]))
        for number in words.slots[words.first[0] : words.last[0]].tolist():
            bits[number] = bits.get(number, 0) | 1 << place
    size = 1 << (4 * len(bits)).bit_length()
    numbers, masks = np.zeros(size, np.uint32), np.zeros((size, -(-len(names) // 8)), np.uint64)
    for number, mask in bits.items():
        cell = number % size
        while masks[cell].any():
            cell = (cell + 1) % size
        numbers[cell] = number
        for place in range(len(names)):
            masks[cell, place // 8] |= np.uint64((mask >> place & 1) << 8 * (place % 8))
    return numbers, masks, names


def plain_languages(pieces: Sequence[str]) -> list[str | None]:
    """The language of each piece of text where function words leave no doubt, else None."""
    return plain_languages_in(to_bytes(pieces))


def plain_languages_in(pieces: Texts) -> list[str | None]:
    """The same of pieces that lie in a buffer."""
    numbers, masks, names = _table()
    threads = os.cpu_count() or 1
    words = tokenise(pieces, threads)
    best = np.full(len(pieces), -1, np.int64)

    def one(low: int, high: int) -> None:
        first, last = words.first[low:high], words.last[low:high]
        _tell(words.slots, first, last, numbers, masks, len(names), len(SPOKEN), best[low:high])

    in_threads(one, chunks(len(pieces), threads), threads)
    told = (*names, None)
    return [told[k] for k in best.tolist()]


@njit(cache=True, nogil=True)
def _tell(slots, first, last, numbers, masks, languages, spoken, best):  # type: ignore[no-untyped-def]  # noqa: PLR0913, C901
    """Set ``best`` where one language has many function words and no other has many that this one lacks."""
    counts = np.zeros(languages, np.int64)
    against = np.zeros(languages, np.int64)
    groups = masks.shape[1]
    packed = np.zeros(groups, np.uint64)
    found = np.empty(256, np.int64)
    last_cell = len(numbers) - 1
    for piece in range(len(first)):
        words = last[piece] - first[piece]
        if words > len(found):
            found = np.empty(words, np.int64)
        many = 0
        counts[:] = 0
        packed[:] = 0
        for at in range(first[piece], last[piece]):
            cell = np.int64(slots[at]) & last_cell
            while numbers[cell] != 0 and numbers[cell] != slots[at]:
                cell = (cell + 1) & last_cell
            if numbers[cell] == 0:
                continue
            found[many] = cell
            many += 1
            for group in range(groups):
                packed[group] += masks[cell, group]
            if many % 255 == 0:
                _unpack(packed, counts)
        _unpack(packed, counts)
        top = np.argmax(counts)
        if top >= spoken or counts[top] < LEAST or counts[top] < SHARE * words:
            continue
        # of each other language: the words that both have, hence those that either has and the other lacks
        against[:] = 0
        mine_group, shift = top >> 3, np.uint64(8 * (top & 7))
        for k in range(many):
            if (masks[found[k], mine_group] >> shift) & _ONE:
                for other in range(groups):
                    packed[other] += masks[found[k], other]
            if k % 255 == 254:
                _unpack(packed, against)
        _unpack(packed, against)
        alone = True
        for place in range(languages):
            mine, theirs = counts[top] - against[place], counts[place] - against[place]
            if place != top and (mine < OWN or RIVAL * theirs > mine):
                alone = False
        if alone:
            best[piece] = top


@njit(cache=True, nogil=True, inline="always")
def _unpack(packed, counts):  # type: ignore[no-untyped-def]
    """Add the bytes to the counts and begin again, before one runs over."""
    for place in range(len(counts)):
        counts[place] += np.int64((packed[place >> 3] >> np.uint64(8 * (place & 7))) & _BYTE)
    packed[:] = 0
