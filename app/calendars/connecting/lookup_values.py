"""What looking at a server that a person named has found, and what the person then chooses."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from app.calendars.values import Discovery, FoundAvailability, FoundCalendar
from app.lib.errors import DomainError

# Under which names people keep a calendar of their working hours.
_HOURS_NAMES = {
    "working hours",
    "work hours",
    "arbeitszeit",
    "arbeitszeiten",
    "рабочее время",
    "рабочие часы",
}
# What is to be made on a server: path, name, and whether it is for ``calls`` or ``hours``.
Wanted = tuple[str, str, str]
PROPERTY_CHOICE, CALENDAR_CHOICE, KEPT_CHOICE, NEW_CHOICE = "property", "calendar", "kept", "new_calendar"


class BadChoice(DomainError):
    """A choice does not fit what was found; ``reason`` says which part of it."""

    code = "bad_choice"

    def __init__(self, reason: str) -> None:
        super().__init__(f"choice refused: {reason}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class HoursChoice:
    """Where the working hours stand: ``property`` or ``calendar`` with its href, ``kept`` by us alone, a
    ``new_calendar`` that is made for them (``href`` is then its name), or ``none``: this account has none.
    """

    kind: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """What each found calendar is for (``busy`` or ``ignored``), where calls are written, where hours stand.

    ``new_calendar`` is the name of a calendar to be made for the calls, '' when one of those found is taken.
    """

    purposes: Mapping[str, str]
    receives_href: str | None
    hours: HoursChoice
    new_calendar: str = ""


@dataclass(frozen=True, slots=True)
class LookupView:
    """A look-up for the person who asked, never with its secret.

    ``state`` is ``waiting``, ``found``, ``moved`` (``url`` is the address to confirm), ``making`` (calendars
    are being made after accepting), ``done`` or ``failed`` with its ``reason``. ``address`` is what was
    typed, of a file its origin alone; ``name`` and ``event_count`` are those of a file. ``account_id`` is
    the account that is looked at again, or that was accepted; ``unmade`` names the calendars that could then
    not be made on its server.
    """

    public_id: str
    kind: str
    state: str
    reason: str
    address: str
    url: str
    username: str
    created_at: datetime
    discovery: Discovery | None = None
    name: str = ""
    event_count: int = 0
    account_id: int | None = None
    unmade: tuple[str, ...] = ()


def default_choices(
    discovery: Discovery, new_name: str = "Calls", *, hours: HoursChoice | None = None
) -> Choices:
    """What most people would choose: all of their own calendars count, calls go where the server would put
    them, and the hours (unless they are given) are taken from where they stand already, else kept by us.

    ``new_name`` is the name of the calendar to be made for an account without any that can be written to.
    """
    place = hours or default_hours(discovery)
    purposes = {item.href: _default_purpose(item) for item in discovery.calendars if item.href != place.href}
    writable = [href for href, purpose in purposes.items() if purpose == "busy"]
    preferred = discovery.default_href if discovery.default_href in writable else None
    receives = preferred or next(iter(writable), None)
    return Choices(purposes, receives, place, "" if receives else new_name)


def _default_purpose(item: FoundCalendar) -> str:
    is_own = item.holds_events and item.can_write and not item.is_shared and not item.is_subscribed
    return "busy" if is_own else "ignored"


def default_hours(discovery: Discovery) -> HoursChoice:
    """Where the hours stand already: an availability, a calendar for them or called so; else kept by us."""
    if discovery.availability is not None:
        return HoursChoice(PROPERTY_CHOICE, discovery.availability.href)
    own = [item for item in discovery.calendars if not item.is_shared and not item.is_subscribed]
    made_for_it = [item for item in own if not item.holds_events]
    called_so = [item for item in own if item.name.casefold() in _HOURS_NAMES]
    for item in (*made_for_it, *called_so):
        return HoursChoice(CALENDAR_CHOICE, item.href)
    return HoursChoice(KEPT_CHOICE)


def check_choices(discovery: Discovery, choices: Choices) -> None:
    """See that choices speak of what was found alone. Raises BadChoice."""
    found = {item.href: item for item in discovery.calendars}
    if not choices.purposes.keys() <= found.keys():
        raise BadChoice("calendar")
    if not set(choices.purposes.values()) <= {"busy", "ignored"}:
        raise BadChoice("purpose")
    if any(not found[href].holds_events for href, purpose in choices.purposes.items() if purpose == "busy"):
        raise BadChoice("no_events")
    receives, hours = choices.receives_href, choices.hours
    if receives is not None:
        if choices.new_calendar or choices.purposes.get(receives) != "busy" or receives == hours.href:
            raise BadChoice("receives")
        if not found[receives].can_write:
            raise BadChoice("no_right")
    if (choices.new_calendar or hours.kind == NEW_CHOICE) and not discovery.homes:
        raise BadChoice("no_home")
    _check_hours(discovery, hours, found)


def _check_hours(discovery: Discovery, hours: HoursChoice, found: Mapping[str, FoundCalendar]) -> None:
    places = {*discovery.availability_hrefs}
    if discovery.availability is not None:
        places.add(discovery.availability.href)
    if hours.kind == PROPERTY_CHOICE:
        is_there = hours.href in places
    elif hours.kind == CALENDAR_CHOICE:
        is_there = hours.href in found and (found[hours.href].holds_events or not found[hours.href].source)
    else:
        is_there = hours.kind in {KEPT_CHOICE, "none"} or (hours.kind == NEW_CHOICE and bool(hours.href))
    if not is_there:
        raise BadChoice("hours")


def to_be_made(discovery: Discovery, choices: Choices, mark: str) -> list[Wanted]:
    """The calendars to be made, each at a path fixed beforehand, so that making it twice makes it once."""
    if not discovery.homes:
        return []
    home = discovery.homes[0].rstrip("/")
    # Letters and digits alone: SOGo and Zimbra make paths of their own out of anything else.
    tail = "".join(letter for letter in mark if letter.isalnum()).lower()[:10]
    wanted: list[Wanted] = []
    if choices.new_calendar:
        wanted.append((f"{home}/calls-{tail}/", choices.new_calendar[:200], "calls"))
    if choices.hours.kind == NEW_CHOICE:
        wanted.append((f"{home}/hours-{tail}/", choices.hours.href[:200], "hours"))
    return wanted


def discovery_to_json(discovery: Discovery) -> dict[str, Any]:
    """A discovery as plain JSON values."""
    return asdict(discovery)


def discovery_from_json(data: Mapping[str, Any]) -> Discovery:
    """The discovery again."""
    standing = data["availability"]
    return Discovery(
        homes=tuple(data["homes"]),
        addresses=tuple(data["addresses"]),
        calendars=tuple(FoundCalendar(**item) for item in data["calendars"]),
        availability=None if standing is None else FoundAvailability(**standing),
        availability_hrefs=tuple(data["availability_hrefs"]),
        default_href=data["default_href"],
        principal=data["principal"],
    )
