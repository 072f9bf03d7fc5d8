"""What became of each mail that came in: judged once, whatever happens afterwards."""

import hashlib
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.mail.incoming import Incoming
from app.mail.models import IncomingMail


def identity_of(mail: Incoming, size: int, content: bytes) -> str:
    """What tells a message from all others: its Message-ID and size, or its bytes where it has none."""
    text = mail.message_id.encode(errors="replace") or content
    return hashlib.sha256(b"%d " % size + text).hexdigest()


def known_outcome(session: Session, identity: str) -> str | None:
    """What became of a message; None when it was never judged."""
    return session.scalars(select(IncomingMail.outcome).where(IncomingMail.identity == identity)).first()


def note_outcome(
    session: Session, now: datetime, identity: str, mail: Incoming, outcome: str, detail: str = ""
) -> None:
    """Write down what became of a message."""
    session.add(
        IncomingMail(
            identity=identity,
            sender=mail.sender,
            subject=mail.subject,
            outcome=outcome,
            detail=detail[:300],
            received_at=now,
        )
    )
    session.flush()
