"""An OpenID provider as its discovery document tells of it (OpenID Connect Discovery 1.0)."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from app.accounts.openid.errors import OpenidTrouble
from app.config_openid import WELL_KNOWN
from app.lib.urls import origin_of


@dataclass(frozen=True, slots=True)
class Provider:
    """Where to ask for what; ``takes_basic`` is whether the client's secret goes into the header.

    ``userinfo_endpoint`` may be empty. ``tells_issuer``: its answers carry ``iss`` (RFC 9207).
    """

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str
    takes_basic: bool
    tells_issuer: bool


def read_document(discovery_url: str, document: Any) -> Provider:
    """The provider of a discovery document that was read at ``discovery_url``.

    Raises OpenidTrouble (``bad_answer``) when it is somebody else's (4.3) or names an address that is neither
    https nor of the origin that the operator chose.
    """
    if not isinstance(document, dict):
        raise OpenidTrouble("bad_answer", "the discovery document is none")
    issuer = document.get("issuer")
    if not isinstance(issuer, str) or issuer.rstrip("/") + WELL_KNOWN != discovery_url:
        raise OpenidTrouble("bad_answer", "the issuer is not the one of OIDC_DISCOVERY_URL")
    methods = document.get("token_endpoint_auth_methods_supported")
    has_userinfo = "userinfo_endpoint" in document
    return Provider(
        issuer=issuer,
        authorization_endpoint=_address(discovery_url, document, "authorization_endpoint"),
        token_endpoint=_address(discovery_url, document, "token_endpoint"),
        jwks_uri=_address(discovery_url, document, "jwks_uri"),
        userinfo_endpoint=_address(discovery_url, document, "userinfo_endpoint") if has_userinfo else "",
        # client_secret_basic is what is meant when nothing is said (3).
        takes_basic=not isinstance(methods, list) or "client_secret_basic" in methods,
        tells_issuer=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _address(discovery_url: str, document: dict[str, Any], name: str) -> str:
    url = document.get(name)
    try:
        is_own = isinstance(url, str) and origin_of(url) == origin_of(discovery_url)
        is_sound = is_own or (isinstance(url, str) and urlsplit(url).scheme == "https")
    except ValueError:
        is_sound = False
    if not isinstance(url, str) or not is_sound or not url.isascii() or not url.isprintable():
        raise OpenidTrouble("bad_answer", f"{name} is missing or not https")
    return url
