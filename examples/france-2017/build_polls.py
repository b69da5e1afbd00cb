"""Write data/polls.csv: the published first-round polls of the campaign, one row a poll, hypothesis and party.

    python build_polls.py BLOCS.csv WITH_SPONSORS.json [CANDIDATES.csv]

BLOCS.csv and WITH_SPONSORS.json are ``tour1_complet_unitedfl.csv`` and ``presidentielles_2017.json`` of
github.com/pollsposition/data (MIT). The first has every poll, by bloc, with one date and the sample; the second has
sponsor and address of the polls from 16 March on. Its dates carry the wrong year: the year of the key is taken.
CANDIDATES.csv, a third file by candidate, is compared and never shipped.

What is not in the sources stays empty: nothing is filled in from memory.
"""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from datetime import date, timedelta
from pathlib import Path

ELECTION = "2017-04-23"
DATA_SET = "https://github.com/pollsposition/data"
BLOCS = (
    "nbfarleft",
    "nbleft",
    "nbgreen",
    "nbcenterleft",
    "nbcenter",
    "nbcenterright",
    "nbright",
    "nbsouverainistes",
    "nbcpnt",
    "nbfarright",
    "nbother",
)
COLUMNS = (
    "poll_id",
    "pollster",
    "sponsor",
    "start_date",
    "end_date",
    "published_date",
    "sample_size",
    "n_expressed",
    "population",
    "mode",
    "round",
    "hypothesis",
    "rolling",
    "undecided",
    "source_url",
    "election",
    "party",
    "share",
)
SHOWN = {
    "nbfarleft": "far left (Mélenchon)",
    "nbleft": "left (Hamon)",
    "nbgreen": "greens (Jadot)",
    "nbcenterleft": "centre left",
    "nbcenter": "centre (Macron)",
    "nbcenterright": "centre right (Bayrou)",
    "nbright": "right (Fillon)",
    "nbsouverainistes": "sovereignists (Dupont-Aignan)",
    "nbcpnt": "rural",
    "nbfarright": "far right (Le Pen)",
    "nbother": "other",
}
"""What the blocs are called in the file: the bloc, and whom it stood for once the candidates were known."""

NAMES = {
    "Macron": "nbcenter",
    "Le Pen": "nbfarright",
    "Fillon": "nbright",
    "Mélenchon": "nbfarleft",
    "Hamon": "nbleft",
}
ANOTHER_RIGHT = 5.0
"""Two rows of one house, day and sample whose right-wing share differs by more name different candidates."""


def main(arguments: list[str]) -> None:
    """Build the file, then say what the third file makes of it."""
    polls = read_blocs(Path(arguments[0]))
    label_hypotheses(polls)
    add_sponsors(polls, Path(arguments[1]))
    target = Path(__file__).parent / "data" / "polls.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for poll in polls for row in rows_of(poll))
    print(
        f"{len(polls)} polls, {sum(bool(poll['hypothesis']) for poll in polls)} of them hypotheses, "
        f"{sum(bool(poll['sponsor']) for poll in polls)} with a sponsor -> {target}"
    )
    if len(arguments) > 2:
        cross_check(polls, Path(arguments[2]))


def read_blocs(path: Path) -> list[dict]:
    """The polls of the election, oldest first; rows that hold the official result are left out."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["dateelection"] == ELECTION]
    polls = [row for row in rows if row["sondage"] != "result"]
    return [
        {
            "pollster": row["sondage"],
            "date": row["date"],
            "sample_size": whole(row["samplesize"]),
            "undecided": whole(row["undecided"]),
            "shares": {bloc: float(row[bloc]) for bloc in BLOCS if row[bloc]},
            "hypothesis": "",
            "sponsor": "",
            "source_url": DATA_SET,
            "mode": "",
        }
        for row in reversed(polls)
    ]


def whole(text: str) -> str:
    """A number as written, or nothing."""
    return f"{float(text):g}" if text else ""


def label_hypotheses(polls: list[dict]) -> None:
    """Two rows of one house, day and sample are two questions put to the same people: say which is which."""
    by_day: dict[tuple, list[dict]] = {}
    for poll in polls:
        by_day.setdefault((poll["pollster"], poll["date"], poll["sample_size"]), []).append(poll)
    for pair in by_day.values():
        if len(pair) != 2:
            continue
        right = [poll["shares"].get("nbright", 0.0) for poll in pair]
        for poll, share in zip(pair, right, strict=True):
            if ("nbcenterright" in pair[0]["shares"]) != ("nbcenterright" in pair[1]["shares"]):
                has = "with" if "nbcenterright" in poll["shares"] else "without"
                poll["hypothesis"] = f"{has} a centre-right candidate"
            elif abs(right[0] - right[1]) > ANOTHER_RIGHT:
                poll["hypothesis"] = (
                    "another candidate of the right" if share == max(right) else "declared candidates"
                )


def add_sponsors(polls: list[dict], path: Path) -> None:
    """Sponsor and address from the second file: same house, same shares of the five largest, at most four days off."""
    with path.open(encoding="utf-8") as file:
        entries = json.load(file)["sondages"]
    for key, entry in entries.items():
        for first_round in entry.get("premier_tour", []):
            shares = {plain_name(name): value for name, value in first_round["intentions"].items()}
            ended = date.fromisoformat(f"{key[:4]}-{entry['date_fin'][5:]}")
            hits = [
                poll
                for poll in polls
                if same_house(poll["pollster"], entry["institut"])
                and abs(date.fromisoformat(poll["date"]) - ended) <= timedelta(days=4)
                and all(poll["shares"].get(bloc) == number(shares.get(name)) for name, bloc in NAMES.items())
            ]
            for poll in hits[:1]:
                poll["sponsor"] = "; ".join(entry.get("commanditaires") or [])
                poll["source_url"] = entry.get("source") or DATA_SET
                poll["mode"] = entry.get("methode") or ""


def plain_name(name: str) -> str:
    """The family name, as the third file writes it."""
    return "Le Pen" if name.endswith("Le Pen") else name.split()[-1]


def number(value: object) -> float | None:
    """A share as a float."""
    return float(value) if isinstance(value, (int, float)) else None


def same_house(one: str, other: str) -> bool:
    """Houses are named with and without their group: Kantar and Kantar Sofres."""
    return folded(one).split()[0] == folded(other).split()[0]


def folded(text: str) -> str:
    """Case and accents set aside."""
    return unicodedata.normalize("NFKD", text.replace("-", " ")).casefold()


def rows_of(poll: dict) -> list[dict]:
    """The long rows of one poll."""
    id = "-".join((folded(poll["pollster"]), poll["date"], poll["sample_size"] or "n"))
    shared = {
        "poll_id": id,
        "pollster": poll["pollster"],
        "sponsor": poll["sponsor"],
        "end_date": poll["date"],
        "sample_size": poll["sample_size"],
        "mode": poll["mode"],
        "round": 1,
        "hypothesis": poll["hypothesis"],
        "undecided": poll["undecided"],
        "source_url": poll["source_url"],
        "election": ELECTION,
    }
    return [{**shared, "party": SHOWN[bloc], "share": f"{share:g}"} for bloc, share in poll["shares"].items()]


def cross_check(polls: list[dict], path: Path) -> None:
    """How many polls stand in the third file with the same five shares, on the same day or up to three days later."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["date"].startswith(("2016", "2017"))]
    found: dict[object, int] = {}
    for poll in polls:
        lags = [
            (date.fromisoformat(row["date"]) - date.fromisoformat(poll["date"])).days
            for row in rows
            if all(row[name] and float(row[name]) == poll["shares"].get(bloc) for name, bloc in NAMES.items())
        ]
        near = sorted((abs(lag), lag) for lag in lags if abs(lag) <= 3)
        lag = near[0][1] if near else None
        found[lag] = found.get(lag, 0) + 1
    print("days by which the third file dates the same poll later:", dict(sorted(found.items(), key=str)))


if __name__ == "__main__":
    main(sys.argv[1:])
