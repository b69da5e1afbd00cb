"""Every noun of Probata: records that come in, results that are worked out.

Frozen, typed, standard library only. Everything else in the package depends on this module and this
module depends on nothing. Large record sets travel as *columns* (``Table``), not as objects; the
dataclasses below define what the columns are called (see ``SCHEMAS``).
"""

from __future__ import annotations

import dataclasses
import enum
import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

SCHEMA = "probata/1"
"""Name and version of every machine-readable output."""

Table = Mapping[str, Any]
"""Columns by name: equally long numpy arrays or lists. Times are numpy ``datetime64[us]`` in UTC."""

Question = Literal["spread", "claims", "slant", "attacks", "opinion"]

QUESTIONS: tuple[Question, ...] = ("spread", "claims", "slant", "attacks", "opinion")
"""In the order in which they are answered: SLANT reads what SPREAD and CLAIMS found."""


def content_id(*parts: object) -> str:
    """Return the id of a record: the first 20 hex digits of SHA-256 over its identifying parts.

    Parts are joined by a separator that text cannot hold by accident, so that ("ab", "c") and
    ("a", "bc") differ. ``None`` and "" are the same part.
    """
    joined = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:20]


# ---------------------------------------------------------------- time and origin


@dataclass(frozen=True, slots=True)
class When:
    """A moment known only to some precision: the closed interval ``earliest``..``latest`` in UTC.

    Where the zone was not stated, both ends are read *as if* UTC and ``zone_known`` is false;
    ``bounds`` then widens the interval by what the zone could have been (UTC-12 to UTC+14).
    """

    earliest: datetime
    latest: datetime
    zone_known: bool = True

    def __post_init__(self) -> None:
        if self.earliest.tzinfo is None or self.latest.tzinfo is None:
            raise ValueError("a When holds aware datetimes")
        if self.latest < self.earliest:
            raise ValueError("a When ends before it starts")

    def bounds(self) -> tuple[datetime, datetime]:
        """The interval that surely holds the moment, zone doubt included."""
        if self.zone_known:
            return self.earliest, self.latest
        return self.earliest - timedelta(hours=14), self.latest + timedelta(hours=12)

    def before(self, other: When) -> bool:
        """True only where every possible moment of this one precedes every one of the other."""
        return self.bounds()[1] < other.bounds()[0]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record was read: the original's SHA-256 and the place in it."""

    evidence: str
    path: str
    line: int | None = None
    offset: int | None = None


_NAMED_LINE = re.compile(r" \(line \d+\)$")


@dataclass(frozen=True, slots=True)
class Reject:
    """Something that could not be read: set aside, counted, shown. ``line`` counts from 1."""

    path: str
    line: int | None
    reason: str

    @property
    def kind(self) -> str:
        """The reason without the line that it names, by which like ones are counted."""
        return _NAMED_LINE.sub("", self.reason)


# ---------------------------------------------------------------- records


@dataclass(frozen=True, slots=True)
class Source:
    """Outlet, account, wire agency, sensor or pollster."""

    id: str
    name: str
    domains: tuple[str, ...] = ()
    control: Mapping[str, str] = field(default_factory=dict)
    """Ownership or control *as stated by a named authority*: state, stated_by, source."""
    wire: bool = False
    """A news agency whose text others carry by licence."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A person or list standing for election; names are matched through ``aliases``."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    role: str = ""
    party: str = ""
    """The column of this candidate in the poll files (party, bloc or the id itself)."""


@dataclass(frozen=True, slots=True)
class CampaignEvent:
    """A dated event of the campaign, for the event tests of OPINION and ATTACKS."""

    id: str
    date: date
    text: str
    source: str = ""


TIME = "TIMESTAMP"

ORIGIN_COLUMNS = {"evidence": "VARCHAR", "path": "VARCHAR", "line": "BIGINT", "offset": "BIGINT"}

SCHEMAS: Mapping[str, Mapping[str, str]] = {
    "articles": {
        "id": "VARCHAR",
        "given_id": "VARCHAR",
        "source": "VARCHAR",
        "url": "VARCHAR",
        "title": "VARCHAR",
        "text": "VARCHAR",
        "lang": "VARCHAR",
        "published": "VARCHAR",  # as given
        "published_earliest": TIME,
        "published_latest": TIME,
        "published_zone_known": "BOOLEAN",
        "updated_earliest": TIME,  # these four with the doubt of an unknown zone in them
        "updated_latest": TIME,
        "retrieved_earliest": TIME,
        "retrieved_latest": TIME,
        "links": "VARCHAR",  # JSON array of absolute addresses
        "personal": "BOOLEAN",
        **ORIGIN_COLUMNS,
    },
    "polls": {
        "id": "VARCHAR",  # one a poll x hypothesis; rows are long: one a party
        "poll_id": "VARCHAR",
        "pollster": "VARCHAR",
        "sponsor": "VARCHAR",
        "start_date": "DATE",
        "end_date": "DATE",
        "published_date": "DATE",
        "sample_size": "DOUBLE",
        "n_expressed": "DOUBLE",
        "population": "VARCHAR",
        "mode": "VARCHAR",
        "round": "INTEGER",
        "hypothesis": "VARCHAR",
        "rolling": "BOOLEAN",
        "undecided": "DOUBLE",
        "source_url": "VARCHAR",
        "election": "VARCHAR",
        "party": "VARCHAR",
        "share": "DOUBLE",
        "is_result": "BOOLEAN",
        "note": "VARCHAR",  # what the reader assumed or corrected
        **ORIGIN_COLUMNS,
    },
    "reviews": {
        "id": "VARCHAR",
        "claim": "VARCHAR",
        "claimant": "VARCHAR",
        "claim_date": "VARCHAR",
        "reviewer": "VARCHAR",
        "rating": "VARCHAR",
        "url": "VARCHAR",
        "title": "VARCHAR",
        "published": "VARCHAR",
        "published_earliest": TIME,
        "published_latest": TIME,
        "lang": "VARCHAR",
        "outlets": "VARCHAR",  # JSON array
        "keywords": "VARCHAR",  # JSON array
        **ORIGIN_COLUMNS,
    },
}
"""Columns of each record table that every reader fills (absent values null). ``events`` has flat ECS
names that depend on the log format and is described in ``collect.logs``."""

MERGED: Mapping[str, Mapping[str, Literal["min", "max"]]] = {
    "articles": {
        "updated_earliest": "max",
        "updated_latest": "max",
        "retrieved_earliest": "min",
        "retrieved_latest": "min",
    }
}
"""Of a record that came more than once its first copy is shown, but of these columns the least or greatest value."""

REPEATED = "seen_again"
"""Table with id and merged columns of articles that came again among files that were read together."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a reader yields: rows of one record kind as columns, and what it had to set aside."""

    kind: str
    columns: Table
    rejects: tuple[Reject, ...] = ()

    def __len__(self) -> int:
        return next((len(column) for column in self.columns.values()), 0)


# ---------------------------------------------------------------- results


class Verdict(enum.StrEnum):
    """What a finding says of an allegation (labels of FEVER, Thorne et al. 2018)."""

    SUPPORTS = "SUPPORTS"
    REFUTES = "REFUTES"
    NOT_ENOUGH_INFO = "NOT_ENOUGH_INFO"


@dataclass(frozen=True, slots=True)
class Finding:
    """One measured result with its uncertainty and the records that it rests on.

    ``interval`` is (low, high) at ``level``; ``mde`` is the smallest effect that could have been
    seen (80 % power unless ``parameters`` says otherwise), in the unit of ``estimate``.
    ``request`` names the test of the case that this answers, if any.
    """

    question: Question
    test: str
    statement: str
    metric: str
    estimate: float | None = None
    interval: tuple[float | None, float | None] | None = None
    level: float | None = None
    p: float | None = None
    q: float | None = None
    n: int | None = None
    null_model: str | None = None
    mde: float | None = None
    method: str = ""
    version: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None
    caveats: tuple[str, ...] = ()
    records: tuple[str, ...] = ()
    request: str | None = None

    @property
    def id(self) -> str:
        """Content hash: the same finding on the same records has the same id."""
        shown = (self.request, self.estimate, self.interval, self.p, self.n, self.version)
        given = sorted((key, str(value)) for key, value in self.parameters.items())
        return content_id("finding", self.question, self.test, self.statement, shown, given)


@dataclass(frozen=True, slots=True)
class Gap:
    """Evidence that is missing: what would have to exist, who could supply it, what it settles."""

    question: str
    what: str
    who: str
    how: str
    settles: str
    request: str | None = None

    @property
    def id(self) -> str:
        """Content hash."""
        return content_id("gap", self.question, self.what, self.settles, self.request)


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a test of an allegation expects to see: ``metric op value``.

    ``resolution`` is the largest smallest-detectable-effect with which the test still counts:
    a finding that could not have seen less than that says NOT_ENOUGH_INFO.
    """

    metric: str
    op: Literal[">=", ">", "<=", "<"]
    value: float
    resolution: float | None = None


@dataclass(frozen=True, slots=True)
class TestRequest:
    """One test that a case asks of a question, with its parameters (free, checked by the question)."""

    __test__ = False  # not a pytest class

    id: str
    question: Question
    test: str
    expects: Expectation
    parameters: Mapping[str, Any] = field(default_factory=dict)
    data: tuple[str, ...] = ()
    needs: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class Denial:
    """Who denies what, exactly, and when; shown as prominently as the allegation."""

    by: str
    on: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Allegation:
    """Who alleges what, when, against whom; who denies it; what would show it."""

    id: str
    text: str
    made_by: str
    made_on: str
    against: str = ""
    source: str = ""
    side: str = ""
    denials: tuple[Denial, ...] = ()
    tests: tuple[TestRequest, ...] = ()
    untestable: str = ""
    """Why no test can settle it (intent, for instance); shown on the board."""
    cites: str = ""
    """The evidence that those who made it showed with it, in one phrase."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """A finding set beside a test of an allegation, with the computed verdict and its reason."""

    allegation: str
    request: TestRequest
    verdict: Verdict
    reason: str
    finding: Finding | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """Allegations x evidence x gaps: what the board, the report and every exporter show."""

    title: str
    allegations: tuple[Allegation, ...]
    weighed: tuple[Weighed, ...]
    findings: tuple[Finding, ...]
    gaps: tuple[Gap, ...]
    rejects: tuple[Reject, ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Dated facts and their sources that the board shows beside the allegations."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What a question is asked: the case's nouns, the tests to answer, options and seed."""

    candidates: tuple[Candidate, ...] = ()
    outlets: tuple[Source, ...] = ()
    references: tuple[str, ...] = ()
    """Ids of the outlets that serve as the honest baseline."""
    period: tuple[date, date] | None = None
    events: tuple[CampaignEvent, ...] = ()
    tests: tuple[TestRequest, ...] = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 20170214


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question returns: findings, gaps, result tables and the extra keys of its JSON."""

    question: Question
    findings: tuple[Finding, ...] = ()
    gaps: tuple[Gap, ...] = ()
    tables: Mapping[str, Table] = field(default_factory=dict)
    document: Mapping[str, Any] = field(default_factory=dict)


# ---------------------------------------------------------------- plain values for output


def plain(value: Any) -> Any:
    """Turn nouns into JSON-ready values: no NaN or Infinity, times as ISO 8601, enums as text."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        row = {item.name: plain(getattr(value, item.name)) for item in dataclasses.fields(value)}
        if isinstance(value, (Finding, Gap)):
            row = {"id": value.id, **row}
        return row
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, datetime):
        return _iso(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (str, int, bool)) or value is None:
        return value
    return _plain_other(value)


def _plain_other(value: Any) -> Any:
    """Sequences, sets and numpy scalars or arrays (known by ``tolist``, without importing numpy)."""
    if isinstance(value, (set, frozenset)):
        return sorted(plain(item) for item in value)
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [plain(item) for item in value]
    if hasattr(value, "tolist"):
        return plain(value.tolist())
    return str(value)


def _iso(moment: datetime) -> str:
    if moment.tzinfo is None:
        return moment.isoformat()
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
