"""The dedicated address: a mail that is no answer to an invitation, judged and taken in (decision 14)."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.accounts.queries import by_email
from app.accounts.rights import Right, may
from app.accounts.values import CONTACT, SignedIn
from app.config import Settings
from app.customers.entitlement import is_entitled
from app.customers.service import contact_profile
from app.desk.mailbox import queries
from app.desk.mailbox.addresses import answered_conversation, is_ours
from app.desk.mailbox.letter import Letter, read_letter
from app.desk.mailbox.service_quarantine import hold
from app.desk.mailbox.service_receipts import post_receipt, tell_astray, tell_not_entitled, tell_too_large
from app.desk.mailbox.service_writing import write_contact_mail, write_staff_mail
from app.desk.mailbox.values import Delivered, Reason
from app.desk.values import ConversationValue
from app.invites.replies import Outcome
from app.lib.zones import local
from app.mail.values import Received


def take_mail(session: Session, now: datetime, settings: Settings, received: Received) -> Outcome | None:
    """Take a mail into its conversation, or into quarantine; None when it stays in the mailbox for people.

    Needs a write transaction. What a mail says of itself counts only with proof of who sent it: our border
    says so, or it came to the secret address that its sender answers to.
    """
    mail = received.mail
    if is_ours(settings, mail.sender):
        return Outcome.AUTOMATIC
    person = by_email(session, mail.sender) if mail.sender else None
    answered = answered_conversation(settings, mail.recipients, mail.sender)
    is_proven = mail.is_authenticated or answered is not None
    if not received.is_whole:
        if person is not None and is_proven:
            tell_too_large(session, now, settings, person, received)
        return None
    letter = read_letter(received.content)
    if letter is None or person is None or not is_proven:
        return hold(session, now, received, letter, _reason(letter, person))
    if queries.is_taken(session, person.id, letter):
        return Outcome.TAKEN
    found = None
    if letter.may_be_answered:
        # What a program writes by itself ends no pause and opens nothing again.
        found = queries.thread_of_mail(
            session, now, settings, person, answered, letter.answers, letter.reference
        )
    delivered = Delivered(received.identity, letter)
    if person.role != CONTACT:
        return _take_from_staff(session, now, settings, received, person, delivered, found)
    if found is None and not _is_entitled(session, now, settings, person):
        tell_not_entitled(session, now, settings, person, letter)
        return hold(session, now, received, letter, Reason.NOT_ENTITLED)
    conversation = write_contact_mail(
        session, now, settings, person, delivered, found, author=(person.id, person.name)
    )
    post_receipt(session, now, settings, person, conversation, letter)
    return Outcome.TAKEN


def _take_from_staff(
    session: Session,
    now: datetime,
    settings: Settings,
    received: Received,
    person: SignedIn,
    delivered: Delivered,
    found: ConversationValue | None,
) -> Outcome | None:
    letter = delivered.letter
    if not letter.may_be_answered:
        # A program wrote it: it must not count as an answer to the customer.
        return Outcome.AUTOMATIC
    is_empty = not (letter.text or letter.files)
    if found is None or is_empty or not may(person.role, Right.WRITE_DESK):
        tell_astray(session, now, settings, person, received)
        return hold(session, now, received, letter, Reason.EMPTY if found and is_empty else Reason.ASTRAY)
    write_staff_mail(session, now, settings, person, delivered, found)
    return Outcome.TAKEN


def _reason(letter: Letter | None, person: SignedIn | None) -> Reason:
    if letter is None:
        return Reason.UNREADABLE
    return Reason.UNKNOWN if person is None else Reason.UNPROVEN


def _is_entitled(session: Session, now: datetime, settings: Settings, person: SignedIn) -> bool:
    today = local(now, settings.service_time_zone).date()
    return is_entitled(contact_profile(session, person.id).option, today)
