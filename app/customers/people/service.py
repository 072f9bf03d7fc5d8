"""Adding, changing and disabling specialists, seniors and administrators."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from app.accounts.auditing.changes import differences
from app.accounts.models import User
from app.accounts.people.service import add_user, change_user, switch_user
from app.accounts.service import record
from app.accounts.values import ADMINISTRATOR, SignedIn
from app.config import Settings
from app.customers.models import Specialist
from app.customers.people.errors import NoStandIn, StillServes
from app.customers.people.queries import left_behind, people, person, will_serve
from app.customers.people.service_leaving import stand_in_no_more
from app.customers.queries_cover import is_in_service
from app.customers.users.new_user import ENGINEERS

__all__ = ["add_person", "change_person", "left_behind", "people", "person", "switch_person"]


def add_person(session: Session, now: datetime, actor: SignedIn, values: Mapping[str, Any]) -> str:
    """Somebody new with these columns (app/customers/typed/edited.py); their public id.

    Raises AddressTaken and NoStandIn.
    """
    user = add_user(session, now, values["role"], values)
    if values["role"] != ADMINISTRATOR:
        session.add(Specialist(user_id=user.id, **_columns(session, user.id, values)))
    record(session, now, actor, "person_added", "user", user.id, changes=differences({}, values))
    session.flush()
    return user.public_id


def change_person(
    session: Session,
    now: datetime,
    today: date,
    settings: Settings,
    actor: SignedIn,
    public_id: str,
    values: Mapping[str, Any],
    *,
    has_calls: bool,
) -> None:
    """Give somebody these columns; ``has_calls``: whether calls with them lie ahead.

    Raises NotFound, AddressTaken, NoStandIn, OwnAccount, LastAdministrator, and StillServes when the role is
    left by whom companies or calls depend on.
    """
    user = session.get_one(User, person(session, public_id).user_id)
    if values["role"] != user.role:
        _check_leaving(session, today, user, has_calls=has_calls)
    is_leaving = user.role in ENGINEERS and values["role"] not in ENGINEERS
    changes = change_user(session, now, settings, actor, user, values)
    if is_leaving:
        stand_in_no_more(session, now, today, actor, user.id)
    if values["role"] != ADMINISTRATOR:
        changes |= _change_specialist(session, user.id, _columns(session, user.id, values))
    if changes:
        record(session, now, actor, "user_changed", "user", user.id, changes=changes)
    session.flush()


def switch_person(
    session: Session, now: datetime, actor: SignedIn, public_id: str, *, is_active: bool
) -> None:
    """Shut somebody out at once, or let them in again; what they serve is left as it is.

    Raises NotFound, OwnAccount, LastAdministrator.
    """
    user = session.get_one(User, person(session, public_id).user_id)
    switch_user(session, now, actor, user, is_active=is_active)


def _check_leaving(session: Session, today: date, user: User, *, has_calls: bool) -> None:
    if user.role not in ENGINEERS:
        return
    serves = left_behind(session, user.id, today).company_count or will_serve(session, user.id, today)
    if serves or has_calls:
        raise StillServes(user.email)


def _change_specialist(session: Session, user_id: int, columns: Mapping[str, Any]) -> dict[str, Any]:
    row = session.get(Specialist, user_id)
    if row is None:
        session.add(Specialist(user_id=user_id, **columns))
        return differences({}, columns)
    changes = differences({name: getattr(row, name) for name in columns}, columns)
    for name in changes:
        setattr(row, name, columns[name])
    return changes


def _columns(session: Session, user_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    names = ("country", "region", "phone", "spoken_languages", "room_url")
    titles = {code: values[f"title_{code}"] for code in ("en", "ru") if values[f"title_{code}"]}
    stand_in = _stand_in(session, user_id, values["stand_in"])
    return {**{name: values[name] for name in names}, "titles": titles, "stand_in_id": stand_in}


def _stand_in(session: Session, user_id: int, public_id: str) -> int | None:
    if not public_id:
        return None
    row = session.get(Specialist, user_id)
    # Who is it already stays it while their account is closed, so that another change does not end it.
    is_it_already = User.id == (row.stand_in_id if row else None)
    may_be = or_(is_in_service(), is_it_already)
    wanted = (User.public_id == public_id, User.id != user_id, may_be)
    found = session.scalars(select(User.id).where(*wanted)).first() if public_id.isprintable() else None
    if found is None:
        raise NoStandIn(public_id)
    return found
