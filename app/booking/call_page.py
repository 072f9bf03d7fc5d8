"""A call in whatever state, and lists of calls, in the reader's words."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.booking.change_words import change_words
from app.booking.guests.guests_page import can_change_guests
from app.booking.in_words import (
    Reader,
    day_name,
    first_name,
    leaf,
    length_name,
    service_time,
    when,
)
from app.booking.lifecycle import Event, Status, Who, is_possible, who_in
from app.booking.offers.times_page import alternatives
from app.booking.offers.wish import OpenTime
from app.booking.outcomes.notes import Notes
from app.booking.pages import BookingPage, CallRow, CallsPage, HistoryLine, SeriesLine
from app.booking.pages import Status as PageStatus
from app.booking.reminding.due import ahead
from app.booking.reminding.in_words import times_before
from app.booking.values import PHONE, CallValue
from app.lib import wording

# The room opens a little before the call.
JOIN_BEFORE = timedelta(minutes=10)


def page_status(call: CallValue) -> PageStatus:
    """The call's state as readers are told it.

    Something beside the call in the calendar is for people to settle: until then it is as booked as it was.
    A call that the calendar had no room for could not be booked.
    """
    match call.status:
        case Status.PENDING:
            return "pending"
        case Status.CONFIRMED:
            return "confirmed"
        case Status.CLASH:
            return "confirmed" if call.confirmed_at else "pending"
        case Status.DECLINED:
            return "clash"
        case Status.TOOK_PLACE:
            return "took_place"
        case Status.NO_SHOW:
            return "no_show"
    return "cancelled"


def is_settled(call: CallValue) -> bool:
    """Whether the calendar has answered: nothing of the call waits any more."""
    return call.status != Status.PENDING and call.move is None


def booking_page(
    call: CallValue,
    viewer: SignedIn,
    reader: Reader,
    now: datetime,
    *,
    is_new: bool = False,
    again_url: str = "",
    near: Sequence[OpenTime] = (),
    history: Sequence[HistoryLine] = (),
    series: SeriesLine | None = None,
    notes: Notes | None = None,
    has_seniors: bool = False,
) -> BookingPage:
    """One call for its contact, its specialist, or the senior who takes part."""
    who = who_in(call, viewer)
    can_move = is_possible(call, Event.RESCHEDULE, who, now)
    can_cancel = is_possible(call, Event.CANCEL, who, now)
    return replace(
        _facts(call, viewer, reader),
        senior=_about_senior(call, who, now) if has_seniors else "",
        is_new=is_new,
        is_over=now >= call.end,
        can_move=can_move and call.move is None,
        can_cancel=can_cancel,
        change_words="" if viewer.is_staff else _limits(call, reader, can_move, can_cancel),
        reminders="" if viewer.is_staff else _reminders(call, reader, now),
        join_url=call.room_url if _is_joinable(call, now) else "",
        join_opens=wording.clock(call.start - JOIN_BEFORE, reader.zone) if _has_room_ahead(call, now) else "",
        again_url=again_url,
        alternatives=alternatives(near, call.specialist, reader),
        can_invite=can_change_guests(call, viewer, now),
        history=tuple(history),
        series=series,
        note=notes.shown if notes and not viewer.is_staff else "",
        can_mark=call.move is None and is_possible(call, Event.TAKE_PLACE, who, now),
    )


def _limits(call: CallValue, reader: Reader, can_move: bool, can_cancel: bool) -> str:
    move, cancel = (
        wording.until(moment, reader.zone, reader.language) if is_possible else ""
        for moment, is_possible in ((call.move_until, can_move), (call.cancel_until, can_cancel))
    )
    return change_words(_, move, cancel)


def _reminders(call: CallValue, reader: Reader, now: datetime) -> str:
    if call.status != Status.CONFIRMED or call.move is not None:
        return ""
    return times_before(ahead(call.start, call.reminders, now), reader.language)


def _facts(call: CallValue, viewer: SignedIn, reader: Reader) -> BookingPage:
    """What does not depend on the moment at which it is looked at."""
    is_contact = not viewer.is_staff
    other = call.specialist.name if is_contact else call.contact_name
    return BookingPage(
        id=call.public_id,
        reference=call.reference,
        status=page_status(call),
        when=when(call.span, reader),
        with_name=(team(call) if is_contact else "") or other,
        with_first_name=first_name(other),
        with_detail=_detail(call, reader) if is_contact else call.company_name,
        team="" if is_contact else team(call),
        call_type=call.call_type_name(reader.language),
        length=length_name(call.length),
        way=_way(call, is_contact),
        way_url=call.room_url if call.way != PHONE and call.is_active else "",
        topic=call.topic,
        answers=call.answers,
        email=call.contact_email,
        viewer="contact" if is_contact else "specialist",
        new_time=when(call.move, reader) if call.move and call.is_active else None,
        ended=_ended(call, reader),
        alternatives_type=call.call_type_slug,
    )


def team(call: CallValue) -> str:
    """Who takes part for us, when it is more than one; else empty."""
    if call.senior is None:
        return ""
    return _("%(first)s and %(second)s (senior)", first=call.specialist.name, second=call.senior.name)


def _detail(call: CallValue, reader: Reader) -> str:
    return "" if call.senior else call.specialist.title(reader.language)


def _about_senior(call: CallValue, who: Who, now: datetime) -> Literal["", "add", "drop", "leave"]:
    if call.senior is None:
        return "add" if is_possible(call, Event.ADD_SENIOR, who, now) else ""
    if is_possible(call, Event.DROP_SENIOR, who, now):
        return "drop"
    return "leave" if is_possible(call, Event.LOSE_SENIOR, who, now) else ""


def _way(call: CallValue, is_contact: bool) -> str:
    if call.way != PHONE:
        return _("Video link")
    if is_contact:
        name = first_name(call.specialist.name)
        return _("Phone: %(name)s rings you on %(phone)s", name=name, phone=call.phone)
    return _("Phone: ring %(phone)s", phone=call.phone)


def _is_confirmed_video(call: CallValue) -> bool:
    return page_status(call) == "confirmed" and call.way != PHONE and bool(call.room_url)


def _is_joinable(call: CallValue, now: datetime) -> bool:
    return _is_confirmed_video(call) and call.start - JOIN_BEFORE <= now < call.end


def _has_room_ahead(call: CallValue, now: datetime) -> bool:
    return _is_confirmed_video(call) and now < call.start - JOIN_BEFORE


def _ended(call: CallValue, reader: Reader) -> str:
    if call.status == Status.EXPIRED:
        return _("The calendar did not answer in time, so the call could not take place.")
    if call.status != Status.CANCELLED:
        return ""
    moment = wording.until(call.changed_at, reader.zone, reader.language)
    text = _("Cancelled on %(moment)s.", moment=moment)
    return f"{text} {call.ended_reason}".strip()


def calls_page(
    coming: Sequence[CallValue], past: Sequence[CallValue], reader: Reader, now: datetime
) -> CallsPage:
    """A contact's calls."""
    return CallsPage(
        tuple(call_row(call, reader, now) for call in coming),
        tuple(call_row(call, reader, now) for call in past),
    )


def call_row(call: CallValue, reader: Reader, now: datetime) -> CallRow:
    """A call in a contact's list."""
    kind, name = call.call_type_name(reader.language), first_name(call.specialist.name)
    return CallRow(
        id=call.public_id,
        leaf=leaf(call.start, reader),
        title=_("%(kind)s with %(name)s", kind=kind, name=name),
        day=day_name(call.start, reader, now),
        time=wording.clock(call.start, reader.zone),
        service=service_time(call.start, reader),
        length=length_name(call.length),
        status=page_status(call),
        can_change=any(
            is_possible(call, event, Who.CONTACT, now) for event in (Event.RESCHEDULE, Event.CANCEL)
        ),
    )
