"""Holidays by country and region, and days off of our own."""

from collections.abc import Callable
from datetime import datetime

from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import AuditEntry
from app.availability.models import OwnHoliday
from app.booking.models import Booking
from app.booking.service import make_feed
from app.booking.values import PRESENCE, CallValue
from app.customers.models import Specialist
from app.lib import clock
from app.lib.db import db, write
from app.lib.zones import local
from tests.pages.client import PageClient
from tests.world import World

NAMES = {"name-en": "Company day", "name-ru": "День компании"}


def test_the_days_of_a_region_are_listed_in_both_languages(ada: PageClient, now: datetime) -> None:
    bavaria = ada.get("/settings/holidays", country="DE", region="BY", year=now.year)
    assert "Corpus Christi" in bavaria.words
    assert "Corpus Christi" not in ada.get("/settings/holidays", country="DE", year=now.year).words
    assert "Slovakia" in ada.get("/settings/holidays", country="??", year="soon").words


def test_a_day_of_our_own_closes_the_slots_by_its_name_and_leaves_calls(
    app: Flask, ada: PageClient, vera: PageClient, book_call: Callable[[], CallValue]
) -> None:
    call = book_call()
    day = local(call.start, "Europe/Bratislava").date()
    here = {"country": "SK", "region": "", "year": str(day.year)}
    _there, page = ada.follow("/settings/holidays", **here, **NAMES, day=day.isoformat(), scope="country")
    assert "they stay until somebody moves or cancels them" in page.words
    assert f"/calls/{call.public_id}" in page.links()
    week = vera.get("/book", week=day.isoformat(), zone="Europe/Bratislava")
    assert "Public holiday: Company day" in week.words
    assert not any(start.startswith(day.isoformat()) for start in week.slots())
    with app.app_context():
        assert db.session.scalars(select(Booking.status)).one() == call.status
        verbs = select(AuditEntry.verb).where(AuditEntry.object_type == "holiday")
        assert db.session.scalars(verbs).one() == "added a holiday"


def test_a_day_of_another_country_changes_nothing(
    app: Flask, world: World, ada: PageClient, vera: PageClient, now: datetime
) -> None:
    first = vera.get("/book").slots()
    day = local(datetime.fromisoformat(first[0]), "Europe/Bratislava").date()
    here = {"country": "DE", "region": "BY", "year": str(day.year)}
    ada.follow("/settings/holidays", **here, **NAMES, day=day.isoformat(), scope="region")
    assert vera.get("/book").slots() == first
    with app.app_context():
        db.session.execute(
            update(Specialist).where(Specialist.user_id == world.sam.id).values(country="DE", region="BY")
        )
        db.session.commit()
    assert not set(first) & {s for s in vera.get("/book").slots() if s.startswith(day.isoformat())}


def test_presence_in_calendars_follows_a_day_of_our_own(
    app: Flask, world: World, ada: PageClient, vera: PageClient
) -> None:
    with app.app_context():
        who = world.vera.user
        _link, token = write(db.session(), [], lambda s: make_feed(s, clock.now(), who, "Phone", PRESENCE))
    address = f"/feeds/{token}.ics"
    before = vera.client.get(address)
    start = before.text.partition("BEGIN:VEVENT")[2].partition("DTSTART")[2].partition(":")[2][:8]
    day = f"{start[:4]}-{start[4:6]}-{start[6:]}"
    here = {"country": "SK", "region": "", "year": start[:4]}
    ada.follow("/settings/holidays", **here, **NAMES, day=day, scope="everywhere")
    after = vera.client.get(address, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert f":{start}T" in before.text and f":{start}T" not in after.text.replace("DTSTAMP", "")


def test_a_day_is_named_once_and_removed_again(app: Flask, ada: PageClient, now: datetime) -> None:
    day = {"country": "SK", "region": "", "year": str(now.year), "day": f"{now.year}-12-31"}
    ada.follow("/settings/holidays", **day, **NAMES, scope="everywhere")
    again = ada.post("/settings/holidays", 409, **day, **NAMES, scope="everywhere")
    assert "That day has a name there already" in again.words
    assert "Choose a day" in ada.post("/settings/holidays", 422, **day | {"day": "31.12."}, **NAMES).words
    with app.app_context():
        number = db.session.scalars(select(OwnHoliday.public_id)).one()
    _there, page = ada.follow(f"/settings/holidays/{number}/remove", country="SK", region="", year=now.year)
    assert "Removed." in page.words and "Company day" not in page.words
