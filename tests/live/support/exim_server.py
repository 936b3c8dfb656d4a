"""An Exim of our own, unpacked beside whatever mail server is installed: Debian's packages of the two exclude each other."""

import collections
import os
import pathlib
import re
import shutil
import subprocess

from .package import unpack_program
from .scenarios import ALIAS, ALIAS_OF
from .submit import submit
from .workspace import free_port, listens, skip, wait_until

USER = "Debian-exim"  # compiled in
PACKAGE = "exim4-daemon-light"

CONFIGURATION = r"""
exim_path = {binary}
spool_directory = {path}/spool
log_file_path = {path}/%s.log
pid_file_path = {path}/exim.pid
log_selector = {log_selector}
print_topbitchars = {raw_bytes}
primary_hostname = out.example.com
local_interfaces = 127.0.0.1
daemon_smtp_ports = {port}
disable_ipv6
keep_environment =
tls_advertise_hosts =
rfc1413_query_timeout = 0s
dns_retrans = 2s
dns_retry = 1
acl_smtp_rcpt = check_rcpt

begin acl
check_rcpt:
  defer   domains = later.example.com
          message = please try again later
  accept  domains = ! elsewhere.example.org
  deny    message = relay not permitted

begin routers
alias:
  driver = redirect
  domains = {alias_domain}
  data = {alias_of}
pipe:
  driver = accept
  domains = pipe.example.com
  transport = pipe
quota:
  driver = accept
  domains = quota.example.com
  transport = quota
nodir:
  driver = accept
  domains = nodir.example.com
  transport = nodir
remote:
  driver = dnslookup
  domains = ! local.example.com
  transport = smtp

begin transports
smtp:
  driver = smtp
  connect_timeout = 5s
  command_timeout = 5s
  data_timeout = 5s
  final_timeout = 5s
  hosts_try_fastopen =
  hosts_require_tls = ${{if match{{$domain}}{{{tls_domains}}}{{*}}{{}}}}
pipe:
  driver = pipe
  command = /bin/sh -c "exit ${{extract{{$local_part}}{{exit67=67 exit75=75 exit1=1}}{{$value}}}}"
  user = nobody
  return_output = false
quota:
  driver = appendfile
  file = {path}/box/full
  quota = 1K
  user = {user}
nodir:
  driver = appendfile
  file = {path}/missing/box
  create_file = anywhere
  no_create_directory
  user = {user}

begin retry
*.example.com * F,2h,1h
*.example.org * F,2h,1h
"""


def unpack_exim(workspace, package):
    """The path of the binary, which every user must reach: it runs itself again as its own user."""
    if os.statvfs(workspace.path).f_flag & os.ST_NOSUID or "NoNewPrivs:\t1" in pathlib.Path("/proc/self/status").read_text():
        skip("Exim needs its set-uid bit, which has no effect here")
    return unpack_program(package, workspace.path / "package", "usr/sbin/exim4")


def add_exim_user(workspace):
    """Into the test's own copy of /etc."""
    for name, entry in (("passwd", f"{USER}:x:64999:64999::/nonexistent:/bin/false\n"), ("group", f"{USER}:x:64999:\n")):
        with open(workspace.path / "etc" / name, "a") as table:
            table.write(entry)
    (workspace.path / "etc" / "exim4").mkdir(exist_ok=True)


class Exim:
    """Needs replace_etc() and add_exim_user(). TLS is required for the domains in `tls_domains`. raw_bytes: other bytes
    than ASCII's stand in the log as they are, not as octal escapes."""

    def __init__(self, workspace, name, binary, tls_domains, log_selector, raw_bytes=False):
        self.name, self.kind = name, "exim"
        self.path = workspace.path / name
        self.log = self.path / "main.log"
        (self.path / "box").mkdir(parents=True)
        (self.path / "spool").mkdir()
        (self.path / "box" / "full").write_text("x" * 2000)
        for folder in (self.path, self.path / "box", self.path / "spool", self.path / "box" / "full"):
            shutil.chown(folder, USER, USER)
        self.port = free_port()
        pattern = "^(?:" + "|".join(domain.replace(".", r"\.") for domain in tls_domains) + ")$"
        configuration = pathlib.Path("/etc/exim4") / f"{name}.conf"
        configuration.write_text(CONFIGURATION.format(
            alias_domain=ALIAS.partition("@")[2], alias_of=ALIAS_OF, binary=binary, path=self.path, port=self.port, user=USER, log_selector=log_selector,
            raw_bytes=raw_bytes, tls_domains=r"\N" + pattern + r"\N"))
        # Exim keeps its privileges only with a configuration that this file names.
        with open("/etc/exim4/trusted_configs", "a") as trusted:
            trusted.write(f"{configuration}\n")
        self._command = [binary, "-C", configuration]
        self._daemon = workspace.start(f"{name}-daemon", [*self._command, "-bdf"])
        wait_until(lambda: listens(self.port), f"{name} to listen")

    def again(self, scenario):
        """What is given up needs nothing more: without a retry rule the first failure is the last."""
        if not scenario.again:
            message = re.search(rf"(\S+) == {re.escape(scenario.recipient)}", self.log.read_text(errors="replace"))[1]
            subprocess.run([*self._command, "-q", message, message], check=True, timeout=60)
        elif scenario.again.outcome == "suspended":
            submit(self.port, scenario.recipient)

    def results(self):
        """How many results were logged for each recipient."""
        result = rb" (?:=>|->|\*\*|==|rejected RCPT) (?:[^\s@]+ )?<?([^\s<>:]+@[^\s<>:]+)"
        found = (re.search(result, line) for line in self.lines())
        return collections.Counter(match[1].decode(errors="replace") for match in found if match)

    def queue(self):
        """{message id: [recipients]} of what Exim holds, without those that are done."""
        listed = subprocess.run([*self._command, "-bp"], check=True, capture_output=True, text=True, timeout=60).stdout
        queue, recipients = {}, []
        for line in listed.splitlines():
            head = re.match(r" *\d+[mhd] +\S+ (\S+) <", line)
            if head:
                recipients = queue.setdefault(head[1], [])
            elif line.startswith("          "):
                recipients.append(line.strip())
        return queue

    def queue_ids(self):
        return set(self.queue())

    def waiting(self):
        return sum(len(recipients) for recipients in self.queue().values())

    def delete(self, message):
        subprocess.run([*self._command, "-Mrm", message], check=True, capture_output=True, timeout=60)

    def lines(self):
        return self.log.read_bytes().split(b"\n")[:-1] if self.log.exists() else []

    def stop(self):
        self._daemon.terminate()
        self._daemon.wait(timeout=10)
