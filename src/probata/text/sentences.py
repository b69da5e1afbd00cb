"""Sentence boundaries by rules: English, French, German, Spanish, Russian; no model.

A full stop ends a sentence unless the word before it is an abbreviation of the language, an initial or an
ordinal number, or what follows goes on in lower case. Everything else is kept simple on purpose: the parser,
where there is one, sets its own boundaries.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from probata.text.quotation import paragraphs

LONGEST = 2_000
"""Code points after which a sentence is cut at white space: text without any full stop must not stall."""

_CLOSERS = "\"”“»«’')\\]"
_END = re.compile(
    r"[.!?…。！？](?:(?<=\.)|(?<=[!?…])[!?…]*|(?<=[。！？])[。！？]*)[!?.]*"  # one set first: found three times as fast
    rf"(?:\s?»|[{_CLOSERS}])*(?=\s|$)"
)
_ASIDE = re.compile(r"\s*\([^()]{1,30}\)\s*[a-zà-ÿа-яё,]")
"""A name that ends in a mark, explained: "En Marche! (Onwards!) party"."""
_WORD_BEFORE = re.compile(r"[^\s(\[\"“„«']*$")

_ABBREVIATIONS = {
    "en": "mr mrs ms dr prof sen rep gov gen col lt sgt capt adm st jr sr rev hon pres supt messrs vs etc e.g i.e"
    " cf no nos fig vol pp ed eds jan feb mar apr jun jul aug sep sept oct nov dec inc ltd co corp dept est"
    " approx ave blvd a.m p.m u.s u.k u.n d.c ph.d b.a m.a u.s.a e.u wash calif fla pa va mass conn mich minn tenn",
    "fr": "m mm mme mmes mlle mlles me mgr dr pr prof st ste cf p pp art al vol no n° janv févr avr juil sept oct"
    " nov déc env ex etc réf éd tél av bd c.-à-d j.-c ch fig hab boul sté cie",
    "de": "hr fr dr prof dipl ing z b bzw usw etc ca vgl d h u a o ä s nr abs art str tel jh jhd mio mrd ggf evtl"
    " inkl exkl zzgl sog bspw max min st jan feb febr mär apr jun jul aug sep sept okt nov dez z.b d.h u.a o.ä"
    " i.d.r v.a u.u z.t e.v geb gest bzgl hl kath ev rd vs mind allg",
    "es": "sr sra srta sres dr dra d dña ud uds vd prof lic ing gral cnel pdte pág págs art núm nro tel av avda"
    " ee uu ej p ej etc aprox cap vol fig ene feb mar abr may jun jul ago sep sept oct nov dic ee.uu p.ej s.a"
    " a.c d.c sto sta",
    "ru": "г гг т е д п к н э им ул пр пл обл р руб коп тыс млн млрд трлн стр рис см ср др проф акад доц тов гр"
    " янв фев февр мар апр авг сен сент окт ноя нояб дек т.е т.д т.п т.к и.о о.о кв м ч мин сек в вв",
}
_SOFT = {
    "en": "etc inc ltd co corp a.m p.m u.s u.k u.n d.c ph.d jr sr u.s.a e.u",
    "fr": "etc env j.-c",
    "de": "usw etc e.v",
    "es": "etc ee.uu uu s.a",
    "ru": "г гг т.д т.п др руб коп тыс млн млрд в вв д п",
}
"""Abbreviations that may end a sentence too: they do where the next word starts with a capital and is not a name
that commonly follows."""

_STARTERS = {
    "en": "the a an in on at he she it they we i but and this that these those his her its their there however"
    " when while after before as if for with by from to meanwhile our you what who",
    "fr": "le la les l un une des il elle ils elles on nous je mais et ce cette ces dans en sur pour selon avec"
    " au aux du de à son sa ses leur leurs par après avant",
    "de": "der die das ein eine er sie es wir ich aber und in im am auf mit für nach vor dies diese dieser so als"
    " auch bei zu von",
    "es": "el la los las un una él ella ellos en pero y con por para según este esta eso su sus al del de se no"
    " también",
    "ru": "",
}
_ORDINAL_NEXT = re.compile(
    r"\s+(?:januar|jänner|februar|märz|april|mai|juni|juli|august|september|oktober|november|dezember|"
    r"jahrhundert|wahlgang|platz|klasse|liga|kapitel|artikel|[a-zäöü])",
    re.IGNORECASE,
)


@lru_cache(maxsize=16)
def _words(lang: str, table: str) -> frozenset[str]:
    source = {"abbreviations": _ABBREVIATIONS, "soft": _SOFT, "starters": _STARTERS}[table]
    if lang in source:
        return frozenset(source[lang].split())
    merged = source["en"] if table == "starters" else " ".join(source.values())
    return frozenset(merged.split())


def sentences(
    text: str, lang: str = "en", blocks: Iterable[tuple[int, int]] | None = None
) -> list[tuple[int, int]]:
    """Spans of the sentences, white space trimmed, in order; no sentence crosses a paragraph.

    ``blocks`` are the paragraphs, if already known.
    An unknown language uses the abbreviations of all five. A sentence longer than ``LONGEST`` code points is cut.
    """
    found: list[tuple[int, int]] = []
    for start, end in paragraphs(text) if blocks is None else blocks:
        last = start
        for match in _END.finditer(text, start, end):
            if match.end() < end and not _ends(text, match, end, lang):
                continue
            _append(text, last, match.end(), found)
            last = match.end()
        _append(text, last, end, found)
    return found


def _append(text: str, start: int, end: int, found: list[tuple[int, int]]) -> None:
    """Add the trimmed span, cut into pieces of at most ``LONGEST``."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > LONGEST:
        space = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = space if space > start else start + LONGEST
        found.append((start, cut))
        start = cut + 1 if space > start else cut
    if start < end:
        found.append((start, end))


def _ends(text: str, match: re.Match[str], end: int, lang: str) -> bool:
    """Decide on one candidate that is not at the end of its paragraph."""
    rest = text[match.end() : min(end, match.end() + 40)]
    following = rest.lstrip().lstrip("\"“„«'‘([—–- \xa0\u202f")
    if following[:1].islower() or _ASIDE.match(rest):
        return False
    if match.group()[0] != "." or match.group().startswith("..") or len(match.group().strip()) > 1:
        return True
    word = _WORD_BEFORE.search(text, max(0, match.start() - 25), match.start())
    return not _abbreviated(word.group() if word else "", rest, following, lang)


def _abbreviated(word: str, rest: str, following: str, lang: str) -> bool:
    """Whether a single full stop after ``word`` belongs to the word."""
    lower = word.lower().rstrip(".")
    tail = re.split(r"[-’']", lower)[-1] if lower not in _words(lang, "abbreviations") else lower
    if tail in _words(lang, "soft"):
        return not _starts(following, lang)
    if tail in _words(lang, "abbreviations"):
        return True
    if len(word) == 1 and word.isalpha() and word.isupper():
        return True  # an initial
    if re.fullmatch(r"(?:[A-ZÀ-ÝА-Я]\.-?)+[A-ZÀ-ÝА-Я]", word):
        return not _starts(following, lang)
    return lang == "de" and word.isdigit() and len(word) <= 2 and bool(_ORDINAL_NEXT.match(rest))


def _starts(following: str, lang: str) -> bool:
    """Whether the words after an abbreviation look like the start of a new sentence."""
    if lang == "ru":
        return following[:1].isupper()
    first = re.match(r"\w+", following)
    return first is not None and first.group().lower() in _words(lang, "starters")
