"""Languages told by function words, where these leave no doubt."""

from probata.text.function_words import plain_languages
from probata.text.language import MANY, language, languages

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
)  # fmt: skip


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


def test_capitals_are_read_as_small_letters() -> None:
    """The model would take them for Japanese."""
    assert language(TOLD["en"].upper()) == "en"


def test_half_a_surrogate_pair_stops_nobody() -> None:
    """JSON may hold one, and the model takes none."""
    assert language("\ud800 " + TOLD["fr"]) == "fr"
