"""How numbers, intervals and addresses are written for people; shared by the terminal and the report."""

from __future__ import annotations

import math
import re
import unicodedata

from probata.model import Finding, TestRequest, Verdict

VERDICT_WORDS = {
    Verdict.SUPPORTS: "supports",
    Verdict.REFUTES: "refutes",
    Verdict.NOT_ENOUGH_INFO: "cannot tell",
}


def number(value: float | None) -> str:
    """At most three digits after the point, no trailing zeros; a dash where absent."""
    if value is None or math.isnan(value):
        return "-"
    if math.isinf(value):
        return "unbounded"
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{value:,.0f}"
    if abs(value) >= 100:
        return f"{value:,.1f}"
    return f"{value:.3g}" if abs(value) >= 0.001 else f"{value:.6f}".rstrip("0").rstrip(".")


def interval(finding: Finding) -> str:
    """The interval at its level, or a dash."""
    if finding.interval is None:
        return "-"
    low, high = (number(end) if end is not None else "unbounded" for end in finding.interval)
    level = f" ({finding.level:.0%})" if finding.level is not None else ""
    return f"{low} .. {high}{level}"


def probability(value: float | None) -> str:
    """A p-value as it is printed: two digits, never zero."""
    if value is None or math.isnan(value):
        return "-"
    if value < 0.001:
        return "< .001"
    shown = f"{value:.3f}" if value < 0.1 else f"{value:.2f}"
    return shown.removeprefix("0") if value < 1 else shown


def measured(finding: Finding) -> str:
    """The numbers of a finding in one line, with the smallest effect that it could have seen."""
    parts = [f"{finding.metric} {number(finding.estimate)}"]
    if finding.interval is not None:
        parts.append(f"interval {interval(finding)}")
    if finding.p is not None:
        parts.append(f"p {probability(finding.p)}")
    if finding.q is not None:
        parts.append(f"q {probability(finding.q)}")
    if finding.n is not None:
        parts.append(f"n {finding.n:,}")
    if finding.mde is not None:
        parts.append(f"could have seen {number(finding.mde)} or more")
    return ", ".join(parts)


def expectation(test: TestRequest) -> str:
    """What a test expects to see, as text."""
    expects = test.expects
    text = f"{expects.metric} {expects.op} {number(expects.value)}"
    if expects.resolution is not None:
        text += f", able to see {number(expects.resolution)}"
    return text


def safe(text: object) -> str:
    """Hostile text for a terminal: control, bidirectional and other format characters show as their code."""
    return "".join(_visible(mark) for mark in str(text))


def _visible(mark: str) -> str:
    if mark in "\n\t":
        return " "
    return f"\\u{ord(mark):04x}" if unicodedata.category(mark) in ("Cc", "Cf", "Cs") else mark


_LINK = re.compile(r"https?://[^\s<>\"']+\Z", re.IGNORECASE)


def is_link(address: object) -> bool:
    """Whether an address is plain http or https, and so may become a link (never javascript: or data:)."""
    return isinstance(address, str) and bool(_LINK.match(address))


def defanged(address: object) -> str:
    """An address that cannot be clicked or auto-linked: hxxp and [.] (as threat reports write them)."""
    text = re.sub(r"^http", "hxxp", safe(address), flags=re.IGNORECASE)
    head, mark, rest = text.partition("://")
    host, slash, path = (rest if mark else head).partition("/")
    return (head + mark if mark else "") + host.replace(".", "[.]") + slash + path
