"""Passwords and headers of --web.config.file; tests/live/web has TLS against a real Prometheus."""

import base64
import subprocess
import unittest

from cli_case import BAD_CONFIG, SAMPLE, CliCase, Daemon

USERS = "basic_auth_users: {prometheus: '$2b$10$48cV9wYGr6wEFWTiyQZeguxp4axfi8Akok8jqfCW0V4dkopXslY5m'}\n"
HEADERS = "http_server_config: {headers: {X-Frame-Options: deny}}\n"
SOURCES = f"  - {{name: mail, type: file, paths: [{SAMPLE}]}}"


def credentials(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


class Web(CliCase):
    def test_asks_for_the_password_on_every_path(self):
        daemon = Daemon(self, SOURCES, f"--web.config.file={self.write('web.yaml', USERS + HEADERS)}")
        for path in ("/", "/metrics", "/-/healthy", "/-/reload", "/nowhere"):
            status, headers, _ = daemon.get(path)
            self.assertEqual((status, headers["WWW-Authenticate"]), (401, "Basic"), path)
            self.assertEqual(daemon.get(path, **credentials("prometheus", "scrape you"))[0], 401)
        for _ in range(2):  # checked, then remembered
            status, headers, body = daemon.get("/metrics", **credentials("prometheus", "scrape me"))
            self.assertEqual((status, headers["X-Frame-Options"]), (200, "deny"))
            self.assertIn(b"bouncesight_build_info", body)

    def test_answers_no_more_requests_than_the_limit_allows(self):
        limit = self.write("web.yaml", "rate_limit: {interval: 60m, burst: 3}\n")
        daemon = Daemon(self, SOURCES, f"--web.config.file={limit}")
        self.assertEqual([daemon.get("/-/healthy")[0] for _ in range(3)], [200, 200, 200])
        status, headers, _ = daemon.get("/-/healthy")
        self.assertEqual((status, headers["Retry-After"]), (429, "3600"))

    def test_tells_of_an_old_certificate_and_of_plain_http_on_the_tls_port(self):
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3",
                        "-subj", "/CN=mx1.example.com", "-keyout", self.folder / "web.key", "-out", self.folder / "web.crt"],
                       check=True, capture_output=True)
        web = self.write("web.yaml", "tls_server_config: {cert_file: web.crt, key_file: web.key}\n")
        daemon = Daemon(self, SOURCES, f"--web.config.file={web}")
        for _ in range(2):
            status, _, body = daemon.get("/metrics")  # without TLS
            self.assertEqual(status, 400)
            self.assertIn(b"https://", body)
        self.assertIn("the certificate expires in", daemon.log())
        self.assertEqual(daemon.log().count("plain HTTP was sent to the TLS port"), 1)
        config = self.write("check.yaml", f"web: {{config_file: {web}}}\n")
        checked = self.run_command("check", f"--config.file={config}").stdout
        self.assertIn(f"warning: {self.folder}/web.crt: the certificate expires in", checked)

    def test_a_bad_file_is_named_with_line_and_key(self):
        web = self.write("web.yaml", "basic_auth_users: {}\ntls_server_config:\n  cert_fil: a\n")
        config = self.write("bouncesight.yaml", f"web: {{config_file: {web}}}\nstate: {{path: {self.folder}/state}}\n")
        for command in (["check"], ["serve"], ["serve", "--config.check"]):
            result = self.run_command(*command, f"--config.file={config}")
            self.assert_complains(result, BAD_CONFIG, "web.yaml:3: tls_server_config.cert_fil: unknown key")

    def test_does_not_start_where_tls_was_asked_for_and_cannot_be_had(self):
        web = self.write("web.yaml", "tls_server_config: {cert_file: no.crt, key_file: no.key}\n")
        config = self.write("bouncesight.yaml", f"web: {{config_file: {web}}}\nstate: {{path: {self.folder}/state}}\n")
        self.assert_complains(self.run_command("serve", f"--config.file={config}"), BAD_CONFIG, self.folder / "no.crt")


if __name__ == "__main__":
    unittest.main()
