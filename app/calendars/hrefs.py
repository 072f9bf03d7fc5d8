"""One spelling for every path of a server, so that hrefs can be compared as strings."""

from urllib.parse import quote, unquote, urljoin, urlsplit

from app.lib.urls import origin_of

_LONGEST = 500
# What a path segment may hold unencoded (RFC 3986, 3.3).
_PLAIN = "-._~!$&'()*+,;=:@"


class ForeignHref(ValueError):
    """The href leads elsewhere, or cannot be used."""


def canonical_path(href: str, base_url: str) -> str:
    """The path of an href on the server of ``base_url``, each segment percent-encoded in the same way.

    Raises ForeignHref for another origin, dot segments, a query, or more than 500 characters.
    """
    try:
        url = urljoin(base_url, href.strip())
        parts = urlsplit(url)
        if origin_of(url) != origin_of(base_url) or parts.query:
            raise ForeignHref("another origin")
    except ValueError as error:
        raise ForeignHref(str(error)) from error
    segments = [quote(unquote(segment), safe=_PLAIN) for segment in (parts.path or "/").split("/")]
    path = "/".join(segments)
    if len(path) > _LONGEST or any(segment in {".", ".."} for segment in segments):
        raise ForeignHref("not usable")
    return path


def parent(path: str) -> str:
    """The collection that a path lies in, with the slash at its end."""
    return path.rstrip("/").rsplit("/", 1)[0] + "/"
