"""Simulated attack worlds for developing the group detector: lone actors, and groups of five kinds.

A kind is ``null`` or a group kind, and may carry habits of the world after a colon (``null:cron``, ``evasive:own``):
see ``HABITS``. Lone actors share six public lists, their fingerprints follow the list, all keep a day rhythm, and
half of their runs may rush after one day (*wave*). Times are drawn over 30 days. The detector was tuned on seeds
0-199 of this module only; what is reported comes from seeds from 7,000 on, or from the simulator of
``probata.drill``, which was written by others to a description of behaviours.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

DAY = 86_400.0
DAYS = 30
LONE = 120
LIST_LENGTH = 1_500
POPULARITY = np.array([0.40, 0.25, 0.15, 0.10, 0.06, 0.04])
SIZES = (4, 8, 16)
ATTEMPTS = 40
KINDS = ("null", "dispatch", "replicate", "handover", "evasive", "rotation")


@dataclass(frozen=True)
class Habits:
    """How a world departs from the plain one; each is a way in which independent actors could look like a group."""

    rush_days: float = 0.5
    rushes: int = 1
    cron: bool = False  # runs start at full hours
    daily: bool = False  # every source comes each day at its own minute
    session: int = 0  # kits that try exactly so many items a visit, at a fixed pace
    logged: float = 1.0  # share of the attempts that reached this log
    shared_top: int = 0  # items that all lists begin with
    restart: bool = False  # every run begins at the top again
    office: bool = False  # all work from nine to five
    own: bool = False  # groups use a list that nobody else has


HABITS = {
    "": Habits(),
    "fast": Habits(rush_days=0.05),
    "rushes": Habits(rush_days=0.05, rushes=3),
    "cron": Habits(cron=True),
    "daily": Habits(daily=True),
    "session": Habits(session=10),
    "logged": Habits(logged=0.3),
    "top": Habits(shared_top=40),
    "restart": Habits(restart=True),
    "office": Habits(office=True),
    "own": Habits(own=True),
}

START = np.datetime64("2026-03-01T00:00:00", "us")


@dataclass
class _Log:
    rng: np.random.Generator
    times: list[np.ndarray] = field(default_factory=list)
    sources: list[np.ndarray] = field(default_factory=list)
    lists: list[np.ndarray] = field(default_factory=list)
    items: list[np.ndarray] = field(default_factory=list)
    tools: list[np.ndarray] = field(default_factory=list)
    count: int = 0
    habits: Habits = field(default_factory=Habits)

    def new_source(self) -> int:
        self.count += 1
        return self.count - 1

    def add(self, source, times, word_list, items, tool) -> None:
        n = len(times)
        self.times.append(np.asarray(times, dtype=float))
        self.sources.append(np.broadcast_to(source, n))
        self.lists.append(np.full(n, word_list))
        self.items.append(np.asarray(items))
        self.tools.append(np.broadcast_to(tool, n))


def _moment(log: _Log, size: int, wave: bool) -> np.ndarray:
    """Starting times on a day rhythm (more by day); half of them in a rush after day 12 where asked."""
    rng, habits = log.rng, log.habits
    hour = np.mod(rng.normal(14, 5, size), 24) if not habits.office else rng.uniform(9, 17, size)
    moments = rng.integers(0, DAYS - 1, size) * DAY + hour * 3600
    if wave:
        rush = rng.random(size) < 0.5
        day = np.array([12.0, 6.2, 19.6])[rng.integers(0, habits.rushes, size)]
        moments = np.where(rush, day * DAY + rng.exponential(habits.rush_days * DAY, size), moments)
    if habits.cron:
        moments = np.floor(moments / 3600) * 3600 + rng.uniform(0, 30, size)
    return moments


def _tool(rng: np.random.Generator, word_list: int) -> int:
    return word_list if rng.random() < 0.7 else int(rng.integers(6, 12))


def _gaps(rng: np.random.Generator, size: int) -> np.ndarray:
    return rng.lognormal(2.5, 1.3, size)


def _lone(log: _Log, wave: bool) -> None:
    rng = log.rng
    word_list = int(rng.choice(len(POPULARITY), p=POPULARITY))
    n = int(np.clip(rng.lognormal(3.8, 1.0), 6, 400))
    start = int(rng.integers(0, LIST_LENGTH - n)) if rng.random() < 0.1 else 0
    items = start + np.arange(n) if rng.random() < 0.7 else rng.permutation(LIST_LENGTH)[:n]
    times, items = _visits(log, items, wave)
    log.add(log.new_source(), times, word_list, items, _tool(rng, word_list))


def _visits(log: _Log, items: np.ndarray, wave: bool) -> tuple[np.ndarray, np.ndarray]:
    """Spread a lone actor's items over its runs, as the habits of the world have it."""
    rng, habits, n = log.rng, log.habits, len(items)
    runs = 1 + rng.poisson(1.5)
    if habits.session:
        runs = -(-n // habits.session)
    starts = np.sort(_moment(log, runs, wave))
    if habits.daily:
        starts = (rng.integers(0, 10) + np.arange(min(runs + 4, 15))) * DAY + rng.uniform(0, DAY)
        starts = starts + rng.uniform(0, 20, len(starts))
    cuts = np.sort(rng.integers(0, n + 1, len(starts) - 1))
    if habits.session:
        cuts = np.arange(1, len(starts)) * habits.session
    clock, times, tried = -np.inf, [], []
    for begin, first, last in zip(starts, [0, *cuts], [*cuts, n], strict=True):
        size = last - first
        gaps = np.full(size, 5.0) + rng.uniform(0, 0.5, size) if habits.session else _gaps(rng, size)
        run = max(begin, clock + 60) + np.cumsum(gaps)
        clock = run[-1] if size else clock
        times.append(run)
        tried.append(items[:size] if habits.restart else items[first:last])
    return np.concatenate(times), np.concatenate(tried)


def _windows(log: _Log, total: int, wave: bool) -> np.ndarray:
    """Times at which a queue hands out its items: 2-4 windows of one to three hours."""
    rng = log.rng
    starts = np.sort(_moment(log, int(rng.integers(2, 5)), wave))
    share = rng.multinomial(total, np.full(len(starts), 1 / len(starts)))
    parts = [
        s + np.sort(rng.uniform(0, rng.uniform(1, 3) * 3600, k)) for s, k in zip(starts, share, strict=True)
    ]
    return np.sort(np.concatenate(parts))


def _group(log: _Log, kind: str, size: int, wave: bool) -> list[int]:
    rng = log.rng
    members = np.array([log.new_source() for _ in range(size)])
    word_list = int(rng.choice(len(POPULARITY), p=POPULARITY))
    tool = _tool(rng, word_list)
    if log.habits.own:
        word_list = 100 + size
    total = ATTEMPTS * size
    if kind == "dispatch":
        log.add(rng.choice(members, total), _windows(log, total, wave), word_list, np.arange(total), tool)
    elif kind == "replicate":
        _commands(log, members, (word_list, tool), wave)
    elif kind == "handover":
        _relay(log, members, (word_list, tool), wave)
    elif kind == "rotation":
        _rotation(log, members, (word_list, tool), wave)
    elif kind == "evasive":
        if rng.random() < 0.5:
            times = _windows(log, total, wave)
        else:
            times = np.sort(rng.uniform(0, rng.uniform(5, 20) * DAY, total)) + rng.uniform(0, 8) * DAY
        times = times + rng.exponential(rng.uniform(2, 8) * 3600, total)
        tools = dict(zip(members.tolist(), rng.integers(20, 60, size).tolist(), strict=True))
        chosen = rng.choice(members, total)
        log.add(chosen, times, word_list, np.arange(total), np.array([tools[c] for c in chosen.tolist()]))
    return members.tolist()


def _commands(log: _Log, members: np.ndarray, setup: tuple[int, int], wave: bool) -> None:
    rng = log.rng
    for index, start in enumerate(np.sort(_moment(log, 3, wave))):
        items = np.arange(index * 13, index * 13 + 13)
        for member in members:
            times = start + rng.uniform(0, 60) + np.cumsum(_gaps(rng, len(items)))
            log.add(member, times, setup[0], items, setup[1])


def _relay(log: _Log, members: np.ndarray, setup: tuple[int, int], wave: bool) -> None:
    """One member at a time, 5 rotations of 8 attempts each; in one go, or a rotation at a time."""
    rng = log.rng
    in_one_go, fixed = rng.random() < 0.5, rng.random() < 0.5
    starts = np.sort(_moment(log, 1 if in_one_go else 5, wave))
    clock, item = -np.inf, 0
    for turn in range(5):
        clock = clock if in_one_go and turn else max(clock + 20, starts[0 if in_one_go else turn])
        for member in members if fixed else rng.permutation(members):
            times = clock + np.concatenate([[0], np.cumsum(_gaps(rng, 7))])
            log.add(member, times, setup[0], np.arange(item, item + 8), setup[1])
            clock, item = times[-1] + rng.exponential(20), item + 8


def _rotation(log: _Log, members: np.ndarray, setup: tuple[int, int], wave: bool) -> None:
    """One actor behind many addresses: each is used once, for a few attempts, and never again."""
    rng = log.rng
    clock, item = float(_moment(log, 1, wave)[0]), 0
    for member in members:
        times = clock + np.concatenate([[0], np.cumsum(_gaps(rng, 7))])
        log.add(member, times, setup[0], np.arange(item, item + 8), setup[1])
        clock, item = times[-1] + rng.exponential(20), item + 8


def world(kind: str, seed: int, wave: bool) -> tuple[dict[str, np.ndarray], dict[str, list[str]]]:
    """Make one world: the events table and the truth (group id -> sources); ``null`` has no group."""
    kind, _, habit = kind.partition(":")
    rng = np.random.default_rng([seed, KINDS.index(kind), int(wave)])
    log = _Log(rng, habits=HABITS[habit])
    for _ in range(LONE):
        _lone(log, wave)
    truth = {}
    if kind != "null":
        for size in SIZES:
            truth[f"{kind}-{size}"] = [_address(m) for m in _group(log, kind, size, wave)]
    return _table(log), truth


def _address(source: int) -> str:
    return f"198.18.{source // 250}.{source % 250 + 1}"


def _table(log: _Log) -> dict[str, np.ndarray]:
    times, sources = np.concatenate(log.times), np.concatenate(log.sources)
    lists, items, tools = np.concatenate(log.lists), np.concatenate(log.items), np.concatenate(log.tools)
    order = np.argsort(times, kind="stable")
    order = order[log.rng.random(len(order)) < log.habits.logged]
    times, sources, lists, items, tools = (column[order] for column in (times, sources, lists, items, tools))
    lists = np.where(items < log.habits.shared_top, 99, lists)
    n = len(order)
    return {
        "@timestamp": START + np.floor(times).astype("timedelta64[s]").astype("timedelta64[us]"),
        "source.ip": np.array([_address(s) for s in sources.tolist()], dtype=object),
        "user.name": np.array(
            [f"u{a}.{b}" for a, b in zip(lists.tolist(), items.tolist(), strict=True)], dtype=object
        ),
        "user_agent.original": np.array([f"client {t}" for t in tools.tolist()], dtype=object),
        "event.dataset": np.full(n, "sshd.auth", dtype=object),
        "event.action": np.full(n, "ssh_login", dtype=object),
        "record": np.array([f"world.log:{k + 1}" for k in range(n)], dtype=object),
    }
