"""Which words before a name make a citation of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from probata.analyse.spread.citation import _BEFORE, _cue, _cue_from

_PIECES = st.sampled_from([
    "according to", "told", "citing", "via", "d’après", "rapportées par", "как сообщила", "пишет", "nach einem Bericht",
    "nach Angaben der", "wie", "informó a", "the", "le", "der", "des", "газеты", "agence", "l'", "«", ":", ",", "to",
    "a", "Olivia", "house", "ſelon", "TOLD", "vıa",
])  # fmt: skip


@given(st.lists(st.tuples(_PIECES, st.sampled_from(["", " ", "\n", ": "])), max_size=9))
def test_no_cue_is_passed_over_unread(pieces: list[tuple[str, str]]) -> None:
    """Where the pattern finds a cue it is found from where one may begin."""
    before = "".join(piece + space for piece, space in pieces)
    begin, whole = _cue_from(before), _BEFORE.search(before)
    found = _BEFORE.search(before, begin) if begin >= 0 else None
    assert (found and found.span()) == (whole and whole.span())


def test_a_citation_is_told_with_its_cue_on_one_line() -> None:
    """From the cue to the name, or from the name to the cue; a name in small letters is none."""
    text = "The vote was close, according to\nthe newspaper «Figaro"
    assert _cue(text, len(text) - 6, len(text)) == "according to the newspaper «Figaro"
    assert _cue("Figaro had reported it", 0, 6) == "Figaro had reported"
    assert _cue("told figaro", 5, 11) == ""


def test_a_cue_is_a_word_of_its_own() -> None:
    """The end of another word is none: Olivia is no "via"."""
    for text in ("Olivia Reuters", "he retold Reuters", "Bolivia Reuters"):
        assert _cue(text, len(text) - 7, len(text)) == ""
    assert _cue("seen via Reuters", 9, 16) == "via Reuters"
