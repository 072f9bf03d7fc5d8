"""Mails that were given up although somebody waits for them, and their way out once more."""

from datetime import datetime, timedelta
from email import message_from_bytes, policy

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.mail.models import OutgoingMail
from app.mail.service import GIVEN_UP, WAITING
from app.mail.values import GivenUp

# What became untrue or useless is no trouble.
_MEANT = ("overtaken", "too late")
_SHOWN_FOR = timedelta(days=30)


def given_up(session: Session, now: datetime, limit: int) -> list[GivenUp]:
    """The newest mails that were given up in the last 30 days; one query."""
    rows = session.execute(
        select(
            OutgoingMail.id,
            OutgoingMail.recipient,
            OutgoingMail.content,
            OutgoingMail.detail,
            OutgoingMail.created_at,
            OutgoingMail.useful_until,
        )
        .where(
            OutgoingMail.state == GIVEN_UP,
            OutgoingMail.detail.not_in(_MEANT),
            OutgoingMail.created_at > now - _SHOWN_FOR,
        )
        .order_by(OutgoingMail.id.desc())
        .limit(limit)
    )
    return [
        GivenUp(
            id_, recipient, _subject(content), detail, at, bool(content) and (until is None or until > now)
        )
        for id_, recipient, content, detail, at, until in rows
    ]


def send_again(session: Session, now: datetime, mail_id: int) -> bool:
    """Let a mail that was given up go out once more, the same bytes; whether it can."""
    changed = session.execute(
        update(OutgoingMail)
        .where(
            OutgoingMail.id == mail_id,
            OutgoingMail.state == GIVEN_UP,
            OutgoingMail.detail.not_in(_MEANT),
            OutgoingMail.content != b"",
            OutgoingMail.useful_until.is_(None) | (OutgoingMail.useful_until > now),
        )
        .values(state=WAITING, attempts=0, next_attempt_at=now, detail="")
        .returning(OutgoingMail.id)
    )
    return changed.scalar_one_or_none() is not None


def _subject(content: bytes) -> str:
    return str(message_from_bytes(content, policy=policy.default)["Subject"] or "")
