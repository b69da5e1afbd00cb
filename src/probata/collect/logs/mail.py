# ruff: noqa: E501  (a pattern is easier to check on one line)
"""Mail servers: postfix, dovecot, exim, sendmail, courier, cyrus and smaller ones."""

from __future__ import annotations

import re

from probata.collect.logs.patterns import UNKNOWN, Service, service

_CLIENT = r"[^\s\[\]]*\[(?P<addr>[0-9A-Fa-f.:]+)\](?::<P>)?"
"""postfix: name[address]:port, where the name, checked by postfix, holds no bracket."""

POSTFIX: Service = service(
    "postfix",
    r"^postfix[\w.-]*(?:/[\w.-]+)+$",
    [
        ("SASL ", rf"^warning: {_CLIENT}: SASL \S+ authentication failed: Connection lost to authentication server.*$", "mail_login", UNKNOWN),
        ("SASL ", rf"^warning: {_CLIENT}: SASL \S+ authentication failed(?::.*?)?(?:, sasl_username=(?P<user>\S+))?\s*$", "mail_login"),
        ("reject: ", rf"^(?:\w+: )?(?:milter-)?reject: [\w-]+ from {_CLIENT}: .*$", "mail_reject"),
        ("from ", rf"^(?:\w+: )?(?:reject_warning|warn|filter|discard|redirect|hold): [\w-]+ from {_CLIENT}: .*$", "mail_reject", UNKNOWN),
        ("pipelining", rf"^(?:\w+: )?improper command pipelining after \S+ from {_CLIENT}:?.*$", "mail_probe"),
        ("too many errors", rf"^too many errors after \S+(?: \(.*\))? from {_CLIENT}$", "mail_probe"),
        (" after ", rf"^(?:\w+: )?(?:lost connection|timeout) after (?:AUTH|DATA|END-OF-MESSAGE|BDAT)(?: \(.*\))? from {_CLIENT}$", "mail_closed", UNKNOWN),
        (" after ", rf"^(?:\w+: )?(?:lost connection|timeout) after [\w-]+(?: \(.*\))? from {_CLIENT}$", "mail_closed"),
        ("disconnect", rf"^disconnect from {_CLIENT}(?: \w+=\d+(?:/\d+)?)*? auth=0/\d+(?: \w+=\d+(?:/\d+)?)*$", "mail_closed"),
        ("connect from", rf"^(?:dis)?connect from {_CLIENT}(?: \w+=\d+(?:/\d+)?)*$", "mail_connection", None),
        ("PREGREET", rf"^PREGREET \d+ after [\d.]+ from {_CLIENT}: .*$", "mail_probe"),
        ("HANGUP", rf"^HANGUP after [\d.]+ from {_CLIENT} in .*$", "mail_probe"),
        ("LIMIT", rf"^COMMAND (?:TIME|COUNT|LENGTH) LIMIT from {_CLIENT} after .*$", "mail_probe"),
        ("DNSBL", rf"^DNSBL rank \d+ for {_CLIENT}$", "mail_reject"),
        ("BARE NEWLINE", rf"^(?:BARE NEWLINE|NON-SMTP COMMAND|COMMAND PIPELINING) from {_CLIENT} after .*$", "mail_probe"),
        ("rate limit", rf"^warning: [\w ]+ (?:rate|count|connection) limit exceeded: \d+ from {_CLIENT} for service \S+$", "mail_probe"),
        ("limit exceeded", rf"^warning: [\w ]+ limit exceeded: \d+ from {_CLIENT} for service \S+$", "mail_probe"),
        ("does not resolve", r"^warning: hostname \S+ does not resolve to address <A>(?:: .*)?$", "mail_reverse_name"),
        ("non-SMTP", rf"^warning: non-SMTP command from {_CLIENT}: .*$", "mail_probe"),
        ("SSL_accept", rf"^SSL_accept error from {_CLIENT}: .*$", "mail_probe", UNKNOWN),
        ("client=", rf"^\w+: client={_CLIENT}(?:, sasl_method=\S+)?, sasl_username=(?P<user>.*)$", "mail_login", "success"),
        ("client=", rf"^\w+: client={_CLIENT}(?:, .*)?$", "mail_connection", None),
        ("[", r"^(?:DISCONNECT|PASS (?:NEW|OLD)|WHITELISTED|ALLOWLISTED|BLACKLISTED|DENYLISTED) \[<A>\]:<P>$", "mail_connection", None),
        ("CONNECT", r"^CONNECT from \[<A>\]:<P> to \[.*\]:\d+$", "mail_connection", None),
    ],
)  # fmt: skip

_RIP = r"(?:user=<(?P<user>.*)>, )?(?:method=[\w-]+, )?rip=(?P<addr>[0-9A-Fa-f.:]+)(?:,(?! rip=).*)?$"
_WORKER = r"^(?:(?:dovecot|auth|auth-worker)[^:]*: )?(?:(?:Info|Warning|Error|Debug): )?(?:conn unix:\S+ \([^)]*\): )?(?:auth(?:-worker)?[^:]*: )?(?:(?:Info|Warning): )?"

DOVECOT: Service = service(
    "dovecot",
    r"^(?:dovecot|(?:imap|pop3|managesieve|submission|sieve)-login|auth|auth-worker|dovecot-auth)$",
    [
        ("rip=", r"^(?:dovecot: )?[\w-]+-login: (?:Info: )?(?:Disconnected|Aborted login|Login aborted|Client has quit|Remote closed|Internal).*\((?:auth failed|tried to use dis\w+ |proxy dest auth failed|client didn't finish SASL|auth service reported)[^<>=]*\)(?: \(\w+\))?: " + _RIP, "mail_login"),
        ("rip=", r"^(?:dovecot: )?[\w-]+-login: (?:Info: )?(?:Disconnected|Aborted login|Login aborted|Client has quit|Remote closed|Internal).*\((?:no auth attempts|disconnected |tls_|client )[^<>=]*\)(?: \(\w+\))?: " + _RIP, "mail_closed", UNKNOWN),
        ("rip=", r"^(?:dovecot: )?[\w-]+-login: (?:Info: )?Login: " + _RIP, "mail_login", "success"),
        ("rip=", r"^(?:dovecot: )?[\w-]+-login: (?:Info: )?(?:Disconnected|Aborted login|Login aborted)[^<>=]*: " + _RIP, "mail_closed", UNKNOWN),
        ("): ", _WORKER + r"(?:pam|passwd-file|passwd|shadow|sql|ldap|checkpassword|imap|policy|static|bsdauth|gssapi|oauth2|lua|dict|vpopmail)\((?P<user>.*),(?P<addr>[0-9A-Fa-f.:]+)(?:,[^,)]*)*\): (?:pam_authenticate\(\) failed: .*|[Uu]nknown user.*|[Pp]assword mismatch.*|[Ii]nvalid credentials.*|Permission denied.*|.*[Aa]uthentication fail.*)$", "mail_auth"),
        ("mismatch", r"^auth\((?P<user>.*),(?P<addr>[0-9A-Fa-f.:]+),[^,)]*\)<[^>]*>: (?:Info: )?\w+: (?:[Pp]assword mismatch|[Uu]nknown user).*$", "mail_auth"),
        ("unknown user", r"^auth\((?P<user>.*),(?P<addr>[0-9A-Fa-f.:]+),[^,)]*\)<[^>]*>: (?:Info: )?\w+: (?:[Pp]assword mismatch|[Uu]nknown user).*$", "mail_auth"),
    ],
    inner_head=True,
)  # fmt: skip

_HOST = r"(?:[^\s(\[]\S* )?(?:\(\S*\) )?\[(?P<addr>[0-9A-Fa-f.:]+)\](?::<P>)?(?: I=\S+)?(?: Ci=\S+)?"  # exim: name (HELO) [address]:port I=[..]:25

EXIM: Service = service(
    "exim",
    r"^exim\d?$",
    [
        ("authenticator failed", rf"^\S+ authenticator failed for (?:H=)?{_HOST}(?: U=\S+)?(?: P=\S+)?(?: X=\S+)?: 535 (?:.* )?Incorrect authentication data(?:.*\(set_id=(?P<user>.*)\))?.*$", "mail_login"),
        ("sender verify", rf"^H={_HOST} sender verify (?:fail|defer) .*$", "mail_reject"),
        ("rejected", rf"^(?:H={_HOST} )(?:[A-Z]\w*=\S+ )*(?:F=(?:<[^>]*>|\S*) )?(?:A=\S+ )?(?:P=\S+ )?(?:temporarily )?rejected (?:[A-Z]+|by|after|during|during SMTP) .*$", "mail_reject"),
        ("rejected by", rf"^(?:F=(?:<[^>]*>|\S*) )?H={_HOST} (?:\S+=\S+ )*(?:temporarily )?rejected by \S+.*$", "mail_reject"),
        ("synchronization", rf"^SMTP protocol synchronization error \([^)]*\): rejected (?:connection from|\"[^\"]*\") H={_HOST}.*$", "mail_probe"),
        ("SMTP call", rf"^SMTP call from {_HOST} dropped: .*$", "mail_probe"),
        ("SMTP protocol error", rf"^SMTP protocol error in \".*\" H={_HOST} (?:AUTH command used when not advertised|\S+ authentication mechanism not supported).*$", "mail_login"),
        ("no MAIL", rf"^no MAIL in SMTP connection from {_HOST} (?:D=\S+|P=\S+|X=\S+|C=\S+|CV=\S+)(?: .*)?$", "mail_probe"),
        ("closed by DROP", rf"^SMTP connection from {_HOST} closed by DROP in ACL.*$", "mail_reject"),
        ("dropped by", rf"^H={_HOST} dropped by '\w+' ACL.*$", "mail_reject"),
        ("no host name", r"^no host name found for IP address <A>$", "mail_reverse_name", UNKNOWN),
        ("no IP address", rf"^no IP address found for host \S+ \(during SMTP connection from (?:H=)?{_HOST}\)$", "mail_reverse_name", UNKNOWN),
        ("SMTP connection", rf"^SMTP connection from {_HOST}(?: \(TCP/IP connection count = \d+\)| lost.*| closed by QUIT.*)?$", "mail_connection", None),
        ("unexpected disconnection", rf"^unexpected disconnection while reading SMTP command from {_HOST}.*$", "mail_closed", UNKNOWN),
        ("TLS error", rf"^TLS error on connection from {_HOST} .*$", "mail_probe", UNKNOWN),
        ("SA: Action", r"^SA: Action: (?:flagged as Spam but accepted|silently tossed message|rejected message|temporarily rejected message|permanently rejected message).*\(host=\S+ \[<A>\]\) for .*$", "mail_reject"),
    ],
    inner_head=True,
    strip=re.compile(r"^(?:\[\d+\]:? )?(?:[0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4} )?"),
)  # fmt: skip

_RELAY = r"(?:[^\s\[\],=]+\.? )?\[(?:IPv6:)?(?P<addr>[0-9A-Fa-f.:]+)\](?: \(may be forged\))?"

SENDMAIL: Service = service(
    "sendmail",
    r"^(?:sm-(?:mta|msp|acceptingconnections)[\w-]*|sendmail)$",
    [
        ("possible SMTP attack", rf"^(?:\w+: )?{_RELAY}: possible SMTP attack: command=AUTH.*$", "mail_login"),
        ("AUTH failure", rf"^(?:\w+: )?AUTH failure \([\w-]+\): .*?(?:, user=(?P<user>.*))?, relay={_RELAY}$", "mail_login"),
        ("reject=", rf"^(?:\w+: )?ruleset=check_\w+, arg1=[^,]*,(?: arg2=[^,]*,)? relay={_RELAY}, reject=.*$", "mail_reject"),
        ("rejecting commands", rf"^(?:\w+: )?rejecting commands from +{_RELAY} due to pre-greeting traffic.*$", "mail_probe"),
        ("[rejected]", rf"^(?:\w+: )?{_RELAY}: (?:expn|vrfy|EXPN|VRFY) .*\[rejected\]$", "mail_probe"),
        ("did not issue", rf"^(?:\w+: )?{_RELAY} did not issue \S+ during connection to \S+$", "mail_probe"),
        ("lost input channel", rf"^(?:\w+: )?lost input channel from {_RELAY} to \S+ after \S+$", "mail_probe", UNKNOWN),
        ("relay=", rf"^(?:\w+: )?from=<.*>, size=\d+, .*, relay={_RELAY}$", "mail_relay", UNKNOWN),
    ],
)  # fmt: skip

OTHERS: tuple[Service, ...] = (
    service(
        "courier",
        r"^(?:courier)?(?:imapd|pop3d|imapd?-ssl|pop3d?-ssl|imaplogin|pop3login|courierpop3login|courieresmtpd|courierimaplogin)(?:-ssl)?$",
        [
            ("LOGIN FAILED", r"^LOGIN FAILED, (?:user=(?P<user>.*)|method=\S+), ip=\[(?P<addr>[0-9A-Fa-f.:]+)\](?:, port=\[\d+\])?$", "mail_login"),
            ("535 ", r"^error,relay=(?P<addr>[0-9A-Fa-f.:]+),(?:port=<P>,)?msg=\"535 Authentication failed\.\",cmd: .*$", "mail_login"),
            ("550 ", r"^error,relay=(?P<addr>[0-9A-Fa-f.:]+),(?:port=<P>,)?(?:ident=[^,]*,)?from=<[^>]*>,to=<[^>]*>: 550 User .*unknown\.?$", "mail_reject"),
            ("Login", r"^Login (?:failed|excessive login failures|disabled) user=(?P<user>.*) auth=.* host=\S* ?\[(?P<addr>[0-9A-Fa-f.:]+)\]\s*$", "mail_login"),
            ("uwmaster", r"^Failed \S+ override of user=(?P<user>\S+)\s+host=\S* ?\[(?P<addr>[0-9A-Fa-f.:]+)\]\s*$", "mail_login"),
            ("badlogin", r"^badlogin: [^\[]*\[(?P<addr>[0-9A-Fa-f.:]+)\] .*SASL\(-13\).*$", "mail_login"),
        ],
    ),
    service(
        "cyrus",
        r"^(?:cyrus/\w+|imaps?|pop3s?|ipop3d|sieve|timsieved)$",
        [
            ("badlogin", r"^badlogin: [^\[]*\[(?P<addr>[0-9A-Fa-f.:]+)\] (?:\S+) (?P<user>[^\s\[]\S*)? ?\[?SASL\(-13\).*$", "mail_login"),
            ("badlogin", r"^badlogin: [^\[]*\[(?P<addr>[0-9A-Fa-f.:]+)\] .*(?:SASL\(-13\)|authentication failure).*$", "mail_login"),
            ("Login", r"^Login (?:failed|excessive login failures|disabled) user=(?P<user>.*) auth=.* host=\S* ?\[(?P<addr>[0-9A-Fa-f.:]+)\]\s*$", "mail_login"),
        ],
    ),
    service(
        "qmail",
        r"^(?:qmail|rblsmtpd|qmail-smtpd)$",
        [
            ("rblsmtpd", r"^(?:[\d.]+ )?rblsmtpd: <A> pid \d+ \S+ 4\d\d .*$", "mail_reject"),
            ("badiprbl", r"^(?:[\d.]+ )?qmail-smtpd: 4\d\d badiprbl: ip <A> rbl: .*$", "mail_reject"),
            (" blocked ", r"^\S+ blocked <A> \S+ -?.*$", "mail_reject"),
        ],
    ),
    service("solid-pop3d", r"^solid-pop3d$", [("", r"^(?:authentication failed|APOP authentication failed|root login not allowed|can't find APOP secret).* - <A>$", "mail_login")]),
    service("perdition", r"^perdition\S*$", [
        ("status=", r"^Auth: <A>:<P>->\S+ .*status=\"failed: [^\"]*\"$", "mail_login"),
        ("Fatal Error", r"^Fatal Error reading authentication information from client <A>:<P>->\S+: Exiting child$", "mail_login"),
    ]),
    service("sogo", r"^sogod$", [("Login from", r"^SOGoRootPage Login from '<A>(?:, [^']*)?' for user '(?P<user>.*)' might not have worked.*$", "web_login")]),
)  # fmt: skip
