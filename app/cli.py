"""The commands of ``flask --app wsgi``."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from pathlib import Path
from typing import ParamSpec, TypeVar

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.accounts import jobs as accounts_jobs
from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings
from app.availability import jobs as availability_jobs
from app.booking import jobs as booking_jobs
from app.booking import service as booking
from app.calendars import jobs as calendars_jobs
from app.calendars import service as calendars
from app.calendars.client import CalDavClient, client_for
from app.calendars.errors import CalendarTrouble
from app.calendars.values import FoundCalendar
from app.config import Settings
from app.demo import client as demo_client
from app.demo import service as demo_service
from app.demo.calendars import calendars_of
from app.demo.cast import CALENDAR_OWNERS, PEOPLE, person
from app.demo.client_users import make_users, read_users
from app.jobs.client import prepare_database
from app.jobs.jobs import Handler, Periodic, Worker
from app.lib import clock
from app.lib.catalogues import compile_catalogues
from app.lib.db import db, write
from app.lib.errors import DomainError
from app.lib.zones import local
from app.mail import jobs as mail_jobs
from app.operations.queries import calendar_ages
from app.verify import service as verifying

P = ParamSpec("P")
R = TypeVar("R")

HANDLERS: dict[str, Handler] = {
    "booking": booking_jobs.write_booking,
    "hours": availability_jobs.write_hours,
    "sign_in": accounts_jobs.mail_link,
}


def init_app(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (
        prepare,
        demo,
        welcome,
        sign_in_link,
        api_token,
        feed_link,
        connect_calendar,
        sync,
        verify,
        worker,
    ):
        app.cli.add_command(command)


def _in_words(command: Callable[P, R]) -> Callable[P, R]:
    """What the service itself refuses is one line for the operator, not a traceback."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except CalendarTrouble as error:
            raise click.ClickException(f"calendar server: {error.reason or error.code}") from None
        except (DomainError, OSError) as error:
            raise click.ClickException(str(error)) from None
        except DBAPIError as error:
            hint = "if it is new, run: flask --app wsgi prepare"
            raise click.ClickException(f"the database says: {error.orig}; {hint}") from None

    return told


def _write(work: Callable[[Session, datetime], R]) -> R:
    now = clock.now()
    return write(db.session(), [], lambda session: work(session, now))


@click.command()
@with_appcontext
@_in_words
def prepare() -> None:
    """Make keys, tables and translations; run it before the first start and after each update."""
    settings = current_settings()
    for name in ("alembic", "dbos"):
        # Their lines about each single revision are for developers.
        logging.getLogger(name).setLevel(logging.WARNING)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    upgrade()
    prepare_database(settings.database_url)
    compile_catalogues(Path(current_app.root_path) / "translations")
    if settings.caldav_embedded:
        make_users(settings.data_dir, CALENDAR_OWNERS)


@click.command()
@with_appcontext
@_in_words
def demo() -> None:
    """Make the sample companies, people, call types and calendars that are missing."""
    ids = _write(demo_service.make_cast)
    settings = current_settings()
    if not settings.caldav_embedded:
        click.echo("The people are there; their calendars need the embedded calendar server.")
        return
    make_users(settings.data_dir, CALENDAR_OWNERS)
    passwords = read_users(settings.data_dir)
    for name in CALENDAR_OWNERS:
        _make_demo_calendars(settings, name, ids[name], passwords[name])
    click.echo("The demo is ready.")


def _make_demo_calendars(settings: Settings, name: str, person_id: int, password: str) -> None:
    """Fill somebody's calendars on the embedded server, connect them and read them once."""
    owner, now = person(name), clock.now()
    contents = calendars_of(owner, local(now, owner.time_zone).date(), now)
    demo_client.fill(settings, name, password, contents)
    by_href = {demo_client.href_of(name, calendar): calendar for calendar in contents}
    login = (demo_client.server_url(settings, name), name, password)
    _write(lambda s, now: demo_service.connect_account(s, now, settings, person_id, login, by_href))
    calendars_jobs.sync_account(db.session(), settings, clock.now(), person_id, force=True)


@click.command()
@with_appcontext
@_in_words
def welcome() -> None:
    """Say where to go and, in the demo, how to sign in as each person of the cast."""
    settings = current_settings()
    click.echo(f"\n{settings.organisation} is at {settings.public_url}")
    links = [(cast, _link_of(settings, cast.email)) for cast in PEOPLE if settings.demo]
    if any(link for _cast, link in links):
        click.echo("Sign in with one of these links; each works once, within ten minutes:\n")
    for cast, link in links:
        if link:
            click.echo(f"  {cast.name}, {cast.email}: {cast.stands_for}\n    {link}")
    click.echo("\nA new link at any time: .venv/bin/flask --app wsgi sign-in-link EMAIL")
    if settings.shows_demo_mail:
        click.echo(f"All mail of the demo: {settings.public_url}/demo/mail")


def _link_of(settings: Settings, email: str) -> str:
    """A link for somebody of the cast; empty when they are not there (any more)."""
    try:
        return _write(lambda s, now: accounts.mint_operator_link(s, now, settings, email))
    except NotFound:
        return ""


@click.command("sign-in-link")
@click.argument("email")
@with_appcontext
@_in_words
def sign_in_link(email: str) -> None:
    """Print a link that signs this person in once, within ten minutes."""
    settings = current_settings()
    click.echo(_write(lambda s, now: accounts.mint_operator_link(s, now, settings, email)))


@click.command("api-token")
@click.argument("email")
@with_appcontext
@_in_words
def api_token(email: str) -> None:
    """Print a new API token of this person; it is shown this once."""
    click.echo(_write(lambda s, now: accounts.make_api_token(s, now, email)))


@click.command("feed-link")
@click.argument("email")
@click.option("--name", default="Command line", show_default=True, help="What its owner sees it as.")
@with_appcontext
@_in_words
def feed_link(email: str, name: str) -> None:
    """Print a new private calendar link of this person; it is shown this once."""
    owner = accounts.find_person(db.session(), email)
    _link, token = _write(lambda s, now: booking.make_feed(s, now, owner.id, name))
    click.echo(f"{current_settings().public_url}/feeds/{token}.ics")


@click.command("connect-calendar")
@click.argument("email")
@click.argument("url")
@click.argument("username")
@click.option("--bookings", default="", help="Name of the calendar for calls (default: the first).")
@click.option("--hours", default="Working hours", show_default=True, help="Name of the one for hours.")
@click.password_option(confirmation_prompt=False, envvar="CALDAV_PASSWORD", help="An app password.")
@with_appcontext
@_in_words
def connect_calendar(email: str, url: str, username: str, bookings: str, hours: str, password: str) -> None:
    """Connect a specialist's calendar account: all its calendars count, calls go into one of them.

    The calendar for working hours is made when there is none of that name.
    """
    settings, owner = current_settings(), accounts.find_person(db.session(), email)
    db.session.rollback()
    client = client_for(settings, url, username, password)
    try:
        calls, others, working = _find_calendars(client, bookings, hours)
    finally:
        client.close()
    names = {item.href: item.name for item in (calls, *others, working)}
    purposes = {item.href: "busy" for item in (calls, *others)} | {working.href: "working_hours"}

    def connect(session: Session, now: datetime) -> None:
        account = calendars.connect(session, now, settings, owner.id, url, username, password)
        calendars.choose(session, account, purposes, calls.href, names)
        accounts.record(session, now, "operator", "connected a calendar account", "user", owner.id)

    _write(connect)
    calendars_jobs.sync_account(db.session(), settings, clock.now(), owner.id, force=True)
    click.echo(f"{owner.email}: in step; calls go to {calls.name!r}, hours are in {working.name!r}")


def _find_calendars(
    client: CalDavClient, bookings: str, hours: str
) -> tuple[FoundCalendar, list[FoundCalendar], FoundCalendar]:
    """The calendar for calls, all others that count, and the one for working hours."""
    found = client.discover()
    working = next((item for item in found.calendars if item.name.casefold() == hours.casefold()), None)
    rest = [item for item in found.calendars if item is not working]
    fitting = (item for item in rest if not bookings or item.name.casefold() == bookings.casefold())
    calls = next((item for item in fitting if item.can_write), None)
    if calls is None or not found.homes:
        names = ", ".join(repr(item.name) for item in rest)
        raise click.ClickException(f"no such calendar that can be written to; there are: {names or 'none'}")
    if working is None:
        working = FoundCalendar(f"{found.homes[0].rstrip('/')}/working-hours/", hours, can_write=True)
        client.make_calendar(working.href, hours)
    return calls, [item for item in rest if item is not calls], working


@click.command()
@click.argument("email", required=False)
@with_appcontext
@_in_words
def sync(email: str | None) -> None:
    """Read the calendars now, of one specialist or of all; exit status 1 when one could not be read."""
    addresses = [email] if email else sorted(calendar_ages(db.session(), clock.now()))
    people = [accounts.find_person(db.session(), address) for address in addresses]
    troubles = 0
    for owner in people:
        try:
            calendars_jobs.sync_account(db.session(), current_settings(), clock.now(), owner.id, force=True)
            click.echo(f"{owner.email}: in step")
        except CalendarTrouble as trouble:
            troubles += 1
            click.echo(f"{owner.email}: not read ({trouble.code} {trouble.reason})".strip(), err=True)
    if troubles:
        raise SystemExit(1)


@click.command()
@with_appcontext
@_in_words
def verify() -> None:
    """Check that every promise holds; one line and exit status 1 for what does not."""
    wrong = verifying.verify(db.session(), clock.now(), current_settings())
    for line in wrong:
        click.echo(line)
    if wrong:
        raise SystemExit(1)
    click.echo("Every promise holds.")


@click.command()
@with_appcontext
def worker() -> None:
    """Do the work that pages leave behind, until stopped."""
    periodic = (
        Periodic("sync", timedelta(seconds=1), calendars_jobs.sync_pass),
        Periodic("mail", timedelta(seconds=0.5), mail_jobs.mail_pass),
        Periodic("clashes", timedelta(seconds=60), booking_jobs.clash_pass),
        Periodic("tidy", timedelta(minutes=10), accounts_jobs.tidy),
    )
    Worker(current_app._get_current_object(), HANDLERS, periodic).run()  # type: ignore[attr-defined]
