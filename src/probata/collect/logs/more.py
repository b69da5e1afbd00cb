# ruff: noqa: E501  (a pattern is easier to check on one line)
"""Further services: file transfer, name servers, telephony, databases, remote desktops, firewalls, fail2ban."""

from __future__ import annotations

import re

from probata.collect.logs.patterns import UNKNOWN, Service, service

_IP = r"(?P<addr>[0-9A-Fa-f.:]+)"
_WS = r"(?P<addr>(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]+)"

_PROFTPD_HEAD = rf"^(?:\S+ )?\([^\s\[\]]*\[{_IP}\]\):? (?:- )?"

FTP: tuple[Service, ...] = (
    service(
        "proftpd",
        r"^proftpd$",
        [
            ("USER ", _PROFTPD_HEAD + r"(?:- )?USER (?P<user>.*): no such user found(?: from .*)?\s*$", "ftp_login"),
            ("USER ", _PROFTPD_HEAD + r"(?:- )?USER (?P<user>.*) \(Login failed\):.*$", "ftp_login"),
            ("USER ", _PROFTPD_HEAD + r"(?:- )?USER (?P<user>.*): Login successful\.?\s*$", "ftp_login", "success"),
            ("login attempt", _PROFTPD_HEAD + r"(?:SECURITY VIOLATION: (?P<user>\S+) login attempted\.?|Maximum login attempts \(\d+\) exceeded.*)\s*$", "ftp_login"),
            ("session", _PROFTPD_HEAD + r"FTP session (?:opened|closed)\.\s*$", "ftp_connection", None),
        ],
    ),
    service(
        "vsftpd",
        r"^vsftpd$",
        [
            ("LOGIN: ", r"^(?:\[pid \d+\] )?\[(?P<user>.*)\] FAIL LOGIN: Client \"<A>\"(?:, \".*\")?\s*$", "ftp_login"),
            ("LOGIN: ", r"^(?:\[pid \d+\] )?\[(?P<user>.*)\] OK LOGIN: Client \"<A>\"(?:, .*)?\s*$", "ftp_login", "success"),
            ("CONNECT: ", r"^(?:\[pid \d+\] )?CONNECT: Client \"<A>\"(?:, .*)?\s*$", "ftp_connection", None),
        ],
    ),
    service("pure-ftpd", r"^pure-ftpd$", [
        ("Authentication failed", r"^\([^\s@]*@<A>\) \[WARNING\] Authentication failed for user \[(?P<user>.*)\]\s*$", "ftp_login"),
        ("New connection", r"^\([^\s@]*@<A>\) \[INFO\] New connection from .*$", "ftp_connection", None),
        (" is now logged in", r"^\([^\s@]*@<A>\) \[INFO\] (?P<user>.*) is now logged in\s*$", "ftp_login", "success"),
    ]),
    service("gssftpd", r"^ftpd$", [("repeated login", r"^repeated login failures from <A> \(\S+\)$", "ftp_login")]),
    service("wuftpd", r"^wu-?ftpd$", [("failed login", r"^failed login from \S* ?\[<A>\]\s*$", "ftp_login")]),
)  # fmt: skip

_NAMED = rf"^(?:[\w-]+: )?(?:\w+: )?client (?:@0x[0-9a-f]+ )?{_IP}#<P>(?: \([^\s)]*\))?: (?:view [^\s:]+: )?"
_AST = r"^(?:\[[A-Z][a-z]{2} +\d+ [\d:]+\] )?(?:NOTICE|SECURITY|WARNING|ERROR|VERBOSE) ?\[\d+\](?:\[C-[0-9a-f]+\])?:? (?:[\w./]+\.c:?(?:\d+)?(?: in \w+| \w+)?:\s+|[\w./]+\.c:\s+|Ext\. [^:\"]*: ?|Ext\. [^\"]*)?"
_AST_HOST = r"(?P<addr>\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+|[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:.]{0,39}:[0-9A-Fa-f:.]{0,39})(?:(?<=[\w\]]):(?P<port>\d{1,5}))?"

NETWORK: tuple[Service, ...] = (
    service("named", r"^named$", [
        ("denied", _NAMED + r"(?:query(?: \(cache\))?|zone transfer|update|notify question section) '.*' denied(?: \(.*\))?$", "dns_denied"),
        ("bad zone", _NAMED + r"bad zone transfer request: '.*': non-authoritative zone \(NOTAUTH\)$", "dns_denied"),
        ("client ", _NAMED + r".*$", "dns_query", None),
    ]),
    service("nsd", r"^nsd$", [
        ("ratelimit", rf"^(?:info: )?ratelimit block .* query {_IP} TYPE\d+$", "dns_denied"),
        ("refused", rf"^(?:info: )?axfr for .* from (?:client )?{_IP} refused, no acl matches\.?$", "dns_denied"),
    ]),
    service(
        "asterisk",
        r"^asterisk$",
        [
            ("Registration from", _AST + rf"Registration from '.*' failed for '{_AST_HOST}' - .*$", "sip_login"),
            ("Request", _AST + rf"Request (?:'\w+' )?from '.*' failed for '{_AST_HOST}' \(callid: [^)]*\) - .*$", "sip_login"),
            ("Host ", _AST + rf"Host {_WS} (?:failed to authenticate as|failed MD5 authentication for) '(?P<user>[^']*)'.*$", "sip_login"),
            ("No registration", _AST + rf"No registration for peer '(?P<user>[^']*)' \(from {_WS}\)$", "sip_login"),
            ("Call ", _AST + rf"(?:anonymous: )?Call (?:from '[^']*' )?\((?:(?:TCP|UDP|TLS|WS|WSS):)?{_AST_HOST}\) to extension '.*' rejected because extension not found in context '[^']*'\.$", "sip_call"),
            ("hacking attempt", _AST + rf"hacking attempt detected '{_AST_HOST}'$", "sip_probe"),
            ("to authenticate", _AST + rf"{_WS} (?:failed to authenticate as|tried to authenticate with nonexistent user) '(?P<user>[^']*)'.*$", "sip_login"),
            ("SecurityEvent=", _AST + rf"SecurityEvent=\"(?:FailedACL|InvalidAccountID|ChallengeResponseFailed|InvalidPassword)\",.*?,RemoteAddress=\"IPV[46]/(?:UDP|TCP|TLS|WS|WSS)/{_WS}/(?P<port>\d+)\"(?:,.*)?$", "sip_login"),
            ("SecurityEvent=", _AST + rf"SecurityEvent=\"\w+\",.*?,RemoteAddress=\"IPV[46]/(?:UDP|TCP|TLS|WS|WSS)/{_WS}/(?P<port>\d+)\"(?:,.*)?$", "sip_event", UNKNOWN),
            ("Rejecting unknown", _AST + rf"\"?Rejecting unknown SIP connection from {_AST_HOST}\"$", "sip_probe"),
            ("handshake", _AST + r".*$", "sip_event", None),
        ],
        inner_head=True,
    ),
    service(
        "freeswitch",
        r"^freeswitch$",
        [
            ("from ", rf"^(?:[\d.]+% )?\[WARN(?:ING)?\] (?:\[SOFIA\] )?\[?sofia_reg\.c:\d+\]? (?:SIP auth (?:failure|challenge) \(\w+\) on sofia profile '[^']*' for \[(?P<user>.*)\] from ip|Can't find user \[.*\] from) {_WS}$", "sip_login"),
        ],
        inner_head=True,
    ),
    service("slapd", r"^slapd$", [
        ("ACCEPT", r"^(?P<session>conn=\d+) fd=\d+ ACCEPT from IP=<A>:<P> \(IP=.*\)$", "ldap_connection", None),
        ("err=49", r"^(?P<session>conn=\d+) op=\d+ RESULT tag=97 err=49 text=.*$", "ldap_login", "failure", "uses"),
        ("conn=", r"^(?P<session>conn=\d+) .*$", "ldap_event", None),
    ]),
    service("openvpn", r"^(?:ovpn-|openvpn).*$", [
        ("TLS Auth Error", rf"^{_IP}:<P> TLS Auth Error: .*$", "vpn_login"),
        ("TLS Error", rf"^(?:\S+/)?{_IP}:<P> TLS Error: .*$", "vpn_probe"),
        ("VERIFY ERROR", rf"^(?:\S+/)?{_IP}:<P> VERIFY ERROR: .*$", "vpn_login"),
        ("SIGUSR1", rf"^(?:\S+/)?{_IP}:<P> SIGUSR1\[soft,connection-reset\] received, .*$", "vpn_probe"),
        ("TLS Error", r"^TLS Error: .* from \[AF_INET6?\]<A>:<P>$", "vpn_probe"),
        ("AUTH_FAILED", rf"^(?:\S+/)?{_IP}:<P> .*AUTH_FAILED.*$", "vpn_login"),
        ("connection established", r"^TCP connection established with \[AF_INET6?\]<A>:<P>$", "vpn_connection", None),
        ("", rf"^(?:\S+/)?{_IP}:<P> .*$", "vpn_event", None),
    ]),
    service("dante", r"^(?:danted|sockd)$", [("authenticat", r"^info: block\(\d+\): tcp/accept \]: (?P<addr>(?:\d+\.){3}\d+)\.<P> \S+: error after reading \d+ bytes? in \d+ seconds?: .*$", "proxy_login"), ("could not access", r"^info: block\(\d+\): tcp/accept \]: (?P<addr>(?:\d+\.){3}\d+)\.<P> \S+: error after .*$", "proxy_login")]),
    service("haproxy", r"^haproxy$", [
        ("<NOSRV>", rf"^{_IP}:<P> \[[^\]]*\] \S+ \S*/<NOSRV> -1/-1/-1/-1/\+?\d* (?P<status>401) .*$", "web_login"),
        ("[", rf"^{_IP}:<P> \[[^\]]*\] \S+ \S+ [-+\d/]+ (?P<status>\d{{3}}) .*\"(?P<verb>[A-Z]+) (?P<url>\S+)(?: HTTP/[\d.]+)?\"?$", "http_request", None),
    ]),
    service("scanlogd", r"^scanlogd$", [(" to ", rf"^{_IP}(?::\d+)? to (?P<dst>[0-9A-Fa-f.:]+) ports .*, TOS .*$", "port_scan")]),
    service("xinetd", r"^xinetd$", [("FAIL", r"^FAIL: \S+ (?:address|libwrap|service_limit|per_source_limit) from=<A>$", "connection_denied")]),
    service("nrpe", r"^nrpe$", [("not allowed", r"^Host <A> is not allowed to talk to us!\s*$", "connection_denied")]),
    service("mysqld", r"^(?:mysqld|mariadbd|mysql)$", [
        ("Access denied", r"^(?:\d+ )?\[(?:Warning|Note|ERROR)\] (?:\[MY-\d+\] )?(?:\[\w+\] )?Access denied for user '(?P<user>[^']*(?:'[^@][^']*)*)'@'<A>'(?: \(using password: (?:YES|NO)\)| to database .*)?\s*$", "db_login"),
    ], inner_head=True),
    service("xrdp", r"^xrdp-sesman$", [("AUTHFAIL", r"^\[INFO ?\] AUTHFAIL: user=(?P<user>.*) ip=<A> time=\d+$", "rdp_login")]),
    service("screensharingd", r"^screensharingd$", [
        ("FAILED", r"^Authentication: FAILED :: User Name: (?P<user>.*) :: Viewer Address: <A> :: Type: .*$", "vnc_login"),
        ("SUCCEEDED", r"^Authentication: SUCCEEDED :: User Name: (?P<user>.*) :: Viewer Address: <A> :: Type: .*$", "vnc_login", "success"),
    ]),
    service("softether", r"^$", [("authentication failed", r"^(?:\[[^\]]*\] \([^)]*\) <SECURITY_LOG>: )?Connection \"CID-\d+\": User authentication failed\. The user name that has been provided was \"(?P<user>.*)\", from <A>\.$", "vpn_login")]),
    service("murmur", r"^(?:murmurd|mumble-server)$", [("Rejected connection", r"^\d* ?=> <\d+:(?P<user>.*)\(-1\)> Rejected connection from <A>:<P>: (?:Invalid server password|Wrong certificate or password for existing user)$", "voip_login")], inner_head=True),
    service("znc", r"^znc$", [
        ("failed to login", r"^\[(?P<user>[^\]]*)\] failed to login from <A>(?::<P>)?$", "irc_login"),
        (" ZNC from ", r"^\[(?P<user>[^\]]*)\] (?:dis)?connected (?:to|from) ZNC from <A>(?::<P>)?$", "irc_connection", None),
    ]),
    service(
        "fail2ban",
        r"^fail2ban(?:[.-]\w+)?$",
        [
            (" Ban ", r"^(?:fail2ban\.actions\s*(?:\[\d+\])?: )?(?:(?:NOTICE|WARNING|INFO)\s+)?\[recidive\] Ban <A>\s*$", "ban", UNKNOWN),
            (" Ban ", r"^(?:fail2ban\.actions\s*(?:\[\d+\])?: )?(?:(?:NOTICE|WARNING|INFO)\s+)?\[(?P<rule>[^\]]+)\] (?:Restore )?Ban <A>\s*$", "ban"),
            (" Unban ", r"^(?:fail2ban\.actions\s*(?:\[\d+\])?: )?(?:(?:NOTICE|WARNING|INFO)\s+)?\[(?P<rule>[^\]]+)\] Unban <A>\s*$", "unban", None),
            (" Found ", r"^(?:fail2ban\.filter\s*(?:\[\d+\])?: )?(?:(?:NOTICE|WARNING|INFO)\s+)?\[(?P<rule>[^\]]+)\] Found <A>(?: - .*)?\s*$", "found", UNKNOWN),
            (" Ignore ", r"^(?:fail2ban\.filter\s*(?:\[\d+\])?: )?(?:(?:NOTICE|WARNING|INFO)\s+)?\[(?P<rule>[^\]]+)\] Ignore <A>(?: by .*)?\s*$", "ignored", None),
        ],
    ),
    service("routeros", r"^system$", [("login failure", r"^,error,critical login failure for user (?P<user>.*) from <A> via \w+$", "login")]),
    service("stunnel", r"^stunnel$", [("peer did not", r"^LOG\d\[[\d:]+\]: SSL_accept from <A>:<P> : .*peer did not return a certificate$", "tls_probe")]),
)  # fmt: skip

_KERNEL = re.compile(
    r"(?:^|\s)IN=(?P<into>\S*) OUT=(?P<out>\S*) .*?\bSRC=(?P<addr>[0-9A-Fa-f.:]+) DST=(?P<dst>[0-9A-Fa-f.:]+) (?:.*? )?PROTO=(?P<proto>\w+)"
    r"(?: SPT=(?P<port>\d+) DPT=(?P<dport>\d+))?"
)
_ACTION = re.compile(r"\b(BLOCK|DROP|REJECT|DENY|DENIED|ACCEPT|ALLOW|AUDIT|LIMIT)\w*\b", re.IGNORECASE)


def firewall(message: str) -> dict[str, object] | None:
    """A line of the kernel's packet filter (iptables, nftables, ufw), or None.

    The kernel writes these fields itself; the prefix before ``IN=`` is what the administrator chose.
    """
    found = _KERNEL.search(message)
    if found is None:
        return None
    said = _ACTION.search(message[: found.start()])
    word = said[1].upper() if said else ""
    outcome = (
        "success" if word in ("ACCEPT", "ALLOW") else "failure" if word not in ("", "AUDIT") else UNKNOWN
    )
    return {
        "event.dataset": "firewall",
        "event.action": "packet",
        "event.outcome": outcome,
        "source.address": found["addr"],
        "source.port": found["port"],
        "destination.ip": found["dst"],
        "destination.port": found["dport"],
        "network.transport": found["proto"].lower(),
        "rule.name": message[: found.start()].strip()[:80] or None,
    }
