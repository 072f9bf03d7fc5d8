"""Requests to servers that a user named, guarded against what such a server, or its name, may do to us."""

import base64
import http.client
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

import certifi

from app.lib.addresses import is_public
from app.lib.clock import monotonic
from app.lib.urls import origin_of
from app.lib.wire import Wire

_PORTS = {443, 8443}
_SAFE = {"GET", "HEAD", "OPTIONS", "PROPFIND", "REPORT"}


class OutboundError(Exception):
    """A request did not bring a usable answer."""


class AddressRefused(OutboundError):
    """The address must not be called; nothing was sent."""


class NotReachable(OutboundError):
    """No answer in time; ``is_unclear`` when the server may have acted on the request all the same."""

    def __init__(self, text: str, *, is_unclear: bool) -> None:
        super().__init__(text)
        self.is_unclear = is_unclear


class CertificateRefused(NotReachable):
    """The server's certificate does not prove that it is the one that was asked for; nothing was sent."""

    def __init__(self) -> None:
        super().__init__("certificate", is_unclear=False)


class BadResponse(OutboundError):
    """The answer is broken, too large, compressed, or not what it says; it was thrown away as a whole."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Whom we may call, and what one exchange may cost (seconds, bytes)."""

    allowed_origins: tuple[str, ...] = ()
    ca_file: str = ""
    seconds: float = 20.0
    limit: int = 8 << 20
    resolve: Callable[..., Any] = field(default=socket.getaddrinfo, repr=False)


@dataclass(frozen=True, slots=True)
class Target:
    """A checked address."""

    scheme: str
    host: str
    port: int
    path: str
    is_trusted: bool

    @property
    def origin(self) -> str:
        """Scheme, host and port, always in the same spelling (RFC 6454)."""
        return origin_of(f"{self.scheme}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer. The header names are spelled like ``Content-Type`` (str.title)."""

    status_code: int
    reason: str
    headers: Mapping[str, str]
    content: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.content.decode("utf-8", "replace")


def target_of(url: str, policy: Policy) -> Target:
    """Check an address before anything is looked up.

    Raises AddressRefused: https on 443 or 8443 only, unless the exact origin is allowed; no user in it.
    """
    try:
        parts = urlsplit(url)
        host, port = (parts.hostname or "").encode("idna").decode().lower(), parts.port
    except ValueError:
        raise AddressRefused("the address cannot be read") from None
    if not host or parts.scheme not in {"http", "https"} or "@" in parts.netloc or "%" in host:
        raise AddressRefused("the address is not like https://host/path")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if not path.isascii() or any(character <= " " for character in path):
        raise AddressRefused("the path holds characters that must be encoded")
    number = port or (443 if parts.scheme == "https" else 80)
    target = Target(parts.scheme, host, number, path, is_trusted=False)
    if target.origin in {origin_of(allowed) for allowed in policy.allowed_origins}:
        return Target(target.scheme, host, number, path, is_trusted=True)
    if parts.scheme != "https" or number not in _PORTS:
        raise AddressRefused("only https on port 443 or 8443 may be called")
    return target


@lru_cache(maxsize=4)
def _tls(ca_file: str) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


@dataclass(frozen=True, slots=True)
class _Link:
    origin: str
    connection: http.client.HTTPConnection
    wire: Wire


class GuardedSession:
    """One user's requests to one origin, over a kept connection; to be used by one thread at a time.

    Redirects are answers like any other, proxies and files of the environment are not looked at, and the
    credentials go to the origin of ``url`` alone. ``until`` (monotonic) ends everything when it is set.
    ``challenge`` is how the last answer wanted people to sign in (WWW-Authenticate, RFC 9110, 11.6.1).
    """

    def __init__(self, url: str, username: str, password: str, policy: Policy) -> None:
        self.policy = policy
        self.origin = target_of(url, policy).origin
        self.until: float | None = None
        self.challenge = ""
        credentials = base64.b64encode(f"{username}:{password}".encode()).decode()
        self._authorization = f"Basic {credentials}" if username or password else ""
        self._kept: _Link | None = None

    def request(self, method: str, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """One exchange. Raises AddressRefused, NotReachable or BadResponse."""
        target = target_of(url, self.policy)
        deadline = monotonic() + self.policy.seconds
        if self.until is not None:
            deadline = min(deadline, self.until)
        sent = {**headers, "Accept-Encoding": "identity", "Content-Length": str(len(body))}
        if target.origin == self.origin and self._authorization:
            sent["Authorization"] = self._authorization
        # A kept connection may be gone unannounced: only what may be repeated is risked on it.
        kept = self._take(target, deadline) if method in _SAFE else None
        if kept is not None:
            try:
                return self._exchange(kept, target, method, body, sent)
            except NotReachable:
                if monotonic() >= deadline:
                    raise
        return self._exchange(_connect(target, self.policy, deadline), target, method, body, sent)

    def close(self) -> None:
        """Let go of the kept connection."""
        if self._kept is not None:
            self._kept.connection.close()
            self._kept = None

    def _take(self, target: Target, deadline: float) -> "_Link | None":
        kept, self._kept = self._kept, None
        if kept is None:
            return None
        if kept.origin != target.origin:
            kept.connection.close()
            return None
        kept.wire.deadline = deadline
        return kept

    def _exchange(
        self, link: "_Link", target: Target, method: str, body: bytes, sent: Mapping[str, str]
    ) -> Answer:
        is_whole = False
        try:
            link.connection.request(method, target.path, body=body, headers=dict(sent))
            with link.connection.getresponse() as response:
                answer = self._read(response, method)
            is_whole = True
        except (http.client.RemoteDisconnected, OSError) as error:
            raise NotReachable(type(error).__name__, is_unclear=True) from error
        except (http.client.HTTPException, ValueError) as error:
            raise BadResponse(type(error).__name__) from error
        finally:
            if is_whole and link.connection.sock is not None:
                self.close()
                self._kept = link
            else:
                link.connection.close()
        return answer

    def _read(self, response: http.client.HTTPResponse, method: str) -> Answer:
        headers = {name.title(): value for name, value in response.headers.items()}
        # A server may tell its features in several lines (Cyrus does), which are one list (RFC 9110, 5.3).
        if told := response.headers.get_all("DAV"):
            headers["Dav"] = ", ".join(told)
        self.challenge = ", ".join(response.headers.get_all("WWW-Authenticate", []))
        if headers.get("Content-Encoding", "identity").lower() not in {"", "identity"}:
            raise BadResponse("compressed, though not asked for")
        if (response.length or 0) > self.policy.limit:
            raise BadResponse("too large")
        pieces, size = [], 0
        while piece := response.read(65536):
            size += len(piece)
            if size > self.policy.limit:
                raise BadResponse("too large")
            pieces.append(piece)
        if response.length and method != "HEAD":
            raise BadResponse("cut off")
        return Answer(response.status, response.reason, headers, b"".join(pieces))


def _connect(target: Target, policy: Policy, deadline: float) -> _Link:
    problem: Exception = OSError("no address")
    for family, address in _addresses(target, policy, deadline):
        link = socket.socket(family, socket.SOCK_STREAM)
        try:
            link.settimeout(max(0.001, deadline - monotonic()))
            link.connect(address)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if target.scheme == "https":
                link.settimeout(max(0.001, deadline - monotonic()))
                link = _tls(policy.ca_file).wrap_socket(link, server_hostname=target.host)
        except ssl.SSLCertVerificationError as error:
            # Another address of the same name would show nothing better.
            link.close()
            raise CertificateRefused from error
        except OSError as error:
            link.close()
            problem = error
            continue
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.default_port = 443 if target.scheme == "https" else 80
        wire = Wire(link, deadline)
        connection.sock = wire
        return _Link(target.origin, connection, wire)
    raise NotReachable(type(problem).__name__, is_unclear=False) from problem


def _addresses(target: Target, policy: Policy, deadline: float) -> list[tuple[int, Any]]:
    """The addresses of the host, looked up in time; the very ones that are then connected to."""
    found: list[Any] = []

    def look_up() -> None:
        try:
            found.extend(policy.resolve(target.host, target.port, type=socket.SOCK_STREAM))
        except (OSError, UnicodeError):
            found.clear()

    # The system's resolver has no deadline of its own.
    helper = threading.Thread(target=look_up, daemon=True)
    helper.start()
    helper.join(max(0.0, deadline - monotonic()))
    pairs = [(entry[0], entry[4]) for entry in list(found)]
    if not pairs:
        raise NotReachable("the name has no address", is_unclear=False)
    if not target.is_trusted and not all(is_public(str(address[0])) for _, address in pairs):
        raise AddressRefused("the address is not public")
    return pairs
