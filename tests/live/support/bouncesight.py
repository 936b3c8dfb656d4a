"""`bouncesight serve` over one log, in the test's folder."""

import json

from .workspace import free_port, listens, wait_until


def start_bouncesight(workspace, binary, logs, domains=(), web_config="", name="", exemplars=False):
    """Returns the port of /metrics. `logs`: one log, which is the source "mail", or {source: log}. `domains` have series of
    their own from the first failure on. Several in one test need a name each."""
    logs = logs if isinstance(logs, dict) else {"mail": logs}
    sources = ", ".join(f"{{name: {source}, type: file, paths: [{log}], start: beginning}}" for source, log in logs.items())
    port = free_port()
    name = f"bouncesight-{name}" if name else "bouncesight"
    config = workspace.write(f"{name}.yaml", f"""
web: {{listen_address: "127.0.0.1:{port}", config_file: "{web_config}"}}
state: {{path: {workspace.path}/state-{name}}}
sources: [{sources}]
internal_relays: []  # the peers that stand for remote hosts listen on the loopback
metrics: {{pinned_domains: {json.dumps(sorted(domains))}, exemplars: {json.dumps(exemplars)}}}
""")
    workspace.start(name, [binary, "serve", f"--config.file={config}"])
    wait_until(lambda: listens(port), "bouncesight to listen")
    return port
