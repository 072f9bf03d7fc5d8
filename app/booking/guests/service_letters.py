"""Posting letters to the colleagues on a call, each their own, in the transaction of what they tell."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.booking.guests.letter import INVITES, News, sequence_of, write_guest_letter
from app.booking.guests.queries import attendees, told_sequence
from app.booking.guests.values import AttendeeValue
from app.booking.letters.kinds import CANCELS, Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service_organizer import organizer_for
from app.booking.models import Attendee
from app.booking.seniors.queries import copy_of
from app.booking.values import CallValue
from app.config import Settings
from app.mail.service import post


def post_to_guests(
    session: Session, now: datetime, settings: Settings, call: CallValue, occasion: Occasion
) -> None:
    """Tell every colleague of an invitation, a change or the end of a call.

    Who was not invited yet is now; of an end only those hear who were.
    """
    for guest in attendees(session, call.id):
        if guest.is_contact:
            continue
        is_new = guest.sent_sequence is None
        if occasion.kind in CANCELS:
            if not is_new:
                post_to_guest(session, now, settings, call, guest, News.CANCELLED, occasion)
        else:
            passed_on = occasion.kind is Kind.TAKEN_OVER
            change = News.TAKEN_OVER if passed_on else News.CHANGED
            news = News.INVITED if is_new else change
            post_to_guest(session, now, settings, call, guest, news, occasion)


def call_as_told(session: Session, call: CallValue) -> CallValue:
    """The call as those who were invited know it: they are told of a change when the calendars have it.

    A senior who is yet to join is not in it, and SEQUENCE is that of the contact's last invitation.
    """
    told = told_sequence(session, call.id)
    if told is None or told == call.sequence:
        return call
    copy = None if call.senior is None else copy_of(session, call.id, call.senior.user_id)
    has_joined = copy is not None and copy.joined_at is not None
    return replace(call, sequence=told, senior=call.senior if has_joined else None)


def post_to_guest(
    session: Session,
    now: datetime,
    settings: Settings,
    call: CallValue,
    guest: AttendeeValue,
    news: News,
    occasion: Occasion,
) -> None:
    """Post one letter to one colleague, in a thread of their own, and keep its SEQUENCE in mind."""
    sequence, who = sequence_of(call, guest, news), f"guest-{guest.id}"
    asks = sequence if news in INVITES else None
    organizer = organizer_for(session, settings, call, guest.email, asks=asks)
    letter = write_guest_letter(call, guest, news, occasion, settings, now, organizer)
    key = f"booking:{call.id}:{sequence}:{news.value.removeprefix('guest_')}:{who}"
    if occasion.mark:
        key += f":{occasion.mark}"
    post(session, now, key, f"booking:{call.id}:{who}", letter)
    session.execute(update(Attendee).where(Attendee.id == guest.id).values(sent_sequence=sequence))
