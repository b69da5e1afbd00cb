"""Same, denies, differs: numbers, names, roles and reversals are seen in five languages."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.text.guard import Guard, compare, decide, shipped_weights
from probata.text.guard_cast import cast
from probata.text.guard_concepts import concepts, opposed, stands_for
from probata.text.guard_features import FEATURES
from probata.text.guard_numbers import moments, quantities
from probata.text.guard_reading import read
from probata.text.guard_spelling import name_likeness
from probata.text.guard_tokens import plain_text, skeleton


@pytest.mark.parametrize(
    ("text", "lang", "values"),
    [
        ("more than four thousand attacks", "en", {4000}),
        ("plus de 4 000 attaques", "fr", {4000}),
        ("Douze cents emplois", "fr", {1200}),
        ("quatre-vingt-dix-sept députés", "fr", {97}),
        ("250.000 Euro", "de", {250_000}),
        ("eine Viertelmillion Euro", "de", {250_000}),
        ("zweihunderttausend Stimmen", "de", {200_000}),
        ("3,2 Mrd. Euro", "de", {3.2e9}),
        ("пятьсот тысяч евро", "ru", {500_000}),
        ("полмиллиона евро", "ru", {500_000}),
        ("el 31 por ciento", "es", {31}),
        ("cuatro de cada diez", "es", {40}),
        ("in 2016, 300 people", "en", {2016, 300}),
        ("millions of votes", "en", set()),
        ("a man and one woman", "en", set()),
    ],
)
def test_quantities_have_one_value_in_every_language(text: str, lang: str, values: set[float]) -> None:
    """Digits, words and compounds of a number are the same value; what is vague is none."""
    assert quantities(text, lang) == values


def test_days_and_months_have_one_name() -> None:
    """Thursday is Thursday in five languages, and the verb "may" is no month."""
    for text, lang in (("on Thursday", "en"), ("jeudi", "fr"), ("am Donnerstag", "de"), ("в четверг", "ru")):
        assert moments(text.split(), lang) == {"thursday"}
    assert moments(["They", "may", "come"], "en") == set()


@pytest.mark.parametrize(
    ("text", "lang", "turned"),
    [
        ("The minister resigned", "en", False),
        ("The minister did not resign", "en", True),
        ("The minister denied that he would resign", "en", True),
        ("The party dismissed as untrue the claim that it was paid", "en", True),
        ("Not only the minister resigned", "en", False),
        ("Ils n'ont trouvé aucune preuve de fraude", "fr", True),
        ("Il nie avoir jamais été payé", "fr", True),
        ("Sie schließen eine Koalition aus", "de", True),
        ("Sie schließen eine Koalition nicht aus", "de", False),
        ("Der Minister wies die Vorwürfe zurück", "de", True),
        ("No es cierto que dimitiera", "es", True),
        ("Эти сведения не соответствуют действительности", "ru", True),
        ("Он никогда не получал денег", "ru", True),
        ("Если партнёры не поддержат бюджет, он уйдёт", "ru", False),
    ],
)
def test_reversals_are_counted_as_a_reader_would(text: str, lang: str, turned: bool) -> None:
    """Two cues for one denial are one reversal, a double negation is none, a condition is none."""
    assert read(text, lang).turned is turned


def test_names_are_known_across_scripts() -> None:
    """A transliterated or inflected name is the same name, another name is not."""
    assert skeleton("Sobolewa") == skeleton("Соболева") == skeleton("Soboleva")
    assert name_likeness("Лапину", "Lapin") >= 0.8
    assert name_likeness("Kestrel", "Кестрел") >= 0.8
    assert name_likeness("Kestrel", "Harrow") == 0


@pytest.mark.parametrize(
    ("a", "b", "relation"),
    [
        (
            "The regulator fined the broadcaster two million euros on Friday.",
            "Le régulateur a infligé vendredi une amende de deux millions d'euros à la chaîne.",
            "same",
        ),
        (
            "The regulator fined the broadcaster two million euros on Friday.",
            "The broadcaster denied that the regulator had fined it two million euros.",
            "denies",
        ),
        (
            "The regulator fined the broadcaster two million euros on Friday.",
            "Регулятор не штрафовал телекомпанию на два миллиона евро.",
            "denies",
        ),
        (
            "The regulator fined the broadcaster two million euros on Friday.",
            "The regulator fined the broadcaster nine million euros on Friday.",
            "differs",
        ),
        (
            "The senator accused the governor of hiding the report.",
            "The governor accused the senator of hiding the report.",
            "differs",
        ),
    ],
)
def test_relations_of_sentences_that_no_fit_has_seen(a: str, b: str, relation: str) -> None:
    """Translation, denial, negation, another number and swapped roles each get their relation."""
    assert compare(a, b).relation == relation


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (
            "The prime minister dismissed the head of the tax office after the leak.",
            "The head of the tax office was dismissed by the prime minister after the leak.",
        ),
        (
            "The hackers stole thousands of emails from the campaign, officials said.",
            "Officials said that the hackers had stolen thousands of e-mails from the campaign.",
        ),
        (
            "Le maire a annoncé jeudi la fermeture de trois écoles primaires.",
            "La fermeture de trois écoles primaires a été annoncée jeudi par le maire.",
        ),
        (
            "Die Polizei nahm am Dienstag zwei Männer wegen Betrugs fest.",
            "Zwei Männer wurden am Dienstag von der Polizei wegen Betrugs festgenommen.",
        ),
        (
            "La ministra presentó el lunes una ley contra las noticias falsas.",
            "El lunes la ministra presentó una ley contra las noticias falsas.",
        ),
        (
            "Суд оштрафовал телеканал на миллион рублей за ложные новости.",
            "За ложные новости суд оштрафовал телеканал на миллион рублей.",
        ),
    ],
)
def test_a_light_rewording_says_the_same(a: str, b: str) -> None:
    """A clause in the passive or a phrase moved changes nothing of what is said."""
    assert compare(a, b).relation == "same"


@pytest.mark.parametrize(
    ("a", "same", "swapped", "lang"),
    [
        (
            "The mayor accused the minister of lying.",
            "The minister was accused by the mayor of lying.",
            "The mayor was accused by the minister of lying.",
            "en",
        ),
        (
            "Le maire a accusé le ministre de mensonge.",
            "Le ministre a été vivement accusé de mensonge par le maire.",
            "Le maire a été vivement accusé de mensonge par le ministre.",
            "fr",
        ),
        (
            "Der Bürgermeister beschuldigte den Minister der Lüge.",
            "Der Minister wurde vom Bürgermeister der Lüge beschuldigt.",
            "Der Bürgermeister wurde vom Minister der Lüge beschuldigt.",
            "de",
        ),
        (
            "El alcalde acusó al ministro de mentir.",
            "El ministro fue acusado por el alcalde de mentir.",
            "El alcalde fue acusado por el ministro de mentir.",
            "es",
        ),
        (
            "Мэр обвинил министра во лжи.",
            "Министр был обвинён мэром во лжи.",
            "Мэр был обвинён министром во лжи.",
            "ru",
        ),
    ],
)
def test_in_a_passive_the_marked_one_acts_and_speaks(a: str, same: str, swapped: str, lang: str) -> None:
    """ "by", "par", "von", "por" and the Russian instrumental tell the doer, wherever the words stand."""
    one, other = compare(a, same, lang, lang).features, compare(a, swapped, lang, lang).features
    names = ("cast_turned", "cast_first", "speaker_other", "speaker_acts")
    assert [one[name] for name in names] == [0, 0, 0, 0]
    assert [other[name] for name in names] == [1, 1, 1, 1]


def test_what_two_sentences_do_not_share_is_looked_at_by_itself() -> None:
    """Nothing is left over where a phrase moved; a synonym left over is met, another deed is not."""
    moved, synonym, other = (
        compare("The council closed the theatre in May.", text, "en", "en").features
        for text in (
            "In May the council closed the theatre.",
            "The council shut the theatre in May.",
            "The council praised the theatre in May.",
        )
    )
    assert moved["left_none"] == 1 == moved["left_met"]
    assert synonym["left_none"] == other["left_none"] == 0
    assert synonym["left_met"] > other["left_met"]


def test_the_order_of_the_two_sentences_does_not_matter() -> None:
    """A pair judged the other way round gets the same chances."""
    a = "The senator accused the governor of hiding the report."
    b = "Le gouverneur dément avoir caché le rapport."
    one, two = compare(a, b, "en", "fr"), compare(b, a, "fr", "en")
    assert (one.relation, one.same) == (two.relation, pytest.approx(two.same, abs=1e-6))


def test_a_decision_shows_what_it_rests_on() -> None:
    """Chances sum to one and every feature has its name."""
    verdict = compare("Taxes will rise in May.", "Taxes will not rise in May.")
    assert verdict.same + verdict.denies + verdict.differs == pytest.approx(1)
    assert tuple(verdict.features) == FEATURES
    assert verdict.features["flip"] == 1


def test_what_is_only_likely_is_unsure() -> None:
    """ "differs" is said where it is certain; below that the answer is "unsure"."""
    import numpy as np

    chances = np.array([[0.2, 0.25, 0.55], [0.05, 0.05, 0.9], [0.8, 0.1, 0.1], [0.1, 0.8, 0.1]])
    assert decide(shipped_weights(), chances).tolist() == ["unsure", "differs", "same", "denies"]


@settings(max_examples=40, deadline=None)
@given(
    st.text(max_size=200), st.text(max_size=200), st.sampled_from(["en", "fr", "de", "es", "ru", "", "xx"])
)
def test_wild_text_is_judged_without_a_word_of_complaint(a: str, b: str, lang: str) -> None:
    """Any two strings get a relation and finite chances."""
    verdict = Guard().judge([((a, lang), (b, "en"))])[0]
    assert verdict.relation in ("same", "denies", "differs", "unsure")
    assert 0 <= verdict.same <= 1


def test_shouting_and_tags_are_undone() -> None:
    """Capitals become a sentence, a hashtag becomes its words, an address disappears."""
    assert plain_text("THE VOTE WAS RIGGED. SHARE IT") == "The vote was rigged. Share it"
    assert plain_text("#StopTheVote now http://x.example/a") == "Stop The Vote now"


@pytest.mark.parametrize(
    ("one", "two"),
    [("mayor", "alcalde"), ("Moscow", "россияне"), ("premier_ministre", "премьер"), ("banned", "verboten")],
)
def test_words_of_two_languages_stand_for_one_concept(one: str, two: str) -> None:
    """Offices, countries (with capital and people) and ends of a scale have one name in five languages."""
    langs = ("en", "fr", "de", "es", "ru")
    found = [{key for lang in langs for key in stands_for(word.lower(), lang)} for word in (one, two)]
    assert found[0] & found[1]


def test_opposites_are_on_one_scale() -> None:
    """Allowed and banned are two ends, whatever the language; allowed and permitted are none."""
    banned, allowed = (
        concepts(["the", "prefect", "banned", "it"], "en", range(4)),
        concepts(["le", "préfet", "autorise"], "fr", range(3)),
    )
    assert opposed(banned, allowed) == opposed(allowed, banned) == 1
    assert opposed(allowed, concepts(["they", "permitted", "it"], "en", range(3))) == 0


def test_who_speaks_and_who_acts_are_told_apart() -> None:
    """The speaker stands before the verb of saying, or behind "according to"; the doer of a passive behind "by"."""

    def speaker(text: str, lang: str) -> set[str]:
        side = read(text, lang)
        parts = cast(side, np.zeros(len(side.content), np.float32))
        edges = [*parts.starts.tolist(), len(parts.words)]
        group = parts.words[edges[parts.speaker] : edges[parts.speaker + 1]] if parts.speaker >= 0 else []
        return {side.words[side.content[k]] for k in group}

    assert "prefect" in speaker("The prefect accused the mayor of Lima of hiding it", "en")
    assert "mayor" in speaker("The river is polluted, according to the mayor of Lima", "en")
    assert "мэр" in speaker("Река загрязнена, заявил мэр", "ru")


def test_one_in_three_is_a_third() -> None:
    """Shares in words, hours and tonnes are compared with what others write as per cent, days and kilos."""
    assert quantities("каждый третий", "ru") == quantities("one in three", "en") == {100 / 3}
    assert quantities("a 48-hour strike", "en") == quantities("deux jours", "fr") == {2}
    assert quantities("three tonnes", "en") == {3000}


@pytest.mark.parametrize(
    ("a", "b", "name", "value"),
    [
        (("in Köln", "de"), ("in Leipzig", "de"), "city_replaced", 1),
        (("Ein Grazer Gericht", "de"), ("A court in Graz", "en"), "city_replaced", 0),
        (("near Geneva", "en"), ("под Женевой", "ru"), "city_replaced", 0),
        (("in Nantes", "en"), ("в Ренне", "ru"), "city_replaced", 1),
        (("the Ugandan army", "en"), ("das tansanische Heer", "de"), "place_replaced", 1),
        (("l'armée soudanaise", "fr"), ("das sudanesische Heer", "de"), "place_replaced", 0),
        (("It closes in September", "en"), ("Es schließt im Mai", "de"), "time_other", np.log(2)),
        (("On Monday they met in May", "en"), ("Se reunieron en mayo", "es"), "time_other", 0),
        (("in the north of the country", "en"), ("на юге страны", "ru"), "rank_replaced", 1),
    ],
)
def test_another_city_country_or_month_is_seen_across_languages(
    a: tuple[str, str], b: tuple[str, str], name: str, value: float
) -> None:
    """A name of a place or a time that another language writes otherwise is the same; another of its sort is not."""
    assert compare(a[0], b[0], a[1], b[1]).features[name] == pytest.approx(value)


def test_a_word_that_happens_to_be_spelled_like_a_city_is_none() -> None:
    """A nice offer is not an offer from Nice."""
    word, city = read("They made a nice offer", "en"), read("They came from Nice", "en")
    assert not word.concepts.has("city").any()
    assert city.concepts.has("city").sum() == 1
