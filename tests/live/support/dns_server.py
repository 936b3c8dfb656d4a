"""A resolver on 127.0.0.1:53 that knows one table of names, over UDP and TCP."""

import socketserver
import struct
import threading

SERVFAIL = "SERVFAIL"
TYPES = {1: "A", 15: "MX"}
NO_ERROR, SERVER_FAILURE, NAME_ERROR = 0, 2, 3


class DnsServer:
    """Answers until the program ends. zone maps a name to SERVFAIL or to {"A": [address], "MX": [(preference, host)]}; other names do not exist."""

    def __init__(self, zone):
        self._zone = zone
        resolver = self

        class Udp(socketserver.BaseRequestHandler):
            def handle(self):
                query, sock = self.request
                sock.sendto(resolver._answer(query), self.client_address)

        class Tcp(socketserver.StreamRequestHandler):
            def handle(self):
                head = self.rfile.read(2)
                if len(head) == 2:
                    answer = resolver._answer(self.rfile.read(struct.unpack("!H", head)[0]))
                    self.wfile.write(struct.pack("!H", len(answer)) + answer)

        address = ("127.0.0.1", 53)
        for server in (socketserver.ThreadingUDPServer(address, Udp), socketserver.ThreadingTCPServer(address, Tcp)):
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, daemon=True).start()

    def _answer(self, query):
        name, end = _read_name(query, 12)
        kind = TYPES.get(struct.unpack("!H", query[end:end + 2])[0])
        entry = self._zone.get(name.lower())
        code = {None: NAME_ERROR, SERVFAIL: SERVER_FAILURE}[entry] if entry in (None, SERVFAIL) else NO_ERROR
        records = entry.get(kind, []) if code == NO_ERROR else []
        # A response to a recursive query, from a server that offers recursion; the question comes first again.
        flags = 0x8180 | code
        head = query[:2] + struct.pack("!HHHHH", flags, 1, len(records), 0, 0)
        return head + query[12:end + 4] + b"".join(_record(kind, data) for data in records)


def _read_name(packet, at):
    labels = []
    while packet[at]:
        labels.append(packet[at + 1:at + 1 + packet[at]].decode("latin-1"))
        at += 1 + packet[at]
    return ".".join(labels), at + 1


def _write_name(name):
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".") if label) + b"\0"


def _record(kind, data):
    if kind == "A":
        number, body = 1, bytes(map(int, data.split(".")))
    else:
        number, body = 15, struct.pack("!H", data[0]) + _write_name(data[1])
    name_of_the_question = b"\xc0\x0c"
    return name_of_the_question + struct.pack("!HHIH", number, 1, 60, len(body)) + body
