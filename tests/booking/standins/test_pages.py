"""What the pages say of a stand-in, in both languages, and what is decided about calls in time off."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date, datetime, timedelta

import pytest
from flask import Flask

from app.accounts.models import AuditEntry
from app.booking.models import Booking
from app.booking.models_kept import KeptCall
from app.lib import wording
from app.lib.db import db
from app.lib.zones import day_interval
from tests.booking.standins.away import ZONE, comes_back, goes_on_leave
from tests.pages.client import PageClient
from tests.support.queries import QueryRecorder
from tests.world import World

Recording = Callable[[], AbstractContextManager[QueryRecorder]]


def book(browser: PageClient, day: date) -> str:
    """A call on that day; the address of its page."""
    span = day_interval(day, ZONE)
    week = browser.get("/book", week=day.isoformat())
    start = next(at for at in week.slots() if span.start <= datetime.fromisoformat(at) < span.end)
    _, page = browser.follow("/book/hold", start=start, call_type="product-support")
    (form,) = page.forms("/book")
    fields = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    address, _ = browser.follow("/book", **{**fields, "way": "video", "topic": ""})
    return address.partition("?")[0]


def test_home_names_the_stand_in_and_until_when(
    vera: PageClient, leave: Callable[..., None], today: date, world: World
) -> None:
    last = today + timedelta(days=6)
    leave(today - timedelta(days=1), last, world.rita)
    page = vera.get("/")
    assert page.heading == world.rita.profile.name
    assert f"Rita stands in for Sam until {wording.day_plain(last, 'en')}." in page.words
    assert f"Stands in for {world.sam.profile.name}" in page.words


def test_home_says_the_same_in_russian(
    pavel: PageClient, leave: Callable[..., None], today: date, world: World
) -> None:
    last = today + timedelta(days=6)
    leave(today, last, world.rita)
    assert wording.day_plain(last, "ru") in pavel.get("/").words


def test_home_announces_who_stands_in_later(
    vera: PageClient, leave: Callable[..., None], workday: date, world: World
) -> None:
    leave(workday, workday, world.rita)
    day = wording.day_plain(workday, "en")
    page = vera.get("/")
    assert page.heading == world.sam.profile.name
    assert f"On {day} Rita stands in for Sam." in page.words


def test_without_anybody_home_tells_the_truth_and_where_help_is(
    vera: PageClient, leave: Callable[..., None], today: date
) -> None:
    last = today + timedelta(days=2)
    leave(today, last)
    words = vera.get("/").words
    assert f"Sam is away until {wording.day_plain(last, 'en')}. Nobody stands in." in words
    assert "Until then the standard support helps you" in words


@pytest.mark.parametrize("is_away_now", [True, False])
def test_without_anybody_home_and_week_lead_to_the_next_time_after_that(
    vera: PageClient, leave: Callable[..., None], today: date, workday: date, is_away_now: bool
) -> None:
    leave(today if is_away_now else workday, workday)
    weeks = (vera.get("/book", week=(workday + timedelta(days=days)).isoformat()) for days in (0, 7))
    ahead = [datetime.fromisoformat(at) for week in weeks for at in week.slots()]
    after = min(at for at in ahead if at >= day_interval(workday, ZONE).end)
    for path in ("/", "/book"):
        page = vera.get(path)
        assert "The next free time after that:" in page.words
        (link,) = page.tree.xpath("//main//a[@class='num']")
        assert link.text_content().endswith(wording.clock(after, "Europe/Berlin"))
        there = vera.get(link.get("href")).slots()
        assert after in [datetime.fromisoformat(at) for at in there]
    # What was free before a later week is not known on its page.
    later = vera.get("/book", week=(workday + timedelta(days=14)).isoformat())
    assert "The next free time after that" not in later.words


def test_the_week_says_whom_each_day_is_with(
    vera: PageClient, leave: Callable[..., None], workday: date, world: World
) -> None:
    leave(workday, workday, world.rita)
    page = vera.get("/book", week=workday.isoformat())
    day = page.tree.get_element_by_id(f"d-{workday}")
    other = page.tree.get_element_by_id(f"d-{workday + timedelta(days=1)}")
    assert "with Rita" in day.text_content() and "with" not in other.find("./h3").getnext().text_content()


def test_a_day_without_anybody_says_so(vera: PageClient, leave: Callable[..., None], workday: date) -> None:
    leave(workday, workday)
    page = vera.get("/book", week=workday.isoformat())
    day = page.tree.get_element_by_id(f"d-{workday}").text_content()
    assert "Sam is away, nobody stands in" in day
    assert not [at for at in page.slots() if at.startswith(workday.isoformat())]


def test_the_details_and_the_call_are_the_stand_ins(
    vera: PageClient, leave: Callable[..., None], workday: date, world: World
) -> None:
    leave(workday, workday, world.rita)
    assert world.rita.profile.name in vera.get(book(vera, workday)).words


def test_a_second_person_costs_a_page_few_queries(
    vera: PageClient, leave: Callable[..., None], workday: date, world: World, count_queries: Recording
) -> None:
    def cost(path: str) -> int:
        vera.get(path)
        with count_queries() as queries:
            vera.get(path)
        return len(queries)

    paths = "/", f"/book?week={workday}"
    before = [cost(path) for path in paths]
    leave(workday, workday, world.rita)
    more = [cost(path) - known for path, known in zip(paths, before, strict=True)]
    # Who stands in, and their calendar (two), reservations and calls; on the week once more, for the reasons.
    assert more[0] <= 5 and more[1] <= 8, more


def test_calls_in_time_off_are_decided_by_who_is_away_or_an_administrator(
    app: Flask, vera: PageClient, leave: Callable[..., None], workday: date, world: World
) -> None:
    number = book(vera, workday).rpartition("/")[2]
    leave(workday, workday, world.rita)
    sam, ada, rita = (PageClient(app, who) for who in (world.sam, world.ada, world.rita))
    assert "decide about it" in sam.get("/schedule").words
    for browser in (sam, ada):
        assert "1 call lies in it and is to be decided" in browser.get("/time-off").words
    assert f"{world.rita.profile.name} stands in" in ada.get("/time-off").words
    rita.post(f"/time-off/calls/{number}/keep", status=404)
    vera.post(f"/time-off/calls/{number}/keep", status=404)
    for _ in range(2):
        address, _ = sam.follow(f"/time-off/calls/{number}/keep")
        assert address == "/time-off"
    assert "is to be decided" not in ada.get("/time-off").words
    with app.app_context():
        assert db.session.query(KeptCall).count() == 1
        assert db.session.query(AuditEntry).filter_by(verb="kept").count() == 1


def test_a_call_that_lies_in_no_time_off_is_not_kept(
    app: Flask, vera: PageClient, workday: date, world: World
) -> None:
    number = book(vera, workday).rpartition("/")[2]
    PageClient(app, world.sam).post(f"/time-off/calls/{number}/keep", status=404)


def test_time_off_is_listed_in_pages_at_a_fixed_cost(
    app: Flask, world: World, today: date, count_queries: Recording
) -> None:
    with app.app_context():
        for day in (today + timedelta(days=2 * n) for n in range(30)):
            goes_on_leave(db.session(), world.sam, day, day)
    ada = PageClient(app, world.ada)
    with count_queries() as queries:
        page = ada.get("/time-off")
    assert len(queries) <= 12, "\n".join(queries.statements)
    further = [link for link in page.links() if "after=" in link]
    assert len(page.tree.xpath("//main//ul[@class='list']/li")) == 25 and len(further) == 1
    assert len(ada.get(further[0]).tree.xpath("//main//ul[@class='list']/li")) == 5
    ada.get("/time-off", after="nonsense")


def test_who_takes_the_call_is_shown_again_before_it_is_booked_with_somebody_else(
    app: Flask, vera: PageClient, leave: Callable[..., None], workday: date, world: World
) -> None:
    leave(workday, workday, world.rita)
    span = day_interval(workday, ZONE)
    week = vera.get("/book", week=workday.isoformat())
    start = next(at for at in week.slots() if span.start <= datetime.fromisoformat(at) < span.end)
    _, page = vera.follow("/book/hold", start=start, call_type="product-support")
    (form,) = page.forms("/book")
    fields = {name: value for name, value in form.fields.items() if name != "csrf_token"} | {"way": "video"}
    with app.app_context():
        comes_back(db.session(), world.sam)
    page = vera.post("/book", 409, **{**fields, "topic": "Import"})
    assert "Sam Horvath takes calls on that day now. Nothing is booked" in page.words
    assert page.tree.xpath("//textarea[@name='topic']")[0].text.strip() == "Import"
    with app.app_context():
        assert db.session.query(Booking).count() == 0
    (form,) = page.forms("/book")
    again = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    _, page = vera.follow("/book", **{**again, "way": "video"})
    assert world.sam.profile.name in page.words
    with app.app_context():
        assert [call.specialist_id for call in db.session.query(Booking)] == [world.sam.id]
