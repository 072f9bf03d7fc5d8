"""Passwords: what is taken, what is kept, and what a wrong one tells (nothing)."""

import re
import threading
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.accounts import service_limits
from app.accounts.models import AuditEntry, User, UserSession
from app.accounts.models_proofs import Password, RateCount
from app.accounts.proofs import service as proofs
from app.accounts.proofs import service_setting
from app.accounts.proofs.commonest import COMMONEST
from app.accounts.proofs.passwords import PasswordRefused, check, fits, hashed, is_outdated
from app.config import Settings
from app.lib import clock
from app.lib.db import db, write
from tests.accounts.browsing import change, form_token, is_signed_in, post
from tests.support.databases import make_engine
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import Member, World, client_of

GOOD = "three pale lanterns"
PAGE = "/sign-in/password"


def set_password(app: Flask, member: Member, password: str = GOOD) -> None:
    with app.app_context():
        now, kept = clock.now(), service_setting.password_to_keep(member.user, password)
        work = service_setting.change_password
        write(db.session(), [], lambda s: work(s, now, member.user, kept, ""))


def give(client: FlaskClient, email: str, password: str, **headers: str) -> TestResponse:
    fields = {"csrf_token": form_token(client, PAGE), "email": email, "password": password}
    return client.post(PAGE, data=fields, headers=headers)


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("eleven char", "short"),
        ("x" * 201, "long"),
        ("sam@attache.example", "personal"),
        ("Sam Horvath 2026", "personal"),
        ("attache-----12", "personal"),
        ("1234 5678 9012", "common"),
        ("Password2026!!", "common"),
        ("qwertyuiopas", "common"),
        ("ПарольПароль", "common"),
    ],
)
def test_what_is_guessed_first_is_refused(password: str, reason: str) -> None:
    with pytest.raises(PasswordRefused) as refused:
        check(password, "sam@attache.example", "Sam Horvath")
    assert refused.value.reason == reason


@pytest.mark.parametrize("password", [GOOD, "y" * 12, "837162549018", "лампа и зонтик", "a" * 11 + "\u00e9"])
def test_anything_else_is_taken(password: str) -> None:
    assert check(password, "sam@attache.example", "Sam Horvath") == password


def test_the_list_of_the_commonest_is_short() -> None:
    assert 150 < len(COMMONEST) < 250


def test_every_keyboard_types_the_same_password() -> None:
    kept = hashed(check("caf\u0065\u0301 by the lake", "sam@attache.example", "Sam"))
    assert fits(kept, "caf\u00e9 by the lake")
    assert not fits(kept, "cafe by the lake")


def test_a_password_is_kept_as_argon2id_of_the_defaults() -> None:
    kept = hashed(GOOD)
    assert kept.startswith("$argon2id$")
    assert not is_outdated(kept)
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=1024).hash(GOOD))
    assert not fits("no hash at all", GOOD)


def test_password_and_code_sign_staff_in(app: Flask, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    set_password(app, world.sam)
    client = app.test_client()
    assert give(client, " Sam@Attache.example ", GOOD).location == "/sign-in/second"
    assert not is_signed_in(client, "/schedule")
    assert post(client, "/sign-in/second", code=codes_now(seed)[0]).location == "/schedule"
    with app.app_context():
        assert db.session.scalars(select(UserSession.method)).one() == "password+totp"


def test_unknown_disabled_without_password_and_wrong_answer_alike(
    app: Flask, world: World, count_queries: Callable
) -> None:
    for member in (world.sam, world.rita):
        set_password(app, member)
    change(app, update(User).where(User.id == world.rita.id).values(is_active=False))
    tries = {
        "wrong": (world.sam.email, "another lantern"),
        "disabled": (world.rita.email, GOOD),
        "without": (world.lev.email, GOOD),
        "contact": (world.vera.email, GOOD),
        "unknown": ("nobody@nowhere.example", GOOD),
    }
    answers = set()
    for email, password in tries.values():
        client = app.test_client()
        token = form_token(client, PAGE)
        with count_queries() as queries:
            answer = client.post(PAGE, data={"csrf_token": token, "email": email, "password": password})
        text = re.sub(r'value="[^"]*"', "", answer.get_data(as_text=True))
        names = tuple(sorted(name for name, _value in answer.headers))
        # The settings are read again every few seconds, whoever asks.
        asked = [statement for statement in queries.statements if "service_setting" not in statement]
        answers.add((answer.status_code, text, names, len(asked)))
    assert len(answers) == 1
    assert answers.pop()[0] == 422


def test_without_a_password_the_same_work_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    done = []
    real = PasswordHasher.hash
    monkeypatch.setattr(PasswordHasher, "hash", lambda own, text: done.append(text) or real(own, text))
    assert not fits(None, GOOD)
    assert done == [GOOD]


def test_a_hash_of_older_parameters_is_made_anew(app: Flask, world: World) -> None:
    authenticator_of(app, world.sam.user)
    set_password(app, world.sam)
    change(app, update(Password).values(hash=PasswordHasher(time_cost=1, memory_cost=1024).hash(GOOD)))
    assert give(app.test_client(), world.sam.email, GOOD).status_code == 303
    with app.app_context():
        kept = db.session.scalars(select(Password.hash)).one()
    assert not is_outdated(kept)
    assert fits(kept, GOOD)


@pytest.mark.parametrize("email", ["sam@attache.example", "nobody@nowhere.example"])
def test_an_eleventh_wrong_password_has_to_wait(app: Flask, world: World, email: str) -> None:
    set_password(app, world.sam)
    answers = []
    for number in range(11):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers.append(give(client, email, "another lantern"))
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 900
    assert give(app.test_client(), email, GOOD).status_code == 429
    with app.app_context():
        verbs = list(db.session.scalars(select(AuditEntry.verb).where(AuditEntry.actor == email)))
    assert verbs.count("gave a wrong password") == 10
    assert "hit a limit" in verbs


@pytest.mark.postgres
def test_of_twenty_tries_at_once_ten_are_looked_at(
    session: Session, settings: Settings, database_url: str
) -> None:
    tried = proofs.PasswordTry("sam@attache.example", "192.0.2.1", "192.0.2.1")
    now, engine, start = clock.now(), make_engine(database_url), threading.Barrier(20)
    counted = []

    def press() -> None:
        with Session(engine) as own:
            start.wait()
            if write(own, [], lambda s: service_limits.count(s, now, settings, tried.uses)) is None:
                counted.append(1)

    threads = [threading.Thread(target=press) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    engine.dispose()
    assert len(counted) == 10


def test_a_client_may_try_thirty_times(app: Flask, world: World) -> None:
    client = app.test_client()
    give(client, "nobody@nowhere.example", GOOD)
    change(app, update(RateCount).where(RateCount.key.like("%client%")).values(count=29))
    forged = {"X-Forwarded-For": "203.0.113.9"}
    assert give(client, "one@nowhere.example", GOOD, **forged).status_code == 422
    assert give(client, "two@nowhere.example", GOOD, **forged).status_code == 429


def test_right_passwords_count_nothing(app: Flask, world: World) -> None:
    set_password(app, world.sam)
    assert give(app.test_client(), world.sam.email, GOOD).status_code == 303
    with app.app_context():
        assert set(db.session.scalars(select(RateCount.count))) == {0}


def test_setting_a_password_ends_other_sessions(app: Flask, world: World) -> None:
    authenticator_of(app, world.sam.user)
    client, elsewhere = client_of(app, world.sam), client_of(app, world.sam)
    page = "/profile/security/password"
    short = post(client, page, password="short")
    assert "Use at least 12 characters" in short.get_data(as_text=True)
    with app.app_context():
        assert db.session.scalars(select(Password.user_id)).all() == []
    assert post(client, page, password=GOOD).location == "/profile/security"
    assert "Your password is saved" in client.get("/profile/security").get_data(as_text=True)
    assert not is_signed_in(elsewhere, "/schedule")
    assert give(app.test_client(), world.sam.email, GOOD).status_code == 303


def test_password_managers_know_the_fields(app: Flask, world: World) -> None:
    text = app.test_client().get(PAGE).get_data(as_text=True)
    assert 'autocomplete="username"' in text
    assert 'autocomplete="current-password"' in text
    text = client_of(app, world.sam).get("/profile/security/password").get_data(as_text=True)
    assert 'autocomplete="new-password"' in text


def test_a_password_is_in_no_answer(app: Flask, world: World) -> None:
    answer = give(app.test_client(), world.sam.email, "another lantern")
    assert "another lantern" not in answer.get_data(as_text=True)
