"""`report` counts the same whatever number of jobs reads a log, in every form that a log may have."""
import json
import re
import unittest

from cli_case import OK, CliCase

WANTED = 9_000_000  # bytes: enough to be cut
STAMP = "2026-11-21T16:49:30.123456Z"


def bounce(number):
    return (f"{0x4F1A2B0000 + number:X}: to=<u{number}@d{number % 50}.example.net>, relay=none, delay=1, delays=0/0/0/1, dsn=5.1.1, "
            "status=bounced (host mx.example.net[192.0.2.7] said: 550 5.1.1 user unknown)")


def header(number):
    return f"Nov 21 16:{number // 60 % 60:02}:{number % 60:02} mx1 postfix/smtp[9]: "


def docker(text):
    return json.dumps({"log": text, "stream": "stdout", "time": STAMP}) + "\n"


def export(number, field):
    return (f"__CURSOR=s=1;i={number}\n__REALTIME_TIMESTAMP={1795280970000000 + number}\n_HOSTNAME=mx1\n_CMDLINE=smtp -t unix -u\n"
            f"SYSLOG_IDENTIFIER=postfix/smtp\n").encode() + field + b"\n\n"


def export_text(number):
    return export(number, b"MESSAGE=" + bounce(number).encode())


def export_bytes(number):
    """A field whose bytes look like the end of a record."""
    other = b"one\n\nMESSAGE=two"
    text = bounce(number).encode()
    return export(number, b"_OTHER\n" + len(other).to_bytes(8, "little") + other + b"\nMESSAGE\n" + len(text).to_bytes(8, "little") + text)


def export_pieces(number):
    text = bounce(number).encode()
    return export(number, b"CONTAINER_PARTIAL_MESSAGE=true\nMESSAGE=" + text[:60]) + export(number, b"MESSAGE=" + text[60:])


def cri(number):
    text = header(number) + bounce(number)
    return f"{STAMP} stdout P {text[:60]}\n{STAMP} stderr F started\n{STAMP} stdout F {text[60:]}\n"


def docker_pieces(number):
    text = header(number) + bounce(number) + "\n"
    return docker(text[:60]) + docker(text[60:100]) + docker(text[100:])


def qmail(number):
    """With deliveries in flight."""
    stamp = f"@4000000067{number:06x}1d34a3f4 "
    end = f"{stamp}delivery {number - 90}: deferral: Connected_to_192.0.2.7_but_greeting_failed./\n" if number >= 90 else ""
    return f"{stamp}new msg {number}\n{stamp}starting delivery {number}: msg {number} to remote u{number}@d{number % 50}.example.net\n" + end


def exim_verbose(number):
    return f"   9 LOG: MAIN\n   9   ** u{number}@d{number % 50}.example.net: Unrouteable address\n"


class ReportJobs(CliCase):
    def test_count_the_same_whatever_their_number(self):
        for record in (export_text, export_bytes, export_pieces, cri, docker_pieces, qmail, exim_verbose):
            first = record(0)
            encode = (lambda one: one) if isinstance(first, bytes) else str.encode
            count = WANTED // len(record(1000)) + 100
            log = self.write(f"{record.__name__}.log", b"".join(encode(record(number)) for number in range(count)))
            self.assertGreater(log.stat().st_size, 8 * 2**20)
            told = []
            for jobs in (1, 2, 7):
                result = self.run_command("report", "--format=json", f"--jobs={jobs}", log)
                self.assert_exit(result, OK)
                told.append(re.sub(r'"made":"[^"]*"', '"made":""', result.stdout))
            outcomes = json.loads(told[0])["outcomes"]
            self.assertEqual(sum(outcomes.values()), count - 90 if record is qmail else count, record.__name__)
            self.assertEqual(told[0], told[1], record.__name__)
            self.assertEqual(told[0], told[2], record.__name__)


if __name__ == "__main__":
    unittest.main()
