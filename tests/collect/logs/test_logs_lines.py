# ruff: noqa: E501  (a log line is one line)
"""One line, one event: formats, sources, times."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probata.collect import Incoming, UnreadableFile
from probata.collect.logs import read
from probata.collect.logs.columns import NUMBERS, TEXT, address


def events(path: Path, **options: Any) -> list[dict[str, Any]]:
    """Rows of a file in the order of its lines."""
    rows = []
    for batch in read(Incoming(path, "0" * 64, path.name, options)):
        columns = batch.columns
        names = list(columns)
        rows += [
            dict(zip(names, row, strict=True))
            for row in zip(*(columns[n].tolist() for n in names), strict=True)
        ]
    return sorted(rows, key=lambda row: row["line"])


def rejects(path: Path, **options: Any) -> list[tuple[int | None, str]]:
    return [
        (r.line, r.reason)
        for batch in read(Incoming(path, "0" * 64, path.name, options))
        for r in batch.rejects
    ]


def one(tmp_path: Path, line: str, **options: Any) -> dict[str, Any]:
    path = tmp_path / "some.log"
    path.write_text(line + "\n", encoding="utf-8")
    found = events(path, **options)
    assert len(found) == 1, rejects(path, **options)
    return found[0]


SOURCES = [
    ('203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "GET /a?b=1 HTTP/1.1" 200 12', "203.0.113.7"),
    ('2001:db8::5 - ann [12/Feb/2017:10:00:00 +0100] "GET / HTTP/1.1" 401 - "-" "curl/7.5"', "2001:db8::5"),
    ('www.example.org:443 203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "-"', "203.0.113.7"),
    ('www.example.org 2001:db8::5 - - [12/Feb/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "-"', "2001:db8::5"),
    ('203.0.113.7:51234 - - [12/Feb/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "-"', "203.0.113.7"),
    ('[2001:db8::5]:51234 - - [12/Feb/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "-"', "2001:db8::5"),
    ('crawl.example.net - - [12/Feb/2017:10:00:00 +0100] "GET / HTTP/1.1" 200 1 "-" "-"', "crawl.example.net"),
    ('203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "\\x16\\x03\\x01" 400 226 "-" "-"', "203.0.113.7"),
    ('203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "-" 408 - "-" "-"', "203.0.113.7"),
    ('203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "GET /a\\"b HTTP/1.1" 200 1 "-" "x \\" 198.51.100.1 - -"', "203.0.113.7"),
    ('2017-02-12T10:00:00.123456789Z stdout F 203.0.113.7 - - [12/Feb/2017:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"', "203.0.113.7"),
    ('{"log":"203.0.113.7 - - [12/Feb/2017:10:00:00 +0000] \\"GET / HTTP/1.1\\" 200 1\\n","stream":"stdout","time":"2017-02-12T10:00:00.1Z"}', "203.0.113.7"),
    ('web_1  | 203.0.113.7 - - [12/Feb/2017:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"', "203.0.113.7"),
    ('Feb 12 10:00:00 h nginx: 203.0.113.7 - - [12/Feb/2017:10:00:00 +0000] "GET / HTTP/1.1" 200 1 "-" "-"', "203.0.113.7"),
    ('203.0.113.7 - John Doe [12/Feb/2017:10:00:00 +0000] "GET / HTTP/1.1" 401 1 "-" "-"', "203.0.113.7"),
    ('198.51.100.9, 203.0.113.7 - - [12/Feb/2017:10:00:00 +0000] "GET / HTTP/1.1" 401 1 "-" "-"', "203.0.113.7"),
    ('{"time_local":"12/Feb/2017:10:00:00 +0000","remote_addr":"203.0.113.7","request":"GET /x HTTP/1.1","status":"200"}', "203.0.113.7"),
    ('{"level":"info","ts":1486893600.1,"request":{"remote_ip":"203.0.113.7","method":"GET","uri":"/x","host":"h"},"status":404}', "203.0.113.7"),
    ('{"ClientHost":"203.0.113.7","RequestMethod":"GET","RequestPath":"/x","DownstreamStatus":404,"time":"2017-02-12T10:00:00Z"}', "203.0.113.7"),
    ('Feb 12 10:00:00 h sshd-session[99]: Failed password for root from 203.0.113.7 port 22 ssh2', "203.0.113.7"),
    ('<38>Feb 12 10:00:00 h sshd[99]: Invalid user a from 203.0.113.7 port 22', "203.0.113.7"),
    ('<38>1 2017-02-12T10:00:00.003Z h sshd 99 - - Failed none for invalid user a b from 203.0.113.7 port 22 ssh2', "203.0.113.7"),
    ('2017-02-12T10:00:00.123456+01:00 h sshd[99]: Connection closed by authenticating user root 203.0.113.7 port 22 [preauth]', "203.0.113.7"),
    ('Feb 12 10:00:00 h sshd[99]: error: maximum authentication attempts exceeded for root from 203.0.113.7 port 22 ssh2 [preauth]', "203.0.113.7"),
    ('Feb 12 10:00:00 h sshd[99]: Disconnected from invalid user a 203.0.113.7 port 22 [preauth]', "203.0.113.7"),
    ('{"__REALTIME_TIMESTAMP":"1486893600000000","SYSLOG_IDENTIFIER":"sshd","_PID":"7","_HOSTNAME":"h","MESSAGE":"Invalid user a from 203.0.113.7 port 9"}', "203.0.113.7"),
    ('Feb 12 10:00:00 h postfix/submission/smtpd[9]: warning: unknown[203.0.113.7]: SASL PLAIN authentication failed: x', "203.0.113.7"),
    ('Feb 12 10:00:00 h dovecot: imap-login: Disconnected (auth failed, 1 attempts in 2 secs): user=<a>, method=PLAIN, rip=203.0.113.7, lip=198.51.100.1', "203.0.113.7"),
    ('[Sun Feb 12 10:00:00.123456 2017] [auth_basic:error] [pid 9:tid 8] [client 203.0.113.7:999] AH01617: user a: authentication failure for "/": Password Mismatch', "203.0.113.7"),
    ('2017/02/12 10:00:00 [error] 9#9: *1 user "a" was not found in "/x", client: 203.0.113.7, server: h, request: "GET / HTTP/1.1", host: "h"', "203.0.113.7"),
    ('Feb 12 10:00:00 h kernel: [1.5] [UFW BLOCK] IN=eth0 OUT= MAC=aa SRC=203.0.113.7 DST=198.51.100.1 LEN=60 TTL=50 ID=1 DF PROTO=TCP SPT=1 DPT=23 WINDOW=1', "203.0.113.7"),
    ('2017-02-12 10:00:00,123 fail2ban.actions [9]: NOTICE  [sshd] Ban 203.0.113.7', "203.0.113.7"),
    ('{"timestamp":"2017-02-12T10:00:00.0+0000","event_type":"alert","src_ip":"203.0.113.7","dest_ip":"198.51.100.1","dest_port":22,"alert":{"signature":"s"}}', "203.0.113.7"),
    ('Feb 12 10:00:00 h sshd[9]: Bad protocol version identification \'\\026\' from UNKNOWN port 65535', None),
    ('Feb 12 10:00:00 h sshd[9]: PAM 2 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=203.0.113.7  user=root', "203.0.113.7"),
    ('Feb 12 10:00:00 h sshd[9]: drop connection #10 from [203.0.113.7]:5 on [198.51.100.1]:22 past MaxStartups', "203.0.113.7"),
    ('Feb 12 10:00:00 h sshd[9]: User a from scan.example.net not allowed because not listed in AllowUsers', "scan.example.net"),
    ('Feb 12 10:00:00 <auth.info> h sshd[9]: error: PAM: Authentication error for illegal user a from 203.0.113.7', "203.0.113.7"),
    ('Feb 12 10:00:00 h wordpress(site)[9]: Authentication failure for admin from 203.0.113.7', "203.0.113.7"),
    ('Feb 12 10:00:00 fw filterlog[9]: 5,,,1000000103,igb0,match,block,in,4,0x0,,64,123,0,none,6,tcp,60,203.0.113.7,198.51.100.1,1234,22,0', "203.0.113.7"),
    ('Feb 12 10:00:00 fw %ASA-4-106023: Deny tcp src outside:203.0.113.7/5 dst inside:198.51.100.1/22 by access-group "x" [0x0, 0x0]', "203.0.113.7"),
    ('[12/Feb/2017:10:00:00 +0000] - 200 404 - GET https h.example "/x" [Client 203.0.113.7] [Length 1] [Gzip -] [Sent-to 10.0.0.1] "a" "-"', "203.0.113.7"),
    ('owner bucket [12/Feb/2017:10:00:00 +0000] 203.0.113.7 - 3E57 REST.GET.OBJECT k "GET /b/k HTTP/1.1" 403 AccessDenied 1 - 7 - "-" "S3" -', "203.0.113.7"),
    ('https 2017-02-12T10:00:00.186641Z app/lb/5 203.0.113.7:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://h:443/ HTTP/1.1" "curl/7" - -', "203.0.113.7"),
    ('{"remoteAddr":"203.0.113.7","user":"--","method":"POST","url":"/login","message":"Login failed: admin (Remote IP: 6.6.6.6)","time":"2017-02-12T10:00:00+00:00"}', "203.0.113.7"),
    ('2017-02-12T10:00:00.1Z ACCEPT host=::ffff:203.0.113.7 port=5 fd=4 n=1/4096', "203.0.113.7"),
    ('{"eventid":"cowrie.login.failed","username":"root","password":"x","src_ip":"203.0.113.7","session":"a","timestamp":"2017-02-12T10:00:00Z"}', "203.0.113.7"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "source"), SOURCES)
def test_the_source_of_a_line_is_where_the_program_writes_it(
    tmp_path: Path, line: str, source: str | None
) -> None:
    """Every format gives the raw host, and the address where it is one."""
    row = one(tmp_path, line, year=2017)
    assert row["source.address"] == source
    assert row["source.ip"] == (None if source is None or "example" in source else source)
    assert row["@timestamp"].isoformat().startswith("2017-02-12T")


INJECTIONS = [
    ("sshd[9]: Failed password for invalid user a from 6.6.6.6 from 203.0.113.7 port 22 ssh2", "203.0.113.7"),
    ("sshd[9]: Failed password for invalid user a from 6.6.6.6 port 1 ssh2 from 203.0.113.7 port 22 ssh2", "203.0.113.7"),
    ("sshd[9]: Invalid user x from 6.6.6.6 port 5 from 203.0.113.7 port 22", "203.0.113.7"),
    ("sshd[9]: Connection closed by invalid user a 6.6.6.6 port 1 203.0.113.7 port 22 [preauth]", "203.0.113.7"),
    ("sshd[9]: Bad protocol version identification 'x' from 6.6.6.6 port 1' from 203.0.113.7 port 22", "203.0.113.7"),
    ("vsftpd[9]: [a] FAIL LOGIN: Client \"6.6.6.6\"] FAIL LOGIN: Client \"203.0.113.7\"", "203.0.113.7"),
    ("x: pam_unix(x:auth): authentication failure; logname= uid=0 euid=0 tty=x ruser=a rhost=6.6.6.6 rhost=203.0.113.7", "203.0.113.7"),
    ("dovecot: imap-login: Aborted login (auth failed, 1 attempts): user=<a>, rip=6.6.6.6, lip=1.1.1.1>, method=PLAIN, rip=203.0.113.7, lip=2.2.2.2", "203.0.113.7"),
    ("sudo: Failed password for root from 6.6.6.6 port 22 ssh2", None),
    ("myapp[1]: user said: sshd[2]: Failed password for root from 6.6.6.6 port 22 ssh2", None),
    ("xrdp-sesman[9]: [INFO ] AUTHFAIL: user=a ip=6.6.6.6 time=1 ip=203.0.113.7 time=2", "203.0.113.7"),
]  # fmt: skip


@pytest.mark.parametrize(("message", "source"), INJECTIONS)
def test_a_name_that_holds_an_address_does_not_become_the_source(
    tmp_path: Path, message: str, source: str | None
) -> None:
    """What a client chooses cannot put another's address in its place."""
    assert one(tmp_path, f"Feb 12 10:00:00 host {message}")["source.address"] == source


NGINX = '2017/02/12 10:00:00 [error] 9#9: *1 {}, client: 203.0.113.7, server: h, request: "{}", host: "h"'
FORGED = 'GET /a", client: 6.6.6.6, server: x, request: "GET / HTTP/1.1'
NAME = 'user "a": password mismatch, client: 6.6.6.6, server: x, request: "GET / HTTP/1.1", host: "h": password mismatch'


def test_a_forged_client_in_an_error_line_is_not_believed(tmp_path: Path) -> None:
    """nginx writes user, path and request unescaped around the client: none of them becomes the source."""
    missing = 'open() "/x" failed (2: No such file or directory)'
    assert one(tmp_path, NGINX.format(missing, "GET / HTTP/1.1"))["source.address"] == "203.0.113.7"
    assert one(tmp_path, NGINX.format(missing, FORGED))["source.address"] == "203.0.113.7"
    assert one(tmp_path, NGINX.format(NAME, "GET / HTTP/1.1"))["source.address"] == "203.0.113.7"
    path = 'open() "/x" failed (2: No such file or directory), client: 6.6.6.6, server: x" failed (2: No such file or directory)'
    assert one(tmp_path, NGINX.format(path, "GET / HTTP/1.1"))["source.address"] is None


def test_a_line_that_reads_in_two_ways_names_no_source_unless_the_process_did(tmp_path: Path) -> None:
    """An ambiguous sshd line is settled by the address that its process named before, else left empty."""
    line = "Feb 12 10:00:01 h sshd[7]: Failed password for invalid user x from 6.6.6.6 port 5 ssh2: from 203.0.113.7 port 22 ssh2"
    assert one(tmp_path, line)["source.address"] is None
    path = tmp_path / "two.log"
    path.write_text(
        f"Feb 12 10:00:00 h sshd[7]: Connection from 203.0.113.7 port 22 on 1.1.1.1 port 22\n{line}\n",
        encoding="utf-8",
    )
    assert events(path)[1]["source.address"] == "203.0.113.7"


def test_a_line_without_address_takes_that_of_its_process(tmp_path: Path) -> None:
    """sshd lines are linked by process id, and only within one process."""
    path = tmp_path / "auth.log"
    path.write_text(
        "Feb 12 10:00:00 h sshd[7]: Connection from 203.0.113.7 port 9 on 1.1.1.1 port 22\n"
        "Feb 12 10:00:01 h sshd[7]: Disconnecting: Too many authentication failures for root [preauth]\n"
        "Feb 12 10:00:02 h sshd[8]: Disconnecting: Too many authentication failures for root [preauth]\n",
        encoding="utf-8",
    )
    assert [row["source.address"] for row in events(path)] == ["203.0.113.7", "203.0.113.7", None]


def test_the_year_that_a_head_lacks_is_settled_and_said(tmp_path: Path) -> None:
    """Option, neighbouring lines, file name, assumption: in that order, and recorded."""
    line = "Dec 31 23:59:59 h sshd[1]: Invalid user a from 203.0.113.7\nJan  1 00:00:01 h sshd[1]: Invalid user a from 203.0.113.7\n"
    plain, dated, mixed = tmp_path / "a.log", tmp_path / "auth-20170101.log", tmp_path / "b.log"
    plain.write_text(line)
    dated.write_text(line)
    mixed.write_text("2015-12-30 10:00:00 h sshd[1]: Invalid user a from 203.0.113.7\n" + line)
    assert [r["@timestamp"].year for r in events(plain, year=2016)] == [2016, 2017]
    assert {r["event.year_basis"] for r in events(plain, year=2016)} == {"option"}
    assert events(dated)[0]["event.year_basis"] == "file name"
    assert [r["@timestamp"].year for r in events(mixed)] == [2015, 2015, 2016]
    assert events(mixed)[1]["event.year_basis"] == "neighbouring lines"
    assert events(plain)[0]["event.year_basis"] == "assumed"


def test_the_zone_of_the_option_moves_only_lines_that_state_none(tmp_path: Path) -> None:
    """A stated offset wins; the option is used for the rest, with summer time."""
    path = tmp_path / "a.log"
    path.write_text(
        "Jul 12 10:00:00 h sshd[1]: Invalid user a from 203.0.113.7\n2017-07-12T10:00:00+00:00 h sshd[1]: Invalid user a from 203.0.113.7\n"
    )
    rows = events(path, year=2017, zone="Europe/Paris")
    assert [r["@timestamp"].hour for r in rows] == [8, 10]
    assert [r["event.zone_basis"] for r in rows] == ["option", "stated"]


def test_a_wrong_option_is_one_clear_line(tmp_path: Path) -> None:
    """Options that cannot be understood name file, option and remedy."""
    path = tmp_path / "a.log"
    path.write_text("x\n")
    for options, word in (
        ({"zone": "Mars/Base"}, "zone"),
        ({"year": "soon"}, "year"),
        ({"mapping": "a"}, "mapping"),
    ):
        with pytest.raises(UnreadableFile, match=word):
            events(path, **options)


def test_a_table_of_flows_is_read_by_its_header_or_by_a_mapping(tmp_path: Path) -> None:
    """Known column names need no option; others are mapped."""
    path = tmp_path / "flows.csv"
    path.write_text(
        "ts,src_ip,dst_ip,dst_port,proto\n1486893600,203.0.113.7,198.51.100.1,23,TCP\nbroken,row\n"
    )
    row = events(path)[0]
    assert (row["source.ip"], row["destination.port"], row["network.transport"]) == ("203.0.113.7", 23, "tcp")
    assert [line for line, _ in rejects(path)] == [3]
    other = tmp_path / "own.csv"
    other.write_text("wann;wer;wohin\n2017-02-12 10:00:00;203.0.113.7;23\n")
    row = events(other, mapping="@timestamp=wann,source.address=wer,destination.port=wohin")[0]
    assert (row["source.ip"], row["destination.port"], row["@timestamp"].hour) == ("203.0.113.7", 23, 10)


def test_a_pretty_printed_array_of_alerts_is_read(tmp_path: Path) -> None:
    """Entries of one JSON array are events, with the line on which each starts."""
    path = tmp_path / "alerts.json"
    path.write_text(
        '[\n  {"timestamp": "2017-02-12T10:00:00Z", "src_ip": "203.0.113.7",\n "alert": {"signature": "a [b] {c"}},\n  {"x": 1}\n]\n'
    )
    assert [(r["line"], r["rule.name"]) for r in events(path)] == [(2, "a [b] {c")]
    assert rejects(path)[0][0] == 4


def test_compressed_logs_give_the_same_events(tmp_path: Path) -> None:
    """gzip changes nothing."""
    line = b'203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "GET /a HTTP/1.1" 200 12\n' * 50
    plain, packed = tmp_path / "a.log", tmp_path / "a.log.gz"
    plain.write_bytes(line)
    packed.write_bytes(gzip.compress(line))
    left = [{k: v for k, v in row.items() if k != "file"} for row in events(plain)]
    assert str(left) == str([{k: v for k, v in row.items() if k != "file"} for row in events(packed)])


def test_passwords_are_not_kept(tmp_path: Path) -> None:
    """A honeypot's passwords become a short hash: equal for equal ones, and nothing else."""
    line = '{"eventid":"cowrie.login.failed","username":"root","password":"hunter2","src_ip":"203.0.113.7","message":"[root/hunter2] failed"}'
    row = one(tmp_path, line)
    assert row["user.secret_hash"]
    assert "hunter2" not in str(row)


def test_a_repeated_message_counts_as_often_as_it_says(tmp_path: Path) -> None:
    """ "message repeated 3 times" is one line and three events."""
    row = one(
        tmp_path,
        "Feb 12 10:00:00 h sshd[9]: message repeated 3 times: [ Failed password for root from 203.0.113.7 port 22 ssh2]",
    )
    assert (row["event.count"], row["source.ip"], row["event.outcome"]) == (3, "203.0.113.7", "failure")


def test_an_endless_line_is_one_reject(tmp_path: Path) -> None:
    """A line of many megabytes is set aside and the lines after it are read, with their own numbers."""
    path = tmp_path / "a.log"
    good = b'203.0.113.7 - - [12/Feb/2017:10:00:00 +0100] "GET /a HTTP/1.1" 200 12\n'
    path.write_bytes(good + b"A" * (5 << 20) + b"\n" + good)
    assert [row["line"] for row in events(path)] == [1, 3]
    assert [line for line, _ in rejects(path)] == [2]


def test_fast_and_slow_way_agree_on_access_lines(tmp_path: Path) -> None:
    """The compiled scan gives the same columns as the regular expression."""
    from probata.collect.logs import scan
    from probata.collect.logs.access import slow
    from probata.collect.logs.clock import Settle

    lines = [line for line, _ in SOURCES[:4]]
    path = tmp_path / "a.log"
    path.write_text("\n".join(lines) + "\n")
    assert scan.block(path.read_bytes()).taken == 4
    settle = Settle({}, "a.log", "")
    for line, row in zip(lines, events(path), strict=True):
        other = slow(line, settle)
        assert other is not None
        other["source.address"] = address(other["source.address"])[0]
        for name, value in other.items():
            if name in NUMBERS:
                assert (
                    row[name] == pytest.approx(float(value), nan_ok=True)
                    if value != "-"
                    else np.isnan(row[name])
                )
            elif name in TEXT:
                assert row[name] == value, name
        assert row["@timestamp"].timestamp() * 1e6 != 0


@settings(max_examples=120, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.text(max_size=80), st.sampled_from([line for line, _ in SOURCES]), st.binary(max_size=60)
        ),
        max_size=12,
    )
)
def test_every_line_is_an_event_or_a_counted_reject(
    tmp_path_factory: pytest.TempPathFactory, lines: list[Any]
) -> None:
    """Whatever the bytes, nothing raises and no line that holds something is lost."""
    raw = (
        b"\n".join(
            line if isinstance(line, bytes) else line.encode("utf-8", "surrogatepass") for line in lines
        )
        + b"\n"
    )
    path = tmp_path_factory.mktemp("logs") / "x.log"
    path.write_bytes(raw)
    try:
        found, aside = {r["line"] for r in events(path)}, {n for n, _ in rejects(path)}
    except UnreadableFile:
        return
    text = raw.decode("utf-8", "replace")
    if raw.startswith((b"\x1f\x8b", b"BZh", b"\x28\xb5\x2f\xfd")):
        return  # taken for an archive: what cannot be unpacked is one reject
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or text.lstrip()[:1] == "[" or b"\0" in raw:
        return
    numbers = {
        n
        for n, line in enumerate(raw.split(b"\n"), 1)
        if line.decode("utf-8", "replace").strip("\ufeff").strip()
    }
    headers = {n for n, line in enumerate(raw.split(b"\n"), 1) if line.startswith(b"#")}
    assert numbers - headers <= found | aside | {1}
    assert not found & aside


@settings(max_examples=60, deadline=None)
@given(st.sampled_from([line for line, _ in SOURCES]), st.integers(0, 200), st.text(max_size=3))
def test_a_damaged_line_never_raises(
    tmp_path_factory: pytest.TempPathFactory, line: str, at: int, noise: str
) -> None:
    """Cutting or changing a real line gives another event or a reject."""
    path = tmp_path_factory.mktemp("logs") / "x.log"
    path.write_text(line[:at] + noise + line[at + 1 :] + "\n", encoding="utf-8", errors="replace")
    try:
        assert len(events(path)) + len(rejects(path)) >= 0
    except UnreadableFile:
        return


def test_real_logs_are_read_whole(shared_data: Path) -> None:
    """No line of the real server logs is set aside."""
    folder = shared_data / "logs"
    for name, lines in (
        ("OpenSSH_2k.log", 2000),
        ("Apache_error_2k.log", 2000),
        ("elastic/auth.log", 7121),
        ("elastic/apache_access_10k.log", 10000),
    ):
        path = folder / name
        assert len(events(path)) == lines, name
        assert rejects(path) == []
    for path in [*sorted((folder / "zeek").iterdir()), folder / "suricata" / "honeypot_alerts.json"]:
        found = events(path)
        assert found, path.name
        assert all(row["source.ip"] for row in found)
        assert rejects(path) == []
