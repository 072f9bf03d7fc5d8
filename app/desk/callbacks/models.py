"""Callbacks: who wants to be rung, by when it was promised, and what came of the attempts."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base
from app.lib.tokens import new_public_id


class Callback(Base):
    """Somebody is to be rung by ``due_at``; ``number`` is E.164, empty when the caller hid it.

    ``source`` is ``page``, ``chat``, ``voicemail`` or ``missed``. ``state`` is ``waiting``, ``reached``,
    ``wrong_number``, ``booked`` (a call was booked instead) or ``withdrawn``. ``company_id`` and
    ``contact_id`` are None for a caller whom nobody knows.
    """

    __tablename__ = "callback"
    __table_args__ = (Index("ix_callback_open", "state", "due_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    company_id: Mapped[int | None] = mapped_column(ForeignKey("company.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    conversation_id: Mapped[int | None] = mapped_column(
        ForeignKey("conversation.id", ondelete="SET NULL"), index=True
    )
    number: Mapped[str] = mapped_column(String(20))
    topic: Mapped[str] = mapped_column(String(500), default="")
    wished_at: Mapped[datetime | None]
    source: Mapped[str] = mapped_column(String(10))
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    taken_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="SET NULL"))
    key: Mapped[str] = mapped_column(String(100), unique=True)


class CallbackAttempt(Base):
    """Somebody of ours rang: ``outcome`` is ``reached``, ``no_answer`` or ``wrong_number``."""

    __tablename__ = "callback_attempt"

    id: Mapped[int] = mapped_column(primary_key=True)
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    made_at: Mapped[datetime]
    outcome: Mapped[str] = mapped_column(String(12))
    note: Mapped[str] = mapped_column(Text, default="")
