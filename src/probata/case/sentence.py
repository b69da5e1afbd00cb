"""What the tests say of an allegation, in one plain sentence made from the verdicts alone."""

from __future__ import annotations

from collections.abc import Sequence

from probata.model import Allegation, Verdict, Weighed


def sentence_of(allegation: Allegation, weighed: Sequence[Weighed]) -> str:
    """How many tests support, refute, cannot tell or lack data. It names no culprit and gives no score."""
    if not weighed:
        return f"No test here can settle it: {_lower(allegation.untestable)}".rstrip(".") + "."
    parts = [_opening(weighed), *_details(weighed)]
    text = ": ".join((parts[0], "; ".join(parts[1:]))) if len(parts) > 1 else parts[0]
    if allegation.untestable:
        text += f"; what no test here can settle: {_lower(allegation.untestable)}".rstrip(".")
    return text + "."


def _opening(weighed: Sequence[Weighed]) -> str:
    """The answer before its reasons."""
    found = [item.verdict for item in weighed if item.finding is not None]
    supports, refutes = found.count(Verdict.SUPPORTS), found.count(Verdict.REFUTES)
    if not found:
        return "Cannot be tested yet"
    if supports and refutes:
        return "The measurements are divided"
    if supports:
        return "The measurements support it" if supports == len(weighed) else "Supported in part"
    if refutes:
        return "The measurements speak against it" if refutes == len(weighed) else "Contradicted in part"
    return "Not shown either way"


def _details(weighed: Sequence[Weighed]) -> list[str]:
    groups = (
        ("support", [w for w in weighed if w.finding and w.verdict is Verdict.SUPPORTS]),
        ("refute", [w for w in weighed if w.finding and w.verdict is Verdict.REFUTES]),
        ("cannot tell", [w for w in weighed if w.finding and w.verdict is Verdict.NOT_ENOUGH_INFO]),
    )
    total = len(weighed)
    said = [
        f"{len(items)} of {total} {_tests(total)} {_verb(word, len(items))}"
        for word, items in groups
        if items
    ]
    if missing := [w for w in weighed if w.finding is None]:
        said.append(
            f"{len(missing)} of {total} {_tests(total)} {'has' if len(missing) == 1 else 'have'} no data"
        )
    return said


def _verb(word: str, count: int) -> str:
    return f"{word}s" if count == 1 and " " not in word else word


def _tests(count: int) -> str:
    return "test" if count == 1 else "tests"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
