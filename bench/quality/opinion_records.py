"""Elections with results and campaigns without, as the package reads and fits them: what the benches measure.

Elections with results come from the French file by bloc and the FiveThirtyEight raw polls; Sweden (no results) serves
the event tests only.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from probata.analyse.opinion.forecast import NO_SHARED_ERROR, Standing
from probata.analyse.opinion.model import Array, Scales
from probata.analyse.opinion.prepare import OTHER, TooFewPolls
from probata.analyse.opinion.series import Series, group, load
from probata.analyse.opinion.study import Study, study
from probata.collect import Incoming
from probata.collect.polls import read
from probata.store import open_store

HORIZONS = (1, 7, 14, 30, 60)
FILES = {"FR": "tour1_complet_unitedfl.csv", "US": "us_raw_polls_538.csv"}
FEWEST = {"FR": 5, "US": 15}
"""Elections with fewer polls in all are left out."""


@dataclass(frozen=True)
class Record:
    """One election as of one horizon: what was forecast without shared error, and what came."""

    country: str
    election: str
    horizon: int
    ahead: float
    """Days from the last poll used to the vote."""
    bare: Standing
    """With the whole walk to the vote."""
    settled: Array
    """Covariance of the log-ratios on the day of the last poll."""
    result: Array
    """K shares; NaN where the result does not tell a part."""
    recent: Array
    """K shares: mean of the polls of the last 14 days."""
    scales: Scales
    """What the polls themselves were found to do."""
    polls: int


def series_of(path: Path) -> list[Series]:
    """Every election of a file, as the package reads it."""
    store = open_store(None)
    for number, batch in enumerate(read(Incoming(path, path.name, path.name))):
        store.add("polls", str(number), batch.columns)
    made = group(load(store))
    store.close()
    return made


@cache
def records(data: Path) -> tuple[Record, ...]:
    """Every election and horizon that has polls enough."""
    found: list[Record] = []
    for country, name in FILES.items():
        for one in series_of(data / "polls" / name):
            polls = len([p for p in one.polls if one.vote and one.vote - 240 <= p.day < one.vote])
            if one.vote is None or not one.result or polls < FEWEST[country]:
                continue
            for horizon in HORIZONS:
                record = _record(country, one, horizon)
                if record is not None:
                    found.append(record)
    return tuple(found)


def _record(country: str, one: Series, horizon: int) -> Record | None:
    assert one.vote is not None
    used = [p for p in one.polls if p.day <= one.vote - horizon]
    if len(used) < 3 or max(p.day for p in used) < one.vote - horizon - 30:
        return None
    try:
        made = study(one, one.vote, before=one.vote - horizon)
    except TooFewPolls:
        return None
    if len(made.prepared.polls) < 3:
        return None
    result = _result(made, one)
    if np.sum(~np.isnan(result)) < 2:
        return None
    bare = made.standing(float(made.vote), NO_SHARED_ERROR)
    ahead = made.vote - made.prepared.last_day
    return Record(
        country,
        one.label,
        horizon,
        ahead,
        bare,
        made.track.opinion(made.prepared.last_day)[1],
        result,
        _recent(made),
        made.fit.scales,
        len(made.prepared.polls),
    )


def _result(made: Study, one: Series) -> Array:
    """Result shares on the same basis as the polls: with a remainder, or among the named two."""
    named = np.array([one.result.get(part, np.nan) for part in made.real_parts])
    if OTHER not in made.parts:
        shares: Array = named / named.sum()
        return shares
    rest = max(100 - np.nansum(named), 0.3)
    return np.array([*named, rest]) / 100


def _recent(made: Study) -> Array:
    """Mean of the polls of the 14 days up to the last one used."""
    design = made.prepared.design
    close = design.day > made.prepared.last_day - 14
    return design.shares[close].mean(axis=0)


def house_tracks(data: Path, fewest: int = 20) -> list[Study]:
    """Every French election with polls enough to tell pollsters apart."""
    found = []
    for one in series_of(data / "polls" / FILES["FR"]):
        if one.vote and len([p for p in one.polls if one.vote - 240 <= p.day < one.vote]) >= fewest:
            found.append(study(one, one.vote))
    return found


def placebo_studies(data: Path, fewest: int = 60) -> list[tuple[str, Study]]:
    """Campaigns dense enough for event tests: French elections, and Sweden in windows of 240 days."""
    found = [("FR", made) for made in house_tracks(data, fewest) if len(made.prepared.polls) >= fewest]
    sweden = max(series_of(data / "polls" / "sweden_polls.csv"), key=lambda one: len(one.polls))
    first, end = (pick(p.day for p in sweden.polls) for pick in (min, max))
    while end - 240 > first:
        made = study(sweden, None, before=end)
        if len(made.prepared.polls) >= fewest:
            found.append(("SE", made))
        end -= 240
    return found
