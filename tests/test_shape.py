"""The house keeps its shape: small files, layers, a quick import, no machine paths."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

FORBIDDEN = re.compile("/" + "(work|farm|root)" + "/" + r"|\.lib" + "rary|before" + "-stop")


def test_no_module_exceeds_five_hundred_lines(root: Path) -> None:
    """A longer module becomes a package."""
    long = {
        str(path.relative_to(root)): lines
        for path in sorted((root / "src").rglob("*.py"))
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > 500
    }
    assert not long


def test_the_layers_hold(root: Path) -> None:
    """import-linter keeps every contract of pyproject.toml."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_importing_the_command_line_loads_no_engine() -> None:
    """`probata --help` needs neither numpy nor an engine, which is what keeps it quick."""
    code = (
        "import sys; import probata.cli; "
        "print(*[m for m in ('numpy', 'duckdb', 'scipy', 'numba') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not done.stdout.split()


def test_nothing_committed_names_a_machine(root: Path) -> None:
    """No path of a developer's machine stands in a tracked file."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=root, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a git checkout")
    names = [root / name for name in listed.stdout.decode().split("\0") if name]
    texts = [
        p for p in names if p.is_file() and p.suffix in {".py", ".md", ".toml", ".yaml", ".yml", ".json", ""}
    ]
    found = [str(p) for p in texts if FORBIDDEN.search(p.read_text(encoding="utf-8", errors="replace"))]
    assert not found
