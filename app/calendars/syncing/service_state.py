"""The state of an account: in step, or in trouble since when and why."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, bindparam, update
from sqlalchemy.orm import Session

from app.calendars.errors import CalendarTrouble, CredentialsRefused
from app.calendars.models import CalendarAccount
from app.calendars.queries import AccountRow
from app.config import Settings

_ACCOUNTS: Table = CalendarAccount.metadata.tables["calendar_account"]
_FIRST_PAUSE = timedelta(seconds=5)
_LONGEST_PAUSE = timedelta(seconds=60)
# Wrong credentials tried again and again lock accounts; a new password starts the sync at once.
_REFUSED_PAUSE = timedelta(hours=1)


# Built once: it is all that most looks write.
_IN_STEP = (
    update(_ACCOUNTS)
    .where(_ACCOUNTS.c.id == bindparam("account_id"))
    .values(in_step_at=bindparam("in_step_at"), next_sync_at=bindparam("next_sync_at"), claimed_until=None)
)


def next_look_at(settings: Settings, kind: str, now: datetime) -> datetime:
    """When an account of that kind is due again: a little early, so that news shows within the interval."""
    interval = settings.subscription_interval if kind == "subscription" else settings.sync_interval
    return now + interval * 0.9


def note_success(
    session: Session,
    settings: Settings,
    account: AccountRow,
    now: datetime,
    addresses: tuple[str, ...] | None = None,
) -> None:
    """All chosen calendars were read completely in a look that began at ``now``.

    ``addresses`` are the owner's as the server told them, None when it was not asked.
    """
    values: dict[str, Any] = {}
    if account.state != "ok":
        values |= {"state": "ok", "state_detail": "", "state_since": now}
    if account.failures:
        values["failures"] = 0
    if addresses is not None:
        values["addresses"] = list(addresses)
    if values:
        session.execute(update(CalendarAccount).where(CalendarAccount.id == account.id).values(**values))
    moments = {"in_step_at": now, "next_sync_at": next_look_at(settings, account.kind, now)}
    session.connection().execute(_IN_STEP, {"account_id": account.id, **moments})


def note_trouble(session: Session, account: AccountRow, now: datetime, trouble: CalendarTrouble) -> None:
    """A look failed: since when, why, and when to try again (5 s doubling up to a minute)."""
    pause = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2 ** min(account.failures, 6))
    if isinstance(trouble, CredentialsRefused):
        pause = _REFUSED_PAUSE
    if trouble.retry_after is not None:
        pause = max(pause, trouble.retry_after)
    values: dict[str, Any] = {
        "next_sync_at": now + pause,
        "claimed_until": None,
        "failures": account.failures + 1,
    }
    detail = trouble.reason[:500]
    if account.state != trouble.state:
        values["state_since"] = now
    if (account.state, account.state_detail) != (trouble.state, detail):
        values |= {"state": trouble.state, "state_detail": detail}
    session.execute(update(CalendarAccount).where(CalendarAccount.id == account.id).values(**values))
