"""The join by queue id against a real queue: who sent it, what waits, and what `bouncesight trace` tells."""

import json
import re
import subprocess
import urllib.request

from .playing import read_events
from .submit import SENDER
from .workspace import wait_until

SAMPLE = re.compile(r'^(\w+)(?:\{(.*)\})? (\S+)$', re.MULTILINE)


def scrape(port, name, *labels):
    """{values of `labels`: sum} of a metric, straight from the program."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    sums = {}
    for metric, written, value in SAMPLE.findall(text):
        if metric == name:
            has = dict(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', written))
            key = tuple(has.get(label, "") for label in labels)
            sums[key] = sums.get(key, 0) + float(value)
    return sums


def check_waiting(port, server, moment):
    """What the program says that waits is what the server's queue holds. The queue stands still when this is called."""
    queued = server.waiting()
    try:
        wait_until(lambda: scrape(port, "bouncesight_waiting_recipients").get((), 0) == queued, "the queue and the metric to agree", 10)
    except TimeoutError:
        print(f"FAIL  {server.name}: {moment}: {queued} recipients in the queue, "
              f"waiting_recipients {scrape(port, 'bouncesight_waiting_recipients').get((), 0):g}")
        return False
    print(f"ok    {server.name}: {moment}: {queued} recipients wait")
    return True


def check_senders(binary, server):
    """Every result of ours has the sender and the client that handed the message in."""
    events = [event for event in read_events(binary, server.log) if event["outcome"] != "rejected"]
    faults = [event for event in events if event.get("sender") not in (SENDER, "<>") or
              (event["sender"] == SENDER and event.get("client_ip") != "127.0.0.1") or not event.get("size")]
    for event in faults[:5]:
        print("      ", event)
    print(f"{'FAIL' if faults else 'ok  '}  {server.name}: {len(events) - len(faults)} of {len(events)} results know their sender and size")
    return not faults


def trace(binary, what, *logs):
    printed = subprocess.run([binary, "trace", "--format=json", "--top=0", what, *logs], capture_output=True, text=True)
    return json.loads(printed.stdout)


def check_traces(binary, server):
    """A trace of each message gives the results that `events` gives, and an end where the queue holds it no more."""
    events, queue = {}, server.queue_ids()
    for event in read_events(binary, server.log):
        if event["outcome"] != "rejected" and event.get("queue_id"):
            events.setdefault(event["queue_id"], []).append((event["line"], event["outcome"]))
    faults = 0
    for queue_id, results in events.items():
        (message,) = [one for one in trace(binary, queue_id, server.log)["messages"] if one["queue_id"] == queue_id]
        told = [(step["line"], step["outcome"]) for step in message["steps"] if "outcome" in step]
        waits = any(one["waits"] for one in message["recipients"])
        if told != results or ("ended" not in message) != (queue_id in queue) or waits != (queue_id in queue):
            faults += 1
            print(f"FAIL  {server.name}: trace {queue_id}: {told} {message['recipients']}, played {results}, "
                  f"{'in' if queue_id in queue else 'not in'} the queue")
    print(f"{'FAIL' if faults else 'ok  '}  {server.name}: {len(events) - faults} of {len(events)} traces are what was played")
    return faults == 0
