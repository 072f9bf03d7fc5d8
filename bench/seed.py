"""A database with the cast and a replica of any size, as sync would have left it."""

import os
import random
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from uuid import uuid4

from sqlalchemy import insert
from sqlalchemy.orm import Session

from app.accounts.tokens.service import make_api_token
from app.calendars.models import CalendarObject, CalendarSpan
from app.calendars.syncing.service_replica import renew_picture
from app.config import load_settings
from app.factory import create_app
from app.lib import clock
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.zones import local, wall_interval
from tests.support.databases import migrate
from tests.support.replica import ZONE, open_calendar, weekdays
from tests.world import build_world

# So many entries lie in working hours whatever the size, so that all sizes list about the same slots; the
# others are early, late or at lunch, but in the listed weeks all the same.
IN_HOURS = 60
DAYS = 28


@dataclass(frozen=True, slots=True)
class Seeded:
    """What a server on the seeded database needs, and a contact's token."""

    environment: dict[str, str]
    token: str


def seed(folder: Path, events: int, database_url: str = "") -> Seeded:
    """Make the cast, and give their specialist ``events`` entries in the coming four weeks."""
    environment = {"DATA_DIR": str(folder), "SECRET_KEY": "for-benchmarks-only-" * 2}
    # One client asks for more than anybody may.
    for name in ("LISTINGS", "POLLS_PER_FEED", "POLLS_PER_CLIENT"):
        environment[f"LIMIT_{name}"] = "100000 per minute"
    if database_url:
        environment["DATABASE_URL"] = database_url
    settings = load_settings({**os.environ, **environment})
    migrate(settings.database_url)
    app = create_app(settings)
    with app.app_context():
        session, now = db.session(), clock.now()
        world = build_world(session, now)
        calendar = open_calendar(session, settings, now, world.sam.id)
        _fill(session, world.sam.id, calendar.id, _entries(now, events), weekdays(now, time(9), time(17)))
        token = make_api_token(session, now, world.vera.email)
        session.commit()
    return Seeded(environment, token)


def _entries(now: datetime, events: int) -> list[Interval]:
    chance = random.Random(7)
    today = local(now, ZONE).date()
    found = []
    for number in range(events):
        day = today + timedelta(days=chance.randrange(DAYS))
        hours = (9, 17) if number < IN_HOURS else chance.choice([(0, 9), (12, 13), (17, 24)])
        begun = chance.randrange(hours[0] * 12, hours[1] * 12 - 1) * 5
        start = wall_interval(day, time(begun // 60, begun % 60), time(0), ZONE).start
        found.append(Interval(start, start + timedelta(minutes=5)))
    return found


def _fill(
    session: Session, person_id: int, calendar_id: int, entries: list[Interval], working: list[Interval]
) -> None:
    spans = [("busy", item) for item in entries] + [("working", item) for item in working]
    names = [str(uuid4()) for _ in spans]
    objects = [
        {
            "calendar_id": calendar_id,
            "href": f"/{name}.ics",
            "etag": name,
            "uid": name,
            "text": "",
            "problem": "",
        }
        for name in names
    ]
    ids = session.scalars(
        insert(CalendarObject).returning(CalendarObject.id, sort_by_parameter_order=True), objects
    )
    rows = [
        {
            "person_id": person_id,
            "object_id": object_id,
            "kind": kind,
            "uid": name,
            "is_own": False,
            "starts_at": item.start,
            "ends_at": item.end,
        }
        for object_id, name, (kind, item) in zip(ids, names, spans, strict=True)
    ]
    session.execute(insert(CalendarSpan), rows)
    renew_picture(session, person_id)
