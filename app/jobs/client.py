"""Enqueueing durable work, in the same transaction as the change that needs it."""

from weakref import WeakKeyDictionary

from dbos import DBOS, DBOSClient
from sqlalchemy import Engine
from sqlalchemy.orm import Session

# One version for all: a worker of a newer release goes on with what an older one left.
APPLICATION_VERSION = "1"
APPLICATION_NAME = "attache"
QUEUE = "durable"
WORKFLOW = "durable"
SCHEMA = "dbos"

_clients: "WeakKeyDictionary[Engine, DBOSClient]" = WeakKeyDictionary()


def client_of(session: Session) -> DBOSClient:
    """The engine's client for the database of a session; it connects when it is first used."""
    engine = session.get_bind()
    assert isinstance(engine, Engine)
    client = _clients.get(engine)
    if client is None:
        client = DBOSClient(
            system_database_engine=engine,
            dbos_system_schema=SCHEMA,
            application_name=APPLICATION_NAME,
            lazy=True,
        )
        _clients[engine] = client
    return client


def enqueue(session: Session, handler: str, key: str, subject: int, *, order: str) -> None:
    """Enqueue ``handler`` for the row ``subject`` within the session's transaction.

    ``key`` names this piece of work for ever: a key that was used is silently ignored. Work of the same
    ``order`` is done one after the other, everything else side by side. Arguments are ids only, because
    the engine's tables are readable.
    """
    session.flush()
    client_of(session).enqueue_in_transaction(
        session,
        {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": key,
            "app_version": APPLICATION_VERSION,
            "queue_partition_key": order,
        },
        handler,
        subject,
    )


def live_keys(session: Session) -> set[str]:
    """The keys of all work that is waiting or under way."""
    found = client_of(session).list_workflows(
        status=["ENQUEUED", "DELAYED", "PENDING"], load_input=False, load_output=False
    )
    return {workflow.workflow_id for workflow in found}


def prepare_database(url: str) -> None:
    """Create or renew the engine's own tables beside ours; after our migrations, before any worker."""
    DBOS.migrate(url, schema=SCHEMA)
