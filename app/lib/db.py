"""The database: base class, UTC column type, engines, the write lock and the shape of a transaction."""

import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import reduce
from typing import Any, TypeVar, TypeVarTuple

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    Connection,
    DateTime,
    Engine,
    MetaData,
    Result,
    String,
    cast,
    event,
    func,
    literal_column,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, registry
from sqlalchemy.sql.selectable import TypedReturnsRows
from sqlalchemy.types import TypeDecorator

from app.lib.errors import DomainError

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Utc(TypeDecorator[datetime]):
    """An aware moment in UTC; naive values are refused, because SQLite would drop the offset silently."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database: UTC, and on SQLite without the offset that it cannot keep."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive datetime {value!r} for a UTC column")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database: always aware, always UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all models."""

    registry = registry(metadata=MetaData(naming_convention=NAMING), type_annotation_map={datetime: Utc})


db = SQLAlchemy(model_class=Base)

Columns = TypeVarTuple("Columns")

_PRAGMAS = (
    "journal_mode=WAL",
    "busy_timeout=5000",
    "foreign_keys=ON",
    "synchronous=FULL",
    "secure_delete=ON",
)


class Busy(DomainError):
    """The database could not be written to in time; nothing happened, and trying again is right."""

    status = 503
    code = "busy"


def fetch(session: Session, statement: TypedReturnsRows[*Columns], **values: Any) -> Result[*Columns]:
    """Run a statement that was built once, with values for its bindparams, for columns alone.

    Building a select and sending it through the ORM costs six times what this does: it is for the reads
    that every page makes.
    """
    session.flush()
    return session.connection().execute(statement, values)


def snapshot() -> Connection:
    """A connection on which every read sees the database as it was at the first, and none of them a session.

    SQLite's transactions are so by themselves.
    """
    connection = db.engine.connect()
    if connection.dialect.name == "sqlite":
        return connection
    return connection.execution_options(isolation_level="REPEATABLE READ")


def in_one_text(*columns: Any) -> Any:
    """An aggregate of all rows' values of these columns, to tell whether any of them changed.

    In the order of the rows as the database happens to read them: it may change without need.
    """
    # A separator with a bindparam would be written into the statement anew each time.
    slash: Any = literal_column("'/'")
    told: list[Any] = [func.coalesce(cast(column, String), slash) for column in columns]
    return func.aggregate_strings(reduce(lambda left, right: left + slash + right, told), slash)


@contextmanager
def unique(table: str, column: str, taken: DomainError) -> Iterator[None]:
    """Whoever wrote the same value a moment earlier is told of by ``taken``, not by the database's error.

    The transaction is lost then, as with every error of the database.
    """
    try:
        yield
    except IntegrityError as error:
        # PostgreSQL names the constraint, SQLite the column.
        told = str(error.orig)
        if f"uq_{table}_{column}" in told or f"UNIQUE constraint failed: {table}.{column}" in told:
            raise taken from error
        raise


T = TypeVar("T")

_sqlite_writer = threading.Lock()

# Serialization failure and deadlock: PostgreSQL wants the whole transaction again.
_RETRYABLE = {"40001", "40P01"}


def prepare_engine(engine: Engine) -> None:
    """Give an SQLite engine what each of its connections needs; other engines are left as they are."""
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver's own BEGIN would start every transaction as a reader, and a reader that wants to write
    # fails at once when another has written meanwhile.
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Any) -> None:
    if connection.get_execution_options().get("attache_write", False):
        # What the driver raises when the lock cannot be had has to become SQLAlchemy's error.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        # This one takes no lock, and SQLAlchemy's way of sending a text costs as much as a small query.
        connection.connection.dbapi_connection.execute("BEGIN")


def engine_options(url: str) -> dict[str, Any]:
    """The options of SQLAlchemy's engine for a database address."""
    if url.startswith("sqlite"):
        options = {"timeout": 5, "check_same_thread": False}
        return {"connect_args": options, "pool_size": 40, "max_overflow": 0}
    settings = "-c statement_timeout=15000 -c lock_timeout=5000 -c timezone=UTC"
    return {
        "connect_args": {"options": settings, "connect_timeout": 5},
        "pool_size": 20,
        "max_overflow": 20,
        "pool_pre_ping": True,
    }


def write(session: Session, people: Sequence[int], work: Callable[[Session], T]) -> T:
    """Do ``work`` in one write transaction, begun with the write lock for these people, and commit it.

    SQLite: one writer at a time, by a lock in the process and ``BEGIN IMMEDIATE`` between processes.
    PostgreSQL: an advisory transaction lock a person, taken in id order, so that no two writers can wait
    for each other; what it asks to be tried again (40001, 40P01) is tried once more. Whatever the session
    has read before is given up first (SQLAlchemy would ignore the lock otherwise); unsaved work in it is
    a programming error. ``work`` never commits.

    Raises Busy when the lock cannot be had within five seconds; nothing is written then.
    """
    try:
        return _write_once(session, people, work)
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) not in _RETRYABLE:
            raise
    return _write_once(session, people, work)


def _write_once(session: Session, people: Sequence[int], work: Callable[[Session], T]) -> T:
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("unsaved work before the write lock")
    session.rollback()
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    if is_sqlite and not _sqlite_writer.acquire(timeout=5):
        raise Busy("another writer holds the database")
    try:
        _begin(session, is_sqlite, sorted(set(people)))
        result = work(session)
        session.commit()
        return result
    except BaseException:
        session.rollback()
        raise
    finally:
        if is_sqlite:
            _sqlite_writer.release()


def _begin(session: Session, is_sqlite: bool, people: Sequence[int]) -> None:
    try:
        if is_sqlite:
            session.connection(execution_options={"attache_write": True})
            return
        for person in people:
            session.execute(text("SELECT pg_advisory_xact_lock(1, :person)"), {"person": person})
    except OperationalError as error:
        raise Busy("the database is locked") from error
