"""Everything that can become of a message, told once for every mail server: what the peer does, what the resolver says,
and which event the log must give.

Each scenario has a domain of its own, and its peer an address of its own, so that no event can be taken for another's.
"""

import re
import typing

from .dns_server import SERVFAIL
from .network import REFUSING, UNREACHABLE
from .stage_peer import CLOSE, GARBLE, HANG
from .submit import SENDER

SILENT = "192.0.2.251"
FIRST_PEER = 10  # 192.0.2.10
SENDER_PEER = "192.0.2.5"  # takes the mail that comes back
GIVEN_UP = "example.net"  # the mail servers are set up to give up domains below this at their first failure
ALIAS, ALIAS_OF = "alias@alias.example.com", "user@an-alias-leads-to-an-unknown-recipient.example.com"
OWN_IP = "198.51.100.25"


class Expect(typing.NamedTuple):
    """What one event must say; an empty field must be absent from it. relay: it names the peer's address,
    or this one."""
    outcome: str
    cause: str = ""
    code: typing.Optional[int] = None
    enhanced: str = ""
    phase: str = ""
    relay: typing.Union[bool, str] = True
    text: str = ""   # stands somewhere in `reply`


def sent(**more):
    return Expect("delivered", code=250, enhanced="2.0.0", **more)


def deferred(cause, code=None, enhanced="", phase="", **more):
    return Expect("deferred", cause, code, enhanced, phase, **more)


def bounced(cause, code=None, enhanced="", phase="", **more):
    return Expect("bounced", cause, code, enhanced, phase, **more)


class Scenario:
    """exim and postfix change fields of `expect` where these servers see it differently, or name all events.

    peer is the script of the peer (StagePeer), host an address to use in place of a peer's; zone, with {peer} for the
    peer's address, replaces what the resolver says. again is the event of a second message, sent later.
    """

    def __init__(self, name, peer=None, expect=None, *, host=None, zone=None, recipient=None, sent_to=None, again=None,
                 parent="example.com", tls=False, exim=None, postfix=None):
        self.name, self.script, self.expect, self.again = name, peer, expect, again
        self.tls, self._own = tls, {"exim": exim, "postfix": postfix}
        self.domain = recipient.partition("@")[2] if recipient else f"{re.sub('[^a-z0-9]+', '-', name.lower()).strip('-')}.{parent}"
        self.recipient = recipient or f"user@{self.domain}"
        self.sent_to = sent_to or self.recipient
        self._host, self._zone = host, zone
        self.address = None  # given by number_peers

    def place(self, address):
        """The resolver's entries for this scenario, whose peer is at `address`."""
        self.address = self._host or address
        mx = f"mx.{self.domain}"
        zone = {self.domain: {"MX": [(10, mx)]}, mx: {"A": [self.address]}} if self._zone is None else self._zone
        return {name.format(domain=self.domain): _filled(entry, self.domain, self.address) for name, entry in zone.items()}

    def events(self, server):
        """The events that `server` must give for the recipient, in order."""
        own = self._own[server] or {}
        if isinstance(own, list):
            return own
        return [self.expect._replace(**own), *([self.again] if self.again else [])]


def _filled(entry, domain, address):
    if entry == SERVFAIL:
        return entry
    fill = {"domain": domain, "peer": address}
    return {kind: [(r[0], r[1].format(**fill)) if kind == "MX" else r.format(**fill) for r in records]
            for kind, records in entry.items()}


UNKNOWN_USER = "550 5.1.1 <user@example.com>: Recipient address rejected: User unknown in virtual mailbox table"
PIPELINING = "250-peer.example.com\n250-PIPELINING\n250 8BITMIME"
WITH_TLS = "250-peer.example.com\n250 STARTTLS"
SUSPENDED = Expect("suspended", "connect_refused", phase="connect")
REFUSED_TO_TALK = {"phase": "connect"}  # Postfix has the same words for a refused greeting and a refused EHLO
UNTOLD_CODE = {"code": None, "enhanced": ""}  # Exim logs its own words only
NO_HOST = {"relay": False}  # Exim does not name the host
UNROUTEABLE = {"cause": "user_unknown", "phase": ""}  # "Unrouteable address" is all that Exim says

SCENARIOS = [
    Scenario("Mail is taken", {}, sent()),
    Scenario("Mail is taken by a peer that pipelines", {"EHLO": PIPELINING}, sent()),
    Scenario("A peer without EHLO takes mail after HELO", {"EHLO": "502 5.5.1 Command not implemented"}, sent()),
    Scenario("The second MX takes what the first refuses", {}, sent(), zone={
        "{domain}": {"MX": [(10, "mx1.{domain}"), (20, "mx2.{domain}")]}, "mx1.{domain}": {"A": [REFUSING]}, "mx2.{domain}": {"A": ["{peer}"]}}),

    # The greeting.
    Scenario("The greeting is a 4xx", {"greeting": "421 4.3.2 Service not available: too many connections from your host"},
             deferred("too_many_connections", 421, "4.3.2", "connect")),
    Scenario("The greeting is a 5xx", {"greeting": f"554 5.7.1 Your host [{OWN_IP}] is blocked using zen.spamhaus.org"},
             bounced("ip_blocklisted", 554, "5.7.1", "connect"), postfix={"outcome": "deferred"}),
    Scenario("The greeting is a 5xx of many lines",
             {"greeting": "554-mx.example.com ESMTP\n554-Access denied, your host has a poor reputation.\n554 Ask your postmaster."},
             bounced("poor_reputation", 554, "", "connect"), postfix={"outcome": "deferred"}),
    Scenario("No greeting comes", {"greeting": HANG}, deferred("connection_lost", phase="connect")),
    Scenario("The connection is lost before the greeting", {"greeting": CLOSE}, deferred("connection_lost", phase="connect")),

    # EHLO.
    Scenario("EHLO is refused for now", {"EHLO": "421 4.7.0 Try again later, closing connection", "HELO": "421 4.7.0 Try again later"},
             deferred("try_later", 421, "4.7.0", "ehlo"), postfix=REFUSED_TO_TALK),
    Scenario("EHLO and HELO are refused", {"EHLO": "550 5.7.1 Your HELO name is not valid", "HELO": "550 5.7.1 Your HELO name is not valid"},
             bounced("rdns_helo", 550, "5.7.1", "ehlo"), postfix=REFUSED_TO_TALK),
    Scenario("No answer to EHLO comes", {"EHLO": HANG}, deferred("connection_lost", phase="ehlo")),
    Scenario("The connection is lost at EHLO", {"EHLO": CLOSE, "HELO": CLOSE}, deferred("connection_lost", phase="ehlo")),

    # TLS, which these domains require.
    Scenario("TLS is not offered", {}, deferred("tls_failure", phase="tls"), tls=True),
    Scenario("TLS is refused", {"EHLO": WITH_TLS, "STARTTLS": "454 4.7.0 TLS not available due to a temporary reason"},
             deferred("tls_failure", 454, "4.7.0", "tls"), tls=True, exim=UNTOLD_CODE),
    Scenario("The TLS handshake is broken", {"EHLO": WITH_TLS, "STARTTLS": GARBLE}, deferred("tls_failure", phase="tls"), tls=True),

    # MAIL FROM.
    Scenario("The sender is refused for now", {"MAIL": "450 4.7.1 Sender address rejected: rate limit exceeded, slow down"},
             deferred("rate_limited", 450, "4.7.1", "mail")),
    Scenario("The sender is refused", {"MAIL": "553 5.1.8 Sender address rejected: Domain not found"},
             bounced("sender_domain_invalid", 553, "5.1.8", "mail")),
    Scenario("The sender is refused by a peer that pipelines", {"EHLO": PIPELINING, "MAIL": "550 5.7.23 SPF validation failed",
                                                                "RCPT": "503 5.5.1 need MAIL", "DATA": "503 5.5.1 need MAIL"},
             bounced("spf_fail", 550, "5.7.23", "mail")),
    Scenario("No answer to MAIL comes", {"MAIL": HANG}, deferred("connection_lost", phase="mail")),
    Scenario("The connection is lost at MAIL", {"MAIL": CLOSE}, deferred("connection_lost", phase="mail")),

    # RCPT TO.
    Scenario("The recipient is greylisted", {"RCPT": "450 4.2.0 Recipient address rejected: Greylisted, please try again later"},
             deferred("greylisted", 450, "4.2.0", "rcpt")),
    Scenario("The mailbox is full", {"RCPT": "452 4.2.2 The mailbox is full"}, deferred("mailbox_full", 452, "4.2.2", "rcpt")),
    Scenario("The peer asks to slow down and hangs up", {"RCPT": "421 4.7.28 Too many messages from your address, rate limit exceeded, slow down"},
             deferred("rate_limited", 421, "4.7.28", "rcpt")),
    Scenario("The recipient is unknown", {"RCPT": UNKNOWN_USER}, bounced("user_unknown", 550, "5.1.1", "rcpt")),
    Scenario("The recipient is unknown to a peer that pipelines", {"EHLO": PIPELINING, "RCPT": UNKNOWN_USER, "DATA": "503 5.5.1 no valid recipients"},
             bounced("user_unknown", 550, "5.1.1", "rcpt")),
    Scenario("An alias leads to an unknown recipient", {"RCPT": UNKNOWN_USER}, bounced("user_unknown", 550, "5.1.1", "rcpt"),
             sent_to=ALIAS),
    Scenario("The recipient is unknown without an enhanced code", {"RCPT": "550 No such user here"}, bounced("user_unknown", 550, "", "rcpt")),
    Scenario("The recipient is unknown in many lines",
             {"RCPT": "550-5.1.1 The email account that you tried to reach does not exist.\n"
                      "550-5.1.1 Please try double-checking the address for typos.\n550 5.1.1 example - gsmtp"},
             bounced("user_unknown", 550, "5.1.1", "rcpt")),
    Scenario("The mailbox is disabled", {"RCPT": "550 5.2.1 The mailbox has been disabled"}, bounced("mailbox_disabled", 550, "5.2.1", "rcpt")),
    Scenario("The peer does not relay", {"RCPT": "554 5.7.1 <user@example.com>: Relay access denied"},
             bounced("relay_denied", 554, "5.7.1", "rcpt")),
    Scenario("Our address is listed", {"RCPT": f"554 5.7.1 Service unavailable; Client host [{OWN_IP}] blocked using zen.spamhaus.org"},
             bounced("ip_blocklisted", 554, "5.7.1", "rcpt")),
    Scenario("No answer to RCPT comes", {"RCPT": HANG}, deferred("connection_lost", phase="rcpt")),
    Scenario("The connection is lost at RCPT", {"RCPT": CLOSE}, deferred("connection_lost", phase="rcpt")),

    # DATA.
    Scenario("DATA is refused for now", {"DATA": "451 4.3.0 Temporary server error, please try again later"},
             deferred("remote_error", 451, "4.3.0", "data")),
    Scenario("DATA is refused", {"DATA": "554 5.7.1 Your host has a poor reputation"},
             bounced("poor_reputation", 554, "5.7.1", "data")),
    Scenario("No answer to DATA comes", {"DATA": HANG}, deferred("connection_lost", phase="data")),
    Scenario("The connection is lost at DATA", {"DATA": CLOSE}, deferred("connection_lost", phase="data")),

    # The end of the data.
    Scenario("The message is refused for now", {"END": "452 4.3.1 Insufficient system storage"},
             deferred("remote_storage_full", 452, "4.3.1", "end_of_data")),
    Scenario("The message is refused as spam", {"END": "554 5.7.1 Message rejected as spam"},
             bounced("spam_content", 554, "5.7.1", "end_of_data")),
    Scenario("The message is refused in many lines", {"END": "550-5.7.26 Unauthenticated email from example.com is not accepted due to\n"
                                                             "550-5.7.26 the domain's DMARC policy.\n550 5.7.26 Ask its administrator."},
             bounced("dmarc_fail", 550, "5.7.26", "end_of_data")),
    Scenario("The message is too large", {"END": "552 5.3.4 Message size exceeds fixed limit"},
             bounced("message_too_large", 552, "5.3.4", "end_of_data")),
    Scenario("No answer to the message comes", {"END": HANG}, deferred("connection_lost", phase="end_of_data")),
    Scenario("The connection is lost at the end of the message", {"END": CLOSE}, deferred("connection_lost", phase="end_of_data")),

    # Texts that would like to be something else.
    Scenario("A reply imitates the fields of a Postfix line", {"RCPT": '550 5.1.1 "x", relay=evil, dsn=2.0.0, status=sent (250 2.0.0 Ok) user unknown'},
             bounced("user_unknown", 550, "5.1.1", "rcpt", text="relay=evil")),
    Scenario("A reply imitates the fields of an Exim line",
             {"RCPT": "550 5.1.1 user unknown => x@example.org R=dnslookup T=smtp H=evil [203.0.113.66]: 250 Ok DT=9s C=\"250 2.0.0 Ok\""},
             bounced("user_unknown", 550, "5.1.1", "rcpt", text="H=evil")),
    Scenario("A reply imitates JSON and brackets", {"RCPT": '550 5.1.1 {"outcome":"delivered"} [203.0.113.66] <user@evil.example> (in reply to MAIL FROM command)) user unknown'},
             bounced("user_unknown", 550, "5.1.1", "rcpt", text='{"outcome":"delivered"}')),
    Scenario("A reply holds control characters", {"RCPT": b"550 5.1.1 user unknown\x1b[2J\x07\x00\x7f\tend"},
             bounced("user_unknown", 550, "5.1.1", "rcpt")),
    Scenario("A reply is very long", {"RCPT": "550 5.1.1 user unknown " + "x" * 400}, bounced("user_unknown", 550, "5.1.1", "rcpt")),
    Scenario("A reply is in UTF-8", {"RCPT": "550 5.1.1 用户不存在"}, bounced("user_unknown", 550, "5.1.1", "rcpt", text="用户不存在")),
    Scenario("A reply is in GB18030", {"RCPT": "550 5.1.1 用户不存在".encode("gb18030")},
             bounced("user_unknown", 550, "5.1.1", "rcpt", text="用户不存在"), postfix={"text": ""}),
    Scenario("A reply is not SMTP", {"RCPT": "what?"}, deferred("protocol_error", phase="rcpt"),
             postfix={"cause": "connection_lost"}),  # it takes the line for the first of many, and waits

    # No connection.
    Scenario("The connection is refused", None, deferred("connect_refused", phase="connect"), host=REFUSING, again=SUSPENDED,
             exim=[deferred("connect_refused", phase="connect", relay=False), Expect("suspended", "try_later", relay=False)]),
    Scenario("The queue is run too early", {"RCPT": "452 4.2.2 The mailbox is full"}, deferred("mailbox_full", 452, "4.2.2", "rcpt"),
             exim=[deferred("mailbox_full", 452, "4.2.2", "rcpt"), Expect("suspended", "try_later", relay=False)]),  # Postfix says nothing
    Scenario("There is no route to the host", None, deferred("host_unreachable", phase="connect"), host=UNREACHABLE, exim=NO_HOST),
    Scenario("The host is silent", None, deferred("connect_timeout", phase="connect"), host=SILENT, exim=NO_HOST),

    # DNS.
    Scenario("The domain does not exist", None, bounced("domain_not_found", phase="connect", relay=False), zone={}, exim=UNROUTEABLE),
    Scenario("The resolver fails", None, deferred("dns_failure", phase="connect", relay=False), zone={"{domain}": SERVFAIL}),
    Scenario("The domain takes no mail", None, bounced("domain_no_mail", phase="connect", relay=False), zone={"{domain}": {"MX": [(0, "")]}}),
    Scenario("The MX does not exist", None, bounced("domain_not_found", phase="connect", relay=False), zone={"{domain}": {"MX": [(10, "missing.{domain}")]}}),
    Scenario("The domain has no address", None, bounced("domain_not_found", phase="connect", relay=False), zone={"{domain}": {}}, exim=UNROUTEABLE),
    Scenario("The resolver fails for the MX", None, deferred("dns_failure", phase="connect", relay=False),
             zone={"{domain}": {"MX": [(10, "mx.{domain}")]}, "mx.{domain}": SERVFAIL}),

    # Giving up: the cause is that of the last try.
    Scenario("Mail to a full mailbox is given up", {"RCPT": "452 4.2.2 The mailbox is full"}, parent=GIVEN_UP,
             expect=deferred("mailbox_full", 452, "4.2.2", "rcpt"), again=Expect("expired", "mailbox_full", 452, "4.2.2", relay=False)),
    Scenario("Mail to a refusing host is given up", None, parent=GIVEN_UP, host=REFUSING,
             expect=deferred("connect_refused", phase="connect"), exim=NO_HOST, again=Expect("expired", "connect_refused", relay=False)),

    # Our own machine: users, pipes and mailboxes.
    Scenario("A local user is unknown", recipient="nobody-here@local.example.com", expect=bounced("user_unknown", relay=False)),
    Scenario("A pipe says that its user is unknown", recipient="exit67@pipe.example.com", expect=bounced("user_unknown", relay=False)),
    Scenario("A pipe asks to try later", recipient="exit75@pipe.example.com", expect=deferred("local_error", relay=False),
             postfix={"cause": "try_later"}),  # "temporary failure" is all that Postfix says
    Scenario("A pipe fails", recipient="exit1@pipe.example.com", expect=bounced("local_error", relay=False)),
    Scenario("A local mailbox is full", recipient="user@quota.example.com", expect=deferred("mailbox_full", relay=False),
             postfix={"outcome": "bounced"}),
    Scenario("A mailbox's directory is missing", recipient="user@nodir.example.com", expect=deferred("local_error", relay=False)),

    # What we refuse ourselves.
    Scenario("We do not relay", recipient="user@elsewhere.example.org", expect=Expect("rejected", "relay_denied", 554, "5.7.1", "rcpt", relay="127.0.0.1"),
             exim=UNTOLD_CODE),
    Scenario("We ask a client to try later", recipient="ask-later@later.example.com",
             expect=Expect("rejected", "try_later", 450, "4.7.1", "rcpt", relay="127.0.0.1"), exim=UNTOLD_CODE),
]


def place_scenarios():
    """Gives each peer its address; returns what the resolver must know."""
    domain = SENDER.partition("@")[2]
    zone = {domain: {"MX": [(10, f"mx.{domain}")]}, f"mx.{domain}": {"A": [SENDER_PEER]}}
    for number, scenario in enumerate(SCENARIOS, FIRST_PEER):
        zone.update(scenario.place(f"192.0.2.{number}"))
    return zone
