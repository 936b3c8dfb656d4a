import gzip
import json
import unittest

from cli_case import FAILED, OK, USAGE, CliCase

ONE = "Nov 21 18:00:%02d mx1 postfix/"
TWO = "Nov 21 18:00:%02d mx2 postfix/"
SENT = ("smtp[2]: %s: to=<%s>, relay=%s[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as %s)\n")
FIRST_HOST = (
    ONE % 1 + "submission/smtpd[1]: 4F1A2B3C4D: client=h.example.com[192.0.2.9], sasl_method=PLAIN, sasl_username=ann\n" +
    ONE % 1 + "cleanup[1]: 4F1A2B3C4D: message-id=<1@example.com>\n" +
    ONE % 2 + "qmgr[1]: 4F1A2B3C4D: from=<ann@example.com>, size=1234, nrcpt=2 (queue active)\n" +
    ONE % 2 + "smtp[9]: 4E1A2B3C4D: to=<joann@example.com>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred "
              "(connect to mx.example.com[192.0.2.8]:25: Connection refused)\n" +
    ONE % 3 + "smtp[2]: 4F1A2B3C4D: to=<bob@example.net>, relay=mx2.example.net[192.0.2.7]:25, delay=1, delays=0/0/0/1, dsn=4.7.1, "
              "status=deferred (host mx2.example.net[192.0.2.7] said: 451 4.7.1 Greylisted \x1b[31m (in reply to RCPT TO command))\n" +
    ONE % 9 + SENT % ("4F1A2B3C4D", "bob@example.net", "mx2.example.net", "5A1A2B3C4D") +
    ONE % 9 + "qmgr[1]: 4F1A2B3C4D: removed\n")
SECOND_HOST = (
    TWO % 8 + "smtpd[1]: 5A1A2B3C4D: client=mx1.example.com[192.0.2.1]\n" +
    TWO % 8 + "cleanup[1]: 5A1A2B3C4D: message-id=<1@example.com>\n" +
    TWO % 9 + "qmgr[1]: 5A1A2B3C4D: from=<ann@example.com>, size=1300, nrcpt=1 (queue active)\n" +
    TWO % 10 + "local[2]: 5A1A2B3C4D: to=<bob@example.net>, relay=local, delay=1, delays=0/0/0/1, dsn=5.2.2, status=bounced "
               "(mailbox is full)\n" +
    TWO % 11 + "bounce[2]: 5A1A2B3C4D: sender non-delivery notification: 6A1A2B3C4D\n" +
    TWO % 11 + "cleanup[2]: 6A1A2B3C4D: message-id=<2@mx2.example.net>\n" +
    TWO % 11 + "qmgr[1]: 6A1A2B3C4D: from=<>, size=2300, nrcpt=1 (queue active)\n" +
    TWO % 11 + "qmgr[1]: 5A1A2B3C4D: removed\n" +
    TWO % 12 + "smtp[2]: 6A1A2B3C4D: to=<ann@example.com>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred "
               "(connect to mx.example.com[192.0.2.8]:25: Connection refused)\n")


class Trace(CliCase):
    def trace(self, what, *logs, code=OK):
        result = self.run_command("trace", "--format=json", what, *logs)
        self.assert_exit(result, code)
        return json.loads(result.stdout)

    def logs(self):
        return self.write("mx1.log", FIRST_HOST), self.write("mx2.log", SECOND_HOST)

    def ids(self, what, *logs):
        return [message["queue_id"] for message in self.trace(what, *logs)["messages"]]

    def test_tells_of_arrival_attempts_and_end(self):
        (message,) = self.trace("4F1A2B3C4D", self.write("mx1.log", FIRST_HOST))["messages"]
        expected = {"queue_id": "4F1A2B3C4D", "mta": "postfix", "host": "mx1", "sender": "ann@example.com", "account": "ann",
                    "client_ip": "192.0.2.9", "client_host": "h.example.com", "size": 1234, "message_id": "1@example.com",
                    "arrived": "Nov 21 18:00:01", "ended": "Nov 21 18:00:09"}
        self.assertEqual({key: message.get(key) for key in expected}, expected)
        self.assertEqual(message["recipients"],
                         [{"recipient": "bob@example.net", "outcome": "delivered", "waits": False, "attempts": 2}])
        attempts = [step for step in message["steps"] if "outcome" in step]
        self.assertEqual([(step["outcome"], step.get("cause"), step["line"], step["code"]) for step in attempts],
                         [("deferred", "greylisted", 5, 451), ("delivered", None, 6, 250)])

    def test_follows_a_message_to_the_next_host_and_its_notice_from_whichever_end(self):
        logs = self.logs()
        for what in ("4F1A2B3C4D", "5A1A2B3C4D", "6A1A2B3C4D", "<1@example.com>", "1@example.com", "ann", "bob@example.net"):
            self.assertEqual(self.ids(what, *logs), ["4F1A2B3C4D", "5A1A2B3C4D", "6A1A2B3C4D"], what)
        first, second, notice = self.trace("4F1A2B3C4D", *logs)["messages"]
        self.assertEqual(first["handed_on"], [{"queue_id": "5A1A2B3C4D", "host": "mx2"}])
        self.assertEqual(second["notices"], [{"queue_id": "6A1A2B3C4D", "host": "mx2"}])
        self.assertTrue(notice["recipients"][0]["waits"])
        self.assertNotIn("ended", notice)

    def test_an_address_is_no_part_of_a_longer_one(self):
        self.assertNotIn("4E1A2B3C4D", self.ids("ann@example.com", *self.logs()))
        self.assertEqual(self.ids("JOANN@example.com", *self.logs()), ["4E1A2B3C4D"])

    def test_an_expiry_has_the_cause_of_the_attempt_before_as_events_has_it(self):
        end = ONE % 40 + "qmgr[1]: 4E1A2B3C4D: from=<ann@example.com>, status=expired, returned to sender\n"
        log = self.write("mx1.log", FIRST_HOST + end)
        (message,) = self.trace("4E1A2B3C4D", log)["messages"]
        self.assertEqual([step.get("cause") for step in message["steps"]], ["connect_refused"] * 2)
        events = self.run_command("events", log).stdout.splitlines()
        self.assertEqual(json.loads(events[-1])["cause"], "connect_refused")
        (alone,) = self.trace("4E1A2B3C4D", self.write("end.log", end))["messages"]
        self.assertEqual([step["cause"] for step in alone["steps"]], ["message_expired"])

    def test_a_queue_id_that_is_used_again_is_another_message(self):
        again = (ONE % 30 + "smtpd[1]: 4F1A2B3C4D: client=x.example.org[192.0.2.3]\n" +
                 ONE % 30 + "qmgr[1]: 4F1A2B3C4D: from=<eve@example.org>, size=9, nrcpt=1 (queue active)\n" +
                 ONE % 31 + SENT % ("4F1A2B3C4D", "carl@example.net", "mx.example.net", "7A1A2B3C4D"))
        log = self.write("mx1.log", FIRST_HOST + again)
        self.assertEqual([m["sender"] for m in self.trace("4F1A2B3C4D", log)["messages"]], ["ann@example.com", "eve@example.org"])
        (second,) = self.trace("carl@example.net", log)["messages"]
        self.assertEqual(second["sender"], "eve@example.org")

    def test_a_message_that_was_requeued_waits_under_its_new_id_alone(self):
        put_off = ("smtp[9]: %s: to=<bob@example.net>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, status=deferred "
                   "(connect to mx.example.net[192.0.2.8]:25: Connection refused)\n")
        log = self.write("mx1.log", ONE % 1 + put_off % "4F1A2B3C4D" + ONE % 2 + "postsuper[3]: Requeued: 1 message\n" +
                         ONE % 3 + "pickup[4]: 5A1A2B3C4D: uid=101 from=<ann@example.com> orig_id=4F1A2B3C4D\n" +
                         ONE % 4 + put_off % "5A1A2B3C4D")
        messages = self.trace("4F1A2B3C4D", log)["messages"]
        self.assertEqual([(one["queue_id"], one["recipients"][0]["waits"]) for one in messages], [("4F1A2B3C4D", False), ("5A1A2B3C4D", True)])
        self.assertEqual(self.run_command("trace", "4F1A2B3C4D", log).stdout.count("still waiting: 1 recipient"), 1)
        summary = json.loads(self.run_command("report", "--format=json", log).stdout)
        self.assertEqual(summary["recipients"]["waiting"], 1)

    def test_reads_packed_logs_of_exim(self):
        log = ("2026-11-21 18:00:00 1xUoNV-0000Cv-2t <= ann@example.com H=h.example.com [192.0.2.9] P=esmtpsa A=plain:ann S=1234 "
               "id=1@example.com\n"
               "2026-11-21 18:00:01 1xUoNV-0000Cv-2t ** bob@example.net R=dns T=smtp H=mx.example.net [192.0.2.7]: SMTP error from "
               "remote mail server after RCPT TO:<bob@example.net>: 550 5.1.1 User unknown\n"
               "2026-11-21 18:00:01 1xUoNX-0000Cx-3u <= <> R=1xUoNV-0000Cv-2t U=Debian-exim P=local S=2000\n"
               "2026-11-21 18:00:01 1xUoNV-0000Cv-2t Completed\n"
               "2026-11-21 18:00:02 1xUoNX-0000Cx-3u Frozen (delivery error message)\n")
        packed = self.write("mainlog.gz", gzip.compress(log.encode()))
        first, notice = self.trace("bob@example.net", packed)["messages"]
        self.assertEqual((first["account"], first["recipients"][0]["outcome"], first["steps"][1]["cause"]),
                         ("ann", "bounced", "user_unknown"))
        self.assertEqual([step["event"] for step in notice["steps"]], ["arrival", "held"])

    def test_lists_what_was_refused_on_the_way_in(self):
        log = self.write("mail.log", ONE % 1 + "smtpd[1]: NOQUEUE: reject: RCPT from h.example.com[192.0.2.9]: 554 5.7.1 "
                         "<bob@example.net>: Relay access denied; from=<ann@example.com> to=<bob@example.net> proto=ESMTP "
                         "helo=<h.example.com>\n")
        trace = self.trace("bob@example.net", log)
        self.assertEqual(trace["messages"], [])
        self.assertEqual([(one["outcome"], one["relay_ip"]) for one in trace["refusals"]], [("rejected", "192.0.2.9")])

    def test_text_tells_the_story_and_steers_no_terminal(self):
        result = self.run_command("trace", "bob@example.net", *self.logs())
        self.assert_exit(result, OK)
        for words in ("4F1A2B3C4D on mx1 (postfix", "account   ann", "h.example.com [192.0.2.9]", "deferred bob@example.net", ": greylisted",
                      "handed on as 5A1A2B3C4D, see 5A1A2B3C4D on mx2", "left the queue", "its sender was told by 6A1A2B3C4D, see below",
                      "still waiting: 1 recipient"):
            self.assertIn(words, result.stdout)
        self.assertNotIn("\x1b", result.stdout)

    def test_of_a_message_to_many_it_shows_the_one_that_was_asked_for(self):
        many = FIRST_HOST + "".join(ONE % 8 + SENT % ("4F1A2B3C4D", f"r{i}@example.net", "mx.example.net", f"7A1A2B3C{i}D") for i in range(5))
        result = self.run_command("trace", "r3@example.net", self.write("mx1.log", many))
        self.assertIn("delivered r3@example.net", result.stdout)
        self.assertNotIn("r2@example.net", result.stdout)
        self.assertIn("6 results of other recipients", result.stdout)

    def test_shows_the_youngest_messages_and_says_how_many_there_are(self):
        lines = "".join(ONE % i + f"qmgr[1]: 4F1A2B3C{i:02}: from=<ann@example.com>, size=9, nrcpt=1 (queue active)\n" for i in range(30))
        log = self.write("mx1.log", lines)
        trace = self.trace("ann@example.com", log)
        self.assertEqual((len(trace["messages"]), trace["left_out"], trace["messages"][-1]["queue_id"]), (20, 10, "4F1A2B3C29"))
        self.assertIn("20 youngest of 30", self.run_command("trace", "ann@example.com", log).stdout)

    def test_says_when_nothing_is_found_or_asked(self):
        log = self.write("mx1.log", FIRST_HOST)
        result = self.run_command("trace", "eve@example.org", log)
        self.assert_exit(result, FAILED)
        self.assertIn("no line of these logs", result.stdout)
        self.assert_exit(self.run_command("trace"), USAGE)
        self.assert_exit(self.run_command("trace", "<>", log), USAGE)

    def test_reads_standard_input_as_often_as_it_needs(self):
        """It was offered, and then refused, since a message is followed from hop to hop."""
        files = self.ids("4F1A2B3C4D", *self.logs())
        both = (FIRST_HOST + SECOND_HOST).encode()
        piped = self.run_command("trace", "--format=json", "4F1A2B3C4D", "-", stdin=both)
        self.assert_exit(piped, OK)
        self.assertEqual([message["queue_id"] for message in json.loads(piped.stdout)["messages"]], files)
        mixed = self.run_command("trace", "--format=json", "4F1A2B3C4D", "-", self.write("mx2.log", SECOND_HOST), stdin=FIRST_HOST.encode())
        self.assertEqual([message["queue_id"] for message in json.loads(mixed.stdout)["messages"]], files)
        packed = self.run_command("trace", "--format=json", "4F1A2B3C4D", "-", stdin=gzip.compress(both))
        self.assertEqual([message["queue_id"] for message in json.loads(packed.stdout)["messages"]], files)

    def test_says_where_standard_input_cannot_be_kept(self):
        piped = self.run_command("trace", "4F1A2B3C4D", "-", stdin=b"x\n", env={"TMPDIR": "/nowhere"})
        self.assert_complains(piped, FAILED, "/nowhere: cannot keep standard input there")


if __name__ == "__main__":
    unittest.main()
