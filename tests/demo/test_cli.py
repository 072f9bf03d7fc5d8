"""The commands, on a real calendar server where one is concerned."""

import re
import stat
from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app.accounts.models import User
from app.availability.models import OwnHoliday
from app.booking.models import Booking, CallType
from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.config import Settings
from app.demo.client_users import make_users, read_users, users_file
from app.lib import clock
from app.lib.db import db
from app.settings.kept import KeptSettings
from tests.accounts.browsing import post
from tests.support.radicale import Radicale, password
from tests.world import build_world

Run = Callable[..., Result]


@pytest.fixture
def run(app: Flask) -> Run:
    return lambda *arguments, **options: app.test_cli_runner().invoke(args=list(arguments), **options)


@pytest.fixture
def demo_server(radicale: Radicale, settings: Settings) -> Radicale:
    """The embedded server: its users' file holds the test server's passwords."""
    path = users_file(settings.data_dir)
    path.parent.mkdir()
    path.write_text("".join(f"{name}:{password(name)}\n" for name in ("sam", "rita", "lev")))
    return radicale


def give(app: Flask, settings: Settings) -> Settings:
    """Other settings for an application that runs."""
    app.extensions["attache"] = settings
    app.extensions["attache.kept_settings"] = KeptSettings(settings)
    return settings


def counts(app: Flask) -> list[int]:
    with app.app_context():
        rows = (User, CallType, OwnHoliday, CalendarAccount, Calendar, CalendarObject)
        return [db.session.scalar(select(func.count()).select_from(row)) or 0 for row in rows]


def test_the_demo_is_made_once(run: Run, app: Flask, demo_server: Radicale) -> None:
    first = run("demo")
    assert first.exit_code == 0, first.output
    made, paths = counts(app), demo_server.paths("/sam/calendar/")
    assert made[:5] == [8, 3, 1, 3, 9]
    assert len(paths) > 10
    demo_server.put("/sam/calendar/demo-sam-lunch.ics", _edited(demo_server))
    assert run("demo").exit_code == 0
    assert counts(app) == made
    assert demo_server.paths("/sam/calendar/") == paths
    assert "Long lunch" in demo_server.get("/sam/calendar/demo-sam-lunch.ics")


def _edited(server: Radicale) -> str:
    return server.get("/sam/calendar/demo-sam-lunch.ics").replace("SUMMARY:Lunch", "SUMMARY:Long lunch")


def test_after_the_demo_the_calendars_are_in_step(run: Run, app: Flask, demo_server: Radicale) -> None:
    run("demo")
    with app.app_context():
        accounts = db.session.scalars(select(CalendarAccount)).all()
        assert [(account.state, account.in_step_at is not None) for account in accounts] == [("ok", True)] * 3
        assert db.session.scalars(select(CalendarObject).where(CalendarObject.problem != "")).all() == []


def test_the_demo_leaves_an_own_calendar_account_alone(run: Run, app: Flask, demo_server: Radicale) -> None:
    run("demo")
    with app.app_context():
        account = db.session.scalars(select(CalendarAccount)).first()
        assert account is not None
        account.url = "https://calendars.company.example/sam/"
        db.session.commit()
    run("demo")
    with app.app_context():
        urls = set(db.session.scalars(select(CalendarAccount.url)))
    assert "https://calendars.company.example/sam/" in urls


def test_a_dead_calendar_server_is_told_in_one_line(run: Run, settings: Settings) -> None:
    answer = run("demo")
    assert answer.exit_code == 1
    assert answer.output.strip().count("\n") == 0
    assert answer.output.startswith("Error: The calendar server could not be reached. ")


def test_sync_tells_for_each_account(run: Run, app: Flask, demo_server: Radicale) -> None:
    run("demo")
    lines = run("sync").output.splitlines()
    assert lines == [f"{name}@attache.example: in step" for name in ("lev", "rita", "sam")]
    demo_server.delete("/sam/private/")
    answer = run("sync", "sam@attache.example")
    assert answer.exit_code == 1
    assert "sam@attache.example: not read" in answer.output


def test_an_own_calendar_account_is_connected(run: Run, app: Flask, radicale: Radicale) -> None:
    with app.app_context():
        build_world(db.session(), clock.now())
    radicale.make_calendar("lev", "work", "Work")
    radicale.make_calendar("lev", "family", "Family")
    arguments = ["connect-calendar", "lev@attache.example", radicale.home("lev"), "lev", "--bookings", "Work"]
    answer = run(*arguments, env={"CALDAV_PASSWORD": password("lev")})
    assert answer.exit_code == 0, answer.output
    with app.app_context():
        rows = db.session.scalars(select(Calendar)).all()
        assert {(row.name, row.purpose, row.receives_bookings) for row in rows} == {
            ("Work", "busy", True),
            ("Family", "busy", False),
            ("Working hours", "working_hours", False),
        }


def test_a_calendar_that_is_not_there_is_named(run: Run, app: Flask, radicale: Radicale) -> None:
    with app.app_context():
        build_world(db.session(), clock.now())
    radicale.make_calendar("lev", "work", "Work")
    arguments = [
        "connect-calendar",
        "lev@attache.example",
        radicale.home("lev"),
        "lev",
        "--bookings",
        "Calls",
    ]
    answer = run(*arguments, env={"CALDAV_PASSWORD": password("lev")})
    assert answer.exit_code == 1
    assert "there are: 'Work'" in answer.output


def test_links_and_tokens_are_printed(run: Run, app: Flask, settings: Settings) -> None:
    with app.app_context():
        build_world(db.session(), clock.now())
    link = run("sign-in-link", "Vera@Nordwind.example").output.strip()
    assert link.startswith(f"{settings.public_url}/sign-in/")
    token = run("api-token", "vera@nordwind.example").output.strip()
    client = app.test_client()
    assert client.get("/api/v1/me", headers={"Authorization": f"Bearer {token}"}).status_code == 200
    feed = run("feed-link", "sam@attache.example").output.strip()
    assert client.get(feed.removeprefix(settings.public_url)).status_code == 200


@pytest.mark.parametrize("command", ["sign-in-link", "api-token", "feed-link", "sync"])
def test_an_unknown_address_is_told_in_one_line(run: Run, command: str) -> None:
    answer = run(command, "nobody@nowhere.example")
    assert answer.exit_code == 1
    assert answer.output == "Error: nobody has the address 'nobody@nowhere.example'\n"


def test_welcome_says_where_to_go_and_how_to_sign_in(
    make_settings: Callable[..., Settings], run: Run, app: Flask
) -> None:
    with app.app_context():
        build_world(db.session(), clock.now())
    assert "/sign-in/" not in run("welcome").output
    give(app, make_settings(DEMO="1"))
    lines = run("welcome").output
    assert app.extensions["attache"].public_url in lines
    assert lines.count("/sign-in/") == 8
    assert "key" not in lines.replace("their key", "")


def test_the_demo_gives_staff_authenticators_and_welcome_says_their_codes(
    make_settings: Callable[..., Settings], run: Run, app: Flask, demo_server: Radicale
) -> None:
    settings = give(app, make_settings(DEMO="1"))
    run("demo")
    lines = run("welcome").output
    found = re.findall(r"code (\d{3}) (\d{3}) \(for \d+ s\), key ((?:[A-Z2-7]{4} ?){8})", lines)
    assert len(found) == len({key for *_code, key in found}) == 4
    keys = [key for *_code, key in found]
    run("demo")
    assert all(key in run("welcome").output for key in keys)
    sam = re.search(r"sam@attache\.example: [^\n]*\n\s+(\S+)\n\s+code (\d{3}) (\d{3})", lines)
    assert sam
    client = app.test_client()
    link = run("sign-in-link", "sam@attache.example").output.strip().removeprefix(settings.public_url)
    post(client, link)
    assert post(client, "/sign-in/second", code=sam[2] + sam[3]).location == "/schedule"
    assert all(key.replace(" ", "") not in kept_text(settings) for key in keys)


def kept_text(settings: Settings) -> str:
    """Everything in the database's files, as letters."""
    files = settings.data_dir.glob("attache.sqlite*")
    return "".join(path.read_bytes().decode("latin-1") for path in files)


def test_prepare_makes_what_is_missing_and_keeps_what_is_there(
    run: Run, app: Flask, settings: Settings
) -> None:
    assert run("prepare").exit_code == 0
    users = read_users(settings.data_dir)
    assert set(users) == {"sam", "rita", "lev"}
    assert stat.S_IMODE(users_file(settings.data_dir).stat().st_mode) == 0o600
    assert run("prepare").exit_code == 0
    assert read_users(settings.data_dir) == users
    with app.app_context():
        assert db.session.scalars(select(Booking)).all() == []


def test_passwords_are_added_to_an_empty_file(settings: Settings) -> None:
    path = users_file(settings.data_dir)
    path.parent.mkdir()
    path.write_text("sam:kept\n")
    make_users(settings.data_dir, ["sam", "rita"])
    users = read_users(settings.data_dir)
    assert users["sam"] == "kept"
    assert len(users["rita"]) >= 20
