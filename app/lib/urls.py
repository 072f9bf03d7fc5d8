"""The origin of an address."""

from urllib.parse import urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}


def origin_of(url: str) -> str:
    """Scheme, host and port, always in the same spelling: ``https://host:443`` (RFC 6454).

    Raises ValueError, naming the address, when it has none.
    """
    parts = urlsplit(url)
    host, port = parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)
    if not host or port is None:
        raise ValueError(f"not an address like https://host/path: {url!r}")
    name = f"[{host}]" if ":" in host else host.lower()
    return f"{parts.scheme}://{name}:{port}"
