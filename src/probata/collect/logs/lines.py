"""One text line to one event: head, tag, then the patterns of the program that wrote it."""

from __future__ import annotations

import re
from collections import OrderedDict

from probata.collect.logs import access, json_lines
from probata.collect.logs.apps import APP_FILES, APPS, odd_access, other_firewall
from probata.collect.logs.clock import Settle
from probata.collect.logs.columns import MESSAGE_LENGTH, Row, Unreadable, address
from probata.collect.logs.mail import DOVECOT, EXIM, OTHERS, POSTFIX, SENDMAIL
from probata.collect.logs.more import FTP, NETWORK, firewall
from probata.collect.logs.patterns import FAILURE, UNKNOWN, Pattern, Service, fill, may_begin
from probata.collect.logs.plain import HEADLESS, PLAIN
from probata.collect.logs.sshd import DROPBEAR, SSHD, failed_login, pam_failure
from probata.collect.logs.stamp import Heads, NoSuchDate, Stamp
from probata.collect.logs.web import DRUPAL, ROUNDCUBE, WEB, apache_error, nginx_error

SERVICES = (
    SSHD,
    DROPBEAR,
    POSTFIX,
    DOVECOT,
    EXIM,
    SENDMAIL,
    *OTHERS,
    ROUNDCUBE,
    *WEB,
    *FTP,
    *NETWORK,
    *APPS,
    DRUPAL,
)

LONGEST_TEXT = 16_384
"""Longest line that text patterns read; longer ones are rejected (JSON and access lines may be longer)."""

LONGEST_MESSAGE = 4096
"""Longest message that the patterns of a program are tried on. A longer one stays an event of its program,
without source: cut off, it could end in an address of the sender's choice, and whole, it could keep a pattern
busy for seconds."""

LINKS = 50_000
"""Processes whose address is remembered at a time."""

_PRIORITY = re.compile(r"^<(?:\d{1,3}|[A-Z])>(?P<version>1 )?")
_5424 = re.compile(
    r"^ (?P<host>\S+) (?P<prog>\S+) (?P<pid>\S+) \S+ "
    r"(?:-|(?:\[(?:[^\]\\\"]|\\.|\"(?:[^\"\\]|\\.)*\")*\])+)(?: \ufeff?(?P<msg>.*))?$", re.DOTALL
)  # fmt: skip
_TAG = re.compile(
    r"^\s*(?:<[\w.]+>\s+)?(?:(?P<host>[^\s\[\]()\"]+)\s+)??(?:kernel:\s+\[\s*[\d.]+\]\s+)?(?:@\S+\s+)?"
    r"(?P<tag>\[(?P<boxed>[A-Za-z][\w./+-]*)\](?:\[(?P<pid2>\d+)\])?:?"
    r"|(?P<prog>[A-Za-z/][\w./+-]*)(?:\((?P<sub>[^()\s]*)\)(?:<[^>\s]*>)?)?(?:\s*\[(?P<pid>\d+)\]:?|:))(?:\s+|$)(?P<msg>.*)$",
    re.DOTALL,
)
_ROUTEROS = re.compile(r"^\s*(?P<host>\S+) system(?P<msg>,[\w,]+ .*)$", re.DOTALL)
_REPEATED = re.compile(r"^message repeated (\d{1,6}) times: \[ ?(.*)\]$", re.DOTALL)
_LAST = re.compile(r"^last message (?:buffered |repeated )(\d{1,6}) times?$")
_CONTAINER = re.compile(r"^ ?(?:stdout|stderr) [FP] ")
_COMPOSE = re.compile(r"^[\w.-]+(?:-\d+|_\d+)? +\| ")
_POD = re.compile(r"^\[pod/[^\]]+\] ")


class Lines:
    """Reads the text lines of one file, in order, remembering what links one to the next."""

    def __init__(self, settle: Settle) -> None:
        self._settle = settle
        self._heads = Heads()
        self._inner = Heads()
        self._known: dict[str, Service | None] = {}
        self._fitting: dict[tuple[str, str], tuple[Pattern, ...]] = {}
        self._links: OrderedDict[tuple[str, ...], str] = OrderedDict()
        self._last: Row | None = None
        self._time: int | None = None

    def parse(self, line: str, depth: int = 0) -> Row:
        """The event of a line.

        Raises:
            Unreadable: the line is no event.
        """
        if line[:1] == "{":
            return json_lines.row(line, self._settle, self if depth == 0 else None)
        if '"' in line:
            row = access.slow(line, self._settle) or self._odd(line)
            if row is not None:
                return row
        if len(line) > LONGEST_TEXT:
            raise Unreadable("text line longer than 16384 characters")
        priority = _PRIORITY.match(line)
        text = line[priority.end() :] if priority else line
        try:
            head = self._heads.find(text)
        except NoSuchDate as error:
            raise Unreadable(str(error)) from None
        if head is None:
            return self._headless(text, depth)
        return self._timed(text, head, bool(priority and priority["version"]), depth)

    def _odd(self, line: str) -> Row | None:
        """Access lines that do not begin with the client."""
        row = odd_access(line)
        if row is not None:
            given = json_lines.text_time(row.pop("time"), self._settle)
            row["@timestamp"], row["event.year_basis"], row["event.zone_basis"] = given
        return row

    def link(self, key: tuple[str, ...], given: str | None) -> None:
        """Remember the address of a process or session; forget the oldest ones."""
        if given is None:
            self._links.pop(key, None)
            return
        self._links[key] = given
        self._links.move_to_end(key)
        if len(self._links) > LINKS:
            self._links.popitem(last=False)

    # ------------------------------------------------------------ lines with a time

    def _timed(self, text: str, head: tuple[Stamp, int, str], version: bool, depth: int) -> Row:
        stamp, end, form = head
        rest = text[end:]
        if depth == 0 and _CONTAINER.match(rest):
            return self.parse(_CONTAINER.sub("", rest, count=1), depth + 1)
        try:
            moment, year_basis, zone_basis = self._settle.utc(stamp)
        except NoSuchDate as error:
            raise Unreadable(str(error)) from None
        row = self._by_form(rest, form) or self._tagged(rest, version, form) or self._plain(rest)
        if row is None:
            raise Unreadable("the line has a time, but its message is of no known form")
        row["@timestamp"] = self._time = moment
        row["event.year_basis"], row["event.zone_basis"] = year_basis, zone_basis
        self._last = row
        return row

    def _by_form(self, rest: str, form: str) -> Row | None:
        if form == "error":
            return apache_error(rest.lstrip(" "))
        if form == "slash":
            return nginx_error(rest.lstrip(" "))
        cisco = rest.find("%ASA-")
        if 0 <= cisco < 80:
            return other_firewall("", rest[cisco:])
        return None

    def _tagged(self, rest: str, version: bool, form: str = "") -> Row | None:
        found = _5424.match(rest) if version else _TAG.match(rest)
        if found is None:
            return self._router(rest)
        groups = found.groupdict()
        program = groups.get("prog") or groups.get("boxed") or ""
        pid = groups.get("pid") or groups.get("pid2")
        message = (groups["msg"] or "").rstrip("\r")
        service = self._service(program)
        if service is None and not version and not (form == "syslog" and groups["host"] and groups["prog"]):
            row = self._plain(rest)
            if row is not None:
                return row
        if service is DOVECOT and program != "dovecot":
            message = f"{rest[found.start('tag') :]}".rstrip("\r")
        base: Row = {"host.name": groups["host"], "process.name": program, "process.pid": pid}
        return base | self._said(service, program, message, (groups["host"] or "", program, pid or ""))

    def _router(self, rest: str) -> Row | None:
        found = _ROUTEROS.match(rest)
        if found is None:
            return None
        row = self._said(self._service("system"), "system", found["msg"], ("", "", ""))
        return {"host.name": found["host"], "process.name": "system"} | row

    def _said(self, service: Service | None, program: str, message: str, key: tuple[str, str, str]) -> Row:
        """What a program's message says; a message of no known form is still an event of that program."""
        bare = message.removeprefix(f"{program}: ")
        repeated = _REPEATED.match(message)
        if repeated:
            return self._said(service, program, repeated[2].rstrip(), key) | {"event.count": int(repeated[1])}
        again = _LAST.match(message)
        if again and self._last is not None:
            return {**self._last, "event.count": int(again[1])}
        if len(message) > LONGEST_MESSAGE:
            name = service.name if service else "syslog"
            return {"event.action": None, "event.dataset": name, "message": message[:MESSAGE_LENGTH]}
        row = self._special(program, message) or self._of_service(service, message, key)
        if row is None and "uthentication failure" in message:
            row = pam_failure(bare)
            if row is not None and service is SSHD:
                # sshd itself reports the attempt; its PAM line would count it a second time
                row |= {"event.action": "ssh_pam", "event.outcome": UNKNOWN}
                self.link(key, row["source.address"])
        if row is None:
            row = {"event.action": None}
        row.setdefault("event.dataset", service.name if service else "syslog")
        row["message"] = message[:MESSAGE_LENGTH]
        return row

    def _special(self, program: str, message: str) -> Row | None:
        name = program.rsplit("/", 1)[-1].lower()
        if name == "kernel" or program.isupper():
            return firewall(message) if "SRC=" in message else None
        if name == "filterlog":
            return other_firewall(name, message)
        if program.lower().startswith(("httpd", "apache2")):
            return apache_error(message) or access.slow(message, self._settle)
        if name != "nginx":
            return None
        message = re.sub(r"^\S+ nginx: ", "", message)
        row = access.slow(message, self._settle)
        if row is not None:
            return row
        inner = self._inner_time(message)
        return nginx_error(inner[0].lstrip(" ")) if inner else None

    def _inner_time(self, message: str) -> tuple[str, Stamp] | None:
        message = _PRIORITY.sub("", message, count=1)
        try:
            head = self._inner.find(message)
        except NoSuchDate:
            return None
        return (message[head[1] :], head[0]) if head else None

    def _of_service(self, service: Service | None, message: str, key: tuple[str, ...]) -> Row | None:
        if service is None:
            return None
        if service.strip is not None:
            message = service.strip.sub("", message, count=1)
        if service.inner_head:
            inner = self._inner_time(message)
            if inner:
                message = inner[0].lstrip(" ")
                message = service.strip.sub("", message, count=1) if service.strip else message
        if service is SSHD and message.startswith("Failed "):
            row = failed_login(message, self._links.get(key))
            if row is not None:
                self._remember(key, row)
                return row
        word = (service.name, message.split(" ", 1)[0])
        fitting = self._fitting.get(word)
        if fitting is None:
            fitting = tuple(item for item in service.patterns if may_begin(item, word[1]))
            if len(self._fitting) < 10_000:
                self._fitting[word] = fitting
        return self._matched(fitting, message, key)

    def _matched(self, patterns: tuple[Pattern, ...], message: str, key: tuple[str, ...]) -> Row | None:
        for item in patterns:
            if item.hint not in message:
                continue
            found = item.regex.match(message)
            if found is None:
                continue
            row = _second(fill(found, item.action, item.outcome), found)
            session = row.get("session.id")
            self._connect(item, (*key, session) if session else key, row)
            return row
        return None

    def _connect(self, item: Pattern, key: tuple[str, ...], row: Row) -> None:
        if item.link == "uses":
            row["source.address"] = self._links.get(key)
            if row["source.address"] is None and row["event.outcome"] == FAILURE:
                row["event.outcome"] = (
                    UNKNOWN  # nothing to count it under: the next line of the process may tell
                )
        elif item.link == "fails":
            self.link(key, "failed")
        elif item.link == "ends":
            row["event.outcome"] = FAILURE if self._links.pop(key, None) else None
        elif item.link == "clears":
            self.link(key, None)
        else:
            self._remember(key, row)

    def _remember(self, key: tuple[str, ...], row: Row) -> None:
        if row.get("source.address") and key[-1]:
            host = address(row["source.address"])[0]
            if host:
                self.link(key, host)

    def _service(self, program: str) -> Service | None:
        if program not in self._known:
            fitting = [s for s in SERVICES if s.programs.match(program)]
            if len(self._known) > 10_000:
                self._known.clear()
            self._known[program] = fitting[0] if fitting else None
        return self._known[program]

    def _plain(self, rest: str) -> Row | None:
        """Formats without a tag; exim, lighttpd, roundcube and others write files of their own too."""
        text = rest.strip(" \r\t")
        if len(text) > LONGEST_MESSAGE:
            return None
        for name, patterns in _UNTAGGED:
            row = self._matched(patterns, text, ("", name, ""))
            if row is not None:
                return self._finish(name, row, text)
        for service in _ALSO_PLAIN:
            row = self._of_service(service, text, ("", service.name, ""))
            if row is not None:
                return self._finish(service.name, row, text)
        return None

    def _finish(self, name: str, row: Row, text: str) -> Row:
        row |= {"event.dataset": name, "message": text[:MESSAGE_LENGTH]}
        if row.get("event.outcome") == "squid":
            denied = row.get("http.response.status_code") in ("403", "405", "407", "400")
            row["event.outcome"] = FAILURE if denied else UNKNOWN
        return row

    # ------------------------------------------------------------ lines without a time

    def _headless(self, text: str, depth: int) -> Row:
        if depth == 0:
            for prefix in (_COMPOSE, _POD):
                found = prefix.match(text)
                if found:
                    return self.parse(text[found.end() :], depth + 1)
        found = _TAG.match(text)
        service = self._service(found["prog"] or "") if found else None
        if found and (service is not None or (found["prog"] or "") == "nginx") and found["pid"]:
            row = self._tagged(text, version=False)
            if row is not None:
                return row
        for name, patterns in _BARE if len(text) <= LONGEST_MESSAGE else ():
            row = self._matched(patterns, text.rstrip("\r"), ("", name, ""))
            if row is not None:
                row = self._finish(name, row, text)
                row["@timestamp"] = self._time
                return row
        raise Unreadable("no known time or format at the head of the line")


def _second(row: Row, found: re.Match[str]) -> Row:
    """Alternatives within one pattern carry numbered names."""
    for group, name in (
        ("addr2", "source.address"),
        ("port2", "source.port"),
        ("user2", "user.name"),
        ("known", "user.name"),
    ):
        value = found.groupdict().get(group)
        if value is not None:
            row[name] = value
    return row


_UNTAGGED = tuple((plain.name, plain.patterns) for plain in (*PLAIN, *APP_FILES))
_BARE = tuple((plain.name, plain.patterns) for plain in HEADLESS)
_ALSO_PLAIN = tuple(
    service
    for service in SERVICES
    if service.name in ("exim", "roundcube", "lighttpd", "asterisk", "freeswitch", "fail2ban", "nsd", "named")
)
