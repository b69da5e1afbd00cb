"""Statements beside claims that somebody has checked: candidates with their relation, never a verdict.

A rating belongs to the claim that was checked. Whether a statement *is* that claim is for a person to say: what is
returned is marked as a candidate, with the guard's reading of the relation (same, denies, related) beside it. The
relation is that of the *statement*: what its cue denies ("denied that ...") it does not say.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from probata.analyse.claims.acts import lemma_in
from probata.analyse.claims.attribute import language_of
from probata.analyse.claims.lexicon import lexicon
from probata.analyse.claims.retrieval import Array, ClaimIndex
from probata.model import Ask, Finding, Gap, Table, TestRequest
from probata.store.base import Store
from probata.store.kept import Kept, code_of, keys_of
from probata.text.embed import Embedder, default_embedder
from probata.text.guard import Guard

VERSION = "checked/1"
TEST = "fact_checked"
LEAST_WORDS = 5
TOP = 3
NEAR = 0.45
"""Mean cosine of statement to claim and title under which a claim is not even a candidate."""

MOST_STATEMENTS = 2_000
ACTS = ("asserts", "accuses", "denies", "predicts")

_OF_STATED = {"same": "same", "denies": "denies"}
_OF_DENIED = {"same": "denies"}
"""Relation of a statement by the relation of its content; to deny a denial is no more than related."""

COLUMNS = (
    "attribution",
    "article",
    "claim",
    "title",
    "reviewer",
    "rating",
    "url",
    "published",
    "score",
    "relation",
)


def candidates(store: Store, ask: Ask, attributions: Table) -> tuple[Table, str]:
    """Nearest checked claims of every statement long enough to carry one; and what was left out, or "".

    The table has ``COLUMNS``: at most ``TOP`` rows a statement, best first.
    """
    rows = _statements(attributions)
    if not len(rows) or "reviews" not in store.tables():
        return _table([]), ""
    left = (
        f"only the first {MOST_STATEMENTS:,} of {len(rows):,} statements were looked up"
        if len(rows) > MOST_STATEMENTS
        else ""
    )
    rows = rows[:MOST_STATEMENTS]
    reviews = store.read(
        "SELECT claim, title, reviewer, rating, url, published, lang FROM reviews ORDER BY id"
    )
    embedder = default_embedder()
    claims = [str(value or "") for value in reviews["claim"]]
    titles = [str(value or "") for value in reviews["title"]]
    index = ClaimIndex(claims, titles, embedder, _vectors(store, embedder, claims, titles))
    texts = [str(attributions["content_text"][row]) for row in rows]
    nearest = index.nearest(texts, TOP)
    found = [(row, place, score) for row, near in zip(rows, nearest, strict=True) for place, score in near]
    denied = _denied(store, attributions, sorted({row for row, _, _ in found}))
    return _table(_judged(attributions, reviews, found, (embedder, denied))), left


def _statements(attributions: Table) -> Array:
    """Rows whose act can be checked and whose content is more than a phrase."""
    acts, texts = attributions["act"], attributions["content_text"]
    wanted = [
        row
        for row, (act, text) in enumerate(zip(acts, texts, strict=True))
        if act in ACTS and len(str(text).split()) >= LEAST_WORDS
    ]
    return np.array(wanted, dtype=np.int64)


def _denied(store: Store, attributions: Table, rows: Sequence[int]) -> set[int]:
    """Rows whose cue denies what their content says: "denied that ...", not "did not deny that ..."."""
    languages: dict[str, str] = {}
    if "articles" in store.tables():
        read = store.read("SELECT id, lang, text[1:2000] AS text FROM articles")
        languages = {
            str(article): language_of(lang, text or "")
            for article, lang, text in zip(read["id"], read["lang"], read["text"], strict=True)
        }
    found = set()
    for row in rows:
        lang = languages.get(str(attributions["article"][row]), "en")
        lemma, negated = lemma_in(lang, str(attributions["cue_text"][row]))
        if lexicon(lang).acts.get(lemma) == "denies" and not negated:
            found.add(row)
    return found


def _vectors(store: Store, embedder: Embedder, claims: Sequence[str], titles: Sequence[str]) -> Array:
    """Vectors of all claims, then of all titles: read where an earlier run kept them, else made."""
    texts = [*claims, *(title or claim for title, claim in zip(titles, claims, strict=True))]
    method = (VERSION, code_of("text"), embedder.id)
    kept = Kept(store, "claim_vectors", method, np.dtype((np.float16, (embedder.dim,))))

    def made(places: Array) -> Array:
        return np.asarray(embedder.encode([texts[place] for place in places]), dtype=np.float16)

    return np.asarray(kept.rows(keys_of(texts), made), dtype=np.float32)


def _judged(
    attributions: Table,
    reviews: Table,
    found: Sequence[tuple[int, int, float]],
    means: tuple[Embedder, set[int]],
) -> list[dict[str, Any]]:
    """Relation of every candidate; what is too far off to be one is left out. ``means``: encoder, denied rows."""
    embedder, denied = means
    pairs = [
        (
            (str(attributions["content_text"][row]), ""),
            (str(reviews["claim"][place] or ""), str(reviews["lang"][place] or "")),
        )
        for row, place, _ in found
    ]
    judged = Guard(embedder).judge(pairs)
    rows = []
    for (row, place, score), answer in zip(found, judged, strict=True):
        if answer.cosine < NEAR:
            continue
        review = {
            name: reviews[name][place]
            for name in ("claim", "title", "reviewer", "rating", "url", "published")
        }
        relation = (_OF_DENIED if row in denied else _OF_STATED).get(answer.relation, "related")
        rows.append(
            {
                "attribution": attributions["id"][row],
                "article": attributions["article"][row],
                **review,
                "score": round(score, 3),
                "relation": relation,
            }
        )
    return rows


def _table(rows: list[dict[str, Any]]) -> Table:
    return {name: [row[name] for row in rows] for name in COLUMNS}


def answer_checked(
    table: Table, attributions: Table, request: TestRequest | None, has_reviews: bool
) -> Finding | Gap:
    """How many statements have a candidate that reads like the same claim or its denial; a Gap without reviews."""
    if not has_reviews:
        return Gap(
            "claims",
            "claims that somebody has checked (ClaimReview, EUvsDisinfo, or a table of checked claims)",
            "fact-checking organisations",
            "give them as data of kind reviews",
            "whether these statements were checked before",
            request.id if request else None,
        )
    close = {
        str(a)
        for a, r in zip(table["attribution"], table["relation"], strict=True)
        if r in ("same", "denies")
    }
    looked = len(_statements(attributions))
    return Finding(
        question="claims",
        test=TEST,
        statement=(
            f"{len(close)} of {looked} statements have a checked claim beside them that reads the same or its denial; "
            "each is a candidate for a person to confirm."
        ),
        metric="statements_with_candidate",
        estimate=float(len(close)),
        n=looked,
        null_model="none: a search, not a test",
        method=f"BM25 and sentence vectors fused; relation by the guard; at most {TOP} candidates a statement",
        version=VERSION,
        parameters={"near": NEAR, "top": TOP},
        caveats=(
            "A rating is of the claim that was checked; it is not carried over to the statement.",
            "Whoever checks claims is a party with a view and chooses what to check.",
        ),
        records=tuple(sorted(close))[:200],
        request=request.id if request else None,
    )
