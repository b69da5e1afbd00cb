"""Charts as SVG text, drawn here: attributes and classes only, so that the page's policy holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from html import escape
from typing import Any

from probata.export.words import safe
from probata.model import Table, plain

WIDTH, HEIGHT = 960, 420
LEFT, RIGHT, TOP, BOTTOM = 44, 205, 34, 30
LARGEST = 6
"""Parties drawn: those with the largest mean on the last day. More lines cannot be told apart."""
LABEL_GAP = 16


@dataclass(frozen=True, slots=True)
class Line:
    """One party's average: days and means, with the 95 % band where it is known; shares in percent."""

    party: str
    days: tuple[date, ...]
    means: tuple[float, ...]
    band: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """From days and shares to places in the picture."""

    first: date
    last: date
    top: float

    def x(self, day: date) -> float:
        """The horizontal place of a day."""
        span = max((self.last - self.first).days, 1)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (day - self.first).days / span, 1)

    def y(self, share: float) -> float:
        """The vertical place of a share in percent."""
        return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share / self.top, 1)


def chart_of_average(average: Table, facts: Mapping[str, Any]) -> str | None:
    """The poll average with its 95 % band, single polls as dots, dated events; None without data."""
    lines = lines_of(average)
    if not lines:
        return None
    names = {c.get("party") or c.get("id"): c.get("name") for c in facts.get("candidates", [])}
    highest = max(max((high for _, high in line.band), default=max(line.means)) for line in lines)
    frame = Frame(lines[0].days[0], lines[0].days[-1], (int(highest / 5) + 1) * 5)
    parts = [_grid(frame), _events(frame, facts.get("events", []))]
    for place, line in enumerate(lines):
        parts.append(_drawn(frame, line, place, facts.get("polls", [])))
    parts.append(_labels(frame, lines, names))
    label = "Average of the polls by party with its 95 % band; dots are single polls"
    opening = f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(label)}" class="chart">'
    return f"{opening}{''.join(parts)}</svg>"


def lines_of(average: Table) -> list[Line]:
    """The largest parties of an ``average`` table (columns date, party, mean, and a 95 % interval)."""
    if not {"date", "party", "mean"} <= set(average):
        return []
    bands = _bands(average)
    rows = zip(plain(average["date"]), plain(average["party"]), plain(average["mean"]), bands, strict=True)
    by_party: dict[str, list[tuple[date, float, tuple[float, float] | None]]] = {}
    for day, party, mean, band in rows:
        if day is not None and mean is not None:
            by_party.setdefault(str(party), []).append((date.fromisoformat(str(day)[:10]), float(mean), band))
    lines = [_line(party, sorted(points, key=lambda point: point[0])) for party, points in by_party.items()]
    return sorted(lines, key=lambda line: (-line.means[-1], line.party))[:LARGEST]


def _line(party: str, points: list[tuple[date, float, tuple[float, float] | None]]) -> Line:
    band = tuple(ends for _, _, ends in points if ends is not None)
    return Line(
        party=party,
        days=tuple(day for day, _, _ in points),
        means=tuple(mean for _, mean, _ in points),
        band=band if len(band) == len(points) else (),
    )


def _bands(average: Table) -> list[tuple[float, float] | None]:
    """The 95 % interval of each row: two columns, or one that holds pairs."""
    for low, high in (("i95_low", "i95_high"), ("lo95", "hi95"), ("low95", "high95")):
        if low in average and high in average:
            pairs = zip(plain(average[low]), plain(average[high]), strict=True)
            return [None if a is None or b is None else (float(a), float(b)) for a, b in pairs]
    rows = plain(average["i95"]) if "i95" in average else [None] * len(average["mean"])
    return [None if row is None else (float(row[0]), float(row[1])) for row in rows]


def _grid(frame: Frame) -> str:
    parts = []
    for share in range(0, int(frame.top) + 1, 5):
        y = frame.y(share)
        parts.append(f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y}" y2="{y}"/>')
        parts.append(f'<text class="tick" x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{share} %</text>')
    for day in _months(frame.first, frame.last):
        x = frame.x(day)
        parts.append(f'<line class="grid" x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
        parts.append(f'<text class="tick" x="{x}" y="{HEIGHT - 10}" text-anchor="middle">{day:%Y-%m}</text>')
    return "".join(parts)


def _months(first: date, last: date) -> list[date]:
    """The first days of months between two days; every third where there are many."""
    day = first.replace(day=1)
    months = []
    while day <= last:
        if day >= first:
            months.append(day)
        day = (day + timedelta(days=32)).replace(day=1)
    return months if len(months) <= 14 else months[:: len(months) // 12 + 1]


def _events(frame: Frame, events: Sequence[Mapping[str, Any]]) -> str:
    """A numbered mark for each event inside the picture; the list below the chart has the words."""
    parts = []
    for place, event in enumerate(events, 1):
        day = date.fromisoformat(str(event["date"]))
        if frame.first <= day <= frame.last:
            x, lift = frame.x(day), 14 * (place % 2)
            parts.append(f'<line class="event" x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}"/>')
            parts.append(
                f'<text class="tick" x="{x}" y="{TOP - 4 - lift}" text-anchor="middle">{place}'
                f"<title>{escape(safe(event['text']))}</title></text>"
            )
    return "".join(parts)


def _drawn(frame: Frame, line: Line, place: int, polls: Sequence[Mapping[str, Any]]) -> str:
    """One party: band, single polls, average."""
    parts = []
    if line.band:
        upper = [f"{frame.x(d)},{frame.y(high)}" for d, (_, high) in zip(line.days, line.band, strict=True)]
        lower = [f"{frame.x(d)},{frame.y(low)}" for d, (low, _) in zip(line.days, line.band, strict=True)]
        parts.append(f'<polygon class="band c{place}" points="{" ".join(upper + lower[::-1])}"/>')
    for poll in polls:
        day, share = date.fromisoformat(str(poll["end"])), poll["shares"].get(line.party)
        if share is not None and frame.first <= day <= frame.last and 0 <= share <= frame.top:
            parts.append(f'<circle class="dot c{place}" cx="{frame.x(day)}" cy="{frame.y(share)}" r="2.2"/>')
    points = " ".join(f"{frame.x(d)},{frame.y(m)}" for d, m in zip(line.days, line.means, strict=True))
    parts.append(f'<polyline class="mean c{place}" points="{points}"/>')
    return "".join(parts)


def _labels(frame: Frame, lines: Sequence[Line], names: Mapping[str, str]) -> str:
    """Each line's name at its right end, kept apart from its neighbours."""
    parts = []
    free = 0.0
    for place, line in enumerate(lines):  # from the largest share down
        y = max(frame.y(line.means[-1]) + 4, free)
        free = y + LABEL_GAP
        shown = f"{names.get(line.party, line.party)} {line.means[-1]:.1f}"
        parts.append(
            f'<text class="name c{place}" x="{WIDTH - RIGHT + 8}" y="{y}">{escape(safe(shown))}</text>'
        )
    return "".join(parts)
