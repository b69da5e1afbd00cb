"""Rules on distinct values: every literal of every rule in one pass, the logic on truth columns."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import unquote_plus

import numpy as np

from probata.analyse.attacks.literals import Literals
from probata.analyse.attacks.sigma import KEYWORD_FIELDS, Rule, Term, _compiled, _terms
from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]

DECODED = ("url.original", "http.request.referrer")
"""Fields in which percent signs hide characters: the decoded forms are searched beside the raw one."""

REGEX_SECONDS = 0.2
"""Time that one regular expression may take on one value before it counts as not matching."""


def evaluate(rules: Sequence[Rule], rows: Table) -> dict[str, Array]:
    """Truth by rule over rows given as columns (one a field that the rules need; absent values None or NaN)."""
    size = len(next(iter(rows.values()))) if rows else 0
    fields = {
        name: _Field(rows[name], rules, name)
        for name in {n for rule in rules for n in rule.fields} & set(rows)
    }
    return {rule.id: _tree(rule.tree, fields, size) for rule in rules if rule.tree is not None}


def _tree(tree: Any, fields: Mapping[str, _Field], size: int) -> Array:
    if isinstance(tree, Term):
        names = [tree.field] if tree.field else list(KEYWORD_FIELDS)
        made = np.zeros(size, dtype=bool)
        for name in names:
            if name in fields:
                made |= fields[name].term(tree)
        return made
    kind, *parts = tree
    columns = [_tree(part, fields, size) for part in parts]
    if kind == "not":
        return ~columns[0]
    joined: Array = np.logical_and.reduce(columns) if kind == "and" else np.logical_or.reduce(columns)
    return joined


class _Field:
    """One column as codes into its distinct values, with the literal hits of each value."""

    def __init__(self, column: Any, rules: Sequence[Rule], name: str) -> None:
        seen: dict[str | None, int] = {}
        texts = [_text(value) for value in column]
        self._codes = np.array([seen.setdefault(text, len(seen)) for text in texts], dtype=np.int64)
        self._values = [value or "" for value in seen]
        self._absent = np.array([value is None for value in seen], dtype=bool)
        terms = [t for rule in rules for t in _terms(rule.tree) if t.field in (name, None)]
        wanted = [
            core(v)
            for t in terms
            if t.how in ("contains", "equals", "startswith", "endswith")
            for v in t.values
        ]
        self._literals = Literals(wanted)
        self._place = {literal: place for place, literal in enumerate(self._literals.literals)}
        shapes = (
            [_decoded(value) for value in self._values]
            if name in DECODED
            else [(value,) for value in self._values]
        )
        self._shapes = shapes
        owner = np.repeat(np.arange(len(shapes)), [len(s) for s in shapes])
        flat = self._literals.hits([text for shape in shapes for text in shape])
        self._hits = np.zeros((len(shapes), flat.shape[1]), dtype=bool)
        np.logical_or.at(self._hits, owner, flat)

    def term(self, term: Term) -> Array:
        """Truth by row of one comparison."""
        if term.how == "exists":
            wanted = term.values[0].lower() in ("true", "yes", "1")
            there: Array = (~self._absent if wanted else self._absent)[self._codes]
            return there
        columns = [self._value(term, value) for value in term.values]
        joined: Array = np.logical_and.reduce(columns) if term.every else np.logical_or.reduce(columns)
        rows: Array = joined[self._codes]
        return rows

    def _value(self, term: Term, value: str) -> Array:
        """Truth by distinct value."""
        if term.how in ("gt", "gte", "lt", "lte"):
            return _compared(self._values, term.how, value)
        if term.how == "re":
            return self._regex(value)
        if value == "" and term.how == "equals":
            return self._absent.copy()
        literal = core(value)
        candidates = (
            self._hits[:, self._place[literal.lower()]].copy()
            if literal
            else np.ones(len(self._values), dtype=bool)
        )
        if term.how == "contains" and literal == value and not term.cased:
            return np.asarray(candidates & ~self._absent)
        check = _checker(term, value)
        for place in np.flatnonzero(candidates):
            candidates[place] = any(check(text) for text in self._shapes[place])
        return np.asarray(candidates & ~self._absent)

    def _regex(self, text: str) -> Array:
        pattern = _compiled(text)
        made = np.zeros(len(self._values), dtype=bool)
        for place, value in enumerate(self._values):
            try:
                made[place] = pattern.search(value[:20_000], timeout=REGEX_SECONDS) is not None
            except TimeoutError:
                continue
        return np.asarray(made & ~self._absent)


def core(value: str) -> str:
    """The longest part of a value without wildcards: what must be there for the value to fit."""
    return max(re.split(r"[*?]", value), key=len).lower()


def _checker(term: Term, value: str) -> Any:
    pattern = value if term.cased else value.lower()
    if term.how == "contains":
        pattern = f"*{pattern}*"
    elif term.how == "startswith":
        pattern = f"{pattern}*"
    elif term.how == "endswith":
        pattern = f"*{pattern}"
    regex = re.compile(fnmatch.translate(pattern.replace("[", "[[]")), re.DOTALL)
    if term.cased:
        return regex.match
    return lambda text: regex.match(text.lower())


def _compared(values: Sequence[str], how: str, value: str) -> Array:
    numbers = np.array([_number(v) for v in values])
    limit = _number(value)
    with np.errstate(invalid="ignore"):
        compare = {
            "gt": numbers > limit,
            "gte": numbers >= limit,
            "lt": numbers < limit,
            "lte": numbers <= limit,
        }
    return np.asarray(compare[how])


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float("nan")


def _text(value: Any) -> str | None:
    if value is None or value != value:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else str(value)
    return str(value)


def _decoded(value: str) -> tuple[str, ...]:
    """A value and what it reads once and twice percent-decoded (an attack may be encoded twice)."""
    if "%" not in value and "+" not in value:
        return (value,)
    once = unquote_plus(value, errors="replace")
    twice = unquote_plus(once, errors="replace") if "%" in once else once
    return (value, once) if twice == once else (value, once, twice)
