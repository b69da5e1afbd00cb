"""What a statement does: asserts, accuses, denies, demands, predicts, declines.

The lists of a language say what a cue does ("denied", "urged"), whether it is negated, and which words of denial,
accusation, demand and forecast the content holds. These and the words themselves are weighed by a small linear model
(``act_model``), since no cue decides alone: "rejected the offer" is no denial, "said it was a lie" is one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from probata.analyse.claims.act_model import ACTS as ACTS
from probata.analyse.claims.act_model import Weights, best, parts, weights
from probata.analyse.claims.lexicon import french_forms, lemma_of, lexicon
from probata.text.alternation import factored

_AHEAD = 80
"""Code points in which a statement must speak of what is to come: later on it is a mere aside."""
_PARTICLE = re.compile(r"\W*(on|upon|for|to|with)\b\s*")
_TAKES_PARTICLE = re.compile(
    r"\b(?:call(?:s|ed|ing)?|appeal(?:s|ed|ing)?|plead(?:s|ed|ing)?|press(?:es|ed|ing)?|push(?:es|ed|ing)?)$"
)
"""English cues whose preposition says what they do, and is at times left to the content ("called | on X to go")."""
_BARE_CALL = re.compile(r"\bcall(?:s|ed|ing)?$")
"""To call somebody something is no demand."""
_WORDS = re.compile(r"[\w’']+")
_NEGATION = re.compile(
    r"\b(not|never|no longer|n['’]t|ne|n['’]|pas|nicht|nie|no|nunca|не)\b|n['’]t\b", re.IGNORECASE
)
_BEGINNING = 200
"""Code points in which a denial must show: further on, it is mostly something else that is denied."""

_WINDOW = 250
"""Code points of a content that are looked at: the act of a long quotation is set by how it begins."""


@lru_cache(maxsize=64)
def pattern(lang: str, group: str, name: str) -> re.Pattern[str]:
    """A pattern of the language's cue list, for text in lower case; one that never matches where there is none."""
    source = (lexicon(lang).raw.get(group) or {}).get(name)
    flat = re.sub(r"\|\s+", "|", " ".join(source.split())) if source else r"(?!)"
    low = re.sub(
        r"\\.|[^\\]+", lambda piece: piece.group() if "\\" in piece.group() else piece.group().lower(), flat
    )
    return re.compile(factored(low))


def act_of(
    lang: str,
    lemma: str,
    negated: bool,
    cue: str,
    content: str,
    table: Weights | None = None,
) -> str:
    """The act of one attribution from its cue (lemma, negation, text) and its content.

    ``table`` takes the place of the shipped weights (for cross-validation); a language without weights asserts.
    """
    table = weights(lang) if table is None else table
    return best(table, features_of(lang, lemma, negated, cue, content)) if table else ACTS[0]


def features_of(lang: str, lemma: str, negated: bool, cue: str, content: str) -> dict[str, set[Any]]:
    """Features of a statement for the model: what the lists say of it, and its words."""
    cue, head = cue.lower(), content[:_WINDOW].lower()
    particle = _PARTICLE.match(head) if _TAKES_PARTICLE.search(cue) else None
    if particle:
        cue, head = f"{cue} {particle.group(1)}", head[particle.end() :]
    places = {
        name: match.start()
        for name in ("deny", "accuse", "demand", "predict", "pledge", "decline")
        if (match := pattern(lang, "patterns", name).search(head))
    }
    told = [f"{name} {'early' if at < _AHEAD else 'late'}" for name, at in places.items()]
    told.append(f"guess {_by_content(places)}")
    own = lexicon(lang).acts.get(lemma) if not _BARE_CALL.search(cue) else None
    if own:
        told.append(f"cue not {own}" if negated else f"cue {own}")
    elif negated:
        told.append("cue not")
    return parts(cue, head, told)


def _by_content(places: dict[str, int]) -> str:
    """What the content looks like: a denial at the beginning, else whichever of demand and accusation comes first."""
    if places.get("deny", _BEGINNING) < _BEGINNING:
        return "denies"
    wanted = {name: at for name, at in places.items() if name in ("demand", "accuse")}
    if wanted:
        return min(wanted, key=lambda name: wanted[name])
    return "predicts" if places.get("predict", _AHEAD) < _AHEAD and "pledge" not in places else "asserts"


def act_for_text(lang: str, cue: str, content: str) -> str:
    """The act from the words of cue and content alone: for annotated spans and engines without a tree."""
    lemma, negated = lemma_in(lang, cue)
    return act_of(lang, lemma, negated, cue, content)


@lru_cache(maxsize=10_000)
def lemma_in(lang: str, cue: str) -> tuple[str, bool]:
    """The lemma of a cue that carries an act, else its last word's, and whether the cue is negated."""
    words = re.findall(r"[^\W_]+", cue.lower()) if lang == "fr" else _WORDS.findall(cue.lower())
    forms = french_forms() if lang == "fr" else {}
    lemmas = [forms.get(word) or lemma_of(lang, word) for word in words]
    acts = lexicon(lang).acts
    lemma = next((lemma for lemma in lemmas if lemma in acts), lemmas[-1] if lemmas else "")
    return lemma, bool(_NEGATION.search(cue))
