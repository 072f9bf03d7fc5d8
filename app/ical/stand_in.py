"""Whom a time off names as stand-in: what our editor writes, and what people write in any other client."""

import re
from dataclasses import dataclass
from functools import lru_cache

from app.ical.components import Component, read_components
from app.ical.errors import UnreadableCalendar
from app.ical.lines import ContentLine, escape
from app.ical.writing import clean_line

PROPERTY = "X-ATTACHE-STAND-IN"
# In the words of each language; the first is what the editor writes.
_LABELS = {"en": "Stand-in", "ru": "Замена"}
_LONGEST = 120
_MOST_GUESTS = 20
_TYPED = re.compile(
    r"(?<!\w)(?:stand[\s-]?in|замена|замещает|подменяет)[ \t\u00a0]{0,5}[:\uff1a][ \t\u00a0]{0,5}"
    r"([^\n\r,;()<>\[\]|]{1,200})",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class NamedStandIn:
    """What an event says, each empty where it says nothing.

    ``typed`` is the name or address in its title or description, ``address`` that of our own property,
    ``guests`` those of its attendees; addresses are in lower case, without ``mailto:``.
    """

    typed: str = ""
    address: str = ""
    guests: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def read_stand_in(text: str) -> NamedStandIn:
    """What the event of an object says; of a repeated one, what is said of the whole series."""
    try:
        events = list(read_components(text).walk("VEVENT"))
    except UnreadableCalendar:
        return NamedStandIn()
    for event in events:
        if event.first("RECURRENCE-ID") is None:
            return _named(event)
    return NamedStandIn()


def _named(event: Component) -> NamedStandIn:
    line = event.first(PROPERTY)
    guests = [_address(item) for item in event.all("ATTENDEE")[:_MOST_GUESTS]]
    return NamedStandIn(
        typed=_typed(event.text("SUMMARY")) or _typed(event.text("DESCRIPTION")),
        address="" if line is None else _address(line),
        guests=tuple(guest for guest in guests if "@" in guest),
    )


def _typed(text: str) -> str:
    found = _TYPED.search(text)
    return "" if found is None else clean_line(found.group(1)).strip(" .!?\"'«»“”")[:_LONGEST]


def _address(line: ContentLine) -> str:
    return clean_line(line.value).lower().removeprefix("mailto:")[:254]


def stand_in_lines(address: str, name: str, language: str) -> list[tuple[str, str]]:
    """The properties of a time off that names its stand-in, with their values."""
    label = _LABELS.get(language, _LABELS["en"])
    said = f"{label}: {clean_line(name)}"
    return [("DESCRIPTION", escape(said)), (PROPERTY, f"mailto:{clean_line(address)}")]
