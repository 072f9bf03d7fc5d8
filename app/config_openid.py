"""The settings of signing in at an OpenID provider; nonsense is refused by name."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from app.lib.addresses import is_loopback

WELL_KNOWN = "/.well-known/openid-configuration"
# The roles that a group can stand for: those of the staff (app/accounts/values.py), the strongest first.
STAFF_ROLES = ("administrator", "senior", "specialist")

_DOMAIN = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_VARIABLES = (
    "OIDC_CLIENT_ID",
    "OIDC_CLIENT_SECRET",
    "OIDC_NAME",
    "OIDC_SCOPES",
    "OIDC_GROUP_CLAIM",
    "OIDC_ROLES",
    "OIDC_COUNTRY",
    "OIDC_ALLOWED_DOMAINS",
    "OIDC_TRUST_SECOND_FACTOR",
    "OIDC_CA_FILE",
)


@dataclass(frozen=True, slots=True)
class OpenidSettings:
    """One provider; ``roles`` are pairs of group and role, the first that fits counts.

    ``country`` (ISO 3166-1) is where the holidays of specialists are who are made from a group.
    """

    discovery_url: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    scopes: str
    group_claim: str
    roles: tuple[tuple[str, str], ...]
    country: str
    allowed_domains: tuple[str, ...]
    trusts_second_factor: bool
    ca_file: str


def read_openid(env: Mapping[str, str]) -> OpenidSettings | None:
    """The provider that the variables name, None without OIDC_DISCOVERY_URL.

    Raises ValueError, naming the variable, for a value that cannot be meant.
    """
    url = env.get("OIDC_DISCOVERY_URL", "")
    if not url:
        stray = next((name for name in _VARIABLES if env.get(name)), "")
        if stray:
            raise ValueError(f"{stray} is set, but OIDC_DISCOVERY_URL is not")
        return None
    for name in ("OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET"):
        if not env.get(name):
            raise ValueError(f"{name} is missing: OIDC_DISCOVERY_URL needs it")
    roles = _roles(env.get("OIDC_ROLES", ""))
    return OpenidSettings(
        discovery_url=_discovery_url(url),
        client_id=env["OIDC_CLIENT_ID"],
        client_secret=env["OIDC_CLIENT_SECRET"],
        name=_name(env.get("OIDC_NAME", "") or "OpenID"),
        scopes=_scopes(env.get("OIDC_SCOPES", "") or "openid email profile"),
        group_claim=env.get("OIDC_GROUP_CLAIM", "") or "groups",
        roles=roles,
        country=_country(env.get("OIDC_COUNTRY", ""), roles),
        allowed_domains=_domains(env.get("OIDC_ALLOWED_DOMAINS", "")),
        trusts_second_factor=_is_on(env.get("OIDC_TRUST_SECOND_FACTOR", "")),
        ca_file=env.get("OIDC_CA_FILE", ""),
    )


def _discovery_url(url: str) -> str:
    problem = f"OIDC_DISCOVERY_URL={url!r} is not like https://sso.company.example/realm{WELL_KNOWN}"
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(problem) from None
    if not host or "@" in parts.netloc or parts.query or parts.fragment or not url.endswith(WELL_KNOWN):
        raise ValueError(problem)
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError(f"OIDC_DISCOVERY_URL={url!r} must be https: plain http is for this machine alone")
    return url


def _name(name: str) -> str:
    if len(name) > 40 or not name.isprintable() or not name.strip():
        raise ValueError(f"OIDC_NAME={name!r} is not a name of at most 40 characters")
    return name.strip()


def _scopes(text: str) -> str:
    if "openid" not in text.split():
        raise ValueError(f"OIDC_SCOPES={text!r} lacks the scope openid")
    return " ".join(text.split())


def _roles(text: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        group, equals, role = (piece.strip() for piece in part.rpartition("="))
        if not (group and equals and role in STAFF_ROLES):
            raise ValueError(
                f"OIDC_ROLES: {part!r} is not group=role, with a role of {', '.join(STAFF_ROLES)}"
            )
        pairs.append((group, role))
    if len({group for group, _ in pairs}) < len(pairs):
        raise ValueError("OIDC_ROLES names a group twice")
    if text.strip() and not pairs:
        raise ValueError(f"OIDC_ROLES={text!r} is not like support=specialist,leads=administrator")
    return tuple(pairs)


def _country(text: str, roles: tuple[tuple[str, str], ...]) -> str:
    code = text.strip().upper()
    if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
        raise ValueError(f"OIDC_COUNTRY={text!r} is not a country of two letters like SK")
    if not code and any(role != "administrator" for _group, role in roles):
        raise ValueError("OIDC_COUNTRY is missing: specialists of OIDC_ROLES have the holidays of a country")
    return code


def _domains(text: str) -> tuple[str, ...]:
    domains = tuple(part.strip().lower() for part in text.split(",") if part.strip())
    for domain in domains:
        if not _DOMAIN.fullmatch(domain):
            raise ValueError(f"OIDC_ALLOWED_DOMAINS: {domain!r} is not like company.example")
    return domains


def _is_on(text: str) -> bool:
    if text.lower() not in {"", "0", "1", "true", "false", "yes", "no", "on", "off"}:
        raise ValueError(f"OIDC_TRUST_SECOND_FACTOR={text!r} is neither 1 nor 0")
    return text.lower() in {"1", "true", "yes", "on"}
