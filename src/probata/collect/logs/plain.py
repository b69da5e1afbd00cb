# ruff: noqa: E501  (a pattern is easier to check on one line)
"""Logs of programs that write their own files: no syslog tag, the message follows the time.

Which program wrote a line is told by the form of its time and the fixed text right behind it.
"""

from __future__ import annotations

from dataclasses import dataclass

from probata.collect.logs.patterns import UNKNOWN, Pattern, pattern

_IP = r"(?P<addr>(?:\d{1,3}\.){3}\d{1,3}|(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f.:]{0,39})"


@dataclass(frozen=True, slots=True)
class Plain:
    """A file format: its name and its patterns, which read what follows the time."""

    name: str
    patterns: tuple[Pattern, ...]


def _plain(name: str, *rows: tuple[str | None, ...]) -> Plain:
    return Plain(name, tuple(pattern(*row) for row in rows))  # type: ignore[arg-type]


PLAIN: tuple[Plain, ...] = (
    _plain(
        "vsftpd",
        ("LOGIN: ", r'^\[pid \d+\] \[(?P<user>.*)\] FAIL LOGIN: Client "<A>"(?:, ".*")?\s*$', "ftp_login"),
        ("LOGIN: ", r'^\[pid \d+\] \[(?P<user>.*)\] OK LOGIN: Client "<A>"(?:, .*)?\s*$', "ftp_login", "success"),
        ("CONNECT: ", r'^\[pid \d+\] CONNECT: Client "<A>"(?:, .*)?\s*$', "ftp_connection", None),
    ),
    _plain("mssql", (
        "Login failed", r"^Logon\s+Login failed for user '(?P<user>.*)'\. Reason: [^\[\]]*\. \[CLIENT: <A>\]\s*$", "db_login")),
    _plain("mysqld", (
        "Access denied",
        r"^(?:\d+ )?\[(?:Warning|Note|ERROR)\] (?:\[MY-\d+\] )?(?:\[\w+\] )?Access denied for user '(?P<user>.*)'@'<A>'(?: \(using password: (?:YES|NO)\)| to database '.*')?\s*$",
        "db_login")),
    _plain("mongodb",
        ("Failed to auth", r"^\[(?P<session>conn\d+)\] Failed to authenticate (?P<user>\S+) with mechanism .*$", "db_login", "unknown", "fails"),
        ("end connection", r"^\[(?P<session>conn\d+)\] end connection <A>:<P> \(\d+ connections? now open\)$", "db_closed", None, "ends"),
        ("connection accepted", r"^\[\w+\] connection accepted from <A>:<P> #\d+ \(\d+ connections? now open\)$", "db_connection", None)),
    _plain("ejabberd", (
        "Failed ", rf"^\[\w+\] <[\d.]+>@ejabberd_\w+:\w+:\d+ \(.*\) Failed (?:c2s \S+ )?authentication for (?P<user>\S+) from (?:IP )?{_IP}(?: \(.*\)|: .*)?$", "xmpp_login")),
    _plain("murmur", (
        "Rejected connection", r"^\d* ?=> <\d+:(?P<user>.*)\(-1\)> Rejected connection from <A>:<P>: .*$", "voip_login")),
    _plain("xrdp", ("AUTHFAIL", r"^\[INFO ?\] AUTHFAIL: user=(?P<user>.*) ip=<A> time=\d+$", "rdp_login")),
    _plain("znc",
        ("failed to login", r"^\[(?P<user>[^\]]*)\] failed to login from <A>(?::<P>)?$", "irc_login"),
        (" ZNC from ", r"^\[(?P<user>[^\]]*)\] (?:dis)?connected (?:to|from) ZNC from <A>$", "irc_connection", None)),
    _plain("groupoffice",
        ("LOGIN FAILED", r'^LOGIN FAILED for user: "(?P<user>.*)" from IP: <A>$', "web_login"),
        ("LOGIN SUCCESS", r'^LOGIN SUCCESS for user: "(?P<user>.*)" from IP: <A>$', "web_login", "success")),
    _plain("vaultwarden", (
        "IP: ", r"^\[vaultwarden::[\w:]+\]\[ERROR\] (?:Username or password is incorrect\. Try again\.|Invalid admin token[.!]|Invalid TOTP code! Server time: [-\d: ]+ UTC) IP: <A>(?:\. Username: (?P<user>.*?)\.?)?$", "web_login")),
    _plain("bitwarden", ("Failed login", r"^\[(?:WRN|Warning)\] Failed login attempt(?:, 2FA invalid)?\. <A>$", "web_login")),
    _plain("gitlab", ("Failed Login", r"^: Failed Login: username=(?P<user>.*) ip=<A>$", "web_login")),
    _plain("grafana", ("remote_addr=", r'^lvl=\w+ msg="?Invalid username or password"? .*remote_addr=<A>$', "web_login")),
    _plain("centreon", ("Authentication failed", r"^\|-?\d+\|\d+\|\d+\|\[WEB\] \[<A>\] Authentication failed for '(?P<user>.*)' : .*$", "web_login")),
    _plain("openwebmail", ("error", r"^- \[\d+\] \(<A>\) (?P<user>.*?) - (?:userinfo|login) error - .*$", "web_login")),
    _plain("monitorix",
        (" - [", r"^- (?:NOTEXIST|NOTALLOWED|AUTHERR) - \[<A>\] (?:File does not exist|Access not allowed|Authentication error): (?P<url>.*)$", "web_denied"),
        ("OK - [", r'^- OK - \[<A>\] "(?P<verb>[A-Z]+) .*$', "http_request", None)),
    _plain("monit",
        ("Client '", r"^error\s+: Warning: Client '<A>' supplied (?:unknown user '(?P<user>.*)'|wrong password for user '.*') accessing monit httpd$", "web_login"),
        ("access denied", r"^error\s+: HttpRequest: access denied -- client \[?<A>\]?: (?:empty password|unknown user '(?P<user>.+)'|wrong password for user '.*')$", "web_login")),
    _plain("squirrelmail", ("LOGIN_ERROR", r"^\[LOGIN_ERROR\] (?P<user>.*) \([^)]*\) from <A>: Unknown user or password incorrect\.$", "web_login")),
    _plain("horde", (
        "FAILED LOGIN", r"^HORDE \[error\] \[\w+\] FAILED LOGIN for (?P<user>\S+) \[<A>\](?: \(forwarded for \[\S+\]\))? to .*$", "web_login")),
    _plain("squid", ("/", rf"^\s*\d+ {_IP} [A-Z_]+/(?P<status>\d{{3}}) \d+ (?P<verb>[A-Z_]+) (?P<url>\S+) .*$", "http_request", "squid")),
    _plain("directadmin",
        ("failed login", r"^: '<A>' \d+ failed login attempts?\. (?:Invalid account|Account) '(?P<user>.*?)'(?: via '.*')?$", "web_login"),
        ("successful login", r"^: '<A>' successful login to '(?P<user>.*)' after \d+ attempts$", "web_login", "success")),
    _plain("assp",
        ("", rf"^(?:m1-\d+-\d+ )?(?:\[Worker_\d+\] )?(?:\[(?:SSL|TLS)-(?:out|in)\] )*{_IP} (?:SSL negotiation with client failed: .*|max sender authentication errors .*|\[SMTP Error\] 535 .*)$", "mail_login"),
        ("RelayAttempt", rf"^(?:m1-\d+-\d+ )?(?:\[Worker_\d+\] )?(?:\[(?:SSL|TLS)-(?:out|in)\] )*\[RelayAttempt\] {_IP} <[^>]*>.* relay attempt blocked for.*$", "mail_reject"),
        ("Blocking", rf"^Blocking {_IP} - too much AUTH errors \(\d+\);?$", "mail_login")),
    _plain("kerio",
        ("IP address", rf"^IP address {_IP} found in DNS blacklist .*$", "mail_reject"),
        ("from ", rf"^SMTP Spam attack detected from {_IP}, client .*$", "mail_probe"),
        ("Relay attempt", rf"^Relay attempt from IP address {_IP}, .*$", "mail_reject"),
        ("Attempt to deliver", r"^Attempt to deliver to unknown recipient <[^>]*>, from <[^>]*>, IP address <A>$", "mail_reject"),
        ("doesn't exist", r"^SMTP: User (?P<user>.*) doesn't exist\. Attempt from IP address <A>\.$", "mail_reject"),
        ("Client with", rf"^Client with IP address {_IP} has no reverse DNS entry, .*$", "mail_reject"),
        ("Administration", rf"^Administration login into .* from {_IP} failed: IP address not allowed$", "web_login"),
        ("Message from", rf"^Message from IP address {_IP}, sender <[^>]*> rejected: .*$", "mail_reject"),
        ("Failed ", rf"^Failed \w+ login from {_IP} with SASL method \S+\.?$", "mail_login")),
    _plain("3proxy", ("PROXY.", rf"^PROXY\.\d+ 000(?!00)\d\d (?P<user>\S+) {_IP}:<P> \S+ .*$|^PROXY\.\d+ 00[1-9]\d\d (?P<user2>\S+) (?P<addr2>[\d.]+):(?P<port2>\d+) \S+ .*$", "proxy_login")),
    _plain("domino",
        ("failed for user", r"^SMTP Server(?: \[[\w:-]+\])?: ?Authentication failed for user (?P<user>.*) ; connecting host \[?<A>\]?$", "mail_login"),
        ("failed for user", r"^SMTP Server \[[\w:-]+\] Authentication failed for user (?P<user>.*) ; connecting host \[?<A>\]?$", "mail_login"),
        ("authentication failure", rf"^smtp: (?P<user>.*) \[?{_IP}\]? authentication failure using internet password\s*$", "mail_login"),
        ("rejected", r"^SMTP Server \[[\w:-]+\] Connection from \[<A>\] rejected for policy reasons\..*$", "mail_reject")),
    _plain("guacamole", (
        "Authentication attempt", rf"^(?:\[[^\]]*\] WARN\s+\S+ - )Authentication attempt from {_IP} for user \"(?P<user>.*)\" failed\.$", "web_login")),
    _plain("portsentry", ("Blocked", rf"^Host: {_IP}/\S+ Port: (?P<dport>\d+) (?:TCP|UDP) Blocked$", "port_scan")),
    _plain("counter-strike", ("Bad Rcon", rf'^: Bad Rcon: "rcon .*" from "{_IP}:<P>"$', "game_login")),
    _plain("tine20", ("Login with", rf"^\w+ \(\d\): Tinebase_Controller::login::\d+ Login with username (?P<user>.*) from {_IP} failed \(-\d\)!$", "web_login")),
    _plain("stunnel", ("SSL_accept", rf"^LOG\d\[[\d:]+\]: SSL_accept from {_IP}:<P> : .*peer did not return a certificate$", "tls_probe")),
    _plain("softether", ("authentication failed", r'^(?:\S+\s+\[[^\]]*\] \([^)]*\) <SECURITY_LOG>: )?Connection "CID-\d+": User authentication failed\. The user name that has been provided was "(?P<user>.*)", from <A>\.$', "vpn_login")),
    _plain("nginx.access", ("client @", r"^client @0x[0-9a-f]+ <A>#<P> \([^)]*\): .* denied.*$", "dns_denied")),
    _plain("named", ("client ", rf"^(?:[\w-]+: )?(?:\w+: )?client (?:@0x[0-9a-f]+ )?{_IP}#<P>(?: \([^\s)]*\))?: (?:view [^\s:]+: )?(?:query(?: \(cache\))?|zone transfer|update) '.*' denied(?: \(.*\))?$", "dns_denied")),
    _plain("audit", ("addr=", r"^: (?:user )?pid=\d+ .* msg='op=(?:password|pubkey|PAM:authentication|PAM:bad_ident)[^']* acct=(?P<user>\"[^\"]*\"|[0-9A-F?]+) exe=\"[^\"]*\" hostname=\S+ addr=<A> terminal=\S+ res=failed'.*$", "login"),
        ("addr=", r"^: (?:user )?pid=\d+ .* msg='op=.* exe=\"[^\"]*\" hostname=\S+ addr=<A> terminal=\S+ res=\w+'.*$", "login", UNKNOWN)),
)  # fmt: skip

HEADLESS: tuple[Plain, ...] = (
    _plain("oracleims",
        ('mi="', r'^<co ts="[^"]*" pi="[^"]*" sc="[^"]*" dr="\+" ac="U" tr="TCP\|[^|"]*\|\d+\|(?P<addr>[^|"]+)\|(?P<port>\d+)" ap="[^"]*" mi="(?:Bad password|[^"]*[Ff]ail[^"]*)" us="(?P<user>[^"]*)" .*/>$', "mail_login"),
        ('mi="', r'^<co ts="[^"]*" pi="[^"]*" sc="[^"]*" dr="\+" ac="U" tr="TCP\|[^|"]*\|\d+\|(?P<addr>[^|"]+)\|(?P<port>\d+)" ap="[^"]*" mi="Authentication successful[^"]*" us="(?P<user>[^"]*)" .*/>$', "mail_login", "success")),
    _plain("guacamole",
        ("Authentication attempt", rf'^WARNING: Authentication attempt from {_IP} for user "(?P<user>.*)" failed\.$', "web_login")),
    _plain("guacamole",
        ("Authentication attempt", rf'^\d\d:\d\d:\d\d\.\d+ \[[^\]]*\] WARN\s+\S+ - Authentication attempt from {_IP} for user "(?P<user>.*)" failed\.$', "web_login")),
    _plain("asterisk",
        ("Registration from", r"^NOTICE\[\d+\]: chan_sip\.c:\d+ \w+: Registration from '.*' failed for '(?P<addr>[0-9.]+)(?::<P>)?' - .*$", "sip_login")),
    _plain("ejabberd",
        ("Failed auth", rf"^I\(<[\d.]+>:ejabberd_c2s:\d+\) : \(.*\) Failed authentication for (?P<user>\S+) from IP {_IP} \(.*\)$", "xmpp_login")),
)  # fmt: skip
"""Lines without a time of their own at the head; the time, where there is one, is that of the line before."""
