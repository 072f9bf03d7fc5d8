"""Companies, their contacts and entitlement, specialists, and who serves whom."""

from datetime import date

from sqlalchemy import JSON, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.accounts.models import User
from app.lib.db import Base


class Company(Base):
    """A customer; only on the plan ``all_inclusive`` can it have the option of dedicated support."""

    __tablename__ = "company"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    plan: Mapped[str] = mapped_column(String(40))


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
    """What a user of the role specialist or senior has besides; ``country`` decides the holidays.

    ``titles`` by language (``{"en": …, "ru": …}``), ``spoken_languages`` as codes (``en,ru``).
    """

    __tablename__ = "specialist"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id", ondelete="CASCADE"), primary_key=True)
    titles: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    country: Mapped[str] = mapped_column(String(2))
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
