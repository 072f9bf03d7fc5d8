"""What a specialist did to the events of their calls, by the replica; nothing is changed here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from app.booking import queries
from app.booking.events import event_for_specialist
from app.booking.following.verdict import Doubt, Outcome, decide
from app.booking.models import Booking, BookingCopy
from app.booking.values import CallValue
from app.booking.writing.plan import Home, home_of, lies_in
from app.booking.writing.queries import homes, looked_at
from app.booking.writing.service_queue import write_soon
from app.calendars.queries import account_ids, account_row
from app.calendars.reconcile import Finding, Owner, Written, compare
from app.calendars.server.writing import version_of
from app.calendars.service import nameless_objects, objects_with_uid
from app.calendars.values import Standing
from app.config import Settings
from app.customers.profiles import SpecialistProfile


@dataclass(frozen=True, slots=True)
class Scene:
    """One look at a specialist's calendars as the replica has them."""

    session: Session
    now: datetime
    settings: Settings
    person_id: int
    homes: Sequence[Home]
    looked_at: datetime | None
    owner: Owner


@dataclass(frozen=True, slots=True)
class Judged:
    """A call, and what follows from where its event is found."""

    row: Booking
    call: CallValue
    finding: Finding
    outcome: Outcome


def open_scene(session: Session, now: datetime, settings: Settings, person_id: int) -> Scene:
    """The specialist's calendars as they were last read."""
    rows = [account_row(session, number) for number in account_ids(session, person_id)]
    readers = [row.reader("busy") for row in rows if row is not None]
    addresses = frozenset(address.lower() for reader in readers for address in reader.addresses)
    owner = Owner(readers[0].zone if readers else "UTC", addresses)
    known = homes(session, person_id)
    return Scene(session, now, settings, person_id, known, looked_at(session, person_id), owner)


def judge(scene: Scene, row: Booking) -> Judged | None:
    """What was done to the event of a call that nothing else is under way for; None for all others."""
    call = queries.required_call(scene.session, row.id)
    is_quiet = call.move is None and call.written_sequence == call.sequence
    if not call.is_active or not is_quiet or call.start <= scene.now:
        return None
    standing = _standing(scene, row, call)
    found_in = {item.calendar_id for item in standing if item.href == row.href}
    home = home_of(scene.homes, row.calendar_id, row.href, found_in)
    if not standing and home is None:
        _bring_home(scene, row)
        return None
    finding = compare(written_by_us(row, call, home, scene.settings.public_url), standing, scene.owner)
    doubt = Doubt(row.missing_since, row.asked_at, row.changed_at)
    return Judged(row, call, finding, decide(finding, doubt, scene.looked_at))


def _standing(scene: Scene, row: Booking, call: CallValue) -> list[Standing]:
    """Objects with the call's UID in calendars on servers: a subscribed file of our own feed is no place.

    What stands at its href without any UID is the event too, made unreadable.
    """
    found = objects_with_uid(scene.session, scene.person_id, call.uid)
    return [
        *(item for item in found if lies_in(item.href, item.calendar_href)),
        *nameless_objects(scene.session, scene.person_id, row.calendar_id, row.href),
    ]


def written_by_us(
    row: Booking | BookingCopy,
    call: CallValue,
    home: Home | None,
    public_url: str,
    owner: SpecialistProfile | None = None,
) -> Written:
    """The event as it was last written: the specialist's, or that of the senior ``owner``."""
    event = event_for_specialist(call, call.span, public_url, owner)
    return Written(
        uid=call.uid,
        href=row.href,
        calendar_href=home.href if home else "",
        start=call.start,
        end=call.end,
        summary=event.summary,
        description=event.description,
        etag=row.etag,
        account_id=home.account_id if home else None,
    )


def version_at(place: Standing) -> str:
    """The version of what stands there, also where the server tells none."""
    return version_of(place.etag, place.text)


def note_place(row: Booking | BookingCopy, place: Standing) -> None:
    """The event is known to stand there, in this version."""
    row.href, row.etag, row.calendar_id = place.href, version_at(place), place.calendar_id


def _bring_home(scene: Scene, row: Booking) -> None:
    """Its calendar is not connected any more: it is written into the one that takes bookings now."""
    target = next((home for home in scene.homes if home.receives_bookings), None)
    # Until all that is connected was read, it may stand there: a calendar chosen anew is empty at first.
    if target is not None and scene.looked_at is not None:
        write_soon(scene.session, row.id, row.sequence, f"home-{target.calendar_id}")
