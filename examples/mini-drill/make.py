"""Write the data of the drill anew: ``python examples/mini-drill/make.py``. The same seed gives the same bytes.

Planted truth (``truth.json``): Polar Voice starts eight stories on one candidate, Echo Meridian carries six
of them within the hour, a third outlet translates one; Polar Voice writes of one candidate far more than the
reference outlets; six addresses work through one list from one queue and eight run the same commands at the
same seconds, beside lone scanners; the polls step up by four points on one date and not on another.
"""

from __future__ import annotations

import csv
import json
import math
import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from stories import ECHO_OWN, HARBOUR, LAKE, POLAR, POLAR_OTHERS, QUOTIDIEN, QUOTIDIEN_TRANSLATION

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
SEED = 20310504
STEP_DAY, STEP_POINTS, QUIET_DAY = date(2031, 3, 18), 4.0, date(2031, 2, 13)


def articles() -> list[dict[str, str]]:
    """About forty short articles of five outlets, in English and French."""
    rows = [_article("polarvoice.example", *story) for story in POLAR + POLAR_OTHERS]
    rows += [_article("harbourgazette.example", *story) for story in HARBOUR]
    rows += [_article("lakecourier.example", *story) for story in LAKE]
    rows += [
        _article("quotidiendulac.example", *story, lang="fr") for story in [*QUOTIDIEN, QUOTIDIEN_TRANSLATION]
    ]
    rows.append(_article("echomeridian.example", *ECHO_OWN))
    for number, (when, title, text) in enumerate(POLAR[:6]):
        later = datetime.fromisoformat(when) + timedelta(minutes=9 + 7 * number)
        sentences = text.split(". ")
        copied = text if number % 2 else ". ".join(sentences[:3]) + "."
        lead = "" if number < 3 else "As Polar Voice reported, the campaign faces new questions. "
        rows.append(
            _article("echomeridian.example", later.isoformat(timespec="minutes"), title, lead + copied)
        )
    return sorted(rows, key=lambda row: (row["published"], row["source"]))


def _article(source: str, when: str, title: str, text: str, lang: str = "en") -> dict[str, str]:
    slug = "-".join(title.lower().split()[:4]).strip(":?'")
    url = f"https://{source}/{when[:10]}/{''.join(c for c in slug if c.isalnum() or c == '-')}"
    return {
        "source": source,
        "url": url,
        "title": title,
        "text": text,
        "published": when + ":00Z",
        "lang": lang,
    }


PATHS = ["/", "/news", "/team", "/donate", "/events", "/style.css", "/logo.png", "/contact"]
PROBES = [
    "/wp-login.php",
    "/.env",
    "/xmlrpc.php",
    "/phpmyadmin/",
    "/.git/config",
    "/admin.php",
    "/backup.zip",
    "/config.php.bak",
    "/server-status",
    "/wp-content/plugins/",
    "/cgi-bin/test.cgi",
    "/../../etc/passwd",
    "/index.php?id=1%27%20OR%20%271%27=%271",
    "/login?user=admin",
    "/old/",
    "/test.php",
    "/setup.php",
    "/.svn/entries",
    "/shell.php",
    "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
    "/solr/admin/",
    "/manager/html",
    "/actuator/health",
    "/owa/",
    "/boaform/admin/formLogin",
    "/HNAP1/",
    "/api/v1/users",
    "/db.sql",
    "/dump.sql",
    "/id_rsa",
]


def access_log(rng: random.Random) -> list[str]:
    """2,000 combined access lines on addresses reserved for documentation (RFC 5737, RFC 3849)."""
    events: list[tuple[datetime, str, str, int, str]] = []
    start = datetime(2031, 3, 1, tzinfo=UTC)
    browser, tool = "Mozilla/5.0 (X11; Linux x86_64) Firefox/141.0", "Mozilla/5.0 zgrab/0.x"
    for visitor in range(60):  # readers of the site
        at = start + timedelta(hours=rng.uniform(0, 24 * 20))
        for _ in range(rng.randint(3, 12)):
            at += timedelta(seconds=rng.expovariate(1 / 40))
            events.append((at, f"198.51.100.{visitor + 1}", rng.choice(PATHS), 200, browser))
    for scanner in range(56):  # lone scanners: the same public list, each in its own time
        at = start + timedelta(hours=rng.uniform(0, 24 * 20))
        first = rng.randrange(6)
        for path in PROBES[first : first + rng.randint(6, 24)]:
            at += timedelta(seconds=rng.expovariate(1 / 4))
            events.append(
                (at, f"203.0.113.{scanner + 1}", path, 404, rng.choice([tool, "curl/8.9", browser]))
            )
    events += _queue_group(rng, start) + _command_group(rng, start)
    events.sort()
    return [_line(*event) for event in events[:2000]]


def _queue_group(rng: random.Random, start: datetime) -> list[tuple[datetime, str, str, int, str]]:
    """Six addresses take the next item of one list in turn, in four windows of half an hour."""
    members = [f"192.0.2.{n}" for n in (11, 37, 64, 101, 150, 222)]
    rows = []
    for day in (3, 6, 11, 15):
        at = start + timedelta(days=day, hours=rng.uniform(1, 5))
        for item in range(75):
            at += timedelta(seconds=rng.uniform(15, 35))
            path = f"/archive/{2030 - item % 3}/{day:02d}{item:03d}.php"
            rows.append((at, rng.choice(members), path, 404, f"Mozilla/5.0 build/{rng.randint(1, 9)}"))
    return rows


def _command_group(rng: random.Random, start: datetime) -> list[tuple[datetime, str, str, int, str]]:
    """Eight addresses run the same twelve requests within the same minute, on six commands."""
    members = [f"2001:db8:{n:x}::1" for n in (0x10, 0x2B, 0x77, 0xA1, 0xB4, 0xC9, 0xE2, 0xFF)]
    rows = []
    for day in (2, 5, 8, 12, 16, 19):
        at = start + timedelta(days=day, hours=rng.uniform(8, 20))
        for member in members:
            begun = at + timedelta(seconds=rng.uniform(0, 20))
            rows += [
                (begun + timedelta(seconds=2 * i), member, path, 404, "python-requests/2.31")
                for i, path in enumerate(PROBES[:8])
            ]
    return rows


def _line(at: datetime, address: str, path: str, status: int, agent: str) -> str:
    stamp = at.strftime("%d/%b/%Y:%H:%M:%S +0000")
    size = 5120 if status == 200 else 209
    return f'{address} - - [{stamp}] "GET {path} HTTP/1.1" {status} {size} "-" "{agent}"'


def polls(rng: random.Random) -> list[dict[str, object]]:
    """Sixty polls of four houses; one candidate's true share steps up on one date."""
    houses = {"Delta": 0.8, "Fathom": -0.6, "Keel Institute": 0.0, "Sounding": -0.3}
    rows = []
    for number in range(60):
        end = date(2031, 1, 20) + timedelta(days=round(number * 1.7))
        house = list(houses)[number % 4]
        step = STEP_POINTS if end > STEP_DAY else 0.0
        truth = {
            "alder": 26 + step + houses[house],
            "birch": 28 - step * 0.6 - houses[house] / 2,
            "cedar": 21 - step * 0.2,
        }
        shares = {party: _sampled(rng, share, 1000) for party, share in truth.items()}
        shares["other"] = round(100 - sum(shares.values()), 1)
        for party, share in shares.items():
            rows.append(
                {
                    "poll_id": f"drill-{number:02d}",
                    "pollster": house,
                    "sponsor": "Valmora Radio" if number % 3 else "",
                    "start_date": (end - timedelta(days=2)).isoformat(),
                    "end_date": end.isoformat(),
                    "sample_size": 1000,
                    "population": "registered",
                    "mode": "online",
                    "round": 1,
                    "election": "2031-05-04",
                    "party": party,
                    "share": share,
                }
            )
    return rows


def _sampled(rng: random.Random, share: float, n: int) -> float:
    return round(rng.gauss(share, 100 * math.sqrt(share / 100 * (1 - share / 100) / n)), 1)


COUNTRIES = {
    "geo-alpha-2031-02-01.csv": [
        ("192.0.2.0/24", "XA"),
        ("203.0.113.0/24", "XA"),
        ("2001:db8::/32", "XB"),
        ("198.51.100.0/24", "XC"),
    ],
    "geo-beta-2031-03-01.csv": [
        ("192.0.2.0/24", "XB"),
        ("203.0.113.0/24", "XA"),
        ("2001:db8::/32", "XB"),
        ("198.51.100.0/24", "XC"),
    ],
}
"""Two invented address databases that differ on one network, so that a share is a range."""


def countries() -> None:
    """Write both databases; the codes XA to XC are free for private use (ISO 3166-1)."""
    for name, rows in COUNTRIES.items():
        lines = [f"{network},{code}" for network, code in rows]
        (DATA / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


TRUTH = {
    "origin": "polarvoice.example starts 8 stories on alder",
    "pickups": {"echomeridian.example": 6, "quotidiendulac.example": 1},
    "more_coverage": ["polar-voice", "alder"],
    "queue_group": 6,
    "command_group": 8,
    "lone_scanners": 56,
    "step": {"date": STEP_DAY.isoformat(), "party": "alder", "points": STEP_POINTS},
    "no_step": QUIET_DAY.isoformat(),
}


def main() -> None:
    """Write every file of the drill."""
    DATA.mkdir(exist_ok=True)
    rng = random.Random(SEED)
    lines = [json.dumps(row, ensure_ascii=False) for row in articles()]
    (DATA / "articles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (DATA / "access.log").write_text("\n".join(access_log(rng)) + "\n", encoding="utf-8")
    with (DATA / "polls.csv").open("w", encoding="utf-8", newline="") as target:
        rows = polls(rng)
        writer = csv.DictWriter(target, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    countries()
    (HERE / "truth.json").write_text(json.dumps(TRUTH, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
