"""Dependency and cue rules: the default engine where a parser is installed (English, French).

For each cue verb outside quotation marks the subject is the source, what it governs the content. First come,
first served: a token has one role in at most one attribution. Quotations that no cue claims become contents
without a source.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from probata.analyse.claims.document import Document, Span, Tree
from probata.analyse.claims.extractor import Proposal
from probata.analyse.claims.lexicon import Lexicon, lexicon, words_of
from probata.analyse.claims.rules_cue import beside
from probata.analyse.claims.scheme import Scheme, scheme_of

_TRIM = frozenset({",", ":", ";", "–", "—", "-", "--", "…", ".", "...", "(", ")"})
_ALONE_MIN = 10
"""Tokens that a quotation without cue must hold to stand alone: shorter ones are scare quotes."""
_SPEECH = frozenset({"clause", "quoted", "that", "according"})
"""Frames that are settled first: what is said goes before what is praised, planned or attacked."""
_CLIMB = 4
VERSION = "1"


@dataclass(slots=True)
class Draft:
    """Tokens of an attribution in the making."""

    cue: set[int]
    source: set[int]
    content: set[int]
    lemma: str = ""
    negated: bool = False
    confidence: float = 0.5
    frame: str = ""
    head: int = -1


@dataclass
class Work:
    """One article under the rules: what is taken already, what has been drafted."""

    document: Document
    tree: Tree
    scheme: Scheme
    lexicon: Lexicon
    used: set[int] = field(default_factory=set)
    drafts: list[Draft] = field(default_factory=list)

    @cached_property
    def that(self) -> dict[str, frozenset[str]]:
        """Speech verbs and the conjunctions that open their clause."""
        words = frozenset(words_of(self.lexicon.raw.get("subordinators")))
        return {lemma: words for lemma in words_of(self.lexicon.raw.get("speech"))}

    @cached_property
    def settings(self) -> frozenset[str]:
        """Prepositions of place and occasion that the tree wrongly hangs to a speaker ("dans un communiqué")."""
        return frozenset(words_of(self.lexicon.raw.get("settings")))

    @cached_property
    def introducers(self) -> frozenset[str]:
        """Words before a source that need no verb."""
        return frozenset(words_of(self.lexicon.raw.get("introducers")))

    @cached_property
    def sourceless(self) -> frozenset[str]:
        """Verbs whose subject is not a speaker ("seems")."""
        return frozenset(words_of(self.lexicon.raw.get("sourceless")))

    def subtree(self, top: int, without: Iterable[int] = ()) -> set[int]:
        """Tokens below ``top`` and itself, leaving out whole branches."""
        skip = set(without)
        found, todo = set(), [top]
        while todo:
            at = todo.pop()
            if at not in skip:
                found.add(at)
                todo.extend(self.tree.children[at])
        return found

    def kids(self, at: int, relations: frozenset[str]) -> list[int]:
        """Children of a token under one of the relations."""
        return [child for child in self.tree.children[at] if self.tree.dep[child] in relations]


def extract(document: Document, tree: Tree) -> list[Proposal]:
    """All attributions of a parsed article by the rules of its language."""
    work = Work(document, tree, scheme_of(document.lang), lexicon(document.lang))
    later = []
    for at in _in_order(work):
        draft = _according(work, at) or _verb(work, at)
        if draft is not None and draft.frame not in _SPEECH:
            later.append(at)
        elif draft is not None:
            _accept(work, draft)
    for at in later:
        draft = _verb(work, at)
        if draft is not None:
            _accept(work, draft)
    _complete_quotations(work)
    return [p for p in (_proposal(work, draft) for draft in work.drafts) if p is not None]


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


def _accept(work: Work, draft: Draft) -> bool:
    content = draft.content - draft.source - draft.cue
    shared = draft.source and any(draft.source == other.source for other in work.drafts)
    if not content or content & work.used or (draft.source & work.used and not shared):
        return False
    draft.content = content
    work.used |= content | draft.source | draft.cue
    work.drafts.append(draft)
    return True


def _verb(work: Work, at: int) -> Draft | None:
    tree, scheme = work.tree, work.scheme
    lemma = tree.lemma[at]
    if tree.pos[at] not in ("VERB", "AUX") or lemma not in work.lexicon.frames:
        return None
    source, subject = _subject(work, at)
    content, frame = _content(work, at, lemma, subject)
    if not content:
        return None
    cue = _cue(work, at)
    if lemma in work.sourceless:
        source = set()
    elif source and any(tree.dep[c] in scheme.passive for c in tree.children[at]):
        source, content = _passive(work, at, (source, content), frame)
    content = content - source - cue
    negated = any(tree.dep[c] in work.scheme.negation for c in tree.children[at])
    return Draft(cue, source, content, lemma, negated, 0.6, frame, at)


def _passive(work: Work, at: int, roles: tuple[set[int], set[int]], frame: str) -> tuple[set[int], set[int]]:
    """Source and content under a passive: who speaks is the agent, if anyone; the subject is spoken of."""
    subject, content = roles
    agents = work.kids(at, work.scheme.agent)
    source = set().union(*(work.subtree(child) - {child} for child in agents), set())
    spoken_of = subject if frame in ("infinitive", "object", "phrase") else set()
    return source, (content | spoken_of) - work.subtree(agents[0]) if agents else content | spoken_of


def _subject(work: Work, at: int) -> tuple[set[int], int]:
    """Tokens of the source and its head token (-1: none), climbing where the verb has no subject of its own."""
    tree, scheme = work.tree, work.scheme
    verb = at
    for _ in range(_CLIMB + 1):
        for child in work.kids(verb, scheme.subject):
            return _source(work, child), child
        relation = tree.dep[verb]
        if relation in scheme.noun_clause and tree.tag[verb] in ("VBG", "VerbForm=Part"):
            return _source(work, tree.head[verb]), tree.head[verb]
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


def _source(work: Work, top: int) -> set[int]:
    """The noun phrase of a source, cut before a clause that follows it and is itself an attribution."""
    tree, below = work.tree, work.scheme.relative | work.scheme.noun_clause
    tokens = work.subtree(top)
    cut = [c for c in tokens if c > top and tree.dep[c] in below and tree.lemma[c] in work.lexicon.frames]
    cut += [c for c in tokens if c > top and any(tree.word[k] in work.settings for k in tree.children[c])]
    return _trimmed(work, work.subtree(top, cut))


def _trimmed(work: Work, tokens: set[int]) -> set[int]:
    ordered = sorted(tokens)
    while ordered and work.tree.word[ordered[0]] in _TRIM:
        ordered.pop(0)
    while ordered and work.tree.word[ordered[-1]] in _TRIM:
        ordered.pop()
    return set(ordered)


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
        content |= work.subtree(child, (at,)) | _detached(work, at, child)
    judged = work.lexicon.governs(tree.lemma[at], "object") and bool(work.kids(at, scheme.object))
    if not content and tree.dep[at] in scheme.parataxis and not judged:
        content = work.subtree(tree.head[at], (at,))
    return content


def _detached(work: Work, at: int, clause: int) -> set[int]:
    """The subject of a clause that the tree hangs to the verb of speech ("said about half of these ... came")."""
    tree, scheme = work.tree, work.scheme
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
    allowed = words_of((work.lexicon.raw.get("prepositions_of") or {}).get(work.tree.lemma[at], ""))
    kids = [c for c in work.kids(at, work.scheme.phrase) if not allowed or work.tree.lemma[c] in allowed]
    return set().union(*(work.subtree(child) for child in kids), set())


_FRAMES = {"clause": _clause, "infinitive": _infinitive, "object": _object, "phrase": _phrase}


def _quoted(work: Work, at: int, subject: int) -> set[int]:
    """Quoted tokens of the verb's sentence outside the subject, unless another cue stands nearer above them."""
    tree = work.tree
    source = work.subtree(subject) if subject >= 0 else set()
    first, last = at, at
    while first > 0 and tree.sent[first - 1] == tree.sent[at]:
        first -= 1
    while last + 1 < len(tree) and tree.sent[last + 1] == tree.sent[at]:
        last += 1
    found = {i for i in range(first, last + 1) if tree.quote[i] and i not in source and i not in work.used}
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


def _cue(work: Work, at: int) -> set[int]:
    """The verb with its auxiliaries, negation and particle within three tokens, filled to one stretch."""
    near = [c for c in work.kids(at, work.scheme.auxiliary) if abs(c - at) <= 3]
    return set(range(min([at, *near]), max([at, *near]) + 1))


def _according(work: Work, at: int) -> Draft | None:
    """«according to NP», «selon NP»: the content is the clause that it modifies."""
    tree = work.tree
    top, cue = _introduced(work, at)
    if top < 0:
        return None
    source = _trimmed(work, work.subtree(top) - cue)
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


def _complete_quotations(work: Work) -> None:
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
    return draft if _accept(work, draft) else None


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
        source, _ = _subject(work, at)
        cue = _cue(work, at)
        source -= inside
        if source and not (source | cue) & work.used:
            draft = Draft(
                cue, source, {i for i in group if i not in work.used}, tree.lemma[at], frame="governed"
            )
            if _accept(work, draft):
                return draft
    return None


def _lone(work: Work, group: list[int]) -> None:
    """A long quotation that nobody claims stands alone where it is a sentence of its own."""
    tree = work.tree
    first = group[0]
    whole = first == 0 or tree.sent[first - 1] != tree.sent[first]
    if whole and len(group) >= _ALONE_MIN and not any(i in work.used for i in group):
        _accept(work, Draft(set(), set(), set(group), confidence=0.3, frame="alone"))


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
        while piece and tree.word[piece[0]] in _TRIM:
            piece = piece[1:]
        while piece and tree.word[piece[-1]] in _TRIM:
            piece = piece[:-1]
        if piece:
            found.append((piece, (tree.start[piece[0]], tree.end[piece[-1]])))
    long = [span for piece, span in found if len(piece) > 1]
    return long or [span for _, span in found]


def _proposal(work: Work, draft: Draft) -> Proposal | None:
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
    return (span[0] + match.end(), span[1]) if match else span


def extract_all(documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
    """The rules over parsed documents."""
    for document in documents:
        yield document, extract(document, document.tree) if document.tree is not None else []
