"""T28 to T32: syslog by UDP into the real daemon: bursts that nobody can read in time, a stop with datagrams in the kernel,
ten thousand peers, and one peer that floods.

With --long it looks for the highest rate at which nothing is dropped, too; that is a figure and no guarantee.
"""

# runs alone

import pathlib
import signal
import socket
import sys
import time

from lab import SLOW, Failure, Lab, total

LONG = "--long" in sys.argv
SENT = 200_000
SIZE = 320  # of each datagram: the kernel cuts one large write into so many equal ones
BATCH = 100
UDP_SEGMENT = 103  # linux/udp.h


def line(number, domain):
    """A failure of `domain`, of SIZE bytes."""
    text = (f"<22>2026-11-21T18:00:00.{number % 1_000_000:06d}+00:00 mx1 postfix/smtp[1200]: {number:012X}: to=<user@{domain}>, "
            f"relay=mx.{domain}[192.0.2.7]:25, delay=1.5, delays=0.1/0.1/0.3/1, dsn=5.1.1, status=bounced (host mx.{domain}[192.0.2.7] "
            f"said: 550 5.1.1 no torture subject of this name ")
    return (text + "x" * (SIZE - len(text) - 1) + ")").encode()


class Relay(Lab):
    """The daemon with one syslog source."""

    def __init__(self, options=""):
        super().__init__()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.address = free.getsockname()
        head = self.config.read_text().split("sources:")[0]
        self.config.write_text(f'{head}sources:\n  - {{name: relay, type: syslog, listen: "udp://127.0.0.1:{self.address[1]}"{options}}}\n')

    def sender(self, host="127.0.0.1"):
        sender = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        sender.bind((host, 0))
        sender.connect(self.address)
        return sender

    def figures(self):
        """(what became of the datagrams, how many the kernel dropped, lines counted)"""
        samples = self.scrape(timeout=5) or {}
        results = {dict(labels)["result"]: value for (name, labels), value in samples.items()
                   if name == "bouncesight_syslog_datagrams_total"}
        return (results, total(samples, "syslog_kernel_drops_total"),
                total(samples, "source_lines_total", {("result", "counted")}))

    def settle(self, sent, seconds=30):
        """Waits until every datagram is accounted for; the three must agree then, and for good."""
        deadline = time.monotonic() + seconds * SLOW
        while True:
            results, drops, lines = self.figures()
            if sum(results.values()) + drops == sent or time.monotonic() > deadline:
                break
            time.sleep(0.05)
        time.sleep(0.3)  # would more come?
        results, drops, lines = self.figures()
        if sum(results.values()) + drops != sent or lines != results["accepted"]:
            raise Failure(f"{sent} sent, {results} received, {drops:.0f} dropped, {lines:.0f} lines counted\n{self.tail()}")
        return results, drops

    def resident(self):
        pages = pathlib.Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]
        return int(pages) * 4096

    def __enter__(self):
        self.start()
        self.wait_ready()
        return self

    def __exit__(self, *_):
        self.remove()


def send_many(sender, count, rate=None):
    """`count` datagrams, as fast as it goes or `rate` a second. Returns the seconds that it took."""
    sender.setsockopt(socket.IPPROTO_UDP, UDP_SEGMENT, SIZE)
    payloads = [b"".join(line(first + i, "shop.example.org") for i in range(BATCH)) for first in range(0, 1000, BATCH)]
    started = time.monotonic()
    for number in range(count // BATCH):
        sender.send(payloads[number % len(payloads)])
        ahead = number * BATCH / rate - (time.monotonic() - started) if rate else 0
        if ahead > 0.001:
            time.sleep(ahead)
    return time.monotonic() - started


def burst():
    """T29: to a reader that stands still, so that the kernel must drop; and to one that reads."""
    with Relay() as relay, relay.sender() as sender:
        before = relay.resident()
        relay.process.send_signal(signal.SIGSTOP)
        send_many(sender, SENT)
        relay.process.send_signal(signal.SIGCONT)
        results, drops = relay.settle(SENT)
        if drops == 0:
            raise Failure("nothing was dropped: this burst proves nothing")
        took = send_many(sender, SENT)
        _, all_drops = relay.settle(2 * SENT)
        grown = relay.resident() - before
        if grown > 32 * 1024 * 1024 and SLOW == 1:  # a sanitizer keeps what was freed
            raise Failure(f"memory grew by {grown / 1048576:.0f} MiB")
        return (f"reader standing still: {results['accepted']:.0f} received + {drops:.0f} dropped = {SENT} sent; reading: "
                f"{SENT} in {took:.2f} s, {all_drops - drops:.0f} dropped; memory +{grown / 1048576:.1f} MiB")


def highest_rate():
    """T29: a figure for this machine, on which the sender takes its share."""
    best = 0
    with Relay() as relay, relay.sender() as sender:
        sent = drops = 0
        for rate in (50_000, 100_000, 150_000, 200_000, 250_000, 300_000, 400_000, 500_000, 600_000, 800_000, 1_000_000):
            count = rate * 3
            took = send_many(sender, count, rate)
            sent += count
            before, drops = drops, relay.settle(sent)[1]
            if drops > before or took > 3.3:
                break
            best = rate
    return f"nothing dropped for 3 s at up to {best} datagrams a second of {SIZE} bytes"


def stop_with_full_buffers():
    """T28: what the kernel holds when the daemon is told to end is counted before it ends."""
    count = BATCH * max(1, int(100 / SLOW))  # the daemon takes 0.4 s for them, and not longer
    with Relay() as relay, relay.sender() as sender:
        relay.process.send_signal(signal.SIGSTOP)
        send_many(sender, count)
        relay.process.send_signal(signal.SIGTERM)
        took = relay.stop(signal.SIGCONT)
        relay.start()
        relay.wait_ready()
        lines = relay.figures()[2]
        if lines != count:
            raise Failure(f"{count} datagrams were in the kernel, {lines:.0f} are counted")
        return f"{count} datagrams in the kernel at SIGTERM, all counted, {took:.2f} s"


def ten_thousand_peers():
    """T31: half of them listed; with a rate limit, so that peers are remembered."""
    with Relay(", allow: [127.0.0.0/16], rate_limit: 10") as relay:
        before = relay.resident()
        for number in range(10_000):
            with relay.sender(f"127.{number % 2}.{number // 2 % 250}.{number // 500 + 1}") as sender:
                sender.send(line(number, "club.example.net"))
                sender.send(line(number, "club.example.net"))
            if number % 1000 == 999:
                relay.settle(2 * (number + 1))
        results, _ = relay.settle(20_000)
        grown = relay.resident() - before
        if results["denied"] != 10_000 or results["accepted"] != 10_000:
            raise Failure(str(results))
        if any("127." in value for _, labels in relay.scrape() for _, value in labels):
            raise Failure("a series by peer")
        if grown > 8 * 1024 * 1024 and SLOW == 1:
            raise Failure(f"memory grew by {grown / 1048576:.1f} MiB")
        return f"10,000 peers, 10,000 datagrams refused and 10,000 counted, no series by peer, memory +{grown / 1048576:.1f} MiB"


def flood():
    """T32: one peer sends fifty times what it may, two others half of it."""
    seconds = 20 if LONG else 5
    rate = max(60, int(500 / SLOW))  # a flood that cannot be read in time would be the kernel's to drop, whoever sent it
    with Relay(f", rate_limit: {rate}") as relay:
        sent = others = 0
        with relay.sender("127.0.0.2") as flooding, relay.sender("127.0.0.3") as first, relay.sender("127.0.0.4") as second:
            started = time.monotonic()
            for tick in range(seconds * 100):
                for number in range(rate // 2):
                    flooding.send(line(number, "bank.example.com"))
                for sender in (first, second):
                    for number in range(rate // 2 // 100 + tick % 2):
                        sender.send(line(number, "club.example.net"))
                        others += 1
                sent += rate // 2
                time.sleep(max(0, started + (tick + 1) / 100 - time.monotonic()))
        took = time.monotonic() - started
        results, drops = relay.settle(sent + others)
        samples = relay.scrape(timeout=5)
        kept = total(samples, "domain_failures_total", {("domain", "club.example.net")})
        flooded = total(samples, "domain_failures_total", {("domain", "bank.example.com")})
        if kept < 0.95 * others:
            raise Failure(f"the others keep {kept:.0f} of {others} lines; {results}, {drops:.0f} dropped")
        if flooded > rate * (took + 2):
            raise Failure(f"{flooded:.0f} lines of the flood in {took:.1f} s, over a limit of {rate} a second")
        return (f"the others keep {kept:.0f} of {others} lines, the flood {flooded:.0f} of {sent} at a limit of {rate} a second "
                f"for {took:.0f} s")


def main():
    well = True
    for row, part in (("T29", burst), ("T28", stop_with_full_buffers), ("T31", ten_thousand_peers), ("T32", flood),
                      *((("T29", highest_rate),) if LONG else ())):
        try:
            print(f"{row}: {part()}", flush=True)
        except Failure as failure:
            well = False
            print(f"{row}: failed: {failure}", flush=True)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
