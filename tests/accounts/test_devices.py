"""A mail tells of a sign-in from a browser that is not known."""

from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from app.accounts.models import AuditEntry, User
from app.accounts.models_proofs import KnownDevice
from app.accounts.retention.jobs import retention_pass
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from app.lib.tokens import token_hash
from app.mail.models import OutgoingMail
from tests.accounts.browsing import change, is_signed_in, operator_link, post, sign_in_as_staff
from tests.accounts.test_sessions import FIREFOX
from tests.support.second_factor import authenticator_of, codes_now
from tests.world import Member, World, client_of


def sign_in(app: Flask, settings: Settings, member: Member, client: FlaskClient | None = None) -> FlaskClient:
    client = client or app.test_client()
    client.environ_base["HTTP_USER_AGENT"] = FIREFOX
    post(client, operator_link(app, settings, member.email))
    return client


def mails(app: Flask) -> list[EmailMessage]:
    with app.app_context():
        contents = db.session.scalars(select(OutgoingMail.content).order_by(OutgoingMail.id)).all()
    found = [message_from_bytes(content, policy=policy.default) for content in contents]
    assert all(isinstance(mail, EmailMessage) for mail in found)
    return found  # type: ignore[return-value]


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def test_the_first_sign_in_ever_is_no_news(app: Flask, settings: Settings, world: World) -> None:
    sign_in(app, settings, world.vera)
    assert mails(app) == []


def test_a_new_browser_is_told_of_and_a_known_one_is_not(
    app: Flask, settings: Settings, world: World
) -> None:
    first = sign_in(app, settings, world.vera)
    sign_in(app, settings, world.vera, first)
    post(first, "/sign-out", "/profile")
    sign_in(app, settings, world.vera, first)
    assert mails(app) == []
    sign_in(app, settings, world.vera)
    (mail,) = mails(app)
    assert mail["Subject"] == f"New sign-in to {settings.organisation}"
    assert world.vera.email in mail["To"]
    for text in (body(mail), body(mail, "html")):
        assert "Firefox on Linux" in text
        assert "127.0.0.1" in text
        assert f"{settings.public_url}/profile/sessions" in text
        assert settings.standard_email in text
    with app.app_context():
        verbs = list(db.session.scalars(select(AuditEntry.verb)))
    assert verbs.count("signed in from a new browser") == 1


def test_it_is_written_in_its_readers_language(app: Flask, settings: Settings, world: World) -> None:
    change(app, update(User).where(User.id == world.vera.id).values(language="ru"))
    for _ in range(2):
        sign_in(app, settings, world.vera)
    assert '<html lang="ru">' in body(mails(app)[0], "html")


def test_staff_are_told_after_the_second_proof(app: Flask, settings: Settings, world: World) -> None:
    seed = authenticator_of(app, world.sam.user)
    sign_in_as_staff(app, settings, world.sam, seed)
    other = app.test_client()
    post(other, operator_link(app, settings, world.sam.email))
    assert mails(app) == []
    assert post(other, "/sign-in/second", code=codes_now(seed)[1]).status_code == 303
    (mail,) = mails(app)
    assert "Unknown browser" in body(mail)


def test_another_persons_browser_is_new_to_oneself(app: Flask, settings: Settings, world: World) -> None:
    shared = sign_in(app, settings, world.vera)
    sign_in(app, settings, world.pavel)
    assert mails(app) == []
    sign_in(app, settings, world.pavel, shared)
    (mail,) = mails(app)
    assert world.pavel.email in mail["To"]
    for member in (world.vera, world.pavel):
        sign_in(app, settings, member, shared)
    assert len(mails(app)) == 1


def test_whoever_is_signed_in_there_is_not_told(app: Flask, settings: Settings, world: World) -> None:
    client = client_of(app, world.vera)
    sign_in(app, settings, world.vera, client)
    assert mails(app) == []
    assert is_signed_in(client)


def test_the_cookie_opens_nothing_lasts_a_year_and_is_kept_as_a_hash(
    app: Flask, settings: Settings, world: World
) -> None:
    client = app.test_client()
    client.set_cookie("attache-device", "planted-by-somebody")
    answer = post(client, operator_link(app, settings, world.vera.email))
    (line,) = (line for line in answer.headers.getlist("Set-Cookie") if line.startswith("attache-device-"))
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=31536000"} <= set(line.split("; "))
    token = line.partition("=")[2].partition(";")[0]
    assert token != "planted-by-somebody"
    with app.app_context():
        assert db.session.scalars(select(KnownDevice.token_hash)).all() == [token_hash(token)]
    only_device = app.test_client()
    only_device.set_cookie(line.partition("=")[0], token)
    assert not is_signed_in(only_device)


@pytest.mark.parametrize(("days", "news"), [(364, 0), (366, 1)])
def test_a_browser_is_forgotten_after_a_year(
    app: Flask, settings: Settings, world: World, days: int, news: int
) -> None:
    client = sign_in(app, settings, world.vera)
    post(client, "/sign-out", "/profile")
    change(app, update(KnownDevice).values(last_seen_at=clock.now() - timedelta(days=days)))
    sign_in(app, settings, world.vera, client)
    assert len(mails(app)) == news
    with app.app_context():
        retention_pass(db.session(), settings, clock.now())
        assert len(db.session.scalars(select(KnownDevice.id)).all()) == 1
