"""An SMTP server that plays one part, whoever the recipient is: it fails at the stage that its script names."""

import socket
import socketserver
import threading

HANG = object()     # says nothing more, and waits until the client leaves
CLOSE = object()    # closes the connection without a word
GARBLE = object()   # says "go ahead", then speaks something that is not TLS

ORDINARY = {
    "greeting": "220 peer.example.com ESMTP", "EHLO": "250-peer.example.com\n250 SIZE 10000000", "HELO": "250 peer.example.com",
    "STARTTLS": "220 2.0.0 Go ahead", "MAIL": "250 2.1.0 Ok", "RCPT": "250 2.1.5 Ok", "DATA": "354 End data with <CR><LF>.<CR><LF>",
    "END": "250 2.0.0 Ok: queued as 8F3A2B", "QUIT": "221 2.0.0 Bye", "RSET": "250 2.0.0 Ok",
}


class StagePeer:
    """Listens on port 25 of `address` until the program ends. script maps a stage to a reply (text, or bytes as they are; lines parted by "\\n")
    or to HANG, CLOSE or GARBLE; the stages are those of ORDINARY, whose replies it gives elsewhere. A reply to RCPT may be a function
    of the recipient. Each message that it takes goes to the list `kept`, as (recipient, bytes)."""

    def __init__(self, address, script, kept=None):
        peer = self
        self._kept = [] if kept is None else kept

        class Handler(socketserver.StreamRequestHandler):
            timeout = 60

            def handle(self):
                try:
                    peer._converse(self)
                except OSError:
                    pass  # the client left

        self._script = {**ORDINARY, **script}
        socketserver.ThreadingTCPServer.allow_reuse_address = True
        server = socketserver.ThreadingTCPServer((address, 25), Handler)
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, daemon=True).start()

    def _converse(self, session):
        stage, recipient = "greeting", ""
        while self._play(stage, session, recipient):
            if stage == "DATA" and self._is_positive("DATA"):
                self._kept.append((recipient, self._read_message(session)))
                stage = "END"
                continue
            line = session.rfile.readline()
            if not line or stage == "QUIT":
                return
            stage = line.split()[0].decode("latin-1").upper() if line.split() else "?"
            if stage == "RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].decode("latin-1")

    @staticmethod
    def _read_message(session):
        """Without the dots that SMTP adds."""
        lines = []
        while (line := session.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines).replace(b"\r\n", b"\n")

    def _is_positive(self, stage):
        return str(self._script[stage])[0] in "23"

    def _play(self, stage, session, recipient):
        """Answers as the script says; False when the session is over."""
        action = self._script.get(stage, "502 5.5.1 What?")
        if callable(action):
            action = action(recipient)
        if action is HANG:
            session.rfile.read()
        elif action is GARBLE:
            session.wfile.write(b"220 2.0.0 Go ahead\r\n")
            session.rfile.read(1)
            session.wfile.write(b"this is not a handshake\r\n" * 3)
        elif action is not CLOSE:
            text = action if isinstance(action, bytes) else action.encode()
            session.wfile.write(text.replace(b"\n", b"\r\n") + b"\r\n")
            return True
        return False


class SilentHost:
    """Port 25 of `address` takes no connection and refuses none: its queue of one is full."""

    def __init__(self, address):
        self._listener = socket.create_server((address, 25), backlog=0)
        self._guests = []
        for _ in range(4):
            guest = socket.socket()
            guest.setblocking(False)
            guest.connect_ex((address, 25))
            self._guests.append(guest)
