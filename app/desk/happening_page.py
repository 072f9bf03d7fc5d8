"""What the service tells of in a conversation, in sentences for either side."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.booking.in_words import Reader
from app.desk.requests.clock_page import moment
from app.desk.requests.severity_page import severity_name
from app.desk.values import Happening, MessageValue


def happening_words(message: MessageValue, viewer: SignedIn, reader: Reader, now: datetime) -> str:
    """The sentence; it says "you" of whoever reads."""
    facts, name = message.facts, message.author_name
    is_mine = message.author_id == viewer.id
    match message.happening:
        case Happening.OPENED:
            return _opened(facts, name, is_mine=is_mine)
        case Happening.SEVERITY_CHANGED:
            return _severity(facts, name, is_mine=is_mine)
        case Happening.SOLVED:
            return _("You said that it is solved") if is_mine else _("Solved, says %(name)s", name=name)
        case Happening.REOPENED:
            return _("It is open again")
        case Happening.WAITING:
            return _("Waiting for the customer") if viewer.is_staff else _("We wait for your answer")
        case Happening.RESUMED:
            return _("Not waiting any more") if viewer.is_staff else _("We are working on it again")
        case Happening.NEXT_STEP:
            return _("This was the next step")
        case Happening.BREACHED | Happening.REASON_GIVEN:
            return _breach(message)
        case (
            Happening.SENIOR_ASKED | Happening.SENIOR_DECLINED | Happening.SENIOR_TOOK | Happening.SENIOR_LEFT
        ):
            return _senior(message)
    return _contact(message, reader, now)


def _opened(facts: Mapping[str, Any], name: str, *, is_mine: bool) -> str:
    severity = severity_name(facts.get("severity"))
    if is_mine:
        return _("You made it a request: %(severity)s", severity=severity)
    return _("%(name)s made it a request: %(severity)s", name=name, severity=severity)


def _severity(facts: Mapping[str, Any], name: str, *, is_mine: bool) -> str:
    words = {"before": severity_name(facts.get("before")), "after": severity_name(facts.get("after"))}
    text = (
        _("You changed the severity: %(before)s → %(after)s", **words)
        if is_mine
        else _("%(name)s changed the severity: %(before)s → %(after)s", name=name, **words)
    )
    return _with(text, facts.get("reason"))


def _breach(message: MessageValue) -> str:
    is_first = message.facts.get("clock") != "next_step"
    if message.happening == Happening.REASON_GIVEN:
        return _with(_("Why it was late, by %(name)s", name=message.author_name), message.facts.get("reason"))
    return _("The first answer is overdue") if is_first else _("The next step is overdue")


def _senior(message: MessageValue) -> str:
    senior = message.facts.get("senior") or _("a senior engineer")
    match message.happening:
        case Happening.SENIOR_ASKED:
            return _with(_("Asked to help: %(senior)s", senior=senior), message.facts.get("note"))
        case Happening.SENIOR_DECLINED:
            return _("Cannot take it: %(senior)s", senior=senior)
        case Happening.SENIOR_TOOK:
            return _("Now on it too: %(senior)s", senior=senior)
    return _("Not on it any more: %(senior)s", senior=senior)


def _contact(message: MessageValue, reader: Reader, now: datetime) -> str:
    """Calls and callbacks."""
    match message.happening:
        case Happening.CALL_LINKED:
            return _with(_("A call belongs to this"), message.facts.get("call"))
        case Happening.CALLBACK_ASKED:
            text, due = _("A callback was asked for"), message.facts.get("due_at")
            if due:
                time = moment(datetime.fromisoformat(str(due)), reader, now)
                text += ", " + _("promised by %(time)s", time=time)
            return _with(text, message.facts.get("topic"))
        case Happening.CALLBACK_CLOSED:
            return _closed_callback(message.facts.get("state"))
    return ""


def _closed_callback(state: object) -> str:
    words = {
        "reached": _("We rang, and spoke"),
        "wrong_number": _("We rang, and the number was wrong"),
        "booked": _("A call was booked in place of the callback"),
        "withdrawn": _("The callback was withdrawn"),
    }
    return words.get(str(state), _("The callback is done"))


def _with(text: str, more: object) -> str:
    words = " ".join(str(more or "").split())
    return f"{text}: “{words}”" if words else text
