"""Quotations after the rules: each belongs as a whole to whoever said part of it, or to a cue found beside it."""

from __future__ import annotations

from probata.analyse.claims.rules_cue import beside
from probata.analyse.claims.sources import cue_of, subject_of
from probata.analyse.claims.work import Draft, Work, accept

_ALONE_MIN = 10
"""Tokens that a quotation without cue must hold to stand alone: shorter ones are scare quotes."""
_CLIMB = 4


def _groups(work: Work) -> list[list[int]]:
    """Tokens of each outermost quotation, running paragraphs together; marks included."""
    tree = work.tree
    groups: list[list[int]] = []
    at = 0
    for quote in work.document.quotations:
        if quote.depth:
            continue
        while at < len(tree) and tree.start[at] < quote.start:
            at += 1
        first = at
        while at < len(tree) and tree.start[at] < quote.end:
            at += 1
        if quote.continues and groups:
            groups[-1].extend(range(first, at))
        elif at > first:
            groups.append(list(range(first, at)))
    return groups


def complete_quotations(work: Work) -> None:
    """A quotation belongs as a whole to whoever said part of it; one that follows a closed one goes on with it."""
    last: tuple[Draft, int] | None = None
    for group in _groups(work):
        owner = _owner(work, group)
        if owner is None and last is not None and _goes_on(work, last, group):
            owner = last[0]
        if owner is None:
            owner = _claimed_beside(work, group) or _governed(work, group)
        if owner is None:
            _lone(work, group)
        if owner is not None:
            free = {i for i in group if i not in work.used}
            owner.content |= free
            work.used |= free
            last = (owner, max(group[-1], *owner.content))


def _owner(work: Work, group: list[int]) -> Draft | None:
    """The draft that holds most of a quotation."""
    inside = set(group)
    shares = [(len(draft.content & inside), -n, draft) for n, draft in enumerate(work.drafts)]
    best = max(shares, key=lambda item: item[:2], default=None)
    return best[2] if best is not None and best[0] else None


def _goes_on(work: Work, last: tuple[Draft, int], group: list[int]) -> bool:
    """Whether a quotation without a cue continues what was said before.

    It does where at most a cue stands between, and where it is a whole sentence right after the statement.
    """
    tree = work.tree
    draft, end = last
    first = group[0]
    if len(group) < 4 or any(i in work.used for i in group):
        return False
    between = set(range(end + 1, first)) - draft.cue - draft.source - draft.content
    if any(i in work.used for i in between):
        return False
    if tree.unit[first] == tree.unit[end]:
        whole = first == 0 or tree.sent[first - 1] != tree.sent[first]
        return (len(between) <= 12 and tree.sent[first] - tree.sent[end] <= 2) or (
            whole and len(between) <= 30
        )
    return tree.unit[first] == tree.unit[end] + 1 and len(between) <= 8 and _whole_unit(work, group)


def _whole_unit(work: Work, group: list[int]) -> bool:
    """Whether a quotation fills its paragraph."""
    tree = work.tree
    before, after = group[0] - 1, group[-1] + 1
    return (before < 0 or tree.unit[before] != tree.unit[group[0]]) and (
        after >= len(tree) or tree.unit[after] != tree.unit[group[-1]]
    )


def _claimed_beside(work: Work, group: list[int]) -> Draft | None:
    """Cue and source of a quotation by the words beside it, where the tree has failed."""
    tree = work.tree
    if len(group) < 4:
        return None
    source, cue, lemma = beside(work.document, (tree.start[group[0]], tree.end[group[-1]]))
    if source is None or cue is None:
        return None
    tokens = {
        name: {
            i for i in range(max(0, group[0] - 60), min(len(tree), group[-1] + 60)) if a <= tree.start[i] < b
        }
        for name, (a, b) in (("source", source), ("cue", cue))
    }
    if (tokens["source"] | tokens["cue"]) & work.used or not tokens["source"]:
        return None
    draft = Draft(
        tokens["cue"], tokens["source"], {i for i in group if i not in work.used}, lemma, frame="beside"
    )
    return draft if accept(work, draft) else None


def _governed(work: Work, group: list[int]) -> Draft | None:
    """A quotation in a sentence without a cue word: the verb over it is the cue, the verb's subject the source."""
    tree, inside = work.tree, set(group)
    if len(group) < 6:
        return None
    tops = [i for i in group if tree.head[i] not in inside and tree.head[i] != i]
    for top in tops:
        at = tree.head[top]
        for _ in range(_CLIMB):
            if tree.pos[at] in ("VERB", "AUX") or tree.head[at] == at:
                break
            at = tree.head[at]
        if tree.pos[at] != "VERB" or tree.quote[at]:
            continue
        source, _ = subject_of(work, at)
        cue = cue_of(work, at)
        source -= inside
        if source and not (source | cue) & work.used:
            draft = Draft(
                cue, source, {i for i in group if i not in work.used}, tree.lemma[at], frame="governed"
            )
            if accept(work, draft):
                return draft
    return None


def _lone(work: Work, group: list[int]) -> None:
    """A long quotation that nobody claims stands alone where it is a sentence of its own."""
    tree = work.tree
    first = group[0]
    whole = first == 0 or tree.sent[first - 1] != tree.sent[first]
    if whole and len(group) >= _ALONE_MIN and not any(i in work.used for i in group):
        accept(work, Draft(set(), set(), set(group), confidence=0.3, frame="alone"))
