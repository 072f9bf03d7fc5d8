"""The one cleaner of foreign text: for pages, the API, files and what comes from calendars alike."""

import re
import unicodedata

from app.lib.errors import DomainError

# Line and paragraph separators, bidi controls and non-characters: each has split a line, turned a name
# round or made a whole calendar unreadable somewhere (U+FFFE in Radicale).
_REFUSED = {0x2028, 0x2029, 0xFFFE, 0xFFFF, 0x200E, 0x200F, 0x061C}
_REFUSED |= {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}

_WEB = re.compile(r"[a-z][a-z0-9+.-]*://|www\.", re.IGNORECASE)


class UncleanText(DomainError):
    """A text cannot be taken: ``reason`` is ``empty``, ``long`` or ``characters``; ``limit`` its length."""

    code = "text"

    def __init__(self, reason: str, limit: int) -> None:
        super().__init__(f"text refused: {reason} (at most {limit} characters)")
        self.reason = reason
        self.limit = limit


def _is_refused(character: str, allowed: str) -> bool:
    if character in allowed:
        return False
    return unicodedata.category(character) in {"Cc", "Cs"} or ord(character) in _REFUSED


def one_line(text: str, limit: int = 200, *, required: bool = True) -> str:
    """A name or other single line: trimmed, NFC, without controls.

    Raises UncleanText when it is empty though required, too long, or holds refused characters.
    """
    return _checked(unicodedata.normalize("NFC", text.strip()), "", limit, required)


def many_lines(text: str, limit: int = 2000) -> str:
    """A longer text, perhaps empty: line ends become LF, and only LF and TAB are left of the controls.

    Raises UncleanText when it is too long or holds refused characters.
    """
    plain = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(unicodedata.normalize("NFC", plain), "\n\t", limit, False)


def scrubbed(text: str, limit: int = 500) -> str:
    """A foreign text made fit to show: refused characters become blanks, the rest is cut at the limit.

    For calendars, where refusing one title would lose the busy time.
    """
    plain = "".join(" " if _is_refused(character, "") else character for character in text)
    return unicodedata.normalize("NFC", " ".join(plain.split()))[:limit]


def scrubbed_lines(text: str, limit: int) -> str:
    """A longer foreign text made fit to show, as ``scrubbed`` does it; lines stay, and end with LF."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    plain = "".join(" " if _is_refused(character, "\n\t") else character for character in plain)
    lines = (line.rstrip() for line in unicodedata.normalize("NFC", plain).split("\n"))
    return "\n".join(lines).strip()[:limit]


def unlinked(text: str) -> str:
    """A text in which no mail program finds an address to make a link of."""
    return _WEB.sub(lambda found: found[0].replace("://", "[:]//").replace(".", "[.]"), text)


def _checked(text: str, allowed: str, limit: int, required: bool) -> str:
    if required and not text:
        raise UncleanText("empty", limit)
    if len(text) > limit:
        raise UncleanText("long", limit)
    if any(_is_refused(character, allowed) for character in text):
        raise UncleanText("characters", limit)
    return text
