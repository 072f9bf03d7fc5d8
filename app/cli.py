"""The commands of ``flask --app wsgi``."""

import logging
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from flask_migrate import upgrade

from app import cli_calendars, cli_contacts, cli_seeding, cli_users
from app.accounts import jobs as accounts_jobs
from app.accounts import service as accounts
from app.accounts.errors import NotFound
from app.accounts.guards import current_settings, environment_settings
from app.accounts.openid import jobs as openid_jobs
from app.accounts.proofs import authenticator
from app.accounts.retention.jobs import retention_pass
from app.accounts.rights import Scope
from app.accounts.tokens.service import BY_OPERATOR, make_api_token
from app.accounts.tokens.tokens import DEFAULT_DAYS, NAME_LIMIT, TokenWish
from app.availability import jobs as availability_jobs
from app.availability import service_hours
from app.availability.time_off.jobs import time_off_pass
from app.booking import jobs as booking_jobs
from app.booking import service as booking
from app.booking.answers import jobs as answers_jobs
from app.booking.handover.jobs import hand_over_pass
from app.booking.reminding.jobs import remind_pass
from app.booking.values import CALLS, PRESENCE
from app.booking.waiting.jobs import waiting_pass
from app.calendars import jobs as calendars_jobs
from app.calendars.connecting import jobs_lookup
from app.calendars.inviting import jobs as inviting_jobs
from app.cli_base import in_words, write_now
from app.config import Settings
from app.customers.files import service as files
from app.demo import client as demo_client
from app.demo import service as demo_service
from app.demo import service_requests
from app.demo.calendars import calendars_of
from app.demo.cast import CALENDAR_OWNERS, PEOPLE, person
from app.demo.client_users import make_users, read_users
from app.desk.callbacks.jobs import booked_pass, callbacks_pass
from app.desk.escalations.jobs import escalation_pass
from app.desk.exporting.service_retention import retention_rules as desk_retention_rules
from app.desk.letters.jobs import unread_pass
from app.desk.mailbox.service import take_mail
from app.desk.phone.jobs import phone_pass
from app.desk.warnings.jobs import warn_pass
from app.jobs.client import prepare_database
from app.jobs.jobs import Handler, Periodic, Worker
from app.lib import clock
from app.lib.catalogues import compile_catalogues
from app.lib.db import db
from app.lib.text import one_line
from app.lib.zones import local
from app.mail import jobs as mail_jobs
from app.verify import service as verifying

HANDLERS: dict[str, Handler] = {
    "booking": booking_jobs.write_booking,
    "hours": availability_jobs.write_hours,
    "lookup": jobs_lookup.look_up,
    "quiet": inviting_jobs.probe,
    "sign_in": accounts_jobs.mail_link,
}
# What is kept for a time only, beside what accounts and mail keep so.
RETENTION = (files.retention_rules, service_hours.retention_rules, desk_retention_rules)


def init_app(app: Flask) -> None:
    """Add the commands to the application."""
    for command in (
        prepare,
        demo,
        welcome,
        sign_in_link,
        api_token,
        feed_link,
        *cli_calendars.COMMANDS,
        *cli_contacts.COMMANDS,
        *cli_users.COMMANDS,
        cli_seeding.seed,
        verify,
        worker,
    ):
        app.cli.add_command(command)


@click.command()
@with_appcontext
@in_words
def prepare() -> None:
    """Make keys, tables and translations; run it before the first start and after each update."""
    settings = environment_settings()
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
@in_words
def demo() -> None:
    """Make the sample companies, people, call types and calendars that are missing."""
    settings = current_settings()
    ids = write_now(demo_service.make_cast)
    write_now(lambda s, now: demo_service.give_authenticators(s, now, settings))
    write_now(demo_service.name_day_off)
    write_now(lambda s, now: demo_service.put_on_call(s, now, settings))
    write_now(lambda s, now: service_requests.make_requests(s, now, settings))
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
    write_now(lambda s, now: demo_service.connect_account(s, now, settings, person_id, login, by_href))
    calendars_jobs.sync_person(db.session(), settings, clock.now(), person_id, force=True)


@click.command()
@with_appcontext
@in_words
def welcome() -> None:
    """Say where to go and, in the demo, how to sign in as each person of the cast."""
    settings = current_settings()
    click.echo(f"\n{settings.organisation} is at {settings.public_url}")
    links = [(cast, _link_of(settings, cast.email)) for cast in PEOPLE if settings.demo]
    if any(link for _cast, link in links):
        click.echo("Sign in with one of these links; each works once, within ten minutes.")
        click.echo(
            "Staff give a code besides: add their key to an authenticator app, or take the code of now.\n"
        )
    for cast, link in links:
        if link:
            click.echo(f"  {cast.name}, {cast.email}: {cast.stands_for}\n    {link}")
            _say_code(settings, cast.email)
    click.echo("\nNew links and codes at any time: .venv/bin/flask --app wsgi welcome")
    if settings.shows_demo_mail:
        click.echo(f"All mail of the demo: {settings.public_url}/demo/mail")


def _say_code(settings: Settings, email: str) -> None:
    """The key of an authenticator, and the code that an app with it shows now."""
    key = demo_service.authenticator_key(db.session(), settings, email)
    if not key:
        return
    now = clock.now()
    code = authenticator.code_at(key, now)
    held = authenticator.holds_for(now)
    click.echo(f"    code {code[:3]} {code[3:]} (for {held} s), key {authenticator.in_groups(key)}")


def _link_of(settings: Settings, email: str) -> str:
    """A link for somebody of the cast; empty when they are not there (any more)."""
    try:
        return write_now(lambda s, now: accounts.mint_operator_link(s, now, settings, email))
    except NotFound:
        return ""


@click.command("sign-in-link")
@click.argument("email")
@with_appcontext
@in_words
def sign_in_link(email: str) -> None:
    """Print a link that signs this person in once, within ten minutes."""
    settings = current_settings()
    click.echo(write_now(lambda s, now: accounts.mint_operator_link(s, now, settings, email)))


@click.command("api-token")
@click.argument("email")
@click.option(
    "--scope",
    "scopes",
    type=click.Choice([scope.value for scope in Scope]),
    multiple=True,
    default=[Scope.READ.value, Scope.BOOK.value],
    show_default=True,
    help="What it may be used for; give it once for each.",
)
@click.option("--days", type=int, default=DEFAULT_DAYS, show_default=True, help="How long it lasts.")
@click.option("--name", default=BY_OPERATOR.name, show_default=True, help="What its owner sees it as.")
@with_appcontext
@in_words
def api_token(email: str, scopes: tuple[str, ...], days: int, name: str) -> None:
    """Print a new API token of this person; it is shown this once."""
    wish = TokenWish(one_line(name, NAME_LIMIT), frozenset(Scope(text) for text in scopes), days)
    click.echo(write_now(lambda s, now: make_api_token(s, now, email, wish)))


@click.command("feed-link")
@click.argument("email")
@click.option("--name", default="Command line", show_default=True, help="What its owner sees it as.")
@click.option(
    "--kind",
    type=click.Choice([CALLS, PRESENCE]),
    default=CALLS,
    show_default=True,
    help="The person's calls, or when a contact's specialist is in.",
)
@with_appcontext
@in_words
def feed_link(email: str, name: str, kind: str) -> None:
    """Print a new private calendar link of this person; it is shown this once."""
    owner = accounts.find_person(db.session(), email)
    _link, token = write_now(lambda s, now: booking.make_feed(s, now, owner, name, kind))
    click.echo(f"{current_settings().public_url}/feeds/{token}.ics")


@click.command()
@with_appcontext
@in_words
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
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    periodic = (
        Periodic("sync", timedelta(seconds=1), calendars_jobs.sync_pass),
        Periodic("mail", timedelta(seconds=0.5), mail_jobs.mail_pass),
        Periodic("time_off", timedelta(seconds=3), time_off_pass),
        Periodic("following", timedelta(seconds=3), booking_jobs.follow_pass),
        Periodic("answers", timedelta(seconds=20), partial(answers_jobs.answers_pass, taker=take_mail)),
        Periodic("unread_chats", timedelta(seconds=30), unread_pass),
        Periodic("reminders", timedelta(seconds=30), remind_pass),
        Periodic("warnings", timedelta(seconds=15), warn_pass),
        Periodic("following_seniors", timedelta(seconds=3), booking_jobs.follow_seniors_pass),
        Periodic("clashes", timedelta(seconds=60), booking_jobs.clash_pass),
        Periodic("hand_overs", timedelta(seconds=5), hand_over_pass),
        Periodic("waiting", timedelta(seconds=10), waiting_pass),
        Periodic("callbacks", timedelta(seconds=30), callbacks_pass),
        Periodic("callbacks_booked", timedelta(seconds=3), booked_pass),
        Periodic("phone", timedelta(seconds=10), phone_pass),
        Periodic("escalations", timedelta(seconds=10), escalation_pass),
        Periodic("tidy", timedelta(minutes=10), accounts_jobs.tidy),
        Periodic("openid", timedelta(minutes=10), openid_jobs.read_pass),
        Periodic("retention", timedelta(hours=1), partial(retention_pass, others=RETENTION)),
        Periodic("lookups", timedelta(minutes=10), jobs_lookup.tidy),
    )
    Worker(app, HANDLERS, periodic, current_settings).run()
