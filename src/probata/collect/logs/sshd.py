# ruff: noqa: E501  (a pattern is easier to check on one line)
"""OpenSSH, Dropbear and PAM: who tried to log in, from where.

Only ``ssh_login`` rows are attempts; the others (an unknown user, a closed connection) speak of the same attempt
again and are kept under actions of their own, so that one try is not counted three times.
"""

from __future__ import annotations

import re

from probata.collect.logs.columns import Row
from probata.collect.logs.patterns import FAILURE, UNKNOWN, Pattern, Service, fill, pattern, service

_TAIL = r"(?: \[preauth\])?\s*$"

_FAILED = re.compile(
    r"^Failed (?P<method>\S+) for (?P<bad>invalid user |illegal user )?(?P<user>.*?) from "
    r"(?P<addr>[0-9A-Za-z_.:%-]+)(?: port (?P<port>\d{1,5}))?(?: (?P<ssh>ssh\d?))?(?:: (?P<info>.*))?$",
    re.DOTALL,
)
_COMPLETE = re.compile(r"(?:^| )from ([0-9A-Za-z_.:%-]+) port (\d{1,5})(?: ssh\d?)?$")

_CLOSING = r"(?P<what>authenticating|invalid) user (?P<user>.*) <A> port <P>"

SSHD: Service = service(
    "sshd",
    r"^sshd(?:-\w+)?$",
    [
        ("Accepted ", r"^Accepted \S+ for (?P<user>.+) from <A> port <P>(?: ssh\d?)?(?:: .*)?$", "ssh_login", "success"),
        (" user ", r"^(?:Invalid|Illegal) user (?P<user>.*) from <A>(?: port <P>)?" + _TAIL, "ssh_invalid_user"),
        ("user from", r"^(?:Invalid|Illegal) user from <A>(?: port <P>)?" + _TAIL, "ssh_invalid_user"),
        ("not allowed because", r"^User (?P<user>.+) from <A> not allowed because .*$", "ssh_login"),
        ("PAM: ", r"^PAM: [Aa]uthentication (?:failure|error) for (?:(?:illegal|invalid) user )?(?P<user>.+) from <A>(?: via \S+)?\s*$", "ssh_pam"),
        ("PAM: ", r"^PAM: User not known to the underlying authentication module for (?:(?:illegal|invalid) user )?(?P<user>.+) from <A>(?: via \S+)?\s*$", "ssh_pam"),
        ("ROOT LOGIN", r"^ROOT LOGIN REFUSED FROM <A>(?: port <P>)?" + _TAIL, "ssh_login"),
        ("refused connect", r"^refused connect from .*\(<A>\)$", "ssh_refused"),
        ("maximum auth", r"^maximum authentication attempts exceeded for (?:invalid user )?(?P<user>.*) from <A> port <P>(?: ssh\d?)?" + _TAIL, "ssh_too_many"),
        ("Received disc", r"^Received disconnect from <A>(?: port <P>)?: ?3: .*Auth fail" + _TAIL, "ssh_disconnect"),
        ("Received disc", r"^Received disconnect from <A>(?: port <P>)?: ?\d+: .*\[preauth\]\s*$", "ssh_disconnect"),
        ("Received disc", r"^Received disconnect from <A>(?: port <P>)?: ?\d+: ?.*$", "ssh_disconnect", UNKNOWN),
        ("user ", r"^Disconnecting " + _CLOSING + r": (?:Too many authentication failures|Change of username or service not allowed: .*)" + _TAIL, "ssh_disconnect"),
        ("Disconnected from", r"^Disconnected from (?:" + _CLOSING + r"|(?:user (?P<known>.*) )?(?P<addr2>[0-9A-Za-z_.:%-]+)(?: port (?P<port2>\d+))?)" + _TAIL, "ssh_disconnect", UNKNOWN),
        ("Connection ", r"^Connection (?:closed|reset) by " + _CLOSING + r"(?: \[preauth\])\s*$", "ssh_closed"),
        ("Connection ", r"^Connection (?:closed|reset) by " + _CLOSING + r"\s*$", "ssh_closed", UNKNOWN),
        ("Connection ", r"^Connection (?:closed|reset) by <A>(?: port <P>)? \[preauth\]\s*$", "ssh_closed", UNKNOWN, "clears"),
        ("Connection ", r"^Connection (?:closed|reset) by <A>(?: port <P>)?\s*$", "ssh_closed", UNKNOWN, "clears"),
        ("Connection from", r"^Connection from <A>(?: port <P>)?(?: on \S+ port \d+.*)?$", "ssh_connection", None),
        ("identification string", r"^Did not receive identification string from <A>(?: port <P>)?" + _TAIL, "ssh_probe"),
        ("Bad protocol version", r"^Bad protocol version identification '.*' from <A>(?: port <P>)?" + _TAIL, "ssh_probe"),
        ("banner exchange", r"^banner exchange: Connection from <A>(?: port <P>)?: .*$", "ssh_probe"),
        ("ssh_dispatch_run_fatal", r"^ssh_dispatch_run_fatal: Connection from (?:" + _CLOSING + r"|(?P<addr2>[0-9A-Za-z_.:%-]+) port (?P<port2>\d+)): .*$", "ssh_probe"),
        ("Timeout before", r"^Timeout before authentication for (?:connection from )?<A>(?: port <P>|\.| to \S+)?(?:, pid = \d+)?\s*$", "ssh_probe"),
        ("Unable to negotiate", r"^Unable to negotiate with <A>(?: port <P>)?: no matching .*$", "ssh_probe"),
        ("maps to", r"^Address <A> maps to .*, but this does not map back to the address.*$", "ssh_reverse_name", UNKNOWN),
        ("getaddrinfo for", r"^reverse mapping checking getaddrinfo for .* \[<A>\] failed(?: - POSSIBLE BREAK-IN ATTEMPT!?)?\.?$", "ssh_reverse_name", UNKNOWN),
        ("Nasty PTR", r'^Nasty PTR record ".*" is set up for <A>, ignoring$', "ssh_reverse_name", UNKNOWN),
        ("Postponed", r"^Postponed \S+ for (?:invalid user )?(?P<user>.*) from <A> port <P>(?: ssh\d?)?" + _TAIL, "ssh_postponed", UNKNOWN),
        ("Remote: ", r"^SSH: Server;Ltype: \w+;Remote: <A>-<P>;.*$", "ssh_connection", None),
        ("drop connection", r"^drop connection #\d+ from \[<A>\]:<P> on .* (?:past MaxStartups|penalty: .*|Maxstartups)$", "ssh_refused"),
        ("Protocol major", r"^Protocol major versions differ for <A>(?: port <P>)?: .*$", "ssh_probe"),
        ("padding error", r"^padding error: .*$", "ssh_probe", FAILURE, "uses"),
        ("Starting session", r"^Starting session: .* for (?P<user>\S+) from <A> port <P> id \d+$", "ssh_session", None),
        ("Close session", r"^Close session: user (?P<user>\S+) from <A> port <P> id \d+$", "ssh_session", None),
        ("Too many auth", r"^Disconnecting: Too many authentication failures(?: for (?:invalid user )?(?P<user>.*?))?" + _TAIL, "ssh_disconnect", FAILURE, "uses"),
        ("Read from socket", r"^Read from socket failed: Connection reset by peer" + _TAIL, "ssh_probe", FAILURE, "uses"),
        ("kex_exchange_ident", r"^kex_exchange_identification: .*$", "ssh_probe", FAILURE, "uses"),
        ("Unable to negotiate", r"^Unable to negotiate a key exchange method" + _TAIL, "ssh_probe", FAILURE, "uses"),
        ("no matching", r"^no matching \S+ found: .*$", "ssh_probe", FAILURE, "uses"),
        ("input_userauth", r"^input_userauth_request: invalid user (?P<user>.*?)" + _TAIL, "ssh_invalid_user", UNKNOWN, "uses"),
        ("srclimit", r"^srclimit_penalise: ipv[46]: new <A>/\d+ .*$", "ssh_refused", UNKNOWN),
        ("not allowed because", r"^User (?P<user>.*) not allowed because .*$", "ssh_login", UNKNOWN, "uses"),
    ],
    strip=re.compile(r"^(?:kernel:\[[ \d.]+\]: )?(?:\[ID \d+ [\w.]+\] )?(?:error: |fatal: |warning: |info: )?"),
)  # fmt: skip


def failed_login(message: str, known: str | None) -> Row | None:
    """The row of a "Failed password for ..." message, or None where it is none.

    The name that a client gives may itself read "x from 1.2.3.4 port 5 ssh2: y". Where the line can be read in two
    ways with two addresses, the one that this process named before (``known``) decides; without it the source
    stays empty rather than wrong.
    """
    found = _FAILED.match(message)
    if found is None:
        return None
    row = fill(found, "ssh_login", FAILURE)
    if found["method"] == "publickey" and not found["bad"]:
        row["event.outcome"] = UNKNOWN  # an honest client offers its keys one after another
    rival = _COMPLETE.search(found["info"] or "")
    if rival and rival[1] != found["addr"]:
        return _settled(row, found, rival, known)
    return row


def _settled(row: Row, found: re.Match[str], rival: re.Match[str], known: str | None) -> Row:
    if known == found["addr"]:
        return row
    row["source.port"] = rival[2]
    row["source.address"] = rival[1]
    row["user.name"] = f"{found['user']} from {found['addr']}"
    if known != rival[1]:
        row["source.address"] = row["source.port"] = None
    return row


DROPBEAR: Service = service(
    "dropbear",
    r"^dropbear$",
    [
        ("password attempt", r"^[Bb]ad (?:PAM )?password attempt for '(?P<user>.*)' from <A>:<P>$", "ssh_login"),
        ("nonexistent user", r"^[Ll]ogin attempt for nonexistent user(?: '(?P<user>.*)')? from <A>:<P>$", "ssh_login"),
        ("Max auth", r"^Exit before auth \(user '.*', \d+ fails\): Max auth tries reached - user '(?P<user>.*)' from <A>:<P>$", "ssh_too_many"),
        ("Exit before auth from", r"^Exit before auth from <<A>:<P>>: (?:\(user '.*', \d+ fails\): )?Max auth tries reached - user '(?P<user>.*)'$", "ssh_too_many"),
        ("auth succeeded", r"^(?:Password|Pubkey|PAM password) auth succeeded for '(?P<user>.*)' (?:with .* )?from <A>:<P>$", "ssh_login", "success"),
        ("Child connection", r"^[Cc]hild connection from <A>:<P>$", "ssh_connection", None),
    ],
    strip=re.compile(r"^(?:\[\d+\] \w{3} [ \d]\d \d\d:\d\d:\d\d )?"),
)  # fmt: skip

_PAM_HEAD = re.compile(
    r"^(?:\[ID [^\]]*\] )?(?:\(?pam_\w+\)?(?:\([^)]*\))?:? )?(?:\[error\] )?"
    r"(?:PAM \d+ more )?[Aa]uthentication failures?; (?:logname=\S* uid=\S* euid=\S* tty=(?P<tty>\S*) )?ruser=(?P<rest>.*)$",
    re.DOTALL,
)
_PROXMOX: Pattern = pattern(
    "rhost=", r"^authentication failure; rhost=<A> user=(?P<user>.*) msg=.*$", "login"
)


def pam_failure(message: str) -> Row | None:
    """The row of a PAM authentication failure of any program, or None.

    PAM writes ``ruser=NAME rhost=HOST  user=NAME``: both names may hold blanks and "rhost=". Of the readings,
    the one with no blank in ``ruser`` is taken, unless the two names agree under another.
    """
    found = _PAM_HEAD.match(message)
    if found is None:
        other = _PROXMOX.regex.match(message)
        return fill(other, _PROXMOX.action, _PROXMOX.outcome) if other else None
    readings = list(_readings(found["rest"]))
    if not readings:
        return None
    agreeing = [r for r in readings if r[0] and r[0] == r[2]]
    simple = [r for r in readings if " " not in r[0]]
    ruser, host, user = (agreeing or simple or readings[-1:])[0]
    row: Row = {"event.action": "login", "event.outcome": FAILURE, "user.name": user or ruser or None}
    row["source.address"] = host or None
    return row


def _readings(rest: str) -> list[tuple[str, str, str | None]]:
    """Every way to cut ``NAME rhost=HOST[  user=NAME]``."""
    cuts: list[tuple[str, str, str | None]] = []
    place = rest.find("rhost=")
    while place >= 0 and len(cuts) < 16:
        before, after = rest[:place], rest[place + 6 :]
        tail = re.match(r"^(\S*?)(?: \[preauth\])?\s*(?:\s+user=(.*?))?\s*$", after, re.DOTALL)
        if tail and (before == "" or before.endswith(" ")):
            cuts.append((before[:-1] if before else "", tail[1], tail[2]))
        place = rest.find("rhost=", place + 1)
    return cuts
