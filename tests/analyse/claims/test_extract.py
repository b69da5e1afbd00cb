"""Who says what: attribution with a parser, without one, in five languages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.analyse.claims import analyse
from probata.analyse.claims.attribute import Method, run
from probata.analyse.claims.document import Document
from probata.analyse.claims.extractor import Proposal, verbatim
from probata.analyse.claims.table import columns_of, document_of
from probata.model import SCHEMAS, Ask, Candidate, Expectation, Source, TestRequest
from probata.store import Store


def attributed(text: str, lang: str = "en", ask: Ask | None = None, **options: Any) -> list[dict[str, Any]]:
    method = Method.of(ask or Ask(options=options))
    rows, _ = run([Document("a", text, lang)], method)
    return document_of(columns_of(rows), {"a": text})


def said(rows: list[dict[str, Any]], words: str) -> dict[str, Any]:
    found = [row for row in rows if any(words in piece["text"] for piece in row["content"])]
    assert len(found) == 1, [[piece["text"] for piece in row["content"]] for row in rows]
    return found[0]


STORY = (
    'Maria Lopez, the mayor of Arden, said on Monday that the bridge was unsafe. "It should be closed," she said. '
    '"People will die."\n\n'
    "According to the transport ministry, the bridge was inspected in May. The mayor's claims are false, "
    "a spokesman for the ministry said. The operator denied that it had hidden a report.\n\n"
    "The rain went on all day."
)


def test_a_clause_after_said_is_its_content() -> None:
    """The subject of the verb is the source, the clause that it governs the content."""
    row = said(attributed(STORY), "the bridge was unsafe")
    assert row["source"]["text"] == "Maria Lopez, the mayor of Arden"
    assert (row["cue"]["text"], row["kind"], row["speaker"]) == ("said", "indirect", "Maria Lopez")


def test_a_split_quotation_is_one_statement() -> None:
    """Both halves around "she said" are pieces of one content, and the pronoun is the speaker before."""
    row = said(attributed(STORY), "It should be closed")
    assert [piece["text"].strip('",. ') for piece in row["content"]] == [
        "It should be closed",
        "People will die",
    ]
    assert (row["kind"], row["speaker"]) == ("direct", "Maria Lopez")


def test_according_to_needs_no_verb() -> None:
    """«According to NP» is a cue, its noun phrase the source."""
    row = said(attributed(STORY), "inspected in May")
    assert (row["source"]["text"], row["cue"]["text"]) == ("the transport ministry", "According to")


def test_the_authors_own_voice_belongs_to_nobody() -> None:
    """A sentence without a cue is in no content."""
    assert not any("rain" in piece["text"] for row in attributed(STORY) for piece in row["content"])


def test_every_span_is_verbatim_and_in_code_points() -> None:
    """Text of each span equals the text at its offsets, also after characters outside the basic plane."""
    text = "😀😀 Zoë said “nothing is lost” today. Paul argued that 𝒳 is wrong."
    rows = attributed(text)
    assert rows
    for row in rows:
        for span in [*row["content"], *(row[k] for k in ("source", "cue") if row[k])]:
            assert text[span["start"] : span["end"]] == span["text"]


def test_a_span_that_is_not_verbatim_is_rejected() -> None:
    """Outside the text, empty, or with other words than the text has: not taken."""
    document = Document("a", "He said no.", "en")
    assert verbatim(document, Proposal(((8, 10),)))
    assert not verbatim(document, Proposal(((8, 12),)))
    assert not verbatim(document, Proposal(((7, 8),)))
    assert not verbatim(document, Proposal(((8, 10),), quoted=(((8, 10), "yes"),)))


FRENCH = (
    "Le porte-parole du parti, Jean Dupont, a accusé le quotidien de mentir. « Ces articles sont inventés, a-t-il "
    "déclaré. Nous irons en justice. »\n\n"
    "Selon le ministère de l'Intérieur, l'enquête est close. D'après Anne Martin, elle serait rouverte. "
    "« C'est absurde », a répondu le directeur du journal, Paul Petit."
)


@pytest.mark.parametrize("options", [{}, {"no_parser": True}])
def test_french_reporting_clauses_within_guillemets(options: dict[str, Any]) -> None:
    """« A, a-t-il déclaré. B. » is one statement of the pronoun's speaker, without the clause itself."""
    rows = attributed(FRENCH, "fr", **options)
    row = said(rows, "Ces articles sont inventés")
    assert "déclaré" in row["cue"]["text"]
    assert row["source"]["text"] == "il"
    assert all("a-t-il" not in piece["text"] for piece in row["content"]) or options


def test_french_selon_and_inversion() -> None:
    """«Selon NP», «d'après NP» and a subject after the verb."""
    rows = attributed(FRENCH, "fr")
    assert said(rows, "l'enquête est close")["source"]["text"] == "le ministère de l'Intérieur"
    assert said(rows, "elle serait rouverte")["speaker"] == "Anne Martin"
    assert said(rows, "C'est absurde")["speaker"] == "Paul Petit"
    assert said(rows, "Ces articles")["speaker"] == "Jean Dupont"


OTHERS = {
    "de": ("„Das ist falsch“, sagte Angela Weber am Montag.", "Das ist falsch", "Angela Weber"),
    "es": ("«No es cierto», dijo el ministro Juan Pérez.", "No es cierto", "Juan Pérez"),
    "ru": ("«Это ложь», — заявил Дмитрий Иванов.", "Это ложь", "Дмитрий Иванов"),
}


@pytest.mark.parametrize("lang", sorted(OTHERS))
def test_languages_without_a_parser_have_quotation_and_cue_rules(lang: str) -> None:
    """German, Spanish and Russian: a quotation, its cue verb and the speaker after it."""
    text, words, speaker = OTHERS[lang]
    assert speaker in said(attributed(text, lang), words)["source"]["text"]


def test_indirect_speech_without_a_parser() -> None:
    """«NP cue that CLAUSE» is found in German and Spanish by the conjunction."""
    row = said(
        attributed("Peter Braun erklärte am Dienstag, dass die Zahlen falsch seien.", "de"),
        "die Zahlen falsch",
    )
    assert row["source"]["text"] == "Peter Braun"
    row = said(attributed("El alcalde afirmó que las cifras son falsas.", "es"), "las cifras son falsas")
    assert row["source"]["text"] == "El alcalde"


def test_the_quote_engine_works_in_any_language() -> None:
    """Without model or word list a quotation is still a content."""
    row = said(
        attributed("Premiér řekl: „To vůbec není pravda, nikdy.“", "cs", engine="quotes"), "není pravda"
    )
    assert row["engine"].startswith("quotes/")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        '"',
        'He said "yes and left.\n\nShe said "no" too.',
        "“a «b “c” d» e' said X " * 50,
        "said " * 500,
    ],
)
@pytest.mark.parametrize("options", [{}, {"no_parser": True}, {"engine": "quotes"}])
def test_odd_text_raises_nothing(text: str, options: dict[str, Any]) -> None:
    """Empty text, odd marks and mixed styles give spans or none, never an error."""
    for row in attributed(text, "en", **options):
        assert row["content"]


def test_a_megabyte_without_a_sentence_end_is_read() -> None:
    """Long text without a full stop is cut, not refused, without a parser too."""
    text = "he said that nothing happened and " * 30_000
    assert len(text) > 1_000_000
    assert attributed(text, "en", no_parser=True)
    assert attributed(text[:60_000], "en")


@settings(max_examples=60, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("aB said\"“”«».,\n'’—: ")), max_size=120),
    st.sampled_from(["en", "fr", "de"]),
)
def test_any_text_gives_verbatim_spans(text: str, lang: str) -> None:
    """Whatever the text, offsets fit it."""
    for row in attributed(text, lang, no_parser=True):
        assert all(text[span["start"] : span["end"]] == span["text"] for span in row["content"])


def stored(ids: list[str], texts: list[str]) -> dict[str, Any]:
    """Articles with every column that readers fill."""
    absent = {name: np.array([None] * len(ids), dtype=object) for name in SCHEMAS["articles"]}
    return {**absent, "id": ids, "text": texts, "lang": ["en"] * len(ids)}


def articles() -> dict[str, Any]:
    return stored(["a1", "a2"], [STORY, 'Ann said: "No comment at all today."'])


def test_articles_done_once_are_not_done_again(memory_store: Store) -> None:
    """A second run reads no article; a new article alone is added; both say what was kept."""
    memory_store.add("articles", "p1", articles())
    seen: list[str] = []
    ask = Ask(options={"progress": lambda stage, done, total: seen.append(f"{stage} {total}")})
    first = analyse(memory_store, ask)
    second = analyse(memory_store, ask)
    assert seen == ["attributing 2", "attributing: 2 articles kept, 0 new 1"]
    assert first.document == second.document
    memory_store.add("articles", "p2", stored(["a3"], ["Bob said that it rained."]))
    third = analyse(memory_store, ask)
    assert seen[2:] == ["attributing: 2 articles kept, 1 new 1", "attributing 1"]
    assert len(third.document["attributions"]) == len(first.document["attributions"]) + 1


def test_evidence_cited_counts_statements_that_name_some(memory_store: Store) -> None:
    """Two of three statements by the speaker cite a report or a survey."""
    text = (
        "Ann Lee said that a report by auditors showed the loss. Ann Lee said that a survey found no support. "
        "Ann Lee said that the mayor was tired."
    )
    memory_store.add("articles", "p1", stored(["a1"], [text]))
    request = TestRequest(
        "t1", "claims", "evidence_cited", Expectation("share_with_evidence", ">=", 0.5), {"speaker": "Lee"}
    )
    answer = analyse(memory_store, Ask(tests=(request,)))
    finding = next(item for item in answer.findings if item.request == "t1")
    assert (finding.n, finding.estimate) == (3, pytest.approx(2 / 3))
    assert finding.interval is not None
    assert finding.interval[0] < 2 / 3 < finding.interval[1]


def test_no_statement_of_that_speaker_is_a_gap(memory_store: Store) -> None:
    """Nothing to count is told as a gap, not as a share of zero."""
    memory_store.add("articles", "p1", articles())
    request = TestRequest(
        "t1", "claims", "evidence_cited", Expectation("share_with_evidence", ">=", 0.5), {"speaker": "Nobody"}
    )
    answer = analyse(memory_store, Ask(tests=(request,)))
    assert [gap.request for gap in answer.gaps if gap.request] == ["t1"]


@pytest.mark.parametrize(("test", "parameters"), [("no_such", {}), ("evidence_cited", {"colour": "red"})])
def test_unknown_tests_and_parameters_are_told_in_one_line(
    memory_store: Store, test: str, parameters: dict[str, str]
) -> None:
    """The error names what is known."""
    request = TestRequest("t1", "claims", test, Expectation("share_with_evidence", ">=", 0.5), parameters)
    with pytest.raises(ValueError, match=r"evidence_cited|speaker") as problem:
        analyse(memory_store, Ask(tests=(request,)))
    assert "\n" not in str(problem.value)


def test_names_of_the_case_are_the_first_targets() -> None:
    """An alias of a candidate or an outlet wins over other names, and gives its id."""
    ask = Ask(
        candidates=(Candidate("dup", "Jean Dupont", ("Dupont",)),),
        outlets=(Source("o1", "Daily Star", ("star.example",)),),
    )
    row = said(attributed("Ann Lee said that Paris knew how the Daily Star lied.", ask=ask), "Paris knew")
    assert (row["target"], row["target_id"]) == ("Daily Star", "o1")


def test_a_second_cue_takes_the_speaker_of_the_first() -> None:
    """ "Said X and called on Y": the tree may join the second verb to the content; it stays a statement."""
    rows = attributed('Ann Lee said the offer was "laughable" and called for the contract to be cancelled.')
    assert said(rows, "laughable")["speaker"] == "Ann Lee"
    assert said(rows, "the contract to be cancelled")["act"] == "demands"


@pytest.mark.parametrize(
    ("lang", "text", "speaker"),
    [
        ("en", "“We have nothing to hide at all,” said Sen. Lefevre.", "Sen. Lefevre"),
        ("fr", "« Nous n'avons rien à cacher », a dit M. Lefèvre.", "M. Lefèvre"),
    ],
)
def test_the_full_stop_of_a_title_ends_no_source(lang: str, text: str, speaker: str) -> None:
    """Without a parser either."""
    rows, _ = run([Document("a", text, lang)], Method.of(Ask(options={"no_parser": True})))
    assert [row["source_text"] for row in rows] == [speaker]
