"""The commented template is a case that loads, before and after it is filled in."""

from __future__ import annotations

import re

import pytest

from probata.case import CaseError, load, write_template
from probata.case.init import template


def test_the_template_loads_as_written(tmp_path):
    """A newcomer can run it at once and see gaps, not errors."""
    write_template(tmp_path / "new")
    assert load(tmp_path / "new").allegations[0].id == "moved-opinion"


def test_the_template_loads_with_every_entry_in_use(tmp_path):
    """Every commented entry is right: taking the marks away leaves a whole case."""
    lines = template().split("\n")
    used = [re.sub(r"^# (?=\[|[a-z]+ = )", "", line) for line in lines]
    (tmp_path / "case.toml").write_text("\n".join(used), encoding="utf-8")
    case = load(tmp_path)
    assert case.candidates
    assert case.outlets[0].control["state"] == "XX"
    assert case.facts[0].check is not None
    assert case.hypotheses
    assert case.gaps
    assert case.allegations[0].denials


def test_nothing_is_overwritten(tmp_path):
    """A second init leaves the first case alone."""
    path = write_template(tmp_path)
    path.write_text("mine")
    with pytest.raises(CaseError, match="there is a case here already"):
        write_template(tmp_path)
    assert path.read_text() == "mine"


def test_a_place_that_cannot_be_written_is_one_line(tmp_path):
    """A file where the folder should be is named, not traced."""
    (tmp_path / "taken").write_text("x")
    with pytest.raises(CaseError, match="choose another folder"):
        write_template(tmp_path / "taken")


def test_every_key_of_the_template_is_documented(root):
    """docs/questions/case.md names each table and key that the template shows."""
    page = (root / "docs" / "questions" / "case.md").read_text(encoding="utf-8")
    used = [re.sub(r"^# (?=\[|[a-z]+ = )", "", line) for line in template().split("\n")]
    tables = {line.strip() for line in used if line.startswith("[")}
    keys = {key for line in used for key in re.findall(r"(?:^|[{,] )([a-z_]+) = ", line.split("#")[0])}
    mine = {"first", "interference", "party"}  # names of the template's own example
    assert not {table for table in tables if f"`{table}`" not in page}
    assert not {key for key in keys - mine if f"`{key}`" not in page}
