"""Dates and times in the forms people and programs write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.collect._when import read_times, read_when

DAY = ("2017-02-14T00:00:00", "2017-02-14T23:59:59.999999", False)
MINUTE = ("2017-02-14T10:15:00", "2017-02-14T10:15:59.999999", False)
HOUR = ("2017-02-14T10:00:00", "2017-02-14T10:59:59.999999", False)
SECOND = ("2017-02-14T10:15:00", "2017-02-14T10:15:00.999999", True)

FORMS = {
    "2017": ("2017-01-01T00:00:00", "2017-12-31T23:59:59.999999", False),
    "2017-02": ("2017-02-01T00:00:00", "2017-02-28T23:59:59.999999", False),
    "février 2017": ("2017-02-01T00:00:00", "2017-02-28T23:59:59.999999", False),
    "2017-02-14": DAY,
    "2017/02/14": DAY,
    "20170214": DAY,
    "14/02/2017": DAY,
    "02/14/2017": DAY,
    "14.02.2017": DAY,
    "14/02/17": DAY,
    "14 February 2017": DAY,
    "Feb 14, 2017": DAY,
    "mardi 14 février 2017": DAY,
    "14. Februar 2017": DAY,
    "14 de febrero de 2017": DAY,
    "Tuesday, February 14, 2017 - 10:15": MINUTE,
    "martes, 14 de febrero de 2017 - 10:15 h": MINUTE,
    "mardi 14 février 2017 – 10h15": MINUTE,
    "Dienstag, 14. Februar 2017 - 10:15 Uhr": MINUTE,
    "Di, 14.02.2017 | 10:15 Uhr": MINUTE,
    "вторник, 14 февраля 2017 г. - 10:15": MINUTE,
    "martes, 14 de febrero de 2017 - 11:15 CET": (*MINUTE[:2], True),
    "mardi, 14 février 2017 - 11h15 CET": (*MINUTE[:2], True),
    "Dienstag, 14. Februar 2017 - 11:15 Uhr MEZ": (*MINUTE[:2], True),
    "14. Februar 2017 um 12:15 Uhr MESZ": (*MINUTE[:2], True),
    "14 февраля 2017 в 13:15 МСК": (*MINUTE[:2], True),
    "14 февраля 2012 в 10:15 МСК": ("2012-02-14T10:15:00", "2012-02-14T10:15:59.999999", False),
    "2017-02-14T11:15:00+01:00[Europe/Paris]": SECOND,
    "2017-02-14T10:15[Europe/Paris]": MINUTE,
    "2017-02-14T10": HOUR,
    "2017-02-14T10Z": (*HOUR[:2], True),
    "2017-02-14T11+01:00": (*HOUR[:2], True),
    "14 февраля 2017 г.": DAY,
    "2017-02-14T10:15": MINUTE,
    "Le 14/02/2017 à 10h15": MINUTE,
    "14. Februar 2017, 10:15 Uhr": MINUTE,
    "2017-02-14 10:15:00-00:00": (*SECOND[:2], False),
    "2017-02-14T10:15:00Z": SECOND,
    "2017-02-14T11:15:00+01:00": SECOND,
    "20170214T101500Z": SECOND,
    "Tue, 14 Feb 2017 11:15:00 +0100": SECOND,
    "Tue, 14 Feb 2017 10:15:00 GMT": SECOND,
    "Tue Feb 14 10:15:00 +0000 2017": SECOND,
    "14/Feb/2017:11:15:00 +0100": SECOND,
    "February 14, 2017 3:15:00 AM PDT": SECOND,
    "1487067300": SECOND,
    1487067300: SECOND,
    "1487067300000": ("2017-02-14T10:15:00", "2017-02-14T10:15:00.000999", True),
    "2017-02-14T10:15:00.123456Z": ("2017-02-14T10:15:00.123456", "2017-02-14T10:15:00.123456", True),
    "04/05/2017": ("2017-04-05T00:00:00", "2017-05-04T23:59:59.999999", False),
}


@pytest.mark.parametrize("given_form", FORMS, ids=str)
def test_forms(given_form: object) -> None:
    """Each form becomes its interval, and says whether the zone was stated."""
    when, reason = read_when(given_form)
    assert reason is None
    assert when is not None
    earliest, latest, zone_known = FORMS[given_form]  # type: ignore[index]
    assert when.earliest == datetime.fromisoformat(earliest).replace(tzinfo=UTC)
    assert when.latest == datetime.fromisoformat(latest).replace(tzinfo=UTC)
    assert when.zone_known is zone_known


@pytest.mark.parametrize(
    "value",
    [
        *(
            "2017-02-30",
            "31/11/2017",
            "9999-01-01",
            "0017-02-14",
            "2017-02-14T25:00",
            "yesterday",
            "12:30",
            "NaN",
        ),
        *("2017-02-14T10:15:00+99:00", "13 pm 2017", "9" * 400),
        *(True, [], 0, float("nan"), float("inf")),
    ],
)
def test_what_is_no_date_is_none_with_a_reason(value: object) -> None:
    """Impossible days, absurd years and other texts give no interval and a one-line reason."""
    when, reason = read_when(value)
    assert when is None
    assert reason
    assert "\n" not in reason


@pytest.mark.parametrize(
    "value",
    [
        *("2017-02-14 10", "2017-02-14T1", "2017-02T10", "2017-02-14T10-11", "2017-02-14 - 10"),
        *("14 February 2017 -10:15", "February 14, 2017 - February 16, 2017", "14-16 February 2017"),
        *("14 February 2017 - 10:15 - 11:15", "2017 - 10:15", "10:15 - 14 February 2017"),
        *("14 au 16 février 2017 - 10:15", "14 février 2017 - 10", "14 février 2017 | 10h15 | Paris"),
        *("14. - 16. Februar 2017", "14. Februar 2017 - 16. Februar 2017", "14.02. - 16.02.2017"),
        *("14 y 16 de febrero de 2017 - 10:15", "14 de febrero de 2017 - 10"),
        *("14 - 16 февраля 2017", "14 февраля 2017 в 10:15 МСКВ"),
        *(
            "2017-02-14T10:15:00+01:00[Europe/Paris",
            "2017-02-14T10:15:00+01:00[1]",
            "2017-02-14[Europe/Paris]",
        ),
    ],
)
def test_near_forms_are_not_taken_for_a_time(value: str) -> None:
    """Spans of days or hours, numbers that may be anything, and broken brackets are no date."""
    assert read_when(value)[0] is None


@pytest.mark.parametrize("name", ["CST", "CDT", "EST", "EDT", "PST", "MST", "BST", "IST", "AST", "ECT"])
@pytest.mark.parametrize("form", ["2017-02-14 10:15:00 {}", "Tue Feb 14 10:15:00 {} 2017"])
def test_a_name_of_several_zones_tells_none(form: str, name: str) -> None:
    """CST is Chicago's, Shanghai's and Havana's: the time is kept as one without a zone."""
    when, _ = read_when(form.format(name))
    assert when is not None
    assert not when.zone_known
    assert when.earliest == datetime(2017, 2, 14, 10, 15, tzinfo=UTC)


@given(
    st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.text("0123456789-/.: TZ+", max_size=30))
)
def test_any_value_is_read_or_refused(value: object) -> None:
    """Nothing raises; an interval never ends before it begins."""
    when, _ = read_when(value)
    assert when is None or when.earliest <= when.latest


moments = st.datetimes(datetime(1800, 1, 2), datetime(2199, 12, 30))
zones = st.sampled_from(["", "Z", "+01:00", "-05:30", "+03"])
precisions = st.sampled_from(["seconds", "milliseconds", "microseconds"])


@settings(deadline=None, max_examples=25)
@given(st.lists(st.tuples(moments, zones, precisions), min_size=5, max_size=30), st.booleans())
def test_columns_read_as_single_values_do(rows: list[tuple[datetime, str, str]], spaced: bool) -> None:
    """The fast way over a column gives what reading each value gives, broken and absent values included."""
    texts: list[str | None] = [
        moment.isoformat(" " if spaced else "T", width) + zone for moment, zone, width in rows
    ]
    column = (
        texts + [moment.date().isoformat() for moment, _, _ in rows] + [None, "", "2017-02-31", "x"]
    ) * 40
    times = read_times(column)
    assert len(column) >= 256
    for place, value in enumerate(column):
        when, reason = read_when(value)
        assert times.reasons.get(place) == reason
        if when is None:
            assert np.isnat(times.earliest[place])
            assert np.isnat(times.latest[place])
            continue
        assert times.earliest[place] == np.datetime64(when.earliest.replace(tzinfo=None))
        assert times.latest[place] == np.datetime64(when.latest.replace(tzinfo=None))
        assert times.zone_known[place] == when.zone_known


@given(moments, st.integers(-14 * 60, 14 * 60))
def test_offsets_turn_into_utc(moment: datetime, minutes: int) -> None:
    """A local time with its offset is the same moment in UTC."""
    sign, size = ("-", -minutes) if minutes < 0 else ("+", minutes)
    when, _ = read_when(f"{moment.isoformat('T', 'seconds')}{sign}{size // 60:02}:{size % 60:02}")
    assert when is not None
    if when.zone_known:
        assert when.earliest.replace(tzinfo=None) == moment.replace(microsecond=0) - timedelta(
            minutes=minutes
        )
