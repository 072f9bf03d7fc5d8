"""The commands about calendars."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from app.accounts.models import AuditEntry
from app.calendars.models import Calendar, CalendarAccount
from app.lib import clock
from app.lib.db import db
from tests.calendars.lookup_world import FILE
from tests.calendars.odd_server import OddServer, Told, moved, odd_server
from tests.support.radicale import Radicale, password
from tests.world import build_world

Run = Callable[..., Result]
LEV = "lev@attache.example"


@pytest.fixture
def run(app: Flask) -> Run:
    with app.app_context():
        build_world(db.session(), clock.now())
    return lambda *arguments, **options: app.test_cli_runner().invoke(args=list(arguments), **options)


def connect(run: Run, address: str, *options: str, **more: Any) -> Result:
    return run(
        "connect-calendar", LEV, address, "lev", *options, env={"CALDAV_PASSWORD": password("lev")}, **more
    )


def chosen(app: Flask) -> set[tuple[str, str, str, bool]]:
    with app.app_context():
        rows = db.session.scalars(select(Calendar)).all()
        return {(row.name, row.source, row.purpose, row.receives_bookings) for row in rows}


def test_hours_can_be_kept_here(run: Run, app: Flask, radicale: Radicale) -> None:
    radicale.make_calendar("lev", "work", "Work")
    answer = connect(run, radicale.url, "--kept-hours")
    assert answer.exit_code == 0, answer.output
    assert chosen(app) == {("Work", "collection", "busy", True), ("", "kept", "working_hours", False)}


def test_hours_can_be_the_servers_availability(run: Run, app: Flask, radicale: Radicale) -> None:
    radicale.make_calendar("lev", "work", "Work")
    answer = connect(run, radicale.home("lev"), "--availability")
    assert answer.exit_code == 0, answer.output
    assert ("", "property", "working_hours", False) in chosen(app)


def test_a_named_calendar_of_hours_is_taken_or_made(run: Run, app: Flask, radicale: Radicale) -> None:
    radicale.make_calendar("lev", "work", "Work")
    radicale.make_calendar("lev", "hours", "Dienst")
    assert connect(run, radicale.url, "--hours", "dienst").exit_code == 0
    assert chosen(app) == {
        ("Work", "collection", "busy", True),
        ("Dienst", "collection", "working_hours", False),
    }


def test_a_fresh_account_gets_a_calendar_for_calls(run: Run, app: Flask, radicale: Radicale) -> None:
    answer = connect(run, radicale.url)
    assert answer.exit_code == 0, answer.output
    assert chosen(app) == {
        ("Calls", "collection", "busy", True),
        ("Working hours", "collection", "working_hours", False),
    }
    with app.app_context():
        verbs = db.session.scalars(select(AuditEntry.verb)).all()
    assert "connected a calendar account" in verbs


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("http://dav.example/", "The address has to begin with https://"),
        ("https://10.0.0.1/", "That address must not be called"),
        ("lev@gmail.com", "It asks for OAuth"),
        ("nonsense here", "This cannot be read as an address"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(run: Run, address: str, said: str) -> None:
    answer = connect(run, address)
    assert answer.exit_code == 1
    assert said in answer.output
    assert answer.output.strip().count("\n") == 0


def test_refused_credentials_are_told(run: Run, radicale: Radicale) -> None:
    answer = run("connect-calendar", LEV, radicale.url, "lev", env={"CALDAV_PASSWORD": "wrong"})
    assert answer.exit_code == 1
    assert "User name or password was refused" in answer.output


@pytest.fixture
def servers() -> Iterator[tuple[OddServer, OddServer]]:
    with odd_server() as first, odd_server() as second:
        yield first, second


@pytest.fixture
def settings(make_settings: Any, servers: tuple[OddServer, OddServer], request: pytest.FixtureRequest) -> Any:
    urls = [server.url for server in servers]
    if "radicale" in request.fixturenames:
        urls.append(request.getfixturevalue("radicale").url)
    return make_settings(CALDAV_ALLOWED_ORIGINS=",".join(urls))


def test_another_origin_is_asked_about(run: Run, servers: tuple[OddServer, OddServer]) -> None:
    servers[0].answers["/"] = moved(f"{servers[1].url}/")
    answer = connect(run, servers[0].url, input="n\n")
    assert answer.exit_code == 1
    assert f"The calendars are at {servers[1].url}/. Send the password there?" in answer.output
    assert servers[1].asked == []


def test_a_file_is_subscribed_to_listed_and_forgotten(
    run: Run, app: Flask, servers: tuple[OddServer, OddServer]
) -> None:
    servers[0].answers["/secret.ics"] = Told(200, FILE, {"Content-Type": "text/calendar"})
    answer = run("subscribe-calendar", LEV, f"{servers[0].url}/secret.ics")
    assert answer.exit_code == 0, answer.output
    assert "'Team', 1 events" in answer.output
    listed = run("calendars", LEV).output
    assert "subscription  Team  ok" in listed
    assert "secret" not in listed
    number = listed.split()[0]
    assert run("disconnect-calendar", LEV, number).exit_code == 0
    assert "no calendar account" in run("calendars", LEV).output
    with app.app_context():
        assert db.session.scalars(select(CalendarAccount)).all() == []
    assert run("disconnect-calendar", "sam@attache.example", number).exit_code == 1


def test_providers_are_listed_with_hints(run: Run) -> None:
    output = run("calendar-presets").output
    assert "Fastmail: https://caldav.fastmail.com/" in output
    assert "OAuth" in output
