"""Counts wrong proofs; a window begins with the first one. Callers hold the write lock of what is counted."""

from datetime import datetime

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from app.accounts.errors import TooMany
from app.accounts.models_proofs import RateCount
from app.accounts.proofs.limits import Limit


def check(session: Session, now: datetime, limit: Limit, whose: str) -> None:
    """Nothing while the limit is not reached.

    Raises TooMany.
    """
    row = session.get(RateCount, _key(limit, whose), populate_existing=True)
    if row is not None and row.expires_at > now and row.count >= limit.amount:
        raise TooMany(row.expires_at - now)


def count(session: Session, now: datetime, limit: Limit, whose: str) -> None:
    """One more."""
    row = session.get(RateCount, _key(limit, whose), populate_existing=True)
    if row is None:
        row = RateCount(key=_key(limit, whose), count=0, expires_at=now)
        session.add(row)
    if row.expires_at <= now:
        row.count, row.expires_at = 0, now + limit.window
    row.count += 1
    session.flush()


def give_back(session: Session, limit: Limit, whose: str) -> None:
    """One less: it was right."""
    some = (RateCount.key == _key(limit, whose), RateCount.count > 0)
    session.execute(update(RateCount).where(*some).values(count=RateCount.count - 1))


def forget_old(session: Session, now: datetime) -> None:
    """Delete the counts whose window is over."""
    session.execute(delete(RateCount).where(RateCount.expires_at <= now))


def _key(limit: Limit, whose: str) -> str:
    return f"{limit.name}: {whose}"
