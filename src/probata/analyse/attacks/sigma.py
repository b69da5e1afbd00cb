"""Rules as data: a subset of Sigma (detection by fields and keywords, correlation by count) in one YAML each.

Read: ``id``, ``title``, ``tags`` (``attack.t1190``), ``level``, ``logsource``, ``detection`` with selections
(maps, lists of maps), ``keywords`` (lists of texts), ``condition`` with and, or, not, brackets, ``1 of x*``,
``all of them``; modifiers ``contains``, ``startswith``, ``endswith``, ``all``, ``re``, ``cased``, ``exists``,
``gt``/``gte``/``lt``/``lte``; wildcards. Correlations: ``event_count`` and ``value_count`` with ``group-by``,
``timespan``, ``condition``. What lies outside is one clear error, never half a rule.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

FIELDS: Mapping[str, str] = {
    "cs-uri-query": "url.original",
    "cs-uri-stem": "url.original",
    "cs-uri": "url.original",
    "c-uri": "url.original",
    "c-uri-query": "url.original",
    "c-uri-stem": "url.original",
    "uri": "url.original",
    "url": "url.original",
    "cs-method": "http.request.method",
    "sc-status": "http.response.status_code",
    "c-ip": "source.ip",
    "src_ip": "source.ip",
    "cs-user-agent": "user_agent.original",
    "c-useragent": "user_agent.original",
    "cs(user-agent)": "user_agent.original",
    "cs-referer": "http.request.referrer",
    "cs-referrer": "http.request.referrer",
    "cs-host": "url.domain",
    "dst_port": "destination.port",
    "dst_ip": "destination.ip",
    "user": "user.name",
    "username": "user.name",
}
"""ECS field by Sigma's names for web server logs and flows."""

KEYWORD_FIELDS = ("url.original", "user_agent.original", "http.request.referrer", "message")
"""Where a keyword without a field is looked for."""

MODIFIERS = frozenset(
    ["contains", "startswith", "endswith", "all", "re", "cased", "exists", "gt", "gte", "lt", "lte"]
)


class RuleError(ValueError):
    """A rule that cannot be read; the message is one line with file and reason."""


@dataclass(frozen=True, slots=True)
class Term:
    """One comparison: a field (None: any keyword field), how, and the values, any or all of which must hold."""

    field: str | None
    how: str
    values: tuple[str, ...]
    every: bool = False
    cased: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A correlation: how many events, or different values of a field, in one group within a time span."""

    base: tuple[str, ...]
    kind: str
    group: tuple[str, ...]
    seconds: int
    least: int
    field: str | None
    most_per_value: float | None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: what it is called, what it is evidence of, and how it decides."""

    id: str
    title: str
    tags: tuple[str, ...]
    level: str
    tree: Any = None
    window: Window | None = None
    set_aside: bool = False
    support: bool = False
    """Serves correlations only and is not reported itself."""

    @property
    def techniques(self) -> tuple[str, ...]:
        """ATT&CK ids, as ``T1110.003``."""
        found = (re.fullmatch(r"attack\.(t\d{4}(?:\.\d{3})?)", tag) for tag in self.tags)
        return tuple(match[1].upper() for match in found if match)

    @property
    def fields(self) -> tuple[str, ...]:
        """The event columns that the decision needs, in a fixed order."""
        return tuple(
            sorted(
                {
                    name
                    for term in _terms(self.tree)
                    for name in ([term.field] if term.field else KEYWORD_FIELDS)
                }
            )
        )


def _terms(tree: Any) -> Iterator[Term]:
    if isinstance(tree, Term):
        yield tree
    elif tree is not None:
        for part in tree[1:]:
            yield from _terms(part)


def load(paths: Sequence[Path]) -> tuple[Rule, ...]:
    """Every rule of the files and folders, in the order of their names.

    Raises:
        RuleError: a rule cannot be read, or a correlation names a rule that is not there.
    """
    files = [file for path in paths for file in (sorted(path.rglob("*.yml")) if path.is_dir() else [path])]
    rules = [rule for file in files for rule in read(file)]
    known = {rule.id for rule in rules}
    for rule in rules:
        for base in rule.window.base if rule.window else ():
            if base not in known:
                raise RuleError(f"rule {rule.id}: correlates {base!r}, which is not among the rules")
    return tuple(rules)


def read(path: Path) -> list[Rule]:
    """The rules of one YAML file.

    Raises:
        RuleError: with file and reason in one line.
    """
    try:
        documents = [d for d in yaml.safe_load_all(path.read_text(encoding="utf-8")) if d is not None]
        return [parse(document) for document in documents]
    except RuleError as error:
        raise RuleError(f"{path.name}: {error}") from None
    except (yaml.YAMLError, OSError, UnicodeDecodeError, RecursionError) as error:
        raise RuleError(f"{path.name}: cannot be read: {' '.join(str(error).split())[:200]}") from None


def parse(document: Any) -> Rule:
    """One rule from a parsed document.

    Raises:
        RuleError: something is missing or outside the subset.
    """
    if not isinstance(document, dict) or not document.get("title"):
        raise RuleError("not a Sigma rule: no title")
    given = document.get("tags")
    tags = tuple(str(tag).lower() for tag in given) if isinstance(given, list) else ()
    name = str(document.get("name") or document.get("id") or document["title"])
    title, level = str(document["title"]), str(document.get("level", "medium"))
    if "correlation" in document:
        return Rule(name, title, tags, level, window=_window(document["correlation"]))
    detection = document.get("detection")
    if not isinstance(detection, dict) or "condition" not in detection:
        raise RuleError("no detection with a condition")
    tree = _Condition(detection).tree()
    aside, support = "probata.set-aside" in tags, "probata.support" in tags
    return Rule(name, title, tags, level, tree, set_aside=aside, support=support)


def _window(given: Any) -> Window:
    if not isinstance(given, dict) or not isinstance(given.get("condition", {}), dict):
        raise RuleError("a correlation without type and condition")
    kind = given.get("type")
    if kind not in ("event_count", "value_count"):
        raise RuleError(f"correlation type {kind!r} is not event_count or value_count")
    condition = given.get("condition") or {}
    span = re.fullmatch(r"(\d{1,6})([smhd])", str(given.get("timespan", "")))
    if not span:
        raise RuleError("correlation timespan is not a number with s, m, h or d")
    field = condition.get("field")
    if kind == "value_count" and not field:
        raise RuleError("value_count needs condition.field")
    per = given.get("most-per-value")
    if per is not None and not isinstance(per, (int, float)):
        raise RuleError("most-per-value is not a number")
    seconds = int(span[1]) * {"s": 1, "m": 60, "h": 3600, "d": 86400}[span[2]]
    rules, names = given.get("rules"), given.get("group-by")
    return Window(
        base=tuple(str(r) for r in (rules if isinstance(rules, list) else [rules])),
        kind=kind,
        group=tuple(_field(g) for g in (names if isinstance(names, list) and names else ["source.address"])),
        seconds=seconds,
        least=_least(condition),
        field=_field(field) if kind == "value_count" else None,
        most_per_value=per,
    )


def _least(condition: Mapping[str, Any]) -> int:
    more = condition.get("gt")
    least = condition.get("gte", more + 1 if isinstance(more, int) else None)
    if isinstance(least, bool) or not isinstance(least, int) or least < 1:
        raise RuleError("correlation condition needs gte (or gt) with a whole number")
    return least


def _field(name: Any) -> str:
    return FIELDS.get(str(name).lower(), str(name))


class _Condition:
    """Reads the condition into a tree of ("and"|"or"|"not", ...) over terms."""

    def __init__(self, detection: Mapping[str, Any]) -> None:
        self._parts = {
            name: _selection(value)
            for name, value in detection.items()
            if name not in ("condition", "timeframe")
        }
        text = detection["condition"]
        if not isinstance(text, str) or "|" in text:
            raise RuleError(
                "the condition is a list or an aggregation: write it as one expression or a correlation"
            )
        self._words = re.findall(r"\(|\)|[^\s()]+", text)
        if len(self._words) > 500:
            raise RuleError("the condition is longer than 500 words")
        self._at = 0

    def tree(self) -> Any:
        made = self._or()
        if self._at != len(self._words):
            raise RuleError(f"the condition does not end after {' '.join(self._words[: self._at])!r}")
        return made

    def _peek(self) -> str:
        return self._words[self._at].lower() if self._at < len(self._words) else ""

    def _or(self) -> Any:
        parts = [self._and()]
        while self._peek() == "or":
            self._at += 1
            parts.append(self._and())
        return parts[0] if len(parts) == 1 else ("or", *parts)

    def _and(self) -> Any:
        parts = [self._not()]
        while self._peek() == "and":
            self._at += 1
            parts.append(self._not())
        return parts[0] if len(parts) == 1 else ("and", *parts)

    def _not(self) -> Any:
        if self._peek() == "not":
            self._at += 1
            return ("not", self._not())
        if self._peek() == "(":
            self._at += 1
            inner = self._or()
            if self._peek() != ")":
                raise RuleError("a bracket of the condition is not closed")
            self._at += 1
            return inner
        return self._name()

    def _name(self) -> Any:
        if self._at >= len(self._words):
            raise RuleError("the condition ends too early")
        word = self._words[self._at]
        self._at += 1
        if word in ("1", "any", "all") and self._peek() == "of":
            self._at += 1
            wanted = self._words[self._at] if self._at < len(self._words) else ""
            self._at += 1
            found = [part for name, part in self._parts.items() if _fits(name, wanted)]
            if not found:
                raise RuleError(f"the condition names {wanted!r}, which is no selection")
            return ("and" if word == "all" else "or", *found)
        if word not in self._parts:
            raise RuleError(f"the condition names {word!r}, which is no selection")
        return self._parts[word]


def _fits(name: str, wanted: str) -> bool:
    return wanted == "them" or re.fullmatch(re.escape(wanted).replace(r"\*", ".*"), name) is not None


def _selection(value: Any) -> Any:
    if isinstance(value, dict):
        terms = [_term(str(key), given) for key, given in value.items()]
        if not terms:
            raise RuleError("an empty selection")
        return terms[0] if len(terms) == 1 else ("and", *terms)
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return ("or", *(_selection(item) for item in value))
    given = value if isinstance(value, list) else [value]
    if not given or any(isinstance(item, (dict, list)) for item in given):
        raise RuleError("a selection that is neither a map, a list of maps nor a list of keywords")
    return Term(None, "contains", tuple(str(item) for item in given))


def _term(key: str, given: Any) -> Term:
    name, *modifiers = key.split("|")
    unknown = [m for m in modifiers if m not in MODIFIERS]
    if unknown:
        raise RuleError(f"modifier {unknown[0]!r} is not read (known: {', '.join(sorted(MODIFIERS))})")
    values = tuple("" if v is None else str(v) for v in (given if isinstance(given, list) else [given]))
    how = next((m for m in modifiers if m not in ("all", "cased")), "equals")
    if how == "re":
        for value in values:
            _compiled(value)
    return Term(FIELDS.get(name.lower(), name), how, values, "all" in modifiers, "cased" in modifiers)


def _compiled(text: str) -> Any:
    import regex  # has a time limit, which a rule from elsewhere needs

    try:
        return regex.compile(text)
    except regex.error as error:
        raise RuleError(f"regular expression {text[:60]!r}: {error}") from None
