"""The post: mails are written down with the change they tell of, and go out afterwards."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from app.lib.tokens import new_public_id
from app.mail.draft import Draft, new_message_id, to_bytes
from app.mail.models import OutgoingMail

WAITING = "waiting"
SENT = "sent"
GIVEN_UP = "given_up"
# The detail of a mail that was sent and came back.
RETURNED = "returned"

# Pauses after the first, second … failed attempt; after the last one it is given up.
_PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240))
# How long a sender that died keeps a mail from the next one; longer than a sending can take.
_LEASE = timedelta(seconds=110)


def post(
    session: Session,
    now: datetime,
    key: str,
    thread: str,
    draft: Draft,
    useful_until: datetime | None = None,
) -> None:
    """Write a mail down, to be sent soon after the commit; the same key again changes nothing.

    Mails of one thread go out in this order, and the later ones answer the first. One that cannot be
    written as a message is kept as given up, so that it stops nothing else. With ``useful_until`` it is not
    sent from then on.
    """
    if session.execute(select(OutgoingMail.id).where(OutgoingMail.subject_key == key)).first():
        return
    message_id = new_message_id(new_public_id(), draft.sender.address)
    first = select(OutgoingMail.message_id).where(OutgoingMail.thread == thread).order_by(OutgoingMail.id)
    state, detail, content = WAITING, "", b""
    try:
        content = to_bytes(draft, message_id, session.scalars(first.limit(1)).first() or "", now)
    except ValueError as error:
        state, detail = GIVEN_UP, f"cannot be written: {error}"[:300]
    session.add(
        OutgoingMail(
            subject_key=key,
            thread=thread,
            message_id=message_id,
            recipient=draft.recipient.address,
            content=content,
            state=state,
            detail=detail,
            created_at=now,
            next_attempt_at=now,
            useful_until=useful_until,
        )
    )
    session.flush()


def due(session: Session, now: datetime, limit: int) -> list[int]:
    """The mails to send now: of each thread only the first that is still waiting."""
    earlier = aliased(OutgoingMail)
    is_behind = (
        select(earlier.id)
        .where(earlier.thread == OutgoingMail.thread, earlier.state == WAITING, earlier.id < OutgoingMail.id)
        .exists()
    )
    wanted = select(OutgoingMail.id).where(
        OutgoingMail.state == WAITING, OutgoingMail.next_attempt_at <= now, ~is_behind
    )
    return list(session.scalars(wanted.order_by(OutgoingMail.id).limit(limit)))


def claim(session: Session, now: datetime, mail_id: int) -> tuple[bytes, str] | None:
    """Content and recipient for the one who may send it now; None when another does, or it is too late."""
    session.execute(
        update(OutgoingMail)
        .where(OutgoingMail.id == mail_id, OutgoingMail.state == WAITING, OutgoingMail.useful_until <= now)
        .values(state=GIVEN_UP, detail="too late")
    )
    claimed = session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.id == mail_id,
            OutgoingMail.state == WAITING,
            OutgoingMail.next_attempt_at <= now,
        )
        .values(next_attempt_at=now + _LEASE)
        .returning(OutgoingMail.content, OutgoingMail.recipient)
    ).first()
    return None if claimed is None else (claimed.content, claimed.recipient)


def withdraw(session: Session, thread: str, pattern: str) -> None:
    """Those of a thread's waiting mails whose keys are LIKE this are not true any more: they are given up."""
    session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.thread == thread,
            OutgoingMail.state == WAITING,
            OutgoingMail.subject_key.like(pattern),
        )
        .values(state=GIVEN_UP, detail="overtaken")
    )


def withdraw_all(session: Session, start: str) -> None:
    """All waiting mails whose keys begin so are not true any more: they are given up."""
    session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.state == WAITING,
            OutgoingMail.subject_key.startswith(start, autoescape=True),
        )
        .values(state=GIVEN_UP, detail="overtaken")
    )


def note_sent(session: Session, now: datetime, mail_id: int) -> None:
    """The server has it."""
    _change(session, mail_id, state=SENT, sent_at=now, detail="")


def note_refused(session: Session, mail_id: int, detail: str) -> None:
    """The server will never take it."""
    _change(session, mail_id, state=GIVEN_UP, detail=detail[:300])


def note_failed(session: Session, now: datetime, mail_id: int, detail: str) -> None:
    """It did not go out this time: later again, and given up after the last pause (four hours)."""
    attempts = session.execute(select(OutgoingMail.attempts).where(OutgoingMail.id == mail_id)).scalar_one()
    if attempts >= len(_PAUSES):
        _change(session, mail_id, state=GIVEN_UP, attempts=attempts + 1, detail=detail[:300])
        return
    again_at = now + _PAUSES[attempts]
    _change(session, mail_id, next_attempt_at=again_at, attempts=attempts + 1, detail=detail[:300])


def note_returned(session: Session, message_id: str) -> tuple[str, str] | None:
    """A report says that a mail did not reach its recipient: its key and who that was.

    None for what is no mail of ours, or came back before.
    """
    wanted = (OutgoingMail.message_id == message_id, OutgoingMail.detail != RETURNED)
    row = session.execute(
        update(OutgoingMail)
        .where(*wanted)
        .values(detail=RETURNED)
        .returning(OutgoingMail.subject_key, OutgoingMail.recipient)
    ).first()
    return None if row is None else (row.subject_key, row.recipient)


def _change(session: Session, mail_id: int, **values: object) -> None:
    session.execute(update(OutgoingMail).where(OutgoingMail.id == mail_id).values(**values))
