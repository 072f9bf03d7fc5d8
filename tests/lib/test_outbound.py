"""What a server that a user named cannot do to us."""

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.lib.outbound import (
    BadResponse,
    CertificateRefused,
    GuardedSession,
    NotReachable,
    Policy,
)
from tests.support.certificates import write_certificate

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def _request(link: socket.socket) -> bytes:
    """One whole request, b"" when the client has gone."""
    data = b""
    while b"\r\n\r\n" not in data:
        piece = link.recv(65536)
        if not piece:
            return b""
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
    while len(body) < length:
        body += link.recv(65536)
    return head + b"\r\n\r\n" + body


class Scripted:
    """A server that sends prepared bytes: one script a connection, one answer a request."""

    def __init__(self, *connections: list[bytes]) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._scripts = list(connections)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        for script in self._scripts:
            try:
                link, _ = self._socket.accept()
            except OSError:
                return
            self.connections += 1
            with link:
                for answer in script:
                    request = _request(link)
                    if not request:
                        break
                    self.requests.append(request)
                    try:
                        link.sendall(answer)
                    except OSError:
                        break

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def scripted() -> Iterator[Callable[..., Scripted]]:
    made: list[Scripted] = []

    def make(*connections: list[bytes]) -> Scripted:
        made.append(Scripted(*connections))
        return made[-1]

    yield make
    for server in made:
        server.close()


def session_for(server: Scripted, **limits: Any) -> GuardedSession:
    policy = Policy(allowed_origins=(server.url,), **limits)
    return GuardedSession(server.url + "/sam/", "sam", "secret", policy)


def ask(server: Scripted, method: str = "GET", **limits: Any) -> Any:
    return session_for(server, **limits).request(method, server.url + "/x", b"", {})


def test_connections_are_kept(scripted: Callable[..., Scripted]) -> None:
    server = scripted([OK, OK])
    session = session_for(server)
    for _ in range(2):
        assert session.request("REPORT", server.url + "/x", b"body", {}).content == b"ok"
    assert server.connections == 1


def test_a_kept_connection_that_is_gone_is_replaced_for_reads(scripted: Callable[..., Scripted]) -> None:
    server = scripted([OK], [OK])
    session = session_for(server)
    for _ in range(2):
        assert session.request("GET", server.url + "/x", b"", {}).content == b"ok"
    assert server.connections == 2


def test_a_write_never_goes_over_a_kept_connection_and_is_never_repeated(
    scripted: Callable[..., Scripted],
) -> None:
    server = scripted([OK], [b""])
    session = session_for(server)
    session.request("GET", server.url + "/x", b"", {})
    with pytest.raises(NotReachable) as caught:
        session.request("PUT", server.url + "/x", b"text", {})
    assert caught.value.is_unclear
    assert server.connections == 2


def test_nobody_listening_is_clear(scripted: Callable[..., Scripted]) -> None:
    server = scripted()
    session = session_for(server)
    server.close()
    with pytest.raises(NotReachable) as caught:
        session.request("PUT", server.url + "/x", b"text", {})
    assert not caught.value.is_unclear


def test_credentials_stay_on_the_accounts_origin(scripted: Callable[..., Scripted]) -> None:
    own, other = scripted([OK]), scripted([OK])
    session = GuardedSession(own.url, "sam", "secret", Policy(allowed_origins=(own.url, other.url)))
    session.request("GET", own.url + "/x", b"", {})
    session.request("GET", other.url + "/x", b"", {})
    assert b"Authorization: Basic" in own.requests[0]
    assert b"Authorization" not in other.requests[0]


def test_a_redirect_is_an_answer_like_any_other(scripted: Callable[..., Scripted]) -> None:
    server = scripted([b"HTTP/1.1 302 Found\r\nLocation: http://10.0.0.1/\r\nContent-Length: 0\r\n\r\n"])
    answer = ask(server)
    assert (answer.status_code, answer.headers["Location"]) == (302, "http://10.0.0.1/")


def test_proxies_and_netrc_are_not_looked_at(
    scripted: Callable[..., Scripted], monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login other password planted\n")
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    server = scripted([OK])
    assert ask(server).content == b"ok"
    assert b"Basic c2FtOnNlY3JldA==" in server.requests[0]


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab\r\n",
        b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 2000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70000 + b"\r\n\r\n",
        b"HTTP/1.1 two hundred\r\n\r\n",
        b"SSH-2.0-OpenSSH\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 22\r\n\r\n"
        + gzip.compress(b"ok", mtime=0),
    ],
    ids=[
        "too large by its word",
        "cut off",
        "cut off in a chunk",
        "no chunk",
        "endless",
        "too many headers",
        "a long header",
        "no status",
        "no HTTP",
        "compressed",
    ],
)
def test_answers_that_are_thrown_away(scripted: Callable[..., Scripted], answer: bytes) -> None:
    with pytest.raises(BadResponse):
        ask(scripted([answer]), limit=1000)


def test_a_drip_ends_at_the_deadline(scripted: Callable[..., Scripted]) -> None:
    server = scripted([b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n" + b"x", b"x"])
    with pytest.raises(NotReachable) as caught:
        ask(server, seconds=0.2)
    assert caught.value.is_unclear


def test_until_bounds_everything(scripted: Callable[..., Scripted]) -> None:
    session = session_for(scripted([OK]))
    session.until = 0.0
    with pytest.raises(NotReachable):
        session.request("GET", session.origin + "/x", b"", {})


def test_a_certificate_that_proves_nothing_is_told_apart(tmp_path: Any) -> None:
    certificate, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    write_certificate(certificate, key)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listening = socket.create_server(("127.0.0.1", 0))

    def greet() -> None:
        for _ in range(2):
            with contextlib.suppress(OSError):
                link, _sender = listening.accept()
                with context.wrap_socket(link, server_side=True) as secure:
                    secure.recv(65536)
                    secure.sendall(OK)

    threading.Thread(target=greet, daemon=True).start()
    url = f"https://127.0.0.1:{listening.getsockname()[1]}"
    strict = GuardedSession(url, "sam", "secret", Policy(allowed_origins=(url,)))
    with pytest.raises(CertificateRefused) as caught:
        strict.request("GET", url, b"", {})
    assert not caught.value.is_unclear
    trusting = GuardedSession(url, "sam", "secret", Policy(allowed_origins=(url,), ca_file=str(certificate)))
    assert trusting.request("GET", url, b"", {}).content == b"ok"
    listening.close()


def test_without_a_user_no_credentials_are_sent(scripted: Callable[..., Scripted]) -> None:
    server = scripted([OK])
    GuardedSession(server.url, "", "", Policy(allowed_origins=(server.url,))).request(
        "GET", server.url, b"", {}
    )
    assert b"Authorization" not in server.requests[0]


def test_how_to_sign_in_is_kept_of_the_last_answer(scripted: Callable[..., Scripted]) -> None:
    refused = b'HTTP/1.1 401 No\r\nWWW-Authenticate: Bearer realm="x"\r\nContent-Length: 0\r\n\r\n'
    session = session_for(scripted([refused, OK]))
    session.request("GET", session.origin + "/", b"", {})
    assert session.challenge == 'Bearer realm="x"'
    session.request("GET", session.origin + "/", b"", {})
    assert session.challenge == ""
