"""A real Alertmanager, and a webhook that keeps what it sends."""

import http.server
import json
import threading
import urllib.request

from .workspace import free_port, wait_until

CONFIG = """
route: {{receiver: test, group_by: [alertname, blocklist, listed_ip], group_wait: 0s, group_interval: 1s}}
receivers: [{{name: test, webhook_configs: [{{url: "http://127.0.0.1:{port}/", send_resolved: true}}]}}]
"""


class Alertmanager:
    """received is the list of alerts as the webhook got them, in order."""

    def __init__(self, workspace):
        self.received = []
        alerts = self.received

        class Webhook(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                alerts.extend(json.loads(body)["alerts"])
                self.send_response(200)
                self.end_headers()

            def log_message(self, *_):
                pass

        webhook = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Webhook)
        threading.Thread(target=webhook.serve_forever, daemon=True).start()
        workspace.at_end(webhook.shutdown)
        config = workspace.write("alertmanager.yml", CONFIG.format(port=webhook.server_address[1]))
        self.port = free_port()
        workspace.start("alertmanager", ["prometheus-alertmanager", f"--config.file={config}", f"--storage.path={workspace.path}/alertmanager",
                                         f"--web.listen-address=127.0.0.1:{self.port}", "--cluster.listen-address="])
        wait_until(self._ready, "Alertmanager to be ready")

    def _ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False
