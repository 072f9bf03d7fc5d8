"""Mail on its way out, and what became of mail that came in."""

from datetime import datetime

from sqlalchemy import Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base


class OutgoingMail(Base):
    """One message to one recipient, composed once; every sending is the same bytes and Message-ID.

    ``subject_key`` names the change it tells of (``booking:7:2:cancelled:12``) and is unique, so that no
    change is mailed twice; messages with the same ``thread`` go out in the order of their ids. ``state``
    is ``waiting``, ``sent`` or ``given_up``; from ``useful_until`` on it is given up rather than sent.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "state", "next_attempt_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_key: Mapped[str] = mapped_column(String(200), unique=True)
    thread: Mapped[str] = mapped_column(String(200), index=True)
    message_id: Mapped[str] = mapped_column(String(250), unique=True)
    recipient: Mapped[str] = mapped_column(String(254))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    detail: Mapped[str] = mapped_column(String(300), default="")
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    useful_until: Mapped[datetime | None]


class IncomingMail(Base):
    """A message of the service's mailbox that was looked at; each is judged once, whatever happens then.

    ``identity`` is the SHA-256 of its Message-ID and size, or of its bytes where it has none. ``outcome`` is
    one word (``applied``, ``stale``, ``forged`` …), ``detail`` what an administrator reads of it. The text
    itself stays in the mailbox.
    """

    __tablename__ = "incoming_mail"

    id: Mapped[int] = mapped_column(primary_key=True)
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(20))
    detail: Mapped[str] = mapped_column(String(300), default="")
    received_at: Mapped[datetime] = mapped_column(index=True)
