"""Organizers and attendees of an event: as properties, and in a stored object."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import icalendar

from app.ical.components import read_components
from app.ical.errors import UnreadableCalendar
from app.ical.lines import ContentLine
from app.ical.writing import clean_line

NEEDS_ACTION = "NEEDS-ACTION"
_ROLE = {"CUTYPE": "INDIVIDUAL", "ROLE": "REQ-PARTICIPANT"}
# The server is asked to tell nobody (RFC 6638, 7.1); for servers alone, never in a mail.
_QUIET = {"SCHEDULE-AGENT": "CLIENT"}


@dataclass(frozen=True, slots=True)
class Person:
    """A mail address, without ``mailto:``, the name beside it, and the answer (RFC 5545, 3.2.12)."""

    address: str
    name: str
    partstat: str = NEEDS_ACTION


def property_of(person: Person, parameters: dict[str, str]) -> icalendar.vCalAddress:
    """The value of ORGANIZER or ATTENDEE. Raises ValueError for what is no mail address."""
    address = clean_line(person.address)
    if "@" not in address or " " in address:
        raise ValueError(f"not a mail address: {person.address!r}")
    value = icalendar.vCalAddress(f"mailto:{address}")
    for name, word in (parameters | {"CN": clean_line(person.name) or address}).items():
        value.params[name] = word
    return value


def attendee(person: Person, parameters: dict[str, str]) -> icalendar.vCalAddress:
    """An ATTENDEE in the form that shows buttons. Raises ValueError for what is no mail address."""
    return property_of(person, _ROLE | parameters)


def add_quiet_people(
    component: icalendar.Event, organizer: Person | None, attendees: Sequence[Person]
) -> None:
    """Who is invited, for a calendar server that shall mail nobody; without an organizer nothing."""
    if organizer is None:
        return
    component.add("ORGANIZER", property_of(organizer, _QUIET))
    for person in attendees:
        component.add("ATTENDEE", attendee(person, _QUIET | {"PARTSTAT": person.partstat}))


def with_people(
    lines: Sequence[ContentLine], organizer: Person | None, attendees: Sequence[Person]
) -> list[ContentLine]:
    """An event's lines with these people in place of those that we wrote before.

    Whom the owner invited in their own client stays; without an organizer everything stays as it is.
    """
    if organizer is None:
        return list(lines)
    component = icalendar.Event()
    add_quiet_people(component, organizer, attendees)
    wanted = set(_addresses(attendees))
    kept = [line for line in lines if line.name != "ORGANIZER" and not _is_renewed(line, wanted)]
    written = component.to_ical(sorted=True).decode().replace("\r\n ", "").split("\r\n")
    new = [ContentLine(raw.partition(";")[0], raw) for raw in written if raw.startswith(("ORG", "ATT"))]
    return [*kept, *new]


def has_people(text: str, uid: str, attendees: Sequence[Person]) -> bool:
    """Whether an object lists these people with their answers, and nobody else that we wrote."""
    try:
        parts = [item for item in read_components(text).walk("VEVENT") if item.text("UID") == uid]
    except UnreadableCalendar:
        return False
    wanted = _addresses(attendees)
    listed = [part.all("ATTENDEE") for part in parts]
    return all(
        wanted.items() <= _answers(lines).items()
        and all(_address(line) in wanted for line in lines if _is_ours(line))
        for lines in listed
    )


def _addresses(people: Sequence[Person]) -> dict[str, str]:
    return {clean_line(person.address).lower(): person.partstat for person in people}


def _answers(lines: Sequence[ContentLine]) -> dict[str, str]:
    return {_address(line): line.parameter("PARTSTAT").upper() or NEEDS_ACTION for line in lines}


def _address(line: ContentLine) -> str:
    return line.value.strip().lower().removeprefix("mailto:")


def _is_ours(line: ContentLine) -> bool:
    return line.parameter("SCHEDULE-AGENT").upper() == "CLIENT"


def _is_renewed(line: ContentLine, wanted: Collection[str]) -> bool:
    return line.name == "ATTENDEE" and (_is_ours(line) or _address(line) in wanted)
