"""Calendar accounts and the local replica of what stands in them."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint, false, text, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.lib.db import Base


class CalendarAccount(Base):
    """A specialist's account on a CalDAV server (``kind`` caldav) or a calendar file by https (subscription).

    Of a subscription ``url`` is the origin only and ``username`` a digest: the address may be a secret and
    stands sealed where the password of an account does. ``addresses`` are the owner's by the server's word
    (calendar-user-address-set), mail addresses in lower case. ``state`` is ``ok``, ``unreachable``,
    ``refused`` (credentials), ``broken`` (answers that cannot be read) or ``missing`` (a chosen calendar is
    gone); ``state_since`` tells since when. ``asked_at`` is when its owner last had it read at once.
    ``invites_guests``: whether its owner wants attendees in our events there (RFC 6638), ``is_quiet`` what
    the probe found (None: not probed); only where both hold are they written.
    """

    __tablename__ = "calendar_account"
    __table_args__ = (UniqueConstraint("person_id", "url", "username"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(12), default="caldav", server_default="caldav")
    name: Mapped[str] = mapped_column(String(200), default="", server_default="")
    addresses: Mapped[list[str]] = mapped_column(JSON, default=list, server_default="[]")
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
    asked_at: Mapped[datetime | None]
    invites_guests: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_quiet: Mapped[bool | None]
    calendars: Mapped[list["Calendar"]] = relationship(back_populates="account", order_by="Calendar.id")


class Calendar(Base):
    """One calendar of an account.

    ``purpose`` is ``busy`` (its events block), ``working_hours`` (its events and availabilities are the
    hours, its all-day events time off) or ``ignored``; bookings are written to the one with
    ``receives_bookings``. ``source`` says what ``href`` is: ``collection`` (a CalDAV calendar), ``property``
    (a resource with the calendar-availability property, RFC 7953, 7.2.2; its text is the one object),
    ``file`` (a subscription's calendar file, one object) or ``kept`` (hours that only we keep, one object).
    ``can_write`` and ``holds_events`` are as discovery found them (see FoundCalendar).
    """

    __tablename__ = "calendar"
    __table_args__ = (UniqueConstraint("account_id", "href"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("calendar_account.id", ondelete="CASCADE"))
    href: Mapped[str] = mapped_column(String(500))
    name: Mapped[str] = mapped_column(String(200))
    source: Mapped[str] = mapped_column(String(12), default="collection", server_default="collection")
    purpose: Mapped[str] = mapped_column(String(20))
    receives_bookings: Mapped[bool] = mapped_column(default=False)
    can_write: Mapped[bool] = mapped_column(default=True, server_default=true())
    holds_events: Mapped[bool] = mapped_column(default=True, server_default=true())
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


_IS_TIME_OFF = text("kind = 'time_off'")


class CalendarSpan(Base):
    """One occurrence, expanded at sync time: ``kind`` is busy, tentative, working or time_off.

    ``is_own`` marks what we wrote ourselves (``is_own_uid`` in app/ical/event.py).
    """

    __tablename__ = "calendar_span"
    __table_args__ = (
        Index("ix_calendar_span_person_end", "person_id", "ends_at", "starts_at"),
        # Ours are few among thousands, and every listing asks for them.
        Index("ix_calendar_span_own", "person_id", "is_own", "ends_at"),
        # All of these are compared with the days away every few seconds.
        Index(
            "ix_calendar_span_time_off", "person_id", sqlite_where=_IS_TIME_OFF, postgresql_where=_IS_TIME_OFF
        ),
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


class CalendarLookup(Base):
    """A question to a server that a person named: what is there? Asked by the worker, shown on a page.

    ``state`` is ``waiting``, ``found``, ``moved`` (``url`` is the address to confirm) or ``failed`` with its
    ``reason``. ``found`` is the Discovery as JSON; ``sealed_secret`` is bound like an account's.
    ``account_id`` is the account that is looked at again, or whose calendars are being made.
    """

    __tablename__ = "calendar_lookup"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    account_id: Mapped[int | None] = mapped_column(
        ForeignKey("calendar_account.id", ondelete="SET NULL"), index=True
    )
    kind: Mapped[str] = mapped_column(String(12))
    address: Mapped[str] = mapped_column(String(500))
    username: Mapped[str] = mapped_column(String(254))
    sealed_secret: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(String(60), default="")
    url: Mapped[str] = mapped_column(String(500), default="")
    found: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]
