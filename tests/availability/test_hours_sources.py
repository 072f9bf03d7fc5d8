"""Working hours from each place they can live in: read by sync, changed by others, written by the editor."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability import service_hours
from app.availability.holidays import holiday_names
from app.availability.hours_plan import left_alone, ranges_of
from app.availability.jobs import write_hours
from app.availability.models import HoursEdit
from app.availability.service import offer_slots
from app.availability.slots import SlotRules
from app.calendars.jobs import sync_person
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect
from app.calendars.syncing.reading import digest_of
from app.config import Settings
from app.ical.availability_hours import read_availability, write_availability
from app.ical.hours import WeeklyRange, read_hours
from app.ical.hours import write_hours as hours_text
from app.lib import clock
from app.lib.db import write
from app.lib.zones import day_interval, local
from tests.ical.values import event
from tests.support.availability_property import availability_of, set_availability
from tests.support.radicale import Radicale, password
from tests.world import build_world

ZONE = "Europe/Bratislava"
HOME, WORK, HOURS, KEPT = "/sam/", "/sam/work/", "/sam/hours/", "kept:hours"
LONG = [WeeklyRange(day, time(9), time(17)) for day in range(5)]
SHORT = [WeeklyRange(day, time(10), time(12)) for day in range(5)]
RULES = SlotRules(*(timedelta(minutes=n) for n in (60, 60, 0, 0, 0)), timedelta(days=56), 50)
SOURCES = {"collection": HOURS, "property": HOME, "kept": KEPT}


@dataclass
class Ground:
    """Sam, her server, and where her hours live."""

    session: Session
    settings: Settings
    radicale: Radicale
    sam: Any
    source: str

    @property
    def user(self) -> Any:
        return self.sam.user

    def sync(self) -> None:
        sync_person(self.session, self.settings, clock.now(), self.sam.id)

    def elsewhere(self, ranges: list[WeeklyRange]) -> None:
        """Another program sets the week."""
        now, first = clock.now(), date(2026, 1, 5)
        if self.source == "property":
            set_availability(self.radicale, HOME, write_availability("theirs", ranges, ZONE, first, now))
        else:
            self.radicale.put(f"{HOURS}week.ics", hours_text("week", ranges, ZONE, first, "Hours", now))

    def seen_elsewhere(self) -> set[WeeklyRange]:
        """The week as another program reads it."""
        if self.source == "property":
            found = [read_availability(availability_of(self.radicale, HOME), ZONE)]
        else:
            found = [read_hours(self.radicale.get(path), ZONE) for path in self.radicale.paths(HOURS)]
        return {one for item in found if item is not None for one in item.ranges}

    def here(self) -> list[WeeklyRange]:
        return list(ranges_of(service_hours.current_hours(self.session, self.sam.id, ZONE)))

    def offered(self, ahead: int = 0) -> list[int]:
        """The full hours at which calls are offered on a working day next week, on Sam's clock."""
        span = day_interval(working_day(clock.now(), ahead), ZONE)
        offer = offer_slots(self.session, clock.now(), self.settings, self.sam.profile, RULES, span)
        self.session.rollback()
        return [local(slot.start, ZONE).hour for slot in offer.slots]

    def do(self, work: Callable[[Session], str]) -> HoursEdit:
        """Save an edit and carry it out."""
        public_id = write(self.session, [self.sam.id], work)
        return self.carry_out(public_id)

    def carry_out(self, public_id: str) -> HoursEdit:
        number = self.session.scalars(select(HoursEdit.id).where(HoursEdit.public_id == public_id)).one()
        write_hours(self.session, self.settings, number, 0)
        self.session.expire_all()
        return self.session.get_one(HoursEdit, number)

    def save(self, ranges: list[WeeklyRange]) -> Callable[[Session], str]:
        existing = service_hours.current_hours(self.session, self.sam.id, ZONE)
        return lambda s: service_hours.save_week(s, clock.now(), self.user, ranges, existing, "Working hours")


def working_day(now: datetime, ahead: int = 0) -> date:
    """A weekday at least three days ahead that is no holiday."""
    first = local(now, ZONE).date()
    days = [first + timedelta(days=n) for n in range(3, 30)]
    closed = holiday_names("SK", {day.year for day in days})
    return [day for day in days if day.weekday() < 5 and day not in closed][ahead]


@pytest.fixture
def ground(request: Any, session: Session, settings: Settings, radicale: Radicale) -> Ground:
    """Sam with hours in the place that the test asks for, still without any."""
    source = getattr(request, "param", "property")
    now = clock.now()
    sam = build_world(session, now).sam
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours", "Working hours")
    account = connect(session, now, settings, sam.id, radicale.home("sam"), "sam", password("sam"))
    href = SOURCES[source]
    choose(session, account, {WORK: "busy", href: "working_hours"}, WORK, sources={href: source})
    session.commit()
    return Ground(session, settings, radicale, sam, source)


on_the_server = pytest.mark.parametrize("ground", ["collection", "property"], indirect=True)
anywhere = pytest.mark.parametrize("ground", list(SOURCES), indirect=True)


@on_the_server
def test_hours_changed_in_another_program_change_what_is_offered_after_the_next_look(ground: Ground) -> None:
    ground.elsewhere(LONG)
    ground.sync()
    assert ground.offered() == [9, 10, 11, 12, 13, 14, 15, 16]
    ground.elsewhere(SHORT)
    ground.sync()
    assert ground.offered() == [10, 11]


@pytest.mark.postgres
@anywhere
def test_hours_saved_here_are_offered_and_stand_where_they_live(ground: Ground) -> None:
    ground.sync()
    for week in (LONG, SHORT):
        edit = ground.do(ground.save(week))
        assert (edit.state, edit.detail) == ("done", "")
        assert ground.here() == week
        assert ground.source == "kept" or ground.seen_elsewhere() == set(week)
    assert ground.offered() == [10, 11]
    ground.sync()
    assert ground.here() == SHORT
    assert ground.offered() == [10, 11]


@on_the_server
def test_hours_changed_elsewhere_while_the_form_was_open_are_not_overwritten(ground: Ground) -> None:
    ground.elsewhere(LONG)
    ground.sync()
    save = ground.save(LONG[:2])
    ground.elsewhere(SHORT)
    assert ground.do(save).state == "conflict"
    assert ground.seen_elsewhere() == set(SHORT)
    assert ground.here() == SHORT


@anywhere
def test_two_changes_saved_one_after_the_other_are_both_carried_out(ground: Ground) -> None:
    ground.sync()
    first, second = (write(ground.session, [ground.sam.id], ground.save(week)) for week in (LONG, SHORT))
    assert ground.carry_out(first).state == ground.carry_out(second).state == "done"
    assert ground.here() == SHORT


@pytest.mark.postgres
@anywhere
def test_time_off_closes_the_day_and_can_be_taken_back(ground: Ground) -> None:
    ground.sync()
    ground.do(ground.save(LONG))
    day = working_day(clock.now())
    now = clock.now()
    edit = ground.do(lambda s: service_hours.add_time_off(s, now, ground.user, day, day, "Leave"))
    assert (edit.state, edit.detail) == ("done", "")
    home = HOURS if ground.source == "collection" else WORK
    (path,) = [item for item in ground.radicale.paths(home) if "Leave" in ground.radicale.get(item)]
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in ground.radicale.get(path)
    assert (ground.offered(), ground.offered(1) != []) == ([], True)
    ground.sync()
    assert ground.offered() == []
    existing = service_hours.current_hours(ground.session, ground.sam.id, ZONE)
    (off,) = [item for item in existing if item.hours.is_time_off]
    assert (off.hours.summary, off.hours.first_day) == ("Leave", day)
    assert ground.do(lambda s: service_hours.remove_time_off(s, now, ground.user, off)).state == "done"
    assert path not in ground.radicale.paths(home)
    assert len(ground.offered()) == 8


def test_what_the_form_cannot_show_stays_in_the_property(ground: Ground) -> None:
    ground.elsewhere(LONG)
    text = availability_of(ground.radicale, HOME)
    day = working_day(clock.now())
    fair = [
        "BEGIN:VAVAILABILITY", "UID:fair", "PRIORITY:1", "SUMMARY:Fair in Hanover", "X-COLOR:red",
        f"DTSTART;TZID={ZONE}:{day:%Y%m%d}T000000", "DURATION:P1D", "BEGIN:AVAILABLE", "UID:f",
        f"DTSTART;TZID={ZONE}:{day:%Y%m%d}T140000", "DURATION:PT2H", "END:AVAILABLE", "END:VAVAILABILITY",
    ]  # fmt: skip
    both = text.replace("END:VCALENDAR", "\n".join([*fair, "END:VCALENDAR"]))
    set_availability(ground.radicale, HOME, both)
    ground.sync()
    assert ground.offered() == [14, 15]
    existing = service_hours.current_hours(ground.session, ground.sam.id, ZONE)
    assert left_alone(existing)[0].hours.others == ("Fair in Hanover",)
    assert ground.do(ground.save(SHORT)).state == "done"
    after = availability_of(ground.radicale, HOME)
    assert all(line in after for line in fair)
    assert (ground.offered(), ground.offered(1)) == ([14, 15], [10, 11])


def test_a_property_that_cannot_be_read_is_not_overwritten(ground: Ground) -> None:
    set_availability(ground.radicale, HOME, "BEGIN:VCALENDAR\nBEGIN:VAVAILABILITY\n")
    ground.sync()
    edit = ground.do(ground.save(LONG))
    assert (edit.state, edit.detail) == ("failed", "unreadable")
    assert "END:" not in availability_of(ground.radicale, HOME)


def test_an_attempt_after_a_crash_finds_the_property_that_it_wrote(ground: Ground) -> None:
    ground.elsewhere(LONG)
    ground.sync()
    first = write(ground.session, [ground.sam.id], ground.save(SHORT))
    before = availability_of(ground.radicale, HOME)
    assert ground.carry_out(first).state == "done"
    row = ground.session.scalars(select(HoursEdit)).one()
    # As it was when the process ended between the server's answer and our own note of it.
    row.state, row.base = "waiting", {HOME: digest_of(before)}
    ground.session.commit()
    assert ground.carry_out(first).state == "done"
    assert ground.seen_elsewhere() == set(SHORT)


@pytest.mark.parametrize("ground", ["property", "kept"], indirect=True)
def test_time_off_without_a_calendar_for_bookings_fails_and_says_why(ground: Ground) -> None:
    account = ground.session.scalars(select(CalendarAccount)).one()
    href = SOURCES[ground.source]
    purposes = {WORK: "busy", href: "working_hours"}
    choose(ground.session, account, purposes, None, sources={href: ground.source})
    ground.session.commit()
    day = working_day(clock.now())
    edit = ground.do(lambda s: service_hours.add_time_off(s, clock.now(), ground.user, day, day, "Leave"))
    assert (edit.state, edit.detail) == ("failed", "no_booking_calendar")


@pytest.mark.parametrize("ground", ["collection"], indirect=True)
@pytest.mark.parametrize("transparency", ["OPAQUE", "TRANSPARENT"])
def test_whole_days_of_another_program_are_time_off(ground: Ground, transparency: str) -> None:
    ground.elsewhere(LONG)
    first, last = working_day(clock.now()), working_day(clock.now(), 1)
    days = [f"DTSTART;VALUE=DATE:{first:%Y%m%d}", f"DTEND;VALUE=DATE:{last + timedelta(days=1):%Y%m%d}"]
    text = event(*days, "SUMMARY:Out of office", f"TRANSP:{transparency}", "DTSTAMP:20260101T000000Z")
    ground.radicale.put(f"{HOURS}away.ics", text)
    ground.sync()
    assert (ground.offered(), ground.offered(1)) == ([], [])
    assert len(ground.offered(2)) == 8
