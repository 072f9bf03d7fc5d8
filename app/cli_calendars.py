"""The commands of ``flask --app wsgi`` about calendars."""

import secrets
from dataclasses import replace
from datetime import datetime

import click
from flask.cli import with_appcontext
from flask_babel import force_locale
from sqlalchemy.orm import Session

from app.accounts import service as accounts
from app.accounts.guards import current_settings
from app.accounts.values import SignedIn
from app.calendars import jobs as calendars_jobs
from app.calendars import service as calendars
from app.calendars.connecting.client_lookup import Located, confirmed, locate, locate_file, make_calendars
from app.calendars.connecting.file_facts import file_facts
from app.calendars.connecting.lookup_values import (
    CALENDAR_CHOICE,
    KEPT_CHOICE,
    NEW_CHOICE,
    PROPERTY_CHOICE,
    Choices,
    HoursChoice,
    check_choices,
    default_choices,
    default_hours,
    to_be_made,
)
from app.calendars.connecting.service_making import settle_choices
from app.calendars.connecting.typed_address import read_address, read_file_address, user_names
from app.calendars.errors import CalendarTrouble, Moved
from app.calendars.pages.presets_page import all_presets
from app.calendars.server.client import client_for
from app.calendars.values import Discovery, FoundCalendar
from app.cli_base import calendar_line, in_words, write_now
from app.config import Settings
from app.lib import clock
from app.lib.db import db
from app.lib.urls import origin_of
from app.operations.queries import calendar_ages

_HOURS = "Working hours"


@click.command("connect-calendar")
@click.argument("email")
@click.argument("address")
@click.argument("username", default="")
@click.option("--bookings", default="", help="Name of the calendar for calls (default: the server's own).")
@click.option("--hours", default="", help="Name of the calendar with the working hours; made if not there.")
@click.option("--availability", is_flag=True, help="The hours are the availability that the server keeps.")
@click.option("--kept-hours", is_flag=True, help="The hours are kept here, in no calendar.")
@click.password_option(confirmation_prompt=False, envvar="CALDAV_PASSWORD", help="An app password.")
@with_appcontext
@in_words
def connect_calendar(
    email: str,
    address: str,
    username: str,
    bookings: str,
    hours: str,
    availability: bool,
    kept_hours: bool,
    password: str,
) -> None:
    """Connect a specialist's calendar account: all calendars of their own count, calls go into one.

    ADDRESS is a URL, a host or an e-mail address; calendar-presets lists providers. Without options the
    hours are the server's availability, else the calendar "Working hours", which is made if it is not there.
    """
    settings, owner = current_settings(), accounts.find_person(db.session(), email)
    db.session.rollback()
    located = _located(settings, address, username, password)
    kind = PROPERTY_CHOICE if availability else KEPT_CHOICE if kept_hours else hours
    choices = _choices(located.discovery, bookings, kind)
    check_choices(located.discovery, choices)
    discovery, choices = _make(settings, located, password, choices)

    def connect(session: Session, now: datetime) -> None:
        account = calendars.connect(
            session,
            now,
            settings,
            owner.id,
            located.url,
            located.username,
            password,
            addresses=discovery.addresses,
        )
        settle_choices(session, account, discovery, choices)
        accounts.record(session, now, "operator", "connected a calendar account", "user", owner.id)

    write_now(connect)
    calendars_jobs.sync_person(db.session(), settings, clock.now(), owner.id, force=True)
    names = {item.href: item.name for item in discovery.calendars}
    calls = names.get(choices.receives_href or "", "")
    place = names.get(choices.hours.href, choices.hours.kind)
    click.echo(f"{owner.email}: in step; calls go to {calls!r}, hours are in {place!r}")


def _located(settings: Settings, address: str, username: str, password: str) -> Located:
    """The account; another address that the server names is used once the operator has confirmed it."""
    typed = read_address(address, settings.caldav_allowed_origins)
    names = user_names(username, typed.email)
    while True:
        try:
            return locate(settings, typed, names, password)
        except Moved as moved:
            click.confirm(f"The calendars are at {moved.address}. Send the password there?", abort=True)
            typed = confirmed(typed, moved.address)


def _choices(found: Discovery, bookings: str, hours: str) -> Choices:
    """The default choices, changed as the options say; ``hours`` is a kind of choice or a name."""
    choices = default_choices(found, hours=_hours(found, hours))
    if not bookings:
        return choices
    taken = _named(found, bookings)
    if taken is None or not taken.can_write or taken.href == choices.hours.href:
        names = ", ".join(repr(item.name) for item in found.calendars if item.href in choices.purposes)
        raise click.ClickException(f"no such calendar that can be written to; there are: {names or 'none'}")
    purposes = {**choices.purposes, taken.href: "busy"}
    return replace(choices, purposes=purposes, receives_href=taken.href, new_calendar="")


def _hours(found: Discovery, wanted: str) -> HoursChoice:
    usual = default_hours(found)
    if wanted == KEPT_CHOICE:
        return HoursChoice(KEPT_CHOICE)
    if wanted == PROPERTY_CHOICE:
        href = next(iter(found.availability_hrefs), "") if found.availability is None else usual.href
        return HoursChoice(PROPERTY_CHOICE, href)
    if not wanted and usual.kind != KEPT_CHOICE:
        return usual
    named = _named(found, wanted or _HOURS)
    if named is None:
        return HoursChoice(NEW_CHOICE, wanted or _HOURS)
    return HoursChoice(CALENDAR_CHOICE, named.href)


def _named(found: Discovery, name: str) -> FoundCalendar | None:
    return next((item for item in found.calendars if item.name.casefold() == name.casefold()), None)


def _make(settings: Settings, located: Located, password: str, choices: Choices) -> tuple[Discovery, Choices]:
    """Make the calendars that were chosen to be made; what there is then, and the choices among it."""
    found = located.discovery
    wanted = to_be_made(found, choices, secrets.token_hex(5))
    if not wanted:
        return found, choices
    client = client_for(settings, located.url, located.username, password)
    try:
        made = make_calendars(client, wanted)
    finally:
        client.close()
    purposes = dict(choices.purposes)
    for calendar, use in made:
        if use == "calls":
            purposes[calendar.href] = "busy"
            choices = replace(choices, receives_href=calendar.href, new_calendar="")
        else:
            choices = replace(choices, hours=HoursChoice(CALENDAR_CHOICE, calendar.href))
    known = {item.href: item for item in (*found.calendars, *(calendar for calendar, _ in made))}
    return replace(found, calendars=tuple(known.values())), replace(choices, purposes=purposes)


@click.command("calendar-presets")
@with_appcontext
def calendar_presets() -> None:
    """List calendar providers: their addresses, user names and where app passwords are made."""
    with force_locale("en"):
        for preset in all_presets():
            kind = "for example " if preset.is_example else ""
            click.echo(f"{preset.name}: {kind}{preset.address}")
            for hint in preset.hints:
                click.echo(f"    {hint}")


@click.command("subscribe-calendar")
@click.argument("email")
@click.argument("address")
@click.option("--name", default="", help="What its owner sees it as (default: the file's own name).")
@with_appcontext
@in_words
def subscribe_calendar(email: str, address: str, name: str) -> None:
    """Count the events of a calendar file (https or webcal) as a specialist's busy time."""
    settings, owner = current_settings(), accounts.find_person(db.session(), email)
    db.session.rollback()
    file = locate_file(settings, read_file_address(address, settings.caldav_allowed_origins))
    facts = file_facts(file.text)
    title = name or facts.name

    def subscribe(session: Session, now: datetime) -> int:
        account = calendars.connect_subscription(session, now, settings, owner.id, file.address, title)
        accounts.record(session, now, "operator", "subscribed to a calendar", "user", owner.id)
        return account.id

    number = write_now(subscribe)
    calendars_jobs.sync_account(db.session(), settings, clock.now(), number, force=True)
    click.echo(f"{owner.email}: {title or origin_of(file.address)!r}, {facts.event_count} events")


@click.command("calendars")
@click.argument("email")
@with_appcontext
@in_words
def list_calendars(email: str) -> None:
    """List a specialist's calendar accounts with their numbers, states and calendars."""
    owner = accounts.find_person(db.session(), email)
    found = calendars.accounts_of(db.session(), owner.id)
    if not found:
        click.echo(f"{owner.email}: no calendar account")
    for account in found:
        since = account.in_step_at.strftime("%Y-%m-%d %H:%M UTC") if account.in_step_at else "never"
        title = account.name or account.url
        click.echo(f"{account.id}  {account.kind}  {title}  {account.state}  in step: {since}")
        for item in account.calendars:
            calls = "  takes calls" if item.receives_bookings else ""
            click.echo(f"    {item.name or item.source}  {item.purpose}{calls}")


@click.command("disconnect-calendar")
@click.argument("email")
@click.argument("number", type=int)
@with_appcontext
@in_words
def disconnect_calendar(email: str, number: int) -> None:
    """Forget a calendar account by its number (see: calendars EMAIL), with its sealed password."""
    owner: SignedIn = accounts.find_person(db.session(), email)

    def disconnect(session: Session, now: datetime) -> None:
        calendars.remove_account(session, now, owner.id, number)
        accounts.record(session, now, "operator", "removed a calendar account", "user", owner.id)

    write_now(disconnect)
    click.echo(f"{owner.email}: forgotten; revoke its app password at the provider, too")


@click.command()
@click.argument("email", required=False)
@with_appcontext
@in_words
def sync(email: str | None) -> None:
    """Read the calendars now, of one specialist or of all; exit status 1 when one could not be read."""
    addresses = [email] if email else sorted(calendar_ages(db.session(), clock.now()))
    people = [accounts.find_person(db.session(), address) for address in addresses]
    troubles = 0
    for owner in people:
        try:
            calendars_jobs.sync_person(db.session(), current_settings(), clock.now(), owner.id, force=True)
            click.echo(f"{owner.email}: in step")
        except CalendarTrouble as trouble:
            troubles += 1
            click.echo(f"{owner.email}: not read. {calendar_line(trouble)}", err=True)
    if troubles:
        raise SystemExit(1)


COMMANDS: tuple[click.Command, ...] = (
    connect_calendar,
    calendar_presets,
    subscribe_calendar,
    list_calendars,
    disconnect_calendar,
    sync,
)
