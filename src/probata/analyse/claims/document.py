"""One article as the extractors see it: tokens, dependency tree, quotation state, all in code points.

Every unit that is parsed is a paragraph (long ones are cut at sentences), so that no tree crosses a paragraph and
a megabyte without a full stop costs no more than its length.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from probata.analyse.claims.incise import incises
from probata.analyse.claims.lexicon import cue_pattern, french_forms
from probata.analyse.claims.models import load_parser
from probata.text.quotation import Quotation, paragraphs, quotations, quoted_mask
from probata.text.sentences import sentences

LONGEST_UNIT = 4_000
"""Code points that one parse may hold; longer paragraphs are cut at sentences."""

BATCH = 64
"""Units that are parsed together at most."""
LARGEST_BATCH = 40_000
"""Code points from which a batch is full."""

_CLAUSAL = frozenset({"ROOT", "ccomp", "parataxis", "acl:relcl", "advcl"})

_WORD = re.compile(r"\w+(?:[’'\-.]\w+)*|[^\w\s]")

Span = tuple[int, int]


@dataclass(slots=True)
class Tree:
    """Tokens of an article with their dependency tree: equally long lists; ``head`` of a root is itself."""

    start: list[int] = field(default_factory=list)
    end: list[int] = field(default_factory=list)
    word: list[str] = field(default_factory=list)
    lemma: list[str] = field(default_factory=list)
    pos: list[str] = field(default_factory=list)
    tag: list[str] = field(default_factory=list)
    dep: list[str] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    unit: list[int] = field(default_factory=list)
    quote: list[int] = field(default_factory=list)
    shape: list[int] = field(default_factory=list)
    """1: starts with a capital, 2: all capitals, 0: neither."""
    children: list[list[int]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.start)


@dataclass
class Document:
    """An article: text as read, language, paragraphs, quotations; the tree where a parser was used."""

    id: str
    text: str
    lang: str
    tree: Tree | None = None

    @cached_property
    def paragraphs(self) -> list[Span]:
        """Paragraph spans."""
        return paragraphs(self.text)

    def paragraph_at(self, place: int) -> Span:
        """The paragraph that a place lies in; the whole text where it lies in none."""
        number = bisect_right(self.paragraphs, (place, len(self.text))) - 1
        if number >= 0 and place < self.paragraphs[number][1]:
            return self.paragraphs[number]
        return (0, len(self.text))

    @cached_property
    def quotations(self) -> list[Quotation]:
        """Quotations, outer before inner."""
        return quotations(self.text, self.paragraphs)

    @cached_property
    def mask(self) -> bytearray:
        """Quotation state of every code point (see ``quoted_mask``)."""
        mask = quoted_mask(self.text, self.quotations)
        for start, end in self.incises:
            mask[start:end] = bytes(end - start)
        return mask

    @cached_property
    def incises(self) -> list[Span]:
        """Reporting clauses inside quotation marks: not quoted themselves."""
        return incises(self.text, self.quotations, self.lang)

    @cached_property
    def sentences(self) -> list[Span]:
        """Sentence spans by rules."""
        return sentences(self.text, self.lang, self.paragraphs)

    @cached_property
    def low(self) -> str:
        """The text in lower case with the same offsets: letters whose lower case is longer stay as they are."""
        low = self.text.lower()
        if len(low) == len(self.text):
            return low
        return "".join(c if len(c.lower()) != 1 else c.lower() for c in self.text)

    @cached_property
    def linked(self) -> bool:
        """Whether any address stands in the text."""
        return "://" in self.low or "www." in self.low

    @cached_property
    def _cues(self) -> tuple[list[int], list[int]]:
        """Starts and ends of every cue form."""
        spans = [match.span() for match in cue_pattern(self.lang).finditer(self.low)]
        return [start for start, _ in spans], [end for _, end in spans]

    def cues(self, start: int, end: int) -> list[Span]:
        """Cue forms that lie within a span, in order."""
        starts, ends = self._cues
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        return [(starts[i], ends[i]) for i in range(first, last) if ends[i] <= end]

    def kind(self, content: Iterable[Span]) -> str:
        """Direct (>= 90 % of the word characters in quotation marks), indirect (< 5 %) or mixed."""
        inside = total = 0
        for start, end in content:
            quoted = end - start - self.mask.count(0, start, end)
            letters = sum(map(str.isalnum, self.text[start:end]))
            total += letters
            if quoted == end - start:
                inside += letters
            elif quoted:
                pairs = zip(self.text[start:end], self.mask[start:end], strict=True)
                inside += sum(1 for letter, state in pairs if state and letter.isalnum())
        share = inside / total if total else 0.0
        return "direct" if share >= 0.9 else "indirect" if share < 0.05 else "mixed"


Piece = tuple[str, tuple[Document, int, int]]
"""A unit's text; its article, its offset there, and how many units of the article follow (0 or less)."""


def units(text: str, lang: str) -> list[Span]:
    """What is parsed at once: paragraphs, or runs of sentences of at most ``LONGEST_UNIT`` code points."""
    found: list[Span] = []
    for start, end in paragraphs(text):
        if end - start <= LONGEST_UNIT:
            found.append((start, end))
            continue
        first = start
        last = start
        for a, b in sentences(text[start:end], lang):
            if start + b - first > LONGEST_UNIT and last > first:
                found.append((first, last))
                first = start + a
            last = start + b
        found.append((first, end))
    return found


def parsed(documents: Iterable[Document], lang: str, model: str | None = None) -> Iterator[Document]:
    """Give each document its tree; one model for all, paragraphs batched over documents.

    Raises:
        MissingParser: no parser for the language is installed.
    """
    nlp = load_parser(lang, model)

    def pieces() -> Iterator[Piece]:
        for document in documents:
            spans = units(document.text, lang)
            for number, (start, end) in enumerate(spans):
                yield document.text[start:end], (document, start, number + 1 - len(spans))
            if not spans:
                yield "", (document, 0, 0)

    tree = Tree()
    for batch in _batches(pieces()):
        for doc, (document, offset, left) in nlp.pipe(batch, as_tuples=True, batch_size=len(batch)):
            _extend(tree, doc, offset, document.mask)
            if left == 0:
                document.tree, tree = _with_children(tree), Tree()
                yield document


def _batches(pieces: Iterable[Piece]) -> Iterator[list[Piece]]:
    """Units that are parsed together: a number of them, fewer of long ones, so that memory stays bounded."""
    batch: list[Piece] = []
    size = 0
    for piece in pieces:
        batch.append(piece)
        size += len(piece[0])
        if len(batch) >= BATCH or size >= LARGEST_BATCH:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _extend(tree: Tree, doc: Any, offset: int, mask: bytearray) -> None:
    """Append the tokens of one parsed unit; white-space tokens are left out, their children go to their head."""
    forms = french_forms() if doc.lang_ == "fr" else {}
    base = len(tree)
    unit = tree.unit[-1] + 1 if tree.unit else 0
    sent = tree.sent[-1] if tree.sent else -1
    tokens = list(doc)
    place: dict[int, int] = {}
    for token in tokens:
        if not token.is_space:
            place[token.i] = base + len(place)
    for token in tokens:
        if token.is_sent_start or token.i == 0:
            sent += 1
        if token.is_space:
            continue
        start = offset + token.idx
        head = token.head
        while head.is_space and head.head.i != head.i:
            head = head.head
        tree.start.append(start)
        tree.end.append(start + len(token))
        tree.word.append(token.lower_)
        lemma, pos = _corrected(token, forms)
        tree.lemma.append(lemma)
        tree.pos.append(pos)
        tree.tag.append(token.tag_)
        tree.dep.append(token.dep_)
        tree.head.append(place.get(head.i, place[token.i]))
        tree.sent.append(sent)
        tree.unit.append(unit)
        tree.quote.append(mask[start])
        text = token.text
        tree.shape.append(2 if len(text) > 1 and text.isupper() else 1 if text[:1].isupper() else 0)


def _corrected(token: Any, forms: Mapping[str, str]) -> tuple[str, str]:
    """Lemma and part of speech; known cue forms that carry a clause are verbs, whatever the tagger says."""
    known = forms.get(token.lower_)
    if known is None or (token.pos_ not in ("VERB", "AUX") and token.dep_ not in _CLAUSAL):
        return token.lemma_.lower() or token.lower_, token.pos_
    return known, token.pos_ if token.pos_ == "AUX" else "VERB"


def _with_children(tree: Tree) -> Tree:
    tree.children = [[] for _ in range(len(tree))]
    for i, head in enumerate(tree.head):
        if head != i:
            tree.children[head].append(i)
    return tree


def words(text: str) -> list[Span]:
    """Spans of words and marks for engines without a parser."""
    return [(m.start(), m.end()) for m in _WORD.finditer(text)]
