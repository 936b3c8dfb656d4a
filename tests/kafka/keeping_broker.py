"""A Kafka broker of one topic with one partition that keeps all that it gets, in memory: as much of the protocol as a producer
and a reader of librdkafka need. The mock of librdkafka keeps 5 MiB a partition, too little to measure anything.

What was produced is handed out when reveal() is called, so that a reader can be there before it.
"""

import socketserver
import struct
import threading

PRODUCE, FETCH, LIST_OFFSETS, METADATA, FIND_COORDINATOR, API_VERSIONS, INIT_PRODUCER_ID = 0, 1, 2, 3, 10, 18, 22
UNSUPPORTED_VERSION, COORDINATOR_NOT_AVAILABLE = 35, 15
KNOWN = ((PRODUCE, 0, 3), (FETCH, 0, 4), (LIST_OFFSETS, 1, 1), (METADATA, 1, 1), (FIND_COORDINATOR, 0, 0), (API_VERSIONS, 0, 0),
         (INIT_PRODUCER_ID, 0, 0))  # the newest is asked for, but compression needs a broker that knows the oldest
NODE = 1
OLDEST = -2  # an offset that ListOffsets asks for


class Reader:
    """Takes a request apart."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values if len(values) > 1 else values[0]

    def bytes(self, size):
        self.at += max(0, size)
        return self.data[self.at - max(0, size):self.at]

    def text(self):
        return self.bytes(self.take("h")).decode()


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


class Batch:
    def __init__(self, first, data):
        self.first, self.count = first, struct.unpack_from(">i", data, 57)[0]
        self.data = struct.pack(">q", first) + data[8:]  # the checksum is of what follows


def cut(records):
    """The batches of a Produce request, as bytes."""
    at = 0
    while at < len(records):
        size = 12 + struct.unpack_from(">i", records, at + 8)[0]
        yield records[at:at + size]
        at += size


class Answers(socketserver.StreamRequestHandler):
    def handle(self):
        try:
            while header := self.rfile.read(4):
                request = Reader(self.rfile.read(struct.unpack(">i", header)[0]))
                key, version, correlation = request.take("hhi")
                request.text()  # the client's name
                body = struct.pack(">i", correlation) + self.answer(key, version, request)
                self.wfile.write(struct.pack(">i", len(body)) + body)
        except (ConnectionError, struct.error):
            pass  # the client has gone

    def answer(self, key, version, request):
        topic = self.server.topic
        if key == API_VERSIONS:
            known = b"".join(struct.pack(">hhh", *each) for each in KNOWN)
            return struct.pack(">hi", UNSUPPORTED_VERSION if version > 0 else 0, len(KNOWN)) + known
        if key == METADATA:
            host, port = self.server.server_address
            return (struct.pack(">ii", 1, NODE) + text(host) + struct.pack(">ihi", port, -1, NODE) +
                    struct.pack(">ih", 1, 0) + text(topic) + struct.pack(">bi", 0, 1) + struct.pack(">hiiiiii", 0, 0, NODE, 1, NODE, 1, NODE))
        if key == INIT_PRODUCER_ID:
            return struct.pack(">ihqh", 0, 0, 1, 0)
        if key == FIND_COORDINATOR:
            return struct.pack(">hi", COORDINATOR_NOT_AVAILABLE, -1) + text("") + struct.pack(">i", 0)
        if key == PRODUCE:
            return self.produced(request)
        if key == LIST_OFFSETS:
            request.take("ii"), request.text(), request.take("ii")
            offset = 0 if request.take("q") == OLDEST else self.server.end
            return struct.pack(">i", 1) + text(topic) + struct.pack(">iihqq", 1, 0, 0, -1, offset)
        return self.fetched(request)

    def produced(self, request):
        request.take("h"), request.take("hi"), request.take("i"), request.text(), request.take("ii")
        first = self.server.append(request.bytes(request.take("i")))
        return struct.pack(">i", 1) + text(self.server.topic) + struct.pack(">iihqqi", 1, 0, 0, first, -1, 0)

    def fetched(self, request):
        _, patience, _, _, _, topics = request.take("iiiibi")
        if topics == 0:
            return struct.pack(">ii", 0, 0)
        request.text()
        _, _, offset, most = request.take("iiqi")
        records, end = self.server.batches_from(offset, most, patience / 1000)
        return (struct.pack(">ii", 0, 1) + text(self.server.topic) + struct.pack(">iihqqii", 1, 0, 0, end, end, 0, len(records)) + records)


class KeepingBroker(socketserver.ThreadingTCPServer):
    daemon_threads = allow_reuse_address = True

    def __init__(self, topic):
        super().__init__(("127.0.0.1", 0), Answers)
        self.topic, self.batches, self.hidden, self.end, self.bytes = topic, [], [], 0, 0
        self.news = threading.Condition()
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def append(self, records):
        first = end = self.hidden[-1].first + self.hidden[-1].count if self.hidden else self.end
        for data in cut(records):
            self.hidden.append(Batch(end, data))
            end += self.hidden[-1].count
            self.bytes += len(data)
        return first

    def reveal(self):
        with self.news:
            self.batches += self.hidden
            self.end = self.batches[-1].first + self.batches[-1].count if self.batches else 0
            self.hidden = []
            self.news.notify_all()

    def batches_from(self, offset, most, patience):
        """(some batches one behind the other, the end of the partition)"""
        with self.news:
            self.news.wait_for(lambda: self.end > offset, patience)
        parts, size = [], 0
        for batch in self.batches[self.index_of(offset):]:
            if parts and size + len(batch.data) > most:
                break
            parts.append(batch.data)
            size += len(batch.data)
        return b"".join(parts), self.end

    def index_of(self, offset):
        low, high = 0, len(self.batches)
        while low < high:
            middle = (low + high) // 2
            if self.batches[middle].first + self.batches[middle].count <= offset:
                low = middle + 1
            else:
                high = middle
        return low

    def stop(self):
        self.shutdown()
        self.server_close()
