"""A Postfix of our own: configuration, queue, data and log below one folder, listening on one loopback port."""

import collections
import json
import os
import re
import shutil
import subprocess

from .scenarios import ALIAS, ALIAS_OF
from .submit import submit
from .workspace import free_port, listens, wait_until

MAIN = """
compatibility_level = 3.6
queue_directory = {path}/queue
data_directory = {path}/data
maillog_file = {path}/mail.log
maillog_file_prefixes = /var, /dev/stdout, {path}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = out.example.com
mydestination = local.example.com
local_recipient_maps =
alias_maps =
virtual_alias_domains = {alias_domain}
virtual_alias_maps = inline:{{{{{alias} = {alias_of}}}}}
mail_spool_directory = {path}/spool
mynetworks = 127.0.0.0/8
relay_domains = texthash:{path}/etc/transport
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access inline:{{{{later.example.com = 450 4.7.1 please try again later}}}}
smtpd_peername_lookup = no
transport_maps = texthash:{path}/etc/transport
smtp_tls_policy_maps = texthash:{path}/etc/tls
# One attempt a message, unless the test asks for more.
queue_run_delay = 1h
minimal_backoff_time = 1h
maximal_backoff_time = 2h
smtp_connect_timeout = 5s
smtp_helo_timeout = 5s
smtp_starttls_timeout = 5s
smtp_mail_timeout = 5s
smtp_rcpt_timeout = 5s
smtp_data_init_timeout = 5s
smtp_data_xfer_timeout = 5s
smtp_data_done_timeout = 5s
smtp_quit_timeout = 5s
smtp_connection_cache_on_demand = no
# The transport "wary" gives a destination up after one failure, and suspends the rest.
wary_initial_destination_concurrency = 1
wary_destination_concurrency_limit = 1
"""

MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 1 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
wary unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
# Deliveries that fail here: a command that exits with 67 for exit67@…, a mailbox over its limit, one without a folder.
exit unix - n n - - pipe flags= user=nobody argv={path}/etc/exit ${{user}}
full unix - n n - - virtual -o virtual_mailbox_base={path}/box -o virtual_mailbox_limit=5000 -o message_size_limit=5000 {mailbox}
nodir unix - n n - - virtual -o virtual_mailbox_base={path}/missing {mailbox}
"""

MAILBOX = "-o virtual_mailbox_maps=static:mailbox -o virtual_uid_maps=static:65534 -o virtual_gid_maps=static:65534"


class Postfix:
    """transport is Postfix' map of that name, {domain: "TRANSPORT:NEXTHOP"}; without a next hop, the resolver tells it.
    To the domains in `encrypted`, TLS is required. `more` is for the end of main.cf, where it wins."""

    name = kind = "postfix"

    def __init__(self, workspace, transport, encrypted, more=""):
        self.path = workspace.path / "postfix"
        self.log = self.path / "mail.log"
        self.port = free_port()
        (self.path / "queue").mkdir(parents=True)
        (self.path / "data").mkdir()
        shutil.chown(self.path / "data", "postfix", "postfix")
        workspace.write("postfix/etc/main.cf", MAIN.format(path=self.path, alias=ALIAS, alias_domain=ALIAS.partition("@")[2], alias_of=ALIAS_OF) + more)
        workspace.write("postfix/etc/master.cf", MASTER.format(port=self.port, path=self.path, mailbox=MAILBOX))
        workspace.write("postfix/etc/exit", '#!/bin/sh\nexit "${1#exit}"\n').chmod(0o755)
        workspace.write("postfix/box/mailbox", "x" * 6000)
        for entry in (self.path / "box", self.path / "box" / "mailbox"):
            shutil.chown(entry, 65534, 65534)
        tls = {transport[domain].partition(":")[2] or domain: "encrypt" for domain in encrypted}
        for name, table in (("transport", transport), ("tls", tls)):
            workspace.write(f"postfix/etc/{name}", "".join(f"{key} {value}\n" for key, value in table.items()))
        self._run("postfix", "start")
        workspace.at_end(self.stop)
        wait_until(lambda: listens(self.port), "Postfix to listen")

    def stop(self):
        self._run("postfix", "stop", check=False)

    def send(self, recipient, messages=1):
        """smtp-source returns when Postfix has taken the messages; what becomes of them shows in the log."""
        subprocess.run(["smtp-source", "-f", "sender@ok.example.com", "-t", recipient, "-m", str(messages), "-s", "1",
                        f"127.0.0.1:{self.port}"], check=True, timeout=60)

    def again(self, scenario):
        """Brings the second event of a scenario about."""
        if scenario.again.outcome == "expired":
            self.expire(scenario.recipient)
        else:
            submit(self.port, scenario.recipient)

    def lines(self):
        return self.log.read_bytes().split(b"\n")[:-1]

    def results(self):
        """How many results were logged for each recipient. An expiry names only the message."""
        recipients, results = {}, collections.Counter()
        for line in self.lines():
            match = re.search(rb"(\w+): (?:to=<([^>]*)>.* status=|from=.* status=|reject: RCPT .* to=<(.*?)>)", line)
            if match:
                address = match[2] or match[3] or recipients.get(match[1], b"")
                recipients[match[1]] = address
                results[address.decode(errors="replace")] += 1
        return results

    def expire(self, recipient):
        """Gives up the queued message to `recipient`, with the reason that it had."""
        self.give_up(re.search(rf"(\w+): to=<{re.escape(recipient)}>", self.log.read_text(errors="replace"))[1])

    def give_up(self, queue_id):
        self._run("postsuper", "-f", queue_id)
        self._run("postqueue", "-i", queue_id)

    def queue(self):
        """{queue id: [recipients]} of what Postfix holds."""
        listed = self._run("postqueue", "-j")
        messages = [json.loads(line) for line in listed.splitlines() if line.startswith("{")]
        return {one["queue_id"]: [to["address"] for to in one["recipients"]] for one in messages}

    def queue_ids(self):
        return set(self.queue())

    def waiting(self):
        return sum(len(recipients) for recipients in self.queue().values())

    def hold(self, queue_id, held=True):
        self._run("postsuper", "-h" if held else "-H", queue_id)

    def requeue(self, *queue_ids):
        """Takes messages ("ALL" of them) in anew, each under another id, and waits until they stand where they stood: put off."""
        waiting, before = self.waiting(), self.queue_ids()
        number = len(before) if queue_ids == ("ALL",) else len(queue_ids)
        for queue_id in queue_ids:
            self._run("postsuper", "-r", queue_id)
        on_its_way = [self.path / "queue" / name for name in ("maildrop", "incoming", "active")]
        wait_until(lambda: self.waiting() == waiting and len(self.queue_ids() - before) == number and
                   not any(any(folder.iterdir()) for folder in on_its_way), "what was requeued to be put off again", 30)

    def delete(self, queue_id):
        self._run("postsuper", "-d", queue_id)

    def _run(self, program, *arguments, check=True):
        command = [program, "-c", str(self.path / "etc"), *arguments]
        result = subprocess.run(command, env={**os.environ, "MAIL_CONFIG": str(self.path / "etc")}, text=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
        if check and result.returncode != 0:
            log = self.log.read_text(errors="replace") if self.log.exists() else ""
            raise RuntimeError(f"{' '.join(command)}: exit {result.returncode}\n{result.stdout}{log}")
        return result.stdout
