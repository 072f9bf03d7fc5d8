"""Syncing accounts: one now, all of a person, or all that are due."""

from collections.abc import Callable
from concurrent.futures import Future
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.calendars import queries, queries_accounts
from app.calendars.errors import CalendarTrouble, CredentialsRefused, NoCalendar, NotReached
from app.calendars.models import CalendarAccount
from app.calendars.queries import AccountRow
from app.calendars.syncing.jobs_look import Look
from app.calendars.syncing.jobs_pool import start_due as _start_due
from app.calendars.syncing.service_picture import renew_picture
from app.calendars.syncing.service_replica import apply_changes
from app.calendars.syncing.service_state import next_look_at, note_success, note_trouble
from app.config import Settings
from app.lib.db import write

_ATTEMPTS = 3


def sync_account(
    session: Session, settings: Settings, now: datetime, account_id: int, *, force: bool = False
) -> bool:
    """Bring the replica of one account in step with its server; whether anything in it changed.

    The network is used outside of transactions, and the replica changes in one. Refused credentials are
    not tried again before their pause is over, unless ``force``. Raises CalendarTrouble, written down in
    the account, when not every chosen calendar was completely read.
    """
    for _ in range(_ATTEMPTS):
        account = queries.account_row(session, account_id)
        session.rollback()
        if account is None or not account.calendars:
            _put_off(session, settings, now, account)
            raise NoCalendar("no_account" if account is None else "nothing_chosen")
        if account.state == CredentialsRefused.state and now < account.next_sync_at and not force:
            raise CredentialsRefused(account.state_detail)
        look = Look(session, settings, account, now)
        look.run()
        changed = write(session, *_outcome(settings, look))
        if look.trouble is not None:
            raise look.trouble
        if changed is not None:
            return changed
    raise NotReached("overtaken")


def sync_person(
    session: Session, settings: Settings, now: datetime, person_id: int, *, force: bool = False
) -> bool:
    """Bring all CalDAV accounts of a person in step; whether anything changed.

    Subscriptions count by their age. Every account is tried; raises the first CalendarTrouble then, and
    NoCalendar when there is no account, or nothing chosen in any.
    """
    changed, first, is_empty = False, None, True
    ids = queries_accounts.caldav_ids(session, person_id)
    session.rollback()
    for account_id in ids:
        try:
            changed = sync_account(session, settings, now, account_id, force=force) or changed
            is_empty = False
        except NoCalendar:
            continue
        except CalendarTrouble as trouble:
            first, is_empty = first or trouble, False
    if first is not None:
        raise first
    if is_empty:
        raise NoCalendar("nothing_chosen" if ids else "no_account")
    return changed


def _put_off(session: Session, settings: Settings, now: datetime, account: AccountRow | None) -> None:
    """An account with nothing chosen is not due again before the next interval."""
    if account is not None:
        values = {"next_sync_at": next_look_at(settings, account.kind, now), "claimed_until": None}
        statement = update(CalendarAccount).where(CalendarAccount.id == account.id).values(**values)
        write(session, [], lambda writer: writer.execute(statement))


def _outcome(settings: Settings, look: Look) -> tuple[list[int], Callable[[Session], bool | None]]:
    """Whom to lock and what to write: nothing but the account's own row when nothing is new."""
    account, changes, now = look.account, look.changes, look.now
    is_quiet = all(change.is_quiet for change in changes) and not look.has_stored

    def work(session: Session) -> bool | None:
        is_applied = is_quiet or apply_changes(session, account, changes)
        if look.has_stored:
            # Parts that were stored on the way left the picture as it was.
            renew_picture(session, account.person_id)
        if look.trouble is not None:
            note_trouble(session, account, now, look.trouble)
        elif is_applied:
            note_success(session, settings, account, now, look.addresses)
        else:
            return None
        return any(change.objects or change.removed for change in changes)

    return ([] if is_quiet else [account.person_id]), work


def sync_pass(session: Session, settings: Settings, now: datetime) -> None:
    """Claim the accounts that are due and sync each in a thread of its own; returns at once."""
    start_due(session, now)


def start_due(session: Session, now: datetime) -> list[Future[None]]:
    """Claim and start what is due; the futures are for those who want to wait."""
    return _start_due(session, now, sync_account)
