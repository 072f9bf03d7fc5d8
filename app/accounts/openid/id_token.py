"""Whether an ID token is what it says (OpenID Connect Core 1.0, 3.1.3.7)."""

from datetime import datetime, timedelta
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, JWKRegistry, Key

from app.accounts.openid.errors import OpenidTrouble, UnknownKey
from app.accounts.openid.provider import Provider

# Signatures with a public key alone: neither ``none`` nor the client's own secret proves a provider.
ALGORITHMS = (
    *("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"),
    *("Ed25519", "EdDSA"),
)
# How far the two clocks may be apart.
SKEW = timedelta(seconds=60)
_KINDS = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
LONGEST_SUBJECT = 255


def verified_claims(
    token: str,
    keys: Any,
    provider: Provider,
    client_id: str,
    nonce: str,
    access_token: str,
    now: datetime,
) -> dict[str, Any]:
    """The claims of an ID token that this provider made just now for us and this browser.

    ``keys`` is the provider's JWK Set. Raises UnknownKey when none of them can have signed it, OpenidTrouble
    (``bad_answer``) for any other fault.
    """
    try:
        signed = jwt.decode(token, lambda guest: _key_for(guest, keys), algorithms=ALGORITHMS)
        claims = CodeIDToken(
            signed.claims,
            signed.header,
            options={
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": client_id},
            },
            params={"nonce": nonce, "client_id": client_id, "access_token": access_token},
        )
        claims.validate(now=int(now.timestamp()), leeway=int(SKEW.total_seconds()))
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise OpenidTrouble("bad_answer", f"ID token: {type(error).__name__}") from error
    subject = claims["sub"]
    if not (isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT and subject.isprintable()):
        raise OpenidTrouble("bad_answer", "ID token: no subject")
    return dict(claims)


def _key_for(guest: GuestProtocol, keys: Any) -> Key:
    """The key that a token names; without a name the only one of its kind. Raises UnknownKey."""
    header = guest.headers()
    kind = _KINDS.get(str(header.get("alg"))[:2], "")
    listed = keys.get("keys") if isinstance(keys, dict) else None
    fitting = [
        key
        for key in (listed if isinstance(listed, list) else [])
        if isinstance(key, dict) and key.get("kty") == kind and key.get("use", "sig") == "sig"
    ]
    if "kid" in header:
        fitting = [key for key in fitting if key.get("kid") == header["kid"]]
    if len(fitting) != 1:
        raise UnknownKey(f"{len(fitting)} keys fit")
    return JWKRegistry.import_key(fitting[0])
