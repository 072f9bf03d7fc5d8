"""The checks V0–V10: whether every promise holds in the database as it is, at any time.

Each check yields one line for each thing that is wrong, naming the row; nothing is repaired.
"""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.availability.time_off.service import out_of_step
from app.booking.writing.plan import FORGOTTEN
from app.config import Settings
from app.jobs.client import live_keys
from app.lib.sealed import CannotOpen, unseal
from app.verify import queries, queries_seniors, queries_time_off

# Fresh changes may be on their way: what has been so for this long is wrong.
GRACE = timedelta(minutes=3)
LEASE = timedelta(minutes=10)
# The pass over days away looks every three seconds.
NOTICED_WITHIN = timedelta(seconds=15)
OFF = frozenset({"cancelled", "declined", "expired"})
Check = Callable[[Session, datetime, Settings], Iterator[str]]


def verify(session: Session, now: datetime, settings: Settings) -> list[str]:
    """All that is wrong, one line each; empty when every promise holds."""
    return [f"{name} {line}" for name, check in CHECKS.items() for line in check(session, now, settings)]


def _no_overlap(session: Session, now: datetime, _settings: Settings) -> Iterator[str]:
    for person, left, right in queries.overlapping_reservations(session):
        yield f"reservations {left} and {right} of person {person} overlap"
    for left_reference, right_reference in queries.overlapping_bookings(session):
        yield f"bookings {left_reference} and {right_reference} overlap"
    for reference in queries.bookings_without_reservation(session, now):
        yield f"booking {reference} has no reservation"


def _one_event(session: Session, now: datetime, settings: Settings) -> Iterator[str]:
    busy, times = live_bookings(session), queries.own_times(session)
    standing = {(uid, href) for uid, href, _calendar in queries.own_events(session)}
    for booking in queries.active_bookings(session, now):
        # Once it has begun, nobody follows any more what its specialist does with the event.
        if booking.starts_at <= now:
            continue
        if booking.asked_at is not None:
            since = booking.asked_at.isoformat()
            yield f"booking {booking.reference} is gone from the calendar, asked about since {since}"
            continue
        # One look alone is not believed: what came of it is told within minutes.
        if booking.missing_since is not None and booking.missing_since > now - GRACE:
            continue
        if booking.id in busy or booking.status != "confirmed":
            continue
        # A calendar that is away cannot be judged; that it is away is for /readyz to say.
        if booking.in_step_at is None or booking.in_step_at < now - settings.calendar_max_age:
            continue
        # Copies of its own making are the specialist's business.
        found = times.get(booking.uid, set())
        if (booking.uid, booking.href) not in standing:
            yield f"booking {booking.reference} has no event in the calendar"
        elif found and (booking.starts_at, booking.ends_at) not in found:
            yield f"booking {booking.reference} stands at another time in the calendar"
    yield from _senior_has_it(session, now, settings, busy, standing)


def _senior_has_it(
    session: Session, now: datetime, settings: Settings, busy: set[int], standing: set[tuple[str, str]]
) -> Iterator[str]:
    """The same of the event in the calendar of the senior who takes part; its time is checked above."""
    for copy in queries_seniors.copies_ahead(session, now):
        is_fresh = copy.in_step_at is not None and copy.in_step_at >= now - settings.calendar_max_age
        if copy.id in busy or copy.missing_since is not None or not is_fresh:
            continue
        if (copy.uid, copy.href) not in standing:
            yield f"booking {copy.reference} has no event in the calendar of its senior"
    for booking_id, reference in queries_seniors.seniors_without_copy(session, now):
        if booking_id not in busy:
            yield f"booking {reference} was not written into the calendar of its senior, or nobody told"


def _no_foreign_events(session: Session, now: datetime, _settings: Settings) -> Iterator[str]:
    known = queries.uids(session)
    busy, copies = live_bookings(session), queries_seniors.copies(session)
    for uid, href, calendar_id in queries.own_events(session):
        booking = known.get(uid)
        if booking is None:
            yield f"event {href} has our mark but no booking"
            continue
        # What could not be taken out in time is history, and is left there.
        is_over = booking.status in OFF and now < booking.ends_at + FORGOTTEN
        is_ours = href == booking.href or calendar_id == booking.calendar_id
        is_ours = is_ours or (uid, href, calendar_id) in copies
        if is_over and is_ours and booking.id not in busy and booking.changed_at < now - GRACE:
            yield f"event {href} belongs to a booking that is {booking.status}"
    yield from _nobody_elses(session, now, busy)


def _nobody_elses(session: Session, now: datetime, busy: set[int]) -> Iterator[str]:
    for booking_id, reference, href in queries_seniors.copies_of_others(session, now):
        if booking_id not in busy:
            yield f"event {href} of booking {reference} is left in the calendar of somebody who takes no part"


def _work_is_done(session: Session, now: datetime, _settings: Settings) -> Iterator[str]:
    busy = live_bookings(session)
    for booking_id, reference in queries.unfinished_bookings(session):
        if booking_id not in busy:
            yield f"booking {reference} waits for the calendar, but no work for it is under way"
    for email, until in queries.leases(session):
        if until is not None and until < now - LEASE:
            yield f"the calendar of {email} is claimed since before {until.isoformat()}"
    for place in queries.stale_offers(session, now - GRACE):
        yield f"place {place} in the waiting list had an offer that ran out, and the next was not asked"


def _mail_for_each_change(session: Session, _now: datetime, _settings: Settings) -> Iterator[str]:
    for reference in queries.confirmed_without_mail(session):
        yield f"booking {reference} was confirmed, but no invitation was written"


def _sequence_rises(session: Session, _now: datetime, _settings: Settings) -> Iterator[str]:
    for reference, sequence, written in queries.sequences(session):
        if written is not None and written > sequence:
            yield f"booking {reference} is at SEQUENCE {sequence}, the calendar was given {written}"


def _one_result_per_key(session: Session, _now: datetime, _settings: Settings) -> Iterator[str]:
    for key_id in queries.keys_of_other_contacts(session):
        yield f"idempotency key {key_id} stands for another contact's booking"


def _audit_is_complete(session: Session, now: datetime, settings: Settings) -> Iterator[str]:
    for reference, verb in queries.changes_without_audit(
        session, now - timedelta(days=settings.audit_retention_days)
    ):
        yield f"booking {reference} was {verb}, but the audit log does not say so"


def _no_secret_in_clear(session: Session, _now: datetime, settings: Settings) -> Iterator[str]:
    for table, row_id in queries.short_hashes(session):
        yield f"{table} {row_id} does not hold a hash"
    for account in queries.sealed_passwords(session):
        try:
            unseal(settings.sealing_keys, account.sealed, *account.place)
        except CannotOpen as error:
            yield f"calendar password of {account.email}: {error}"
    for totp in queries.sealed_seeds(session):
        try:
            unseal(settings.sealing_keys, totp.sealed, *totp.place)
        except CannotOpen as error:
            yield f"authenticator of {totp.email}: {error}"


def _file_is_sound(session: Session, _now: datetime, _settings: Settings) -> Iterator[str]:
    if (answer := queries.integrity(session)) != "ok":
        yield f"the database file is damaged: {answer}"


def _days_away_are_known(session: Session, now: datetime, settings: Settings) -> Iterator[str]:
    fresh = queries_time_off.freshly_changed(session, now - NOTICED_WITHIN)
    for person_id in out_of_step(session, now, settings):
        if person_id not in fresh:
            yield f"the time off of person {person_id} is not what their calendars say"


def live_bookings(session: Session) -> set[int]:
    """The ids of bookings for which work is waiting or under way (keys ``booking:ID:…``)."""
    parts = (key.split(":") for key in live_keys(session))
    return {int(part[1]) for part in parts if part[0] == "booking" and len(part) > 1}


CHECKS: dict[str, Check] = {
    "V0": _file_is_sound,
    "V1": _no_overlap,
    "V2": _one_event,
    "V3": _no_foreign_events,
    "V4": _work_is_done,
    "V5": _mail_for_each_change,
    "V6": _sequence_rises,
    "V7": _one_result_per_key,
    "V8": _audit_is_complete,
    "V9": _no_secret_in_clear,
    "V10": _days_away_are_known,
}
