"""The administrator's pages about companies, their option and their contacts."""

from datetime import timedelta

import pytest
from flask import Flask

from app.booking.models import Booking
from app.customers.companies import service as companies
from app.lib import clock
from app.lib.db import db
from tests.booking.conftest import _nobody_writes, now, vera, world
from tests.booking.test_views import details
from tests.pages.client import Page, PageClient
from tests.world import World

__all__ = ["_nobody_writes", "now", "vera", "world"]
# One of each kind of what a stranger may type (requirement 20 of the security list).
HOSTILE = ("<script>alert(1)</script>", '"><svg onload=alert(1)>', "{{7*7}}", "see javascript:alert(1)")


@pytest.fixture
def ada(app: Flask, world: World) -> PageClient:
    return PageClient(app, world.ada)


@pytest.fixture
def nordwind(world: World) -> str:
    return f"/companies/{world.vera.profile.company_public_id}"


def sent_by(page: Page) -> dict[str, object]:
    """What the page's one form sends as it stands."""
    (form,) = [form for form in page.tree.findall(".//main//form") if form.get("method") == "post"]
    return {name: value for name, value in form.form_values() if name != "csrf_token"}


def test_a_company_is_added_and_named_apart(ada: PageClient) -> None:
    wrong = ada.post("/companies/new", 422, name="Nordwind", plan="standard", note="")
    assert "Another company has this name." in wrong.words
    assert wrong.title.startswith("Error")
    address, page = ada.follow("/companies/new", name="Öl & Co", plan="all_inclusive", note="Since 1999")
    assert page.heading == "Öl & Co"
    assert "The company is added." in page.words and "Since 1999" in page.words
    _address, page = ada.follow(
        f"{address.partition('?')[0]}/option", starts_on="2026-01-01", ends_on="", price="1000", note=""
    )
    assert "With the option" in page.words and "Nobody" in page.words
    assert "Öl & Co" in ada.get("/companies", show="unserved").words


def test_forms_sent_as_they_stand_change_nothing(ada: PageClient, nordwind: str, world: World) -> None:
    vera = f"/contacts/{world.vera.user.public_id}"
    for path in (f"{nordwind}/change", f"{nordwind}/option/1", f"{vera}/change"):
        ada.follow(path, **sent_by(ada.get(path)))
    for path in (nordwind, vera):
        assert "Nothing is written down yet." in ada.get(path).words


def test_the_option_is_refused_on_another_plan_with_its_reason(ada: PageClient, world: World) -> None:
    krause = f"/companies/{world.otto.profile.company_public_id}"
    assert f"{krause}/option" not in ada.get(krause).links()
    page = ada.post(f"{krause}/option", 422, starts_on="2027-01-01", ends_on="", price="1000", note="")
    assert "The option exists on the plan “All inclusive” alone." in page.words


def test_a_plan_is_left_only_when_the_option_has_an_end_behind_it(ada: PageClient, nordwind: str) -> None:
    page = ada.post(f"{nordwind}/change", 422, name="Nordwind", plan="standard", note="")
    assert "End the option first" in page.words
    yesterday = (clock.now() - timedelta(days=2)).date().isoformat()
    assert "Choose today or a later day" in ada.post(f"{nordwind}/option/end", 422, ends_on=yesterday).words
    today = clock.now().date().isoformat()
    _address, page = ada.follow(f"{nordwind}/option/end", ends_on=today)
    assert "With the option until" in page.words
    assert "ended the option (ends_on: – →" in page.words


def test_a_contact_is_added_changed_and_shut_out(ada: PageClient, vera: PageClient, nordwind: str) -> None:
    typed = {
        "name": "Vito",
        "email": "vera@nordwind.example",
        "phone": "12",
        "time_zone": "x",
        "language": "en",
    }
    wrong = ada.post(f"{nordwind}/contacts/new", 422, **typed)
    assert {"#phone", "#time_zone"} <= set(wrong.links())
    typed |= {"phone": "", "time_zone": "Europe/Berlin"}
    assert (
        "Somebody else has this e-mail address." in ada.post(f"{nordwind}/contacts/new", 422, **typed).words
    )
    _address, page = ada.follow(f"{nordwind}/contacts/new", **{**typed, "email": "vito@nordwind.example"})
    assert "vito@nordwind.example" in page.words
    (path,) = [link for link in ada.get("/contacts", q="lindqvist").links() if link.startswith("/contacts/")]
    assert vera.client.get("/calls").status_code == 200
    _address, page = ada.follow(f"{path}/disable")
    assert "Disabled." in page.words
    assert vera.client.get("/calls").status_code == 303
    assert "Enabled." in ada.follow(f"{path}/enable")[1].words


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text(ada: PageClient, nordwind: str, text: str) -> None:
    address, page = ada.follow("/companies/new", name=text, plan="standard", note=text)
    assert page.heading == text
    here = address.partition("?")[0]
    fields = {"name": text, "email": "x@x.example", "phone": "", "time_zone": "UTC", "language": "en"}
    ada.follow(f"{here}/contacts/new", **fields)
    for path in (here, f"{here}/change", "/companies", "/contacts"):
        found = ada.get(path)
        assert text in found.words or text in str(sent_by(found))
    assert "Found" in ada.get("/search", q=text).heading


def test_lists_and_pages_keep_to_their_budget(ada: PageClient, nordwind: str, count_queries) -> None:
    for path in ("/companies", nordwind, "/contacts", "/people", "/search?q=a", "/files"):
        with count_queries() as queries:
            ada.get(path)
        assert len(queries) <= 12, path


def test_what_was_booked_before_the_option_ended_is_kept_until_it_took_place(
    app: Flask, ada: PageClient, vera: PageClient, world: World, nordwind: str
) -> None:
    vera.follow("/book", **details(vera)[1])
    with app.app_context():
        call = db.session.query(Booking).one()
        reference, call_id = call.reference, call.public_id
    # The option ended yesterday: as of today nothing can be booked.
    with app.app_context():
        yesterday = (clock.now() - timedelta(days=1)).date()
        companies.end_option(
            db.session(), clock.now(), world.ada.user, nordwind.rpartition("/")[2], yesterday
        )
        db.session.commit()
    for path in ("/", "/book"):
        page = vera.get(path, 403)
        assert page.heading == "Dedicated support is not part of your plan"
        assert "What you booked stays booked" in page.words and "Nordwind" in page.words
        assert f"/calls/{call_id}" in page.links()
    assert reference in vera.get(f"/calls/{call_id}").words
    vera.follow(f"/calls/{call_id}/cancel")
    with app.app_context():
        assert db.session.query(Booking).one().status == "cancelled"


def test_slots_end_with_the_option(
    app: Flask, vera: PageClient, world: World, nordwind: str, ada: PageClient
) -> None:
    starts = vera.get("/book").slots()
    last = clock.now().date()
    ada.follow(f"{nordwind}/option/end", ends_on=last.isoformat())
    left = vera.get("/book").slots()
    assert starts
    assert all(start[:10] <= last.isoformat() for start in left)


def test_nobody_else_comes_near(app: Flask, world: World, vera: PageClient, nordwind: str) -> None:
    """Requirement 12 of the security list."""
    for browser in (vera, PageClient(app, world.sam), PageClient(app, world.lev)):
        for path in ("/companies", nordwind, f"{nordwind}/change", "/files", "/people", "/search?q=a"):
            assert browser.client.get(path).status_code == 404
        for path in (f"{nordwind}/option", "/files/contacts/export", f"/people/{world.sam.user.public_id}"):
            assert browser.send(path).status_code == 404
