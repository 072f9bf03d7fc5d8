"""Mail to the dedicated address from senders whom nobody knows."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base
from app.lib.tokens import new_public_id


class QuarantinedMail(Base):
    """A mail that belongs to no conversation until somebody says so.

    ``identity`` is that of IncomingMail, ``reason`` why it is here, ``content`` the message itself, empty
    once it is decided. ``decision`` is ``taken`` or ``dropped``, '' while it waits.
    """

    __tablename__ = "quarantined_mail"
    __table_args__ = (Index("ix_quarantined_mail_decision", "decision", "received_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    identity: Mapped[str] = mapped_column(String(64), unique=True)
    sender: Mapped[str] = mapped_column(String(254), default="")
    subject: Mapped[str] = mapped_column(String(200), default="")
    excerpt: Mapped[str] = mapped_column(Text, default="")
    reason: Mapped[str] = mapped_column(String(20))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[datetime]
    decision: Mapped[str] = mapped_column(String(10), default="")
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
