"""The command line. Standard output holds the answer and nothing else; messages go to standard error.

Exit codes: 0 done, 1 the program failed, 2 bad usage or bad input, 3 done but records were set aside
(``--strict``).
"""

from __future__ import annotations

import os
import sys

from probata.cli.app import app

__all__ = ["app", "main"]


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; every failure is one line on standard error, never a traceback."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:2] == ["claims", "train"]:  # a verb below a verb that takes free paths
        given = ["claims-train", *given[2:]]
    try:
        app(given, standalone_mode=True)
    except KeyboardInterrupt:
        _fail("interrupted; run the same command again to go on", 1)
    except BrokenPipeError:  # the reader of our output has gone, as `| head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except Exception as problem:  # noqa: BLE001 the last line of defence: one line, not a traceback
        _report(problem)


def _report(problem: Exception) -> None:
    """Bad input is the user's to mend (2); anything else is ours (1)."""
    if os.environ.get("PROBATA_DEBUG"):
        raise problem
    from probata.case import CaseError
    from probata.collect import UnreadableFile

    if isinstance(problem, (CaseError, UnreadableFile, ValueError, FileNotFoundError, PermissionError)):
        _fail(str(problem), 2)
    kind = type(problem).__name__
    _fail(f"the program failed ({kind}: {problem}); set PROBATA_DEBUG=1 to see where", 1)


def _fail(message: str, code: int) -> None:
    sys.stderr.write(f"probata: {message}\n")
    sys.exit(code)
