"""References of requests as people type them."""

import re

from app.desk.requests.values import id_of

_REFERENCE = re.compile(r"R[\s\-–—_.]*([0-9]{4,9})")


def request_id(text: str) -> int | None:
    """The id of the request that a reference names in any spelling (``r 1042``); None when it is none."""
    found = _REFERENCE.fullmatch(text.strip().upper())
    return id_of(f"R-{found[1]}") if found else None
