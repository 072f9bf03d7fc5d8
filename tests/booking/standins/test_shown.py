"""Who was shown for a series and in the waiting list is asked about again before it is somebody else."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy

import pytest
from flask import Flask

from app.availability.models import Reservation
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


def test_an_answer_to_a_page_that_named_somebody_else_does_nothing(
    vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    shown = take(page) | {"specialist": world.sam.profile.public_id}
    name = world.rita.profile.name
    told = vera.post(f"{address}/decline", 409, **shown)
    assert f"{name} takes calls on that day now." in told.words and "confirm" not in told.words
    assert OTHERS in vera.post(f"{address}/take", 409, **shown).words
    assert vera.get(address).heading == "A time came free"


def test_an_offer_names_the_stand_in_on_its_page_and_in_its_mail(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    assert page.heading == "A time came free"
    assert "with Rita, who stands in for Sam" in page.words and "We keep it for you until" in page.words
    (text,) = mails(app, "offer")
    assert f"With: {world.rita.profile.name}, who stands in for Sam Horvath" in text
    _, details = vera.follow(f"{address}/take", **take(page))
    assert world.rita.profile.name in details.words


def pass_by(app: Flask, now: datetime) -> None:
    """One lets go, and puts the place into the line of whoever serves; the next one goes on there."""
    with app.app_context():
        for number in (1, 2):
            waiting_pass(db.session(), app.extensions["attache"], now + number * timedelta(seconds=10))


def mails(app: Flask, kind: str) -> list[str]:
    with app.app_context():
        found = db.session.query(OutgoingMail).filter(OutgoingMail.subject_key.contains(f":{kind}:"))
        read = [message_from_bytes(mail.content, policy=policy.default) for mail in found]
    return [mail.get_body(("plain",)).get_content() for mail in read]


def test_an_offer_of_who_does_not_serve_any_more_is_none_and_cannot_be_taken(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    # Sam is back, and has no time at all.
    returns(app, world)
    for told in (vera.get(address), vera.post(f"{address}/take", 409, **take(page)), vera.get(address)):
        assert "You are in line" in told.words and "Sam Horvath takes calls on that day now." in told.words
        assert "is not kept for you any more" in told.words and "We keep it for you until" not in told.words
        assert "Rita" not in told.words and "confirm again" not in told.words
        assert [form for form in told.forms() if form.get("action").endswith("/take")] == []
    calls = vera.get("/calls")
    assert "Product support with Sam" in calls.words and "is kept for you until" not in calls.words
    with app.app_context():
        assert db.session.query(Hold).count() == 0


def test_until_a_lost_offer_is_let_go_times_of_who_serves_now_are_there_to_take(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World
) -> None:
    address, page = offered
    returns(app, world)
    put_busy(app, world.sam, [])
    told = vera.post(f"{address}/take", 409, **take(page))
    _, details = vera.follow("/book/hold", start=told.radios()[0], call_type="product-support")
    assert details.heading == "Your details" and "Sam Horvath" in details.words


def test_a_lost_offer_is_let_go_and_whoever_serves_now_is_offered_the_same_time_by_mail(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World, now: datetime
) -> None:
    address, page = offered
    with app.app_context():
        start = db.session.query(Waiting).one().offer_starts_at
    returns(app, world)
    put_busy(app, world.sam, [])
    pass_by(app, now)
    with app.app_context():
        place = db.session.query(Waiting).one()
        assert (place.state, place.specialist_id, place.passed_at) == ("offered", world.sam.id, None)
        assert place.offer_starts_at == start
        assert db.session.query(Reservation).one().person_id == world.sam.id
    first, second = mails(app, "offer")
    assert f"With: {world.rita.profile.name}" in first and "With: Sam Horvath" in second
    assert mails(app, "lost") == []
    # Who still has the page with Rita open is asked again.
    told = vera.post(f"{address}/take", 409, **take(page))
    assert f"Sam Horvath {OTHERS}" in told.words and "We keep it for you until" in told.words
    _, details = vera.follow(f"{address}/take", **take(told))
    assert "Sam Horvath" in details.words


def test_who_gets_no_other_time_for_a_lost_offer_is_written_once(
    app: Flask, vera: PageClient, offered: tuple[str, Page], world: World, now: datetime
) -> None:
    address, page = offered
    with app.app_context():
        stands_in(db.session(), None, world.sam)
    assert "Nobody stands in." in vera.get(address).words
    vera.post(f"{address}/take", 409, **take(page))
    for _ in range(2):
        pass_by(app, now)
    with app.app_context():
        place = db.session.query(Waiting).one()
        assert (place.state, place.specialist_id, place.offer_starts_at) == ("waiting", world.sam.id, None)
        assert db.session.query(Reservation).count() == 0
    (text,) = mails(app, "lost")
    assert "is not kept for you any more" in text and "Nothing is booked." in text and address in text
    assert len(mails(app, "offer")) == 1


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
    assert "Sam Horvath takes calls on that day now. Choose a time again." in again.words
    with app.app_context():
        assert db.session.query(Hold).count() == 0
