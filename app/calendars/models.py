"""Calendar accounts and the local replica of what stands in them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.lib.db import Base


class CalendarAccount(Base):
    """A specialist's account on a CalDAV server.

    ``state`` is ``ok``, ``unreachable``, ``refused`` (credentials), ``broken`` (answers that cannot be
    read) or ``missing`` (a chosen calendar is gone); ``state_since`` tells since when.
    """

    __tablename__ = "calendar_account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    url: Mapped[str] = mapped_column(String(500))
    username: Mapped[str] = mapped_column(String(254))
    sealed_password: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(20), default="unreachable")
    state_detail: Mapped[str] = mapped_column(String(500), default="")
    state_since: Mapped[datetime]
    in_step_at: Mapped[datetime | None]
    next_sync_at: Mapped[datetime] = mapped_column(index=True)
    claimed_until: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    calendars: Mapped[list["Calendar"]] = relationship(back_populates="account", order_by="Calendar.id")


class Calendar(Base):
    """One calendar of an account.

    ``purpose`` is ``busy`` (its events block), ``working_hours`` (its events are the hours, its all-day
    events time off) or ``ignored``; bookings are written to the one with ``receives_bookings``.
    """

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("account_id", "href"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("calendar_account.id", ondelete="CASCADE"))
    href: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(200))
    purpose: Mapped[str] = mapped_column(String(20))
    receives_bookings: Mapped[bool] = mapped_column(default=False)
    sync_token: Mapped[str | None] = mapped_column(String(1000))
    ctag: Mapped[str | None] = mapped_column(String(1000))
    compared_at: Mapped[datetime | None]
    expanded_from: Mapped[datetime | None]
    expanded_until: Mapped[datetime | None]
    account: Mapped[CalendarAccount] = relationship(back_populates="calendars")


class CalendarObject(Base):
    """One object resource of a calendar as the server last gave it (RFC 4791, 4.1)."""

    __tablename__ = "calendar_object"
    __table_args__ = (UniqueConstraint("calendar_id", "href"), Index("ix_calendar_object_uid", "uid"))

    id: Mapped[int] = mapped_column(primary_key=True)
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id", ondelete="CASCADE"))
    href: Mapped[str] = mapped_column(String(500))
    etag: Mapped[str] = mapped_column(String(500))
    uid: Mapped[str] = mapped_column(String(500), default="")
    text: Mapped[str] = mapped_column(Text)
    problem: Mapped[str] = mapped_column(String(500), default="")


class CalendarSpan(Base):
    """One occurrence, expanded at sync time: ``kind`` is busy, tentative, working or time_off.

    ``is_own`` marks what we wrote ourselves (``is_own_uid`` in app/ical/event.py).
    """

    __tablename__ = "calendar_span"
    __table_args__ = (
        Index("ix_calendar_span_person_end", "person_id", "ends_at", "starts_at"),
        # Ours are few among thousands, and every listing asks for them.
        Index("ix_calendar_span_own", "person_id", "is_own", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    object_id: Mapped[int] = mapped_column(ForeignKey("calendar_object.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    uid: Mapped[str] = mapped_column(String(500))
    is_own: Mapped[bool] = mapped_column(default=False)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class CalendarPicture(Base):
    """All spans of a person merged at sync time, so that reading them costs the same for 10 events or 10,000.

    ``busy``, ``working`` and ``time_off`` are packed merged intervals (app/lib/packed.py) inside
    [starts_at, ends_at). Occurrences of events that we wrote ourselves are left out of ``busy``: they are
    read from calendar_span by their UID mark and compared with the bookings.
    """

    __tablename__ = "calendar_picture"

    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    busy: Mapped[bytes] = mapped_column(LargeBinary)
    working: Mapped[bytes] = mapped_column(LargeBinary)
    time_off: Mapped[bytes] = mapped_column(LargeBinary)
