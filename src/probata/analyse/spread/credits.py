"""What the credit line of a news agency looks like, at the head of a text and at its end.

A credit stands in a dateline ("PARIS, Feb 3 (Reuters) -", "МОСКВА, 3 фев - РИА Новости."), in a byline, or at the end
("(avec AFP)", "dpa/afp", "/ТАСС/", "The Associated Press contributed to this report."). The name of an agency anywhere
else is a citation, not a credit, and so is the credit of a picture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

AGENCIES = (
    "Reuters", "Reuter", "AFP", "Agence France-Presse", "AP", "Associated Press", "UPI",
    "PA Media", "Press Association",
    "Bloomberg News", "TASS", "ITAR-TASS", "ТАСС", "ИТАР-ТАСС", "RIA Novosti", "РИА Новости", "Interfax", "Интерфакс",
    "dpa", "dpa-AFX", "Deutsche Presse-Agentur", "APA", "sda", "Keystone-SDA", "epd", "KNA", "SID", "EFE",
    "Europa Press", "ANSA", "Belga", "ATS", "Xinhua", "Kyodo", "Ukrinform", "Укринформ", "УНИАН", "Anadolu",
)  # fmt: skip
_DOUBTFUL = frozenset({"ap", "pa media", "apa", "sda", "epd", "kna", "sid", "ats", "upi", "belga"})
"""Names with other meanings: they need a dateline, a list of agencies or a place of their own."""
_INITIALS = {"rtr": "Reuters", "rtre": "Reuters"}
"""What reporters write in lists of agencies."""
_KNOWN = {name.casefold(): name for name in AGENCIES}
_OURS = _KNOWN | _INITIALS
_SITES = frozenset({
    "reuters.com", "afp.com", "apnews.com", "ap.org", "ria.ru", "tass.com", "tass.ru", "interfax.ru", "interfax.com",
    "dpa.com", "efe.com", "europapress.es", "ansa.it", "belga.be", "upi.com", "xinhuanet.com", "kyodonews.net",
    "ukrinform.net", "ukrinform.ua", "unian.net", "unian.ua", "unian.info", "aa.com.tr", "apa.at", "keystone-sda.ch",
})  # fmt: skip
_SERVICE = re.compile(r"\s+(?:fact[\s-]?check(?:ing)?|factuel|factual|faktencheck)$")
"""What an agency calls its own desk of checkers: AFP Fact Check."""
HEAD, TAIL = 260, 220
"""Code points at the head and at the end of a text in which a credit may stand."""


def _spelled(names: Iterable[str]) -> str:
    return "|".join(re.escape(name).replace(r"\ ", r"\s+") for name in sorted(names, key=len, reverse=True))


def _named(names: Iterable[str]) -> str:
    """Names as we spell them or in capitals."""
    return f"(?P<name>{_spelled({spelling for name in names for spelling in (name, name.upper())})})"


_NAME, _CERTAIN = _named(AGENCIES), _named(name for name in AGENCIES if name.casefold() not in _DOUBTFUL)
_ANY = f"(?i:{_spelled((*AGENCIES, *_INITIALS))})"
_THE = r"(?:[Tt]he\s+|[Dd]er\s+|[Ll]a\s+|[Ll]['’])?"
_MORE = rf"(?:\s*(?:[/,]|,?\s(?:and|et|und|e|y|и|&)\s)\s*{_THE}{_ANY})*"
_LIST = rf"{_THE}(?P<name>{_ANY}){_MORE}"
"""Agencies one after the other."""
_BESIDE = r"(?:\s*[/,]\s*[\w .-]{2,20})?"
"""Somebody else in the brackets."""
_DASH = "[-–—−]"
_CAPITAL = "[A-ZÀ-ÖØ-ÞА-ЯЁ]"
_PLACE = (
    r"(?:^|[\n|]|[.!?…»”\"]\s)\s*(?!(?:In|At|On|From|By|An?|Im|Am|Bei|Der|Das|Eine?|En|Dans|Para|В|На|Из)\s)"
    rf"{_CAPITAL}[^\W\d_][^\n()\[\]|;:!?]{{0,60}}?"
)
"""A line or sentence that begins with a capital, as the place of a dateline does."""
_CAPITALS = rf"(?:{_CAPITAL}|\d)[\w.'’-]*"
_DATE = r"\d{1,2}\s+\w{3,9}\.?"
_LINE_END = r"[^\S\n]*(?:\n|$|[|•·]|\s[-–—]\s)"
_HEADS = tuple(re.compile(form) for form in (
    # PARIS, Feb 3 (Reuters) - MADRID (EFE). BERLIN (AP) Police ...
    rf"{_PLACE}\s*[(\[]\s*{_LIST}{_BESIDE}\s*[)\]]\s*(?:[-–—−:._|\n]|(?=[A-ZÀ-ÖØ-ÞА-ЯЁ«„“\"]))",
    # behind anything, where the name has no other meaning
    rf"[(\[]\s*{_CERTAIN}{_BESIDE}\s*[)\]]\s*[.:]?\s*{_DASH}",
    rf"^\W*[(\[]\s*{_NAME}{_BESIDE}\s*[)\]]",
    rf"^\W*{_NAME}(?:\s+{_DASH}\s|:\s)",
    # /ТАСС/ and /Корр. ТАСС Иван Петров/
    rf"(?<!\w)/\s*(?:[Кк]орр\.\s+)?{_CERTAIN}(?:\s[^/\n]{{1,30}})?\s*/",
    rf"\(\s*(?:avec|con|mit|with)\s+{_LIST}\s*\)",
    # МОСКВА, 3 фев - РИА Новости, Иван Петров.
    rf"{_PLACE}[,.\d][^\n()\[\]/|;:!?]{{0,25}}?\s{_DASH}\s*{_NAME}"
    rf"(?:,\s+{_CAPITAL}[\w-]+(?:\s+{_CAPITAL}[\w-]+){{1,2}})?\s*(?:\.|\s{_DASH}|\n|$)",
    # Москва. 14 февраля. ИНТЕРФАКС -
    rf"(?:^|\n)\s*{_CAPITAL}[\w-]+(?:[ -][\w-]+){{0,3}}\.\s+{_DATE}\s+{_NAME}\s*(?:{_DASH}|\.|\n)",
    # By JOHN SMITH, Associated Press
    rf"(?:^|\n)[^\S\n]*(?:By|BY|Par|Von|Por|De|От)\s+"
    rf"(?:{_CAPITALS}(?:[^\S\n]+(?:and|et|und|y|e|de|von|van|{_CAPITALS})){{0,9}},?\s+(?:of\s+|avec\s+)?)?"
    rf"{_THE}{_NAME}(?:\s+(?:Staff|Writers?|Reporters?|Correspondents?))?{_LINE_END}",
    # Par Le Figaro avec AFP
    rf"(?:^|\n)[^\S\n]*(?:(?:Par|Por|Von)\s+)?(?:{_CAPITALS}\s+){{1,4}}(?:avec|con|mit)\s+{_LIST}[^\S\n]*(?:\n|$)",
))  # fmt: skip
_APART = rf"(?:^|\n|[.!?…»”\"’)\]]\s|[\s(\[]{_DASH}{{1,2}}\s|[(\[])\s*"
"""Where a credit may begin that is no part of a sentence."""
_OUT_OF = (
    r"(?:[Aa]vec(?:\s+informations?)?\s+(?:de\s+|d['’]\s*)?|[Cc]on(?:\s+informaci[oó]n(?:es)?\s+de)?\s+|"
    r"[Ww]ith\s+(?:(?:inputs?|files|reporting|material|assistance)\s+(?:from|by)\s+)?|"
    r"[Mm]it\s+(?:(?:Agenturm|M)aterial\s+(?:von\s+)?)?|[Bb]ased\s+on\s+reporting\s+by\s+)"
)
_NO_OUTLET = (
    r"(?!(?:Interview|Entretien|Entrevista|Intervista|Rencontre|Accord|Contrat|Partenariat|Collaboration|"
    r"Acuerdo)\s)"
)
_COPY, _RIGHTS = r"(?:©|\([Cc]\)|[Cc]opyright)\s*", r"(?:\W{0,3}(?i:all rights reserved))?\.?$"
_TAILS = tuple(re.compile(form) for form in (
    # in brackets: AFP; afp, dpa, rtr
    rf"(?P<own>[.!?…»”\"’]\s*)?[(\[]\s*(?P<with>{_OUT_OF})?{_LIST}\s*[)\]](?P<stop>\.?)$",
    # jum/dpa, /ТАСС/, dpa/afp, Le Point/AFP
    rf"(?:[(\[]|\s)[a-zäöüß]{{2,4}}(?:/[a-zäöüß]{{2,4}})*/{_LIST}[)\]]?\.?$",
    rf"(?<!\w)/\s*{_NAME}\s*/\s*\.?$",
    rf"(?:(?<=[\s(])|^)(?P<name>{_ANY})\s*/\s*{_ANY}\s*[)/]?\.?$",
    rf"\w/{_NAME}\s*[)/]?\.?$",
    rf"{_APART}{_OUT_OF}{_LIST}\s*[)\]]?\.?$",
    # Le Figaro avec AFP et Reuters
    rf"{_APART}{_NO_OUTLET}(?:{_CAPITALS}\s+){{1,4}}(?:avec|con|mit)\s+{_LIST}\s*[)\]]?$",
    rf"(?:^|\s){_NO_OUTLET}{_CAPITALS}\s+(?:avec|con)\s+{_LIST}$",
    rf"\b(?:Sources?|Quellen?|Fuentes?|Источники?|По\s+материалам)\s*:?\s+{_LIST}\s*[)\]]?\.?$",
    rf"\s{_DASH}{{1,2}}\s*{_NAME}$",
    rf"[.!?…»”\"’]\s+{_DASH}{{1,2}}\s*{_NAME}\.$",
    # © 2017 AFP and Copyright 2017 The Associated Press. All rights reserved.
    rf"{_COPY}(?:\d{{4}}\s*[-–]\s*)?\d{{4}},?\s+(?:by\s+)?{_THE}{_NAME}{_RIGHTS}",
    rf"{_COPY}{_THE}{_NAME}\s+\d{{4}}{_RIGHTS}",
    # The Associated Press contributed to this report.
    rf"\b{_NAME}{_MORE}(?:\s+(?:writers?|reporters?|correspondents?|journalists?)\b[^!?\n]{{0,120}})?"
    r"\s+(?:also\s+)?contributed\s+to\s+this\s+(?:report|story|article)\.?\s*[)\]]?$",
))  # fmt: skip
_REPORTERS = re.compile(r"Reporting by [^;]{3,80};?\s*[Ee]diting by \w")
_PICTURE = re.compile(r"(?i)\b(?:photo|foto|image|bild|picture|getty|фото|video|grafik)\w*\b[^.!?\n]{0,60}$")
"""What makes a credit that of a picture."""

_WORD = re.compile(r"\w+")
FIRST_WORDS = frozenset(_WORD.findall(name)[0] for name in (*_OURS, "reporting by"))
"""Without one of these words, in small letters, there is no credit."""
_BEGINNINGS = tuple(
    dict.fromkeys(_WORD.findall(form)[0] for name in AGENCIES for form in (name, name.upper()))
)
_ENDINGS = re.compile(
    "|".join(dict.fromkeys(_WORD.findall(name)[-1] for name in _OURS))
    + r"|report|story|article|reserved|\d{4}",
    re.IGNORECASE,
)


def agency_of(text: str | None) -> str:
    """The agency that a text credits at its head or end, or ""."""
    if not text:
        return ""
    head, tail = text[:HEAD], text[-TAIL:].rstrip()
    found = _at_head(head) if any(map(head.__contains__, _BEGINNINGS)) and _may_credit(head) else ""
    if not found and _may_end(tail) and _may_credit(tail):
        found = _at_end(tail)
    return found


def _may_end(tail: str) -> bool:
    """Whether a text ends as credits do, or names its reporters: the patterns cost many times as much."""
    last = _WORD.search(tail[::-1])
    return "Reporting by " in tail or bool(last and _ENDINGS.fullmatch(last.group()[::-1]))


def _may_credit(piece: str) -> bool:
    return not FIRST_WORDS.isdisjoint(_WORD.findall(piece.casefold()))


def _at_head(head: str) -> str:
    for form in _HEADS:
        match = form.search(head)
        if match and not _spelled_out(match, head):
            return _name(match)
    return ""


def _at_end(tail: str) -> str:
    if _REPORTERS.search(tail):
        return "Reuters"
    for form in _TAILS:
        match = form.search(tail)
        if match and not (_PICTURE.search(tail[: match.start("name")]) or _in_sentence(match, tail)):
            return _name(match)
    return ""


def _in_sentence(match: re.Match[str], tail: str) -> bool:
    """Whether a bracket at the end belongs to the last sentence, which ends behind it or needs what it says."""
    groups = match.groupdict()
    if "own" not in groups or groups["own"] or groups["with"]:
        return False
    alone = match.group().strip("([.)] ") == groups["name"]
    doubtful = alone and groups["name"].casefold() in _DOUBTFUL
    return bool(groups["stop"]) or doubtful or _spelled_out(match, tail)


def _spelled_out(match: re.Match[str], text: str) -> bool:
    """Whether the name is but the short form of the words before its bracket: "Andhra Pradesh (AP)"."""
    name, before = match["name"], text[: match.start("name")].rstrip()
    if not name.isupper() or before[-1:] not in ("(", "["):
        return False
    capitals = (word for word in re.findall(r"[\w.,]+", before[:-1]) if word[0].isupper())
    words = list(capitals)[-len(name) :]
    return "".join(word[0] for word in words).upper() == name and not any(word[-1] in ".," for word in words)


def _name(match: re.Match[str]) -> str:
    """The agency that a match names, as our list spells it."""
    found = " ".join(match["name"].split())
    return _OURS.get(found.casefold(), found)


def is_agency(source: str) -> bool:
    """Whether a source is an agency, by its name or its site."""
    name = re.sub(r"^https?://|/.*$", "", source.casefold().strip())
    sites = (".".join(name.split(".")[-labels:]) for labels in (2, 3))
    return re.sub(r"\.\w+$", "", _SERVICE.sub("", name)) in _KNOWN or any(site in _SITES for site in sites)
