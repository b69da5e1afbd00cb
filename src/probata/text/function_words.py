"""Languages told by function words alone, for texts in which these leave no doubt.

The lists of Portuguese, Italian, Dutch and other near languages only stand guard, as do those of languages whose short
words look like others' once accents are gone (Vietnamese, Welsh): a text in one of them is left to the model, as is
every text in which two languages come near one another. A word that several languages have counts for each of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from probata.text.function_word_kernels import tell
from probata.text.language import PREFIX
from probata.text.tokens import Texts, chunks, in_threads, to_bytes, tokenise

Array = np.ndarray[Any, np.dtype[Any]]


class Look(NamedTuple):
    """How much of a text is looked at, and what function words must show there."""

    points: int
    """Code points of the head."""
    least: int
    """Function words that the language must have in it."""
    share: float
    """Of all words of the head; running text has twice as many."""
    own: int
    """Function words that any one other language lacks."""
    rival: int
    """These are so many times the function words that the other language has and this one lacks."""


FIRST = Look(PREFIX, least=6, share=0.12, own=4, rival=2)
SECOND = Look(1500, least=6, share=0.12, own=6, rival=3)
"""For texts that begin with a headline, figures or names. Only the language that is ahead in the first head is told:
what a text in some other language quotes further down says nothing about it."""

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
    "sl": "in je za na se da so ki ne v s z pa po ni tudi od iz če bi kot ali lahko ko pri še",
    "hu": "a az és hogy nem is egy meg csak már ez azt de el volt van vagy mint ki még fel ha kell lehet amely "
    "minden",
    "fi": "ja on ei se että oli hän mutta joka ovat kun myös niin tai sen kuin mukaan sekä jos voi",
    "eu": "eta da ez du dira bat zuen dela izan zen baina egin bere edo ere dute hau",
    "tr": "ve bir bu da de için ile olarak olan daha çok gibi kadar sonra en ne değil her ya ama o mi",
    "cy": "y yn yr a o i ar ei am gan wedi mae bod ac fod hyn dim ddim nid eu fel oedd sydd ond hefyd cael gyda",
    "vi": "và của là có không cho được trong một các này với để đã những khi người từ đến ra tại bạn như",
    "id": "yang dan di dari untuk dengan pada tidak ini itu dalam adalah akan ke oleh atau juga telah dapat",
}
SPOKEN = ("en", "fr", "de", "es", "ru")
"""The languages that are told; the others of the list only stand guard."""


class Table(NamedTuple):
    """Open-addressed table of function words by their numbers.

    A word adds one to the byte of each of its languages: eight bytes to a number, so that one addition counts eight.
    """

    cells: Array  # uint16: the word that lies there, 0 where none does
    words: Array  # uint32: the number of each word
    masks: Array  # uint64 [words, groups of eight languages]; word 0 has none
    names: tuple[str, ...]


@cache
def _table() -> Table:
    names = (*SPOKEN, *(name for name in _WORDS if name not in SPOKEN))
    bits: dict[int, int] = {}
    for place, name in enumerate(names):
        words = tokenise(to_bytes([_WORDS[name]]))
        for number in words.slots[words.first[0] : words.last[0]].tolist():
            bits[number] = bits.get(number, 0) | 1 << place
    size = 1 << (8 * len(bits)).bit_length()  # so empty that few other words meet a function word
    cells = np.zeros(size, np.uint16)
    masks = np.zeros((1 + len(bits), -(-len(names) // 8)), np.uint64)
    for word, (number, mask) in enumerate(bits.items(), 1):
        cell = (number >> 1) % size  # the lowest bit says digit or letter
        while cells[cell]:
            cell = (cell + 1) % size
        cells[cell] = word
        for place in range(len(names)):
            masks[word, place // 8] |= np.uint64((mask >> place & 1) << 8 * (place % 8))
    return Table(cells, np.array([0, *bits], np.uint32), masks, names)


def plain_languages(texts: Sequence[str]) -> list[str | None]:
    """The language of each text where function words leave no doubt, else None."""
    beginnings = to_bytes([text[: FIRST.points + 1] for text in texts])
    return _told(beginnings, lambda rows: to_bytes([texts[row][: SECOND.points] for row in rows.tolist()]))


def plain_languages_in(texts: Texts) -> list[str | None]:
    """The same of texts that lie in a buffer."""
    return _told(texts, texts.rows)


def _told(texts: Texts, again: Callable[[Array], Texts]) -> list[str | None]:
    """What one look or two tell; ``again`` hands out those that need a second one, at their longer head."""
    heads = texts.heads(FIRST.points)
    best, ahead = _look(heads, FIRST)
    doubtful = np.flatnonzero((best < 0) & (ahead >= 0) & (heads.ends < texts.ends))
    second, _ = _look(again(doubtful).heads(SECOND.points), SECOND)
    best[doubtful] = np.where(second == ahead[doubtful], second, -1)
    told: list[str | None] = np.array([*_table().names, None], object)[best].tolist()
    return told


def _look(heads: Texts, limits: Look) -> tuple[Array, Array]:
    """The language that each head is in beyond doubt, and the one that is ahead in it, as numbers or -1."""
    cells, words, masks, names = _table()
    threads = os.cpu_count() or 1
    read = tokenise(heads, threads)
    best, ahead = np.full(len(heads), -1, np.int64), np.full(len(heads), -1, np.int64)

    def one(low: int, high: int) -> None:
        where = read.slots, read.first[low:high], read.last[low:high]
        table = cells, words, masks, len(names), len(SPOKEN)
        tell(*where, *table, *limits[1:], best[low:high], ahead[low:high])

    in_threads(one, chunks(len(heads), threads), threads)
    return best, ahead
