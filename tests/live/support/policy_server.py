"""A policy server as Postfix' check_policy_service asks it (SMTPD_POLICY_README): refuses the clients that it is told to."""

import socketserver
import threading


class PolicyServer:
    """refusals: {client address: the action}; all others get DUNNO. Answers until the program ends."""

    def __init__(self, refusals):
        class Session(socketserver.StreamRequestHandler):
            def handle(self):
                asked = {}
                for line in self.rfile:
                    name, _, value = line.decode("latin-1").strip().partition("=")
                    if name:
                        asked[name] = value
                        continue
                    self.wfile.write(f"action={refusals.get(asked.get('client_address'), 'DUNNO')}\n\n".encode())
                    asked = {}

        server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Session)
        server.daemon_threads = True
        self.port = server.server_address[1]
        threading.Thread(target=server.serve_forever, daemon=True).start()
