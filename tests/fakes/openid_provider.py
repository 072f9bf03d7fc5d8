"""An OpenID provider on loopback that can also misbehave; it signs as real ones do."""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from secrets import token_urlsafe
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

CLIENT_ID, CLIENT_SECRET = "attache:web", "client secret/canary+7"  # noqa: S105


@cache
def key_named(kid: str) -> RSAKey:
    """A key to sign with; making one takes a while."""
    return RSAKey.generate_key(2048, {"kid": kid, "use": "sig"})


@dataclass
class Grant:
    """A code that was given out, and for what."""

    nonce: str
    challenge: str
    redirect_uri: str


@dataclass
class OpenidProvider:
    """The server; what it says of everybody stands in ``claims``, and of them in userinfo in ``userinfo``.

    ``token_changes`` are laid over the claims of an ID token, None takes one away. ``algorithm`` signs it.
    ``answers`` maps a path to a status and body that it gives instead; ``hangs`` is one that never answers.
    """

    base: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    userinfo: dict[str, Any] = field(default_factory=dict)
    token_changes: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    key: RSAKey = field(default_factory=lambda: key_named("first"))
    published: list[RSAKey] = field(default_factory=list)
    answers: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    hangs: str = ""
    document_changes: dict[str, Any] = field(default_factory=dict)
    now: int = 0
    asked: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    codes: dict[str, Grant] = field(default_factory=dict)
    access: dict[str, None] = field(default_factory=dict)
    released: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.published = [self.key]

    @property
    def discovery_url(self) -> str:
        """What OIDC_DISCOVERY_URL says."""
        return f"{self.base}/realm/.well-known/openid-configuration"

    def environ(self, **changes: str) -> dict[str, str]:
        """The settings of a client of this provider."""
        return {
            "OIDC_DISCOVERY_URL": self.discovery_url,
            "OIDC_CLIENT_ID": CLIENT_ID,
            "OIDC_CLIENT_SECRET": CLIENT_SECRET,
            **changes,
        }

    def rotate(self, kid: str) -> None:
        """Sign with a new key from now on, and publish it alone."""
        self.key = key_named(kid)
        self.published = [self.key]

    def authorize(self, query: dict[str, str]) -> str:
        """Where the browser of somebody who is known here is sent to."""
        assert query["response_type"] == "code"
        assert query["client_id"] == CLIENT_ID
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"].split()
        code = token_urlsafe(24)
        self.given.append(code)
        self.codes[code] = Grant(query["nonce"], query["code_challenge"], query["redirect_uri"])
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def document(self) -> dict[str, Any]:
        """The discovery document."""
        told = {
            "issuer": f"{self.base}/realm",
            "authorization_endpoint": f"{self.base}/authorize",
            "token_endpoint": f"{self.base}/token",
            "jwks_uri": f"{self.base}/keys",
            "userinfo_endpoint": f"{self.base}/userinfo",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        }
        return {name: value for name, value in (told | self.document_changes).items() if value is not None}

    def told(self, path: str, fields: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """The answer to what programs ask; None for what is refused."""
        if path == "/token":
            return self.tokens(fields, authorization)
        if path == "/userinfo":
            is_known = authorization.removeprefix("Bearer ") in self.access
            return {"sub": self.claims["sub"], **self.userinfo} if is_known else None
        documents: dict[str, Any] = {
            "/realm/.well-known/openid-configuration": self.document(),
            "/keys": KeySet(list(self.published)).as_dict(),
        }
        return documents.get(path)

    def tokens(self, fields: dict[str, str], authorization: str) -> dict[str, Any] | None:
        """What a code is worth, once; None for what does not belong to it."""
        name, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if authorization:
            fields = fields | {"client_id": unquote_plus(name), "client_secret": unquote_plus(secret)}
        grant = self.codes.pop(fields.get("code", ""), None)
        digest = sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).decode().rstrip("=")
        is_ours = (fields.get("client_id"), fields.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
        if not is_ours or grant is None or grant.challenge != challenge:
            return None
        if grant.redirect_uri != fields.get("redirect_uri"):
            return None
        access = token_urlsafe(24)
        self.access[access] = None
        id_token = self.id_token(grant.nonce)
        self.given += [access, id_token]
        return {"access_token": access, "token_type": "Bearer", "id_token": id_token}

    def id_token(self, nonce: str) -> str:
        """A token as this provider signs it at the moment."""
        times = {"iat": self.now, "exp": self.now + 300}
        claims = {"iss": f"{self.base}/realm", "aud": CLIENT_ID, "nonce": nonce, **times, **self.claims}
        claims = {name: value for name, value in (claims | self.token_changes).items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "none":
            parts = (json.dumps(part).encode() for part in ({**header, "alg": "none"}, claims))
            return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts) + "."
        key = OctKey.import_key(CLIENT_SECRET) if self.algorithm == "HS256" else self.key
        return jwt.encode(header, claims, key, algorithms=[self.algorithm])


def _handler(provider: OpenidProvider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._serve({})

        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            self._serve(dict(parse_qsl(self.rfile.read(length).decode())))

        def _serve(self, fields: dict[str, str]) -> None:
            path = urlsplit(self.path).path
            provider.asked.append(path)
            if path == provider.hangs:
                provider.released.wait(30)
                return
            if path in provider.answers:
                self._send(*provider.answers[path])
            elif path == "/authorize":
                query = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
                self._send(303, b"", provider.authorize(query))
            else:
                told = provider.told(path, fields, self.headers.get("Authorization", ""))
                self._send(400 if told is None else 200, json.dumps(told or {"error": "no"}).encode())

        def _send(self, status: int, body: bytes, location: str = "") -> None:
            self.send_response(status)
            if status in {302, 303, 307}:
                self.send_header("Location", location or f"{provider.base}{self.path}")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            """Stay silent."""

    return Handler


@contextmanager
def running_provider(now: int) -> Iterator[OpenidProvider]:
    """A provider on a free port; its clock stands at ``now`` (seconds since the epoch)."""
    provider = OpenidProvider(now=now)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(provider))
    server.daemon_threads = True
    provider.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        provider.released.set()
        server.shutdown()
        server.server_close()
