"""Spans into attributions: each cue opens one; sources and contents go to the cue that costs least."""

from __future__ import annotations

from dataclasses import dataclass, field

from probata.analyse.claims.document import Tree

_REACH = 160
"""Tokens beyond which a cue is not looked at."""


@dataclass(slots=True)
class Piece:
    """One span of tokens, last included."""

    role: str
    first: int
    last: int
    share: float = 1.0


@dataclass(slots=True)
class Linked:
    """One attribution: tokens spans."""

    cue: Piece | None
    source: Piece | None = None
    contents: list[Piece] = field(default_factory=list)


def link(tree: Tree, pieces: list[Piece]) -> list[Linked]:
    """Attributions from tagged spans; those without content are dropped."""
    cues = [p for p in pieces if p.role == "Cue"]
    sources = [p for p in pieces if p.role == "Source"]
    found = [Linked(cue) for cue in cues]
    _link_sources(tree, found, sources)
    alone: list[Linked] = []
    for piece in pieces:
        if piece.role == "Content":
            best = _cue_of(tree, piece, found)
            if best is not None:
                best.contents.append(piece)
            else:
                alone.append(Linked(None, None, [piece]))
    return [item for item in found if item.contents] + alone


def _gap(a: Piece, b: Piece) -> int:
    """Tokens between two spans."""
    return max(0, b.first - a.last - 1 if a.first <= b.first else a.first - b.last - 1)


def _sentences(tree: Tree, a: Piece, b: Piece) -> int:
    return abs(tree.sent[a.first] - tree.sent[b.first])


def _crossed(a: Piece, b: Piece, others: list[Piece]) -> int:
    low, high = sorted((a.first, b.first))
    return sum(low < other.first < high for other in others)


def _above(tree: Tree, cue: Piece, piece: Piece) -> int:
    """Steps from the piece's syntactic root up to the cue, 0 where the cue is not above it within 11."""
    root = next(
        (i for i in range(piece.first, piece.last + 1) if not piece.first <= tree.head[i] <= piece.last),
        piece.first,
    )
    for step in range(1, 12):
        head = tree.head[root]
        if head == root:
            return 0
        if cue.first <= head <= cue.last:
            return step
        root = head
    return 0


def _link_sources(tree: Tree, found: list[Linked], sources: list[Piece]) -> None:
    """Greedy by cost over all pairs: one source a cue, one cue a source."""
    cues = [item.cue for item in found if item.cue is not None]
    costs = []
    for c, cue in enumerate(cues):
        for s, source in enumerate(sources):
            gap, apart = _gap(cue, source), _sentences(tree, cue, source)
            if apart > 1 or gap > _REACH or (tree.unit[cue.first] != tree.unit[source.first] and gap > 8):
                continue
            cost = gap + 12 * apart + 6 * _crossed(cue, source, cues) + 4 * _crossed(cue, source, sources)
            steps = _above(tree, cue, source)
            costs.append((cost - (6 - min(5, steps) if steps else 0), c, s))
    taken: set[int] = set()
    for _, c, s in sorted(costs):
        if found[c].source is None and s not in taken:
            found[c].source = sources[s]
            taken.add(s)


def _cue_of(tree: Tree, content: Piece, found: list[Linked]) -> Linked | None:
    """The cue that a content costs least, none where nothing is in reach."""
    best: tuple[float, int] | None = None
    cues = [item.cue for item in found if item.cue is not None]
    for n, item in enumerate(found):
        cue = item.cue
        if cue is None or _gap(cue, content) > _REACH:
            continue
        apart = _sentences(tree, cue, content)
        gap = _gap(cue, content)
        if apart > 2 or (tree.unit[cue.first] != tree.unit[content.first] and gap > 4):
            continue
        if item.source is not None:
            gap = min(gap, _gap(item.source, content) + 1)
        cost = gap + 10.0 * apart + 8 * _crossed(cue, content, cues)
        cost -= 4 if _above(tree, cue, content) else 0
        if best is None or (cost, n) < best:
            best = (cost, n)
    return found[best[1]] if best is not None else None
