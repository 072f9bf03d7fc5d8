"""Where a mail belongs, and what waits in quarantine."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR, CONTACT, SignedIn
from app.config import Settings
from app.customers.models import Company, Contact
from app.customers.queries_served import served_by
from app.desk.mailbox.letter import Letter
from app.desk.mailbox.models import QuarantinedMail
from app.desk.mailbox.values import QuarantinedValue, Reason
from app.desk.models import Conversation, Message
from app.desk.queries import conversations, visible_to
from app.desk.requests.models import Request
from app.desk.requests.values import id_of
from app.desk.values import Channel, ConversationValue
from app.lib.zones import local
from app.mail.models import OutgoingMail

_DAY = timedelta(days=1)


def thread_of_mail(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    answered: int | None,
    answers: Sequence[str],
    reference: str,
) -> ConversationValue | None:
    """The conversation that a mail of this person's goes on with, among those that they may see.

    By the secret address it came to, else by the mails it answers, else by the reference in its subject.
    """
    wanted = [answered, *_by_mails(session, answers), *_by_reference(session, reference)]
    ids = [number for number in wanted if number is not None]
    if not ids:
        return None
    seen = visible_to(session, now, settings, user)
    found = {value.id: value for value in conversations(session, Conversation.id.in_(ids), seen)}
    return next((found[number] for number in ids if number in found), None)


def answers_ours(session: Session, answers: Sequence[str]) -> bool:
    """Whether a mail answers one that the service sent, about whatever."""
    wanted = select(OutgoingMail.id).where(OutgoingMail.message_id.in_(answers))
    return bool(answers) and session.scalars(wanted.limit(1)).first() is not None


def is_taken(session: Session, person_id: int, letter: Letter) -> bool:
    """Whether this very mail is a message of theirs already: it comes once for each address it was sent to.

    A Message-ID that a program uses again for other words (RFC 5322, 3.6.4 forbids it) is no sign of that.
    """
    if not letter.message_id:
        return False
    wanted = (Message.mail_id == letter.message_id, Message.author_id == person_id)
    return any(
        letter.text in text or text in letter.text
        for text in session.scalars(select(Message.text).where(*wanted))
    )


def opened_by_mail(session: Session, now: datetime, contact_id: int) -> int:
    """How many requests a contact opened by mail in the last 24 hours."""
    wanted = (
        select(func.count())
        .select_from(Request)
        .join(Conversation, Conversation.id == Request.conversation_id)
        .where(
            Conversation.contact_id == contact_id,
            Conversation.channel == Channel.MAIL,
            Request.opened_at > now - _DAY,
        )
    )
    return session.scalars(wanted).one()


def receipts_of_a_day(session: Session, now: datetime, address: str, pattern: str) -> int:
    """How many mails with keys LIKE the pattern an address was written in the last 24 hours."""
    wanted = (OutgoingMail.recipient == address, OutgoingMail.subject_key.like(pattern))
    since = OutgoingMail.created_at > now - _DAY
    return session.scalars(select(func.count()).select_from(OutgoingMail).where(*wanted, since)).one()


def waiting(
    session: Session, now: datetime, settings: Settings, user: SignedIn, before: int | None, most: int
) -> list[QuarantinedValue]:
    """The mails in quarantine that somebody may decide about, the newest first."""
    wanted = (
        select(QuarantinedMail, User.name, Company.name)
        .outerjoin(User, (User.email == QuarantinedMail.sender) & (User.role == CONTACT))
        .outerjoin(Contact, Contact.user_id == User.id)
        .outerjoin(Company, Company.id == Contact.company_id)
        .where(QuarantinedMail.decision == "", decidable_by(session, now, settings, user))
    )
    if before is not None:
        wanted = wanted.where(QuarantinedMail.id < before)
    rows = session.execute(wanted.order_by(QuarantinedMail.id.desc()).limit(most))
    return [_value(row, contact, company) for row, contact, company in rows]


def count_waiting(session: Session) -> int:
    """How many mails wait in quarantine."""
    wanted = select(func.count()).select_from(QuarantinedMail).where(QuarantinedMail.decision == "")
    return session.scalars(wanted).one()


def waiting_row(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> QuarantinedMail | None:
    """One of them, locked, to be decided."""
    wanted = select(QuarantinedMail).where(
        QuarantinedMail.public_id == public_id,
        QuarantinedMail.decision == "",
        decidable_by(session, now, settings, user),
    )
    return session.scalars(wanted.with_for_update()).first()


def decidable_by(session: Session, now: datetime, settings: Settings, user: SignedIn) -> ColumnElement[bool]:
    """Administrators decide about all; others about what comes in the name of contacts whom they serve."""
    if user.role == ADMINISTRATOR:
        return true()
    return QuarantinedMail.sender.in_(
        select(User.email).where(User.id.in_(_served(session, now, settings, user)))
    )


def contact_id_of(
    session: Session, now: datetime, settings: Settings, user: SignedIn, address: str
) -> int | None:
    """The active contact with an address, among those whom somebody serves; administrators know all."""
    wanted = (
        select(User.id)
        .join(Contact, Contact.user_id == User.id)
        .where(User.email == address.strip().lower(), User.is_active)
    )
    if user.role != ADMINISTRATOR:
        wanted = wanted.where(User.id.in_(_served(session, now, settings, user)))
    return session.scalars(wanted).first()


def _served(session: Session, now: datetime, settings: Settings, user: SignedIn) -> Select[int]:
    today = local(now, settings.service_time_zone).date()
    return select(Contact.user_id).where(served_by(session, user.id, today, Contact.company_id))


def _by_mails(session: Session, answers: Sequence[str]) -> list[int]:
    """The conversations of the mails that are answered, the nearest first."""
    if not answers:
        return []
    sent = select(OutgoingMail.message_id, OutgoingMail.thread).where(
        OutgoingMail.message_id.in_(answers), OutgoingMail.thread.like("conversation:%")
    )
    found = {mail_id: int(thread.split(":")[1]) for mail_id, thread in session.execute(sent)}
    came = select(Message.mail_id, Message.conversation_id).where(Message.mail_id.in_(answers))
    for mail_id, number in session.execute(came):
        found.setdefault(mail_id, number)
    return [found[mail_id] for mail_id in answers if mail_id in found]


def _by_reference(session: Session, reference: str) -> list[int]:
    request_id = id_of(reference)
    if request_id is None:
        return []
    return list(session.scalars(select(Request.conversation_id).where(Request.id == request_id)))


def _value(row: QuarantinedMail, contact: str | None, company: str | None) -> QuarantinedValue:
    return QuarantinedValue(
        row.id,
        row.public_id,
        row.sender,
        row.subject,
        row.excerpt,
        Reason(row.reason),
        row.received_at,
        contact or "",
        company or "",
    )
