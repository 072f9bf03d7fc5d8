"""A tiny name server on loopback, so that DNS answers are real packets."""

import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import dns.flags
import dns.message
import dns.rcode
import dns.resolver
import dns.rrset


@contextmanager
def name_server(*records: tuple[str, str, Sequence[str]]) -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks a server with these (name, kind, texts); every other name is unknown."""
    known = {
        (name.lower(), kind): dns.rrset.from_text_list(name, 60, "IN", kind, texts)
        for name, kind, texts in records
    }
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.bind(("127.0.0.1", 0))

    def serve() -> None:
        while True:
            try:
                wire, sender = link.recvfrom(4096)
            except OSError:
                return
            query = dns.message.from_wire(wire)
            if not query.question:
                return
            asked = query.question[0]
            answer = dns.message.make_response(query)
            answer.flags |= dns.flags.RA
            found = known.get((asked.name.to_text().lower(), dns.rdatatype.to_text(asked.rdtype)))
            if found is None:
                answer.set_rcode(dns.rcode.NXDOMAIN)
            else:
                answer.answer.append(found)
            link.sendto(answer.to_wire(), sender)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    resolver = dns.resolver.Resolver(configure=False)
    resolver.nameservers, resolver.port = ["127.0.0.1"], link.getsockname()[1]
    try:
        yield resolver
    finally:
        # A closed socket would leave the thread waiting on it: an empty question ends it.
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(dns.message.Message().to_wire(), link.getsockname())
        thread.join(5)
        link.close()
