"""What an accepted account's calendars are for, and calendars that are made on its server for us."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.calendars.connecting.lookup_values import (
    CALENDAR_CHOICE,
    KEPT_CHOICE,
    NEW_CHOICE,
    PROPERTY_CHOICE,
    Choices,
    Wanted,
)
from app.calendars.models import Calendar, CalendarAccount, CalendarLookup
from app.calendars.server.client import CalDavClient
from app.calendars.service_choice import choose
from app.calendars.service_stores import open_client
from app.calendars.values import COLLECTION, KEPT_HREF, PROPERTY, Discovery, FoundCalendar
from app.config import Settings


@dataclass(frozen=True, slots=True)
class Making:
    """Work on a server for an accepted account; close the client afterwards."""

    client: CalDavClient
    wanted: tuple[Wanted, ...]


def settle_choices(
    session: Session, account: CalendarAccount, discovery: Discovery, choices: Choices
) -> None:
    """Store what each found calendar is for; those to be made are not among them yet.

    Until they are made, hours and calls stay where they are, unless that place gets another purpose.
    """
    chosen = {**choices.purposes}
    usable = [item for item in discovery.calendars if item.holds_events]
    purposes = {item.href: chosen.get(item.href, "ignored") for item in usable}
    sources: dict[str, str] = {}
    names = {item.href: item.name for item in discovery.calendars}
    hours = choices.hours
    if hours.kind == CALENDAR_CHOICE:
        purposes[hours.href] = "working_hours"
    elif hours.kind == PROPERTY_CHOICE:
        purposes[hours.href], sources[hours.href], names[hours.href] = "working_hours", PROPERTY, ""
    elif hours.kind == KEPT_CHOICE:
        purposes[KEPT_HREF], names[KEPT_HREF] = "working_hours", ""
    receives = choices.receives_href
    standing = _chosen_rows(session, account)
    if hours.kind == NEW_CHOICE:
        for row in standing:
            if row.purpose == "working_hours" and purposes.get(row.href, "ignored") == "ignored":
                purposes[row.href], sources[row.href], names[row.href] = row.purpose, row.source, row.name
    if choices.new_calendar:
        stays = [row.href for row in standing if row.receives_bookings and purposes.get(row.href) == "busy"]
        receives = next(iter(stays), None)
    choose(session, account, purposes, receives, names, sources=sources, found=discovery.calendars)


def _chosen_rows(session: Session, account: CalendarAccount) -> Sequence[Calendar]:
    return session.scalars(select(Calendar).where(Calendar.account_id == account.id)).all()


def making(session: Session, settings: Settings, lookup_id: int) -> Making | None:
    """What is still to be made after accepting, None when nothing is. Raises as open_client does."""
    row = session.get(CalendarLookup, lookup_id)
    if row is None or row.state != "making":
        return None
    client = open_client(session, settings, row.account_id or 0)
    return Making(client, tuple((href, name, use) for href, name, use in row.found["make"]))


def finish_making(session: Session, lookup_id: int, made: Sequence[tuple[FoundCalendar, str]]) -> None:
    """Choose the calendars that were made, each with its use; the others stay as they are chosen."""
    row = session.get(CalendarLookup, lookup_id)
    if row is None or row.account_id is None or row.state != "making":
        return
    account = session.get_one(CalendarAccount, row.account_id)
    rows = _chosen_rows(session, account)
    purposes = {item.href: item.purpose for item in rows}
    if any(use == "hours" for _found, use in made):
        purposes |= {href: "ignored" for href, purpose in purposes.items() if purpose == "working_hours"}
    sources = {item.href: item.source for item in rows}
    names = {item.href: item.name for item in rows}
    receives = next((item.href for item in rows if item.receives_bookings), None)
    for found, use in made:
        purposes[found.href] = "busy" if use == "calls" else "working_hours"
        sources[found.href], names[found.href] = COLLECTION, found.name
        receives = found.href if use == "calls" else receives
    fresh = [item for item, _use in made]
    choose(session, account, purposes, receives, names, sources=sources, found=fresh)
    row.state, row.found = "done", {}
