"""CLAIMS on our own annotated news texts in English and French: spans, speakers, acts, evidence, targets.

Half of the first writer's texts, by a hash of their id, is for development; the other half is only reported and
held by floors. The other writers' texts are for development (cue lists and act model were made with them in view) and
printed apart, except half of the second writer's, which was kept from whoever worked on the program (``blind``). A
statement is *matched* where content tokens have IoU >= .5, *linked* where the sources agree as well (token Dice >= .5,
or both absent). Acts, evidence and targets are scored on matched statements, and once more on the annotated spans
themselves (``gold_``), put through the program as if an engine had proposed them. A target is right where one name
holds all words of the other, articles apart, or where the text itself sets the two side by side ("the rector, Ernst
Holl"); a target given where none is annotated counts against precision.

``--labels en=FILE fr=FILE`` scores other annotated files instead; ``--errors FILE`` writes the mistakes on the
development texts (or on those files), ``--brat DIR`` writes the development half for ``probata claims train``.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.quality._claims_gold import annotated_rows
from bench.quality._claims_sets import (
    ACTS,
    ALL_LANGUAGES,
    LABELS,
    LANGUAGES,
    Labelled,
    Statement,
    load,
    read,
    write_brat,
)
from bench.quality.claims_polnear import Score, f1
from probata.analyse.claims.attribute import Method
from probata.analyse.claims.attribute import run as attribute
from probata.analyse.claims.document import Document
from probata.analyse.claims.models import parser_name
from probata.model import Ask

OWN = True
_TOKEN = re.compile(r"\w+")
_SMALL = frozenset(
    ("the", "a", "an", "le", "la", "les", "l", "d", "de", "du", "des", "of", "that", "she", "he")
)

Row = dict[str, Any]


@dataclass
class Tally:
    """What is counted over the texts of one language and half."""

    score: Score = field(default_factory=Score)
    matched: list[tuple[Labelled, Statement, Row]] = field(default_factory=list)
    missed: list[tuple[Labelled, Statement]] = field(default_factory=list)
    extra: list[tuple[Labelled, Row]] = field(default_factory=list)
    gold: list[tuple[Labelled, Statement, Row]] = field(default_factory=list)
    """Annotated statements with the row that the program makes of their very spans."""


def measure(texts: Sequence[Labelled], options: dict[str, Any]) -> Tally:
    """Attribute texts of one language and compare with their annotation."""
    rows, _ = attribute([Document(t.id, t.text, t.lang) for t in texts], Method.of(Ask(options=options)))
    by_text: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_text[row["article"]].append(row)
    tally = Tally()
    for text in texts:
        predicted = by_text[text.id]
        tally.score.add(text.text, [s.roles for s in text.statements], [_roles(row) for row in predicted])
        _match(tally, text, predicted)
        tally.gold += [(text, s, row) for s, row in zip(text.statements, annotated_rows(text), strict=True)]
    return tally


def _cue_and_content(text: Labelled, statement: Statement) -> tuple[str, str]:
    return tuple(  # type: ignore[return-value]
        " ".join(text.text[a:b] for a, b in statement.roles[role]) for role in ("Cue", "Content")
    )


def _roles(row: Row) -> dict[str, list[tuple[int, int]]]:
    roles = {"Content": [tuple(span) for span in json.loads(row["content"])]}
    for role in ("source", "cue"):
        at = row[f"{role}_start"]
        roles[role.capitalize()] = [(at, row[f"{role}_end"])] if at >= 0 else []
    return roles


def _tokens(text: str, spans: Sequence[tuple[int, int]]) -> set[int]:
    return {m.start() for m in _TOKEN.finditer(text) for a, b in spans if m.start() < b and m.end() > a}


def _match(tally: Tally, text: Labelled, predicted: Sequence[Row]) -> None:
    """Pair statements with rows one to one, best content first."""
    gold = [_tokens(text.text, s.roles["Content"]) for s in text.statements]
    found = [_tokens(text.text, _roles(row)["Content"]) for row in predicted]
    pairs = sorted(
        ((-len(a & b) / len(a | b), i, j) for i, a in enumerate(gold) for j, b in enumerate(found) if a & b)
    )
    left, right = set(range(len(gold))), set(range(len(found)))
    for cost, i, j in pairs:
        if -cost >= 0.5 and i in left and j in right:
            left.remove(i)
            right.remove(j)
            tally.matched.append((text, text.statements[i], predicted[j]))
    tally.missed += [(text, text.statements[i]) for i in sorted(left)]
    tally.extra += [(text, predicted[j]) for j in sorted(right)]


def act_scores(pairs: Sequence[tuple[str, str]]) -> tuple[float, float, dict[str, float]]:
    """Macro F1, micro F1 (share right) and F1 by act of (annotated, given) pairs."""
    by_act = {}
    for act in ACTS:
        tp = sum(a == b == act for a, b in pairs)
        by_act[act] = f1(tp, sum(b == act for _, b in pairs) - tp, sum(a == act for a, _ in pairs) - tp)[2]
    micro = sum(a == b for a, b in pairs) / len(pairs) if pairs else 0.0
    return sum(by_act.values()) / len(ACTS), micro, by_act


def same_target(annotated: str, given: str, text: str = "") -> bool:
    """Whether two targets are one.

    They are where all words of one are in the other ("Stoll", "Ruben Stoll"), and where ``text`` sets the two side
    by side ("the rector, Ernst Holl", "Rector Ernst Holl"): which of them is written down is a matter of taste.
    """
    a, b = (_name_words(name) for name in (annotated, given))
    if not a or not b:
        return False
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    flat = " ".join(_TOKEN.findall(text.lower()))
    first, second = (re.escape(" ".join(words)) for words in (a, b))
    between = "(?: (?:the|le|la|l|der|die|das|el|los|las))?"
    return bool(re.search(rf"\b(?:{first}{between} {second}|{second}{between} {first})\b", flat))


def _name_words(name: str) -> list[str]:
    return [word for word in _TOKEN.findall(name.lower()) if word not in _SMALL]


def _kinds(row: Row) -> set[str]:
    return {item["kind"] for item in json.loads(row["evidence"])} - {"anonymous"}


def metrics_of(tally: Tally) -> dict[str, float]:
    """Every figure of one language and half by name."""
    spans = tally.score.metrics()
    shown = {"statements": float(len(tally.gold))}
    shown |= {name: spans[name] for name in ("content_f1", "linked_p", "linked_r", "linked_f1")}
    for prefix, rows in (("", tally.matched), ("gold_", tally.gold)):
        pairs = [(statement.act, row["act"]) for _, statement, row in rows]
        shown[f"{prefix}act_macro"], shown[f"{prefix}act_micro"], by_act = act_scores(pairs)
        shown |= {f"{prefix}act_{act}": value for act, value in by_act.items()}
        shown |= {prefix + name: value for name, value in _about(rows).items()}
    return shown


def _about(rows: Sequence[tuple[Labelled, Statement, Row]]) -> dict[str, float]:
    """Evidence, anonymous sources and targets of paired statements."""
    kinds = [(set(s.evidence) - {"anonymous"}, _kinds(row)) for _, s, row in rows]
    hits = sum(len(a & b) for a, b in kinds)
    shown = {"evidence_right": _share([a == b for a, b in kinds])}
    shown["evidence_f1"] = f1(
        hits, sum(len(b) for _, b in kinds) - hits, sum(len(a) for a, _ in kinds) - hits
    )[2]
    shown["anonymous_right"] = _share([bool(row["anonymous"]) == s.anonymous for _, s, row in rows])
    right = sum(same_target(s.target, row["target"], text.text) for text, s, row in rows)
    given, annotated = (
        sum(map(bool, x)) for x in ([r["target"] for *_, r in rows], [s.target for _, s, _ in rows])
    )
    shown["target_p"], shown["target_r"], shown["target_f1"] = f1(right, given - right, annotated - right)
    return shown


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def run(data: Path | None) -> dict[str, float]:
    """Measure both halves in both languages, with and without parser; print tables; return the held-back figures."""
    result: dict[str, float] = {}
    for lang in LANGUAGES:
        for method, options in methods_of(lang).items():
            halves = {half: measure(load(half, lang), options) for half in ("dev", "test")}
            _print(f"{lang}, {method}", halves)
            prefix = lang if method == "rules" else f"{lang}_free"
            result |= {f"{prefix}_{name}": round(v, 4) for name, v in metrics_of(halves["test"]).items()}
    for writer, name in ((2, "second writer"), (3, "third writer")):
        for lang in ALL_LANGUAGES:
            score({lang: load(None, lang, writer)}, name)
    return result | held_writer()


def held_writer() -> dict[str, float]:
    """The half of the second writer's texts that nothing was chosen or fitted on, with the shipped engine."""
    result: dict[str, float] = {}
    for lang in ALL_LANGUAGES:
        texts = read(LABELS / "second_held" / f"{lang}.txt", lang)
        tallies = {method: measure(texts, given) for method, given in methods_of(lang).items()}
        _print(f"{lang}, second writer, held back", tallies)
        first = metrics_of(next(iter(tallies.values())))
        result |= {f"{lang}_blind_{name}": round(value, 4) for name, value in first.items()}
    return result


def methods_of(lang: str) -> dict[str, dict[str, Any]]:
    """Options by name of what is measured: with the parser, where one is installed, and without."""
    methods: dict[str, dict[str, Any]] = {"parser-free": {"no_parser": True}}
    if parser_name(lang) is None:
        print(f"no parser for {lang} is installed: parser-free figures only")
        return methods
    return {"rules": {}} | methods


def score(texts: dict[str, list[Labelled]], name: str) -> None:
    """Measure and print texts by language."""
    for lang, some in texts.items():
        _print(
            f"{lang}, {name}", {method: measure(some, given) for method, given in methods_of(lang).items()}
        )


def _print(title: str, columns: dict[str, Tally]) -> None:
    print(f"{title}: {' / '.join(columns)}")
    measured = [metrics_of(tally) for tally in columns.values()]
    for name in measured[0]:
        print(f"  {name:<20}" + "".join(f"{one[name]:8.3f}" for one in measured))
    low, high = list(columns.values())[-1].score.interval()
    print(f"  linked_f1, last column: 95 % interval over texts {low:.3f} to {high:.3f}")


def errors(out: Path, texts: dict[str, list[Labelled]], options: dict[str, Any]) -> None:
    """Write the mistakes of the shipped engine on some texts by language; on annotated spans as ``GOLD``."""
    lines = []
    for some in texts.values():
        tally = measure(some, options)
        for text, statement in tally.missed:
            cue, content = _cue_and_content(text, statement)
            lines.append(f"MISSED {text.id} {statement.act}: cue [{cue}] content [{content}]")
        for text, row in tally.extra:
            lines.append(
                f"EXTRA {text.id}: {row['source_text']!r} | {row['cue_text']!r} | {row['content_text']!r}"
            )
        for mark, rows in (("", tally.matched), ("GOLD ", tally.gold)):
            for text, statement, row in rows:
                lines += [
                    f"{mark}{about} {text.id}: {detail}" for about, detail in _wrong(text, statement, row)
                ]
    out.write_text("\n".join(lines) + "\n", "utf-8")


def _wrong(text: Labelled, statement: Statement, row: Row) -> list[tuple[str, str]]:
    """What is wrong about a matched statement."""
    found = []
    gold, given = (_tokens(text.text, spans) for spans in (statement.roles["Source"], _roles(row)["Source"]))
    about = f"[{row['cue_text']}] [{row['content_text']}]"
    size = len(gold) + len(given)
    if size and 2 * len(gold & given) / size < 0.5:
        wanted = " ".join(text.text[a:b] for a, b in statement.roles["Source"])
        found.append(("SOURCE", f"want {wanted!r} got {row['source_text']!r} {about}"))
    if statement.act != row["act"]:
        found.append(("ACT", f"want {statement.act} got {row['act']} {about}"))
    if _kinds(row) != set(statement.evidence) - {"anonymous"}:
        found.append(("EVIDENCE", f"want {statement.evidence} got {sorted(_kinds(row))} {about}"))
    if statement.anonymous != row["anonymous"]:
        found.append(("ANONYMOUS", f"want {statement.anonymous} {row['source_text']!r}"))
    if (statement.target or row["target"]) and not same_target(statement.target, row["target"], text.text):
        found.append(("TARGET", f"want {statement.target!r} got {row['target']!r} {about}"))
    return found


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--labels", nargs="+", metavar="LANG=FILE", help="score these annotated files instead"
    )
    parser.add_argument("--errors", type=Path, help="write the mistakes on the development texts there")
    parser.add_argument("--no-parser", action="store_true", help="with --errors: those made without a parser")
    parser.add_argument("--brat", type=Path, help="write the development half in brat standoff there")
    given = parser.parse_args()
    named = [item.partition("=")[::2] for item in given.labels or ()]
    texts = {lang: read(Path(path), lang) for lang, path in named}
    if given.errors:
        some = texts or {lang: load("dev", lang, writer=None) for lang in ALL_LANGUAGES}
        errors(given.errors, some, {"no_parser": True} if given.no_parser else {})
    if given.brat:
        print(write_brat(given.brat, "dev"), "texts")
    if texts and not given.errors:
        score(texts, "given files")
    elif not given.errors and not given.brat:
        run(None)


if __name__ == "__main__":
    main()
