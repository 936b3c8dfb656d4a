"""The page at / and its API: who may see them, and that daemon/web/API.md says the truth."""

import json
import re
import socket
import unittest
import urllib.error
import urllib.request

from cli_case import SAMPLE, SOURCE, CliCase, Daemon

SOURCES = f"  - {{name: mail, type: file, paths: [{SAMPLE}], start: beginning}}"
USERS = "basic_auth_users: {prometheus: '$2b$10$48cV9wYGr6wEFWTiyQZeguxp4axfi8Akok8jqfCW0V4dkopXslY5m'}\n"
API_FILE = SOURCE / "daemon" / "web" / "API.md"
EXAMPLE = re.compile(r"```\n\$ curl (.*?)\n(\{.*?|\[.*?)```", re.S)


def shape(value):
    """What a JSON value is made of: the keys and types of objects, of lists those of all elements together."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        shapes = [shape(inner) for inner in value]
        if all(isinstance(one, dict) for one in shapes):
            return [{key: inner for one in shapes for key, inner in one.items()}]
        return shapes[:1]
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def own_address():
    """An address of this host that is not of loopback, or None."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


class Page(CliCase):
    def ask(self, daemon, path, host="127.0.0.1", body=None, **headers):
        """(status, headers, text)"""
        daemon.get("/-/healthy")  # it listens
        request = urllib.request.Request(f"http://{host}:{daemon.port}{path}", data=body, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()

    def test_serves_the_page_under_a_strict_policy(self):
        daemon = Daemon(self, SOURCES)
        status, headers, text = self.ask(daemon, "/")
        self.assertEqual((status, headers["Content-Type"]), (200, "text/html; charset=utf-8"))
        self.assertEqual(headers["X-Content-Type-Options"], "nosniff")
        self.assertTrue(headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';"))
        for name in re.findall(r'(?:src|href)="(page/[^"]+)"', text):
            status, headers, _ = self.ask(daemon, "/" + name)
            self.assertEqual(status, 200, name)
            self.assertEqual(self.ask(daemon, "/" + name, **{"If-None-Match": headers["ETag"]})[0], 304, name)
        self.assertEqual(self.ask(daemon, "/page/nothing.js")[0], 404)

    def test_stays_whole_under_the_headers_of_the_operator(self):
        web = self.write("web.yaml", "http_server_config: {headers: {Content-Security-Policy: \"default-src 'none'\", X-Frame-Options: deny}}\n")
        daemon = Daemon(self, SOURCES, f"--web.config.file={web}")
        _, headers, _ = self.ask(daemon, "/")
        self.assertIn("script-src 'self'", headers["Content-Security-Policy"])
        self.assertEqual(headers["X-Frame-Options"], "deny")
        self.assertEqual(self.ask(daemon, "/metrics")[1]["Content-Security-Policy"], "default-src 'none'")

    def test_is_off_for_names_that_are_not_this_machine(self):
        daemon = Daemon(self, SOURCES)
        for path in ("/", "/page/main.js", "/api/v1/status"):
            self.assertEqual(self.ask(daemon, path, Host=f"localhost:{daemon.port}")[0], 200, path)
            status, _, text = self.ask(daemon, path, Host=f"rebound.example.net:{daemon.port}")
            self.assertEqual(status, 403, path)
            self.assertIn("basic_auth_users", text)
        self.assertEqual(self.ask(daemon, "/-/healthy", Host="rebound.example.net")[0], 200)

    def test_is_off_on_other_addresses_until_there_is_a_password(self):
        address = own_address()
        if not address:
            self.skipTest("this host has no address but the loopback's")
        for users in ("", USERS):
            web = self.write("web.yaml", users)
            daemon = Daemon(self, SOURCES, f"--web.config.file={web}", host="0.0.0.0")
            expected = 401 if users else 403
            self.assertEqual(self.ask(daemon, "/", host=address)[0], expected)
            self.assertEqual(self.ask(daemon, "/api/v1/status", host=address)[0], expected)
            self.assertEqual(self.ask(daemon, "/-/healthy", host=address)[0], 401 if users else 200)
            self.assertEqual("the page and its API are off at 0.0.0.0:" in daemon.log(), not users)
            daemon.stop()

    def test_explains_what_is_posted_and_nothing_that_another_site_posts(self):
        daemon = Daemon(self, SOURCES)
        body = json.dumps({"text": "550 5.1.1 <x@example.net>: user unknown"}).encode()
        kind = {"Content-Type": "application/json"}
        status, _, text = self.ask(daemon, "/api/v1/explain?lang=zh", body=body, **kind)
        self.assertEqual((status, json.loads(text)["answers"][0]["cause"]), (200, "user_unknown"))
        self.assertEqual(self.ask(daemon, "/api/v1/explain", body=body, **kind, **{"Sec-Fetch-Site": "cross-site"})[0], 403)
        self.assertEqual(self.ask(daemon, "/api/v1/explain", body=body, **{"Content-Type": "text/plain"})[0], 403)
        headline = json.dumps({"text": "Undelivered Mail Returned to Sender"}).encode()
        (notice,) = json.loads(self.ask(daemon, "/api/v1/explain", body=headline, **kind)[2])["answers"]
        self.assertEqual((notice["notice"], notice.get("cause")), ("headline", None))
        for size in (70_000, 1_000_000):  # what is not read must not cost the answer
            large = json.dumps({"text": "x" * size}).encode()
            status, _, text = self.ask(daemon, "/api/v1/explain", body=large, **kind)
            self.assertEqual((status, "bouncesight explain" in text), (413, True))
        many = json.dumps({"text": "\n".join("550 5.1.1 no such user" for _ in range(250))}).encode()
        answer = json.loads(self.ask(daemon, "/api/v1/explain", body=many, **kind)[2])
        self.assertEqual((len(answer["answers"]), answer["more"]), (100, 150))

    def test_answers_as_its_document_says(self):
        daemon = Daemon(self, SOURCES)
        daemon.wait_for(lambda samples: any(name == "bouncesight_rule_hits_total" for name, _ in samples), "the sample to be counted")
        examples = EXAMPLE.findall(API_FILE.read_text(encoding="utf-8"))
        self.assertGreaterEqual(len(examples), 5)
        for arguments, expected in examples:
            path = re.search(r"'?http://127\.0\.0\.1:19154([^\s']+)", arguments)[1]
            data = re.search(r"-d '(.*?)'", arguments)
            status, _, text = self.ask(daemon, path, body=data and data[1].encode(), **{"Content-Type": "application/json"})
            self.assertEqual(status, 200, text)
            with self.subTest(path):
                self.assertEqual(shape(json.loads(text)), shape(json.loads(expected)))


if __name__ == "__main__":
    unittest.main()
