"""The commands about accounts: make them, change their roles, shut them, reset their second factors."""

from datetime import datetime

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from app.accounts.guards import current_settings
from app.accounts.models import User
from app.accounts.values import ROLES
from app.availability.time_off.service_alarm import telling_of_closed
from app.booking import service as booking
from app.cli_base import in_words, write_now
from app.customers.users import service as users
from app.customers.users.new_user import NewUser, Wish
from app.lib.db import db

_ROLE = click.Choice(ROLES)
_COMPANY = click.option("--company", default="", help="The name of a contact's company.")
_COUNTRY = click.option("--country", default="", help="Of a specialist or senior, two letters like SK.")


user = click.Group("user", help="Make accounts, change their roles, shut them, reset second factors.")


@user.command()
@click.argument("email")
@click.option("--name", required=True, help="First and last name.")
@click.option("--role", type=_ROLE, required=True)
@_COMPANY
@_COUNTRY
@click.option("--language", default="en", show_default=True)
@click.option("--time-zone", default="", help="Like Europe/Bratislava (default: that of the service).")
@with_appcontext
@in_words
def add(email: str, name: str, role: str, company: str, country: str, language: str, time_zone: str) -> None:
    """Make an account; who has it signs in by a link: see sign-in-link."""
    settings = current_settings()
    zone = time_zone or settings.service_time_zone
    typed = NewUser(email, name, role, language, zone, company, country)
    row = write_now(lambda s, now: users.add(s, now, typed, settings.languages))
    click.echo(f"{row.email}: {row.role}")


@user.command("role")
@click.argument("email")
@click.argument("role", type=_ROLE)
@_COMPANY
@_COUNTRY
@with_appcontext
@in_words
def change_role(email: str, role: str, company: str, country: str) -> None:
    """Give somebody another role; they sign in anew."""
    settings, wish = current_settings(), Wish(role, company, country)
    person_id = users.find_user(db.session(), email).id

    def change(session: Session, now: datetime) -> User:
        # Whoever books waits for the same lock: no call is added between.
        has_calls = booking.has_calls_ahead(session, now, person_id)
        with telling_of_closed(session, now, settings, [person_id]):
            return users.change_role(session, now, settings, email, wish, has_calls=has_calls)

    row = write_now(change, person_id)
    click.echo(f"{row.email}: {row.role}")


@user.command()
@click.argument("email")
@with_appcontext
@in_words
def disable(email: str) -> None:
    """Shut an account: it is signed out everywhere and cannot sign in."""
    settings, person_id = current_settings(), users.find_user(db.session(), email).id

    def close(session: Session, now: datetime) -> User:
        with telling_of_closed(session, now, settings, [person_id]):
            return users.switch(session, now, email, is_active=False)

    row = write_now(close)
    click.echo(f"{row.email}: disabled")


@user.command()
@click.argument("email")
@with_appcontext
@in_words
def enable(email: str) -> None:
    """Open an account again."""
    row = write_now(lambda s, now: users.switch(s, now, email, is_active=True))
    click.echo(f"{row.email}: enabled")


@user.command("reset-mfa")
@click.argument("email")
@with_appcontext
@in_words
def reset_mfa(email: str) -> None:
    """Forget somebody's authenticator, passkeys, recovery codes and password; a link brings new ones.

    Be sure who is asking: from then on a link to their mailbox is enough.
    """
    row, gone = write_now(lambda s, now: users.reset_factors(s, now, email))
    told = ", ".join(f"{name.replace('_', ' ')}: {number}" for name, number in gone.items())
    click.echo(f"{row.email}: forgotten ({told})")


COMMANDS: tuple[click.Command, ...] = (user,)
