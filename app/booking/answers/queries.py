"""What is known of invitations and of the answers to them."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session

from app.booking import queries
from app.booking.answers.values import ProposedTime
from app.booking.guests.queries import attendee_value
from app.booking.lifecycle import ACTIVE
from app.booking.models import Attendee, Booking, Proposal
from app.booking.values import CallValue
from app.config import Settings
from app.invites.replies import InvitedCall, Invitee
from app.lib.intervals import Interval


def calls_with(session: Session, uids: Iterable[str]) -> dict[str, CallValue]:
    """The calls with these UIDs; case counts. What cannot be a UID of ours is not looked for."""
    wanted = {uid for uid in uids if uid.isprintable() and 0 < len(uid) <= 64}
    return {call.uid: call for call in queries.calls(session, Booking.uid.in_(wanted))} if wanted else {}


def invited(session: Session, now: datetime, settings: Settings, call: CallValue) -> InvitedCall:
    """The call as answers to it are judged by, with everybody who is invited to it now."""
    rows = session.scalars(select(Attendee).where(*_invited(call.id)))
    invitees = [
        Invitee(
            id=row.id,
            address=row.email.lower(),
            organizer=row.organizer or settings.organizer_address,
            sent_sequence=row.sent_sequence,
            answered_sequence=row.answered_sequence,
            answered_at=row.answered_at,
        )
        for row in rows
    ]
    is_open = call.is_active and now < call.end
    return InvitedCall(call.span, is_open, call.move is not None, {item.address: item for item in invitees})


def open_proposals(session: Session, now: datetime, *conditions: ColumnElement[bool]) -> list[ProposedTime]:
    """The proposals that wait for an answer, the earliest call first."""
    rows = session.execute(
        select(Proposal, Attendee)
        .join(Attendee, Attendee.id == Proposal.attendee_id)
        .join(Booking, Booking.id == Proposal.booking_id)
        .where(Proposal.id.in_(_open(now)), *conditions)
        .order_by(Booking.starts_at, Proposal.id)
    ).all()
    ids = {proposal.booking_id for proposal, _guest_row in rows}
    calls = {call.id: call for call in queries.calls(session, Booking.id.in_(ids))} if ids else {}
    return [
        ProposedTime(
            proposal.public_id,
            calls[proposal.booking_id],
            attendee_value(guest),
            Interval(proposal.starts_at, proposal.ends_at),
            proposal.comment,
        )
        for proposal, guest in rows
    ]


def proposal_row(session: Session, now: datetime, booking_id: int, public_id: str) -> Proposal | None:
    """An open proposal of a call, to be settled."""
    wanted = (Proposal.public_id == public_id, Proposal.booking_id == booking_id)
    return session.scalars(select(Proposal).where(*wanted, Proposal.id.in_(_open(now)))).first()


def overtaken_proposals(session: Session, now: datetime) -> list[int]:
    """The proposals that nobody settled or can settle any more: the call was moved, is off, or it is late."""
    wanted = select(Proposal.id).where(Proposal.state == "open", Proposal.id.not_in(_open(now)))
    return list(session.scalars(wanted))


def proposals_so_far(session: Session, attendee_id: int, sequence: int) -> int:
    """How many times one guest has proposed since the call's last change."""
    wanted = (Proposal.attendee_id == attendee_id, Proposal.sequence == sequence)
    return session.scalars(select(func.count()).select_from(Proposal).where(*wanted)).one()


def _open(now: datetime) -> Select[int]:
    """Any change of a call raises its SEQUENCE, and with that a proposal for it as it was is overtaken."""
    return (
        select(Proposal.id)
        .join(Booking, Booking.id == Proposal.booking_id)
        .join(Attendee, Attendee.id == Proposal.attendee_id)
        .where(
            Proposal.state == "open",
            Proposal.sequence == Booking.sequence,
            Proposal.starts_at > now,
            Booking.starts_at > now,
            Booking.status.in_(ACTIVE),
            Attendee.removed_at.is_(None),
        )
    )


def _invited(booking_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return Attendee.booking_id == booking_id, Attendee.removed_at.is_(None)
