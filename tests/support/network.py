"""Shuts the network: a test may talk to this machine and to nobody else."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class NetworkIsShut(RuntimeError):
    """A test tried to reach another machine; the text says which."""


def _is_here(host: object) -> bool:
    if not host or host == "localhost":
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.split("%")[0]).is_loopback
    except ValueError:
        return False


def _is_number(host: object) -> bool:
    try:
        ipaddress.ip_address(str(host))
    except ValueError:
        return False
    return True


@contextmanager
def only_loopback() -> Iterator[None]:
    """While open, connecting elsewhere or looking up a foreign name raises NetworkIsShut."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto
    getaddrinfo = socket.getaddrinfo

    def check(link: socket.socket, address: Any) -> None:
        if link.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
            raise NetworkIsShut(f"connection to {address[0]}")

    def shut_connect(self: socket.socket, address: Any) -> None:
        check(self, address)
        connect(self, address)

    def shut_connect_ex(self: socket.socket, address: Any) -> int:
        check(self, address)
        return connect_ex(self, address)

    def shut_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        check(self, rest[-1])
        return sendto(self, data, *rest)

    def shut_getaddrinfo(host: Any, *rest: Any, **options: Any) -> Any:
        # A number needs no name server; whether it may be connected to is looked at when it is.
        if not _is_here(host) and not _is_number(host):
            raise NetworkIsShut(f"name look-up of {host}")
        return getaddrinfo(host, *rest, **options)

    changed = {"connect": shut_connect, "connect_ex": shut_connect_ex, "sendto": shut_sendto}
    before = {"connect": connect, "connect_ex": connect_ex, "sendto": sendto}
    for name, function in changed.items():
        setattr(socket.socket, name, function)
    socket.getaddrinfo = shut_getaddrinfo
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(socket.socket, name, function)
        socket.getaddrinfo = getaddrinfo
