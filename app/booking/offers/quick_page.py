"""The nearest free times as buttons, each of which is one press."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.booking.in_words import Reader, day_name, first_name, service_time
from app.booking.values import OpenTimes
from app.lib import wording
from app.lib.intervals import Interval

QUICK_TIMES = 3


@dataclass(frozen=True, slots=True)
class QuickSlot:
    """One of the nearest free times: ``start`` RFC 3339 in UTC, "Today", "15:30", "11:30 CET".

    ``with_whom`` is "with Rita" where it is not with the page's person; ``specialist`` is the public id of
    whom it is with.
    """

    start: str
    day: str
    time: str
    service: str
    with_whom: str = ""
    specialist: str = ""


def quick_slots(found: OpenTimes, reader: Reader, now: datetime) -> tuple[QuickSlot, ...]:
    """The first free times; those of whoever serves today name nobody."""
    return tuple(_quick(slot, found, reader, now) for slot in found.offer.slots[:QUICK_TIMES])


def _quick(slot: Interval, found: OpenTimes, reader: Reader, now: datetime) -> QuickSlot:
    person = found.person_at(slot.start)
    is_other = person.user_id != found.specialist.user_id
    return QuickSlot(
        start=wording.rfc3339(slot.start),
        day=day_name(slot.start, reader, now),
        time=wording.clock(slot.start, reader.zone),
        service=service_time(slot.start, reader),
        with_whom=_("with %(name)s", name=first_name(person.name)) if is_other else "",
        specialist=person.public_id,
    )
