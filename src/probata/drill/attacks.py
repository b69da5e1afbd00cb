"""Attack logs of made-up actors: many who know nothing of one another, and groups that share work in four
ways.

The spec, in behaviours. *Lone actors*: each follows a public word list (everybody can have it) from some
place on, top down or shuffled, or picks at random; tools are kits that many use, with their own speed, client
name and retries; people and machines keep hours, some tools start by the clock (every full hour, every day at
the same minute); some come back to where they stopped, some start anew; a *wave* sends many of them within
two days of a disclosure, with the same few items. *Groups* of 4, 8 or 16 members: ``queue`` (one list of
work, whoever is free takes the next item), ``command`` (members run the same items when told to, within a
minute or two), ``handover`` (one member at a time; the next goes on where the last stopped, seconds to
minutes later), ``delay`` (one queue, but every item waits a random time of hours before it is tried, and
members use different client names).

``world(kind, seed, wave)`` returns the events as a table and the members of every planted group. Addresses
are drawn from 198.18.0.0/15 (benchmarking, RFC 2544).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from probata.model import Table

Array = np.ndarray[Any, np.dtype[Any]]

GROUP_KINDS = ("queue", "command", "handover", "delay")
KINDS = ("null", *GROUP_KINDS)
SIZES = (4, 8, 16)
START = np.datetime64("2017-01-10T00:00:00", "us")
DAYS, HOUR, DAY = 35, 3_600.0, 86_400.0
LISTS = (420, 800, 1_300, 2_000, 3_200)
"""Lengths of the public word lists; shorter ones are more popular."""

SHARE_OF_LIST = (0.34, 0.27, 0.19, 0.12, 0.08)


@dataclass(slots=True)
class _World:
    """Attempts so far: time in seconds, source number, item and client name."""

    rng: np.random.Generator
    wave_at: float
    time: list[Array] = field(default_factory=list)
    source: list[Array] = field(default_factory=list)
    item: list[Array] = field(default_factory=list)
    client: list[Array] = field(default_factory=list)
    sources: int = 0

    def new(self) -> int:
        """A new source."""
        self.sources += 1
        return self.sources - 1

    def log(self, source: Array | int, time: Array, item: Array, client: Array | int) -> None:
        """Write attempts; what falls outside the weeks of the log was not kept."""
        kept = (time >= 0) & (time < DAYS * DAY)
        shape = time.shape
        self.time.append(time[kept])
        self.item.append(item[kept])
        self.source.append(np.broadcast_to(np.asarray(source), shape)[kept])
        self.client.append(np.broadcast_to(np.asarray(client), shape)[kept])


def world(kind: str, seed: int, wave: bool = False) -> tuple[Table, dict[str, list[str]]]:
    """Make one world. Equal arguments give equal worlds.

    Raises:
        ValueError: an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"no kind of world {kind!r}; there are {', '.join(KINDS)}")
    rng = np.random.default_rng([seed, KINDS.index(kind), int(wave)])
    made = _World(rng, wave_at=rng.uniform(5, DAYS - 5) * DAY if wave else -1.0)
    for _ in range(int(rng.integers(90, 160))):
        _lone_actor(made)
    truth = {}
    for size in SIZES if kind != "null" else ():
        members = np.array([made.new() for _ in range(size)])
        _GROUPS[kind](made, members)
        truth[f"{kind}-{size}"] = [_address(int(member)) for member in members]
    return _table(made), truth


# ---------------------------------------------------------------- lone actors


def _lone_actor(made: _World) -> None:
    """One actor: a kit, a list, some visits."""
    rng = made.rng
    chosen = int(rng.choice(len(LISTS), p=SHARE_OF_LIST))
    kit = (
        int(rng.choice(4, p=(0.4, 0.3, 0.2, 0.1))) + 4 * chosen
        if rng.random() < 0.75
        else int(rng.integers(100, 160))
    )
    total = int(np.clip(rng.lognormal(3.7, 1.0), 5, 500))
    order = _way_through(rng, chosen, total)
    visits = 1 + int(rng.poisson(1.8))
    cuts = np.sort(rng.integers(0, total + 1, visits - 1))
    restart = rng.random() < 0.2
    start = _starts(made, visits)
    source = made.new()
    for number, part in enumerate(np.split(order, cuts)):
        items = order[: len(part)] if restart else part
        if len(items):
            made.log(source, start[number] + _pace(rng, kit, len(items)), _retried(rng, kit, items), kit)


def _way_through(rng: np.random.Generator, chosen: int, total: int) -> Array:
    """Items in the order in which one actor takes them."""
    length = LISTS[chosen]
    first = 0 if rng.random() < 0.6 else int(rng.integers(0, length))
    way = (first + np.arange(total)) % length
    style = rng.random()
    if style > 0.9:
        way = rng.choice(length, total)
    elif style > 0.65:
        way = rng.permutation(length)[:total] if total <= length else way
    return np.asarray(way + 10_000 * chosen)


def _starts(made: _World, visits: int) -> Array:
    """When one actor comes: by chance, by the clock, by office hours, or in the rush after a disclosure."""
    rng, habit = made.rng, made.rng.random()
    days = np.sort(rng.uniform(0, DAYS, visits))
    at = days * DAY
    if made.wave_at >= 0 and rng.random() < 0.5:
        at[0] = made.wave_at + rng.exponential(0.6 * DAY)
    if habit < 0.15:
        at = np.floor(at / HOUR) * HOUR + rng.uniform(0, 4, visits)
    elif habit < 0.30:
        at = np.floor(at / DAY) * DAY + rng.uniform(0, DAY) + rng.uniform(0, 20, visits)
    elif habit < 0.70:
        zone = rng.choice((0, 3, 8, -5)) * HOUR
        at = np.floor(at / DAY) * DAY + zone + rng.normal(14, 4, visits) * HOUR
    return np.asarray(at)


def _pace(rng: np.random.Generator, kit: int, count: int) -> Array:
    """Seconds from the start of a visit: each kit has its own speed, and some pause."""
    speed = (0.4, 2.0, 8.0, 45.0)[kit % 4]
    gaps = rng.exponential(speed, count) if kit % 3 else np.full(count, speed) + rng.uniform(0, 0.2, count)
    gaps = gaps + (rng.random(count) < 0.02) * rng.exponential(600, count)
    return np.asarray(np.cumsum(gaps))


def _retried(rng: np.random.Generator, kit: int, items: Array) -> Array:
    """Some kits try an item twice."""
    if kit % 5 or len(items) < 4:
        return items
    again = rng.random(len(items)) < 0.1
    again[0] = False
    return np.where(again, np.roll(items, 1), items)


# ---------------------------------------------------------------- groups


def _group_list(made: _World, total: int) -> tuple[Array, int]:
    """A stretch of a public list and a kit: nothing in the items or the client gives a group away."""
    chosen = int(made.rng.choice(len(LISTS), p=SHARE_OF_LIST))
    first = int(made.rng.integers(0, LISTS[chosen]))
    return (first + np.arange(total)) % LISTS[chosen] + 10_000 * chosen, int(
        made.rng.integers(0, 4)
    ) + 4 * chosen


def _queue(made: _World, members: Array) -> None:
    """Two to five windows; whoever is free takes the next item of the one list."""
    rng = made.rng
    total = int(rng.integers(25, 60)) * len(members)
    items, kit = _group_list(made, total)
    for part in np.array_split(np.arange(total), int(rng.integers(2, 6))):
        begun = rng.uniform(1, DAYS - 2) * DAY
        at = begun + np.cumsum(rng.exponential(rng.uniform(10, 60) / np.sqrt(len(members)), len(part)))
        made.log(rng.choice(members, len(part)), at, items[part], kit)


def _command(made: _World, members: Array) -> None:
    """Three to six commands; every member that hears one runs its items within a minute or two."""
    rng = made.rng
    items, kit = _group_list(made, 240)
    for number in range(int(rng.integers(3, 7))):
        told = rng.uniform(1, DAYS - 1) * DAY
        batch = items[(number * 30) % 210 :][: int(rng.integers(8, 30))]
        for member in members[rng.random(len(members)) < 0.9]:
            begun = told + rng.uniform(0, rng.choice((20.0, 90.0)))
            made.log(member, begun + np.cumsum(rng.exponential(2.5, len(batch))), batch, kit)


def _handover(made: _World, members: Array) -> None:
    """One member at a time, three to six turns each; the next takes up the list where the last one stopped."""
    rng = made.rng
    turns = np.concatenate([rng.permutation(members) for _ in range(int(rng.integers(3, 7)))])
    spells = rng.integers(8, 30, len(turns))
    items, kit = _group_list(made, int(spells.sum()))
    at, place = rng.uniform(1, 8) * DAY, 0
    for member, spell in zip(turns, spells, strict=True):
        times = at + np.cumsum(rng.exponential(6.0, spell))
        made.log(member, times, items[place : place + spell], kit)
        place += int(spell)
        rest = rng.exponential(0.4 * DAY) if rng.random() < 0.25 else 0.0  # the whole group rests at times
        at = float(times[-1]) + rng.uniform(5, 180) + rest


def _delay(made: _World, members: Array) -> None:
    """One queue, but every item waits one to twelve hours before some member tries it, under its own client name."""
    rng = made.rng
    total = int(rng.integers(40, 80)) * len(members)
    items, _ = _group_list(made, total)
    out = rng.uniform(1, 10) * DAY + np.cumsum(rng.exponential(rng.uniform(60, 400), total))
    who = rng.integers(0, len(members), total)
    clients = rng.integers(100, 160, len(members))
    made.log(members[who], out + rng.uniform(1, 12, total) * HOUR, items, clients[who])


_GROUPS: dict[str, Callable[[_World, Array], None]] = {
    "queue": _queue,
    "command": _command,
    "handover": _handover,
    "delay": _delay,
}

# ---------------------------------------------------------------- output


def _address(source: int) -> str:
    """A fixed address for a source; neighbours in number are not neighbours in the network."""
    mixed = (source * 40_503 + 7) % (1 << 17)
    return f"198.{18 + (mixed >> 16)}.{(mixed >> 8) & 255}.{mixed & 255}"


def _table(made: _World) -> Table:
    """Events in order of time, to the second as most logs have it."""
    time, source = np.concatenate(made.time), np.concatenate(made.source)
    item, client = np.concatenate(made.item), np.concatenate(made.client)
    order = np.argsort(time, kind="stable")
    seconds = np.floor(time[order]).astype("timedelta64[s]")
    addresses = np.array([_address(number) for number in range(made.sources)], dtype=object)
    count = len(order)
    return {
        "@timestamp": (START + seconds).astype("datetime64[us]"),
        "source.ip": addresses[source[order]],
        "source.address": addresses[source[order]],
        "url.original": np.array([f"/p{number}" for number in item[order]], dtype=object),
        "user_agent.original": np.array([f"client/{number}" for number in client[order]], dtype=object),
        "user.name": np.full(count, None, dtype=object),
        "event.action": np.full(count, "http-request", dtype=object),
        "event.dataset": np.full(count, "apache.access", dtype=object),
        "destination.port": np.full(count, 443),
        "record": np.array([f"world.log:{row + 1}" for row in range(count)], dtype=object),
    }
