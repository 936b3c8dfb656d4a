"""A Kafka broker that refuses every password: it speaks as much of the protocol as it takes to say so."""

import socketserver
import struct
import threading

API_VERSIONS, SASL_HANDSHAKE, SASL_AUTHENTICATE = 18, 17, 36
UNSUPPORTED_VERSION, SASL_AUTHENTICATION_FAILED = 35, 58
KNOWN = ((0, 0, 7), (1, 0, 11), (3, 0, 5), (SASL_HANDSHAKE, 0, 1), (API_VERSIONS, 0, 0), (SASL_AUTHENTICATE, 0, 0))


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


def answer_to(key, version):
    if key == API_VERSIONS:
        error = UNSUPPORTED_VERSION if version > 0 else 0
        return struct.pack(">hi", error, len(KNOWN)) + b"".join(struct.pack(">hhh", *each) for each in KNOWN)
    if key == SASL_HANDSHAKE:
        return struct.pack(">hi", 0, 1) + text("PLAIN")
    return struct.pack(">h", SASL_AUTHENTICATION_FAILED) + text("wrong name or password") + struct.pack(">i", 0)


class Refuse(socketserver.StreamRequestHandler):
    def handle(self):
        while header := self.rfile.read(4):
            request = self.rfile.read(struct.unpack(">i", header)[0])
            key, version, correlation = struct.unpack(">hhi", request[:8])
            body = struct.pack(">i", correlation) + answer_to(key, version)
            self.wfile.write(struct.pack(">i", len(body)) + body)


class RefusingBroker(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, case):
        super().__init__(("127.0.0.1", 0), Refuse)
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()
        case.addCleanup(self.server_close)
        case.addCleanup(self.shutdown)

    def handle_error(self, request, client_address):
        """A client that goes in the middle of a request is none of the test's concern."""
