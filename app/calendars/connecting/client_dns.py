"""Finds the CalDAV server of a domain in the DNS (RFC 6764, 3 and 4; RFC 2782)."""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver

_SECONDS = 5.0
_MOST_SERVICES = 5
_LONGEST_PATH = 200
# The DNS itself allows any byte in a label, "/" and "#" too, which would end the host in a URL.
_HOST = re.compile(r"(?:[a-z0-9_-]+\.)*[a-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Service:
    """A server that a domain names: ``path`` is that of its TXT record, '' when it has none."""

    host: str
    port: int
    path: str

    @property
    def url(self) -> str:
        """Where to begin (RFC 6764, 5)."""
        netloc = self.host if self.port == 443 else f"{self.host}:{self.port}"
        return f"https://{netloc}{self.path or '/.well-known/caldav'}"


def find_services(
    domain: str, *, resolver: dns.resolver.Resolver | None = None, chance: random.Random | None = None
) -> tuple[Service, ...]:
    """The servers of ``_caldavs._tcp`` of a domain, in the order in which they are to be tried.

    Empty when there is none, the domain says that it offers none (a target of "."), or the DNS does not
    answer within five seconds a question. Plain ``_caldav._tcp`` is not asked for: it leads to http.
    """
    try:
        asked = resolver or dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError):
        # No resolv.conf: this machine has no name server to ask.
        return ()
    name = f"_caldavs._tcp.{domain.rstrip('.')}."
    records = [_Record(*found) for found in _ask(asked, name, "SRV")]
    offered = [record for record in records if _HOST.fullmatch(record.host) and 0 < record.port < 65536]
    if not offered:
        return ()
    path = next((found for found in (_path(text) for text in _texts(asked, name)) if found), "")
    ordered = _ordered(offered, chance or random.SystemRandom())
    return tuple(Service(record.host, record.port, path) for record in ordered[:_MOST_SERVICES])


@dataclass(frozen=True, slots=True)
class _Record:
    priority: int
    weight: int
    port: int
    host: str


def _ask(resolver: dns.resolver.Resolver, name: str, kind: str) -> list[tuple[int, int, int, str]]:
    try:
        answer = resolver.resolve(name, kind, lifetime=_SECONDS, search=False)
    except (dns.exception.DNSException, OSError, ValueError):
        return []
    return [
        (item.priority, item.weight, item.port, item.target.to_text(omit_final_dot=True).lower())
        for item in answer
        if item.target != dns.name.root
    ]


def _texts(resolver: dns.resolver.Resolver, name: str) -> list[str]:
    try:
        answer = resolver.resolve(name, "TXT", lifetime=_SECONDS, search=False)
    except (dns.exception.DNSException, OSError, ValueError):
        return []
    return [part.decode("ascii", "replace") for item in answer for part in item.strings]


def _path(text: str) -> str:
    """The context path of a TXT record (RFC 6764, 4), '' for anything else."""
    key, _, value = text.partition("=")
    is_path = value.startswith("/") and not value.startswith("//") and len(value) <= _LONGEST_PATH
    is_plain = value.isascii() and value.isprintable() and not set(value) & set(' ?#\\"<>')
    return value if key.lower() == "path" and is_path and is_plain else ""


def _ordered(records: Sequence[_Record], chance: random.Random) -> list[_Record]:
    """The lowest priority first; within one, by chance in proportion to the weight (RFC 2782)."""
    left, ordered = sorted(records, key=lambda record: (record.priority, record.weight)), []
    while left:
        same = [record for record in left if record.priority == left[0].priority]
        number = chance.randint(0, sum(record.weight for record in same))
        for record in same:
            number -= record.weight
            if number <= 0:
                break
        left.remove(record)
        ordered.append(record)
    return ordered
