"""What was written down lately about something."""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select, union_all
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.accounts.values import AuditFact

_LATEST = 10


def latest_facts(
    session: Session, object_type: str, object_id: int, beside: tuple[str, Select[str]] | None = None
) -> list[AuditFact]:
    """The last facts about an object but for who looked at it, oldest first, with the names of today.

    ``beside`` are others whose facts belong to it: their type, and a query of their ids.
    """
    wanted = [_newest(object_type, AuditEntry.object_id == str(object_id))]
    if beside is not None:
        wanted.append(_newest(beside[0], AuditEntry.object_id.in_(beside[1])))
    rows = session.execute(
        select(AuditEntry.at, func.coalesce(User.name, AuditEntry.actor), AuditEntry.verb, AuditEntry.detail)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.id.in_(union_all(*wanted)))
        .order_by(AuditEntry.id.desc())
        .limit(_LATEST)
    )
    return [AuditFact(*row) for row in reversed(rows.all())]


def _newest(object_type: str, is_meant: ColumnElement[bool]) -> Select[Any]:
    wanted = select(AuditEntry.id).where(AuditEntry.object_type == object_type, is_meant)
    without_looks = wanted.where(AuditEntry.verb.not_like("viewed %"))
    # Each asks the index of its own objects; and SQLite takes an order in parts of a union only like this.
    return select(without_looks.order_by(AuditEntry.id.desc()).limit(_LATEST).subquery().c.id)
