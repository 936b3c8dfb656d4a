"""A real Prometheus that scrapes one target every second, and its query API."""

import json
import urllib.parse
import urllib.request

from .workspace import free_port, wait_until

CONFIG = """
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: {rule_files}
alerting: {{alertmanagers: [{{static_configs: [{{targets: {alertmanagers}}}]}}]}}
scrape_configs:{jobs}
"""
JOB = """
  - job_name: bouncesight
    static_configs: [{{targets: ["127.0.0.1:{target}"]}}]
"""


class Prometheus:
    def __init__(self, workspace, target, rule_files=(), alertmanagers=(), jobs=None, features=(), name="prometheus", retention="15d"):
        """`jobs`: YAML in place of the one job that scrapes `target`. Several in one test need a name each."""
        self.port = free_port()
        config = workspace.write(f"{name}.yml", CONFIG.format(
            jobs=jobs or JOB.format(target=target), rule_files=json.dumps(list(map(str, rule_files))), alertmanagers=json.dumps(list(alertmanagers))))
        workspace.start(name, ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={workspace.path}/tsdb-{name}",
                                       f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn", f"--storage.tsdb.retention.time={retention}",
                                       *(f"--enable-feature={feature}" for feature in features)])
        wait_until(self._ready, "Prometheus to be ready")

    def _ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def get(self, path, **parameters):
        url = f"http://127.0.0.1:{self.port}{path}?{urllib.parse.urlencode(parameters)}"
        with urllib.request.urlopen(url, timeout=10) as answer:
            return json.load(answer)["data"]

    def results(self, query):
        """How many series an instant query gives. A query that fails raises."""
        return len(self.get("/api/v1/query", query=query)["result"])

    def vector(self, query, *labels):
        """The result of an instant query as {(label values…): number}, without what is zero."""
        return self._rows(labels, query=query)

    def at(self, query, time, *labels):
        """The same, as of a time (seconds since 1970)."""
        return self._rows(labels, query=query, time=time)

    def _rows(self, labels, **parameters):
        rows = self.get("/api/v1/query", **parameters)["result"]
        return {tuple(row["metric"].get(label, "") for label in labels): float(row["value"][1])
                for row in rows if float(row["value"][1]) != 0}
