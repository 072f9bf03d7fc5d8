"""Escalations as values, and the facts by which seniors are asked."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from app.accounts.errors import NotFound
from app.accounts.models import User
from app.accounts.values import SENIOR, SignedIn
from app.availability.presence import State
from app.availability.service_view import standings
from app.config import Settings
from app.customers.models import Company, Specialist
from app.customers.profiles import SpecialistProfile
from app.customers.queries_cover import not_there
from app.customers.queries_roster import SPECIALISTS, profile_of
from app.desk import queries as desk
from app.desk.escalations.models import Escalation, EscalationAsk
from app.desk.escalations.order import Ask, Senior
from app.desk.escalations.queries_on_call import plan_of
from app.desk.escalations.values import Cause, EscalationValue, NamedAsk, SeniorName
from app.desk.models import Conversation
from app.desk.requests.models import Request
from app.lib.paging import PAGE_SIZE
from app.lib.zones import local

_contact, _asker, _taker = aliased(User), aliased(User), aliased(User)
_ESCALATIONS: Select[*tuple[Any, ...]] = (
    select(
        Escalation.id,
        Escalation.public_id,
        Escalation.conversation_id,
        Conversation.public_id.label("conversation_public_id"),
        Conversation.company_id,
        Company.name.label("company_name"),
        _contact.name.label("contact_name"),
        Conversation.subject,
        Request.severity,
        Request.id.label("request_id"),
        Escalation.cause,
        _asker.name.label("asked_by"),
        Escalation.note,
        Escalation.asked_at,
        Escalation.round_at,
        Escalation.taken_by_id,
        _taker.public_id.label("taker_public_id"),
        _taker.name.label("taker_name"),
        Specialist.titles,
        Escalation.taken_at,
        Escalation.ended_at,
        Escalation.next_ask_at,
    )
    .join(Conversation, Conversation.id == Escalation.conversation_id)
    .join(Company, Company.id == Conversation.company_id)
    .outerjoin(Request, Request.conversation_id == Conversation.id)
    .outerjoin(_contact, _contact.id == Conversation.contact_id)
    .outerjoin(_asker, _asker.id == Escalation.asked_by_id)
    .outerjoin(_taker, _taker.id == Escalation.taken_by_id)
    .outerjoin(Specialist, Specialist.user_id == Escalation.taken_by_id)
)
_IS_OPEN = Escalation.ended_at.is_(None)
_LEFT = select(User.id).where(or_(~User.is_active, User.role != SENIOR))
_IS_LEFT = _IS_OPEN & Escalation.taken_by_id.in_(_LEFT)


def monday_of(moment: datetime, settings: Settings) -> date:
    """The Monday of the week in which a moment lies on the service's clock."""
    day = local(moment, settings.service_time_zone).date()
    return day - timedelta(days=day.weekday())


def find(
    session: Session, now: datetime, settings: Settings, user: SignedIn, public_id: str
) -> EscalationValue:
    """The escalation with this public id; raises NotFound for what somebody may not see.

    Our people see those in the conversations that they see, and that they were asked to take; customers none.
    """
    if user.is_staff and public_id.isprintable():
        seen = visible_to(session, now, settings, user)
        for value in escalations(session, Escalation.public_id == public_id, seen):
            return value
    raise NotFound(f"no escalation {public_id!r}")


def visible_to(session: Session, now: datetime, settings: Settings, user: SignedIn) -> ColumnElement[bool]:
    """The escalations that one of our people may see: what a senior was asked stays theirs to look up."""
    asked = select(EscalationAsk.escalation_id).where(EscalationAsk.senior_id == user.id)
    return or_(
        desk.visible_to(session, now, settings, user),
        Escalation.taken_by_id == user.id,
        Escalation.id.in_(asked),
    )


def is_for(user_id: int) -> ColumnElement[bool]:
    """The open escalations that a senior has, or was asked to take and may still."""
    asked = select(EscalationAsk.escalation_id).where(
        EscalationAsk.senior_id == user_id, EscalationAsk.declined_at.is_(None)
    )
    waits = Escalation.taken_at.is_(None) & Escalation.id.in_(asked)
    return _IS_OPEN & or_(Escalation.taken_by_id == user_id, waits)


def is_open() -> ColumnElement[bool]:
    """The escalations that are not over."""
    return _IS_OPEN


def of_conversation(session: Session, conversation_id: int) -> EscalationValue | None:
    """The newest escalation of a conversation, be it over; None when there was none. Two queries."""
    newest = select(func.max(Escalation.id)).where(Escalation.conversation_id == conversation_id)
    return next(iter(escalations(session, Escalation.id == newest.scalar_subquery())), None)


def escalation(session: Session, escalation_id: int) -> EscalationValue:
    """The escalation with this id; raises NotFound."""
    for value in escalations(session, Escalation.id == escalation_id):
        return value
    raise NotFound(f"no escalation {escalation_id}")


def escalations(
    session: Session, *conditions: ColumnElement[bool], before: int | None = None, most: int = PAGE_SIZE
) -> list[EscalationValue]:
    """The escalations that meet the conditions, the newest first, from below an id; two queries."""
    wanted = _ESCALATIONS.where(*conditions).order_by(Escalation.id.desc()).limit(most)
    if before is not None:
        wanted = wanted.where(Escalation.id < before)
    rows = list(session.execute(wanted))
    asks = _asks(session, [row.id for row in rows])
    return [_escalation(row, asks.get(row.id, ())) for row in rows]


def counts(
    session: Session, wanted: Mapping[str, ColumnElement[bool]], *conditions: ColumnElement[bool]
) -> dict[str, int]:
    """How many escalations meet each of the wanted conditions beside the others; one query."""
    columns = [func.count().filter(condition).label(name) for name, condition in wanted.items()]
    joined = select(*columns).select_from(Escalation).join(Conversation).where(*conditions)
    return dict(session.execute(joined).one()._mapping)


def open_row(session: Session, conversation_id: int) -> Escalation | None:
    """The escalation of a conversation that is not over, as it is now; its conversation is to be locked."""
    wanted = select(Escalation).where(Escalation.conversation_id == conversation_id, _IS_OPEN)
    return session.scalars(wanted.execution_options(populate_existing=True)).first()


def due(session: Session, now: datetime, most: int) -> list[int]:
    """The escalations in which the next senior is to be asked, or whose senior has left."""
    wanted = select(Escalation.id).where(or_(Escalation.next_ask_at <= now, _IS_LEFT))
    return list(session.scalars(wanted.order_by(Escalation.next_ask_at, Escalation.id).limit(most)))


def is_left(session: Session, escalation_id: int) -> bool:
    """Whether the one who took it is no senior any more, or their account is closed."""
    return (
        session.scalars(select(Escalation.id).where(Escalation.id == escalation_id, _IS_LEFT)).first()
        is not None
    )


def asks_of(session: Session, escalation_id: int) -> list[Ask]:
    """Who was asked, in order."""
    wanted = select(EscalationAsk).where(EscalationAsk.escalation_id == escalation_id)
    rows = session.scalars(wanted.execution_options(populate_existing=True))
    asks = [Ask(row.senior_id, row.asked_at, row.declined_at) for row in rows]
    return sorted(asks, key=lambda ask: (ask.asked_at, ask.senior_id))


def senior_profiles(session: Session) -> list[SpecialistProfile]:
    """All seniors with an active account, by name."""
    rows = session.execute(
        SPECIALISTS.where(User.is_active, User.role == SENIOR).order_by(User.name, User.id)
    )
    return [profile_of(row) for row in rows]


def seniors(
    session: Session, now: datetime, settings: Settings, people: Sequence[SpecialistProfile]
) -> list[Senior]:
    """What decides who of these seniors is asked first."""
    today = local(now, settings.service_time_zone).date()
    ids = [person.user_id for person in people]
    there = standings(session, now, settings, people)
    away = not_there(session, {(user_id, today) for user_id in ids})
    monday = monday_of(now, settings)
    on_call, work = plan_of(session, [monday])[monday], _open_work(session, ids)
    return [
        Senior(
            user_id=person.user_id,
            name=person.name,
            is_in=there[person.user_id].presence.state is State.IN,
            is_away=(person.user_id, today) in away,
            is_on_call=person.user_id == on_call,
            open_work=work.get(person.user_id, 0),
        )
        for person in people
    ]


def _open_work(session: Session, ids: Sequence[int]) -> dict[int, int]:
    taken = select(Escalation.taken_by_id.label("senior_id")).where(_IS_OPEN, Escalation.taken_by_id.in_(ids))
    asked = (
        select(EscalationAsk.senior_id)
        .join(Escalation, Escalation.id == EscalationAsk.escalation_id)
        .where(
            _IS_OPEN,
            Escalation.taken_at.is_(None),
            EscalationAsk.declined_at.is_(None),
            EscalationAsk.senior_id.in_(ids),
        )
    )
    both = union_all(taken, asked).subquery()
    rows = session.execute(select(both.c.senior_id, func.count().label("total")).group_by(both.c.senior_id))
    return {row.senior_id: row.total for row in rows}


def _asks(session: Session, ids: Sequence[int]) -> dict[int, list[NamedAsk]]:
    found: dict[int, list[NamedAsk]] = {}
    if not ids:
        return found
    wanted = (
        select(EscalationAsk, User.name)
        .join(User, User.id == EscalationAsk.senior_id)
        .where(EscalationAsk.escalation_id.in_(ids))
        .order_by(EscalationAsk.asked_at, User.name)
        .execution_options(populate_existing=True)
    )
    for row, name in session.execute(wanted):
        named = NamedAsk(name, Ask(row.senior_id, row.asked_at, row.declined_at))
        found.setdefault(row.escalation_id, []).append(named)
    return found


def _escalation(row: Row[*tuple[Any, ...]], asks: Sequence[NamedAsk]) -> EscalationValue:
    values = dict(row._mapping)
    names = ("taken_by_id", "taker_public_id", "taker_name", "titles")
    user_id, public_id, name, titles = (values.pop(key) for key in names)
    values |= {key: values[key] or "" for key in ("contact_name", "asked_by")}
    values["cause"] = Cause(row.cause)
    taken_by = None if user_id is None else SeniorName(user_id, public_id, name, titles or {})
    return EscalationValue(**values, taken_by=taken_by, asks=tuple(asks))
