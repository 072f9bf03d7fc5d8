"""Erasing a contact: at the desk too what happened stays, without words, files, names and numbers."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.accounts.values import SignedIn
from app.booking.exporting import service_erasing as calls
from app.booking.exporting.errors import MailOnItsWay
from app.booking.exporting.personal_data import ERASED_NAME, erased_address, kept_detail
from app.booking.exporting.values import Erased
from app.config import Settings
from app.desk.callbacks.models import Callback, CallbackAttempt
from app.desk.escalations.models import Escalation
from app.desk.exporting import queries
from app.desk.exporting.values import Whose
from app.desk.mailbox.models import QuarantinedMail
from app.desk.models import Conversation, Message, MessageFile, Reading
from app.desk.phone.models import PhoneCall, PhoneRecording
from app.desk.requests.models import Request, RequestClock
from app.desk.values import Happening
from app.mail.models import OutgoingMail

_NOTHING: dict[str, Any] = {"text": "", "quoted": "", "html": "", "mail_id": ""}
_AUDITED = ("conversation", "request", "callback")
# What happened is told without reasons, notes and topics, which somebody wrote.
_KEPT_FACTS = ("before", "after", "clock", "senior", "call")


def erase_contact(
    session: Session, now: datetime, settings: Settings, actor: SignedIn | str, public_id: str
) -> Erased:
    """Erase all personal data of a contact for ever, as ``booking.exporting`` does, the desk's too.

    In their own conversations all words go, ours too; in those of colleagues what they wrote. Raises
    NotFound, CallsAhead, MailOnItsWay; nothing is erased then.
    """
    user = session.scalars(select(User).where(User.public_id == public_id)).first()
    found = queries.whose(session, public_id) if user and user.role == "contact" else None
    erased = calls.erase_contact(session, now, settings, actor, public_id)
    if found is not None:
        _erase_mails(session, found)
        _erase_audit(session, found)
        _erase_conversations(session, found)
        _erase_phone(session, found)
        _erase_unsorted(session, found, erased_address(public_id))
    return erased


def _erase_mails(session: Session, of: Whose) -> None:
    """What was written to anybody about what is theirs; that it was sent, and when, stays.

    Mails about conversations of colleagues in which they wrote quote them.
    """
    told = session.scalars(select(Message.conversation_id).where(queries.belong(of)).distinct()).all()
    own = {*of.conversations, *told}
    named: dict[str, Any] = {
        "conversation": own,
        "clocks": session.scalars(select(Request.id).where(Request.conversation_id.in_(own))),
        "escalation": session.scalars(select(Escalation.id).where(Escalation.conversation_id.in_(own))),
        "callback": session.scalars(select(Callback.public_id).where(queries.came_from(of, Callback))),
    }
    threads = [f"{kind}:{number}:" for kind, numbers in named.items() for number in numbers]
    about = [OutgoingMail.thread.startswith(thread, autoescape=True) for thread in threads]
    if not about:
        return
    waiting = select(OutgoingMail.id).where(or_(*about), OutgoingMail.state == "waiting")
    if session.execute(waiting.limit(1)).first():
        raise MailOnItsWay
    session.execute(update(OutgoingMail).where(or_(*about)).values(content=b"", detail=""))


def _erase_audit(session: Session, of: Whose) -> None:
    public_ids = [
        *session.scalars(select(Conversation.public_id).where(Conversation.id.in_(of.conversations))),
        *session.scalars(select(Callback.public_id).where(Callback.contact_id == of.user_id)),
    ]
    about = (AuditEntry.object_type.in_(_AUDITED), AuditEntry.object_id.in_(public_ids))
    rows = session.execute(select(AuditEntry.id, AuditEntry.detail).where(*about)).all()
    for number, detail in rows:
        if detail and (kept := kept_detail(detail)) != detail:
            session.execute(update(AuditEntry).where(AuditEntry.id == number).values(detail=kept))


def _erase_conversations(session: Session, of: Whose) -> None:
    theirs = queries.belong(of)
    kept = select(Message.id).where(theirs)
    session.execute(delete(MessageFile).where(MessageFile.message_id.in_(kept)))
    session.execute(update(Message).where(theirs).values(**_NOTHING))
    for row in session.scalars(select(Message).where(theirs, Message.happening != "")):
        row.facts = {name: row.facts[name] for name in _KEPT_FACTS if name in row.facts}
    session.flush()
    by_them = Message.author_id == of.user_id
    session.execute(update(Message).where(by_them).values(author_name=ERASED_NAME))
    own = Conversation.id.in_(of.conversations)
    session.execute(update(Conversation).where(own).values(subject=""))
    requests = select(Request.id).where(Request.conversation_id.in_(of.conversations))
    session.execute(update(RequestClock).where(RequestClock.request_id.in_(requests)).values(reason=""))
    # Whoever asks while a senior is asked already adds to the note.
    said = select(Message.conversation_id).where(by_them, Message.happening == Happening.SENIOR_ASKED)
    asked = or_(Escalation.conversation_id.in_(of.conversations), Escalation.conversation_id.in_(said))
    session.execute(update(Escalation).where(asked).values(note=""))
    session.execute(delete(Reading).where(Reading.user_id == of.user_id))


def _erase_phone(session: Session, of: Whose) -> None:
    asked = list(session.scalars(select(Callback.id).where(queries.came_from(of, Callback))))
    tries = CallbackAttempt.callback_id.in_(asked)
    session.execute(update(CallbackAttempt).where(tries).values(note=""))
    session.execute(update(Callback).where(Callback.id.in_(asked)).values(number="", topic=""))
    rang = list(session.scalars(select(PhoneCall.id).where(queries.came_from(of, PhoneCall))))
    session.execute(delete(PhoneRecording).where(PhoneRecording.call_id.in_(rang)))
    nothing = {"number": "", "recording_url": "", "detail": ""}
    session.execute(update(PhoneCall).where(PhoneCall.id.in_(rang)).values(**nothing))


def _erase_unsorted(session: Session, of: Whose, mark: str) -> None:
    nothing = {"sender": mark, "subject": "", "excerpt": "", "content": b""}
    by_them = func.lower(QuarantinedMail.sender) == of.email
    session.execute(update(QuarantinedMail).where(by_them).values(**nothing))
    # What strangers sent may name them.
    texts = [text.casefold() for text in (of.email, of.name) if text]
    columns = (QuarantinedMail.id, QuarantinedMail.subject, QuarantinedMail.excerpt)
    for number, *words in session.execute(select(*columns)).all():
        if any(text in " ".join(words).casefold() for text in texts):
            named = QuarantinedMail.id == number
            session.execute(update(QuarantinedMail).where(named).values(subject="", excerpt="", content=b""))
