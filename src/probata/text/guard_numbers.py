"""Quantities and times in a sentence as plain values: "3,2 Mrd.", "half a million", "двадцать", "jeudi".

Five languages (en, fr, de, es, ru). A value is a float whatever its unit; what is vague ("thousands of") is no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

__all__ = ["CALENDAR", "counts", "moments", "quantities"]

_UNITS: dict[str, str] = {
    "en": "two:2 three:3 four:4 five:5 six:6 seven:7 eight:8 nine:9 ten:10 eleven:11 twelve:12 thirteen:13"
    " fourteen:14 fifteen:15 sixteen:16 seventeen:17 eighteen:18 nineteen:19 twenty:20 thirty:30 forty:40 fifty:50"
    " sixty:60 seventy:70 eighty:80 ninety:90 decade:10 dozen:12",
    "fr": "deux:2 trois:3 quatre:4 cinq:5 six:6 sept:7 huit:8 neuf:9 dix:10 onze:11 douze:12 treize:13 quatorze:14"
    " quinze:15 seize:16 vingt:20 vingts:20 trente:30 quarante:40 cinquante:50 soixante:60 septante:70 nonante:90"
    " décennie:10 douzaine:12 dizaine:10 vingtaine:20 centaine:100",
    "de": "zwei:2 zwo:2 drei:3 vier:4 fünf:5 sechs:6 sieben:7 acht:8 neun:9 zehn:10 elf:11 zwölf:12 dreizehn:13"
    " vierzehn:14 fünfzehn:15 sechzehn:16 siebzehn:17 achtzehn:18 neunzehn:19 zwanzig:20 dreißig:30 vierzig:40"
    " fünfzig:50 sechzig:60 siebzig:70 achtzig:80 neunzig:90 jahrzehnt:10 dutzend:12",
    "es": "dos:2 tres:3 cuatro:4 cinco:5 seis:6 siete:7 ocho:8 nueve:9 diez:10 once:11 doce:12 trece:13 catorce:14"
    " quince:15 dieciséis:16 diecisiete:17 dieciocho:18 diecinueve:19 veinte:20 veintiuno:21 veintiún:21"
    " veintidós:22 veintitrés:23 veinticuatro:24 veinticinco:25 veintiséis:26 veintisiete:27 veintiocho:28"
    " veintinueve:29 treinta:30 cuarenta:40 cincuenta:50 sesenta:60 setenta:70 ochenta:80 noventa:90 cien:100"
    " ciento:100 doscientos:200 doscientas:200 trescientos:300 trescientas:300 cuatrocientos:400"
    " cuatrocientas:400 quinientos:500 quinientas:500 seiscientos:600 seiscientas:600 setecientos:700"
    " setecientas:700 ochocientos:800 ochocientas:800 novecientos:900 novecientas:900 década:10 docena:12",
    "ru": "два:2 две:2 двух:2 двум:2 двумя:2 двое:2 двоих:2 три:3 трёх:3 трех:3 трём:3 трем:3 тремя:3 трое:3"
    " троих:3 четыре:4 четырёх:4 четырех:4 четырьмя:4 четверо:4 четверых:4 пять:5 пяти:5 пятью:5 шесть:6 шести:6"
    " семь:7 семи:7 восемь:8 восьми:8 девять:9 девяти:9 десять:10 десяти:10 одиннадцать:11 одиннадцати:11"
    " двенадцать:12 двенадцати:12 тринадцать:13 тринадцати:13 четырнадцать:14 четырнадцати:14 пятнадцать:15"
    " пятнадцати:15 шестнадцать:16 шестнадцати:16 семнадцать:17 семнадцати:17 восемнадцать:18 восемнадцати:18"
    " девятнадцать:19 девятнадцати:19 двадцать:20 двадцати:20 тридцать:30 тридцати:30 сорок:40 сорока:40"
    " пятьдесят:50 пятидесяти:50 шестьдесят:60 шестидесяти:60 семьдесят:70 семидесяти:70 восемьдесят:80"
    " восьмидесяти:80 девяносто:90 сто:100 ста:100 двести:200 двухсот:200 триста:300 трёхсот:300 трехсот:300"
    " четыреста:400 четырёхсот:400 четырехсот:400 пятьсот:500 пятисот:500 шестьсот:600 шестисот:600 семьсот:700"
    " семисот:700 восемьсот:800 восьмисот:800 девятьсот:900 девятисот:900 десятилетие:10 десятилетия:10 дюжина:12",
}
_HUNDRED = frozenset(["hundred", "cent", "cents", "hundert"])
_SCALES = (
    (1e3, re.compile(r"(?:thousand|mille|mil|tausend|тысяч(?:[аиу]|ами|ам|ах)?|тыс|k)$")),
    (
        1e6,
        re.compile(
            r"(?:million|millions?|millionen|mio|mill[oó]n|millones|миллион(?:а|ов|у|ом|ам)?|млн|mn)$"
        ),
    ),
    (
        1e9,
        re.compile(r"(?:billion|bn|milliards?|milliarden?|mrd|миллиард(?:а|ов|у|ом)?|млрд)$"),
    ),
    (1e12, re.compile(r"(?:trillion|billions?|billionen|bill[oó]n|billones|триллион(?:а|ов)?|трлн)$")),
)
_VAGUE_WORDS = (
    "thousands millions hundreds billions trillions miles millones milliers milliards tausende tausenden millionen"
    " milliarden hunderte тысячи тысяч тысячам миллионы миллионов миллиарды сотни сотен"
)
_VAGUE = frozenset(_VAGUE_WORDS.split())
_HALF = re.compile(r"^(?:half|demi|medio|media|halbe|halben|пол|полтора)$")
_JOINED = {
    "полмиллиона": 5e5,
    "полмиллиарда": 5e8,
    "viertelmillion": 2.5e5,
    "полутора": 1.5,
}
_DIGITS = r"\d{1,3}(?:[ \u00a0\u202f.,'’]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?"
_TOKEN = re.compile(rf"(?P<number>{_DIGITS})|(?P<word>[^\W\d_]+)|(?P<other>[%‰])")
_IN_TEN = re.compile(
    r"(\w+) (?:in|out of|sur|de cada|von|из) (?:ten|dix|diez|zehn|десяти|10)\b", re.IGNORECASE
)
_ONE_IN = re.compile(
    r"\b(?:one|un|une|uno|una|einer?|eine[mns]|один|одного|одна) (?:in|out of|sur|de cada|von|из) (\w+)\b"
    r"|\b(?:jede[rnms]?) (dritte|vierte|fünfte)|\bкажд\w+ (трет|четв[её]рт|пят)",
    re.IGNORECASE,
)
_NTH = {"dritte": 3.0, "vierte": 4.0, "fünfte": 5.0, "трет": 3.0, "четверт": 4.0, "четвёрт": 4.0, "пят": 5.0}
_HOURS = re.compile(r"\b(24|48|72|96)[ -]?(?:hours?\b|h\b|heures|stunden|stündig|horas|час)", re.IGNORECASE)
_TONNES = re.compile(r"\b(\w+(?:[.,]\d+)?) (?:tonn|ton\b|tons\b|тонн|tonelada)", re.IGNORECASE)
_PER_CENT = re.compile(r"\b(?:per|pour|por) ?cient[oa]\b|\b(?:per|pour) ?cent\b", re.IGNORECASE)


@lru_cache(maxsize=8)
def _words(lang: str) -> dict[str, float]:
    tables = [_UNITS[lang]] if lang in _UNITS else list(_UNITS.values())
    pairs = (item.split(":") for table in tables for item in table.split())
    return {word: float(value) for word, value in pairs}


def quantities(text: str, lang: str) -> set[float]:
    """Every definite quantity in a sentence as a plain value; "4 von 10" is 40 like "40 %"."""
    found: set[float] = set()
    for share in _IN_TEN.finditer(text):
        value = _words(lang).get(share.group(1).lower()) or _digits(share.group(1), lang)
        if value:
            found.add(value * 10)
    for share in _ONE_IN.finditer(text):
        word = next(part for part in share.groups() if part).lower()
        whole = _NTH.get(word) or _words(lang).get(word) or _digits(word, lang)
        if whole and 2 <= whole <= 20:
            found.add(100 / whole)
            text = text.replace(share.group(), " ", 1)
    for heavy in _TONNES.finditer(text):
        tonnes = _words(lang).get(heavy.group(1).lower()) or _digits(heavy.group(1), lang)
        if tonnes:
            found.add(tonnes * 1000)
            text = text.replace(heavy.group(), " ", 1)
    text = _HOURS.sub(lambda hours: f" {int(hours.group(1)) // 24} ", text)
    text = _PER_CENT.sub(" % ", _IN_TEN.sub(" ", text))
    for run in _runs(text, lang):
        value = _value(run)
        if value is not None and value != 1:
            found.add(value)
    return found


def counts(word: str, lang: str) -> bool:
    """Whether a lower-cased word is a number or a part of one."""
    return word.isdigit() or bool(_word_pieces(word, lang))


Piece = tuple[str, float]
"""What a token is worth: ("unit", 3), ("hundred", 100), ("scale", 1e6)."""


_APART = re.compile("[^ \u00a0\u202f\u2011-]")


def _runs(text: str, lang: str) -> Iterator[list[Piece]]:
    """Maximal runs of tokens that make up one number."""
    run: list[Piece] = []
    end = -9
    for match in _TOKEN.finditer(text):
        pieces = _pieces(match, lang, bool(run))
        gap = text[end : match.start()]
        if pieces and run and (_APART.search(gap) or _starts_anew(run, pieces)):
            yield run
            run = []
        if pieces:
            run += pieces
            end = match.end()
        elif match.group("word") and match.group("word").lower() in _AND.get(lang, ()) and run:
            end = match.end()
        elif run:
            yield run
            run = []
    if run:
        yield run


_AND = {"en": ("and", "a"), "fr": ("et", "de"), "es": ("y", "de"), "de": ("und",), "ru": ()}


def _starts_anew(run: list[Piece], pieces: list[Piece]) -> bool:
    """Two units side by side are two numbers unless the second fills the place that the first left."""
    last, first = run[-1], pieces[0]
    if first[0] != "unit" or last[0] != "unit":
        return False
    figure = str(int(last[1]))
    room = 10 ** (len(figure) - len(figure.rstrip("0")))
    if last[1] in (20, 60):  # soixante-quinze, quatre-vingt-dix-sept
        room = 20
    return first[1] >= room and not (last[1] == 4 and first[1] == 20)


def _pieces(match: re.Match[str], lang: str, inside: bool) -> list[Piece]:
    if match.group("number"):
        return [("unit", _digits(match.group("number"), lang) or 0.0)]
    word = (match.group("word") or "").lower()
    if not word or (word in _VAGUE and not inside):
        return []
    return _word_pieces(word, lang)


@lru_cache(maxsize=65536)
def _word_pieces(word: str, lang: str) -> list[Piece]:
    if word in _JOINED:
        return [("unit", _JOINED[word])]
    if word in _words(lang):
        return [("unit", _words(lang)[word])]
    if _HALF.match(word):
        return [("half", 0.5)]
    if word in _HUNDRED:
        return [("hundred", 100.0)]
    for value, pattern in _SCALES:
        if pattern.match(word) and not (value == 1e9 and word == "billion" and lang != "en"):
            return [("scale", value)]
    return _german(word) if lang == "de" else []


_GERMAN_PART = re.compile(
    r"(dreizehn|vierzehn|fünfzehn|sechzehn|siebzehn|achtzehn|neunzehn|zwanzig|dreißig|vierzig|fünfzig|sechzig|"
    r"siebzig|achtzig|neunzig|hundert|tausend|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|elf|ein|und)"
)


def _german(word: str) -> list[Piece]:
    """Compounds: zweihunderttausend, fünfundzwanzig, viertausendmal."""
    word = re.sub(r"(?:mal|fach|ste[nrs]?)$", "", word)
    parts = _GERMAN_PART.findall(word)
    if "".join(parts) != word or not parts or parts == ["ein"] or parts == ["und"]:
        return []
    numbers: list[Piece] = []
    for part in parts:
        if part == "hundert":
            numbers.append(("hundred", 100.0))
        elif part == "tausend":
            numbers.append(("scale", 1e3))
        elif part != "und":
            numbers.append(("unit", _words("de").get(part, 1.0)))
    return numbers


def _value(run: list[Piece]) -> float | None:
    """Read a run by the usual rule: units add up, hundred and the scales multiply what stands before them."""
    total = current = 0.0
    seen = False
    for kind, value in run:
        if kind == "unit":
            current = current * 20 if (value == 20 and current == 4) else current + value
            seen = True
        elif kind == "half":
            current += 0.5
        elif kind == "hundred":
            current = (current or 1.0) * 100
            seen = True
        else:
            total += (current or 1.0) * value
            current = 0.0
            seen = True
    return total + current if seen else None


def _digits(text: str, lang: str) -> float | None:
    """Read digits with the marks of a language: 1,200 is twelve hundred in English, 1.2 elsewhere is 1,2."""
    grouped = re.fullmatch(r"(\d{1,3}(?:([ \u00a0\u202f.,'’])\d{3})(?:\2\d{3})*)(?:[.,](\d{1,2}))?", text)
    if grouped and not (grouped.group(2) == "." and lang == "en" and text.count(".") == 1):
        whole = re.sub(r"\D", "", grouped.group(1))
        return float(f"{whole}.{grouped.group(3) or 0}")
    plain = re.sub(r"[ \u00a0\u202f'’]", "", text).replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return None


_MOMENTS = {
    "monday": "monday lundi montag lunes понедельник",
    "tuesday": "tuesday mardi dienstag martes вторник",
    "wednesday": "wednesday mercredi mittwoch miércoles сред[аыуе]$",
    "thursday": "thursday jeudi donnerstag jueves четверг",
    "friday": "friday vendredi freitag viernes пятниц",
    "saturday": "saturday samedi samstag|sonnabend sábado суббот",
    "sunday": "sunday dimanche sonntag domingo воскресень",
    "january": "january janvier januar enero январ",
    "february": "february février februar febrero феврал",
    "march": "march mars$ märz marzo март[аеу]?$",
    "april": "april avril april abril апрел",
    "may": "may mai$ mai$ mayo ма[йяею]$",
    "june": "june juin$ juni$ junio июн",
    "july": "july juillet juli$ julio июл",
    "august": "august août august agosto август",
    "september": "september septembre september septiembre сентябр",
    "october": "october octobre oktober octubre октябр",
    "november": "november novembre november noviembre ноябр",
    "december": "december décembre dezember diciembre декабр",
    "spring": "spring$ printemps früh(?:jahr|ling) primavera весн",
    "summer": "summer$ été$ sommer verano$ лет(?:о|ом)$",
    "autumn": "autumn|fall$ automne herbst otoño осен",
    "winter": "winter hiver winter invierno зим[аыуе]",
    "morning": "morning matin vormittag|morgens$ mañanas?$|madrugada утр",
    "evening": "evening|afternoon soir|après-midi$ \\w*abends?$|nachmittag noches?$|tardes?$ вечер",
    "night": "night|overnight nuit nacht(?!r)|nächt noches?$|madrugada ноч",
    "hour": "hours?$ heures?$ stunden?$ horas?$ час(?:а|ов|ы|ам)?$",
    "year": "years?$ ans?$|année jahre?[ns]?$ años?$ год|лет$",
    "day": "days?$ jours?$ tage?n?$ días?$ дн(?:я|ей|ю|ями)$|день$",
    "week": "weeks?$ semaines?$ wochen?$ semanas?$ недел",
    "month": "months?$ mois$ monate?n?s?$ mes(?:es)?$ месяц",
    "round2": "second$ second[e]?$ zweiten?$|stichwahl segunda?$ втор(?:ой|ого|ом|ым|ая)$",
    "round1": "first$ premiers?$|première$ erst(?:en|er|e)?$ primer[ao]?$ перв(?:ый|ого|ом|ая|ой|ую)$",
    "before": "before$|earlier avant$ vor$|bevor$ antes$ до$|перед$",
    "after": "after$|following$ après$ nach$|nachdem$ tras$|después$ после$",
}
CALENDAR = tuple(
    frozenset(names.split())
    for names in (
        "monday tuesday wednesday thursday friday saturday sunday",
        "january february march april may june july august september october november december",
        "spring summer autumn winter",
        "morning evening night",
        "hour day week month year",
        "round1 round2",
    )
)
"""Moments of one sort: what names another of the same sort names another time."""
_LANGUAGES = ("en", "fr", "de", "es", "ru")
_CAPITAL_ONLY = frozenset({"march", "may", "august"})


@lru_cache(maxsize=8)
def _moment_patterns(lang: str) -> list[tuple[str, re.Pattern[str]]]:
    column = _LANGUAGES.index(lang)
    return [(name, re.compile(f"(?:{row.split()[column]})")) for name, row in _MOMENTS.items()]


@lru_cache(maxsize=65536)
def _moments_of(word: str, lang: str) -> tuple[str, ...]:
    return tuple(name for name, pattern in _moment_patterns(lang) if pattern.match(word))


def moments(words: list[str], lang: str) -> set[str]:
    """Days, months, seasons, rounds, before and after, by one name whatever the language."""
    if lang not in _LANGUAGES:
        return set()
    found: set[str] = set()
    for position, word in enumerate(words):
        names = _moments_of(word.lower(), lang)
        if lang == "en" and names and names[0] in _CAPITAL_ONLY and (word.islower() or position == 0):
            continue
        if names in (("round1",), ("round2",)) and not _round(words, position):
            continue
        found.update(names)
    return found


_ROUND = re.compile(r"round|tour|wahlgang|vuelta|тур", re.IGNORECASE)


def _round(words: list[str], position: int) -> bool:
    return any(_ROUND.match(word) for word in words[position + 1 : position + 2])
