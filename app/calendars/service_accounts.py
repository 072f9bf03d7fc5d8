"""Calendar accounts: connecting them, changing their password, and letting go of them."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from app.calendars.errors import CredentialsRefused, NoCalendar
from app.calendars.models import Calendar, CalendarAccount
from app.calendars.service_stores import place_of, seal_place
from app.calendars.syncing.service_picture import renew_picture
from app.calendars.values import FILE, FILE_HREF
from app.config import Settings
from app.lib.sealed import seal
from app.lib.urls import origin_of

_DIGEST = 16
_BETWEEN_READS = timedelta(seconds=10)


def connect(
    session: Session,
    now: datetime,
    settings: Settings,
    person_id: int,
    url: str,
    username: str,
    password: str,
    *,
    name: str = "",
    addresses: Sequence[str] | None = None,
    account_id: int | None = None,
) -> CalendarAccount:
    """Store an account of the person's, its password sealed; the sync begins at once.

    The same server and user name is the same account: its address and password are replaced, its calendars
    stay chosen; ``account_id`` is one that has moved to this address. ``addresses`` are the owner's by the
    server's word, None when nobody asked it. Raises ValueError for a bad address.
    """
    place = place_of(person_id, url, username)
    mine = list(_accounts(session, person_id))
    account = next((row for row in mine if seal_place(row) == place), None)
    account = account or next((row for row in mine if row.id == account_id), None)
    if account is None:
        account = CalendarAccount(person_id=person_id, state_since=now, state="unreachable", addresses=[])
        session.add(account)
    account.kind, account.url, account.username = "caldav", url, username
    account.name = name[:200] or account.name or ""
    if addresses is not None:
        account.addresses = sorted({address.lower() for address in addresses})
    _take_secret(account, now, settings, password)
    session.flush()
    return account


def connect_subscription(
    session: Session, now: datetime, settings: Settings, person_id: int, address: str, name: str
) -> CalendarAccount:
    """Store a calendar file by its https address, which is sealed whole: it may be a secret.

    It counts as busy from its first sync on. Raises ValueError for a bad address.
    """
    username = hashlib.sha256(address.encode()).hexdigest()[:_DIGEST]
    url = origin_of(address)
    place = place_of(person_id, url, username)
    account = next((row for row in _accounts(session, person_id) if seal_place(row) == place), None)
    if account is None:
        account = CalendarAccount(person_id=person_id, state_since=now, state="unreachable", addresses=[])
        account.kind, account.url, account.username = "subscription", url, username
        account.calendars.append(Calendar(href=FILE_HREF, source=FILE, purpose="busy", name=name[:200]))
        session.add(account)
    account.name = name[:200] or account.name or ""
    _take_secret(account, now, settings, address)
    session.flush()
    renew_picture(session, person_id)
    return account


def _take_secret(account: CalendarAccount, now: datetime, settings: Settings, secret: str) -> None:
    account.sealed_password = seal(settings.sealing_keys, secret, *seal_place(account))
    account.next_sync_at, account.claimed_until, account.failures = now, None, 0
    if account.state not in {"ok", "missing"}:
        account.state, account.state_detail = "unreachable", ""


def change_password(
    session: Session, now: datetime, settings: Settings, person_id: int, account_id: int, password: str
) -> None:
    """Store a new password; it is tried at once. A subscription's secret is its address: connect it anew.

    Raises NoCalendar when it is no CalDAV account of the person's.
    """
    account = own_account(session, person_id, account_id)
    if account.kind != "caldav":
        raise NoCalendar("no_account")
    _take_secret(account, now, settings, password)
    session.flush()


def remove_account(session: Session, now: datetime, person_id: int, account_id: int) -> None:
    """Forget an account with all that was read from it; what it holds on its server stays there.

    Bookings keep their event's place as text alone. Raises NoCalendar when the account is not the person's.
    """
    account = own_account(session, person_id, account_id)
    session.execute(delete(CalendarAccount).where(CalendarAccount.id == account.id))
    session.expire_all()
    renew_picture(session, person_id)


def read_now(session: Session, now: datetime, person_id: int, account_id: int) -> None:
    """Have an account of the person's read at once, at most every ten seconds.

    Raises CredentialsRefused when its server has refused the password: another attempt could lock the
    account there, so a new password comes first. Raises NoCalendar when the account is not the person's.
    """
    account = own_account(session, person_id, account_id)
    if account.state == CredentialsRefused.state and account.kind == "caldav":
        raise CredentialsRefused(account.state_detail)
    if account.asked_at is None or now - account.asked_at >= _BETWEEN_READS:
        account.asked_at = now
        session.flush()
        sync_soon(session, now, account.id)


def sync_soon(session: Session, now: datetime, *account_ids: int) -> None:
    """Let the next pass take the accounts up, whatever pause they had."""
    session.execute(
        update(CalendarAccount)
        .where(CalendarAccount.id.in_(account_ids), CalendarAccount.next_sync_at > now)
        .values(next_sync_at=now)
    )


def _accounts(session: Session, person_id: int) -> Iterable[CalendarAccount]:
    return session.scalars(
        select(CalendarAccount).where(CalendarAccount.person_id == person_id).order_by(CalendarAccount.id)
    )


def own_account(session: Session, person_id: int, account_id: int) -> CalendarAccount:
    """An account of the person's. Raises NoCalendar when it is not theirs."""
    account = session.get(CalendarAccount, account_id)
    if account is None or account.person_id != person_id:
        raise NoCalendar("no_account")
    return account
