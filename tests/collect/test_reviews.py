"""Fact-checks from ClaimReview, EUvsDisinfo's table and tables of any maker."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from probata.collect import Incoming, UnreadableFile
from probata.collect.reviews import read
from probata.model import SCHEMAS, Reject

wild = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)

REVIEW = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "url": "https://checks.example/harbour",
    "datePublished": "2017-02-20",
    "author": {"@type": "Organization", "name": "Harbour Checks", "url": "https://checks.example"},
    "claimReviewed": "The harbour will close in March",
    "itemReviewed": {
        "@type": "Claim",
        "author": {"@type": "Person", "name": "A market trader"},
        "datePublished": "2017-02-14",
        "appearance": [{"@type": "CreativeWork", "url": "https://post.example/1"}],
        "firstAppearance": {"@type": "CreativeWork", "url": "https://quai.example/2"},
    },
    "reviewRating": {
        "@type": "Rating",
        "ratingValue": 1,
        "bestRating": 5,
        "worstRating": 1,
        "alternateName": "False",
    },
}


def saved(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def read_all(path: Path, **options: Any) -> tuple[dict[str, list[Any]], list[Reject]]:
    columns: dict[str, list[Any]] = {name: [] for name in SCHEMAS["reviews"]}
    rejects: list[Reject] = []
    for batch in read(Incoming(path, "e" * 64, path.name, options)):
        assert list(batch.columns) == list(SCHEMAS["reviews"])
        assert {len(column) for column in batch.columns.values()} == {len(batch)}
        for name, column in batch.columns.items():
            columns[name].extend(column)
        rejects += batch.rejects
    return columns, rejects


def in_page(document: object) -> str:
    tag = '<script type="application/ld+json">'
    return (
        f"<!doctype html><html><head>{tag}{json.dumps(document)}</script>{tag}not JSON</script></head></html>"
    )


PLACES = {
    "one.json": json.dumps(REVIEW),
    "one.jsonld": json.dumps(REVIEW, indent=1),
    "list.json": json.dumps([REVIEW]),
    "graph.json": json.dumps({"@graph": [{"@type": "WebSite"}, REVIEW]}),
    "kinds.json": json.dumps({**REVIEW, "@type": ["http://schema.org/ClaimReview", "Article"]}),
    "nested.json": json.dumps({"@type": "NewsArticle", "review": [REVIEW]}),
    "lines.jsonl": json.dumps(REVIEW) + "\n",
    "page.html": in_page(REVIEW),
    "page-graph.html": in_page({"@graph": [REVIEW]}),
}


@pytest.mark.parametrize("name", PLACES)
def test_claim_review_is_found_wherever_it_stands(tmp_path: Path, name: str) -> None:
    """One document, list, graph, line or page script gives the same one review."""
    columns, rejects = read_all(saved(tmp_path, name, PLACES[name]))
    assert rejects == []
    assert columns["claim"] == ["The harbour will close in March"]
    assert columns["claimant"] == ["A market trader"]
    assert columns["claim_date"] == ["2017-02-14"]
    assert columns["reviewer"] == ["Harbour Checks"]
    assert columns["rating"] == ["False"]
    assert columns["url"] == ["https://checks.example/harbour"]
    assert columns["published_latest"] == [np.datetime64("2017-02-20T23:59:59.999999")]
    assert json.loads(columns["outlets"][0]) == ["https://post.example/1", "https://quai.example/2"]


def test_a_rating_without_words_keeps_its_scale(tmp_path: Path) -> None:
    """A number alone means nothing without its ends."""
    review = {**REVIEW, "reviewRating": {"ratingValue": 2, "bestRating": 5, "worstRating": 1}}
    columns, _ = read_all(saved(tmp_path, "a.json", json.dumps(review)))
    assert columns["rating"] == ["2 (1 to 5)"]


EUVSDISINFO = (
    "date,id,title,countries,keywords,languages,outlets\n"
    "2017-02-04,https://euvsdisinfo.example/a,A harbour story…,France,harbour+market,English,One News+Show more\n"
    '2017-02-24,https://euvsdisinfo.example/b,"Ships, and more",France,,French,Show more\n'
)


def test_euvsdisinfo_traps(tmp_path: Path) -> None:
    """The web page's button is no outlet, cut titles keep their ellipsis, a day is an interval of a day."""
    columns, rejects = read_all(saved(tmp_path, "cases.csv", EUVSDISINFO))
    assert rejects == []
    assert columns["reviewer"] == ["EUvsDisinfo"] * 2
    assert columns["outlets"] == ['["One News"]', None]
    assert columns["keywords"] == ['["harbour","market"]', None]
    assert columns["claim"] == ["A harbour story…", "Ships, and more"]
    assert columns["published_latest"][0] - columns["published_earliest"][0] == np.timedelta64(
        86_399_999_999, "us"
    )


def test_columns_are_found_or_named(tmp_path: Path) -> None:
    """Common names are found; others are named in the options; a wrong name is one line with the columns."""
    columns, _ = read_all(saved(tmp_path, "a.tsv", "title\tfact\nHarbour\tIt will close\n"))
    assert columns["claim"] == ["It will close"]
    assert columns["title"] == ["Harbour"]
    path = saved(tmp_path, "b.csv", "was gesagt wurde;urteil\nDer Hafen schließt;falsch\n")
    columns, _ = read_all(path, claim_column="was gesagt wurde", rating_column="urteil")
    assert columns["claim"] == ["Der Hafen schließt"]
    assert columns["rating"] == ["falsch"]
    with pytest.raises(UnreadableFile, match="claim_column"):
        read_all(path)
    with pytest.raises(UnreadableFile, match=r"no column 'behauptung'.*was gesagt wurde, urteil"):
        read_all(path, claim_column="behauptung")


def test_bad_rows_are_set_aside(tmp_path: Path) -> None:
    """A row without a claim, a line that is no JSON and an object without a review are rejects with their lines."""
    _, rejects = read_all(saved(tmp_path, "a.csv", "claim,rating\n,false\nsomething,true\n"))
    assert [(reject.line, reject.reason) for reject in rejects] == [(2, "no claim")]
    lines = (
        f'{json.dumps(REVIEW)}\n{{"cut\n{{"@type": "WebSite"}}\n{json.dumps({**REVIEW, "claimReviewed": 3})}'
    )
    columns, rejects = read_all(saved(tmp_path, "b.jsonl", lines))
    assert columns["line"] == [1]
    assert sorted(reject.line or 0 for reject in rejects) == [2, 3, 4]


def test_the_same_review_has_the_same_id(tmp_path: Path) -> None:
    """An id depends on reviewer, address, date, claim and rating, and on nothing else."""
    other = {**REVIEW, "claimReviewed": "The harbour will close in April"}
    columns, _ = read_all(saved(tmp_path, "a.json", json.dumps([REVIEW, other, {**REVIEW, "headline": "x"}])))
    assert columns["id"][0] == columns["id"][2] != columns["id"][1]


@wild
@given(
    data=st.binary(max_size=1500),
    name=st.sampled_from(["json", "jsonl", "jsonld", "csv", "tsv", "html", "bin"]),
)
def test_any_bytes_are_read_set_aside_or_refused(tmp_path: Path, data: bytes, name: str) -> None:
    """No bytes under any name raise anything but the one-line refusal."""
    refusal = ""
    try:
        read_all(saved(tmp_path, f"input.{name}", data))
    except UnreadableFile as error:
        refusal = str(error)
    assert "\n" not in refusal


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab ,[", max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["name", "url", "@type"]), inner, max_size=3)
    ),
    max_leaves=5,
)


@wild
@given(st.lists(st.dictionaries(st.sampled_from(list(REVIEW)), values, max_size=8), min_size=1, max_size=8))
def test_every_claim_review_in_is_a_review_or_a_reject(tmp_path: Path, changes: list[dict[str, Any]]) -> None:
    """With any values in its fields, each ClaimReview is read or set aside."""
    rows = [{**REVIEW, **change, "@type": "ClaimReview"} for change in changes]
    columns, rejects = read_all(saved(tmp_path, "a.jsonl", "\n".join(map(json.dumps, rows))))
    lost = [reject for reject in rejects if not reject.reason.startswith("kept")]
    found = set(columns["line"]) | {reject.line for reject in lost}
    assert found == set(range(1, len(rows) + 1))


def test_euvsdisinfo_reads_whole(shared_data: Path) -> None:
    """All 10,892 cases are read, 1,887 titles are cut, and the button is no outlet in any."""
    columns, rejects = read_all(shared_data / "factchecks" / "euvsdisinfo_posts.csv")
    assert rejects == []
    assert len(columns["claim"]) == 10_892
    assert sum("…" in title for title in columns["title"]) == 1_887
    assert not any("show more" in (outlets or "").lower() for outlets in columns["outlets"])


def test_known_lies_read_whole(shared_data: Path) -> None:
    """A tab-separated table of 10,381 checked claims is read without a word of configuration."""
    columns, rejects = read_all(shared_data / "claims" / "known_lies_claims.tsv")
    assert rejects == []
    assert len(columns["claim"]) == 10_381
