"""What an OpenID provider is asked: its documents, by the worker; who somebody is, by the callback."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus, urlencode

from app.accounts.openid.errors import OpenidTrouble, UnknownKey
from app.accounts.openid.flow import Begun
from app.accounts.openid.id_token import verified_claims
from app.accounts.openid.identity import Identity, asks_more, read_identity
from app.accounts.openid.provider import Provider, read_document
from app.config_openid import OpenidSettings
from app.lib.clock import monotonic
from app.lib.outbound import AddressRefused, Answer, BadResponse, GuardedSession, NotReachable, Policy
from app.lib.urls import origin_of

# All questions of one sign-in together take no longer, and no answer may be larger.
SECONDS = 5.0
_LARGEST = 256 << 10
_FORM = "application/x-www-form-urlencoded"
# Of a process's threads so many may wait for the provider; the others go on serving pages.
_turns = threading.BoundedSemaphore(8)


def read_provider(chosen: OpenidSettings) -> tuple[dict[str, Any], dict[str, Any]]:
    """The discovery document, checked, and the JWK Set.

    Raises OpenidTrouble (``unreachable``, ``bad_answer``).
    """
    until = monotonic() + SECONDS
    document = _get(chosen, chosen.discovery_url, until)
    return document, _get(chosen, read_document(chosen.discovery_url, document).jwks_uri, until)


def identify(
    chosen: OpenidSettings,
    provider: Provider,
    keys: dict[str, Any],
    begun: Begun,
    code: str,
    redirect_uri: str,
    now: datetime,
) -> tuple[Identity, dict[str, Any] | None]:
    """Exchange a code for who somebody is; also the newer JWK Set, if it had to be read again.

    Takes at most five seconds. Raises OpenidTrouble (``busy``, ``unreachable``, ``bad_answer``).
    """
    with _turn():
        until = monotonic() + SECONDS
        tokens = _exchange(chosen, provider, begun, code, redirect_uri, until)
        id_token, access_token = tokens.get("id_token"), tokens.get("access_token")
        if not isinstance(id_token, str) or not isinstance(access_token, str):
            raise OpenidTrouble("bad_answer", "no tokens")
        rest = (provider, chosen.client_id, begun.nonce, access_token, now)
        newer = None
        try:
            claims = verified_claims(id_token, keys, *rest)
        except UnknownKey:
            newer = _get(chosen, provider.jwks_uri, until)
            claims = _verified_by_newer(id_token, newer, *rest)
        more: Mapping[str, Any] = {}
        if provider.userinfo_endpoint and asks_more(claims, chosen):
            more = _get(chosen, provider.userinfo_endpoint, until, access_token)
            if more.get("sub") != claims["sub"]:
                # Core 1.0, 5.3.2: it may be somebody else's.
                raise OpenidTrouble("bad_answer", "userinfo of another subject")
        return read_identity(claims, more, chosen), newer


def _verified_by_newer(id_token: str, keys: dict[str, Any], *rest: Any) -> dict[str, Any]:
    try:
        return verified_claims(id_token, keys, *rest)
    except UnknownKey as error:
        raise OpenidTrouble("bad_answer", f"ID token: {error}") from error


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(blocking=False):
        raise OpenidTrouble("busy")
    try:
        yield
    finally:
        _turns.release()


def _exchange(
    chosen: OpenidSettings, provider: Provider, begun: Begun, code: str, redirect_uri: str, until: float
) -> dict[str, Any]:
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": begun.verifier,
    }
    name, secret = "", ""
    if provider.takes_basic:
        # RFC 6749, 2.3.1: encoded as in a form first.
        name, secret = quote_plus(chosen.client_id), quote_plus(chosen.client_secret)
    else:
        fields |= {"client_id": chosen.client_id, "client_secret": chosen.client_secret}
    headers, body = {"Content-Type": _FORM}, urlencode(fields).encode()
    return _ask(chosen, "POST", provider.token_endpoint, until, body, headers, (name, secret))


def _get(chosen: OpenidSettings, url: str, until: float, access_token: str = "") -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {access_token}"} if access_token else {}
    return _ask(chosen, "GET", url, until, b"", headers)


def _ask(
    chosen: OpenidSettings,
    method: str,
    url: str,
    until: float,
    body: bytes,
    headers: dict[str, str],
    credentials: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    """One exchange; redirects are not followed. Raises OpenidTrouble."""
    policy = Policy((origin_of(chosen.discovery_url),), chosen.ca_file, SECONDS, _LARGEST)
    try:
        session = GuardedSession(url, *credentials, policy)
        session.until = until
        try:
            answer = session.request(method, url, body, {"Accept": "application/json", **headers})
        finally:
            session.close()
    except NotReachable as error:
        raise OpenidTrouble("unreachable", str(error)) from error
    except (AddressRefused, BadResponse) as error:
        raise OpenidTrouble("bad_answer", str(error)) from error
    return _read(answer)


def _read(answer: Answer) -> dict[str, Any]:
    if answer.status_code >= 500:
        raise OpenidTrouble("unreachable", f"status {answer.status_code}")
    if answer.status_code != 200:
        raise OpenidTrouble("bad_answer", f"status {answer.status_code}")
    try:
        told = json.loads(answer.content)
    except (ValueError, RecursionError) as error:
        raise OpenidTrouble("bad_answer", "no JSON") from error
    if not isinstance(told, dict):
        raise OpenidTrouble("bad_answer", "no JSON object")
    return told
