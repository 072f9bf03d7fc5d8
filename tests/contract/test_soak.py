"""Half a day of another client's edits leaves the replica equal to a fresh full download.

``CALDAV_CONTRACT=all`` makes 500 edits on every server, without it there are fewer; ``SOAK_SEED`` repeats a
run.
"""

import os
import random
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.calendars.errors import CalendarTrouble
from app.calendars.jobs import sync_account
from app.calendars.models import Calendar, CalendarAccount, CalendarObject, CalendarSpan
from app.calendars.service import picture
from app.calendars.service_accounts import connect
from app.calendars.service_choice import choose
from app.calendars.values import CalendarView
from app.config import Settings
from app.ical.components import read_components
from app.lib.intervals import Interval
from tests.support.caldav_servers import CalDavServer
from tests.support.random_edits import RandomEdits
from tests.support.tools.faultproxy import FaultProxyThread

# Midnight falls into the run, so that the window of the replica moves.
BEGIN = datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
ALWAYS = Interval(BEGIN - timedelta(days=100), BEGIN + timedelta(days=100))
HALF_A_DAY = timedelta(hours=12)
EDITS = 500 if os.environ.get("CALDAV_CONTRACT") else 90
FAULTS: list[dict[str, Any]] = [
    {"fault": "status", "code": 500},
    {"fault": "status", "code": 503},
    {"fault": "reset", "phase": "before"},
    {"fault": "reset", "phase": "after"},
    {"fault": "truncate", "fraction": 0.5},
    # Not "flip": bytes exchanged inside of a text, under its right ETag, are for TLS to find.
    {"fault": "corrupt", "how": "cut"},
    {"fault": "corrupt", "how": "utf8"},
    {"fault": "delay", "seconds": 0.05},
    {"fault": "status", "preset": "sync_token_invalid", "method": "REPORT", "body": "sync-collection"},
]


@pytest.fixture
def seed() -> int:
    """Printed when the test fails."""
    chosen = int(os.environ.get("SOAK_SEED") or random.SystemRandom().randrange(10**6))
    print(f"SOAK_SEED={chosen}")
    return chosen


@pytest.fixture
def calendars(real_dav: CalDavServer) -> Iterator[list[str]]:
    """Three empty ones."""
    made = [real_dav.new_calendar() for _ in range(3)]
    yield made
    for href in made:
        real_dav.request("DELETE", href)


class Life:
    """A person whose calendars are edited, and our replica of them."""

    def __init__(
        self, session: Session, settings: Settings, server: CalDavServer, calendars: list[str], origin: str
    ) -> None:
        self.session, self.settings, self.server = session, settings, server
        self.calendars, self.origin, self.now = calendars, origin, BEGIN
        self.troubles: list[str] = []

    def account(self, name: str) -> int:
        """A new person with an account of all these calendars."""
        person = User(
            public_id=name,
            email=f"{name}@attache.example",
            name=name,
            role="specialist",
            time_zone="Europe/Bratislava",
            created_at=BEGIN,
        )
        self.session.add(person)
        self.session.flush()
        user, secret = self.server.user, self.server.password
        url = self.origin + self.server.start
        account = connect(self.session, BEGIN, self.settings, person.id, url, user, secret)
        choose(self.session, account, dict.fromkeys(self.calendars, "busy"), self.calendars[0])
        self.session.commit()
        return account.id

    def sync(self, account_id: int) -> bool:
        """One look; whether it was complete."""
        try:
            sync_account(self.session, self.settings, self.now, account_id)
        except CalendarTrouble as trouble:
            self.troubles.append(f"{type(trouble).__name__}:{trouble.reason}")
            self.session.rollback()
            return False
        return True

    def objects(self, account_id: int) -> dict[str, tuple[str, str]]:
        """ETag and text by href."""
        found = self.session.execute(
            select(CalendarObject.href, CalendarObject.etag, CalendarObject.text)
            .join(Calendar, Calendar.id == CalendarObject.calendar_id)
            .where(Calendar.account_id == account_id)
        ).all()
        self.session.rollback()
        # A GET keeps the line ends that a report loses to XML.
        return {href: (etag, text.replace("\r\n", "\n")) for href, etag, text in found}

    def spans(self, account_id: int, window: Interval) -> list[tuple[Any, ...]]:
        """Every occurrence in a window with the address of its object."""
        columns = (CalendarObject.href, CalendarSpan.kind, CalendarSpan.uid)
        found = self.session.execute(
            select(*columns, CalendarSpan.starts_at, CalendarSpan.ends_at)
            .join(CalendarObject, CalendarObject.id == CalendarSpan.object_id)
            .join(Calendar, Calendar.id == CalendarObject.calendar_id)
            .where(Calendar.account_id == account_id)
            .where(CalendarSpan.starts_at < window.end, CalendarSpan.ends_at > window.start)
        ).all()
        self.session.rollback()
        return sorted(tuple(row) for row in found)

    def view(self, account_id: int, window: Interval) -> CalendarView:
        """What the slots are made of."""
        person_id = self.session.scalars(
            select(CalendarAccount.person_id).where(CalendarAccount.id == account_id)
        ).one()
        view = picture(self.session, person_id, window)
        self.session.rollback()
        assert view is not None
        return view


def stands_as(entries: RandomEdits, objects: dict[str, tuple[str, str]]) -> bool:
    """Whether the replica holds exactly what the other client left, each in its last version."""
    found = {href: (_field(text, "UID"), _field(text, "SUMMARY")) for href, (_, text) in objects.items()}
    return found == {path: (entry.uid, entry.summary) for path, entry in entries.entries.items()}


def _field(text: str, name: str) -> str:
    return next(event.text(name) for event in read_components(text).walk("VEVENT"))


def clip(intervals: Iterable[Interval], window: Interval) -> list[Interval]:
    """What of them lies in the window."""
    cut = [Interval(max(one.start, window.start), min(one.end, window.end)) for one in intervals]
    return [one for one in cut if one.start < one.end]


def live(life: Life, edits: RandomEdits, account_id: int, check: Callable[[bool], None]) -> None:
    """All edits, a look after every few; twelve hours pass."""
    left = EDITS
    while left > 0:
        some = min(left, random.Random(edits.seed + left).randrange(1, 6))
        for _ in range(some):
            edits.edit()
        left -= some
        life.now = BEGIN + HALF_A_DAY * (EDITS - left) / EDITS
        check(life.sync(account_id))


def assert_equal_to_a_fresh_download(life: Life, edits: RandomEdits, account_id: int) -> None:
    """Objects, occurrences and picture, compared with those of a person who connected just now."""
    fresh = life.account("fresh")
    life.now += timedelta(minutes=1)
    assert life.sync(fresh)
    assert stands_as(edits, life.objects(fresh))
    assert life.objects(account_id) == life.objects(fresh)
    # The replica's window is up to a day behind that of the fresh one.
    begin, end = life.view(fresh, ALWAYS).covered, life.view(account_id, ALWAYS).covered
    window = Interval(max(begin.start, end.start), min(begin.end, end.end))
    assert window.end - window.start > timedelta(days=60)
    assert life.spans(account_id, window) == life.spans(fresh, window)
    busy = clip(life.view(fresh, window).busy, window)
    assert busy and clip(life.view(account_id, window).busy, window) == busy


def test_the_replica_follows_half_a_day_of_edits(
    real_dav: CalDavServer,
    calendars: list[str],
    session: Session,
    make_settings: Callable[..., Settings],
    seed: int,
) -> None:
    """After each look it is exact, and in the end equal to a fresh download."""
    settings = make_settings(CALDAV_ALLOWED_ORIGINS=real_dav.origin, CALDAV_CA_FILE=real_dav.ca_file)
    life = Life(session, settings, real_dav, calendars, real_dav.origin)
    account_id = life.account("sam")
    edits = RandomEdits(real_dav, calendars, seed, BEGIN.date())

    def check(is_complete: bool) -> None:
        assert is_complete, life.troubles
        objects = life.objects(account_id)
        assert stands_as(edits, objects), (edits.entries.keys() ^ objects.keys(), edits.done)

    live(life, edits, account_id, check)
    assert_equal_to_a_fresh_download(life, edits, account_id)


def test_the_replica_follows_through_a_line_with_faults(
    real_dav: CalDavServer,
    calendars: list[str],
    session: Session,
    make_settings: Callable[..., Settings],
    seed: int,
) -> None:
    """Every twentieth request of ours fails somehow; two looks after that ends, the replica is exact."""
    with FaultProxyThread(real_dav.origin, seed=seed) as proxy:
        life = Life(session, make_settings(CALDAV_ALLOWED_ORIGINS=proxy.url), real_dav, calendars, proxy.url)
        account_id = life.account("sam")
        edits = RandomEdits(real_dav, calendars, seed, BEGIN.date())
        # Fewer requests in the short run: more faults among them, that there are some.
        share = (0.05 if EDITS >= 500 else 0.15) / len(FAULTS)
        for fault in FAULTS:
            proxy.add(probability=share, **fault)
        live(life, edits, account_id, lambda _: None)
        hit = sum(bool(entry["faults"]) for entry in proxy.log())
        proxy.clear()
        for _ in range(2):
            life.now += timedelta(minutes=1)
            is_complete = life.sync(account_id)
        print(f"{hit} of {len(proxy.log())} requests faulted, troubles: {sorted(set(life.troubles))}")
        assert is_complete and life.troubles
        assert_equal_to_a_fresh_download(life, edits, account_id)
