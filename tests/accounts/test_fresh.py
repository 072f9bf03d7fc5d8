"""What counts asks for a proof that is at most ten minutes old (requirement 11)."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.models import AuditEntry, User, UserSession
from app.accounts.sessions import is_fresh
from app.booking.models import FeedLink
from app.config import Settings
from app.customers.files import service as files
from app.lib import clock
from app.lib.db import db, write
from tests.accounts.browsing import change, form_token, is_signed_in, mint, post, sign_in_as_staff
from tests.accounts.test_passwords import GOOD, set_password
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import Member, World, client_of

AGAIN = "/sign-in/again"
REFUSED = f"{AGAIN}?next=/calendar-links&refused=1"
TOLD = "Your change was not made yet"


def stale_client(app: Flask, member: Member) -> FlaskClient:
    """Somebody who signed in eleven minutes ago."""
    client = client_of(app, member)
    change(app, update(UserSession).values(proven_at=clock.now() - timedelta(minutes=11)))
    return client


def links(app: Flask) -> int:
    with app.app_context():
        return len(db.session.scalars(select(FeedLink.id)).all())


def test_ten_minutes_are_fresh_and_more_are_not() -> None:
    now = clock.now()
    assert is_fresh(now - timedelta(minutes=10), now)
    assert not is_fresh(now - timedelta(minutes=10, seconds=1), now)


def test_a_stale_form_changes_nothing_and_leads_back_to_where_it_stands(app: Flask, world: World) -> None:
    client = stale_client(app, world.vera)
    answer = post(client, "/calendar-links", name="Phone")
    assert (answer.status_code, answer.location) == (303, REFUSED)
    assert links(app) == 0
    assert post(client, "/calendar-links/some-id/replace", "/calendar-links").location == REFUSED
    assert client.get("/calendar-links").status_code == 200


def test_a_stale_page_is_asked_for_again_with_its_query(app: Flask, world: World) -> None:
    client = stale_client(app, world.sam)
    answer = client.get("/calendars/connect?service=nextcloud")
    assert answer.location == f"{AGAIN}?next=/calendars/connect?service%3Dnextcloud"


@pytest.mark.parametrize(
    "path",
    [
        "/calendars/connect",
        "/calendars/subscribe",
        "/profile/security/password",
        "/profile/security/authenticator",
        "/profile/security/recovery-codes",
    ],
)
def test_requirement_11_what_counts_asks_for_a_fresh_sign_in(app: Flask, world: World, path: str) -> None:
    assert stale_client(app, world.sam).get(path).location == f"{AGAIN}?next={path}"
    assert client_of(app, world.sam).get(path).status_code == 200


def test_staff_prove_it_by_a_code_and_get_another_session_id(
    app: Flask, settings: Settings, world: World
) -> None:
    seed = authenticator_of(app, world.sam.user)
    client = stale_client(app, world.sam)
    old = client.get_cookie("attache")
    assert old is not None
    fields = {"next": "/calendar-links", "refused": "1"}
    assert post(client, AGAIN, REFUSED, code="000000", **fields).status_code == 422
    answer = post(client, AGAIN, REFUSED, code=codes_now(seed)[0], **fields)
    assert (answer.status_code, answer.location) == (303, "/calendar-links")
    assert TOLD in client.get("/calendar-links").get_data(as_text=True)
    assert TOLD not in client.get("/calendar-links").get_data(as_text=True)
    assert links(app) == 0
    assert post(client, "/calendar-links", name="Phone").status_code == 200
    assert links(app) == 1
    stolen = app.test_client()
    stolen.set_cookie("attache", old.value)
    assert not is_signed_in(stolen, "/schedule")
    with app.app_context():
        entry = db.session.scalars(
            select(AuditEntry).where(AuditEntry.verb == "proved again who they are")
        ).one()
        assert entry.detail == {"method": "totp"}


def test_a_page_that_was_only_asked_for_tells_nothing_of_a_change(app: Flask, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    client = stale_client(app, world.sam)
    answer = post(client, AGAIN, code=codes_now(seed)[0], next="/calendars/connect")
    assert answer.location == "/calendars/connect"
    assert TOLD not in client.get("/calendars/connect").get_data(as_text=True)


def test_staff_prove_it_by_their_password(app: Flask, world: World) -> None:
    set_password(app, world.sam)
    set_password(app, world.rita, "four pale lanterns")
    client = stale_client(app, world.sam)
    page = f"{AGAIN}/password"
    assert post(client, page, AGAIN, password="four pale lanterns").status_code == 422
    assert post(client, page, AGAIN, password=GOOD, next="/calendar-links").location == "/calendar-links"
    assert client.get("/profile/security/password").status_code == 200


def test_wrong_codes_have_an_end_here_too(app: Flask, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    client = stale_client(app, world.sam)
    fields = {"csrf_token": form_token(client, AGAIN), "code": "000000"}
    assert [client.post(AGAIN, data=fields).status_code for _ in range(10)] == [422] * 10
    assert client.post(AGAIN, data={**fields, "code": codes_now(seed)[0]}).status_code == 429


def test_staff_with_nothing_here_are_asked_to_sign_in_anew(app: Flask, world: World) -> None:
    text = stale_client(app, world.sam).get(AGAIN).get_data(as_text=True)
    assert "Sign out and in again to go on." in text
    assert post(stale_client(app, world.sam), f"{AGAIN}/link", AGAIN).status_code == 404


def test_contacts_prove_it_by_a_link_in_the_same_browser(
    app: Flask, settings: Settings, world: World
) -> None:
    client = stale_client(app, world.vera)
    answer = post(client, f"{AGAIN}/link", REFUSED, next="/calendar-links", refused="1")
    assert answer.location == "/sign-in/sent"
    assert post(client, mint(app, settings)).location == "/calendar-links"
    assert TOLD in client.get("/calendar-links").get_data(as_text=True)
    assert post(client, "/calendar-links", name="Phone").status_code == 200
    assert post(client, AGAIN, REFUSED, code="000000").status_code == 404


def test_a_link_that_is_used_elsewhere_makes_nothing_fresh_here(
    app: Flask, settings: Settings, world: World
) -> None:
    client, elsewhere = stale_client(app, world.vera), app.test_client()
    post(client, f"{AGAIN}/link", REFUSED, next="/calendar-links")
    path = mint(app, settings)
    assert post(elsewhere, path).status_code == 422
    assert post(client, "/calendar-links", name="Phone").location == REFUSED


def test_it_leads_nowhere_else(app: Flask, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    client = stale_client(app, world.sam)
    assert post(client, AGAIN, code=codes_now(seed)[0], next="//evil.example").location == "/schedule"


def test_nobody_proves_anything_again(app: Flask, settings: Settings, world: World) -> None:
    assert app.test_client().get(AGAIN).location.startswith("/sign-in?")
    seed = authenticator_of(app, world.sam.user)
    assert sign_in_as_staff(app, settings, world.sam, seed).get("/calendars/connect").status_code == 200


def test_requirement_11_taking_a_file_in_asks_for_a_fresh_sign_in_and_keeps_the_file(
    app: Flask, world: World
) -> None:
    with app.app_context():
        text = f"company,email,name,id\nNordwind,vera@new.example,Vera,{world.vera.user.public_id}\n".encode()
        work = files.keep_file
        file_id = write(db.session(), [], lambda s: work(s, clock.now(), world.ada.user, "contacts", text))
    seed = authenticator_of(app, world.ada.user)
    client = stale_client(app, world.ada)
    page = f"/files/{file_id}"
    found = re.search(r'name="digest" value="([^"]+)"', client.get(page).get_data(as_text=True))
    assert found is not None
    answer = post(client, f"{page}/take", page, digest=found[1])
    assert (answer.status_code, answer.location) == (303, f"{AGAIN}?next={page}&refused=1")
    assert address_of(app, world.vera) == world.vera.email
    fields = {"next": page, "refused": "1"}
    assert post(client, AGAIN, answer.location, code=codes_now(seed)[0], **fields).location == page
    assert TOLD in client.get(page).get_data(as_text=True)
    assert post(client, f"{page}/take", page, digest=found[1]).location == "/files"
    assert address_of(app, world.vera) == "vera@new.example"


def address_of(app: Flask, member: Member) -> str:
    with app.app_context():
        return db.session.scalars(select(User.email).where(User.id == member.id)).one()
