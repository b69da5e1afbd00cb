"""Lines of keys and tables in TOML, which ``tomllib`` does not give."""

from __future__ import annotations

import tomllib

from hypothesis import given
from hypothesis import strategies as st

from probata.case.locate import locate

TEXT = '''# a comment with [brackets] and key = 1
[case]
title = "a # that is no comment, and [no] header"
period = { from = 2017-01-01,
}
long = """
[not.a.header]
key = 1
"""
list = [
  "x", # ] not the end
  "]",
]
after = 1
dotted.inner = 2
"quoted key" = 3

[[allegation]]
id = "one"
[[allegation.test]]
test = "t1"
[[allegation.test]]
test = "t2"
[[allegation]]
id = "two"
[[allegation.test]]
test = "t3"
[allegation.extra]
k = 1
'''


def test_keys_are_found_on_their_lines():
    """Comments, multi-line strings, arrays and quotes do not mislead the locator."""
    found = locate(TEXT)
    wanted = {
        ("case",): 2,
        ("case", "title"): 3,
        ("case", "period"): 4,
        ("case", "long"): 6,
        ("case", "list"): 10,
        ("case", "after"): 14,
        ("case", "dotted", "inner"): 15,
        ("case", "quoted key"): 16,
    }
    assert {path: found.line(path) for path in wanted} == wanted
    assert ("not", "a", "header") not in found.lines


def test_tables_in_arrays_are_counted_below_their_holder():
    """The second allegation's first test is not the third test of the first."""
    found = locate(TEXT)
    assert found.line(("allegation", 0, "test", 0, "test")) == 21
    assert found.line(("allegation", 0, "test", 1, "test")) == 23
    assert found.line(("allegation", 1)) == 24
    assert found.line(("allegation", 1, "test", 0, "test")) == 27
    assert found.line(("allegation", 1, "extra", "k")) == 29


def test_an_unknown_path_has_the_line_of_what_holds_it():
    """A key of an inline table, or a missing key, is reported where its table stands."""
    found = locate(TEXT)
    assert found.line(("case", "period", "from")) == 4
    assert found.line(("case", "absent")) == 2
    assert found.line(("nowhere",)) == 1


@given(st.text(alphabet="[]{}\"'#=.\\\nab1 ", max_size=80))
def test_no_text_breaks_or_holds_up_the_locator(text):
    """Whatever the text, the locator ends and gives lines that exist."""
    lines = locate(text).lines.values()
    assert all(1 <= line <= text.count("\n") + 1 for line in lines)


KEYS = st.from_regex(r"[a-z][a-z0-9_-]{0,6}", fullmatch=True)
VALUES = st.one_of(
    st.integers(-9, 9).map(str),
    st.sampled_from(
        ['"x # y"', "'[z]'", '["a", "b"]', '[\n  "a", # c\n]', '"""\nk = 1\n"""', "{ a = 1, b = 2 }"]
    ),
)


@given(st.dictionaries(KEYS, st.dictionaries(KEYS, VALUES, min_size=1, max_size=4), min_size=1, max_size=4))
def test_every_key_that_tomllib_reads_is_found_on_its_own_line(tables):
    """For documents that parse, the line found holds the key."""
    text = "".join(
        f"[{table}]\n" + "".join(f"{key} = {value}\n" for key, value in keys.items())
        for table, keys in tables.items()
    )
    found, lines = locate(text), text.split("\n")
    for table, keys in tomllib.loads(text).items():
        for key in keys:
            line = found.lines[(table, key)]
            assert lines[line - 1].startswith(f"{key} = ")
