"""What the desk keeps about one contact, as plain values."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.customers.models import Contact
from app.desk.callbacks.models import Callback, CallbackAttempt
from app.desk.exporting.values import Whose
from app.desk.mailbox.models import QuarantinedMail
from app.desk.models import Conversation, FileContent, Message, MessageFile
from app.desk.phone.models import PhoneCall
from app.desk.requests.models import Request
from app.desk.requests.values import reference


def whose(session: Session, public_id: str) -> Whose:
    """The contact, and the conversations that are theirs."""
    user = session.execute(
        select(User.id, User.email, User.name, Contact.phone)
        .join(Contact, Contact.user_id == User.id)
        .where(User.public_id == public_id)
    ).one()
    own = select(Conversation.id).where(Conversation.contact_id == user.id).order_by(Conversation.id)
    return Whose(user.id, user.email, user.name, user.phone, tuple(session.scalars(own)))


def conversations(session: Session, of: Whose) -> list[dict[str, Any]]:
    """Their conversations with all that they may know of them, and what they wrote in others'."""
    said = _messages(session, of)
    rows = session.execute(
        select(
            Conversation.id,
            Conversation.subject,
            Conversation.opened_at,
            Request.id.label("request_id"),
            Request.severity,
            Request.solved_at,
        )
        .outerjoin(Request, Request.conversation_id == Conversation.id)
        .where(Conversation.id.in_(list(said)))
        .order_by(Conversation.id)
    ).all()
    return [
        {
            "reference": reference(row.request_id) if row.request_id else None,
            "subject": row.subject,
            "severity": row.severity,
            "opened_at": row.opened_at,
            "solved_at": row.solved_at,
            "messages": said[row.id],
        }
        for row in rows
    ]


def _messages(session: Session, of: Whose) -> dict[int, list[dict[str, Any]]]:
    rows = session.scalars(
        select(Message)
        .where(belong(of), ~Message.is_internal)
        .order_by(Message.conversation_id, Message.number)
    ).all()
    files = _file_names(session, of)
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        told = {
            "at": row.written_at,
            "by": row.author_name,
            "channel": row.channel,
            "text": row.text,
            "quoted": row.quoted,
            "what": row.happening,
            "details": row.facts,
            "files": files.get(row.id, []),
        }
        found.setdefault(row.conversation_id, []).append(told)
    return found


def belong(of: Whose) -> ColumnElement[bool]:
    """The messages of their conversations, and those that they wrote in others'."""
    return or_(Message.conversation_id.in_(of.conversations), Message.author_id == of.user_id)


def _file_names(session: Session, of: Whose) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in session.execute(_files(of)):
        found.setdefault(row.message_id, []).append(file_name(row))
    return found


def _files(of: Whose) -> Any:
    return (
        select(MessageFile.id, MessageFile.message_id, MessageFile.name, MessageFile.size)
        .join(Message, Message.id == MessageFile.message_id)
        .where(belong(of), ~Message.is_internal)
        .order_by(MessageFile.id.desc())
    )


def file_name(row: Any) -> str:
    """Where a file lies among what is handed out."""
    return f"files/{row.id}-{row.name}"


def contents(session: Session, of: Whose, most: int) -> dict[str, bytes]:
    """The files by name, the newest first, as far as they are together not more than so many bytes."""
    found: dict[str, bytes] = {}
    for row in session.execute(_files(of)).all():
        most -= row.size
        if most < 0:
            break
        found[file_name(row)] = session.get_one(FileContent, row.id).content
    return found


def callbacks(session: Session, of: Whose) -> list[dict[str, Any]]:
    """Their callbacks, with when they were rung."""
    names = ("id", "number", "topic", "wished_at", "source", "asked_at", "due_at", "state", "closed_at")
    columns = [getattr(Callback, name) for name in names]
    rows = session.execute(select(*columns).where(came_from(of, Callback)).order_by(Callback.id))
    tries = session.execute(
        select(CallbackAttempt.callback_id, CallbackAttempt.made_at, CallbackAttempt.outcome)
        .join(Callback, Callback.id == CallbackAttempt.callback_id)
        .where(came_from(of, Callback))
        .order_by(CallbackAttempt.id)
    ).all()
    found = []
    for row in rows.all():
        fields = dict(row._mapping)
        number = fields.pop("id")
        rung = [{"at": item.made_at, "outcome": item.outcome} for item in tries if item.callback_id == number]
        found.append({**fields, "attempts": rung})
    return found


def phone_calls(session: Session, of: Whose) -> list[dict[str, Any]]:
    """Calls that came from them."""
    columns = (PhoneCall.number, PhoneCall.came_at, PhoneCall.state, PhoneCall.recording_seconds)
    rows = session.execute(select(*columns).where(came_from(of, PhoneCall)).order_by(PhoneCall.id))
    return [dict(row._mapping) for row in rows]


def came_from(of: Whose, model: type[Callback] | type[PhoneCall]) -> ColumnElement[bool]:
    """Calls and callbacks of theirs: known as such, by the conversation, or by the number that they gave."""
    # Numbers are kept as E.164 there, and as they were typed here.
    digits = "+" + "".join(character for character in of.phone if character.isdigit())
    return or_(
        model.contact_id == of.user_id,
        model.conversation_id.in_(of.conversations),
        and_(model.number == digits, model.number != "+"),
    )


def unsorted_mails(session: Session, of: Whose) -> list[dict[str, Any]]:
    """Mail of theirs that belongs to no conversation."""
    columns = (QuarantinedMail.subject, QuarantinedMail.excerpt, QuarantinedMail.received_at)
    is_theirs = func.lower(QuarantinedMail.sender) == of.email
    rows = session.execute(select(*columns).where(is_theirs).order_by(QuarantinedMail.id))
    return [dict(row._mapping) for row in rows]
