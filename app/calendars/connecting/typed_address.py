"""What a person types to say where the calendar is: a URL, a host, or an e-mail address."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote, urlsplit, urlunsplit

from app.lib.errors import DomainError
from app.lib.urls import origin_of

_LONGEST = 500
_LONGEST_USER = 254
_PORTS = {443, 8443}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?=//)")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_NUMBER = re.compile(r"[0-9.]+|\[[0-9A-Fa-f:.]+\]")
# What other programs call the same thing.
_CALDAV_SCHEMES = {"caldavs": "https", "caldav": "http"}
_FILE_SCHEMES = {"webcal": "https", "webcals": "https"}
_PATH, _QUERY = "/%:@!$&'()*+,;=~-._", "/%:@!$&'()*+,;=~-._?"


class BadAddress(DomainError):
    """Nothing can be asked at what was typed.

    ``reason`` is ``empty``, ``unreadable``, ``credentials`` (a user name or password in the address),
    ``http`` (https is needed), ``port`` (443 and 8443 alone), ``file`` (a calendar file: subscribe to it) or
    ``username`` (none was given).
    """

    code = "bad_address"

    def __init__(self, reason: str) -> None:
        super().__init__(f"address refused: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class TypedAddress:
    """Where to look: ``url`` by itself, ``domain`` in the DNS (RFC 6764), '' when a path was named."""

    url: str
    domain: str = ""
    email: str = ""


def read_address(text: str, allowed_origins: Collection[str] = ()) -> TypedAddress:
    """A CalDAV server from what was typed; a host without a scheme stands for https.

    ``allowed_origins`` are the operator's exceptions from https and its ports. Raises BadAddress.
    """
    plain = _plain(text)
    if plain.lower().startswith("mailto:"):
        plain = plain[7:]
    scheme, rest = _split_scheme(plain)
    if scheme in _FILE_SCHEMES:
        raise BadAddress("file")
    scheme = _CALDAV_SCHEMES.get(scheme, scheme)
    if not scheme:
        if "@" in rest.partition("/")[0]:
            return _from_email(*rest.rsplit("@", 1))
        is_allowed = any(origin.partition("//")[2] == rest.partition("/")[0] for origin in allowed_origins)
        scheme = "http" if is_allowed and f"https://{rest}" not in allowed_origins else "https"
    url = _checked_url(scheme, rest, allowed_origins, keeps_query=False)
    parts = urlsplit(url)
    is_named = parts.path == "/" and parts.scheme == "https" and not _NUMBER.fullmatch(parts.hostname or "")
    return TypedAddress(url, (parts.hostname or "") if is_named else "")


def read_file_address(text: str, allowed_origins: Collection[str] = ()) -> str:
    """The https address of a calendar file; ``webcal:`` stands for https. Raises BadAddress."""
    scheme, rest = _split_scheme(_plain(text))
    return _checked_url(_FILE_SCHEMES.get(scheme, scheme) or "https", rest, allowed_origins, keeps_query=True)


def user_names(typed: str, email: str) -> tuple[str, ...]:
    """The user names to try, in this order: as typed; else the e-mail address, then its local part.

    RFC 6764, 6. Raises BadAddress (``username``) when there is none, or one that Basic cannot carry.
    """
    name = typed.strip()
    names = (name,) if name else (email, email.rpartition("@")[0]) if email else ()
    if not names or any(len(item) > _LONGEST_USER or ":" in item or not item.isprintable() for item in names):
        raise BadAddress("username")
    return names


def is_within(host: str, domain: str) -> bool:
    """Whether a host is the domain itself or lies in it, and so is its owner's by the name alone."""
    host, domain = host.lower().rstrip("."), domain.lower().rstrip(".")
    return host == domain or host.endswith(f".{domain}")


def _plain(text: str) -> str:
    plain = text.strip()
    if not plain:
        raise BadAddress("empty")
    if len(plain) > _LONGEST or not plain.isprintable() or "\\" in plain or " " in plain.partition("/")[0]:
        raise BadAddress("unreadable")
    return plain


def _split_scheme(plain: str) -> tuple[str, str]:
    """The scheme in lower case ('' without one) and what stands after its two slashes."""
    match = _SCHEME.match(plain)
    return (match[1].lower(), plain[match.end() + 2 :]) if match else ("", plain)


def _from_email(local: str, domain: str) -> TypedAddress:
    # user@host/path or user:password@host is no mail address but a URL with credentials in it.
    if not local or any(mark in local + domain for mark in "/:@?#"):
        raise BadAddress("credentials" if local else "unreadable")
    host = _host(domain)
    if "." not in host:
        raise BadAddress("unreadable")
    return TypedAddress(f"https://{host}/", host, f"{local}@{domain}")


def _checked_url(scheme: str, rest: str, allowed: Collection[str], *, keeps_query: bool) -> str:
    if scheme not in {"http", "https"}:
        raise BadAddress("unreadable")
    try:
        parts = urlsplit(f"{scheme}://{rest}")
        port = parts.port
    except ValueError:
        raise BadAddress("unreadable") from None
    if "@" in parts.netloc:
        raise BadAddress("credentials")
    host = _host(parts.hostname or "")
    netloc = host if port is None else f"{host}:{port}"
    path, query = quote(parts.path or "/", safe=_PATH), quote(parts.query, safe=_QUERY)
    url = urlunsplit((scheme, netloc, path, query if keeps_query else "", ""))
    if len(url) > _LONGEST:
        raise BadAddress("unreadable")
    if origin_of(url) not in {origin_of(origin) for origin in allowed}:
        if scheme != "https":
            raise BadAddress("http")
        if (port or 443) not in _PORTS:
            raise BadAddress("port")
    return url


def _host(text: str) -> str:
    """A host in the spelling of the DNS (IDNA), a number as it is. Raises BadAddress."""
    if ":" in text:
        return f"[{text}]"
    try:
        host = text.rstrip(".").encode("idna").decode().lower()
    except UnicodeError:
        raise BadAddress("unreadable") from None
    if not host or len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise BadAddress("unreadable")
    return host
