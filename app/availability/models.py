"""Who is taken when, and changes of working hours on their way to the calendar."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.lib.db import Base
from app.lib.tokens import new_public_id


class Reservation(Base):
    """A person is taken from ``starts_at`` to ``ends_at``, buffers included.

    No two rows of a person overlap: on PostgreSQL by the exclusion constraint ``reservation_no_overlap``,
    on SQLite by triggers of that name (migration 0001). ``kind`` is ``hold`` (until ``expires_at``) or
    ``booking``. A booking that is being moved has two rows, or one widened to the hull of both.
    """

    __tablename__ = "reservation"
    __table_args__ = (
        CheckConstraint("starts_at < ends_at", name="positive"),
        CheckConstraint("(kind = 'hold') = (expires_at IS NOT NULL)", name="hold_expires"),
        Index("ix_reservation_person_end", "person_id", "ends_at", "starts_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(String(10))
    expires_at: Mapped[datetime | None]
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"), index=True)


class HoursEdit(Base):
    """A change of working hours or time off that a specialist saved, on its way to the calendar server.

    ``wanted`` is what the form asked for, ``base`` the state it was made from (href to ETag), ``state``
    ``waiting``, ``done``, ``conflict`` (edited meanwhile elsewhere) or ``failed``.
    """

    __tablename__ = "hours_edit"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    wanted: Mapped[dict[str, Any]] = mapped_column(JSON)
    base: Mapped[dict[str, str]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(String(12), default="waiting")
    detail: Mapped[str] = mapped_column(String(500), default="")
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


class OwnHoliday(Base):
    """A day off that an administrator named: everywhere, or for one country (ISO 3166-1) or region of it.

    ``names`` by language (``{"en": …, "ru": …}``).
    """

    __tablename__ = "own_holiday"
    __table_args__ = (Index("uq_own_holiday_day", "day", "country", "region", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    day: Mapped[date]
    country: Mapped[str] = mapped_column(String(2), default="")
    region: Mapped[str] = mapped_column(String(10), default="")
    names: Mapped[dict[str, str]] = mapped_column(JSON)
