"""Reading the audit log."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, or_, select, tuple_
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from app.accounts.auditing.entries import AuditFilter, AuditRow
from app.accounts.models import AuditEntry, User

_BATCH = 500


def newest(session: Session, asked: AuditFilter, before: int | None, limit: int) -> Sequence[AuditRow]:
    """Facts that fit, the newest first, those older than the fact ``before`` if it is given."""
    wanted = _newest_first(asked)
    if before is not None:
        at = session.scalar(select(AuditEntry.at).where(AuditEntry.id == before))
        if at is None:
            return []
        wanted = wanted.where(tuple_(AuditEntry.at, AuditEntry.id) < (at, before))
    return [AuditRow(*row) for row in session.execute(wanted.limit(limit))]


def every(connection: Connection, asked: AuditFilter) -> Iterator[AuditRow]:
    """All facts that fit, the newest first, read bit by bit."""
    rows = connection.execute(_newest_first(asked), execution_options={"yield_per": _BATCH})
    return (AuditRow(*row) for row in rows)


def following(session: Session, after: int, until: datetime, limit: int) -> Sequence[AuditRow]:
    """Facts with greater ids than ``after``, in order, up to the first that is not older than ``until``.

    Ids are not in the order of time: what stands behind such a one waits with it, or it would be passed over.
    """
    other = aliased(AuditEntry)
    young = select(func.min(other.id)).where(other.id > after, other.at >= until).scalar_subquery()
    wanted = _facts().where(AuditEntry.id > after, or_(young.is_(None), AuditEntry.id < young))
    return [AuditRow(*row) for row in session.execute(wanted.order_by(AuditEntry.id).limit(limit))]


def verbs(session: Session) -> list[str]:
    """Every verb that the log knows, by alphabet."""
    return _distinct(session, AuditEntry.verb)


def object_types(session: Session) -> list[str]:
    """Every type of object that the log knows, by alphabet."""
    return _distinct(session, AuditEntry.object_type)


def _distinct(session: Session, column: InstrumentedAttribute[str]) -> list[str]:
    # One step in the index for each value, where DISTINCT would read every row.
    steps = select(func.min(column).label("value")).cte(recursive=True)
    following_one = select(func.min(column)).where(column > steps.c.value).scalar_subquery()
    steps = steps.union_all(select(following_one).where(steps.c.value.is_not(None)))
    return list(session.scalars(select(steps.c.value).where(steps.c.value.is_not(None))))


def _facts() -> Select[Any]:
    return select(
        AuditEntry.id,
        AuditEntry.at,
        AuditEntry.actor,
        func.coalesce(User.name, ""),
        AuditEntry.verb,
        AuditEntry.object_type,
        AuditEntry.object_id,
        AuditEntry.client_address,
        AuditEntry.detail,
    ).outerjoin(User, User.id == AuditEntry.actor_id)


def _newest_first(asked: AuditFilter) -> Select[Any]:
    return _facts().where(*_conditions(asked)).order_by(AuditEntry.at.desc(), AuditEntry.id.desc())


def _conditions(asked: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if asked.person:
        named = or_(User.email == asked.person.lower(), User.name == asked.person)
        people = select(User.id).where(named)
        texts = {asked.person, asked.person.lower()}
        yield or_(AuditEntry.actor_id.in_(people), AuditEntry.actor.in_(texts))
    for column, text in (
        (AuditEntry.verb, asked.verb),
        (AuditEntry.object_type, asked.object_type),
        (AuditEntry.object_id, asked.object_id),
        (AuditEntry.client_address, asked.client_address),
    ):
        if text:
            yield column == text
    if asked.since:
        yield AuditEntry.at >= asked.since
    if asked.until:
        yield AuditEntry.at < asked.until
