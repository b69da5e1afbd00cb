"""Features per token for the sequence tagger: word, neighbours, dependency, nearest likely cue above, sentence.

The only thing learnt here is the cue table: how often (lemma, part of speech) ends a cue or is a verb or noun in one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from probata.analyse.claims.document import Tree

CUE_POS = frozenset({"VERB", "NOUN", "ADJ", "ADP", "AUX", "PUNCT", "SCONJ"})
_GOVERNED = ("ccomp", "xcomp", "nsubj", "dobj", "obj", "nsubj:pass", "obl", "parataxis")
_LIKELY = 0.2
_STEPS = 25
_NEAR_POS = frozenset({"VERB", "ADP", "NOUN", "AUX"})

CueTable = Mapping[tuple[str, str], float]


@dataclass(slots=True)
class _Facts:
    """What several feature groups need, once an article."""

    tree: Tree
    share: list[float]
    bins: list[str]
    first: list[int]
    last: list[int]
    governs: list[str]
    best: list[int]


def _bin(share: float) -> str:
    return "0" if share < 0.05 else "1" if share < 0.2 else "2" if share < 0.5 else "3"


def features(tree: Tree, cues: CueTable) -> list[list[str]]:
    """Feature names of each token of an article."""
    facts = _facts(tree, cues)
    sentences = _sentence_features(facts)
    rows = []
    for i in range(len(tree)):
        row = _word(facts, i)
        _neighbours(facts, i, row)
        _dependency(facts, i, row)
        _above(facts, i, row)
        row += sentences[tree.sent[i] - tree.sent[0]]
        _in_sentence(facts, i, row)
        rows.append(row)
    return rows


def _facts(tree: Tree, cues: CueTable) -> _Facts:
    n = len(tree)
    share = [cues.get((tree.lemma[i], tree.pos[i]), 0.0) for i in range(n)]
    first, last = list(range(n)), list(range(n))
    for i in range(1, n):
        first[i] = first[i - 1] if tree.sent[i] == tree.sent[i - 1] else i
    for i in range(n - 2, -1, -1):
        last[i] = last[i + 1] if tree.sent[i] == tree.sent[i + 1] else i
    governs = []
    for i in range(n):
        below = {tree.dep[c] for c in tree.children[i]}
        governs.append("".join(str(k) for k, relation in enumerate(_GOVERNED) if relation in below))
    facts = _Facts(tree, share, [_bin(value) for value in share], first, last, governs, [-1] * n)
    for i in range(n):
        facts.best[i] = _best_cue(facts, first[i], last[i]) if i == first[i] else facts.best[i - 1]
    return facts


def _word(facts: _Facts, i: int) -> list[str]:
    t, text = facts.tree, facts.tree.word[i]
    capital = "C" if t.shape[i] == 1 else "A" if t.shape[i] == 2 else "x"
    quote = str(t.quote[i])
    return [
        "b", f"w={text}", f"l={t.lemma[i]}", f"t={t.tag[i]}", f"s={text[-3:]}", f"c={capital}", f"q={quote}",
        f"u={facts.bins[i]}", f"qt={quote}{t.tag[i]}", f"qu={quote}{facts.bins[i]}", f"tc={t.tag[i]}{capital}",
    ]  # fmt: skip


def _neighbours(facts: _Facts, i: int, row: list[str]) -> None:
    t, n = facts.tree, len(facts.tree)
    for d in (-2, -1, 1, 2):
        j = i + d
        if 0 <= j < n:
            row += [f"{d}l={t.lemma[j]}", f"{d}t={t.tag[j]}", f"{d}u={facts.bins[j]}", f"{d}q={t.quote[j]}"]
        else:
            row.append(f"{d}edge")
    for d in (-4, -3, 3, 4):
        j = i + d
        if 0 <= j < n:
            row += [f"{d}t={t.tag[j]}", f"{d}u={facts.bins[j]}"]
    if i > 0:
        row.append(f"tt-={t.tag[i - 1]}|{t.tag[i]}")
        row.append(f"qq={t.quote[i - 1]}{t.quote[i]}")
        if t.unit[i] != t.unit[i - 1]:
            row.append("para")
    else:
        row.append("para")
    if i + 1 < n:
        row.append(f"tt+={t.tag[i]}|{t.tag[i + 1]}")


def _dependency(facts: _Facts, i: int, row: list[str]) -> None:
    t = facts.tree
    head = t.head[i]
    row += [
        f"d={t.dep[i]}", f"h={t.lemma[head]}", f"dh={t.dep[i]}|{t.lemma[head]}", f"hu={facts.bins[head]}",
        f"dhu={t.dep[i]}|{facts.bins[head]}", f"g={facts.governs[i]}",
    ]  # fmt: skip
    if t.pos[i] in ("VERB", "AUX"):
        row.append(f"ug={facts.bins[i]}|{facts.governs[i]}")


def _above(facts: _Facts, i: int, row: list[str]) -> None:
    """The nearest and second nearest ancestor that is a likely cue, and through which relation."""
    t = facts.tree
    at, found = i, 0
    for _ in range(_STEPS):
        head = t.head[at]
        if head == at:
            break
        if facts.share[head] > _LIKELY and t.quote[head] == 0 and t.pos[head] in _NEAR_POS:
            side = "<" if i < head else ">"
            if found == 0:
                relation = t.dep[at]
                row += [
                    f"a={relation}|{facts.bins[head]}", f"al={t.lemma[head]}|{relation}", f"as={relation}{side}",
                    f"aq={relation}{side}{t.quote[i]}", f"ad={relation}|{t.dep[i]}",
                    f"ag={relation}|{facts.governs[head]}",
                ]  # fmt: skip
                found = 1
            else:
                row.append(f"a2={t.dep[at]}|{facts.bins[head]}")
                return
        at = head
    if not found:
        row.append("a=none")
        row.append(f"an={t.quote[i]}")


def _sentence_features(facts: _Facts) -> list[list[str]]:
    """Quotation of each sentence and its neighbours; its likeliest cue is added per token elsewhere."""
    t = facts.tree
    if not len(t):
        return []
    count = t.sent[-1] - t.sent[0] + 1
    quoted, total = [0] * count, [0] * count
    for i in range(len(t)):
        total[t.sent[i] - t.sent[0]] += 1
        quoted[t.sent[i] - t.sent[0]] += t.quote[i] > 0
    state = ["n" if q == 0 else "w" if q >= n - 1 else "h" for q, n in zip(quoted, total, strict=True)]
    padded = ["-", *state, "-"]
    return [[f"sq={s}", f"sq-={padded[k]}{s}", f"sq+={s}{padded[k + 2]}"] for k, s in enumerate(state)]


def _in_sentence(facts: _Facts, i: int, row: list[str]) -> None:
    """Side and distance of the sentence's likeliest cue; first and last token."""
    t, first, last = facts.tree, facts.first[i], facts.last[i]
    best = facts.best[i]
    if best >= 0:
        side = "<" if i < best else ">" if i > best else "="
        distance = max(-6, min(6, i - best))
        row += [
            f"b={facts.bins[best]}{side}",
            f"bl={t.lemma[best]}{side}",
            f"bd={distance}",
            f"bq={side}{t.quote[i]}",
        ]
        row.append(f"bqd={distance}{t.quote[i]}{t.tag[i]}")
    else:
        row.append("b=none")
        row.append(f"bn={t.quote[i]}")
    if i == first:
        row.append("first")
    if i == last:
        row.append("last")
    row.append(f"f={t.lemma[first]}")


def _best_cue(facts: _Facts, first: int, last: int) -> int:
    best, place = _LIKELY, -1
    for j in range(first, last + 1):
        if facts.share[j] > best and facts.tree.quote[j] == 0:
            best, place = facts.share[j], j
    return place
