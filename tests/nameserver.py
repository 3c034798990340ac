"""A small name server in the test's own process: it answers over UDP what stands in a dictionary."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset

Records = dict[tuple[str, str], list[str]]


def answer(question: dns.message.Message, records: Records) -> dns.message.Message:
    """What the dictionary has under name and kind; a name that it has not at all does not exist."""
    asked = question.question[0]
    name, kind = str(asked.name).rstrip(".").lower(), dns.rdatatype.to_text(asked.rdtype)
    response = dns.message.make_response(question)
    response.flags |= dns.flags.RA
    values = records.get((name, kind), [])
    if values == ["SERVFAIL"]:
        response.set_rcode(dns.rcode.SERVFAIL)
    elif values:
        response.answer.append(dns.rrset.from_text(asked.name, 60, dns.rdataclass.IN, asked.rdtype, *values))
    elif not any(known == name for known, _ in records):
        response.set_rcode(dns.rcode.NXDOMAIN)
    return response


@contextmanager
def running(records: Records) -> Iterator[str]:
    """The server's `address:port`, while it runs."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                packet, sender = line.recvfrom(4096)
            except OSError:
                return
            if not packet:
                return
            line.sendto(answer(dns.message.from_wire(packet), records).to_wire(), sender)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    address = "{}:{}".format(*line.getsockname())
    try:
        yield address
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"", line.getsockname())
        thread.join()
        line.close()


def text(words: str) -> str:
    """A TXT record, in pieces of at most 255 characters as DNS wants it."""
    return " ".join(f'"{words[start : start + 255]}"' for start in range(0, len(words), 255))
