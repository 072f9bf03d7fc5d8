"""The availability editor as its specialist uses it, without JavaScript."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from app.availability.jobs import write_hours
from app.availability.models import HoursEdit, Reservation
from app.availability.preview_page import next_week
from app.calendars.jobs import sync_person
from app.calendars.models import CalendarAccount
from app.calendars.service import choose, connect
from app.ical.availability_hours import read_availability, write_availability
from app.ical.hours import WeeklyRange
from app.ical.hours import write_hours as hours_text
from app.lib import clock
from app.lib.db import db
from app.lib.zones import wall_interval
from tests.pages.client import Page, PageClient
from tests.support.availability_property import availability_of, set_availability
from tests.support.radicale import Radicale, password
from tests.world import World, build_world

ZONE = "Europe/Bratislava"
HOURS = "/sam/hours/"
WEEK = [WeeklyRange(day, time(9), time(17)) for day in range(5)]


@pytest.fixture(autouse=True)
def _one_look(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a worker nothing changes while a page waits: one look is enough."""
    monkeypatch.setattr("app.availability.views.watch", lambda look: look())


@pytest.fixture
def world(app: Flask, radicale: Radicale) -> Iterator[World]:
    """The cast; Sam's hours stand in a real calendar, from 9 to 17."""
    now = clock.now()
    radicale.make_calendar("sam", "work")
    radicale.make_calendar("sam", "hours", "Working hours")
    radicale.put(f"{HOURS}week.ics", hours_text("week", WEEK, ZONE, date(2026, 1, 5), "Hours", now))
    with app.app_context():
        settings = app.extensions["attache"]
        world = build_world(db.session(), now)
        account = connect(
            db.session(), now, settings, world.sam.id, radicale.home("sam"), "sam", password("sam")
        )
        choose(db.session(), account, {"/sam/work/": "busy", HOURS: "working_hours"}, "/sam/work/")
        db.session.commit()
        sync_person(db.session(), settings, now, world.sam.id)
    yield world


@pytest.fixture
def sam(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.sam)


def work(app: Flask) -> None:
    """What the worker would do now."""
    with app.app_context():
        for edit in db.session.scalars(select(HoursEdit.id).where(HoursEdit.state == "waiting")).all():
            write_hours(db.session(), app.extensions["attache"], edit, 0)


def filled(page: Page, **changes: str | None) -> dict[str, Any]:
    """The form of hours as it stands, with changes; None leaves a field out."""
    form = page.forms("/hours")[0]
    fields = {name: value for name, value in form.form_values() if name != "csrf_token"}
    return {name: value for name, value in {**fields, **changes}.items() if value is not None}


def editor(page: Page, key: str) -> list[str]:
    """The times in a day's fields."""
    found = page.tree.findall(".//input[@name]")
    return [item.get("value") for item in found if item.get("name").startswith(f"{key}-") and item.get("id")]


def chips(page: Page) -> tuple[int, int]:
    """How many starts the preview offers, and how many it strikes out."""
    return len(page.tree.findall(".//dl//span[@class='chip']")), len(page.tree.findall(".//dl//s"))


def test_the_editor_shows_the_hours_of_the_calendar_and_what_customers_will_see(sam: PageClient) -> None:
    page = sam.get("/hours")
    assert page.heading == "Availability"
    assert editor(page, "mon") == ["09:00", "17:00"]
    assert editor(page, "sat") == []
    assert "40 h a week" in page.words
    assert "In step" in page.words
    offered, struck = chips(page)
    assert offered + struck <= 80
    assert offered % 16 == 0


def test_saving_writes_the_hours_into_the_calendar(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    wanted = filled(sam.get("/hours"), **{"fri-0-start": "9", "fri-0-end": "2pm", "do": "save"})
    answer = sam.send("/hours", **wanted)
    assert answer.status_code == 303
    waiting = sam.get(answer.location)
    assert "as soon as the calendar answers" in waiting.words
    assert editor(waiting, "fri") == ["09:00", "14:00"]
    work(app)
    page = sam.get(answer.location)
    assert "Your hours stand in the calendar." in page.words
    assert editor(page, "fri") == ["09:00", "14:00"]
    assert "37 h a week" in page.words
    assert len(radicale.paths(HOURS)) == 2


def test_a_wrong_range_is_refused_with_a_proposal_and_nothing_is_saved(app: Flask, sam: PageClient) -> None:
    page = sam.post("/hours", 422, **filled(sam.get("/hours"), **{"tue-0-end": "5:00", "do": "save"}))
    assert page.title.startswith("Error:")
    assert "Tue: Ends before it starts. Did you mean 17:00?" in page.words
    assert "#tue-0-end" in page.links()
    assert editor(page, "tue") == ["09:00", "05:00"]
    with app.app_context():
        assert db.session.scalars(select(HoursEdit)).all() == []


def test_add_remove_and_copy_work_without_a_script(app: Flask, sam: PageClient) -> None:
    fields = filled(sam.get("/hours"))
    page = sam.post("/hours", **{**fields, "do": "add:sat"})
    assert editor(page, "sat") == ["09:00", "17:00"]
    page = sam.post("/hours", **{**filled(page, **{"sat-0-end": "12"}), "do": "copy:sat", "copy-sat": "sun"})
    assert editor(page, "sun") == ["09:00", "12:00"]
    page = sam.post("/hours", **{**filled(page), "do": "remove:mon:0"})
    assert editor(page, "mon") == []
    with app.app_context():
        assert db.session.scalars(select(HoursEdit)).all() == []


def test_enter_shows_the_result_and_saves_nothing(sam: PageClient) -> None:
    fields = filled(sam.get("/hours"))
    first = sam.get("/hours").forms("/hours")[0].find(".//button")
    assert first.get("value") == "preview"
    page = sam.post("/hours", **{**fields, "mon-0-start": "10", "do": "preview"})
    assert editor(page, "mon") == ["10:00", "17:00"]


def test_the_preview_follows_the_form(sam: PageClient) -> None:
    fields = filled(sam.get("/hours"))
    for key in ("tue", "wed", "thu", "fri"):
        del fields[f"{key}-on"]
    text = sam.send("/hours/preview", **{**fields, "mon-0-end": "12"}).get_data(as_text=True)
    assert "<html" not in text
    assert text.count('<span class="chip">') in {0, 6}
    assert "Not working" in text


def test_calls_outside_the_new_hours_are_counted(app: Flask, world: World, sam: PageClient) -> None:
    day = next_week(clock.now(), ZONE)[1]
    call = wall_interval(day, time(16), time(16, 30), ZONE)
    with app.app_context():
        row = {"person_id": world.sam.id, "starts_at": call.start, "ends_at": call.end, "kind": "booking"}
        db.session.execute(insert(Reservation).values(**row))
        db.session.commit()
    page = sam.get("/hours")
    assert "falls outside" not in page.words
    page = sam.post("/hours", **filled(page, **{"tue-0-end": "16:00", "do": "preview"}))
    assert "1 booked call falls outside the new hours" in page.words


def test_hours_changed_elsewhere_are_shown_beside_ones_own(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    wanted = filled(sam.get("/hours"), **{"mon-0-start": "8", "do": "save"})
    answer = sam.send("/hours", **wanted)
    late = [WeeklyRange(day, time(10), time(18)) for day in range(5)]
    radicale.put(f"{HOURS}week.ics", hours_text("week", late, ZONE, date(2026, 1, 5), "Hours", clock.now()))
    work(app)
    page = sam.get(answer.location, 409)
    assert page.heading == "Your hours were changed elsewhere"
    assert "08:00–17:00" in page.words
    assert "10:00–18:00" in page.words
    answer = sam.send("/hours", **filled(page, do="save"))
    work(app)
    assert "Your hours stand in the calendar." in sam.get(answer.location).words
    assert editor(sam.get("/hours"), "mon") == ["08:00", "17:00"]


def test_a_form_from_before_a_change_does_not_overwrite_it(
    app: Flask, world: World, sam: PageClient, radicale: Radicale
) -> None:
    fields = filled(sam.get("/hours"), do="save")
    late = [WeeklyRange(day, time(10), time(18)) for day in range(5)]
    radicale.put(f"{HOURS}week.ics", hours_text("week", late, ZONE, date(2026, 1, 5), "Hours", clock.now()))
    with app.app_context():
        sync_person(db.session(), app.extensions["attache"], clock.now(), world.sam.id)
    assert "10:00–18:00" in sam.post("/hours", 409, **fields).words


def test_hours_in_the_servers_availability_are_edited_and_compared_like_those_in_a_calendar(
    app: Flask, world: World, sam: PageClient, radicale: Radicale
) -> None:
    def elsewhere(hour: int) -> None:
        ranges = [WeeklyRange(day, time(hour), time(18)) for day in range(5)]
        text = write_availability("week", ranges, ZONE, date(2026, 1, 5), clock.now())
        set_availability(radicale, "/sam/", text)

    elsewhere(10)
    with app.app_context():
        account = db.session.scalars(select(CalendarAccount)).one()
        purposes = {"/sam/work/": "busy", "/sam/": "working_hours"}
        choose(db.session(), account, purposes, "/sam/work/", sources={"/sam/": "property"})
        db.session.commit()
        sync_person(db.session(), app.extensions["attache"], clock.now(), world.sam.id)
    page = sam.get("/hours")
    assert "These hours are the availability on your calendar server." in page.words
    assert editor(page, "mon") == ["10:00", "18:00"]
    answer = sam.send("/hours", **filled(page, **{"mon-0-start": "8", "do": "save"}))
    elsewhere(11)
    work(app)
    page = sam.get(answer.location, 409)
    assert "08:00–18:00" in page.words
    assert "11:00–18:00" in page.words
    answer = sam.send("/hours", **filled(page, do="save"))
    work(app)
    assert "Your hours stand in the calendar." in sam.get(answer.location).words
    theirs = read_availability(availability_of(radicale, "/sam/"), ZONE)
    assert theirs is not None
    assert {item.start.hour for item in theirs.ranges} == {8, 10}


def test_time_off_goes_into_the_calendar_and_out_again(app: Flask, sam: PageClient) -> None:
    first = clock.now().date() + timedelta(days=10)
    days = {"first_day": first.isoformat(), "last_day": (first + timedelta(days=4)).isoformat()}
    answer = sam.send("/hours/time-off", title="Leave", **days)
    assert answer.status_code == 303
    assert "not in the calendar yet" in sam.get("/hours").words
    work(app)
    page = sam.get(answer.location)
    assert "Your time off stands in the calendar." in page.words
    removal = page.forms("/hours/time-off/")[0]
    answer = sam.send(removal.get("action"))
    assert "is being removed" in sam.get("/hours").words
    work(app)
    page = sam.get(answer.location)
    assert "The time off is removed from the calendar." in page.words
    assert page.forms("/hours/time-off/") == []


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ({"first_day": "", "last_day": ""}, "Enter a day."),
        ({"first_day": "tomorrow", "last_day": ""}, "Enter a day like"),
        ({"first_day": "2099-01-02", "last_day": "2099-01-01"}, "Ends before it begins."),
        ({"first_day": "2020-01-02", "last_day": "2020-01-03"}, "These days are over."),
        ({"first_day": "2099-01-02", "last_day": "2099-01-03"}, "too far ahead"),
        ({"first_day": "2099-01-02", "stand_in": "nobody"}, "Choose somebody from the list."),
    ],
)
def test_days_that_cannot_be_meant_are_refused(sam: PageClient, days: dict[str, str], problem: str) -> None:
    page = sam.post("/hours/time-off", 422, title="Leave", **days)
    assert problem in page.words


def test_hours_that_the_form_cannot_show_are_named(
    app: Flask, world: World, sam: PageClient, radicale: Radicale
) -> None:
    text = hours_text("other", WEEK[:1], ZONE, date(2026, 1, 5), "Every second Monday", clock.now())
    radicale.put(f"{HOURS}other.ics", text.replace("FREQ=WEEKLY", "FREQ=WEEKLY;INTERVAL=2"))
    with app.app_context():
        sync_person(db.session(), app.extensions["attache"], clock.now(), world.sam.id)
    page = sam.get("/hours")
    assert "stay as they are: Every second Monday" in page.words
    assert editor(page, "mon") == ["09:00", "17:00"]


def test_somebody_elses_time_off_is_not_there(sam: PageClient) -> None:
    assert sam.post("/hours/time-off/0123456789abcdef/remove", 404).heading == "There is nothing here"


def test_another_persons_edit_tells_nothing(app: Flask, world: World, sam: PageClient) -> None:
    answer = sam.send("/hours", **filled(sam.get("/hours"), do="save"))
    rita = PageClient(app, world.rita).get(answer.location)
    assert "as soon as the calendar answers" not in rita.words
    assert "Customers see no times" in rita.words


def test_customers_do_not_come_in(app: Flask, world: World) -> None:
    vera = PageClient(app, world.vera)
    vera.get("/hours", 404)
    vera.post("/hours", 404, do="save")
