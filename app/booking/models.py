"""Call types, bookings and who takes part, series, holds, the waiting list, keys and feed links."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.customers.models import Company
from app.lib.db import Base


class CallType(Base):
    """A kind of call with its rules; times in minutes, names by language (``{"en": …, "ru": …}``).

    ``length`` is offered first, ``more_lengths`` besides. A cap of 0 is none: ``daily_cap`` and
    ``weekly_cap`` count the calls of one specialist, ``open_cap`` those ahead of one company. ``ways`` are
    ``video`` and ``phone``; ``video_link`` is a template (``{reference}``) or a fixed room, empty for the
    specialist's own. ``questions`` are those of app/booking/questions.py, ``reminders`` minutes before the
    start.
    """

    __tablename__ = "call_type"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    names: Mapped[dict[str, str]] = mapped_column(JSON)
    hints: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    length: Mapped[int]
    more_lengths: Mapped[list[int]] = mapped_column(JSON, default=list)
    grid: Mapped[int] = mapped_column(default=30)
    buffer_before: Mapped[int] = mapped_column(default=0)
    buffer_after: Mapped[int] = mapped_column(default=0)
    notice: Mapped[int] = mapped_column(default=120)
    horizon_days: Mapped[int] = mapped_column(default=56)
    daily_cap: Mapped[int] = mapped_column(default=8)
    weekly_cap: Mapped[int] = mapped_column(default=0)
    open_cap: Mapped[int] = mapped_column(default=20)
    move_notice: Mapped[int] = mapped_column(default=120)
    cancel_notice: Mapped[int] = mapped_column(default=120)
    ways: Mapped[list[str]] = mapped_column(JSON, default=lambda: ["video", "phone"])
    video_link: Mapped[str] = mapped_column(String(500), default="")
    questions: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    reminders: Mapped[list[int]] = mapped_column(JSON, default=lambda: [1440, 60])
    is_active: Mapped[bool] = mapped_column(default=True)


class CallTypeChange(Base):
    """What is different in a call type's rules when this specialist takes it; ``rules`` by column name."""

    __tablename__ = "call_type_change"
    __table_args__ = (UniqueConstraint("call_type_id", "specialist_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id", ondelete="CASCADE"))
    specialist_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    rules: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class Series(Base):
    """Calls booked together every ``weeks`` weeks; each is a booking of its own with its own UID."""

    __tablename__ = "series"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    weeks: Mapped[int]
    created_at: Mapped[datetime]


class Booking(Base):
    """A call; ``status`` and the fields that its steps change, with the UID and href fixed beforehand.

    ``move_starts_at``/``move_ends_at`` hold the new time while a move waits for the calendar.
    ``written_sequence`` is the SEQUENCE last seen in the calendar, ``etag`` the object's ETag there.
    ``answers`` are what the contact answered to the call type's questions, ``note`` is what the specialist
    wrote about the call for the customer, ``private_note`` what stays inside. ``remind_at`` is the moment of
    the first reminder that was not dealt with yet, None when none is left. ``successor_id`` is who takes the
    call over as soon as their calendar has it; it stays with its specialist until then.
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
    senior_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    series_id: Mapped[int | None] = mapped_column(ForeignKey("series.id", ondelete="SET NULL"), index=True)
    status: Mapped[str] = mapped_column(String(12))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    move_starts_at: Mapped[datetime | None]
    move_ends_at: Mapped[datetime | None]
    sequence: Mapped[int] = mapped_column(default=0)
    topic: Mapped[str] = mapped_column(Text, default="")
    answers: Mapped[list[dict[str, str]]] = mapped_column(JSON, default=list)
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
    remind_at: Mapped[datetime | None] = mapped_column(index=True)
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    note: Mapped[str] = mapped_column(Text, default="")
    private_note: Mapped[str] = mapped_column(Text, default="")
    company: Mapped[Company] = relationship()
    contact: Mapped[User] = relationship(foreign_keys=[contact_id])
    specialist: Mapped[User] = relationship(foreign_keys=[specialist_id])
    call_type: Mapped[CallType] = relationship()


class BookingCopy(Base):
    """The event of a call in a calendar beside its specialist's own (columns of Booking).

    It is the senior's, or that of who is to take the call over; anybody else's is on its way out.

    ``joined_at`` is when the call's guests were told that the senior takes part, by the letter that confirmed
    the call or its new time or by one of its own; None until then, and again once the senior is off the call.
    """

    __tablename__ = "booking_copy"
    __table_args__ = (UniqueConstraint("booking_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    person_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("calendar.id", ondelete="SET NULL"))
    href: Mapped[str] = mapped_column(String(600), default="")
    etag: Mapped[str] = mapped_column(String(500), default="")
    written_sequence: Mapped[int | None]
    missing_since: Mapped[datetime | None]
    joined_at: Mapped[datetime | None]


class Attendee(Base):
    """Who is invited to a call: its contact (``is_contact``) and the colleagues they added.

    ``partstat`` is their answer (RFC 5545, 3.2.12), ``answered_sequence`` and ``answered_at`` the SEQUENCE
    and DTSTAMP that it came with (RFC 5546, 2.1.5), ``comment`` what they wrote. ``organizer`` is the address
    that their invitations ask them to answer to, the same for the life of the UID (None before the first one,
    empty for ORGANIZER_ADDRESS), ``sent_sequence`` the SEQUENCE of the last message to them that was an
    invitation or, to a colleague, took them off; None before the first. One who was taken off keeps the row
    with ``removed_at``.
    """

    __tablename__ = "attendee"
    __table_args__ = (UniqueConstraint("booking_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200), default="")
    is_contact: Mapped[bool] = mapped_column(default=False)
    partstat: Mapped[str] = mapped_column(String(20), default="NEEDS-ACTION")
    answered_sequence: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    organizer: Mapped[str | None] = mapped_column(String(254))
    sent_sequence: Mapped[int | None]
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class Proposal(Base):
    """Another time that an attendee proposed by COUNTER (RFC 5546, 3.2.7); ``state`` is ``open``,
    ``accepted``, ``declined`` or ``overtaken``."""

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_booking_state", "booking_id", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id", ondelete="CASCADE"))
    attendee_id: Mapped[int] = mapped_column(ForeignKey("attendee.id", ondelete="CASCADE"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    sequence: Mapped[int]
    comment: Mapped[str] = mapped_column(String(1000), default="")
    state: Mapped[str] = mapped_column(String(12), default="open")
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]


class Waiting(Base):
    """A place in the waiting list: tell this contact when a time comes free between two days (service zone).

    ``moving_id`` is the call that an earlier time would move, if there is one, ``moves_from`` when that was
    to begin as the place was taken. ``state`` is ``waiting``, ``offered`` (then ``offer_…`` and the
    reservations that keep the time until ``offer_expires_at``), ``taken``, ``ended``; ``offer_…`` stays as
    the last offer, unless its person served no more and the contact was told so. ``passed_at`` is when an
    offer ran out unanswered: such a place goes last. ``passed_starts`` are the starts (RFC 3339) that are
    not offered to it again.
    """

    __tablename__ = "waiting"
    __table_args__ = (Index("ix_waiting_state", "state", "specialist_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id"))
    moving_id: Mapped[int | None] = mapped_column(ForeignKey("booking.id", ondelete="SET NULL"))
    moves_from: Mapped[datetime | None]
    first_day: Mapped[date]
    last_day: Mapped[date]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    created_at: Mapped[datetime]
    passed_at: Mapped[datetime | None]
    passed_starts: Mapped[list[str]] = mapped_column(JSON, default=list)
    reservation_id: Mapped[int | None] = mapped_column(ForeignKey("reservation.id", ondelete="SET NULL"))
    senior_reservation_id: Mapped[int | None] = mapped_column(
        ForeignKey("reservation.id", ondelete="SET NULL")
    )
    offer_starts_at: Mapped[datetime | None]
    offer_ends_at: Mapped[datetime | None]
    offer_expires_at: Mapped[datetime | None]


class Hold(Base):
    """A time kept for five minutes while the details are written; one a person (``contact_id``).

    It goes with its reservation, which whoever reserves next may delete once it has expired, and with that
    of the senior who is wanted as well, if any.
    """

    __tablename__ = "hold"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), unique=True)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id"))
    reservation_id: Mapped[int] = mapped_column(ForeignKey("reservation.id", ondelete="CASCADE"), unique=True)
    senior_reservation_id: Mapped[int | None] = mapped_column(
        ForeignKey("reservation.id", ondelete="CASCADE"), unique=True
    )
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
    """A private calendar link of a contact or specialist; the token is shown once and kept as a hash.

    ``kind`` is ``calls`` (its owner's calls) or ``presence`` (when their specialist is in, without texts).
    """

    __tablename__ = "feed_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10), default="calls")
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime]
    user: Mapped[User] = relationship()
