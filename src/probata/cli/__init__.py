"""The command line. Standard output holds the answer and nothing else; messages go to standard error.

Exit codes: 0 done, 1 the program failed, 2 bad usage or bad input, 3 done but records were set aside
(``--strict``).
"""

from __future__ import annotations

import contextlib
import os
import sys
from typing import NoReturn

import typer

from probata.cli.app import app
from probata.cli.common import let_go_of_stdout

__all__ = ["app", "main"]

_INTERRUPTED = 130
"""What the parser of the command line returns where Ctrl-C ended a verb."""


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every failure is one line on standard error, never a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:2] == ["claims", "train"]:  # a verb below a verb that takes free paths
        given = ["claims-train", *given[2:]]
    if sys.stdout is None:
        _fail("standard output is closed; give it a file or a pipe", 2)
    try:
        code = app(given or ["--help"], standalone_mode=False)
        sys.stdout.flush()  # a full disk shows here, not when the interpreter is already ending
    except (KeyboardInterrupt, typer.Abort):
        _fail("interrupted; run the same command again to go on", 1)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        let_go_of_stdout()
        sys.exit(0)
    except Exception as problem:  # noqa: BLE001 the last line of defence: one line, not a traceback
        _report(problem)
    if code == _INTERRUPTED:
        _fail("interrupted; run the same command again to go on", 1)
    sys.exit(code if isinstance(code, int) else 0)


def _report(problem: Exception) -> None:
    """Bad input is the user's to mend (2); anything else is ours (1)."""
    if os.environ.get("PROBATA_DEBUG"):
        raise problem
    from probata.case import CaseError
    from probata.collect import UnreadableFile

    if hasattr(problem, "format_message"):  # the parser of the command line refused it
        _fail(f"{problem.format_message()}; see probata --help".replace(".;", ";"), 2)
    if isinstance(problem, OSError) and problem.strerror:
        _fail_on_file(problem)
    if isinstance(problem, CaseError):  # one line a problem
        _fail(str(problem), 2)
    message = " ".join(str(problem).split())
    if isinstance(problem, (UnreadableFile, ValueError, OSError)):
        _fail(message, 2)
    kind = type(problem).__name__
    _fail(f"the program failed ({kind}: {message}); set PROBATA_DEBUG=1 to see where", 1)


def _fail_on_file(problem: OSError) -> None:
    """A file that cannot be opened is named; where none is named, it was the writing of the output that failed."""
    what = str(problem.strerror).lower()
    if problem.filename is None:
        with contextlib.suppress(OSError):
            let_go_of_stdout()
        _fail(f"the output cannot be written: {what}", 1)
    _fail(f"{os.fsdecode(problem.filename)}: {what}; check the path and its permissions", 2)


def _fail(message: str, code: int) -> NoReturn:
    sys.stderr.write(f"probata: {message}\n")
    sys.exit(code)
