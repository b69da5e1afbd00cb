"""Who speaks and with which words: subject and cue of a verb in the tree."""

from __future__ import annotations

from probata.analyse.claims.work import Work

TRIM = frozenset({",", ":", ";", "–", "—", "-", "--", "…", ".", "...", "(", ")"})
"""Marks that are no part of a span at its ends."""
_CLIMB = 4


def _participle(work: Work, verb: int) -> bool:
    """Whether a verb below a noun is a present participle: the noun speaks ("a lawmaker accusing")."""
    tree = work.tree
    return tree.tag[verb] == "VBG" or (work.document.lang == "fr" and tree.word[verb].endswith("ant"))


def passive(work: Work, at: int, roles: tuple[set[int], set[int]], frame: str) -> tuple[set[int], set[int]]:
    """Source and content under a passive: who speaks is the agent, if anyone; the subject is spoken of."""
    subject, content = roles
    agents = work.kids(at, work.scheme.agent)
    source = set().union(*(work.subtree(child) - {child} for child in agents), set())
    spoken_of = subject if frame in ("infinitive", "object", "phrase") else set()
    return source, (content | spoken_of) - work.subtree(agents[0]) if agents else content | spoken_of


def subject_of(work: Work, at: int) -> tuple[set[int], int]:
    """Tokens of the source and its head token (-1: none), climbing where the verb has no subject of its own."""
    tree, scheme = work.tree, work.scheme
    verb = work.rejoined.get(at, at)
    for _ in range(_CLIMB + 1):
        for child in work.kids(verb, scheme.subject):
            if tree.quote[child] and not tree.quote[at]:
                continue  # the subject of what is quoted
            return source_of(work, child), child
        relation = tree.dep[verb]
        if relation in scheme.noun_clause and _participle(work, verb):
            return source_of(work, tree.head[verb]), tree.head[verb]
        if relation not in scheme.climb or tree.head[verb] == verb:
            break
        verb = tree.head[verb]
    near = _just_before(work, at)
    return (near, max(near)) if near else (set(), -1)


def _just_before(work: Work, at: int) -> set[int]:
    """A name right before the verb that the tree takes for something else ("Russia Today said")."""
    tree = work.tree
    first = at
    text = work.document.text
    while first > 0 and text[tree.start[first - 1]].isupper() and tree.sent[first - 1] == tree.sent[at]:
        first -= 1
    return set(range(first, at))


def source_of(work: Work, top: int) -> set[int]:
    """The noun phrase of a source, cut before a clause that follows it and is itself an attribution."""
    tree, below = work.tree, work.scheme.relative | work.scheme.noun_clause
    tokens = work.subtree(top)
    cut = [c for c in tokens if c > top and tree.dep[c] in below and tree.lemma[c] in work.lexicon.frames]
    cut += [c for c in tokens if c > top and any(tree.word[k] in work.settings for k in tree.children[c])]
    return trimmed(work, work.subtree(top, cut))


def trimmed(work: Work, tokens: set[int]) -> set[int]:
    """Tokens without the marks at both ends."""
    ordered = sorted(tokens)
    while ordered and work.tree.word[ordered[0]] in TRIM:
        ordered.pop(0)
    while ordered and work.tree.word[ordered[-1]] in TRIM:
        ordered.pop()
    return set(ordered)


_NEGATES = frozenset({"n'", "n’", "ne", "not", "never", "ni", "pas", "n't", "n’t"})
_NEITHER = {"nor": "neither", "ni": "n'"}


def cue_of(work: Work, at: int) -> set[int]:
    """The verb with its auxiliaries, negation and particle within three tokens, filled to one stretch."""
    near = [c for c in work.kids(at, work.scheme.auxiliary) if abs(c - at) <= 3]
    first, last = min([at, *near]), max([at, *near])
    return set(range(_with_negation(work, first), last + 1))


def _with_negation(work: Work, first: int) -> int:
    """Where the cue starts with its negation: «n'a pas souhaité», "neither confirmed nor denied"."""
    tree = work.tree
    while first > 0 and tree.word[first - 1] in _NEGATES and tree.sent[first - 1] == tree.sent[first]:
        opening = _NEITHER.get(tree.word[first - 1])
        first -= 1
        if opening:
            floor = max(0, first - 4)
            first = next((i for i in range(floor, first) if tree.word[i].replace("’", "'") == opening), first)
    if first > 0 and tree.word[first - 1] == "nor":
        first = next((i for i in range(max(0, first - 5), first) if tree.word[i] == "neither"), first)
    return first
