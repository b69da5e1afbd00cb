"""Opening files: compression, damage, endless lines, wide encodings."""

from __future__ import annotations

import bz2
import gzip
import random
import tracemalloc
from pathlib import Path

import pytest
from backports import zstd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.collect import UnreadableFile, _bytes
from probata.collect._bytes import open_stream

PACKERS = {"gzip": gzip.compress, "bzip2": bz2.compress, "zstd": zstd.compress}
wild = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)


def saved(folder: Path, data: bytes) -> Path:
    path = folder / "input"
    path.write_bytes(data)
    return path


def lines_text(count: int) -> bytes:
    chance = random.Random(4)
    return b"".join(b"%d %d\n" % (number, chance.getrandbits(64)) for number in range(count))


@pytest.mark.parametrize("name", PACKERS)
def test_compressed_files_read_as_they_are(tmp_path: Path, name: str) -> None:
    """A compressed file, also one of several members, gives the bytes that went in and no reject."""
    raw = lines_text(40_000)
    stream = open_stream(saved(tmp_path, PACKERS[name](raw) + PACKERS[name](b"more\n")))
    assert stream.read_all(1 << 30) == raw + b"more\n"
    assert stream.layers == (name,)
    assert stream.take_rejects() == ()


@pytest.mark.parametrize("name", PACKERS)
def test_truncated_archive_keeps_what_came_before(tmp_path: Path, name: str) -> None:
    """Half an archive gives a true beginning of the text and one reject that says truncated."""
    raw = lines_text(80_000)
    packed = PACKERS[name](raw)
    stream = open_stream(saved(tmp_path, packed[: len(packed) // 2]))
    got = stream.read_all(1 << 30)
    assert got is not None
    assert 0 < len(got) < len(raw)
    assert raw.startswith(got)
    (reject,) = stream.take_rejects()
    assert "truncated" in reject.reason


def test_damaged_archive_is_one_reject(tmp_path: Path) -> None:
    """A flipped byte within gzip data ends the reading with a reason and no exception."""
    packed = bytearray(gzip.compress(lines_text(80_000)))
    packed[len(packed) // 2] ^= 255
    stream = open_stream(saved(tmp_path, bytes(packed)))
    stream.read_all(1 << 30)
    (reject,) = stream.take_rejects()
    assert "damaged" in reject.reason


def test_compressed_twice_is_read_and_thrice_refused(tmp_path: Path) -> None:
    """One archive within another is read; a third layer is a reject."""
    twice = gzip.compress(zstd.compress(b"text\n"))
    assert open_stream(saved(tmp_path, twice)).read_all(100) == b"text\n"
    stream = open_stream(saved(tmp_path, bz2.compress(twice)))
    assert stream.read_all(100) == b""
    assert "more than 2 times" in stream.take_rejects()[0].reason


def test_bomb_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that grows past the allowed ratio is stopped with a reason and a remedy."""
    monkeypatch.setattr(_bytes, "RATIO_FROM", 4 << 20)
    stream = open_stream(saved(tmp_path, gzip.compress(bytes(16 << 20))))
    got = stream.read_all(1 << 30)
    assert got is not None
    assert len(got) < 6 << 20
    (reject,) = stream.take_rejects()
    assert "bomb" in reject.reason
    assert "unpack it" in reject.reason


def test_hundred_megabytes_on_one_line_are_one_reject(tmp_path: Path) -> None:
    """The endless line is counted with its number, its neighbours are read, and memory stays bounded."""
    path = tmp_path / "input"
    with path.open("wb") as handle:
        handle.write(b"first\n")
        for _ in range(100):
            handle.write(b"x" * (1 << 20))
        handle.write(b"\nlast")
    stream = open_stream(path)
    tracemalloc.start()
    rows = list(stream.lines())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == [(1, 0, b"first"), (3, 6 + (100 << 20) + 1, b"last")]
    (reject,) = stream.take_rejects()
    assert reject.line == 2
    assert peak < 60 << 20


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_wide_encodings_become_utf8(tmp_path: Path, encoding: str) -> None:
    """UTF-16 with or without a mark and UTF-32 are given on as UTF-8 lines."""
    text = "the first line of it\nla deuxième ligne\n"
    stream = open_stream(saved(tmp_path, text.encode(encoding)))
    assert [line.decode() for _, _, line in stream.lines()] == text.splitlines()


@wild
@given(data=st.binary(max_size=3000), size=st.integers(1, 50), longest=st.integers(1, 40))
def test_every_line_is_read_or_rejected(tmp_path: Path, data: bytes, size: int, longest: int) -> None:
    """For any bytes and block size, lines read and lines rejected are together all lines, at their offsets."""
    stream = open_stream(saved(tmp_path, b"plain " + data))
    whole = stream.peek(5000)
    expected = whole.split(b"\n")
    if expected and not expected[-1]:
        expected.pop()
    got: dict[int, bytes] = {}
    for block in stream.blocks(size, longest):
        assert whole[block.offset : block.offset + len(block.data)] == block.data
        rows = block.data.split(b"\n")
        got.update(enumerate(rows if rows[-1] else rows[:-1], block.line))
    rejected = {reject.line for reject in stream.take_rejects()}
    assert rejected.isdisjoint(got)
    assert rejected | set(got) == set(range(1, len(expected) + 1))
    assert all(expected[number - 1] == line for number, line in got.items())


@wild
@given(
    data=st.binary(max_size=400),
    magic=st.sampled_from([b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"BZh91AY&SY"]),
)
def test_any_bytes_can_be_opened(tmp_path: Path, data: bytes, magic: bytes) -> None:
    """Bytes behind any magic number are read, rejected or refused in one line, never an exception of a library."""
    refusal = ""
    try:
        with open_stream(saved(tmp_path, magic + data)) as stream:
            list(stream.lines())
            refusal = " ".join(reject.reason for reject in stream.take_rejects())
    except UnreadableFile as error:
        refusal = str(error)
    assert "\n" not in refusal


def test_archives_of_files_are_refused_with_the_remedy(tmp_path: Path) -> None:
    """A zip is not silently read as text."""
    with pytest.raises(UnreadableFile, match="unpack it"):
        open_stream(saved(tmp_path, b"PK\x03\x04rest"))


@pytest.mark.parametrize("name", ["absent", "."])
def test_missing_file_and_folder_are_one_line(tmp_path: Path, name: str) -> None:
    """What is no file is refused with its name."""
    with pytest.raises(UnreadableFile, match=r"cannot be opened|not a regular file"):
        open_stream(tmp_path / name, shown=name)
