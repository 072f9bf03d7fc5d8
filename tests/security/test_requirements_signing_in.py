"""Requirements 1 to 11: signing in and sessions. Staff's second factors have their tests beside them."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from werkzeug.test import TestResponse

from app.accounts.guards import session_cookie
from app.accounts.models import SignInLink, User, UserSession
from app.accounts.proofs.authenticator import new_seed
from app.accounts.values import CONTACT
from app.config import Settings, SettingsError, load_settings
from app.factory import create_app
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
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import World, build_world, client_of, session_token_for

VERA = "vera@nordwind.example"


@pytest.fixture
def world(app: Flask) -> World:
    with app.app_context():
        return build_world(db.session(), clock.now())


def told(answer: TestResponse) -> tuple[int, bytes, list[tuple[str, str]]]:
    """All that an answer says, but for the cookie's own value and the time."""
    headers = [(name, value) for name, value in answer.headers if name not in {"Set-Cookie", "Date"}]
    return answer.status_code, answer.data, headers


def test_requirement_01_asking_for_a_link_answers_the_same_for_everybody(
    app: Flask, world: World, count_queries: Callable
) -> None:
    change(app, update(User).where(User.email == "otto@krause.example").values(is_active=False))
    answers, statements = [], []
    for email in (VERA, "nobody@nowhere.example", "otto@krause.example"):
        client = app.test_client()
        fields = {"csrf_token": form_token(client, "/sign-in"), "email": email}
        with count_queries() as queries:
            answers.append(told(client.post("/sign-in", data=fields)))
        statements.append(list(queries.statements))
    assert answers[0] == answers[1] == answers[2]
    assert answers[0][0] == 303
    # The same path through the code; the medians are measured by bench/sign_in.py.
    assert statements[0] == statements[1] == statements[2]


def test_requirement_02_only_a_post_with_the_forms_token_signs_in(
    app: Flask, settings: Settings, world: World
) -> None:
    path = operator_link(app, settings, VERA)
    scanner = app.test_client()
    for method in ("GET", "HEAD", "GET", "HEAD"):
        answer = scanner.open(path, method=method)
        assert not [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("attache=")]
    assert app.test_client().post(path).status_code == 400
    assert not is_signed_in(scanner)
    assert post(scanner, path).status_code == 303
    assert is_signed_in(scanner)


def test_requirement_03_another_browser_needs_the_code_too(
    app: Flask, settings: Settings, world: World
) -> None:
    desk, phone = app.test_client(), app.test_client()
    ask(desk, VERA)
    code, path = shown_code(desk), mint(app, settings)
    assert post(phone, path).status_code == 422
    assert not is_signed_in(phone)
    assert post(phone, path, code=code).status_code == 303
    assert is_signed_in(phone)
    assert post(app.test_client(), operator_link(app, settings, VERA)).status_code == 303


def test_requirement_04_of_twenty_presses_one_signs_in(app: Flask, settings: Settings, world: World) -> None:
    path = operator_link(app, settings, VERA)
    clients = [app.test_client() for _ in range(20)]
    tokens = [form_token(client, path) for client in clients]
    answers: list[int] = []
    start = threading.Barrier(20)

    def press(number: int) -> None:
        start.wait()
        answers.append(clients[number].post(path, data={"csrf_token": tokens[number]}).status_code)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [303] + [410] * 19
    assert app.test_client().get(path).status_code == 410


@pytest.mark.parametrize("death", ["ten minutes", "a newer link", "another address", "a disabled account"])
def test_requirement_04_a_link_dies(app: Flask, settings: Settings, world: World, death: str) -> None:
    desk = app.test_client()
    ask(desk, VERA)
    path = mint(app, settings)
    match death:
        case "ten minutes":
            change(app, update(SignInLink).values(expires_at=clock.now()))
        case "a newer link":
            ask(desk, VERA)
        case "another address":
            change(app, update(User).where(User.email == VERA).values(email="vera@elsewhere.example"))
        case _:
            change(app, update(User).where(User.email == VERA).values(is_active=False))
    assert desk.get(path).status_code == 410
    with app.app_context():
        link = db.session.scalars(select(SignInLink).limit(1)).one()
        assert link.expires_at - link.created_at <= timedelta(minutes=10)


def test_requirement_05_tokens_are_random_and_hashed_and_five_wrong_codes_kill_a_link(
    app: Flask, settings: Settings, world: World
) -> None:
    desk, phone = app.test_client(), app.test_client()
    ask(desk, VERA)
    code, path = shown_code(desk), mint(app, settings)
    token = path.rpartition("/")[2]
    assert len(token) * 6 >= 128
    with app.app_context():
        link = db.session.scalars(select(SignInLink)).one()
        assert link.token_hash == token_hash(token)
        assert code not in str(link.code_hash)
        for table in db.metadata.sorted_tables:
            assert token not in str(db.session.execute(text(f'SELECT * FROM "{table.name}"')).all())
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    assert [post(phone, path, code=wrong).status_code for _ in range(4)] == [422] * 4
    assert phone.post(path, data={"csrf_token": form_token(phone, path), "code": wrong}).status_code == 410
    assert desk.get(path).status_code == 410


@pytest.mark.parametrize("header", ["Host", "X-Forwarded-Host", "Forwarded"])
def test_requirement_06_a_forged_host_changes_no_link_and_no_redirect(
    app: Flask, settings: Settings, world: World, header: str
) -> None:
    client = app.test_client()
    fields = {"csrf_token": form_token(client, "/sign-in"), "email": VERA}
    cookie = client.get_cookie("attache-form")
    assert cookie is not None
    forged = "host=evil.example" if header == "Forwarded" else "evil.example"
    headers = {header: forged, "Cookie": f"attache-form={cookie.value}"}
    answer = app.test_client(use_cookies=False).post("/sign-in", data=fields, headers=headers)
    assert answer.location == "/sign-in/sent"
    assert "evil.example" not in app.test_client().get("/calls", headers={header: forged}).location
    # ``mint`` takes PUBLIC_URL off the address; nothing else may stand before the path.
    assert mint(app, settings).startswith("/sign-in/")


def test_requirement_07_the_first_proof_of_staff_alone_opens_nothing(
    app: Flask, settings: Settings, world: World
) -> None:
    client, name = app.test_client(), f"{session_cookie(settings)}-step"
    assert post(client, operator_link(app, settings, world.ada.email)).location == "/sign-in/second"
    step = client.get_cookie(name)
    assert step is not None and client.get_cookie(session_cookie(settings)) is None
    # Neither as it is, nor as the cookie of a session, nor as an API token.
    client.set_cookie(session_cookie(settings), step.value)
    for path in ("/", "/overview", "/profile", "/profile/security", "/companies", "/audit"):
        assert client.get(path).location.startswith("/sign-in")
    bearer = {"Authorization": f"Bearer {step.value}"}
    assert app.test_client().get("/api/v1/me", headers=bearer).status_code == 401
    # With an authenticator already there, no second one is enrolled with a first proof.
    seed = authenticator_of(app, world.ada.user)
    assert client.get("/sign-in/enrol").location == "/sign-in/second"
    fields = {"csrf_token": form_token(client, "/sign-in/second"), "code": codes_now(new_seed())[0]}
    assert client.post("/sign-in/enrol", data=fields).location == "/sign-in/second"
    assert client.post("/sign-in/second", data=fields).status_code == 422
    assert client.post("/sign-in/second", data=fields | {"code": codes_now(seed)[0]}).status_code == 303
    spare = app.test_client()
    spare.set_cookie(name, step.value)
    assert spare.get("/sign-in/second").status_code == 410


def test_requirement_08_signing_in_gives_a_new_session_and_ends_the_old_one(
    app: Flask, settings: Settings, world: World
) -> None:
    name = session_cookie(settings)
    client = app.test_client()
    client.set_cookie(name, "chosen-by-somebody-else-1234567890")
    assert post(client, operator_link(app, settings, VERA)).status_code == 303
    first = client.get_cookie(name)
    assert first is not None
    assert first.value != "chosen-by-somebody-else-1234567890"
    assert post(client, operator_link(app, settings, VERA)).status_code == 303
    old = app.test_client()
    old.set_cookie(name, first.value)
    assert not is_signed_in(old)
    assert is_signed_in(client)


def test_requirement_09_sessions_end_on_the_server(app: Flask, settings: Settings, world: World) -> None:
    now, name = clock.now(), session_cookie(settings)
    for member, home in ((world.vera, "/"), (world.sam, "/schedule")):
        is_contact = member.user.role == CONTACT
        idle, whole = (12, 30 * 24) if is_contact else (1, 12)
        for hours, column in ((idle, "last_seen_at"), (0, "ends_at")):
            client = client_of(app, member)
            assert is_signed_in(client, home)
            change(app, update(UserSession).values({column: now - timedelta(hours=hours, seconds=1)}))
            assert not is_signed_in(client, home)
        client_of(app, member)
        with app.app_context():
            newest = db.session.scalars(select(UserSession).order_by(UserSession.id.desc()).limit(1)).one()
            assert newest.ends_at - newest.created_at == timedelta(hours=whole)
    token = session_token_for(app, world.vera)
    client = app.test_client()
    client.set_cookie(name, token)
    with app.app_context():
        hashes = set(db.session.scalars(select(UserSession.token_hash)))
        assert token_hash(token) in hashes and token not in hashes
    assert post(client, "/sign-out", "/").status_code == 303
    client.set_cookie(name, token)
    assert not is_signed_in(client)
    other = client_of(app, world.vera)
    change(app, update(User).where(User.email == VERA).values(is_active=False))
    assert not is_signed_in(other)


def test_requirement_10_cookies_are_bound_to_https_and_keys_are_long(
    app: Flask, settings: Settings, world: World, make_settings: Callable[..., Settings]
) -> None:
    plain = post(app.test_client(), operator_link(app, settings, VERA)).headers.getlist("Set-Cookie")
    secure = create_app(make_settings(PUBLIC_URL="https://calls.company.example"))
    with secure.app_context():
        settings = secure.extensions["attache"]
    behind = post_over_https(secure, operator_link(secure, settings, VERA))
    with secure.app_context():
        db.engine.dispose()
    assert [line for line in plain if line.startswith("attache=")]
    assert [line for line in behind if line.startswith("__Host-attache=")]
    for line in behind:
        assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(line.split("; "))
        assert "Domain" not in line
    with pytest.raises(SettingsError, match="PUBLIC_URL"):
        make_settings(PUBLIC_URL="http://calls.company.example")
    with pytest.raises(SettingsError, match="SECRET_KEY"):
        make_settings(SECRET_KEY="secret")
    own = load_settings({"DATA_DIR": str(settings.data_dir / "new")}).secret_key
    assert len(own) >= 32


def post_over_https(app: Flask, path: str) -> list[str]:
    client = app.test_client()
    page = client.get(path, base_url="https://calls.company.example").get_data(as_text=True)
    token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    answer = client.post(path, data={"csrf_token": token}, base_url="https://calls.company.example")
    assert answer.status_code == 303
    return answer.headers.getlist("Set-Cookie")
