"""The quarantine in the reader's words."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from app.booking.in_words import Reader, day_and_time
from app.desk.mailbox.values import QuarantinedValue, Reason


@dataclass(frozen=True, slots=True)
class Problem:
    """What was typed for a mail and why it is refused."""

    mail_id: str
    typed: str
    text: str


@dataclass(frozen=True, slots=True)
class QuarantineLine:
    """A mail; ``contact`` is what stands in the field, ``can_take`` whether it may become a message."""

    id: str
    sender: str
    subject: str
    excerpt: str
    reason: str
    when: str
    known_as: str
    contact: str
    can_take: bool
    problem: str


@dataclass(frozen=True, slots=True)
class QuarantinePage:
    """The page; ``older`` is where the next one begins, ``outcome`` what was done a moment ago."""

    lines: tuple[QuarantineLine, ...]
    older: str
    outcome: str
    has_errors: bool


def quarantine_page(
    mails: Sequence[QuarantinedValue], reader: Reader, *, has_more: bool, done: str, problem: Problem | None
) -> QuarantinePage:
    """The page of these mails."""
    outcomes = {"take": _("The mail is in the contact's conversation now."), "drop": _("The mail is gone.")}
    return QuarantinePage(
        tuple(_line(mail, reader, problem) for mail in mails),
        str(mails[-1].id) if has_more else "",
        outcomes.get(done, ""),
        problem is not None,
    )


def _line(mail: QuarantinedValue, reader: Reader, problem: Problem | None) -> QuarantineLine:
    is_wrong = problem is not None and problem.mail_id == mail.public_id
    return QuarantineLine(
        id=mail.public_id,
        sender=mail.sender or _("No sender"),
        subject=mail.subject or _("No subject"),
        excerpt=mail.excerpt,
        reason=_reason(mail.reason),
        when=day_and_time(mail.received_at, reader),
        known_as=", ".join(filter(None, (mail.contact_name, mail.company_name))),
        contact=problem.typed if is_wrong and problem else mail.sender if mail.contact_name else "",
        can_take=mail.reason.can_be_taken,
        problem=problem.text if is_wrong and problem else "",
    )


def _reason(reason: Reason) -> str:
    return {
        Reason.UNKNOWN: _("Nobody has this address"),
        Reason.UNPROVEN: _("Nothing proves that it is from them"),
        Reason.NOT_ENTITLED: _("Their company has not booked the service"),
        Reason.ASTRAY: _("One of us writes, but it answers no conversation that they may write in"),
        Reason.EMPTY: _("It has no words of its own"),
        Reason.UNREADABLE: _("It cannot be taken apart"),
    }[reason]
