"""Content lines of iCalendar (RFC 5545, 3.1): bytes to text, unfolding, parameters, and folding again."""

import re
from dataclasses import dataclass

# Looking behind keeps a megabyte of CR from being scanned anew at each of them.
_END = re.compile(r"(?<!\r)\r*\n|\r")
_FOLD_BYTES = re.compile(rb"(?<!\r)\r*\n[ \t]")
_EVENT = re.compile(r"(?:^|[\r\n])[ \t]*BEGIN:VEVENT[ \t]*(?=[\r\n]|$)", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[;:])")
_PARAMETER = re.compile(r';([^=;:"]+)=((?:"[^"]*"|[^";:,]*)(?:,(?:"[^"]*"|[^";:,]*))*)')
_MAX_OCTETS = 75


@dataclass(frozen=True, slots=True)
class ContentLine:
    """One unfolded line; ``name`` in capitals, ``raw`` as it stood."""

    name: str
    raw: str

    @property
    def value(self) -> str:
        """What stands after the parameters, still escaped."""
        return self._split()[1]

    def parameter(self, name: str) -> str:
        """A parameter's value without quotes, empty when absent; the first one counts."""
        for match in _PARAMETER.finditer(self._split()[0]):
            if match[1].strip().upper() == name:
                return match[2].strip('"')
        return ""

    def _split(self) -> tuple[str, str]:
        position = len(self.name)
        while match := _PARAMETER.match(self.raw, position):
            position = match.end()
        if self.raw[position : position + 1] != ":":
            # A stray quote or an unquoted colon: the first colon is the best that can be said.
            position = self.raw.find(":")
        return self.raw[:position], self.raw[position + 1 :]


def decode(data: bytes) -> str:
    """The text of a calendar file: byte order mark, UTF-8, else Windows-1252.

    Folding may cut a UTF-8 character in two (RFC 5545, 3.1): where it did, folds are undone on the bytes.
    """
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode()
    except UnicodeDecodeError:
        unfolded = _FOLD_BYTES.sub(b"", data)
    try:
        return unfolded.decode()
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def events_begun(text: str) -> int:
    """How many events the text seems to begin, however its lines are ended or indented."""
    return sum(1 for _ in _EVENT.finditer(text))


def content_lines(text: str) -> list[ContentLine]:
    """The unfolded lines of a calendar; a line without a name continues the one before it.

    CR LF, LF, CR CR LF or CR end a line: ``str.splitlines`` would break at VT, NEL and their like.
    """
    text = _END.sub("\n", text.removeprefix("\ufeff").lstrip())
    found: list[tuple[str, list[str]]] = []
    for raw in text.replace("\n ", "").replace("\n\t", "").split("\n"):
        if match := _NAME.match(raw):
            found.append((match[0].upper(), [raw]))
        elif raw.strip() and found and found[-1][0] not in ("BEGIN", "END"):
            # The folding blank was lost on the way, as seen in the wild.
            found[-1][1].append(raw)
    return [ContentLine(name, "".join(pieces)) for name, pieces in found]


def fold(raw: str) -> str:
    """A line of at most 75 octets a piece, whole UTF-8 characters, ended by CRLF."""
    pieces: list[str] = []
    piece, size = "", 0
    for character in raw:
        width = len(character.encode("utf-8", "replace"))
        if size + width > _MAX_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece += character
        size += width
    return "\r\n".join([*pieces, piece]) + "\r\n"


def escape(value: str) -> str:
    """TEXT with its escapes (RFC 5545, 3.3.11)."""
    return re.sub(r"([\\;,])", r"\\\1", value).replace("\n", "\\n")


def unescape(value: str) -> str:
    """TEXT without its escapes (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
