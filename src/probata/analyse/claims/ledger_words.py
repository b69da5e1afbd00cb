"""Word lists of the ledger as expressions, and names brought to one form: any of five languages, either script."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from importlib import resources
from typing import Any

import yaml

_LATIN = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch _ y _ e iu ia i i e g"
_CYRILLIC = dict(zip("абвгдеёжзийклмнопрстуфхцчшщъыьэюяіїєґ", _LATIN.split(" "), strict=True))
_ENDINGS = re.compile(
    r"(?:[оеё]го|[оеё]му|[ыи]ми|[аоеи]й|ый|ая|яя|ую|юю|[ыио]м|[еь]м|[ая]х|[ая]м|[ыиаяуюеоь])$"
)
"""Case endings of Russian names and adjectives."""
_WORD = re.compile(r"\w+")
_FUZZY = 5
"""Letters from which two words may differ in their ending: shorter ones must be equal."""

Canon = tuple[str, ...]


@lru_cache(maxsize=1)
def _lists() -> dict[str, Any]:
    text = resources.files("probata.data").joinpath("claims/ledger.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))


@lru_cache(maxsize=32)
def alternatives(*names: str) -> str:
    """The lists of those names as one group of an expression."""
    flat = "|".join(re.sub(r"\|\s+", "|", " ".join(_lists()[name].split())).strip("|") for name in names)
    return f"(?:{flat})"


@lru_cache(maxsize=32)
def words(*names: str) -> re.Pattern[str]:
    """An expression that finds any of those lists' words standing alone."""
    return re.compile(rf"(?<!\w){alternatives(*names)}(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=1)
def state_forms() -> dict[str, tuple[str, str]]:
    """Names and seats of states and their adjectives, as expressions, by the state's code."""

    def flat(text: str) -> str:
        return re.sub(r"\|\s+", "|", " ".join(text.split()))

    return {
        code: (flat(forms["names"]), flat(forms["adjectives"])) for code, forms in _lists()["states"].items()
    }


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(_plain(word) for word in _lists()["generic"].split())


@lru_cache(maxsize=100_000)
def _plain(word: str) -> str:
    """A word without accents, Cyrillic in Latin letters and without its case ending."""
    low = word.lower()
    if any(letter in _CYRILLIC for letter in low):
        low = _ENDINGS.sub("", low) if len(low) > 4 else low
        return "".join(_CYRILLIC.get(letter, letter) for letter in low).replace("_", "")
    folded = unicodedata.normalize("NFKD", low)
    return "".join(letter for letter in folded if not unicodedata.combining(letter))


@lru_cache(maxsize=100_000)
def canon(name: str) -> Canon:
    """The words of a name in one form, without titles and kinds of bodies before it; () for a mere kind."""
    bare = re.sub(r"[’'](?:s\b|(?=\W|$))", "", name)
    found = [_plain(word) for word in _WORD.findall(bare)]
    while found and found[0] in _generic():
        found.pop(0)
    return tuple(found)


def alike(a: str, b: str) -> bool:
    """Whether two words are one but for their ending."""
    if a == b:
        return True
    short, long = sorted((a, b), key=len)
    if long == f"{short}s":
        return True  # a genitive
    if len(short) < _FUZZY or len(long) - len(short) > 2:
        return False
    return long.startswith(short[:-1] if len(short) > _FUZZY else short)


def one_name(a: Canon, b: Canon) -> bool:
    """Whether the words of one name end the other ("ferrand", "richard ferrand")."""
    short, long = sorted((a, b), key=len)
    return bool(short) and all(alike(x, y) for x, y in zip(short, long[-len(short) :], strict=True))


def block(name: Canon) -> str:
    """What names that may be one share: the beginning of the last word; "" for none."""
    return name[-1][:_FUZZY] if name else ""


def inflected(word: str) -> str:
    """A Cyrillic word without its case ending; any other word as it is."""
    low = word.lower()
    if len(word) > 4 and any(letter in _CYRILLIC for letter in low):
        return _ENDINGS.sub("", word)
    return word


def capitals(text: str) -> list[str]:
    """Words that start with a capital."""
    return [word for word in _WORD.findall(text) if word[0].isupper()]
