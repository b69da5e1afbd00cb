"""case.toml is checked as a whole: every problem one line, with its place and a remedy."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from probata.case import CaseError, load
from probata.case.options import OPTIONS
from probata.model import Expectation, TestRequest

WHOLE = """
[case]
title = "A case"
period = { from = 2030-01-01, to = 2030-06-30 }
references = ["daily"]
seed = 7

[options]
election_date = "2030-06-16"

[[candidate]]
id = "first"
name = "First Candidate"
aliases = ["Candidate"]
party = "P1"

[[outlet]]
id = "daily"
name = "The Daily"
domains = ["daily.example"]
wire = true
control = { state = "XX", stated_by = "an authority", source = "https://example.org" }

[[event]]
id = "debate"
date = 2030-05-02
text = "First debate"

[[data]]
id = "polls"
kind = "polls"
path = "data/*.csv"

[[data]]
id = "logs"
kind = "logs"
path = "data/logs/*"
required = false

[[hypothesis]]
id = "h1"
text = "It happened"

[[fact]]
date = "2030-05"
text = "A fact"
source = "https://example.org/fact"

[[allegation]]
id = "moved"
text = "Opinion moved"
made_by = "a spokeswoman"
made_on = 2030-05-01

[[allegation.denial]]
by = "another"
on = 2030-05-02
text = "it did not"

[[allegation.test]]
question = "opinion"
test = "event_step"
parameters = { event = "debate", party = "P1" }
expects = { metric = "shift", op = ">", value = 1, resolution = 2.5 }
data = ["polls"]
needs = "polls"
who = "pollsters"
how = "publish them"
predicts = { h1 = "met" }
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "b.csv").write_text("x")
    (tmp_path / "data" / "a.csv").write_text("x")
    (tmp_path / "data" / ".hidden.csv").write_text("x")
    return tmp_path


def problems(folder, text):
    """The lines that loading this text reports."""
    (folder / "case.toml").write_text(text, encoding="utf-8")
    with pytest.raises(CaseError) as caught:
        load(folder)
    return caught.value.lines


def test_a_whole_case_becomes_nouns(folder):
    """Every table of the file arrives as the noun that the questions are asked with."""
    (folder / "case.toml").write_text(WHOLE)
    case = load(folder)
    assert (case.title, case.period) == ("A case", (date(2030, 1, 1), date(2030, 6, 30)))
    assert case.tests == (
        TestRequest(
            "moved.1",
            "opinion",
            "event_step",
            Expectation("shift", ">", 1.0, 2.5),
            {"event": "debate", "party": "P1"},
            ("polls",),
            "polls",
            "pollsters",
        ),
    )
    assert case.allegations[0].denials[0].on == "2030-05-02"
    assert case.outlets[0].control["stated_by"] == "an authority"
    assert case.predictions["moved.1"] == {"h1": "met"}
    assert case.ask.seed == 7
    assert case.ask.options["election_date"] == "2030-06-16"
    assert case.ask.references == ("daily",)


def test_patterns_find_files_in_order_and_leave_hidden_ones_out(folder):
    """A data entry lists its files sorted; one that is not required may have none."""
    (folder / "case.toml").write_text(WHOLE)
    case = load(folder)
    assert [path.name for path in case.entry("polls").files] == ["a.csv", "b.csv"]
    assert case.entry("logs").files == ()


def test_a_folder_stands_for_the_files_below_it(folder):
    """A path that is a folder is taken with everything in it."""
    (folder / "case.toml").write_text(WHOLE.replace('"data/*.csv"', '"data"'))
    assert [path.name for path in load(folder).entry("polls").files] == ["a.csv", "b.csv"]


MISTAKES = {
    'election_dates = "x"': (
        'election_date = "2030-06-16"',
        "no question has the option 'election_dates'; did you mean 'election_date'?",
    ),
    'titel = "x"': ('title = "A case"', "unknown key 'titel' in case; did you mean 'title'?"),
    "seed = 7.5": ("seed = 7", "'seed' is 7.5; it must be a whole number"),
    'from = "May"': ("from = 2030-01-01", "'from' is 'May'; it must be a day such as 2017-02-13"),
    "from = 2031-01-01": ("from = 2030-01-01", "the period ends before it starts; exchange from and to"),
    '"dayly"': ('references = ["daily"]', None),
    'references = ["dayly"]': (
        'references = ["daily"]',
        "no outlet has the id 'dayly'; did you mean 'daily'?",
    ),
    'kind = "pols"': ('kind = "polls"', "'kind' cannot be 'pols'; did you mean 'polls'?"),
    'path = "data/*.txt"': (
        'path = "data/*.csv"',
        "no file at 'data/*.txt'; add the file, or write required = false to have it shown as a gap",
    ),
    'path = "../x.csv"': (
        'path = "data/*.csv"',
        "'../x.csv' lies outside the case folder; copy or link the data into the folder",
    ),
    'wire = "yes"': ("wire = true", "'wire' is 'yes'; it must be true or false"),
    "aliases = [1]": ('aliases = ["Candidate"]', "'aliases' is [1]; it must be a list of texts"),
    "made_on = 5": (
        "made_on = 2030-05-01",
        "'made_on' is 5; it must be a day, month or year such as 2017-02-13",
    ),
    'question = "opinions"': (
        'question = "opinion"',
        "'question' cannot be 'opinions'; did you mean 'opinion'?",
    ),
    'event = "debat"': ('event = "debate"', "no event has the id 'debat'; did you mean 'debate'?"),
    'op = "=>"': ('op = ">"', "'op' cannot be '=>'; did you mean '>'?"),
    "value = inf": ("value = 1", "'value' is inf; it must be a finite number"),
    "resolution = 0": (
        "resolution = 2.5",
        "'resolution' is not above 0; name the smallest effect that must be seen",
    ),
    'data = ["pols"]': ('data = ["polls"]', "no data has the id 'pols'; did you mean 'polls'?"),
    "h2 =": ("h1 =", "no hypothesis has the id 'h2'; known here: h1"),
    'h1 = "yes"': ('h1 = "met"', "h1 = 'yes'; a hypothesis predicts that a test is 'met' or 'failed'"),
    'text = ""': ('text = "Opinion moved"', "'text' is empty; fill it in"),
    'date = "2030-13"': ('date = "2030-05"', None),
}


@pytest.mark.parametrize("written", [key for key, (_, message) in MISTAKES.items() if message])
def test_each_mistake_is_one_line_at_its_place(folder, written):
    """One mistake gives exactly one line: file, line of the mistake, what is wrong, the remedy."""
    right, message = MISTAKES[written]
    text = WHOLE.replace(right, written, 1)
    line = next(at for at, shown in enumerate(text.split("\n"), 1) if written in shown)
    found = [shown for shown in problems(folder, text) if "is missing" not in shown]
    assert found == [f"case.toml:{line}: {message}"]


def test_all_problems_are_reported_together_in_the_order_of_the_file(folder):
    """Three mistakes in one file are three lines, top to bottom."""
    text = (
        WHOLE.replace("seed = 7", 'seed = "x"').replace('id = "debate"', "").replace('op = ">"', 'op = "!"')
    )
    lines = problems(folder, text)
    places = [int(line.split(":")[1]) for line in lines]
    assert len(lines) >= 3
    assert places == sorted(places)
    assert any("'id' is missing in event; add it" in line for line in lines)


def test_an_id_used_twice_names_both_places(folder):
    """The second use is reported with the line of the first."""
    text = WHOLE + '\n[[outlet]]\nid = "daily"\nname = "Another"\n'
    (line,) = problems(folder, text)
    assert re.search(r"outlet id 'daily' is used twice \(first on line 17\); give each its own id", line)


def test_an_unknown_test_is_named_with_the_nearest_known_one(folder):
    """The question packages say which tests they know."""
    (line,) = problems(folder, WHOLE.replace('"event_step"', '"event_stepp"'))
    assert line.endswith("opinion has no test 'event_stepp'; did you mean 'event_step'?")


def test_a_test_without_its_parameters_is_reported(folder):
    """A step test needs the party that is to have moved."""
    (line,) = problems(folder, WHOLE.replace('event = "debate", party = "P1"', 'event = "debate"'))
    assert "opinion.event_step needs the parameter party or candidate" in line


def test_an_unknown_parameter_is_reported(folder):
    """A mistyped parameter is never silently ignored."""
    lines = problems(folder, WHOLE.replace('party = "P1" }', 'party = "P1", partei = "P2" }'))
    assert any(
        "opinion.event_step has no parameter 'partei'; did you mean 'party'?" in line for line in lines
    )


def test_an_allegation_needs_a_test_or_a_reason_why_none_can_settle_it(folder):
    """Nothing stands on the board without either."""
    text = WHOLE + '\n[[allegation]]\nid = "b"\ntext = "t"\nmade_by = "m"\nmade_on = 2030\n'
    lines = problems(folder, text.replace("made_on = 2030\n", 'made_on = "2030"\n'))
    assert len(lines) == 1
    assert "allegation 'b' has no test" in lines[0]


def test_broken_toml_is_one_line_with_its_place(folder):
    """What tomllib says, with the line, in our form."""
    (line,) = problems(folder, '[case]\ntitle = "unclosed\n')
    assert line.startswith("case.toml:2: not valid TOML: ")


def test_a_file_that_is_not_utf8_is_one_line(folder):
    """The line of the first byte that is not UTF-8 is named."""
    (folder / "case.toml").write_bytes(b'[case]\ntitle = "caf\xe9"\n')
    with pytest.raises(CaseError) as caught:
        load(folder)
    assert caught.value.lines == ("case.toml:2: this is not UTF-8; save the file as UTF-8",)


@pytest.mark.parametrize(
    "raw", [b"\0" * 5_000_000, b"a = " + b"[" * 200_000, b"x" * 5_000_000, b"\0\1\2", b"[case]\n" * 2]
)
def test_what_is_no_case_is_one_line(folder, raw):
    """Huge, binary, absurdly nested, a table twice: one line with a place, never a traceback."""
    (folder / "case.toml").write_bytes(raw)
    (line,) = lines_of(folder)
    assert re.match(r"case\.toml:\d+: .+; .+", line)


def test_an_empty_file_says_what_it_lacks(folder):
    """Nothing at all is a case without its title."""
    (folder / "case.toml").write_bytes(b"")
    assert any("'case' is missing" in line for line in lines_of(folder))


def test_a_folder_without_a_case_says_how_to_make_one(tmp_path):
    """The remedy is a command."""
    with pytest.raises(CaseError, match=r"there is no case\.toml here; make one with: probata init"):
        load(tmp_path)


def test_a_byte_order_mark_and_windows_line_ends_change_nothing(folder):
    """A file saved by an editor on Windows reads the same, on the same lines."""
    (folder / "case.toml").write_bytes(b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode())
    assert load(folder).title == "A case"


@given(data=st.data())
def test_no_damage_to_the_file_gives_anything_but_lines(tmp_path_factory, data):
    """Cut or overwritten anywhere, a case loads or gives one-line problems: never another exception."""
    folder = tmp_path_factory.mktemp("case")
    at = data.draw(st.integers(0, len(WHOLE)))
    damaged = WHOLE[:at] + data.draw(st.text(max_size=6)) + WHOLE[at + data.draw(st.integers(0, 30)) :]
    (folder / "case.toml").write_bytes(damaged.encode("utf-8", "replace"))
    assert all(re.match(r"case\.toml:\d+: ", line) and "\n" not in line for line in lines_of(folder))


def lines_of(folder):
    """The problems of a case, or none."""
    try:
        load(folder)
    except CaseError as error:
        return error.lines
    return ()


def test_a_metric_that_the_test_does_not_give_is_reported(folder):
    """A test that could only ever say "another metric" is caught before it runs."""
    (line,) = problems(folder, WHOLE.replace('"shift"', '"shifts"'))
    assert "opinion.event_step gives no metric 'shifts'; did you mean 'shift'?" in line


def test_every_option_that_a_question_reads_can_be_set_in_a_case(root):
    """The list of options is held to the code of the questions."""
    reads = re.compile(r"options(?:\.get\(|\[)\"([a-z_0-9]+)\"")
    code = " ".join(path.read_text(encoding="utf-8") for path in (root / "src/probata/analyse").rglob("*.py"))
    assert not set(reads.findall(code)) - set(OPTIONS) - {"progress", "read"}
