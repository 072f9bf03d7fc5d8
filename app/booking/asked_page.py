"""What a specialist has to settle between the calls and the calendar, in words."""

from collections.abc import Sequence

from flask_babel import gettext as _

from app.booking.following.pages import AskedCall, AskedPage
from app.booking.following.question import Question
from app.booking.in_words import Reader, day_and_time
from app.booking.values import CallValue
from app.lib import wording


def asked_page(
    asked: Sequence[Question], coming: Sequence[CallValue], reader: Reader, *, has_calendar: bool = True
) -> AskedPage:
    """The calls asked about, and of those coming the ones that the calendar does not take."""
    return AskedPage(
        calls=tuple(_asked(item, reader) for item in asked if item.there is None),
        moved=tuple(_asked(item, reader) for item in asked if item.there is not None),
        troubles=tuple(
            f"{_when(call, reader)}, {_who(call)}: {words}"
            for call in coming
            if (words := note_on(call, has_calendar=has_calendar) if call.asked_at is None else "")
        ),
    )


def _asked(item: Question, reader: Reader) -> AskedCall:
    there = day_and_time(item.there.start, reader) if item.there else ""
    return AskedCall(item.call.public_id, _when(item.call, reader), _who(item.call), there)


def note_on(call: CallValue, *, has_calendar: bool = True) -> str:
    """What stands between a call and its calendar; empty when nothing does.

    ``has_calendar``: whether its specialist has connected one at all.
    """
    if call.asked_at is not None:
        return _("Gone from the calendar or moved with many others; the specialist is asked")
    return trouble_words(call.calendar_trouble if has_calendar else "no_calendar")


def trouble_words(trouble: str) -> str:
    """Why the calendar does not have the call's last change yet, and what helps; '' for nothing."""
    code, _blank, reason = trouble.partition(" ")
    match reason:
        case "quota":
            return _("The calendar is full. Delete old entries or choose another calendar.")
        case "too_large":
            return _("The calendar server refuses entries of this size. Choose another calendar.")
        case "locked":
            return _("The calendar is locked at the moment. It is tried again every minute.")
        case "keeps_changing":
            return _("The entry is changed again each time it is written. Another program may be at work.")
        case "foreign_object":
            return _("Another entry stands in its place in the calendar. Delete that one.")
    match code:
        case "":
            return ""
        case "calendar_gone" | "calendar_doubtful":
            return _("The calendar is not there any more. Choose another one for calls.")
        case "no_calendar":
            return _("No calendar is chosen for calls. Choose one.")
        case "calendar_right":
            return _("The calendar may not be written to. Allow it or choose another calendar.")
        case "calendar_credentials":
            return _("The calendar refuses user name or password. Enter them again.")
        case "calendar_moved":
            return _("The calendar answers from another address. Connect it anew.")
    return _("The calendar was not reached. It is tried again until the call begins.")


def _when(call: CallValue, reader: Reader) -> str:
    day = wording.day_short(wording.local_date(call.start, reader.zone), reader.language)
    return f"{day}, {wording.span(call.span, reader.zone)}"


def _who(call: CallValue) -> str:
    return f"{call.contact_name}, {call.company_name}"
