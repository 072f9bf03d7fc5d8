"""The calendars that events of ours can stand in."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from app.booking.writing.plan import Home
from app.calendars.models import Calendar, CalendarAccount
from app.calendars.queries import CHOSEN
from app.calendars.values import COLLECTION


def homes(session: Session, person_id: int) -> list[Home]:
    """The person's connected calendars on servers, oldest first."""
    rows = session.execute(
        select(
            Calendar.account_id,
            Calendar.id,
            Calendar.href,
            Calendar.receives_bookings,
            and_(CalendarAccount.invites_guests, func.coalesce(CalendarAccount.is_quiet, False)),
        )
        .join(CalendarAccount, CalendarAccount.id == Calendar.account_id)
        .where(
            CalendarAccount.person_id == person_id,
            CalendarAccount.kind == "caldav",
            Calendar.source == COLLECTION,
            Calendar.purpose.in_(CHOSEN),
        )
        .order_by(Calendar.id)
    )
    return [Home(*row) for row in rows]


def looked_at(session: Session, person_id: int) -> datetime | None:
    """Since when all servers of the person are known completely, as of their last looks.

    None while one of them is in trouble: what is missing then may only be unread.
    """
    chosen = select(Calendar.id).where(
        Calendar.account_id == CalendarAccount.id,
        Calendar.source == COLLECTION,
        Calendar.purpose.in_(CHOSEN),
    )
    rows = session.execute(
        select(CalendarAccount.state, CalendarAccount.in_step_at).where(
            CalendarAccount.person_id == person_id, CalendarAccount.kind == "caldav", chosen.exists()
        )
    ).all()
    moments = [row.in_step_at for row in rows if row.state == "ok" and row.in_step_at is not None]
    return min(moments) if moments and len(moments) == len(rows) else None
