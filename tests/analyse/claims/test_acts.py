"""What statements do, what they cite, who hides behind them."""

from __future__ import annotations

from typing import Any

import pytest

from probata.analyse.claims.acts import ACTS, act_for_text
from probata.analyse.claims.attribute import Method, run
from probata.analyse.claims.document import Document
from probata.analyse.claims.table import columns_of, document_of
from probata.model import Ask

CASES = [
    ("en", "said", "the talks went on until midnight", "asserts"),
    ("en", "accused", "the mayor of taking bribes", "accuses"),
    ("en", "said", "the paper had spread false reports about him", "accuses"),
    ("en", "denied", "that he had met the banker", "denies"),
    ("en", "did not deny", "that he had met the banker", "asserts"),
    ("en", "rejected", "allegations that it spread rumours", "denies"),
    ("en", "said", "it rejected allegations that it spread rumours", "denies"),
    ("en", "said", "the charges made on Monday were absurd", "denies"),
    ("en", "called on", "the government to publish the figures", "demands"),
    ("en", "said", "the minister must resign", "demands"),
    ("en", "predicted", "a close race", "predicts"),
    ("en", "said", "the party will lose the city", "predicts"),
    ("en", "declined", "to comment on the report", "declines"),
    ("fr", "a déclaré", "que la réunion avait duré deux heures", "asserts"),
    ("fr", "accuse", "le maire de corruption", "accuses"),
    ("fr", "a démenti", "avoir rencontré le banquier", "denies"),
    ("fr", "a dit", "que ces accusations étaient absurdes", "denies"),
    ("fr", "réclame", "la publication des chiffres", "demands"),
    ("fr", "a refusé", "de commenter cette information", "declines"),
    ("fr", "prévoit", "une victoire large", "predicts"),
    ("de", "bestritt", "dass er dort war", "denies"),
    ("de", "forderte", "den Rücktritt des Ministers", "demands"),
    ("de", "warf", "der Zeitung Lügen vor", "accuses"),
    ("es", "negó", "que hubiera fraude", "denies"),
    ("es", "exigió", "la dimisión del ministro", "demands"),
    ("ru", "опроверг", "обвинения", "denies"),
    ("ru", "обвинил", "газету во лжи", "accuses"),
    ("ru", "потребовал", "отставки министра", "demands"),
]


@pytest.mark.parametrize(("lang", "cue", "content", "act"), CASES)
def test_cue_and_content_give_the_act(lang: str, cue: str, content: str, act: str) -> None:
    """The cue decides; a neutral cue leaves it to the content."""
    assert act in ACTS
    assert act_for_text(lang, cue, content) == act


def attributed(text: str, lang: str = "en", **options: Any) -> list[dict[str, Any]]:
    rows, _ = run([Document("a", text, lang)], Method.of(Ask(options=options)))
    return document_of(columns_of(rows), {"a": text})


def test_an_anonymous_source_is_flagged_and_listed_as_evidence() -> None:
    """Officials without a name are flagged; a named one is not."""
    hidden, named = attributed(
        "Two officials familiar with the matter said that the files were stolen. Ann Lee said that they were not."
    )
    assert hidden["anonymous"]
    assert "anonymous" in {item["kind"] for item in hidden["evidence"]}
    assert not named["anonymous"]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ann Lee said that a leaked memo proves it.", "document"),
        ("Ann Lee said that 45% of the servers were probed.", "data"),
        ("Ann Lee said that a study had shown the opposite.", "study"),
        ("Ann Lee said that the police had confirmed it.", "official"),
        ("Ann Lee said that the proof was at https://example.org/a.", "link"),
    ],
)
def test_cited_evidence_is_named_by_kind_and_span(text: str, kind: str) -> None:
    """Each kind of evidence is found with its verbatim words."""
    (row,) = attributed(text)
    cited = {item["kind"]: item for item in row["evidence"]}
    assert kind in cited
    assert text[cited[kind]["start"] : cited[kind]["end"]] == cited[kind]["text"]


def test_a_statement_without_evidence_lists_none() -> None:
    """An empty list says that nothing was cited."""
    (row,) = attributed("Ann Lee said that she was tired.")
    assert row["evidence"] == []


@pytest.mark.parametrize(
    ("text", "speakers"),
    [
        (
            "Richard Roe spoke first. Roe said that he would stay. He added that it was late.",
            ["Richard Roe"] * 2,
        ),
        (
            "The party chief, Ann Lee, said that it rained. The party chief added that it was cold.",
            ["Ann Lee"] * 2,
        ),
        ("Radio One rejected the claims. The channel said that they were false.", ["Radio One"] * 2),
        ("He met Bob Kent, who said that it was over.", ["Bob Kent"]),
    ],
)
def test_short_forms_pronouns_and_titles_lead_to_a_name(text: str, speakers: list[str]) -> None:
    """Surname, pronoun, title, body and relative pronoun are resolved within the article."""
    assert [row["speaker"] for row in attributed(text)] == speakers


@pytest.mark.parametrize(
    "text",
    ["Ann Lee said that he showed no documents.", "Ann Lee called on the government to resign."],
)
def test_a_body_or_paper_merely_spoken_of_is_no_evidence(text: str) -> None:
    """A noun of evidence counts only where something is cited from it."""
    (row,) = attributed(text)
    assert row["evidence"] == []


@pytest.mark.parametrize(
    ("lang", "cue", "content", "act"),
    [
        ("en", "said", "the clerk had forged the permit and lied about it", "accuses"),
        ("en", "said", "it had never paid a single blogger", "denies"),
        ("fr", "a affirmé", "n'avoir jamais touché un seul dossier", "denies"),
        ("fr", "a déclaré", "que le trésorier avait menti et falsifié les comptes", "accuses"),
    ],
)
def test_a_neutral_cue_leaves_the_act_to_the_model(lang: str, cue: str, content: str, act: str) -> None:
    """Wrongdoing ascribed accuses, a deed disowned denies, though the cue says neither."""
    assert act_for_text(lang, cue, content) == act


def test_a_counted_figure_is_data_and_a_year_is_not() -> None:
    """A number of things counted is evidence in a report; a year, or a refusal to give it, is none."""
    counted, dated = attributed("Ann Lee said that 412 halls were shut. Ann Lee said that it closed in 2019.")
    assert [item["kind"] for item in counted["evidence"]] == ["data"]
    assert dated["evidence"] == []


def test_a_nurse_without_a_name_is_anonymous_and_a_spokesman_is_not() -> None:
    """An indefinite person is nameless; whoever speaks for a body is not."""
    nurse, spokesman = attributed(
        "A nurse said that beds were missing. A spokesman said that beds were ordered."
    )
    assert nurse["anonymous"]
    assert not spokesman["anonymous"]
