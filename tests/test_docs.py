"""The documentation is held to the code."""

from __future__ import annotations

import importlib.util
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from probata.analyse import QUESTIONS
from probata.collect import COLLECTORS


def dependency_names(root: Path) -> set[str]:
    """Every distribution named in pyproject.toml, extras included."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    listed = [
        *project["dependencies"],
        *(d for extra in project["optional-dependencies"].values() for d in extra),
    ]
    return {re.split(r"[<>=!~;\[ ]", item)[0] for item in listed}


def test_every_dependency_is_explained(root: Path) -> None:
    """docs/dependencies.md names each dependency of each extra."""
    told = (root / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert not {name for name in dependency_names(root) if f"| {name} |" not in told}


def test_the_reference_of_verbs_is_current(root: Path) -> None:
    """docs/reference.md is what the program would write today."""
    spec = importlib.util.spec_from_file_location("reference", root / "docs" / "_reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.reference() == (root / "docs" / "reference.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_test_of_a_question_is_documented(root: Path, question: str) -> None:
    """A case author finds every test and parameter on the question's page."""
    module = importlib.import_module(f"probata.analyse.{question}")
    page = (root / "docs" / "questions" / f"{question}.md").read_text(encoding="utf-8")
    words = {*module.TESTS, *(name for names in module.PARAMETERS.values() for name in names)}
    assert not {word for word in words if f"`{word}`" not in page}


def test_every_kind_of_data_is_documented(root: Path) -> None:
    """docs/formats.md describes each kind that a case can name."""
    page = (root / "docs" / "formats.md").read_text(encoding="utf-8")
    assert not {kind for kind in COLLECTORS if f"`{kind}`" not in page}


def documented_commands(root: Path) -> list[str]:
    """Commands of README and tutorial that work on the examples in the checkout."""
    pages = [
        root / "README.md",
        root / "docs" / "tutorial.md",
        *sorted((root / "docs" / "questions").glob("*.md")),
    ]
    lines = [
        line.strip().removeprefix("$ ") for page in pages for line in page.read_text("utf-8").splitlines()
    ]
    lines = [line.removeprefix(".venv/bin/") for line in lines]
    return sorted(
        {line for line in lines if line.startswith("probata ") and "examples/" in line and "<" not in line}
    )


def test_commands_shown_in_the_docs_run(root: Path, tmp_path: Path) -> None:
    """Every command on the examples ends with exit code 0 (or 3 under --strict)."""
    made = shutil.ignore_patterns(".probata", "evidence")  # by an earlier run: large, and made again
    shutil.copytree(root / "examples", tmp_path / "examples", ignore=made)
    failed = []
    for line in documented_commands(root):
        words = [sys.executable, "-m", *shlex.split(line.split("|")[0].split(">")[0], comments=True)]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, check=False)
        if done.returncode not in (0, 3):
            failed.append(f"{line}: {done.returncode} {done.stderr[-300:]}")
    assert not failed
