"""Requests: conversations with a severity, and their clocks."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base


class PolicyVersion(Base):
    """What was promised at some time: response times, hours, holidays; ``digest`` tells versions apart."""

    __tablename__ = "policy_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    made_at: Mapped[datetime]


class Request(Base):
    """What a conversation with a severity has besides; its reference is made of its id (``R-1042``).

    ``opened_at`` is the moment from which its clocks run. ``waiting_since`` is set while we wait for the
    customer, ``news_due_at`` when the specialist is reminded to tell the customer how it stands (severities
    without a next step). ``runs_out_at`` is the due moment of the clock that runs out first, None when none
    runs.
    """

    __tablename__ = "request"
    __table_args__ = (
        Index("ix_request_open", "solved_at", "runs_out_at"),
        Index("ix_request_opened_at", "opened_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[int] = mapped_column(
        ForeignKey("conversation.id", ondelete="CASCADE"), unique=True
    )
    policy_id: Mapped[int] = mapped_column(ForeignKey("policy_version.id"))
    severity: Mapped[int]
    opened_at: Mapped[datetime]
    opened_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    waiting_since: Mapped[datetime | None]
    solved_at: Mapped[datetime | None]
    news_due_at: Mapped[datetime | None] = mapped_column(index=True)
    runs_out_at: Mapped[datetime | None]


class RequestClock(Base):
    """One of a request's clocks: ``name`` is ``first_response`` or ``next_step``.

    ``due_at`` changes by a change of severity or a pause alone, and not at all once ``met_at`` is set, nor
    does ``severity`` then, the one that it is due by. The warnings that went out, when the breach was noted,
    and the reason that our people give for it. ``tell_at`` is when the worker has something to tell of it
    next, a warning or the breach; None for nothing.
    """

    __tablename__ = "request_clock"
    __table_args__ = (Index("ix_request_clock_due", "met_at", "due_at"),)

    request_id: Mapped[int] = mapped_column(
        ForeignKey("request.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    name: Mapped[str] = mapped_column(String(20), primary_key=True)
    severity: Mapped[int]
    due_at: Mapped[datetime]
    met_at: Mapped[datetime | None]
    warned_share_at: Mapped[datetime | None]
    warned_minutes_at: Mapped[datetime | None]
    breached_at: Mapped[datetime | None]
    tell_at: Mapped[datetime | None] = mapped_column(index=True)
    reason: Mapped[str] = mapped_column(Text, default="")
    reason_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    reason_at: Mapped[datetime | None]


class RequestPause(Base):
    """A time in which we wait for the customer; ``until`` is None while it lasts."""

    __tablename__ = "request_pause"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("request.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime]
    until: Mapped[datetime | None]
