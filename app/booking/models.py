"""Call types, holds, bookings, idempotency keys and feed links."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.customers.models import Company
from app.lib.db import Base


class CallType(Base):
    """A kind of call with its rules; lengths in minutes, names by language (``{"en": …, "ru": …}``)."""

    __tablename__ = "call_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    hints: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    length: Mapped[int]
    grid: Mapped[int] = mapped_column(default=30)
    buffer_before: Mapped[int] = mapped_column(default=0)
    buffer_after: Mapped[int] = mapped_column(default=0)
    notice: Mapped[int] = mapped_column(default=120)
    horizon_days: Mapped[int] = mapped_column(default=56)
    daily_cap: Mapped[int] = mapped_column(default=8)
    change_notice: Mapped[int] = mapped_column(default=120)
    open_cap: Mapped[int] = mapped_column(default=20)
    is_active: Mapped[bool] = mapped_column(default=True)


class Booking(Base):
    """A call; ``status`` and the fields that its steps change, with the UID and href fixed beforehand.

    ``move_starts_at``/``move_ends_at`` hold the new time while a move waits for the calendar.
    ``written_sequence`` is the SEQUENCE last seen in the calendar, ``etag`` the object's ETag there.
    """

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="positive"),
        Index("ix_booking_company_start", "company_id", "starts_at"),
        Index("ix_booking_specialist_start", "specialist_id", "starts_at"),
        Index("ix_booking_status_start", "status", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    reference: Mapped[str] = mapped_column(String(12), unique=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id"))
    status: Mapped[str] = mapped_column(String(12))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    move_starts_at: Mapped[datetime | None]
    move_ends_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    topic: Mapped[str] = mapped_column(Text, default="")
    way: Mapped[str] = mapped_column(String(10), default="video")
    phone: Mapped[str] = mapped_column(String(40), default="")
    room_url: Mapped[str] = mapped_column(String(500), default="")
    rules: Mapped[dict[str, Any]] = mapped_column(JSON)
    uid: Mapped[str] = mapped_column(String(64), unique=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id", ondelete="SET NULL"))
    href: Mapped[str] = mapped_column(String(600), default="")
    etag: Mapped[str] = mapped_column(String(500), default="")
    written_sequence: Mapped[int | None]
    calendar_trouble: Mapped[str] = mapped_column(String(200), default="")
    missing_since: Mapped[datetime | None]
    asked_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    company: Mapped[Company] = relationship()
    contact: Mapped[User] = relationship(foreign_keys=[contact_id])
    specialist: Mapped[User] = relationship(foreign_keys=[specialist_id])
    call_type: Mapped[CallType] = relationship()


class Hold(Base):
    """A time kept for five minutes while the details are written; one a contact.

    It goes with its reservation, which whoever reserves next may delete once it has expired.
    """

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id"))
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id", ondelete="CASCADE"), unique=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    call_type: Mapped[CallType] = relationship()


class IdempotencyKey(Base):
    """The booking that a contact's key stands for, with the digest of what was asked."""

    __tablename__ = "idempotency_key"
    __table_args__ = (UniqueConstraint("contact_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    fingerprint: Mapped[str] = mapped_column(String(64))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime]


class FeedLink(Base):
    """A private calendar link of a contact or specialist; the token is shown once and kept as a hash."""

    __tablename__ = "feed_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship()
