"""Reading the audit log."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.accounts.auditing import queries
from app.accounts.auditing.entries import AuditFilter, AuditRow, Log, as_line
from app.lib.db import snapshot

# Of facts that are written at the same time the later id may be committed first: who follows the log by ids
# would pass over the other. No transaction takes as long as this.
_SETTLED_AFTER = timedelta(seconds=30)


def look(session: Session, asked: AuditFilter, before: int | None, limit: int) -> Log:
    """Facts that fit, the newest first, those older than the fact ``before`` if it is given."""
    rows = queries.newest(session, asked, before, limit)
    return Log(rows, queries.verbs(session), queries.object_types(session))


def follow(session: Session, now: datetime, after: int, limit: int) -> Sequence[AuditRow]:
    """Facts after the one with this id, in order of ids; the last half minute is not told yet."""
    return queries.following(session, after, now - _SETTLED_AFTER, limit)


def lines(asked: AuditFilter) -> Iterator[str]:
    """All facts that fit as lines of JSON, the newest first, as the log is when the first is read."""
    with snapshot() as connection:
        for row in queries.every(connection, asked):
            yield as_line(row)
