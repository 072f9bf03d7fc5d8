"""The demo's mail pages: what they show, and to whom."""

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from flask import Flask

from app.config import Settings
from app.demo.mailbox import pieces, read_mail
from app.factory import create_app
from app.lib.db import db
from app.mail.pages import MailText


@pytest.fixture
def demo_settings(make_settings: Callable[..., Settings]) -> Settings:
    return make_settings(DEMO="1")


@pytest.fixture
def demo_app(demo_settings: Settings) -> Iterator[Flask]:
    app = create_app(demo_settings)
    yield app
    with app.app_context():
        db.engine.dispose()


def stored(folder: Path, name: str, subject: str = "Your call", text: str = "Hello") -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = (
        subject,
        "calls@attache.example",
        "vera@nordwind.example",
    )
    message["Date"] = "Tue, 24 Nov 2026 14:12:00 +0100"
    message.set_content(text)
    message.add_alternative(f"<p>{text}</p>", subtype="html")
    message.add_alternative(
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "text", "calendar", params={"method": "REQUEST"}
    )
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def test_mails_are_listed_and_opened(demo_app: Flask, demo_settings: Settings) -> None:
    stored(demo_settings.mail_dir, "one", text="Open https://calls.example/sign-in/abc. <b>Bye</b>")
    client = demo_app.test_client()
    page = client.get("/demo/mail").text
    assert "Your call" in page
    assert "Tue 24 Nov, 14:12" in page
    mail = client.get("/demo/mail/one").text
    assert '<a href="https://calls.example/sign-in/abc">' in mail
    assert "&lt;b&gt;Bye&lt;/b&gt;" in mail
    assert "BEGIN:VCALENDAR" in mail
    assert "REQUEST" in mail


def test_an_empty_mailbox_says_so(demo_app: Flask) -> None:
    assert "No mail yet" in demo_app.test_client().get("/demo/mail").text


@pytest.mark.parametrize("mail_id", ["two", "..", "%2e%2e%2fkeys%2fsecret", "one.eml", "."])
def test_only_stored_mails_are_opened(demo_app: Flask, demo_settings: Settings, mail_id: str) -> None:
    stored(demo_settings.mail_dir, "one")
    assert demo_app.test_client().get(f"/demo/mail/{mail_id}").status_code == 404


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"HTTP_HOST": "rebound.example"},
        {"HTTP_X_FORWARDED_FOR": "127.0.0.1"},
        {"HTTP_FORWARDED": "for=127.0.0.1"},
    ],
)
def test_nobody_else_sees_the_demos_mail(demo_app: Flask, environ: dict[str, str]) -> None:
    client = demo_app.test_client()
    for path in ("/demo/mail", "/demo/mail/one"):
        assert client.get(path, environ_overrides=environ).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"DEMO": "1", "SMTP_URL": "smtp://127.0.0.1:25"},
        {"DEMO": "1", "PUBLIC_URL": "https://calls.company.example"},
    ],
)
def test_an_installation_has_no_such_pages(
    make_settings: Callable[..., Settings], changes: dict[str, str]
) -> None:
    app = create_app(make_settings(**changes))
    assert app.test_client().get("/demo/mail").status_code == 404
    assert "demo" not in app.blueprints


def test_a_mail_without_a_date_or_calendar_is_read() -> None:
    mail = read_mail(b"Subject: Hi\r\n\r\nText\r\n")
    assert (mail.subject, mail.at, mail.calendar) == ("Hi", None, "")


def test_a_link_ends_before_the_sentence_does() -> None:
    assert pieces("See https://a.example/x?y=1, or (https://b.example).") == (
        MailText("See "),
        MailText("https://a.example/x?y=1", "https://a.example/x?y=1"),
        MailText(", or ("),
        MailText("https://b.example", "https://b.example"),
        MailText(")."),
    )
