"""Reads of specialists, seniors and administrators for those who keep them."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Row, Select, func, or_, select
from sqlalchemy.orm import Session, aliased

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import ADMINISTRATOR
from app.customers.models import Assignment, Company, Specialist
from app.customers.people.values import Left, PersonDetail, PersonItem
from app.customers.profiles import SpecialistProfile
from app.customers.queries_roster import serving_today
from app.customers.roster import Served
from app.customers.typed.edited import STAFF_ROLES
from app.lib.matching import holds, paged
from app.lib.paging import Place, Slice, cut, key_of

_NAMED = 10
_stand_in = aliased(User, name="stand_in_user")
_STAFF = (
    select(
        User.id,
        User.public_id,
        User.name,
        User.email,
        User.role,
        User.language,
        User.time_zone,
        User.is_active,
        Specialist.titles,
        Specialist.country,
        Specialist.region,
        Specialist.phone,
        Specialist.spoken_languages,
        Specialist.room_url,
        _stand_in.public_id.label("stand_in"),
        _stand_in.name.label("stand_in_name"),
        _stand_in.is_active.label("stand_in_is_active"),
    )
    .outerjoin(Specialist, Specialist.user_id == User.id)
    .outerjoin(_stand_in, _stand_in.id == Specialist.stand_in_id)
    .where(User.role.in_(STAFF_ROLES), User.erased_at.is_(None))
)


def people(session: Session, today: date, *, text: str = "", place: Place | None = None) -> Slice[PersonItem]:
    """A page of our people by name; three queries. ``today`` is the day of the service zone."""
    place = place or Place()
    wanted = _STAFF.where(holds(text, User.name, User.email)) if text else _STAFF
    rows = session.execute(paged(wanted, place, User.name, User.id)).all()
    counts = _served(session, [row.id for row in rows], today)
    served = serving_today(session, {row.id for row in rows if _serves(row)}, today)
    items = [
        (key_of(row.id, row.name), _item(row, counts.get(row.id, 0), served.get(row.id))) for row in rows
    ]
    return cut(items, place)


def person(session: Session, public_id: str) -> PersonDetail:
    """One of our people; raises NotFound."""
    row = session.execute(_STAFF.where(User.public_id == public_id)).first()
    if row is None:
        raise NotFound(f"nobody of ours is {public_id!r}")
    values = {name: row._mapping[name] for name in PersonDetail.__slots__ if name != "user_id"}
    has_more = row.country is not None and row.role != ADMINISTRATOR
    told = {name: value if value is not None else "" for name, value in values.items()}
    return PersonDetail(user_id=row.id, **{**told, "titles": row.titles if has_more else {}})


def latest_assignments(today: date) -> Select[int, int]:
    """Company and specialist of the assignment that counts on a day, for every company that has one."""
    newest = (
        select(Assignment.company_id, func.max(Assignment.starts_on).label("starts_on"))
        .where(Assignment.starts_on <= today)
        .group_by(Assignment.company_id)
        .subquery()
    )
    is_newest = (Assignment.company_id == newest.c.company_id) & (Assignment.starts_on == newest.c.starts_on)
    return select(Assignment.company_id, Assignment.specialist_id).join(newest, is_newest)


def left_behind(session: Session, user_id: int, today: date) -> Left:
    """The companies that somebody serves today, the first ones by name; two queries."""
    served = latest_assignments(today).where(Assignment.specialist_id == user_id).subquery()
    names = select(Company.name).join(served, served.c.company_id == Company.id).order_by(Company.name)
    count = session.scalar(select(func.count()).select_from(served)) or 0
    return Left(tuple(session.scalars(names.limit(_NAMED))), count)


def companies_of(session: Session, user_id: int, today: date) -> list[tuple[str, str]]:
    """The public ids and names of all companies that somebody serves today, by name."""
    served = latest_assignments(today).where(Assignment.specialist_id == user_id).subquery()
    found = select(Company.public_id, Company.name).join(served, served.c.company_id == Company.id)
    return [(row.public_id, row.name) for row in session.execute(found.order_by(Company.name))]


def depending_on(session: Session, user_id: int, today: date) -> list[str]:
    """The names of all companies that somebody serves today or is to serve from a later day on."""
    current = latest_assignments(today).where(Assignment.specialist_id == user_id).subquery()
    later = select(Assignment.company_id).where(
        Assignment.specialist_id == user_id, Assignment.starts_on > today
    )
    counts = or_(Company.id.in_(select(current.c.company_id)), Company.id.in_(later))
    return list(session.scalars(select(Company.name).where(counts).order_by(Company.name)))


def will_serve(session: Session, user_id: int, today: date) -> bool:
    """Whether a company is to be served by them from a later day on."""
    later = (Assignment.specialist_id == user_id, Assignment.starts_on > today)
    return session.scalars(select(Assignment.id).where(*later).limit(1)).first() is not None


def _served(session: Session, ids: Sequence[int], today: date) -> dict[int, int]:
    if not ids:
        return {}
    latest = latest_assignments(today).where(Assignment.specialist_id.in_(ids)).subquery()
    counted = select(latest.c.specialist_id, func.count()).group_by(latest.c.specialist_id)
    return {row[0]: row[1] for row in session.execute(counted)}


def _serves(row: Row[*tuple[Any, ...]]) -> bool:
    return row.country is not None and row.role != ADMINISTRATOR


def _item(row: Row[*tuple[Any, ...]], companies: int, served: Served | None) -> PersonItem:
    is_away = served is not None and served.is_away and row.is_active
    stands_in = served.by.name if served and served.by else ""
    return PersonItem(
        user_id=row.id,
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        role=row.role,
        is_active=row.is_active,
        companies=companies,
        covered_by=stands_in if is_away else (row.stand_in_name if row.stand_in_is_active else ""),
        profile=_profile(row) if _serves(row) else None,
        is_away=is_away,
    )


def _profile(row: Row[*tuple[Any, ...]]) -> SpecialistProfile:
    return SpecialistProfile(
        user_id=row.id,
        public_id=row.public_id,
        name=row.name,
        email=row.email,
        language=row.language,
        time_zone=row.time_zone,
        titles=row.titles,
        country=row.country,
        phone=row.phone,
        spoken_languages=row.spoken_languages,
        room_url=row.room_url,
    )
