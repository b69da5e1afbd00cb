"""Words in code points, read for a whole document or for some stretches of it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.regions import Stretches, numbers_shared, stretches
from probata.text.tokens import Texts, Tokens, places, to_bytes, tokenise

_TEXTS = st.lists(
    st.text(st.sampled_from("ab 1É#Zß\n\"“”„«»‘’‚‹›「」&;,中\u200b'-😀" + "long" * 3), max_size=60),
    min_size=1,
    max_size=4,
)


def word_by_word(texts: Texts, tokens: Tokens) -> tuple[np.ndarray, np.ndarray]:
    """Places of all words, each a stretch of its own, and which of them are quoted; every document is read whole."""
    rows = np.repeat(np.arange(len(texts)), tokens.lengths())
    words = np.arange(len(rows)) - tokens.first[rows] + tokens.first[0]
    return stretches(texts, Stretches(rows, words, words + 1))


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(_TEXTS)
def test_words_lie_where_they_are_told_one_by_one(given_texts: list[str]) -> None:
    """Reading eight letters at a time finds the same places as letter by letter."""
    texts = to_bytes(given_texts)
    tokens = tokenise(texts)
    found, _ = word_by_word(texts, tokens)
    told = [np.column_stack(places(texts, row, int(n))) for row, n in enumerate(tokens.lengths())]
    assert found.tolist() == np.concatenate(told).tolist()


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(_TEXTS, st.randoms())
def test_stretches_are_those_of_the_whole_document(given_texts: list[str], chance: random.Random) -> None:
    """A document is read no further than its stretches need, which changes neither places nor quoted words."""
    texts = to_bytes(given_texts)
    tokens = tokenise(texts)
    words, quoted = word_by_word(texts, tokens)
    rows, begins, ends = [], [], []
    for row, length in enumerate(tokens.lengths().tolist()):
        for _ in range(3 if length else 0):
            low = chance.randint(0, length - 1)
            rows.append(row)
            begins.append(low)
            ends.append(chance.randint(low + 1, length))
    asked = Stretches(*(np.array(column, np.int64) for column in (rows, begins, ends)))
    base = tokens.first[asked.document] - tokens.first[0]
    low, high = base + asked.begin, base + asked.end
    for threads in (1, 2):
        points, quotes = stretches(texts, asked, threads)
        assert points[:, 0].tolist() == words[low, 0].tolist()
        assert points[:, 1].tolist() == words[high - 1, 1].tolist()
        spans = zip(low.tolist(), high.tolist(), strict=True)
        assert quotes.tolist() == [int(quoted[begin:end].sum()) for begin, end in spans]


def test_what_is_set_in_quotation_marks_is_quoted() -> None:
    """Marks of any language, also where the stretch ends before the closing one."""
    texts = to_bytes(['he said "one two three" and left', "так «один два три» и"])
    asked = Stretches(np.array([0, 0, 1]), np.array([0, 2, 0]), np.array([3, 4, 5]))
    assert stretches(texts, asked)[1].tolist() == [1, 2, 3]


def quoted(text: str) -> str:
    """The words of a text that stand in quotation marks."""
    texts = to_bytes([text])
    begins, ends = places(texts, 0, int(tokenise(texts).lengths()[0]))
    inside = word_by_word(texts, tokenise(texts))[1].astype(bool)
    return " ".join(text[a:b] for a, b in zip(begins[inside].tolist(), ends[inside].tolist(), strict=True))


@pytest.mark.parametrize(
    "marks",
    ['"{}"', "“{}”", "„{}“", "„{}”", '„{}"', '“{}"', "«{}»", "«\u00a0{}\u00a0»", "»{}«", "‘{}’", "'{}'", "‚{}‘", "‹{}›",
     "「{}」", "『{}』"],
)  # fmt: skip
def test_words_between_marks_of_any_form_are_quoted(marks: str) -> None:
    """Double or single, of one language or another, or a low mark closed by the straight one of the keyboard."""
    assert quoted(f"he said {marks.format('one two’s three')}, and left") == "one two s three"


def test_marks_written_out_are_marks() -> None:
    """The entity of web pages, left undone, stands for its mark; its name is a word like any other."""
    assert quoted("he said &quot;one two&quot; and don&rsquo;t") == "quot one two"
    assert quoted("il a dit &laquo; un deux &raquo; et&amp;") == "laquo un deux"


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('„Wir dulden das nicht", sagte er. Still war es. „Ernst“ sei es.', "Wir dulden das nicht Ernst"),
        ('A 27"-screen showed it. Nothing moved. She called it "grave".', "grave"),
        ('A 27" screen showed it. Nothing moved. She called it "grave".', "grave"),
        ('He has “a 27"-screen at home” and more', "a 27 screen at home"),
        ('"Never! he cried. Nothing moved. Then he added: "We go on".', "We go on"),
        ("“Never! he cried. Nothing moved. Then he added: “We go on”.", "We go on"),
        ("„Nie, rief er. Nichts geschah. Er nannte es „ernst“.", "ernst"),
        ("«Нет, сказал он. Было тихо. Он назвал это «бедой». И ушёл.", "бедой"),
        ("«Нет, сказал он. Было тихо. Он добавил: «Да», — и ушёл.", "Да"),
        ('"Never! he cried.\n\nNothing moved. It was "grave".', "grave"),
        ("Es ging nicht.“ Nichts geschah. Er nannte es „ernst“.", "ernst"),
        ('It ended" she said, and nothing moved. It was "grave".', "grave"),
    ],
)  # fmt: skip
def test_a_stray_mark_quotes_nothing(text: str, inside: str) -> None:
    """What is never closed ends at the next opening mark or with its paragraph; inches open nothing."""
    assert quoted(text) == inside


@pytest.mark.parametrize(
    "text",
    ["don't say it's the dogs' home", "l'eau d'État n’est qu’un mot", "the '90s and the ’80s, the workers' years",
     "get 'em before the workers' strike", "rock 'n' roll", "'s avonds in de huizen' straat", "’twas the boys’ home",
     "a 6' wall and a 5' one", "O'Neill and D’Annunzio, the Joneses’ house", "la 'ndrangheta e un po' di pane",
     "the summer of ‘68 in the students’ quarter"],
)  # fmt: skip
def test_apostrophes_quote_nothing(text: str) -> None:
    """Elisions, genitives, years and feet are no single quotation marks."""
    assert quoted(text) == ""


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ('“one "two" three” four', "one two three"),
        ('"one “two” three" four', "one two three"),
        ("« un « deux » trois » quatre", "un deux trois"),
        ("„eins ‚zwei‘ drei“ vier", "eins zwei drei"),
        ("‘one “two” three’ four", "one two three"),
        ("‘The workers’ rights are trampled on,’ he said", "The workers rights are trampled on"),
        ("‘Save the dogs’ campaign began ‘early’ on", "Save the dogs early"),
        ("«Мы идём в «Газпром», — сказал он. Было тихо.", "Мы идём в Газпром"),
    ],
)  # fmt: skip
def test_a_quotation_may_hold_another(text: str, inside: str) -> None:
    """Marks within marks end nothing, nor does a genitive within single marks."""
    assert quoted(text) == inside


@pytest.mark.parametrize("marks", ['""', "“”", "„“", "«»", "‘’"])
def test_a_quotation_runs_on_where_the_next_paragraph_begins_with_its_mark(marks: str) -> None:
    """Each paragraph opens anew, the last one closes; lines broken in a sentence are no paragraphs."""
    begin, end = marks
    broken = f"{begin}Words that go on and on until they reach\nthe margin of the page{end} he said."
    assert quoted(f"{begin}One two.\n\n{begin}Three four{end} he said.") == "One two Three four"
    assert quoted(broken).endswith("reach the margin of the page")


@pytest.mark.parametrize(
    "other", ["1,200", "1.200", "1 200", "1\u00a0200", "1\u2009200", "1\u202f200", "1'200"]
)
def test_a_number_is_the_same_however_its_thousands_are_set_off(other: str) -> None:
    """Several words on one side and one on the other are one number; beside it decimals stay what they are."""
    assert shared(f"of {other} men and 2.5 boats", "of 1200 men and 2.5 boats") == [3, 3, 3]
    assert shared(f"{other} men", f"{other} boats") == [2, 2, 2]


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("1,200 men", "1300 men", [2, 1, 0]),
        ("0.125 of it", "125 of it", [2, 1, 1]),
        ("2.5 of it", "25 of it", [2, 1, 0]),
        ("1,20 of it", "120 of it", [2, 1, 0]),
        ("on 3 May, 200 men", "on 3200 men", [2, 1, 0]),
        ("May 3, 200 men", "May 3 some 200 men", [2, 2, 2]),
        ("1,200,300 men", "1200300 men", [1, 1, 1]),
        ("3, 1,200 men", "3 and 1200 men", [2, 2, 2]),
        ("025,000 men", "25000 men", [2, 1, 0]),
        ("1,005 men", "1005 men", [1, 1, 1]),
        ("25,000 and 1200", "25000 and 1,200", [2, 2, 2]),
    ],
)
def test_numbers_are_joined_only_where_the_other_side_has_the_whole(
    one: str, two: str, expected: list[int]
) -> None:
    """Groups of three digits behind one to three, no zero first; all else is compared word by word."""
    assert shared(one, two) == expected


def shared(one: str, two: str) -> list[int]:
    tokens = tokenise(to_bytes([one, two]))
    bounds = [np.array([edge], np.int64) for row in (0, 1) for edge in (tokens.first[row], tokens.last[row])]
    found = np.empty((3, 1), np.int64)
    numbers_shared(tokens.slots, bounds, found)
    counts: list[int] = found[:, 0].tolist()
    return counts


@settings(deadline=None)  # a kernel may be compiled in the first example
@given(st.lists(st.integers(0, 9), max_size=90), st.lists(st.integers(0, 9), max_size=90))
def test_numbers_in_common_are_counted_as_often_as_both_have_them(one: list[int], two: list[int]) -> None:
    """Odd words are numbers; order does not matter."""
    slots = np.array([*one, *two], np.uint32)
    edges = [np.array([place], np.int64) for place in (0, len(one), len(one), len(slots))]
    found = np.empty((3, 1), np.int64)
    numbers_shared(slots, edges, found)
    odd = [[word for word in words if word % 2] for words in (one, two)]
    common = sum(min(odd[0].count(word), odd[1].count(word)) for word in set(odd[0]))
    assert found[:, 0].tolist() == [len(odd[0]), len(odd[1]), common]
