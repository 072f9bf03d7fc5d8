"""One spelling for every path of a server, so that hrefs can be compared as strings."""

import re
from urllib.parse import quote, unquote, urljoin, urlsplit

from app.lib.urls import origin_of

_LONGEST = 500
# What a path segment may hold unencoded (RFC 3986, 3.3).
_PLAIN = "-._~!$&'()*+,;=:@"
# What most servers send is spelled so already, and a listing holds thousands.
_CANONICAL = re.compile(r"(?:/[\w~@-][\w.~@-]*)+/?", re.ASCII)


class ForeignHref(ValueError):
    """The href leads elsewhere, or cannot be used."""


def canonical_path(href: str, base_url: str) -> str:
    """The path of an href on the server of ``base_url``, each segment percent-encoded in the same way.

    Raises ForeignHref for another origin, dot segments, a query, more than 500 characters, or two slashes
    at the beginning: joined with an address again, such a path would name another host (RFC 3986, 4.2).
    """
    if len(href) <= _LONGEST and _CANONICAL.fullmatch(href):
        return href
    try:
        url = urljoin(base_url, href.strip())
        parts = urlsplit(url)
        if origin_of(url) != origin_of(base_url) or parts.query:
            raise ForeignHref("another origin")
    except ValueError as error:
        raise ForeignHref(str(error)) from error
    segments = [quote(unquote(segment), safe=_PLAIN) for segment in (parts.path or "/").split("/")]
    path = "/".join(segments)
    if len(path) > _LONGEST or path.startswith("//") or any(segment in {".", ".."} for segment in segments):
        raise ForeignHref("not usable")
    return path


def parent(path: str) -> str:
    """The collection that a path lies in, with the slash at its end."""
    return path.rstrip("/").rsplit("/", 1)[0] + "/"


def is_same_path(one: str, other: str) -> bool:
    """Whether two canonical paths name one resource, the slash at a collection's end aside."""
    return one.rstrip("/") == other.rstrip("/")
