"""Bytes of a file as they are meant: decompressed, guarded, cut into lines, decoded.

Shared by every reader. Nothing here raises for what a file holds: a truncated or damaged archive, a
decompression bomb or an endless line ends in a ``Reject`` (``Stream.take_rejects``) and what was read before
counts. Only a file that cannot be opened at all raises ``UnreadableFile``.

Lines end at ``\\n`` and nowhere else; ``\\r`` stays on the line. Offsets count bytes of the *decompressed*
stream; UTF-16 and UTF-32 (known by a byte order mark or by their zero bytes) are rewritten as UTF-8 on the
way, so that every reader sees one byte form; offsets then count the rewritten bytes.
"""

from __future__ import annotations

import bz2
import codecs
import os
import stat
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from probata.collect import UnreadableFile
from probata.model import Reject

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MAX_LINE = 16 << 20
"""Longest line that is read, in bytes; a longer one is one reject."""

MAX_BYTES = 64 << 30
"""Most that one compressed file may expand to, in bytes."""

MAX_RATIO = 250
"""Most that a compressed file may grow, once it has grown past ``RATIO_FROM`` bytes."""

RATIO_FROM = 256 << 20
MAX_LAYERS = 2
"""A compressed file inside a compressed file is read; a third layer is not."""

_CHUNK = 1 << 20
_DAMAGE: tuple[type[Exception], ...] = (zlib.error, OSError, EOFError, ValueError, zstd.ZstdError)
_MAGIC = {"gzip": b"\x1f\x8b\x08", "zstd": b"\x28\xb5\x2f\xfd", "bzip2": b"BZh"}
_ARCHIVES = {b"PK\x03\x04": "zip", b"\xfd7zXZ\x00": "xz", b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar"}
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """Whole lines: their bytes (newlines kept), the number of the first line (from 1), its byte offset."""

    data: bytes
    line: int
    offset: int


class _Readable(Protocol):
    def read(self, size: int) -> bytes: ...


class _File:
    """The file itself; counts what was taken from it."""

    def __init__(self, path: Path) -> None:
        self._handle = path.open("rb", buffering=0)
        self.taken = 0

    def read(self, size: int) -> bytes:
        data = self._handle.read(size) or b""
        self.taken += len(data)
        return data

    def close(self) -> None:
        self._handle.close()


class _Ahead:
    """A reader that can be looked into before it is read."""

    def __init__(self, source: _Readable) -> None:
        self._source = source
        self._held = b""

    def peek(self, size: int) -> bytes:
        """The next ``size`` bytes (fewer at the end) without taking them."""
        while len(self._held) < size:
            more = self._source.read(size - len(self._held))
            if not more:
                break
            self._held += more
        return self._held[:size]

    def read(self, size: int) -> bytes:
        """Up to ``size`` bytes; ``b""`` only at the end."""
        if not self._held:
            return self._source.read(size)
        data, self._held = self._held[:size], self._held[size:]
        return data


class _Stopped(Exception):
    """An archive ends before its end, is damaged, or grows too far; the message is the reason."""


class _Expand:
    """One layer of compression taken off, member after member, with the bomb guard."""

    def __init__(self, source: _Readable, name: str, file: _File) -> None:
        self._source, self._name, self._file = source, name, file
        self._engine = _engine(name)
        self._given = b""
        self._ended = False
        self._fresh = True  # at the start of a member: the end of the file is no truncation here
        self.made = 0

    def read(self, size: int) -> bytes:
        while not self._ended:
            if self._engine.eof and not self._next_member():
                break
            if not self._given:
                self._given = self._source.read(_CHUNK)
                if not self._given and self._engine.starved:
                    return self._at_end()
            data = self._step(size)
            if data:
                return data
        return b""

    def _step(self, size: int) -> bytes:
        try:
            data = self._engine.expand(self._given, size)
        except _DAMAGE as error:
            raise _Stopped(f"{self._name} data is damaged after {self.made:,} bytes: {error}") from None
        self._given = b""
        if data or not self._engine.eof:
            self._fresh = False
        self.made += len(data)
        self._guard()
        return data

    def _at_end(self) -> bytes:
        self._ended = True
        if self._fresh:
            return b""
        raise _Stopped(f"{self._name} data ends too early, after {self.made:,} bytes: the file is truncated")

    def _next_member(self) -> bool:
        """Go on to the next member; zero padding is skipped, other bytes after the last are reported."""
        rest = self._engine.rest
        while len(rest) < 4 or not rest.strip(b"\0"):
            more = self._source.read(_CHUNK)
            if not more:
                break
            rest = rest.lstrip(b"\0") + more
        rest = rest.lstrip(b"\0")
        if not rest:
            self._ended = True
            return False
        if not rest.startswith(_MAGIC[self._name]):
            self._ended = True
            raise _Stopped(f"bytes that are not {self._name} follow the end of the {self._name} data")
        self._engine, self._given, self._fresh = _engine(self._name), rest, True
        return True

    def _guard(self) -> None:
        if self.made > MAX_BYTES:
            self._ended = True
            raise _Stopped(
                f"expands past {MAX_BYTES >> 30} GiB; unpack it and name the plain file if that is meant"
            )
        if self.made > RATIO_FROM and self.made > MAX_RATIO * max(self._file.taken, 1):
            self._ended = True
            raise _Stopped(
                f"a decompression bomb? {self._file.taken:,} bytes expanded to {self.made:,}, over "
                f"{MAX_RATIO} times as much; unpack it and name the plain file if that is meant"
            )


class _Engine:
    """zlib, bz2 and zstd behind one face: bounded output, what is left over, whether more input is needed."""

    def __init__(self, inner: Any, is_zlib: bool) -> None:
        self._inner, self._is_zlib = inner, is_zlib
        self._tail = b""

    @property
    def eof(self) -> bool:
        return bool(self._inner.eof)

    @property
    def rest(self) -> bytes:
        return bytes(self._inner.unused_data)

    @property
    def starved(self) -> bool:
        """Whether nothing more can come without more input."""
        return not self._tail if self._is_zlib else bool(self._inner.needs_input)

    def expand(self, data: bytes, size: int) -> bytes:
        if not self._is_zlib:
            return bytes(self._inner.decompress(data, size))
        made = self._inner.decompress(self._tail + data, size)
        self._tail = self._inner.unconsumed_tail
        return bytes(made)


def _engine(name: str) -> _Engine:
    if name == "gzip":
        return _Engine(zlib.decompressobj(31), True)
    if name == "bzip2":
        return _Engine(bz2.BZ2Decompressor(), False)
    return _Engine(zstd.ZstdDecompressor(), False)


class _Rewrite:
    """UTF-16 or UTF-32 in, UTF-8 out; what cannot be decoded becomes U+FFFD and is counted."""

    def __init__(self, source: _Readable, encoding: str) -> None:
        self._source = source
        self._decoder = codecs.getincrementaldecoder(encoding)("replace")
        self._ended = False

    def read(self, size: int) -> bytes:
        while not self._ended:
            data = self._source.read(max(size, 4))
            self._ended = not data
            text = self._decoder.decode(data, final=self._ended)
            if text:
                return text.encode("utf-8", "replace")
        return b""


class Stream:
    """An opened file: ``read``, ``peek``, ``blocks`` or ``lines``; then ``take_rejects``. A context manager.

    ``layers`` names the compressions taken off, outermost first; ``rewritten`` the wide encoding that was
    turned into UTF-8, or None. ``size`` is the length of the file on disk, ``position`` how many bytes of it
    were taken so far (for progress).
    """

    def __init__(self, path: Path, shown: str) -> None:
        self._file = _File(path)
        self._shown = shown
        self._rejects: list[Reject] = []
        self._stopped = False
        self.size = os.fstat(self._file._handle.fileno()).st_size
        self.layers: tuple[str, ...] = ()
        self.rewritten: str | None = None
        self._bytes = _Ahead(self._file)
        self._line = 1
        self._offset = 0
        self._open_layers()

    def __enter__(self) -> Stream:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def position(self) -> int:
        """Bytes of the file on disk taken so far."""
        return self._file.taken

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def peek(self, size: int = 1 << 16) -> bytes:
        """The next bytes without taking them (fewer at the end), to tell what the content is."""
        try:
            return self._bytes.peek(size)
        except _Stopped as stop:
            self._stop(str(stop))
            return self._bytes._held[:size]

    def read(self, size: int = _CHUNK) -> bytes:
        """Up to ``size`` bytes; ``b""`` at the end, which damage and the bomb guard bring nearer."""
        if self._stopped:
            return self._bytes.read(size) if self._bytes._held else b""
        try:
            return self._bytes.read(size)
        except _Stopped as stop:
            self._stop(str(stop))
            return b""

    def read_all(self, most: int) -> bytes | None:
        """Everything that is left, or None where that is more than ``most`` bytes (memory stays bounded)."""
        pieces, length = [], 0
        while data := self.read(_CHUNK):
            length += len(data)
            if length > most:
                return None
            pieces.append(data)
        return b"".join(pieces)

    def blocks(self, size: int = 4 << 20, longest: int = MAX_LINE) -> Iterator[Block]:
        """Whole lines of about ``size`` bytes a block; the last line may lack its newline.

        A line over ``longest`` bytes is left out (numbers and offsets count it) and becomes a reject.
        """
        tail: list[bytes] = []
        held = 0
        while data := self.read(size):
            cut = data.rfind(b"\n") + 1
            if cut:
                yield from self._block(b"".join([*tail, data[:cut]]), longest)
                tail, held = [data[cut:]], len(data) - cut
            else:
                tail.append(data)
                held += len(data)
            if held > longest:
                whole = held + self._skip_line()
                self._too_long(whole, longest)
                tail, held = [], 0
        if held:
            yield from self._block(b"".join(tail), longest)

    def lines(self, longest: int = MAX_LINE) -> Iterator[tuple[int, int, bytes]]:
        """Line number from 1, byte offset, and the line without its ``\\n`` (a ``\\r`` stays)."""
        for block in self.blocks(longest=longest):
            offset = block.offset
            rows = block.data.split(b"\n")
            if rows and not rows[-1]:
                rows.pop()
            for number, row in enumerate(rows, block.line):
                yield number, offset, row
                offset += len(row) + 1

    def take_rejects(self) -> tuple[Reject, ...]:
        """What was set aside since the last call: endless lines, truncation, damage, a bomb."""
        taken, self._rejects = tuple(self._rejects), []
        return taken

    def _open_layers(self) -> None:
        for _ in range(MAX_LAYERS):
            name = _layer(self.peek(8))
            if name is None:
                break
            self.layers += (name,)
            self._bytes = _Ahead(_Expand(self._bytes, name, self._file))
        start = self.peek(4096)
        if _layer(start) and len(self.layers) == MAX_LAYERS:
            self._bytes = _Ahead(_Nothing())
            self._stop(f"compressed more than {MAX_LAYERS} times over; unpack it first")
        wide = _wide(start)
        if wide:
            self.rewritten = wide
            self._bytes = _Ahead(_Rewrite(self._bytes, wide))

    def _block(self, data: bytes, longest: int) -> Iterator[Block]:
        """One block; its first line may have grown too long over several reads."""
        first = data.find(b"\n") + 1 or len(data)
        if first > longest:
            self._too_long(first, longest)
            data = data[first:]
        if data:
            block = Block(data, self._line, self._offset)
            self._line += data.count(b"\n")
            self._offset += len(data)
            yield block

    def _skip_line(self) -> int:
        """Take the rest of the line, keeping none of it; return its length with the newline."""
        skipped = 0
        while data := self.read(_CHUNK):
            end = data.find(b"\n") + 1
            if end:
                self._bytes._held = data[end:] + self._bytes._held
                return skipped + end
            skipped += len(data)
        return skipped

    def _too_long(self, length: int, longest: int) -> None:
        reason = f"line of {length:,} bytes is longer than the {longest:,} that are read"
        self._rejects.append(Reject(self._shown, self._line, reason))
        self._line += 1
        self._offset += length

    def _stop(self, reason: str) -> None:
        if not self._stopped:
            self._rejects.append(Reject(self._shown, None, reason))
        self._stopped = True


class _Nothing:
    def read(self, size: int) -> bytes:
        return b""


def open_stream(path: Path, shown: str | None = None) -> Stream:
    """Open a file for reading whatever its compression (gzip, zstd, bzip2 by their first bytes).

    ``shown`` is the name that rejects carry (default: the path).

    Raises:
        UnreadableFile: the file is missing, not a regular file, not permitted, or a zip, xz, 7z or rar.
    """
    name = shown or str(path)
    try:
        mode = os.stat(path).st_mode
        if not stat.S_ISREG(mode):
            raise UnreadableFile(f"{name}: not a regular file; name a file")
        stream = Stream(path, name)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise UnreadableFile(f"{name}: cannot be opened ({reason})") from None
    start = stream.peek(8)
    for magic, kind in _ARCHIVES.items():
        if start.startswith(magic):
            stream.close()
            raise UnreadableFile(f"{name}: a {kind} archive; unpack it and name the files in it")
    return stream


def _layer(start: bytes) -> str | None:
    for name, magic in _MAGIC.items():
        if start.startswith(magic):
            # "BZh" may begin a text: a digit and the magic of a block (or of an empty file) must follow
            if name == "bzip2" and not (start[3:4].isdigit() and start[4:6] in (b"1A", b"\x17r", b"")):
                continue
            return name
    return None


def _wide(start: bytes) -> str | None:
    """The wide encoding of a text, by byte order mark or by zero bytes at every other place."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    if len(start) < 8 or start.startswith((b"PAR1", b"SQLite format 3")):
        return None
    even, odd = start[0::2], start[1::2]
    zeros = even.count(0), odd.count(0)
    if zeros[0] == 0 and zeros[1] >= 0.7 * len(odd):
        return "utf-16-le"
    if zeros[1] == 0 and zeros[0] >= 0.7 * len(even):
        return "utf-16-be"
    return None
