"""The authorization code flow as this browser began it (OpenID Connect Core 1.0, 3.1; PKCE, RFC 7636)."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from authlib.oauth2.rfc7636 import create_s256_code_challenge

from app.accounts.openid.errors import OpenidTrouble
from app.accounts.openid.provider import Provider
from app.config_openid import OpenidSettings
from app.lib.tokens import equal, new_token

FLOW_LIFETIME = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps, in the signed cookie of its forms, until the provider sends it back.

    ``onward`` is the local path to go to when signed in, ``until`` an ISO moment.
    """

    state: str
    nonce: str
    verifier: str
    onward: str
    until: str

    def as_kept(self) -> dict[str, str]:
        """For the cookie."""
        return asdict(self)


def begin(now: datetime, onward: str) -> Begun:
    """Fresh secrets for one try; a verifier has 43 characters at least (RFC 7636, 4.1)."""
    until = (now + FLOW_LIFETIME).isoformat()
    return Begun(new_token(), new_token(), new_token() + new_token(), onward, until)


def authorization_url(provider: Provider, chosen: OpenidSettings, begun: Begun, redirect_uri: str) -> str:
    """Where the browser goes to prove who its owner is."""
    asked = {
        "response_type": "code",
        "client_id": chosen.client_id,
        "redirect_uri": redirect_uri,
        "scope": chosen.scopes,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": create_s256_code_challenge(begun.verifier),
        "code_challenge_method": "S256",
    }
    joint = "&" if "?" in provider.authorization_endpoint else "?"
    return f"{provider.authorization_endpoint}{joint}{urlencode(asked)}"


def resumed(kept: Any, now: datetime, answer: Mapping[str, str]) -> Begun:
    """What this browser began, if the provider's answer belongs to it.

    Raises OpenidTrouble: ``state`` when it does not, ``declined`` when the provider let nobody in.
    """
    begun = _read(kept)
    if begun is None or now >= datetime.fromisoformat(begun.until):
        raise OpenidTrouble("state", "nothing was begun here")
    if not equal(answer.get("state", ""), begun.state):
        raise OpenidTrouble("state", "another state")
    if "error" in answer or not answer.get("code"):
        raise OpenidTrouble("declined")
    return begun


def check_issuer(provider: Provider, answer: Mapping[str, str]) -> None:
    """Nothing when the answer is this provider's (RFC 9207, 2.4).

    Raises OpenidTrouble (``bad_answer``).
    """
    told = answer.get("iss", "" if provider.tells_issuer else provider.issuer)
    if told != provider.issuer:
        raise OpenidTrouble("bad_answer", "the answer is another issuer's")


def _read(kept: Any) -> Begun | None:
    try:
        return Begun(**kept)
    except TypeError:
        return None
