"""Booking by page: the week, the kept time, the confirmation; without JavaScript."""

from datetime import UTC, datetime, time, timedelta

from flask import Flask

from app.accounts.models import AuditEntry, User
from app.availability.models import Reservation
from app.booking.models import Booking, Hold
from app.lib.db import db
from app.lib.zones import local
from tests.pages.client import PageClient
from tests.support.replica import ZONE, open_calendar, weekdays
from tests.world import World, build_world

BOOK = {"call_type": "product-support"}


def bookings(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(row.status, row.topic) for row in db.session.query(Booking).order_by(Booking.id)]


def expire_holds(app: Flask) -> None:
    with app.app_context():
        for kept in (Hold, Reservation):
            db.session.query(kept).update({"expires_at": datetime(2020, 1, 1, tzinfo=UTC)})
        db.session.commit()


def details(browser: PageClient, index: int = 0) -> tuple[str, dict[str, str]]:
    """Choose a time; the address of its details page and the fields that its form would send."""
    start = browser.get("/book").slots()[index]
    address, page = browser.follow("/book/hold", start=start, **BOOK)
    (form,) = page.forms("/book")
    hidden = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    return address, hidden | {"way": "video", "topic": ""}


def test_the_page_opens_on_a_week_with_times(vera: PageClient) -> None:
    page = vera.get("/book")
    assert page.heading == "Book a call"
    assert page.slots()
    assert "Sam" in page.words


def test_every_time_that_is_shown_can_be_kept(vera: PageClient, app: Flask, world: World) -> None:
    page = vera.get("/book")
    for start in (page.slots()[0], page.slots()[-1]):
        assert vera.send("/book/hold", start=start, **BOOK).status_code == 303
    with app.app_context():
        (hold,) = db.session.query(Hold)
        assert hold.contact_id == world.vera.id


def test_looking_keeps_nothing(vera: PageClient, app: Flask) -> None:
    vera.get("/book")
    with app.app_context():
        assert db.session.query(Hold).count() == 0


def test_call_types_and_weeks_are_links(vera: PageClient) -> None:
    page = vera.get("/book")
    assert any("call_type=feature-training" in link for link in page.links())
    later = next(link for link in page.links() if "week=" in link and "zone" not in link)
    assert vera.get(later).slots()


def test_a_customer_elsewhere_sees_both_clocks(pavel: PageClient) -> None:
    page = pavel.get("/book", zone="Asia/Almaty")
    assert "Алматы" in page.words or "Almaty" in page.words
    assert " CET" in page.words or " CEST" in page.words


def test_nonsense_in_the_address_shows_a_week_all_the_same(vera: PageClient) -> None:
    assert vera.get("/book", week="2026-13-77", zone="Mars/Base").slots()
    assert vera.get("/book", week="9999-12-31").heading == "Book a call"
    assert vera.get("/book", week="0001-01-01").heading == "Book a call"


def test_an_unknown_call_type_is_not_found(vera: PageClient) -> None:
    vera.get("/book", 404, call_type="massage")


def test_all_cities_are_listed_when_asked_for(vera: PageClient) -> None:
    assert "Pacific/Auckland" in vera.get("/book", zones="all").words


def test_a_call_is_booked_in_two_steps(vera: PageClient, app: Flask) -> None:
    _, fields = details(vera)
    address, page = vera.follow("/book", **fields | {"topic": "Price lists"})
    assert bookings(app) == [("pending", "Price lists")]
    assert page.heading == "Your time is reserved"
    assert "vera@nordwind.example" in page.words
    assert vera.get(address.partition("?")[0]).heading == "Your time is reserved"


def test_the_audit_log_says_from_where_a_call_was_booked(vera: PageClient, app: Flask) -> None:
    _, fields = details(vera)
    vera.follow("/book", **fields)
    with app.app_context():
        (fact,) = db.session.query(AuditEntry).filter_by(verb="booked")
        assert (fact.actor, fact.client_address) == ("vera@nordwind.example", "127.0.0.1")


def test_the_same_form_sent_twice_books_once(vera: PageClient, app: Flask) -> None:
    _, fields = details(vera)
    first = vera.send("/book", **fields).location
    assert vera.send("/book", **fields).location == first
    assert len(bookings(app)) == 1


def test_the_details_page_outlives_its_hold(vera: PageClient, app: Flask) -> None:
    address, fields = details(vera)
    expire_holds(app)
    assert vera.get(address).forms("/book")
    vera.follow("/book", **fields)
    assert len(bookings(app)) == 1


def test_a_phone_call_needs_a_number(vera: PageClient, app: Flask) -> None:
    _, fields = details(vera)
    page = vera.post("/book", 422, **fields | {"way": "phone", "phone": "call me", "topic": "Kept words"})
    assert page.title.startswith("Error:")
    assert "Enter a phone number with country code" in page.words
    assert "Kept words" in page.text
    assert bookings(app) == []
    address, _ = vera.follow("/book", **fields | {"way": "phone", "phone": "+49 30 1234567"})
    assert "+49 30 1234567" in vera.get(address).words


def test_control_characters_in_the_topic_are_refused(vera: PageClient) -> None:
    _, fields = details(vera)
    vera.post("/book", 422, **fields | {"topic": "a\x07b"})


def test_a_time_taken_meanwhile_keeps_the_words_and_offers_three_others(
    vera: PageClient, pavel: PageClient, app: Flask
) -> None:
    _, fields = details(vera)
    expire_holds(app)
    _, rival = details(pavel)
    assert rival["start"] == fields["start"]
    pavel.follow("/book", **rival)
    page = vera.post("/book", 409, **fields | {"topic": "Kept words"})
    assert "That time was taken a moment ago" in page.words
    assert "Kept words" in page.text
    assert len(page.radios()) == 3
    (form,) = page.forms("/book")
    assert form.fields["start"] == page.radios()[0]
    again = {name: value for name, value in form.fields.items() if name != "csrf_token"}
    _, booked = vera.follow("/book", **again)
    assert booked.heading == "Your time is reserved"
    assert ("pending", "Kept words") in bookings(app)


def test_a_time_that_is_gone_when_chosen_shows_the_week_again(vera: PageClient, pavel: PageClient) -> None:
    start = vera.get("/book").slots()[0]
    pavel.follow("/book/hold", start=start, **BOOK)
    page = vera.post("/book/hold", 409, start=start, **BOOK)
    assert "That time was taken a moment ago" in page.words
    assert start not in page.slots()


def test_a_start_that_breaks_a_rule_says_which(vera: PageClient, now: datetime, app: Flask) -> None:
    for start in ((now + timedelta(days=2)).replace(minute=7), now - timedelta(days=1)):
        page = vera.post("/book/hold", 422, start=start.isoformat(), **BOOK)
        assert "There is a problem" in page.words
    vera.post("/book/hold", 422, start="half past nine", **BOOK)
    assert bookings(app) == []


def test_a_year_at_the_end_of_time_is_no_time(vera: PageClient) -> None:
    for start in ("0001-01-01T00:00:00Z", "9999-12-31T23:30:00Z"):
        vera.post("/book/hold", 422, start=start, **BOOK)
        vera.get(f"/book/gone?start={start}&call_type=product-support", 409)


def test_a_form_from_before_the_specialist_came_says_that_the_time_is_over(vera: PageClient) -> None:
    _, fields = details(vera)
    page = vera.post("/book", 422, **fields | {"start": "2020-01-07T10:00:00Z"})
    assert "That time is over" in page.words


def test_somebody_elses_kept_time_is_nobodys_business(vera: PageClient, pavel: PageClient) -> None:
    address, _ = details(vera)
    pavel.get(address.partition("?")[0], 409)


def test_without_its_token_a_form_does_nothing(vera: PageClient, app: Flask) -> None:
    start = vera.get("/book").slots()[0]
    assert vera.send("/book/hold", token=False, start=start, **BOOK).status_code == 400
    with app.app_context():
        assert db.session.query(Hold).count() == 0


def test_a_reading_of_the_address_books_nothing(vera: PageClient) -> None:
    assert vera.client.get("/book/hold").status_code in {404, 405, 409}


def test_otto_reads_what_the_option_is(app: Flask, world: World) -> None:
    otto = PageClient(app, world.otto)
    assert "option" in otto.get("/book", 403).words.lower()
    otto.get("/calls")


def test_nobody_is_sent_to_sign_in(app: Flask) -> None:
    answer = app.test_client().get("/book?call_type=product-support")
    assert answer.status_code == 303
    assert answer.location.startswith("/sign-in?next=")


def test_specialists_do_not_book(app: Flask, world: World) -> None:
    PageClient(app, world.sam).get("/book", 404)


def test_an_old_calendar_shows_no_times_and_other_ways(app: Flask, now: datetime) -> None:
    with app.app_context():
        world = build_world(db.session(), now)
        old = now - timedelta(hours=1)
        open_calendar(db.session(), app.extensions["attache"], now, world.sam.id, in_step_at=old)
    page = PageClient(app, world.vera).get("/book")
    assert not page.slots()
    assert "sam@attache.example" in page.words
    assert app.extensions["attache"].standard_email in page.words


def test_a_specialist_without_a_calendar_shows_no_times(app: Flask, now: datetime) -> None:
    with app.app_context():
        world = build_world(db.session(), now)
    page = PageClient(app, world.vera).get("/book")
    assert "has not connected a calendar" in page.words


def test_an_empty_week_leads_to_the_next_free_time(app: Flask, now: datetime) -> None:
    hours = [span for span in weekdays(now, time(9), time(17)) if span.start > now + timedelta(days=21)]
    with app.app_context():
        world = build_world(db.session(), now)
        open_calendar(db.session(), app.extensions["attache"], now, world.sam.id, working=hours)
    vera = PageClient(app, world.vera)
    week = local(now + timedelta(days=9), ZONE).date().isoformat()
    page = vera.get("/book", week=week)
    assert not page.slots()
    assert "No free times from" in page.words
    (onward,) = page.tree.xpath(".//main//section//a[contains(@class, 'primary')]/@href")
    assert vera.get(onward).slots()


def test_the_page_is_russian_for_a_russian(app: Flask, world: World, pavel: PageClient) -> None:
    with app.app_context():
        assert db.session.get(User, world.pavel.id).language == "ru"
    assert pavel.get("/book").tree.get("lang") == "ru"
