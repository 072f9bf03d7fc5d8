"""Answers to invitations and what follows: the state of a guest, a proposal and what becomes of it."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import CONTACT, SignedIn
from app.booking import queries
from app.booking.answers import queries as lookups
from app.booking.answers.values import ProposedTime
from app.booking.changes.service import reschedule
from app.booking.guests.letter import News
from app.booking.guests.queries import attendees
from app.booking.guests.service_letters import post_to_guest
from app.booking.letters.kinds import Kind
from app.booking.letters.letter import Occasion
from app.booking.letters.service import post_letter
from app.booking.models import Attendee, Booking, Proposal
from app.booking.values import CallValue
from app.config import Settings
from app.ical.itip_reading import Answer
from app.invites.replies import Verdict
from app.lib.intervals import Interval
from app.lib.text import scrubbed
from app.lib.tokens import new_public_id

_LONGEST_COMMENT = 500
# Whoever proposes more times than this for one call gets no more letters written about it.
_MOST_LETTERS = 5


def apply(
    session: Session, now: datetime, settings: Settings, call: CallValue, verdict: Verdict, answer: Answer
) -> None:
    """A guest accepted, declined, or is not sure yet. Needs the write lock.

    The call stands whatever they say. A contact who declines is asked once by mail whether to cancel or
    move it, or told whom to reach when it is too late; what a colleague says changes nothing but what the
    pages show.
    """
    row = _note(session, verdict)
    is_news = row.partstat != verdict.partstat
    row.partstat, row.comment = verdict.partstat, scrubbed(answer.comment, _LONGEST_COMMENT)
    if verdict.partstat == "ACCEPTED":
        _overtake(session, now, row.id)
    if is_news:
        who = _actor(call, row)
        record(session, now, who, "answered", "booking", call.public_id, partstat=verdict.partstat)
    is_ahead = call.move is None and now < call.start
    if verdict.partstat == "DECLINED" and row.is_contact and is_ahead:
        post_letter(session, now, settings, call, Occasion(Kind.DECLINE_ASKED, at=now))


def propose(
    session: Session, now: datetime, settings: Settings, call: CallValue, verdict: Verdict, answer: Answer
) -> None:
    """A guest would rather have another time: the specialist is told and decides. Needs the write lock.

    The call keeps its time and its length. A guest's new proposal takes the place of their last one.
    """
    row = _note(session, verdict)
    assert answer.span is not None, "a proposal without a time was judged as one"
    span = Interval(answer.span.start, answer.span.start + call.length)
    earlier = lookups.proposals_so_far(session, row.id, call.sequence)
    _overtake(session, now, row.id)
    proposal = Proposal(
        public_id=new_public_id(),
        booking_id=call.id,
        attendee_id=row.id,
        starts_at=span.start,
        ends_at=span.end,
        sequence=call.sequence,
        comment=scrubbed(answer.comment, _LONGEST_COMMENT),
        created_at=now,
    )
    session.add(proposal)
    who = _actor(call, row)
    record(session, now, who, "proposed", "booking", call.public_id, wanted=span.start.isoformat())
    if earlier < _MOST_LETTERS:
        told = Occasion(
            Kind.PROPOSED, at_home=True, proposed=span, reason=proposal.comment, mark=proposal.public_id
        )
        post_letter(session, now, settings, call, told)


def proposals(session: Session, now: datetime, user: SignedIn, call_id: str = "") -> list[ProposedTime]:
    """The proposals that a specialist can accept or decline: for all their calls, or for one."""
    own = [Booking.specialist_id == user.id, *([Booking.public_id == call_id] if call_id else [])]
    return lookups.open_proposals(session, now, *own)


def accept_proposal(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, call_id: str, proposal_id: str
) -> CallValue:
    """The specialist takes the proposed time: the call moves there by the usual way. Needs the write lock.

    Raises NotFound for a proposal that is settled or overtaken, or of somebody else's call, and what
    reschedule raises when the time cannot be had; nothing is written then.
    """
    row, _call = _open(session, now, actor, call_id, proposal_id)
    moved = reschedule(session, now, settings, actor, call_id, row.starts_at)
    row.state, row.settled_at = "accepted", now
    settle_overtaken(session, now)
    return moved


def decline_proposal(
    session: Session, now: datetime, settings: Settings, actor: SignedIn, call_id: str, proposal_id: str
) -> None:
    """The call stays at its time, and whoever proposed another is told so (RFC 5546, 3.2.8).

    Needs the write lock. Raises NotFound as accept_proposal does.
    """
    row, call = _open(session, now, actor, call_id, proposal_id)
    row.state, row.settled_at = "declined", now
    record(session, now, actor, "proposal_declined", "booking", call_id, wanted=row.starts_at.isoformat())
    told = Occasion(Kind.PROPOSAL_DECLINED, proposed=Interval(row.starts_at, row.ends_at), mark=proposal_id)
    guest = next(one for one in attendees(session, call.id) if one.id == row.attendee_id)
    if guest.is_contact:
        # Their program knows the SEQUENCE that it was sent last, which the call may be ahead of.
        known = call if guest.sent_sequence is None else replace(call, sequence=guest.sent_sequence)
        post_letter(session, now, settings, known, told)
    else:
        post_to_guest(session, now, settings, call, guest, News.PROPOSAL_DECLINED, told)


def settle_overtaken(session: Session, now: datetime) -> None:
    """Close what nobody can accept any more."""
    session.flush()
    ids = lookups.overtaken_proposals(session, now)
    if ids:
        _close(session, now, Proposal.id.in_(ids))


def _open(
    session: Session, now: datetime, actor: SignedIn, call_id: str, proposal_id: str
) -> tuple[Proposal, CallValue]:
    booking = queries.booking_row(session, call_id)
    if booking is None or booking.specialist_id != actor.id:
        raise NotFound(f"no call {call_id} of {actor.id}")
    row = lookups.proposal_row(session, now, booking.id, proposal_id)
    if row is None:
        raise NotFound(f"no open proposal {proposal_id} for call {call_id}")
    return row, queries.required_call(session, booking.id)


def _note(session: Session, verdict: Verdict) -> Attendee:
    """Whose answer it is, with its place in the order of their answers."""
    assert verdict.invitee is not None, "an answer of nobody was judged as one"
    row = session.get_one(Attendee, verdict.invitee.id)
    row.answered_sequence, row.answered_at = verdict.sequence, verdict.stamped_at
    return row


def _overtake(session: Session, now: datetime, attendee_id: int) -> None:
    _close(session, now, Proposal.attendee_id == attendee_id)


def _close(session: Session, now: datetime, which: ColumnElement[bool]) -> None:
    session.execute(
        update(Proposal).where(Proposal.state == "open", which).values(state="overtaken", settled_at=now)
    )


def _actor(call: CallValue, row: Attendee) -> SignedIn | str:
    if not row.is_contact:
        return row.email
    return SignedIn(
        id=call.contact_id,
        public_id=call.contact_public_id,
        name=call.contact_name,
        email=call.contact_email,
        role=CONTACT,
        language=call.contact_language,
        time_zone=call.contact_time_zone,
    )
