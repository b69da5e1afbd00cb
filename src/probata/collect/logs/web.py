# ruff: noqa: E501  (a pattern is easier to check on one line)
"""Web servers' error logs and web applications: Apache, nginx, lighttpd, roundcube and others."""

from __future__ import annotations

import re

from probata.collect.logs.columns import Row
from probata.collect.logs.patterns import UNKNOWN, Service, fill, service

_APACHE = re.compile(
    r"^(?:\[(?P<module>[\w-]*:?\w*)\] )?(?:\[pid (?P<pid>\d+)(?::tid \d+)?\] )?(?:\(\d+\)[^:\[\]]*: )?"
    r"\[(?:client|remote) (?P<addr>\[[0-9A-Fa-f:.%]+\]:\d+|[^\s\]]+)\] (?:\[client [^\s\]]+\] )?(?P<said>.*)$",
    re.DOTALL,
)
_APACHE_SILENT = re.compile(
    r"^\[[\w-]*:?\w*\] (?:\[pid (?P<pid>\d+)(?::tid \d+)?\] )?(?P<said>.*)$", re.DOTALL
)
_CODE = re.compile(r"^(?:AH\d{5}: )?")

_APACHE_ACTIONS: tuple[tuple[str, str, str], ...] = (
    (r"user (?P<user>.*) not found(?:: .*)?", "web_login", "failure"),
    (r"user (?P<user>.*): (?:authentication failure for|authorization failure for|password mismatch).*", "web_login", "failure"),
    (r"Authorization of user (?P<user>.*) to access .* failed, reason:.*", "web_login", "failure"),
    (r"client denied by server configuration: (?P<path>.*)", "http_denied", "failure"),
    (r"client used wrong authentication scheme.*", "web_login", "failure"),
    (r"(?:Digest: )?user .* in realm .* not found: .*", "web_login", "failure"),
    (r"(?:Digest: )?user (?P<user>.*): password mismatch: .*", "web_login", "failure"),
    (r"(?:Digest: )?invalid nonce .* received - hash is not .*", "web_login", "unknown"),
    (r"(?:Digest: )?(?:invalid qop|invalid nonce|realm mismatch|unknown algorithm|nonce|missing) .*", "web_login", "failure"),
    (r"ModSecurity: .*", "http_denied", "failure"),
    (r"(?:WAR|ERR) \[(?:Login denied for user|Could not retrieve user) \"?(?P<user>[^\"\]]*?)\"?(?: details)?\].*", "web_login", "failure"),
    (r"File does not exist: (?P<path>\S*).*", "http_missing", "failure"),
    (r"script .*not found or unable to stat.*|.*script not found or unable to stat.*", "http_missing", "failure"),
    (r"Got error 'Primary script unknown.*", "http_missing", "failure"),
    (r"(?:Invalid (?:URI|method) in request|invalid URI path|request failed:|Hostname .* provided via SNI|No hostname was provided|erroneous characters).*", "http_bad_request", "failure"),
    (r"/bin/\w+: (?:warning|error).*", "http_attack", "failure"),
)  # fmt: skip
_APACHE_RULES = tuple(
    (re.compile("^" + text + "$", re.DOTALL), act, out) for text, act, out in _APACHE_ACTIONS
)
_EVASIVE = "evasive"


def apache_error(message: str) -> Row | None:
    """A line of an Apache error log after its time: the client stands in a bracket before anything it chose."""
    found = _APACHE.match(message)
    if found is None:
        silent = _APACHE_SILENT.match(message)
        if silent is None:
            return None
        return {"event.dataset": "apache.error", "event.action": "http_server", "process.pid": silent["pid"]}
    row: Row = {"event.dataset": "apache.error", "source.address": found["addr"], "process.pid": found["pid"]}
    row["event.action"], row["event.outcome"] = "http_error", UNKNOWN
    said = _CODE.sub("", found["said"], count=1)
    for regex, action, outcome in _APACHE_RULES:
        match = regex.match(said)
        if match:
            row |= {"event.action": action, "event.outcome": outcome}
            row |= {k: v for k, v in fill(match, action, outcome).items() if v is not None}
            break
    if row["event.action"] == "http_denied" and _EVASIVE in (found["module"] or ""):
        row["event.outcome"] = UNKNOWN  # the rate limiter's own refusals, not an attempt on a protected place
    return row


_NGINX = re.compile(
    r"^\[(?P<level>\w+)\] (?P<pid>\d+)#\d+: (?:\*\d+ )?(?P<said>.*)$",
    re.DOTALL,
)
_NGINX_CLIENT = re.compile(
    r"^(?P<said>.*), client: (?P<addr>[0-9A-Za-z.:%\[\]_-]+), server: [^,]*"
    r'(?:, request: "(?P<request>(?:[^"\\]|\\.)*)")?(?:, subrequest: "[^"]*")?(?:, upstream: "[^"]*")?(?:, host: "(?P<host>[^"]*)")?'
    r'(?:, referrer: "[^"]*")?\s*$',
    re.DOTALL,
)
_NGINX_LOOSE = re.compile(
    r"^(?P<said>[^\"]*), client: (?P<addr>[0-9A-Za-z.:%\[\]_-]+), server: [^,]*(?P<request>)(?P<host>)(?:,.*)?$",
    re.DOTALL,
)
_NGINX_RULES = tuple(
    (re.compile(text, re.DOTALL), action, outcome)
    for text, action, outcome in (
        (r'^(?:PAM: )?user ["\'](?P<user>.*?)["\'](?:: password mismatch| was not found in .*|.*not authenticated: .*)', "web_login", "failure"),
        (r"^no user/password was provided for basic authentication", "web_login", "unknown"),
        (r"^access forbidden by rule", "http_denied", "failure"),
        (r"(?:limiting|delaying) (?:requests|connections)|^delaying request", "http_limited", "failure"),
        (r"\(2: No such file or directory\)|is not found|failed \(20: Not a directory\)", "http_missing", "failure"),
        (r"^SSL_(?:do_handshake|read)\(\) failed", "http_bad_request", "failure"),
        (r"client sent (?:invalid|too|plain|HTTP|duplicate|no)", "http_bad_request", "failure"),
    )
)  # fmt: skip


_NGINX_AT = re.compile(r", client: (?P<addr>[0-9A-Za-z.:%\[\]_-]+), server: ")
_IN_REQUEST = re.compile(r', request: "[^"]*"?$')


def _nginx_host(said: str) -> str | None:
    """The client of an error line; user, path and request may each hold a ", client:" of their own.

    One that stands inside a request is none. If several are left with different addresses, a user name decides for the
    last one (program text follows the name), and anything else leaves the source empty.
    """
    found = [m for m in _NGINX_AT.finditer(said) if not _IN_REQUEST.search(said[: m.start()])]
    hosts = {m["addr"] for m in found}
    if len(hosts) == 1 or (hosts and said.startswith(("user ", "PAM: user "))):
        return str(found[-1]["addr"])
    return None


def nginx_error(message: str) -> Row | None:
    """A line of an nginx error log after its time."""
    found = _NGINX.match(message)
    if found is None:
        return None
    row: Row = {"event.dataset": "nginx.error", "process.pid": found["pid"], "event.action": "http_server"}
    tail = _NGINX_CLIENT.match(found["said"]) or _NGINX_LOOSE.match(found["said"])
    if tail is None:
        return row
    row |= {
        "event.action": "http_error",
        "event.outcome": UNKNOWN,
        "source.address": _nginx_host(found["said"]),
    }
    row["url.domain"] = tail["host"] or None
    verb, _, rest = (tail["request"] or "").partition(" ")
    if rest:
        row["http.request.method"], row["url.original"] = verb, rest.rsplit(" HTTP/", 1)[0]
    for regex, action, outcome in _NGINX_RULES:
        match = regex.search(tail["said"])
        if match:
            row |= fill(match, action, outcome)
            break
    return row


ROUNDCUBE: Service = service(
    "roundcube",
    r"^roundcube$",
    [
        ("Login failed", r"^IMAP Error: (?:FAILED login|Login failed) for (?P<user>.*?)(?: against \S+)? from <A>(?:\([^)]*\))?(?:\.(?:(?! from ).)* in \S+\.php on line \d+.*|\. .* user=(?P=user)\.? in.*\.php on line \d+.*)$", "web_login"),
        ("Login failed", r"^IMAP Error: Login failed for (?P<user>.*)(?: against \S+)? from <A>(?:\([^)]*\))?(?:\. [A-Z]+.*)?$", "web_login"),
        ("Failed login", r"^(?:Failed|FAILED) login for (?P<user>.*)(?: against \S+)? from <A>(?:\([^)]*\))? in session \w+ \(error: -?\d+\)$", "web_login"),
        ("login for", r"^(?:Failed|FAILED) login for (?P<user>.*)(?: against \S+)? from <A>(?:\([^)]*\))?(?:\. .*)?$", "web_login"),
        ("Successful login", r"^Successful login for (?P<user>.*) \(ID: \d+\) from <A> in session \w+$", "web_login", "success"),
    ],
    strip=re.compile(r"^:? ?(?:<\w+> )?"),
)  # fmt: skip

WEB: tuple[Service, ...] = (
    service(
        "lighttpd",
        r"^lighttpd$",
        [
            ("IP: ", r"^(?:: )?\(?(?:http|mod)_auth\.c\.\d+\) (?:password doesn\'t match for .* username: (?P<user>.*?)|digest: auth failed.*|get_password failed),? IP: <A>$", "web_login"),
            ("attacker", r"^(?:: )?\(mod_fastcgi\.c\.\d+\) FastCGI-stderr: ALERT - .* \(attacker '<A>', file '[^']*'(?:, line \d+)?\)$", "http_attack"),
        ],
    ),
    service("suhosin", r"^suhosin$", [("attacker", r"^ALERT - .* \(attacker '<A>', file '[^']*'(?:, line \d+)?\)$", "http_attack")]),
    service("horde", r"^HORDE$", [("FAILED LOGIN", r"^\[error\] \[\w+\] FAILED LOGIN for (?P<user>\S+) \[<A>\](?: \(forwarded for \[\S+\]\))? to .*$", "web_login")]),
    service("froxlor", r"^froxlor$", [
        ("Login Action", r"^\[Login Action <A>\] (?:Unknown user '(?P<user>.*)' tried to login\.|User '.*' tried to login with wrong password\.)$", "web_login"),
        ("froxlor.", r"^froxlor\.WARNING: (?:User|Unknown user).*? tried to login.*\. \{\"source\":\"login\",\"action\":\"\d+\",\"user\":\"<A>\"\}.*$", "web_login"),
    ]),
    service("phpmyadmin", r"^phpmyadmin$", [("denied", r"^user denied: (?P<user>.*) \((?:mysql|allow|root|empty)-denied\) from <A>$", "web_login")]),
    service("webmin", r"^webmin$", [("login as", r"^(?:Invalid|Non-existent) login as (?P<user>.*) from <A>\s*$", "web_login")]),
    service("bitwarden", r"^Bitwarden-Identity$", [("Failed login", r"^\[Bit[\w.]+\] Failed login attempt(?:, 2FA invalid)?\. <A>$", "web_login")]),
    service("monit", r"^monit$", [
        ("access denied", r"^HttpRequest: access denied -- client \[?<A>\]?: (?:empty password|unknown user '(?P<user>.+)'|wrong password for user '.*')$", "web_login"),
        ("access denied", r"^HttpRequest: access denied -- client \[?<A>\]?: .*$", "web_login", UNKNOWN),
    ]),
)  # fmt: skip

DRUPAL: Service = service("drupal", r"^[\w.-]*(?:drupal|\.\w{2,})[\w.-]*$", [("Login attempt failed", r"^https?://[^|\s]+\|\d+\|user\|<A>\|(?:[^|]*\|)+?\d*\|(?:\d*\|)?Login attempt failed (?:for|from) (?P<user>[^|]*)\.$", "web_login")])  # fmt: skip
"""Tagged with the site's own name, so that its pattern of programs is wide: it is tried last."""
