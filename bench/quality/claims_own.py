"""CLAIMS on our own annotated news texts in English and French: spans, speakers, acts, evidence, targets.

Half of the texts, by a hash of their id, is for development; the other half is only reported and held by
floors. A statement is *matched* where content tokens have IoU >= .5, *linked* where the sources agree as well
(token Dice >= .5, or both absent). Acts, evidence and targets are scored on matched statements, acts also on the
annotated spans themselves (``act_gold``). ``--errors FILE`` writes the mistakes on the development half,
``--brat DIR`` writes the development half for ``probata claims train``.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.quality._claims_sets import ACTS, LANGUAGES, Labelled, Statement, load, write_brat
from bench.quality.claims_polnear import Score, f1
from probata.analyse.claims.acts import act_for_text
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
    gold: list[tuple[str, str]] = field(default_factory=list)
    """(annotated act, act worked out from the annotated spans)."""


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
        tally.gold += [(s.act, act_for_text(text.lang, *_cue_and_content(text, s))) for s in text.statements]
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


def same_target(annotated: str, given: str) -> bool:
    """Whether one name's words are all in the other: "Stoll" is "Ruben Stoll"."""
    a, b = ({w for w in _TOKEN.findall(name.lower()) if w not in _SMALL} for name in (annotated, given))
    return bool(a and b) and (a <= b or b <= a)


def _kinds(row: Row) -> set[str]:
    return {item["kind"] for item in json.loads(row["evidence"])} - {"anonymous"}


def metrics_of(tally: Tally) -> dict[str, float]:
    """Every figure of one language and half by name."""
    spans = tally.score.metrics()
    shown = {
        "statements": float(len(tally.gold)),
        "content_f1": spans["content_f1"],
        "linked_p": spans["linked_p"],
        "linked_r": spans["linked_r"],
        "linked_f1": spans["linked_f1"],
    }
    pairs = [(statement.act, row["act"]) for _, statement, row in tally.matched]
    shown["act_macro"], shown["act_micro"], by_act = act_scores(pairs)
    shown["act_gold_macro"], shown["act_gold_micro"], _ = act_scores(tally.gold)
    shown |= {f"act_{act}": value for act, value in by_act.items()}
    matched = tally.matched
    shown["evidence_right"] = _share(
        [_kinds(row) == set(s.evidence) - {"anonymous"} for _, s, row in matched]
    )
    hits = sum(bool(_kinds(row) & set(s.evidence)) for _, s, row in matched)
    cited = sum(bool(set(s.evidence) - {"anonymous"}) for _, s, _ in matched)
    shown["evidence_f1"] = f1(hits, sum(bool(_kinds(row)) for _, _, row in matched) - hits, cited - hits)[2]
    shown["anonymous_right"] = _share([bool(row["anonymous"]) == s.anonymous for _, s, row in matched])
    shown["target_right"] = _share(
        [same_target(s.target, row["target"]) for _, s, row in matched if s.target]
    )
    named = [
        same_target(s.target, row["target"])
        for _, s, row in matched
        if s.target[:1].isupper() and s.target.split()[-1] in row["content_text"]
    ]
    shown["target_named_n"] = float(len(named))
    shown["target_named"] = _share(named)
    return shown


def _share(right: Sequence[bool]) -> float:
    return sum(right) / len(right) if right else 0.0


def run(data: Path | None) -> dict[str, float]:
    """Measure both halves in both languages, with and without parser; print tables; return the held-back figures."""
    result: dict[str, float] = {}
    for lang in LANGUAGES:
        methods = {"parser-free": {"no_parser": True}}
        if parser_name(lang) is None:
            print(f"no parser for {lang} is installed: parser-free figures only")
        else:
            methods = {"rules": {}} | methods
        for method, options in methods.items():
            halves = {half: measure(load(half, lang), options) for half in ("dev", "test")}
            _print(lang, method, {half: metrics_of(tally) for half, tally in halves.items()}, halves["test"])
            prefix = lang if method == "rules" else f"{lang}_free"
            result |= {f"{prefix}_{name}": round(v, 4) for name, v in metrics_of(halves["test"]).items()}
    return result


def _print(lang: str, method: str, halves: dict[str, dict[str, float]], held: Tally) -> None:
    print(f"{lang}, {method}: development / held back")
    for name in halves["test"]:
        print(f"  {name:<16} {halves['dev'][name]:8.3f} {halves['test'][name]:8.3f}")
    low, high = held.score.interval()
    print(f"  linked_f1, held back: 95 % interval over texts {low:.3f} to {high:.3f}")


def errors(out: Path) -> None:
    """Write the mistakes of the shipped engine on the development half."""
    lines = []
    for lang in LANGUAGES:
        tally = measure(load("dev", lang), {})
        for text, statement in tally.missed:
            cue, content = _cue_and_content(text, statement)
            lines.append(f"MISSED {text.id} {statement.act}: cue [{cue}] content [{content}]")
        for text, row in tally.extra:
            lines.append(
                f"EXTRA {text.id}: {row['source_text']!r} | {row['cue_text']!r} | {row['content_text']!r}"
            )
        for text, statement, row in tally.matched:
            lines += [f"{problem} {text.id}: {detail}" for problem, detail in _wrong(text, statement, row)]
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
    if statement.target and not same_target(statement.target, row["target"]):
        found.append(("TARGET", f"want {statement.target!r} got {row['target']!r} {about}"))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", type=Path, help="write the mistakes on the development half there")
    parser.add_argument("--brat", type=Path, help="write the development half in brat standoff there")
    given = parser.parse_args()
    if given.errors:
        errors(given.errors)
    if given.brat:
        print(write_brat(given.brat, "dev"), "texts")
    if not given.errors and not given.brat:
        run(None)
        sys.exit(0)
