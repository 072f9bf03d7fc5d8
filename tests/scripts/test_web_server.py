"""The web server under people who are slow or large, on real sockets."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from scripts.web_server import web_server
from tests.support.ports import free_port

HEAD = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 40\r\n"
GET = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


LARGE = GET.replace(b"/ ", b"/large ")
MIB = 1 << 20


def echo(environ: dict, start_response: object) -> list[bytes]:
    """Nothing but "well"; at /large more than the server keeps for anybody."""
    answer = [b"x" * 20 * MIB, b"x" * MIB] if environ["PATH_INFO"] == "/large" else [b"well"]
    start_response("200 OK", [("Content-Length", str(sum(map(len, answer))))])  # type: ignore[operator]
    return answer


@pytest.fixture
def port() -> Iterator[int]:
    """A server with two threads that wants a head within a second, a request within three, and to be read."""
    port = free_port()
    link = socket.socket()
    link.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    link.bind(("127.0.0.1", port))
    server = web_server(echo, link, threads=2, for_head=1, for_all=3, for_answer=4, idle=2, look_every=1)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield port
    server.close()
    thread.join(5)


def opened(port: int, *parts: bytes) -> socket.socket:
    link = socket.create_connection(("127.0.0.1", port), timeout=10)
    for part in parts:
        link.sendall(part)
    return link


def answer(link: socket.socket) -> bytes:
    with link:
        return b"".join(iter(lambda: link.recv(4096), b""))


def rest(link: socket.socket) -> bytes:
    """What still arrives on a connection until the server has closed it, in whatever way."""
    told = b""
    with link, suppress(ConnectionResetError):
        while part := link.recv(1 << 20):
            told += part
    return told


def drip(link: socket.socket, most: float) -> float:
    """Send a byte now and then until the server hangs up; how many seconds that took."""
    begun, link_is_open = time.monotonic(), True
    link.settimeout(0.2)
    while link_is_open and time.monotonic() - begun < most:
        try:
            link.sendall(b"x")
            link_is_open = link.recv(1) != b""
        except TimeoutError:
            continue
        except OSError:
            link_is_open = False
    link.close()
    return time.monotonic() - begun


def test_a_head_that_drips_is_cut_off(port: int) -> None:
    assert 1 <= drip(opened(port, b"GET / HTTP/1.1\r\nX-Slow: "), 10) < 6


def test_a_body_that_drips_is_cut_off_later(port: int) -> None:
    assert 3 <= drip(opened(port, HEAD.replace(b"40", b"4000"), b"\r\n"), 12) < 9


def test_slow_ones_take_nobody_s_turn(port: int) -> None:
    slow = [opened(port, HEAD) for _ in range(50)] + [opened(port, HEAD, b"\r\n", b"half") for _ in range(50)]
    begun = time.monotonic()
    assert b"well" in answer(opened(port, GET))
    assert time.monotonic() - begun < 1
    for link in slow:
        link.close()


def test_answers_that_nobody_reads_take_turns_and_places_for_a_while_only(port: int) -> None:
    deaf = [opened(port, LARGE) for _ in range(4)]
    begun = time.monotonic()
    assert b"well" in answer(opened(port, GET))
    assert time.monotonic() - begun < 9
    for link in deaf[:2]:
        assert len(rest(link)) < 20 * MIB


def test_an_answer_that_is_read_by_drops_is_cut_off(port: int) -> None:
    link = opened(port, LARGE)
    begun = time.monotonic()
    while time.monotonic() - begun < 7:
        assert link.recv(1000)
        drip(opened(port), 0.1)
    assert len(rest(link)) < 20 * MIB


def test_an_answer_that_is_read_arrives_whole(port: int) -> None:
    assert len(answer(opened(port, LARGE))) > 21 * MIB


def test_requests_that_are_sent_ahead_by_the_hundred_are_not_answered(port: int) -> None:
    ahead = GET.replace(b"Connection: close\r\n", b"")
    assert rest(opened(port, ahead * 3, GET)).count(b"well") == 4
    assert rest(opened(port, ahead * 150)).count(b"well") < 150


def test_a_head_of_more_than_32_kib_is_refused(port: int) -> None:
    head = b"GET / HTTP/1.1\r\nHost: x\r\nX-Large: " + b"x" * 40_000 + b"\r\n\r\n"
    with opened(port, head) as link:
        # What it has not read makes it reset the connection afterwards.
        assert link.recv(12).endswith(b" 431")


def test_a_body_of_more_than_24_mib_is_refused_before_it_is_sent(port: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 26000000\r\n\r\n"
    assert answer(opened(port, head)).startswith(b"HTTP/1.1 413 ")


def test_a_connection_that_is_kept_between_requests_is_not_slow(port: int) -> None:
    with opened(port) as link:
        for _ in range(3):
            link.sendall(GET.replace(b"Connection: close\r\n", b""))
            told = b""
            while not told.endswith(b"well"):
                told += link.recv(4096)
            link.settimeout(0.8)
            with pytest.raises(TimeoutError):
                link.recv(1)
            link.settimeout(10)


def test_the_server_does_not_say_what_it_is(port: int) -> None:
    assert b"waitress" not in answer(opened(port, GET)).lower()
