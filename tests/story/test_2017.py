"""The dispute of February 2017, from files to board: the whole line, to be read from top to bottom."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from probata.model import Verdict
from probata.pipeline import Run, run


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A copy of the example, as a user's clone has it."""
    root = Path(__file__).resolve().parents[2]
    target = tmp_path_factory.mktemp("story") / "france-2017"
    shutil.copytree(
        root / "examples" / "france-2017",
        target,
        ignore=shutil.ignore_patterns(".probata", "evidence", "__pycache__"),
    )
    return target


@pytest.fixture(scope="module")
def done(folder) -> Run:
    """Collect, analyse, weigh, report: once for all that follows."""
    return run(folder)


def weighed(done: Run, test: str):
    return next(item for item in done.case.weighed if item.request.id == test)


def allegation(done: Run, id: str):
    return next(item for item in done.case.allegations if item.id == id)


# ---------------------------------------------------------------- what is alleged, and by whom


def test_both_sides_are_put_to_the_test(done):
    """The party's charges and those against the party stand on one board, with the tests that would show them."""
    sides = {side: [a for a in done.case.allegations if a.side == side] for side in ("party", "outlets")}
    assert len(sides["party"]) >= 7
    assert len(sides["outlets"]) >= 4
    assert all(a.tests or a.untestable for a in done.case.allegations)
    assert all(a.source.startswith("http") for a in done.case.allegations)


def test_a_denial_stands_only_at_what_it_denies(done):
    """The Kremlin denied authorship and influence; it denied neither a structured group nor the volume."""
    denied_by_kremlin = {a.id for a in done.case.allegations if any("Kremlin" in d.by for d in a.denials)}
    assert denied_by_kremlin == {"rivals-spared", "a-foreign-power", "opinion-swung"}
    assert allegation(done, "structured-group").denials == ()
    assert {d.by for d in allegation(done, "false-stories").denials} == {"RT", "Sputnik"}


def test_intent_and_authorship_are_not_tested(done):
    """Who gave an order, and why, is said to be beyond what texts, logs and polls can show."""
    assert allegation(done, "a-foreign-power").tests == ()
    assert "intent" in allegation(done, "a-foreign-power").untestable
    assert "intent" in allegation(done, "opinion-swung").untestable


# ---------------------------------------------------------------- what came in


def test_every_record_given_was_read(done):
    """151 polls, two fact-checks, eleven statements; nothing set aside."""
    assert done.case.rejects == ()
    assert len(done.case.facts["polls"]) == 151
    assert done.case.counts["rows_reviews"] == 2
    assert done.case.counts["rows_articles"] == 11


def test_two_hypotheses_put_to_the_same_people_are_labelled(done):
    """Six house-days of the file hold two rows for one sample; the rows say which is which."""
    labelled = [(p["pollster"], p["end"], p["sample"]) for p in done.case.facts["polls"] if p["hypothesis"]]
    assert len(labelled) == 12
    assert len(set(labelled)) == 6


# ---------------------------------------------------------------- the figures of the day


def test_the_27_and_22_are_found_and_named(done):
    """They are one poll of OpinionWay, 894 asked, with its margin; and they are not approval."""
    (fact,) = [fact for fact in done.case.facts["dated"] if fact["checked"]]
    assert "voting intention" in fact["text"]
    assert "1 of 10 polls" in fact["checked"]
    assert "OpinionWay" in fact["checked"]
    assert "894 asked, dated 2017-02-12: 27 (margin 2.9), 22 (margin 2.7)" in fact["checked"]


# ---------------------------------------------------------------- did opinion move?


def test_after_the_accusation_no_move_could_be_told_from_none(done):
    """About one point down, zero well inside the interval; a step under some five points could not be seen."""
    item = weighed(done, "spin-for-sympathy.1")
    low, high = item.finding.interval
    assert item.verdict is Verdict.NOT_ENOUGH_INFO
    assert item.finding.estimate == pytest.approx(-1.1, abs=0.4)
    assert low < 0 < high
    assert 4.0 < item.finding.mde < 6.0
    assert "could not have been seen" in item.reason


def test_after_the_reports_no_move_could_be_told_from_none_either(done):
    """The same test, the other side's charge, the same answer: cannot tell."""
    for test in ("opinion-swung.1", "opinion-swung.2"):
        item = weighed(done, test)
        assert item.verdict is Verdict.NOT_ENOUGH_INFO
        assert item.finding.interval[0] < 0 < item.finding.interval[1]


def test_the_test_can_see_a_move_that_was_there(done):
    """After the alliance of 22 February the same test on the same polls finds some four points."""
    (step,) = [
        finding
        for finding in done.case.findings
        if finding.test == "event_step"
        and "2017-02-22" in finding.statement
        and "Macron) moved" in finding.statement
    ]
    assert step.interval[0] > 0
    assert step.estimate == pytest.approx(4, abs=1)


def test_the_survey_of_social_media_does_not_look_like_a_poll(done):
    """The figure reported on 29 March would be a rare accident in a genuine poll of that day."""
    item = weighed(done, "not-a-poll.1")
    assert item.verdict is Verdict.SUPPORTS
    assert item.finding.estimate < 0.01


# ---------------------------------------------------------------- what is missing


@pytest.mark.parametrize(
    "id", ["attacks-by-the-thousand", "from-inside-russia", "half-from-ukraine", "structured-group"]
)
def test_the_attacks_wait_for_the_logs(done, id):
    """No count of a press report stands in for a log: the gap says what is needed and who has it."""
    ids = {test.id for test in allegation(done, id).tests}
    gaps = [gap for gap in done.case.gaps if gap.request in ids]
    assert len(gaps) == len(ids)
    assert all("logs" in gap.what and "En Marche" in gap.who for gap in gaps)
    assert done.case.facts["sentences"][id].startswith("Cannot be tested yet")


@pytest.mark.parametrize("id", ["false-stories", "rivals-spared", "example-not-theirs"])
def test_the_outlets_wait_for_their_archives(done, id):
    """Our own summaries of statements are not taken for the outlets' coverage."""
    assert all(item.finding is None for item in done.case.weighed if item.allegation == id)
    assert done.case.facts["sentences"][id].startswith("Cannot be tested yet")


def test_whether_evidence_was_cited_is_counted_with_its_doubt(done):
    """A dozen sentences about one speaker cannot decide; the speakers' own words are named as missing."""
    item = weighed(done, "no-evidence.1")
    assert item.finding.n > 5
    assert item.verdict in (Verdict.NOT_ENOUGH_INFO, Verdict.REFUTES)
    assert any("our summaries" in gap.what for gap in done.case.gaps if gap.request == "no-evidence")


# ---------------------------------------------------------------- what it looks like in the end


def test_no_explanation_is_scored(done):
    """Three explanations side by side, cells C, I or N, and nothing that adds up."""
    assert len(done.case.facts["hypotheses"]) == 3
    cells = {cell for row in done.case.facts["matrix"] for cell in row["cells"].values()}
    assert cells <= {"C", "I", "N"}
    document = json.loads((done.folder / "case.json").read_text())
    assert not {"score", "probability_of_guilt", "verdict"} & set(document)


def test_the_files_of_the_run_are_whole(done):
    """report.html, case.json, findings.parquet and a manifest that names them all."""
    manifest = json.loads((done.folder / "manifest.json").read_text())
    assert {"report.html", "case.json", "findings.parquet"} <= set(manifest["outputs"])
    assert set(manifest["inputs"]) >= {"data/polls.csv", "data/factchecks.csv", "data/statements.jsonl"}
    page = (done.folder / "report.html").read_text()
    assert "<script" not in page
    assert page.count('class="allegation"') == len(done.case.allegations)


def test_a_second_run_gives_the_same_bytes(folder, done):
    """Timestamps of the manifest aside, nothing changes when nothing changed."""
    before = {path.name: path.read_bytes() for path in done.folder.iterdir() if path.name != "manifest.json"}
    again = run(folder)
    assert again.folder == done.folder
    assert before == {p.name: p.read_bytes() for p in again.folder.iterdir() if p.name != "manifest.json"}


def test_private_life_has_no_place_in_the_case(folder):
    """No insinuation about anybody's private life is repeated, not even to deny it."""
    text = " ".join(
        p.read_text(encoding="utf-8").casefold()
        for p in folder.rglob("*")
        if p.suffix in (".toml", ".csv", ".jsonl")
    )
    assert not [word for word in ("homosexu", "gay", "affair", "lover", "marri", "sexual") if word in text]


def test_no_sentence_of_the_news_of_the_day_is_repeated(folder, root, shared_data):
    """The case and the docs are in our own words: no run of eight words is the article's."""
    words = re.compile(r"\w+")
    (article,) = (shared_data / "article").glob("*.txt")
    theirs = words.findall(article.read_text(encoding="utf-8").casefold())
    runs = {tuple(theirs[at : at + 8]) for at in range(len(theirs) - 7)}
    texts = [
        p
        for p in (*folder.rglob("*"), *(root / "docs").rglob("*.md"))
        if p.suffix in (".toml", ".jsonl", ".md", ".csv")
    ]
    for path in texts:
        ours = words.findall(path.read_text(encoding="utf-8").casefold())
        copied = {tuple(ours[at : at + 8]) for at in range(len(ours) - 7)} & runs
        assert not copied, (path, copied)
