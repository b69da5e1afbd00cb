"""Which words around a name make a citation of it: "as X reported", "selon X", "по данным X", "laut X", "según X".

Words that come before a name are read backwards from it: articles, then the cue. A verb of saying before a name has to
open its clause (", reports the BBC"), as "he reported the BBC" cites nobody; one behind a name has to have that name as
its subject, as "the editor of the Guardian said" and "the Financial Times reported" are no words of Guardian and Times.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache


def _words(*listed: str) -> frozenset[str]:
    return frozenset(" ".join(listed).split())


_CUES = (
    "according to", "reported by", "as told to", "told", "citing", "quoting", "cited by", "quoted by",
    "first reported in", "via", "selon", "d'après", "d’après", "rapporté(?:e|es|s)? par", "révélé(?:e|es|s)? par",
    "cité(?:e|es|s)? par", "citant", "confié à", "по данным", "по сообщению", "по информации", "со ссылкой на",
    "сооб(?:щает|щают|щал[аио]?|щил[аио]?)", "переда(?:ет|ёт|ют)", "пи(?:шет|шут)", "заявил[аио]?", "рассказал[аио]?",
    "как отмечает", "laut", "nach (?:Angaben|Informationen)", "nach einem Bericht",
    "nach (?:Angaben|Informationen|einem Bericht) (?:von|der|des)", "unter Berufung auf", "según", "de acuerdo con",
    "citando a", "informó a", "publicado por",
)  # fmt: skip
_ARTICLES = (
    r"the|le|la|les|un|der|die|das|dem|den|des|el|los|newspaper|daily|agency|site|journal|quotidien|agence|газет\w+|"
    r"агентств\w+|издани\w+|Zeitung|Nachrichtenagentur|Agentur|diario|agencia|periódico"
)
_LEAD = rf"(?:(?:{_ARTICLES})\s+|l['’])*[\"«“„»]?\s*$"
"""What may stand between a cue and a name."""
BEFORE = re.compile(rf"(?<!\w)(?:{'|'.join(_CUES)})[\s:]+{_LEAD}", re.IGNORECASE)

_REPORTS = (
    r"reports?|articles?|story|investigation|interview|Bericht|Berichten|Medienbericht|Zeitungsbericht|Artikel|"
    r"Beitrag|Recherchen?|Meldung|Informationen|Angaben|enquête|reportage|dépêche|informations?|artículo|reportaje|"
    r"informe|información|informaciones|noticia|investigación"
)
_IN = r"in|by|from|des|der|von|vom|im|aus|du|de|dans|par|del|por|en"
_PRINTED = r"published|publié\w*|paru\w*|publicad\w+|erschienen"
_IN_REPORT = rf"(?:{_REPORTS})\s+(?:(?:{_PRINTED})\s+)?(?:{_IN})\s+{_LEAD}"
_REPORT = re.compile(
    r"(?<!\w)(?:according to|citing|quoting|based on|by|laut|nach|unter Berufung auf|selon|d['’]après|citant|según|"
    r"de acuerdo con|citando)\s+(?:(?:an?|the|its|einem|einen|einer|dem|den|une?|des|les|una?|los|las)\s+)?"
    rf"(?:[\w-]+\s+)?{_IN_REPORT}",
    re.IGNORECASE,
)
_OF_REPORT = re.compile(rf"(?<!\w){_IN_REPORT}", re.IGNORECASE)
_REPORT_WORD = re.compile(_REPORTS, re.IGNORECASE)

_OPENS = r"(?:^|[,;:.!?…»”“\"(]\s*|\n\s*\n\s*|\s[-–—]\s*)"
_ENGLISH = r"reports|reported|writes|wrote|says|said|reveals|revealed|claims|claimed"
_FRENCH = (
    r"rapporte|rapporté|indique|indiqué|écrit|révèle|révélé|affirme|affirmé|annonce|annoncé|relate|relaté|raconte|"
    r"précise|souligne|relève|explique|assure|publie"
)
_SPANISH = (
    r"informó|informa|publicó|publica|reveló|revela|señaló|señala|aseguró|asegura|afirmó|afirma|indicó|indica|adelantó|"
    r"adelanta|escribió|escribe|informado|publicado|revelado"
)
_GERMAN = r"berichtete?|schreibt|schrieb|meldete?|vermeldete?|enthüllte?"
_RUSSIAN = (
    r"передал[аио]?|написал[аио]?|отмеча[ею]т|отметил[аио]?|утвержда[ею]т|уточня[ею]т|уточнил[аио]?|цитиру[ею]т|"
    r"напомина[ею]т|поясня[ею]т"
)
_VERB = re.compile(
    rf"(?:{_OPENS}(?:(?P<english>{_ENGLISH})|{_RUSSIAN})"
    rf"|(?:{_OPENS}|(?<!\w)(?:comme|ainsi que|que|qu['’])\s*)(?:l['’]|les? |la |nous )?(?:a |ont |avait )?(?:{_FRENCH})"
    rf"|(?:{_OPENS}|(?<!\w)(?:según|como|que)\s+)(?:lo )?(?:ha |han |había )?(?:{_SPANISH})"
    rf"|(?:{_OPENS}|(?<!\w)(?:so|darüber|hierüber|zuerst|zuvor)\s+)(?:{_GERMAN})"
    rf"|(?:как|об этом|о ч[её]м)\s+(?:{_RUSSIAN}))\s+(?P<lead>{_LEAD})",
    re.IGNORECASE,
)
_IN_WORD = re.compile(rf"{_IN}|{_PRINTED}", re.IGNORECASE)
_VERB_WORD = re.compile(rf"{_ENGLISH}|{_FRENCH}|{_SPANISH}|{_GERMAN}|{_RUSSIAN}", re.IGNORECASE)
_NO_SUBJECT = re.compile(r"(?<!\w)(?:dem|den|des)\s", re.IGNORECASE)
_ENDS = re.compile(
    r"[\"»”“«]?\s*(?:$|[.,;:!?…)\"»”“\n–—]|(?:and|that|which|as|but|while|on|in|at|this|last|yesterday|today|earlier|citing|quoting)\b)"
)
"""What follows a name after an English verb: with a noun there it is part of another ("said Guardian readers")."""

_WIE = re.compile(
    rf"(?:^|[.,;:!?(»«“”„\"]\s*|\n\s*|\s[-–—]\s*|(?<!\w)(?:und|aber|doch|denn)\s+)wie\s+{_LEAD}",
    re.IGNORECASE,
)
_TELLS = re.compile(
    r"[\"»”“«]?(?P<between>(?:\s+[^\s.,;:!?()]+){0,8}?)\s+(?:berichtet\w*|berichten|meldete?n?|vermeldete?n?|schreib(?:t|en)|"
    r"schrieb\w*|mitteilt\w*|enthüllt\w*|erfuhr|erfahren|behauptet\w*|veröffentlicht\w*)\b"
    r"(?!\s+(?-i:[A-ZÄÖÜ]))(?!\s+(?:der|die|das|ein|eine)\b)(?!(?:\s+\w+){0,3}\s+(?:auch|ebenfalls|ebenso|gleichfalls)\b)",
    re.IGNORECASE,
)
_NOT_BETWEEN = re.compile(
    r"\b(?:auch|ebenfalls|ebenso|nicht|ha(?:t|ben|tten?)|ist|sind|war(?:en)?|wird|werden|wurden?|kann|muss|will|soll)\b"
    r"|^\s+(?-i:[A-ZÄÖÜ])",
    re.IGNORECASE,
)

_SAYS = (
    r"(?:said|says)"
    r"(?!\s+(?:it|its|they|that (?:it|its)|in a (?:press |court )?(?:statement|filing|tweet)|through|yes|no)\b)"
)
_AFTER = re.compile(
    r"[\"»”“«]?[^\S\n]*\n?[^\S\n]*"
    r"(?:had |has |have |first |also |a |ont |avait |l['’]a |l['’]avait |l['’]|le |hat |haben |ha )?"
    rf"(?:(?P<postposed>zufolge)|{_SAYS}|reported(?! (?:by|to)\b)|reports|wrote|writes|revealed|claimed|"
    r"quoted(?! by\b)|rapporte|rapporté|écrit|révèle|révélé|affirme|indique|"
    r"сообщил\w*|сообщает|пишет|написал\w*|передает|передаёт|передал\w*|"
    r"(?P<german>berichtet\w*|schreibt|schrieb|meldet\w*)|"
    r"informó|informa|publicó|publica|escribe|señala|asegura|revela|reveló)\b",
    re.IGNORECASE,
)
_GOVERNED = re.compile(
    r"(?<!\w)(?:of|for|at|from|by|in|on|with|to|against|about|and not|neither|nor|such as|like|unlike|"
    r"de|du|d['’]|à|au|aux|pour|par|chez|dans|sur|contre|avec|tel(?:le)?s? que|"
    r"del|al|a|para|por|con|contra|sobre|en|tales como|ni|"
    r"von|vom|für|bei|beim|mit|gegen|über|im|zum|dem|den|des|weder|noch|"
    r"глав[аы]|главред\w*|редактор\w*|директор\w*|гендиректор\w*|источник\w*|журналист\w*|корреспондент\w*|владел\w+|"
    r"представител\w+|сотрудни\w+|основател\w+|руководител\w+|ведущ\w+|ни|такие как|вроде|типа)"
    r"\s*(?:(?:the|les?|la|el|los|der|die|das)\s+|l['’])?[\"«“„]?$",
    re.IGNORECASE,
)
"""What stands before a name that is no subject: "the editor of X said", "neither X nor Y reported"."""
_FORMER_WORD = re.compile(r"(?P<head>[\w’'-]*[\w’'])[^\S\n]+$")
_OPENERS = _words(
    "as while when since after before but and or although though because that yesterday today earlier later meanwhile",
    "however then also first now what where who how why if once even only the",
    "channel broadcaster agency newspaper daily weekly magazine website site",
    "network outlet station tabloid paper tv television portal blog",
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august",
    "september october november december",
    "comme quand lorsque mais hier ce que si puis le la les journal quotidien hebdomadaire chaîne agence",
    "según como cuando pero ayer hoy el los diario periódico cadena agencia",
    "wie der die das dem den des dass während nachdem auch zuerst laut so",
)
"""Words that are no part of a name though they begin with a capital, as they begin a sentence or name a day."""
_KINDS = re.compile(
    r"\w*(?:sender|zeitung|magazin|agentur|portal|blatt|zeitschrift|seite|plattform|rundfunk|radio|montag|dienstag|mittwoch|"
    r"donnerstag|freitag|samstag|sonntag)",
    re.IGNORECASE,
)
_NEXT = re.compile(r"(?P<space>\s+)(?P<word>\w+)")
_LONGER = re.compile(r"\s+\w+\s+[^\W\d_a-zà-ÿ]")
_DAYS = _words(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august",
    "september october november december",
)
_PEOPLE = re.compile(
    r"senators?|congress\w+|candidates?|voters?|lawmakers?|legislators?|councillors?|politicians?|members?|supporters?|"
    r"officials?|authorities|police|intelligence|experts?|readers?|viewers?|users?|fans|shareholders?|executives?|"
    r"employees|staff|spokes\w+|editors?|owners?|chiefs?|boss|bosses|laws?|rules?|government|troops|diplomats?"
)
_KIN = re.compile(
    r"-(?:Bericht|Angabe|Information|Recherche|Artikel|Meldung|Korrespondent|Reporter|Interview)\w*"
)
_FREE = re.compile(
    r"[\"»”“«]?\s*(?:$|[.,;:!?…)\"»”“\n–—]|(?:und|hat|habe|haben|hatte|ist|sind|war|waren|sei|seien|wird|werden|wurden?|"
    r"soll|sollen|will|wollen|kann|am|im)\b)"
)
"""What follows a name in small letters, which an adjective ("according to independent sources") has not behind it."""
_JOINED = frozenset("-@#&./_")
_RUNS_ON = re.compile(r"[@#&_]|\.[a-z]|\s@\w")
_OWN_ARTICLE = re.compile(r"(?:the|les?|la|der|die|das|el|los|las|l['’])\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:^|[.!?…:»«\"“”\n])\s*$")
_SIGNS = ' \n.,;:!?…()»«“„”"-–—'

_FORMER = re.compile(r".*[ '’]")
_LAST = re.compile("|".join(_FORMER.sub("", cue) for cue in _CUES), re.IGNORECASE)
"""The last word of a cue: looked for first, as the whole pattern costs thirty times as much."""
_LONGEST = 4
"""Words of a cue, at most."""
_ARTICLE = re.compile(rf"{_ARTICLES}|l", re.IGNORECASE)
_WORD = re.compile(r"\w+")
_AROUND = 90
_NEAR = 40


@dataclass(frozen=True, slots=True)
class _Place:
    """A name in its surroundings, at most ``_AROUND`` signs of them on either side."""

    before: str
    name: str
    after: str
    reported: bool  # a report, or the like, is named before it
    oblique: bool
    small: bool


def cue(text: str, start: int, end: int, oblique: bool = False, small: bool = False) -> str:
    """The words that make a citation of the name in ``text[start:end]``, on one line; "" where there are none.

    ``oblique``: the name stands in a form that is no subject; ``small``: in small letters, as a common word may.
    """
    before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
    begin, former, reported = near(before)
    verb = _AFTER.match(after)
    if begin < 0 and not (former or reported or verb):  # most names are cited by nobody
        return ""
    place = _Place(before, text[start:end], after, reported, oblique, small)
    begin = _cue_before(place, begin)
    said = (before[begin:], "") if begin >= 0 else _verb_around(place, former, verb)
    if said == ("", "") or (begin >= 0 and _goes_on(place)) or not _apart(before, after):
        return ""
    return " ".join((said[0] + place.name + said[1]).split())


@lru_cache(1 << 14)
def _kind(word: str) -> int:
    """What a word may be before a name: the sum of the kinds below."""
    kinds = (_ARTICLE, _LAST, _REPORT_WORD, _VERB_WORD, _IN_WORD)
    return sum(1 << at for at, kind in enumerate(kinds) if kind.fullmatch(word))


_IS_ARTICLE, _IS_LAST, _IS_REPORT, _IS_VERB, _IS_IN = 1, 2, 4, 8, 16


def near(before: str) -> tuple[int, str, bool]:
    """Where a cue may begin that stands before a name or the articles of one, -1 where there is no last word of any;
    the word before those articles if it is a verb of saying or "wie"; whether it may stand in a report that is named.

    As much is read as has to be: the last few words, mostly.
    """
    words = list(_WORD.finditer(before, max(0, len(before) - _NEAR)))
    found = _backwards(words)
    if found[-1] < 1 and len(before) > _NEAR:  # the first of these words may be half a one
        words = list(_WORD.finditer(before))
        found = _backwards(words)
    last, former, reported, _ = found
    begin = words[max(0, last - _LONGEST)].start() if last >= 0 else -1
    return begin, former, reported


def _backwards(words: list[re.Match[str]]) -> tuple[int, str, bool, int]:
    """Place of a cue's last word, the word before the articles, whether in a report; place of the first word read."""
    last, at = -1, len(words) - 1
    while at >= 0:
        kind = _kind(words[at].group())
        if kind & _IS_LAST:
            last = at
        if not kind & _IS_ARTICLE:
            break
        at -= 1
    former = words[at].group() if at >= 0 else ""
    kind = _kind(former)
    while at >= 0 and _kind(words[at].group()) & (_IS_IN | _IS_ARTICLE):
        at -= 1
    reported = at >= 0 and bool(_kind(words[at].group()) & _IS_REPORT)
    told = former if kind & _IS_VERB or former.lower() == "wie" else ""
    return last, told, reported, min(at, last - _LONGEST) if last >= 0 else at


def _cue_before(place: _Place, begin: int) -> int:
    """Where a cue begins that needs nothing behind the name; -1 where there is none."""
    found = BEFORE.search(place.before, begin) if begin >= 0 else None
    if not found and place.reported:
        found = _REPORT.search(place.before)
    return found.start() if found else -1


def _verb_around(place: _Place, former: str, verb: re.Match[str] | None) -> tuple[str, str]:
    """What stands before and behind the name of a citation that has a verb of saying; nothing where there is none.

    ``former``: a verb before the name, or "wie"; ``verb``: one behind it.
    """
    if former.lower() == "wie":
        return _as_told(place)
    before = _verb_before(place) if former else ""
    if before:
        return before, ""
    return ("", verb.group()) if verb and _subject(place, verb) else ("", "")


def _as_told(place: _Place) -> tuple[str, str]:
    """ "Wie X berichtet", which opens a clause and ends with its verb: "Medien wie X" and "wie X auch Y" are none."""
    opened, verb = _WIE.search(place.before), _TELLS.match(place.after)
    if not opened or not verb or _NOT_BETWEEN.search(verb["between"]):
        return "", ""
    return opened.group().lstrip(_SIGNS), verb.group()


def _verb_before(place: _Place) -> str:
    """The verb that opens a clause with the name for its subject; "" where there is none."""
    found = _VERB.search(place.before)
    if not found or place.oblique or _NO_SUBJECT.search(found["lead"]) or _goes_on(place):
        return ""
    if found["english"] and not _ENDS.match(place.after.lstrip(" ")):
        return ""
    return found.group().lstrip(_SIGNS)


def _goes_on(place: _Place) -> bool:
    """Whether the name goes on behind what was found of it, or belongs to the people named next."""
    if place.small and not _FREE.match(place.after.lstrip(" ")):
        return True
    follows = _NEXT.match(place.after)
    if not follows or follows["space"].count("\n") > 1:
        return False
    word = follows["word"]
    if word[0].isupper():
        if word in ("News", "Online") and not _LONGER.match(
            place.after
        ):  # of which the outlet is known without
            return False
        return _cyrillic(word[0]) == _cyrillic(place.name[-1]) and word.lower() not in _DAYS
    return word[0].isdigit() or bool(_PEOPLE.fullmatch(word))


def _subject(place: _Place, verb: re.Match[str]) -> bool:
    """Whether the verb behind the name is said of it, and of no longer name and nobody else."""
    if place.small and not (verb["german"] or verb["postposed"]):
        return False
    if not verb["postposed"] and (place.oblique or _GOVERNED.search(place.before)):
        return place.reported and bool(_OF_REPORT.search(place.before))
    former = _FORMER_WORD.search(place.before)
    if not former or not former["head"][0].isupper() or _OWN_ARTICLE.match(place.name):
        return True
    german = bool(verb["german"] or verb["postposed"])
    return _no_part(former["head"], place.before[: former.start()], place.name, german)


def _no_part(head: str, further: str, name: str, german: bool) -> bool:
    """Whether a word with a capital right before a name is no part of it; in German it may be any noun of kind."""
    if head.endswith(("'s", "’s")) or head.lower() in _OPENERS:
        return True
    if _cyrillic(head[0]):
        return not _cyrillic(name[0]) or bool(_SENTENCE.search(further))
    return german and bool(_KINDS.fullmatch(head))


def longer_name(text: str, name: str) -> bool:
    """Whether a text has a longer name that ends with this one, which may be short for it: "the Times" where there is a
    "Financial Times".
    """
    for found in re.finditer(rf"{re.escape(name)}(?!\w)", text):
        before = text[max(0, found.start() - _AROUND) : found.start()]
        former = _FORMER_WORD.search(before)
        capital = former and former["head"][0].isupper()
        if former and capital and not _no_part(former["head"], before[: former.start()], name, True):
            return True
    return False


def _cyrillic(letter: str) -> bool:
    return "\u0400" <= letter <= "\u04ff"


def _apart(before: str, after: str) -> bool:
    """Whether a name is a word of its own: no part of an address, a handle or a compound."""
    if before[-1:] in _JOINED and before:
        return False
    if after.startswith("-"):
        return bool(_KIN.match(after))
    return not _RUNS_ON.match(after)
