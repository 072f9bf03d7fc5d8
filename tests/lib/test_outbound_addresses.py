"""Which addresses may be called, and that the one checked is the one connected to."""

import socket
import threading
from collections.abc import Callable
from typing import Any

import pytest

from app.lib.addresses import is_public
from app.lib.outbound import AddressRefused, GuardedSession, NotReachable, Policy, target_of


@pytest.mark.parametrize(
    "url",
    [
        "http://calendar.example/dav/",
        "https://calendar.example:22/",
        "https://calendar.example:80/",
        "https://sam:secret@calendar.example/",
        "ftp://calendar.example/",
        "file:///etc/passwd",
        "//calendar.example/",
        "https:///dav/",
        "https://calendar.example/a b",
        "https://calendar.example/a\r\nHost: other",
        "https://[fe80::1%25eth0]/",
        "https://[::1/",
        "https://calendar.example:99999/",
    ],
)
def test_addresses_that_are_refused_before_anything_is_looked_up(url: str) -> None:
    with pytest.raises(AddressRefused):
        target_of(url, Policy())


def test_only_the_exact_allowed_origin_may_be_anything_else() -> None:
    policy = Policy(allowed_origins=("http://127.0.0.1:5232",))
    assert target_of("http://127.0.0.1:5232/sam/", policy).is_trusted
    for url in ("http://127.0.0.1:5233/", "http://localhost:5232/", "http://127.0.0.1/"):
        with pytest.raises(AddressRefused):
            target_of(url, policy)


PRIVATE = [
    "127.0.0.1",
    "127.1.2.3",
    "0.0.0.0",
    "10.1.2.3",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.170",
    "192.0.2.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "ff02::1",
    "not an address",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "172.32.0.1", "2606:4700::1111", "64:ff9b::101:101"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(address)


def resolver(*answers: str) -> tuple[Callable[..., list[Any]], list[str]]:
    """A name server that gives one answer after the other."""
    left, asked = list(answers), []

    def resolve(host: str, port: int, **_: Any) -> list[Any]:
        asked.append(host)
        address = left.pop(0) if len(left) > 1 else left[0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    return resolve, asked


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "10.0.0.1"])
def test_a_name_that_leads_to_a_private_address_is_refused(address: str) -> None:
    resolve, _ = resolver(address)
    session = GuardedSession("https://calendar.example/", "sam", "secret", Policy(resolve=resolve))
    with pytest.raises(AddressRefused):
        session.request("GET", "https://calendar.example/", b"", {})


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve, asked = resolver("1.1.1.1", "127.0.0.1")
    connected: list[Any] = []

    def connect(_link: socket.socket, address: Any) -> None:
        connected.append(address[0])
        raise OSError("not in a test")

    monkeypatch.setattr(socket.socket, "connect", connect)
    session = GuardedSession("https://calendar.example/", "sam", "secret", Policy(resolve=resolve))
    with pytest.raises(NotReachable):
        session.request("GET", "https://calendar.example/", b"", {})
    assert (connected, asked) == (["1.1.1.1"], ["calendar.example"])
    with pytest.raises(AddressRefused):
        session.request("GET", "https://calendar.example/", b"", {})


def test_a_resolver_that_hangs_does_not_hold_the_request() -> None:
    stop = threading.Event()

    def resolve(*_: Any, **__: Any) -> list[Any]:
        stop.wait(5)
        return []

    policy = Policy(resolve=resolve, seconds=0.1)
    with pytest.raises(NotReachable) as caught:
        GuardedSession("https://a.example/", "s", "p", policy).request("GET", "https://a.example/", b"", {})
    assert not caught.value.is_unclear
    stop.set()
