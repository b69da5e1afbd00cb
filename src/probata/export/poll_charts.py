"""Charts of OPINION as SVG text drawn from its plain tables: average, house effects, run-off pairs, event strip.

Every text is escaped; colours are attributes, so that a page without inline style or script can carry them. The
columns are those of the ``opinion_*`` tables; rows as a list of mappings are taken too.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from probata.export.words import safe
from probata.model import Table, plain

COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#8c6d1f", "#444444")
"""Told apart by colour-blind readers too (Okabe & Ito 2008)."""

GREY, PALE = "#555555", "#d9d9d9"


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values to places."""

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, kept inside the picture."""
        span = self.high - self.low or 1.0
        part = min(max((value - self.low) / span, -0.02), 1.02)
        return round(self.start + (self.end - self.start) * part, 1)


def rows_of(table: Table | Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows of a table given as columns or as rows."""
    if not isinstance(table, Mapping):
        return [dict(plain(row)) for row in table]
    columns = {name: plain(column) for name, column in table.items()}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _text(x: float, y: float, shown: object, anchor: str = "start", colour: str = GREY) -> str:
    words = escape(safe(str(shown)))
    return f'<text x="{x}" y="{y}" text-anchor="{anchor}" font-size="12" fill="{colour}">{words}</text>'


def _line(start: tuple[float, float], end: tuple[float, float], colour: str = PALE, width: float = 1) -> str:
    (x1, y1), (x2, y2) = start, end
    return f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="{colour}" stroke-width="{width}"/>'


def _dot(x: float, y: float, colour: str, radius: float = 3, opacity: float = 1) -> str:
    return f'<circle cx="{x}" cy="{y}" r="{radius}" fill="{colour}" fill-opacity="{opacity}"/>'


def _picture(width: float, height: float, label: str, parts: Sequence[str]) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img"'
    return f'{head} aria-label="{escape(safe(label))}">{"".join(parts)}</svg>'


def _interval(row: Mapping[str, Any], name: str) -> tuple[float, float] | None:
    """An interval given as a pair or as ``_low`` and ``_high``; None where it is absent."""
    pair = row.get(name) or (row.get(f"{name}_low"), row.get(f"{name}_high"))
    low, high = pair
    return None if low is None or high is None else (float(low), float(high))


def average_chart(
    average: Table | Sequence[Mapping[str, Any]],
    polls: Table | Sequence[Mapping[str, Any]] = (),
    result: Mapping[str, float] | None = None,
    most: int = 6,
) -> str:
    """Lines with 95 % bands by party, single polls as dots (date, party, share), the result as a diamond."""
    rows = [row for row in rows_of(average) if row.get("mean") is not None and row.get("date")]
    if not rows:
        return _picture(720, 60, "no average", [_text(10, 30, "no polls")])
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in sorted(rows, key=lambda row: str(row["date"])):
        lines.setdefault(str(row["party"]), []).append(row)
    chosen = sorted(lines, key=lambda party: (-lines[party][-1]["mean"], party))[:most]
    days = [_day(row["date"]) for row in rows]
    top = max(max((_interval(r, "i95") or (0, r["mean"]))[1] for r in lines[party]) for party in chosen)
    across, down = Scale(min(days), max(days), 50, 560), Scale(0, 5 * math.ceil(top / 5), 340, 20)
    parts = _axes(across, down)
    for place, party in enumerate(chosen):
        parts += _average_line(lines[party], (across, down), COLOURS[place % len(COLOURS)])
    colour = {party: COLOURS[place % len(COLOURS)] for place, party in enumerate(chosen)}
    for poll in rows_of(polls):
        if poll.get("party") in colour and poll.get("share") is not None and poll.get("date"):
            x, y = across(_day(poll["date"])), down(float(poll["share"]))
            parts.append(_dot(x, y, colour[poll["party"]], 2, 0.4))
    for party, share in (result or {}).items():
        if party in colour:
            x, y = across(max(days)), down(share)
            parts.append(f'<path d="M{x} {y - 6}l6 6l-6 6l-6 -6z" fill="none" stroke="{colour[party]}"/>')
    return _picture(720, 370, "poll average by party with 95 % bands", parts + _names(lines, colour, down))


def _day(value: Any) -> int:
    return date.fromisoformat(str(value)[:10]).toordinal()


def _axes(across: Scale, down: Scale) -> list[str]:
    """Shares every five or ten points, the first day of each month."""
    step = 5 if down.high <= 40 else 10
    parts = []
    for share in range(0, int(down.high) + 1, step):
        parts += [
            _line((50, down(share)), (560, down(share))),
            _text(44, down(share) + 4, f"{share} %", "end"),
        ]
    months = [d for d in range(int(across.low), int(across.high) + 1) if date.fromordinal(d).day == 1]
    for day in months[:: max(1, len(months) // 8)]:
        parts.append(_line((across(day), 20), (across(day), 340)))
        parts.append(_text(across(day), 358, date.fromordinal(day).strftime("%Y-%m"), "middle"))
    return parts


def _average_line(rows: Sequence[Mapping[str, Any]], scales: tuple[Scale, Scale], colour: str) -> list[str]:
    across, down = scales
    band = [(across(_day(row["date"])), ends) for row in rows if (ends := _interval(row, "i95"))]
    edge = [f"{x},{down(high)}" for x, (_, high) in band] + [
        f"{x},{down(low)}" for x, (low, _) in reversed(band)
    ]
    points = " ".join(f"{across(_day(row['date']))},{down(row['mean'])}" for row in rows)
    return [
        f'<polygon points="{" ".join(edge)}" fill="{colour}" fill-opacity="0.15"/>',
        f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
    ]


def _names(
    lines: Mapping[str, Sequence[Mapping[str, Any]]], colour: Mapping[str, str], down: Scale
) -> list[str]:
    """Names at the right ends, kept apart."""
    parts, free = [], 0.0
    for party, shade in colour.items():
        mean = lines[party][-1]["mean"]
        y = max(down(mean) + 4, free)
        free = y + 15
        parts.append(_text(568, y, f"{party} {mean:.1f}", "start", shade))
    return parts


def house_effects_chart(effects: Table | Sequence[Mapping[str, Any]], most: int = 6) -> str:
    """A dot and its 95 % interval for each pollster and party, in points from the average."""
    rows = [row for row in rows_of(effects) if row.get("effect") is not None]
    parties = list(dict.fromkeys(str(row["party"]) for row in rows))[:most]
    houses = list(dict.fromkeys(str(row["pollster"]) for row in rows))
    widest = max((abs(end) for row in rows for end in _interval(row, "interval") or (0.0,)), default=1.0)
    column = 130
    parts = []
    for place, party in enumerate(parties):
        across = Scale(-widest, widest, 160 + place * column, 160 + (place + 1) * column - 16)
        parts.append(_text(across(0), 16, party, "middle", COLOURS[place % len(COLOURS)]))
        parts.append(_line((across(0), 24), (across(0), 30 + 18 * len(houses)), GREY))
        for row in (row for row in rows if row["party"] == party):
            y = 38 + 18 * houses.index(str(row["pollster"]))
            low, high = _interval(row, "interval") or (row["effect"], row["effect"])
            parts.append(_line((across(low), y), (across(high), y), COLOURS[place % len(COLOURS)], 2))
            parts.append(_dot(across(row["effect"]), y, COLOURS[place % len(COLOURS)]))
    parts += [_text(150, 42 + 18 * place, house, "end") for place, house in enumerate(houses)]
    parts.append(_text(160, 56 + 18 * len(houses), f"each column reaches {widest:.1f} points to either side"))
    return _picture(
        170 + column * max(len(parties), 1), 66 + 18 * len(houses), "house effects in points", parts
    )


def run_off_matrix(odds: Table | Sequence[Mapping[str, Any]], most: int = 7) -> str:
    """Chance of every pair to go into the run-off, darker where likelier; the number stands in the cell."""
    pairs: dict[frozenset[str], float] = {}
    for row in rows_of(odds):
        if row.get("kind") == "pairing":
            names = row["parties"].split(" | ") if isinstance(row["parties"], str) else row["parties"]
            pairs[frozenset(names)] = float(row["probability"])
    total: dict[str, float] = {}
    for pair, chance in pairs.items():
        for name in pair:
            total[name] = total.get(name, 0.0) + chance
    names = sorted(total, key=lambda name: (-total[name], name))[:most]
    parts = []
    for i, first in enumerate(names):
        parts.append(_text(150, 60 + 34 * i, f"{first} {100 * total[first]:.0f} %", "end"))
        parts.append(_text(176 + 60 * i, 28, first[:9], "middle"))
        for j, second in enumerate(names):
            if i == j:
                continue
            chance = pairs.get(frozenset((first, second)), 0.0)
            x, y = 150 + 60 * j, 40 + 34 * i
            fill = f'fill="{COLOURS[0]}" fill-opacity="{chance:.3f}"'
            parts.append(f'<rect x="{x}" y="{y}" width="56" height="30" {fill} stroke="{PALE}"/>')
            ink = "#ffffff" if chance > 0.55 else GREY
            parts.append(
                _text(x + 28, y + 20, f"{100 * chance:.0f}" if chance >= 0.005 else "<1", "middle", ink)
            )
    label = "chance in percent that two parties meet in the run-off"
    return _picture(170 + 60 * max(len(names), 1), 60 + 34 * max(len(names), 1), label, parts)


def event_strip(event: Mapping[str, Any], placebos: Table | Sequence[Mapping[str, Any]]) -> str:
    """The shift at a date above the shifts at every other date, and what could have been seen (two thin lines)."""
    same = ("kind", "party")
    others = [
        row
        for row in rows_of(placebos)
        if all(row.get(name) == event.get(name) for name in same) and row.get("event") == event.get("date")
    ]
    shift, mde = float(event["shift"]), float(event["mde"])
    low, high = _interval(event, "interval") or (shift, shift)
    reach = 1.1 * max(abs(low), abs(high), mde, *(abs(float(row["shift"])) for row in others), 1.0)
    across = Scale(-reach, reach, 20, 620)
    title = f"{event.get('party')}, {event.get('kind')} at {event.get('date')} {event.get('label') or ''}".rstrip()
    parts = [_text(20, 16, title), _line((across(0), 26), (across(0), 130), GREY)]
    for edge in (-mde, mde):
        parts.append(_line((across(edge), 26), (across(edge), 130), COLOURS[4]))
    parts += [
        _line((across(low), 46), (across(high), 46), COLOURS[1], 3),
        _dot(across(shift), 46, COLOURS[1], 5),
    ]
    stacked: dict[int, int] = {}
    for row in others:
        x = across(float(row["shift"]))
        level = stacked[int(x // 6)] = stacked.get(int(x // 6), 0) + 1
        parts.append(_dot(x, max(126 - 5 * (level - 1), 62), COLOURS[7], 2.5, 0.6))
    for edge in (-reach / 1.1, 0.0, reach / 1.1):
        parts.append(_text(across(edge), 146, f"{edge:+.1f}", "middle"))
    parts.append(
        _text(20, 164, f"dots: the same test at {len(others)} other dates; thin lines: smallest detectable")
    )
    return _picture(640, 172, title, parts)
