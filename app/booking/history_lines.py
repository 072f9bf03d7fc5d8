"""A call's past in sentences, from the audit log."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from flask_babel import gettext as _

from app.accounts.values import AuditFact, SignedIn
from app.booking.in_words import Reader, day_and_time
from app.booking.pages import HistoryLine
from app.booking.values import CallValue


def history_lines(
    facts: Sequence[AuditFact],
    call: CallValue,
    viewer: SignedIn,
    reader: Reader,
    guests: Mapping[int, str] | None = None,
) -> tuple[HistoryLine, ...]:
    """The facts that mean something to people, oldest first; ``guests`` are the names of colleagues by id."""
    lines = []
    for fact in facts:
        text = _about_guest(fact, viewer, guests or {}) or _sentence(fact, call, viewer, reader)
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
                return _with_reason(_("You asked for a new time: %(when)s", when=when), fact)
            text = _("%(name)s asked for a new time: %(when)s", name=fact.actor, when=when)
            return _with_reason(text, fact)
        case "cancelled" if fact.detail.get("via") == "calendar":
            return _("%(name)s took it out of the calendar, so it was cancelled", name=fact.actor)
        case "cancelled":
            text = _("Cancelled by you") if is_mine else _("Cancelled by %(name)s", name=fact.actor)
            return _with_reason(text, fact)
        case "followed":
            when = _moment(fact, reader)
            return _("%(name)s moved it in the calendar: %(when)s", name=fact.actor, when=when)
        case "answered":
            return _answer(fact, is_mine)
        case "proposed":
            when = _moment(fact, reader, "wanted")
            return _("%(name)s proposed another time: %(when)s", name=fact.actor, when=when)
        case "proposal_declined":
            when = _moment(fact, reader, "wanted")
            return _("%(name)s declined the proposed time: %(when)s", name=fact.actor, when=when)
        case "senior_added" | "senior_joined" | "senior_dropped" | "senior_left":
            return _of_senior(fact)
        case "taken_over":
            names = {"name": fact.detail.get("after", ""), "other": fact.detail.get("before", "")}
            return _("%(name)s took the call over from %(other)s", **names)
    return _plain(fact.verb) or (_for_specialists(fact, reader) if viewer.is_staff else "")


def _plain(verb: str) -> str:
    """What is said the same way of everybody; empty for other facts."""
    match verb:
        case "moved":
            return _("Moved to the new time, the invitation was updated")
        case "clash":
            return _("Something else stands at that time in the calendar too")
        case "clash_settled":
            return _("It stays at its time")
        case "move_dropped":
            return _("The new time could not be booked, the old one stays")
        case "declined" | "expired":
            return _("The time could not be booked")
        case "took_place":
            return _("It took place")
        case "no_show":
            return _("Nobody came")
    return ""


def _answer(fact: AuditFact, is_mine: bool) -> str:
    name = fact.actor
    match fact.detail.get("partstat"):
        case "ACCEPTED":
            return (
                _("You accepted the invitation")
                if is_mine
                else _("%(name)s accepted the invitation", name=name)
            )
        case "TENTATIVE":
            return _("You answered “maybe”") if is_mine else _("%(name)s answered “maybe”", name=name)
    return _("You declined the invitation") if is_mine else _("%(name)s declined the invitation", name=name)


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
        case "reassigned":
            names = {"name": fact.actor, "other": fact.detail.get("after", "")}
            return _with_reason(_("%(name)s asked %(other)s to take the call over", **names), fact)
        case "stayed":
            return _("%(name)s does not take the call over", name=fact.detail.get("after", ""))
        case "misplaced":
            when = _moment(fact, reader, "there")
            return _("In the calendar it was moved to a time that it cannot have: %(when)s", when=when)
        case "changed_calendar":
            return _("It was moved to another calendar")
        case "asked":
            return _("It is gone from the calendar; the specialist is asked")
        case "asked_move":
            return _("It was moved in the calendar with many others; the specialist is asked")
        case "put_back":
            return _("It is put back to its time in the calendar")
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


def _with_reason(text: str, fact: AuditFact) -> str:
    reason = " ".join(str(fact.detail.get("reason") or "").split())
    return f"{text}: “{reason}”" if reason else text


def _about_guest(fact: AuditFact, viewer: SignedIn, guests: Mapping[int, str]) -> str:
    is_mine = fact.actor == viewer.name
    facts = {"name": fact.actor, "guest": guests.get(int(fact.detail.get("guest", 0)), _("somebody"))}
    match fact.verb:
        case "guest_added":
            return _("You added %(guest)s", **facts) if is_mine else _("%(name)s added %(guest)s", **facts)
        case "guest_removed" if is_mine:
            return _("You took %(guest)s off the call", **facts)
        case "guest_removed":
            return _("%(name)s took %(guest)s off the call", **facts)
        case "undelivered" if fact.detail.get("guest"):
            return _("Mail to %(guest)s about this call could not be delivered", **facts)
        case "undelivered" if viewer.is_staff:
            return _("Mail about this call could not be delivered")
    return ""
