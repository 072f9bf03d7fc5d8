"""The days off that administrators name themselves."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.availability import queries
from app.availability.errors import DayNamed
from app.availability.models import OwnHoliday

own_days = queries.own_days


def add_own_day(
    session: Session,
    now: datetime,
    actor: SignedIn,
    day: date,
    place: tuple[str, str],
    names: dict[str, str],
) -> str:
    """Name a day off in a country and region (``place``, empty for everywhere); its public id.

    No call is cancelled by it. Raises DayNamed when there is one for just that day and place.
    """
    country, region = place
    same = (OwnHoliday.day == day, OwnHoliday.country == country, OwnHoliday.region == region)
    if session.execute(select(OwnHoliday.id).where(*same)).first():
        raise DayNamed(f"{day} has a name in {country}-{region} already")
    row = OwnHoliday(day=day, country=country, region=region, names=names)
    session.add(row)
    session.flush()
    queries.forget_own_days(session)
    facts: dict[str, Any] = {"day": day.isoformat(), "country": country, "region": region, "names": names}
    record(session, now, actor, "added a holiday", "holiday", row.public_id, **facts)
    return row.public_id


def remove_own_day(session: Session, now: datetime, actor: SignedIn, public_id: str) -> None:
    """Take a day off away again. Raises NotFound."""
    row = session.scalars(select(OwnHoliday).where(OwnHoliday.public_id == public_id)).first()
    if row is None:
        raise NotFound(f"no holiday {public_id}")
    facts: dict[str, Any] = {"day": row.day.isoformat(), "country": row.country, "region": row.region}
    facts["names"] = row.names
    session.execute(delete(OwnHoliday).where(OwnHoliday.id == row.id))
    queries.forget_own_days(session)
    record(session, now, actor, "removed a holiday", "holiday", public_id, **facts)
