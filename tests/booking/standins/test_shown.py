"""Who was shown for a series and in the waiting list is asked about again before it is somebody else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask

from app.booking.models import Booking, Hold, Waiting
from app.booking.waiting.jobs import waiting_pass
from app.calendars.models import CalendarPicture
from app.lib.db import db
from app.lib.intervals import Interval
from app.lib.packed import pack
from app.lib.zones import day_interval
from app.mail.models import OutgoingMail
from tests.booking.series.test_views import booked_by, fields, later, review
from tests.booking.standins.away import ZONE, comes_back, stands_in
from tests.booking.waiting.test_waiting_views import join
from tests.pages.client import Page, PageClient
from tests.world import Member, World

Leave = Callable[..., None]
OTHERS = "takes calls on that day now. Nothing is booked until you confirm again."


def start_on(browser: PageClient, day: date, number: int = 0) -> str:
    span = day_interval(day, ZONE)
    week = browser.get("/book", week=day.isoformat())
    return [at for at in week.slots() if span.start <= datetime.fromisoformat(at) < span.end][number]


def row_of(page: Page, number: int) -> str:
    found = page.tree.xpath(f"//main//*[@name='call-{number}']/ancestor::label | //*[@id='call-{number}']")
    return " ".join(" ".join(item.text_content().split()) for item in found)


def whose(app: Flask) -> list[int]:
    with app.app_context():
        return [call.specialist_id for call in db.session.query(Booking).order_by(Booking.starts_at)]


def put_busy(app: Flask, member: Member, busy: list[Interval]) -> None:
    with app.app_context():
        mine = db.session.query(CalendarPicture).filter_by(person_id=member.id)
        mine.update({"busy": pack(busy)})
        db.session.commit()


def returns(app: Flask, world: World) -> None:
    with app.app_context():
        comes_back(db.session(), world.sam)


def test_each_date_of_a_series_names_who_stands_in_and_so_does_each_time_near_it(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    leave(workday, workday + timedelta(days=1), world.rita)
    first = start_on(vera, workday - timedelta(days=7))
    page = review(vera, first)
    assert "with Rita, who stands in for Sam" in row_of(page, 1)
    assert "with" not in row_of(page, 0)
    moment = datetime.fromisoformat(later(first, 1))
    put_busy(app, world.rita, [Interval(moment, moment + timedelta(minutes=30))])
    assert row_of(review(vera, first), 1).count("with Rita, who stands in for Sam") >= 3


def test_a_series_is_shown_again_before_dates_of_it_are_booked_with_somebody_else(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    leave(workday, workday, world.rita)
    first = start_on(vera, workday - timedelta(days=7))
    sent = fields(review(vera, first)) | {"topic": "Import"}
    del sent["call-2"]
    returns(app, world)
    page = vera.post("/book/series", 409, **sent)
    assert f"Sam Horvath {OTHERS}" in page.words and page.title.startswith("Error:")
    assert whose(app) == []
    again = fields(page)
    assert again["topic"] == "Import" and again["call-1"] == sent["call-1"] and "call-2" not in again
    vera.follow("/book/series", **again)
    assert whose(app) == [world.sam.id] * 2


def test_a_date_that_the_other_person_has_no_time_for_comes_with_their_times_near_it(
    app: Flask, vera: PageClient, leave: Leave, workday: date, world: World
) -> None:
    first = start_on(vera, workday - timedelta(days=7))
    moment = datetime.fromisoformat(later(first, 1))
    put_busy(app, world.rita, [Interval(moment, moment + timedelta(minutes=30))])
    sent = fields(review(vera, first))
    leave(workday, workday, world.rita)
    page = vera.post("/book/series", 409, **sent)
    assert f"{world.rita.profile.name} {OTHERS}" in page.words and "That time is taken." in page.words
    again = fields(page)
    assert again["call-1"] in page.radios("call-1") and again["call-1"] not in {"", sent["call-1"]}
    vera.follow("/book/series", **again)
    assert whose(app) == [world.sam.id, world.rita.id, world.sam.id]


def test_a_time_near_one_that_is_gone_is_booked_with_whom_it_names(
    app: Flask, vera: PageClient, pavel: PageClient, leave: Leave, workday: date, world: World
) -> None:
    day = day_interval(workday, ZONE)
    start = start_on(vera, workday, -1)
    _, page = vera.follow("/book/hold", start=start, call_type="product-support")
    (form,) = page.forms("/book")
    sent = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    vera.send("/book/hold", start=start_on(vera, workday + timedelta(days=7)), call_type="product-support")
    booked_by(pavel, start)
    put_busy(app, world.sam, [day])
    leave(workday + timedelta(days=1), workday + timedelta(days=1), world.rita)
    page = vera.post("/book", 409, **sent | {"way": "video", "topic": "Import"})
    chosen = next(at for at in page.radios() if datetime.fromisoformat(at) >= day.end)
    assert "with Rita, who stands in for Sam" in page.words
    (form,) = page.forms("/book")
    again = {name: value for name, value in form.form_values() if name != "csrf_token"}
    vera.follow("/book", **again | {"start": chosen})
    assert whose(app)[-1] == world.rita.id


@pytest.fixture
def offered(
    app: Flask, vera: PageClient, leave: Leave, today: date, world: World, now: datetime
) -> tuple[str, Page]:
    """Sam is away for two months; one of Rita's times came free and is offered to Vera: its page."""
    put_busy(app, world.sam, [Interval(now, now + timedelta(days=70))])
    address, _ = join(vera)
    leave(today, today + timedelta(days=65), world.rita)
    with app.app_context():
        # The first pass puts her into Rita's line.
        for _ in range(2):
            waiting_pass(db.session(), app.extensions["attache"], now)
    return address, vera.get(address)


def take(page: Page) -> dict[str, str]:
    (form,) = [form for form in page.forms() if form.get("action").endswith("/take")]
    return {name: value for name, value in form.fields.items() if name != "csrf_token"}


def test_an_offer_names_the_stand_in_on_its_page_and_in_its_mail(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    assert page.heading == "A time came free"
    assert "with Rita, who stands in for Sam" in page.words and "We keep it for you until" in page.words
    with app.app_context():
        (mail,) = db.session.query(OutgoingMail).filter(OutgoingMail.subject_key.contains(":offer:"))
        text = message_from_bytes(mail.content, policy=policy.default).get_body(("plain",)).get_content()
    assert f"With: {world.rita.profile.name}, who stands in for Sam Horvath" in text
    _, details = vera.follow(f"{address}/take", **take(page))
    assert world.rita.profile.name in details.words


def test_an_offer_is_shown_again_before_it_is_taken_of_somebody_else(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    sent = take(page)
    returns(app, world)
    put_busy(app, world.sam, [])
    told = vera.post(f"{address}/take", 409, **sent)
    assert f"Sam Horvath {OTHERS}" in told.words
    # Hers is kept, not his.
    assert "We keep it for you until" not in told.words
    assert f"Sam Horvath {OTHERS}" in vera.get(address).words
    with app.app_context():
        assert db.session.query(Hold).count() == 0
    _, details = vera.follow(f"{address}/take", **take(told))
    assert "Sam Horvath" in details.words
    with app.app_context():
        assert db.session.query(Hold).one().specialist_id == world.sam.id
        assert db.session.query(Waiting).one().reservation_id is None


def test_an_offer_of_a_day_on_which_nobody_serves_any_more_says_so(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    with app.app_context():
        stands_in(db.session(), None, world.sam)
    told = vera.get(address)
    assert "Nobody stands in." in told.words and "We keep it for you until" not in told.words
    assert [form for form in told.forms() if form.get("action").endswith("/take")] == []
    vera.post(f"{address}/take", 422, **take(page))


def test_times_that_are_free_in_place_of_waiting_name_whom_they_are_with(
    app: Flask, vera: PageClient, leave: Leave, today: date, world: World, now: datetime
) -> None:
    (form,) = vera.get("/waiting", call_type="product-support").forms("/waiting")
    sent = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    leave(today, today + timedelta(days=65), world.rita)
    page = vera.post("/waiting", 409, **sent)
    assert page.words.count("with Rita, who stands in for Sam") == 3
    start = page.radios()[0]
    choices = {
        item.get("name"): item.get("value") for item in page.tree.xpath("//form//input[@type='hidden']")
    }
    shown = {name: value for name, value in choices.items() if name.startswith("specialist-")}
    returns(app, world)
    again = vera.post("/book/hold", 409, start=start, call_type="product-support", **shown)
    assert f"Sam Horvath {OTHERS}" in again.words
    with app.app_context():
        assert db.session.query(Hold).count() == 0
