"""The administrator's overview."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.admin.overview_page import Overview, Watched, overview_page
from app.availability.offer import CalendarStatus
from app.booking.answers.service_mailbox import note_lost
from app.booking.coming.values import CallsToday
from app.booking.in_words import Reader
from app.config import Settings
from app.customers.attention.values import Served
from app.customers.profiles import SpecialistProfile
from app.factory import create_app
from app.lib import clock
from app.lib.db import db
from tests.booking.made_up import call
from tests.world import build_world, client_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
READER = Reader("en", "Europe/Bratislava", "Europe/Bratislava")
SAM = SpecialistProfile(
    1, "x", "Sam Horvath", "sam@attache.example", "en", "Europe/Bratislava", {}, "SK", "", "", ""
)

CALLS = [call(specialist=SAM), call(specialist=replace(SAM, user_id=9, name="Rita Weiss"))]


QUIET = CallsToday({}, 0, None)


def sam_with(status: CalendarStatus) -> Watched:
    return Watched(SAM.user_id, SAM.name, Served(("Nordwind",), 1), status)


def calendar_line(app: Flask, status: CalendarStatus) -> tuple[str, str]:
    with app.test_request_context("/overview"):
        page = overview_page(Overview([sam_with(status)], [], QUIET), READER)
    row = page.specialists[0]
    assert bool(row.advice) == (row.calendar.state != "ok")
    return row.calendar.state, row.calendar.text


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (CalendarStatus("ok", NOW, None, "ok"), ("ok", "In step, Tue 24 Nov, 10:00")),
        (CalendarStatus("no_calendar", None, None), ("warn", "No calendar is connected")),
        (
            CalendarStatus("ok", NOW, None, "refused"),
            ("warn", "User name or password refused; last in step: Tue 24 Nov, 10:00"),
        ),
        (
            CalendarStatus("calendar_away", NOW - timedelta(hours=1), NOW, "unreachable"),
            ("bad", "No times are offered; last in step: Tue 24 Nov, 09:00"),
        ),
        (
            CalendarStatus("calendar_away", None, NOW, "unreachable"),
            ("bad", "No times are offered; last in step: never"),
        ),
    ],
)
def test_the_state_of_a_calendar_is_said_in_words(
    app: Flask, status: CalendarStatus, expected: tuple[str, str]
) -> None:
    assert calendar_line(app, status) == expected


def test_everybody_is_there_and_looking_is_written_down(app: Flask) -> None:
    with app.app_context():
        world = build_world(db.session(), clock.now())
    page = client_of(app, world.ada).get("/overview")
    assert page.status_code == 200
    for text in ("Sam Horvath", "Rita Weiss", "Lev Orlov", "Nordwind, Sever", "No calendar is connected"):
        assert text in page.text
    with app.app_context():
        verbs = db.session.scalars(select(AuditEntry.verb).where(AuditEntry.actor_id == world.ada.id)).all()
        assert verbs == ["viewed the overview"]


def test_calls_of_a_specialist_who_left_are_listed_with_what_can_be_done(app: Flask) -> None:
    with app.test_request_context("/overview"):
        nobody = sam_with(CalendarStatus("no_calendar", None, None))
        page = overview_page(Overview([nobody], CALLS, QUIET), READER)
    assert [call.id for call in page.calls] == ["call7", "call7"]
    assert "No calendar is chosen" in page.calls[0].note
    assert "account of Rita Weiss is closed" in page.calls[1].note


def test_a_mailbox_that_cannot_be_read_is_told_while_there_is_one(
    app: Flask, make_settings: Callable[..., Settings]
) -> None:
    with app.app_context():
        world = build_world(db.session(), clock.now())
        note_lost(db.session(), NOW, "mailbox: NO <refused>")
        db.session.commit()
    words = "The mailbox for answers to invitations has not been readable since Tue 24 Nov, 10:00"
    assert words not in client_of(app, world.ada).get("/overview").text
    with_mailbox = create_app(make_settings(IMAP_URL="imap://u:p@127.0.0.1:1"))
    text = client_of(with_mailbox, world.ada).get("/overview").text
    assert words in text and "mailbox: NO &lt;refused&gt;" in text and "IMAP_URL" in text
