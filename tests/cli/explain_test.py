import json
import unittest

from cli_case import FAILED, OK, USAGE, CliCase

LISTED = "550 5.7.1 Service unavailable; Client host [198.51.100.25] blocked using zen.spamhaus.org"


class Explain(CliCase):
    def explain(self, *arguments, **options):
        result = self.run_command("explain", "--format=json", *arguments, **options)
        self.assert_exit(result, OK)
        return [json.loads(line) for line in result.stdout.splitlines()]

    def test_takes_the_text_behind_a_rule_file(self):
        rules = [self.write(f"{name}.yaml", f"rules:\n  - {{id: own-{name}, cause: virus, match: the {name} gate is shut,\n"
                                            f"     examples: [550 the {name} gate is shut]}}\n") for name in ("north", "south")]
        for arguments in (("--rules", rules[0], "--rules", rules[1]), (f"--rules={rules[0]}", f"--rules={rules[1]}")):
            (answer,) = self.explain(*arguments, "550 the south gate is shut")
            self.assertEqual(answer["rule"], "own-south")

    def test_sends_to_causes_who_names_a_cause(self):
        result = self.run_command("explain", "user_unknown")
        self.assert_complains(result, USAGE, "`user_unknown` is the name of a cause; see `bouncesight causes user_unknown`")
        self.assert_exit(self.run_command("causes", "user_unknown"), OK)

    def test_tells_the_cause_the_list_and_what_to_do(self):
        (answer,) = self.explain(LISTED)
        self.assertEqual((answer["code"], answer["enhanced_code"], answer["cause"], answer["family"]),
                         (550, "5.7.1", "ip_blocklisted", "reputation"))
        self.assertEqual((answer["blocklist"], answer["listed_ip"]), ("spamhaus_zen", "198.51.100.25"))
        self.assertEqual(answer["act"], "sender")
        self.assertIn(answer["retry"], ("yes", "later", "no"))
        self.assertTrue(answer["rule"] and answer["explanation"] and answer["remedy"])

    def test_speaks_chinese(self):
        (english,), (chinese,) = self.explain(LISTED), self.explain("--lang=zh", LISTED)
        self.assertEqual(english["cause"], chinese["cause"])
        self.assertTrue(any("\u4e00" <= letter <= "\u9fff" for letter in chinese["explanation"]))
        page = self.run_command("explain", "--lang=zh", LISTED)
        self.assertIn("ip_blocklisted IP 被列入黑名单  (信誉)", page.stdout)
        for english in ("pattern", "conditions", "lower rank"):
            self.assertNotIn(english, page.stdout)

    def test_takes_one_reply_a_line_from_stdin(self):
        answers = self.explain(stdin=f"{LISTED}\n452 4.2.2 Mailbox full\n".encode())
        self.assertEqual([answer["cause"] for answer in answers], ["ip_blocklisted", "mailbox_full"])

    def test_takes_a_whole_log_line(self):
        (answer,) = self.explain(
            "Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<a@example.org>, relay=none, delay=1, delays=0/0/0/1, dsn=4.4.1, "
            "status=deferred (connect to mx.example.org[192.0.2.1]:25: Connection timed out)")
        self.assertEqual(answer["cause"], "connect_timeout")

    def test_text_for_people_names_cause_and_remedy(self):
        result = self.run_command("explain", LISTED)
        self.assert_exit(result, OK)
        self.assertIn("ip_blocklisted", result.stdout)

    def test_an_unknown_reply_is_said_to_be_unknown(self):
        (answer,) = self.explain("qwertz uiop")
        self.assertEqual(answer["cause"], "unclassified")

    def test_a_message_that_is_not_there_is_no_reply(self):
        """B4: the missing name was taken for a reply, and explained."""
        for name in ("bounce.eml", "/nowhere/bounce", "bounce.txt", "mail.log"):
            self.assert_complains(self.run_command("explain", name), FAILED, name, "no such message")

    def test_reads_standard_input_as_one_text_and_lines_on_request(self):
        text = b"<ann@example.com>: host mx.example.net[192.0.2.7] said: 550\n    5.1.1 no such user\n\n<bob@example.com>: mailbox full\n"
        for arguments in ((), ("-",)):
            answers = self.explain(*arguments, stdin=text)
            self.assertEqual([answer["recipient"] for answer in answers], ["ann@example.com", "bob@example.com"])
            self.assertEqual((answers[0]["code"], answers[0]["enhanced_code"]), (550, "5.1.1"))
        self.assertEqual(len(self.explain("--lines", stdin=text)), 3)

    def test_takes_several_files(self):
        first, second = self.write("a.txt", "550 5.1.1 no such user\n"), self.write("b.txt", "452 4.2.2 Mailbox full\n")
        answers = self.explain(str(first), str(second))
        self.assertEqual([(answer["code"], answer["file"]) for answer in answers], [(550, str(first)), (452, str(second))])

    def test_heads_each_of_several_files_and_messages(self):
        bounce = "From: MAILER-DAEMON@example.org\nSubject: x\n\n<ann@example.net>: 550 5.1.1 no\n\n<bob@example.net>: 550 5.1.1 no\n\n"
        one = self.write("a.eml", bounce)
        two = self.write("b.mbox", ("From MAILER-DAEMON Sat Nov 21 10:00:00 2026\n" + bounce) * 2)
        page = self.run_command("explain", str(one), str(two), "-", stdin=b"452 4.2.2 Mailbox full\n").stdout
        heads = [line for line in page.splitlines() if line.startswith("== ")]
        self.assertEqual(heads, [f"== {one} ==", f"== {two}, message 1 ==", f"== {two}, message 2 ==", "== standard input =="])
        self.assertEqual(page.count("user_unknown  (recipient)"), 6)
        self.assertNotIn("==", self.run_command("explain", str(one)).stdout)
        self.assertIn("== 第 2 封邮件 ==", self.run_command("explain", "--lang=zh", str(two)).stdout)
        self.assertEqual([answer.get("message") for answer in self.explain(str(two))], [1, 1, 2, 2])

    def test_says_that_there_is_nothing_to_explain(self):
        empty, binary = self.write("empty.eml", ""), self.write("archive.eml", b"PK\x03\x04\x00\x00\x01\x02" * 40)
        for arguments in ((str(empty),), (str(binary),), ("-",), ("",), ()):
            self.assert_complains(self.run_command("explain", *arguments, stdin=b""), USAGE, "nothing to explain")

    AWAY = (b"From: ann@example.org\nTo: bob@example.com\nSubject: Automatic reply: hello\nAuto-Submitted: auto-replied\n\n"
            b"I am out of the office until Monday; my mailbox is full of mail.\n")

    def test_says_of_a_text_that_is_no_bounce_what_it_is(self):
        saved = self.write("away.eml", self.AWAY)
        for arguments, stdin in (((str(saved),), b""), ((), self.AWAY), (("-",), self.AWAY)):
            (answer,) = self.explain(*arguments, stdin=stdin)
            self.assertEqual(answer["notice"], "automatic_reply")
            self.assertTrue(answer["explanation"] and answer["remedy"])
            for guess in ("cause", "family", "rule", "act", "outcome_hint"):
                self.assertNotIn(guess, answer)
        self.assertIn("This is an automatic reply: nothing failed.", self.run_command("explain", str(saved)).stdout)
        self.assertIn("自动回复  (不是退信)", self.run_command("explain", "--lang=zh", str(saved)).stdout)

    def test_names_no_cause_where_there_is_no_sign_of_a_bounce(self):
        lure = b"From: IT <it@example.net>\nTo: bob@example.com\nSubject: Your mailbox is full\n\nYour mailbox is full, click here.\n"
        (answer,) = self.explain(stdin=lure)
        self.assertEqual(answer["notice"], "no_bounce")
        self.assertNotIn("cause", answer)
        coded = lure.replace(b"click here", b"550 5.2.2 mailbox full")
        self.assertEqual(self.explain(stdin=coded)[0]["cause"], "mailbox_full")
        self.assertEqual(self.explain("Your mailbox is full")[0]["cause"], "mailbox_full")
        listed = b"email,reason\nann@example.com,mailbox is full click here\nbob@example.com,no such user\n"
        self.assertEqual([answer["cause"] for answer in self.explain(stdin=listed)], ["mailbox_full", "user_unknown"])

    def test_says_how_long_a_delayed_mail_is_tried_again_beside_its_cause(self):
        report = (b"From: MAILER-DAEMON@mx.example.com\nTo: bob@example.com\nSubject: Delayed Mail (still being retried)\n"
                  b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
                  b"Reporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ann@example.org\nAction: delayed\nStatus: 4.4.1\n"
                  b"Diagnostic-Code: X-Postfix; connect to mx.example.org[192.0.2.5]:25: Connection timed out\n"
                  b"Will-Retry-Until: Thu, 3 Dec 2026 10:00:00 +0000\n\n--b--\n")
        (answer,) = self.explain(stdin=report)
        self.assertEqual((answer["notice"], answer["cause"], answer["outcome_hint"]), ("delay", "connect_timeout", "deferred"))
        self.assertEqual(answer["tried_again"], "until Thu, 3 Dec 2026 10:00:00 +0000")
        (silent,) = self.explain(stdin=b"Your message has not yet been delivered to ann@example.org.\nIt will be retried for 2 more days.\n")
        self.assertEqual((silent["notice"], silent["recipient"], silent["cause"]), ("delay", "ann@example.org", "try_later"))
        self.assertEqual(silent["tried_again"], "for 2 more days")

    def test_a_queue_listing_without_reasons_names_who_waits(self):
        (answer,) = self.explain(stdin=b" 25m  2.9K 1vQr5t-0001bo-D3 <bob@example.com>\n          ann@example.org\n")
        self.assertEqual((answer["notice"], answer["recipient"], answer["cause"]), ("waiting", "ann@example.org", "unclassified"))

    def test_says_of_held_mail_that_it_is_held_and_what_releases_it(self):
        listing = b" 25m  2.9K 1vQr5t-0001bo-D3 <bob@example.com> *** frozen ***\n          ann@example.org\n"
        (answer,) = self.explain(stdin=listing)
        self.assertEqual((answer["notice"], answer["recipient"], answer["retry"]), ("held", "ann@example.org", "later"))
        self.assertIn("exim -Mt 1vQr5t-0001bo-D3", " ".join(answer["remedy"]))
        self.assertIn("冻结", self.run_command("explain", "--lang=zh", stdin=listing).stdout)

    HEAD = b"From: MAILER-DAEMON@mx.example.com\nSubject: Undelivered Mail Returned to Sender\nMIME-Version: 1.0\n"
    REPORT = (b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.com\n\nFinal-Recipient: rfc822; ann@example.org\n"
              b"Action: failed\nStatus: 5.1.1\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\n")

    def nested_parts(self, depth):
        opened = b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (i, i) for i in range(depth))
        return self.HEAD + opened + self.REPORT + b"".join(b"\n--b%d--\n" % i for i in reversed(range(depth)))

    def test_says_of_a_bounce_that_is_nested_too_deep_that_it_cannot_read_it(self):
        self.assertEqual(self.explain(stdin=self.nested_parts(16))[0]["cause"], "user_unknown")
        forwarded = self.HEAD + b"Content-Type: text/plain\n\n550 5.1.1 <ann@example.org> user unknown\n"
        for _ in range(3):
            forwarded = self.HEAD + b"Content-Type: message/rfc822\n\n" + forwarded
        self.assertEqual(self.explain(stdin=forwarded)[0]["cause"], "user_unknown")
        for deep in (self.nested_parts(17), self.nested_parts(200), self.HEAD + b"Content-Type: message/rfc822\n\n" + forwarded):
            result = self.run_command("explain", stdin=deep)
            self.assert_exit(result, FAILED)
            self.assertIn("nested too deep  (not read)", result.stdout)
            answer = json.loads(self.run_command("explain", "--format=json", stdin=deep).stdout)
            self.assertEqual(answer["notice"], "too_deep")
            self.assertNotIn("cause", answer)
        (self.folder / "deep.eml").write_bytes(self.nested_parts(17))
        both = self.run_command("explain", "deep.eml", self.write("bounce.eml", self.nested_parts(1)))
        self.assert_exit(both, FAILED)
        self.assertIn("user_unknown", both.stdout)

    def test_a_folder_is_no_reply(self):
        (self.folder / "a b").mkdir()
        for name, shown in ((".", "./*"), ("a b", "'a b'/*"), ("a b/", "'a b/'*"), (str(self.folder), f"{self.folder}/*")):
            self.assert_complains(self.run_command("explain", name), FAILED, f"{name}: is a folder; name the messages in it, as in {shown}")
        bounce = self.write("bounce.eml", self.nested_parts(1))
        self.assert_complains(self.run_command("explain", bounce, "a b"), FAILED, "is a folder")
        for path in ("./none", "../none", "/none"):
            self.assert_complains(self.run_command("explain", path), FAILED, "no such message")
        self.assertEqual(self.explain("550", "user", "unknown", "in", "a b")[0]["cause"], "user_unknown")

    def test_objects_of_json_are_read_each_for_itself(self):
        hook = ('[{"event":"bounced","recipient":"ann@example.net","delivery-status":{"code":550,"message":"5.1.1 user unknown"}},'
                '{"event":"delivered","recipient":"bob@example.net"},'
                '{"event":"deferred","email":"eve@example.org","response":"450 4.7.1 greylisted","from":"x@example.com"}]')
        for text in (hook, json.dumps(json.loads(hook), indent=2), f"[{hook}]", json.dumps({"events": json.loads(hook)})):
            for arguments, stdin in (((text,), b""), ((), text.encode())):
                answers = self.explain(*arguments, stdin=stdin)
                self.assertEqual([(one["recipient"], one["reply"], one["cause"]) for one in answers],
                                 [("ann@example.net", "550 5.1.1 user unknown", "user_unknown"),
                                  ("eve@example.org", "450 4.7.1 greylisted", "greylisted")])

    def test_a_reply_in_json_ends_with_its_string(self):
        for text, reply in (('{"Details":"smtp;550 5.1.1 no such user","Email":"ann@example.com","From":"bob@example.org"}',
                             "550 5.1.1 no such user"),
                            ('{\n "error": {\n  "code": 550,\n  "message": "said \\"no\\": user unknown"\n },\n "to": "ann@example.com"\n}\n',
                             '550 said "no": user unknown')):
            (answer,) = self.explain(stdin=text.encode())
            self.assertEqual((answer["recipient"], answer["reply"], answer["cause"]), ("ann@example.com", reply, "user_unknown"))
        (answer,) = self.explain('{"event":"delivered","recipient":"bob@example.net"}')
        self.assertEqual((answer["notice"], answer["recipient"]), ("receipt", "bob@example.net"))

    def test_reads_through_the_colours_of_a_terminal(self):
        (answer,) = self.explain(stdin=b"\x1b[1;31m550 5.1.1\x1b[0m \x1b[31mno such user\x1b[0m\n")
        self.assertEqual((answer["cause"], answer["reply"]), ("user_unknown", "550 5.1.1 no such user"))

    def test_speaks_the_language_of_the_locale(self):
        result = self.run_command("explain", "550 5.1.1 no such user", env={"LC_ALL": "zh_CN.UTF-8"})
        self.assertTrue(any("\u4e00" <= letter <= "\u9fff" for letter in result.stdout))

    def test_refuses_an_unknown_language(self):
        self.assert_exit(self.run_command("explain", "--lang=tlh", LISTED), USAGE)


if __name__ == "__main__":
    unittest.main()
