"""One confirmed booking and all that it leaves behind."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry
from app.availability.models import Reservation
from app.booking.models import Booking, IdempotencyKey
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarSpan
from app.lib import clock
from app.lib.sealed import seal
from app.mail.models import OutgoingMail
from tests.support.replica import open_calendar
from tests.world import World, build_world


@pytest.fixture
def now() -> datetime:
    return clock.now().replace(microsecond=0)


@pytest.fixture
def world(session: Session, app: Flask, now: datetime) -> World:
    """The cast with Sam's calendar, and one confirmed booking of Vera's in it."""
    built = build_world(session, now)
    settings = app.extensions["attache"]
    calendar = open_calendar(session, settings, now, built.sam.id)
    account = session.query(CalendarAccount).one()
    place = (str(account.person_id), settings.caldav_allowed_origins[0], account.username, "password")
    account.sealed_password = seal(settings.sealing_keys, "app password", *place)
    _confirmed_booking(session, built, calendar, now)
    session.commit()
    return built


def _confirmed_booking(session: Session, world: World, calendar: Calendar, now: datetime) -> None:
    start, made = now + timedelta(days=3), now - timedelta(hours=1)
    booking = Booking(
        public_id="one",
        reference="K7M-222",
        company_id=world.vera.profile.company_id,
        contact_id=world.vera.id,
        specialist_id=world.sam.id,
        call_type_id=1,
        status="confirmed",
        starts_at=start,
        ends_at=start + timedelta(minutes=30),
        sequence=0,
        rules={},
        uid="attache-one",
        calendar_id=calendar.id,
        href=f"{calendar.href}attache-one.ics",
        written_sequence=0,
        created_at=made,
        changed_at=made,
        confirmed_at=made,
    )
    session.add(booking)
    session.flush()
    copy = CalendarObject(calendar_id=calendar.id, href=booking.href, etag="1", uid=booking.uid, text="")
    session.add(copy)
    session.flush()
    _traces(session, world, booking, copy, made)
    for verb in ("booked", "confirmed"):
        session.add(
            AuditEntry(at=made, actor="Vera", verb=verb, object_type="booking", object_id="one", detail={})
        )


def _traces(session: Session, world: World, booking: Booking, copy: CalendarObject, made: datetime) -> None:
    """What a confirmed booking leaves in the other tables."""
    session.add_all(
        [
            Reservation(
                person_id=world.sam.id,
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
                kind="booking",
                booking_id=booking.id,
            ),
            CalendarSpan(
                person_id=world.sam.id,
                object_id=copy.id,
                kind="busy",
                uid=booking.uid,
                is_own=True,
                starts_at=booking.starts_at,
                ends_at=booking.ends_at,
            ),
            OutgoingMail(
                subject_key=f"booking:{booking.id}:0:confirmed:1",
                thread="booking",
                message_id="<one@attache.example>",
                recipient="vera@nordwind.example",
                content=b"",
                state="sent",
                created_at=made,
                next_attempt_at=made,
            ),
            IdempotencyKey(
                contact_id=world.vera.id, key="k", fingerprint="f", booking_id=booking.id, created_at=made
            ),
        ]
    )
