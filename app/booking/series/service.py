"""Planning, booking and calling off series: each call is a booking of its own with its own UID."""

from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.availability.errors import SlotRefused, SlotTaken
from app.availability.slots import Reason, monday_of
from app.booking import queries
from app.booking.call_types.queries import call_type as find_call_type
from app.booking.changes.service import cancel
from app.booking.errors import KeyReused, NoSenior, TooManyOpen
from app.booking.holds.service import drop_hold
from app.booking.lifecycle import Event, is_possible, who_in
from app.booking.models import Booking, Series
from app.booking.offers.service import Wish, Wishes, judge, require_open, wish_for, wishes_for
from app.booking.questions import Answer, answered
from app.booking.rules import cleaned, effective, minutes, require_way
from app.booking.series import queries as lookups
from app.booking.series.errors import SeriesConflict, SeriesWithOthers
from app.booking.series.plan import (
    Outlook,
    call_key,
    chosen_starts,
    planned_starts,
    reach_of,
    series_fingerprint,
)
from app.booking.series.values import CallWithAnother, Repeat, SeriesPlan, SeriesRequest, SeriesValue
from app.booking.taking.queries import known_key, open_count
from app.booking.taking.service import enter
from app.booking.values import CallTypeValue
from app.config import Settings
from app.customers.profiles import ContactProfile
from app.customers.service import contact_profile
from app.lib.crashpoints import reached
from app.lib.intervals import Interval
from app.lib.text import one_line
from app.lib.tokens import new_public_id
from app.lib.wording import local_date

# A call's own key is a little longer, and keys have at most 200 characters.
SERIES_KEY_LIMIT = 190


@dataclass(frozen=True, slots=True)
class _Ground:
    """What planning and booking a series stand on; ``main`` is the wish of the first call's day."""

    contact: ContactProfile
    kind: CallTypeValue
    call_type: CallTypeValue
    wishes: Wishes
    main: Wish
    starts: list[datetime]
    is_cut: bool
    outlook: Outlook
    room: int | None

    def type_with(self, wish: Wish) -> CallTypeValue:
        """The kind of call as it is with whom one of the calls is."""
        return effective(self.kind, wish.specialist.user_id, minutes(wish.rules.length))


def plan_series(
    session: Session,
    now: datetime,
    settings: Settings,
    user_id: int,
    slug: str,
    first: datetime,
    repeat: Repeat,
    length: int | None = None,
    senior: str = "",
) -> SeriesPlan:
    """What could be booked of a series now, judged as any time is; few queries, however many calls.

    ``length`` is in minutes, None for the call type's first; ``senior`` as in BookingRequest. Raises
    SeriesRefused, NotFound (call type), LengthRefused, NotEntitled, NoSpecialist, NoSenior, CalendarAway.
    """
    asked = (slug, first.astimezone(UTC), length, senior)
    ground = _ground(session, now, settings, user_id, repeat, *asked)
    calls = tuple(ground.outlook.planned(start, repeat) for start in ground.starts)
    main, rest = ground.main, (ground.call_type, calls, ground.is_cut, ground.room)
    return SeriesPlan(ground.contact, ground.wishes, main.specialist, *rest, main.senior)


def book_series(
    session: Session, now: datetime, settings: Settings, user_id: int, request: SeriesRequest
) -> SeriesValue:
    """Reserve all chosen calls of a series, or none, and enqueue their writing; needs the write lock.

    A senior who is asked for takes part in all of them: their time is reserved with the specialist's.
    A key that was used gives the same series again, whatever became of it. Raises SeriesConflict,
    SeriesWithOthers, what plan_series raises, UncleanText, WayRefused, AnswersRefused, KeyReused,
    TooManyOpen; nothing is to be committed then.
    """
    wanted = _cleaned(request)
    digest = series_fingerprint(wanted)
    known = known_key(session, user_id, call_key(wanted.call.key, 0))
    if known is not None:
        return _same_series(session, known, digest, wanted.call.key)
    call, repeat, others = wanted.call, wanted.repeat, wanted.instead.values()
    asked = (call.slug, call.start, call.length, call.senior)
    ground = _ground(session, now, settings, user_id, repeat, *asked, others=others)
    chosen, outlook = chosen_starts(wanted, ground.starts), ground.outlook
    _require_shown(ground, wanted, chosen)
    require_way(ground.call_type, call.way)
    answers = answered(ground.call_type.questions, call.answers, ground.contact.language)
    closed = {start: why for start, other in chosen.items() if (why := outlook.why(other))}
    if closed:
        found = [outlook.planned(start, repeat, why=why) for start, why in closed.items()]
        raise SeriesConflict(found, ground.wishes)
    if ground.room is not None and len(chosen) > ground.room:
        raise TooManyOpen(ground.call_type.open_cap, ground.room)
    row = Series(public_id=new_public_id(), contact_id=user_id, weeks=repeat.weeks, created_at=now)
    session.add(row)
    session.flush()
    _enter_all(session, now, settings, ground, wanted, chosen, row.id, answers)
    reached("booking_reserved")
    return _value(session, row)


def _ground(
    session: Session,
    now: datetime,
    settings: Settings,
    user_id: int,
    repeat: Repeat,
    slug: str,
    first: datetime,
    length: int | None,
    senior: str,
    *,
    others: Collection[datetime] = (),
) -> _Ground:
    """The planned starts and what stands against them and against ``others``, in one look over all.

    Each call is with whoever serves on its day, by the kind of call as it is with who takes the first.
    """
    contact, kind = contact_profile(session, user_id), find_call_type(session, slug)
    wishes = wishes_for(session, now, settings, contact, kind, length, senior)
    main = wishes.at(max(first, now))
    if main is None:
        _require_length(session, now, settings, contact, kind, first, length, senior)
        main = wishes.first
    call_type = effective(kind, main.specialist.user_id, length)
    wishes = wishes.of_length(call_type.rules.length)
    starts, is_cut = planned_starts(first, repeat, settings.service_time_zone)
    every, reach = [*starts, *others], reach_of(repeat)
    latest = now + main.rules.horizon + timedelta.resolution
    span = Interval(max(min(every) - reach, now), min(max(every) + reach, latest))
    judged = judge(session, now, settings, wishes, span, main) if span.start < span.end else ()
    own = lookups.own_starts(session, user_id, wishes.specialists, every)
    outlook = Outlook(span, dict(judged), own, call_type.rules.length)
    cap = call_type.open_cap
    ahead = open_count(session, contact.company_id, call_type.id, now) if cap else 0
    room = max(0, cap - ahead) if cap else None
    return _Ground(contact, kind, call_type, wishes, main, starts, is_cut, outlook, room)


def _require_length(session: Session, now: datetime, settings: Settings, *asked: Any) -> None:
    """Nothing, unless whoever serves on the first day does not offer the length; raises LengthRefused.

    That no senior can take part then is told of that call alone.
    """
    with suppress(NoSenior):
        wish_for(session, now, settings, *asked)


def _require_shown(ground: _Ground, wanted: SeriesRequest, chosen: Mapping[datetime, datetime]) -> None:
    """Nothing, when each call is with whom it was shown with; raises SeriesWithOthers."""
    outlook = ground.outlook
    with_others = [
        CallWithAnother(
            outlook.planned(planned, wanted.repeat, why=outlook.why(start)), start, wish.specialist
        )
        for planned, start in chosen.items()
        if not (wish := ground.wishes.at(start) or ground.main).is_as_shown(wanted.shown_at(start))
    ]
    if with_others:
        raise SeriesWithOthers(with_others, ground.wishes)


def _enter_all(
    session: Session,
    now: datetime,
    settings: Settings,
    ground: _Ground,
    wanted: SeriesRequest,
    chosen: Mapping[datetime, datetime],
    series_id: int,
    answers: Sequence[Answer],
) -> None:
    """Write down each call; those in one week are looked at again, for caps and for their own buffers."""
    digest, weeks = series_fingerprint(wanted), set[date]()
    starts = sorted(chosen.items(), key=lambda pair: pair[1])
    for _planned, start in starts:
        wish = ground.wishes.at(start) or ground.main
        drop_hold(session, wish.holder_id, over=wish.rules.taken_by(start))
    for index, (planned, start) in enumerate(starts):
        week = monday_of(local_date(start, settings.service_time_zone))
        call = replace(wanted.call, start=start, key=call_key(wanted.call.key, index))
        wish = ground.wishes.at(start) or ground.main
        try:
            if week in weeks:
                require_open(session, now, settings, wish, start)
            enter(
                session,
                now,
                ground.contact,
                ground.type_with(wish),
                wish,
                call,
                digest=digest,
                answers=answers,
                series_id=series_id,
            )
        except (SlotTaken, SlotRefused) as error:
            why = error.reason if isinstance(error, SlotRefused) else Reason.TAKEN
            conflict = ground.outlook.planned(planned, wanted.repeat, why=why)
            raise SeriesConflict([conflict], ground.wishes) from error
        weeks.add(week)


def _cleaned(request: SeriesRequest) -> SeriesRequest:
    """The request with clean texts and moments in UTC; raises UncleanText, WayRefused."""
    one_line(request.call.key, SERIES_KEY_LIMIT)
    call = cleaned(replace(request.call, start=request.call.start.astimezone(UTC), hold=None))
    skip = frozenset(start.astimezone(UTC) for start in request.skip)
    instead = {old.astimezone(UTC): new.astimezone(UTC) for old, new in request.instead.items()}
    shown = {start.astimezone(UTC): person for start, person in request.specialists.items()}
    return replace(request, call=call, skip=skip, instead=instead, specialists=shown)


def _same_series(session: Session, known: tuple[str, int], digest: str, key: str) -> SeriesValue:
    stored, booking_id = known
    row = lookups.series_of_booking(session, booking_id)
    if stored != digest or row is None:
        raise KeyReused(f"key {key!r} stands for another request")
    return _value(session, row)


def series_of(session: Session, user: SignedIn, public_id: str) -> SeriesValue:
    """The series: whole for its contact and administrators, for our people the calls that they take part in.

    Raises NotFound for everybody else, as for a series that does not exist.
    """
    row = lookups.series_row(session, public_id)
    if row is not None:
        found = _value(session, row)
        is_whole = user.role == ADMINISTRATOR or user.id == row.contact_id
        calls = [
            call for call in found.calls if is_whole or user.id in {person.user_id for person in call.people}
        ]
        if calls:
            return replace(found, calls=calls)
    raise NotFound(f"no series {public_id} of {user.id}")


def cancel_rest(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str, reason: str = ""
) -> SeriesValue:
    """Cancel every call of a series that its contact still may; needs the write lock.

    Those inside their notice stay. Repeated, it changes nothing. Raises NotFound, UncleanText.
    """
    found = series_of(session, actor, public_id)
    for call in found.calls:
        if is_possible(call, Event.CANCEL, who_in(call, actor), now):
            cancel(session, now, settings, actor, call.public_id, reason)
    return series_of(session, actor, public_id)


def _value(session: Session, row: Series) -> SeriesValue:
    session.flush()
    calls = queries.calls(session, Booking.series_id == row.id)
    return SeriesValue(row.public_id, row.weeks, row.contact_id, calls)
