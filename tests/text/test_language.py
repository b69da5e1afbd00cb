"""Languages told by function words, where these leave no doubt."""

import pytest

from probata.text.function_words import plain_languages
from probata.text.language import MANY, PREFIX, language, languages, languages_in
from probata.text.tokens import to_bytes

TOLD = {
    "en": "The minister said on Monday that she would not sign the agreement, which has been on the table for more "
    "than a year, and that the members of the committee have to wait until the end of the month.",
    "fr": "La ministre a dit lundi qu'elle ne signera pas cet accord, qui est sur la table depuis plus d'un an, et que "
    "les membres de la commission ont jusqu'à la fin du mois pour donner leur avis dans une lettre.",
    "de": "Die Ministerin hat am Montag gesagt, dass sie das Abkommen nicht unterschreiben wird, das seit mehr als "
    "einem Jahr auf dem Tisch liegt, und dass die Mitglieder des Ausschusses noch bis zum Ende des Monats warten.",
    "es": "La ministra dijo el lunes que no firmará el acuerdo, que está sobre la mesa desde hace más de un año, y que "
    "los miembros de la comisión del parlamento tienen hasta el final del mes para dar una respuesta a las partes.",
    "ru": "Министр сказала в понедельник, что она не подпишет соглашение, которое уже больше года лежит на столе, и "
    "что члены комиссии должны ждать до конца месяца, а после этого они могут дать свой ответ для всех сторон.",
}
GUARDED = (
    "O presidente disse que não vai mudar a lei e que os deputados da oposição não têm razão quando falam das contas "
    "do Estado, porque até ao fim do ano tudo será pago.",
    "Il presidente ha detto che non cambierà la legge e che i deputati dell'opposizione non hanno ragione quando "
    "parlano dei conti dello Stato, perché entro la fine dell'anno tutto sarà pagato.",
    "De president zei dat hij de wet niet zal veranderen en dat de oppositie geen gelijk heeft als het over de "
    "begroting van de staat gaat, want voor het einde van het jaar is alles betaald.",
    "Президент сказав, що не змінюватиме закон і що депутати опозиції не мають рації, коли говорять про рахунки "
    "держави, бо до кінця року все буде сплачено.",
    "Президентът каза, че няма да промени закона и че депутатите от опозицията не са прави, когато говорят за "
    "сметките на държавата, защото до края на годината всичко ще бъде платено.",
    "El president va dir que no canviarà la llei i que els diputats de l'oposició no tenen raó quan parlen dels "
    "comptes de l'Estat, perquè fins al final de l'any tot serà pagat amb els diners del fons.",
    "Tổng thống nói rằng ông sẽ không thay đổi luật và các đại biểu của phe đối lập là những người đã sai khi nói về "
    "ngân sách của nhà nước, để đến cuối năm nay tất cả sẽ được trả cho một quỹ trong nước.",
    "Dywedodd y llywydd na fydd yn newid y gyfraith ac nad yw aelodau yr wrthblaid yn iawn am gyfrifon y wlad, a bod y "
    "cyfan i gael ei dalu o fewn y flwyddyn gyda chymorth yr arian sydd yn y gronfa.",
)  # fmt: skip
FIGURES = (
    "London 7512 Tokio 38923 Wall Street 41054 Frankfurt 18560 Brent 8145 Gold 2331 Gazprom 16385 Volkswagen 11720 "
    "Repsol 1455 Danone 5942 Rosneft 58290 Siemens 17408 Telefonica 423 Michelin 3716 Lukoil 7425 Bayer 2811 "
    "Total 6620 Nokia 345 Heineken 9212 Samsung 77300"
)  # names and figures as at the head of a market report, in no language
SWAHILI = (
    "Rais alisema kwamba hatabadilisha sheria hiyo mwaka huu, kwa sababu wabunge wengi wa upinzani hawakubaliani "
    "naye kuhusu bajeti ya serikali. Waziri wa fedha alisema fedha zote zitalipwa kabla ya mwisho wa mwaka, lakini "
    "wananchi wengi hawaamini ahadi hiyo tena. Mkutano mwingine utafanyika mjini Dodoma wiki ijayo, alisema msemaji."
)


def test_running_text_of_five_languages_needs_no_model():
    """A sentence or two with their function words are enough."""
    assert plain_languages(list(TOLD.values())) == list(TOLD)


def test_near_languages_are_left_to_the_model():
    """Portuguese is not taken for Spanish, Ukrainian not for Russian, Dutch not for German."""
    assert plain_languages(GUARDED) == [None] * len(GUARDED)


def test_two_languages_in_one_text_are_left_to_the_model():
    """Half German, half French: neither is plain."""
    assert plain_languages([TOLD["de"][:150] + " " + TOLD["fr"][:150]]) == [None]


def test_many_texts_get_the_answers_that_few_get():
    """Function words first or the model alone: on plain sentences both say the same."""
    texts = [*TOLD.values(), *GUARDED, "", "12 345"]
    few = languages(texts)
    assert languages(texts * MANY)[: len(texts)] == few
    assert few[: len(TOLD)] == list(TOLD)


def opens_with_figures(text: str) -> str:
    """A long text whose first look shows next to nothing."""
    return " ".join((FIGURES, *3 * (text,)))


@pytest.mark.parametrize("lang", list(TOLD))
def test_a_text_that_begins_with_figures_is_told_by_what_follows(lang: str) -> None:
    """The first look leaves it in doubt, the second one does not."""
    text = opens_with_figures(TOLD[lang])
    assert plain_languages([text[:PREFIX], text]) == [None, lang]


@pytest.mark.parametrize("text", GUARDED)
def test_near_languages_are_left_to_the_model_at_a_second_look_too(text: str) -> None:
    """More words of Portuguese make it no likelier to be Spanish."""
    assert plain_languages([opens_with_figures(text)]) == [None]


@pytest.mark.parametrize("lang", list(TOLD))
def test_a_second_look_does_not_tell_the_language_of_what_is_quoted_further_down(lang: str) -> None:
    """A text in a language without a list here, with three paragraphs in another behind it, is left to the model."""
    assert plain_languages([f"{SWAHILI} {TOLD[lang]} {TOLD[lang]} {TOLD[lang]}"]) == [None]


def test_a_second_look_tells_only_the_language_that_was_ahead_at_the_first() -> None:
    """Figures and half a sentence in French, then English: what the text begins in is in doubt, not what follows."""
    assert plain_languages([" ".join((FIGURES, TOLD["fr"][:60], *3 * (TOLD["en"],)))]) == [None]


def test_two_languages_in_turn_are_left_to_the_model_at_a_second_look_too() -> None:
    """Half German, half French behind the figures: neither is plain."""
    assert plain_languages([opens_with_figures(TOLD["de"] + " " + TOLD["fr"])]) == [None]


def test_more_function_words_are_counted_than_a_byte_holds() -> None:
    """Of 260 of one word four would be left, if the byte began again."""
    assert plain_languages([(FIGURES + " " + FIGURES)[:290] + 260 * " the"]) == ["en"]


def test_texts_in_a_buffer_get_the_answers_that_strings_get() -> None:
    """Whichever look or the model tells them, and whatever bytes their letters take."""
    texts = [*TOLD.values(), *GUARDED, SWAHILI, "", "12 345", FIGURES]
    texts += [opens_with_figures(text) for text in texts]
    assert languages_in(to_bytes(texts * MANY))[: len(texts)] == languages(texts * MANY)[: len(texts)]
    assert languages_in(to_bytes(texts)) == languages(texts)


def test_capitals_are_read_as_small_letters() -> None:
    """The model would take them for Japanese."""
    assert language(TOLD["en"].upper()) == "en"


def test_half_a_surrogate_pair_stops_nobody() -> None:
    """JSON may hold one, and the model takes none."""
    assert language("\ud800 " + TOLD["fr"]) == "fr"
