"""The test support itself: what others rely on."""

import socket
from collections.abc import Callable
from email.message import EmailMessage
from smtplib import SMTP
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from app.config import Settings
from tests.support.mail import SmtpSink
from tests.support.network import NetworkIsShut
from tests.support.radicale import Radicale

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Attache tests//EN\r
BEGIN:VEVENT\r
UID:lunch\r
DTSTAMP:20261101T000000Z\r
DTSTART:20261123T110000Z\r
DTEND:20261123T120000Z\r
SUMMARY:Lunch\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_the_network_is_shut_but_for_this_machine() -> None:
    with pytest.raises(NetworkIsShut), socket.socket() as link:
        link.connect(("192.0.2.1", 80))
    with pytest.raises(NetworkIsShut):
        socket.getaddrinfo("calendar.example", 443)
    socket.getaddrinfo("localhost", 80)


@pytest.mark.postgres
def test_a_database_is_fresh_and_has_the_tables(session: Session, database_kind: str) -> None:
    assert session.get_bind().dialect.name == database_kind.replace("postgres", "postgresql")
    assert session.execute(text("SELECT count(*) FROM reservation")).scalar_one() == 0


def test_statements_are_counted(session: Session, count_queries: Callable[[], Any]) -> None:
    with count_queries() as queries:
        session.execute(text("SELECT 1"))
        session.execute(text("SELECT 2"))
    assert len(queries) == len(queries.starting_with("select")) == 2


def test_settings_point_at_the_servers_of_the_test(
    radicale: Radicale, smtp_sink: SmtpSink, settings: Settings
) -> None:
    assert settings.caldav_allowed_origins == (radicale.url,)
    assert settings.smtp_url == smtp_sink.url


def test_the_calendar_server_keeps_what_it_is_given(radicale: Radicale) -> None:
    path = radicale.make_calendar("sam")
    etag = radicale.put(f"{path}lunch.ics", ICS)
    assert radicale.paths(path) == ["/sam/work/lunch.ics"]
    assert "SUMMARY:Lunch" in radicale.get(f"{path}lunch.ics")
    assert radicale.put(f"{path}lunch.ics", ICS.replace("Lunch", "Rest"), if_match=etag) != etag
    radicale.delete(f"{path}lunch.ics")
    assert radicale.paths(path) == []


def test_the_calendar_server_is_empty_for_each_test(radicale: Radicale) -> None:
    assert radicale.request("PROPFIND", "/sam/work/").status_code == 404


def test_the_mail_server_keeps_what_it_is_given(smtp_sink: SmtpSink) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@attache.example", "vera@nordwind.example", "Grüße"
    message.set_content("Hello")
    with SMTP("127.0.0.1", smtp_sink.port) as link:
        link.send_message(message)
    assert [mail["Subject"] for mail in smtp_sink.to("vera@nordwind.example")] == ["Grüße"]


@pytest.mark.browser
def test_a_browser_opens_a_page(page: Any) -> None:
    page.goto("data:text/html,<title>Here</title>")
    assert page.title() == "Here"


@pytest.mark.browser
def test_the_application_answers_a_browser_on_its_public_address(
    live_server: str, settings: Settings, page: Any
) -> None:
    assert live_server == settings.public_url
    answer = page.goto(f"{live_server}/there-is-no-such-page")
    assert answer.status == 404
