"""What an answer to an invitation is worth: REPLY and COUNTER (RFC 5546, 3.2.3, 3.2.7) against what is known.

Nothing but PARTSTAT, COMMENT and a proposed time is ever taken from a mail, and these only with proof of who
sent it (docs/decisions/0007-answers.md).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.ical.itip_reading import Answer, Attending
from app.invites.tags import was_sent_to
from app.lib.intervals import Interval
from app.mail.incoming import Incoming

ANSWERS = frozenset({"ACCEPTED", "TENTATIVE", "DECLINED"})


class Outcome(StrEnum):
    """What became of a mail, or of one answer in it; only ``applied`` and ``proposed`` change anything.

    ``returned``: a mail of ours that could not be delivered, which is a line in its call's history.
    ``words``: a person writes, no calendar. ``taken``: it is a message of a conversation now;
    ``quarantined``: it waits for somebody to say whose it is.
    ``not_for_us``: what only an organizer may say. ``stranger``:
    about somebody who is not invited. ``ended``: the call is over or off. ``past``: a proposal of a time
    that is over. ``failed``: our own fault, see the log.
    """

    APPLIED = "applied"
    PROPOSED = "proposed"
    RETURNED = "returned"
    NOTHING = "nothing"
    STALE = "stale"
    FORGED = "forged"
    STRANGER = "stranger"
    UNKNOWN = "unknown"
    ENDED = "ended"
    PAST = "past"
    NOT_FOR_US = "not_for_us"
    AUTOMATIC = "automatic"
    WORDS = "words"
    TAKEN = "taken"
    QUARANTINED = "quarantined"
    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Invitee:
    """Somebody invited: what they answer to, and what they were asked and answered last.

    ``organizer`` is their ORGANIZER, ``sent_sequence`` the SEQUENCE of their last invitation (None before
    the first one), ``answered_sequence`` and ``answered_at`` the SEQUENCE and DTSTAMP of their last answer.
    """

    id: int
    address: str
    organizer: str
    sent_sequence: int | None
    answered_sequence: int | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class InvitedCall:
    """A call as it is now; ``invitees`` by address in small letters.

    ``is_open``: it is neither off nor over; ``is_moving``: a new time waits for the calendar.
    """

    span: Interval
    is_open: bool
    is_moving: bool
    invitees: Mapping[str, Invitee]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one answer; ``invitee`` whose it is, where that is known.

    ``sequence`` and ``stamped_at`` are what orders it among their answers.
    """

    outcome: Outcome
    invitee: Invitee | None = None
    partstat: str = ""
    sequence: int = 0
    stamped_at: datetime | None = None


def of_mail(mail: Incoming) -> Outcome | None:
    """The outcome of a mail that holds no answer at all; None when there is something to judge."""
    if mail.is_automatic:
        return Outcome.AUTOMATIC
    if mail.is_unreadable:
        return Outcome.UNREADABLE
    return None if mail.calendars else Outcome.WORDS


def judge(mail: Incoming, method: str, answer: Answer, call: InvitedCall | None, now: datetime) -> Verdict:
    """What one answer of a mail is worth; ``call`` is the one with its UID (case counts), None for none."""
    if method not in {"REPLY", "COUNTER"}:
        return Verdict(Outcome.NOT_FOR_US)
    # Each of our calls stands alone under its UID: an instance of one is none of ours.
    if call is None or answer.recurrence_id:
        return Verdict(Outcome.UNKNOWN)
    if not answer.attending:
        return Verdict(Outcome.UNREADABLE)
    who = _speaker(mail, answer)
    invitee = call.invitees.get(who.address)
    if invitee is None:
        return Verdict(Outcome.STRANGER)
    if not _is_proven(mail, who, invitee):
        return Verdict(Outcome.FORGED, invitee)
    return _by_content(method, answer, who, invitee, call, now)


def _speaker(mail: Incoming, answer: Answer) -> Attending:
    """Whose answer it is: the sender's own line where several stand there, else the first."""
    for who in answer.attending:
        if mail.sender and mail.sender in (who.address, who.sent_by):
            return who
    return answer.attending[0]


def _is_proven(mail: Incoming, who: Attending, invitee: Invitee) -> bool:
    """From is the guest, or somebody of the same domain who answers for them, and there is proof of it.

    DMARC proves the sender alone, never that somebody lets them answer: an assistant has to write to the
    guest's own secret address.
    """
    if not mail.sender:
        return False
    knows_secret = was_sent_to(invitee.organizer, mail.recipients)
    if mail.sender == invitee.address:
        return knows_secret or mail.is_authenticated
    same_domain = mail.sender.rpartition("@")[2] == invitee.address.rpartition("@")[2]
    return knows_secret and same_domain and mail.sender == who.sent_by


def _by_content(
    method: str, answer: Answer, who: Attending, invitee: Invitee, call: InvitedCall, now: datetime
) -> Verdict:
    if invitee.sent_sequence is None:
        return Verdict(Outcome.UNKNOWN, invitee)
    if not call.is_open:
        return Verdict(Outcome.ENDED, invitee)
    # Only the organizer raises SEQUENCE, and no answer is from the future: without both limits, one odd
    # program would shut its user's later answers out.
    sequence = min(answer.sequence, invitee.sent_sequence)
    stamped_at = min(answer.stamped_at or now, now)
    if sequence < invitee.sent_sequence or _is_overtaken(invitee, sequence, stamped_at):
        return Verdict(Outcome.STALE, invitee)
    outcome = _of_reply(who) if method == "REPLY" else _of_counter(answer, invitee, call, now)
    return Verdict(outcome, invitee, who.partstat, sequence, stamped_at)


def _is_overtaken(invitee: Invitee, sequence: int, stamped_at: datetime) -> bool:
    """Whether they gave a later answer already (RFC 5546, 2.1.5)."""
    if invitee.answered_sequence is None or invitee.answered_at is None:
        return False
    return (sequence, stamped_at) < (invitee.answered_sequence, invitee.answered_at)


def _of_reply(who: Attending) -> Outcome:
    return Outcome.APPLIED if who.partstat in ANSWERS else Outcome.NOTHING


def _of_counter(answer: Answer, invitee: Invitee, call: InvitedCall, now: datetime) -> Outcome:
    if answer.span is None:
        return Outcome.UNREADABLE
    if answer.sequence != invitee.sent_sequence or call.is_moving:
        return Outcome.STALE
    if answer.span.start <= now:
        return Outcome.PAST
    return Outcome.NOTHING if answer.span.start == call.span.start else Outcome.PROPOSED
