"""An SMTP server that answers RCPT and the end of DATA as a table says: the peers that a mail operator meets."""

import socketserver
import threading


class ScriptedPeer:
    """Listens on a loopback port until close().

    replies maps a recipient's local part to a reply, lines parted by "\\n"; "data:" before the local part moves the
    reply to the end of DATA. Other recipients are taken.
    """

    def __init__(self, replies, ehlo=("PIPELINING",), greeting="220 peer.example.com ESMTP"):
        peer = self

        class Handler(socketserver.StreamRequestHandler):
            timeout = 30

            def handle(self):
                peer._converse(self)

        self._replies, self._ehlo, self._greeting = replies, ehlo, greeting
        socketserver.ThreadingTCPServer.daemon_threads = True
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self):
        self._server.shutdown()
        self._server.server_close()

    def _converse(self, session):
        def say(text):
            session.wfile.write(text.replace("\n", "\r\n").encode() + b"\r\n")

        say(self._greeting)
        if not self._greeting.startswith("220"):
            return
        end_of_data = None
        for raw in session.rfile:
            verb, _, rest = raw.decode("latin-1").strip().partition(" ")
            verb = verb.upper()
            if verb == "EHLO":
                words = ["peer.example.com", *self._ehlo]
                say("\n".join(f"250{' ' if word is words[-1] else '-'}{word}" for word in words))
            elif verb == "RCPT":
                user = rest.partition("<")[2].partition("@")[0]
                end_of_data = self._replies.get("data:" + user, end_of_data)
                say(self._replies.get(user, "250 2.1.5 Ok"))
            elif verb == "DATA":
                say("354 End data with <CR><LF>.<CR><LF>")
                while session.rfile.readline() not in (b".\r\n", b""):
                    pass
                say(end_of_data or "250 2.0.0 Ok: queued")
                end_of_data = None
            elif verb == "QUIT":
                say("221 2.0.0 Bye")
                return
            else:
                say("250 2.0.0 Ok")
