"""Sessions, roles, languages and the cookies they need."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask, Response
from sqlalchemy import select, update

from app.accounts import service
from app.accounts.guards import set_session_cookie
from app.accounts.models import AuditEntry, User, UserSession
from app.accounts.rights import RIGHTS, Right, may
from app.accounts.values import ROLES
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from tests.accounts.browsing import change, form_token, is_signed_in, operator_link, post
from tests.world import World, client_of, session_token_for


def age(app: Flask, **moments: datetime) -> None:
    change(app, update(UserSession).values(**moments))


IDLE = {"vera": timedelta(hours=12), "sam": timedelta(hours=1)}
WHOLE = {"vera": timedelta(days=30), "sam": timedelta(hours=12)}
HOME = {"vera": "/", "sam": "/schedule"}


def test_nobody_is_sent_to_the_sign_in_page_and_back(app: Flask) -> None:
    answer = app.test_client().get("/calls?page=2")
    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/calls?page%3D2")


def test_another_role_finds_nothing_and_that_is_written_down_once_an_hour(app: Flask, world: World) -> None:
    assert client_of(app, world.vera).get("/overview").status_code == 404
    assert client_of(app, world.vera).get("/overview").status_code == 404
    assert client_of(app, world.ada).get("/overview").status_code == 200
    assert client_of(app, world.sam).get("/book").status_code == 404
    with app.app_context():
        refused = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "was refused")).all()
        assert [(entry.actor, entry.object_id) for entry in refused] == [
            ("vera@nordwind.example", "admin.overview"),
            ("sam@attache.example", "booking.week"),
        ]


def test_every_right_has_its_roles_and_a_role_that_does_not_exist_has_none() -> None:
    assert set(RIGHTS) == set(Right)
    assert all(roles and roles <= set(ROLES) for roles in RIGHTS.values())
    assert not any(may("admn", right) for right in Right)


def test_the_session_cookie_is_for_this_site_alone(app: Flask, settings: Settings, world: World) -> None:
    answer = post(app.test_client(), operator_link(app, settings, "vera@nordwind.example"))
    lines = answer.headers.getlist("Set-Cookie")
    assert any(line.startswith("attache=") for line in lines)
    for line in lines:
        assert {"HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line


def test_behind_https_the_session_cookie_is_bound_to_host_and_https(
    make_settings: Callable[..., Settings],
) -> None:
    response = Response()
    set_session_cookie(response, make_settings(PUBLIC_URL="https://calls.company.example"), "token", 60)
    line = response.headers["Set-Cookie"]
    assert line.startswith("__Host-attache=token; ")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))


def test_signing_in_gives_a_new_session_and_ends_the_old_one(
    app: Flask, settings: Settings, world: World
) -> None:
    old = session_token_for(app, world.vera)
    client = app.test_client()
    client.set_cookie("attache", old)
    post(client, operator_link(app, settings, "vera@nordwind.example"))
    new = client.get_cookie("attache")
    assert new is not None
    assert new.value != old
    with_old = app.test_client()
    with_old.set_cookie("attache", old)
    assert not is_signed_in(with_old)


def test_an_id_set_by_the_client_is_never_adopted(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    client.set_cookie("attache", "chosen-by-somebody")
    assert not is_signed_in(client)
    post(client, operator_link(app, settings, "vera@nordwind.example"))
    cookie = client.get_cookie("attache")
    assert cookie is not None
    assert cookie.value != "chosen-by-somebody"


@pytest.mark.parametrize("who", ["vera", "sam"])
def test_a_session_ends_by_idleness(app: Flask, world: World, who: str) -> None:
    client = client_of(app, getattr(world, who))
    age(app, last_seen_at=clock.now() - IDLE[who] + timedelta(minutes=1))
    assert is_signed_in(client, HOME[who])
    age(app, last_seen_at=clock.now() - IDLE[who])
    assert not is_signed_in(client, HOME[who])


@pytest.mark.parametrize("who", ["vera", "sam"])
def test_a_session_ends_by_age(app: Flask, world: World, who: str) -> None:
    client = app.test_client()
    client.set_cookie("attache", session_token_for(app, getattr(world, who), clock.now() - WHOLE[who]))
    age(app, last_seen_at=clock.now())
    assert not is_signed_in(client, HOME[who])


def test_use_is_written_down_every_five_minutes(app: Flask, world: World) -> None:
    client = client_of(app, world.vera)
    seen = []
    for minutes in (4, 6):
        age(app, last_seen_at=clock.now() - timedelta(minutes=minutes))
        client.get("/")
        with app.app_context():
            seen.append(clock.now() - db.session.scalars(select(UserSession.last_seen_at)).one())
    assert seen[0] > timedelta(minutes=3)
    assert seen[1] < timedelta(minutes=1)


def test_signing_out_ends_the_session_on_the_server(app: Flask, world: World) -> None:
    client = client_of(app, world.vera)
    token = client.get_cookie("attache")
    assert token is not None
    assert post(client, "/sign-out", "/profile").location == "/sign-in"
    stolen = app.test_client()
    stolen.set_cookie("attache", token.value)
    assert not is_signed_in(stolen)
    assert client.get_cookie("attache") is None


def test_disabling_the_account_ends_its_sessions_at_once(app: Flask, world: World) -> None:
    client = client_of(app, world.vera)
    assert is_signed_in(client)
    change(app, update(User).where(User.id == world.vera.id).values(is_active=False))
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
def test_forms_of_other_sites_are_refused(app: Flask, headers: dict[str, str], status: int) -> None:
    client = app.test_client()
    fields = {"csrf_token": form_token(client, "/sign-in"), "language": "ru"}
    assert client.post("/language", data=fields, headers=headers).status_code == status


def test_a_form_of_our_own_origin_is_taken(app: Flask, settings: Settings) -> None:
    client = app.test_client()
    fields = {"csrf_token": form_token(client, "/sign-in"), "language": "ru"}
    answer = client.post("/language", data=fields, headers={"Origin": settings.public_url})
    assert answer.status_code == 303


def test_a_visitor_chooses_a_language(app: Flask) -> None:
    client = app.test_client()
    assert '<html lang="ru">' in client.get("/sign-in", headers={"Accept-Language": "ru"}).text
    answer = post(client, "/language", "/sign-in", language="ru", next="/sign-in?next=/book")
    assert answer.location == "/sign-in?next=/book"
    assert '<html lang="ru">' in client.get("/sign-in", headers={"Accept-Language": "en"}).text


def test_a_person_keeps_the_language(app: Flask, world: World) -> None:
    post(client_of(app, world.vera), "/language", "/profile", language="ru", next="//evil.example")
    another = client_of(app, world.vera)
    assert '<html lang="ru">' in another.get("/profile").text


def test_a_language_that_we_do_not_speak_is_nothing(app: Flask) -> None:
    assert post(app.test_client(), "/language", "/sign-in", language="xx").status_code == 404


def test_pages_are_nobodys_to_cache(app: Flask, world: World) -> None:
    answer = client_of(app, world.vera).get("/profile")
    assert "no-store" in answer.headers["Cache-Control"]
    assert "Cookie" in answer.headers["Vary"]


def test_history_tells_who_did_what_in_order(app: Flask, world: World) -> None:
    with app.app_context():
        now = clock.now()
        session = db.session()
        service.record(session, now, world.vera.user, "booked", "booking", "abc", start="10:00")
        service.record(session, now, "calendar\nserver", "moved", "booking", "abc")
        service.record(session, now, None, "confirmed", "booking", "abc")
        service.record(session, now, None, "confirmed", "booking", "other")
        session.commit()
        facts = service.history(session, "booking", "abc")
    assert [(fact.actor, fact.verb) for fact in facts] == [
        ("Vera Lindqvist", "booked"),
        ("calendar server", "moved"),
        ("Attaché", "confirmed"),
    ]
    assert facts[0].detail == {"start": "10:00"}
