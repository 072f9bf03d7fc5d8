"""What becomes of calls that lie in their specialist's time off."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.booking.changes.service import own_call
from app.booking.models_kept import KeptCall
from app.booking.standins import queries
from app.booking.standins.values import DaysAway
from app.config import Settings
from app.customers.queries_roster import everybody_away
from app.customers.roster import shifts
from app.lib.wording import local_date


def days_away(
    session: Session,
    now: datetime,
    settings: Settings,
    user: SignedIn,
    after: tuple[date, int] | None,
    most: int,
) -> tuple[list[DaysAway], tuple[date, int] | None]:
    """Time off that is not over, in order: a specialist's own, for administrators everybody's.

    At most ``most``, those behind the key ``after`` (first day and id); the second value is the key to go on
    behind, None at the end. Five queries, whatever their number.
    """
    zone = settings.service_time_zone
    today = local_date(now, zone)
    mine = None if user.role == ADMINISTRATOR else user.id
    rows = queries.rows_ahead(session, today, mine, after, most + 1)
    further = (rows[most - 1].first_day, rows[most - 1].id) if len(rows) > most else None
    rows = rows[:most]
    calls = queries.undecided(session, now, zone, rows)
    known, people = everybody_away(session, today)
    away = [item.away for item in known]
    found = [
        DaysAway(
            public_id=row.public_id,
            specialist=people[row.specialist_id].profile,
            first=row.first_day,
            last=row.last_day,
            shifts=shifts(
                [(date.min, row.specialist_id)], people, away, max(row.first_day, today), row.last_day
            ),
            calls=calls[row.id],
            is_alarmed=row.alarmed_at is not None,
        )
        for row in rows
    ]
    return found, further


def count_undecided(session: Session, now: datetime, settings: Settings, specialist_id: int) -> int:
    """How many calls of a specialist lie in their time off and wait for a decision; three queries."""
    zone = settings.service_time_zone
    rows = queries.rows_ahead(session, local_date(now, zone), specialist_id)
    found = queries.undecided(session, now, zone, rows).values()
    return len({call.id for calls in found for call in calls})


def keep(session: Session, now: datetime, settings: Settings, actor: SignedIn, public_id: str) -> None:
    """The call takes place although its specialist has time off then; needs the write lock.

    Nobody is written to: the customer was told of no other time. Repeated, it changes nothing. Raises
    NotFound for those whose call it is not to decide, and for a call that lies in no time off.
    """
    row, call = own_call(session, actor, public_id)
    if actor.role != ADMINISTRATOR and actor.id != row.specialist_id:
        raise NotFound(f"call {public_id} is not {actor.id}'s to keep")
    zone = settings.service_time_zone
    place = call.move or call.span
    off = queries.rows_ahead(session, local_date(now, zone), row.specialist_id)
    inside = next((item for item in off if queries.span_of(item, zone).overlaps(place)), None)
    if inside is None or not call.is_active:
        raise NotFound(f"call {public_id} lies in no time off")
    kept = queries.kept_row(session, row.id)
    if kept is not None and kept.uid == inside.uid:
        return
    kept = kept or KeptCall(booking_id=row.id)
    kept.uid, kept.decided_at, kept.decided_by_id = inside.uid, now, actor.id
    session.add(kept)
    record(session, now, actor, "kept", "booking", public_id, first=inside.first_day.isoformat())
