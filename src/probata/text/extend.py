"""From a seed to a whole shared passage, with gaps: the innermost kernels of ``align``.

Every pair that shares one run of words by chance comes through here, so the usual outcome, that nothing more agrees,
is found without a branch.
"""

from __future__ import annotations

import numpy as np
from numba import njit

_32 = np.uint64(32)


@njit(cache=True, nogil=True)
def counts_for(slots, marks, x, y):  # type: ignore[no-untyped-def]
    """1 where words that agree count: no number, not marked (without marks every word may count)."""
    if slots[x] & 1 != 0:
        return 0
    return 1 if len(marks) == 0 or (marks[x] == 0 and marks[y] == 0) else 0


@njit(cache=True, nogil=True)
def _two(slots, x, way):  # type: ignore[no-untyped-def]
    """A word and the one after it (before it, where ``way`` is -1) as one number."""
    return (np.uint64(slots[np.uint64(x)]) << _32) | np.uint64(slots[np.uint64(x + way)])


@njit(cache=True, nogil=True)
def _no_jump(slots, x, y, way):  # type: ignore[no-untyped-def]
    """Whether nowhere within four words two words agree again: all places at once, as most often none does."""
    a0, a1, a2 = _two(slots, x, way), _two(slots, x + way, way), _two(slots, x + 2 * way, way)
    a3, a4 = _two(slots, x + 3 * way, way), _two(slots, x + 4 * way, way)
    b0, b1, b2 = _two(slots, y, way), _two(slots, y + way, way), _two(slots, y + 2 * way, way)
    b3, b4 = _two(slots, y + 3 * way, way), _two(slots, y + 4 * way, way)
    hit = (a0 == b1) | (a0 == b2) | (a0 == b3) | (a0 == b4)
    hit |= (a1 == b0) | (a1 == b1) | (a1 == b2) | (a1 == b3) | (a1 == b4)
    hit |= (a2 == b0) | (a2 == b1) | (a2 == b2) | (a2 == b3) | (a2 == b4)
    hit |= (a3 == b0) | (a3 == b1) | (a3 == b2) | (a3 == b3) | (a3 == b4)
    hit |= (a4 == b0) | (a4 == b1) | (a4 == b2) | (a4 == b3) | (a4 == b4)
    return not hit


@njit(cache=True, nogil=True)
def _jump(slots, x, y, rest_x, rest_y, way, gap):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """The smallest jump (how far, in A, in B) after which two words agree again; zeros where there is none.

    ``rest_x`` and ``rest_y`` words are left on either side, in the direction ``way`` (1 or -1).
    """
    if gap == 4 and rest_x > 5 and rest_y > 5 and _no_jump(slots, x, y, way):
        return 0, 0, 0
    for g in range(1, gap + 1):
        for k in range(2 * g + 1):
            dx = g if k % 2 == 0 else g - (k + 1) // 2
            dy = g if k == 0 or k % 2 == 1 else g - k // 2
            if (
                dx + 1 < rest_x
                and dy + 1 < rest_y
                and slots[x + way * dx] == slots[y + way * dy]
                and slots[x + way * (dx + 1)] == slots[y + way * (dy + 1)]
            ):
                return g, dx, dy
    return 0, 0, 0


@njit(cache=True, nogil=True)
def extend_right(slots, marks, x, y, end_x, end_y, gap, drop):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Extend to the right from (x, y); return the best ends and the distinctive words up to there."""
    score = 0
    best = 0
    matched = 0
    best_x, best_y, best_matched = x, y, 0
    while x < end_x and y < end_y:
        if slots[x] == slots[y]:
            score += 1
            matched += counts_for(slots, marks, x, y)
            x += 1
            y += 1
            if score > best:
                best, best_x, best_y, best_matched = score, x, y, matched
            continue
        found, dx, dy = _jump(slots, x, y, end_x - x, end_y - y, 1, gap)
        if found == 0:
            break
        x += dx
        y += dy
        score -= found
        if score < best - drop:
            break
    return best_x, best_y, best_matched


@njit(cache=True, nogil=True)
def extend_left(slots, marks, x, y, low_x, low_y, gap, drop):  # type: ignore[no-untyped-def]  # noqa: PLR0913
    """Extend to the left: (x, y) are the first words of the seed, not counted themselves."""
    score = 0
    best = 0
    matched = 0
    best_x, best_y, best_matched = x, y, 0
    x -= 1
    y -= 1
    while x >= low_x and y >= low_y:
        if slots[x] == slots[y]:
            score += 1
            matched += counts_for(slots, marks, x, y)
            if score > best:
                best, best_x, best_y, best_matched = score, x, y, matched
            x -= 1
            y -= 1
            continue
        found, dx, dy = _jump(slots, x, y, x - low_x + 1, y - low_y + 1, -1, gap)
        if found == 0:
            break
        x -= dx
        y -= dy
        score -= found
        if score < best - drop:
            break
    return best_x, best_y, best_matched
