"""The calendar pages as a specialist uses them, without JavaScript, over a real server."""

import pytest
from flask import Flask
from sqlalchemy import select

from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.calendars.service import open_password
from app.lib.db import db
from tests.calendars.views_world import (
    CONNECT,
    SECRET,
    ask,
    connected,
    one_look,
    rows,
    sam,
    ticked,
    values,
    work,
    world,
)
from tests.calendars.world import ics
from tests.pages.client import PageClient
from tests.support.radicale import Radicale

__all__ = ["one_look", "sam", "world"]


def test_without_an_account_the_page_says_what_follows(sam: PageClient) -> None:
    page = sam.get("/calendars")
    assert page.heading == "Your calendars"
    assert "your customers see no times" in page.words
    assert CONNECT in page.links()


def test_an_account_is_found_chosen_and_read(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    address, page = ask(app, sam, radicale)
    assert page.heading == "Choose your calendars"
    names = values(page, "busy")
    assert sorted(names.values()) == ["Private", "Work", "Working hours"]
    hours = next(value for value, name in values(page, "hours").items() if name == "Working hours")
    assert ticked(page, "hours") == [hours]
    work_calendar = next(value for value, name in names.items() if name == "Work")
    assert sam.send(address, busy=[work_calendar], receives=work_calendar, hours=hours).location == address
    work(app)
    page = sam.get("/calendars")
    assert "In step" in page.words
    assert "Working hours (" in page.words
    purposes = {row.name: (row.purpose, row.receives_bookings) for row in rows(app, Calendar)}
    assert purposes == {
        "Work": ("busy", True),
        "Private": ("ignored", False),
        "Working hours": ("working_hours", False),
    }


def test_a_wrong_password_brings_the_form_back_without_it(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    _address, page = ask(app, sam, radicale, secret="wrong-secret")  # noqa: S106
    assert page.title.startswith("Error:")
    assert "User name or password was refused" in page.words
    form = dict(page.forms(CONNECT)[0].form_values())
    assert (form["address"], form["username"], form["password"]) == (radicale.url, "sam", "")
    assert "wrong-secret" not in page.text


def test_nothing_typed_is_lost_but_the_password(sam: PageClient) -> None:
    page = sam.post(CONNECT, 422, address="http://cloud.example.com", username="sam", password="typed-secret")
    assert page.title.startswith("Error:")
    assert "#address" in page.links()
    form = dict(page.forms(CONNECT)[0].form_values())
    assert (form["address"], form["username"]) == ("http://cloud.example.com", "sam")
    assert "typed-secret" not in page.text
    page = sam.post(CONNECT, 422, address="cloud.example.com", username="sam", password="")
    assert "#password" in page.links()


def test_no_link_fills_in_an_address(sam: PageClient) -> None:
    page = sam.get(f"{CONNECT}?address=https://cloud.example&username=sam")
    form = dict(page.forms(CONNECT)[0].form_values())
    assert (form["address"], form["username"]) == ("", "")


def test_the_eleventh_look_within_an_hour_is_told_when_to_try_again(
    sam: PageClient, radicale: Radicale
) -> None:
    fields = {"address": radicale.url, "username": "sam", "password": SECRET}
    for _ in range(10):
        assert sam.send(CONNECT, **fields).status_code == 303
    page = sam.post(CONNECT, 429, **fields)
    assert "That was too often" in page.words
    assert 3500 < int(page.headers["Retry-After"]) <= 3600
    assert dict(page.forms(CONNECT)[0].form_values())["username"] == "sam"


def test_calls_and_hours_need_two_calendars(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    address, page = ask(app, sam, radicale)
    number = next(value for value, name in values(page, "busy").items() if name == "Work")
    page = sam.post(address, 422, receives=number, hours=f"calendar:{number}")
    assert "need two calendars" in page.words
    assert "#receives" in page.links()
    page = sam.post(address, 422, receives="99", hours="nonsense")
    assert {"#receives", "#hours"} <= set(page.links())
    assert rows(app, CalendarAccount) == []


def test_a_calendar_is_made_for_the_hours(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    address, page = ask(app, sam, radicale)
    number = next(value for value, name in values(page, "busy").items() if name == "Work")
    assert sam.send(address, busy=[number], receives=number, hours="new_calendar").status_code == 303
    work(app)
    page = sam.get("/calendars")
    assert "The calendar is connected" in page.words
    made = [row for row in rows(app, Calendar) if row.purpose == "working_hours"]
    assert [row.name for row in made] == ["Working hours"]
    assert made[0].href not in {"/sam/hours/", "/sam/work/"}


def test_a_service_fills_in_its_address_and_google_is_explained(sam: PageClient) -> None:
    page = sam.get(CONNECT, service="fastmail")
    assert dict(page.forms(CONNECT)[0].form_values())["address"] == "https://caldav.fastmail.com/"
    assert "OAuth" in page.words
    assert "/calendars/subscribe" in page.links()


def test_what_counts_is_chosen_again(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    account = rows(app, CalendarAccount)[0].id
    page = sam.get(f"/calendars/{account}/choose")
    ids = {name: value for value, name in values(page, "busy").items()}
    assert set(ticked(page, "busy")) == {ids["Work"], ids["Private"]}
    fields = {"busy": [ids["Work"]], "receives": ids["Work"], "hours": ticked(page, "hours")}
    _place, page = sam.follow(f"/calendars/{account}/choose", **fields)
    assert "Your choice is saved" in page.words
    purposes = {row.name: row.purpose for row in rows(app, Calendar)}
    assert purposes == {"Work": "busy", "Private": "ignored", "Working hours": "working_hours"}


def test_a_new_password_is_sealed_and_tried(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    account = rows(app, CalendarAccount)[0].id
    page = sam.post(f"/calendars/{account}/password", 422, secret="")
    assert "#secret" in page.links()
    _place, page = sam.follow(f"/calendars/{account}/password", secret="another")
    assert "The password is saved" in page.words
    with app.app_context():
        row = db.session.get(CalendarAccount, account)
        assert row is not None
        assert open_password(app.extensions["attache"], row) == "another"
        assert "another" not in row.sealed_password


def test_refused_credentials_are_told_with_the_way_out(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    account = rows(app, CalendarAccount)[0].id
    sam.follow(f"/calendars/{account}/password", secret="wrong")
    with pytest.raises(Exception, match="credentials"):
        work(app)
    page = sam.get("/calendars")
    assert "Sign-in refused since" in page.words
    assert "customers see no times after" in page.words
    assert f"/calendars/{account}/password" in page.links()


def test_an_entry_that_cannot_be_read_is_told_to_its_owner(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    text = ics("odd", "20261124T090000Z", "20261124T100000Z", "RRULE:FREQ=SOMETIMES")
    with app.app_context():
        connected(app, sam, radicale)
        stored = db.session.scalars(select(Calendar).where(Calendar.name == "Work")).one()
        row = CalendarObject(calendar_id=stored.id, href="/sam/work/odd.ics", etag="1", uid="odd", text=text)
        row.problem = "Standup: unreadable-rule"
        db.session.add(row)
        db.session.commit()
    page = sam.get("/calendars")
    assert "1 entry could not be read wholly" in page.words
    assert "Standup, Work: its repetition cannot be read" in page.words


def test_removing_asks_first_and_forgets_everything(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    account = rows(app, CalendarAccount)[0].id
    page = sam.get(f"/calendars/{account}/remove")
    assert page.heading == "Remove this account?"
    assert "No call can be confirmed until you choose another calendar" in page.words
    assert rows(app, CalendarAccount)
    _place, page = sam.follow(f"/calendars/{account}/remove")
    assert "The account is removed." in page.words
    assert rows(app, CalendarAccount) == rows(app, Calendar) == []
    assert radicale.paths("/sam/work/") == []
