"""JSON log lines: Suricata EVE, Zeek, Cowrie, journald, container runtimes, access logs and plain ECS."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from typing import Any, Protocol

import orjson

from probata.collect.logs.access import outcome, seconds
from probata.collect.logs.clock import Settle
from probata.collect.logs.columns import MESSAGE_LENGTH, Row, Unreadable
from probata.collect.logs.stamp import Heads, NoSuchDate

Object = Mapping[str, Any]


class Inner(Protocol):
    """Reads a text line that a JSON line wraps."""

    def parse(self, line: str, depth: int = 0) -> Row:
        """The event of the line."""
        ...


_HEADS = Heads()


def row(line: str, settle: Settle, inner: Inner | None) -> Row:
    """The event of one JSON object.

    Raises:
        Unreadable: not JSON, or no object with a time or an address.
    """
    try:
        value = orjson.loads(line)
    except orjson.JSONDecodeError:
        raise Unreadable("a line that begins like JSON and is none") from None
    made = event(value, settle, inner) if isinstance(value, dict) else None
    if made is None:
        raise Unreadable("a JSON object without a source address or a known layout")
    return made


def event(value: Object, settle: Settle, inner: Inner | None) -> Row | None:
    """The event of an object already parsed; None where its layout is not known."""
    wrapped = _wrapped(value, settle, inner)
    if wrapped is not None:
        return wrapped
    if isinstance(value.get("eventid"), str) and str(value["eventid"]).startswith("cowrie."):
        made: Row | None = _cowrie(value)
    elif "src_ip" in value and ("event_type" in value or "alert" in value):
        made = _suricata(value)
    elif "id.orig_h" in value:
        made = zeek(value)
    else:
        made = _generic(_flat(value))
    if made is None:
        return None
    _set_time(made, value, settle)
    return made


def _set_time(made: Row, value: Object, settle: Settle) -> None:
    given = made.pop("time", None)
    if given is None:
        given = _first(
            value, ("@timestamp", "timestamp", "time", "ts", "start_time", "datetime", "date", "time_local")
        )
    made["event.year_basis"] = "stated"
    moment = (
        seconds(given) if not isinstance(given, str) or re.fullmatch(r"\d{9,16}(?:\.\d+)?", given) else None
    )
    if moment is not None:
        made["@timestamp"], made["event.zone_basis"] = moment, "stated"
    elif isinstance(given, str):
        made["@timestamp"], made["event.year_basis"], made["event.zone_basis"] = text_time(given, settle)


_APACHE_TIME = re.compile(r"^\[?(\d\d)/(\w{3})/(\d{4}):(\d\d:\d\d:\d\d) ?([+-]\d{4})?\]?$")


def text_time(text: str, settle: Settle) -> tuple[int | None, str, str]:
    """UTC microseconds of a time written as text, and the bases of year and zone; None where it is of no known
    form."""
    local = _APACHE_TIME.match(text.strip())
    if local:
        text = f"{local[1]}-{local[2]}-{local[3]} {local[4]}"
    try:
        head = _HEADS.find(text.strip())
        if head is None:
            return None, "stated", "stated"
        stamp = head[0]
        if local and local[5]:
            sign = -1 if local[5][0] == "-" else 1
            stamp = stamp._replace(offset=sign * (int(local[5][1:3]) * 60 + int(local[5][3:])))
        return settle.utc(stamp)
    except NoSuchDate:
        return None, "stated", "stated"


def _wrapped(value: Object, settle: Settle, inner: Inner | None) -> Row | None:
    """Lines inside: container runtimes (``log``), journald (``MESSAGE``)."""
    if inner is None:
        return None
    if isinstance(value.get("MESSAGE"), str) and (
        "__REALTIME_TIMESTAMP" in value or "SYSLOG_IDENTIFIER" in value
    ):
        return _journal(value, inner)
    text = value.get("log")
    if isinstance(text, str) and ("stream" in value or "time" in value):
        try:
            made = inner.parse(text.rstrip("\r\n"), 1)
        except ValueError:
            return None
        if made.get("@timestamp") is None and isinstance(value.get("time"), str):
            made["@timestamp"], made["event.year_basis"], made["event.zone_basis"] = text_time(
                value["time"], settle
            )
        return made
    return None


def _journal(value: Object, inner: Inner) -> Row | None:
    host = str(value.get("_HOSTNAME") or "localhost").split()[0] if value.get("_HOSTNAME") else "localhost"
    program = re.sub(r"[^\w./+-]", "", str(value.get("SYSLOG_IDENTIFIER") or value.get("_COMM") or "unknown"))
    pid = str(value.get("SYSLOG_PID") or value.get("_PID") or "")
    tag = f"{program}[{pid}]" if pid.isdigit() else program
    try:
        made = inner.parse(f"Jan  1 00:00:00 {host} {tag}: {value['MESSAGE']}".replace("\n", " "), 1)
    except ValueError:
        return None
    moment = seconds(value.get("_SOURCE_REALTIME_TIMESTAMP") or value.get("__REALTIME_TIMESTAMP"))
    made |= {"@timestamp": moment, "event.year_basis": "stated", "event.zone_basis": "stated"}
    return made


def _secret(value: Any) -> str | None:
    """Passwords are never kept: a short hash tells whether two tries used the same one."""
    if value is None:
        return None
    return hashlib.sha256(str(value).encode("utf-8", "surrogatepass")).hexdigest()[:12]


_COWRIE = {
    "cowrie.login.failed": ("ssh_login", "failure"),
    "cowrie.login.success": ("ssh_login", "success"),
    "cowrie.session.connect": ("ssh_connection", "failure"),  # to a honeypot every connection is uninvited
    "cowrie.session.closed": ("ssh_closed", None),
    "cowrie.client.version": ("ssh_client", None),
    "cowrie.client.kex": ("ssh_client", None),
    "cowrie.command.input": ("command", None),
    "cowrie.command.failed": ("command", None),
    "cowrie.session.file_download": ("download", None),
    "cowrie.direct-tcpip.request": ("tunnel", None),
}


def _cowrie(value: Object) -> Row:
    kind = str(value["eventid"])
    action, result = _COWRIE.get(kind, (kind.removeprefix("cowrie."), None))
    if action.startswith("ssh_") and value.get("protocol") == "telnet":
        action = action.replace("ssh_", "telnet_")
    said = value.get("input") if action == "command" else value.get("message")
    return {
        "event.dataset": "cowrie",
        "event.action": action,
        "event.outcome": result,
        "source.address": _text(value.get("src_ip")),
        "source.port": value.get("src_port"),
        "destination.ip": _text(value.get("dst_ip")),
        "destination.port": value.get("dst_port"),
        "user.name": _text(value.get("username")),
        "user.secret_hash": _secret(value.get("password")),
        "session.id": _text(value.get("session")),
        "ssh.hassh": _text(value.get("hassh")),
        "user_agent.original": _text(value.get("version")),
        "host.name": _text(value.get("sensor")),
        "url.original": _text(value.get("url")),
        "message": None if kind.startswith("cowrie.login.") else (_text(said) or "")[:MESSAGE_LENGTH] or None,
    }


def _part(value: Object, name: str) -> Object:
    found = value.get(name)
    return found if isinstance(found, dict) else {}


def _suricata(value: Object) -> Row:
    kind = _text(value.get("event_type")) or "alert"
    alert, http, ssh, tls = (_part(value, name) for name in ("alert", "http", "ssh", "tls"))
    blocked = alert.get("action") == "blocked"
    return {
        "event.dataset": f"suricata.{kind}",
        "event.action": kind,
        "event.outcome": ("failure" if blocked else "unknown") if kind == "alert" else None,
        "source.address": _text(value.get("src_ip")),
        "source.port": value.get("src_port"),
        "destination.ip": _text(value.get("dest_ip")),
        "destination.port": value.get("dest_port"),
        "network.transport": (_text(value.get("proto")) or "").lower() or None,
        "rule.id": _text(alert.get("signature_id")),
        "rule.name": _text(alert.get("signature")),
        "url.original": _text(http.get("url")),
        "url.domain": _text(http.get("hostname")),
        "http.request.method": _text(http.get("http_method")),
        "http.response.status_code": http.get("status"),
        "user_agent.original": _text(http.get("http_user_agent"))
        or _text(_part(ssh, "client").get("software_version")),
        "ssh.hassh": _text(_part(_part(ssh, "client"), "hassh").get("hash")),
        "tls.client.ja3": _text(_part(tls, "ja3").get("hash")),
        "session.id": _text(value.get("flow_id")),
    }


def zeek(value: Object) -> Row:
    """A record of a Zeek log, JSON or TSV (fields by their Zeek names)."""
    if "status_code" in value or "uri" in value:
        status = value.get("status_code")
        extra: Row = {"event.dataset": "zeek.http", "event.action": "http_request"}
        known = isinstance(status, (int, str)) and str(status).isdigit()
        extra["event.outcome"] = outcome(int(str(status)[:3])) if known else None
    elif "auth_success" in value or "hassh" in value or "auth_attempts" in value:
        good = value.get("auth_success")
        result = "success" if good in (True, "T") else "failure" if good in (False, "F") else "unknown"
        extra = {"event.dataset": "zeek.ssh", "event.action": "ssh_login", "event.outcome": result}
    elif "query" in value:
        extra = {"event.dataset": "zeek.dns", "event.action": "dns_query"}
    else:
        refused = str(value.get("conn_state")) in ("S0", "REJ", "RSTOS0", "RSTRH", "SH", "SHR")
        extra = {
            "event.dataset": "zeek.conn",
            "event.action": "flow",
            "event.outcome": "failure" if refused else "unknown",
        }
    return extra | {
        "source.address": _text(value.get("id.orig_h")),
        "source.port": value.get("id.orig_p"),
        "destination.ip": _text(value.get("id.resp_h")),
        "destination.port": value.get("id.resp_p"),
        "network.transport": _text(value.get("proto")),
        "service.type": _text(value.get("service")),
        "session.id": _text(value.get("uid")),
        "url.original": _text(value.get("uri")) or _text(value.get("query")),
        "url.domain": _text(value.get("host")),
        "http.request.method": _text(value.get("method")),
        "http.response.status_code": value.get("status_code"),
        "http.response.body.bytes": value.get("response_body_len"),
        "http.request.referrer": _text(value.get("referrer")),
        "user_agent.original": _text(value.get("user_agent")) or _text(value.get("client")),
        "user.name": _text(value.get("username")),
        "ssh.hassh": _text(value.get("hassh")),
        "time": value.get("ts"),
    }


_NAMES: Mapping[str, tuple[str, ...]] = {
    "source.address": (
        "source.ip",
        "source.address",
        "src_ip",
        "srcip",
        "source_ip",
        "src",
        "remote_addr",
        "remote_ip",
        "client_ip",
        "clientip",
        "clienthost",
        "request.remote_ip",
        "request.client_ip",
        "request.remote_addr",
        "remoteaddr",
        "remote_address",
        "client_address",
        "remotehost",
        "c_ip",
        "remoteip",
        "ip",
        "peer_ip",
        "c-ip",
        "ip_address",
        "sourceipaddress",
        "attacker_ip",
        "client",
        "sa",
        "ipv4_src_addr",
        "srcaddr",
        "host",
    ),
    "source.port": (
        "source.port",
        "src_port",
        "srcport",
        "spt",
        "source_port",
        "remote_port",
        "request.remote_port",
        "clientport",
    ),
    "destination.ip": (
        "destination.ip",
        "dst_ip",
        "dstip",
        "dest_ip",
        "dst",
        "destination_ip",
        "da",
        "dstaddr",
        "ipv4_dst_addr",
    ),
    "destination.port": (
        "destination.port",
        "dst_port",
        "dstport",
        "dest_port",
        "dpt",
        "destination_port",
        "server_port",
    ),
    "network.transport": ("network.transport", "proto", "protocol", "transport"),
    "user.name": (
        "user.name",
        "user",
        "username",
        "remote_user",
        "user_id",
        "account",
        "login",
        "clientusername",
    ),
    "url.original": (
        "url.original",
        "request_uri",
        "uri",
        "url",
        "request.uri",
        "requestpath",
        "path",
        "url_path",
        "cs-uri-stem",
    ),
    "url.domain": ("url.domain", "http_host", "request.host", "vhost", "server_name", "requesthost"),
    "http.request.method": (
        "http.request.method",
        "request_method",
        "method",
        "request.method",
        "requestmethod",
        "verb",
    ),
    "http.response.status_code": (
        "http.response.status_code",
        "status",
        "status_code",
        "response",
        "downstreamstatus",
        "response_status",
    ),
    "http.response.body.bytes": (
        "http.response.body.bytes",
        "body_bytes_sent",
        "bytes_sent",
        "bytes",
        "size",
        "resp_size",
        "downstreamcontentsize",
    ),
    "http.request.referrer": (
        "http.request.referrer",
        "http_referer",
        "referer",
        "referrer",
        "request.headers.referer",
        "request_referer",
    ),
    "user_agent.original": (
        "user_agent.original",
        "http_user_agent",
        "user_agent",
        "useragent",
        "agent",
        "request.headers.user-agent",
        "request_user-agent",
    ),
    "event.action": ("event.action", "event_action", "action", "eventname", "event"),
    "event.outcome": ("event.outcome", "outcome"),
    "rule.name": ("rule.name", "signature"),
    "session.id": ("session.id", "session", "uid", "flow_id"),
}
"""ECS field by the names under which programs write it, best first."""


def _flat(value: Object, head: str = "", depth: int = 0) -> dict[str, Any]:
    """Names in lower case, nested objects joined by dots; lists give their first entry."""
    made: dict[str, Any] = {}
    for name, item in value.items():
        full = f"{head}{name}".lower()
        if isinstance(item, dict) and depth < 4:
            made.update(_flat(item, f"{full}.", depth + 1))
        elif isinstance(item, list):
            made[full] = item[0] if item and not isinstance(item[0], (dict, list)) else None
        else:
            made[full] = item
    return made


def mapped(flat: Object, mapping: Mapping[str, str]) -> Row:
    """Columns by an explicit mapping from ECS field to the file's own column name."""
    return {field: flat.get(column.lower()) for field, column in mapping.items()}


def _generic(flat: Object) -> Row | None:
    made: Row = {}
    for name, names in _NAMES.items():
        found = _first(flat, names)
        if found is not None:
            numeric = name.endswith(("port", "status_code", "bytes"))
            made[name] = found if numeric else _text(found)
    if made.get("source.address") is None:
        return None
    return completed(made, flat)


def completed(made: Row, flat: Object) -> Row:
    """Dataset, request line, action and outcome that follow from what is there."""
    request = _text(flat.get("request"))
    if request and " " in request and made.get("url.original") is None:
        verb, _, rest = request.partition(" ")
        made["http.request.method"], made["url.original"] = verb, rest.rsplit(" HTTP/", 1)[0]
    status = made.get("http.response.status_code")
    web = made.get("url.original") is not None or status is not None
    made["event.dataset"] = "http.access" if web else "json"
    if web:
        made.setdefault("event.action", "http_request")
        code = str(status).split(".")[0]
        if made.get("event.outcome") is None and code.isdigit():
            made["event.outcome"] = outcome(int(code[:4]))
    else:
        made.setdefault("event.action", "flow")
    _spoken(made, flat)
    if made.get("network.transport"):
        made["network.transport"] = str(made["network.transport"]).lower()
    return made


_FAILED = re.compile(
    r"^(?:login failed|failed login|unsuccessful \S+ authentication|authentication fail|"
    r"invalid (?:user|login|credential|password))",
    re.IGNORECASE,
)


def _spoken(made: Row, flat: Object) -> None:
    """A message that begins with a failed login makes the event one."""
    said = _text(flat.get("message")) or _text(flat.get("msg")) or ""
    if _FAILED.match(said):
        made["event.action"], made["event.outcome"] = "web_login", "failure"
    elif said:
        made.setdefault("message", said[:MESSAGE_LENGTH])


def _first(value: Object, names: tuple[str, ...]) -> Any:
    for name in names:
        found = value.get(name)
        if found is not None and found != "" and found != "-" and not isinstance(found, (dict, list)):
            return found
    return None


def _text(value: Any) -> str | None:
    if value is None or value == "" or value == "-" or isinstance(value, (dict, list)):
        return None
    return str(value)
