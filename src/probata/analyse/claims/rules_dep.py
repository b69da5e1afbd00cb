"""Dependency and cue rules: the default engine where a parser is installed (English, French).

For each cue verb outside quotation marks the subject is the source, what it governs the content. First come,
first served: a token has one role in at most one attribution. Quotations that no cue claims become contents
without a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from probata.analyse.claims.document import Document, Span, Tree
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.lexicon import lexicon, words_of
from probata.analyse.claims.rules_cue import spans_in, with_name
from probata.analyse.claims.rules_linear import leftover
from probata.analyse.claims.rules_quoted import complete_quotations
from probata.analyse.claims.scheme import scheme_of
from probata.analyse.claims.sources import TRIM, cue_of, passive, source_of, subject_of, trimmed
from probata.analyse.claims.work import Draft, Work, accept

_SPEECH = frozenset({"clause", "quoted", "that", "according"})
"""Frames that are settled first: what is said goes before what is praised, planned or attacked."""
_BEFORE_INVERSION = frozenset({",", "»", '"', "”", "»,", "!", "?", "…"})
VERSION = "2"
_OBJECTS = frozenset({"fr"})
"""Languages whose parser fails so often that what a cue governs without a conjunction is read from the order of words;
in English that finds next to nothing that is annotated (PolNeAR dev: 4 of 75)."""


def extract(document: Document, tree: Tree) -> list[Proposal]:
    """All attributions of a parsed article by the rules of its language."""
    work = Work(document, tree, scheme_of(document.lang), lexicon(document.lang))
    later = []
    for at in _in_order(work):
        draft = _according(work, at) or _inverted(work, at) or _verb(work, at)
        if draft is not None and draft.frame not in _SPEECH:
            later.append(at)
        elif draft is not None:
            accept(work, draft)
    for at in later:
        draft = _verb(work, at)
        if draft is not None:
            accept(work, draft)
    complete_quotations(work)
    found = [p for p in (proposal_of(work, draft) for draft in work.drafts) if p is not None]
    return found + leftover(document, spans_in(found), document.lang in _OBJECTS)


def _in_order(work: Work) -> list[int]:
    """Possible cues by sentence: speech before objects of judgement, outer before inner, then text order."""
    tree, frames = work.tree, work.lexicon.frames
    speech = {lemma for lemma, kinds in frames.items() if "clause" in kinds} | {"according"}
    found = [
        i
        for i in range(len(tree))
        if not tree.quote[i]
        and (tree.lemma[i] in frames or tree.word[i] == "according" or tree.word[i] in work.introducers)
    ]
    return sorted(found, key=lambda i: (tree.sent[i], tree.lemma[i] not in speech, _depth(tree, i), i))


def _depth(tree: Tree, at: int) -> int:
    """Steps from a token to the root of its sentence."""
    depth = 0
    while tree.head[at] != at and depth < 60:
        at, depth = tree.head[at], depth + 1
    return depth


def _verb(work: Work, at: int) -> Draft | None:
    tree, scheme = work.tree, work.scheme
    lemma = tree.lemma[at]
    if tree.pos[at] not in ("VERB", "AUX") or lemma not in work.lexicon.frames:
        return None
    if tree.dep[at] in scheme.infinitive and work.lexicon.acts.get(tree.lemma[tree.head[at]]) == "declines":
        return None  # "declined to say": the refusal is the cue
    source, subject = subject_of(work, at)
    content, frame = _content(work, at, lemma, subject)
    if not content:
        return None
    cue = cue_of(work, at)
    if lemma in work.sourceless:
        source = set()
    elif source and any(tree.dep[c] in scheme.passive for c in tree.children[at]):
        source, content = passive(work, at, (source, content), frame)
    content = content - source - cue
    negated = any(tree.dep[c] in work.scheme.negation for c in tree.children[at])
    impersonal = lemma in work.sourceless or any(tree.dep[c] in scheme.passive for c in tree.children[at])
    if not source and not impersonal:
        return None  # a verb without a speaker is mostly the author's own voice
    return Draft(cue, source, content, lemma, negated, 0.6, frame, at)


def _inverted(work: Work, at: int) -> Draft | None:
    """French «X, a dit NP»: verb before subject, which the tree often takes for an object."""
    tree, lemma = work.tree, work.tree.lemma[at]
    if work.document.lang != "fr" or tree.pos[at] != "VERB" or not work.lexicon.governs(lemma, "clause"):
        return None
    cue = cue_of(work, at)
    first = min(cue)
    if (
        first == 0
        or tree.word[first - 1] not in _BEFORE_INVERSION
        or tree.sent[first - 1] != tree.sent[first]
    ):
        return None
    if any(c < first and not tree.quote[c] for c in work.kids(at, work.scheme.subject)):
        return None
    kinds = work.scheme.subject | work.scheme.object
    after = [c for c in tree.children[at] if c > first and tree.dep[c] in kinds and tree.word[c].strip("-t")]
    if not after or tree.quote[after[0]]:
        return None
    start = first
    while start > 0 and tree.sent[start - 1] == tree.sent[first]:
        start -= 1
    source = source_of(work, after[0])
    content = set(range(start, first)) - source - work.used
    return Draft(cue, source, content, lemma, False, 0.7, "quoted", at) if content else None


def _content(work: Work, at: int, lemma: str, subject: int) -> tuple[set[int], str]:
    """What the verb governs, by the frames that its lemma allows, and the frame that gave it."""
    words = work.lexicon
    for frame, reader in _FRAMES.items():
        if words.governs(lemma, frame):
            content = reader(work, at)
            if content:
                break
    else:
        content, frame = set(), "quoted"
    if words.governs(lemma, "clause"):
        content |= _quoted(work, at, subject)
    if not content and words.governs(lemma, "clause"):
        content, frame = _after_that(work, at), "that"
    return content, frame


def _clause(work: Work, at: int) -> set[int]:
    """Complement clauses; for "X, he said" the clause that the verb is set into."""
    tree, scheme = work.tree, work.scheme
    content: set[int] = set()
    for child in work.kids(at, scheme.clause):
        content |= work.subtree(child, (at, *_rejoined(work, at, child))) | _detached(work, at, child)
    judged = work.lexicon.governs(tree.lemma[at], "object") and bool(work.kids(at, scheme.object))
    if not content and tree.dep[at] in scheme.parataxis and not judged:
        content = work.subtree(tree.head[at], (at,))
    return content


def _rejoined(work: Work, at: int, clause: int) -> list[int]:
    """Cue verbs that the tree joins to the clause although they go on with the cue: "admitted X but denied Y".

    They share the form of the cue, have no subject of their own, and that of the clause would not suit them; from
    now on they count as joined to the cue.
    """
    tree, scheme = work.tree, work.scheme
    subjects = work.kids(clause, scheme.subject)
    thing = bool(subjects) and tree.pos[subjects[0]] == "NOUN"
    if not (thing or tree.tag[clause] != tree.tag[at] or work.kids(clause, scheme.passive)):
        return []
    found = [
        child
        for child in tree.children[clause]
        if tree.dep[child] == "conj"
        and tree.tag[child] == tree.tag[at]
        and tree.lemma[child] in work.lexicon.acts
        and not tree.quote[child]
        and not work.kids(child, scheme.subject)
    ]
    work.rejoined.update(dict.fromkeys(found, at))
    if found:
        found += [c for c in tree.children[clause] if tree.dep[c] == "cc" and clause < c < found[0]][-1:]
    return found


def _detached(work: Work, at: int, clause: int) -> set[int]:
    """The subject of a clause that the tree hangs to the verb of speech ("said about half of these ... came")."""
    _tree, scheme = work.tree, work.scheme
    if clause < at or work.kids(clause, scheme.subject):
        return set()
    between = [c for c in work.kids(at, scheme.phrase) if at < c < clause]
    return set().union(*(work.subtree(child) for child in between), set())


def _after_that(work: Work, at: int) -> set[int]:
    """Content of «said that ...» ..." where the tree has no clause: the rest of the sentence."""
    tree = work.tree
    if (
        tree.lemma[at] not in work.that
        or at + 2 >= len(tree)
        or tree.word[at + 1] not in work.that[tree.lemma[at]]
    ):
        return set()
    last = at + 1
    while last + 1 < len(tree) and tree.sent[last + 1] == tree.sent[at]:
        last += 1
    return set(range(at + 1, last + 1))


def _infinitive(work: Work, at: int) -> set[int]:
    scheme = work.scheme
    kids = work.kids(at, scheme.infinitive) or work.kids(at, scheme.clause)
    if not kids:
        return set()
    allowed = words_of((work.lexicon.raw.get("prepositions_of") or {}).get(work.tree.lemma[at], ""))
    kids += [c for c in work.kids(at, scheme.phrase) if work.tree.lemma[c] in allowed]
    return set().union(*(work.subtree(child) for child in kids + work.kids(at, scheme.object)))


def _object(work: Work, at: int) -> set[int]:
    scheme = work.scheme
    kids = work.kids(at, scheme.object)
    if not kids:
        return set()
    return set().union(*(work.subtree(child) for child in kids + work.kids(at, scheme.phrase)))


def _phrase(work: Work, at: int) -> set[int]:
    tree = work.tree
    allowed = words_of((work.lexicon.raw.get("prepositions_of") or {}).get(tree.lemma[at], ""))
    kids = [c for c in work.kids(at, work.scheme.phrase) if not allowed or tree.lemma[c] in allowed]
    marked = [
        c for c in tree.children[at] if tree.dep[c] == "advcl"
    ]  # "called for the contract to be cancelled"
    kids += [
        c for c in marked if any(tree.dep[k] == "mark" and tree.word[k] in allowed for k in tree.children[c])
    ]
    return set().union(*(work.subtree(child) for child in kids), set())


_FRAMES = {"clause": _clause, "infinitive": _infinitive, "object": _object, "phrase": _phrase}


def _quoted(work: Work, at: int, subject: int) -> set[int]:
    """Quoted tokens of the verb's sentence outside the subject, unless another cue stands nearer above them."""
    tree = work.tree
    source = work.subtree(subject) if subject >= 0 else set()
    quoted = work.quoted.get(tree.sent[at], ())
    found = {i for i in quoted if i not in source and i not in work.used}
    return found if not any(_under_other(work, at, i) for i in found) else set()


def _under_other(work: Work, at: int, token: int) -> bool:
    """Whether the nearest cue verb above a quoted token is another one, in a clause of its own."""
    tree = work.tree
    for _ in range(12):
        head = tree.head[token]
        if head in (token, at):
            return False
        if (
            not tree.quote[head]
            and work.lexicon.governs(tree.lemma[head], "clause")
            and tree.pos[head] == "VERB"
        ):
            return tree.dep[head] in work.scheme.relative or tree.head[head] == at
        token = head
    return False


def _according(work: Work, at: int) -> Draft | None:
    """«according to NP», «selon NP»: the content is the clause that it modifies."""
    tree = work.tree
    top, cue = _introduced(work, at)
    if top < 0:
        return None
    source = trimmed(work, work.subtree(top) - cue)
    head = tree.head[at] if work.document.lang == "en" else tree.head[top]
    branch = at if work.document.lang == "en" else top
    content = work.subtree(head, (branch,)) if head != branch else set()
    content = {i for i in content if tree.sent[i] == tree.sent[at]}
    return Draft(cue, source, content, "according", False, 0.8, "according", at)


def _introduced(work: Work, at: int) -> tuple[int, set[int]]:
    """Head token of the noun phrase that «according to», «selon» or «d'après» introduces, and the cue's tokens."""
    tree = work.tree
    if work.document.lang == "en":
        if tree.word[at] != "according" or at + 1 >= len(tree) or tree.word[at + 1] != "to":
            return -1, set()
        objects = [c for c in tree.children[at + 1] if tree.dep[c] == "pobj"]
        return (objects[0], {at, at + 1}) if objects else (-1, set())
    if tree.word[at] not in work.introducers:
        return -1, set()
    cue = (
        {at} if tree.word[at] != "après" or at == 0 or tree.word[at - 1] not in ("d'", "d’") else {at - 1, at}
    )
    if tree.word[at] == "après" and len(cue) == 1:
        return -1, set()
    top = tree.head[at]
    return (
        (top, cue) if tree.dep[at] == "case" and tree.pos[top] in ("NOUN", "PROPN", "PRON") else (-1, set())
    )


def spans_of(tree: Tree, tokens: set[int]) -> list[Span]:
    """Contiguous pieces of a token set as character spans, marks trimmed from both ends of each."""
    pieces: list[list[int]] = []
    for i in sorted(tokens):
        if pieces and i == pieces[-1][-1] + 1 and tree.unit[i] == tree.unit[i - 1]:
            pieces[-1].append(i)
        else:
            pieces.append([i])
    found = []
    for piece in pieces:
        while piece and tree.word[piece[0]] in TRIM:
            piece = piece[1:]
        while piece and tree.word[piece[-1]] in TRIM:
            piece = piece[:-1]
        if piece:
            found.append((piece, (tree.start[piece[0]], tree.end[piece[-1]])))
    long = [span for piece, span in found if len(piece) > 1]
    return long or [span for _, span in found]


def proposal_of(work: Work, draft: Draft) -> Proposal | None:
    """A draft as character spans, None where nothing is left of its content."""
    tree = work.tree
    content = spans_of(tree, draft.content)
    if not content:
        return None
    source = sorted(draft.source)
    cue = sorted(draft.cue)
    return Proposal(
        content=tuple(content),
        source=_clean(work, (tree.start[source[0]], tree.end[source[-1]])) if source else None,
        cue=(tree.start[cue[0]], tree.end[cue[-1]]) if cue else None,
        confidence=draft.confidence,
        lemma=draft.lemma,
        negated=draft.negated,
        frame=draft.frame,
    )


def _clean(work: Work, span: Span) -> Span:
    """Leave the hyphens of an inverted pronoun out: "-t-il"."""
    match = re.match(r"-(?:t-)?(?=\w)", work.document.text[span[0] : span[1]])
    if match:
        return span[0] + match.end(), span[1]
    return with_name(work.document.text, span) if work.document.lang != "en" else span


def extract_all(documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
    """The rules over parsed documents."""
    for document in documents:
        yield document, extract(document, document.tree) if document.tree is not None else []
