"""A commented ``case.toml`` to fill in."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from probata.case.check import CaseError
from probata.case.file import FILE


def write_template(folder: Path) -> Path:
    """Write ``folder/case.toml`` with a comment on every key, and an empty ``folder/data``.

    Raises:
        CaseError: there is a case already; nothing is overwritten.
    """
    target = folder / FILE
    if target.exists():
        raise CaseError([f"{target}:1: there is a case here already; choose another folder"])
    try:
        (folder / "data").mkdir(parents=True, exist_ok=True)
        target.write_text(template(), encoding="utf-8")
    except OSError as problem:
        raise CaseError(
            [f"{target}:1: it cannot be written ({problem.strerror}); choose another folder"]
        ) from None
    return target


def template() -> str:
    """The text of the commented case."""
    return files("probata.case").joinpath("template.toml").read_text(encoding="utf-8")
