"""Offering times, keeping them, and telling whether a specialist is in."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Unpack

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.availability import queries
from app.availability.errors import CalendarAway, SlotRefused, SlotTaken
from app.availability.offer import Asked, CalendarStatus, Closed, Offer, OwnWrite
from app.availability.service_view import calendar_state, fresh_view, holidays_of, presence, reachable
from app.availability.slots import Reason, Situation, SlotRules, find_slots, judged_starts, refusal
from app.availability.window import window_in
from app.calendars.values import CalendarView
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.lib.intervals import Interval, intersect, merge

__all__ = [
    "Asked",
    "CalendarStatus",
    "Closed",
    "Offer",
    "calendar_state",
    "check_slot",
    "judge_starts",
    "offer_slots",
    "presence",
    "promote",
    "reachable",
    "release",
    "reserve",
    "reserve_move",
    "settle",
    "why_closed",
]


def offer_slots(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    span: Interval,
    **asked: Unpack[Asked],
) -> Offer:
    """The calls that can be booked with a start in ``span``; none, with the reason, if the calendar is away.

    Three queries at most, whatever the number of entries.
    """
    try:
        view = fresh_view(session, now, settings, specialist.user_id, _around(rules, span))
    except CalendarAway as away:
        return Offer((), Closed(away.reason, away.since), away.as_of)
    situation = _situation(session, now, settings, specialist, rules, span, view, asked)
    slots = find_slots(rules, situation, _within(span, view.covered, rules), now)
    return Offer(tuple(slots), None, view.as_of)


def check_slot(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    start: datetime,
    **asked: Unpack[Asked],
) -> None:
    """Look whether a call can begin at ``start``, exactly as offer_slots does.

    Raises SlotRefused with the reason, or CalendarAway.
    """
    reason = why_closed(session, now, settings, specialist, rules, start, **asked)
    if reason is not None:
        raise SlotRefused(reason)


def why_closed(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    start: datetime,
    **asked: Unpack[Asked],
) -> Reason | None:
    """Why a call cannot begin at ``start``, None when it can; raises CalendarAway."""
    span = Interval(start, start + timedelta.resolution)
    view = fresh_view(session, now, settings, specialist.user_id, _around(rules, span))
    situation = _situation(session, now, settings, specialist, rules, span, view, asked)
    reason = refusal(rules, situation, start, now)
    if reason is None and not view.covered.contains(rules.taken_by(start)):
        return Reason.HORIZON
    return reason


def judge_starts(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    span: Interval,
    **asked: Unpack[Asked],
) -> list[tuple[datetime, Reason | None]]:
    """Every start of the grid in ``span`` with the reason why it is closed, None exactly when it is offered.

    As many queries as offer_slots needs. Raises CalendarAway.
    """
    view = fresh_view(session, now, settings, specialist.user_id, _around(rules, span))
    situation = _situation(session, now, settings, specialist, rules, span, view, asked)
    known = _within(span, view.covered, rules)
    return [
        (start, reason or (None if known.start <= start < known.end else Reason.HORIZON))
        for start, reason in judged_starts(rules, situation, span, now)
    ]


def reserve(
    session: Session,
    now: datetime,
    person_id: int,
    span: Interval,
    *,
    kind: str,
    expires_at: datetime | None = None,
    booking_id: int | None = None,
) -> int:
    """Take ``span`` (buffers included) of a person's time; the id of the reservation.

    Only inside ``app.lib.db.write`` with that person. ``kind`` is ``hold`` (then ``expires_at``) or
    ``booking``. The person's expired holds are deleted first, because a constraint cannot look at the clock.
    Raises SlotTaken when the database refuses: the transaction is lost then.
    """
    queries.delete_expired_holds(session, now, person_id)
    with _overlap_is_taken():
        return queries.insert_reservation(session, person_id, span, kind, expires_at, booking_id)


def reserve_move(session: Session, now: datetime, person_id: int, span: Interval, *, booking_id: int) -> None:
    """Take a booking's new time as well as its old one; where they meet, one row over both.

    Under the same lock, and with the same error, as reserve. Ends with settle.
    """
    queries.delete_expired_holds(session, now, person_id)
    with _overlap_is_taken():
        for reservation_id, old in queries.of_booking(session, person_id, booking_id):
            if old.overlaps(span):
                hull = Interval(min(old.start, span.start), max(old.end, span.end))
                queries.change_span(session, reservation_id, hull)
                return
        queries.insert_reservation(session, person_id, span, "booking", None, booking_id)


def settle(session: Session, person_id: int, span: Interval, *, booking_id: int) -> None:
    """Leave a booking exactly one reservation of this person, over ``span``; under the lock, after a move.

    Raises SlotTaken when ``span`` reaches outside of what the booking has and another has it.
    """
    rows = queries.of_booking(session, person_id, booking_id)
    queries.delete_reservations(session, [reservation_id for reservation_id, _ in rows])
    with _overlap_is_taken():
        queries.insert_reservation(session, person_id, span, "booking", None, booking_id)


def promote(session: Session, now: datetime, reservation_id: int, *, booking_id: int) -> bool:
    """Make a hold that has not expired the booking's reservation; False when it is gone."""
    return queries.promote_hold(session, now, reservation_id, booking_id)


def release(session: Session, reservation_ids: Sequence[int] = (), *, booking_id: int | None = None) -> None:
    """Free reservations: those with these ids, and all of a booking."""
    queries.delete_reservations(session, reservation_ids)
    if booking_id is not None:
        queries.delete_reservations_of_booking(session, booking_id)


@contextmanager
def _overlap_is_taken() -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        if "reservation_no_overlap" in str(error.orig):
            raise SlotTaken("the time is taken") from error
        raise


def _situation(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    span: Interval,
    view: CalendarView,
    asked: Asked,
) -> Situation:
    around, zone = _around(rules, span), settings.service_time_zone
    own = asked.get("own", frozenset[OwnWrite]())
    moved = [Interval(it.start, it.end) for it in view.own if (it.uid, it.start, it.end) not in own]
    override = asked.get("working_override")
    working, window = view.working if override is None else override, window_in(around, zone)
    # What is busy outside of the open hours closes nothing that is not closed already.
    open_hours = intersect(working, window)
    reach = merge(item.padded(rules.buffer_before, rules.buffer_after) for item in open_hours)
    busy = view.busy.overlapping(reach)
    return Situation(
        working=working,
        busy=merge([*busy, *moved]) if moved else busy,
        time_off=view.time_off,
        reserved=queries.reserved(
            session,
            now,
            specialist.user_id,
            around,
            without_booking=asked.get("without_booking"),
            without_reservation=asked.get("without_contact_hold"),
        ),
        window=window,
        holidays=holidays_of(specialist, around, zone),
        zone=zone,
        booked_per_day=asked.get("booked_per_day", {}),
        booked_per_week=asked.get("booked_per_week", {}),
        last_day=asked.get("last_day"),
    )


def _around(rules: SlotRules, span: Interval) -> Interval:
    return span.padded(rules.buffer_before, rules.length + rules.buffer_after)


def _within(span: Interval, covered: Interval, rules: SlotRules) -> Interval:
    """The starts of ``span`` whose call with its buffers the copy of the calendar reaches."""
    latest = covered.end - rules.length - rules.buffer_after + timedelta.resolution
    return Interval(max(span.start, covered.start + rules.buffer_before), min(span.end, latest))
