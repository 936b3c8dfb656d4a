"""Plays the scenarios with a real server, and compares what `bouncesight events` reads in its log with what was played."""

import collections
import json
import subprocess
import threading
import time

from .scenarios import SCENARIOS, SENDER_PEER, SILENT
from .stage_peer import SilentHost, StagePeer
from .submit import SENDER, submit
from .workspace import wait_until


def start_peers(kept=None):
    """The peers live as long as what is returned. Mail that comes back goes to `kept`, as (recipient, bytes)."""
    return [SilentHost(SILENT), StagePeer(SENDER_PEER, {}, kept),
            *(StagePeer(scenario.address, scenario.script) for scenario in SCENARIOS if scenario.script is not None)]


def play(servers, seconds=60):
    """Sends every scenario's messages to every server, and waits until all results are logged.

    A server has: kind ("exim" or "postfix"), name, log, port, lines(), results(), which counts the results of each
    recipient, and again(scenario) for the second event.
    """
    played = [(server, scenario, len(scenario.events(server.kind))) for server in servers for scenario in SCENARIOS]
    threads = [threading.Thread(target=_send_all, args=(server,)) for server in servers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + seconds
    _wait_for_results([(server, scenario.recipient, 1) for server, scenario, _ in played], deadline)
    for server, scenario, events in played:
        if events > 1:
            server.again(scenario)
    wanted = [(server, scenario.recipient, events) for server, scenario, events in played]
    _wait_for_results(wanted + [(server, SENDER, returned_mails(server.kind)) for server in servers], deadline)


def _send_all(server):
    for scenario in SCENARIOS:
        submit(server.port, scenario.sent_to)


def returned_mails(kind):
    return sum(event.outcome in ("bounced", "expired") for scenario in SCENARIOS for event in scenario.events(kind))


def _wait_for_results(wanted, deadline):
    """Waits in vain until the deadline only: what is missing then shows as an event that is missing."""
    def missing():
        results = {server: server.results() for server, _, _ in wanted}
        return [f"{recipient} in {server.name}" for server, recipient, count in wanted if results[server][recipient] < count]
    try:
        wait_until(lambda: not missing(), "results", max(0, deadline - time.monotonic()))
    except TimeoutError:
        print("no result in time for", ", ".join(missing()))


def read_events(binary, log, *options):
    printed = subprocess.run([binary, "events", "--format=jsonl", "--internal-relays=none", *options, log], check=True, capture_output=True).stdout
    return [json.loads(line) for line in printed.splitlines()]


def check_events(binary, server):
    """Prints every difference between the events that were played and those that bouncesight reads; True if there is none."""
    records = read_events(binary, server.log, "--skipped")
    events = [record for record in records if "outcome" in record]
    lines = server.lines()
    by_recipient = _by_recipient(events)
    good = _check_conservation(server, records, lines)
    right = 0
    for scenario in SCENARIOS:
        faults = list(_differences(scenario.events(server.kind), by_recipient.pop(scenario.recipient, []), scenario.address, lines))
        right += not faults
        if faults:
            print(f"FAIL  {server.name}: {scenario.name}", *faults, sep="\n      ")
    returned = by_recipient.pop(SENDER, [])
    if [event["outcome"] for event in returned] != ["delivered"] * returned_mails(server.kind):
        print(f"FAIL  {server.name}: {returned_mails(server.kind)} mails came back, read {len(returned)}")
        good = False
    for strange in by_recipient.values():
        print(f"FAIL  {server.name}: phantom events {strange}")
        good = False
    print(f"{'ok  ' if good and right == len(SCENARIOS) else 'FAIL'}  {server.name}: {right} of {len(SCENARIOS)} scenarios, {len(events)} events in {len(lines)} lines")
    return good and right == len(SCENARIOS)


def _by_recipient(events):
    """The events of each recipient, in order. Postfix' expiry names the message alone; each of ours has one recipient."""
    recipients = {event["queue_id"]: event["recipient"] for event in events if "queue_id" in event and "recipient" in event}
    grouped = collections.defaultdict(list)
    for event in events:
        grouped[event.get("recipient") or recipients.get(event.get("queue_id"))].append(event)
    return grouped


def _check_conservation(server, records, lines):
    """Lines read = events + lines skipped: every line is told of exactly once."""
    told = sorted(record["line"] for record in records)
    if told == list(range(1, len(lines) + 1)):
        return True
    print(f"FAIL  {server.name}: {len(lines)} lines, told of {len(told)}")
    return False


def _differences(expected, events, address, lines):
    if len(expected) != len(events):
        yield f"expected {len(expected)} events, read {len(events)}"
    for want, event in zip(expected, events):
        got = {key: event.get(key, "") for key in ("outcome", "cause", "code", "enhanced_code", "phase", "relay_ip")}
        fields = {"outcome": want.outcome, "cause": want.cause, "code": want.code or "", "enhanced_code": want.enhanced,
                  "phase": want.phase, "relay_ip": address if want.relay is True else want.relay or ""}
        wrong = [f"{key}: expected {fields[key]!r}, read {got[key]!r}" for key in got if fields[key] != got[key]]
        if want.text not in event.get("reply", ""):
            wrong.append(f"reply: {want.text!r} is not in {event.get('reply', '')!r}")
        yield from wrong
        if wrong:
            yield lines[event["line"] - 1].decode(errors="replace")
