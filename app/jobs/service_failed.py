"""Durable work that ended in an error, which the engine does not try again by itself."""

from datetime import UTC, datetime

from sqlalchemy.orm import Session

from app.jobs.client import QUEUE, client_of
from app.jobs.values import FailedWork

_FAILED = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


def failed_work(session: Session, limit: int) -> list[FailedWork]:
    """The newest work that failed."""
    found = client_of(session).list_workflows(status=_FAILED, limit=limit, sort_desc=True)
    return [
        FailedWork(
            key=item.workflow_id,
            handler=str(item.input["args"][0]) if item.input and item.input.get("args") else "",
            said=f"{type(item.error).__name__}: {item.error}"[:300] if item.error else "",
            since=datetime.fromtimestamp((item.updated_at or item.created_at or 0) / 1000, UTC),
        )
        for item in found
    ]


def retry_work(session: Session, key: str) -> bool:
    """Begin failed work anew; whether there is such work. On a connection of the engine's own."""
    client = client_of(session)
    found = client.list_workflows(workflow_ids=[key], status=_FAILED, load_input=False, load_output=False)
    for item in found:
        client.rewind_workflow(key, queue_name=QUEUE, queue_partition_key=item.queue_partition_key)
    return bool(found)
