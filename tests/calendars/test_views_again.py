"""Choosing again for a connected account, with another look at its server and without."""

import pytest
from flask import Flask

from app.accounts.models import AuditEntry
from app.calendars.models import Calendar, CalendarAccount, CalendarLookup, CalendarObject
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
from tests.pages.client import Page, PageClient
from tests.support.availability_property import set_availability
from tests.support.radicale import Radicale

__all__ = ["one_look", "sam", "world"]

WEEK = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//tests//EN\r\nBEGIN:VAVAILABILITY\r\nUID:week\r\n"
    "DTSTAMP:20260101T000000Z\r\nEND:VAVAILABILITY\r\nEND:VCALENDAR\r\n"
)


def look_again(app: Flask, sam: PageClient) -> tuple[str, Page]:
    """Press the button and let the worker answer: the look-up's address and what it shows."""
    account = rows(app, CalendarAccount)[0].id
    address, waiting = sam.follow(f"/calendars/{account}/look")
    assert waiting.heading == "Asking the server"
    work(app)
    return address, sam.get(address)


def chosen(page: Page) -> dict[str, list[str]]:
    return {name: ticked(page, name) for name in ("busy", "receives", "hours")}


def purposes(app: Flask) -> dict[str, str]:
    return {row.name or row.href: row.purpose for row in rows(app, Calendar)}


def value(page: Page, name: str, words: str) -> str:
    return next(value for value, text in values(page, name).items() if text == words)


def test_a_calendar_that_is_new_on_the_server_is_found_without_the_password(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    radicale.put("/sam/work/a.ics", ics("a"))
    before = purposes(app)
    radicale.make_calendar("sam", "office", "Office hours")
    address, page = look_again(app, sam)
    kept = [row.id for row in rows(app, CalendarObject)]
    assert page.heading == "Choose your calendars"
    names = values(page, "busy")
    assert {names[number] for number in ticked(page, "busy")} == {"Work", "Private"}
    assert ticked(page, "hours") == [value(page, "hours", "Working hours")]
    assert names[ticked(page, "receives")[0]] == next(
        row.name for row in rows(app, Calendar) if row.receives_bookings
    )
    fields = chosen(page) | {"hours": [value(page, "hours", "Office hours")]}
    assert sam.send(address, **fields).location == address
    assert sam.client.get(address).location == "/calendars"
    assert "Your choice is saved" in sam.get("/calendars").words
    work(app)
    assert len(rows(app, CalendarAccount)) == 1
    changed = {"Working hours": "ignored", "Office hours": "working_hours"}
    assert purposes(app) == {**before, **changed}
    assert [row.id for row in rows(app, CalendarObject)] == kept


def test_hours_move_to_the_servers_availability(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    set_availability(radicale, "/sam/", WEEK)
    address, page = look_again(app, sam)
    assert sam.send(address, **chosen(page) | {"hours": ["property"]}).status_code == 303
    work(app)
    hours = [row for row in rows(app, Calendar) if row.purpose == "working_hours"]
    assert [(row.href, row.source) for row in hours] == [("/sam/", "property")]
    _address, page = look_again(app, sam)
    assert ticked(page, "hours") == ["property"]


def test_hours_move_to_a_calendar_that_is_made_and_stay_until_then(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    address, page = look_again(app, sam)
    sam.send(address, **chosen(page) | {"hours": ["new_calendar"]})
    assert [row.href for row in rows(app, Calendar) if row.purpose == "working_hours"] == ["/sam/hours/"]
    work(app)
    hours = [row.href for row in rows(app, Calendar) if row.purpose == "working_hours"]
    assert len(hours) == 1
    assert hours != ["/sam/hours/"]


@pytest.mark.parametrize("with_look", [True, False])
def test_hours_move_to_where_only_we_keep_them(
    app: Flask, sam: PageClient, radicale: Radicale, with_look: bool
) -> None:
    connected(app, sam, radicale)
    address = f"/calendars/{rows(app, CalendarAccount)[0].id}/choose"
    page = sam.get(address)
    if with_look:
        address, page = look_again(app, sam)
    assert sam.send(address, **chosen(page) | {"hours": ["kept"]}).status_code == 303
    hours = [(row.href, row.source) for row in rows(app, Calendar) if row.purpose == "working_hours"]
    assert hours == [("kept:hours", "kept")]
    again = sam.get(f"/calendars/{rows(app, CalendarAccount)[0].id}/choose")
    assert ticked(again, "hours") == ["kept"]


def test_a_password_sealed_for_elsewhere_has_to_be_typed_again(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    with app.app_context():
        row = db.session.query(CalendarAccount).one()
        row.url = row.url.replace("127.0.0.1", "localhost")
        db.session.commit()
        number = row.id
    _place, page = sam.follow(f"/calendars/{number}/look")
    assert page.heading == "Change the password"
    assert "typed the password again" in page.words


def test_looking_again_counts_among_the_ten_of_an_hour(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    number = rows(app, CalendarAccount)[0].id
    for _ in range(9):
        assert sam.send(f"/calendars/{number}/look").status_code == 303
    page = sam.post(f"/calendars/{number}/look", 429)
    assert "That was too often" in page.words
    assert int(page.headers["Retry-After"]) > 3000
    assert ticked(page, "busy")


def test_a_refused_password_is_tried_once_and_then_asked_for(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    number = rows(app, CalendarAccount)[0].id
    sam.follow(f"/calendars/{number}/password", secret="wrong")
    address, _waiting = sam.follow(f"/calendars/{number}/look")
    with pytest.raises(Exception, match="credentials"):
        work(app)
    assert rows(app, CalendarAccount)[0].state == "refused"
    answer = sam.client.get(address)
    assert answer.location == f"/calendars/{number}/password"
    page = sam.get(answer.location)
    assert "The stored password cannot be used any more" in page.words


def test_a_server_that_is_away_changes_nothing(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    before = purposes(app)
    with app.app_context():
        lookup = db.session.query(CalendarLookup).one()
        lookup.account_id = db.session.query(CalendarAccount).one().id
        lookup.state, lookup.reason = "failed", "not_reached"
        db.session.commit()
        public_id = lookup.public_id
    page = sam.get(f"/calendars/lookups/{public_id}")
    assert page.heading == "The calendar server could not be reached"
    assert "what you had chosen counts as before" in page.words
    assert purposes(app) == before


def test_a_calendar_that_cannot_be_made_leaves_the_account_connected(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    address, page = ask(app, sam, radicale)
    sam.send(address, **chosen(page) | {"hours": ["new_calendar"]})
    with app.app_context():
        lookup = db.session.query(CalendarLookup).one()
        # A place where the server lets her make nothing.
        lookup.found = {**lookup.found, "make": [["/rita/hours-1/", "Working hours", "hours"]]}
        db.session.commit()
    work(app)
    page = sam.get(address)
    assert page.heading == "The calendar could not be made"
    assert "The account is connected" in page.words
    assert "“Working hours”" in page.words
    number = rows(app, CalendarAccount)[0].id
    assert f"/calendars/{number}/choose" in page.links()
    assert page.forms(CONNECT) == []
    assert purposes(app)["Work"] == "busy"


def test_the_audit_log_tells_who_did_what_and_no_secret(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    number = rows(app, CalendarAccount)[0].id
    page = sam.get(f"/calendars/{number}/choose")
    sam.send(f"/calendars/{number}/choose", **chosen(page))
    sam.send(f"/calendars/{number}/password", secret="another-secret")
    sam.send(f"/calendars/{number}/remove")
    entries = [entry for entry in rows(app, AuditEntry) if "calendar" in entry.verb]
    assert [entry.verb for entry in entries] == [
        "connected a calendar account",
        "chose calendars",
        "changed the password of a calendar account",
        "removed a calendar account",
    ]
    assert {entry.actor for entry in entries} == {"sam@attache.example"}
    host = radicale.url.rpartition("/")[2]
    assert {entry.detail["account"] for entry in entries} == {f"sam at {host}"}
    assert SECRET not in str([entry.detail for entry in entries])


def test_reading_now_nudges_the_account(app: Flask, sam: PageClient, radicale: Radicale) -> None:
    connected(app, sam, radicale)
    before = rows(app, CalendarAccount)[0]
    _place, page = sam.follow(f"/calendars/{before.id}/sync")
    assert "read a moment ago" in page.words or "We have asked the server" in page.words
    assert rows(app, CalendarAccount)[0].next_sync_at < before.next_sync_at


def test_reading_now_is_asked_at_most_every_ten_seconds(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    account = rows(app, CalendarAccount)[0].id
    sam.follow(f"/calendars/{account}/sync")
    work(app)
    before = rows(app, CalendarAccount)[0].next_sync_at
    sam.follow(f"/calendars/{account}/sync")
    assert rows(app, CalendarAccount)[0].next_sync_at == before


def test_after_a_refused_password_nothing_is_asked_before_a_new_one(
    app: Flask, sam: PageClient, radicale: Radicale
) -> None:
    connected(app, sam, radicale)
    account = rows(app, CalendarAccount)[0].id
    sam.follow(f"/calendars/{account}/password", secret="wrong")
    with pytest.raises(Exception, match="credentials"):
        work(app)
    before = rows(app, CalendarAccount)[0].next_sync_at
    _place, page = sam.follow(f"/calendars/{account}/sync")
    assert "Nothing was asked: the server has refused the password" in page.words
    _place, page = sam.follow(f"/calendars/{account}/look")
    assert page.heading == "Change the password"
    assert "The stored password cannot be used any more" in page.words
    assert rows(app, CalendarAccount)[0].next_sync_at == before
    assert [row.state for row in rows(app, CalendarLookup)] == ["done"]
