"""Cue, quotation and clause rules without a parser: German, Spanish, Russian, and English and French without one.

Patterns around a cue form outside quotation marks: «Q», cue NP; NP cue: «Q»; NP cue that CLAUSE; according to NP,
CLAUSE. The noun phrase is cut at marks and at words that cannot stand in one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from probata.analyse.claims.document import Document, Span
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.incise import CLITIC
from probata.analyse.claims.lexicon import breaks, lemma_of, lexicon, words_of

_NP_WORDS = 12
_TITLE = "".join(rf"(?<!\b{title}\.)" for title in (
    "M", "Mr", "Mrs", "Ms", "Mme", "Dr", "Sr", "Sra", "St", "Sen", "Rep", "Gov", "Gen", "Prof", "Hr", "Fr"
))  # fmt: skip
"""A full stop after one of these ends no phrase: "M. Lefèvre", "Sen. Ruiz"."""
_BREAKS = re.compile(rf"[.;:!?»”\"“()—–]{_TITLE}\s*")
_STOPS = re.compile(rf"[.,;:!?«“„\"()—–]{_TITLE}\s|[.,;:]$|\n")
_NEAR = 90
"""Code points from a quotation within which its cue is looked for."""
_LEAD = 600
"""Code points before a quotation in which the sentence that leads into it is looked for."""
_KEEP = frozenset({"in", "at", "for", "dans", "sur", "pour", "für", "im", "en", "para", "в", "на"})
_NAMEISH = re.compile(r"[A-ZÀ-ÝА-ЯЁ]")
_TITLEISH = re.compile(
    r"\b(the|a|an|his|her|its|their|le|la|l['’]|les|un|une|son|sa|der|die|das|ein|eine|el|los|las|una|he|she|they|it|we|i|"
    r"il|elle|ils|elles|on|je|nous|er|sie|es|wir|ich|él|ella|ellos|он|она|они|мы|я)\b", re.IGNORECASE
)  # fmt: skip


def beside(document: Document, quote: Span) -> tuple[Span | None, Span | None, str]:
    """(source, cue, lemma) of a quotation from the words right after it, else right before it."""
    text, lang = document.text, document.lang
    paragraph = document.paragraph_at(quote[0])
    inside = next((span for span in document.incises if quote[0] <= span[0] < quote[1]), None)
    if inside is not None:
        return _inside(document, inside)
    after = (quote[1], _bound(document, quote[1], min(paragraph[1], quote[1] + _NEAR)))
    cue = _first_cue(document, after)
    if cue is not None and not re.search(r"[.!?]\s", text[quote[1] : cue[0]]):
        return _around(document, cue, after), cue, lemma_of(lang, text[cue[0] : cue[1]])
    start = _sentence_start(document, quote[0], max(paragraph[0], quote[0] - _LEAD))
    found = [span for span in document.cues(start, quote[0]) if not document.mask[span[0]]]
    if found:
        span = found[-1]
        if lang == "en":  # what stands between an English cue and the quotation is spoken to, not speaking
            return (
                noun_phrase_before(document, start, span[0]),
                span,
                lemma_of(lang, document.low[slice(*span)]),
            )
        return _around(document, span, (start, quote[0])), span, lemma_of(lang, document.low[slice(*span)])
    return None, None, ""


def _inside(document: Document, incise: Span) -> tuple[Span | None, Span | None, str]:
    """Source and cue of a reporting clause within the quotation."""
    cue = next(iter(document.cues(*incise)), None)
    if cue is None:
        return None, None, ""
    source = _clitic(document, cue) or noun_phrase_after(document, cue[1], incise[1])
    return source, cue, lemma_of(document.lang, document.low[slice(*cue)])


def _clitic(document: Document, cue: Span) -> Span | None:
    """The pronoun of an inverted verb: "a-t-il dit", "dit-elle"."""
    match = CLITIC.search(document.text, cue[0], min(len(document.text), cue[1] + 9))
    return match.span(1) if match and match.start() <= cue[1] else None


def _bound(document: Document, start: int, end: int) -> int:
    """Where the next quotation begins, or ``end``."""
    place = next((i for i in range(start, end) if document.mask[i]), end)
    return place


def _sentence_start(document: Document, at: int, floor: int) -> int:
    """Start of the sentence that leads into a quotation."""
    starts = [m.end() for m in re.finditer(r"[.!?]\s+", document.text[floor:at])]
    return floor + (starts[-1] if starts else 0)


def _first_cue(document: Document, span: Span) -> Span | None:
    cue = next(iter(document.cues(*span)), None)
    return cue if cue and not document.mask[cue[0]] else None


def _around(document: Document, cue: Span, within: Span) -> Span | None:
    """The noun phrase before the cue, or after it where nothing stands before (inversion)."""
    clitic = _clitic(document, cue) if document.lang == "fr" else None
    before = clitic or noun_phrase_before(document, within[0], cue[0])
    return before or noun_phrase_after(document, cue[1], within[1])


def noun_phrase_before(document: Document, floor: int, end: int) -> Span | None:
    """The noun phrase that ends right before ``end``."""
    piece = document.text[floor:end]
    cut = max((m.end() for m in _BREAKS.finditer(piece)), default=0)
    start = floor + cut
    comma = list(re.finditer(r",\s*", document.text[start:end]))
    if comma and not document.text[start + comma[-1].end() : end].strip():
        comma.pop()  # an apposition closes right before the verb
        if comma:
            start += comma[-1].end() if len(comma) % 2 == 0 else 0
    elif comma:
        start += comma[-1].end()
    return _phrase(document, start, end, last=True)


def noun_phrase_after(document: Document, start: int, end: int) -> Span | None:
    """The noun phrase that begins right after the cue."""
    stop = _STOPS.search(document.text[start:end])
    found = _phrase(document, start, start + stop.start() if stop else end, last=False)
    return with_name(document.text, found) if found else None


def _phrase(document: Document, start: int, end: int, last: bool) -> Span | None:
    """Trim a stretch to a plausible noun phrase: at most a dozen words, none that ends one, a name or a pronoun."""
    words = [(start + m.start(), start + m.end()) for m in re.finditer(r"[^\s,]+", document.text[start:end])]
    stop = breaks(document.lang)
    kept: list[Span] = []
    for span in reversed(words) if last else words:
        word = document.text[span[0] : span[1]].lower()
        if len(kept) >= _NP_WORDS or (word in stop and not (word in _KEEP and kept and not last)):
            break
        kept.append(span)
    kept.sort()
    if not kept:
        return None
    found = (kept[0][0], kept[-1][1])
    text = document.text[found[0] : found[1]]
    return found if _NAMEISH.search(text) or _TITLEISH.search(text) else None


_APPOSED = re.compile(r",\s+(?:[A-ZÀ-ÝА-ЯЁ][\w’'\-]+\s?){2,4}(?=[,.;:!?»”\"]|$|\s[—–])")


def with_name(text: str, source: Span) -> Span:
    """A title together with the name set after it: «le directeur du journal, Paul Petit»."""
    if len(re.findall(r"(?<!\w)[A-ZÀ-ÝА-ЯЁ]\w+ [A-ZÀ-ÝА-ЯЁ]", text[source[0] : source[1]])):
        return source
    match = _APPOSED.match(text, source[1])
    return (source[0], match.end() - (len(match.group()) - len(match.group().rstrip()))) if match else source


class CueRules:
    """Engine ``rules`` for languages without a parser."""

    name = "rules"
    version = "2"

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
        """See ``Extractor.extract``."""
        from probata.analyse.claims.quotes import quotation_proposals
        from probata.analyse.claims.rules_linear import leftover

        for document in documents:
            found = quotation_proposals(document, 3)
            taken = [span for p in found for span in (*p.content, *([p.cue] if p.cue else []))]
            found += clauses(document, taken)
            yield document, found + leftover(document, spans_in(found))


def spans_in(proposals: Iterable[Proposal]) -> list[Span]:
    """Every span of some proposals."""
    return [
        span for p in proposals for span in (*p.content, *(s for s in (p.source, p.cue) if s is not None))
    ]


def clauses(document: Document, taken: list[Span]) -> list[Proposal]:
    """Indirect speech: NP cue that CLAUSE; according to NP, CLAUSE. Sentences with taken spans are passed over."""
    found: list[Proposal] = []
    busy = sorted(taken)
    at = 0
    for sentence in document.sentences:
        while at < len(busy) and busy[at][1] <= sentence[0]:
            at += 1
        if at < len(busy) and busy[at][0] < sentence[1]:
            continue
        proposal = _introduced(document, sentence) or _subordinate(document, sentence)
        if proposal is not None:
            found.append(proposal)
    return found


@lru_cache(maxsize=8)
def _introducers(lang: str) -> re.Pattern[str]:
    """Words before a source that need no verb, for text in lower case."""
    words = words_of(lexicon(lang).raw.get("introduces") or [])
    joined = "|".join(re.escape(word.lower()) for word in sorted(words, key=len, reverse=True)) or r"(?!)"
    return re.compile(
        rf"\b(?:{joined})(?![\w’'])\s*|\bd[’']après\s+" if lang == "fr" else rf"\b(?:{joined})\s+"
    )


def _introduced(document: Document, sentence: Span) -> Proposal | None:
    """«According to NP, CLAUSE» and «CLAUSE, according to NP»."""
    match = _introducers(document.lang).search(document.low, *sentence)
    if match is None or document.mask[match.start()]:
        return None
    source = noun_phrase_after(document, match.end(), sentence[1])
    if source is None:
        return None
    cue = (match.start(), match.start() + len(match.group().rstrip()))
    if cue[0] - sentence[0] < 4:
        content = _trim(document.text, (source[1], sentence[1]))
    else:
        content = _trim(document.text, (sentence[0], cue[0]))
    return Proposal((content,), source, cue, 0.5, "according") if content else None


@lru_cache(maxsize=8)
def _subordinators(lang: str) -> re.Pattern[str]:
    words = words_of(lexicon(lang).raw.get("subordinators") or [])
    joined = "|".join(re.escape(word) for word in words) or r"(?!)"
    glue = r"(?:\w+ ){0,3}?" if lang != "de" else r"(?:[\w ]{0,60})?"
    return re.compile(rf",?\s*(?:{glue},?\s*)(?P<that>{joined})(?:(?<=[’'])|(?=[\s’']))\s*", re.IGNORECASE)


_BARE = re.compile(r"\s+(?=[\w$])")
_COLON = re.compile(r"\s*:\s*")


def _subordinate(document: Document, sentence: Span) -> Proposal | None:
    """«NP cue that CLAUSE», «NP cue: CLAUSE»; in English also without the conjunction."""
    text = document.text
    for cue in document.cues(*sentence):
        if document.mask[cue[0]]:
            continue
        that = _subordinators(document.lang).match(text, cue[1], sentence[1])
        bare = document.lang == "en" and _BARE.match(text, cue[1], sentence[1])
        colon = _COLON.match(text, cue[1], sentence[1])
        if not (that or bare or colon):
            continue
        start = that.start("that") if that else cue[1]
        source = noun_phrase_before(document, sentence[0], cue[0])
        if source is None and that:
            source = noun_phrase_after(document, cue[1], that.start("that"))
        content = _trim(text, (start, sentence[1]))
        if source is not None and content is not None:
            return Proposal((content,), source, cue, 0.4, lemma_of(document.lang, document.low[slice(*cue)]))
    return None


def _trim(text: str, span: Span) -> Span | None:
    start, end = span
    while start < end and (text[start].isspace() or text[start] in ",:;–—-"):
        start += 1
    while end > start and (text[end - 1].isspace() or text[end - 1] in ",:;.–—-"):
        end -= 1
    return (start, end) if text.count(" ", start, end) >= 1 else None
