"""A call's past in sentences, from the audit log."""

from collections.abc import Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.values import AuditFact, SignedIn
from app.booking.in_words import Reader, day_and_time
from app.booking.pages import HistoryLine
from app.booking.values import CallValue


def history_lines(
    facts: Sequence[AuditFact], call: CallValue, viewer: SignedIn, reader: Reader
) -> tuple[HistoryLine, ...]:
    """The facts that mean something to people, oldest first."""
    lines = []
    for fact in facts:
        text = _sentence(fact, call, viewer, reader)
        if text:
            lines.append(HistoryLine(day_and_time(fact.at, reader), text))
    return tuple(lines)


def _sentence(fact: AuditFact, call: CallValue, viewer: SignedIn, reader: Reader) -> str:
    is_mine = fact.actor == viewer.name
    match fact.verb:
        case "booked":
            return _("Booked by you") if is_mine else _("Booked by %(name)s", name=fact.actor)
        case "confirmed":
            return _("Confirmed by the calendar, invitation sent to %(address)s", address=call.contact_email)
        case "move_asked":
            when = _moment(fact, reader)
            if is_mine:
                return _("You asked for a new time: %(when)s", when=when)
            return _("%(name)s asked for a new time: %(when)s", name=fact.actor, when=when)
        case "moved":
            return _("Moved to the new time, the invitation was updated")
        case "clash":
            return _("Something else stands at that time in the calendar too")
        case "move_dropped":
            return _("The new time could not be booked, the old one stays")
        case "declined" | "expired":
            return _("The time could not be booked")
        case "cancelled" if fact.detail.get("via") == "calendar":
            return _("%(name)s took it out of the calendar, so it was cancelled", name=fact.actor)
        case "cancelled":
            return _("Cancelled by you") if is_mine else _("Cancelled by %(name)s", name=fact.actor)
        case "followed":
            when = _moment(fact, reader)
            return _("%(name)s moved it in the calendar: %(when)s", name=fact.actor, when=when)
        case "senior_added" | "senior_joined" | "senior_dropped" | "senior_left":
            return _of_senior(fact)
    return _for_specialists(fact, reader) if viewer.is_staff else ""


def _of_senior(fact: AuditFact) -> str:
    senior, name = fact.detail.get("senior", ""), fact.actor
    match fact.verb:
        case "senior_added":
            return _("%(name)s asked %(senior)s to take part", name=name, senior=senior)
        case "senior_joined":
            return _("%(senior)s takes part", senior=senior)
        case "senior_dropped":
            return _("%(name)s took %(senior)s off the call", name=name, senior=senior)
    return _("%(senior)s cannot take part", senior=senior)


def _for_specialists(fact: AuditFact, reader: Reader) -> str:
    """What happened in the specialist's own calendar is nobody else's business."""
    match fact.verb:
        case "misplaced":
            when = _moment(fact, reader, "there")
            return _("In the calendar it was moved to a time that it cannot have: %(when)s", when=when)
        case "changed_calendar":
            return _("It was moved to another calendar")
        case "asked":
            return _("It is gone from the calendar; the specialist is asked")
        case "written_again":
            return _("It is written into the calendar again")
        case "rehomed":
            return _("Its calendar is not connected any more; it goes into the one chosen now")
    return ""


def _moment(fact: AuditFact, reader: Reader, name: str = "start") -> str:
    try:
        return day_and_time(datetime.fromisoformat(str(fact.detail.get(name))), reader)
    except ValueError:
        return ""
