"""What a statement cites for itself, and whether its source is named.

``evidence`` of a row is a list of {kind, text, start, end}; kinds: document, data, link, study, official, anonymous.
An empty list says that nothing was cited in the statement itself.
"""

from __future__ import annotations

import re
from typing import Any

from probata.analyse.claims.actors import Mention, actors_of, mentions
from probata.analyse.claims.acts import pattern
from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal

KINDS = ("document", "data", "link", "study", "official", "anonymous")

_WINDOW = 600
"""Code points of a span that are looked at."""
_FRAME = {
    "en": r"according to|citing|cite[sd]?|show(s|n|ed|ing)?|prov(e|es|ed|en|ing)|publish\w*|"
    r"post(s|ed)|produced?|reveal\w*|leaked|released|found|finds?|confirm\w*|obtained|seen|based on|in an?|in the|"
    r"on the basis|conclu\w*|indicat\w*|say|says|said|establish\w*|document(s|ed)|suggest\w*|from",
    "fr": r"selon|d['’]après|cit(e|ant|ent)|montr\w+|prouv\w+|publi\w+|produi\w+|révèl\w+|révél\w+|divulgu\w+|"
    r"obtenus?|consult\w+|confirm\w+|établ\w+|conclu\w*|indiqu\w+|attest\w+|"
    r"dans (un|une|le|la|les|des)|s['’]appuy\w+|suggèr\w+",
}
_FRAME |= {
    "de": r"laut|zufolge|gemäß|nach|zeig(?:t|te|en|ten)|beleg\w+|beweis\w+|veröffentlich\w+|bestätig\w+|ergab|ergeben|"
    r"hervorgeht|"
    r"fest(?:gestellt|stellte)|auf grundlage|aus (?:dem|der|einem|einer|den)|entschied|befand",
    "es": r"según|de acuerdo con|muestra\w*|demuestra\w*|prueba[ns]?|public\w+|confirm\w+|concluy\w+|consta|revel\w+|"
    r"obtenid\w+|basad\w+|cita\w*|de(?:l| la| los) .{0,20}se desprende",
    "ru": r"согласно|по данным|показ\w+|доказ\w+|опубликова\w+|подтверд\w+|следует из|установ\w+|ссыла\w+|получен\w+|"
    r"на основании|свидетельств\w+",
}
_CITES = {lang: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for lang, words in _FRAME.items()}
"""Words by which something is cited: a noun of evidence in a content counts only near one of them."""
_NEAR = 40
"""Code points before and after the noun within which such a word must stand."""
_NONE = re.compile(
    r"\b(?:no|not|never|without|any|lack(?:s|ed)?|neither|sans|aucune?|pas|jamais|kein\w*|ohne|ningun\w*|sin|без)\b"
    r"|n['’]t\b",
    re.IGNORECASE,
)
"""Nothing is cited by "no documents"."""
_BEFORE = 25
"""Code points before the noun in which such a negation counts."""
_LINK = re.compile(r"https?://[^\s<>\"”»)]+|\bwww\.[^\s<>\"”»)]+")


def anonymous(document: Document, proposal: Proposal) -> bool:
    """Whether the source is spoken of without a name: "officials who asked not to be named", "a nurse"."""
    if proposal.source is None:
        return False
    start, end = proposal.source
    if pattern(document.lang, "patterns", "anonymous").search(document.low, start, end):
        return True
    actors = actors_of(document.lang)
    first = next(mentions(document.text, document.low, (start, end), actors), None) if actors else None
    if first is None or actors is None or actors.kin(first.head) or _NAMED.search(document.text, start, end):
        return False
    return _one_of(document, start, first)


_NAMED = re.compile(r"[A-ZÀ-ÝА-ЯЁ][\w’'-]+ [A-ZÀ-ÝА-ЯЁ][\w’'-]+")
_SOME = frozenset(
    ("a", "an", "one", "two", "three", "several", "some", "un", "une", "deux", "trois", "plusieurs", "certains", "ein",
     "eine", "einer", "zwei", "drei", "mehrere", "einige", "una", "uno", "dos", "tres", "varios", "varias", "один",
     "одна", "два", "две", "двое", "трое", "несколько")
)  # fmt: skip
"""Determiners by which somebody is left without a name."""


def _one_of(document: Document, start: int, first: Mention) -> bool:
    """Whether a noun for people stands under an indefinite determiner or a small number, at the start of a source."""
    speaks_for = _SPEAKS_FOR.search(first.head)
    return (
        first.determiner in _SOME
        and first.span[0] - start < 25
        and not speaks_for
        and _starts_with(document, start)
    )


def _starts_with(document: Document, start: int) -> bool:
    """Whether the source opens with its determiner: "a rancher" behind a name is no nameless one."""
    word = re.match(r"\W*([^\W_]+)", document.low[start : start + 20])
    return bool(word and word.group(1) in _SOME)


_SPEAKS_FOR = re.compile(
    r"spokes|porte-parole|sprecher|portavoz|представител|lawyer|attorney|avocat|anw[aä]lt|abogad"
)
"""Whoever speaks for somebody named is not anonymous."""
_FIGURE = re.compile(
    r"(?<![\w.,:/-])(?!(?:19|20)\d\d\b)(?:\d{1,3}(?:[.,   ]\d{3})+|\d{2,3}|\d+[.,]\d+)(?![\w:/-]|[.,]\d)"
    r"(?!\s*(?:uhr|heures|years|ans\b|jahre|años|лет|год|h\b|euros?|€|dollars?|mill?i|миллион|рубл|jan|f[eé][bv]|mar|apr|"
    r"avr|ma[iy]|jui|jul|ao[uû]t|aug|ago|sep|o[ck]t|nov|d[eéi][czk]|янв|фев|мар|апр|ма[яй]|ию|авг|сен|окт|ноя|дек))"
)
"""A number of things counted or measured: no year, date, age or price."""
_DIGIT = re.compile(r"\d")
_REPORTS = frozenset({"asserts", "accuses", "denies"})


def evidence_of(
    document: Document, proposal: Proposal, act: str = "", nameless: bool = False
) -> list[dict[str, Any]]:
    """Evidence cited in the source phrase or the content of one statement, each span verbatim.

    ``nameless`` is what ``anonymous`` says of it.
    """
    declined = act == "declines" and proposal.source is not None
    found: list[dict[str, Any]] = []
    spans = [*([proposal.source] if proposal.source else []), *proposal.content]
    for place, (start, end) in enumerate(spans):
        if place and declined:
            break  # what is not commented on is not cited
        inside = place > 0 or proposal.source is None
        for kind in ("document", "data", "study", "official"):
            if place and kind == "official" and act == "demands":
                continue  # the body that something is demanded of is not cited
            _add(found, document, kind, pattern(document.lang, "evidence", kind), (start, end), inside)
        if document.linked:
            _add(found, document, "link", _LINK, (start, end))
    if act in _REPORTS:
        for span in proposal.content:
            if _DIGIT.search(document.low, *span):  # the look around a figure costs ten times as much
                _add(found, document, "data", _FIGURE, span)
    if nameless and proposal.source is not None:
        start, end = proposal.source
        found.append({"kind": "anonymous", "text": document.text[start:end], "start": start, "end": end})
    return sorted(found, key=lambda item: (item["start"], item["kind"]))


def _add(
    found: list[dict[str, Any]],
    document: Document,
    kind: str,
    what: re.Pattern[str],
    span: tuple[int, int],
    framed: bool = False,
) -> None:
    """Add the first match of a kind within a span, ``framed``: the first that is cited; once a statement."""
    piece = document.low[span[0] : min(span[1], span[0] + _WINDOW)]
    first = what.search(piece)
    if first is None or any(item["kind"] == kind for item in found):
        return
    for match in what.finditer(piece, first.start()):
        place = (span[0] + match.start(), span[0] + match.end())
        if not framed or _cited(document, place):
            text = document.text[place[0] : place[1]]
            found.append({"kind": kind, "text": text, "start": place[0], "end": place[1]})
            return


def _cited(document: Document, place: tuple[int, int]) -> bool:
    """Whether a noun of evidence stands with a word that cites it and is not denied to exist."""
    text, (start, end) = document.text, place
    if _NONE.search(text, max(0, start - _BEFORE), start):
        return False
    cites = _CITES.get(document.lang)
    if cites is None or text[start].isdigit():
        return True
    return bool(cites.search(text, max(0, start - _NEAR), start) or cites.search(text, end, end + _NEAR))
