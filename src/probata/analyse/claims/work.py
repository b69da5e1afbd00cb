"""An article under the rules: tokens taken so far, attributions in the making."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from probata.analyse.claims.document import Document, Tree
from probata.analyse.claims.lexicon import Lexicon, words_of
from probata.analyse.claims.scheme import Scheme


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
    sources: set[frozenset[int]] = field(default_factory=set)
    """Sources taken whole."""
    rejoined: dict[int, int] = field(default_factory=dict)
    """Cue verbs that go on with another cue, by that cue."""

    @cached_property
    def that(self) -> dict[str, frozenset[str]]:
        """Speech verbs and the conjunctions that open their clause."""
        words = frozenset(words_of(self.lexicon.raw.get("subordinators")))
        return dict.fromkeys(words_of(self.lexicon.raw.get("speech")), words)

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

    @cached_property
    def quoted(self) -> dict[int, list[int]]:
        """Quoted tokens by sentence: looked up for every cue of it."""
        found: dict[int, list[int]] = {}
        for token, (state, sentence) in enumerate(zip(self.tree.quote, self.tree.sent, strict=True)):
            if state:
                found.setdefault(sentence, []).append(token)
        return found

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


def accept(work: Work, draft: Draft) -> bool:
    """Take a draft unless its content or source is taken; a source may be shared whole ("said and called on")."""
    content = draft.content - draft.source - draft.cue
    shared = frozenset(draft.source) in work.sources
    if not content or content & work.used or (draft.source & work.used and not shared):
        return False
    draft.content = content
    work.used |= content | draft.source | draft.cue
    work.drafts.append(draft)
    work.sources.add(frozenset(draft.source))
    return True
