"""How the calendars of everybody stand, for those who run the service."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from app.accounts.models import User
from app.availability.watched import AccountFact, WatchedPerson
from app.calendars.models import Calendar, CalendarAccount
from app.customers.models import Specialist

_CHOSEN = (
    select(Calendar.id)
    .where(Calendar.account_id == CalendarAccount.id, Calendar.purpose.in_(("busy", "working_hours")))
    .correlate(CalendarAccount)
    .exists()
)
_EVERYBODY: Select[*tuple[Any, ...]] = (
    select(
        User.id,
        User.public_id,
        User.name,
        CalendarAccount.in_step_at,
        CalendarAccount.state,
        CalendarAccount.state_since,
        _CHOSEN.label("is_chosen"),
    )
    .join(Specialist, Specialist.user_id == User.id)
    .outerjoin(CalendarAccount, CalendarAccount.person_id == User.id)
    .where(User.is_active)
    .order_by(User.name, User.id, CalendarAccount.id)
)


def watched_people(session: Session) -> list[WatchedPerson]:
    """All specialists and seniors who are active, by name, with their calendar accounts; one query."""
    people: dict[int, WatchedPerson] = {}
    for id_, public_id, name, in_step, state, since, chosen in session.execute(_EVERYBODY):
        known = people.setdefault(id_, WatchedPerson(id_, public_id, name, []))
        if state is not None:
            known.accounts.append(AccountFact(in_step, state, _known(since), bool(chosen)))
    return list(people.values())


def _known(moment: datetime | None) -> datetime:
    assert moment is not None
    return moment
