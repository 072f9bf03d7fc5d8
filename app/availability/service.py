"""Offering times, keeping them, and telling whether a specialist is in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Unpack

from sqlalchemy.orm import Session

from app.availability import queries
from app.availability.errors import CalendarAway, SlotRefused
from app.availability.offer import Asked, CalendarStatus, Closed, Offer, OwnWrite, Wanted
from app.availability.queries_looked import Looked, keep_looks, note_look
from app.availability.service_reservations import (
    has,
    promote,
    release,
    release_person,
    reserve,
    reserve_move,
    settle,
)
from app.availability.service_view import (
    believed,
    believed_looks,
    calendar_state,
    fresh_view,
    holidays_of,
    presence,
    reachable,
    standings,
)
from app.availability.slots import Reason, Situation, SlotRules, find_slots, judged_starts, refusal
from app.availability.window import window_in
from app.calendars.service import pictures
from app.calendars.values import CalendarView
from app.config import Settings
from app.customers.profiles import SpecialistProfile
from app.lib.errors import DomainError
from app.lib.intervals import Interval, intersect, merge

__all__ = [
    "Asked",
    "CalendarStatus",
    "Closed",
    "Offer",
    "Wanted",
    "believed_looks",
    "calendar_state",
    "check_slot",
    "has",
    "holidays_of",
    "judge_starts",
    "keep_looks",
    "offer_slots",
    "presence",
    "promote",
    "reachable",
    "release",
    "release_person",
    "reserve",
    "reserve_move",
    "settle",
    "standings",
    "why_closed",
    "why_each_closed",
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

    Three queries a person at most and one for all, whatever the number of entries.
    """
    try:
        known = _look(session, now, settings, specialist, rules, span, asked)
    except CalendarAway as away:
        return Offer((), Closed(away.reason, away.since), away.as_of)
    within = _within(span, known.covered, rules)
    slots = find_slots(rules, known.situation, within, now, known.beside)
    return Offer(tuple(slots), None, known.as_of)


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
    known = _look(session, now, settings, specialist, rules, _at(start), asked)
    return _refusal(known, rules, start, now)


def why_each_closed(
    session: Session, now: datetime, settings: Settings, wanted: Sequence[Wanted]
) -> list[DomainError | None]:
    """Why each of these people cannot have a call: SlotRefused or CalendarAway, None when they can.

    Judged as why_closed does; four queries, whatever the number of calls and people.
    """
    if not wanted:
        return []
    around = [_around(item.rules, _at(item.start)) for item in wanted]
    whole = Interval(min(span.start for span in around), max(span.end for span in around))
    people = sorted({item.person.user_id for item in wanted})
    views, reserved = pictures(session, people, whole), queries.reserved_of(session, now, people, whole)
    found: list[DomainError | None] = []
    for item in wanted:
        number, told = item.person.user_id, Asked(own=item.own)
        try:
            view = believed(views.get(number), now, settings)
        except CalendarAway as away:
            found.append(away)
            continue
        situation = _situation(
            session,
            settings,
            item.person,
            item.rules,
            _at(item.start),
            view,
            reserved.get(number, []),
            told,
        )
        reason = _refusal(_Known(situation, (), view.covered, view.as_of), item.rules, item.start, now)
        found.append(None if reason is None else SlotRefused(reason))
    return found


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
    known = _look(session, now, settings, specialist, rules, span, asked)
    within = _within(span, known.covered, rules)
    return [
        (start, reason or (None if within.start <= start < within.end else Reason.HORIZON))
        for start, reason in judged_starts(rules, known.situation, span, now, known.beside)
    ]


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of everybody who takes part: ``covered`` and ``as_of`` hold for all of them."""

    situation: Situation
    beside: tuple[Situation, ...]
    covered: Interval
    as_of: datetime | None


def _look(
    session: Session,
    now: datetime,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    span: Interval,
    asked: Asked,
) -> _Known:
    """Raises CalendarAway when one of the calendars cannot be read."""
    view = fresh_view(session, now, settings, specialist.user_id, _around(rules, span))
    reserved = _reserved(session, now, specialist, _around(rules, span), asked)
    if asked.get("without_booking") is None:
        booked = [taken for taken, kind in reserved if kind == "booking"]
        note_look(session, specialist.user_id, Looked(_around(rules, span), view, booked))
    taken = [span for span, _kind in reserved]
    situation = _situation(session, settings, specialist, rules, span, view, taken, asked)
    other = asked.get("beside")
    if other is None:
        return _Known(situation, (), view.covered, view.as_of)
    theirs = fresh_view(session, now, settings, other.person.user_id, _around(rules, span))
    told: Asked = {
        "own": other.own,
        "without_booking": asked.get("without_booking"),
        "without_kept": other.without_kept,
    }
    reserved = _reserved(session, now, other.person, _around(rules, span), told)
    taken = [span for span, _kind in reserved]
    beside = _situation(session, settings, other.person, rules, span, theirs, taken, told)
    start, end = max(view.covered.start, theirs.covered.start), min(view.covered.end, theirs.covered.end)
    moments = [moment for moment in (view.as_of, theirs.as_of) if moment is not None]
    return _Known(situation, (beside,), Interval(start, end), min(moments, default=None))


def _refusal(known: _Known, rules: SlotRules, start: datetime, now: datetime) -> Reason | None:
    reason = refusal(rules, known.situation, start, now, known.beside)
    if reason is None and not known.covered.contains(rules.taken_by(start)):
        return Reason.HORIZON
    return reason


def _reserved(
    session: Session, now: datetime, person: SpecialistProfile, around: Interval, asked: Asked
) -> list[tuple[Interval, str]]:
    return queries.reserved(
        session,
        now,
        person.user_id,
        around,
        without_booking=asked.get("without_booking"),
        without=asked.get("without_kept", ()),
    )


def _situation(
    session: Session,
    settings: Settings,
    specialist: SpecialistProfile,
    rules: SlotRules,
    span: Interval,
    view: CalendarView,
    reserved: Sequence[Interval],
    asked: Asked,
) -> Situation:
    around, zone = _around(rules, span), settings.service_time_zone
    own = asked.get("own", frozenset[OwnWrite]())
    moved = [Interval(it.start, it.end) for it in view.own if (it.uid, it.start, it.end) not in own]
    override, away = asked.get("working_override"), asked.get("away", ())
    working = view.working if override is None else override
    window = window_in(around, zone, settings.service_window)
    # What is busy outside of the open hours closes nothing that is not closed already.
    open_hours = intersect(working, window)
    reach = merge(item.padded(rules.buffer_before, rules.buffer_after) for item in open_hours)
    busy = view.busy.overlapping(reach)
    return Situation(
        working=working,
        busy=merge([*busy, *moved]) if moved else busy,
        time_off=merge([*view.time_off, *away]) if away else view.time_off,
        reserved=reserved,
        window=window,
        holidays=frozenset(holidays_of(session, specialist, around, zone)),
        zone=zone,
        booked_per_day=asked.get("booked_per_day", {}),
        booked_per_week=asked.get("booked_per_week", {}),
        last_day=asked.get("last_day"),
    )


def _around(rules: SlotRules, span: Interval) -> Interval:
    return span.padded(rules.buffer_before, rules.length + rules.buffer_after)


def _at(start: datetime) -> Interval:
    return Interval(start, start + timedelta.resolution)


def _within(span: Interval, covered: Interval, rules: SlotRules) -> Interval:
    """The starts of ``span`` whose call with its buffers the copy of the calendar reaches."""
    latest = covered.end - rules.length - rules.buffer_after + timedelta.resolution
    return Interval(max(span.start, covered.start + rules.buffer_before), min(span.end, latest))
