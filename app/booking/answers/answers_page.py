"""Who answered an invitation and what was proposed, in the reader's words."""

from collections.abc import Sequence
from typing import Literal

from flask_babel import gettext as _

from app.accounts.values import SignedIn
from app.booking.answers.pages import AnswersPage, GuestLine, ProposalLine
from app.booking.answers.values import ProposedTime
from app.booking.guests.values import AttendeeValue
from app.booking.in_words import Reader
from app.lib import wording
from app.lib.intervals import Interval

State = Literal["accepted", "tentative", "declined", "none"]


def answers_page(
    people: Sequence[AttendeeValue],
    proposals: Sequence[ProposedTime],
    viewer: SignedIn,
    reader: Reader,
    problem: str = "",
) -> AnswersPage:
    """The answers to one call's invitation; comments and proposals are its specialist's to read.

    ``people`` is everybody who is or was invited.
    """
    lines = tuple(_guest_line(one, viewer) for one in people if one.removed_at is None)
    return AnswersPage(lines, proposal_lines(proposals, reader) if viewer.is_staff else (), problem)


def proposal_lines(proposals: Sequence[ProposedTime], reader: Reader) -> tuple[ProposalLine, ...]:
    """The proposals, each with the time that the call has."""
    return tuple(
        ProposalLine(
            id=item.public_id,
            call_id=item.call.public_id,
            who=f"{item.guest.label}, {item.call.company_name}",
            when=_when(item.span, reader),
            instead_of=_when(item.call.span, reader),
            comment=item.comment,
        )
        for item in proposals
    )


def _guest_line(guest: AttendeeValue, viewer: SignedIn) -> GuestLine:
    state, answer = _answer(guest.partstat)
    comment = guest.comment if viewer.is_staff else ""
    return GuestLine(guest.label, guest.email, state, answer, comment)


def _answer(partstat: str) -> tuple[State, str]:
    match partstat:
        case "ACCEPTED":
            return "accepted", _("Accepted")
        case "TENTATIVE":
            return "tentative", _("Maybe")
        case "DECLINED":
            return "declined", _("Declined")
    return "none", _("No answer yet")


def _when(span: Interval, reader: Reader) -> str:
    day = wording.day_short(wording.local_date(span.start, reader.zone), reader.language)
    return f"{day}, {wording.span(span, reader.zone)}"
