"""Where a redirect may lead: to our own pages only."""

import re

# One slash, then anything but a second one; no backslash (browsers read it as a slash), no "@", no
# control characters, also none in percent-encoding.
_LOCAL = re.compile(r"/(?![/\\])[^\\@\x00-\x20\x7f-\x9f]*", re.ASCII)
_ENCODED = re.compile(r"%(?:[01][0-9a-f]|7f|5c|40|2f%2f)|^/%2f", re.IGNORECASE)


def local_path(text: str | None) -> str:
    """The path (with its query) when it is one of our own, of at most 500 characters; else an empty text."""
    if not text or len(text) > 500 or not _LOCAL.fullmatch(text) or _ENCODED.search(text):
        return ""
    return text
