"""Reads what a calendar home says of its members: which are calendars, whose, and what may be done."""

import re
from collections.abc import Iterable
from urllib.parse import unquote

from app.calendars.server.multistatus import CALDAV, CALENDAR_SERVER, DAV, Member
from app.calendars.values import FoundAvailability, FoundCalendar
from app.ical.zone_book import NamedZone, ZoneBook
from app.lib.text import scrubbed

OWNCLOUD = "{http://owncloud.org/ns}"
RESOURCE_TYPE, DISPLAY_NAME, OWNER = f"{DAV}resourcetype", f"{DAV}displayname", f"{DAV}owner"
PRIVILEGES = f"{DAV}current-user-privilege-set"
COMPONENTS = f"{CALDAV}supported-calendar-component-set"
ZONE, ZONE_ID = f"{CALDAV}calendar-timezone", f"{CALDAV}calendar-timezone-id"
AVAILABILITY = f"{CALDAV}calendar-availability"
SOURCE, OWNER_PRINCIPAL = f"{CALENDAR_SERVER}source", f"{OWNCLOUD}owner-principal"
# What is asked about each member of a home.
WANTED = (
    RESOURCE_TYPE,
    DISPLAY_NAME,
    COMPONENTS,
    PRIVILEGES,
    OWNER,
    OWNER_PRINCIPAL,
    SOURCE,
    ZONE,
    ZONE_ID,
    AVAILABILITY,
)

_WRITING = {f"{DAV}{name}" for name in ("all", "write", "write-content", "bind")}
# SOGo's personal calendar is its owner's outbox as well, so that alone says nothing.
_INBOX = f"{CALDAV}schedule-inbox"
_MOST_CALENDARS = 200
_LONGEST_AVAILABILITY = 200_000
_TZID = re.compile(r"^TZID(?:;[^:\r\n]*)?:(.+?)\s*$", re.MULTILINE | re.IGNORECASE)


def read_calendars(members: Iterable[Member], principal: str) -> list[FoundCalendar]:
    """The calendars among a home's members; ``principal`` is the path of their reader, '' if unknown.

    Left out: scheduling boxes, calendars without events or availabilities (tasks), deleted ones.
    """
    found = [_found(member, principal) for member in members if _is_calendar(member)]
    return [item for item in found if item is not None][:_MOST_CALENDARS]


def read_availability(member: Member) -> FoundAvailability | None:
    """The calendar-availability property of a resource (RFC 7953, 7.2.2), None without content."""
    text = member.text(AVAILABILITY)
    if "BEGIN:VAVAILABILITY" not in text.upper() or len(text) > _LONGEST_AVAILABILITY:
        return None
    return FoundAvailability(member.href, text)


def _is_calendar(member: Member) -> bool:
    kinds = member.names(RESOURCE_TYPE)
    if _INBOX in kinds or any(kind.endswith("}deleted-calendar") for kind in kinds):
        return False
    # DAViCal lists its scheduling boxes as calendars.
    if member.href.rstrip("/").endswith(("/.in", "/.out")):
        return False
    return bool(kinds & {f"{CALDAV}calendar", f"{CALENDAR_SERVER}subscribed"})


def _found(member: Member, principal: str) -> FoundCalendar | None:
    kinds = member.names(RESOURCE_TYPE)
    components = _components(member)
    holds_events = "VEVENT" in components and f"{CALDAV}calendar" in kinds
    is_subscribed = f"{CALENDAR_SERVER}subscribed" in kinds
    if not holds_events and not is_subscribed and "VAVAILABILITY" not in components:
        return None
    rights = member.names(PRIVILEGES)
    path = member.href if member.href.endswith("/") else f"{member.href}/"
    name = scrubbed(member.text(DISPLAY_NAME), 200) or scrubbed(unquote(path.rstrip("/").rsplit("/", 1)[-1]))
    return FoundCalendar(
        href=path,
        name=name[:200],
        can_write=not is_subscribed and (not rights or bool(rights & _WRITING)),
        is_shared=_is_shared(member, principal),
        is_subscribed=is_subscribed,
        zone=_zone(member),
        holds_events=holds_events,
        source=next(iter(member.hrefs(SOURCE)), "").strip()[:500] if is_subscribed else "",
    )


def _components(member: Member) -> set[str]:
    told = member.properties.get(COMPONENTS)
    if told is None or len(told) == 0:
        return {"VEVENT"}
    return {str(kind.get("name") or "").upper() for kind in told}


def _is_shared(member: Member, principal: str) -> bool:
    """Whether somebody else shares it with its reader."""
    kinds = member.names(RESOURCE_TYPE)
    if f"{CALENDAR_SERVER}shared-owner" in kinds:
        return False
    if f"{CALENDAR_SERVER}shared" in kinds:
        return True
    told = (*member.hrefs(OWNER_PRINCIPAL), member.text(OWNER_PRINCIPAL), *member.hrefs(OWNER))
    owner = next((item.strip() for item in told if item.strip()), "")
    if not owner or not principal:
        return False
    return not _is_same_principal(owner, principal)


def _is_same_principal(owner: str, principal: str) -> bool:
    # Nextcloud names the owner without the path of the server: principals/users/sam.
    path = unquote(owner.split("://", 1)[-1].partition("/")[2] if "://" in owner else owner).strip("/")
    return f"/{unquote(principal).strip('/')}".endswith(f"/{path}")


def _zone(member: Member) -> str:
    """The calendar's zone as an IANA name (RFC 7809, 5.2, else RFC 4791, 5.2.2), '' when not told."""
    match = _TZID.search(member.text(ZONE))
    for name in (member.text(ZONE_ID), match[1] if match else ""):
        zone = ZoneBook(NamedZone("UTC")).named(name) if 0 < len(name) <= 200 else None
        if isinstance(zone, NamedZone):
            return zone.name
    return ""
