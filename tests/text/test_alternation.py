"""Word lists by first letters find what the lists find."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.claims.lexicon import LANGUAGES, lexicon
from probata.text.alternation import alternatives, factored

WORD = st.sampled_from(
    ["de", "den", "deny", "denied", "a", "ab", "ab?c", r"a\|b", "[a|)]c", r"\w+ d", "(b|be)n", "(d)?e"]
)


@given(st.lists(WORD, min_size=1, max_size=8), st.booleans(), st.text("abcden |)x", max_size=40))
@settings(max_examples=300)
def test_a_list_by_first_letters_matches_the_same_spans(words: list[str], bound: bool, text: str) -> None:
    """Whatever the order, and however the words begin: the first that fits stays the first."""
    joined = "|".join(words)
    plain = rf"\b(?:{joined})n?|x{words[0]}" if bound else joined
    assert [m.span() for m in re.finditer(factored(plain), text)] == [
        m.span() for m in re.finditer(plain, text)
    ]


def test_bars_in_sets_and_groups_and_behind_a_backslash_part_nothing() -> None:
    """Only bars outside all of them do."""
    assert alternatives(r"a[|\]|]b|(c|d)|e\|f|[]|]g") == [r"a[|\]|]b", "(c|d)", r"e\|f", "[]|]g"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_shipped_pattern_finds_its_spans(lang: str) -> None:
    """On its own source as text, which holds all its words in disorder."""
    for group in ("patterns", "evidence"):
        for source in (lexicon(lang).raw.get(group) or {}).values():
            plain = re.sub(r"\|\s+", "|", " ".join(source.split()))
            text = re.sub(r"[^\w’' ]+", " ", plain)
            spans = [[m.span() for m in re.finditer(p, text)] for p in (plain, factored(plain))]
            assert spans[0] == spans[1]
