"""Which words around a name make a citation of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.analyse.spread.citation import Citations
from probata.analyse.spread.citation_cues import BEFORE, cue, near

_PIECES = st.sampled_from([
    "according to", "told", "citing", "via", "d’après", "rapportées par", "как сообщила", "пишет", "nach einem Bericht",
    "nach Angaben der", "wie", "informó a", "the", "le", "der", "des", "газеты", "agence", "l'", "«", ":", ",", "to",
    "a", "Olivia", "house", "ſelon", "TOLD", "vıa", "in", "report",
])  # fmt: skip


@given(st.lists(st.tuples(_PIECES, st.sampled_from(["", " ", "\n", ": "])), max_size=9))
def test_no_cue_is_passed_over_unread(pieces: list[tuple[str, str]]) -> None:
    """Where the pattern finds a cue it is found from where one may begin."""
    before = "".join(piece + space for piece, space in pieces)
    begin, whole = near(before)[0], BEFORE.search(before)
    found = BEFORE.search(before, begin) if begin >= 0 else None
    assert (found and found.span()) == (whole and whole.span())


def of(text: str) -> str:
    """The citation of the name in square brackets."""
    start, end = text.index("["), text.index("]") - 1
    return cue(text.replace("[", "").replace("]", ""), start, end)


def test_a_citation_is_told_with_its_cue_on_one_line() -> None:
    """From the cue to the name, or from the name to the cue."""
    assert of("It was close, according to\nthe newspaper «[Figaro]") == "according to the newspaper «Figaro"
    assert of("[Figaro] had reported it") == "Figaro had reported"
    assert of("It rained, reports the [BBC].") == "reports the BBC"
    assert of("Es regnet, wie der [Spiegel] am Montag berichtet.") == "wie der Spiegel am Montag berichtet"


def test_a_cue_is_a_word_of_its_own() -> None:
    """The end of another word is none: Olivia is no "via"."""
    for text in ("Olivia [Reuters]", "he retold [Reuters]", "Bolivia [Reuters]"):
        assert not of(text)
    assert of("seen via [Reuters]") == "via Reuters"


@pytest.mark.parametrize("text", [
    "According to [RT], it rained.", "As [RT] reported, it rained.", "the [BBC] said on Monday that it rained",
    "It rained, reports the [BBC].", "“It rained,” wrote the [Guardian] on Monday.", "quoting [Sputnik], he left",
    "according to a report in the [Guardian], it rained", "alarmed by a report in [RT], he left",
    "A report by the [Guardian] said rain fell", "Yesterday [RT] reported rain", "Britain’s [Guardian] reported rain",
    "according to [Reuters] on Monday", "he told [Reuters] Monday", "(via [Sputnik]\n\nMacron left",
    "he told [Breitbart] News on Friday", "laut [Spiegel] Online, x",
])  # fmt: skip
def test_english_citations(text: str) -> None:
    assert of(text)


@pytest.mark.parametrize("text", [
    "according to [Independent] Senator Angus King", "according to [Independent] senator Angus King",
    "he told [Independent] voters", "via [Sputnik] Planitia", "told [BBC] Radio", "told [Breitbart] News Daily",
    "according to [France] 24",
    "he reported the [BBC] to Ofcom", "Viewers, reported the [BBC] to Ofcom", "He, says the [BBC] is biased",
    "The editor of the [Guardian] said it rained", "an interview with [RT] said so", "a man who works for [RT] said so",
    "neither the BBC nor [RT] reported it", "outlets such as [RT] reported it", "media like [RT] said so",
    "The Financial [Times] reported rain", "Sky [News] reported rain", "hurt by a report on [RT]",
    "the [BBC] said it would appeal", "[RT] said in a statement that it left", "[RT] reported by viewers",
    "the owner of the [Guardian], reports Sputnik, left", "an anti-[RT] reported", "@[RT] reported rain",
    "as told to [RT] @user", "according to [RT].example it rained",
])  # fmt: skip
def test_english_words_that_cite_nobody(text: str) -> None:
    """Longer names, people, objects of a verb, examples of a kind, what an outlet says of itself."""
    assert not of(text)


@pytest.mark.parametrize("text", [
    "comme le rapporte [Le Monde]", "Il pleut, indique [Le Monde].", "Comme l’a révélé [Le Monde], il pleut",
    "[Le Monde] l’a révélé", "selon un article publié dans [Libération]", "selon les informations de [RT], il pleut",
    "Il pleut, a indiqué [Le Monde].", "Selon ce que rapporte [Libération], il pleut",
])  # fmt: skip
def test_french_citations(text: str) -> None:
    assert of(text)


@pytest.mark.parametrize("text", [
    "Le rapport indique [Le Monde] comme source", "selon [Sputnik] Planum", "selon un article sur [Le Monde]",
    "Le directeur du [Monde] a révélé cela", "le patron de l’[Express] écrit", "des médias comme [Sputnik] et RT",
    "des médias tels que [Sputnik] affirme", "Il lit [Le Monde], affirme-t-il",
])  # fmt: skip
def test_french_words_that_cite_nobody(text: str) -> None:
    assert not of(text)


@pytest.mark.parametrize("text", [
    "wie der [Spiegel] berichtet", "Wie [Sputnik] und RT am Montag berichteten, regnet es",
    "Es regnet, wie [Reuters] unter Berufung auf Kreise meldete.", "Es regnet, berichtet die [Süddeutsche Zeitung].",
    "So schreibt der [Spiegel]: Es regnet", "laut einem Bericht des [Spiegel], x", "laut Angaben von [RT] regnet es",
    "Dem [Spiegel] zufolge regnet es", "Der Sender [RT] berichtete", "laut [Spiegel]-Informationen regnet es",
])  # fmt: skip
def test_german_citations(text: str) -> None:
    assert of(text)


@pytest.mark.parametrize("text", [
    "Medien wie [Sputnik] und andere schreiben gern ab, meint der Verband.", "Blätter wie der [Spiegel] berichten gern",
    "Wie [Sputnik] berichtet auch die BBC aus Paris.", "Wie [Sputnik] hat auch der Guardian berichtet.",
    "Wie [Sputnik] Deutschland berichtet, regnet es", "Wie [Sputnik], schreibt er", "Portale wie [RT] berichtet er",
    "Der Nutzer meldet [Sputnik] bei Facebook", "Es regnet, schreibt er dem [Spiegel]", "laut [RT]-PCR-Test",
    "Berichten zufolge [RT] Geld gab", "Der Chefredakteur des [Spiegel] schreibt", "laut einem Bericht über [RT]",
    "laut [Independent]-Senator King", "Frankfurter [Rundschau] berichtet",
])  # fmt: skip
def test_german_words_that_cite_nobody(text: str) -> None:
    assert not of(text)


@pytest.mark.parametrize("text", [
    "según informó [El País]", "Llueve, publica [El País].", "Según publica [El País], llueve",
    "lo que reveló [El País]",
    "Llueve, ha informado [El País].", "según un reportaje publicado en [El País], llueve",
    "de acuerdo con [RT], llueve",
])  # fmt: skip
def test_spanish_citations(text: str) -> None:
    assert of(text)


@pytest.mark.parametrize("text", [
    "El grupo publicó [El País] en 1976", "medios como [El País] y RT", "según un informe sobre [El País]",
    "El director de [El País] publicó una nota", "ni [El País] publica eso", "según [Independent] Diplomat",
])  # fmt: skip
def test_spanish_words_that_cite_nobody(text: str) -> None:
    assert not of(text)


@pytest.mark.parametrize("text", [
    "как пишут «[Известия]»", "сообщили «[Известия]»", "сообщает [RT]", "Об этом сообщил [RT].",
    "Телеканал [RT] сообщил",
    "Идет дождь, отмечает «[Коммерсантъ]».", "как отмечают «[Известия]»", "по данным [Sputnik] Макрон",
])  # fmt: skip
def test_russian_citations(text: str) -> None:
    assert of(text)


@pytest.mark.parametrize("text", [
    "Он передал [RT] документы", "Сегодня отмечает [Sputnik] юбилей", "Глава [RT] сообщил",
    "редактор «[Известий]» пишет",
    "владелец «[Известий]», сообщает RT", "по данным [Россия] Сегодня", "ни [RT] сообщил", "такие как [RT] пишет",
])  # fmt: skip
def test_russian_words_that_cite_nobody(text: str) -> None:
    assert not of(text)


def test_a_name_in_small_letters_needs_words_that_leave_it_no_adjective() -> None:
    """ "Laut taz" cites; "according to independent sources" does not, nor does a time that said."""
    assert cue("laut taz hat es geregnet", 5, 8, small=True)
    assert cue("laut taz, es regnet", 5, 8, small=True)
    assert not cue("according to independent sources", 13, 24, small=True)
    assert not cue("this time said", 5, 9, small=True)


def test_a_link_names_no_outlet() -> None:
    """What links to one article of an outlet is no evidence of its others."""
    cited = Citations(
        [(3, "Guardian", 1, -1, -1, "hyperlink"), (4, "Guardian", -1, 0, 8, "names its source")]
    )
    assert cited.outlets() == {4: {"Guardian": "names its source"}}
