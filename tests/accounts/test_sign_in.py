"""Opening a link: who gets in, and with what."""

from flask import Flask
from sqlalchemy import select, update

from app.accounts.models import SignInLink, User, UserSession
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from app.lib.tokens import token_hash
from tests.accounts.browsing import (
    ask,
    change,
    form_token,
    is_signed_in,
    mint,
    operator_link,
    post,
    shown_code,
)
from tests.world import World


def test_the_browser_that_asked_signs_in_with_a_press(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    assert ask(client, "Vera@Nordwind.example ").location == "/sign-in/sent"
    path = mint(app, settings)
    answer = post(client, path)
    assert (answer.status_code, answer.location) == (303, "/")
    assert is_signed_in(client)


def test_no_token_is_kept_in_clear(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    ask(client, "vera@nordwind.example")
    path = mint(app, settings)
    post(client, path)
    with app.app_context():
        link = db.session.scalars(select(SignInLink)).one()
        assert link.token_hash == token_hash(path.rpartition("/")[2])
        cookie = client.get_cookie("attache")
        assert cookie is not None
        assert db.session.scalars(select(UserSession)).one().token_hash == token_hash(cookie.value)


def test_looking_at_a_link_never_signs_in(app: Flask, settings: Settings, world: World) -> None:
    path = operator_link(app, settings, "vera@nordwind.example")
    scanner = app.test_client()
    for method in ("GET", "HEAD", "GET"):
        answer = scanner.open(path, method=method)
        assert answer.status_code == 200
        names = [value.partition("=")[0] for value in answer.headers.getlist("Set-Cookie")]
        assert set(names) <= {"attache-form"}
    assert not is_signed_in(scanner)
    assert post(app.test_client(), path).status_code == 303


def test_a_press_without_the_forms_token_changes_nothing(
    app: Flask, settings: Settings, world: World
) -> None:
    path = operator_link(app, settings, "vera@nordwind.example")
    assert app.test_client().post(path).status_code == 400
    assert post(app.test_client(), path).status_code == 303


def test_another_browser_needs_the_code(app: Flask, settings: Settings, world: World) -> None:
    desk, phone = app.test_client(), app.test_client()
    ask(desk, "vera@nordwind.example")
    code = shown_code(desk)
    path = mint(app, settings)
    assert post(phone, path).status_code == 422
    assert not is_signed_in(phone)
    assert post(phone, path, code=f"{code[:3]} {code[3:]}").status_code == 303
    assert is_signed_in(phone)


def test_five_wrong_codes_kill_a_link(app: Flask, settings: Settings, world: World) -> None:
    desk, phone = app.test_client(), app.test_client()
    ask(desk, "vera@nordwind.example")
    code = shown_code(desk)
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    path = mint(app, settings)
    token = form_token(phone, path)
    tries = [phone.post(path, data={"csrf_token": token, "code": wrong}).status_code for _ in range(5)]
    assert tries == [422, 422, 422, 422, 410]
    assert phone.post(path, data={"csrf_token": token, "code": code}).status_code == 410
    assert desk.get(path).status_code == 410


def test_a_link_of_an_operator_needs_no_code(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    answer = post(client, operator_link(app, settings, "vera@nordwind.example"))
    assert answer.location == "/"
    assert is_signed_in(client)


def test_a_link_signs_in_once(app: Flask, settings: Settings, world: World) -> None:
    path = operator_link(app, settings, "vera@nordwind.example")
    second = app.test_client()
    token = form_token(second, path)
    assert post(app.test_client(), path).status_code == 303
    assert second.post(path, data={"csrf_token": token}).status_code == 410


def test_a_link_dies_after_ten_minutes(app: Flask, settings: Settings, world: World) -> None:
    path = operator_link(app, settings, "vera@nordwind.example")
    client = app.test_client()
    token = form_token(client, path)
    change(app, update(SignInLink).values(expires_at=clock.now()))
    assert client.post(path, data={"csrf_token": token}).status_code == 410


def test_a_newer_link_kills_the_older(app: Flask, settings: Settings, world: World) -> None:
    older = operator_link(app, settings, "vera@nordwind.example")
    newer = operator_link(app, settings, "vera@nordwind.example")
    assert app.test_client().get(older).status_code == 410
    assert post(app.test_client(), newer).status_code == 303


def test_a_link_dies_with_the_address_it_went_to(app: Flask, settings: Settings, world: World) -> None:
    path = operator_link(app, settings, "vera@nordwind.example")
    change(app, update(User).where(User.id == world.vera.id).values(email="vera@elsewhere.example"))
    assert app.test_client().get(path).status_code == 410


def test_after_signing_in_one_goes_on_where_one_wanted_to(
    app: Flask, settings: Settings, world: World
) -> None:
    client = app.test_client()
    asked = client.get("/book?type=product-support")
    assert asked.location == "/sign-in?next=/book?type%3Dproduct-support"
    post(client, "/sign-in", asked.location, email="vera@nordwind.example", next="/book?type=product-support")
    assert post(client, mint(app, settings)).location == "/book?type=product-support"


def test_a_foreign_next_is_forgotten(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    post(client, "/sign-in", email="vera@nordwind.example", next="//evil.example/")
    assert post(client, mint(app, settings)).location == "/"
