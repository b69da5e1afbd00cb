"""What ATTACKS answers: volumes, shares as ranges, bursts, gaps."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from probata.analyse.attacks import TESTS, analyse, geo
from probata.analyse.attacks.measures import burst, country_share
from probata.collect import Incoming
from probata.collect.logs import read as read_logs
from probata.model import Ask, CampaignEvent, Expectation, TestRequest
from probata.store import Store, open_store


def request(test: str, metric: str, **parameters: Any) -> TestRequest:
    return TestRequest("t1", "attacks", test, Expectation(metric, ">=", 0.5), parameters)


def log(tmp_path: Path, days: dict[int, int], sources: list[str]) -> Store:
    """Failed logins by day of 2017 (0 is 1 January), ten a source and minute, from the sources in turn."""
    lines = []
    for day, count in sorted(days.items()):
        stamp = date(2017, 1, 1) + timedelta(days=day)
        for number in range(count):
            host = sources[number % len(sources)]
            lines.append(
                f"{stamp}T10:{number // 60 % 60:02d}:{number % 60:02d}Z h sshd[{number}]: Failed "
                f"password for root from {host} port 1 ssh2"
            )
    path = tmp_path / "auth.log"
    path.write_text("\n".join(lines) + "\n")
    store = open_store(None)
    for number, batch in enumerate(read_logs(Incoming(path, "0" * 64, path.name))):
        store.add("events", str(number), batch.columns)
    return store


def database(tmp_path: Path, name: str, rows: list[str]) -> Path:
    path = tmp_path / name
    path.write_text("\n".join(rows) + "\n")
    return path


def ask(*tests: TestRequest, **options: Any) -> Ask:
    return Ask(
        tests=tests,
        options={"groups": False, **options},
        events=(CampaignEvent("leak", date(2017, 2, 14), "the leak"),),
    )


def test_without_logs_there_is_a_gap_for_every_test() -> None:
    """No data: what is missing, who could supply it, how, what it settles."""
    answer = analyse(open_store(None), ask(request("volume", "attempts")))
    (gap,) = answer.gaps
    assert (gap.request, answer.findings) == ("t1", ())
    assert all((gap.what, gap.who, gap.how, gap.settles))


def test_a_volume_counts_each_line_once(tmp_path: Path) -> None:
    """Attempts of a period, whatever number of rules a line matches."""
    store = log(tmp_path, {0: 12, 10: 5}, ["203.0.113.7", "198.51.100.9"])
    answer = analyse(store, ask(request("volume", "attempts", **{"from": "2017-01-01", "to": "2017-01-05"})))
    found = next(f for f in answer.findings if f.request == "t1")
    assert found.estimate == 12
    assert found.interval == (12, 12)
    answer = analyse(store, ask(request("volume", "sources")))
    assert next(f for f in answer.findings if f.request == "t1").estimate == 2


def test_a_period_that_the_log_does_not_cover_is_a_gap(tmp_path: Path) -> None:
    """Silence of a log that does not reach there proves nothing."""
    store = log(tmp_path, {0: 5}, ["203.0.113.7"])
    answer = analyse(store, ask(request("volume", "attempts", **{"from": "2017-05-01", "to": "2017-05-05"})))
    assert [gap.request for gap in answer.gaps] == ["t1"]


def test_a_share_spans_the_databases_and_what_they_do_not_know(tmp_path: Path) -> None:
    """Two databases that differ give a range that holds both."""
    store = log(tmp_path, {0: 100}, [f"203.0.113.{i}" for i in range(100)])
    one = database(tmp_path, "one-2017-01-05.csv", ["203.0.113.0/26,RU", "203.0.113.64,203.0.113.255,FR"])
    two = database(tmp_path, "two-2017-01-05.csv", ["203.0.113.0/27,RU", "203.0.113.32/27,FR"])
    asked = request("country_share", "share_of_sources", country="ru", unit="sources")
    answer = analyse(store, ask(asked, geo=[one, two]))
    found = next(f for f in answer.findings if f.request == "t1")
    assert found.interval is not None
    low, high = found.interval
    assert low is not None
    assert high is not None
    assert low < 0.32 < 0.64 < high
    assert "one-2017-01-05.csv of 2017-01-05: 64.0%" in found.statement
    assert any("not a culprit" in caveat for caveat in found.caveats)
    assert not any("days apart" in caveat for caveat in found.caveats)


def test_a_map_of_another_year_is_warned_of(tmp_path: Path) -> None:
    """More than 90 days between log and database is said."""
    store = log(tmp_path, {0: 100}, ["203.0.113.7"])
    answer = analyse(store, ask(request("country_share", "share_of_events", country="RU")))
    found = next(f for f in answer.findings if f.request == "t1")
    assert sum("days apart" in caveat for caveat in found.caveats) == 2


def test_one_source_says_almost_nothing_about_a_share(tmp_path: Path) -> None:
    """A thousand attempts from one address are one source: the interval is wide."""
    store = log(tmp_path, {0: 1000}, ["203.0.113.7"])
    base = database(tmp_path, "one-2017-01-05.csv", ["203.0.113.0/24,RU"])
    answer = analyse(store, ask(request("country_share", "share_of_events", country="RU"), geo=[base]))
    found = next(f for f in answer.findings if f.request == "t1")
    assert found.interval == (0, 1)


def test_a_burst_on_the_day_of_an_event_is_found(tmp_path: Path) -> None:
    """Ten times as many attempts in the three days from the event."""
    store = log(tmp_path, {day: 100 if 44 <= day < 47 else 10 for day in range(90)}, ["203.0.113.7"])
    found = next(
        f for f in analyse(store, ask(request("burst", "ratio", event="leak"))).findings if f.request == "t1"
    )
    assert found.estimate == pytest.approx(10, rel=0.05)
    assert found.p is not None
    assert found.p < 0.02
    assert found.mde is not None


def test_too_short_a_log_cannot_show_a_burst(tmp_path: Path) -> None:
    """Fewer than 20 other windows: a gap, not a number."""
    store = log(tmp_path, dict.fromkeys(range(40, 50), 10), ["203.0.113.7"])
    answer = analyse(store, ask(request("burst", "ratio", event="leak")))
    assert [gap.request for gap in answer.gaps] == ["t1"]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        (request("volume", "ratio"), "metric"),
        (request("burst", "ratio"), "event"),
        (request("country_share", "share_of_events"), "country"),
        (request("country_share", "share_of_events", country="RU", unit="miles"), "miles"),
        (request("nonsense", "x"), "nonsense"),
        (request("volume", "attempts", colour=1), "colour"),
        (request("volume", "attempts", **{"from": "soon"}), "soon"),
    ],
)  # fmt: skip
def test_a_bad_request_is_one_clear_line(asked: TestRequest, word: str) -> None:
    """Name, parameter and metric are checked, data or no data."""
    with pytest.raises(ValueError, match=word) as error:
        analyse(open_store(None), ask(asked))
    assert "\n" not in str(error.value)


def test_every_test_is_described() -> None:
    """The tests of the group analysis are listed beside those of this module."""
    from probata.analyse.attacks import PARAMETERS
    from probata.analyse.attacks.groups import PARAMETERS as group_parameters
    from probata.analyse.attacks.groups import TESTS as group_tests

    assert set(group_tests) <= set(TESTS)
    assert all(PARAMETERS[name] == names for name, names in group_parameters.items())


def test_the_same_log_gives_the_same_answer(tmp_path: Path) -> None:
    """Two runs agree to the last digit."""
    store = log(tmp_path, dict.fromkeys(range(40), 7), ["203.0.113.7", "198.51.100.9", "192.0.2.1"])
    first, second = (analyse(store, ask()) for _ in range(2))
    assert first.findings == second.findings
    assert str(first.document) == str(second.document)


def test_addresses_are_masked_where_asked(tmp_path: Path) -> None:
    """With the option the document shows networks, not addresses."""
    store = log(tmp_path, {0: 9}, ["203.0.113.7"])
    assert "203.0.113.7" in str(analyse(store, ask()).document["sources"])
    assert "203.0.113.7" not in str(analyse(store, ask(mask=True)).document["sources"])


def test_shipped_databases_know_well_known_addresses() -> None:
    """Public resolvers are where everybody knows them to be, in IPv4 and IPv6."""
    bases = geo.defaults()
    assert len(bases) == 2
    for base in bases:
        assert base.day is not None
        found = base.country(
            base.places(["8.8.8.8", "193.0.6.139", "2001:4860:4860::8888", "10.0.0.1", None, "a.example"])
        )
        assert found.tolist() == ["US", "NL", "US", None, None, None]


def test_a_damaged_database_is_one_clear_line(tmp_path: Path) -> None:
    """Neither a broken file nor a wrong row raises anything but the named error."""
    for name, text in (
        ("a.mmdb", "nonsense"),
        ("a.csv", "1.2.3.4,1.2.3.9,RU\nmoon,RU\n"),
        ("b.csv", ""),
        ("a.npz", "PK"),
    ):
        path = tmp_path / name
        path.write_text(text)
        with pytest.raises(geo.GeoError, match=name) as error:
            geo.load(path)
        assert "\n" not in str(error.value)


def test_burst_p_values_are_valid_without_a_burst() -> None:
    """Under random placement of runs of attacks p under .05 comes in at most about 5 % of worlds."""
    rng = np.random.default_rng(5)
    small = 0
    for world in range(400):
        base = np.repeat(rng.gamma(1.0, 20.0, 20), 6)  # rates that last six days
        counts = rng.poisson(base).astype(float)
        made = burst(counts, int(rng.integers(10, 100)), 3, world)
        assert made is not None
        small += made.p <= 0.05
    assert small / 400 <= 0.08


def test_a_share_covers_the_truth_as_often_as_it_says() -> None:
    """Sources drawn with a known share: the interval holds it in at least 93 % of 300 draws."""
    rng = np.random.default_rng(6)
    base = geo.Database("d", None, *(np.zeros(0, dtype=np.uint32),) * 6, countries=())
    held = 0
    for world in range(300):
        n = 80
        codes = np.where(rng.random(n) < 0.4, "RU", "FR").astype(object)
        table = {
            "ip": np.array(["1.1.1.1"] * n, dtype=object),
            "attempts": rng.gamma(0.7, 10, n) + 1, "sessions": np.ones(n),
            "network": np.array([str(i) for i in range(n)], dtype=object), "country_0": codes,
        }  # fmt: skip
        share = country_share(table, [base], "RU", "events" if world % 2 else "sources", world)
        assert share is not None
        held += share.low <= 0.4 <= share.high
    assert held / 300 >= 0.9


def test_reserved_addresses_are_in_no_country() -> None:
    """Whois data names holders of documentation ranges; the shipped databases do not believe it."""
    for base in geo.defaults():
        assert base.country(base.places(["192.0.2.1", "198.51.100.1", "2001:db8::1"])).tolist() == [None] * 3


def test_hosting_and_relays_are_marked_where_the_database_says_so(tmp_path: Path) -> None:
    """The share of marked sources is a finding of its own, with its interval."""
    store = log(tmp_path, {0: 40}, [f"203.0.113.{i}" for i in range(40)])
    base = database(
        tmp_path,
        "one-2017-01-05.csv",
        ["203.0.113.0/28,FR,tor", "203.0.113.16/28,FR,hosting", "203.0.113.32/27,FR"],
    )
    found = {
        f.parameters["mark"]: f
        for f in analyse(store, ask(geo=[base])).findings
        if f.test == "marked_sources"
    }
    assert {mark: f.estimate for mark, f in found.items()} == {"tor": 0.4, "hosting": 0.4}
