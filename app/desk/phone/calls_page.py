"""The list of phone calls that came in, for our people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from app.availability.pages import Problem
from app.booking.in_words import Reader, day_name
from app.desk.phone.values import CallState, PhoneCallValue
from app.lib import wording
from app.lib.phone_numbers import international


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call; ``tel`` is its number for a link, ``problem`` what was wrong with the contact's address."""

    id: str
    when: str
    at: str
    number: str
    tel: str
    who: str
    company: str
    state: str
    note: str
    has_recording: bool
    is_known: bool
    email: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CallsPage:
    """The calls, and before which one the list goes on."""

    rows: tuple[CallRow, ...]
    older: int | None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The address that was refused, if one was."""
        return tuple(Problem(f"email-{row.id}", row.problem) for row in self.rows if row.problem)


@dataclass(frozen=True, slots=True)
class Refused:
    """An address that no call was given to."""

    call_id: str
    email: str


def calls_page(
    calls: Sequence[PhoneCallValue],
    reader: Reader,
    now: datetime,
    older: int | None,
    refused: Refused | None = None,
) -> CallsPage:
    """The page of these calls."""
    return CallsPage(tuple(_row(call, reader, now, refused) for call in calls), older)


def _row(call: PhoneCallValue, reader: Reader, now: datetime, refused: Refused | None) -> CallRow:
    is_refused = refused is not None and refused.call_id == call.public_id
    return CallRow(
        id=call.public_id,
        when=f"{day_name(call.came_at, reader, now)}, {wording.clock(call.came_at, reader.zone)}",
        at=wording.rfc3339(call.came_at),
        number=international(call.number) if call.number else _("Hidden number"),
        tel=call.number,
        who=call.contact_name or ("" if call.is_known else _("Unknown caller")),
        company=call.company_name,
        state=_state(call),
        note=_note(call),
        has_recording=call.is_kept,
        is_known=call.is_known,
        email=refused.email if refused is not None and is_refused else "",
        problem=_("No contact whom you look after has this address") if is_refused else "",
    )


def _state(call: PhoneCallValue) -> str:
    match call.state:
        case CallState.ANSWERED:
            if call.answered_by:
                return _("Answered by %(name)s", name=call.answered_by)
            return _("Answered")
        case CallState.RECORDED:
            return _("Voicemail, %(seconds)s s", seconds=call.seconds)
        case CallState.MISSED:
            return _("Missed")
        case CallState.ENDED:
            return _("Just ended")
    return _("Going on")


def _note(call: PhoneCallValue) -> str:
    if call.is_coming:
        return _("The recording is being fetched") + (f": {call.detail}" if call.detail else "")
    return _("The recording could not be fetched: %(why)s", why=call.detail) if call.detail else ""
