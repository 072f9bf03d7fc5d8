"""Writing down what was changed, as before and after, and reading the log."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from app.accounts.auditing import queries
from app.accounts.auditing.changes import changed
from app.accounts.auditing.entries import AuditFilter, AuditRow, Log, as_line
from app.accounts.service import record
from app.accounts.values import SignedIn
from app.lib.db import snapshot

# Of facts that are written at the same time the later id may be committed first: who follows the log by ids
# would pass over the other. No transaction takes as long as this.
_SETTLED_AFTER = timedelta(seconds=30)


def record_change(
    session: Session,
    now: datetime,
    actor: SignedIn | str | None,
    verb: str,
    about: tuple[str, int | str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    **detail: Any,
) -> bool:
    """Add a fact that holds only what differs, as ``[before, after]`` by name; False when nothing does.

    ``about`` is the object's type and id; values are such as JSON has. Secrets do not belong here.
    """
    differences = changed(before, after)
    if differences:
        record(session, now, actor, verb, *about, changes=differences, **detail)
    return bool(differences)


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
