"""People and cover, the search, and files by page."""

import io
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from app.booking.finding.reference import as_reference
from app.booking.models import Booking
from app.customers.models import Company, Specialist
from app.lib.db import db
from app.lib.wording import local_date
from app.mail.models import OutgoingMail
from tests.booking.conftest import _nobody_writes, now, vera, world
from tests.booking.standins.away import ZONE, goes_on_leave, stands_in
from tests.booking.test_views import details
from tests.pages.client import PageClient
from tests.world import World

__all__ = ["_nobody_writes", "now", "vera", "world"]
NEW = {
    "name": "Nora Berg",
    "email": "nora@attache.example",
    "role": "specialist",
    "time_zone": "Europe/Vienna",
    "language": "en",
    "title_en": "Specialist",
    "country": "AT",
    "region": "",
    "phone": "",
    "spoken_languages": "en, de",
    "room_url": "https://meet.example/nora",
    "stand_in": "",
}


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


def test_the_list_says_who_is_in_whom_they_serve_and_who_steps_in(ada: PageClient, world: World) -> None:
    page = ada.get("/people")
    rows = {row.find(".//b").text: row.text_content() for row in page.tree.findall(".//tbody/tr")}
    assert list(rows) == ["Ada Kovac", "Lev Orlov", "Rita Weiss", "Sam Horvath"]
    assert all(word in rows["Sam Horvath"] for word in ("2", "Rita Weiss", "In step"))
    assert "No calendar is connected" in rows["Lev Orlov"] and "Nobody" not in rows["Lev Orlov"]


def test_somebody_is_added_and_covered(ada: PageClient, world: World) -> None:
    wrong = ada.post("/people/new", 422, **{**NEW, "country": "XX", "room_url": "http://x", "email": "nora"})
    assert {"#country", "#room_url", "#email"} <= set(wrong.links())
    address, page = ada.follow("/people/new", **NEW)
    assert page.heading == "Nora Berg" and "Added." in page.words
    sam = f"/people/{world.sam.user.public_id}"
    (form,) = ada.get(sam).forms(sam)
    fields = {name: value for name, value in form.form_values() if name != "csrf_token"}
    nora = address.partition("?")[0].rpartition("/")[2]
    ada.follow(sam, **{**fields, "stand_in": nora})
    assert "Nora Berg" in ada.get("/people", q="sam").words


def test_a_person_sent_as_they_stand_is_not_changed(ada: PageClient, world: World) -> None:
    for member in (world.sam, world.lev, world.ada):
        path = f"/people/{member.user.public_id}"
        (form,) = ada.get(path).forms(path)
        _address, page = ada.follow(
            path, **{name: value for name, value in form.form_values() if name != "csrf_token"}
        )
        assert "Nothing is written down yet." in page.words


def test_a_stand_in_who_is_disabled_stays_the_choice_until_another_is_made(
    app: Flask, ada: PageClient, world: World
) -> None:
    with app.app_context():
        stands_in(db.session(), world.lev, world.sam)
    ada.follow(f"/people/{world.lev.user.public_id}/disable")
    path = f"/people/{world.sam.user.public_id}"
    (form,) = ada.get(path).forms(path)
    assert form.fields["stand_in"] == world.lev.user.public_id
    assert "Lev Orlov (disabled)" in form.text_content()
    fields = {name: value for name, value in form.form_values() if name != "csrf_token"}
    ada.follow(path, **{**fields, "phone": "+421 2 5550 0000"})
    with app.app_context():
        assert db.session.get_one(Specialist, world.sam.id).stand_in_id == world.lev.id


def test_calls_of_who_only_stood_in_stay_to_be_read_when_they_leave(
    app: Flask, ada: PageClient, vera: PageClient, world: World
) -> None:
    vera.follow("/book", **details(vera)[1])
    long_ago = timedelta(days=90)
    with app.app_context():
        call = db.session.query(Booking).one()
        call.specialist_id, public_id = world.lev.id, call.public_id
        call.starts_at, call.ends_at = call.starts_at - long_ago, call.ends_at - long_ago
        db.session.commit()
    arguments = ["user", "role", world.lev.email, "administrator"]
    assert app.test_cli_runner().invoke(args=arguments).exit_code == 0
    assert "Lev Orlov" in vera.get(f"/calls/{public_id}").words
    assert "Vera Lindqvist" in ada.get(f"/calls/{public_id}").words


def test_disabling_names_the_companies_that_are_left_and_ends_sessions(
    app: Flask, ada: PageClient, vera: PageClient, world: World
) -> None:
    vera.follow("/book", **details(vera)[1])
    sam = PageClient(app, world.sam)
    assert sam.client.get("/schedule").status_code == 200
    path = f"/people/{world.sam.user.public_id}"
    page = ada.get(f"{path}/disable")
    assert "Nordwind, Sever" in page.words and "Vera Lindqvist" in page.words
    assert "Rita Weiss stands in and serves these companies" in page.words
    assert "without a specialist" not in page.words
    _address, page = ada.follow(f"{path}/disable")
    assert "Disabled." in page.words
    assert sam.client.get("/schedule").status_code == 303
    # Rita stands in.
    assert "Nordwind" not in ada.get("/companies", show="unserved").words
    assert "Enabled." in ada.follow(f"{path}/enable")[1].words


def test_disabling_says_who_is_left_without_a_specialist_or_a_stand_in(
    app: Flask, ada: PageClient, world: World
) -> None:
    with app.app_context():
        stands_in(db.session(), world.lev, world.sam)
    page = ada.get(f"/people/{world.lev.user.public_id}/disable")
    assert "These people lose their stand-inSam Horvath." in page.words
    ada.follow(f"/people/{world.lev.user.public_id}/disable")
    page = ada.get(f"/people/{world.sam.user.public_id}/disable")
    assert "These companies are left without a specialist" in page.words
    ada.follow(f"/people/{world.sam.user.public_id}/disable")
    with app.app_context():
        told = select(OutgoingMail.recipient).where(
            OutgoingMail.thread == f"closed:{world.sam.id}:{world.ada.id}"
        )
        assert db.session.scalars(told).all() == [world.ada.email]


@pytest.mark.parametrize("how", ["the stand-in leaves the role", "another change takes the stand-in away"])
def test_administrators_hear_when_a_closed_account_loses_its_stand_in(
    app: Flask, ada: PageClient, world: World, how: str
) -> None:
    with app.app_context():
        stands_in(db.session(), world.lev, world.sam)
    sam, lev = (f"/people/{member.user.public_id}" for member in (world.sam, world.lev))
    ada.follow(f"{sam}/disable")
    path, change = (lev, {"role": "administrator"}) if "role" in how else (sam, {"stand_in": ""})
    fields = dict(ada.get(path).forms(path)[0].form_values())
    told = select(OutgoingMail.recipient).where(
        OutgoingMail.thread == f"closed:{world.sam.id}:{world.ada.id}"
    )
    with app.app_context():
        assert db.session.scalars(told).all() == []
    ada.follow(path, **fields | change)
    with app.app_context():
        assert db.session.scalars(told).all() == [world.ada.email]


def test_the_last_administrator_stays(ada: PageClient, world: World) -> None:
    page = ada.post(f"/people/{world.ada.user.public_id}/disable", 422)
    assert "This is your own account." in page.words
    assert "disable" not in str(ada.get(f"/people/{world.ada.user.public_id}").links())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("k7m-254", "K7M-254"),
        (" K7M 254 ", "K7M-254"),
        ("k7m254", "K7M-254"),
        ("K7M–254", "K7M-254"),
        ("K7-254", ""),
        ("K7M-2541", ""),
        ("", ""),
    ],
)
def test_a_reference_is_known_however_it_is_spelt(typed: str, meant: str) -> None:
    assert as_reference(typed) == meant


def test_one_hit_is_opened_at_once(app: Flask, ada: PageClient, vera: PageClient, world: World) -> None:
    vera.follow("/book", **details(vera)[1])
    with app.app_context():
        call = db.session.query(Booking).one()
        found = f"/calls/{call.public_id}"
        reference, uid = call.reference.lower().replace("-", ""), call.uid
    people = f"/people/{world.sam.user.public_id}"
    for text, address in (
        (reference, found),
        (uid, found),
        ("krause.ex", f"/contacts/{world.otto.user.public_id}"),
        ("SAM@attache.example", people),
        ("horvath", people),
    ):
        assert ada.client.get("/search", query_string={"q": text}).location == address, text
    both = ada.get("/search", q="nordwind")
    assert [link.split("/")[1] for link in both.links()] == ["companies", "contacts"]
    assert "Nothing is found." in ada.get("/search", q="zzz").words


def test_every_page_of_the_administrator_has_the_search(ada: PageClient) -> None:
    for path in ("/overview", "/companies", "/people", "/call-types", "/contacts"):
        assert ada.get(path).tree.findall(".//header//form[@action='/search']")


def upload(ada: PageClient, text: str, kind: str = "companies") -> str:
    answer = ada.send(f"/files/{kind}", file=(io.BytesIO(text.encode()), "x.csv"))
    assert answer.status_code == 303
    return answer.location


def test_a_file_is_looked_at_and_then_taken_in(app: Flask, ada: PageClient) -> None:
    path = upload(ada, "name,plan\nKrause,standard\nNew <b>One</b>,all_inclusive\n")
    page = ada.get(path)
    assert "added: 1, changed: 0, unchanged: 1" in page.words and "New <b>One</b>" in page.words
    with app.app_context():
        assert db.session.query(Company).count() == 4
    (form,) = page.forms(path)
    _address, done = ada.follow(f"{path}/take", digest=form.fields["digest"])
    assert "The file is taken in" in done.words
    assert "New <b>One</b>" in ada.get("/companies").words
    assert ada.client.get(path).status_code == 404


def test_bad_lines_are_told_with_what_stands_there(ada: PageClient) -> None:
    page = ada.get(upload(ada, "name,plan\n<i>A</i>,<i>gold</i>\n"), 422)
    assert page.title.startswith("Error")
    (row,) = page.tree.findall(".//tbody/tr")
    told = [cell.text_content() for cell in row]
    assert told == ["2", "plan", "Choose one of the entries offered", "<i>gold</i>"]
    assert page.forms("/files") == []


def test_a_world_that_changed_is_looked_at_again(ada: PageClient, world: World) -> None:
    path = upload(ada, "name,note\nKrause,New\n")
    digest = ada.get(path).forms(path)[0].fields["digest"]
    krause = f"/companies/{world.otto.profile.company_public_id}/change"
    ada.follow(krause, name="Krause", plan="standard", note="Meanwhile")
    page = ada.post(f"{path}/take", 409, digest=digest)
    assert "Something changed since you looked at the file." in page.words
    assert "Meanwhile → New" in page.words


def test_no_file_is_a_fault_beside_the_control(ada: PageClient) -> None:
    page = ada.post("/files/contacts", 422)
    assert "Choose a file" in page.words


def test_exports_are_files_with_a_name(ada: PageClient) -> None:
    answer = ada.send("/files/contacts/export")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="contacts-20')
    assert answer.data.startswith(b"\xef\xbb\xbfid;company;email")


def test_lists_say_who_stands_in_today_and_where_nobody_does(
    app: Flask, ada: PageClient, world: World, now: datetime, count_queries
) -> None:
    today = local_date(now, ZONE)
    assert cells(ada, "/companies", "Nordwind", "Specialist") == world.sam.profile.name
    with app.app_context():
        goes_on_leave(db.session(), world.sam, today, today, noticed_at=now)
        stands_in(db.session(), world.rita, world.sam)
    for path in ("/companies", "/people"):
        with count_queries() as queries:
            ada.get(path)
        assert len(queries) <= 12, path
    assert cells(ada, "/companies", "Nordwind", "Specialist") == "Rita Weiss, for Sam"
    assert cells(ada, "/people", "Sam Horvath", "Covered by") == "Rita Weiss, today"
    with app.app_context():
        goes_on_leave(db.session(), world.rita, today, today, noticed_at=now)
    assert cells(ada, "/companies", "Nordwind", "Specialist") == "Nobody"
    assert cells(ada, "/people", "Sam Horvath", "Covered by") == "Nobody"


def cells(ada: PageClient, path: str, name: str, label: str) -> str:
    """What stands in the row of somebody under a label."""
    rows = ada.get(path).tree.xpath(f"//tbody/tr[.//b[text()='{name}']]/td[@data-l='{label}']")
    return " ".join(rows[0].text_content().split())
