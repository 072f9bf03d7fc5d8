"""What the calendar pages have in common: the blueprint, who reads, whose account it is, and writing."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TypeVar

from flask import Blueprint
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.accounts.errors import NotFound, TooMany
from app.accounts.guards import current_settings, locale_of, signed_in_user
from app.accounts.guards_limits import hit
from app.accounts.service import record
from app.calendars import service
from app.calendars.connecting.service_lookup import use_of
from app.calendars.pages.accounts_page import Reading
from app.calendars.values import AccountView
from app.lib import clock
from app.lib.db import db, write

blueprint = Blueprint("calendars", __name__)

# What the audit log says of a choice.
CHOSE = "chose calendars"

Answer = str | Response | tuple[str, int]
T = TypeVar("T")


def reading() -> Reading:
    """Who reads the page now."""
    settings = current_settings()
    return Reading(locale_of(), signed_in_user().time_zone, clock.now(), settings.calendar_max_age)


def accounts_of_mine() -> list[AccountView]:
    """The signed-in person's accounts, oldest first."""
    return service.accounts_of(db.session(), signed_in_user().id)


def account_of_mine(account_id: int) -> AccountView:
    """One of them. Raises NotFound for what is not there and for what is somebody else's."""
    found = next((account for account in accounts_of_mine() if account.id == account_id), None)
    if found is None:
        raise NotFound(f"no account {account_id}")
    return found


def writing(work: Callable[[Session, datetime, int], T], done: str = "", **detail: str) -> T:
    """Do ``work(session, now, person_id)`` in one write transaction, with the lock for the person.

    ``done`` says it in the audit log, with ``detail``, which holds no secret.
    """
    now, person = clock.now(), signed_in_user()

    def work_and_tell(session: Session) -> T:
        result = work(session, now, person.id)
        if done:
            record(session, now, person, done, "user", person.id, **detail)
        return result

    return write(db.session(), [person.id], work_and_tell)


def count_refused_look() -> None:
    """Count a look-up that was too many: with it, its count was taken back, and nobody was told."""
    person = signed_in_user()
    with suppress(TooMany):
        hit(use_of(person.id), actor=person)
