"""The registry: engine by name. ``rules`` takes the parser where there is one and cue rules elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from probata.analyse.claims import rules_dep
from probata.analyse.claims.document import Document, parsed
from probata.analyse.claims.extractor import Extractor, Proposal
from probata.analyse.claims.models import parser_name, parser_version
from probata.analyse.claims.quotes import Quotes
from probata.analyse.claims.rules_cue import CueRules


class DependencyRules:
    """Engine ``rules`` with a parser."""

    name = "rules"

    def __init__(self, lang: str, model: str | None = None) -> None:
        self._lang, self._model = lang, model
        self.version = f"{rules_dep.VERSION}+{parser_version(lang, model)}"

    def extract(self, documents: Iterable[Document]) -> Iterator[tuple[Document, list[Proposal]]]:
        """See ``Extractor.extract``."""
        return rules_dep.extract_all(parsed(documents, self._lang, self._model))


def _quotes(lang: str, options: Mapping[str, Any]) -> Extractor:
    return Quotes()


def _rules(lang: str, options: Mapping[str, Any]) -> Extractor:
    model = options.get("parser")
    if model and parser_name(lang, model) is None:
        raise ValueError(f"claims: no parser {model!r} is installed; install it, or leave --parser out")
    if options.get("no_parser") or parser_name(lang, model) is None:
        return CueRules()
    return DependencyRules(lang, model)


def _tagger(lang: str, options: Mapping[str, Any]) -> Extractor:
    from probata.analyse.claims.tagger import Tagger, load

    if not options.get("model"):
        raise ValueError("claims: the tagger needs a model file; train one with: probata claims train DIR")
    path = Path(str(options["model"]))
    model = load(path)
    if model.about.get("lang", "en") != lang:
        return _rules(lang, options)  # a model speaks one language; elsewhere the rules go on
    return Tagger(path, lang, options.get("parser"), model)


def _endpoint(lang: str, options: Mapping[str, Any]) -> Extractor:
    from probata.analyse.claims.llm import Endpoint

    return Endpoint.of(options)


ENGINES: dict[str, Callable[[str, Mapping[str, Any]], Extractor]] = {
    "rules": _rules,
    "quotes": _quotes,
    "tagger": _tagger,
    "endpoint": _endpoint,
}
"""Engines by name: a function of language and options that gives an ``Extractor``."""


def engine_for(name: str, lang: str, options: Mapping[str, Any]) -> Extractor:
    """The engine of that name for a language.

    Raises:
        ValueError: no such engine.
    """
    if name not in ENGINES:
        raise ValueError(f"claims: no engine {name!r}; there are {', '.join(sorted(ENGINES))}")
    return ENGINES[name](lang, options)
