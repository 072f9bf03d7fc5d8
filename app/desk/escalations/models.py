"""Level 2: which seniors were asked, who took it, and who is on call in which week."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base
from app.lib.tokens import new_public_id

_IS_OPEN = text("ended_at IS NULL")


class Escalation(Base):
    """A senior is wanted in a conversation; ``cause`` is ``customer``, ``specialist`` or ``severity``.

    There is one that is not over in a conversation at most. ``round_at`` is when the round of asking began
    that is under way, or begins; ``next_ask_at`` is when the next senior is asked, None once it is taken or
    over.
    """

    __tablename__ = "escalation"
    __table_args__ = (
        Index("ix_escalation_next_ask_at", "next_ask_at"),
        Index(
            "uq_escalation_open",
            "conversation_id",
            unique=True,
            sqlite_where=_IS_OPEN,
            postgresql_where=_IS_OPEN,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), index=True
    )
    cause: Mapped[str] = mapped_column(String(10))
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(Text, default="")
    asked_at: Mapped[datetime]
    round_at: Mapped[datetime]
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"), index=True)
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    next_ask_at: Mapped[datetime | None]


class EscalationAsk(Base):
    """A senior was asked to take an escalation: when last, and when they said no to that, if they did."""

    __tablename__ = "escalation_ask"

    escalation_id: Mapped[int] = mapped_column(
        ForeignKey("escalation.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    senior_id: Mapped[int] = mapped_column(
        ForeignKey("user.id", ondelete="CASCADE"), primary_key=True, autoincrement=False, index=True
    )
    asked_at: Mapped[datetime]
    declined_at: Mapped[datetime | None]


class OnCallWeek(Base):
    """Which senior is on call in the week that begins on this Monday (service zone)."""

    __tablename__ = "on_call_week"

    monday: Mapped[date] = mapped_column(primary_key=True)
    senior_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
