"""What a calendar file says of itself as a whole."""

import re
from dataclasses import dataclass

from app.ical.lines import unescape
from app.lib.text import scrubbed

_FOLD = re.compile(r"\r?\n[ \t]")
_EVENT = re.compile(r"^BEGIN:VEVENT[ \t]*\r?$", re.MULTILINE | re.IGNORECASE)
_COMPONENT = re.compile(r"^BEGIN:(?!VCALENDAR)", re.MULTILINE | re.IGNORECASE)
# RFC 7986, 5.1, and what everybody wrote before it.
_NAME = re.compile(r"^(?:NAME|X-WR-CALNAME)(?:;[^:\r\n]*)?:(.*)$", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FileFacts:
    """Its name, '' when it has none, and how many events are written in it (overrides count, too)."""

    name: str
    event_count: int


def file_facts(text: str) -> FileFacts:
    """The facts of a calendar file, from its lines alone."""
    begins = _COMPONENT.search(text)
    head = _FOLD.sub("", text[: begins.start()] if begins else text)
    names = (scrubbed(unescape(match[1]), 200) for match in _NAME.finditer(head))
    return FileFacts(next(filter(None, names), ""), sum(1 for _ in _EVENT.finditer(text)))
