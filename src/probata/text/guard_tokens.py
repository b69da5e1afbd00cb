"""Words of a sentence made comparable: disguises undone, Cyrillic in Latin letters, names as a skeleton."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["latin", "plain_text", "skeleton", "words_of"]

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+\.\S+")
_SOCIAL = re.compile(r"(?<!\w)[#@](?=\w)")
_WORD = re.compile(r"[^\W_]+")
_CAMEL = re.compile(r"(?<=[a-zà-ÿа-я])(?=[A-ZÀ-ÞА-Я])")
_TAG = re.compile(r"(?<!\w)#(\w+)")

_LOOKALIKE = dict(
    zip("АВЕКМНОРСТУХаеорсухіІјЈѕЅԁԛԝһ", "ABEKMHOPCTYXaeopcyxiIjJsSdqwh", strict=True),
)
_TO_LATIN = str.maketrans(_LOOKALIKE)
_TO_CYRILLIC = str.maketrans({latin: cyrillic for cyrillic, latin in list(_LOOKALIKE.items())[:20]})
_CYRILLIC = re.compile(r"[\u0400-\u052f]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")


def plain_text(text: str) -> str:
    """Undo what hides a copy: compatibility forms, hidden characters, look-alike letters, shouting, hashtags, links."""
    text = _HIDDEN.sub("", unicodedata.normalize("NFKC", text))
    text = _SOCIAL.sub("", _TAG.sub(_opened_tag, _ADDRESS.sub(" ", text)))
    if _LATIN.search(text) and _CYRILLIC.search(text):
        text = _WORD.sub(_one_script, text)
        if len(_LATIN.findall(text)) > len(_CYRILLIC.findall(text)):
            text = _WORD.sub(_whole_disguise, text)
    return " ".join(_quieter(text).split())


def _whole_disguise(match: re.Match[str]) -> str:
    """A word of nothing but look-alikes in a Latin text is a Latin word."""
    word = match.group()
    return word.translate(_TO_LATIN) if all(letter in _LOOKALIKE for letter in word) else word


def _opened_tag(match: re.Match[str]) -> str:
    """#StopTheVote is three words."""
    return _CAMEL.sub(" ", match.group(1)).replace("_", " ")


def _one_script(match: re.Match[str]) -> str:
    """A word that mixes Latin and Cyrillic letters is written in the script that most of its letters are from."""
    word = match.group()
    cyrillic, latin = len(_CYRILLIC.findall(word)), len(_LATIN.findall(word))
    if not cyrillic or not latin:
        return word
    own_cyrillic = sum(letter not in _LOOKALIKE for letter in _CYRILLIC.findall(word))
    return word.translate(_TO_CYRILLIC if own_cyrillic else _TO_LATIN)


def _quieter(text: str) -> str:
    """Text in capitals only is lowered but for the first letter of each sentence."""
    letters = [letter for letter in text if letter.isalpha()]
    capitals = sum(letter.isupper() for letter in letters)
    if len(letters) < 12 or capitals < 0.7 * len(letters):
        return text
    return re.sub(r"(^|[.!?…]\s+)(\w)", lambda found: found.group(1) + found.group(2).upper(), text.lower())


def words_of(text: str, lang: str) -> list[str]:
    """Words in order, as written; "didn't" is "did", "not" and an elided article stands alone."""
    if lang == "en":
        text = re.sub(r"n['’]t\b", " not", text)
        text = re.sub(r"['’]s\b", "", text)
    return _WORD.findall(text)


_LETTERS = dict(
    zip(
        "абвгдеёзийклмнопрстуфхцыэіїєґўьъ",
        [*"a b v g d e e z i i k l m n o p r s t u f h ts y e i i e g u".split(), "", ""],  # noqa: SIM905
        strict=True,
    )
)
_LETTERS |= {"ж": "zh", "ч": "ch", "ш": "sh", "щ": "sch", "ю": "yu", "я": "ya"}
_FOLDS = (
    ("tsch", "c"), ("sch", "s"), ("tch", "c"), ("zh", "z"), ("ch", "c"), ("sh", "s"), ("ts", "s"), ("tz", "s"),
    ("kh", "h"), ("ph", "f"), ("th", "t"), ("ck", "k"), ("qu", "k"), ("gu", "g"), ("dj", "z"), ("x", "ks"),
    ("w", "v"), ("q", "k"), ("c", "k"), ("j", "z"), ("z", "s"), ("y", "i"), ("h", ""),
)  # fmt: skip


@lru_cache(maxsize=65536)
def latin(word: str) -> str:
    """Lower case, Latin letters, no marks."""
    spelled = "".join(_LETTERS.get(letter, letter) for letter in word.lower())
    plain = unicodedata.normalize("NFKD", spelled)
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@lru_cache(maxsize=65536)
def skeleton(word: str) -> str:
    """Consonants of a name in one spelling, doubles once: Sobolewa, Soboleva and Соболева are "sblv"."""
    folded = latin(word)
    for spelling, sound in _FOLDS:
        folded = folded.replace(spelling, sound)
    kept = folded[:1] + re.sub(r"[aeiou]", "", folded[1:])
    return re.sub(r"(.)\1+", r"\1", kept)
