"""The rows of one question for a terminal of 80 columns: short lines and narrow tables, names instead of ids."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from probata.export.words import number, probability, safe
from probata.model import plain

SHOWN = 12
QUOTED = 150
"""Characters of a quoted passage; the whole of it is in the JSON document."""

NAMED = 60
"""Characters of a name; a longer one is nobody's name."""

PICKUPS_SHOWN = 6
TIED = 0.05
"""q up to which two sources are shown as tied."""

Row = Mapping[str, Any]
Names = Mapping[str, str]
"""What a source, outlet or article id is called; an id that is not in it is shown as it is."""


def rows_of(question: str, document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    """The sections of a question that hold something, with blank lines before each."""
    parts: list[RenderableType] = []
    for section in SECTIONS.get(question, ()):
        shown = section(document, names)
        parts += [Text(""), *shown] if shown else []
    return parts


def _listed(document: Mapping[str, Any], key: str) -> list[Row]:
    rows = document.get(key)
    if not isinstance(rows, Sequence) or isinstance(rows, str):
        return []
    return [row for row in plain(rows) if isinstance(row, Mapping)]


def _column(document: Mapping[str, Any], key: str, name: str) -> list[Any]:
    """One value of every row: of a long list the rows themselves are made only where they are shown."""
    rows: Any = document.get(key)
    if hasattr(rows, "values_of"):
        found: list[Any] = rows.values_of(name)
        return found
    return [row.get(name) for row in _listed(document, key)]


def _some(document: Mapping[str, Any], key: str, places: Sequence[int]) -> list[Row]:
    """The rows at these places."""
    rows = document[key] if hasattr(document[key], "values_of") else _listed(document, key)
    return [plain(rows[place]) for place in places]


def _called(value: Any, names: Names) -> str:
    if value in (None, ""):
        return "unnamed"
    name = safe(names.get(str(value), value))
    return name if len(name) <= NAMED else name[: NAMED - 1] + "…"


def _quoted(text: Any) -> str:
    words = " ".join(safe(text).split())
    return words if len(words) <= QUOTED else words[: QUOTED - 1].rstrip() + "…"


def _heading(name: str, count: int, shown: int = SHOWN, how: str = "first") -> Text:
    title = Text(f"{name}: {count:,}", "bold")
    return title.append(f" (the {how} {shown})", "dim") if count > shown else title


def _below(text: str, style: str = "", indent: int = 4) -> Padding:
    return Padding(Text(text, style), (0, 0, 0, indent))


def _table(heading: Text, columns: Mapping[str, bool], rows: Sequence[Sequence[str]]) -> list[RenderableType]:
    """A table; a true column holds numbers and stands to the right."""
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name, is_number in columns.items():
        table.add_column(name, justify="right" if is_number else "left", no_wrap=is_number, overflow="fold")
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    return [heading, table]


# ---------------------------------------------------------------- SPREAD


def _lag(hours: Any, by_hour: bool = True) -> str:
    """How much later; by days where a date is all that is known of one side."""
    if not isinstance(hours, (int, float)):
        return "order unknown"
    if not by_hour:
        days = round(hours / 24)
        return f"{days:+d} day{'s' if abs(days) != 1 else ''}" if days else "the same day"
    if abs(hours) < 1:
        return f"{hours * 60:+.0f} min"
    return f"{hours:+.1f} h" if abs(hours) < 48 else f"{hours / 24:+.1f} days"


def _stories(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    """One story a block: who had it first, then who carried it and how much later."""
    stories: dict[str, list[int]] = {}
    for place, story in enumerate(_column(document, "stories", "story")):
        stories.setdefault(str(story), []).append(place)
    if not stories:
        return []
    sources = _column(document, "stories", "source")

    def reach(members: Sequence[int]) -> tuple[int, int]:
        return -len({str(sources[place]) for place in members}), -len(members)

    parts: list[RenderableType] = [_heading("stories", len(stories), how="largest")]
    for members in sorted(stories.values(), key=reach)[:SHOWN]:
        parts += _story(_some(document, "stories", members), names)
    return parts


def _story(members: Sequence[Row], names: Names) -> list[RenderableType]:
    first = next((row for row in members if row.get("role") == "origin"), None)
    others = [row for row in members if row is not first]
    if first is None:
        head = "- no single origin (the times do not settle who was first)"
    else:
        head = f"- {_called(first.get('source'), names)}, {_moment(first)}"
    title = names.get(str((first or members[0]).get("article")), "")
    parts: list[RenderableType] = [Text(head + (f": {_quoted(title)}" if title else ""))]
    for row in others[:PICKUPS_SHOWN]:
        when = _moment(row)
        if first is not None:
            when = _lag(row.get("lag"), all(":" in str(end.get("published")) for end in (first, row)))
        how = str(row.get("relation") or "")
        how = "" if how == "origin" else f" ({safe(how)})"
        how += ", perhaps the first" if row.get("role") == "origin?" else ""
        parts.append(_below(f"-> {_called(row.get('source'), names)} {when}{how}"))
    if len(others) > PICKUPS_SHOWN:
        parts.append(_below(f"-> and {len(others) - PICKUPS_SHOWN:,} more", "dim"))
    return parts


def _moment(row: Row) -> str:
    text = str(row.get("published") or "")
    return safe(text[:16].replace("T", " ")) or "no date"


def _pairs(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    kinds = Counter(_column(document, "pairs", "relation"))
    if not kinds:
        return []
    told = ", ".join(f"{count:,} {safe(kind)}" for kind, count in kinds.most_common())
    return [Text(f"pairs of articles: {sum(kinds.values()):,} ({told})", "bold")]


def _ties(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    every = _column(document, "ties", "q")
    tied = [place for place, q in enumerate(every) if float(q or 0) <= TIED]
    if not every:
        return []
    parts: list[RenderableType] = [_heading("ties beyond chance (q <= .05)", len(tied))]
    for row in _some(document, "ties", tied[:SHOWN]):
        shared, expected = row.get("shared", row.get("stories")), row.get("expected")
        chance = f"p {probability(row.get('p'))}, q {probability(row.get('q'))}"
        pair = f"{_called(row.get('a'), names)} and {_called(row.get('b'), names)}"
        basis = f" {safe(row['basis'])}" if row.get("basis") else ""
        parts.append(
            Text(f"- {pair}: {number(shared)} in common{basis}, {number(expected)} by chance ({chance})")
        )
    listed = [members for members in document.get("groups") or () if isinstance(members, list)]
    for members in listed[:SHOWN]:
        more = f" and {len(members) - 8} more" if len(members) > 8 else ""
        told = ", ".join(_called(name, names) for name in members[:8])
        parts.append(Text(f"group of {len(members)}: {told}{more}"))
    return parts


# ---------------------------------------------------------------- CLAIMS


def _allegations(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    """Each allegation with its denials beside it, as prominent as itself."""
    rows = _listed(document, "allegations")
    if not rows:
        return []
    parts: list[RenderableType] = [_heading("allegations as reported", len(rows))]
    for row in rows[:SHOWN]:
        against = ", ".join(safe(name) for name in row.get("against") or ()) or "nobody named"
        parts.append(
            Text(f"- {_called(row.get('made_by'), names)}, about {against}: {_quoted(row.get('text'))}")
        )
        denials = [item for item in row.get("denials") or () if isinstance(item, Mapping)]
        parts += [
            _below(f"DENIED by {_called(item.get('by'), names)}: {_quoted(item.get('text'))}")
            for item in denials[:4]
        ]
        if len(denials) > 4:
            parts.append(_below(f"and {len(denials) - 4} more denials", "dim"))
        if not denials:
            parts.append(_below("no denial found in these texts", "dim"))
    return parts


def _statements(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = _listed(document, "attributions")
    if not rows:
        return []
    parts: list[RenderableType] = [_heading("statements", len(rows))]
    for row in rows[:SHOWN]:
        target = f" (about {safe(row['target'])})" if row.get("target") else ""
        parts.append(Text(f"- {_called(row.get('speaker'), names)} {safe(row.get('act'))}{target}:"))
        parts.append(_below(_quoted(_spans(row.get("content")))))
        if cited := _spans(row.get("evidence")):
            parts.append(_below(f"evidence cited: {_quoted(cited)}", "dim"))
    return parts


def _spans(value: Any) -> str:
    """The words of spans, whether these are mappings with a text or plain strings."""
    if not isinstance(value, (list, tuple)):
        return str(value or "")
    return " … ".join(str(item.get("text", "")) if isinstance(item, Mapping) else str(item) for item in value)


def _checked(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    """Checked claims by the statement that they stand beside; a rating stays with its claim."""
    rows = _listed(document, "checked")
    stated = {row.get("id"): row for row in _listed(document, "attributions")}
    beside: dict[Any, list[Row]] = {}
    for row in rows:
        beside.setdefault(row.get("attribution"), []).append(row)
    if not beside:
        return []
    parts: list[RenderableType] = [_heading("statements with checked claims beside them", len(beside))]
    parts.append(Text("  candidates only: whether it is this claim is for a person to say", "dim"))
    for identity, claims in list(beside.items())[:SHOWN]:
        statement = stated.get(identity, {})
        parts.append(
            Text(f"- {_called(statement.get('speaker'), names)}: {_quoted(_spans(statement.get('content')))}")
        )
        for claim in claims:
            who = ", ".join(safe(claim[key]) for key in ("reviewer", "published") if claim.get(key))
            rated = f"; rated {_quoted(claim['rating'])}" if claim.get("rating") else ""
            told = f"{safe(claim.get('relation'))}: {_quoted(claim.get('claim'))} ({who}{rated})"
            parts += [_below(told), _below(safe(claim.get("url") or "no address"), "dim", 6)]
    return parts


# ---------------------------------------------------------------- SLANT


def _cells(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = sorted(
        _listed(document, "cells"), key=lambda row: 2.0 if row.get("q") is None else float(row["q"])
    )
    if not rows:
        return []
    parts: list[RenderableType] = [_heading("differences", len(rows), how="clearest")]
    for row in rows[:SHOWN]:
        versus = f" against {_called(row['versus'], names)}" if row.get("versus") else ""
        who = f"{_called(row.get('outlet'), names)}, {safe(row.get('measure'))}"
        parts.append(Text(f"- {who}: {_called(row.get('candidate'), names)}{versus}"))
        told = f"{number(row.get('estimate'))}, interval {_ends(row.get('interval'))}"
        chance = f"q {probability(row.get('q'))}, could have seen {number(row.get('mde'))}"
        parts.append(_below(f"{told}, {chance}: {safe(row.get('verdict') or 'no verdict')}"))
    return parts


def _ends(value: Any) -> str:
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        return "-"
    return " .. ".join("unbounded" if end is None else number(end) for end in value)


# ---------------------------------------------------------------- ATTACKS


def _sources(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = _listed(document, "sources")
    if not rows:
        return []
    columns = {"source": False, "attempts": True, "lines": True, "countries by database": False}
    cells = []
    for row in rows[:SHOWN]:
        places = row.get("countries")
        values = places.values() if isinstance(places, Mapping) else places or ()
        told = " or ".join(dict.fromkeys(safe(value or "unknown") for value in values))
        counts = (number(row.get("attempts")), number(row.get("events")))
        cells.append((safe(row.get("source")), *counts, told))
    return _table(_heading("sources", len(rows), how="busiest"), columns, cells)


def _rules(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = [row for row in _listed(document, "rules") if row.get("events")]
    rows.sort(key=lambda row: -float(row["events"]))
    if not rows:
        return []
    cells = [
        (safe(row.get("title")), number(row.get("events")), safe(", ".join(row.get("techniques") or ())))
        for row in rows[:SHOWN]
    ]
    columns = {"what was seen": False, "lines": True, "ATT&CK": False}
    return _table(_heading("detections", len(rows), how="most frequent"), columns, cells)


def _groups(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = _listed(document, "groups")
    if not rows:
        return []
    parts: list[RenderableType] = [_heading("groups of sources", len(rows))]
    for row in rows[:SHOWN]:
        test, service = safe(row.get("test") or "group").replace("_", " "), safe(row.get("service") or "")
        span = " to ".join(safe(str(row[key])[:16]) for key in ("first", "last") if row.get(key))
        chance = f"p {probability(row.get('p'))}, q {probability(row.get('q'))}"
        share = row.get("share_of_attempts")
        weight = f", {share:.0%} of all" if isinstance(share, (int, float)) else ""
        told = f"- {test} {service}: {number(row.get('attempts'))} attempts{weight} ({chance}) {span}"
        parts.append(Text(" ".join(told.split())))
        members = row.get("sources") or row.get("members") or ()
        if isinstance(members, (list, tuple)) and members:
            listed = ", ".join(safe(member) for member in members[:SHOWN])
            parts.append(_below(listed + (" …" if len(members) > SHOWN else ""), "dim"))
    return parts


# ---------------------------------------------------------------- OPINION


def _average(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    """The average on its last day."""
    rows = _listed(document, "average")
    if not rows:
        return []
    day = max(str(row.get("date")) for row in rows)
    last = sorted(
        (row for row in rows if str(row.get("date")) == day), key=lambda row: -(row.get("mean") or 0.0)
    )
    cells = [
        (_called(row.get("party"), names), number(row.get("mean")), _ends(row.get("i95"))) for row in last
    ]
    title = Text(f"average on {safe(day)}", "bold")
    return _table(title, {"": False, "%": True, "95 % interval": True}, cells)


KINDS = {"plurality": "comes first", "runoff": "reaches the run-off", "majority": "a majority"}


def _odds(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    """The odds, one line a party, one column a kind; odds of pairs as lines below."""
    lines: dict[str, dict[str, float]] = {}
    every = _listed(document, "odds")
    pairs = [row for row in every if len(row.get("parties") or ()) > 1]
    for row in (row for row in every if row not in pairs):
        who = ", ".join(_called(party, names) for party in row.get("parties") or ())
        lines.setdefault(who, {})[safe(row.get("kind"))] = float(row.get("probability") or 0.0)
    if not lines and not pairs:
        return []
    kinds = list(dict.fromkeys(kind for odds in lines.values() for kind in odds))
    ranked = sorted(lines.items(), key=lambda item: -max(item[1].values()))
    cells = [(who, *(_percent(odds.get(kind)) for kind in kinds)) for who, odds in ranked[:SHOWN]]
    columns = {"": False, **{KINDS.get(kind, kind.replace("_", " ")): True for kind in kinds}}
    parts = (
        _table(_heading("odds by these polls", len(lines), how="likeliest"), columns, cells) if lines else []
    )
    pairs.sort(key=lambda row: -float(row.get("probability") or 0.0))
    for row in pairs[:4]:
        who = " and ".join(_called(party, names) for party in row["parties"])
        parts.append(Text(f"- {safe(row.get('kind'))} {who}: {_percent(row.get('probability'))}"))
    return parts


def _percent(value: float | None) -> str:
    """A probability that is estimated by draws is never shown as certain."""
    if value is None:
        return ""
    if value < 0.01:
        return "< 1 %"
    return "> 99 %" if value > 0.99 else f"{value:.0%}".replace("%", " %")


def _houses(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = [row for row in _listed(document, "house_effects") if row.get("effect")]
    rows.sort(key=lambda row: -abs(float(row["effect"])))
    if not rows:
        return []
    cells = [
        (
            _called(row.get("pollster"), names),
            _called(row.get("party"), names),
            f"{float(row['effect']):+.1f}",
            _ends(row.get("interval")),
            number(row.get("polls")),
        )
        for row in rows[:6]
    ]
    columns = {"pollster": False, "party": False, "points": True, "95 % interval": True, "polls": True}
    return _table(_heading("house effects", len(rows), 6, "largest"), columns, cells)


def _suspect(document: Mapping[str, Any], names: Names) -> list[RenderableType]:
    rows = _listed(document, "suspect_polls")
    if not rows:
        return []
    parts: list[RenderableType] = [_heading("polls to look at", len(rows))]
    for row in rows[:SHOWN]:
        told = "; ".join(
            f"{key.replace('_', ' ')} {_short(value)}" for key, value in row.items() if key != "id"
        )
        parts.append(Text(f"- {told}"))
    return parts


def _short(value: Any) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return number(value)
    return _quoted(", ".join(str(item) for item in value) if isinstance(value, (list, tuple)) else value)


SECTIONS: Mapping[str, tuple[Callable[[Mapping[str, Any], Names], list[RenderableType]], ...]] = {
    "spread": (_stories, _pairs, _ties),
    "claims": (_allegations, _statements, _checked),
    "slant": (_cells,),
    "attacks": (_sources, _rules, _groups),
    "opinion": (_average, _odds, _houses, _suspect),
}
"""What a journalist needs of each question; the whole of it is in the JSON document."""

__all__ = ["SECTIONS", "Names", "rows_of"]
