"""Looking at a server that a person named: asked on a page, done by the worker, accepted on a page."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.accounts.errors import NotFound, TooMany
from app.accounts.service_limits import Use, count
from app.calendars.connecting.lookup_values import (
    Choices,
    LookupView,
    check_choices,
    discovery_from_json,
    to_be_made,
)
from app.calendars.connecting.service_answers import digest_of, end, open_secret, waiting_place
from app.calendars.connecting.service_making import settle_choices
from app.calendars.connecting.typed_address import BadAddress, read_address, read_file_address, user_names
from app.calendars.errors import CredentialsRefused, NoCalendar
from app.calendars.models import CalendarLookup
from app.calendars.service_accounts import connect, connect_subscription, own_account
from app.calendars.service_stores import open_password, place_of
from app.config import Settings
from app.jobs.client import enqueue
from app.lib.rates import LOOKUPS
from app.lib.sealed import seal
from app.lib.tokens import new_public_id
from app.lib.urls import origin_of

_LONGEST_SECRET = 500


class TooManyLookups(TooMany):
    """Somebody has looked at many servers within an hour (it would be a way to search a network)."""


def start_lookup(
    session: Session,
    now: datetime,
    settings: Settings,
    person_id: int,
    address: str,
    username: str,
    password: str,
) -> str:
    """Have the worker look for a calendar account; the public id of the look-up.

    ``address`` is a URL, a host or an e-mail address; without ``username`` the e-mail address is tried, then
    its local part. Raises TooManyLookups, and BadAddress for what cannot be asked at all.
    """
    typed = read_address(address, settings.caldav_allowed_origins)
    user_names(username, typed.email)
    if not 0 < len(password) <= _LONGEST_SECRET:
        raise BadAddress("password")
    row = _new_row(session, now, settings, person_id, "caldav", address.strip(), username.strip())
    return _ask(session, settings, row, password)


def look_again(session: Session, now: datetime, settings: Settings, person_id: int, account_id: int) -> str:
    """Have the worker look once more at an account, with its stored password; the look-up's public id.

    Raises NoCalendar when it is no CalDAV account of the person's, TooManyLookups, and CredentialsRefused
    when the stored password does not open or was refused: then only its owner can go on, by typing it.
    """
    account = own_account(session, person_id, account_id)
    if account.kind != "caldav":
        raise NoCalendar("no_account")
    if account.state == CredentialsRefused.state:
        raise CredentialsRefused(account.state_detail)
    password = open_password(settings, account)
    row = _new_row(session, now, settings, person_id, "caldav", account.url, account.username, account.url)
    row.account_id = account.id
    return _ask(session, settings, row, password)


def start_subscription_lookup(
    session: Session, now: datetime, settings: Settings, person_id: int, address: str
) -> str:
    """Have the worker look at a calendar file (https or webcal); the public id of the look-up.

    The address may be a secret: only its origin is kept in clear. Raises as start_lookup does.
    """
    whole = read_file_address(address, settings.caldav_allowed_origins)
    row = _new_row(session, now, settings, person_id, "subscription", origin_of(whole), digest_of(whole))
    return _ask(session, settings, row, whole)


def lookup_of(session: Session, person_id: int, public_id: str) -> LookupView | None:
    """A look-up for the person who asked, None when it is over, or somebody else's."""
    row = session.scalars(_mine(person_id, public_id)).one_or_none()
    if row is None:
        return None
    is_found = row.state == "found"
    return LookupView(
        public_id=row.public_id,
        kind=row.kind,
        state=row.state,
        reason=row.reason,
        address=row.address,
        url=row.url,
        username=row.username if row.kind == "caldav" else "",
        created_at=row.created_at,
        discovery=discovery_from_json(row.found) if is_found and row.kind == "caldav" else None,
        name=str(row.found.get("name", "")) if row.kind == "subscription" else "",
        event_count=int(row.found.get("event_count", 0)) if row.kind == "subscription" else 0,
        account_id=row.account_id,
        unmade=tuple(row.found.get("unmade", ())) if row.state == "failed" else (),
    )


def confirm_moved(session: Session, now: datetime, settings: Settings, person_id: int, public_id: str) -> str:
    """Go on at the other address that a server or a domain named; the public id of the new look-up.

    Confirming again gives the same one. Raises NotFound when there is nothing to confirm, TooManyLookups.
    """
    old = _taken(session, person_id, public_id, "caldav", "moved")
    if "next" in old.found:
        return str(old.found["next"])
    secret = open_secret(settings, old, *waiting_place(old))
    row = _new_row(session, now, settings, person_id, "caldav", old.address, old.username, old.url)
    row.account_id = old.account_id
    begun = _ask(session, settings, row, secret)
    old.sealed_secret, old.found = "", {"next": begun}
    return begun


def accept(
    session: Session, now: datetime, settings: Settings, person_id: int, public_id: str, choices: Choices
) -> int:
    """Connect the account that was found, as the person chose; its id. One looked at again is changed.

    Calendars that are to be made are made by the worker afterwards (the look-up's state is ``making``, then
    ``done``, or ``failed`` with the reason). Raises NotFound when nothing was found that could be accepted,
    BadChoice for choices that do not fit it.
    """
    row = _taken(session, person_id, public_id, "caldav", "found")
    discovery = discovery_from_json(row.found)
    check_choices(discovery, choices)
    password = open_secret(settings, row, *place_of(person_id, row.url, row.username))
    looked_at = None if row.account_id is None else own_account(session, person_id, row.account_id)
    if looked_at is not None:
        # It may have been changed since the look-up began.
        password = open_password(settings, looked_at)
    account = connect(
        session,
        now,
        settings,
        person_id,
        row.url,
        row.username,
        password,
        addresses=discovery.addresses,
        account_id=row.account_id,
    )
    settle_choices(session, account, discovery, choices)
    to_make = to_be_made(discovery, choices, row.public_id)
    end(row, now)
    if to_make:
        row.state, row.finished_at, row.account_id = "making", None, account.id
        row.found = {"make": to_make}
        enqueue(session, "lookup", f"lookup:{public_id}:make", row.id, order=f"lookup:{row.id}")
    session.flush()
    return account.id


def accept_subscription(
    session: Session, now: datetime, settings: Settings, person_id: int, public_id: str, name: str
) -> int:
    """Subscribe to the file that was found, as busy time; the account's id.

    Raises NotFound when no file was found.
    """
    row = _taken(session, person_id, public_id, "subscription", "found")
    address = open_secret(settings, row, *place_of(person_id, row.url, row.username))
    account = connect_subscription(
        session, now, settings, person_id, address, name or str(row.found.get("name", ""))
    )
    end(row, now)
    session.flush()
    return account.id


def use_of(person_id: int) -> Use:
    """What one look-up of somebody counts as."""
    return Use(LOOKUPS, f"person {person_id}")


def _new_row(
    session: Session,
    now: datetime,
    settings: Settings,
    person_id: int,
    kind: str,
    address: str,
    username: str,
    url: str = "",
) -> CalendarLookup:
    refusal = count(session, now, settings, [use_of(person_id)])
    if refusal is not None:
        raise TooManyLookups(refusal.until - now)
    row = CalendarLookup(public_id=new_public_id(), person_id=person_id, kind=kind, address=address, url=url)
    row.username, row.state, row.created_at = username, "waiting", now
    return row


def _ask(session: Session, settings: Settings, row: CalendarLookup, secret: str) -> str:
    row.sealed_secret = seal(settings.sealing_keys, secret, *waiting_place(row))
    session.add(row)
    session.flush()
    enqueue(session, "lookup", f"lookup:{row.public_id}", row.id, order=f"lookup:{row.id}")
    return row.public_id


def _mine(person_id: int, public_id: str) -> Any:
    return select(CalendarLookup).where(
        CalendarLookup.person_id == person_id, CalendarLookup.public_id == public_id
    )


def _taken(session: Session, person_id: int, public_id: str, kind: str, state: str) -> CalendarLookup:
    row: CalendarLookup | None = session.scalars(_mine(person_id, public_id)).one_or_none()
    if row is None or row.kind != kind or row.state != state:
        raise NotFound
    return row
