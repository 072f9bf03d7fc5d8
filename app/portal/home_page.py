"""The customer's home in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.availability.presence import Presence
from app.booking.call_page import call_row
from app.booking.in_words import Reader, day_name, person, service_time
from app.booking.pages import Closed
from app.booking.rules import minutes
from app.booking.values import CallTypeValue, CallValue
from app.customers.profiles import SpecialistProfile
from app.lib import wording
from app.lib.intervals import Interval
from app.portal.pages import FeedsPage, HomePage, QuickSlot

QUICK_TIMES = 3
NEXT_CALLS = 5


@dataclass(frozen=True, slots=True)
class Home:
    """What the page is made of; ``slots`` and ``coming`` in order of start."""

    now: datetime
    reader: Reader
    specialist: SpecialistProfile
    presence: Presence | None
    call_type: CallTypeValue
    slots: Sequence[Interval]
    closed: Closed | None
    coming: Sequence[CallValue]
    feeds: FeedsPage


def home_page(home: Home) -> HomePage:
    """The page."""
    reader = home.reader
    return HomePage(
        specialist=person(home.specialist, reader, home.now, home.presence),
        call_type=home.call_type.slug,
        length=minutes(home.call_type.rules.length),
        quick=tuple(_quick(slot, home) for slot in home.slots[:QUICK_TIMES]),
        about=_about(home.specialist, home.reader.language),
        upcoming=tuple(call_row(call, reader, home.now) for call in home.coming[:NEXT_CALLS]),
        feeds=home.feeds,
        closed=home.closed,
    )


def _quick(slot: Interval, home: Home) -> QuickSlot:
    return QuickSlot(
        start=wording.rfc3339(slot.start),
        day=day_name(slot.start, home.reader, home.now),
        time=wording.clock(slot.start, home.reader.zone),
        service=service_time(slot.start, home.reader),
    )


def _about(specialist: SpecialistProfile, language: str) -> str:
    spoken = wording.languages_in_words(specialist.spoken_languages, language)
    return _("Speaks %(languages)s.", languages=spoken) if spoken else ""
