"""What becomes of calls that lie in their specialist's time off."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.availability.offer import Wanted
from app.availability.service import why_each_closed
from app.availability.time_off.spans import from_text
from app.booking.changes.service import own_call
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.lifecycle import TABLE, Event
from app.booking.models import Booking
from app.booking.models_kept import KeptCall
from app.booking.reassigning.service import reassign, stay
from app.booking.seniors.service import rules_as_booked
from app.booking.standins import queries
from app.booking.standins.errors import StandInChanged
from app.booking.standins.values import CallInDays, DaysAway
from app.booking.values import CallValue
from app.config import Settings
from app.customers.models import TimeOff
from app.customers.profiles import SpecialistProfile
from app.customers.queries_roster import away_around, everybody_away
from app.customers.roster import Person, Shift, shifts
from app.lib.intervals import Interval
from app.lib.wording import local_date


def days_away(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    after: tuple[date, int] | None,
    most: int,
) -> tuple[list[DaysAway], tuple[date, int] | None]:
    """Time off that is not over, in order: a specialist's own, for administrators everybody's.

    At most ``most``, those behind the key ``after`` (first day and id); the second value is the key to go on
    behind, None at the end. Eleven queries at most, whatever their number.
    """
    zone = settings.service_time_zone
    today = local_date(now, zone)
    mine = None if user.role == ADMINISTRATOR else user.id
    rows = queries.rows_ahead(session, today, mine, after, most + 1)
    further = (rows[most - 1].first_day, rows[most - 1].id) if len(rows) > most else None
    rows = rows[:most]
    calls = queries.not_kept(session, now, zone, rows)
    tried = queries.who_could_not(session, {call.public_id for found in calls.values() for call in found})
    known, people = everybody_away(session, today)
    away = [item.away for item in known]
    found = []
    for row in rows:
        first = max(row.first_day, today)
        served = shifts([(date.min, row.specialist_id)], people, away, first, row.last_day)
        found.append(
            DaysAway(
                public_id=row.public_id,
                specialist=people[row.specialist_id].profile,
                first=row.first_day,
                last=row.last_day,
                shifts=served,
                calls=[_in_days(call, served, people, tried, zone) for call in calls[row.id]],
                is_alarmed=row.specialist_id in from_text(row.alarmed_days, row.specialist_id, today),
            )
        )
    return _judged(session, now, settings, found), further


def count_undecided(session: Session, now: datetime, settings: Settings, specialist_id: int) -> int:
    """How many calls of a specialist lie in their time off and wait for a decision; three queries."""
    zone = settings.service_time_zone
    rows = queries.rows_ahead(session, local_date(now, zone), specialist_id)
    found = queries.not_kept(session, now, zone, rows).values()
    return len({call.id for calls in found for call in calls if call.successor_id is None})


def keep(session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str) -> None:
    """The call takes place although its specialist has time off then; needs the write lock.

    Should it be passing to somebody else, it does not. Its contact, to whom pages say that somebody else
    serves then, is written to, unless no calendar has confirmed the call yet. It counts for every time off
    that the call lies in. Repeated, it changes nothing.
    Raises NotFound for those whose call it is not to decide about, and for a call that lies in no time off.
    """
    call, inside = _call_in_time_off(session, now, settings, actor, public_id)
    kept = queries.kept_for(session, call.id)
    new = [item for item in inside if item.uid not in kept]
    # Kept before and passing on since: what is decided last counts.
    stay(session, now, settings, session.get_one(Booking, call.id), actor)
    if not new:
        return
    for uid in {item.uid for item in new}:
        session.add(KeptCall(booking_id=call.id, uid=uid, decided_at=now, decided_by_id=actor.id))
    record(session, now, actor, "kept", "booking", public_id, first=new[0].first_day.isoformat())
    if call.confirmed_at is not None:
        post_letter(session, now, settings, call, Occasion(Kind.KEPT, mark=new[0].public_id, at=now))


def stand_in_for(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str
) -> tuple[int, SpecialistProfile | None]:
    """The id of a call in time off, and who stands in on its day; raises NotFound as keep does."""
    call, (inside, *_others) = _call_in_time_off(session, now, settings, actor, public_id)
    zone = settings.service_time_zone
    day = min(max(local_date(_place(call).start, zone), inside.first_day), inside.last_day)
    away, people = away_around(session, [inside.specialist_id], local_date(now, zone))
    return call.id, _by(shifts([(date.min, inside.specialist_id)], people, away, day, day), day)


def move_to_stand_in(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, shown: str
) -> None:
    """Have whoever stands in take the call over at its time; needs the write lock of both.

    ``shown`` is the public id of who the page said that is. It stays with its specialist until the other's
    calendar has it; then its guests are told. Raises NotFound as keep does, StandInChanged, and as reassign.
    """
    booking_id, to = stand_in_for(session, now, settings, actor, public_id)
    if to is None or to.public_id != shown:
        raise StandInChanged(f"{shown} does not stand in for call {public_id}")
    reassign(session, now, settings, actor, booking_id, to, "")


def _in_days(
    call: CallValue,
    served: Sequence[Shift],
    people: Mapping[int, Person],
    tried: Mapping[str, str],
    zone: str,
) -> CallInDays:
    passes_to = None if call.successor_id is None else people[call.successor_id].profile
    stand_in = _by(served, local_date(_place(call).start, zone))
    is_senior = stand_in is not None and call.senior is not None and call.senior.user_id == stand_in.user_id
    is_ready = call.status in TABLE[Event.REASSIGN].leads and call.move is None and passes_to is None
    return CallInDays(
        call=call,
        stand_in=stand_in,
        passes_to=passes_to,
        can_pass=is_ready and stand_in is not None and not is_senior,
        declined_by=tried.get(call.public_id, ""),
    )


def _judged(session: Session, now: datetime, settings: Settings, found: Sequence[DaysAway]) -> list[DaysAway]:
    """The same with what keeps stand-ins from the calls that could pass to them, as reassign judges it."""
    asked = {one.call.id: one for item in found for one in item.calls if one.can_pass}
    people = {one.stand_in.user_id for one in asked.values() if one.stand_in is not None}
    if not people:
        return list(found)
    starts = [one.call.start for one in asked.values()]
    own = queries.own_writes_of(session, people, Interval(min(starts), max(starts)))
    wanted = [
        Wanted(one.stand_in, rules_as_booked(one.call), one.call.start, own)
        for one in asked.values()
        if one.stand_in is not None
    ]
    told = dict(zip(asked, why_each_closed(session, now, settings, wanted), strict=True))
    return [
        replace(item, calls=[replace(one, why_not=told.get(one.call.id)) for one in item.calls])
        for item in found
    ]


def _call_in_time_off(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str
) -> tuple[CallValue, list[TimeOff]]:
    """A call ahead for whom it is to decide about, and every time off that it lies in; raises NotFound."""
    row, call = own_call(session, actor, public_id)
    if actor.role != ADMINISTRATOR and actor.id != row.specialist_id:
        raise NotFound(f"call {public_id} is not {actor.id}'s to decide about")
    zone = settings.service_time_zone
    off = queries.rows_ahead(session, local_date(now, zone), row.specialist_id)
    inside = [item for item in off if queries.span_of(item, zone).overlaps(_place(call))]
    if not inside or not call.is_active:
        raise NotFound(f"call {public_id} lies in no time off")
    return call, inside


def _place(call: CallValue) -> Interval:
    """Where it takes place, or is on its way to."""
    return call.move or call.span


def _by(served: Sequence[Shift], day: date) -> SpecialistProfile | None:
    """Who serves on a day in place of who is away."""
    return next((shift.served.by for shift in served if shift.first <= day <= shift.last), None)
