"""Made-up values of the cast for tests of the presenters."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from app.accounts.values import SignedIn
from app.availability.slots import SlotRules
from app.booking.in_words import Reader
from app.booking.values import CallTypeValue, CallValue
from app.customers.profiles import SpecialistProfile
from app.lib.intervals import Interval

# Tuesday 24 November 2026, 10:12 in Bratislava.
NOW = datetime(2026, 11, 24, 9, 12, tzinfo=UTC)
PAVEL = Reader("en", "Asia/Yekaterinburg", "Europe/Bratislava")
VERA = Reader("en", "Europe/Berlin", "Europe/Bratislava")
RUSSIAN = Reader("ru", "Asia/Yekaterinburg", "Europe/Bratislava")

SAM = SpecialistProfile(
    user_id=5,
    public_id="sam",
    name="Sam Okafor",
    email="sam@attache.example",
    language="en",
    time_zone="Europe/Bratislava",
    titles={"en": "Dedicated support specialist", "ru": "Персональный специалист поддержки"},
    country="SK",
    phone="+421 2 123 4567",
    spoken_languages="en,sk",
    room_url="https://meet.example/sam",
)

RULES = SlotRules(
    length=timedelta(minutes=30),
    grid=timedelta(minutes=30),
    buffer_before=timedelta(0),
    buffer_after=timedelta(minutes=10),
    notice=timedelta(hours=2),
    horizon=timedelta(days=56),
    daily_cap=8,
)

SUPPORT = CallTypeValue(
    id=1,
    slug="product-support",
    names={"en": "Product support", "ru": "Поддержка"},
    hints={"en": "something does not work", "ru": ""},
    rules=RULES,
    move_notice=timedelta(hours=2),
    cancel_notice=timedelta(hours=2),
    reminders=(1440, 60),
    open_cap=20,
)

VERA_USER = SignedIn(1, "vera", "Vera Lindqvist", "vera@nordwind.example", "contact", "en", "Europe/Berlin")
SAM_USER = SignedIn(5, "sam", "Sam Okafor", "sam@attache.example", "specialist", "en", "Europe/Bratislava")


def at(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    """A moment of 2026, in UTC."""
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def slot(day: int, hour: int, minute: int = 0, month: int = 11) -> Interval:
    """Half an hour of 2026, from a moment in UTC."""
    start = at(day, hour, minute, month)
    return Interval(start, start + timedelta(minutes=30))


def call(**changes: Any) -> CallValue:
    """Vera's confirmed call with Sam on Wednesday 25 November, 13:00 UTC."""
    plain = CallValue(
        id=7,
        public_id="call7",
        reference="K7M-254",
        status="confirmed",
        start=at(25, 13),
        end=at(25, 13, 30),
        move=None,
        sequence=0,
        written_sequence=0,
        topic="Import of price lists",
        way="video",
        phone="",
        room_url="https://meet.example/sam",
        uid="attache-7",
        call_type_id=1,
        call_type_slug="product-support",
        call_type_names=SUPPORT.names,
        contact_id=1,
        contact_public_id="vera",
        contact_name="Vera Lindqvist",
        contact_email="vera@nordwind.example",
        contact_language="en",
        contact_time_zone="Europe/Berlin",
        company_id=1,
        company_name="Nordwind",
        specialist=SAM,
        created_at=NOW,
        changed_at=NOW,
        confirmed_at=NOW,
        move_until=at(25, 11),
        cancel_until=at(25, 11),
        rules=RULES,
        ended_reason="",
    )
    return replace(plain, **changes)
