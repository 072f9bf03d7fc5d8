"""The colleagues on a call, in the reader's words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.availability.pages import Problem
from app.booking.guests.values import MOST_GUESTS, AttendeeValue
from app.booking.in_words import Reader, day_and_time
from app.booking.lifecycle import Who, who_in
from app.booking.values import CallValue


@dataclass(frozen=True, slots=True)
class GuestRow:
    """A colleague: ``address`` is also shown beside a ``name`` that is another."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class GuestsPage:
    """Who is on a call besides its contact; ``can_change`` until it begins, ``note`` what a change means."""

    id: str
    viewer: str
    call: str
    guests: tuple[GuestRow, ...]
    can_change: bool
    can_add: bool
    note: str
    problems: tuple[Problem, ...] = ()


def can_change_guests(call: CallValue, viewer: SignedIn, now: datetime) -> bool:
    """Whether the viewer can add people to the call and take them off; a senior only takes part."""
    return who_in(call, viewer) is not Who.SENIOR and call.is_active and now < call.start


def guests_page(
    call: CallValue,
    people: Iterable[AttendeeValue],
    reader: Reader,
    now: datetime,
    *,
    viewer: SignedIn,
    problems: tuple[Problem, ...] = (),
) -> GuestsPage:
    """The page of one call's colleagues."""
    guests = tuple(GuestRow(one.email, one.label) for one in people if not one.is_contact)
    can_change = can_change_guests(call, viewer, now)
    note = _("They get their own invitation at once. Nobody sees the addresses of the others in it.")
    if call.confirmed_at is None:
        note = _("They are invited once the call is confirmed. Nobody sees the addresses of the others.")
    other = call.contact_name if viewer.is_staff else call.specialist.name
    what = _("%(kind)s with %(name)s", kind=call.call_type_name(reader.language), name=other)
    return GuestsPage(
        id=call.public_id,
        viewer="specialist" if viewer.is_staff else "contact",
        call=f"{what}, {day_and_time(call.start, reader)}",
        guests=guests,
        can_change=can_change,
        can_add=can_change and len(guests) < MOST_GUESTS,
        note=note if can_change else "",
        problems=problems,
    )
