"""What was written down lately about something."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.accounts.models import AuditEntry, User
from app.accounts.values import AuditFact


def latest_facts(session: Session, object_type: str, object_id: int, limit: int = 10) -> list[AuditFact]:
    """The last facts about an object but for who looked at it, oldest first, with the names of today."""
    rows = session.execute(
        select(AuditEntry.at, func.coalesce(User.name, AuditEntry.actor), AuditEntry.verb, AuditEntry.detail)
        .outerjoin(User, User.id == AuditEntry.actor_id)
        .where(AuditEntry.object_type == object_type, AuditEntry.object_id == str(object_id))
        .where(AuditEntry.verb.not_like("viewed %"))
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [AuditFact(*row) for row in reversed(rows.all())]
