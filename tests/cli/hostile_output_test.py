"""What strangers write into a log stays text in every output."""

import base64
import csv
import hashlib
import html.parser
import io
import json
import re
import unittest

from cli_case import OK, SAMPLE, CliCase

LINE = (b"Nov 21 18:00:00 mx1 postfix/smtp[1]: 902C386BBC4: to=<%b>, relay=mx.example.org[192.0.2.1]:25, delay=1, delays=0/0/0/1, "
        b"dsn=5.0.0, status=bounced (host mx.example.org[192.0.2.1] said: 550 %b (in reply to RCPT TO command))\n")
HOSTILE = (b"<script>alert(1)</script>", b"<img src=x onerror=alert(1)>", b"=cmd|' /C calc'!A0", b"+1+1", b"-2+3", b"@SUM(A1)",
           b"\x1b]0;title\x07", b"\"><b>", b"\xff\xfe\xc0", b"a,b\"c", b"]]>", b"&lt;b&gt;") + tuple(
               sign.encode() for sign in ("\u202egpj.exe", "ze\u200bro", "\U000e0041tag", "li\u2028ne", "\ufeffbom"))
UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")
VOID = {"meta", "br"}


class Page(html.parser.HTMLParser):
    """Takes a page apart, and sees that every element is closed."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.open, self.text = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            raise AssertionError(f"</{tag}> closes nothing")

    def handle_data(self, data):
        self.text.append(data)


class HostileOutput(CliCase):
    def setUp(self):
        super().setUp()
        lines = b"".join(LINE % (b"ann@example.org", words) + LINE % (words + b"@" + words, b"no") for words in HOSTILE)
        self.log = self.write("=1<script>alert(2)<\x1b[31mscript>.log", lines)

    def output(self, *arguments):
        result = self.run_command(*arguments)
        self.assert_exit(result, OK)
        self.assertEqual(UNSEEN.findall(result.stdout + result.stderr), [])
        return result.stdout

    def assert_no_formula(self, text):
        for row in csv.reader(io.StringIO(text, newline="")):
            for field in row:
                self.assertNotIn(field.lstrip()[:1], ("=", "+", "-", "@") if field.strip() else ())

    def test_the_page_has_no_element_of_theirs(self):
        page = Page(self.output("report", "--format=html", "--top=100", self.log))
        self.assertEqual(page.open, [])
        self.assertLessEqual(set(page.tags), {"html", "head", "meta", "title", "style", "body", "h1", "table", "caption", "thead",
                                              "tr", "th", "tbody", "td", "p", "ol", "li", "a", "footer", "code", "main", "h2", "h3", "div",
                                              "b", "span", "svg", "rect", "dl", "dt", "dd"})
        self.assertFalse([name for name, _ in page.attributes if name.startswith("on") or name in ("style", "src")])
        self.assertIn("<script>alert(1)</script>", "".join(page.text).lower())

    def test_the_page_brings_all_it_needs_and_forbids_the_rest(self):
        text = self.output("report", "--format=html", SAMPLE)
        page = Page(text)
        policy = next(value for name, value in page.attributes if name == "content" and "default-src" in value)
        style = re.search("<style>(.*?)</style>", text, re.S)[1]
        digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
        self.assertIn("default-src 'none'", policy)
        self.assertIn(f"style-src 'sha256-{digest}'", policy, "the style has changed: put this hash into html_parts.cc")
        self.assertIn("color-scheme:light dark", style)
        self.assertIn("prefers-color-scheme:dark", style)
        self.assertIn("@media print", style)
        self.assertEqual(text.count("<style"), 1)
        self.assertNotIn("url(", style)

    def test_the_page_tells_what_the_report_tells_and_what_to_do(self):
        page = " ".join(Page(self.output("report", "--format=html", "--top=100", SAMPLE)).text)
        summary = json.loads(self.output("report", "--format=json", "--top=100", SAMPLE))
        for table in ("causes", "domains", "codes", "providers", "blocklists"):
            for row in summary[table]:
                self.assertIn(row["name"], page)
        self.assertIn("Compare the address letter by letter", page)
        for words in ("Recipients", "Refused by our own server", "Sources", "Block lists", "Delisting"):
            self.assertIn(words, page)

    def test_the_page_of_an_unknown_reply_says_how_to_write_its_rule(self):
        page = " ".join(Page(self.output("report", "--format=html", self.write("mail.log", LINE % (b"a@example.org", b"blorp zork")))).text)
        self.assertIn("blorp zork", page)
        self.assertIn("--draft-rules", page)

    def test_csv_of_the_report_has_a_row_for_every_number(self):
        rows = list(csv.DictReader(io.StringIO(self.output("report", "--format=csv", "--top=100", SAMPLE), newline="")))
        summary = json.loads(self.output("report", "--format=json", "--top=100", SAMPLE))
        outcomes = {row["name"]: int(row["count"]) for row in rows if row["section"] == "outcome"}
        self.assertEqual(outcomes, summary["outcomes"])
        for section, table in (("cause", "causes"), ("domain", "domains"), ("code", "codes"), ("blocklist", "blocklists")):
            self.assertEqual([(row["name"], int(row["count"]), int(row["permanent"])) for row in rows if row["section"] == section],
                             [(row["name"], row["count"], row["permanent"]) for row in summary[table]])
        refused = sum(int(row["count"]) for row in rows if row["section"] == "rejection_cause")
        self.assertEqual(refused, summary["rejections"]["count"])
        lines = sum(int(row["count"]) for row in rows if row["section"] == "source")
        self.assertEqual(lines, summary["sources"][0]["lines"])

    def test_csv_is_never_a_formula_and_always_as_wide_as_its_header(self):
        for command in (["report", "--top=100"], ["events"]):
            text = self.output(*command, "--format=csv", self.log)
            self.assert_no_formula(text)
            self.assertEqual(len({len(row) for row in csv.reader(io.StringIO(text, newline=""))}), 1)
            self.assertTrue(text.endswith("\r\n"))

    def test_csv_and_json_tell_the_same_events(self):
        rows = list(csv.DictReader(io.StringIO(self.output("events", "--format=csv", SAMPLE), newline="")))
        records = [json.loads(line) for line in self.output("events", SAMPLE).splitlines()]
        self.assertEqual(len(rows), len(records))
        for row, record in zip(rows, records):
            self.assertEqual({key: value for key, value in row.items() if value}, {key: str(value) for key, value in record.items()})

    def test_what_nobody_sees_is_shown_to_nobody_and_told_to_programs(self):
        head = "Nov 21 18:00:00 mx1 postfix/"
        log = self.write("unseen.log", f"{head}smtpd[1]: 902C386BBC4: client=x\u202ey[192.0.2.9], sasl_username=al\ufeffice\n"
                                       f"{head}qmgr[1]: 902C386BBC4: from=<s\u2028@example.com>, size=1, nrcpt=1 (queue active)\n" +
                         (LINE % ("ann\u200b@example.org".encode(), "no \u200busers \U000e0041 known".encode())).decode())
        (event,) = (json.loads(line) for line in self.output("events", log).splitlines())
        self.assertEqual((event["account"], event["sender"], event["recipient"]),
                         ("al\ufeffice", "s\u2028@example.com", "ann\u200b@example.org"))
        self.assertIn("no \u200busers \U000e0041 known", event["reply"])
        for command in (["events", "--format=csv"], ["events", "--format=ecs"], ["trace", "902C386BBC4"], ["explain"], ["report"],
                        ["report", "--format=html"], ["report", "--mail"], ["report", "--draft-rules"]):
            self.output(*command, log)
        drafts = self.write("drafts.yaml", self.output("report", "--draft-rules", log))
        self.assert_exit(self.run_command("check", drafts), OK)

    def test_a_pasted_reply_steers_no_terminal(self):
        page = "<html><p>550 5.1.1 user unknown &#x202e;&#8203;&#27;[31m&#xE0041;</p></html>"
        for text in ("550 5.1.1 \u202e user\u200b unknown", "550 5.1.1 <a\U000e0041@example.net> user unknown", page):
            self.assertIn("user_unknown", self.output("explain", text))
            self.assertIn("user_unknown", self.output("explain", "--format=json", text))

    def test_every_other_format_is_inert_too(self):
        for command in (["report"], ["report", "--format=json"], ["report", "--format=openmetrics"], ["report", "--draft-rules"],
                        ["events"], ["events", "--skipped"]):
            self.output(*command, self.log)

    def test_a_draft_for_any_reply_is_a_rule_file_as_it_stands(self):
        replies = ["550 zorb: the flux 'is' broken: #42", '550 "quoted" zorb - {a: b} [c] *x* \\d+ ^$ |', "550 100% zorbed & <b>bold</b> %s",
                   "550 \u4e2d\u6587 \u4f50\u5c14\u5e03 zorb\u200b", "550 http://zorb.example.com/x?y=z see zorbdoc", "450 " + "zorb " * 300,
                   "550 ((( zorb", "550 - dash zorb", "550 !tag &anchor ? zorb", "550 \x02 zorbs", "550 ' '' zorb"]
        head = "Nov 21 18:00:01 mx1 postfix/smtp[9]: 4F1A2B3C4D: to=<b@example.net>, relay=none, delay=1, delays=0/0/0/1, dsn=5.0.0, status=bounced "
        log = self.write("unknown.log", "".join(f"{head}(host mx.example.net[192.0.2.1] said: {reply})\n" for reply in replies))
        unknown = json.loads(self.output("report", "--format=json", "--top=100", log))["unclassified_templates"]
        self.assertEqual(len(unknown), len(replies))
        drafts = self.output("report", "--draft-rules", "--top=100", log)
        for one in unknown:  # the same rules, one by one
            self.assertIn(one["draft_rule"].partition("    match:")[2], drafts)
        self.assert_exit(self.run_command("check", self.write("drafts.yaml", drafts)), OK)
        self.assert_exit(self.run_command("check", self.write("draft.yaml", unknown[-1]["draft_rule"])), OK)


if __name__ == "__main__":
    unittest.main()
