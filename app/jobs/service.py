"""Heartbeats of workers and the tidying of finished work."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.jobs.client import client_of
from app.jobs.models import Heartbeat

DEAD_AFTER = timedelta(seconds=60)
KEEP_FINISHED = timedelta(days=7)


def beat(session: Session, now: datetime, executor_id: str) -> None:
    """Write down that a worker is alive."""
    row = session.get(Heartbeat, executor_id)
    if row is None:
        session.add(Heartbeat(executor_id=executor_id, seen_at=now))
    else:
        row.seen_at = now


def last_heartbeat(session: Session) -> datetime | None:
    """When any worker was last alive."""
    return session.scalars(select(Heartbeat.seen_at).order_by(Heartbeat.seen_at.desc()).limit(1)).first()


def dead_executors(session: Session, now: datetime) -> list[str]:
    """Workers not heard of for a minute, whose work another one must take over."""
    stale = select(Heartbeat.executor_id).where(Heartbeat.seen_at < now - DEAD_AFTER)
    return list(session.scalars(stale))


def forget_finished(session: Session, now: datetime) -> None:
    """Delete the engine's rows of work that was finished over seven days ago."""
    engine = client_of(session)
    before = (now - KEEP_FINISHED).isoformat()
    finished = engine.list_workflows(
        status=["SUCCESS", "CANCELLED"], end_time=before, limit=500, load_input=False, load_output=False
    )
    if finished:
        engine.delete_workflows([workflow.workflow_id for workflow in finished])
