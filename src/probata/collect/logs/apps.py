# ruff: noqa: E501  (a pattern is easier to check on one line)
"""Applications, cloud balancers and further firewalls: one pattern a message, as in ``plain`` and ``more``."""

from __future__ import annotations

import re

from probata.collect.logs.columns import Row
from probata.collect.logs.patterns import UNKNOWN, Service, service
from probata.collect.logs.plain import Plain, _plain

_IP = r"(?P<addr>(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.:]{0,39})"

APPS: tuple[Service, ...] = (
    service("wordpress", r"^wordpress$", [
        ("uthentication failure", r"^(?:XML-RPC )?[Aa]uthentication failure(?: for (?P<user>.*))? from <A>$", "web_login"),
        ("uthentication attempt", r"^(?:XML-RPC )?[Aa]uthentication attempt for unknown user (?P<user>.*) from <A>$", "web_login"),
        ("Accepted password", r"^Accepted password for (?P<user>.*) from <A>$", "web_login", "success"),
        ("Blocked", r"^(?:Blocked|Immediately block|Pingback error|Spam comment|Untrusted X-Forwarded-For).* from <A>$", "http_denied"),
    ]),
    service("samba", r"^(?:smbd|samba|winbindd)$", [
        ("remote host", r"^.*Auth: \[[^\]]*\] user \[[^\]]*\]\\\[(?P<user>.*)\] at \[[^\]]*\] with \[[^\]]*\] status \[NT_STATUS_(?!OK)\w+\] workstation \[.*\] remote host \[ipv[46]:(?P<addr>[0-9A-Fa-f.:]+):(?P<port>\d+)\].*$", "smb_login"),
        ("remote host", r"^.*Auth: \[[^\]]*\] user \[[^\]]*\]\\\[(?P<user>.*)\] at \[[^\]]*\] with \[[^\]]*\] status \[NT_STATUS_OK\] workstation \[.*\] remote host \[ipv[46]:(?P<addr>[0-9A-Fa-f.:]+):(?P<port>\d+)\].*$", "smb_login", "success"),
    ]),
    service("endlessh", r"^endlessh(?:-go)?$", [
        ("ACCEPT host", r"^(?:\S+ )?ACCEPT host=<A> port=<P> .*$", "ssh_probe"),
        ("CLOSE host", r"^(?:\S+ )?CLOSE host=<A> port=<P> .*$", "ssh_closed", UNKNOWN),
    ]),
    service("in.telnetd", r"^(?:in\.telnetd|telnetd|login|ftpd-login)$", [
        ("FAILED LOGIN", r"^FAILED LOGIN \(?\d+\)? (?:on '[^']*' )?FROM <A> FOR (?P<user>.*?), .*$", "login"),
        ("from '", r"^FAILED LOGIN \(\d+\) on '[^']*' from '<A>' FOR '(?P<user>.*)', .*$", "login"),
        ("connect from", r"^connect from (?:\S+ \()?<A>\)?$", "connection", None),
    ]),
    service("tcpwrapper", r"^(?:tcpd|in\.\w+|rpcbind|snmpd|ntpd)$", [("refused connect", r"^refused connect from .*?\(?<A>\)?$", "connection_denied")]),
)  # fmt: skip

APP_FILES: tuple[Plain, ...] = (
    _plain("gitea", ("Failed authentication", r"^.*\[[WEI]\] Failed authentication attempt for (?P<user>.*) from <A>(?:: .*)?$", "web_login")),
    _plain("home-assistant", ("invalid authentication", r"^WARNING \([^)]*\) \[homeassistant\.components\.http\.ban\] Login attempt or request with invalid authentication from \S+ \(<A>\)\..*$", "web_login")),
    _plain("jellyfin", ("has been denied", r"^.*Authentication request for \"?(?P<user>.*?)\"? has been denied \(IP: \"?<A>\"?\)\.?$", "web_login")),
    _plain("endlessh", ("ACCEPT host", r"^ACCEPT host=<A> port=<P> .*$", "ssh_probe"), ("CLOSE host", r"^CLOSE host=<A> port=<P> .*$", "ssh_closed", UNKNOWN)),
)  # fmt: skip

_S3 = re.compile(
    r"^\S+ \S+ \[(?P<time>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] (?P<addr>[0-9A-Fa-f.:]+) \S+ \S+ \S+ \S+ "
    r'"(?P<verb>[A-Z]+) (?P<url>\S+) HTTP/[\d.]+" (?P<status>\d{3}) .*$'
)
_BALANCER = re.compile(
    r"^(?:(?:https?|h2|wss?|grpcs?) )?(?P<time>\d{4}-\d\d-\d\dT[\d:.]+Z) \S+ (?P<addr>[0-9.]+|\[?[0-9A-Fa-f:]+\]?):(?P<port>\d+) "
    r'\S+ [-\d.]+ [-\d.]+ [-\d.]+ (?P<status>\d{3}) (?:\d{3}|-) \d+ \d+ "(?P<verb>[A-Z]+) (?P<url>\S+) HTTP/[\d.]+"'
)
_MANAGER = re.compile(
    r"^\[(?P<time>\d\d/\w{3}/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] (?:\S+ )?(?:\d{3}|-) (?P<status>\d{3}) - (?P<verb>[A-Z]+) https? "
    r'(?P<host>\S+) "(?P<url>[^"]*)" \[Client (?P<addr>[^\]\s]+)\] '
)


def odd_access(line: str) -> Row | None:
    """Access lines that do not begin with the client: cloud storage and a proxy manager. The time is left as text."""
    found = _MANAGER.match(line) or _S3.match(line) or _BALANCER.match(line)
    if found is None:
        return None
    given = found.groupdict()
    return {
        "event.dataset": "http.access",
        "event.action": "http_request",
        "event.outcome": "failure" if int(given["status"]) >= 400 else "success",
        "source.address": given["addr"],
        "http.request.method": given["verb"],
        "url.original": given["url"],
        "url.domain": given.get("host"),
        "http.response.status_code": given["status"],
        "time": given["time"],
    }


_ASA = re.compile(
    r"^%ASA-\d-\d+: (?P<word>Deny|Built|Teardown|access-list \S{1,80} (?:denied|permitted))\s.{0,60}?"
    r"(?P<proto>tcp|udp|icmp)\s.{0,60}?(?:src )?[^\s:/]{1,40}[:/](?P<addr>[0-9A-Fa-f.]{3,39})[/(](?P<port>\d{1,5})\)?"
    r".{0,120}?(?:dst |-> |to )[^\s:/]{1,40}[:/](?P<dst>[0-9A-Fa-f.]{3,39})[/(](?P<dport>\d{1,5})"
)
_PF = ("rule", "sub", "anchor", "tracker", "interface", "reason", "action", "direction", "version")


def other_firewall(program: str, message: str) -> Row | None:
    """pf's ``filterlog`` (pfSense, OPNsense) and Cisco ASA."""
    if program == "filterlog":
        return _filterlog(message)
    found = _ASA.match(message)
    if found is None:
        return None
    denied = "eny" in found["word"] or "denied" in found["word"]
    return _packet(found.groupdict(), "failure" if denied else UNKNOWN)


def _filterlog(message: str) -> Row | None:
    cells = message.split(",")
    if len(cells) < 20:
        return None
    head = dict(zip(_PF, cells, strict=False))
    if head["version"] == "4":
        proto, addr, dst, rest = cells[16], cells[18], cells[19], cells[20:]
    else:
        proto, addr, dst, rest = cells[12], cells[15], cells[16], cells[17:]
    ports = proto in ("tcp", "udp") and len(rest) >= 2
    made: dict[str, str | None] = {"proto": proto, "addr": addr, "dst": dst}
    made["port"], made["dport"] = (rest[0], rest[1]) if ports else (None, None)
    return _packet(made, "failure" if head["action"] in ("block", "reject") else "success")


def _packet(given: dict[str, str | None], outcome: str) -> Row:
    return {
        "event.dataset": "firewall",
        "event.action": "packet",
        "event.outcome": outcome,
        "source.address": given["addr"],
        "source.port": given["port"],
        "destination.ip": given["dst"],
        "destination.port": given["dport"],
        "network.transport": (given["proto"] or "").lower() or None,
    }
