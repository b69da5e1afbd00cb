"""The layers of the cross-encoder that are fitted, in PyTorch (``pip install torch``); numpy runs them later."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from probata.text.cross.layers import ALONE
from probata.text.cross.packed import WIDTH, Packed

RANK = 32
"""Rank of the change of each matrix."""
INNER = 128
DROPPED = 0.1
PADDING = 2
"""What stands in ``side`` where there is no token; 0 is the first sentence, 1 the second."""
PARTS = ("q", "k", "v", "ao", "fi", "fo")
NORMS = {"aln": "after_attention", "oln": "after_all"}


class Changed(nn.Module):
    """A fixed matrix and a low-rank change of it that is fitted."""

    def __init__(self, weight: np.ndarray, bias: np.ndarray) -> None:
        super().__init__()
        self.register_buffer("weight", torch.tensor(weight))
        self.register_buffer("bias", torch.tensor(bias))
        self.inner = nn.Parameter(torch.randn(RANK, weight.shape[1]) / math.sqrt(weight.shape[1]))
        self.outer = nn.Parameter(torch.zeros(weight.shape[0], RANK))

    def forward(self, states: torch.Tensor) -> torch.Tensor:
        fixed = functional.linear(states, self.weight, self.bias)
        return fixed + functional.linear(functional.linear(states, self.inner), self.outer)


class Block(nn.Module):
    """One layer of the transformer."""

    def __init__(self, packed: Packed, layer: int) -> None:
        super().__init__()
        self.heads = packed.heads
        self.parts = nn.ModuleDict({
            part: Changed(
                packed.matrix(f"l{layer}.{part}.w", 4 * WIDTH if part == "fo" else WIDTH),
                packed.floats(f"l{layer}.{part}.b"),
            )
            for part in PARTS
        })  # fmt: skip
        for short, name in NORMS.items():
            norm = nn.LayerNorm(WIDTH, eps=1e-12)
            with torch.no_grad():
                norm.weight.copy_(torch.tensor(packed.floats(f"l{layer}.{short}.w")))
                norm.bias.copy_(torch.tensor(packed.floats(f"l{layer}.{short}.b")))
            setattr(self, name, norm)

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        rows, tokens, _ = states.shape

        def split(part: str) -> torch.Tensor:
            return self.parts[part](states).view(rows, tokens, self.heads, -1).transpose(1, 2)

        # written out: torch's own attention is five times slower here on a processor in bfloat16
        weight = torch.matmul(split("q"), split("k").transpose(2, 3)) * (WIDTH // self.heads) ** -0.5 + mask
        taken = torch.matmul(functional.softmax(weight, -1), split("v"))
        taken = taken.transpose(1, 2).reshape(rows, tokens, WIDTH)
        states = self.after_attention(states + self.parts["ao"](taken))
        return self.after_all(states + self.parts["fo"](functional.gelu(self.parts["fi"](states))))


class Cross(nn.Module):
    """The last layers over both sentences, and what turns them into three scores."""

    def __init__(self, packed: Packed) -> None:
        super().__init__()
        self.blocks = nn.ModuleList(Block(packed, layer) for layer in range(ALONE, packed.layers))
        self.second = nn.Parameter(torch.randn(WIDTH) * 0.02)
        self.inner, self.outer = nn.Linear(4 * WIDTH, INNER), nn.Linear(INNER, 3)

    def forward(self, states: torch.Tensor, side: torch.Tensor) -> torch.Tensor:
        """Scores, shape (rows, 3), of states (rows, tokens, 384) and sides (rows, tokens)."""
        states = states + (side == 1).unsqueeze(-1).to(states.dtype) * self.second
        mask = torch.where(side == PADDING, -1e9, 0.0).view(len(states), 1, 1, -1)
        for block in self.blocks:
            states = block(states, mask)
        a, b = (
            (states * (side == k).unsqueeze(-1)).sum(1) / (side == k).sum(1, keepdim=True) for k in (0, 1)
        )
        both = torch.cat([states[:, 0], a + b, (a - b).abs(), a * b], 1)
        hidden = torch.tanh(self.inner(both))
        return self.outer(functional.dropout(hidden, DROPPED, self.training))

    def changes(self) -> dict[str, Any]:
        """What the package needs beside the fixed weights, as 16-bit floats."""
        found: dict[str, torch.Tensor] = {"second": self.second}
        for name, layer in (("inner", self.inner), ("outer", self.outer)):
            found[name] = layer.weight
            found["inner_bias" if name == "inner" else "bias"] = layer.bias
        for number, block in enumerate(self.blocks, start=ALONE):
            for part, changed in block.parts.items():
                found |= {f"l{number}.{part}.a": changed.inner, f"l{number}.{part}.b": changed.outer}
            for short, name in NORMS.items():
                norm = getattr(block, name)
                found |= {f"l{number}.{short}.w": norm.weight, f"l{number}.{short}.b": norm.bias}
        return {name: value.detach().numpy().astype(np.float16) for name, value in found.items()}


def laid(states: list[np.ndarray], pairs: list[tuple[int, int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """States of both sentences of each pair one behind the other, filled up, and whose each token is."""
    longest = max(len(states[a]) + len(states[b]) for a, b in pairs)
    both = np.zeros((len(pairs), longest, WIDTH), np.float32)
    side = np.full((len(pairs), longest), PADDING)
    for row, (a, b) in enumerate(pairs):
        first, whole = len(states[a]), len(states[a]) + len(states[b])
        both[row, :first], both[row, first:whole] = states[a], states[b]
        side[row, :first], side[row, first:whole] = 0, 1
    return torch.tensor(both), torch.tensor(side)
