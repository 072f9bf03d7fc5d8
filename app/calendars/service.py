"""Calendars for the rest of the service: whose they are, the picture of somebody's time, what is where."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from app.calendars import queries, queries_accounts
from app.calendars.inviting.service import list_guests
from app.calendars.models import Calendar, CalendarAccount, CalendarObject
from app.calendars.server.hrefs import parent
from app.calendars.service_accounts import (
    change_password,
    connect,
    connect_subscription,
    read_now,
    remove_account,
    sync_soon,
)
from app.calendars.service_choice import choose, read_anew, rechoose
from app.calendars.service_stores import (
    CalendarStore,
    HoursStore,
    open_client,
    open_hours,
    open_password,
    open_store,
    place_of,
    seal_place,
)
from app.calendars.syncing.picture import place, uid_of, window_of
from app.calendars.syncing.service_picture import mend_picture
from app.calendars.syncing.service_replica import ObjectChange, forget_object, note_write, store_objects
from app.calendars.values import COLLECTION, AccountView, CalendarView, ObjectProblem, OwnSpan, Standing
from app.lib.intervals import Interval
from app.lib.packed import PackedIntervals, unpack

__all__ = [
    "CalendarStore",
    "HoursStore",
    "accounts_of",
    "change_password",
    "choose",
    "connect",
    "connect_subscription",
    "hours_objects",
    "list_guests",
    "nameless_objects",
    "objects_with_uid",
    "open_client",
    "open_hours",
    "open_password",
    "open_store",
    "picture",
    "place_of",
    "problems",
    "read_anew",
    "read_now",
    "rechoose",
    "remember",
    "remove_account",
    "seal_place",
    "sync_soon",
]


def picture(session: Session, person_id: int, span: Interval) -> CalendarView | None:
    """The person's time within ``span`` from the replica; None without an account. Two queries.

    All accounts count: the view is as old as the oldest of those with a chosen calendar, and in the state of
    the worst.
    """
    row = queries.view_row(session, person_id)
    if row is None:
        return None
    own = queries.own_spans(session, person_id, span) if row.covered else ()
    return _view(row, span, own)


def pictures(session: Session, people: Sequence[int], span: Interval) -> dict[int, CalendarView]:
    """The same of several people by id, without those who have no account; two queries in all."""
    rows = queries.view_rows(session, people)
    own = queries.own_spans_of(session, people, span)
    return {person_id: _view(row, span, own.get(person_id, ())) for person_id, row in rows.items()}


def _view(row: queries.ViewRow, span: Interval, own: tuple[OwnSpan, ...]) -> CalendarView:
    if row.covered is None:
        nothing = Interval(row.state_since, row.state_since)
        return CalendarView(None, row.state, row.state_since, PackedIntervals(b""), (), (), (), nothing)
    return CalendarView(
        as_of=row.in_step_at,
        state=row.state,
        since=row.state_since,
        busy=PackedIntervals(row.busy, span),
        working=tuple(unpack(row.working, span)),
        time_off=tuple(unpack(row.time_off, span)),
        own=own,
        covered=row.covered,
    )


def accounts_of(session: Session, person_id: int) -> list[AccountView]:
    """The person's accounts with their calendars, oldest first; two queries."""
    return queries_accounts.account_views(session, person_id)


def remember(
    session: Session,
    now: datetime,
    person_id: int,
    href: str,
    etag: str,
    text: str | None,
    *,
    account_id: int | None = None,
) -> None:
    """Write an object through to the replica right after it was written to the server (None: deleted).

    A property and kept hours are their own only object. ``account_id`` None: the first of the person's
    accounts with a calendar that the href lies in.
    """
    found = _place_in(session, person_id, href, account_id)
    if found is None:
        return
    account, row = found
    if text is None:
        touched = forget_object(session, row.id, href)
    else:
        window = row.expanded or window_of(now)
        placed = place(text, window, account.reader(row.purpose))
        change = ObjectChange(href, None, etag, text, uid_of(text), placed)
        touched = store_objects(session, person_id, row.id, [change])
    note_write(session, row.id)
    mend_picture(session, person_id, touched)


def _place_in(
    session: Session, person_id: int, href: str, account_id: int | None
) -> tuple[queries.AccountRow, queries.CalendarRow] | None:
    ids = queries.account_ids(session, person_id) if account_id is None else [account_id]
    for number in ids:
        account = queries.account_row(session, number)
        if account is None or account.person_id != person_id:
            continue
        for row in account.calendars:
            if row.href == (parent(href) if row.source == COLLECTION else href):
                return account, row
    return None


def _objects(person_id: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            CalendarAccount.id,
            Calendar.id,
            Calendar.href,
            Calendar.receives_bookings,
            CalendarObject.href,
            CalendarObject.etag,
            CalendarObject.text,
        )
        .join(Calendar, Calendar.account_id == CalendarAccount.id)
        .join(CalendarObject, CalendarObject.calendar_id == Calendar.id)
        .where(CalendarAccount.person_id == person_id)
        .order_by(Calendar.id, CalendarObject.href)
    )


def hours_objects(session: Session, person_id: int) -> dict[str, tuple[str, str]]:
    """Href to (ETag, text) of the objects in the person's working-hours calendar, by href.

    And of what the editor of hours wrote into busy calendars: time off that the hours cannot say.
    """
    is_ours = and_(Calendar.purpose == "busy", CalendarObject.uid.startswith("hours-", autoescape=True))
    rows = session.execute(_objects(person_id).where(or_(Calendar.purpose == "working_hours", is_ours)))
    return {href: (etag, text) for _, _, _, _, href, etag, text in rows}


def objects_with_uid(session: Session, person_id: int, uid: str) -> list[Standing]:
    """Where an event stands in the person's calendars, be it under another href or in another calendar."""
    return [Standing(*row) for row in session.execute(_objects(person_id).where(CalendarObject.uid == uid))]


def nameless_objects(session: Session, person_id: int, calendar_id: int | None, href: str) -> list[Standing]:
    """What stands at this place without any UID: an event that was made unreadable."""
    place = (Calendar.id == calendar_id, CalendarObject.href == href, CalendarObject.uid == "")
    return [Standing(*row) for row in session.execute(_objects(person_id).where(*place))]


def problems(session: Session, person_id: int) -> list[ObjectProblem]:
    """Objects that could not be read wholly, for their owner alone."""
    return queries_accounts.object_problems(session, person_id)
