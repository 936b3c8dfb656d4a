"""`bouncesight serve` over one log, in the test's folder."""

import json

from .workspace import free_port, listens, wait_until


def start_bouncesight(workspace, binary, log, domains=()):
    """Returns the port of /metrics. `domains` have series of their own from the first failure on."""
    port = free_port()
    config = workspace.write("bouncesight.yaml", f"""
web: {{listen_address: "127.0.0.1:{port}"}}
state: {{path: {workspace.path}/state}}
sources: [{{name: mail, type: file, paths: [{log}], start: beginning}}]
metrics: {{pinned_domains: {json.dumps(sorted(domains))}}}
""")
    workspace.start("bouncesight", [binary, "serve", f"--config.file={config}"])
    wait_until(lambda: listens(port), "bouncesight to listen")
    return port
