"""What the commands share: refusals in one line, and the transaction of a command."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import ParamSpec, TypeVar

import click
from flask_babel import force_locale
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from app.calendars.connecting.typed_address import BadAddress
from app.calendars.errors import CalendarTrouble
from app.calendars.pages.trouble_page import address_words, reason_of, trouble_words
from app.lib import clock
from app.lib.db import db, write
from app.lib.errors import DomainError

P = ParamSpec("P")
R = TypeVar("R")


def in_words(command: Callable[P, R]) -> Callable[P, R]:
    """What the service itself refuses is one line for the operator, not a traceback."""

    @wraps(command)
    def told(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except CalendarTrouble as error:
            raise click.ClickException(calendar_line(error)) from None
        except BadAddress as error:
            with force_locale("en"):
                raise click.ClickException(address_words(error.reason)) from None
        except (DomainError, OSError) as error:
            raise click.ClickException(str(error)) from None
        except DBAPIError as error:
            hint = "if it is new, run: flask --app wsgi prepare"
            raise click.ClickException(f"the database says: {error.orig}; {hint}") from None

    return told


def calendar_line(trouble: CalendarTrouble) -> str:
    """What is wrong with a calendar server and what to do, in one line."""
    with force_locale("en"):
        happened, advice = trouble_words(reason_of(trouble))
    return f"{happened}. {advice}"


def write_now(work: Callable[[Session, datetime], R], *people: int) -> R:
    """Do ``work`` in one write transaction under the locks of these people, with the time it is now."""
    now = clock.now()
    return write(db.session(), people, lambda session: work(session, now))
