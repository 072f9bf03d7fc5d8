"""Whether our events in an account's calendars list who is invited."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.calendars.errors import NoCalendar
from app.calendars.models import Calendar, CalendarAccount
from app.calendars.queries import CHOSEN
from app.calendars.service_accounts import own_account
from app.calendars.values import COLLECTION
from app.jobs.client import enqueue


def list_guests(session: Session, now: datetime, person_id: int, account_id: int, *, wanted: bool) -> None:
    """Write who is invited into our events there, or no longer; the worker asks the server first.

    Until it was found that the server mails nobody, nobody is written. Raises NoCalendar when it is no
    CalDAV account of the person's.
    """
    account = own_account(session, person_id, account_id)
    if account.kind != "caldav":
        raise NoCalendar("no_account")
    account.invites_guests, account.is_quiet = wanted, None
    if wanted:
        enqueue(session, "quiet", _key(account_id, now), account_id, order=f"quiet:{account_id}")


def places_to_ask(session: Session, account_id: int) -> list[str]:
    """The hrefs whose features tell whether the server mails guests; none when nobody wants to know."""
    rows = session.execute(
        select(CalendarAccount.url, Calendar.href)
        .join(Calendar, Calendar.account_id == CalendarAccount.id)
        .where(
            CalendarAccount.id == account_id,
            CalendarAccount.invites_guests,
            Calendar.source == COLLECTION,
            Calendar.purpose.in_(CHOSEN),
        )
        .order_by(Calendar.id)
    ).all()
    return [*dict.fromkeys(row.url for row in rows), *(row.href for row in rows)]


def note_quiet(session: Session, account_id: int, *, is_quiet: bool) -> None:
    """What was found out about the account's server."""
    wanted = update(CalendarAccount).where(CalendarAccount.id == account_id, CalendarAccount.invites_guests)
    session.execute(wanted.values(is_quiet=is_quiet))


def _key(account_id: int, now: datetime) -> str:
    return f"quiet:{account_id}:{now:%Y%m%dT%H%M%S%f}"
