"""Who somebody is by what an OpenID provider says of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.config_openid import OpenidSettings
from app.lib.text import scrubbed

# Authentication Method References (RFC 8176) that take more than something one knows.
_STRONG_METHODS = frozenset({"mfa", "otp", "hwk", "sc", "fido"})
# The same said as a class: of OpenID PAPE, and of the Extended Authentication Profile (phishing-resistant).
_STRONG_CLASSES = frozenset(
    {"http://schemas.openid.net/pape/policies/2007/06/multi-factor", "phr", "phrh"},
)
_TRUE = (True, "true", 1, "1")


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody at a provider; ``email`` is in small letters, and empty when there is none.

    ``groups`` is None when nothing was said of groups. ``is_strong``: they gave a second factor there.
    """

    issuer: str
    subject: str
    email: str
    is_email_verified: bool
    name: str
    language: str
    groups: tuple[str, ...] | None
    is_strong: bool

    @property
    def domain(self) -> str:
        """That of the address."""
        return self.email.rpartition("@")[2]


def asks_more(claims: Mapping[str, Any], chosen: OpenidSettings) -> bool:
    """Whether the ID token leaves out what the provider's userinfo may tell."""
    return "email" not in claims or bool(chosen.roles and chosen.group_claim not in claims)


def read_identity(claims: Mapping[str, Any], more: Mapping[str, Any], chosen: OpenidSettings) -> Identity:
    """What the signed claims say, and ``more`` (of userinfo) where they say nothing.

    How somebody proved who they are counts only when it is signed. An address and whether it is verified are
    taken from one of the two, never mixed.
    """
    told = {**more, **claims}
    source = claims if "email" in claims else more
    email = source.get("email")
    # Entra ID has no email_verified; xms_edov says that the owner of the domain vouches for the address.
    is_verified = _is_true(source.get("email_verified", source.get("xms_edov")))
    return Identity(
        issuer=str(claims["iss"]),
        subject=str(claims["sub"]),
        email=_address(email),
        is_email_verified=is_verified,
        name=_name(told),
        language=str(told.get("locale") or "")[:2].lower(),
        groups=_groups(told.get(chosen.group_claim)),
        is_strong=_is_strong(claims),
    )


def role_of(identity: Identity, chosen: OpenidSettings) -> str:
    """The role of the first pair of OIDC_ROLES whose group they are in; empty for none."""
    return next((role for group, role in chosen.roles if group in (identity.groups or ())), "")


def _address(email: Any) -> str:
    is_sound = isinstance(email, str) and len(email) <= 254 and email.isprintable()
    return email.strip().lower() if is_sound else ""


def _name(told: Mapping[str, Any]) -> str:
    parts = [told.get("name")]
    if not isinstance(parts[0], str):
        parts = [told.get("given_name"), told.get("family_name")]
    return scrubbed(" ".join(part for part in parts if isinstance(part, str)), 200)


def _groups(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list):
        return None
    return tuple(item for item in value if isinstance(item, str))


def _is_strong(claims: Mapping[str, Any]) -> bool:
    methods = claims.get("amr")
    named = {item for item in methods if isinstance(item, str)} if isinstance(methods, list) else set()
    return bool(named & _STRONG_METHODS) or claims.get("acr") in _STRONG_CLASSES


def _is_true(value: Any) -> bool:
    return value in _TRUE if isinstance(value, bool | str | int) else False
