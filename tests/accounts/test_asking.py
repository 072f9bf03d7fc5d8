"""Asking for a link: the same for everybody, within limits, mailed by the worker."""

import base64
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from app.accounts import jobs, service
from app.accounts.errors import NotFound
from app.accounts.models import AuditEntry, SignInLink, User
from app.accounts.service_unsent import note_refused, send_link_again, unsent_links
from app.config import Settings
from app.demo.mailbox import read_mail
from app.jobs.client import client_of
from app.lib import clock
from app.lib.db import db, write
from tests.accounts.browsing import (
    ask,
    change,
    form_token,
    mint,
)
from tests.support.ports import free_port
from tests.world import World


@pytest.mark.parametrize("email", ["vera@nordwind.example", "nobody@nowhere.example", "otto@krause.example"])
def test_asking_answers_the_same_for_everybody(app: Flask, world: World, email: str) -> None:
    change(app, update(User).where(User.email == "otto@krause.example").values(is_active=False))
    answer = ask(app.test_client(), email)
    headers = {name for name, _value in answer.headers}
    assert (answer.status_code, answer.location) == (303, "/sign-in/sent")
    assert headers == {name for name, _value in ask(app.test_client(), "somebody@else.example").headers}
    with app.app_context():
        asked = db.session.scalars(select(SignInLink).where(SignInLink.email == email)).all()
        assert [(link.user_id, link.token_hash) for link in asked] == [(None, None)]


def test_asking_costs_the_same_queries_for_everybody(
    app: Flask, world: World, count_queries: Callable
) -> None:
    counts = []
    for email in ("vera@nordwind.example", "nobody@nowhere.example"):
        client = app.test_client()
        token = form_token(client, "/sign-in")
        with count_queries() as queries:
            client.post("/sign-in", data={"csrf_token": token, "email": email})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def link_ids(app: Flask) -> list[int]:
    with app.app_context():
        return list(db.session.scalars(select(SignInLink.id).order_by(SignInLink.id)))


def test_the_worker_mails_a_link_to_people_it_knows(app: Flask, settings: Settings, world: World) -> None:
    for email in ("pavel@sever.example", "nobody@nowhere.example"):
        ask(app.test_client(), email)
    for link_id in link_ids(app):
        with app.app_context():
            assert jobs.mail_link(db.session(), settings, link_id, 0) is None
            assert jobs.mail_link(db.session(), settings, link_id, 1) is None
    (mail,) = settings.mail_dir.glob("*.eml")
    assert read_mail(mail.read_bytes()).recipient == "Pavel Orekhov <pavel@sever.example>"


def test_a_link_with_an_id_that_was_used_before_is_mailed_all_the_same(app: Flask, world: World) -> None:
    ask(app.test_client(), "vera@nordwind.example")
    change(app, delete(SignInLink))
    ask(app.test_client(), "vera@nordwind.example")
    with app.app_context():
        waiting = client_of(db.session()).list_workflows()
        assert len({work.workflow_id for work in waiting}) == 2


def test_a_refusal_of_a_link_that_had_the_id_before_is_not_told(
    app: Flask, settings: Settings, world: World
) -> None:
    with app.app_context():
        session, now = db.session(), clock.now()
        write(session, [], lambda s: note_refused(s, now - timedelta(days=2), world.vera.user, 1, "550 no"))
    ask(app.test_client(), world.vera.email)
    mint(app, settings)
    with app.app_context():
        assert [item.said for item in unsent_links(db.session(), now + timedelta(minutes=3), 5)] == [""]


def test_only_the_newest_link_of_an_address_is_mailed(app: Flask, settings: Settings, world: World) -> None:
    for _ in range(2):
        ask(app.test_client(), world.vera.email)
    older, newer = link_ids(app)
    with app.app_context():
        session, now = db.session(), clock.now()
        assert write(session, [], lambda s: service.mint_asked_link(s, now, settings, older)) is None
        change(app, update(SignInLink).values(user_id=world.vera.id))
        told = unsent_links(session, now + timedelta(minutes=3), 5)
        assert [(item.id, item.can_go) for item in told] == [(newer, True), (older, False)]
        with pytest.raises(NotFound):
            write(session, [], lambda s: send_link_again(s, now, older))


def test_a_mailed_link_is_in_no_table(
    app: Flask, settings: Settings, world: World, database_url: str
) -> None:
    ask(app.test_client(), "vera@nordwind.example")
    with app.app_context():
        jobs.mail_link(db.session(), settings, link_ids(app)[0], 0)
    (path,) = settings.mail_dir.glob("*.eml")
    token = re.search(r"/sign-in/(\S+)", read_mail(path.read_bytes()).text)
    assert token
    assert app.test_client().get(token[0]).status_code == 200
    file = Path(database_url.removeprefix("sqlite:///"))
    kept = b"".join(part.read_bytes() for part in file.parent.glob(f"{file.name}*"))
    assert token[1].encode() not in kept
    assert base64.b64encode(token[1].encode())[:-4] not in kept


def test_while_the_mail_server_is_away_the_worker_tries_again(
    make_settings: Callable[..., Settings], app: Flask, world: World
) -> None:
    ask(app.test_client(), "vera@nordwind.example")
    away = make_settings(SMTP_URL=f"smtp://127.0.0.1:{free_port()}")
    with app.app_context():
        assert jobs.mail_link(db.session(), away, link_ids(app)[0], 0) is not None


def test_a_sixth_link_within_an_hour_has_to_wait(app: Flask, world: World) -> None:
    for email in ("vera@nordwind.example", "nobody@nowhere.example"):
        clients = [app.test_client() for _ in range(6)]
        for number, client in enumerate(clients):
            client.environ_base["REMOTE_ADDR"] = f"192.0.2.{number}"
        answers = [ask(client, email) for client in clients]
        assert [answer.status_code for answer in answers] == [303] * 5 + [429]
        assert 3500 < int(answers[-1].headers["Retry-After"]) <= 3600


def test_a_client_may_ask_twenty_times_an_hour(app: Flask, world: World) -> None:
    client = app.test_client()
    token = form_token(client, "/sign-in")
    answers = [
        client.post("/sign-in", data={"csrf_token": token, "email": f"person{number}@company.example"})
        for number in range(21)
    ]
    assert [answer.status_code for answer in answers] == [303] * 20 + [429]
    with app.app_context():
        assert list(db.session.scalars(select(AuditEntry.verb))).count("hit a limit") == 1


def test_a_forged_forwarding_header_moves_no_limit(app: Flask, world: World) -> None:
    client = app.test_client()
    token = form_token(client, "/sign-in")
    for number in range(20):
        fields = {"csrf_token": token, "email": f"person{number}@company.example"}
        client.post("/sign-in", data=fields, headers={"X-Forwarded-For": f"198.51.100.{number}"})
    fields = {"csrf_token": token, "email": "another@company.example"}
    answer = client.post("/sign-in", data=fields, headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.status_code == 429


def test_a_forged_host_changes_no_link(app: Flask, settings: Settings, world: World) -> None:
    client = app.test_client()
    fields = {"csrf_token": form_token(client, "/sign-in"), "email": "vera@nordwind.example"}
    cookie = client.get_cookie("attache-form")
    assert cookie is not None
    forged = {
        "Host": "evil.example",
        "X-Forwarded-Host": "evil.example",
        "Cookie": f"attache-form={cookie.value}",
    }
    answer = app.test_client(use_cookies=False).post("/sign-in", data=fields, headers=forged)
    assert answer.location == "/sign-in/sent"
    with app.app_context():
        link_id = db.session.scalars(select(SignInLink.id)).one()
        now = clock.now()
        minted = write(db.session(), [], lambda s: service.mint_asked_link(s, now, settings, link_id))
    assert minted is not None
    assert minted[1].startswith(f"{settings.public_url}/sign-in/")


@pytest.mark.parametrize(
    "text", ["", "vera", "vera@", "a b@c.example", "x" * 250 + "@c.example", "v@c\x00.example"]
)
def test_what_is_no_address_is_named_at_the_field(app: Flask, text: str) -> None:
    answer = ask(app.test_client(), text)
    assert answer.status_code == 422
    assert "Enter an e-mail address" in answer.get_data(as_text=True)
