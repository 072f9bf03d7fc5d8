"""Companies, their contacts and entitlement, specialists, and who serves whom."""

from datetime import date, datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.lib.db import Base
from app.lib.tokens import new_public_id


class Company(Base):
    """A customer; only on the plan ``all_inclusive`` can it have the option of dedicated support."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    plan: Mapped[str] = mapped_column(String(40))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


class Contact(Base):
    """What a user of the role contact has besides: the company and a phone number."""

    __tablename__ = "contact"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    phone: Mapped[str] = mapped_column(String(40), default="")
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    user: Mapped[User] = relationship()
    company: Mapped[Company] = relationship()


class Entitlement(Base):
    """A span of whole days (service zone) in which the option is paid for; ``ends_on`` is its last day."""

    __tablename__ = "entitlement"

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date | None]
    price_cents: Mapped[int] = mapped_column(default=100_000)
    note: Mapped[str] = mapped_column(Text, default="")


class Specialist(Base):
    """What a user of the role specialist or senior has besides.

    ``country`` and ``region`` (ISO 3166-1 and -2, the latter without the country) decide the holidays,
    ``stand_in_id`` is who serves while they are away, unless the time off itself names somebody.
    ``titles`` by language (``{"en": …, "ru": …}``), ``spoken_languages`` as codes (``en,ru``).
    """

    __tablename__ = "specialist"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    country: Mapped[str] = mapped_column(String(2))
    region: Mapped[str] = mapped_column(String(10), default="", server_default="")
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("specialist.user_id", ondelete="SET NULL"))
    phone: Mapped[str] = mapped_column(String(40), default="")
    spoken_languages: Mapped[str] = mapped_column(String(200), default="")
    room_url: Mapped[str] = mapped_column(String(500), default="")
    user: Mapped[User] = relationship()


class Assignment(Base):
    """From ``starts_on`` (service zone) this specialist serves this company, until the next assignment."""

    __tablename__ = "assignment"
    __table_args__ = (Index("uq_assignment_company_day", "company_id", "starts_on", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"))
    specialist_id: Mapped[int] = mapped_column(ForeignKey("specialist.user_id"), index=True)
    starts_on: Mapped[date]


class TimeOff(Base):
    """Whole days (service zone, both included) on which a specialist is away, as their calendar says.

    Kept in step with the all-day events of their calendars for working hours: ``uid`` is the event's,
    ``stand_in_id`` whom the event names, None when it names nobody. ``alarmed_at`` is when the administrators
    were last told that nobody stands in, ``alarmed_days`` on which days, '' while somebody does
    (app/availability/time_off/spans.py): for this specialist, and for those of closed accounts whose usual
    stand-in they are.
    """

    __tablename__ = "time_off"
    __table_args__ = (
        Index("uq_time_off_event_day", "specialist_id", "uid", "first_day", unique=True),
        Index("ix_time_off_days", "specialist_id", "last_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    specialist_id: Mapped[int] = mapped_column(ForeignKey("specialist.user_id", ondelete="CASCADE"))
    uid: Mapped[str] = mapped_column(String(500))
    first_day: Mapped[date]
    last_day: Mapped[date]
    stand_in_id: Mapped[int | None] = mapped_column(ForeignKey("specialist.user_id", ondelete="SET NULL"))
    noticed_at: Mapped[datetime]
    alarmed_at: Mapped[datetime | None]
    alarmed_days: Mapped[str] = mapped_column(Text, default="", server_default="")


class HandOver(Base):
    """A company passes from one specialist to another on a day of the service zone.

    It is planned by an administrator, confirmed by the one who takes over (which makes the assignment), told
    to the company's contacts, and only then do its coming calls move. ``called_off_at`` ends it before, for
    ``ended_reason`` if it was declined. ``note`` is the planner's, ``leaving_note`` that of who leaves.
    """

    __tablename__ = "hand_over"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    company_id: Mapped[int] = mapped_column(ForeignKey("company.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("specialist.user_id"), index=True)
    to_id: Mapped[int] = mapped_column(ForeignKey("specialist.user_id"), index=True)
    starts_on: Mapped[date]
    note: Mapped[str] = mapped_column(Text, default="")
    leaving_note: Mapped[str] = mapped_column(Text, default="")
    ended_reason: Mapped[str] = mapped_column(String(500), default="")
    planned_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id", ondelete="SET NULL"))
    planned_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    moved_at: Mapped[datetime | None]
    called_off_at: Mapped[datetime | None]
