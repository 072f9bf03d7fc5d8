"""A request that is open again by a message wants its senior back."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.desk.escalations.models import Escalation
from app.desk.escalations.values import Cause
from app.desk.requests.values import CALL_SENIOR


def want_again(session: Session, now: datetime, conversation_id: int, severity: int) -> None:
    """Severities 1 and 2 want a senior: the worker's next pass asks. Needs the conversation's lock."""
    is_wanted = select(Escalation.id).where(
        Escalation.conversation_id == conversation_id, Escalation.ended_at.is_(None)
    )
    if severity in CALL_SENIOR and session.scalars(is_wanted).first() is None:
        times = dict.fromkeys(("asked_at", "round_at", "next_ask_at"), now)
        session.add(Escalation(conversation_id=conversation_id, cause=Cause.SEVERITY, **times))
        session.flush()
