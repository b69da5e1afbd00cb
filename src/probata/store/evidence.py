"""Originals as received, by SHA-256, never changed, and the custody log that says where they came from.

``evidence/<first two digits>/<sha256>`` holds the bytes; ``evidence/custody.jsonl`` is append-only: UTC time,
path or address, tool version, hash, operator (collection log of the Berkeley Protocol, OHCHR 2022).
"""

from __future__ import annotations

import getpass
import hashlib
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from probata import __version__

_CHUNK = 1 << 20


def sha256_of(path: Path) -> str:
    """Hash a file in pieces, whatever its size."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_CHUNK):
            digest.update(piece)
    return digest.hexdigest()


class Evidence:
    """The folder of originals of one case."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._log = folder / "custody.jsonl"

    def keep(self, path: Path, shown: str | None = None) -> str:
        """Keep a file as evidence and return its SHA-256; a second time changes nothing.

        ``shown`` is the path written into the log (relative to the case, so that a case can move).
        """
        digest = sha256_of(path)
        kept = self.path_of(digest)
        if not kept.exists():
            self._copy(path, kept)
        name = shown or str(path)
        if (digest, name) not in {(row.get("sha256"), row.get("path")) for row in self.entries()}:
            self._append({"action": "kept", "sha256": digest, "path": name, "bytes": kept.stat().st_size})
        return digest

    def path_of(self, digest: str) -> Path:
        """Where the original with that hash rests."""
        return self._folder / digest[:2] / digest

    def entries(self) -> Iterator[dict[str, object]]:
        """Every whole line of the custody log; a line torn by a crash is not an entry."""
        if not self._log.exists():
            return
        for line in self._log.read_text(encoding="utf-8").split("\n"):
            try:
                yield json.loads(line)
            except ValueError:
                continue

    def forget(self, digest: str, reason: str) -> bool:
        """Erase an original; the custody log keeps a tombstone. True where something was erased."""
        kept = self.path_of(digest)
        if not kept.exists():
            return False
        self._append({"action": "erased", "sha256": digest, "reason": reason})
        kept.chmod(0o600)
        kept.unlink()
        return True

    def damaged(self) -> list[str]:
        """Hashes whose kept bytes no longer match their name."""
        kept = sorted(path for path in self._folder.glob("??/*") if len(path.name) == 64)
        return [path.name for path in kept if sha256_of(path) != path.name]

    def _copy(self, path: Path, kept: Path) -> None:
        """Copy under a private name, then rename: a killed copy never carries a hash as its name."""
        kept.parent.mkdir(parents=True, exist_ok=True)
        unfinished = kept.with_name(f".{kept.name}.{os.getpid()}.unfinished")
        with path.open("rb") as source, unfinished.open("wb") as target:
            while piece := source.read(_CHUNK):
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        unfinished.chmod(0o444)
        os.replace(unfinished, kept)

    def _append(self, entry: dict[str, object]) -> None:
        """Append one line; a torn last line (crash) is closed first so that it spoils no other."""
        self._folder.mkdir(parents=True, exist_ok=True)
        stamp = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        row = {"time": stamp, **entry, "tool": f"probata {__version__}", "operator": _operator()}
        torn = self._log.exists() and not self._log.read_bytes().endswith(b"\n") and self._log.stat().st_size
        with self._log.open("ab") as stream:
            stream.write((b"\n" if torn else b"") + json.dumps(row, ensure_ascii=False).encode() + b"\n")
            stream.flush()
            os.fsync(stream.fileno())


def _operator() -> str:
    """The account that ran the program; a machine without one is "unknown"."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "unknown"
