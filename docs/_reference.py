"""Write ``docs/reference.md`` from the command line itself: ``python docs/_reference.py``."""

from __future__ import annotations

from pathlib import Path

import click
import typer

from probata.cli import app

TARGET = Path(__file__).resolve().parent / "reference.md"


def reference() -> str:
    """Every verb with its arguments and options, as Markdown."""
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group) or hasattr(group, "commands")
    lines = [
        "# Verbs and options",
        "",
        "Made from the program by `python docs/_reference.py`; a test holds it to the code.",
        "",
    ]
    lines += [
        "Exit codes: 0 done, 1 the program failed, 2 bad usage or bad input, 3 done but records were set aside "
        "(`--strict`).",
        "",
    ]
    for name, command in sorted(group.commands.items()):
        if command.hidden:
            continue
        lines += [
            f"## `probata {name}`",
            "",
            (command.help or "").strip(),
            "",
            "| option | meaning |",
            "|---|---|",
        ]
        lines += [
            _row(item) for item in command.params if getattr(item, "help", None) and item.name != "help"
        ]
        lines += [
            "",
            f"{(command.epilog or '').replace('Example: ', 'Example: `', 1)}`" if command.epilog else "",
            "",
        ]
    return "\n".join(lines)


def _row(item: click.Parameter) -> str:
    shown = ", ".join(f"`{name}`" for name in item.opts) if isinstance(item.opts, list) else str(item.opts)
    return f"| {shown} | {str(getattr(item, 'help', '')).strip().replace('|', '/')} |"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")
