"""Saved hours on their way into a real calendar."""

from collections.abc import Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.availability import jobs, service_hours
from app.availability.hours_edit import make_steps
from app.availability.hours_plan import ranges_of
from app.availability.jobs import write_hours
from app.availability.models import HoursEdit
from app.calendars.errors import NotReached
from app.calendars.jobs import sync_person
from app.calendars.service import choose, connect
from app.config import Settings
from app.ical.hours import WeeklyRange, read_hours
from app.ical.hours import write_hours as hours_text
from app.lib import clock
from app.lib.db import write
from tests.support.radicale import Radicale, password
from tests.world import build_world

ZONE = "Europe/Bratislava"
HOURS = "/sam/hours/"
WEEK = [WeeklyRange(day, time(9), time(17)) for day in range(5)]
SHORT = [WeeklyRange(day, time(9), time(14)) for day in range(5)]


@pytest.fixture
def sam(session: Session, settings: Settings, radicale: Radicale) -> Any:
    """Sam with a real calendar that holds her week from 9 to 17, copied."""
    now = clock.now()
    sam = build_world(session, now).sam
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours", "Working hours")
    radicale.put(f"{HOURS}week.ics", hours_text("week", WEEK, ZONE, date(2026, 1, 5), "Hours", now))
    account = connect(session, now, settings, sam.id, radicale.home("sam"), "sam", password("sam"))
    choose(session, account, {"/sam/work/": "busy", HOURS: "working_hours"}, "/sam/work/")
    session.commit()
    sync_person(session, settings, now, sam.id)
    return sam.user


def save(session: Session, sam: Any, ranges: Sequence[WeeklyRange]) -> int:
    existing = service_hours.current_hours(session, sam.id, ZONE)
    write(
        session,
        [sam.id],
        lambda s: service_hours.save_week(s, clock.now(), sam, ranges, existing, "Working hours"),
    )
    return session.scalars(select(HoursEdit.id).order_by(HoursEdit.id.desc())).first() or 0


def state(session: Session, edit_id: int) -> str:
    session.expire_all()
    return session.get_one(HoursEdit, edit_id).state


def on_server(radicale: Radicale) -> list[tuple[str, tuple[WeeklyRange, ...]]]:
    found = [read_hours(radicale.get(path), ZONE) for path in radicale.paths(HOURS)]
    return sorted((item.summary, item.ranges) for item in found if item is not None)


def here(session: Session, sam: Any) -> tuple[WeeklyRange, ...]:
    return ranges_of(service_hours.current_hours(session, sam.id, ZONE))


def test_saved_hours_stand_in_the_calendar_and_here_at_once(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    wanted = [*WEEK[:4], WeeklyRange(4, time(9), time(14)), WeeklyRange(4, time(15), time(16))]
    edit = save(session, sam, wanted)
    assert write_hours(session, settings, edit, 0) is None
    assert state(session, edit) == "done"
    assert [ranges for _name, ranges in on_server(radicale)] == [
        tuple(WEEK[:4]),
        (wanted[4],),
        (wanted[5],),
    ]
    assert here(session, sam) == tuple(sorted(wanted))


def test_a_day_left_out_in_another_client_stays_left_out(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    text = radicale.get(f"{HOURS}week.ics")
    exception = "EXDATE;TZID=Europe/Bratislava:20261123T090000\r\nRRULE"
    radicale.put(f"{HOURS}week.ics", text.replace("RRULE", exception, 1))
    sync_person(session, settings, clock.now(), sam.id)
    edit = save(session, sam, WEEK[:4])
    write_hours(session, settings, edit, 0)
    assert state(session, edit) == "done"
    assert "20261123T090000" in radicale.get(f"{HOURS}week.ics")


def test_hours_edited_elsewhere_meanwhile_are_not_overwritten(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    edit = save(session, sam, SHORT)
    late = [WeeklyRange(day, time(10), time(18)) for day in range(5)]
    radicale.put(f"{HOURS}week.ics", hours_text("week", late, ZONE, date(2026, 1, 5), "Hours", clock.now()))
    assert write_hours(session, settings, edit, 0) is None
    assert state(session, edit) == "conflict"
    assert on_server(radicale) == [("Hours", tuple(late))]
    assert here(session, sam) == tuple(late)


def test_a_dead_server_is_tried_again_later(
    session: Session, settings: Settings, radicale: Radicale, sam: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: Any, **_named: Any) -> bool:
        raise NotReached("refused")

    edit = save(session, sam, SHORT)
    with monkeypatch.context() as patch:
        patch.setattr(jobs, "sync_account", away)
        pause = write_hours(session, settings, edit, 0)
    assert pause is not None
    assert timedelta(0) < pause < timedelta(seconds=1)
    assert state(session, edit) == "waiting"
    assert write_hours(session, settings, edit, 1) is None
    assert on_server(radicale) == [("Working hours", tuple(SHORT))]


@pytest.mark.parametrize("done_before", [0, 1, 2])
def test_an_attempt_after_a_crash_finds_its_own_writes(
    session: Session, settings: Settings, radicale: Radicale, sam: Any, done_before: int
) -> None:
    """Killed after some of the writes reached the server, before they were noted here."""
    number = save(session, sam, SHORT)
    edit = service_hours.edit_by_id(session, number)
    assert edit is not None
    existing = service_hours.current_hours(session, sam.id, ZONE)
    place = service_hours.hours_place(session, sam.id)
    assert place is not None
    steps = make_steps(edit, existing, place, clock.now().date())
    assert [step.verb for step in steps] == ["create", "delete"]
    write(session, [], lambda s: service_hours.write_down_steps(s, number, steps))
    for step in steps[:done_before]:
        if step.verb == "create":
            radicale.put(step.href, step.text)
        else:
            radicale.delete(step.href)
    assert write_hours(session, settings, number, 1) is None
    assert state(session, number) == "done"
    assert on_server(radicale) == [("Working hours", tuple(SHORT))]
    assert here(session, sam) == tuple(SHORT)


def test_two_changes_saved_one_after_the_other_are_both_carried_out(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    first, second = save(session, sam, SHORT), save(session, sam, WEEK[:2])
    write_hours(session, settings, first, 0)
    write_hours(session, settings, second, 0)
    assert (state(session, first), state(session, second)) == ("done", "done")
    assert here(session, sam) == tuple(WEEK[:2])


def test_time_off_is_written_as_an_event_and_removed_again(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    days = date(2026, 12, 7), date(2026, 12, 11)
    write(session, [sam.id], lambda s: service_hours.add_time_off(s, clock.now(), sam, *days, "Leave"))
    edit = session.scalars(select(HoursEdit.id)).one()
    write_hours(session, settings, edit, 0)
    assert state(session, edit) == "done"
    off = [item for item in service_hours.current_hours(session, sam.id, ZONE) if item.hours.is_time_off]
    assert [(item.hours.summary, item.hours.first_day, item.hours.last_day) for item in off] == [
        ("Leave", *days)
    ]
    write(session, [sam.id], lambda s: service_hours.remove_time_off(s, clock.now(), sam, off[0]))
    write_hours(session, settings, edit + 1, 0)
    assert state(session, edit + 1) == "done"
    assert radicale.paths(HOURS) == [f"{HOURS}week.ics"]


def test_time_off_that_was_changed_elsewhere_is_not_removed(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    days = date(2026, 12, 7), date(2026, 12, 11)
    write(session, [sam.id], lambda s: service_hours.add_time_off(s, clock.now(), sam, *days, "Leave"))
    edit = session.scalars(select(HoursEdit.id)).one()
    write_hours(session, settings, edit, 0)
    off = [item for item in service_hours.current_hours(session, sam.id, ZONE) if item.hours.is_time_off]
    write(session, [sam.id], lambda s: service_hours.remove_time_off(s, clock.now(), sam, off[0]))
    radicale.put(off[0].href, off[0].text.replace("Leave", "Conference"))
    write_hours(session, settings, edit + 1, 0)
    assert state(session, edit + 1) == "conflict"
    assert ("Conference", ()) in on_server(radicale)


def test_without_a_calendar_for_hours_the_edit_fails_and_says_why(
    session: Session, settings: Settings, radicale: Radicale, sam: Any
) -> None:
    edit = save(session, sam, SHORT)
    account = connect(session, clock.now(), settings, sam.id, radicale.home("sam"), "sam", password("sam"))
    choose(session, account, {"/sam/work/": "busy"}, "/sam/work/")
    session.commit()
    assert write_hours(session, settings, edit, 0) is None
    assert state(session, edit) == "failed"
